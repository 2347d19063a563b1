"""Point patterns: nearest neighbours, Ripley's K and its local form, in a window.

A study polygon, and how much of it overlaps itself when shifted.

Whether points huddle or keep apart, inside the study polygon and nowhere else.

Where points huddle: each point's share in the nearest-neighbour ratio and in Ripley's K.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS
from scipy.fft import irfft2, next_fast_len, rfft2
from scipy.spatial import cKDTree
from scipy.special import ndtr

from geo.analysis.points.positions import PointTable, point_table
from geo.analysis.result import Result
from geo.analysis.years import by_year, split_drops
from geo.crs import metres_of, require_crs
from geo.errors import InputError

__all__ = [
    "Window",
    "local_k",
    "nearest_neighbour_ratio",
    "nearest_neighbours",
    "radii_of",
    "ripley_k",
    "study_window",
]

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
    """Make the window that a pattern is studied in.

    Parameters
    ----------
    window
        Polygons of the study area in equal-area metres; several are joined.
    reach
        Metres around a point for which the window must tell what lies inside.

    Returns
    -------
    Window
        Shape, area, and what corrects for its edge.

    Raises
    ------
    InputError
        When its lengths are not metres.
    """
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


def _inside(table: PointTable, window: Window) -> tuple[pd.DataFrame, dict[str, int]]:
    rows = table.frame
    within = shapely.intersects_xy(window.shape, rows["x"].to_numpy(), rows["y"].to_numpy())
    outside = pd.Series(~within, index=rows.index)
    kept, dropped = split_drops(rows, {"outside the study window": outside})
    if kept.empty:
        msg = "no point lies inside the study window"
        raise InputError(msg)
    return kept, table.n_dropped | dropped


def _by_year_inside(
    points: gpd.GeoDataFrame,
    study: Window,
    measure: Callable[[pd.DataFrame], dict[str, Any] | pd.DataFrame],
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Measure the points inside the window year by year; return values and a result's account."""
    table = point_table(points)
    require_crs(points, study.crs, name="points")
    kept, dropped = _inside(table, study)

    def one_year(rows: pd.DataFrame) -> dict[str, Any] | pd.DataFrame:
        if len(rows) < 2:
            msg = f"{len(rows)} point in a year: a pattern needs two"
            raise InputError(msg)
        return measure(rows)

    account = {"n": len(kept), "n_dropped": dropped, "crs": study.crs, "years": table.years}
    return by_year(kept, one_year), account


def _uniform_points(n: int, window: Window, rng: np.random.Generator) -> Floats:
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
        Points in equal-area metres; optional ``year``. Those outside the window are dropped and
        counted; weights are not used.
    window
        The study polygon in equal-area metres; several polygons are joined.

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
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> from shapely import box
    >>> window = gpd.GeoSeries([box(0, 0, 10, 10)], crs=metres)
    >>> spots = gpd.GeoDataFrame(
    ...     geometry=gpd.points_from_xy([2.5, 7.5, 2.5, 7.5], [2.5, 2.5, 7.5, 7.5]),
    ...     crs=metres)
    >>> nearest_neighbour_ratio(spots, window).values.ratio.tolist()
    [2.0]
    """
    study = study_window(window)

    def measure(rows: pd.DataFrame) -> dict[str, Any]:
        xy = rows[["x", "y"]].to_numpy(dtype=float)
        n = len(xy)
        near = np.asarray(cKDTree(xy).query(xy, k=[2])[0]).ravel()
        expected = 0.5 * np.sqrt(study.area / n)
        z = (near.mean() - expected) / (0.26136 * np.sqrt(study.area / n**2))
        return {
            "ratio": near.mean() / expected,
            "z": z,
            "p": 2 * ndtr(-abs(z)),
            "mean_m": near.mean(),
            "expected_m": expected,
            "n": n,
            "n_coincident": int((near == 0).sum()),
            "window_km2": study.area / 1e6,
        }

    values, account = _by_year_inside(points, study, measure)
    return Result(values, "nearest-neighbour-ratio", **account)


def radii_of(radii_m: ArrayLike) -> Floats:
    """Return distances in ascending order.

    Parameters
    ----------
    radii_m
        Distances in metres, positive and finite.

    Returns
    -------
    ndarray
        Sorted, in metres.

    Raises
    ------
    InputError
        When there is none, or one is not positive and finite.
    """
    radii = np.sort(np.atleast_1d(np.asarray(radii_m, dtype=float)))
    if not radii.size or not (radii > 0).all() or not np.isfinite(radii).all():
        msg = f"radii must be positive numbers of metres, not {radii.tolist()}"
        raise InputError(msg)
    return radii


def _k(xy: Floats, radii: Floats, window: Window) -> Floats:
    n = len(xy)
    pairs = cKDTree(xy).query_pairs(radii[-1], output_type="ndarray")
    shift = xy[pairs[:, 1]] - xy[pairs[:, 0]]
    length = np.hypot(*shift.T)
    weight = window.area / window.overlap(shift)
    place = np.searchsorted(radii, length, side="left")  # d ≤ r counts
    # rounding of the tree's radius may let a pair through that is longer than the last radius
    summed = np.bincount(place, weights=weight, minlength=len(radii) + 1)[: len(radii)]
    return np.asarray(2 * summed.cumsum() * window.area / (n * (n - 1)))


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
        Points in equal-area metres; optional ``year``. Those outside the window are dropped and
        counted; weights are not used.
    window
        The study polygon in equal-area metres.
    radii_m
        Distances in metres, positive; up to a quarter of the window's shorter side is usual.
    simulations
        Uniform patterns for the envelope; 0 for none.
    seed
        Seed of the random numbers of the simulations.

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
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> from shapely import box
    >>> window = gpd.GeoSeries([box(0, 0, 10, 10)], crs=metres)
    >>> spots = gpd.GeoDataFrame(geometry=gpd.points_from_xy([4, 6], [5, 5]), crs=metres)
    >>> ripley_k(spots, window, radii_m=[1, 2], simulations=0).values.k_m2.tolist()
    [0.0, 125.0]
    """
    radii = radii_of(radii_m)
    study = study_window(window, reach=float(radii[-1]))

    def measure(rows: pd.DataFrame) -> pd.DataFrame:
        xy = rows[["x", "y"]].to_numpy(dtype=float)
        return _k_table(xy, radii, study, simulations, seed)

    values, account = _by_year_inside(points, study, measure)
    return Result(values, "ripley-k", **account)


def _k_table(xy: Floats, radii: Floats, study: Window, simulations: int, seed: int) -> pd.DataFrame:
    k = _k(xy, radii, study)
    n = len(xy)
    plain = cKDTree(xy).count_neighbors(cKDTree(xy), radii) - n
    low = high = np.full(len(radii), np.nan)
    if simulations:
        rng = np.random.default_rng(seed)
        drawn = np.array(
            [_k(_uniform_points(n, study, rng), radii, study) for _ in range(simulations)]
        )
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


def nearest_neighbours(
    points: gpd.GeoDataFrame, window: gpd.GeoDataFrame | gpd.GeoSeries
) -> Result:
    """Measure the distance from each point to its nearest neighbour, by year.

    ``r_i = min_{j≠i} |p_i − p_j|``; the mean of ``r`` over ``0.5 √(A/n)`` is the ratio of
    ``nearest_neighbour_ratio``.

    Parameters
    ----------
    points
        Points in equal-area metres, uniquely indexed; optional ``year``. Those outside the window
        are dropped and counted.
    window
        The study polygon in equal-area metres; several polygons are joined.

    Returns
    -------
    Result
        GeoDataFrame of the points indexed as they came (after ``year``): ``nearest`` (index of
        the neighbour; the first of several equally near)``, nearest_m``.

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
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> from shapely import box
    >>> window = gpd.GeoSeries([box(0, 0, 10, 10)], crs=metres)
    >>> spots = gpd.GeoDataFrame(
    ...     index=list("abc"), geometry=gpd.points_from_xy([1, 1, 5], [1, 1, 4]), crs=metres)
    >>> nearest_neighbours(spots, window).values.nearest_m.to_dict()
    {'a': 0.0, 'b': 0.0, 'c': 5.0}
    """

    def measure(rows: pd.DataFrame, _: Window) -> dict[str, Any]:
        xy = rows[["x", "y"]].to_numpy(dtype=float)
        length, at = (np.asarray(one) for one in cKDTree(xy).query(xy, k=2))
        # of coinciding points a tree may name the other one first
        own = at[:, 0] == np.arange(len(rows))
        return {
            "nearest": rows.index.to_numpy()[np.where(own, at[:, 1], at[:, 0])],
            "nearest_m": length[:, 1],
        }

    return _by_point(points, study_window(window), measure, "nearest-neighbour-ratio")


def local_k(
    points: gpd.GeoDataFrame,
    window: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    radii_m: ArrayLike,
) -> Result:
    """Compute local K of each point within given distances as L(r) − r, by year.

    ``K_i(r) = A/(n−1) Σ_{j≠i} 1(d_ij ≤ r) A/γ(p_j − p_i)``, ``L_i − r = √(K_i/π) − r``, with
    the translation correction of ``ripley_k``; the mean of ``K_i`` is ``K``.

    Parameters
    ----------
    points
        Points in equal-area metres; optional ``year``. Those outside the window are dropped and
        counted; weights are not used.
    window
        The study polygon in equal-area metres.
    radii_m
        Distances in metres, positive.

    Returns
    -------
    Result
        GeoDataFrame of the points indexed as they came (after ``year``): for each distance
        ``k_R_m2`` and ``l_minus_r_R_m``, R the distance in metres.

    Raises
    ------
    CRSError
        When either is not in metres.
    InputError
        When a year has fewer than two points inside, a radius is not positive or spans the
        window.

    References
    ----------
    Getis, A. & Franklin, J. (1987). Ecology 68(3): 473-477, doi:10.2307/1938452.

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> from shapely import box
    >>> window = gpd.GeoSeries([box(0, 0, 10, 10)], crs=metres)
    >>> spots = gpd.GeoDataFrame(geometry=gpd.points_from_xy([4, 6], [5, 5]), crs=metres)
    >>> local_k(spots, window, radii_m=[2]).values.k_2_m2.tolist()
    [125.0, 125.0]
    """
    radii = radii_of(radii_m)

    def measure(rows: pd.DataFrame, study: Window) -> dict[str, Any]:
        xy = rows[["x", "y"]].to_numpy(dtype=float)
        found: dict[str, Any] = {}
        for radius, k in zip(radii, _local(xy, radii, study), strict=True):
            found[f"k_{radius:g}_m2"] = k
            found[f"l_minus_r_{radius:g}_m"] = np.sqrt(k / np.pi) - radius
        return found

    return _by_point(points, study_window(window, reach=float(radii[-1])), measure, "local-k")


def _local(xy: Floats, radii: Floats, study: Window) -> Floats:
    """Return K of each point, radii × points."""
    n = len(xy)
    pairs = cKDTree(xy).query_pairs(radii[-1], output_type="ndarray")
    shift = xy[pairs[:, 1]] - xy[pairs[:, 0]]
    place = np.searchsorted(radii, np.hypot(*shift.T), side="left")
    weight = study.area / study.overlap(shift)
    summed = np.zeros((len(radii) + 1, n))
    for end in (0, 1):
        np.add.at(summed, (place, pairs[:, end]), weight)
    return np.asarray(summed[: len(radii)].cumsum(axis=0) * study.area / (n - 1))


def _by_point(
    points: gpd.GeoDataFrame,
    study: Window,
    measure: Callable[[pd.DataFrame, Window], dict[str, Any]],
    formula_id: str,
) -> Result:
    def one_year(rows: pd.DataFrame) -> pd.DataFrame:
        return pd.DataFrame(measure(rows, study), index=rows.index)

    values, account = _by_year_inside(points, study, one_year)
    own = values.index.get_level_values(-1)
    shapes = points.geometry.loc[own].to_numpy()
    layer = gpd.GeoDataFrame(values, geometry=shapes, crs=study.crs)
    return Result(layer, formula_id, **account)
