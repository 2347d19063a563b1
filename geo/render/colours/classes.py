"""Classes of values: their bounds and the colours they get.

Natural breaks: the classes of least variance within, exactly, of any numbers with counts.

How values become classes, and the part of a legend that says so.
"""

import warnings
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import InputError
from geo.render.colours.palette import Ramp, ramp
from geo.render.drawing.table import named
from geo.render.layer import Text, by_language

__all__ = [
    "Classes",
    "Scheme",
    "class_bounds",
    "decimals_between",
    "natural_breaks",
    "numbers_of",
]

Floats = NDArray[np.float64]


def natural_breaks(values: Floats, counts: NDArray[np.integer], k: int) -> Floats:
    """Return the upper bounds of the k classes of least sum of squares (Fisher 1958).

    Equal values fall in one class, so that only distinct values are compared, each weighted by how
    often it stands: 160,000 cells of 200 values cost what 200 values do. The best last class moves
    up as values are added, so that its start is searched for among few (divide and conquer).

    Parameters
    ----------
    values
        Distinct finite values, in ascending order.
    counts
        Number of occurrences of each value.
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


Scheme = Literal["FisherJenks", "Quantiles", "EqualInterval", "HeadTailBreaks", "StdMean"]

_NATURAL_LIMIT: Final = 600  # distinct values; more have no gaps that an eye would call natural


@dataclass(frozen=True)
class Classes:
    """Colour by value, in classes.

    Attributes
    ----------
    column
        Name of a column of numbers.
    title
        Title of the legend; by default that of the column.
    unit
        Unit of measurement as the page prints it; empty for none.
    scheme
        As mapclassify names them, each exact. Values of which more than 600 differ are classed by
        ``Quantiles`` where ``FisherJenks`` is asked for.
    k
        Number of classes, 2 to 9; fewer when there are fewer distinct values.
    bins
        Upper bounds of the classes, ascending; they replace scheme and k.
    among
        Numbers from which the classes are made where several layers share them, those of this
        layer with the others'; by default those of this layer.
    ramp
        Name of a colour ramp, a key of ``geo.render.colours.palette.RAMPS``.
    decimals
        Decimals of the bounds in the legend; None as many as they need.
    missing
        What a reader sees for features without a value; *no data* by default.
    zero
        Of areas: what a reader sees for the value 0 where none is not merely the least. It becomes
        a class of its own without a fill, before the others, which are made from the rest.
    """

    column: str
    title: Text | None = None
    unit: Text = ""
    scheme: Scheme = "FisherJenks"
    k: int = 5
    bins: tuple[float, ...] = ()
    among: tuple[float, ...] = ()
    ramp: Ramp = "blue"
    decimals: int | None = None
    missing: Text | None = None
    zero: Text | None = None


def numbers_of(values: "pd.Series[Any]", name: str) -> NDArray[np.float64]:
    """Return the numbers of a column, NaN where there is none or it is not finite.

    Parameters
    ----------
    values
        Values of a column, numeric or not.
    name
        Name of the column, for the message.

    Returns
    -------
    ndarray of float64
        As many as there are rows.

    Raises
    ------
    InputError
        When there are values, and not one is a number.

    Examples
    --------
    >>> numbers_of(pd.Series(["3", None, "x"]), "staff").tolist()
    [3.0, nan, nan]
    """
    numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    if len(values) and values.notna().any() and np.isnan(numbers).all():
        msg = f"column {name!r} holds no numbers, such as {values.dropna().iloc[0]!r}"
        raise InputError(msg)
    return np.where(np.isfinite(numbers), numbers, np.nan)


def class_bounds(
    known: NDArray[np.float64], by: Classes
) -> tuple[NDArray[np.float64], dict[str, Any]]:
    """Classify numbers: return the bounds and the legend.

    Parameters
    ----------
    known
        Values to class, finite, in any order.
    by
        Scheme, number of classes or bounds, and ramp.

    Returns
    -------
    bins : ndarray
        Upper bounds, ascending; empty when there are no values and no bounds were given.
    legend : dict
        For the page; nothing is missing.

    Raises
    ------
    InputError
        When given bounds do not ascend, or there is no such scheme.
    """
    whole = np.asarray(by.among, dtype=np.float64) if by.among else known
    bins = _bins(whole, by)
    pale = by.zero is not None  # beside areas without a fill the palest shade would be lost
    colours = ramp(by.ramp, min(len(bins) + pale, 9))[-len(bins) :] if len(bins) else []
    low = float(whole.min()) if len(whole) else 0.0
    lows = [min(low, float(bins[0])), *bins[:-1].tolist()] if len(bins) else []
    counts = np.bincount(np.searchsorted(bins, known, side="left"), minlength=len(bins)).tolist()
    if np.array_equal(np.unique(whole), bins):
        lows = bins.tolist()  # one value a class
    items = [
        {"colour": colour, "from": low, "to": high, "n": n}
        for colour, low, high, n in zip(colours, lows, bins.tolist(), counts, strict=True)
    ]
    legend = {
        "kind": "classes",
        "ordered": by.ramp != "balance",
        "title": by_language(by.title if by.title is not None else named(by.column).label),
        "unit": by_language(by.unit or named(by.column).unit),
        "decimals": decimals_between(np.array([*lows[:1], *bins]), by.decimals),
        "items": items,
        "missing": 0,
        "missing_label": by_language(by.missing),
    }
    return bins, legend


def decimals_between(bounds: NDArray[np.float64], wanted: int | None = None) -> int:
    """Return the number of decimals at which all bounds differ: no "0.2 - 0.2".

    Parameters
    ----------
    bounds
        Upper bounds of the classes, ascending.
    wanted
        Least number of decimals; None for no least number.

    Returns
    -------
    int
        At most nine.

    Examples
    --------
    >>> decimals_between(np.array([0.0, 0.2, 0.4]))
    2
    """
    bounds = np.unique(bounds)
    if len(bounds) < 2:
        return 2 if wanted is None else wanted
    digits = _usual_decimals(bounds) if wanted is None else wanted
    while digits < _MOST_DECIMALS and not np.diff(bounds.round(digits)).all():
        digits += 1
    return digits


def _usual_decimals(bounds: NDArray[np.float64]) -> int:
    gap = float(np.diff(bounds[1:]).min()) if len(bounds) > 2 else float(np.diff(bounds)[0])
    whole = bool((bounds[1:] == np.rint(bounds[1:])).all())
    return 0 if whole or gap >= 10 else 1 if gap >= 1 else 2 if gap >= 0.05 else 4


_MOST_DECIMALS: Final = 9


def _bins(known: NDArray[np.float64], by: Classes) -> NDArray[np.float64]:
    if by.bins:
        bins = np.asarray(by.bins, dtype=np.float64)
        if not (np.diff(bins) > 0).all():
            msg = f"bins must ascend; {list(by.bins)} do not"
            raise InputError(msg)
        top = known.max() if len(known) else bins[-1]
        return bins if top <= bins[-1] else np.append(bins, top)
    distinct, counts = np.unique(known, return_counts=True)
    k = min(by.k, 9, len(distinct))
    if k < 2:
        return distinct
    scheme = by.scheme
    if scheme == "FisherJenks" and len(distinct) > _NATURAL_LIMIT:
        scheme = "Quantiles"
    if scheme == "FisherJenks":
        return natural_breaks(distinct, counts, k)
    bins = _quantiles(known, k) if scheme == "Quantiles" else _by_mapclassify(known, scheme, k)
    bins = np.unique(bins[bins >= distinct[0]])[-9:]
    return np.asarray(np.unique(np.append(bins[:-1], distinct[-1])))


def _quantiles(known: NDArray[np.float64], k: int) -> NDArray[np.float64]:
    """Return the k-quantiles, by whole numbers: one that is a value is that very value.

    >>> _quantiles(np.array([3.0, 0.1, 0.7, 9.0, 5.0]), 4).tolist()
    [0.7, 3.0, 5.0, 9.0]
    """
    whole, rest = np.divmod(np.arange(1, k + 1) * (len(known) - 1), k)
    above = np.minimum(whole + 1, len(known) - 1)
    ordered = np.partition(known, np.unique([whole, above]))
    low = ordered[whole]
    return np.asarray(low + (ordered[above] - low) * (rest / k))


def _by_mapclassify(known: NDArray[np.float64], scheme: str, k: int) -> NDArray[np.float64]:
    import mapclassify  # noqa: PLC0415 - two seconds, since it compiles what it may need

    makers = {
        "EqualInterval": lambda: mapclassify.EqualInterval(known, k=k),
        "HeadTailBreaks": lambda: mapclassify.HeadTailBreaks(known),
        "StdMean": lambda: mapclassify.StdMean(known),
    }
    if scheme not in makers:
        msg = f"unknown scheme {scheme!r}; one of FisherJenks, Quantiles, {', '.join(makers)}"
        raise InputError(msg)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it recommends a compiler that we do not need
        return np.unique(np.asarray(makers[scheme]().bins, dtype=np.float64))
