"""Encoding of geometries for the page: shared borders, rounded coordinates.

Borders kept once: rings of adjoining areas as arcs that both refer to, as in TopoJSON.

Geometries as whole numbers that compress well, and the order that makes points alike.
"""

from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs import STORAGE_CRS, to_analysis
from geo.errors import CRSError
from geo.region import study_crs
from geo.render.encode import DECIMALS, Part, fixed_point

__all__ = [
    "arc_parts",
    "area_parts",
    "bounds_of",
    "path_parts",
    "point_parts",
    "simplified",
    "z_order",
]

Ints = NDArray[np.int64]


def arc_parts(grid: Ints, run: Ints) -> list[Part]:
    """Split rings into arcs where three areas meet, and keep each arc once.

    Parameters
    ----------
    grid
        Vertices of all rings in order, shape (n, 2), whole numbers; no closing vertices, none
        equal to the one before.
    run
        Ring of each vertex, ascending from 0 without gaps.

    Returns
    -------
    list of Part
        ``ax``, ``ay`` of the arcs' vertices, ``alen`` vertices of each arc, ``ref`` arcs of the
        rings in order (twice the number of the arc, plus one when it is walked backwards),
        ``rlen`` arcs of each ring.

    Examples
    --------
    >>> squares = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [1, 0], [2, 0], [2, 1], [1, 1]])
    >>> parts = dict((name, content) for name, _, content in
    ...              arc_parts(squares, np.repeat([0, 1], 4)))
    >>> len(parts["alen"]), parts["rlen"].tolist()
    (3, [2, 2])
    """
    if not len(grid):
        empty = np.zeros(0, dtype=np.int64)
        return [(name, "d32", empty) for name in ("ax", "ay", "alen", "ref", "rlen")]
    vertex = np.unique(grid[:, 0] << np.int64(32) | (grid[:, 1] & 0xFFFFFFFF), return_inverse=True)[
        1
    ]
    order = _rotated(vertex, run)
    grid, vertex = grid[order], vertex[order]
    following = _following(run)
    edge = _edges(vertex, vertex[following])
    is_start = _junctions(vertex, vertex[following], edge) | (np.diff(run, prepend=-1) != 0)
    starts = np.flatnonzero(is_start)
    lengths = np.diff(np.append(starts, len(grid)))
    # an edge belongs to one arc only, so the least edge names the arc
    names = np.minimum.reduceat(edge, starts)
    _, first, number = np.unique(names, return_index=True, return_inverse=True)
    rank = np.argsort(np.argsort(first))
    rep = starts[first][number]
    backwards = (vertex[starts] != vertex[rep]) | (edge[starts] != edge[rep])
    kept = np.sort(first)
    taken = _spans(starts[kept], lengths[kept], following)
    return [
        ("ax", "d32", grid[taken, 0]),
        ("ay", "d32", grid[taken, 1]),
        ("alen", "d32", lengths[kept] + 1),
        ("ref", "d32", 2 * rank[number] + backwards),
        ("rlen", "d32", np.bincount(run[starts])),
    ]


def _following(run: Ints) -> Ints:
    """Return the next vertex of each vertex, the first of the ring after its last."""
    following = np.arange(1, len(run) + 1)
    firsts = np.flatnonzero(np.diff(run, prepend=-1))
    lasts = np.append(firsts[1:], len(run)) - 1
    following[lasts] = firsts
    return following


def _edges(one: Ints, other: Ints) -> Ints:
    """Return the number of each edge, the same in both directions."""
    low, high = np.minimum(one, other), np.maximum(one, other)
    return np.asarray(np.unique(low << np.int64(32) | high, return_inverse=True)[1])


def _junctions(one: Ints, other: Ints, edge: Ints) -> NDArray[np.bool_]:
    """Tell which vertices have not just two edges."""
    _, at = np.unique(edge, return_index=True)
    degree = np.bincount(np.concatenate([one[at], other[at]]), minlength=int(one.max()) + 1)
    return np.asarray(degree[one] != 2)


def _rotated(vertex: Ints, run: Ints) -> Ints:
    """Begin each ring at a junction, or at its least vertex when it has none."""
    following = _following(run)
    junction = _junctions(vertex, vertex[following], _edges(vertex, vertex[following]))
    weight = vertex + np.where(junction, 0, int(vertex.max()) + 1)
    by_ring = np.lexsort((weight, run))
    firsts = np.flatnonzero(np.diff(run, prepend=-1))
    counts = np.diff(np.append(firsts, len(run)))
    shift = by_ring[firsts] - firsts
    place = np.arange(len(run)) - np.repeat(firsts, counts)
    turned = (place + np.repeat(shift, counts)) % np.repeat(counts, counts)
    return np.asarray(turned + np.repeat(firsts, counts))


def _spans(starts: Ints, lengths: Ints, following: NDArray[Any]) -> Ints:
    """Return the vertices of arcs: those of their edges, and the end of the last edge."""
    offsets = np.arange(int(lengths.sum())) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    inner = np.repeat(starts, lengths) + offsets
    ends = following[starts + lengths - 1]
    return np.asarray(np.insert(inner, np.cumsum(lengths), ends))


_DEGREE_M: Final = 111_195.0
"""Of a degree on the sphere."""


def bounds_of(shapes: NDArray[Any]) -> tuple[float, float, float, float] | None:
    """Return the box of geometries.

    Parameters
    ----------
    shapes
        Array of geometries in degrees; missing and empty ones are passed over.

    Returns
    -------
    tuple of float or None
        West, south, east, north; None when there are none.

    Examples
    --------
    >>> bounds_of(shapely.points([[116, 39], [117, 40]]))
    (116.0, 39.0, 117.0, 40.0)
    >>> bounds_of(np.array([])) is None
    True
    """
    if not len(shapes):
        return None
    west, south, east, north = shapely.total_bounds(shapes).tolist()
    return west, south, east, north


def z_order(shapes: NDArray[Any]) -> NDArray[np.int64]:
    """Sort points along a Z-order curve, so that near points are near in the file.

    Parameters
    ----------
    shapes
        Array of Points in degrees.

    Returns
    -------
    ndarray of int64
        Positions, first point of the curve first; those of one place keep their order.

    Examples
    --------
    >>> z_order(shapely.points([[1, 1], [0, 0], [1, 0], [0, 1]])).tolist()
    [1, 2, 3, 0]
    >>> z_order(shapely.points([[1, 1], [1, 1]])).tolist()
    [0, 1]
    """
    code, _ = _curve(fixed_point(shapely.get_coordinates(shapes)))
    return np.argsort(code, kind="stable")


def _curve(grid: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return how far along the curve points stand, and the corner from which it starts.

    The bits of both coordinates take turns (Morton 1966): 52 bits are enough for the whole world.
    """
    if not len(grid):
        return np.empty(0, dtype=np.int64), np.zeros(2, dtype=np.int64)
    corner = grid.min(axis=0)
    x, y = (grid - corner).T
    return np.asarray(_spread(x) | (_spread(y) << 1), dtype=np.int64), corner


def _spread(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Put a gap before each of 26 bits."""
    bits = values
    for shift, mask in (
        (16, 0x0000FFFF0000FFFF),
        (8, 0x00FF00FF00FF00FF),
        (4, 0x0F0F0F0F0F0F0F0F),
        (2, 0x3333333333333333),
        (1, 0x5555555555555555),
    ):
        bits = (bits | (bits << shift)) & mask
    return bits


def point_parts(shapes: NDArray[Any]) -> list[Part]:
    """Encode points.

    Parameters
    ----------
    shapes
        Points in degrees, none empty.

    Returns
    -------
    list of Part
        In hundred-thousandths of a degree: ``corner`` and steps ``z`` along the curve where points
        are in its order, which takes a tenth less, else ``x`` and ``y``.
    """
    grid = fixed_point(shapely.get_coordinates(shapes))
    code, corner = _curve(grid)
    if (np.diff(code) >= 0).all():
        return [("corner", "d32", corner), ("z", "z56", code)]
    return [("x", "d32", grid[:, 0]), ("y", "d32", grid[:, 1])]


def path_parts(shapes: NDArray[Any]) -> list[Part]:
    """Encode lines as runs of vertices.

    Parameters
    ----------
    shapes
        Lines in degrees, none empty.

    Returns
    -------
    list of Part
        ``x``, ``y`` of all vertices, ``len`` vertices of each run, ``own`` runs of each feature.
    """
    pieces, owner = shapely.get_parts(shapes, return_index=True)
    xy, run = shapely.get_coordinates(pieces, return_index=True)
    grid = fixed_point(xy)
    keep = _worth_keeping(grid, run, closed=False)
    x, y = grid[keep].T
    return [
        ("x", "d32", x),
        ("y", "d32", y),
        ("len", "d32", np.bincount(run[keep], minlength=len(pieces))),
        ("own", "d32", np.bincount(owner, minlength=len(shapes))),
    ]


def area_parts(shapes: NDArray[Any], decimals: int = DECIMALS) -> list[Part]:
    """Encode polygons, shared borders once.

    Parameters
    ----------
    shapes
        Polygons in degrees, none empty.
    decimals
        Of a degree kept; fewer are enough for outlines that were thinned.

    Returns
    -------
    list of Part
        As ``geo.render.drawing.shapes.arc_parts``, and ``own`` rings of each feature.
    """
    pieces, owner = shapely.get_parts(shapes, return_index=True)
    rings, at = shapely.get_rings(shapely.orient_polygons(pieces), return_index=True)
    xy, run = shapely.get_coordinates(rings, return_index=True)
    grid = fixed_point(xy, decimals)
    keep = _worth_keeping(grid, run, closed=True)
    own = np.bincount(owner[at], minlength=len(shapes))
    return [*arc_parts(grid[keep], run[keep]), ("own", "d32", own)]


def simplified(shapes: NDArray[Any], tolerance_m: float) -> NDArray[Any]:
    """Simplify polygons; shared borders stay shared.

    Parameters
    ----------
    shapes
        Array of polygons in degrees.
    tolerance_m
        About how far an outline may move, in metres; the square root of the least triangle kept
        (Visvalingam and Whyatt 1993).

    Returns
    -------
    ndarray
        Polygons in degrees. A set with gaps or overlaps is thinned polygon by polygon.
    """
    degrees = gpd.GeoSeries(shapes, crs=STORAGE_CRS)
    try:
        crs = study_crs(degrees)
        frame = to_analysis(degrees, crs)
    except CRSError:  # spread over more of the earth than a plane shows: drawn, not measured
        crs, frame, tolerance_m = STORAGE_CRS, degrees, tolerance_m / _DEGREE_M
    flat = frame.to_numpy()
    if shapely.coverage_is_valid(flat):
        thin = shapely.coverage_simplify(flat, tolerance_m)
    else:
        thin = shapely.simplify(flat, tolerance_m, preserve_topology=True)
    gone = shapely.is_empty(thin)
    thin[gone] = flat[gone]
    back = gpd.GeoSeries(thin, crs=crs).to_crs(STORAGE_CRS)
    return np.asarray(back.to_numpy())


def _worth_keeping(
    grid: NDArray[np.int64], run: NDArray[np.int64], *, closed: bool
) -> NDArray[np.bool_]:
    """Drop vertices that rounding made equal to the one before, and closing ones."""
    first = np.diff(run, prepend=-1) != 0
    same = np.zeros(len(grid), dtype=bool)
    same[1:] = (grid[1:] == grid[:-1]).all(axis=1)
    keep = first | ~same
    if closed:
        last = np.diff(run, append=-1) != 0
        keep &= ~last | first
    return np.asarray(keep)
