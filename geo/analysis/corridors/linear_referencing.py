"""Linear referencing: chainage, offset and side of points on a line.

Everything here works on arrays of shapely geometries in metres; ``corridors`` is the door that
checks reference systems and units.
"""

import logging
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.crs import metres_of
from geo.errors import InputError

__all__ = ["ON_LINE_M", "Reference", "axis_lines", "reference", "require_one_axis"]

_log = logging.getLogger(__name__)

ON_LINE_M: Final = 1e-3
"""Nearer than this to a line is on it, and two offsets that differ by less are equal."""


@dataclass(frozen=True)
class Reference:
    """Points referenced to one line; arrays of one length, NaN or 0 where a point is missing.

    Attributes
    ----------
    chainage_m
        Distance along the line to the foot of the point.
    offset_m
        Distance from the line.
    side
        1 left of the drawing direction, -1 right, 0 on the line or straight ahead of its ends.
    beyond_end
        Whether the point lies before the start or after the end of the line.
    """

    chainage_m: NDArray[np.float64]
    offset_m: NDArray[np.float64]
    side: NDArray[np.int8]
    beyond_end: NDArray[np.bool_]


def axis_lines(axes: gpd.GeoDataFrame | gpd.GeoSeries) -> "pd.Series[shapely.LineString]":
    """Check axes and return each as one line.

    Parameters
    ----------
    axes
        Lines in equal-area metres, one an axis, indexed by ``axis_id``. The parts of a
        multi-line are joined where they meet, in drawing order.

    Returns
    -------
    Series
        LineStrings, indexed like ``axes``. A line that crosses itself is kept, with a warning in
        the log: where two of its legs are equally near, the lower chainage is taken.

    Raises
    ------
    CRSError
        When the axes are not in equal-area metres.
    InputError
        When there is no axis, ids repeat, or an axis is no line, has no length or has parts that
        do not meet.

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> line = gpd.GeoSeries([shapely.LineString([(0, 0), (0, 0)])], ["a"], crs=metres)
    >>> axis_lines(line)
    Traceback (most recent call last):
    geo.errors.InputError: axis a has no length; draw it through at least two different points
    """
    metres_of(axes, name="axes")
    if len(axes) == 0 or not axes.index.is_unique:
        msg = "axes: no axis is given" if len(axes) == 0 else "axes: the ids are not unique"
        raise InputError(msg)
    return pd.Series(
        [_one_line(str(key), shape) for key, shape in axes.geometry.items()],
        index=axes.index,
        dtype=object,
    )


def _one_line(axis_id: str, shape: shapely.Geometry) -> shapely.LineString:
    if isinstance(shape, shapely.MultiLineString):
        shape = shapely.line_merge(shape, directed=True)
    if isinstance(shape, shapely.MultiLineString):
        msg = (
            f"axis {axis_id} has {len(shape.geoms)} parts that do not join end to start; chainage "
            "needs one line drawn in one direction"
        )
        raise InputError(msg)
    if not isinstance(shape, shapely.LineString) or shape.is_empty:
        kind = "nothing" if shape is None else shape.geom_type
        msg = f"axis {axis_id} is {kind}; an axis is a LineString"
        raise InputError(msg)
    if not np.isfinite(shape.length) or shape.length <= ON_LINE_M:
        msg = f"axis {axis_id} has no length; draw it through at least two different points"
        raise InputError(msg)
    if not shape.is_simple:
        _log.warning(
            "axis %s crosses itself: where two legs are equally near, the lower chainage is taken",
            axis_id,
        )
    return shapely.remove_repeated_points(shapely.force_2d(shape))


def require_one_axis(axis: gpd.GeoDataFrame | gpd.GeoSeries) -> shapely.LineString:
    """Return the line of a frame that must hold exactly one axis.

    Parameters
    ----------
    axis
        One line in equal-area metres, indexed by ``axis_id``.

    Returns
    -------
    LineString
        In metres.

    Raises
    ------
    CRSError
        When the axis is not in equal-area metres.
    InputError
        When there is not exactly one axis, or it has no length.

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> line = shapely.LineString([(0, 0), (9, 0)])
    >>> require_one_axis(gpd.GeoSeries([line], ["a"], crs=metres)).length
    9.0
    """
    lines = axis_lines(axis)
    if len(lines) != 1:
        msg = f"{len(lines)} axes are given where one is needed: {', '.join(map(str, axis.index))}"
        raise InputError(msg)
    return lines.iloc[0]


def reference(points: NDArray[np.object_], line: shapely.LineString) -> Reference:
    """Give the chainage, offset and side of points on a line.

    The foot of a point is the nearest place on the line; where several are equally near, the one
    with the lowest chainage. The side is the sign of the cross product with the leg that holds
    the foot; where the foot is a bend, the point lies outside the bend.

    Parameters
    ----------
    points
        Points in metres; missing and empty ones give NaN.
    line
        One LineString in equal-area metres, of length above 0.

    Returns
    -------
    Reference
        Chainage, offset, side and whether beyond an end.

    Examples
    --------
    >>> points = shapely.points([[3, 1], [3, -1], [12, 0]])
    >>> found = reference(points, shapely.LineString([(0, 0), (10, 0)]))
    >>> found.chainage_m.tolist(), found.side.tolist(), found.beyond_end.tolist()
    ([3.0, 3.0, 10.0], [1, -1, 0], [False, False, True])
    """
    placed = ~(shapely.is_missing(points) | shapely.is_empty(points))
    chainage = np.full(len(points), np.nan)
    offset = np.full(len(points), np.nan)
    side = np.zeros(len(points), dtype=np.int8)
    beyond = np.zeros(len(points), dtype=bool)
    spots = points[placed]
    chainage[placed] = shapely.line_locate_point(line, spots)
    offset[placed] = shapely.distance(line, spots)
    xy = shapely.get_coordinates(spots)
    side[placed], beyond[placed] = _side(xy, chainage[placed], line)
    side[offset <= ON_LINE_M] = 0
    return Reference(chainage, offset, side, beyond)


def _side(
    xy: NDArray[np.float64], chainage: NDArray[np.float64], line: shapely.LineString
) -> tuple[NDArray[np.int8], NDArray[np.bool_]]:
    corners = shapely.get_coordinates(line)
    legs = np.diff(corners, axis=0)
    lengths = np.hypot(legs[:, 0], legs[:, 1])
    cumulative = np.concatenate([[0.0], np.cumsum(lengths)])
    leg = np.clip(np.searchsorted(cumulative, chainage, side="right") - 1, 0, len(legs) - 1)
    heading = legs / lengths[:, None]

    def across_leg(at: NDArray[np.int64]) -> NDArray[np.float64]:
        away = xy - corners[at]
        return np.asarray(heading[at, 0] * away[:, 1] - heading[at, 1] * away[:, 0])

    across = across_leg(leg)
    along = ((xy - corners[leg]) * heading[leg]).sum(axis=1)
    bend = leg + (cumulative[leg + 1] - chainage < chainage - cumulative[leg])
    closed = bool(np.hypot(*(corners[-1] - corners[0])) <= ON_LINE_M)
    inner = closed | ((bend > 0) & (bend < len(legs)))
    at_bend = (np.abs(cumulative[bend] - chainage) <= ON_LINE_M) & inner
    # where the two legs of a bend disagree, the point lies outside the bend
    before, after = (bend - 1) % len(legs), bend % len(legs)
    turn = heading[before, 0] * heading[after, 1] - heading[before, 1] * heading[after, 0]
    disagree = np.sign(across_leg(before)) != np.sign(across_leg(after))
    across = np.where(at_bend & disagree & (turn != 0), -np.sign(turn), across)
    side = np.where(np.abs(across) <= ON_LINE_M, 0, np.sign(across)).astype(np.int8)
    short = (leg == 0) & (along < -ON_LINE_M) & (chainage <= ON_LINE_M)
    past = (leg == len(legs) - 1) & (along > lengths[leg] + ON_LINE_M)
    past &= chainage >= cumulative[-1] - ON_LINE_M
    return side, (short | past) & (not closed)
