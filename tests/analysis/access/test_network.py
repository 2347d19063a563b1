"""The network: hand-made graphs, gaps bridged, and the shipped railway."""

import geopandas as gpd
import numpy as np
import pytest
from metres import ANALYSIS_CRS
from shapely import LineString

from geo.analysis.access.network import build_network, components
from geo.errors import CRSError, InputError
from geo.layers import read


def lines(*shapes, **columns):
    made = [LineString(np.array(xy) * 1e3) for xy in shapes]
    return gpd.GeoDataFrame(columns, geometry=made, crs=ANALYSIS_CRS)


def test_crossings_without_a_node_stay_apart_and_gaps_are_bridged():
    cross = lines([(-1, 0), (1, 0)], [(0, -1), (0, 1)])
    found = build_network(cross)
    assert components(found).n_nodes.tolist() == [2, 2]
    gap = lines([(0, 0), (1, 0)], [(1.15, 0), (2, 0)], [(9, 9), (9, 8)])
    bridged = build_network(gap)
    assert bridged.n_joined == 1
    assert components(bridged).length_km.tolist() == pytest.approx([2.0, 1.0])
    assert build_network(gap, snap_m=0).n_joined == 0


def test_refusals():
    with pytest.raises(CRSError, match="lines is in WGS 84"):
        build_network(read("rail_network"))
    with pytest.raises(InputError, match="needs LineStrings; 0 shapes"):
        build_network(lines())
    with pytest.raises(InputError, match="a length is not positive"):
        build_network(lines([(0, 0), (1, 0)], length_km=[0.0]))
    with pytest.raises(InputError, match="a speed is not positive"):
        build_network(lines([(0, 0), (1, 0)]), speed_kmh=0)


def test_the_shipped_railway_is_mended():
    built = build_network(read("rail_network", crs="analysis"))
    parts = components(built)
    assert built.n_joined == 3
    assert parts.n_nodes.iloc[0] > 0.99 * parts.n_nodes.sum()
