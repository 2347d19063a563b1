"""Geometries as whole numbers that compress well, and the order that makes points alike."""

from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs import ANALYSIS_CRS, STORAGE_CRS, to_analysis
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
    """Order points along a Hilbert curve, so that neighbours in the file are neighbours in place.

    Parameters
    ----------
    shapes
        Points in degrees.

    Returns
    -------
    ndarray of int64
        Positions, first point of the curve first.

    Examples
    --------
    >>> along_curve(shapely.points([[1, 1], [0, 0], [1, 0], [0, 1]])).tolist()
    [1, 3, 0, 2]
    >>> along_curve(shapely.points([[1, 1], [1, 1]])).tolist()
    [0, 1]
    """
    return np.argsort(gpd.GeoSeries(shapes).hilbert_distance().to_numpy(), kind="stable")


def point_parts(shapes: NDArray[Any]) -> list[Part]:
    """Encode points.

    Parameters
    ----------
    shapes
        Points in degrees, none empty.

    Returns
    -------
    list of Part
        ``x`` and ``y`` in hundred-thousandths of a degree.
    """
    x, y = shapely.get_coordinates(shapes).T
    return [("x", "d32", whole(x)), ("y", "d32", whole(y))]


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
    frame = to_analysis(gpd.GeoSeries(shapes, crs=STORAGE_CRS))
    flat = frame.to_numpy()
    if shapely.coverage_is_valid(flat):
        thin = shapely.coverage_simplify(flat, tolerance_m)
    else:
        thin = shapely.simplify(flat, tolerance_m, preserve_topology=True)
    gone = shapely.is_empty(thin)
    thin[gone] = flat[gone]
    back = gpd.GeoSeries(thin, crs=ANALYSIS_CRS).to_crs(STORAGE_CRS)
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
