"""The network: hand-made graphs, gaps, and ten published rail lengths chosen beforehand."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely import LineString, Point

from geo.analysis import network as nw
from geo.analysis.speeds import rail_speeds
from geo.crs import ANALYSIS_CRS
from geo.errors import CRSError, InputError
from geo.layers import read

PUBLISHED = pd.read_csv(Path(__file__).parents[1] / "golden" / "rail_lengths.csv")


def lines(*shapes, **columns):
    made = [LineString(np.array(xy) * 1e3) for xy in shapes]
    return gpd.GeoDataFrame(columns, geometry=made, crs=ANALYSIS_CRS)


@pytest.fixture(scope="module")
def rail():
    edges = read("rail_network", crs="analysis")
    classes = rail_speeds(edges, read("rail_lines", crs="analysis"))
    built = nw.build_network(edges, speed_kmh=classes.speed_kmh)
    return built, *nw.attach(built, read("stations", crs="analysis"))


def test_a_square_with_a_diagonal():
    square = lines([(0, 0), (1, 0)], [(1, 0), (1, 1)], [(1, 1), (0, 1)], [(0, 1), (0, 0)],
                   [(0, 0), (1, 1)])  # fmt: skip
    found = nw.build_network(square, speed_kmh=60)
    at = {tuple(xy / 1e3): node for node, xy in enumerate(found.nodes)}
    ends = pd.Series([at[0.0, 0.0], at[1.0, 1.0], at[1.0, 0.0]], index=["sw", "ne", "se"])
    km = nw.distances(found, ends, ends)
    assert km.loc["sw", "ne"] == pytest.approx(np.sqrt(2))
    assert km.loc["ne", "se"] == 1.0
    assert (km.to_numpy() == km.T.to_numpy()).all()
    minutes = nw.distances(found, ends, ends, by="minutes")
    assert minutes.loc["sw", "ne"] == pytest.approx(np.sqrt(2))


def test_parallel_edges_take_the_shorter_and_lengths_come_from_the_column():
    two = lines([(0, 0), (1, 0)], [(0, 0), (0.5, 0.9), (1, 0)], length_km=[5.0, 3.0])
    found = nw.build_network(two)
    ends = pd.Series([0, 1])
    assert nw.distances(found, ends, ends).loc[0, 1] == 3.0
    way = nw.route(found, 0, 1)
    assert way.length_km == 3.0
    assert len(way.geometry.coords) == 3


def test_crossings_without_a_node_stay_apart_and_gaps_are_bridged():
    cross = lines([(-1, 0), (1, 0)], [(0, -1), (0, 1)])
    found = nw.build_network(cross)
    assert nw.components(found).n_nodes.tolist() == [2, 2]
    with pytest.raises(InputError, match="no way leads from node"):
        nw.route(found, 0, 1 if found.component[1] != found.component[0] else 2)
    gap = lines([(0, 0), (1, 0)], [(1.15, 0), (2, 0)], [(9, 9), (9, 8)])
    bridged = nw.build_network(gap)
    assert bridged.n_joined == 1
    assert nw.components(bridged).length_km.tolist() == pytest.approx([2.0, 1.0])
    assert nw.build_network(gap, snap_m=0).n_joined == 0


def test_points_are_attached_at_their_foot():
    line = nw.build_network(lines([(0, 0), (10, 0)]), speed_kmh=30)
    points = gpd.GeoSeries(
        [Point(2e3, 500), Point(8e3, -200), Point(2e3, 900), Point(0, 0), Point(5e3, 9e3), None],
        index=list("abcdef"),
        crs=ANALYSIS_CRS,
    )
    found, stops = nw.attach(line, points, max_m=1000)
    assert stops.node.isna().tolist() == [False] * 4 + [True, True]
    assert stops.offset_m[["a", "e"]].tolist() == [500.0, 9000.0]
    assert np.isnan(stops.offset_m["f"])
    km = nw.distances(found, stops.node, stops.node)
    assert km.loc["a", "b"] == pytest.approx(6.0, abs=1e-4)
    assert km.loc["a", "c"] == pytest.approx(0.0, abs=1e-4)
    assert km.loc["d", "b"] == pytest.approx(8.0, abs=1e-4)
    assert km.loc["a", ["e", "f"]].isna().all()
    assert nw.distances(found, stops.node, stops.node, by="minutes").loc["d", "b"] == (
        pytest.approx(16.0, abs=1e-3)
    )
    assert found.length_m.sum() == pytest.approx(10_000, abs=0.1)
    assert (len(line.nodes), len(line.edges)) == (2, 1)
    way = nw.route(found, int(stops.node["d"]), int(stops.node["b"]))
    assert way.geometry.equals_exact(LineString([(0, 0), (8e3, 0)]), 1e-6) or (
        way.geometry.length == pytest.approx(8000)
    )


def test_refusals():
    with pytest.raises(CRSError, match="lines is in WGS 84"):
        nw.build_network(read("rail_network"))
    with pytest.raises(InputError, match="needs LineStrings; 0 shapes"):
        nw.build_network(lines())
    with pytest.raises(InputError, match="a length is not positive"):
        nw.build_network(lines([(0, 0), (1, 0)], length_km=[0.0]))
    with pytest.raises(InputError, match="a speed is not positive"):
        nw.build_network(lines([(0, 0), (1, 0)]), speed_kmh=0)
    slow = nw.build_network(lines([(0, 0), (1, 0)]))
    with pytest.raises(InputError, match="has no speeds"):
        nw.distances(slow, pd.Series([0]), pd.Series([1]), by="minutes")


def test_the_shipped_railway_is_mended_and_stations_attached(rail):
    built, _, stops = rail
    parts = nw.components(built)
    assert built.n_joined == 3
    assert parts.n_nodes.iloc[0] > 0.99 * parts.n_nodes.sum()
    lost = stops.index[stops.node.isna()].tolist()
    assert lost == ["hsr-taizicheng"]  # its branch is not in the graph of 2024
    assert stops.offset_m.median() < 100
    assert (stops.component.dropna() == 0).all()


def test_ten_published_rail_lengths_each_deviation_over_three_per_cent_explained(rail):
    """golden/rail_lengths.csv: chosen before they were measured."""
    _, network, stops = rail
    assert len(PUBLISHED) == 10
    km = nw.distances(network, stops.node, stops.node)
    for row in PUBLISHED.itertuples():
        deviation = km.loc[row.origin, row.destination] / row.published_km - 1
        explained = isinstance(row.explanation, str)
        assert abs(deviation) < 0.08, (row.origin, row.destination, deviation)
        assert explained == (abs(deviation) > 0.03), (row.origin, row.destination, deviation)


def test_a_route_is_as_long_as_the_distance_says(rail):
    _, network, stops = rail
    one, other = int(stops.node["hsr-beijing-west"]), int(stops.node["hsr-shijiazhuang"])
    way = nw.route(network, one, other, by="minutes")
    km = nw.distances(network, stops.node, stops.node)
    minutes = nw.distances(network, stops.node, stops.node, by="minutes")
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
