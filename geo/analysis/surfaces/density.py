"""Density surfaces: kernel smoothing of points on a grid, and its change by year.

How a density surface is made: points shared among cells, smoothed by FFT, kept on land.

Density surfaces of points: a Gaussian kernel by linear binning and FFT, aware of the coast.

Density surfaces year by year, all on one grid, so that they can be held against each other.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from affine import Affine
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS
from scipy import fft

from geo.crs import equal_area, metres_of, require_crs
from geo.errors import InputError
from geo.join import point_xy
from geo.join.compiler import MANY, compiled
from geo.raster import Raster, mask_inside

__all__ = [
    "Box",
    "Smoother",
    "Surface",
    "bin_points",
    "densities_by_year",
    "density_at",
    "density_surface",
    "keep_on_land",
    "kernel_error",
    "point_density",
]

Floats = NDArray[np.float64]

_LEAST_LAND: Final = 0.02  # of a kernel: below this a point does not belong to the land


def bin_points(column: Floats, row: Floats, weight: Floats, shape: tuple[int, int]) -> Floats:
    """Distribute point weights bilinearly to the four nearest cell centres.

    Parameters
    ----------
    column, row
        Where each point lies, in cells; whole numbers are centres.
    weight
        Weight of each point, not negative.
    shape
        Number of rows and columns of the grid.

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
        Number of rows and columns of the grid that is smoothed.
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
        """Return values smoothed by the kernel, of the same shape."""
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
        Smoother for a grid of the same shape.
    land
        Polygons in equal-area metres; a cell is land when its centre is.
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


Box = tuple[float, float, float, float]

_REACH: Final = 5.0  # bandwidths around the box from which points still count
_MARGIN: Final = 4.0  # bandwidths around the points when no box is given
_COARSEST: Final = 1.7  # bandwidths must be this many cells, or the mass is not kept
_MOST_CELLS: Final = 100_000_000
_SAMPLED: Final = 31  # cells at which the exact kernel is summed


@dataclass(frozen=True)
class Surface:
    """A density surface with its account.

    Attributes
    ----------
    raster
        Weight per km² in equal-area metres; NaN off the land when land was given.
    n
        Points with finite coordinates and weight.
    n_dropped
        Number of points without position or weight, or with a negative weight.
    left_out
        The same by reason: no position, no weight, a negative weight.
    total
        Sum of their weights.
    mass
        Integral of the surface; ``1 - mass / total`` is lost beyond the box and to points
        that lie away from all land.
    off_land
        Weight of the points that lie away from all land; 0 when no land was given.
    bandwidth_m
        Standard deviation of the kernel.
    """

    raster: Raster = field(repr=False)
    n: int
    n_dropped: int
    total: float
    mass: float
    off_land: float
    bandwidth_m: float
    left_out: Mapping[str, int] = field(default_factory=dict)


def point_density(
    points: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    bandwidth_m: float = 5_000.0,
    cell_m: float = 500.0,
    weights: ArrayLike | None = None,
    land: gpd.GeoDataFrame | gpd.GeoSeries | None = None,
    box: Box | None = None,
) -> Surface:
    """Estimate the density of points as a surface, see ``density_surface``.

    Parameters
    ----------
    points
        Points in equal-area metres; missing and empty ones are dropped and counted.
    bandwidth_m, cell_m, weights
        Standard deviation of the kernel and side of a cell in metres (cell at most bandwidth /
        1.7); one weight a point, 1 by default.
    land
        Polygons in equal-area metres that hold all density, or None.
    box
        West, south, east, north in metres to cover; by default the points and four bandwidths
        around.

    Returns
    -------
    Surface
        The raster and its account.

    Raises
    ------
    CRSError
        When a frame is not in equal-area metres, or two are not in the same.
    InputError
        As ``density_surface``; also when a shape is not a point.
    """
    crs = metres_of(points, name="points")
    x, y = point_xy(points, crs, name="points")
    if land is not None:
        require_crs(land, crs, name="land")
        land = land.geometry
    return density_surface(
        x, y, crs=crs, bandwidth_m=bandwidth_m, cell_m=cell_m, weights=weights, land=land, box=box
    )


def density_surface(
    x: ArrayLike,
    y: ArrayLike,
    *,
    crs: CRS,
    bandwidth_m: float = 5_000.0,
    cell_m: float = 500.0,
    weights: ArrayLike | None = None,
    land: gpd.GeoSeries | None = None,
    box: Box | None = None,
) -> Surface:
    """Estimate the density of points with a Gaussian kernel.

    d(u) = Σ wᵢ · exp(−|u − xᵢ|² / 2h²) / 2πh², per km², at the centres of the cells. Weights are
    shared among the four nearest centres, which adds a variance of cell²/6 an axis, and smoothed
    by FFT with the variance h² less that. Against the exact sum the error is below 1e-5 of the
    peak at h = 10 cells, 7e-5 at 3 cells and 4e-4 at 1.7 cells for a million clustered points;
    a single point may be off by cell²/6h² of its peak (0.2 % at h = 10 cells), depending on
    where in its cell it lies, which averages out over many.

    With land, every kernel is cut at the shore and scaled up to hold its whole weight on land
    (Jones 1993), so that the coast neither leaks nor dims the density beside it.

    Parameters
    ----------
    x, y
        Easting and northing in metres; points that are not finite are dropped and counted.
    crs
        The equal-area projection of ``x`` and ``y``.
    bandwidth_m
        Standard deviation h of the kernel.
    cell_m
        Side of a cell; at most h / 1.7.
    weights
        One a point; 1 by default. Not finite or negative drops the point.
    land
        Polygons in equal-area metres. A cell is land when its centre is.
    box
        West, south, east, north to cover; by default the points and four bandwidths around,
        which keeps the mass within 0.01 %.

    Returns
    -------
    Surface
        The raster and its account.

    Raises
    ------
    InputError
        When the bandwidth is not above 1.7 cells, there are no points and no box, the lengths
        differ, or the surface would have more than 100 million cells.

    References
    ----------
    Silverman, B. W. (1982), Applied Statistics 31: 93–99, 10.2307/2347084. Wand, M. P. (1994),
    J. Computational and Graphical Statistics 3: 433–445, 10.1080/10618600.1994.10474656.
    Jones, M. C. (1993), Statistics and Computing 3: 135–146, 10.1007/BF00147776.

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> crs = metres
    >>> done = density_surface([0.0], [0.0], crs=crs, bandwidth_m=1_000, cell_m=100)
    >>> round(float(done.raster.values.max()), 3), round(done.mass, 3)
    (0.159, 1.0)
    >>> density_surface([], [], crs=crs)
    Traceback (most recent call last):
    geo.errors.InputError: no points, and no box to cover
    """
    _check_sizes(bandwidth_m, cell_m)
    east, north, weight, lost = _finite(x, y, weights)
    west, south, right, top = _box(east, north, bandwidth_m, box)
    n_columns, n_rows = (
        max(1, int(np.ceil((far - near) / cell_m - 1e-9)))
        for near, far in ((west, right), (south, top))
    )
    around = int(np.ceil(_REACH * bandwidth_m / cell_m))
    shape = (n_rows + 2 * around, n_columns + 2 * around)
    if shape[0] * shape[1] > _MOST_CELLS:
        msg = f"{shape[1]} by {shape[0]} cells are too many; use larger cells or a smaller box"
        raise InputError(msg)
    # rows from the south here, turned over at the end
    column = (east - west) / cell_m - 0.5 + around
    row = (north - south) / cell_m - 0.5 + around
    binned = bin_points(column, row, weight, shape)
    smooth = Smoother(shape, np.sqrt((bandwidth_m / cell_m) ** 2 - 1 / 6))
    off_land = 0.0
    if land is None:
        density = smooth(binned)
    else:
        corner = (west - around * cell_m, south - around * cell_m)
        density, off_land = keep_on_land(binned, smooth, land, corner, cell_m)
    inner = density[around : around + n_rows, around : around + n_columns]
    mass = float(np.nansum(inner))
    per_km2 = inner[::-1] * (1e6 / cell_m**2)
    transform = Affine(cell_m, 0.0, west, 0.0, -cell_m, south + n_rows * cell_m)
    raster = Raster(np.ascontiguousarray(per_km2), transform, crs)
    total = float(weight.sum())
    n_dropped = sum(lost.values())
    return Surface(raster, len(weight), n_dropped, total, mass, off_land, float(bandwidth_m), lost)


def kernel_error(
    x: ArrayLike,
    y: ArrayLike,
    *,
    bandwidth_m: float = 5_000.0,
    cell_m: float = 500.0,
    weights: ArrayLike | None = None,
) -> float:
    """Measure the error of a surface against the exact kernel, before land is taken into account.

    max |d(u) − Σ wᵢ·K(u − xᵢ)| over the peak and 31 cells that hold points, as a share of the peak.

    Parameters
    ----------
    x, y, bandwidth_m, cell_m, weights
        Easting and northing, standard deviation of the kernel and side of a cell, all in metres;
        one weight a point, 1 by default.

    Returns
    -------
    float
        0 or more; NaN when all weights are zero.

    Raises
    ------
    InputError
        As ``density_surface``.

    Examples
    --------
    >>> kernel_error([0.0, 9_000.0], [0.0, 0.0]) < 0.002
    True
    """
    east, north, weight, _ = _finite(x, y, weights)
    plane = equal_area(0.0, 0.0)  # any does: the error is one of differences
    done = density_surface(
        east, north, crs=plane, bandwidth_m=bandwidth_m, cell_m=cell_m, weights=weight
    ).raster
    values = done.values
    some = np.random.default_rng(0).integers(0, len(east), _SAMPLED)
    column, row = ~done.transform * (east[some], north[some])
    peak = np.unravel_index(int(values.argmax()), values.shape)
    rows = np.append(np.floor(row).astype(np.int64), peak[0])
    columns = np.append(np.floor(column).astype(np.int64), peak[1])
    at_x, at_y = done.transform * (columns + 0.5, rows + 0.5)
    exact = density_at(east, north, at_x, at_y, bandwidth_m=bandwidth_m, weights=weight)
    with np.errstate(invalid="ignore"):
        return float(np.abs(values[rows, columns] - exact).max() / np.float64(exact.max()))


def density_at(
    x: ArrayLike,
    y: ArrayLike,
    at_x: ArrayLike,
    at_y: ArrayLike,
    *,
    bandwidth_m: float,
    weights: ArrayLike | None = None,
) -> Floats:
    """Compute the Gaussian kernel density exactly at given places; slow, for comparison.

    Parameters
    ----------
    x, y
        Easting and northing of the points in metres.
    at_x, at_y
        Easting and northing, in metres, where the density is computed.
    bandwidth_m
        Standard deviation of the kernel.
    weights
        Weight of each point, 1 by default.

    Returns
    -------
    ndarray of float
        Weight per km².

    Examples
    --------
    >>> density_at([0.0], [0.0], [0.0], [0.0], bandwidth_m=1_000).round(3).tolist()
    [0.159]
    """
    px, py = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    places = np.column_stack([np.asarray(at_x, dtype=float), np.asarray(at_y, dtype=float)])
    scale = 1e6 / (2 * np.pi * bandwidth_m**2)
    away = ((px - east) ** 2 + (py - north) ** 2 for east, north in places)
    weight = np.ones(len(px)) if weights is None else np.asarray(weights, dtype=np.float64)
    sums = [np.exp(one / (-2 * bandwidth_m**2)) @ weight for one in away]
    return scale * np.array(sums, dtype=np.float64)


def _check_sizes(bandwidth_m: float, cell_m: float) -> None:
    if not (0 < cell_m < np.inf and 0 < bandwidth_m < np.inf):
        msg = f"bandwidth and cell are some metres, not {bandwidth_m} and {cell_m}"
        raise InputError(msg)
    if bandwidth_m < _COARSEST * cell_m:
        msg = (
            f"cells of {cell_m:g} m are too coarse for a bandwidth of {bandwidth_m:g} m; "
            f"use {bandwidth_m / _COARSEST:.0f} m or less"
        )
        raise InputError(msg)


def _finite(
    x: ArrayLike, y: ArrayLike, weights: ArrayLike | None
) -> tuple[Floats, Floats, Floats, dict[str, int]]:
    east, north = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    weight = np.ones(len(east)) if weights is None else np.asarray(weights, dtype=np.float64)
    if not east.shape == north.shape == weight.shape:
        msg = f"{len(east)} x, {len(north)} y and {len(weight)} weights: the lengths differ"
        raise InputError(msg)
    there = np.isfinite(east) & np.isfinite(north)
    known = np.isfinite(weight)
    good = there & known & (weight >= 0)
    lost = {
        "no position": int((~there).sum()),
        "no weight": int((there & ~known).sum()),
        "negative weight": int((there & known & (weight < 0)).sum()),
    }
    if len(weight) and (there & ~known).sum() + lost["negative weight"] == there.sum() > 0:
        msg = f"none of the {int(there.sum()):,} points has a weight of 0 or more"
        raise InputError(msg)
    return east[good], north[good], weight[good], {why: n for why, n in lost.items() if n}


def _box(x: Floats, y: Floats, bandwidth_m: float, box: Box | None) -> Box:
    if box is not None:
        west, south, east, north = box
        if not (west < east and south < north and np.isfinite(box).all()):
            msg = f"a box is west, south, east, north in metres, not {box}"
            raise InputError(msg)
        return box
    if not len(x):
        msg = "no points, and no box to cover"
        raise InputError(msg)
    margin = _MARGIN * bandwidth_m
    sides = x.min() - margin, y.min() - margin, x.max() + margin, y.max() + margin
    return float(sides[0]), float(sides[1]), float(sides[2]), float(sides[3])


# bandwidths around the points of all years, when no box is given


def densities_by_year(
    points: gpd.GeoDataFrame | gpd.GeoSeries,
    years: "pd.Series[Any]",
    *,
    bandwidth_m: float = 5_000.0,
    cell_m: float = 500.0,
    weights: ArrayLike | None = None,
    land: gpd.GeoDataFrame | gpd.GeoSeries | None = None,
    box: Box | None = None,
) -> dict[int, Surface]:
    """Estimate the density of the points of each year, see ``density_surface``.

    Parameters
    ----------
    points
        Points in equal-area metres; missing and empty ones are dropped and counted by year.
    years
        Aligned to ``points``: whole numbers from 1000 to 3000; all else is undated and in no
        surface.
    bandwidth_m, cell_m, weights, land
        Standard deviation of the kernel and side of a cell in metres; one weight a point, 1 by
        default; polygons in equal-area metres that hold all density, or None.
    box
        West, south, east, north to cover; by default the dated points and four bandwidths around.

    Returns
    -------
    dict
        Year to surface, ascending, all on one grid: their sum is the surface of the dated points.

    Raises
    ------
    CRSError
        When a frame is not in equal-area metres, or two are not in the same.
    InputError
        As ``density_surface``; also when no point with a place has a year, or all surfaces
        together would have more than 100 million cells.

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> spots = gpd.GeoSeries.from_xy([0.0, 0.0, 9.0], [0.0, 0.0, 9.0], crs=metres)
    >>> made = densities_by_year(spots, pd.Series([2020, 2021, None]), cell_m=1_000)
    >>> [(year, one.n) for year, one in made.items()]
    [(2020, 1), (2021, 1)]
    """
    x, y = point_xy(points, metres_of(points, name="points"), name="points")
    numbers = pd.to_numeric(years, errors="coerce").to_numpy(dtype=float)
    dated = (numbers >= 1000) & (numbers <= 3000) & (numbers == np.floor(numbers))
    here = dated & np.isfinite(x + y)
    if not here.any():
        msg = "no point with a place has a year (a whole number between 1000 and 3000)"
        raise InputError(msg)
    margin = _MARGIN * bandwidth_m
    west, south, east, north = box or (
        float(x[here].min()) - margin, float(y[here].min()) - margin,
        float(x[here].max()) + margin, float(y[here].max()) + margin,
    )  # fmt: skip
    found = sorted({int(one) for one in numbers[here]})
    cells = (east - west) * (north - south) / cell_m**2
    if cells * len(found) > _MOST_CELLS:
        msg = f"{len(found)} years of {cells:,.0f} cells are too many; use larger cells"
        raise InputError(msg)
    given = None if weights is None else np.asarray(weights)
    made = {}
    for year in found:
        own = dated & (numbers == year)
        made[year] = point_density(
            points[own], bandwidth_m=bandwidth_m, cell_m=cell_m, land=land,
            box=(west, south, east, north), weights=None if given is None else given[own],
        )  # fmt: skip
    return made
