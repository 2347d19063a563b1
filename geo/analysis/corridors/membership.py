"""Which points lie in a corridor: chainage, offset, side, and how certain that is.

Membership is a distance in metres, not a buffered polygon. What may be known only to kilometres
is not forced to be inside or outside: it is unknown, and is counted as such.
"""

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from geo.analysis.corridors.buffers import (
    length_inside_km,
    require_width,
    ribbon_area_km2,
    ribbon_polygon,
)
from geo.analysis.corridors.decay import Decay, decay
from geo.analysis.corridors.linear_referencing import (
    ON_LINE_M,
    Reference,
    axis_lines,
    reference,
    require_one_axis,
)
from geo.analysis.corridors.profiles import profile, require_weight
from geo.crs import require_crs
from geo.errors import InputError

__all__ = [
    "DEFAULT_WIDTH_KM",
    "Decay",
    "Share",
    "decay",
    "length_inside_km",
    "measure",
    "milestones",
    "nearest_axis",
    "profile",
    "ribbon_area_km2",
    "ribbon_polygon",
    "share_inside",
]

DEFAULT_WIDTH_KM: Final = 10.0
_ACCURACY_COLUMNS: Final = ("position_accuracy_m", "location_accuracy_m")


def measure(
    points: gpd.GeoDataFrame | gpd.GeoSeries,
    axes: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    width_km: float = DEFAULT_WIDTH_KM,
    accuracy_m: "pd.Series[float] | float | None" = None,
) -> pd.DataFrame:
    """Measure points along and across an axis, or across the nearest of several.

    Offset is the distance to the axis, chainage the distance along it to the foot of the point
    (the lowest where several are equally near), side the sign of the cross product with the leg
    that holds the foot. A point is inside when its offset is at most the width, outside when it
    is more, and unknown when the two differ by less than the point's accuracy.

    Parameters
    ----------
    points
        Points in equal-area metres. Missing and empty ones are kept, with nulls.
    axes
        Lines in equal-area metres, indexed by ``axis_id``.
    width_km
        Distance from the axis to the edge of the corridor in kilometres, on each side.
    accuracy_m
        How far a point may be from the truth, in metres: one number, or one a point. By default
        the column ``position_accuracy_m`` or ``location_accuracy_m`` of ``points``, else 0. Where
        it is missing, the point is taken as not known: ``inside`` is null.

    Returns
    -------
    DataFrame
        Aligned to ``points``: ``axis_id``, ``chainage_km``, ``offset_km``, ``side`` (1 left of
        the drawing direction, -1 right, 0 on the line), ``inside`` (boolean, null when unknown),
        ``beyond_end`` (the point lies before the start or after the end). With several axes also
        ``tied_axis_ids``: those equally near, separated by a space, null when there is one; the
        first of them is measured.

    Raises
    ------
    CRSError
        When a frame is not in equal-area metres, or two are not in the same.
    InputError
        When a shape is not a point, an axis has no length, or a width or accuracy is negative.

    References
    ----------
    ISO 19148:2021, Geographic information - Linear referencing.

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> axis = gpd.GeoSeries([shapely.LineString([(0, 0), (9e3, 0)])], ["a"], crs=metres)
    >>> points = gpd.GeoSeries(shapely.points([[3e3, 1e3], [3e3, -9e3], [0, 2e3]]),
    ...                        crs=metres)
    >>> found = measure(points, axis, width_km=2.0, accuracy_m=pd.Series([0, 0, 500]))
    >>> found.offset_km.tolist(), found.side.tolist(), found.inside.tolist()
    ([1.0, 9.0, 2.0], [1, -1, 1], [True, False, <NA>])
    """
    width_m = require_width(width_km)
    lines = axis_lines(axes)
    shapes = _require_points(points, axes.crs)
    ids = lines.index.to_numpy(dtype=object)
    near, tied = _nearest(shapes, lines)
    found = _by_axis(shapes, lines, near)
    placed = np.isfinite(found.offset_m)
    inside = _inside(found.offset_m, width_m, _accuracy(points, accuracy_m))
    side = pd.array(found.side, dtype="Int64")
    beyond = pd.array(found.beyond_end, dtype="boolean")
    side[~placed] = pd.NA
    beyond[~placed] = pd.NA
    columns = {
        "axis_id": pd.Series(ids[near], index=points.index, dtype=object).where(placed, None),
        "chainage_km": found.chainage_m / 1000.0,
        "offset_km": found.offset_m / 1000.0,
        "side": side,
        "inside": inside,
        "beyond_end": beyond,
    }
    if len(lines) > 1:
        columns["tied_axis_ids"] = _listed(tied, ids, points.index)
    return pd.DataFrame(columns, index=points.index)


def nearest_axis(
    points: gpd.GeoDataFrame | gpd.GeoSeries, axes: gpd.GeoDataFrame | gpd.GeoSeries
) -> pd.DataFrame:
    """Find the axis nearest to each point, and list those equally near.

    Parameters
    ----------
    points
        Points in equal-area metres.
    axes
        Lines in equal-area metres, indexed by ``axis_id``.

    Returns
    -------
    DataFrame
        Aligned to ``points``: ``axis_id`` (the first in the order of ``axes`` among equals),
        ``offset_km`` and ``tied_axis_ids`` (all within a millimetre of the nearest, separated by
        a space; null when there is one).

    Raises
    ------
    CRSError
        When a frame is not in equal-area metres, or two are not in the same.
    InputError
        When a shape is not a point, or an axis has no length.

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> axes = gpd.GeoSeries([shapely.LineString([(0, 0), (9, 0)]),
    ...                       shapely.LineString([(0, 0), (0, 9)])], ["a", "b"], crs=metres)
    >>> points = gpd.GeoSeries(shapely.points([[5, 1], [5, 5]]), crs=metres)
    >>> found = nearest_axis(points, axes)
    >>> found.axis_id.tolist(), found.tied_axis_ids.tolist()
    (['a', 'a'], [None, 'a b'])
    """
    lines = axis_lines(axes)
    shapes = _require_points(points, axes.crs)
    ids = lines.index.to_numpy(dtype=object)
    near, tied = _nearest(shapes, lines)
    found = _by_axis(shapes, lines, near)
    placed = np.isfinite(found.offset_m)
    return pd.DataFrame(
        {
            "axis_id": pd.Series(ids[near], index=points.index, dtype=object).where(placed, None),
            "offset_km": found.offset_m / 1000.0,
            "tied_axis_ids": _listed(tied, ids, points.index),
        },
        index=points.index,
    )


def _require_points(points: gpd.GeoDataFrame | gpd.GeoSeries, crs: CRS) -> NDArray[np.object_]:
    require_crs(points, crs, name="points")
    shapes: NDArray[np.object_] = points.geometry.to_numpy()
    kinds = shapely.get_type_id(shapes)
    wrong = ~np.isin(kinds, (-1, 0))
    if wrong.any():
        first = points.index[wrong][0]
        msg = (
            f"{wrong.sum()} of {len(shapes)} shapes are not points, first {first} "
            f"({shapes[wrong][0].geom_type}); give points, or representative points of areas"
        )
        raise InputError(msg)
    return shapes


def _nearest(
    shapes: NDArray[np.object_], lines: "pd.Series[shapely.LineString]"
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return the position of the nearest axis of each point, and which axes are as near."""
    far = np.stack([shapely.distance(line, shapes) for line in lines], axis=1)
    far = np.where(np.isnan(far), np.inf, far)
    least = far.min(axis=1, initial=np.inf)
    tied = (far <= (least + ON_LINE_M)[:, None]) & np.isfinite(far)
    return np.where(tied.any(axis=1), tied.argmax(axis=1), 0), tied


def _by_axis(
    shapes: NDArray[np.object_], lines: "pd.Series[shapely.LineString]", near: NDArray[np.int64]
) -> Reference:
    size = len(shapes)
    chainage, offset = np.full(size, np.nan), np.full(size, np.nan)
    side, beyond = np.zeros(size, dtype=np.int8), np.zeros(size, dtype=bool)
    for at, line in enumerate(lines):
        mine = near == at
        found = reference(shapes[mine], line)
        chainage[mine], offset[mine] = found.chainage_m, found.offset_m
        side[mine], beyond[mine] = found.side, found.beyond_end
    return Reference(chainage, offset, side, beyond)


def _listed(
    tied: NDArray[np.bool_], ids: NDArray[np.object_], index: "pd.Index[str]"
) -> "pd.Series[str]":
    names = [" ".join(str(one) for one in ids[row]) if row.sum() > 1 else None for row in tied]
    return pd.Series(names, index=index, dtype=object)


def _accuracy(
    points: gpd.GeoDataFrame | gpd.GeoSeries, accuracy_m: "pd.Series[float] | float | None"
) -> NDArray[np.float64]:
    if accuracy_m is None:
        columns = points.columns if isinstance(points, gpd.GeoDataFrame) else ()
        named = [name for name in _ACCURACY_COLUMNS if name in columns]
        accuracy_m = pd.to_numeric(points[named[0]]) if named else 0.0
    if isinstance(accuracy_m, pd.Series):
        if not accuracy_m.index.equals(points.index):
            msg = "accuracy_m is not aligned to the points; give one number a point, same index"
            raise InputError(msg)
        spread = accuracy_m.to_numpy(dtype=float, na_value=np.nan)
    else:
        spread = np.full(len(points), accuracy_m, dtype=float)
    if np.any(spread < 0):
        msg = f"accuracy_m is {spread[spread < 0][0]}; an error in metres is not negative"
        raise InputError(msg)
    return np.asarray(spread, dtype=np.float64)


def _inside(
    offset_m: NDArray[np.float64], width_m: float, accuracy_m: NDArray[np.float64]
) -> pd.api.extensions.ExtensionArray:
    # an offset that is the width but for rounding is inside, as the edge belongs to the corridor
    inside = pd.array(offset_m <= width_m + ON_LINE_M, dtype="boolean")
    known = ~(np.abs(offset_m - width_m) < accuracy_m) & ~np.isnan(accuracy_m)
    inside[~known | np.isnan(offset_m)] = pd.NA
    return inside


@dataclass(frozen=True)
class Share:
    """The share of a total that lies in a corridor, with bounds for unknown points.

    Attributes
    ----------
    inside, outside, unknown, unplaced
        Sums of the weights (counts without weights); unplaced are points without a position.
    share
        inside / (inside + outside), of those that are known; NaN when none is.
    share_low, share_high
        The same of all placed points, with all unknown ones outside, or inside.
    """

    inside: float
    outside: float
    unknown: float
    unplaced: float
    share: float
    share_low: float
    share_high: float


def share_inside(measured: pd.DataFrame, *, weight: "pd.Series[float] | None" = None) -> Share:
    """Return the share of points, or of a weight on them, that lies in the corridor.

    Parameters
    ----------
    measured
        Points measured against the axes, as ``measure`` returns them.
    weight
        Aligned to ``measured``, not negative; counts each point once by default.

    Returns
    -------
    Share
        With the bounds that unknown points leave open.

    Raises
    ------
    InputError
        When a weight is negative or missing, or not aligned.

    Examples
    --------
    >>> measured = pd.DataFrame({"offset_km": [1.0, 30.0, 9.9],
    ...     "inside": pd.array([True, False, None], dtype="boolean")})
    >>> found = share_inside(measured)
    >>> found.share, round(found.share_low, 3), round(found.share_high, 3)
    (0.5, 0.333, 0.667)
    """
    heavy = require_weight(measured, weight)
    placed = measured["offset_km"].notna()
    inside = float(heavy[measured["inside"].eq(other=True).fillna(value=False)].sum())
    outside = float(heavy[measured["inside"].eq(other=False).fillna(value=False)].sum())
    unknown = float(heavy[placed & measured["inside"].isna()].sum())
    known, total = inside + outside, inside + outside + unknown
    return Share(
        inside=inside,
        outside=outside,
        unknown=unknown,
        unplaced=float(heavy[~placed].sum()),
        share=inside / known if known else float("nan"),
        share_low=inside / total if total else float("nan"),
        share_high=(inside + unknown) / total if total else float("nan"),
    )


def milestones(
    axis: gpd.GeoDataFrame | gpd.GeoSeries, nodes: gpd.GeoDataFrame, *, within_km: float = 0.1
) -> pd.DataFrame:
    """Give the chainage of the named nodes of an axis.

    Parameters
    ----------
    axis
        One line in equal-area metres, indexed by ``axis_id``.
    nodes
        Points in equal-area metres with ``name_zh``, ``name_en``, ``name_ja``.
    within_km
        Nodes nearer to the axis than this are on it.

    Returns
    -------
    DataFrame
        Indexed like ``nodes``, in order of ``chainage_km``, with the three names.

    Raises
    ------
    CRSError
        When a frame is not in equal-area metres, or two are not in the same.
    InputError
        When there is not exactly one axis.

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> axis = gpd.GeoSeries([shapely.LineString([(0, 0), (9e3, 0)])], ["a"], crs=metres)
    >>> nodes = gpd.GeoDataFrame({"name_zh": ["乙", "甲"], "name_en": ["B", "A"],
    ...     "name_ja": ["乙", "甲"]}, geometry=shapely.points([[9e3, 0], [0, 0]]), crs=metres)
    >>> milestones(axis, nodes).chainage_km.tolist()
    [0.0, 9.0]
    """
    line = require_one_axis(axis)
    found = reference(_require_points(nodes, axis.crs), line)
    on_axis = found.offset_m <= require_width(within_km, name="within_km")
    names = pd.DataFrame(nodes[["name_zh", "name_en", "name_ja"]])
    table = names.assign(chainage_km=found.chainage_m / 1000.0)[on_axis]
    return table[["chainage_km", "name_zh", "name_en", "name_ja"]].sort_values("chainage_km")
