"""Borders kept once: rings of adjoining areas as arcs that both refer to, as in TopoJSON."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.render.encode import Part

__all__ = ["arc_parts"]

Ints = NDArray[np.int64]


def arc_parts(grid: Ints, run: Ints) -> list[Part]:
    """Cut rings where three areas meet, and keep each piece once.

    Parameters
    ----------
    grid
        Vertices of all rings in order, shape (n, 2), whole numbers; no closing vertices, none
        equal to the one before.
    run
        Ring of each vertex, ascending from 0 without gaps.

    Returns
    -------
    list of Part
        ``ax``, ``ay`` of the arcs' vertices, ``alen`` vertices of each arc, ``ref`` arcs of the
        rings in order (twice the number of the arc, plus one when it is walked backwards),
        ``rlen`` arcs of each ring.

    Examples
    --------
    >>> squares = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [1, 0], [2, 0], [2, 1], [1, 1]])
    >>> parts = dict((name, content) for name, _, content in
    ...              arc_parts(squares, np.repeat([0, 1], 4)))
    >>> len(parts["alen"]), parts["rlen"].tolist()
    (3, [2, 2])
    """
    if not len(grid):
        empty = np.zeros(0, dtype=np.int64)
        return [(name, "d32", empty) for name in ("ax", "ay", "alen", "ref", "rlen")]
    vertex = np.unique(grid[:, 0] << np.int64(32) | (grid[:, 1] & 0xFFFFFFFF), return_inverse=True)[
        1
    ]
    order = _rotated(vertex, run)
    grid, vertex = grid[order], vertex[order]
    following = _following(run)
    edge = _edges(vertex, vertex[following])
    is_start = _junctions(vertex, vertex[following], edge) | (np.diff(run, prepend=-1) != 0)
    starts = np.flatnonzero(is_start)
    lengths = np.diff(np.append(starts, len(grid)))
    # an edge belongs to one arc only, so the least edge names the arc
    names = np.minimum.reduceat(edge, starts)
    _, first, number = np.unique(names, return_index=True, return_inverse=True)
    rank = np.argsort(np.argsort(first))
    rep = starts[first][number]
    backwards = (vertex[starts] != vertex[rep]) | (edge[starts] != edge[rep])
    kept = np.sort(first)
    taken = _spans(starts[kept], lengths[kept], following)
    return [
        ("ax", "d32", grid[taken, 0]),
        ("ay", "d32", grid[taken, 1]),
        ("alen", "d32", lengths[kept] + 1),
        ("ref", "d32", 2 * rank[number] + backwards),
        ("rlen", "d32", np.bincount(run[starts])),
    ]


def _following(run: Ints) -> Ints:
    """Return the next vertex of each vertex, the first of the ring after its last."""
    following = np.arange(1, len(run) + 1)
    firsts = np.flatnonzero(np.diff(run, prepend=-1))
    lasts = np.append(firsts[1:], len(run)) - 1
    following[lasts] = firsts
    return following


def _edges(one: Ints, other: Ints) -> Ints:
    """Return the number of each edge, the same in both directions."""
    low, high = np.minimum(one, other), np.maximum(one, other)
    return np.asarray(np.unique(low << np.int64(32) | high, return_inverse=True)[1])


def _junctions(one: Ints, other: Ints, edge: Ints) -> NDArray[np.bool_]:
    """Tell which vertices have not just two edges."""
    _, at = np.unique(edge, return_index=True)
    degree = np.bincount(np.concatenate([one[at], other[at]]), minlength=int(one.max()) + 1)
    return np.asarray(degree[one] != 2)


def _rotated(vertex: Ints, run: Ints) -> Ints:
    """Begin each ring at a junction, or at its least vertex when it has none."""
    following = _following(run)
    junction = _junctions(vertex, vertex[following], _edges(vertex, vertex[following]))
    weight = vertex + np.where(junction, 0, int(vertex.max()) + 1)
    by_ring = np.lexsort((weight, run))
    firsts = np.flatnonzero(np.diff(run, prepend=-1))
    counts = np.diff(np.append(firsts, len(run)))
    shift = by_ring[firsts] - firsts
    place = np.arange(len(run)) - np.repeat(firsts, counts)
    turned = (place + np.repeat(shift, counts)) % np.repeat(counts, counts)
    return np.asarray(turned + np.repeat(firsts, counts))


def _spans(starts: Ints, lengths: Ints, following: NDArray[Any]) -> Ints:
    """Return the vertices of arcs: those of their edges, and the end of the last edge."""
    offsets = np.arange(int(lengths.sum())) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    inner = np.repeat(starts, lengths) + offsets
    ends = following[starts + lengths - 1]
    return np.asarray(np.insert(inner, np.cumsum(lengths), ends))
