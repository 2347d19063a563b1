"""The layer of centres, and densities of units at two levels."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from metres import ANALYSIS_CRS

from geo.analysis.structure.centres import centre_layer, unit_densities
from geo.errors import CRSError
from geo.layers import read


def test_every_unit_has_a_row_in_every_year_and_weights_add_up():
    sites = read("facilities", crs="analysis").assign(
        year=np.where(np.arange(315) % 2 == 0, 2010, 2020)
    )
    for level, n in (("prefectures", 13), ("counties", 199)):
        units = read(level, crs="analysis")
        found = unit_densities(sites, units)
        assert len(found.values) == 2 * n
        assert found.values.weight.sum() == found.n
        assert found.n + sum(found.n_dropped.values()) == 315
        area = units.area_km2.loc[found.values.adcode].to_numpy()
        assert found.values.value.to_numpy() * area == pytest.approx(found.values.weight.to_numpy())
        assert found.years == (2010, 2020)


def test_layer_of_centres_by_year_carries_the_shift():
    sites = read("facilities", crs="analysis").dropna(subset=["status_year"])
    sites = sites.assign(year=np.where(sites.status_year < 2000, 1999, 2025))
    layer, results = centre_layer(sites, scaling="arcgis")
    assert layer.kind.tolist() == [
        k for k in ("mean_centre", "median_centre", "ellipse") for _ in "ab"
    ]
    assert layer.shift_m.notna().sum() == 2
    assert {one.n for one in results} == {len(sites)}
    assert set(layer.geom_type) == {"Point", "Polygon"}


def test_what_cannot_be_measured_is_refused():
    with pytest.raises(CRSError):
        unit_densities(read("facilities"), read("counties", crs="analysis"))


def test_units_that_state_no_area_are_measured():
    sites, units = read("facilities", crs="analysis"), read("counties", crs="analysis")
    bare = unit_densities(sites, units.drop(columns="area_km2")).values.value
    assert bare.sum() > 0
    assert np.allclose(bare, unit_densities(sites, units).values.value, rtol=1e-3)


@settings(max_examples=8, deadline=None)
@given(st.lists(st.tuples(st.integers(-5, 25), st.integers(-5, 15)), min_size=1, max_size=20))
def test_every_point_counts_once_wherever_it_lies(xy):
    # two squares of 10 km side by side; points keep half a kilometre from every border
    boxes = [shapely.box(0, 0, 10e3, 10e3), shapely.box(10e3, 0, 20e3, 10e3)]
    units = gpd.GeoDataFrame(
        {"area_km2": [100.0, 100.0]}, index=["a", "b"], geometry=boxes, crs=ANALYSIS_CRS
    )
    spots = gpd.points_from_xy(*(1e3 * np.array(xy, dtype=float).T + 500))
    found = unit_densities(gpd.GeoDataFrame(geometry=spots, crs=ANALYSIS_CRS), units)
    inside = sum(0 <= x < 20 and 0 <= y < 10 for x, y in xy)
    assert found.n == inside == found.values.weight.sum()
    assert found.n + sum(found.n_dropped.values()) == len(xy)
    assert found.values.value.sum() * 100 == inside
