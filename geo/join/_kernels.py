"""Inner loops compiled with numba where it is installed; each has a NumPy equivalent."""

from typing import Any

import numpy as np

__all__ = ["border_distance", "nearest_candidate", "place_points"]


def place_points(  # noqa: C901, PLR0912, PLR0913, PLR0915, PLR0917 - one loop, for the compiler
    lon: Any, lat: Any, x0: float, y0: float, per_unit: float, n_columns: int,
    coarse: Any, blocks: Any, start: Any, unit: Any,
    list_start: Any, list_edge: Any, list_parity: Any, from_x: Any, from_y: Any,
    ax: Any, ay: Any, bx: Any, by: Any, codes: Any, doubtful: Any,
) -> int:  # fmt: skip
    """Place points in a grid, and list those too near a border for plain arithmetic.

    Parameters
    ----------
    lon, lat
        Coordinates of the points, in the reference system of the units.
    x0, y0, per_unit, n_columns, coarse, blocks, start, unit
        The attributes of the ``Grid`` under these names.
    list_start, list_edge, list_parity, from_x, from_y
        The attributes ``start``, ``edge``, ``parity``, ``x`` and ``y`` of ``EdgeLists``.
    ax, ay, bx, by
        Ends of the edges, as in ``Edges``.
    codes
        Output array: receives the unit code of each point.
    doubtful
        Receives the positions of points that need exact arithmetic.

    Returns
    -------
    int
        How many are doubtful.
    """
    n_rows = len(coarse) // n_columns
    wide, tall = float(n_columns * 16), float(n_rows * 16)
    n_doubtful = 0
    step = 2048
    waiting = np.empty(step, dtype=np.int64)
    spot = np.empty(step, dtype=np.int32)
    which = np.empty(step, dtype=np.int32)
    found: Any
    for begin in range(0, len(lon), step):
        end = min(begin + step, len(lon))
        # pass 1: one look-up a point, no branch that could be guessed wrong
        n_waiting = 0
        for at in range(begin, end):
            fx = (lon[at] - x0) * per_unit
            fy = (lat[at] - y0) * per_unit
            inside = (fx >= 0.0) & (fy >= 0.0) & (fx < wide) & (fy < tall)
            column = np.int32(fx) if inside else np.int32(0)
            row = np.int32(fy) if inside else np.int32(0)
            found = coarse[(row >> 4) * n_columns + (column >> 4)]
            found = found if inside else np.int32(-1)
            codes[at] = found
            waiting[n_waiting] = at
            spot[n_waiting] = ((row & 15) << 4) + (column & 15)
            which[n_waiting] = -2 - found
            n_waiting += found < -1
        # pass 2: the block of a border cell
        n_exact = 0
        for k in range(n_waiting):
            at = waiting[k]
            found = blocks[which[k], spot[k]]
            codes[at] = found
            waiting[n_exact] = at
            which[n_exact] = which[k]
            n_exact += found < -1
        # pass 3: from the cell's reference point, across the edges that meet the cell
        for k in range(n_exact):
            at = waiting[k]
            px, py = lon[at], lat[at]
            rx, ry = from_x[which[k]], from_y[which[k]]
            west, east, south, north = min(px, rx), max(px, rx), min(py, ry), max(py, ry)
            code: Any = -1
            unsure = False
            for pair in range(start[which[k]], start[which[k] + 1]):
                odd = list_parity[pair] == 1
                unsure = list_parity[pair] == 2
                for one in range(list_start[pair], list_start[pair + 1]):
                    e = list_edge[one]
                    x1, y1, x2, y2 = ax[e], ay[e], bx[e], by[e]
                    if (
                        (x1 < west and x2 < west)
                        or (x1 > east and x2 > east)
                        or (y1 < south and y2 < south)
                        or (y1 > north and y2 > north)
                    ):
                        continue
                    # Shewchuk's bound for each of these is 3.3e-16 of the sum of its terms
                    left, right = (x1 - px) * (y2 - py), (x2 - px) * (y1 - py)
                    here = left - right
                    here_unsure = abs(here) <= 1e-15 * (abs(left) + abs(right)) + 1e-290
                    left, right = (x1 - rx) * (y2 - ry), (x2 - rx) * (y1 - ry)
                    there = left - right
                    if here_unsure or abs(there) <= 1e-15 * (abs(left) + abs(right)) + 1e-290:
                        unsure = True
                        break
                    if (here > 0.0) == (there > 0.0):
                        continue
                    left, right = (px - x1) * (ry - y1), (rx - x1) * (py - y1)
                    first = left - right
                    first_unsure = abs(first) <= 1e-15 * (abs(left) + abs(right)) + 1e-290
                    left, right = (px - x2) * (ry - y2), (rx - x2) * (py - y2)
                    second = left - right
                    if first_unsure or abs(second) <= 1e-15 * (abs(left) + abs(right)) + 1e-290:
                        unsure = True
                        break
                    if (first > 0.0) != (second > 0.0):
                        odd = not odd
                if unsure:
                    break
                if odd:
                    code = unit[pair]
                    break
            if unsure:
                code = -2
                doubtful[n_doubtful] = at
                n_doubtful += 1
            codes[at] = code
    return n_doubtful


def nearest_candidate(  # noqa: PLR0913, PLR0917 - arrays of one index, apart for the compiler
    x: Any, y: Any, x0: float, y0: float, per_m: float, side: int,
    leaf: Any, start: Any, candidate: Any,
    ax: Any, ay: Any, dx: Any, dy: Any, per_square: Any, squared: Any, nearest: Any,
) -> None:  # fmt: skip
    """Find for each point the nearest of its leaf's segments.

    Parameters
    ----------
    x, y
        Easting and northing of the points in metres.
    x0, y0, per_m, side, leaf, start, candidate, ax, ay, dx, dy, per_square
        The attributes of ``SegmentIndex`` and of its ``Segments`` under these names.
    squared, nearest
        Receive the squared distances and the positions of the segments; on a tie the first.
    """
    for at in range(len(x)):
        px, py = x[at], y[at]
        least, which = np.inf, -1
        column, row = (px - x0) * per_m, (py - y0) * per_m
        if column >= 0.0 and row >= 0.0 and column < side and row < side:
            here_leaf = leaf[int(row) * side + int(column)]
        elif np.isfinite(px + py):
            here_leaf = len(start) - 3  # all segments
        else:
            here_leaf = len(start) - 2  # none
        for one in range(start[here_leaf], start[here_leaf + 1]):
            e = candidate[one]
            east, north = px - ax[e], py - ay[e]
            share = (east * dx[e] + north * dy[e]) * per_square[e]
            share = min(max(share, 0.0), 1.0)
            east -= share * dx[e]
            north -= share * dy[e]
            here = east * east + north * north
            if here < least:
                least, which = here, e
        squared[at] = least
        nearest[at] = which


def border_distance(  # noqa: C901, PLR0913, PLR0917 - one loop, for the compiler
    x: Any, y: Any, code: Any, first: Any, large: Any, small: Any,
    ax: Any, ay: Any, bx: Any, by: Any, per_square: Any, away: Any,
) -> None:  # fmt: skip
    """Measure from each point to the border of its unit.

    Parameters
    ----------
    x, y
        Easting and northing of the points in metres.
    code
        Unit of each point; negative ones are left out.
    first, large, small
        The attributes of ``Borders`` under these names: boxes of edges.
    ax, ay, bx, by, per_square
        Edges as in ``Borders``: eight a small box, eight small boxes a large one; 1 / length².
    away
        Output array: receives the distances in metres.
    """
    for at in range(len(x)):
        unit = code[at]
        if unit < 0 or first[unit] == first[unit + 1]:
            continue
        px, py = x[at], y[at]
        # the nearest large box first, so that most others are skipped
        nearest, best = first[unit], np.inf
        for b in range(first[unit], first[unit + 1]):
            east = max(large[b, 0] - px, px - large[b, 2], 0.0)
            north = max(large[b, 1] - py, py - large[b, 3], 0.0)
            here = east * east + north * north
            if here < best:
                best, nearest = here, b
        best = np.inf
        for turn in range(first[unit] - 1, first[unit + 1]):
            b = nearest if turn < first[unit] else turn
            if turn == nearest:
                continue
            east = max(large[b, 0] - px, px - large[b, 2], 0.0)
            north = max(large[b, 1] - py, py - large[b, 3], 0.0)
            if east * east + north * north >= best:
                continue
            for s in range(b * 8, b * 8 + 8):
                east = max(small[s, 0] - px, px - small[s, 2], 0.0)
                north = max(small[s, 1] - py, py - small[s, 3], 0.0)
                if east * east + north * north >= best:
                    continue
                for e in range(s * 8, s * 8 + 8):
                    dx, dy = bx[e] - ax[e], by[e] - ay[e]
                    east, north = px - ax[e], py - ay[e]
                    share = (east * dx + north * dy) * per_square[e]
                    share = min(max(share, 0.0), 1.0)
                    east -= share * dx
                    north -= share * dy
                    best = min(best, east * east + north * north)
        away[at] = np.sqrt(best)
