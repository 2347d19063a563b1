"""Two-level grid over the edges of the units: most points are located by one look-up.

The edges of polygons as plain arrays, and which grid rows and cells each of them meets.

The two-level grid of a partition: most points are placed by looking one number up.

A coarse cell that no border meets holds the code of its unit. One that a border meets points to
a block of 16 × 16 fine cells, which hold codes in the same way; only a point in a fine cell that
a border meets needs an exact test, and there only against the few units of its coarse cell.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.errors import InputError
from geo.join._laying import fill_blocks, group, sweep_units, walk_edges
from geo.join.compiler import compiled

__all__ = [
    "BORDER",
    "FINE",
    "FLAT",
    "OUTSIDE",
    "PAD",
    "EdgeLists",
    "Edges",
    "Floats",
    "Grid",
    "Ints",
    "build_grid",
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
    """Split polygons into edges, holes and parts included.

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
    """Split lines or rings into edges.

    Parameters
    ----------
    chains
        Array of LineStrings or LinearRings, in any reference system.
    owner
        Position of the unit or line that each chain belongs to.

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
        Number of repetitions of each position, 0 or more.

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


OUTSIDE: Final = -1
BORDER: Final = -2
FINE: Final = 16
_SHIFT: Final = 4


@dataclass(frozen=True)
class EdgeLists:
    """For each pair of coarse border cell and unit: its edges there, and a place to count from.

    Attributes
    ----------
    start
        Where the edges of pair k begin; one more than there are pairs.
    edge
        Positions of edges that meet the cell.
    parity
        1 when the unit holds the cell's reference point, 0 when not, 2 when there is none.
    x, y
        Reference point of each block, in the coordinates of the units; no edge is near it.
    """

    start: Ints
    edge: NDArray[np.int32]
    parity: NDArray[np.uint8]
    x: Floats
    y: Floats


@dataclass(frozen=True)
class Grid:
    """A partition as a two-level grid of cells.

    Attributes
    ----------
    x0, y0
        South-west corner, in the coordinates of the units.
    per_unit
        Fine cells per unit of the coordinates.
    n_rows, n_columns
        Size in coarse cells.
    coarse
        By cell, row by row: a unit's code, ``OUTSIDE``, or ``BORDER`` minus the block's number.
    blocks
        By block, fine row and fine column: a code, ``OUTSIDE`` or ``BORDER``.
    start, unit
        Candidates of block b are ``unit[start[b]:start[b + 1]]``, lowest code first.
    cell
        The coarse cell of each block.
    edges
        The edges of all units.
    overlapping
        Codes of two units that share ground wider than a fine cell; None when there are none.
    lists
        What the compiled look-up needs; None when the grid was laid without the compiler.
    """

    x0: float
    y0: float
    per_unit: float
    n_rows: int
    n_columns: int
    coarse: NDArray[np.int32]
    blocks: NDArray[np.int32] | NDArray[np.int16]
    start: Ints
    unit: NDArray[np.int32]
    cell: Ints
    edges: Edges
    overlapping: tuple[int, int] | None
    lists: EdgeLists | None = None


def build_grid(edges: Edges, n_units: int, *, compiling: bool = False) -> Grid:
    """Build a two-level grid over the edges of a partition.

    Parameters
    ----------
    edges
        Of all units; the owner is the unit's code, and lower codes win.
    n_units
        Number of units of the partition.
    compiling
        Whether to use the compiled loops, if they are installed: the same cells in a tenth of
        the time, and the edge lists of the compiled look-up.

    Returns
    -------
    Grid
        Ready for look-ups.
    """
    if not len(edges):
        return _empty_grid(edges)
    x0, y0, size, n_rows, n_columns = _frame(edges, n_units)
    if compiling and compiled(walk_edges) is not None:
        return _laid(edges, n_units, x0, y0, size, n_rows, n_columns)
    fine = edges.scaled(x0, y0, FINE / size, FINE / size)
    at, row, column = touched_cells(fine, n_rows * FINE, n_columns * FINE)
    cell = (row >> _SHIFT) * n_columns + (column >> _SHIFT)
    border = np.zeros(n_rows * n_columns, dtype=bool)
    border[cell] = True
    coarse, covering, twice = _coarse_codes(fine, n_units, border.reshape(n_rows, n_columns))
    cells = np.flatnonzero(border)
    coarse[cells] = BORDER - np.arange(len(cells))
    block = (BORDER - coarse)[cell].astype(np.int64)
    unit, start, pairs = _pairs(block, edges.owner[at], covering, cells, n_units)
    inside = _inside_blocks(fine, pairs, cells, n_units, n_columns)
    codes, also = _block_codes(inside, pairs, start, n_units)
    codes[block, row & (FINE - 1), column & (FINE - 1)] = BORDER
    also &= codes != BORDER
    if twice is None and also.any():
        twice = _one_overlap(inside, also, pairs, n_units)
    return Grid(
        x0, y0, FINE / size, n_rows, n_columns, coarse, codes, start, unit, cells, edges, twice
    )


def _laid(
    edges: Edges, n_units: int, x0: float, y0: float, size: float, n_rows: int, n_columns: int
) -> Grid:
    """Do what ``build_grid`` does with the compiled loops."""
    walk, sweep, fill = _loop(walk_edges), _loop(sweep_units), _loop(fill_blocks)
    grouped = _loop(group)
    fine = edges.scaled(x0, y0, FINE / size, FINE / size)
    ends = fine.ax, fine.ay, fine.bx, fine.by
    spans, touches = walk(*ends, n_rows, n_columns, PAD, FLAT)
    border = np.zeros(n_rows * n_columns, dtype=bool)
    border[touches[:, 1]] = True
    cells = np.flatnonzero(border)
    coarse = np.full(n_rows * n_columns, OUTSIDE, dtype=np.int32)
    coarse[cells] = BORDER - np.arange(len(cells))
    block, unit, bits, touch_pair, *twice = sweep(
        edges.owner, *ends, touches, coarse, n_rows, n_columns, n_units
    )
    start, order = grouped(block, len(cells))
    kind = np.int16 if n_units < 2**15 else np.int32
    codes = np.empty((len(cells), FINE, FINE), dtype=kind)
    parity = np.empty(len(unit), dtype=np.uint8)
    reference = np.empty((len(cells), 2), dtype=np.int64)
    also = fill(spans, coarse, n_columns, start, unit[order], bits[order], codes, parity, reference)
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    list_start, touch = grouped(rank[touch_pair], len(unit))
    row, column = divmod(cells, n_columns)
    lists = EdgeLists(
        list_start, touches[touch, 0], parity,
        np.asarray(x0 + (column * FINE + reference[:, 1] + 0.5) * (size / FINE), dtype=float),
        np.asarray(y0 + (row * FINE + reference[:, 0] + 0.5) * (size / FINE), dtype=float),
    )  # fmt: skip
    overlapping = next(((int(a), int(b)) for a, b in (twice, also) if a >= 0), None)
    return Grid(
        x0, y0, FINE / size, n_rows, n_columns, coarse, codes, start, unit[order], cells, edges,
        overlapping, lists,
    )  # fmt: skip


def _loop(kernel: Callable[..., Any]) -> Callable[..., Any]:
    loop = compiled(kernel)
    return kernel if loop is None else loop


def _empty_grid(edges: Edges) -> Grid:
    nothing, none = np.zeros(0, dtype=np.int64), np.zeros(0)
    small = nothing.astype(np.int32)
    lists = EdgeLists(np.zeros(1, dtype=np.int64), small, nothing.astype(np.uint8), none, none)
    return Grid(
        0.0, 0.0, 1.0, 1, 1, np.full(1, OUTSIDE, dtype=np.int32),
        np.zeros((0, FINE, FINE), dtype=np.int16), np.zeros(1, dtype=np.int64),
        small, nothing, edges, None, lists,
    )  # fmt: skip


def _frame(edges: Edges, n_units: int) -> tuple[float, float, float, int, int]:
    """Choose corner, cell size and number of cells: about 500 cells a unit."""
    left, right = float(edges.ax.min()), float(edges.ax.max())
    low, high = float(edges.ay.min()), float(edges.ay.max())
    wanted = int(np.clip(max(500 * n_units, len(edges) // 2), 1 << 12, 1 << 22))
    wide, tall = right - left, high - low
    # a strip of land must not become a million cells along and none across
    size = max(np.sqrt(wide * tall / wanted), max(wide, tall) / 8_192)
    if size <= max(abs(left), abs(right), abs(low), abs(high)) * 1e-12:
        size = 1.0
    n_columns, n_rows = int(wide / size) + 2, int(tall / size) + 2
    return left - 0.437 * size, low - 0.437 * size, float(size), n_rows, n_columns


def _coarse_codes(
    fine: Edges, n_units: int, border: NDArray[np.bool_]
) -> tuple[NDArray[np.int32], list[Ints], tuple[int, int] | None]:
    """Fill coarse cells with codes; also list the border cells that each unit covers midway."""
    n_rows, n_columns = border.shape
    codes = np.full((n_rows, n_columns), OUTSIDE, dtype=np.int32)
    at, row, x = crossings(fine, every=FINE, offset=FINE // 2)
    row, turn = row >> _SHIFT, np.floor(x / FINE + 0.5).astype(np.int64)
    owner = fine.owner[at]
    order = np.argsort(owner, kind="stable")
    row, turn = row[order], turn[order]
    bounds = np.searchsorted(owner[order], np.arange(n_units + 1))
    covering: list[Ints] = [np.zeros(0, dtype=np.int64)] * n_units
    twice = None
    for code in range(n_units - 1, -1, -1):  # the lowest code is written last
        part = slice(bounds[code], bounds[code + 1])
        if part.start == part.stop:
            continue
        south, north = row[part].min(), row[part].max() + 1
        west, east = turn[part].min(), turn[part].max() + 1
        turns = np.zeros((north - south, east - west), dtype=np.uint8)
        np.bitwise_xor.at(turns, (row[part] - south, turn[part] - west), 1)
        covered = np.bitwise_xor.accumulate(turns, axis=1).astype(bool)[:, : n_columns - west]
        window = codes[south:north, west:east]
        taken = covered & (window != OUTSIDE) & ~border[south:north, west:east]
        if taken.any():
            twice = (code, int(window[taken][0]))
        window[covered] = code
        rows, columns = np.nonzero(covered & border[south:north, west:east])
        covering[code] = (rows + south) * n_columns + columns + west
    return codes.ravel(), covering, twice


def _pairs(
    block: Ints, owner: Ints, covering: list[Ints], cells: Ints, n_units: int
) -> tuple[NDArray[np.int32], Ints, Ints]:
    """Return the candidates of each block: units, where each block's begin, and block·n + unit."""
    keys = block * n_units + owner
    keys = keys[np.flatnonzero(np.diff(keys, prepend=-1))]
    whole = [np.searchsorted(cells, one) * n_units + code for code, one in enumerate(covering)]
    pairs = np.unique(np.concatenate([keys, *whole]))
    start = np.searchsorted(pairs, np.arange(len(cells) + 1) * n_units)
    return (pairs % n_units).astype(np.int32), start, pairs


def _inside_blocks(
    fine: Edges, pairs: Ints, cells: Ints, n_units: int, n_columns: int
) -> NDArray[np.uint8]:
    """Say for each pair which centres of its 256 fine cells lie in the unit (1) or not (0)."""
    at, row, x = crossings(fine)
    turn = np.floor(x + 0.5).astype(np.int64)
    owner = fine.owner[at]
    n_fine = (int(cells.max()) // n_columns + 1) * FINE
    wide = n_columns * FINE + 2
    keys = np.sort((owner * n_fine + row) * wide + turn)
    # a row of a block is 16 bits: where the unit begins or ends, then in or out
    bits = _bits_before(keys, pairs, cells, n_units, n_columns, n_fine)
    block_of = np.full(len(cells) and int(cells.max()) + 1, -1)
    block_of[cells] = np.arange(len(cells))
    cell = (row >> _SHIFT) * n_columns + (turn >> _SHIFT)
    # a crossing may be rounded to the cell after the last block: it is in none
    here = (cell < len(block_of)) & (turn < n_columns * FINE)
    cell, owner, row, turn = cell[here], owner[here], row[here], turn[here]
    wanted = block_of[cell] * n_units + owner
    order = np.argsort(wanted)
    wanted, row, turn = wanted[order], row[order], turn[order]
    pair = np.minimum(np.searchsorted(pairs, wanted), len(pairs) - 1)
    met = pairs[pair] == wanted
    bit = np.left_shift(1, turn[met] & (FINE - 1)).astype(np.uint16)
    np.bitwise_xor.at(bits, pair[met] * FINE + (row[met] & (FINE - 1)), bit)
    for shift in (1, 2, 4, 8):
        bits ^= bits << np.uint16(shift)
    little = bits.astype("<u2").view(np.uint8)
    return np.unpackbits(little, bitorder="little").reshape(len(pairs), FINE, FINE)


def _bits_before(
    keys: Ints, pairs: Ints, cells: Ints, n_units: int, n_columns: int, n_fine: int
) -> NDArray[np.uint16]:
    """Return 1 for each row of a pair that has an odd number of crossings west of its block."""
    block, unit = pairs // n_units, pairs % n_units
    row, column = divmod(cells[block], n_columns)
    wide = n_columns * FINE + 2
    lines = (unit[:, None] * n_fine + row[:, None] * FINE + np.arange(FINE)) * wide
    spots = (lines + column[:, None] * FINE).ravel()
    order = np.argsort(unit, kind="stable")  # neighbours in the keys are found faster together
    by_unit = (order[:, None] * FINE + np.arange(FINE)).ravel()
    before = np.empty(len(spots), dtype=np.int64)
    before[by_unit] = np.searchsorted(keys, spots[by_unit])
    # what comes before a unit's row is even: every row is crossed an even number of times
    return (before & 1).astype(np.uint16)


def _block_codes(
    inside: NDArray[np.uint8], pairs: Ints, start: Ints, n_units: int
) -> tuple[NDArray[np.int32] | NDArray[np.int16], NDArray[np.bool_]]:
    """Fill fine cells with the lowest code; also say where two units claim one."""
    kind = np.int16 if n_units < 2**15 else np.int32
    codes = np.full((len(start) - 1, FINE, FINE), OUTSIDE, dtype=kind)
    claims = np.zeros(codes.shape, dtype=np.uint8)
    counts = np.diff(start)
    for rank in range(int(counts.max(initial=0)) - 1, -1, -1):  # the lowest is written last
        has = np.flatnonzero(counts > rank)
        pair = start[has] + rank
        claimed = inside[pair]
        claims[has] += claimed
        code = (pairs[pair] % n_units).astype(kind)[:, None, None]
        if len(has) == len(codes):
            np.copyto(codes, code, where=claimed.view(bool))
        else:
            codes[has] = np.where(claimed.view(bool), code, codes[has])
    return codes, claims > 1


def _one_overlap(
    inside: NDArray[np.uint8], also: NDArray[np.bool_], pairs: Ints, n_units: int
) -> tuple[int, int]:
    block, row, column = (int(one[0]) for one in np.nonzero(also))
    here = np.flatnonzero(pairs // n_units == block)
    claiming = pairs[here[inside[here, row, column] == 1]] % n_units
    return int(claiming[0]), int(claiming[1])
