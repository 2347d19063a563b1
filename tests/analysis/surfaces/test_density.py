"""Density surfaces: the mass is kept, the coast does not leak, the error is what we say."""

import json
from functools import partial
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from metres import ANALYSIS_CRS
from rasterio.transform import xy
from shapely import Point, box

from geo.analysis.surfaces.density import density_at, kernel_error, point_density
from geo.analysis.surfaces.density import density_surface as surface_in
from geo.errors import CRSError, InputError

density_surface = partial(surface_in, crs=ANALYSIS_CRS)
KDE = json.loads((Path(__file__).parents[2] / "golden/e_kde.json").read_text(encoding="utf-8"))


def clustered(n: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    centres = random.uniform(-2e5, 2e5, (30, 2))
    return tuple(
        np.ascontiguousarray(
            (centres[random.integers(0, 30, n)] + random.normal(0, 15_000, (n, 2))).T
        )
    )


def middles(raster, rows, columns):
    return xy(raster.transform, rows, columns)


def test_exact_kernel_golden():
    """The golden kernel has h = 1 and counts per unit area; ours counts per km²."""
    x, y = np.array(KDE["points"]).T * 1000
    at_x, at_y = np.array(KDE["query"]).T * 1000
    got = density_at(x, y, at_x, at_y, bandwidth_m=KDE["h"] * 1000)
    np.testing.assert_allclose(got, KDE["gaussian_intensity"], atol=1e-11)


@pytest.mark.parametrize(
    ("cell_m", "share_of_peak"), [(500, 2e-5), (5_000 / 3, 2e-4), (5_000 / 1.71, 2e-3)]
)
@pytest.mark.parametrize("n", [1, 50, 250_000], ids=["one", "few", "compiled"])
def test_error_against_the_exact_kernel(n, cell_m, share_of_peak):
    x, y = clustered(n)
    done = density_surface(x, y, cell_m=cell_m)
    values = done.raster.values
    random = np.random.default_rng(1)
    hottest = np.unravel_index(values.argmax(), values.shape)
    rows = [*random.integers(0, values.shape[0], 20), hottest[0]]
    columns = [*random.integers(0, values.shape[1], 20), hottest[1]]
    exact = density_at(x, y, *middles(done.raster, rows, columns), bandwidth_m=5_000)
    # where a point lies in its cell matters, and averages out
    limit = share_of_peak if n > 50 else (cell_m / 5_000) ** 2 / 6 * 1.2
    assert np.abs(values[rows, columns] - exact).max() < limit * values.max()


def test_the_stated_error_is_the_error():
    x, y = clustered(2_000)
    weights = np.random.default_rng(2).uniform(0, 9, len(x))
    stated = kernel_error(x, y, weights=weights, bandwidth_m=3_000, cell_m=1_500)
    done = density_surface(x, y, weights=weights, bandwidth_m=3_000, cell_m=1_500).raster
    rows, columns = np.nonzero(done.values > 0.05 * done.values.max())
    exact = density_at(x, y, *middles(done, rows, columns), bandwidth_m=3_000, weights=weights)
    worst = np.abs(done.values[rows, columns] - exact).max() / exact.max()
    assert 0.1 * worst < stated <= worst
    assert kernel_error(x, y, bandwidth_m=3_000, cell_m=100) < 1e-4 < stated
    assert np.isnan(kernel_error([0.0], [0.0], weights=[0.0]))


@settings(max_examples=20, deadline=None)
@given(
    n=st.integers(1, 400),
    seed=st.integers(0, 99),
    bandwidth=st.floats(2_000, 20_000),
    ratio=st.floats(1.71, 6),
)
def test_mass_is_kept_within_a_thousandth(n, seed, bandwidth, ratio):
    x, y = clustered(n, seed)
    done = density_surface(x, y, bandwidth_m=bandwidth, cell_m=bandwidth / ratio)
    assert done.mass == pytest.approx(n, rel=1e-3)
    tall, wide = done.raster.cell_size
    assert done.raster.values.sum() * tall * wide / 1e6 == pytest.approx(done.mass)
    assert done.raster.values.min() >= 0


def test_weights_add_up_and_bad_points_are_counted():
    x, y = [0.0, 1e4, np.nan, 0.0, 0.0], [0.0, 0.0, 0.0, np.inf, 0.0]
    done = density_surface(x, y, weights=[2.0, 3.0, 9.0, 9.0, -1.0])
    assert (done.n, done.n_dropped, done.total) == (2, 3, 5.0)
    assert done.mass == pytest.approx(5.0, rel=1e-3)


def test_a_box_loses_what_lies_beyond_and_says_so():
    done = density_surface([0.0], [0.0], box=(0, -5e4, 5e4, 5e4))
    assert done.mass == pytest.approx(0.5, abs=0.001)
    # a point beyond the box still counts inside
    outside = density_surface([-2_500.0], [0.0], box=(0, -5e4, 5e4, 5e4))
    assert outside.mass == pytest.approx(0.3085, abs=0.001)


def test_the_surface_lies_where_the_points_are():
    done = density_surface([12_345.0], [-6_789.0], cell_m=100, bandwidth_m=2_000)
    row, column = np.unravel_index(done.raster.values.argmax(), done.raster.values.shape)
    assert np.abs(np.subtract(middles(done.raster, row, column), (12_345, -6_789))).max() <= 50


def test_the_coast_keeps_the_mass_on_land():
    land = gpd.GeoSeries([box(-3e5, -3e5, 0, 3e5)], crs=ANALYSIS_CRS)
    random = np.random.default_rng(0)
    points = gpd.GeoSeries(
        [Point(x, y) for x, y in random.uniform((-4e4, -4e4), (0, 4e4), (300, 2))], crs=ANALYSIS_CRS
    )
    plain, aware = point_density(points), point_density(points, land=land)
    assert aware.mass == pytest.approx(300, rel=1e-3)
    assert aware.off_land == 0
    west, north = aware.raster.transform.c, aware.raster.transform.f
    assert (west, north) == (plain.raster.transform.c, plain.raster.transform.f)
    sea = np.isnan(aware.raster.values)
    on_land = np.nansum(plain.raster.values[~sea]) * 0.25
    assert on_land < 290  # what the plain surface loses to the sea
    assert sea.any()
    column = int(-west / 500) - 1  # the last column of land
    rows = slice(int(north / 500) - 40, int(north / 500) + 40)
    inland = np.nanmean(aware.raster.values[rows, column - 40])
    assert np.nanmean(aware.raster.values[rows, column]) == pytest.approx(inland, rel=0.2)


def test_points_far_at_sea_are_reported_not_piled_on_the_shore():
    land = gpd.GeoSeries([box(-1e5, -1e5, 0, 1e5)], crs=ANALYSIS_CRS)
    done = density_surface([-1e4, 6e4], [0.0, 0.0], land=land)
    assert done.off_land == pytest.approx(1.0)
    assert done.mass == pytest.approx(1.0, rel=1e-3)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"cell_m": 3_000}, "too coarse for a bandwidth of 5000 m; use 2941 m"),
        ({"cell_m": 0}, "some metres"),
        ({"bandwidth_m": np.nan}, "some metres"),
        ({"box": (1, 1, 0, 0)}, "west, south, east, north"),
        ({"weights": [1.0, 2.0]}, "lengths differ"),
        ({"cell_m": 0.1, "bandwidth_m": 10_000.0}, "too many"),
        ({"land": gpd.GeoSeries([None], crs=ANALYSIS_CRS)}, "no polygons"),
    ],
)
def test_nonsense_raises(options, said):
    with pytest.raises(InputError, match=said):
        density_surface([0.0], [0.0], **options)


def test_frames_must_be_in_metres():
    with pytest.raises(CRSError, match="metres are needed"):
        point_density(gpd.GeoSeries([Point(116, 39)], crs=4326))
    with pytest.raises(InputError, match="no points"):
        point_density(gpd.GeoSeries([None], crs=ANALYSIS_CRS))
