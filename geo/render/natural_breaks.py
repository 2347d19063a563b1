"""Natural breaks: the classes of least variance within, exactly, of any numbers with counts."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["natural_breaks"]

Floats = NDArray[np.float64]


def natural_breaks(values: Floats, counts: NDArray[np.integer], k: int) -> Floats:
    """Return the upper bounds of the k classes of least sum of squares (Fisher 1958).

    Equal values fall in one class, so that only distinct values are compared, each weighted by how
    often it stands: 160,000 cells of 200 values cost what 200 values do. The best last class moves
    up as values are added, so that its start is searched for among few (divide and conquer).

    Parameters
    ----------
    values
        Distinct, ascending.
    counts
        How often each stands.
    k
        Number of classes, at most that of the values.

    Returns
    -------
    ndarray
        k of the values, ascending; the last is the largest. Of equally good classes the last begin
        lowest.

    References
    ----------
    Fisher, W. D. (1958). On grouping for maximum homogeneity. Journal of the American Statistical
    Association 53, 789-798. doi:10.1080/01621459.1958.10501479.

    Examples
    --------
    >>> natural_breaks(np.array([1.0, 2.0, 8.0, 9.0, 50.0]), np.array([5, 1, 1, 5, 1]), 3).tolist()
    [2.0, 9.0, 50.0]
    """
    n = len(values)
    spread = _Spread(values, counts)
    least = spread(np.zeros(n, dtype=np.int64), np.arange(n))
    starts = []
    for held in range(1, k):  # classes that stand before the last
        least, start = _add_class(least, spread, held)
        starts.append(start)
    ends, last = [n - 1], n - 1
    for start in reversed(starts):
        last = int(start[last]) - 1
        ends.append(last)
    return np.asarray(values[ends[::-1]])


class _Spread:
    """Sum of squared differences from their mean, of the values from one to another."""

    def __init__(self, values: Floats, counts: NDArray[np.integer]) -> None:
        # of numbers about zero and of size one: squares of large ones would lose their digits
        weights = counts.astype(np.float64)
        middle = float(np.average(values / 2, weights=weights)) * 2
        size = float(np.abs(values / 2 - middle / 2).max()) * 2 or 1.0
        at = values / size - middle / size
        self._sums = np.array(
            [
                np.concatenate([[0.0], np.cumsum(one)])
                for one in (weights, weights * at, weights * at**2)
            ]
        )

    def __call__(self, first: NDArray[np.int64], last: NDArray[np.int64]) -> Floats:
        weight, total, squares = self._sums[:, last + 1] - self._sums[:, first]
        return np.asarray(np.maximum(squares - total**2 / weight, 0.0))


def _add_class(least: Floats, spread: _Spread, held: int) -> tuple[Floats, NDArray[np.int64]]:
    """Return the least sum with one more class, and where that begins, by the last value held."""
    n = len(least)
    best, start = np.full(n, np.inf), np.full(n, held, dtype=np.int64)
    # each step settles the middle of every stretch between values that are settled
    lows, highs = np.array([held]), np.array([n - 1])
    lowest, highest = np.array([held]), np.array([n - 1])
    while len(lows):
        middles = (lows + highs) // 2
        found = _search(least, spread, middles, lowest, np.minimum(highest, middles))
        best[middles], start[middles] = found
        chosen = found[1]
        left, right = lows < middles, middles < highs
        lows, highs, lowest, highest = (
            np.concatenate(one)
            for one in (
                (lows[left], middles[right] + 1),
                (middles[left] - 1, highs[right]),
                (lowest[left], chosen[right]),
                (chosen[left], highest[right]),
            )
        )
    return best, start


def _search(
    least: Floats,
    spread: _Spread,
    lasts: NDArray[np.int64],
    lowest: NDArray[np.int64],
    highest: NDArray[np.int64],
) -> tuple[Floats, NDArray[np.int64]]:
    """Return the least sum and the lowest start that has it, for each last value."""
    lengths = highest - lowest + 1
    edges = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    starts = np.arange(int(lengths.sum())) + np.repeat(lowest - edges, lengths)
    sums = least[starts - 1] + spread(starts, np.repeat(lasts, lengths))
    best = np.minimum.reduceat(sums, edges)
    hits = np.flatnonzero(sums == np.repeat(best, lengths))
    first = hits[np.searchsorted(hits, edges)]
    return best, starts[first]
