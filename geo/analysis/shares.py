"""Shares of circles and corridors by year: what is dated counts, what is not is counted apart."""

import re
from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from geo.analysis.circles import circle_shares
from geo.errors import InputError

__all__ = ["DATE_KINDS", "has_dates", "shares_by_year", "site_dates"]

DATE_KINDS: Final = ("founded", "listed", "opened", "unstated")
"""Kinds of date, never mixed in one series; ``unstated`` is a year that does not say of what."""

_WORDED: Final = re.compile(r"(founded|listed|established|opened)\s+(\d{4})")
_YEARS: Final = (1000, 2100)
_COLUMNS: Final = {
    "founded": "founded",
    "listed": "listed",
    "opened": "opened",
    "status_year": "unstated",
    "year": "unstated",
}


def has_dates(sites: pd.DataFrame) -> bool:
    """Tell whether any column of a table says when its sites began.

    Parameters
    ----------
    sites
        One row a site.

    Returns
    -------
    bool
        Whether ``site_dates`` would find a column.

    Examples
    --------
    >>> has_dates(pd.DataFrame({"founded": [2000]})), has_dates(pd.DataFrame({"name": ["a"]}))
    (True, False)
    """
    return bool({"founded_or_listed", *_COLUMNS} & set(sites.columns))


def site_dates(sites: pd.DataFrame) -> pd.DataFrame:
    """Read when each site began, and what kind of date that is.

    Columns are tried in this order: ``founded_or_listed`` (text such as ``listed 2010``; the kind
    is its word, ``established`` being founded), ``founded``, ``listed``, ``opened``,
    ``status_year`` (of the shipped facilities), ``year``. The first that says something for a site
    counts. The last two say no kind: it is what the column ``date_kind`` holds, where there is
    one, and else ``unstated``. ``until_year``, where given, is the year a site closed or moved
    away: it is in the stock up to the year before; the new address is a row of its own.

    Parameters
    ----------
    sites
        One row a site.

    Returns
    -------
    DataFrame
        Aligned to ``sites``: ``year`` (null when undated), ``date_kind``, ``until_year``.

    Raises
    ------
    InputError
        When no column of dates is there, a year is not one from 1000 to 2100, or ``date_kind``
        holds another word than ``DATE_KINDS``.

    Examples
    --------
    >>> sites = pd.DataFrame({"founded_or_listed": ["listed 2010", None], "year": [None, 1999]})
    >>> site_dates(sites)[["year", "date_kind"]].to_numpy().tolist()
    [[2010, 'listed'], [1999, 'unstated']]
    >>> site_dates(sites.assign(date_kind="opened")).date_kind.tolist()
    ['listed', 'opened']
    """
    year = pd.Series(pd.NA, index=sites.index, dtype="Int64")
    kind = pd.Series(None, index=sites.index, dtype=object)
    if "founded_or_listed" in sites.columns:
        parts = sites.founded_or_listed.astype("string").str.extract(_WORDED)
        year = _years(parts[1], "founded_or_listed")
        kind = parts[0].replace({"established": "founded"}).astype(object)
    elif not has_dates(sites):
        wanted = ", ".join(["founded_or_listed", *_COLUMNS])
        msg = f"no column says when a site began; one of {wanted} is needed"
        raise InputError(msg)
    said = _said_kinds(sites)
    for column, named in _COLUMNS.items():
        if column in sites.columns:
            found = _years(sites[column], column)
            empty = year.isna() & found.notna()
            own = said if named == "unstated" else named
            year, kind = year.where(~empty, found), kind.where(~empty, own)
    until = (
        _years(sites.until_year, "until_year")
        if "until_year" in sites.columns
        else pd.Series(pd.NA, index=sites.index, dtype="Int64")
    )
    return pd.DataFrame({"year": year, "date_kind": kind.where(year.notna()), "until_year": until})


def _said_kinds(sites: pd.DataFrame) -> "pd.Series[str]":
    """Return what the column ``date_kind`` says of years that say no kind themselves."""
    if "date_kind" not in sites.columns:
        return pd.Series("unstated", index=sites.index, dtype=object)
    words = sites.date_kind.astype("string").str.strip().fillna("")
    words = words.mask(words == "", "unstated")
    strange = words[~words.isin(DATE_KINDS)]
    if len(strange):
        msg = (
            f"date_kind: {len(strange)} are not kinds of date, such as {strange.iloc[0]!r}; "
            f"known are {', '.join(DATE_KINDS)}"
        )
        raise InputError(msg)
    return pd.Series(words, dtype=object)


def _years(values: "pd.Series[Any]", name: str) -> "pd.Series[int]":
    text = values.astype("string").str.strip()
    text = text.mask(text == "")
    number = pd.to_numeric(text, errors="coerce").astype(object).where(text.notna())
    number = number.where(number.notna()).astype("float64")
    wrong = text.notna() & ~(number.between(*_YEARS) & (number % 1 == 0))
    if wrong.any():
        msg = f"{name}: {wrong.sum()} are not years, such as {text[wrong].iloc[0]!r}"
        raise InputError(msg)
    return number.astype("Int64")


def shares_by_year(
    parts: "Mapping[str, pd.Series[str]]",
    dates: pd.DataFrame,
    orders: "Mapping[str, pd.Index[str]]",
) -> pd.DataFrame:
    """Count sites by year, kind of date, definition and part.

    Parameters
    ----------
    parts
        By definition (``list``, ``radius``, ``minutes``, ``corridor``) the part each site lies
        in: a circle, an axis or ``outside``; null is unknown.
    dates
        As ``site_dates`` returns, aligned.
    orders
        By definition the parts from the inside out. A definition whose parts are not nested
        (corridors) has its nested columns null.

    Returns
    -------
    DataFrame
        One row a ``date_kind``, ``year``, ``definition``, ``part``: ``n_new`` that began in the
        year, ``n_stock`` there at its end, ``share_exclusive`` of the stock that is placed,
        ``n_nested`` and ``share_nested``, ``n_unknown`` of the stock that could not be placed.
        Every year from a kind's first to its last is there. Undated sites come last with
        ``date_kind`` ``undated`` and no year: counted once, in no series.

    Examples
    --------
    >>> parts = {"list": pd.Series(["in", "outside", "in"])}
    >>> dates = site_dates(pd.DataFrame({"founded": [2000, 2001, None]}))
    >>> table = shares_by_year(parts, dates, {"list": pd.Index(["in"])})
    >>> table.query("part == 'in'")[["year", "n_stock", "share_exclusive"]].to_numpy().tolist()
    [[2000, 1.0, 1.0], [2001, 1.0, 0.5], [<NA>, 1.0, 1.0]]
    """
    tables = []
    for kind in DATE_KINDS:
        own = dates[dates.date_kind == kind]
        if own.empty:
            continue
        for year in range(int(own.year.min()), int(own.year.max()) + 1):
            begun = own.year <= year
            there = own.index[begun & ~(own.until_year <= year).fillna(value=False)]
            new = own.index[own.year == year]
            tables += [_counted(parts, orders, name, there, new, kind, year) for name in parts]
    undated = dates.index[dates.year.isna()]
    if len(undated):
        tables += [
            _counted(parts, orders, name, undated, undated, "undated", None) for name in parts
        ]
    if not tables:
        return pd.DataFrame(columns=_RESULT)
    return pd.concat(tables, ignore_index=True)[_RESULT].astype({"year": "Int64"})


_RESULT: Final = [
    *("date_kind", "year", "definition", "part", "n_new", "n_stock", "share_exclusive"),
    *("n_nested", "share_nested", "n_unknown"),
]


def _counted(
    parts: "Mapping[str, pd.Series[str]]",
    orders: "Mapping[str, pd.Index[str]]",
    name: str,
    there: pd.Index,
    new: pd.Index,
    kind: str,
    year: int | None,
) -> pd.DataFrame:
    stock = circle_shares(parts[name].loc[there], orders[name])
    fresh = circle_shares(parts[name].loc[new], orders[name])
    table = stock.assign(
        date_kind=kind,
        year=pd.array([year] * len(stock), dtype="Int64"),
        definition=name,
        part=stock.index,
        n_new=fresh.n_exclusive,
        n_stock=stock.n_exclusive,
    )
    if name == "corridor":
        table = table.assign(n_nested=float("nan"), share_nested=float("nan"))
    return table
