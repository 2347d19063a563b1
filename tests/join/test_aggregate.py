"""aggregate: counts add up, densities are on a stated area."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from metres import ANALYSIS_CRS
from shapely import box

import geo
from geo.crs import to_analysis
from geo.errors import CRSError, InputError
from geo.join import aggregate, land_area_km2, locate
from geo.region import open_region, study_crs


@pytest.fixture
def units() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"area_km2": [10.0, 20.0, 5.0]},
        index=pd.Index(["b", "a", "c"], name="adcode"),
        geometry=[box(at, 0, at + 1, 1) for at in range(3)],
        crs="EPSG:4326",
    )


def test_counts_sums_means_by_hand(units):
    points = pd.DataFrame(
        {"adcode": ["a", "a", "b", None, "z"], "staff": [1.0, None, 5.0, 7.0, 7.0]}
    )
    done = aggregate(points, units, values=["staff"])
    table = done.table
    assert table.index.tolist() == ["b", "a", "c"]
    assert table.n.tolist() == [1, 2, 0]
    assert table.density_per_km2.tolist() == [0.1, 0.1, 0.0]
    assert table.sum_staff.tolist() == [5.0, 1.0, 0.0]
    assert table.mean_staff.tolist()[:2] == [5.0, 1.0]
    assert np.isnan(table.mean_staff["c"])
    assert table.n_staff.tolist() == [1, 1, 0]
    assert (done.n, done.n_dropped) == (3, {"in no unit": 2})
    assert done.area_basis == "area_km2 of the layer"


def test_by_category_and_year_is_complete(units):
    points = pd.DataFrame(
        {
            "adcode": ["a", "a", "b", "c"],
            "category": ["lab", "park", "lab", None],
            "year": [2020, 2021, 2020, 2020],
        }
    )
    done = aggregate(points, units, by=["category", "year"])
    assert len(done.table) == 3 * 2 * 2
    assert done.table.n.loc[("a", "park", 2021)] == 1
    assert done.table.n.loc[("c", "lab", 2021)] == 0
    assert done.n_dropped == {"no category": 1}
    assert done.table.density_per_km2.loc[("b", "lab", 2020)] == 0.1


def test_no_points_gives_zeros(units):
    done = aggregate(pd.DataFrame({"adcode": []}), units)
    assert done.table.n.tolist() == [0, 0, 0]
    assert done.n == 0


def test_area_falls_back_to_the_polygons(units):
    done = aggregate(pd.DataFrame({"adcode": ["a"]}), units.drop(columns="area_km2"))
    assert done.area_basis == "area of the polygons in an equal-area projection"
    assert done.area_km2["a"] == pytest.approx(to_analysis(units, study_crs(units)).area["a"] / 1e6)


def test_land_replaces_the_area_and_is_named(units):
    metres = gpd.GeoDataFrame(
        index=units.index,
        geometry=[box(at, 0, at + 1000, 1000) for at in (0, 1000, 2000)],
        crs=ANALYSIS_CRS,
    )
    land = gpd.GeoDataFrame(
        geometry=[box(0, 0, 1500, 1000), box(1400, 0, 2250, 500)], crs=ANALYSIS_CRS
    )
    km2 = land_area_km2(metres, land)
    assert km2.tolist() == pytest.approx([1.0, 0.75, 0.125])
    done = aggregate(pd.DataFrame({"adcode": ["c"]}), units, land_km2=km2)
    assert done.table.density_per_km2["c"] == pytest.approx(8.0)
    assert done.area_basis == "area within the land given"
    with pytest.raises(CRSError, match="metres are needed"):
        land_area_km2(units, land)


@pytest.mark.parametrize("km2", [0.0, -1.0, np.nan])
def test_bad_area_raises(units, km2):
    with pytest.raises(InputError, match="1 units have no area above zero \\(a\\)"):
        aggregate(pd.DataFrame({"adcode": ["a"]}), units.assign(area_km2=[1.0, km2, 1.0]))


def test_missing_columns_raise(units):
    with pytest.raises(InputError, match="no column category, staff"):
        aggregate(pd.DataFrame({"adcode": ["a"]}), units, by=["category"], values=["staff"])


@given(st.lists(st.sampled_from(["a", "b", "c", "x", None]), max_size=30), st.randoms())
def test_every_point_is_counted_once_whatever_the_order(ids, random):
    frame = gpd.GeoDataFrame(
        {"area_km2": [1.0, 2.0, 4.0]},
        index=pd.Index(["a", "b", "c"], name="adcode"),
        geometry=[box(0, 0, 1, 1)] * 3,
        crs="EPSG:4326",
    )
    points = pd.DataFrame({"adcode": pd.Series(ids, dtype=object)})
    done = aggregate(points, frame)
    assert done.table.n.sum() + sum(done.n_dropped.values()) == len(ids)
    shuffled = list(range(len(ids)))
    random.shuffle(shuffled)
    pd.testing.assert_frame_equal(done.table, aggregate(points.iloc[shuffled], frame).table)


def test_shipped_facilities_fall_in_counties_that_agree_with_published_area():
    counties = geo.layers.read("counties")
    facilities = geo.layers.read("facilities").drop(columns=["adcode"])
    placed = facilities.join(locate(facilities, counties))
    done = aggregate(placed, counties, by=["category"])
    assert done.n + sum(done.n_dropped.values()) == len(facilities)
    land = done.area_km2.groupby(counties.province_adcode).sum()
    for province in open_region().levels[-1].published:
        assert land[province.unit] == pytest.approx(province.area_km2, rel=province.tolerance)
