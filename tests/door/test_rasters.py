"""Any GeoTIFF: whichever way its rows run, turned, in windows, with fewer cells."""

import logging

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from affine import Affine
from shapely import box

from geo.analysis.raster import clip_raster, zonal
from geo.door.rasters import cells_within, read_raster
from geo.errors import InputError
from geo.raster import Raster

NORTH_UP = Affine(500, 0, 440_000, 0, -500, 4_420_000)


@pytest.fixture
def written(tmp_path):
    def write(values, transform, **options):
        path = tmp_path / "r.tif"
        height, width = values.shape
        with rasterio.open(
            path, "w", driver="GTiff", width=width, height=height, count=1, dtype=values.dtype,
            crs="EPSG:4509", transform=transform, **options,
        ) as made:  # fmt: skip
            made.write(values, 1)
        return path

    return write


def values(n_rows=40, n_columns=60) -> np.ndarray:
    return np.random.default_rng(0).uniform(1, 9, (n_rows, n_columns))


def test_rows_from_the_south_and_columns_from_the_east(written):
    cells = values()
    plain = read_raster(written(cells, NORTH_UP))
    south = Affine(500, 0, 440_000, 0, 500, 4_420_000 - 40 * 500)
    east = Affine(-500, 0, 440_000 + 60 * 500, 0, -500, 4_420_000)
    for turned, transform in ((cells[::-1], south), (cells[:, ::-1], east)):
        found = read_raster(written(np.ascontiguousarray(turned), transform))
        np.testing.assert_array_equal(found.values, plain.values)
        assert found.transform == plain.transform


def test_a_rotated_grid_keeps_values_in_their_place(written, caplog):
    """A field that is a function of the place: each cell must hold its own."""
    turn = NORTH_UP * Affine.rotation(-30)
    columns, rows = np.meshgrid(np.arange(200) + 0.5, np.arange(160) + 0.5)
    x, y = turn * (columns, rows)
    with caplog.at_level(logging.WARNING):
        found = read_raster(written((x - 400_000) / 500 + (y - 4_400_000) / 100, turn))
    assert "r.tif: is rotated" in caplog.text
    assert found.transform.b == found.transform.d == 0
    columns, rows = np.meshgrid(*(np.arange(n) + 0.5 for n in found.values.shape[::-1]))
    x, y = found.transform * (columns, rows)
    off = found.values - ((x - 400_000) / 500 + (y - 4_400_000) / 100)
    held = np.isfinite(off)
    # the middle of the nearest cell is at most half a diagonal away
    assert np.abs(off[held]).max() <= (1 / 500 + 1 / 100) * 500 * np.sqrt(0.5) + 1e-6
    assert held.sum() == pytest.approx(200 * 160, rel=0.01)


@pytest.mark.parametrize("transform", [NORTH_UP, Affine(500, 0, 440_000, 0, 500, 4_400_000)])
def test_a_window_is_the_same_as_the_whole(written, transform):
    path = written(values(), transform, nodata=3.0)
    area = gpd.GeoDataFrame(geometry=[box(446_300, 4_405_200, 452_700, 4_411_900)], crs=4509)
    area = area.to_crs(4326)
    part, whole = read_raster(path, within=area), read_raster(path)
    assert cells_within(path, area) == part.values.size < whole.values.size / 4
    for function in (clip_raster, zonal):
        one, other = function(part, area), function(whole, area)
        if isinstance(one, Raster):
            np.testing.assert_array_equal(one.values, other.values)
            assert one.transform == other.transform
        else:
            np.testing.assert_allclose(one, other, rtol=1e-12)
    elsewhere = area.set_crs(4326).translate(50, 0).set_crs(4326, allow_override=True)
    assert cells_within(path, elsewhere) == 0
    with pytest.raises(InputError, match="no unit meets the raster"):
        read_raster(path, within=elsewhere)


def test_fewer_cells_keep_mean_and_ground(written):
    path = written(values(400, 600), NORTH_UP)
    few, whole = read_raster(path, at_most=2_400), read_raster(path)
    assert few.values.size <= 2_400
    assert few.values.mean() == pytest.approx(whole.values.mean(), rel=1e-3)
    (n_rows, n_columns), t = few.values.shape, few.transform
    assert (t.a * n_columns, t.e * n_rows) == pytest.approx((600 * 500, -400 * 500))


def test_scale_offset_and_mask(written):
    path = written(np.array([[0, 10], [20, 30]], dtype=np.int16), NORTH_UP, nodata=0)
    with rasterio.open(path, "r+") as made:
        made.scales, made.offsets = (0.5,), (100.0,)
        made.set_band_unit(1, "m")
    found = read_raster(path)
    np.testing.assert_array_equal(found.values, [[np.nan, 105.0], [110.0, 115.0]])
    assert found.unit == "m"
