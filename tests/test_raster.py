"""Rasters in memory: turned, outlined, burnt and warped."""

import numpy as np
import pytest
import shapely
from affine import Affine
from metres import ANALYSIS_CRS
from shapely import LineString, box

from geo import raster as module
from geo.crs import STORAGE_CRS
from geo.errors import InputError
from geo.raster import (
    Raster,
    burn_shapes,
    gdal_crs,
    mask_inside,
    north_up,
    polygonise,
    warp,
    warp_to_analysis,
)

CELLS = Affine(0.01, 0, 116, 0, -0.01, 40)


def test_warping_strip_by_strip_is_warping_at_once(monkeypatch):
    values = np.random.default_rng(0).uniform(0, 9, (60, 80))
    codes = np.random.default_rng(0).integers(0, 5, (60, 80)).astype(np.uint8)
    for cells in (values, codes):
        at_once, placed = warp(cells, CELLS, STORAGE_CRS, "EPSG:3857", nearest=True)
        monkeypatch.setattr(module, "_WARPED_AT_ONCE", 700)
        by_strips, same = warp(cells, CELLS, STORAGE_CRS, "EPSG:3857", nearest=True)
        monkeypatch.undo()
        assert placed == same
        assert at_once.dtype == cells.dtype
        # GDAL interpolates the way of each strip: a cell in a thousand may take its neighbour
        same_cells = np.isclose(at_once, by_strips, atol=0, equal_nan=True)
        assert same_cells.mean() > 0.99


def test_a_warp_beyond_the_projection_is_refused():
    with pytest.raises(InputError, match="does not lie where"):
        warp(np.ones((3, 3)), Affine(1e9, 0, 1e12, 0, -1e9, 1e12), STORAGE_CRS, ANALYSIS_CRS)


def test_what_was_taken_as_no_data_is_kept_through_a_warp():
    made = Raster(np.ones((9, 9)), CELLS, STORAGE_CRS, "m", ((-9999.0, 3),))
    warped = warp_to_analysis(made, ANALYSIS_CRS)
    assert (warped.unit, warped.undeclared) == ("m", ((-9999.0, 3),))
    assert warped.crs == ANALYSIS_CRS


def test_outlines_and_masks_are_of_the_same_cells():
    held = np.array([[1, 1, 0], [0, 1, 0], [0, 0, 1]], dtype=bool)
    grid = Affine(10, 0, 500, 0, -10, 900)
    outline = polygonise(held, grid)
    assert outline.area == held.sum() * 100
    np.testing.assert_array_equal(
        mask_inside([outline, None, shapely.Polygon()], (3, 3), grid), held
    )
    np.testing.assert_array_equal(burn_shapes([outline], (3, 3), grid), held)
    assert polygonise(np.zeros((2, 2), dtype=bool), grid).is_empty
    assert not mask_inside([], (2, 2), grid).any()
    assert not burn_shapes([], (2, 2), grid).any()


def test_a_touched_cell_counts_when_asked():
    line = LineString([(1, 1), (29, 1)])
    grid = Affine(10, 0, 0, 0, -10, 30)
    assert burn_shapes([line], (3, 3), grid, touched=True)[2].all()
    assert not burn_shapes([box(1, 1, 3, 3)], (3, 3), grid).any()


def test_a_rotated_grid_that_would_not_be_held_is_refused():
    flat = Raster(np.ones((2, 2)), Affine(1e6, 1e-3, 0, 1e6, -1e-3, 0), ANALYSIS_CRS)
    with pytest.raises(InputError, match="cannot be held"):
        north_up(flat)


def test_a_reference_system_is_the_same_to_both_libraries():
    assert gdal_crs(STORAGE_CRS).to_epsg() == gdal_crs("EPSG:4326").to_epsg() == 4326
