"""A study polygon, and how much of it overlaps itself when shifted."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from scipy.fft import irfft2, next_fast_len, rfft2

from geo.analysis._points import PointTable, point_table
from geo.analysis.years import by_year, split_drops
from geo.crs import metres_of, require_crs
from geo.errors import InputError

__all__ = ["Window", "by_year_inside", "inside", "study_window", "uniform_points"]

Floats = NDArray[np.float64]
_GRID: Final = 512
"""Cells along the longer side of a window that is not a rectangle."""


@dataclass(frozen=True)
class Window:
    """A study polygon, and how much of it overlaps itself when shifted."""

    shape: shapely.Geometry
    area: float
    cell: float
    overlaps: Floats | None  # by whole cells of shift; None for a rectangle
    crs: CRS

    def overlap(self, shift: Floats) -> Floats:
        """Return the area of W ∩ (W + h).

        Parameters
        ----------
        shift
            Shifts h in metres, shape (n, 2).

        Returns
        -------
        ndarray
            Square metres, shape (n,).
        """
        if self.overlaps is None:
            west, south, east, north = self.shape.bounds
            sides = np.maximum(np.array([east - west, north - south]) - np.abs(shift), 0)
            return np.asarray(sides.prod(axis=1))
        at = shift / self.cell
        low = np.floor(at).astype(int)
        part = at - low
        rows, columns = self.overlaps.shape
        total = np.zeros(len(shift))
        for dy in (0, 1):
            for dx in (0, 1):
                share = np.abs(1 - dx - part[:, 0]) * np.abs(1 - dy - part[:, 1])
                total += share * self.overlaps[(low[:, 1] + dy) % rows, (low[:, 0] + dx) % columns]
        return total


def study_window(window: gpd.GeoDataFrame | gpd.GeoSeries, *, reach: float = 0.0) -> Window:
    crs = metres_of(window, name="window")
    shape = shapely.union_all(window.geometry.to_numpy())
    if shape.is_empty or shape.area == 0:
        msg = "the study window has no area"
        raise InputError(msg)
    west, south, east, north = shape.bounds
    if reach >= min(east - west, north - south):
        msg = f"the largest distance, {reach:.0f} m, spans the window"
        raise InputError(msg)
    shapely.prepare(shape)
    if reach <= 0 or shape.normalize().equals(shapely.box(*shape.bounds).normalize()):
        return Window(shape, shape.area, 0.0, None, crs)
    cell = max(east - west, north - south) / _GRID
    return Window(shape, shape.area, cell, _self_overlap(shape, cell, reach), crs)


def _self_overlap(shape: shapely.Geometry, cell: float, reach: float) -> Floats:
    """Correlate the window's mask with itself; scaled so that no shift gives the exact area."""
    west, south, east, north = shape.bounds
    x = np.arange(west + cell / 2, east + cell, cell)
    y = np.arange(south + cell / 2, north + cell, cell)
    xx, yy = np.meshgrid(x, y)
    mask = shapely.contains_xy(shape, xx, yy).astype(float)
    spare = int(np.ceil(reach / cell)) + 2
    size = [next_fast_len(n + spare, real=True) for n in mask.shape]
    spectrum = rfft2(mask, size)
    overlaps = np.asarray(irfft2(np.abs(spectrum) ** 2, size), dtype=float)
    return np.asarray(np.maximum(overlaps, 0) * (shape.area / overlaps[0, 0]))


def inside(table: PointTable, window: Window) -> tuple[pd.DataFrame, dict[str, int]]:
    rows = table.frame
    within = shapely.intersects_xy(window.shape, rows["x"].to_numpy(), rows["y"].to_numpy())
    outside = pd.Series(~within, index=rows.index)
    kept, dropped = split_drops(rows, {"outside the study window": outside})
    if kept.empty:
        msg = "no point lies inside the study window"
        raise InputError(msg)
    return kept, table.n_dropped | dropped


def by_year_inside(
    points: gpd.GeoDataFrame,
    study: Window,
    measure: Callable[[pd.DataFrame], dict[str, Any] | pd.DataFrame],
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Measure the points inside the window year by year; return values and a result's account."""
    table = point_table(points)
    require_crs(points, study.crs, name="points")
    kept, dropped = inside(table, study)

    def one_year(rows: pd.DataFrame) -> dict[str, Any] | pd.DataFrame:
        if len(rows) < 2:
            msg = f"{len(rows)} point in a year: a pattern needs two"
            raise InputError(msg)
        return measure(rows)

    account = {"n": len(kept), "n_dropped": dropped, "crs": study.crs, "years": table.years}
    return by_year(kept, one_year), account


def uniform_points(n: int, window: Window, rng: np.random.Generator) -> Floats:
    west, south, east, north = window.shape.bounds
    share = window.area / ((east - west) * (north - south))
    kept: list[Floats] = []
    found = 0
    while found < n:
        xy = rng.uniform((west, south), (east, north), (int((n - found) / share * 1.2) + 8, 2))
        xy = xy[shapely.contains_xy(window.shape, xy[:, 0], xy[:, 1])]
        kept.append(xy)
        found += len(xy)
    return np.concatenate(kept)[:n]
