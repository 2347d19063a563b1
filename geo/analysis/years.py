"""Measures by year: a table with a ``year`` column is measured year by year."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from geo.errors import InputError

__all__ = ["by_year", "require_columns", "split_drops", "years_of"]


def require_columns(frame: pd.DataFrame, *columns: str, name: str = "table") -> None:
    """Raise unless a table has the columns that a measure reads.

    Parameters
    ----------
    frame
        Table whose columns are checked.
    *columns
        Names of the columns that must be there.
    name
        Name of the table at the caller, for the message.

    Raises
    ------
    InputError
        When columns are missing; names them and those that are there.

    Examples
    --------
    >>> require_columns(pd.DataFrame({"value": [1]}), "value", "region")
    Traceback (most recent call last):
    geo.errors.InputError: table has no column region; its columns: value
    """
    missing = [one for one in columns if one not in frame.columns]
    if missing:
        have = ", ".join(map(str, frame.columns)) or "none"
        msg = f"{name} has no column {', '.join(missing)}; its columns: {have}"
        raise InputError(msg)


def years_of(frame: pd.DataFrame) -> tuple[int, ...]:
    """Return the years of a table, ascending; empty when it has no ``year`` column.

    Parameters
    ----------
    frame
        May have a column ``year`` of whole numbers.

    Returns
    -------
    tuple of int
        Each year once.

    Raises
    ------
    InputError
        When a year is missing or not a whole number between 1000 and 3000.

    Examples
    --------
    >>> years_of(pd.DataFrame({"year": [2021, 2010, 2021]}))
    (2010, 2021)
    >>> years_of(pd.DataFrame({"value": [1]}))
    ()
    """
    if "year" not in frame.columns:
        return ()
    years = pd.to_numeric(frame["year"], errors="coerce").to_numpy(dtype=float)
    wrong = ~((years >= 1000) & (years <= 3000) & (years == np.floor(years)))
    if wrong.any():
        shown = frame["year"].iloc[int(np.flatnonzero(wrong)[0])]
        msg = f"column year: {int(wrong.sum())} values are not years, the first is {shown!r}"
        raise InputError(msg)
    return tuple(sorted({int(one) for one in years}))


def by_year(
    frame: pd.DataFrame, measure: Callable[[pd.DataFrame], pd.DataFrame | Mapping[str, Any]]
) -> pd.DataFrame:
    """Apply a measure to each year of a table, or to the whole when it has no years.

    Parameters
    ----------
    frame
        With or without a column ``year``. Not changed.
    measure
        Takes the rows of one year; returns a dict (one row) or a frame.

    Returns
    -------
    DataFrame
        Rows of all years under each other; ``year`` is the first level of the index when the
        table has years.

    Raises
    ------
    InputError
        When the table is empty, or a year is not one.

    Examples
    --------
    >>> table = pd.DataFrame({"year": [2010, 2021], "value": [1.0, 3.0]})
    >>> by_year(table, lambda one: {"total": one.value.sum()}).total.to_dict()
    {2010: 1.0, 2021: 3.0}
    """
    if frame.empty:
        msg = "the table has no rows to measure"
        raise InputError(msg)
    years = years_of(frame)
    if not years:
        return _as_frame(measure(frame))
    column = pd.to_numeric(frame["year"]).to_numpy()
    parts = {year: _as_frame(measure(frame.loc[column == year])) for year in years}
    if all(len(part) == 1 and list(part.index.names) == [None] for part in parts.values()):
        whole = pd.concat(list(parts.values()))
        return whole.set_axis(pd.Index(list(parts), name="year", dtype="int64"), axis=0)
    return pd.concat(parts, names=["year"])


def _as_frame(values: pd.DataFrame | Mapping[str, Any]) -> pd.DataFrame:
    return values if isinstance(values, pd.DataFrame) else pd.DataFrame([dict(values)])


def split_drops(
    frame: pd.DataFrame, tests: Mapping[str, "pd.Series[bool]"]
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Set aside the rows that a measure cannot use, each under the first reason that fits.

    Parameters
    ----------
    frame
        Table to split; it is not changed.
    tests
        Reason to mask; true means drop.

    Returns
    -------
    kept : DataFrame
        The other rows in their order.
    dropped : dict
        Reason to number of rows; reasons that fit none are left out.

    Examples
    --------
    >>> table = pd.DataFrame({"value": [1.0, None]})
    >>> kept, dropped = split_drops(table, {"no value": table.value.isna()})
    >>> len(kept), dropped
    (1, {'no value': 1})
    """
    gone = np.zeros(len(frame), dtype=bool)
    dropped: dict[str, int] = {}
    for reason, mask in tests.items():
        fresh = mask.to_numpy(dtype=bool) & ~gone
        if fresh.any():
            dropped[reason] = int(fresh.sum())
        gone |= fresh
    return frame.loc[~gone], dropped
