"""Ways over the network: by hand, and ten published rail lengths chosen beforehand."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from metres import ANALYSIS_CRS
from shapely import LineString

from geo.analysis.access.network import attach, build_network, distances, rail_speeds, route
from geo.errors import InputError
from geo.layers import read

PUBLISHED = pd.read_csv(Path(__file__).parents[2] / "golden" / "rail_lengths.csv")


def lines(*shapes, **columns):
    made = [LineString(np.array(xy) * 1e3) for xy in shapes]
    return gpd.GeoDataFrame(columns, geometry=made, crs=ANALYSIS_CRS)


@pytest.fixture(scope="module")
def rail():
    edges = read("rail_network", crs="analysis")
    classes = rail_speeds(edges, read("rail_lines", crs="analysis"))
    built = build_network(edges, speed_kmh=classes.speed_kmh)
    return attach(built, read("stations", crs="analysis"))


def test_a_square_with_a_diagonal():
    square = lines([(0, 0), (1, 0)], [(1, 0), (1, 1)], [(1, 1), (0, 1)], [(0, 1), (0, 0)],
                   [(0, 0), (1, 1)])  # fmt: skip
    found = build_network(square, speed_kmh=60)
    at = {tuple(xy / 1e3): node for node, xy in enumerate(found.nodes)}
    ends = pd.Series([at[0.0, 0.0], at[1.0, 1.0], at[1.0, 0.0]], index=["sw", "ne", "se"])
    km = distances(found, ends, ends)
    assert km.loc["sw", "ne"] == pytest.approx(np.sqrt(2))
    assert km.loc["ne", "se"] == 1.0
    assert (km.to_numpy() == km.T.to_numpy()).all()
    minutes = distances(found, ends, ends, by="minutes")
    assert minutes.loc["sw", "ne"] == pytest.approx(np.sqrt(2))


def test_parallel_edges_take_the_shorter_and_lengths_come_from_the_column():
    two = lines([(0, 0), (1, 0)], [(0, 0), (0.5, 0.9), (1, 0)], length_km=[5.0, 3.0])
    found = build_network(two)
    ends = pd.Series([0, 1])
    assert distances(found, ends, ends).loc[0, 1] == 3.0
    way = route(found, 0, 1)
    assert way.length_km == 3.0
    assert len(way.geometry.coords) == 3


def test_no_way_and_no_speeds_are_said():
    found = build_network(lines([(-1, 0), (1, 0)], [(0, -1), (0, 1)]))
    with pytest.raises(InputError, match="no way leads from node"):
        route(found, 0, 1 if found.component[1] != found.component[0] else 2)
    slow = build_network(lines([(0, 0), (1, 0)]))
    with pytest.raises(InputError, match="has no speeds"):
        distances(slow, pd.Series([0]), pd.Series([1]), by="minutes")


def test_ten_published_rail_lengths_each_deviation_over_three_per_cent_explained(rail):
    """golden/rail_lengths.csv: chosen before they were measured."""
    network, stops = rail
    assert len(PUBLISHED) == 10
    km = distances(network, stops.node, stops.node)
    for row in PUBLISHED.itertuples():
        deviation = km.loc[row.origin, row.destination] / row.published_km - 1
        explained = isinstance(row.explanation, str)
        assert abs(deviation) < 0.08, (row.origin, row.destination, deviation)
        assert explained == (abs(deviation) > 0.03), (row.origin, row.destination, deviation)


def test_the_page_prints_what_the_graph_gives(rail):
    """docs/network.md: every pair, its deviation, and a reason where that is over 3 %."""
    network, stops = rail
    km = distances(network, stops.node, stops.node)
    text = (Path(__file__).parents[3] / "docs" / "network.md").read_text(encoding="utf-8")
    printed = [
        [cell.strip() for cell in line.strip("|\n").split("|")]
        for line in text.replace("−", "-").splitlines()
        if line.startswith("| ") and line.count("|") == 8
    ][1:]
    assert len(printed) == len(PUBLISHED)
    for row, (_, published, graph, off, fastest, minutes, why) in zip(
        PUBLISHED.itertuples(), printed, strict=True
    ):
        found = km.loc[row.origin, row.destination]
        ends = (int(stops.node[row.origin]), int(stops.node[row.destination]))
        way = route(network, *ends, by="minutes")
        assert float(published) == row.published_km
        assert float(graph) == pytest.approx(found, abs=0.051)
        assert float(off.strip("%")) == pytest.approx(
            (found / row.published_km - 1) * 100, abs=0.051
        )
        assert float(fastest) == pytest.approx(way.length_km, abs=0.051)
        assert float(minutes) == pytest.approx(way.minutes, abs=0.51)
        assert bool(why) == (abs(found / row.published_km - 1) > 0.03)


def test_a_route_is_as_long_as_the_distance_says(rail):
    network, stops = rail
    one, other = int(stops.node["hsr-beijing-west"]), int(stops.node["hsr-shijiazhuang"])
    way = route(network, one, other, by="minutes")
    km = distances(network, stops.node, stops.node)
    minutes = distances(network, stops.node, stops.node, by="minutes")
    pair = ("hsr-beijing-west", "hsr-shijiazhuang")
    assert way.minutes == pytest.approx(minutes.loc[pair])
    assert way.length_km >= km.loc[pair]
    start = shapely.Point(way.geometry.coords[0])
    assert start.distance(shapely.Point(network.nodes[one])) < 1.0
    assert 60 < way.minutes < 110


def test_high_speed_lines_are_faster():
    rails = lines([(0, 0), (9, 0)], [(0, 0), (0, 9)])
    fast = lines([(0, 1), (9, 1)], design_speed_kmh=[300])
    found = rail_speeds(rails, fast)
    assert found.rail_class.tolist() == ["high_speed", "rail"]
    assert found.speed_kmh.tolist() == [225.0, 80.0]
