"""Numbers that stand for *no data* by habit, in rasters whose files do not say so.

The rule. A value is taken as no data when (1) it is one of the numbers below, for cells of its
type; (2) no other cell lies as far out on its side of zero; and (3) every other cell on its side is
less than half as far out. So −9999 is no data among heights of −430 to 8848, and a depth among
soundings down to −6000. It is judged among the cells that are read, and always said.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["outermost", "stand_ins", "unlikely"]

_SIGNED: Final = (-9999.0, -99999.0, -32768.0, -2147483648.0)
_FLOATS: Final = (-9999.0, -99999.0, -32768.0, -3.4e38, 3.4e38, 1e20)
_LARGEST: Final[Mapping[str, float]] = {"uint16": 65535.0, "uint32": 4294967295.0}
_NETCDF: Final = 9.969209968386869e36  # what its library fills with


def stand_ins(dtype: str) -> frozenset[float]:
    """Return the numbers that stand for no data by habit.

    Parameters
    ----------
    dtype
        Of the cells in the file, as NumPy names it.

    Returns
    -------
    frozenset of float
        Empty for bytes: 255 is a value like any other.

    Examples
    --------
    >>> sorted(stand_ins("int16")), stand_ins("uint8")
    ([-32768.0, -9999.0], frozenset())
    """
    kind = np.dtype(dtype)
    if kind.kind == "f":
        ends = float(np.finfo(kind).min), float(np.finfo(kind).max)
        fitting = [kind.type(one) for one in (*_FLOATS, _NETCDF) if abs(one) <= ends[1]]
        single = np.finfo(np.float32)
        return frozenset(map(float, (*fitting, *ends, single.min, single.max)))
    if kind.kind == "i" and kind.itemsize > 1:
        return frozenset(one for one in _SIGNED if one >= np.iinfo(kind).min)
    return frozenset({_LARGEST[kind.name]} if kind.name in _LARGEST else ())


def outermost(
    cells: NDArray[np.float64], known: frozenset[float]
) -> Iterator[tuple[float, NDArray[np.bool_]]]:
    """Take the least and the largest value away for as long as they may stand for no data.

    Parameters
    ----------
    cells
        NaN where there is no value; what is yielded becomes NaN too.
    known
        As ``stand_ins`` gives them.

    Yields
    ------
    value, where
        A number of ``known``, and True in the cells that hold it.

    Examples
    --------
    >>> cells = np.array([[-9999.0, 3.0, 5.0]])
    >>> [(value, int(where.sum())) for value, where in outermost(cells, stand_ins("float32"))]
    [(-9999.0, 1)]
    >>> cells.tolist()
    [[nan, 3.0, 5.0]]
    """
    for end in (np.fmin, np.fmax):
        while known:
            value = float(end.reduce(cells, axis=None, initial=np.nan))
            if value not in known:
                break
            where = cells == value
            cells[where] = np.nan
            yield value, where


def unlikely(found: Mapping[float, Any], least: float, largest: float) -> list[float]:
    """Choose those that lie so far out that they stand for no data.

    Parameters
    ----------
    found
        By value: what ``outermost`` yielded.
    least, largest
        Of all other cells; NaN when there are none.

    Returns
    -------
    list of float
        The values that are no data; the others are values like any.

    Examples
    --------
    >>> unlikely({-9999.0: 7}, -430.0, 8848.0), unlikely({-9999.0: 7}, -6000.0, 0.0)
    ([-9999.0], [])
    """
    chosen = []
    for value in sorted(found, key=abs):
        nearest = least if value < 0 else largest
        if np.isnan(nearest) or abs(nearest) < abs(value) / 2 or (nearest < 0) != (value < 0):
            chosen.append(value)
        elif value < 0:
            least = value
        else:
            largest = value
    return chosen
