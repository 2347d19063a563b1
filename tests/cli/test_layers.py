"""jjj layers."""

import json
import os

import pyogrio
import pytest

from geo.layers import catalogue, ids


def test_list_names_every_layer_and_table(jjj):
    out = jjj("layers", "list").out
    rows = [line.split("\t")[0] for line in out.splitlines()]
    assert rows[: len(ids())] == sorted(ids())
    assert set(catalogue()["tables"]) <= set(rows[len(ids()) :])
    assert jjj("layers", "list", "--plain").out.split() == sorted(ids())


def test_info_states_sources_hash_and_caveat(jjj):
    found = json.loads(jjj("layers", "info", "xiongan").out)
    assert len(found["sha256"]) == 64
    assert found["sources"][0]["attribution"].startswith("Boundaries")
    assert "Maozhou" in found["caveat"]["en"]


def test_export_to_a_pipe_and_to_files(jjj, tmp_path):
    found = json.loads(jjj("layers", "export", "provinces").out)
    assert [one["properties"]["adcode"] for one in found["features"]] == [
        "110000",
        "120000",
        "130000",
    ]
    assert found["provenance"]["layer"] == "provinces"
    assert jjj("layers", "export", "terrain", "-o", "t.tif").code == 0
    assert (tmp_path / "t.tif").read_bytes()[:2] in (b"II", b"MM")


def test_export_refuses_to_replace(jjj, tmp_path):
    (tmp_path / "a.csv").write_text("mine")
    ran = jjj("layers", "export", "provinces", "-o", "a.csv")
    assert ran.code == 1
    assert "a.csv: exists already" in ran.line
    assert (tmp_path / "a.csv").read_text() == "mine"
    assert jjj("layers", "export", "provinces", "-o", "a.csv", "--overwrite").code == 0


@pytest.mark.parametrize(
    "words", [("export", "countis"), ("info", "countis"), ("build", "countis")]
)
def test_unknown_ids_name_the_nearest(jjj, words):
    ran = jjj("layers", *words)
    assert ran.code == 1
    assert "unknown layer 'countis'; nearest: counties" in ran.line


def test_a_wrong_suffix_is_one_line(jjj, tmp_path):
    ran = jjj("layers", "export", "counties", "-o", "counties.dwg")
    assert ran.code == 1
    assert "counties.dwg: no format for this suffix" in ran.line
    assert ".shp" in ran.line
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("target", ["t.geojson", "t.csv", "t", "t.shp", "t.jp2"])
def test_a_raster_is_a_tif_or_goes_to_a_pipe(jjj, tmp_path, target):
    ran = jjj("layers", "export", "terrain", "-o", target)
    assert ran.code == 1
    assert f"{target}: terrain is a raster, which is written as .tif" in ran.line
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("target", ["x.tif", "x.TIFF"])
def test_a_layer_of_shapes_is_no_raster(jjj, tmp_path, target):
    ran = jjj("layers", "export", "counties", "-o", target)
    assert ran.code == 1
    assert f"{target}: counties has no raster; .tif is for terrain" in ran.line
    assert list(tmp_path.iterdir()) == []


def test_a_shapefile_in_gbk(jjj, tmp_path):
    words = ("layers", "export", "provinces", "-o", "p.shp", "--output-encoding", "gbk")
    assert jjj(*words).code == 0
    assert (tmp_path / "p.cpg").read_text() == "GBK"
    assert pyogrio.read_dataframe(tmp_path / "p.shp")["name_zh"][0] == "北京市"
    ran = jjj(*words)
    assert ran.code == 1
    assert "exists already; --overwrite" in ran.line
    ran = jjj("layers", "export", "provinces", "-o", "p.xlsx", "--output-encoding", "GBK")
    assert ran.code == 1
    assert "p.xlsx: only .csv and .shp are written in GBK" in ran.line


def test_check_holds_for_the_shipped_layers(jjj):
    ran = jjj("layers", "check")
    assert ran.code == 0
    assert "BAD" not in ran.out
    assert "16 + 16 + 167" in ran.out
    assert "218 km² are missing" in ran.out


def test_optional_layers_are_listed_and_say_how_they_are_built(jjj, tmp_path):
    env = {**os.environ, "XDG_CACHE_HOME": str(tmp_path)}
    last = jjj("layers", "list", env=env).out.splitlines()[-1].split("\t")
    assert last[0] == "counties_detailed"
    assert last[2] == "not built"
    assert "learning and exchange only" in last[3]
    for words in (("info",), ("export",)):
        ran = jjj("layers", *words, "counties_detailed", env=env)
        assert ran.code == 1
        assert "then jjj layers build counties_detailed" in ran.line
