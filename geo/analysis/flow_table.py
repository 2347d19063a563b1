"""A table of flows as it comes: columns, units, years and weights read, a matrix made long."""

import logging
from typing import Any, Final

import numpy as np
import pandas as pd

from geo.errors import InputError

__all__ = ["NO_YEAR", "from_matrix", "plain_flows", "some"]

_log = logging.getLogger(__name__)

NO_YEAR: Final = 0
"""Stands for the year of a table without years."""
_NEEDED: Final = ("origin", "destination", "weight")


def plain_flows(table: pd.DataFrame, units: pd.DataFrame, *, name: str = "flows") -> pd.DataFrame:
    """Read the columns of a long table of flows, whatever is in its rows.

    Parameters
    ----------
    table
        ``origin``, ``destination``, ``weight`` and maybe ``year``.
    units
        Indexed by id, with ``name_zh``, ``name_en``, ``name_ja``.
    name
        What messages call the table, such as its file.

    Returns
    -------
    DataFrame
        ``origin``, ``destination`` (ids of units, or the text where it names none or several),
        ``year`` (``NO_YEAR`` without years) and ``weight``, one row a row.

    Raises
    ------
    InputError
        When a column is missing; a weight is missing, negative or no number; or a year is none.
    """
    table = table.reset_index(drop=True)
    missing = [one for one in _NEEDED if one not in table.columns]
    if missing:
        msg = (
            f"{name}: no column {', '.join(missing)}; the columns are "
            f"{', '.join(map(str, table.columns))}; name them origin, destination, weight, year"
        )
        raise InputError(msg)
    return pd.DataFrame(
        {
            "origin": _ids(table["origin"], units),
            "destination": _ids(table["destination"], units),
            "year": _years(table, name),
            "weight": _weights(table, name),
        }
    )


def some(values: "pd.Series[Any]", *, most: int = 5) -> str:
    """Name the first of some values.

    Parameters
    ----------
    values
        Texts; repeated ones are named once.
    most
        How many.

    Returns
    -------
    str
        Between commas, with a sign that there are more.
    """
    found = list(dict.fromkeys(map(str, values)))
    return ", ".join(found[:most]) + (" …" if len(found) > most else "")


def _ids(names: "pd.Series[Any]", units: pd.DataFrame) -> "pd.Series[str]":
    """Return the unit each text means; a text of no unit, or of two, is returned as it is."""
    meant: dict[str, set[str]] = {}
    for unit, row in units.iterrows():
        words = {str(unit)}
        for column in ("name_zh", "name_en", "name_ja"):
            name = str(row[column])
            words |= {name, name.casefold()}
            if column != "name_en" and len(name) > 2 and name[-1] in "市县区県區縣":
                words.add(name[:-1])
        for word in words:
            meant.setdefault(word, set()).add(str(unit))
    sure = {word: next(iter(found)) for word, found in meant.items() if len(found) == 1}

    def unit_of(value: Any) -> str:
        text = _text(value)
        return sure.get(text, sure.get(text.casefold(), text))

    found = names.map(unit_of).astype(object)
    for text in dict.fromkeys(one for one in found if len(meant.get(one, ())) > 1):
        _log.warning(
            "%s names several units: %s; give the code", text, ", ".join(sorted(meant[text]))
        )
    return found


def _text(value: Any) -> str:
    if isinstance(value, float | np.floating) and np.isfinite(value) and float(value).is_integer():
        value = int(value)
    return str(value).strip()


def _years(table: pd.DataFrame, name: str) -> "pd.Series[int]":
    if "year" not in table.columns:
        return pd.Series(NO_YEAR, index=table.index)
    years = pd.to_numeric(table["year"], errors="coerce")
    wrong = ~(years.between(1000, 9999) & (years == years.round()))
    if wrong.any():
        first = table["year"][wrong].iloc[0]
        msg = f"{name}: {int(wrong.sum())} years are no year, first {first!r} in row {_row(wrong)}"
        raise InputError(msg)
    return years.astype("int64")


def _weights(table: pd.DataFrame, name: str) -> "pd.Series[float]":
    weights = pd.to_numeric(table["weight"], errors="coerce").astype("float64")
    absent = pd.Series(~np.isfinite(weights.to_numpy()), index=weights.index)
    below = pd.Series(weights.to_numpy() < 0, index=weights.index)
    faults = []
    for bad, what in ((absent, "missing or no number"), (below, "negative")):
        if bad.any():
            first = table[bad].iloc[0]
            said = "empty" if pd.isna(first["weight"]) else _text(first["weight"])
            pair = f"{first['origin']} to {first['destination']}"
            faults.append(
                f"{what} in {int(bad.sum())} rows (first {said} in row {_row(bad)}, {pair})"
            )
    if faults:
        msg = f"{name}: weights are {' and '.join(faults)}; correct or leave out these rows"
        raise InputError(msg)
    return weights


def _row(wrong: "pd.Series[Any]") -> int:
    return int(np.flatnonzero(wrong.to_numpy())[0]) + 1


def from_matrix(table: pd.DataFrame, *, name: str = "flows") -> pd.DataFrame:
    """Turn a square matrix into a long table; missing cells are no flow.

    Parameters
    ----------
    table
        The first column (or the index) names the origins, the other columns the destinations. A
        triangular matrix stands for the whole.
    name
        What messages call the table, such as its file.

    Returns
    -------
    DataFrame
        ``origin``, ``destination``, ``weight``; rows of empty cells are left out.

    Raises
    ------
    InputError
        When the matrix names no destination that is also an origin.

    Examples
    --------
    >>> table = pd.DataFrame({"": ["北京", "天津"], "北京": [None, 4], "天津": [3, None]})
    >>> from_matrix(table).to_numpy().tolist()
    [['天津', '北京', 4.0], ['北京', '天津', 3.0]]
    """
    first = table.columns[0] if len(table.columns) else ""
    heads = {_text(one) for one in table.columns[1:]}
    square = table
    if len(table.columns) and heads & {_text(one) for one in table[first]}:
        square = table.set_index(first)
    names = {_text(one) for one in square.index}
    if not names & {_text(one) for one in square.columns}:
        msg = (
            f"{name}: neither a table with origin, destination and weight nor a matrix whose first "
            "column and header name the same units; the columns are "
            f"{some(table.columns.to_series())}"
        )
        raise InputError(msg)
    long = square.rename_axis("origin").reset_index().melt("origin", var_name="destination")
    return long.rename(columns={"value": "weight"}).dropna(subset="weight").reset_index(drop=True)
