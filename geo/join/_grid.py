"""The two-level grid of a partition: most points are placed by looking one number up.

A coarse cell that no border meets holds the code of its unit. One that a border meets points to
a block of 16 × 16 fine cells, which hold codes in the same way; only a point in a fine cell that
a border meets needs an exact test, and there only against the few units of its coarse cell.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.join._edges import PAD, Edges, Ints, crossings, expand, touched_cells

__all__ = ["BORDER", "FINE", "OUTSIDE", "EdgeLists", "Grid", "build_grid"]

OUTSIDE: Final = -1
BORDER: Final = -2
FINE: Final = 16
_SHIFT: Final = 4


@dataclass(frozen=True)
class EdgeLists:
    """For each pair of coarse border cell and unit: the edges that decide, and the rest's parity.

    Attributes
    ----------
    start
        Where the edges of pair k begin; one more than there are pairs.
    edge
        Positions of edges.
    parity
        1 when an odd number of the unit's edges lies to the right of the whole cell.
    """

    start: Ints
    edge: NDArray[np.int32]
    parity: NDArray[np.uint8]


@dataclass(frozen=True)
class Grid:
    """A partition as cells.

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

    @property
    def pair_block(self) -> Ints:
        """Block of each pair of block and candidate."""
        return np.repeat(np.arange(len(self.cell)), np.diff(self.start))

    @cached_property
    def edge_lists(self) -> EdgeLists:
        """The edges that decide in each border cell; made when first asked for."""
        return _edge_lists(self)


def build_grid(edges: Edges, n_units: int) -> Grid:
    """Lay a two-level grid over the edges of a partition.

    Parameters
    ----------
    edges
        Of all units; the owner is the unit's code, and lower codes win.
    n_units
        Number of units.

    Returns
    -------
    Grid
        Ready for look-ups.
    """
    if not len(edges):
        return _empty_grid(edges)
    x0, y0, size, n_rows, n_columns = _frame(edges, n_units)
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


def _empty_grid(edges: Edges) -> Grid:
    nothing = np.zeros(0, dtype=np.int64)
    return Grid(
        0.0, 0.0, 1.0, 1, 1, np.full(1, OUTSIDE, dtype=np.int32),
        np.zeros((0, FINE, FINE), dtype=np.int16), np.zeros(1, dtype=np.int64),
        nothing.astype(np.int32), nothing, edges, None,
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
    """Say for each pair which middles of its 256 fine cells lie in the unit (1) or not (0)."""
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
    column = np.minimum(turn >> _SHIFT, n_columns - 1)
    cell = np.minimum((row >> _SHIFT) * n_columns + column, len(block_of) - 1)
    wanted = block_of[cell] * n_units + owner
    order = np.argsort(wanted)
    wanted, row, turn = wanted[order], row[order], turn[order]
    pair = np.minimum(np.searchsorted(pairs, wanted), len(pairs) - 1)
    met = (pairs[pair] == wanted) & (turn < n_columns * FINE)
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


def _edge_lists(grid: Grid) -> EdgeLists:
    """Choose for each pair the edges that a ray to the right may meet, and count the others."""
    block, unit = grid.pair_block, grid.unit.astype(np.int64)
    row, column = divmod(grid.cell[block], grid.n_columns)
    size = grid.per_unit / FINE
    coarse = grid.edges.scaled(grid.x0, grid.y0, size, size)
    low, high = np.minimum(coarse.ay, coarse.by), np.maximum(coarse.ay, coarse.by)
    most = np.maximum(coarse.ax, coarse.bx)
    first = np.floor(low - PAD).astype(np.int64)
    edge, step = expand(np.floor(high + PAD).astype(np.int64) - first + 1)
    line = coarse.owner[edge] * (grid.n_rows + 1) + np.clip(first[edge] + step, 0, grid.n_rows)
    order = np.argsort(line, kind="stable")
    line, edge = line[order], edge[order]
    wanted = unit * (grid.n_rows + 1) + row
    begin = np.searchsorted(line, wanted)
    pair, step = expand(np.searchsorted(line, wanted, side="right") - begin)
    edge = edge[begin[pair] + step]
    reach = most[edge] >= column[pair] - PAD
    pair, edge = pair[reach], edge[reach]
    right = np.minimum(coarse.ax, coarse.bx)[edge] > column[pair] + 1 + PAD
    always = right & (low[edge] < row[pair] - PAD) & (high[edge] > row[pair] + 1 + PAD)
    parity = (np.bincount(pair[always], minlength=len(unit)) & 1).astype(np.uint8)
    counts = np.bincount(pair[~always], minlength=len(unit))
    start = np.concatenate([[0], np.cumsum(counts)])
    return EdgeLists(start.astype(np.int64), edge[~always].astype(np.int32), parity)
