"""Surfaces of years: one grid, and nothing counted twice."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from metres import ANALYSIS_CRS
from shapely import box

from geo.analysis.surfaces.density import densities_by_year, point_density
from geo.errors import InputError


def spots(xy):
    return gpd.GeoSeries.from_xy(*zip(*xy, strict=True), crs=ANALYSIS_CRS)


rows = st.lists(
    st.tuples(
        st.floats(-2e4, 2e4), st.floats(-2e4, 2e4), st.sampled_from([2019, 2020, 2024, None, "x"])
    ),
    min_size=1,
    max_size=12,
).filter(lambda found: any(isinstance(year, int) for *_, year in found))


@settings(max_examples=25)
@given(rows)
def test_the_years_add_up_to_the_dated_points(found):
    years = pd.Series([year for *_, year in found])
    points = spots([(x, y) for x, y, _ in found])
    land = gpd.GeoSeries([box(-1e5, -1e5, 1e3, 1e5)], crs=ANALYSIS_CRS)
    dated = years.isin([2019, 2020, 2024]).to_numpy()
    whole = point_density(points[dated], cell_m=2_000, land=land)
    made = densities_by_year(points, years, cell_m=2_000, land=land, box=whole.raster.bounds)
    assert sorted(made) == sorted({int(one) for one in years[dated]})
    for one in made.values():
        assert one.raster.transform == whole.raster.transform
    total = sum(one.raster.values for one in made.values())
    assert np.allclose(total, whole.raster.values, atol=1e-12, equal_nan=True)
    assert sum(one.n for one in made.values()) == whole.n


def test_weights_follow_their_points():
    years, points = pd.Series([2020, 2021]), spots([(0, 0), (5e3, 0)])
    made = densities_by_year(points, years, weights=[3.0, 5.0])
    assert [round(one.mass, 2) for one in made.values()] == [3.0, 5.0]


@pytest.mark.parametrize("years", [[None, "n.a."], [2020.5, 20], [np.inf, -1]])
def test_without_a_year_nothing_is_made_up(years):
    with pytest.raises(InputError, match="no point with a place has a year"):
        densities_by_year(spots([(0, 0), (1, 1)]), pd.Series(years))


def test_too_many_cells_are_refused_before_they_are_made():
    points = spots([(-4e5, -4e5), (4e5, 4e5)] * 8)
    with pytest.raises(InputError, match="8 years of .* cells are too many"):
        densities_by_year(points, pd.Series(np.repeat(np.arange(2001, 2009), 2)), cell_m=180)
