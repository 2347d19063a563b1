"""The edges of polygons as plain arrays, and which grid rows and cells each of them meets."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.errors import InputError

__all__ = [
    "FLAT",
    "PAD",
    "Edges",
    "Floats",
    "Ints",
    "chain_edges",
    "crossings",
    "expand",
    "polygon_edges",
    "touched_cells",
]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PAD: Final = 1e-3  # of a cell: far above any rounding error here, far below what costs speed
FLAT: Final = 1e-3  # of a cell: an edge flatter than this is taken with its whole width


@dataclass(frozen=True)
class Edges:
    """Edges a→b of rings, each with the position of its owner.

    Attributes
    ----------
    owner
        Position of the unit (or line) that the edge belongs to.
    ax, ay, bx, by
        Ends, in the coordinates of the geometry.
    """

    owner: Ints
    ax: Floats
    ay: Floats
    bx: Floats
    by: Floats

    def __len__(self) -> int:
        return len(self.owner)

    def scaled(self, x0: float, y0: float, per_x: float, per_y: float) -> "Edges":
        """Return the edges in cells of a grid.

        Parameters
        ----------
        x0, y0
            Corner of the grid.
        per_x, per_y
            Cells per unit of the coordinates.

        Returns
        -------
        Edges
            With ends in cells from the corner.
        """
        return Edges(
            self.owner,
            (self.ax - x0) * per_x,
            (self.ay - y0) * per_y,
            (self.bx - x0) * per_x,
            (self.by - y0) * per_y,
        )


def polygon_edges(shapes: NDArray[Any], ids: NDArray[Any]) -> Edges:
    """Take polygons apart into edges, holes and parts included.

    Parameters
    ----------
    shapes
        Polygons and multipolygons; missing and empty ones have no edges.
    ids
        Their ids, for messages.

    Returns
    -------
    Edges
        In the order of the rings; edges of no length are left out.

    Raises
    ------
    InputError
        When a shape is not a polygon, or has a coordinate that is not finite.
    """
    present = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    wrong = present & ~np.isin(shapely.get_type_id(shapes), (3, 6))
    if wrong.any():
        msg = f"unit {ids[wrong][0]} is a {shapes[wrong][0].geom_type}, not a polygon"
        raise InputError(msg)
    parts, unit = shapely.get_parts(shapes[present], return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    edges = chain_edges(rings, np.flatnonzero(present)[unit[part]])
    finite = np.isfinite(edges.ax) & np.isfinite(edges.ay) & np.isfinite(edges.bx + edges.by)
    if not finite.all():
        msg = f"unit {ids[edges.owner[~finite][0]]} has a coordinate that is not finite"
        raise InputError(msg)
    return edges


def chain_edges(chains: NDArray[Any], owner: Ints) -> Edges:
    """Take lines or rings apart into edges.

    Parameters
    ----------
    chains
        LineStrings or LinearRings.
    owner
        What each belongs to.

    Returns
    -------
    Edges
        Edges of no length are left out.
    """
    xy, chain = shapely.get_coordinates(chains, return_index=True)
    a, b = xy[:-1], xy[1:]
    real = (chain[:-1] == chain[1:]) & (a != b).any(axis=1)
    return Edges(
        np.asarray(owner[chain[:-1][real]], dtype=np.int64),
        *(np.ascontiguousarray(one[real, axis]) for one in (a, b) for axis in (0, 1)),
    )


def expand(counts: Ints) -> tuple[Ints, Ints]:
    """Repeat each position as often as its count, with a running number in each run.

    Parameters
    ----------
    counts
        How often; zero is allowed.

    Returns
    -------
    at, step : ndarray
        Positions, and 0, 1, … within each.

    Examples
    --------
    >>> [part.tolist() for part in expand(np.array([2, 0, 1]))]
    [[0, 0, 2], [0, 1, 0]]
    """
    at = np.repeat(np.arange(len(counts)), counts)
    start = np.cumsum(counts) - counts
    return at, np.arange(len(at)) - start[at]


def touched_cells(cells: Edges, n_rows: int, n_columns: int) -> tuple[Ints, Ints, Ints]:
    """List every grid cell that an edge meets, a little too many rather than one too few.

    Parameters
    ----------
    cells
        Edges in cells of the grid.
    n_rows, n_columns
        Size of the grid.

    Returns
    -------
    edge, row, column : ndarray
        Positions of edges, each with a cell that it meets or passes within ``PAD`` of.
    """
    low, high = np.minimum(cells.ay, cells.by), np.maximum(cells.ay, cells.by)
    first = np.floor(low - PAD).astype(np.int64)
    at, step = expand(np.floor(high + PAD).astype(np.int64) - first + 1)
    row = first[at] + step
    left, right = _span_in_row(cells, at, row)
    start = np.floor(left - PAD).astype(np.int64)
    again, step = expand(np.floor(right + PAD).astype(np.int64) - start + 1)
    row, column, at = row[again], start[again] + step, at[again]
    inside = (row >= 0) & (row < n_rows) & (column >= 0) & (column < n_columns)
    return at[inside], row[inside], column[inside]


def _span_in_row(cells: Edges, at: Ints, row: Ints) -> tuple[Floats, Floats]:
    """Return how far left and right an edge reaches within a row widened by ``PAD``."""
    ax, ay = cells.ax[at], cells.ay[at]
    dx, dy = cells.bx[at] - ax, cells.by[at] - ay
    flat = np.abs(dy) < FLAT
    slope = dx / np.where(flat, 1.0, dy)
    enter = ax + (row - PAD - ay) * slope
    leave = ax + (row + 1 + PAD - ay) * slope
    least, most = np.minimum(ax, ax + dx), np.maximum(ax, ax + dx)
    left = np.where(flat, least, np.clip(np.minimum(enter, leave), least, most))
    right = np.where(flat, most, np.clip(np.maximum(enter, leave), least, most))
    return left, right


def crossings(cells: Edges, *, every: int = 1, offset: int = 0) -> tuple[Ints, Ints, Floats]:
    """List where edges cross the middle lines of grid rows.

    Parameters
    ----------
    cells
        Edges in cells of the grid.
    every, offset
        Only rows offset, offset + every, …

    Returns
    -------
    edge, row, x : ndarray
        Edges, rows, and where the edge crosses the row's middle, in cells. The upper end of an
        edge belongs to it and the lower does not, so that a vertex is never counted twice.
    """
    low, high = np.minimum(cells.ay, cells.by), np.maximum(cells.ay, cells.by)
    first = np.ceil((low - 1.5 - offset) / every).astype(np.int64)
    last = np.floor((high + 0.5 - offset) / every).astype(np.int64)
    at, step = expand(np.maximum(last - first + 1, 0))
    row = (first[at] + step) * every + offset
    middle = row + 0.5
    crossed = (cells.ay[at] > middle) != (cells.by[at] > middle)
    at, row, middle = at[crossed], row[crossed], middle[crossed]
    ax, ay = cells.ax[at], cells.ay[at]
    share = (middle - ay) / (cells.by[at] - ay)
    return at, row, ax + share * (cells.bx[at] - ax)
