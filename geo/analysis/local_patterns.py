"""Where points huddle: each point's share in the nearest-neighbour ratio and in Ripley's K."""

from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

from geo.analysis._window import Window, by_year_inside, study_window
from geo.analysis.point_patterns import radii_of
from geo.analysis.result import Result

__all__ = ["local_k", "nearest_neighbours"]

Floats = NDArray[np.float64]


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
    """Measure how many neighbours each point has within distances, as its own L less r, by year.

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

    values, account = by_year_inside(points, study, one_year)
    own = values.index.get_level_values(-1)
    shapes = points.geometry.loc[own].to_numpy()
    layer = gpd.GeoDataFrame(values, geometry=shapes, crs=study.crs)
    return Result(layer, formula_id, **account)
