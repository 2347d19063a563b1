"""Whether points huddle or keep apart, inside the study polygon and nowhere else."""

from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray
from scipy.fft import irfft2, next_fast_len, rfft2
from scipy.spatial import cKDTree
from scipy.stats import norm

from geo.analysis._points import PointTable, point_table
from geo.analysis.result import METRES, Result
from geo.analysis.years import by_year, split_drops
from geo.crs import ANALYSIS_CRS, require_crs
from geo.errors import InputError

__all__ = ["nearest_neighbour_ratio", "ripley_k"]

Floats = NDArray[np.float64]
_GRID: Final = 512
"""Cells along the longer side of a window that is not a rectangle."""


@dataclass(frozen=True)
class _Window:
    """A study polygon, and how much of it overlaps itself when shifted."""

    shape: shapely.Geometry
    area: float
    cell: float
    overlaps: Floats | None  # by whole cells of shift; None for a rectangle

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


def _window(window: gpd.GeoDataFrame | gpd.GeoSeries, *, reach: float = 0.0) -> _Window:
    require_crs(window, ANALYSIS_CRS, name="window")
    shape = shapely.union_all(window.geometry.to_numpy())
    if shape.is_empty or shape.area == 0:
        msg = "the study window has no area"
        raise InputError(msg)
    shapely.prepare(shape)
    if reach <= 0 or shape.normalize().equals(shapely.box(*shape.bounds).normalize()):
        return _Window(shape, shape.area, 0.0, None)
    west, south, east, north = shape.bounds
    cell = max(east - west, north - south) / _GRID
    if reach >= min(east - west, north - south):
        msg = f"the largest distance, {reach:.0f} m, spans the window"
        raise InputError(msg)
    return _Window(shape, shape.area, cell, _self_overlap(shape, cell, reach))


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


def _inside(table: PointTable, window: _Window) -> tuple[pd.DataFrame, dict[str, int]]:
    rows = table.frame
    within = shapely.intersects_xy(window.shape, rows["x"].to_numpy(), rows["y"].to_numpy())
    outside = pd.Series(~within, index=rows.index)
    kept, dropped = split_drops(rows, {"outside the study window": outside})
    if kept.empty:
        msg = "no point lies inside the study window"
        raise InputError(msg)
    return kept, table.n_dropped | dropped


def nearest_neighbour_ratio(
    points: gpd.GeoDataFrame, window: gpd.GeoDataFrame | gpd.GeoSeries
) -> Result:
    """Compare the mean distance to the nearest neighbour with that of random points, by year.

    ``R = mean / (0.5 √(A/n))``; ``z`` after Clark and Evans; no edge correction, so R is a little
    high in a long or ragged window. The window must be named: the same points give 1.50 in their
    study square and 2.06 in their own hull.

    Parameters
    ----------
    points
        Points in ``ANALYSIS_CRS``; optional ``year``. Those outside the window are dropped and
        counted; weights are not used.
    window
        The study polygon in ``ANALYSIS_CRS``; several polygons are joined.

    Returns
    -------
    Result
        ``ratio, z, p`` (two-sided), ``mean_m, expected_m, n, n_coincident, window_km2`` a year.

    Raises
    ------
    CRSError
        When either is not in metres.
    InputError
        When a year has fewer than two points inside, or the window is empty.

    References
    ----------
    Clark, P. J. & Evans, F. C. (1954). Ecology 35(4): 445-453, doi:10.2307/1931034.

    Examples
    --------
    >>> window = gpd.GeoSeries([shapely.box(0, 0, 10, 10)], crs=ANALYSIS_CRS)
    >>> spots = gpd.GeoDataFrame(
    ...     geometry=gpd.points_from_xy([2.5, 7.5, 2.5, 7.5], [2.5, 2.5, 7.5, 7.5]),
    ...     crs=ANALYSIS_CRS)
    >>> nearest_neighbour_ratio(spots, window).values.ratio.tolist()
    [2.0]
    """
    table = point_table(points)
    study = _window(window)
    kept, dropped = _inside(table, study)

    def measure(rows: pd.DataFrame) -> dict[str, Any]:
        xy = rows[["x", "y"]].to_numpy(dtype=float)
        n = len(xy)
        if n < 2:
            msg = f"{n} point in a year: a nearest neighbour needs two"
            raise InputError(msg)
        near = np.asarray(cKDTree(xy).query(xy, k=[2])[0]).ravel()
        expected = 0.5 * np.sqrt(study.area / n)
        z = (near.mean() - expected) / (0.26136 * np.sqrt(study.area / n**2))
        return {
            "ratio": near.mean() / expected,
            "z": z,
            "p": 2 * norm.sf(abs(z)),
            "mean_m": near.mean(),
            "expected_m": expected,
            "n": n,
            "n_coincident": int((near == 0).sum()),
            "window_km2": study.area / 1e6,
        }

    values = by_year(kept, measure)
    return Result(
        values,
        "nearest-neighbour-ratio",
        n=len(kept),
        n_dropped=dropped,
        crs=METRES,
        years=table.years,
    )


def _k(xy: Floats, radii: Floats, window: _Window) -> Floats:
    n = len(xy)
    pairs = cKDTree(xy).query_pairs(radii[-1], output_type="ndarray")
    shift = xy[pairs[:, 1]] - xy[pairs[:, 0]]
    length = np.hypot(*shift.T)
    weight = window.area / window.overlap(shift)
    place = np.searchsorted(radii, length, side="left")  # d ≤ r counts
    # rounding of the tree's radius may let a pair through that is longer than the last radius
    summed = np.bincount(place, weights=weight, minlength=len(radii) + 1)[: len(radii)]
    return np.asarray(2 * summed.cumsum() * window.area / (n * (n - 1)))


def _uniform(n: int, window: _Window, rng: np.random.Generator) -> Floats:
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


def ripley_k(
    points: gpd.GeoDataFrame,
    window: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    radii_m: ArrayLike,
    simulations: int = 99,
    seed: int = 20260202,
) -> Result:
    """Measure clustering over a range of distances with edge correction inside the window.

    ``K(r) = A/(n(n−1)) Σ_{i≠j} 1(d_ij ≤ r) A/γ(p_j − p_i)`` with the translation correction,
    γ(h) the area of the window that overlaps its copy shifted by h (exact for a rectangle, else
    from a mask of 512 cells). ``L = √(K/π)``; the envelope is the least and greatest K of uniform
    points in the same window. PySAL's ``pointpats.k`` (2.5.5) is not used: it takes the bounding
    box of the points as window, has no edge correction and divides by n².

    Parameters
    ----------
    points
        Points in ``ANALYSIS_CRS``; optional ``year``. Those outside the window are dropped and
        counted; weights are not used.
    window
        The study polygon in ``ANALYSIS_CRS``.
    radii_m
        Distances in metres, positive; up to a quarter of the window's shorter side is usual.
    simulations
        Uniform patterns for the envelope; 0 for none.
    seed
        Of the simulations.

    Returns
    -------
    Result
        Indexed by ``radius_m`` (after ``year``): ``k_m2, l_m, l_minus_r_m, k_uncorrected_m2,
        low_m2, high_m2`` (missing without simulations), ``outside`` the envelope (above, below
        or empty).

    Raises
    ------
    CRSError
        When either is not in metres.
    InputError
        When a year has fewer than two points inside, a radius is not positive or spans the
        window.

    References
    ----------
    Ripley, B. D. (1977). J. R. Stat. Soc. B 39(2): 172-212.
    Besag, J. (1977). Discussion of Ripley. J. R. Stat. Soc. B 39(2): 193-195.

    Examples
    --------
    >>> window = gpd.GeoSeries([shapely.box(0, 0, 10, 10)], crs=ANALYSIS_CRS)
    >>> spots = gpd.GeoDataFrame(geometry=gpd.points_from_xy([4, 6], [5, 5]), crs=ANALYSIS_CRS)
    >>> ripley_k(spots, window, radii_m=[1, 2], simulations=0).values.k_m2.tolist()
    [0.0, 125.0]
    """
    radii = np.sort(np.atleast_1d(np.asarray(radii_m, dtype=float)))
    if not radii.size or not (radii > 0).all() or not np.isfinite(radii).all():
        msg = f"radii must be positive numbers of metres, not {radii.tolist()}"
        raise InputError(msg)
    table = point_table(points)
    study = _window(window, reach=float(radii[-1]))
    kept, dropped = _inside(table, study)

    def measure(rows: pd.DataFrame) -> pd.DataFrame:
        xy = rows[["x", "y"]].to_numpy(dtype=float)
        if len(xy) < 2:
            msg = f"{len(xy)} point in a year: pairs need two"
            raise InputError(msg)
        return _k_table(xy, radii, study, simulations, seed)

    values = by_year(kept, measure)
    return Result(
        values,
        "ripley-k",
        n=len(kept),
        n_dropped=dropped,
        crs=METRES,
        years=table.years,
    )


def _k_table(
    xy: Floats, radii: Floats, study: _Window, simulations: int, seed: int
) -> pd.DataFrame:
    k = _k(xy, radii, study)
    n = len(xy)
    plain = cKDTree(xy).count_neighbors(cKDTree(xy), radii) - n
    low = high = np.full(len(radii), np.nan)
    if simulations:
        rng = np.random.default_rng(seed)
        drawn = np.array([_k(_uniform(n, study, rng), radii, study) for _ in range(simulations)])
        low, high = drawn.min(axis=0), drawn.max(axis=0)
    length = np.sqrt(k / np.pi)
    return pd.DataFrame(
        {
            "k_m2": k,
            "l_m": length,
            "l_minus_r_m": length - radii,
            "k_uncorrected_m2": plain * study.area / (n * (n - 1)),
            "low_m2": low,
            "high_m2": high,
            "outside": np.where(k > high, "above", np.where(k < low, "below", "")),
        },
        index=pd.Index(radii, name="radius_m"),
    )
