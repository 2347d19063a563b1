"""Least-cost corridors: all places that lie nearly on a cheapest way between two others."""

from dataclasses import dataclass, field
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.analysis.costdistance import cost_distance
from geo.analysis.linear import require_one_axis
from geo.analysis.ribbons import ribbon_polygon
from geo.crs import is_equal_area, metres_of, require_crs
from geo.errors import CRSError, InputError
from geo.raster import Raster, polygonise

__all__ = [
    "BANDS_PERCENT",
    "LeastCost",
    "band_polygons",
    "jaccard",
    "least_cost_corridor",
    "require_friction",
]

BANDS_PERCENT: Final = (1.0, 5.0)
"""Slack, in per cent of the least cost, at which a corridor's bands are drawn."""


@dataclass(frozen=True)
class LeastCost:
    """A least-cost corridor.

    Attributes
    ----------
    cost
        Of the cheapest way, in friction times metres.
    slack
        CD_A + CD_B - cost by cell: what a detour over the cell costs more, 0 on a cheapest way,
        NaN where no way leads.
    path
        A cheapest way through the centres of its cells, in equal-area metres; where several are
        equally cheap, one of them.
    length_km
        Of the path.
    """

    cost: float
    slack: Raster = field(repr=False)
    path: shapely.LineString
    length_km: float

    @property
    def slack_percent(self) -> Raster:
        """The slack in per cent of the cost; the bands are its cells up to 1 and up to 5."""
        share = self.slack.values / self.cost * 100.0
        return Raster(share, self.slack.transform, self.slack.crs)


def least_cost_corridor(
    friction: Raster, origin: shapely.Point, destination: shapely.Point
) -> LeastCost:
    """Find the corridor of least cost between two places.

    CD_A(x) is the least Σ ½(f_u + f_v)·length over all paths of neighbouring cells from A to x;
    the corridor is CD_A(x) + CD_B(x) - CD_A(B), which is 0 on a cheapest path and nowhere less.

    Parameters
    ----------
    friction
        Cost of a metre in equal-area metres, above 0; negative and NaN cells are impassable.
    origin, destination
        Places in equal-area metres.

    Returns
    -------
    LeastCost
        Cost, slack by cell, and a cheapest path.

    Raises
    ------
    CRSError
        When the friction is not in equal-area metres.
    InputError
        When a cell costs 0, a place is off the surface or on an impassable cell, both lie in one
        cell, or no way leads from one to the other.

    References
    ----------
    Adriaensen, F. et al. (2003). The application of least-cost modelling as a functional
    landscape model. Landscape and Urban Planning 64, 233-247.
    doi:10.1016/S0169-2046(02)00242-6.

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> from affine import Affine
    >>> ground = Raster(np.array([[1.0, 1, 1], [1, 9, 1]]), Affine(1, 0, 0, 0, -1, 2), metres)
    >>> found = least_cost_corridor(ground, shapely.Point(0.5, 0.5), shapely.Point(2.5, 0.5))
    >>> round(found.cost, 3), found.slack.values.round(2).tolist()
    (2.828, [[0.59, 0.0, 0.59], [0.0, 7.17, 0.0]])
    """
    if not is_equal_area(friction.crs):
        msg = "friction is not in an equal-area projection; use geo.raster.warp_to_analysis"
        raise CRSError(msg)
    require_friction(friction)
    ends = [_cell(friction, one, name) for one, name in ((origin, "from"), (destination, "to"))]
    if ends[0] == ends[1]:
        msg = "both places lie in one cell of the friction surface; take smaller cells"
        raise InputError(msg)
    there, back = (cost_distance(friction.values, end, cell_m=friction.cell_size) for end in ends)
    cost = float(there.cost[ends[1]])
    if not np.isfinite(cost):
        msg = "no way leads from one place to the other: impassable cells lie between them"
        raise InputError(msg)
    slack = there.cost + back.cost - cost
    # both sums add the same steps in another order: what is left of 0 is rounding
    slack[np.abs(slack) <= 1e-9 * cost] = 0.0
    slack[~np.isfinite(slack)] = np.nan
    path = _line(friction, there.path(*ends[1]))
    return LeastCost(
        cost, Raster(slack, friction.transform, friction.crs), path, path.length / 1000.0
    )


def require_friction(friction: Raster) -> None:
    """Refuse ground that costs nothing: over it every way is a cheapest one.

    Parameters
    ----------
    friction
        Cost of a metre.

    Raises
    ------
    InputError
        When a cell costs 0.

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> from affine import Affine
    >>> require_friction(Raster(np.array([[0.0, 1.0]]), Affine.identity(), metres))
    Traceback (most recent call last):
    geo.errors.InputError: friction is 0 in 1 of 2 cells; it must be > 0, ...
    """
    n = int(np.count_nonzero(friction.values == 0))
    if n:
        msg = (
            f"friction is 0 in {n:,} of {friction.values.size:,} cells; it must be > 0, and "
            "negative or no data where nothing passes"
        )
        raise InputError(msg)


def _cell(friction: Raster, place: shapely.Point, name: str) -> tuple[int, int]:
    column, row = ~friction.transform * (place.x, place.y)
    n_rows, n_columns = friction.values.shape
    cell = (int(np.floor(row)), int(np.floor(column)))
    if not (0 <= cell[0] < n_rows and 0 <= cell[1] < n_columns):
        msg = f"{name}: the place lies off the friction surface"
        raise InputError(msg)
    value = friction.values[cell]
    if not np.isfinite(value) or value < 0:
        msg = f"{name}: the place lies on an impassable cell (sea or no data)"
        raise InputError(msg)
    return cell


def _line(friction: Raster, cells: list[tuple[int, int]]) -> shapely.LineString:
    rows, columns = np.array(cells).T
    x, y = friction.transform * (columns + 0.5, rows + 0.5)
    return shapely.LineString(np.column_stack([x, y]))


def band_polygons(
    found: LeastCost, *, percents: tuple[float, ...] = BANDS_PERCENT
) -> gpd.GeoDataFrame:
    """Draw the cells whose slack is within some per cent of the least cost.

    Parameters
    ----------
    found
        A least-cost corridor.
    percents
        Above 0.

    Returns
    -------
    GeoDataFrame
        Polygons in equal-area metres, one a band, narrowest first: ``within_percent``,
        ``slack_at_most``, ``area_km2``, ``mean_width_km`` (area by the path's length).

    Raises
    ------
    InputError
        When a per cent is not positive.

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> from affine import Affine
    >>> ground = Raster(np.ones((3, 9)), Affine(1e3, 0, 0, 0, -1e3, 3e3), metres)
    >>> ends = shapely.Point(500, 1500), shapely.Point(8500, 1500)
    >>> band_polygons(least_cost_corridor(ground, *ends)).area_km2.tolist()
    [9.0, 9.0]
    """
    if not percents or min(percents) <= 0:
        msg = f"bands at {percents} per cent of the cost: give numbers above 0"
        raise InputError(msg)
    rows = []
    for percent in sorted(percents):
        limit = found.cost * percent / 100.0
        held = np.nan_to_num(found.slack.values, nan=np.inf) <= limit
        polygon = polygonise(held, found.slack.transform)
        area = polygon.area / 1e6
        rows.append((percent, limit, area, area / found.length_km, polygon))
    columns = ["within_percent", "slack_at_most", "area_km2", "mean_width_km", "geometry"]
    table = pd.DataFrame(rows, columns=columns)
    return gpd.GeoDataFrame(table, geometry="geometry", crs=found.slack.crs)


def jaccard(
    path: gpd.GeoDataFrame | gpd.GeoSeries,
    axis: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    width_km: float = 10.0,
) -> float:
    """Return how far two lines share their ribbons.

    |A ∩ B| / |A ∪ B| of the ribbons within a width of each line: 1 for the same line, 0 for lines
    more than two widths apart.

    Parameters
    ----------
    path, axis
        One line each, in equal-area metres.
    width_km
        Distance from each line to the edge of its ribbon.

    Returns
    -------
    float
        Between 0 and 1.

    Raises
    ------
    CRSError
        When a line is not in equal-area metres.
    InputError
        When there is not exactly one line each, one has no length, or the width is not positive.

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> line = gpd.GeoSeries([shapely.LineString([(0, 0), (9e3, 0)])], crs=metres)
    >>> round(jaccard(line, line), 9), jaccard(line, line.translate(0, 30e3))
    (1.0, 0.0)
    """
    for one, name in ((path, "path"), (axis, "axis")):
        metres_of(one, name=name)
        require_one_axis(one)
    require_crs(axis, path.crs, name="axis")
    first, second = ribbon_polygon(path, width_km), ribbon_polygon(axis, width_km)
    shared = first.intersection(second).area
    return float(shared / (first.area + second.area - shared))
