"""Geometries as whole numbers that compress well, and the order that makes points alike."""

from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs import STORAGE_CRS, to_analysis
from geo.errors import CRSError
from geo.region import study_crs
from geo.render.arcs import arc_parts
from geo.render.encode import DECIMALS, Part, whole

__all__ = [
    "along_curve",
    "area_parts",
    "bounds_of",
    "path_parts",
    "point_parts",
    "simplified",
]

_DEGREE_M: Final = 111_195.0
"""Of a degree on the sphere."""


def bounds_of(shapes: NDArray[Any]) -> tuple[float, float, float, float] | None:
    """Return the box of geometries.

    Parameters
    ----------
    shapes
        In degrees.

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


def along_curve(shapes: NDArray[Any]) -> NDArray[np.int64]:
    """Order points along a Z-shaped curve, so that neighbours in the file are neighbours in place.

    Parameters
    ----------
    shapes
        Points in degrees.

    Returns
    -------
    ndarray of int64
        Positions, first point of the curve first; those of one place keep their order.

    Examples
    --------
    >>> along_curve(shapely.points([[1, 1], [0, 0], [1, 0], [0, 1]])).tolist()
    [1, 2, 3, 0]
    >>> along_curve(shapely.points([[1, 1], [1, 1]])).tolist()
    [0, 1]
    """
    code, _ = _curve(whole(shapely.get_coordinates(shapes)))
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
    grid = whole(shapely.get_coordinates(shapes))
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
    grid = whole(xy)
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
        As ``geo.render.arcs.arc_parts``, and ``own`` rings of each feature.
    """
    pieces, owner = shapely.get_parts(shapes, return_index=True)
    rings, at = shapely.get_rings(shapely.orient_polygons(pieces), return_index=True)
    xy, run = shapely.get_coordinates(rings, return_index=True)
    grid = whole(xy, decimals)
    keep = _worth_keeping(grid, run, closed=True)
    own = np.bincount(owner[at], minlength=len(shapes))
    return [*arc_parts(grid[keep], run[keep]), ("own", "d32", own)]


def simplified(shapes: NDArray[Any], tolerance_m: float) -> NDArray[Any]:
    """Thin the outlines of polygons; neighbours stay neighbours.

    Parameters
    ----------
    shapes
        Polygons in degrees.
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
