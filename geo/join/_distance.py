"""Distances to borders and nearest neighbours.

Nearest of many segments: each leaf of a quadtree lists the few that can be nearest there.

For a square with centre c and half diagonal r, let D be the least distance from c to a segment.
Whatever is nearest to some point of the square lies within D + 2r of c, so that only those are
kept; the four quarters choose among them again. A point is a segment of no length.

Distances: to the nearest of many facilities, how many lie within reach, and to lines.
"""

from dataclasses import dataclass, field
from typing import Final, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geo.crs import metres_of, require_crs
from geo.errors import InputError
from geo.join._grid import Edges, Floats, Ints, chain_edges, expand
from geo.join._kernels import nearest_candidate
from geo.join._locate import point_xy
from geo.join.compiler import MANY, compiled

__all__ = [
    "Box",
    "SegmentIndex",
    "Segments",
    "build_segment_index",
    "distance_to_lines",
    "nearest",
    "within_distance",
]

Box = tuple[float, float, float, float]
"""West, south, east, north."""

_ENOUGH: Final = 4  # candidates: a leaf with no more is not split
_DEEPEST: Final = 9
_POINTS_PER_LEAF: Final = 6
_CHUNK: Final = 1 << 16


@dataclass(frozen=True)
class Segments:
    """Segments by start and course.

    Attributes
    ----------
    ax, ay, dx, dy
        Start and course, metres.
    per_square
        1 / length², or 0 for a point.
    """

    ax: Floats
    ay: Floats
    dx: Floats
    dy: Floats
    per_square: Floats

    def squared(self, at: Ints, x: Floats, y: Floats) -> Floats:
        """Return the squared distance from each point to one segment.

        Parameters
        ----------
        at
            Segment of each point.
        x, y
            Easting and northing of the points in metres.

        Returns
        -------
        ndarray of float
            Square metres.
        """
        east, north = x - self.ax[at], y - self.ay[at]
        share = (east * self.dx[at] + north * self.dy[at]) * self.per_square[at]
        share = np.clip(share, 0.0, 1.0)
        east -= share * self.dx[at]
        north -= share * self.dy[at]
        return np.asarray(east * east + north * north)


@dataclass(frozen=True)
class SegmentIndex:
    """A quadtree over segments as flat arrays; made by ``build_segment_index``.

    Attributes
    ----------
    segments
        Segments that the index covers, in equal-area metres.
    x0, y0, per_m, side
        South-west corner of the square, cells per metre, cells along a side.
    leaf
        By cell, row by row: its leaf. Two more leaves follow those: all segments, for points
        outside the square, and none, for points that are not finite.
    start, candidate
        Candidates of leaf k are ``candidate[start[k]:start[k + 1]]``, ascending.
    """

    segments: Segments = field(repr=False)
    x0: float
    y0: float
    per_m: float
    side: int
    leaf: NDArray[np.int32] = field(repr=False)
    start: Ints = field(repr=False)
    candidate: Ints = field(repr=False)

    def nearest(self, x: Floats, y: Floats, *, compile_from: int = MANY) -> tuple[Floats, Ints]:
        """Find the nearest segment of each point.

        Parameters
        ----------
        x, y
            Points, metres; not finite gives NaN and −1.
        compile_from
            Number of points from which the compiled loop is used, if it is installed.

        Returns
        -------
        distance, segment : ndarray
            Metres, and positions of segments; the first of several equally near.
        """
        loop = compiled(nearest_candidate) if len(x) >= compile_from else None
        squared = np.full(len(x), np.inf)
        segment = np.full(len(x), -1, dtype=np.int64)
        for begin in range(0, len(x), _CHUNK):
            part = slice(begin, begin + _CHUNK)
            if loop is None:
                leaf = self._leaf(x[part], y[part])
                self._search(x[part], y[part], leaf, squared[part], segment[part])
            else:
                s = self.segments
                loop(
                    x[part], y[part], self.x0, self.y0, self.per_m, self.side,
                    self.leaf, self.start, self.candidate,
                    s.ax, s.ay, s.dx, s.dy, s.per_square, squared[part], segment[part],
                )  # fmt: skip
        squared[segment < 0] = np.nan
        return np.sqrt(squared), segment

    def _leaf(self, x: Floats, y: Floats) -> Ints:
        with np.errstate(invalid="ignore", over="ignore"):
            column, row = (x - self.x0) * self.per_m, (y - self.y0) * self.per_m
            inside = (column >= 0) & (row >= 0) & (column < self.side) & (row < self.side)
            finite = np.isfinite(x + y)
        cell = np.where(inside, row, 0).astype(np.int64) * self.side
        cell += np.where(inside, column, 0).astype(np.int64)
        n_leaves = len(self.start) - 3
        return np.where(finite, np.where(inside, self.leaf[cell], n_leaves), n_leaves + 1)

    def _search(self, x: Floats, y: Floats, leaf: Ints, squared: Floats, segment: Ints) -> None:
        """Do what the compiled loop does, rank by rank."""
        begin = self.start[leaf]
        counts = self.start[leaf + 1] - begin
        for rank in range(int(counts.max(initial=0))):
            more = np.flatnonzero(counts > rank)
            at = self.candidate[begin[more] + rank]
            here = self.segments.squared(at, x[more], y[more])
            nearer = here < squared[more]
            squared[more[nearer]] = here[nearer]
            segment[more[nearer]] = at[nearer]


def build_segment_index(edges: Edges, *, n_points: int, box: Box | None = None) -> SegmentIndex:
    """Build a quadtree over segments.

    Parameters
    ----------
    edges
        Metres; the owner is not used. Points are edges whose ends are equal.
    n_points
        How many points will ask: more points pay for finer leaves.
    box
        What the square must cover besides the segments.

    Returns
    -------
    SegmentIndex
        Ready to ask.
    """
    dx, dy = edges.bx - edges.ax, edges.by - edges.ay
    square = dx * dx + dy * dy
    per_square = np.divide(1.0, square, out=np.zeros_like(square), where=square > 0)
    segments = Segments(edges.ax, edges.ay, dx, dy, per_square)
    x0, y0, width = _square(edges, box)
    depth = int(np.clip(np.log2(max(n_points / _POINTS_PER_LEAF, 1)) / 2, 0, _DEEPEST))
    leaf, start, candidate = _grow(segments, x0, y0, width, depth)
    side = 1 << depth
    return SegmentIndex(segments, x0, y0, side / width, side, leaf, start, candidate)


def _square(edges: Edges, box: Box | None) -> tuple[float, float, float]:
    """Return corner and width of a square around everything, with 1 % to spare."""
    x = np.concatenate([edges.ax, edges.bx, () if box is None else box[::2]])
    y = np.concatenate([edges.ay, edges.by, () if box is None else box[1::2]])
    if not len(x):
        return 0.0, 0.0, 1.0
    west, east, south, north = float(x.min()), float(x.max()), float(y.min()), float(y.max())
    width = max(1.02 * max(east - west, north - south), 1.0)
    return (west + east - width) / 2, (south + north - width) / 2, width


def _grow(
    segments: Segments, x0: float, y0: float, width: float, depth: int
) -> tuple[NDArray[np.int32], Ints, Ints]:
    """Split squares until few candidates are left; return leaf by cell, and the lists."""
    every = np.arange(len(segments.ax))
    side = 1 << depth
    leaf = np.zeros((side, side), dtype=np.int32)
    row = column = np.zeros(1, dtype=np.int64)
    member, counts = every, np.array([len(every)])
    lists: list[Ints] = []
    sizes: list[Ints] = []
    n_leaves = 0
    for level in range(depth + 1):
        wide = width / 2**level
        centre_x = np.asarray(x0 + (column + 0.5) * wide, dtype=np.float64)
        centre_y = np.asarray(y0 + (row + 0.5) * wide, dtype=np.float64)
        member, counts = _candidates(segments, member, counts, centre_x, centre_y, wide)
        done = (counts <= _ENOUGH) | (level == depth)
        scale = side >> level
        blocks = leaf.reshape(1 << level, scale, 1 << level, scale)
        blocks[row[done], :, column[done], :] = (n_leaves + np.arange(int(done.sum())))[
            :, None, None
        ]
        n_leaves += int(done.sum())
        sizes.append(counts[done])
        lists.append(member[np.repeat(done, counts)])
        row, column, member, counts = _quarter(
            row[~done], column[~done], member[~np.repeat(done, counts)], counts[~done]
        )
    size = np.concatenate([[0], *sizes, [len(every), 0]])
    return leaf.ravel(), np.cumsum(size), np.concatenate([*lists, every])


def _candidates(
    segments: Segments, member: Ints, counts: Ints, x: Floats, y: Floats, wide: float
) -> tuple[Ints, Ints]:
    """Keep in each square what can be nearest to one of its points."""
    if not len(member):
        return member, counts
    at = np.repeat(np.arange(len(counts)), counts)
    away = np.sqrt(segments.squared(member, x[at], y[at]))
    least = np.minimum.reduceat(away, np.cumsum(counts) - counts)
    # a hair more than the diagonal, for rounding
    near = away <= (least * (1 + 1e-12) + wide * (np.sqrt(2) * (1 + 1e-9)) + 1e-6)[at]
    return member[near], np.bincount(at[near], minlength=len(counts))


def _quarter(row: Ints, column: Ints, member: Ints, counts: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    start = np.cumsum(counts) - counts
    at, step = expand(np.repeat(counts, 4))
    four = np.arange(4 * len(row)) % 4
    rows, columns = np.repeat(row, 4) * 2 + four // 2, np.repeat(column, 4) * 2 + four % 2
    return rows, columns, member[start[at // 4] + step], np.repeat(counts, 4)


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
