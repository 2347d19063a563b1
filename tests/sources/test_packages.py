"""Readers of the data packages: a file that is not the registered one is refused."""

import dataclasses
import hashlib
import sys
from importlib import metadata

import numpy as np
import pytest

from geo.errors import InputError, MissingExtraError
from geo.sources import packages
from geo.sources.registry import Source, source


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Make up an installed package whose files the test writes."""

    class Distribution:
        def locate_file(self, path):
            return tmp_path / path

    monkeypatch.setattr(metadata, "distribution", lambda _: Distribution())

    def made(name, content):
        (tmp_path / name).write_bytes(content)
        return Source(
            source_id="made-up",
            title="",
            publisher="",
            licence="",
            attribution="",
            vintage="",
            datum="wgs84",
            package="made-up",
            version="1",
            path=name,
            sha256=hashlib.sha256(content).hexdigest(),
        )

    return made


def test_a_package_that_is_not_installed_names_the_extra():
    absent = dataclasses.replace(source("geonames"), package="no-such-package-of-ours")
    with pytest.raises(MissingExtraError, match=r"no-such-package-of-ours is needed.*\[sources\]"):
        packages.source_path(absent)


def test_a_file_with_another_hash_is_refused(package, tmp_path):
    origin = package("a.txt", b"one")
    assert packages.source_path(origin).read_bytes() == b"one"
    (tmp_path / "a.txt").write_bytes(b"two")
    with pytest.raises(InputError, match=r"made-up: a\.txt is not version 1 \(3fc4ccfe7458"):
        packages.source_path(origin)


def test_a_file_missing_from_its_package_is_one_clear_error(package, tmp_path):
    origin = package("a.txt", b"one")
    (tmp_path / "a.txt").unlink()
    with pytest.raises(InputError, match=r"made-up: a\.txt is missing from the installed package"):
        packages.source_path(origin)


GRAPH = b"""graph=[{1: 2.5, 0: 0}, {0: 2.4, 2: 1.0}, {1: 1.0, 3: 9.0}, {2: 9.0}]
nodes=[[39.0, 116.0], [39.0, 116.1], [39.0, 116.2], [50.0, 116.3]]
"""


def test_read_graph_keeps_the_shorter_edge_between_nodes_in_the_box(package, monkeypatch):
    origin = package("graph.py", GRAPH)
    monkeypatch.setattr(packages, "source", lambda _: origin)
    nodes, edges = packages.read_graph("made-up", (115.0, 38.0, 117.0, 40.0))
    assert edges.to_dict("list") == {
        "from_node": [0, 1],
        "to_node": [1, 2],
        "length_km": [2.4, 1.0],
    }
    assert nodes.to_dict("index") == {
        0: {"lon": 116.0, "lat": 39.0},
        1: {"lon": 116.1, "lat": 39.0},
        2: {"lon": 116.2, "lat": 39.0},
    }


def test_read_graph_of_an_empty_box_is_empty(package, monkeypatch):
    origin = package("graph.py", GRAPH)
    monkeypatch.setattr(packages, "source", lambda _: origin)
    nodes, edges = packages.read_graph("made-up", (0.0, 0.0, 1.0, 1.0))
    assert len(nodes) == len(edges) == 0
    assert list(edges.columns) == ["from_node", "to_node", "length_km"]


@pytest.mark.sources
def test_divisions_are_those_of_2024(data_packages):
    frame = packages.read_divisions("tianditu-counties")
    own = frame[frame.adcode.str[:2].isin(["11", "12", "13"])]
    assert len(own) == 199
    assert own.adcode.is_unique
    assert frame.adcode.str.fullmatch(r"\d{6}").mean() > 0.99


@pytest.mark.sources
def test_altitude_is_a_byte_grid_of_the_world(data_packages):
    grid = packages.read_altitude()
    assert (grid.shape, grid.dtype) == ((2160, 4320), np.dtype("uint8"))
    everest = grid[int((90 - 27.99) * 12), int((86.93 + 180) * 12)]
    assert int(everest) * 28 - 450 > 5000


@pytest.mark.sources
def test_towns_are_in_the_box_and_in_order(data_packages):
    frame = packages.read_towns((116.0, 39.0, 117.0, 40.0))
    assert frame.lon.between(116, 117).all()
    assert frame.lat.between(39, 40).all()
    assert frame.geonameid.is_monotonic_increasing
    assert "Beijing" in frame.name.tolist()


def test_what_reads_the_altitude_may_be_missing_too(package, monkeypatch):
    made = dataclasses.replace(package("a.h5", b"x"), extra="sources")
    monkeypatch.setattr(packages, "source", lambda _: made)
    monkeypatch.setitem(sys.modules, "h5py", None)
    with pytest.raises(MissingExtraError, match=r"h5py is needed .*jingjinji\[sources\]"):
        packages.read_altitude()
