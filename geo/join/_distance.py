"""Distances: to the nearest of many facilities, how many lie within reach, and to lines."""

from typing import TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from geo.crs import metres_of, require_crs
from geo.errors import InputError
from geo.join._edges import Edges, Floats, Ints, chain_edges
from geo.join._locate import point_xy
from geo.join._segments import build_segment_index

__all__ = ["distance_to_lines", "nearest", "within_distance"]

Frame: TypeAlias = gpd.GeoDataFrame | gpd.GeoSeries


def nearest(points: Frame, targets: Frame) -> pd.DataFrame:
    """Find the nearest target of each point.

    Distance is straight, in equal-area metres (right within 0.08 % in the region).

    Parameters
    ----------
    points, targets
        Points in equal-area metres; missing and empty ones are left out.

    Returns
    -------
    DataFrame
        Aligned to ``points``: the targets' id under its own name (``target`` when it has none)
        and ``distance_m``; both missing without a point or without targets. Of several equally
        near the first in the targets' order.

    Raises
    ------
    CRSError
        When a frame is not in equal-area metres, or they are not in the same.
    InputError
        When a shape is not a point.

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> from shapely import Point
    >>> def spots(*xy): return gpd.GeoSeries([Point(one) for one in xy], crs=metres)
    >>> nearest(spots((0, 3), (8, 0)), spots((0, 0), (10, 0))).to_dict("list")
    {'target': [0, 1], 'distance_m': [3.0, 2.0]}
    >>> nearest(spots((0, 3)), spots()).to_dict("list")
    {'target': [None], 'distance_m': [nan]}
    """
    crs = metres_of(points, name="points")
    x, y = point_xy(points, crs, name="points")
    tx, ty = point_xy(targets, crs, name="targets")
    real = np.flatnonzero(np.isfinite(tx + ty))
    spots = Edges(real, tx[real], ty[real], tx[real], ty[real])
    away, at = _ask(spots, x, y)
    return _answer(points.index, targets.index[real], at, away)


def within_distance(points: Frame, targets: Frame, *, distance_m: float) -> "pd.Series[int]":
    """Count the targets within a distance of each point.

    Parameters
    ----------
    points, targets
        Points in equal-area metres.
    distance_m
        Metres, the limit included.

    Returns
    -------
    Series
        ``within_distance``, aligned to ``points``; 0 for a missing point.

    Raises
    ------
    CRSError
        When a frame is not in equal-area metres, or they are not in the same.
    InputError
        When a shape is not a point, or the distance is negative or not finite.

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> from shapely import Point
    >>> def spots(*xy): return gpd.GeoSeries([Point(one) for one in xy], crs=metres)
    >>> within_distance(spots((0, 0), (9, 0)), spots((3, 0), (0, 5)), distance_m=5).tolist()
    [2, 0]
    """
    if not (np.isfinite(distance_m) and distance_m >= 0):
        msg = f"a distance is zero or more metres, not {distance_m}"
        raise InputError(msg)
    crs = metres_of(points, name="points")
    x, y = point_xy(points, crs, name="points")
    tx, ty = point_xy(targets, crs, name="targets")
    here, there = np.isfinite(x + y), np.isfinite(tx + ty)
    counts = np.zeros(len(x), dtype=np.int64)
    if here.any() and there.any():
        tree = cKDTree(np.column_stack([tx[there], ty[there]]))
        spots = np.column_stack([x[here], y[here]])
        counts[here] = tree.query_ball_point(spots, distance_m, return_length=True)
    found = pd.Series(counts, index=points.index, name="within_distance")
    return found.astype("int64")


def distance_to_lines(points: Frame, lines: gpd.GeoDataFrame | gpd.GeoSeries) -> pd.DataFrame:
    """Measure from each point to the nearest of some lines.

    Parameters
    ----------
    points
        Points in equal-area metres.
    lines
        LineStrings or MultiLineStrings in equal-area metres: axes, rail lines.

    Returns
    -------
    DataFrame
        Aligned to ``points``: the lines' id under its own name (``line`` when it has none) and
        ``distance_m``; both missing without a point or without lines. Of several equally near
        the first in the lines' order.

    Raises
    ------
    CRSError
        When a frame is not in equal-area metres, or they are not in the same.
    InputError
        When a shape is not a point, or not a line.

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> from shapely import LineString, Point
    >>> axis = gpd.GeoSeries([LineString([(0, 0), (10, 0)])], index=["A"], crs=metres)
    >>> spots = gpd.GeoSeries([Point(5, 2), Point(13, 4), None], crs=metres)
    >>> distance_to_lines(spots, axis).distance_m.tolist()
    [2.0, 5.0, nan]
    """
    crs = metres_of(points, name="points")
    x, y = point_xy(points, crs, name="points")
    require_crs(lines, crs, name="lines")
    shapes = lines.geometry.to_numpy()
    present = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    kinds = shapely.get_type_id(shapes)
    if not np.isin(kinds[present], (1, 5)).all():
        at = int(np.flatnonzero(present & ~np.isin(kinds, (1, 5)))[0])
        msg = f"{lines.index[at]} is a {shapes[at].geom_type}, not a line"
        raise InputError(msg)
    parts, line = shapely.get_parts(shapes[present], return_index=True)
    chains = chain_edges(parts, np.flatnonzero(present)[line])
    away, edge = _ask(chains, x, y)
    owner = np.concatenate([chains.owner, [-1]])
    return _answer(points.index, lines.index, owner[edge], away, name="line")


def _ask(segments: Edges, x: Floats, y: Floats) -> tuple[Floats, Ints]:
    real = np.isfinite(x + y)
    if not len(segments) or not real.any():
        return np.full(len(x), np.nan), np.full(len(x), -1, dtype=np.int64)
    west, east = float(x[real].min()), float(x[real].max())
    south, north = float(y[real].min()), float(y[real].max())
    box = (west, south, east, north)
    return build_segment_index(segments, n_points=len(x), box=box).nearest(x, y)


def _answer(
    index: pd.Index, ids: pd.Index, at: Ints, away: Floats, name: str = "target"
) -> pd.DataFrame:
    labels = np.full(len(ids) + 1, None, dtype=object)
    labels[:-1] = ids.to_numpy(dtype=object)
    name = name if ids.name is None else str(ids.name)
    found = pd.Series(labels[at], index=index).astype(object)
    return pd.DataFrame({name: found, "distance_m": away}, index=index)
