"""Accumulated cost over a friction surface, and the least-cost path back."""

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo.errors import InputError
from geo.join.compiler import compiled

__all__ = ["CostDistance", "cost_distance"]

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
            The cell to reach.

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
        One (row, column) or several.
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
    """Spread cost from the sources with a near and a far pile instead of a heap.

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
                reached = here + (rub + friction[beside]) * halves[step]
                if reached < cost[beside]:
                    cost[beside] = reached
                    came_from[beside] = 7 - step
                    if reached < limit:
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
    """Do the same with SciPy's Dijkstra, at the price of a graph in memory."""
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
