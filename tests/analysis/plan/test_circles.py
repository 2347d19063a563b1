"""Circles by list, radius and minutes: by hand, by property, and on the real plan."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.analysis.plan.circles import circle_areas, circle_shares, confusion, place_in_circles
from geo.errors import CRSError, InputError
from geo.layers import read
from geo.layers.plans.plan import read_plan

TINY = Path(__file__).parents[2] / "data" / "plan_tiny" / "tiny.yaml"
ORDER = pd.Index(["inner", "middle", "outer"])
parts = st.lists(st.sampled_from(["inner", "middle", "outer", "outside", None]), max_size=40)


def test_counts_by_list_are_those_of_the_hand_count(tiny_plan, ten_sites):
    placed = place_in_circles(ten_sites, tiny_plan)
    shares = circle_shares(placed.circle_list, tiny_plan.circles.index)
    assert shares.n_nested.tolist()[:3] == [5, 7, 9]
    assert shares.n_exclusive.tolist() == [5, 2, 2, 1]
    assert shares.share_exclusive.tolist() == [0.5, 0.2, 0.2, 0.1]


def test_radius_is_measured_from_the_centre_and_kept_apart_from_the_list(tiny_plan, ten_sites):
    placed = place_in_circles(ten_sites, tiny_plan)
    # 0.04 degrees at 39.35 N are 3.45 km: inside 4 km; 0.07 are 6.03, 0.13 are 11.2, 0.3 are 25.9
    assert placed.centre_km["f1"] == pytest.approx(3.447, abs=0.01)
    assert placed.circle_radius.tolist() == [
        *["inner"] * 5, "middle", "middle", "outer", "outer", "outside",
    ]  # fmt: skip
    assert placed.circle_minutes.isna().all()


def test_minutes_are_inclusive_and_only_where_a_limit_is_published(tiny_plan, ten_sites):
    minutes = pd.Series([0, 30, 31, 60, 61, np.nan, 5, 5, 5, 5], index=ten_sites.index, dtype=float)
    placed = place_in_circles(ten_sites, tiny_plan, minutes=minutes)
    assert placed.circle_minutes.tolist()[:5] == ["inner", "inner", "middle", "middle", "outside"]
    assert pd.isna(placed.circle_minutes["f6"])


def test_confusion_shows_where_definitions_disagree(tiny_plan, ten_sites):
    placed = place_in_circles(ten_sites.iloc[[0, 5, 6]], tiny_plan)
    moved = placed.circle_radius.replace({"middle": "inner"})
    table = confusion(placed.circle_list, moved, tiny_plan.circles.index)
    assert table.loc["middle", "inner"] == 2
    assert table.loc["inner", "inner"] == 1
    assert table.to_numpy().sum() == 3


def test_a_site_on_a_shared_border_goes_to_the_lowest_unit(tiny_plan):
    border = gpd.GeoDataFrame(geometry=gpd.points_from_xy([116.6], [39.35]), crs="EPSG:4326")
    assert place_in_circles(border, tiny_plan).circle_list.tolist() == ["inner"]


def test_nothing_is_said_where_nothing_is_known(tiny_plan):
    sites = gpd.GeoDataFrame(geometry=[None, shapely.Point(), shapely.Point(0, 0)], crs="EPSG:4326")
    placed = place_in_circles(sites, tiny_plan)
    assert placed.circle_list.isna().tolist() == [True, True, False]
    assert placed.circle_radius.isna().tolist() == [True, True, False]
    assert placed.circle_list.iloc[2] == "outside"
    empty = place_in_circles(sites.iloc[:0], tiny_plan)
    assert circle_shares(empty.circle_list, ORDER).share_nested.isna().all()


def test_a_site_off_every_unit_by_less_than_its_error_is_not_called_outside(tiny_plan):
    west = tiny_plan.units.total_bounds[0]
    latitude = tiny_plan.units.geometry.iloc[0].centroid.y
    off = gpd.GeoDataFrame(geometry=gpd.points_from_xy([west - 0.01], [latitude]), crs="EPSG:4326")
    sure, unsure = (place_in_circles(off, tiny_plan, accuracy_m=m) for m in (0.0, 3_000.0))
    assert sure.circle_list.tolist() == ["outside"]
    assert unsure.circle_list.isna().all()
    assert unsure.circle_list_ambiguous.all()
    assert unsure.circle_radius.tolist() == sure.circle_radius.tolist()


def test_ports_off_the_generalised_coast_are_unknown_not_outside(jjj_plan):
    sites = read("facilities")
    placed = place_in_circles(
        sites, jjj_plan, accuracy_m=sites.position_accuracy_m, boundary_accuracy_m=300.0
    )
    unknown = sites.name_zh[placed.circle_list.isna()]
    assert sorted(unknown) == ["唐山曹妃甸经济技术开发区", "山海关船舶重工", "黄骅港(综合港区)"]
    assert not (placed.circle_list == "outside").any()


def test_a_site_that_could_be_on_the_other_side_is_flagged(tiny_plan):
    # f: 860 m from the border of a and b; g: in the middle of a, 3.9 km from the radius
    sites = gpd.GeoDataFrame(
        index=["f", "g"], geometry=gpd.points_from_xy([116.59, 116.551], [39.35] * 2),
        crs="EPSG:4326",
    )  # fmt: skip
    sure = place_in_circles(sites, tiny_plan, accuracy_m=500.0, boundary_accuracy_m=300.0)
    unsure = place_in_circles(sites, tiny_plan, accuracy_m=600.0, boundary_accuracy_m=300.0)
    assert sure.circle_list_ambiguous.tolist() == [False, False]
    assert unsure.circle_list_ambiguous.tolist() == [True, False]
    assert unsure.circle_radius_ambiguous.tolist() == [True, False]


def test_wrong_arguments_are_named(tiny_plan, ten_sites):
    with pytest.raises(CRSError, match="points"):
        place_in_circles(ten_sites.to_crs(3857), tiny_plan)
    with pytest.raises(InputError, match="negative"):
        place_in_circles(ten_sites, tiny_plan, minutes=pd.Series(-1.0, ten_sites.index))
    with pytest.raises(InputError, match="not aligned"):
        place_in_circles(ten_sites, tiny_plan, minutes=pd.Series([1.0]))
    with pytest.raises(InputError, match="'elsewhere'"):
        circle_shares(pd.Series(["elsewhere"]), ORDER)


@given(parts)
def test_nested_shares_are_monotone_and_exclusive_ones_sum_to_the_whole(circles):
    series = pd.Series(circles, dtype=object)
    shares = circle_shares(series, ORDER)
    nested = shares.share_nested.dropna().to_numpy()
    assert (np.diff(nested) >= 0).all()
    known = series.notna().sum()
    assert shares.n_exclusive.sum() == known
    assert shares.n_unknown.iloc[0] == series.isna().sum()
    if known:
        assert shares.share_exclusive.sum() == pytest.approx(1.0)
        assert nested[-1] == pytest.approx(1.0 - shares.share_exclusive["outside"])


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 9), st.floats(116.45, 116.95), st.floats(39.25, 39.45))
def test_a_site_that_moves_changes_only_its_own_row(which, lon, lat):
    plan = read_plan(TINY)
    sites = gpd.GeoDataFrame(
        geometry=gpd.points_from_xy(np.linspace(116.51, 116.85, 10), [39.35] * 10), crs="EPSG:4326"
    )
    moved = sites.copy()
    moved.loc[which, "geometry"] = shapely.Point(lon, lat)
    before, after = place_in_circles(sites, plan), place_in_circles(moved, plan)
    pd.testing.assert_frame_equal(before.drop(index=which), after.drop(index=which))


def test_the_real_plan_is_checked_against_its_published_areas(jjj_plan):
    areas = circle_areas(jjj_plan)
    assert areas.area_km2["commuting-list"] == pytest.approx(27_440, abs=1)
    assert areas.area_km2["functional-list"] == pytest.approx(41_856, abs=1)
    assert areas.within_tolerance[["commuting-list", "functional-list"]].all()
    assert areas.standing["commuting-list"] == "unconfirmed"
    assert areas.standing["industry-list"] == "inferred"
    # a disk of 50 km has not a third of the area that the plan gives its commuting circle
    assert areas.area_km2["commuting-radius"] == pytest.approx(np.pi * 50**2, rel=1e-4)
    assert areas.within_tolerance.isna()["commuting-radius"]
