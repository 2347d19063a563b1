"""Loops that build the two-level grid, compiled with numba; ``_grid`` has the NumPy equivalent.

Lengths are fine cells from the south-west corner; a coarse cell is 16 by 16 of them. A row of 16
fine cells is one number of 16 bits, the western cell its lowest.
"""

from typing import Any

import numpy as np

__all__ = ["fill_blocks", "group", "sweep_units", "walk_edges"]


def walk_edges(
    ax: Any, ay: Any, bx: Any, by: Any, n_rows: int, n_columns: int, pad: float, flat: float
) -> Any:
    """List the fine cells that each edge meets, and the coarse ones.

    Parameters
    ----------
    ax, ay, bx, by
        Ends of the edges, in fine cells of the grid.
    n_rows, n_columns
        Size of the grid in coarse cells.
    pad, flat
        As in ``touched_cells``, which gives the same cells.

    Returns
    -------
    spans, touches : ndarray of int32
        Edge, fine row, first and last column; edge and coarse cell, each pair once.
    """
    n, bound = 0, 0
    for e in range(len(ax)):
        n += int(np.floor(max(ay[e], by[e]) + pad)) - int(np.floor(min(ay[e], by[e]) - pad)) + 1
    spans = np.empty((n, 4), dtype=np.int32)
    n = 0
    for e in range(len(ax)):
        dx, dy = bx[e] - ax[e], by[e] - ay[e]
        least, most = min(ax[e], ax[e] + dx), max(ax[e], ax[e] + dx)
        level = abs(dy) < flat
        slope = dx / (1.0 if level else dy)
        first = max(int(np.floor(min(ay[e], by[e]) - pad)), 0)
        last = min(int(np.floor(max(ay[e], by[e]) + pad)), n_rows * 16 - 1)
        for row in range(first, last + 1):
            left, right = least, most
            if not level:
                enter = ax[e] + (row - pad - ay[e]) * slope
                leave = ax[e] + (row + 1 + pad - ay[e]) * slope
                left = min(max(min(enter, leave), least), most)
                right = min(max(enter, leave, least), most)
            west = max(int(np.floor(left - pad)), 0)
            east = min(int(np.floor(right + pad)), n_columns * 16 - 1)
            spans[n, 0], spans[n, 1], spans[n, 2], spans[n, 3] = e, row, west, east
            bound += (east >> 4) - (west >> 4) + 1
            n += 1
    spans = spans[:n]
    touches = np.empty((bound, 2), dtype=np.int32)
    s, n = 0, 0
    while s < len(spans):
        e, row = spans[s, 0], spans[s, 1] >> 4
        west, east = spans[s, 2] >> 4, spans[s, 3] >> 4
        s += 1
        while s < len(spans) and spans[s, 0] == e and spans[s, 1] >> 4 == row:
            west, east = min(west, spans[s, 2] >> 4), max(east, spans[s, 3] >> 4)
            s += 1
        for column in range(west, east + 1):
            touches[n, 0], touches[n, 1] = e, row * n_columns + column
            n += 1
    return spans, touches[:n]


def sweep_units(  # noqa: C901, PLR0912, PLR0913, PLR0915, PLR0917 - one pass, for the compiler
    owner: Any, ax: Any, ay: Any, bx: Any, by: Any, touches: Any, coarse: Any,
    n_rows: int, n_columns: int, n_units: int,
) -> Any:  # fmt: skip
    """Sweep every unit from west to east: the cells it holds, and its share of border cells.

    Parameters
    ----------
    owner, ax, ay, bx, by
        Unit of each edge and the ends of the edges in fine cells, sorted by unit.
    touches
        Edge and coarse cell of each contact, as ``walk_edges`` returns them.
    coarse
        ``BORDER`` minus the block's number in border cells, else ``OUTSIDE``; other cells
        receive the lowest unit that holds them.
    n_rows, n_columns, n_units
        Size of the grid in coarse cells, and number of units.

    Returns
    -------
    block, unit, bits, touch_pair, first, second
        Block and unit of each pair, by unit; by row which of its fine centres the unit holds;
        the pair of each touch; two units that hold one cell, or −1.
    """
    pair_of = np.full(n_rows * n_columns, -1, dtype=np.int32)
    flips = np.zeros(n_rows * n_columns, dtype=np.uint16)
    most = int((coarse <= -2).sum())  # pairs of one unit
    block = np.empty(4 * most, dtype=np.int32)
    unit = np.empty(4 * most, dtype=np.int32)
    bits = np.empty((4 * most, 16), dtype=np.uint16)
    touch_pair = np.empty(len(touches), dtype=np.int32)
    first, second, n, e, t = -1, -1, 0, 0, 0
    for code in range(n_units):
        if n + most > len(block):
            block = np.concatenate((block, np.empty_like(block)))
            unit = np.concatenate((unit, np.empty_like(unit)))
            bits = np.concatenate((bits, np.empty_like(bits)))
        south, north, west, east = n_rows, -1, n_columns, -1
        while t < len(touches) and owner[touches[t, 0]] == code:
            cell = touches[t, 1]
            if pair_of[cell] < 0:
                pair_of[cell] = n
                block[n], unit[n], bits[n, :] = -2 - coarse[cell], code, 0
                n += 1
                row, column = cell // n_columns, cell % n_columns
                south, north = min(south, row), max(north, row)
                west, east = min(west, column), max(east, column)
            touch_pair[t] = pair_of[cell]
            t += 1
        while e < len(owner) and owner[e] == code:
            lowest = int(np.ceil(min(ay[e], by[e]) - 1.5))
            highest = int(np.floor(max(ay[e], by[e]) + 0.5))
            for row in range(lowest, highest + 1):
                middle = row + 0.5
                if (ay[e] > middle) != (by[e] > middle):
                    x = ax[e] + (middle - ay[e]) / (by[e] - ay[e]) * (bx[e] - ax[e])
                    turn = int(np.floor(x + 0.5))
                    column = turn >> 4
                    if column < n_columns:
                        cell = (row >> 4) * n_columns + column
                        flips[cell] ^= np.uint16(1 << (row & 15))
                        east = max(east, column)
                        if pair_of[cell] >= 0:
                            beyond = (0xFFFF << (turn & 15)) & 0xFFFF
                            bits[pair_of[cell], row & 15] ^= np.uint16(beyond)
            e += 1
        for row in range(south, north + 1):
            carry = 0  # by fine row: in the unit or not, before this cell
            for cell in range(row * n_columns + west, row * n_columns + east + 1):
                own = pair_of[cell] >= 0
                if not own:  # a crossing that was rounded to this cell lies before all of it
                    carry ^= int(flips[cell])
                if coarse[cell] <= -2 and (own or carry):
                    if not own:  # covered, though none of its edges is near
                        pair_of[cell] = n
                        block[n], unit[n], bits[n, :] = -2 - coarse[cell], code, 0
                        n += 1
                    for line in range(16):
                        if (carry >> line) & 1:
                            bits[pair_of[cell], line] ^= np.uint16(0xFFFF)
                    pair_of[cell] = -1
                elif coarse[cell] > -2 and (carry >> 8) & 1:
                    if coarse[cell] == -1:
                        coarse[cell] = code
                    else:
                        first, second = coarse[cell], code
                if own:
                    carry ^= int(flips[cell])
                flips[cell] = 0
    return block[:n], unit[:n], bits[:n], touch_pair, first, second


def group(key: Any, n_keys: int) -> Any:
    """Sort positions by a small key, equal ones in their order.

    Parameters
    ----------
    key
        0 to ``n_keys`` − 1.
    n_keys
        Number of distinct keys; keys are 0 to n_keys − 1.

    Returns
    -------
    start, order : ndarray
        Positions with key k are ``order[start[k]:start[k + 1]]``.
    """
    start = np.zeros(n_keys + 1, dtype=np.int64)
    for one in key:
        start[one + 1] += 1
    for k in range(n_keys):
        start[k + 1] += start[k]
    here = start[:-1].copy()
    order = np.empty(len(key), dtype=np.int64)
    for at in range(len(key)):
        order[here[key[at]]] = at
        here[key[at]] += 1
    return start, order


def fill_blocks(  # noqa: C901, PLR0912, PLR0913, PLR0917 - arrays of one index
    spans: Any, coarse: Any, n_columns: int, start: Any, unit: Any, bits: Any, blocks: Any,
    parity: Any, reference: Any,
) -> Any:  # fmt: skip
    """Write the codes of fine cells, and choose in each block a cell to count from.

    Parameters
    ----------
    spans
        Edge, fine row, first and last column, as ``walk_edges`` returns them.
    coarse
        Coarse cells with the numbers of blocks.
    n_columns
        Coarse cells in a row.
    start, unit, bits
        Pairs by block, lowest unit first.
    blocks
        Receives codes: lowest unit, ``OUTSIDE`` or ``BORDER``.
    parity
        Receives for each pair 1 when its unit holds the reference, 0 when not, 2 when the block
        has none.
    reference
        Receives fine row and column in the block of a cell that no edge meets, or −1.

    Returns
    -------
    first, second
        Two units that claim one fine cell, or −1.
    """
    border = np.zeros((len(blocks), 16), dtype=np.uint16)
    for s in range(len(spans)):
        row, west, east = spans[s, 1], spans[s, 2], spans[s, 3]
        for column in range(west >> 4, (east >> 4) + 1):
            low, high = max(west - column * 16, 0), min(east - column * 16, 15)
            b = -2 - coarse[(row >> 4) * n_columns + column]
            border[b, row & 15] |= np.uint16((2 << high) - (1 << low))
    first, second = -1, -1
    for b in range(len(blocks)):
        reference[b, 0] = reference[b, 1] = -1
        for row in range(16):
            free = 0xFFFF & ~int(border[b, row])
            for column in range(16):
                edge = (int(border[b, row]) >> column) & 1
                blocks[b, row, column] = -2 if edge else -1
            taken = 0
            for pair in range(start[b], start[b + 1]):
                claimed = int(bits[pair, row]) & free
                if claimed & taken:
                    second = unit[pair]
                    for other in range(start[b], pair):
                        if int(bits[other, row]) & claimed:
                            first = unit[other]
                claimed &= ~taken
                taken |= claimed
                if claimed:
                    for column in range(16):
                        if (claimed >> column) & 1:
                            blocks[b, row, column] = unit[pair]
            if free and reference[b, 0] < 0:
                column = 0
                while not (free >> column) & 1:
                    column += 1
                reference[b, 0], reference[b, 1] = row, column
        for pair in range(start[b], start[b + 1]):
            row, column = reference[b, 0], reference[b, 1]
            parity[pair] = 2 if row < 0 else (int(bits[pair, row]) >> column) & 1
    return first, second
