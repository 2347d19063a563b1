"""Stops: the foot of a point on the nearest edge, the edge split there."""

import geopandas as gpd
import numpy as np
import pytest
from metres import ANALYSIS_CRS
from shapely import LineString, Point

from geo.analysis.access.network import attach, build_network, distances, route
from geo.layers import read


def test_points_are_attached_at_their_foot():
    line = build_network(
        gpd.GeoDataFrame(geometry=[LineString([(0, 0), (10e3, 0)])], crs=ANALYSIS_CRS), speed_kmh=30
    )
    points = gpd.GeoSeries(
        [Point(2e3, 500), Point(8e3, -200), Point(2e3, 900), Point(0, 0), Point(5e3, 9e3), None],
        index=list("abcdef"),
        crs=ANALYSIS_CRS,
    )
    found, stops = attach(line, points, max_m=1000)
    assert stops.node.isna().tolist() == [False] * 4 + [True, True]
    assert stops.offset_m[["a", "e"]].tolist() == [500.0, 9000.0]
    assert np.isnan(stops.offset_m["f"])
    km = distances(found, stops.node, stops.node)
    assert km.loc["a", "b"] == pytest.approx(6.0, abs=1e-4)
    assert km.loc["a", "c"] == pytest.approx(0.0, abs=1e-4)
    assert km.loc["d", "b"] == pytest.approx(8.0, abs=1e-4)
    assert km.loc["a", ["e", "f"]].isna().all()
    assert distances(found, stops.node, stops.node, by="minutes").loc["d", "b"] == (
        pytest.approx(16.0, abs=1e-3)
    )
    assert found.length_m.sum() == pytest.approx(10_000, abs=0.1)
    assert (len(line.nodes), len(line.edges)) == (2, 1)
    way = route(found, int(stops.node["d"]), int(stops.node["b"]))
    assert way.geometry.equals_exact(LineString([(0, 0), (8e3, 0)]), 1e-6) or (
        way.geometry.length == pytest.approx(8000)
    )


def test_all_shipped_stations_but_one_are_attached():
    built = build_network(read("rail_network", crs="analysis"))
    _, stops = attach(built, read("stations", crs="analysis"))
    lost = stops.index[stops.node.isna()].tolist()
    assert lost == ["hsr-taizicheng"]  # its branch is not in the graph of 2024
    assert stops.offset_m.median() < 100
    assert (stops.component.dropna() == 0).all()
