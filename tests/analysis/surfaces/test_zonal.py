"""Zonal statistics, hillshade and clipping against the golden hand values."""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from metres import ANALYSIS_CRS
from shapely import LineString, Polygon, box

import geo
from geo.analysis.surfaces.zonal import clip_raster, hillshade, zonal
from geo.crs import STORAGE_CRS
from geo.door.rasters import read_raster
from geo.errors import CRSError, InputError
from geo.raster import Raster, warp_to_analysis

GOLDEN = Path(__file__).parents[2] / "golden"
ZONAL = json.loads((GOLDEN / "i_zonal_stats.json").read_text(encoding="utf-8"))
SHADE = json.loads((GOLDEN / "i_hillshade.json").read_text(encoding="utf-8"))


def metres(values, cell=10.0, north=40.0) -> Raster:
    return Raster(np.array(values, dtype=float), Affine(cell, 0, 0, 0, -cell, north), ANALYSIS_CRS)


@pytest.fixture
def golden_raster() -> Raster:
    values = np.array(ZONAL["raster"])
    return metres(np.where(values == ZONAL["nodata"], np.nan, values))


def frame(*shapes, crs=ANALYSIS_CRS) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        index=[f"u{at}" for at in range(len(shapes))], geometry=list(shapes), crs=crs
    )


def test_zonal_golden_exact_area(golden_raster):
    got = zonal(golden_raster, frame(Polygon(ZONAL["polygon"]))).iloc[0]
    exact = ZONAL["exact_area_weighted"]
    assert got["cells"] == pytest.approx(exact["weighted_count"])
    assert got["sum"] == pytest.approx(exact["weighted_sum"])
    assert got["mean"] == pytest.approx(exact["weighted_mean"])
    assert (got["min"], got["max"]) == (exact["min"], exact["max"])
    whole = ZONAL["polygon_area"] / ZONAL["cell_area"]
    assert got["share_missing"] == pytest.approx(exact["nodata_weight"] / whole, abs=1e-6)


def test_a_zone_without_values_is_missing_not_zero(golden_raster):
    got = zonal(
        golden_raster,
        frame(box(21, 11, 29, 19), box(500, 500, 600, 600), Polygon(), None, box(0, 0, 1, 1)),
    )
    assert got.loc[["u0", "u1"], ["mean", "sum", "min", "max", "stdev"]].isna().all(axis=None)
    assert got.cells.tolist()[:2] == [0.0, 0.0]
    assert got.share_missing.tolist()[:2] == [1.0, 1.0]
    assert got.share_missing.isna().tolist() == [False, False, True, True, False]
    with pytest.raises(InputError, match="no unit meets the raster"):
        zonal(golden_raster, frame(box(500, 500, 600, 600)))


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), cut=st.floats(0.5, 39.5))
def test_sums_over_tiles_are_conserved(seed, cut):
    raster = metres(np.random.default_rng(seed).uniform(0, 9, (4, 4)))
    whole = zonal(raster, frame(box(0, 0, 40, 40))).iloc[0]
    parts = zonal(raster, frame(box(0, 0, cut, 40), box(cut, 0, 40, 40)))
    assert parts["sum"].sum() == pytest.approx(whole["sum"])
    assert parts["cells"].sum() == pytest.approx(16)
    assert whole["sum"] == pytest.approx(raster.values.sum())


def test_degrees_are_weighted_by_area():
    raster = Raster(np.array([[1.0], [3.0]]), Affine(1, 0, 116, 0, -20, 60), STORAGE_CRS)
    got = zonal(raster, frame(box(116, 20, 117, 60), crs=STORAGE_CRS)).iloc[0]
    a, b = np.cos(np.radians(50)), np.cos(np.radians(30))
    assert got["mean"] == pytest.approx((a + 3 * b) / (a + b))
    assert got["sum"] == pytest.approx(4.0)


def test_units_are_reprojected_and_aligned():
    raster = read_raster(geo.layers.path("terrain"))
    counties = geo.layers.read("counties")
    got = zonal(raster, counties.to_crs(ANALYSIS_CRS))
    assert got.index.equals(counties.index)
    assert got.loc["130732", "mean"] > 1_000  # 赤城, in the mountains
    assert got.loc["131003", "mean"] < 50  # 广阳, in the plain
    pd.testing.assert_series_equal(
        got["mean"], zonal(raster, counties)["mean"], rtol=1e-6, atol=1e-4
    )


def test_no_reference_system_raises(golden_raster):
    with pytest.raises(CRSError, match="no reference system"):
        zonal(golden_raster, frame(box(0, 0, 1, 1), crs=None))
    with pytest.raises(CRSError, match="no reference system"):
        clip_raster(golden_raster, frame(box(0, 0, 1, 1), crs=None))


def test_lines_are_no_areas(golden_raster):
    line = frame(LineString([(0, 0), (30, 30)]))
    for function in (zonal, clip_raster):
        with pytest.raises(InputError, match="u0 is a LineString, not a polygon"):
            function(golden_raster, line)


def test_hillshade_golden_window():
    example = SHADE["esri_example"]
    got = hillshade(
        metres(example["window"], cell=example["cellsize"]),
        azimuth_deg=example["azimuth"],
        altitude_deg=example["altitude"],
    )
    assert got.values[1, 1] == pytest.approx(example["hillshade"], abs=1e-6)
    assert round(got.values[1, 1]) == example["rounded"]


def test_hillshade_golden_terrain():
    example = SHADE["dem5"]
    got = hillshade(metres(example["dem"], cell=example["cellsize"]))
    wanted = np.array(example["hillshade"], dtype=float)
    np.testing.assert_allclose(got.values, wanted, atol=1e-6)


def test_hillshade_of_flat_ground_holes_and_nonsense():
    flat = metres(np.full((5, 5), 7.0))
    inner = hillshade(flat, altitude_deg=30).values[1:-1, 1:-1]
    np.testing.assert_allclose(inner, 255 * np.sin(np.radians(30)))
    holed = flat.values.copy()
    holed[2, 2] = np.nan
    assert np.isnan(hillshade(metres(holed)).values).all()
    assert np.isnan(hillshade(metres([[1.0, 2.0]])).values).all()
    with pytest.raises(InputError, match="0 to 90"):
        hillshade(flat, altitude_deg=91)
    with pytest.raises(CRSError, match="needs metres"):
        hillshade(Raster(flat.values, flat.transform, STORAGE_CRS))


def test_strips_are_the_whole(monkeypatch):
    hills = metres(np.random.default_rng(1).uniform(0, 900, (23, 17)))
    whole = hillshade(hills, z_factor=2.0)
    monkeypatch.setattr("geo.analysis.surfaces.zonal._STRIP_CELLS", 60)
    np.testing.assert_array_equal(hillshade(hills, z_factor=2.0).values, whole.values)


def test_cells_that_are_not_square():
    """A plane's slope is the same whatever the cells."""
    y, x = np.mgrid[0:8, 0:8].astype(float)
    wide = Raster(0.3 * x * 20 + 0.1 * y * 5, Affine(20, 0, 0, 0, -5, 40), ANALYSIS_CRS)
    square = metres(0.3 * x * 10 + 0.1 * y * 10)
    np.testing.assert_allclose(hillshade(wide).values, hillshade(square).values)


def test_clip_keeps_cells_and_place(golden_raster):
    got = clip_raster(golden_raster, frame(Polygon(ZONAL["polygon"])))
    assert np.nansum(got.values) == ZONAL["center_rule"]["sum"]
    assert got.values.shape == (3, 2)
    assert (got.transform.c, got.transform.f) == (10, 30)
    with pytest.raises(InputError, match="no cell of the raster"):
        clip_raster(golden_raster, frame(box(500, 500, 600, 600)))
    with pytest.raises(InputError, match="no cell of the raster"):
        clip_raster(golden_raster, frame(Polygon(), None))


def test_warp_keeps_values_and_holes():
    raster = read_raster(geo.layers.path("terrain"))
    assert np.isnan(raster.values).any()  # the sea
    warped = warp_to_analysis(raster, ANALYSIS_CRS)
    assert warped.crs == ANALYSIS_CRS
    assert np.nanmax(warped.values) <= np.nanmax(raster.values)
    assert warp_to_analysis(warped, ANALYSIS_CRS) is warped
    coarse = warp_to_analysis(raster, ANALYSIS_CRS, cell_m=20_000, nearest=True)
    assert coarse.cell_size == (20_000, 20_000)
    assert np.isin(coarse.values[~np.isnan(coarse.values)], raster.values).all()
