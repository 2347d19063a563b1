"""How a density surface is made: points shared among cells, smoothed by FFT, kept on land."""

from typing import Any, Final

import geopandas as gpd
import numpy as np
from affine import Affine
from numpy.typing import NDArray
from scipy import fft

from geo.errors import InputError
from geo.join.compiler import MANY, compiled
from geo.raster import mask_inside

__all__ = ["Smoother", "bin_points", "keep_on_land"]

Floats = NDArray[np.float64]

_LEAST_LAND: Final = 0.02  # of a kernel: below this a point does not belong to the land


def bin_points(column: Floats, row: Floats, weight: Floats, shape: tuple[int, int]) -> Floats:
    """Share each weight among the four nearest middles of cells; leave out what is beyond.

    Parameters
    ----------
    column, row
        Where each point lies, in cells; whole numbers are middles.
    weight
        Of each point.
    shape
        Rows and columns.

    Returns
    -------
    ndarray
        Weight by cell.
    """
    n_rows, n_columns = shape
    loop = compiled(_share_weights) if len(column) >= MANY else None
    if loop is not None:
        binned = np.zeros(shape)
        loop(column, row, weight, binned)
        return binned
    near = (column >= 0) & (row >= 0) & (column < n_columns - 1) & (row < n_rows - 1)
    column, row, weight = column[near], row[near], weight[near]
    left, low = column.astype(np.int64), row.astype(np.int64)
    right_share, high_share = column - left, row - low
    at = low * n_columns + left
    flat = np.zeros(n_rows * n_columns)
    for step, share in (
        (0, (1 - high_share) * (1 - right_share)), (1, (1 - high_share) * right_share),
        (n_columns, high_share * (1 - right_share)), (n_columns + 1, high_share * right_share),
    ):  # fmt: skip
        flat += np.bincount(at + step, weight * share, minlength=len(flat))
    return flat.reshape(shape)


def _share_weights(column: Any, row: Any, weight: Any, binned: Any) -> None:
    n_rows, n_columns = binned.shape
    for at in range(len(column)):
        x, y, w = column[at], row[at], weight[at]
        if x >= 0.0 and y >= 0.0 and x < n_columns - 1 and y < n_rows - 1:
            left, low = int(x), int(y)
            east, north = x - left, y - low
            binned[low, left] += w * (1.0 - north) * (1.0 - east)
            binned[low, left + 1] += w * (1.0 - north) * east
            binned[low + 1, left] += w * north * (1.0 - east)
            binned[low + 1, left + 1] += w * north * east


class Smoother:
    """Convolve with one Gaussian by FFT; the grid's own margin keeps the ends apart.

    Parameters
    ----------
    shape
        Rows and columns of what is smoothed.
    cells
        Standard deviation of the Gaussian, in cells.
    """

    def __init__(self, shape: tuple[int, int], cells: float) -> None:
        self._shape = shape
        self._padded = tuple(fft.next_fast_len(one, real=True) for one in shape)
        down = np.exp(-2 * (np.pi * cells * fft.fftfreq(self._padded[0])) ** 2)
        across = np.exp(-2 * (np.pi * cells * fft.rfftfreq(self._padded[1])) ** 2)
        self._filter = (down[:, None], across)

    def __call__(self, values: Floats) -> Floats:
        spectrum = fft.rfft2(values, self._padded)
        spectrum *= self._filter[0]
        spectrum *= self._filter[1]
        smooth = fft.irfft2(spectrum, self._padded, overwrite_x=True)
        inner = smooth[: self._shape[0], : self._shape[1]]
        return np.maximum(inner, 0.0)  # rounding leaves −1e-17 where there is nothing


def keep_on_land(
    binned: Floats,
    smooth: Smoother,
    land: gpd.GeoSeries,
    corner: tuple[float, float],
    cell_m: float,
) -> tuple[Floats, float]:
    """Smooth so that every kernel keeps its whole weight on land (Jones 1993).

    Parameters
    ----------
    binned
        Weight by cell, rows from the south.
    smooth
        Of the same shape.
    land
        Polygons; a cell is land when its middle is.
    corner
        West and south of the grid, metres.
    cell_m
        Side of a cell.

    Returns
    -------
    density : ndarray
        Weight by cell; NaN off the land.
    off_land : float
        Weight of the points that lie away from all land.

    Raises
    ------
    InputError
        When there is no polygon.
    """
    north = corner[1] + len(binned) * cell_m
    transform = Affine(cell_m, 0.0, corner[0], 0.0, -cell_m, north)
    shapes = [shape for shape in land if shape is not None and not shape.is_empty]
    if not shapes:
        msg = "the land has no polygons"
        raise InputError(msg)
    dry = mask_inside(shapes, binned.shape, transform)[::-1]
    held = smooth(dry.astype(np.float64))
    belongs = held >= _LEAST_LAND
    off_land = float(binned[~belongs].sum())
    scaled = np.divide(binned, held, out=np.zeros_like(binned), where=belongs)
    return np.where(dry, smooth(scaled), np.nan), off_land
