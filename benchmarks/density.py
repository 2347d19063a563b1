"""Density surface: a million points, two million cells, Gaussian of 5 km."""

from importlib.util import find_spec
from typing import Any

import numpy as np
from rasterio.transform import xy
from scipy.ndimage import gaussian_filter
from scipy.signal import fftconvolve

from benchmarks.data import points
from benchmarks.metres import ANALYSIS_CRS, project
from benchmarks.report import Report
from geo.analysis.surfaces.density import density_at, density_surface

HALF, CELLS, CELL = 353_500.0, 1_414, 500.0
BOX = (-HALF, -HALF, HALF, HALF)


def run(report: Report) -> None:
    x, y = project(*points(report.size(1_000_000)))
    done = density_surface(x, y, crs=ANALYSIS_CRS, box=BOX).raster
    random = np.random.default_rng(0)
    hottest = np.unravel_index(done.values.argmax(), done.values.shape)
    rows = np.append(random.integers(50, CELLS - 50, 40), hottest[0])
    columns = np.append(random.integers(50, CELLS - 50, 40), hottest[1])
    exact = density_at(x, y, *xy(done.transform, rows, columns), bandwidth_m=5_000)

    def check(_: str, answer: Any) -> str:
        error = float(np.abs(answer[rows, columns] - exact).max() / exact.max())
        assert error < 5e-3, f"off by {error:.1e} of the peak"
        return f"error {error:.1e} of the peak"

    def counts() -> Any:
        return np.histogram2d(-y, x, bins=CELLS, range=[[-HALF, HALF]] * 2)[0] * 4

    def convolved() -> Any:
        kernel = np.exp(-(np.arange(-50, 51) ** 2) / 200)
        kernel /= kernel.sum()
        return fftconvolve(counts(), np.outer(kernel, kernel), mode="same")

    report.compare(
        f"Density surface, {len(x):,} points, {CELLS**2:,} cells",
        {"jingjinji": lambda: density_surface(x, y, crs=ANALYSIS_CRS, box=BOX).raster.values},
        {
            "histogram + scipy fftconvolve": convolved,
            "histogram + gaussian_filter": lambda: gaussian_filter(counts(), 10, truncate=5),
            "KDEpy FFTKDE": _kdepy(x, y),
        },
        check=check,
        goals={"histogram + scipy fftconvolve": 1.0},
    )


def _kdepy(x: Any, y: Any) -> Any:
    if not find_spec("KDEpy"):
        return None
    from KDEpy import FFTKDE

    middles = -HALF + CELL / 2 + CELL * np.arange(CELLS)
    grid = np.stack(np.meshgrid(middles, middles, indexing="ij"), axis=-1).reshape(-1, 2)
    inside = (np.abs(x) < middles[-1]) & (np.abs(y) < middles[-1])
    # in bandwidths: it cannot solve for its kernel's reach in metres
    spots, grid = np.column_stack([x[inside], y[inside]]) / 5_000, grid / 5_000

    def work() -> Any:
        values = FFTKDE(kernel="gaussian", bw=1).fit(spots).evaluate(grid)
        return values.reshape(CELLS, CELLS).T[::-1] * len(spots) / 25

    return work
