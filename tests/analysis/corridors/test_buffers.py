"""Ribbons: exact areas and lengths against the golden values, and pieces that sum up."""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from metres import ANALYSIS_CRS
from shapely import LineString

from geo.analysis.corridors import buffers as ribbons
from geo.errors import InputError

GOLDEN = json.loads(
    (Path(__file__).parents[2] / "golden" / "a_corridor_area_length.json").read_text()
)
AREAS, LENGTHS = GOLDEN["areas_km2"], GOLDEN["length_km"]
KM = 1000.0


def axes(*shapes):
    return gpd.GeoSeries(
        [LineString(np.array(xy) * KM) for xy in shapes],
        index=pd.Index([f"axis-{at}" for at in range(len(shapes))], name="axis_id"),
        crs=ANALYSIS_CRS,
    )


STRAIGHT = axes([(0, 0), (10, 0)])
BENT = axes([(0, 0), (10, 0), (10, 10)])
BOTH = axes([(0, 0), (10, 0), (10, 10)], [(0, 0), (0, 20)])
RAIL = gpd.GeoSeries([LineString([(-5 * KM, KM), (15 * KM, KM)])], crs=ANALYSIS_CRS)


def test_golden_areas_are_exact():
    """golden/a_corridor_area_length.json."""
    area = ribbons.ribbon_area_km2
    assert area(STRAIGHT, 2.0) == pytest.approx(AREAS["straight10_d2_exact_round"], rel=1e-12)
    assert area(STRAIGHT, 2.0, ends="flat") == pytest.approx(AREAS["straight10_flat"], rel=1e-12)
    assert area(BENT, 2.0) == pytest.approx(AREAS["L_round_exact"], rel=1e-12)
    assert area(BENT, 2.0, ends="flat") == pytest.approx(AREAS["L_flat_exact"], rel=1e-12)


def test_golden_union_counts_overlap_once():
    """golden/a_corridor_area_length.json: the union there is of polygons with 64 chords."""
    found = ribbons.ribbon_area_km2(BOTH, 2.0)
    assert found == pytest.approx(AREAS["A_union_B"], rel=2e-5)
    assert found > AREAS["A_union_B"]
    apart = sum(ribbons.ribbon_area_km2(BOTH.iloc[[at]], 2.0) for at in (0, 1))
    assert apart == pytest.approx(AREAS["A_plus_B_sum"], rel=2e-5)


def test_golden_rail_length_inside():
    """golden/a_corridor_area_length.json: 12 + √3 km with round ends, on the bent axis."""
    inside = ribbons.length_inside_km
    assert RAIL.length.sum() / KM == LENGTHS["rail_total"]
    assert inside(RAIL, BENT, 2.0) == pytest.approx(LENGTHS["rail_in_round_exact"], rel=1e-6)
    assert inside(RAIL, BENT, 2.0, ends="flat") == pytest.approx(LENGTHS["rail_in_flat"], rel=1e-9)
    assert inside(RAIL.iloc[:0], BENT, 2.0) == 0.0
    assert inside(RAIL, BOTH, 2.0) == pytest.approx(14.0, rel=1e-6)


def test_pieces_of_a_straight_axis_are_cut_by_normals():
    line = STRAIGHT.iloc[0]
    pieces = ribbons.ribbon_pieces(line, np.array([0.0, 3.0, 7.0, 10.0]) * KM, 2 * KM)
    found = [ribbons.exact_area_km2(one, np.array(line.coords), 2 * KM) for one in pieces]
    cap = np.pi * 4 / 2
    assert found == pytest.approx([12 + cap, 16, 12 + cap], rel=1e-6)


def test_pieces_at_a_bend_are_cut_where_both_legs_are_equally_far():
    pieces = ribbons.ribbon_pieces(BENT.iloc[0], np.array([0.0, 10.0, 20.0]) * KM, 2 * KM)
    whole = AREAS["L_round_exact"]
    assert [one.area / 1e6 for one in pieces] == pytest.approx([whole / 2, whole / 2], rel=2e-3)


@settings(max_examples=25, deadline=None)
@given(
    corners=st.lists(
        st.tuples(st.integers(-40, 40), st.integers(-40, 40)), min_size=2, max_size=5, unique=True
    ),
    width=st.floats(0.5, 15.0),
    cuts=st.integers(1, 6),
)
def test_pieces_tile_the_ribbon(corners, width, cuts):
    axis = axes(corners)
    edges = np.linspace(0.0, axis.length.iloc[0], cuts + 1)
    pieces = ribbons.ribbon_pieces(axis.iloc[0], edges, width * KM)
    total = sum(one.area for one in pieces) / 1e6
    exact = ribbons.ribbon_area_km2(axis, width)
    assert total == pytest.approx(exact, rel=1e-4)
    assert exact <= ribbons.ribbon_area_km2(axis, width * 1.1)
    assert exact >= np.pi * width**2


def test_width_must_be_positive():
    with pytest.raises(InputError, match="give a positive number of kilometres"):
        ribbons.ribbon_area_km2(STRAIGHT, 0.0)
