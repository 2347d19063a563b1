"""Corridors: the golden fixture, properties, and points whose place is not known well enough."""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from metres import ANALYSIS_CRS, to_analysis
from pyproj import Geod
from shapely import LineString, Point

from geo.analysis.corridors import membership as corridors
from geo.errors import CRSError, InputError
from geo.layers import read

GOLDEN = Path(__file__).parents[2] / "golden"
LINEAR = json.loads((GOLDEN / "a_corridor_linear_reference.json").read_text())
SCHEMATIC = json.loads((GOLDEN / "a_plan_axes_schematic.json").read_text())
KM = 1000.0


def lines(**shapes):
    return gpd.GeoSeries(
        [LineString(np.array(xy) * KM) for xy in shapes.values()],
        index=pd.Index(list(shapes), name="axis_id"),
        crs=ANALYSIS_CRS,
    )


def spots(*xy, **columns):
    return gpd.GeoDataFrame(
        columns, geometry=[Point(x * KM, y * KM) for x, y in xy], crs=ANALYSIS_CRS
    )


AXES = lines(**LINEAR["axes"])
POINTS = spots(*[one["xy"] for one in LINEAR["expected"].values()])


@pytest.mark.parametrize("axis", ["A", "B"])
def test_golden_linear_reference(axis):
    """golden/a_corridor_linear_reference.json: 12 points on two axes."""
    found = corridors.measure(POINTS, AXES.loc[[axis]], width_km=LINEAR["d_km"])
    for row, (name, expected) in zip(found.itertuples(), LINEAR["expected"].items(), strict=True):
        wanted = expected[axis]
        assert row.axis_id == axis
        assert row.chainage_km == pytest.approx(wanted["measure_km"], abs=1e-9), name
        assert row.offset_km == pytest.approx(wanted["offset_km"], abs=1e-9), name
        assert row.side == wanted["side"], name
        assert row.inside == wanted["in_corridor"], name
        assert (row.inside and not row.beyond_end) == wanted["in_corridor_flat"], name


def test_golden_nearest_axis_lists_ties():
    """golden/a_corridor_linear_reference.json: P7 and P8 are as near to A as to B."""
    found = corridors.nearest_axis(POINTS, AXES)
    for row, expected in zip(found.itertuples(), LINEAR["expected"].values(), strict=True):
        if expected["nearest"].startswith("tie:"):
            assert row.tied_axis_ids == expected["nearest"][4:].replace(",", " ")
        else:
            assert row.axis_id == expected["nearest"]
            assert row.tied_axis_ids is None
    measured = corridors.measure(POINTS, AXES)
    pd.testing.assert_series_equal(measured.axis_id, found.axis_id)
    pd.testing.assert_series_equal(measured.tied_axis_ids, found.tied_axis_ids)


@pytest.mark.parametrize("name", [key for key in SCHEMATIC if key != "about"])
def test_golden_schematic_axes(name):
    """golden/a_plan_axes_schematic.json: lengths on the ellipsoid, within 0.01 % in the plane."""
    nodes = SCHEMATIC[name]["nodes"]
    line = LineString([(lon, lat) for _, lon, lat in nodes])
    axis = to_analysis(gpd.GeoSeries([line], ["a"], crs="EPSG:4326"))
    points = gpd.GeoSeries([Point(lon, lat) for _, lon, lat in nodes], crs="EPSG:4326")
    found = corridors.measure(to_analysis(points), axis)
    assert found.chainage_km.iloc[-1] == pytest.approx(SCHEMATIC[name]["length_km"], rel=1e-4)
    assert found.chainage_km.is_monotonic_increasing
    assert (found.side == 0).all()
    start, end = nodes[0], nodes[-1]
    _, _, straight = Geod(ellps="GRS80").inv(start[1], start[2], end[1], end[2])
    assert straight / KM == pytest.approx(SCHEMATIC[name]["straight_km"], rel=1e-6)


def test_a_point_known_badly_is_neither_inside_nor_outside():
    axis = lines(a=[(0, 0), (100, 0)])
    points = spots((5, 2), (5, 9.9), (5, 10), (5, 10.1), (5, 25), (5, 0))
    points["position_accuracy_m"] = [5000, 200, 0, 200, 20000, 20000]
    found = corridors.measure(points, axis, width_km=10.0)
    assert found.inside.tolist() == [True, pd.NA, True, pd.NA, pd.NA, pd.NA]
    sure = corridors.measure(points, axis, width_km=10.0, accuracy_m=0.0)
    assert sure.inside.tolist() == [True, True, True, False, False, True]
    missing = points.assign(position_accuracy_m=[None] * 6)
    assert corridors.measure(missing, axis).inside.isna().all()


def test_firms_known_to_their_district_are_not_put_inside():
    firms = to_analysis(read("firms"))
    axis = to_analysis(read("axes").loc[["plan-jingjin"]])
    found = corridors.measure(firms, axis)
    edge = (found.offset_km - 10.0).abs() * KM
    assert (found.inside.isna() == (edge < firms.position_accuracy_m)).all()
    unsited = found.inside[~firms.has_site]
    assert unsited.isna().sum() > 50
    share = corridors.share_inside(found)
    assert share.inside + share.outside + share.unknown == len(firms)
    assert share.share_low <= share.share <= share.share_high


def test_points_without_a_place_stay_with_nulls():
    points = gpd.GeoSeries([Point(1, 1), None, Point()], index=[7, 3, 5], crs=ANALYSIS_CRS)
    found = corridors.measure(points, lines(a=[(0, 0), (9, 0)]))
    assert found.index.tolist() == [7, 3, 5]
    assert found.loc[[3, 5]].isna().all(axis=None)
    assert corridors.share_inside(found).unplaced == 2
    empty = corridors.measure(points.iloc[:0], lines(a=[(0, 0), (9, 0)], b=[(0, 0), (0, 9)]))
    assert empty.empty
    assert "tied_axis_ids" in empty.columns


@pytest.mark.parametrize(
    ("axes", "message"),
    [
        (lines(a=[(1, 1), (1, 1)]), "axis a has no length"),
        (lines(a=[(0, 0), (9, 0)]).iloc[:0], "no axis is given"),
        (gpd.GeoSeries([Point(0, 0)], ["p"], crs=ANALYSIS_CRS), "axis p is Point"),
        (gpd.GeoSeries([None], ["p"], crs=ANALYSIS_CRS), "axis p is nothing"),
        (
            gpd.GeoSeries(
                [shapely.MultiLineString([[(0, 0), (1, 0)], [(5, 0), (6, 0)]])],
                ["m"],
                crs=ANALYSIS_CRS,
            ),
            "axis m has 2 parts",
        ),
        (pd.concat([lines(a=[(0, 0), (9, 0)])] * 2), "ids are not unique"),
    ],
)
def test_bad_axes_are_named(axes, message):
    with pytest.raises(InputError, match=message):
        corridors.measure(spots((0, 0)), axes)


def test_other_bad_input_is_named():
    axis = lines(a=[(0, 0), (9, 0)])
    with pytest.raises(CRSError, match="points is in WGS 84"):
        corridors.measure(gpd.GeoSeries([Point(116, 40)], crs="EPSG:4326"), axis)
    with pytest.raises(InputError, match=r"1 of 1 shapes are not points, first 0 \(Polygon\)"):
        corridors.measure(spots((0, 0)).buffer(1.0), axis)
    for width in (0.0, -1.0, np.nan, np.inf):
        with pytest.raises(InputError, match="width_km is"):
            corridors.measure(spots((0, 0)), axis, width_km=width)
    with pytest.raises(InputError, match=r"accuracy_m is -5\.0"):
        corridors.measure(spots((0, 0)), axis, accuracy_m=-5.0)
    with pytest.raises(InputError, match="not aligned"):
        corridors.measure(spots((0, 0)), axis, accuracy_m=pd.Series([1.0], index=[9]))


def test_an_axis_that_crosses_itself_is_named_and_measured(caplog):
    axis = lines(loop=[(0, 0), (10, 0), (10, 5), (5, 5), (5, -5)])
    found = corridors.measure(spots((5, 0)), axis)
    assert "axis loop crosses itself" in caplog.text
    assert found.chainage_km.tolist() == [5.0]


def test_a_multi_line_whose_parts_join_is_one_axis():
    parts = [[(0, 0), (5000, 0)], [(5000, 0), (9000, 0)]]
    joined = gpd.GeoSeries([shapely.MultiLineString(parts)], ["m"], crs=ANALYSIS_CRS)
    assert corridors.measure(spots((7, 1)), joined).chainage_km.tolist() == [7.0]


def test_side_outside_a_sharp_bend_is_the_outer_side():
    axis = lines(a=[(0, 0), (10, 0), (0, 1)])  # turns left by more than a right angle
    found = corridors.measure(spots((12, 0.6), (12, 0), (11, 0.1), (9, 0.05)), axis)
    assert found.side.tolist() == [-1, -1, -1, 1]


def test_a_closed_axis_has_no_ends():
    ring = lines(ring=[(0, 0), (10, 0), (10, 10), (0, 10), (0, 0)])  # anticlockwise
    found = corridors.measure(spots((-1, -1), (5, 5), (5, -1), (-1, 0), (0, 0)), ring)
    assert found.side.tolist() == [-1, 1, -1, -1, 0]
    assert not found.beyond_end.any()
    assert found.offset_km.tolist() == pytest.approx([2**0.5, 5, 1, 1, 0])


def test_share_by_weight_and_bad_weights():
    found = corridors.measure(spots((1, 1), (1, 50), (1, 10)), lines(a=[(0, 0), (9, 0)]))
    share = corridors.share_inside(found, weight=pd.Series([3.0, 1.0, 0.0]))
    assert share.share == 0.75
    assert np.isnan(corridors.share_inside(found.iloc[:0]).share)
    with pytest.raises(InputError, match=r"1 weights are negative or missing, first -1\.0 at 1"):
        corridors.share_inside(found, weight=pd.Series([3.0, -1.0, 0.0]))


def test_milestones_of_the_plan_are_in_order():
    axis = read("axes", crs="analysis").loc[["plan-jingjin"]]
    found = corridors.milestones(axis, read("plan_nodes", crs="analysis"))
    assert found.name_zh.iloc[0] == "怀柔科学城"
    assert found.name_zh.iloc[-1].startswith("天津港")
    assert found.chainage_km.iloc[-1] == pytest.approx(axis.length.iloc[0] / KM)
    assert len(found) == 8


def test_arguments_are_not_changed():
    points, axes = POINTS.copy(), AXES.copy()
    corridors.measure(points, axes)
    pd.testing.assert_frame_equal(pd.DataFrame(points), pd.DataFrame(POINTS))
    assert axes.geom_equals(AXES).all()


coordinate = st.floats(-50, 50).map(lambda one: round(one, 3))
pairs = st.lists(st.tuples(coordinate, coordinate), min_size=1, max_size=12)


@settings(max_examples=40, deadline=None)
@given(
    xy=pairs,
    corners=st.lists(st.tuples(coordinate, coordinate), min_size=2, max_size=5, unique=True),
    shift=st.tuples(coordinate, coordinate),
    seed=st.integers(0, 99),
)
def test_measures_do_not_depend_on_place_order_or_direction(xy, corners, shift, seed):
    axis, points = lines(a=corners), spots(*xy)
    length = axis.length.iloc[0] / KM
    found = corridors.measure(points, axis)
    assert found.chainage_km.between(-1e-9, length + 1e-9).all()
    assert np.allclose(found.offset_km, points.distance(axis.iloc[0]) / KM)
    order = np.random.default_rng(seed).permutation(len(points))
    mixed = corridors.measure(points.iloc[order], axis)
    pd.testing.assert_frame_equal(mixed.loc[found.index], found)
    moved = corridors.measure(
        points.set_geometry(points.translate(shift[0] * KM, shift[1] * KM)),
        axis.translate(shift[0] * KM, shift[1] * KM),
    )
    assert np.allclose(moved.offset_km, found.offset_km, atol=1e-6)
    turned = corridors.measure(points, lines(a=corners[::-1]))
    assert np.allclose(turned.offset_km, found.offset_km)
    simple = axis.is_simple.iloc[0]
    opposite = np.isclose(turned.chainage_km, length - found.chainage_km, atol=1e-6)
    clear = opposite & (found.offset_km > 1e-5) & ~found.beyond_end.astype(bool)
    if simple:
        assert (found.side[clear] == -turned.side[clear]).all()
