"""Where a site stands: kilometre mark, side, zone by priority, fit and its clause, by hand."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from metres import to_analysis

from geo.analysis.plan.circles import circle_shares
from geo.analysis.plan.fit import (
    conformance,
    corridor_position,
    development_intensity,
    place_in_plan,
    population_coverage,
    rate_fit,
    recognise_types,
    zone_of,
)
from geo.errors import CRSError, InputError
from geo.layers import read


def _points(*pairs):
    return gpd.GeoDataFrame(geometry=[shapely.Point(*one) for one in pairs], crs="EPSG:4326")


def test_mean_fit_conflict_and_zones_are_those_of_the_hand_count(tiny_plan, ten_sites):
    # METHODS 2h prints these of h_conformance.json; the file is kept elsewhere, so its sites are not
    # known and ten_sites is laid out anew to give the same counts
    placed = place_in_plan(ten_sites, tiny_plan, types=ten_sites["type"])
    found = conformance(placed)
    # brain: 1 + 1 - 1 + 1 + 1, hand: 0.5; together 3.5 over 6
    assert found.n_zoned == found.n_rated == 6
    assert found.mean_fit == pytest.approx(0.583333, abs=1e-6)
    assert found.conflicts == ("f3",)
    assert found.n_outside == 4


def test_coverage_and_intensity():
    people = pd.Series([10.0, 20.0, 30.0, 40.0])
    assert population_coverage(people, pd.Series([60, 30, 10, 61]), max_minutes=60) == 0.6
    assert population_coverage(people, pd.Series([None] * 4, dtype=float), max_minutes=60) == 0
    with pytest.raises(InputError, match="negative"):
        population_coverage(pd.Series([-1.0]), pd.Series([1.0]), max_minutes=60)
    with pytest.raises(InputError, match="exceeds its land"):
        development_intensity(pd.Series({"a": 2.0}), pd.Series({"a": 1.0}))


def test_chainage_offset_and_side(tiny_plan):
    # the line runs east along 39.35 N from 116.5; 0.01 degrees of latitude are 1.11 km
    sites = _points((116.6, 39.36), (116.6, 39.34), (116.5, 39.35), (116.6, 39.38), (116.4, 39.35))
    found = corridor_position(to_analysis(sites), tiny_plan)
    assert found.side.tolist()[:3] == [1, -1, 0]
    assert found.offset_km[:2].tolist() == pytest.approx([1.11, 1.11], abs=0.01)
    assert found.chainage_km[:3].tolist() == pytest.approx([8.62, 8.62, 0], abs=0.01)
    assert found.corridor.tolist() == ["line", "line", "line", "outside", "outside"]
    assert found.chainage_km[4] == 0  # before its beginning


def test_a_site_near_the_corridors_edge_is_left_open(tiny_plan):
    sites = to_analysis(_points((116.6, 39.367)))  # 1.89 km off a half width of 2
    assert corridor_position(sites, tiny_plan, accuracy_m=100.0).corridor.tolist() == ["line"]
    assert corridor_position(sites, tiny_plan, accuracy_m=200.0).corridor.isna().all()
    with pytest.raises(CRSError):
        corridor_position(_points((116.6, 39.367)), tiny_plan)


def test_the_first_zone_of_the_file_counts_and_borders_belong(tiny_plan):
    sites = _points(
        (116.55, 39.35), (116.6, 39.35), (116.62, 39.35), (116.65, 39.35), (116.7, 39.35)
    )
    assert zone_of(sites, tiny_plan).zone.tolist() == ["west", "west", "all", "all", "outside"]
    assert zone_of(sites, tiny_plan).role.tolist()[:4] == ["brain", "brain", "hand", "hand"]


def test_types_are_recognised_in_three_languages(tiny_plan):
    words = pd.Series(["lab", "LABORATORY ", "实验室", "工場", "nonsense", None, "depot"])
    assert recognise_types(words, tiny_plan).tolist()[:4] == ["lab", "lab", "lab", "plant"]
    assert recognise_types(words, tiny_plan).isna().tolist()[4:] == [True, True, False]


def test_what_the_matrix_does_not_say_is_null_not_zero(tiny_plan):
    rated = rate_fit(
        pd.Series(["depot", "lab", None]), pd.Series(["brain", None, "brain"]), tiny_plan
    )
    assert rated.fit.isna().all()
    assert rated.clause_zh.isna().all()


def test_without_position_or_type_every_row_is_kept(tiny_plan):
    sites = gpd.GeoDataFrame(index=["x", "y"], geometry=[None, shapely.Point(116.55, 39.35)],
                             crs="EPSG:4326")  # fmt: skip
    placed = place_in_plan(sites, tiny_plan)
    assert placed.index.tolist() == ["x", "y"]
    assert placed.loc["x", ["circle_list", "corridor", "zone", "fit"]].isna().all()
    assert conformance(placed).n_unplaced == 1
    assert conformance(placed).mean_fit is None
    empty = place_in_plan(sites.iloc[:0], tiny_plan)
    assert list(empty.columns) == list(placed.columns)


def test_order_of_rows_does_not_matter(tiny_plan, ten_sites):
    ahead = place_in_plan(ten_sites, tiny_plan, types=ten_sites["type"])
    back = ten_sites.iloc[::-1]
    again = place_in_plan(back, tiny_plan, types=back["type"]).loc[ahead.index]
    pd.testing.assert_frame_equal(ahead, again)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 9), st.floats(116.45, 116.95), st.floats(39.25, 39.45))
def test_a_site_moved_across_borders_changes_only_its_own_row(tiny_plan, which, lon, lat):
    plan = tiny_plan
    kinds = pd.Series(["lab", "plant"] * 5)
    sites = _points(*((116.52 + 0.03 * at, 39.35) for at in range(10)))
    moved = sites.copy()
    moved.loc[which, "geometry"] = shapely.Point(lon, lat)
    before, after = (place_in_plan(one, plan, types=kinds) for one in (sites, moved))
    pd.testing.assert_frame_equal(before.drop(index=which), after.drop(index=which))
    counts = [circle_shares(one.circle_list, plan.circles.index) for one in (before, after)]
    assert (counts[0].n_exclusive - counts[1].n_exclusive).abs().sum() in (0, 2)


def test_shipped_sites_stand_where_they_are_known_to_stand(jjj_plan):
    sites = read("facilities")
    placed = place_in_plan(
        sites, jjj_plan, types=sites.category, accuracy_m=sites.position_accuracy_m,
        boundary_accuracy_m=300.0,
    )  # fmt: skip
    assert placed.type.notna().all()
    assert placed.corridor["hsr-wuqing"] == "plan-jingjin"
    assert placed.zone["sea-tianjin"] == "tianjin"
    assert placed.zone_ja["sea-tianjin"] == "天津市"
    assert placed.role_en["sea-tianjin"] == "Advanced manufacturing and shipping"
    assert placed.type_zh["hsr-wuqing"] == jjj_plan.site_types.name_zh[placed.type["hsr-wuqing"]]
    assert placed.fit["sea-tianjin"] == 1
    assert placed.circle_list_standing["hsr-wuqing"] == "unconfirmed"
    assert (placed.fit.dropna().between(-1, 1)).all()
    rated = placed[placed.fit.notna()]
    assert rated.clause_source.str.startswith("http").all()
