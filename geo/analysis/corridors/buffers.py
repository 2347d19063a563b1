"""Buffers of axes: their polygons, exact areas, and the length of lines inside.

A buffered polygon replaces arcs by chords and is always a little too small; areas here are
corrected for that, piece by piece, so that a density does not depend on how round a corner is.
"""

import itertools
from typing import Final, Literal

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import KDTree, Voronoi

from geo.analysis.corridors.linear_referencing import axis_lines
from geo.crs import require_crs
from geo.errors import InputError

__all__ = [
    "Ends",
    "exact_area_km2",
    "length_inside_km",
    "require_width",
    "ribbon_area_km2",
    "ribbon_pieces",
    "ribbon_polygon",
]

Ends = Literal["round", "flat"]
"""Whether the ribbon goes round the ends of the axis (all within the width) or stops there."""

_QUARTER_SEGMENTS: Final = 256
"""Chords a quarter circle: the boundary is at most 0.0005 % of the width too near."""
_SQUARE_METRES: Final = 1e6


def require_width(width_km: float, *, name: str = "width_km") -> float:
    """Return a width in metres, or raise when it is not a positive number.

    Parameters
    ----------
    width_km
        Buffer width in kilometres, finite and above 0.
    name
        Name of the parameter or table at the caller, for the message.

    Returns
    -------
    float
        Metres.

    Raises
    ------
    InputError
        When it is zero, negative or not finite.

    Examples
    --------
    >>> require_width(10.0)
    10000.0
    >>> require_width(0.0)
    Traceback (most recent call last):
    geo.errors.InputError: width_km is 0.0; give a positive number of kilometres
    """
    if not (np.isfinite(width_km) and width_km > 0):
        msg = f"{name} is {width_km}; give a positive number of kilometres"
        raise InputError(msg)
    return float(width_km) * 1000.0


def ribbon_polygon(
    axes: gpd.GeoDataFrame | gpd.GeoSeries, width_km: float, *, ends: Ends = "round"
) -> shapely.Geometry:
    """Return the buffer of one or several axes as one polygon.

    Parameters
    ----------
    axes
        Lines in equal-area metres, indexed by ``axis_id``.
    width_km
        Distance from the axis to the edge of the buffer in kilometres, on each side.
    ends
        ``round`` goes round the ends, ``flat`` stops there.

    Returns
    -------
    Polygon or MultiPolygon
        In metres; overlapping buffers are one.

    Raises
    ------
    CRSError
        When the axes are not in equal-area metres.
    InputError
        When an axis is no line with length, or the width is not positive.

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> axis = gpd.GeoSeries([shapely.LineString([(0, 0), (10e3, 0)])], ["a"], crs=metres)
    >>> ribbon_polygon(axis, 2.0, ends="flat").bounds
    (0.0, -2000.0, 10000.0, 2000.0)
    """
    width_m = require_width(width_km)
    lines = axis_lines(axes).to_numpy()
    ribbons = shapely.buffer(lines, width_m, quad_segs=_QUARTER_SEGMENTS, cap_style=ends)
    return shapely.union_all(ribbons)


def ribbon_area_km2(
    axes: gpd.GeoDataFrame | gpd.GeoSeries, width_km: float, *, ends: Ends = "round"
) -> float:
    """Return the area of the buffer of one or several axes.

    For one straight axis of length L this is 2·L·d + π·d² with round ends, 2·L·d with flat ones;
    where bends or axes overlap, the overlap counts once.

    Parameters
    ----------
    axes
        Lines in equal-area metres, indexed by ``axis_id``.
    width_km
        Distance d from the axis to the edge of the buffer in kilometres, on each side.
    ends
        Shape of the buffer at the ends of a line: ``round`` or ``flat``.

    Returns
    -------
    float
        Square kilometres; arcs are exact, not chords.

    Raises
    ------
    CRSError
        When the axes are not in equal-area metres.
    InputError
        When an axis is no line with length, or the width is not positive.

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> axis = gpd.GeoSeries([shapely.LineString([(0, 0), (10e3, 0)])], ["a"], crs=metres)
    >>> round(ribbon_area_km2(axis, 2.0), 9), ribbon_area_km2(axis, 2.0, ends="flat")
    (52.566370614, 40.0)
    """
    polygon = ribbon_polygon(axes, width_km, ends=ends)
    corners = shapely.get_coordinates(axis_lines(axes).to_numpy())
    return exact_area_km2(polygon, corners, width_km * 1000.0)


def exact_area_km2(
    polygon: shapely.Geometry, corners: NDArray[np.float64], width_m: float
) -> float:
    """Return the area of a buffer, or of a piece of one, with exact arcs instead of chords.

    A chord that subtends the angle θ lacks the segment of area w²·(θ - sin θ)/2.

    Parameters
    ----------
    polygon
        A buffer drawn as a polygon, in metres.
    corners
        Vertices of the axes, shape (n, 2): the centres of the arcs.
    width_m
        Radius w of the arcs.

    Returns
    -------
    float
        Square kilometres.

    Examples
    --------
    >>> disk = shapely.Point(0, 0).buffer(1000.0, quad_segs=64)
    >>> round(disk.area / 1e6, 6), round(exact_area_km2(disk, np.zeros((1, 2)), 1000.0), 6)
    (3.141277, 3.141593)
    """
    centres = KDTree(corners)
    total = float(polygon.area)
    for ring in shapely.get_rings(shapely.get_parts(polygon)):
        xy = shapely.get_coordinates(ring)
        start, end = xy[:-1], xy[1:]
        chord = np.hypot(*(end - start).T)
        _, nearest = centres.query((start + end) / 2)
        on_arc = (chord > 0) & (chord < width_m / 10)
        for one_end in (start, end):
            radius = np.hypot(*(one_end - corners[nearest]).T)
            on_arc &= np.abs(radius - width_m) < 1e-6 * width_m
        angle = 2 * np.arcsin(chord[on_arc] / (2 * width_m))
        total += float(np.sum(width_m**2 / 2 * (angle - np.sin(angle))))
    return total / _SQUARE_METRES


def ribbon_pieces(
    axis: shapely.LineString, edges_m: NDArray[np.float64], width_m: float
) -> NDArray[np.object_]:
    """Cut the buffer of an axis into one piece a stretch, by the nearest stretch.

    A place belongs to the stretch that holds its foot, the rule by which points are counted; on
    a straight axis the cuts are the normals at the edges, at a bend they follow the line that is
    equally far from both legs.

    Parameters
    ----------
    axis
        One LineString in equal-area metres.
    edges_m
        Rising chainages that bound the stretches, from 0 to the length of the axis.
    width_m
        Distance from the axis to the edge of the buffer.

    Returns
    -------
    ndarray of Polygon or MultiPolygon
        One piece a stretch; together the whole buffer, ends included.

    Examples
    --------
    >>> line = shapely.LineString([(0, 0), (10e3, 0)])
    >>> pieces = ribbon_pieces(line, np.array([0.0, 4e3, 10e3]), 1e3)
    >>> [round(piece.area / 1e6, 2) for piece in pieces]
    [9.57, 13.57]
    """
    ribbon = shapely.buffer(axis, width_m, quad_segs=_QUARTER_SEGMENTS)
    if len(edges_m) == 2:
        return np.array([ribbon], dtype=object)
    step = min(float(np.min(np.diff(edges_m))), width_m) / 20
    places, stretch = _samples(edges_m, step)
    cells = _cells(shapely.get_coordinates(shapely.line_interpolate_point(axis, places)))
    held = [shapely.union_all(cells[stretch == at]) for at in range(len(edges_m) - 1)]
    return np.asarray(shapely.intersection(np.array(held, dtype=object), ribbon))


def _samples(
    edges_m: NDArray[np.float64], step: float
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Place sites along the axis, in pairs astride each inner edge so that cuts are normals."""
    astride = min(1.0, step / 4)
    places, stretch = [], []
    for at, (start, end) in enumerate(itertools.pairwise(edges_m)):
        inner = np.linspace(start + astride, end - astride, max(3, int((end - start) / step)))
        places.append(inner)
        stretch.append(np.full(len(inner), at))
    return np.concatenate(places), np.concatenate(stretch)


def _cells(sites: NDArray[np.float64]) -> NDArray[np.object_]:
    """Return the Voronoi cell of each site, cut off far away.

    Qhull, because GEOS returns overlapping cells for sites in a row (seen in 3.14).
    """
    centre = (sites.min(axis=0) + sites.max(axis=0)) / 2
    far = 100 * float(np.max(np.ptp(sites, axis=0)))
    turn = np.linspace(0, 2 * np.pi, 7, endpoint=False) + 0.1
    around = centre + far * np.column_stack([np.cos(turn), np.sin(turn)])
    diagram = Voronoi(np.vstack([sites, around]) - centre)
    corners = diagram.vertices + centre
    regions = [diagram.regions[at] for at in diagram.point_region[: len(sites)]]
    return np.array([shapely.Polygon(corners[region]) for region in regions], dtype=object)


def length_inside_km(
    lines: gpd.GeoDataFrame | gpd.GeoSeries,
    axes: gpd.GeoDataFrame | gpd.GeoSeries,
    width_km: float,
    *,
    ends: Ends = "round",
) -> float:
    """Return the length of railway or road within a width of one or several axes.

    Parameters
    ----------
    lines
        Lines in equal-area metres.
    axes
        Lines in equal-area metres, indexed by ``axis_id``; overlapping buffers count once.
    width_km
        Distance from the axis to the edge of the buffer in kilometres, on each side.
    ends
        Shape of the buffer at the ends of a line: ``round`` or ``flat``.

    Returns
    -------
    float
        Kilometres; 0 when there are no lines. Right within 0.0005 % of the width at each place
        where a line leaves the buffer.

    Raises
    ------
    CRSError
        When a frame is not in equal-area metres, or they are not in the same.
    InputError
        When an axis is no line with length, or the width is not positive.

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> axis = gpd.GeoSeries([shapely.LineString([(0, 0), (10e3, 0)])], ["a"], crs=metres)
    >>> rail = gpd.GeoSeries([shapely.LineString([(-5e3, 1e3), (15e3, 1e3)])], crs=metres)
    >>> round(length_inside_km(rail, axis, 2.0), 3)
    13.464
    """
    ribbon = ribbon_polygon(axes, width_km, ends=ends)
    require_crs(lines, axes.crs, name="lines")
    shapely.prepare(ribbon)
    shapes = lines.geometry.to_numpy()
    near = shapes[shapely.intersects(shapes, ribbon)]
    return float(shapely.length(shapely.intersection(near, ribbon)).sum()) / 1000.0
