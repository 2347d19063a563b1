"""Least-cost corridors: cost distance over a friction surface, the path and the corridor around it.

Accumulated cost over a friction surface, and the least-cost path back.

Least-cost corridors: all places that lie nearly on a cheapest way between two others.
"""

from dataclasses import dataclass, field
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo.analysis.corridors.buffers import ribbon_polygon
from geo.analysis.corridors.linear_referencing import require_one_axis
from geo.crs import is_equal_area, metres_of, require_crs
from geo.errors import CRSError, InputError
from geo.join.compiler import compiled
from geo.raster import Raster, polygonise

__all__ = [
    "BANDS_PERCENT",
    "CostDistance",
    "LeastCost",
    "band_polygons",
    "cost_distance",
    "jaccard",
    "least_cost_corridor",
    "require_friction",
]

Cell = tuple[int, int]
_STEPS: Final = ((-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1))
_NONE: Final = -1
_COMPILE_FROM: Final = 40_000  # cells


@dataclass(frozen=True)
class CostDistance:
    """Least accumulated cost from the sources to every cell.

    Attributes
    ----------
    cost
        Friction times metres; infinite where nothing leads.
    came_from
        Which neighbour the least-cost path comes from (0 to 7, row by row from the north-west),
        −1 at sources and where nothing leads.
    """

    cost: NDArray[np.float64] = field(repr=False)
    came_from: NDArray[np.int8] = field(repr=False)

    def path(self, row: int, column: int) -> list[Cell]:
        """Trace the least-cost path from a source to a cell.

        Parameters
        ----------
        row, column
            Position of the target cell, counted from 0.

        Returns
        -------
        list of (row, column)
            Source first; the cell alone when it is a source.

        Raises
        ------
        InputError
            When the cell is off the surface, or no path leads there.
        """
        n_rows, n_columns = self.cost.shape
        if not (0 <= row < n_rows and 0 <= column < n_columns):
            msg = f"cell ({row}, {column}) is off the surface of {n_rows} by {n_columns} cells"
            raise InputError(msg)
        if not np.isfinite(self.cost[row, column]):
            msg = f"no path leads to cell ({row}, {column})"
            raise InputError(msg)
        cells = [(row, column)]
        while (step := int(self.came_from[row, column])) != _NONE:
            row, column = row + _STEPS[step][0], column + _STEPS[step][1]
            cells.append((row, column))
        return cells[::-1]


def cost_distance(
    friction: ArrayLike,
    sources: ArrayLike,
    *,
    cell_m: tuple[float, float] = (1.0, 1.0),
    compile_from: int = _COMPILE_FROM,
) -> CostDistance:
    """Accumulate the least cost of travelling from sources over a friction surface.

    A step between two of the eight neighbours costs ½(f_u + f_v)·length, as in ArcGIS, GRASS
    ``r.cost`` and ``skimage.graph.MCP_Geometric``; the cost of a cell is the least sum over all
    paths. All in 64-bit floats.

    Parameters
    ----------
    friction
        Cost per metre by cell, two dimensions. Negative, NaN and infinite cells are impassable;
        zero is free.
    sources
        Positions (row, column) of one or several source cells.
    cell_m
        Height and width of a cell in metres.
    compile_from
        Number of cells from which the compiled loop is used, if it is installed; otherwise
        SciPy's Dijkstra. The costs are the same; among paths of one cost either may be chosen.

    Returns
    -------
    CostDistance
        Cost and path of every cell.

    Raises
    ------
    InputError
        When the surface is not of two dimensions, a cell has no size, or a source is off the
        surface or on an impassable cell.

    References
    ----------
    Adriaensen, F. et al. (2003), Landscape and Urban Planning 64: 233–247,
    10.1016/S0169-2046(02)00242-6. Davidson, A. et al. (2014), IPDPS: 349–359,
    10.1109/IPDPS.2014.45 (the near–far queue).

    Examples
    --------
    >>> wall = [[1, 1, 1], [-1, -1, 1], [1, 1, 1]]
    >>> done = cost_distance(wall, (0, 0))
    >>> done.cost.round(2).tolist()
    [[0.0, 1.0, 2.0], [inf, inf, 2.41], [4.83, 3.83, 3.41]]
    >>> done.path(2, 1)
    [(0, 0), (0, 1), (1, 2), (2, 1)]
    """
    surface = np.array(friction, dtype=np.float64)
    if surface.ndim != 2:
        msg = f"a friction surface has two dimensions, not {surface.ndim}"
        raise InputError(msg)
    tall, wide = cell_m
    if not (0 < tall < np.inf and 0 < wide < np.inf):
        msg = f"a cell is some metres high and wide, not {tall} by {wide}"
        raise InputError(msg)
    # one impassable cell all around saves asking at every step whether it leaves the surface
    padded = np.full((surface.shape[0] + 2, surface.shape[1] + 2), np.inf)
    passable = np.isfinite(surface) & (surface >= 0)
    padded[1:-1, 1:-1] = np.where(passable, surface, np.inf)
    starts = _starts(sources, padded)
    lengths = np.array([np.hypot(down * tall, across * wide) for down, across in _STEPS])
    loop = compiled(_spread) if surface.size >= compile_from else None
    if loop is None:
        cost, came_from = _spread_scipy(padded, starts, lengths)
    else:
        # a middling step: a mean would be one huge cell's
        usual = np.median(surface[passable][::97]) * min(tall, wide)
        band = max(float(usual), 1e-9)
        cost, came_from = loop(padded.ravel(), padded.shape[1], starts, lengths / 2, band)
    shape = padded.shape
    return CostDistance(
        np.ascontiguousarray(cost.reshape(shape)[1:-1, 1:-1]),
        np.ascontiguousarray(came_from.reshape(shape)[1:-1, 1:-1]),
    )


def _starts(sources: ArrayLike, padded: NDArray[np.float64]) -> NDArray[np.int64]:
    cells = np.atleast_2d(np.asarray(sources))
    if cells.ndim != 2 or cells.shape[1] != 2 or not len(cells) or cells.dtype.kind not in "iu":
        msg = f"sources are whole (row, column) pairs, one or several, not {sources!r}"
        raise InputError(msg)
    n_rows, n_columns = padded.shape[0] - 2, padded.shape[1] - 2
    for row, column in cells.tolist():
        if not (0 <= row < n_rows and 0 <= column < n_columns):
            msg = f"source ({row}, {column}) is off the surface of {n_rows} by {n_columns} cells"
            raise InputError(msg)
        if np.isinf(padded[row + 1, column + 1]):
            msg = f"source ({row}, {column}) is on an impassable cell"
            raise InputError(msg)
    return np.asarray((cells[:, 0] + 1) * padded.shape[1] + cells[:, 1] + 1, dtype=np.int64)


def _spread(  # noqa: C901, PLR0912, PLR0915 - one loop, for the compiler
    friction: Any, wide: int, starts: Any, halves: Any, band: float
) -> tuple[Any, Any]:
    """Accumulate cost from the sources with two buckets (near, far) instead of a heap.

    Cells whose cost is below a moving limit are worked off in any order, and again when they
    improve; the others wait. Every improvement is followed, so that the result is the least
    fixed point, the same as Dijkstra's.

    Parameters
    ----------
    friction
        Flat, padded with one infinite cell all around.
    wide
        Cells in a row.
    starts
        Positions of the sources.
    halves
        Half the length of each of the eight steps.
    band
        Range of costs to work off together at first; any positive number gives the same answer.

    Returns
    -------
    cost, came_from : ndarray
        Flat.
    """
    n = len(friction)
    offsets = np.array(
        [-wide - 1, -wide, -wide + 1, -1, 1, wide - 1, wide, wide + 1], dtype=np.int64
    )
    cost = np.full(n, np.inf)
    came_from = np.full(n, -1, dtype=np.int8)
    waiting = np.zeros(n, dtype=np.uint8)  # 1 in the near pile, 2 in the far one, 4 worked off
    near, far = np.empty(n, dtype=np.int32), np.empty(n, dtype=np.int32)
    n_far = 0
    for start in starts:
        cost[start] = 0.0
        far[n_far] = start
        n_far += 1
        waiting[start] = 2
    while n_far > 0:
        least = np.inf
        for k in range(n_far):
            least = min(least, cost[far[k]])
        limit = max(least + band, np.nextafter(least, np.inf))
        # take what is below the limit into the near pile, a ring of at most n cells
        n_left, head, size = 0, 0, 0
        for k in range(n_far):
            at = far[k]
            if cost[at] < limit:
                waiting[at] &= 5
                if waiting[at] & 1 == 0:
                    near[size] = at
                    size += 1
                    waiting[at] |= 1
            else:
                far[n_left] = at
                n_left += 1
        n_far = n_left
        worked, again = 0, 0
        while size > 0:
            at = near[head]
            head = head + 1 if head + 1 < n else 0
            size -= 1
            worked += 1
            again += waiting[at] >> 2
            waiting[at] = (waiting[at] & 2) | 4
            here, rub = cost[at], friction[at]
            for step in range(8):
                beside = at + offsets[step]
                candidate = here + (rub + friction[beside]) * halves[step]
                if candidate < cost[beside]:
                    cost[beside] = candidate
                    came_from[beside] = 7 - step
                    if candidate < limit:
                        if waiting[beside] & 1 == 0:
                            tail = head + size
                            near[tail if tail < n else tail - n] = beside
                            size += 1
                            waiting[beside] |= 1
                    elif waiting[beside] & 2 == 0:
                        far[n_far] = beside
                        n_far += 1
                        waiting[beside] |= 2
        # widen the band while phases are short (each looks through the whole far pile), narrow it
        # while most work is repeated
        if worked * 2 < n_far:
            band *= 1.5
        elif again * 2 > worked:
            band /= 1.5
    return cost, came_from


def _spread_scipy(
    padded: NDArray[np.float64], starts: NDArray[np.int64], lengths: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
    """Accumulate cost with SciPy's Dijkstra, which needs the whole graph in memory."""
    wide, n = padded.shape[1], padded.size
    friction = padded.ravel()
    open_cells = np.flatnonzero(np.isfinite(friction))
    offsets = [down * wide + across for down, across in _STEPS]
    rows, columns, costs = [], [], []
    for offset, length in zip(offsets, lengths, strict=True):
        beside = open_cells + offset
        both = np.isfinite(friction[beside])
        rows.append(open_cells[both])
        columns.append(beside[both])
        costs.append((friction[rows[-1]] + friction[columns[-1]]) * (length / 2))
    graph = csr_array(
        (np.concatenate(costs), (np.concatenate(rows), np.concatenate(columns))), shape=(n, n)
    )
    cost, before, _ = dijkstra(graph, indices=starts, min_only=True, return_predecessors=True)
    came_from = np.full(n, _NONE, dtype=np.int8)
    known = np.flatnonzero(before >= 0)
    step = before[known] - known
    for number, offset in enumerate(offsets):
        came_from[known[step == offset]] = number
    return cost, came_from


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
        Length of ``path`` in kilometres.
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
    """Raise when the friction surface has cells of cost 0, over which every path costs nothing.

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
    """Return polygons of the cells whose slack is within some per cent of the least cost.

    Parameters
    ----------
    found
        A least-cost corridor as ``least_cost_corridor`` returns it.
    percents
        Bounds of the bands: allowed extra cost in per cent, each above 0.

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
    """Return the Jaccard index of the buffers of two lines.

    |A ∩ B| / |A ∪ B| of the buffers within a width of each line: 1 for the same line, 0 for lines
    more than two widths apart.

    Parameters
    ----------
    path, axis
        One LineString each, in equal-area metres.
    width_km
        Distance from the axis to the edge of the buffer in kilometres, on each side.

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
