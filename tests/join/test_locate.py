"""locate: columns, border distance and doubt, against plain GEOS."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from metres import to_analysis
from shapely import LineString, Point, box

import geo
from geo.errors import CRSError, InputError
from geo.join import locate, unit_index


def spots(*xy, index=None) -> gpd.GeoSeries:
    return gpd.GeoSeries([one and Point(one) for one in xy], index=index, crs="EPSG:4326")


@pytest.fixture(scope="module")
def counties() -> gpd.GeoDataFrame:
    return geo.layers.read("counties")


def test_columns_and_alignment(counties):
    found = locate(spots((116.4, 39.9), None, (100, 30), index=["x", "y", "z"]), counties)
    assert found.columns.tolist() == ["adcode", "boundary_distance_m", "ambiguous"]
    assert found.index.tolist() == ["x", "y", "z"]
    assert found.adcode.tolist()[0] == "110101"
    assert found.loc[["y", "z"]].isna().all(axis=None)
    assert found.ambiguous.dtype == "boolean"


def test_ambiguous_is_distance_below_the_sum_of_errors(counties):
    at = spots((116.4, 39.9), (116.4, 39.9), (116.4, 39.9))
    away = locate(at, counties).boundary_distance_m.iloc[0]
    accuracy = pd.Series([away - 300.5, away - 299.5, np.nan])
    found = locate(at, counties, accuracy_m=accuracy, boundary_accuracy_m=300.0)
    assert found.ambiguous.tolist() == [False, True, away < 300]


@pytest.mark.parametrize("layer", ["provinces", "counties"])
@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_border_distance_equals_geos(layer, seed):
    units = geo.layers.read(layer)
    random = np.random.default_rng(seed)
    xy = shapely.get_coordinates(units.geometry.to_numpy())
    near = xy[random.integers(0, len(xy), 40)] + random.normal(0, 0.01, (40, 2))
    lon, lat = np.concatenate([near, random.uniform((113.4, 36), (119.9, 42.7), (60, 2))]).T
    index = unit_index(units)
    codes = index.codes(lon, lat)
    placed = codes >= 0
    points = to_analysis(gpd.GeoSeries(shapely.points(lon, lat), crs=4326)).to_numpy()[placed]
    borders = shapely.boundary(to_analysis(units.sort_index()).geometry.to_numpy())[codes[placed]]
    wanted = shapely.distance(points, borders)
    for compile_from in (0, 10**9):
        found = index.border_distance_m(lon, lat, codes, compile_from=compile_from)
        assert np.isnan(found[~placed]).all()
        np.testing.assert_allclose(found[placed], wanted, rtol=0, atol=1e-6)


def test_distance_on_a_border_is_zero():
    units = gpd.GeoDataFrame(
        index=pd.Index(["a"], name="adcode"), geometry=[box(116, 39, 116.01, 39.01)], crs=4326
    )
    found = locate(spots((116, 39), (116, 39.005)), units)
    assert found.boundary_distance_m.tolist() == pytest.approx([0, 0], abs=0.01)


def test_bad_input_raises(counties):
    with pytest.raises(CRSError, match="points has no reference system"):
        locate(gpd.GeoSeries([Point(1, 1)]), counties)
    with pytest.raises(CRSError, match="points is in"):
        locate(to_analysis(spots((116, 39))), counties)
    with pytest.raises(InputError, match="points: 0 is a LineString, not a point"):
        locate(gpd.GeoSeries([LineString([(0, 0), (1, 1)])], crs=4326), counties)


def test_no_points(counties):
    assert locate(spots(), counties).shape == (0, 3)


def test_arguments_are_not_changed(counties):
    before = counties.copy()
    locate(spots((116.4, 39.9)), counties)
    pd.testing.assert_frame_equal(pd.DataFrame(counties), pd.DataFrame(before))
