"""Whether points huddle or keep apart, inside the study polygon and nowhere else."""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree
from scipy.special import ndtr

from geo.analysis._window import Window, by_year_inside, study_window, uniform_points
from geo.analysis.result import Result
from geo.errors import InputError

__all__ = ["nearest_neighbour_ratio", "radii_of", "ripley_k"]

Floats = NDArray[np.float64]


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

    values, account = by_year_inside(points, study, measure)
    return Result(values, "nearest-neighbour-ratio", **account)


def radii_of(radii_m: ArrayLike) -> Floats:
    """Return distances in ascending order.

    Parameters
    ----------
    radii_m
        Metres.

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

    values, account = by_year_inside(points, study, measure)
    return Result(values, "ripley-k", **account)


def _k_table(xy: Floats, radii: Floats, study: Window, simulations: int, seed: int) -> pd.DataFrame:
    k = _k(xy, radii, study)
    n = len(xy)
    plain = cKDTree(xy).count_neighbors(cKDTree(xy), radii) - n
    low = high = np.full(len(radii), np.nan)
    if simulations:
        rng = np.random.default_rng(seed)
        drawn = np.array(
            [_k(uniform_points(n, study, rng), radii, study) for _ in range(simulations)]
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
