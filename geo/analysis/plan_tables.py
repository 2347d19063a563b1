"""The tables that go with a layer of sites placed in a plan: shares, disagreement, years."""

from itertools import combinations

import pandas as pd

from geo.analysis.circles import DEFINITIONS, circle_shares, confusion
from geo.analysis.shares import shares_by_year, site_dates
from geo.layers.plan import Plan

__all__ = ["confusion_table", "definitions", "present", "shares_table", "years_table"]


def present(sites: pd.DataFrame) -> "pd.Series[bool]":
    """Tell which sites are there: all but those that a table marks as not moved yet.

    Parameters
    ----------
    sites
        With or without the column ``status`` of the shipped firms.

    Returns
    -------
    Series
        Aligned to ``sites``.

    Examples
    --------
    >>> present(pd.DataFrame({"status": ["present", "not_moved_yet"]})).tolist()
    [True, False]
    """
    if "status" not in sites.columns:
        return pd.Series(data=True, index=sites.index)
    return sites.status != "not_moved_yet"


def definitions(placed: pd.DataFrame) -> "dict[str, pd.Series[str]]":
    """Return the innermost circle of each site, by definition.

    Parameters
    ----------
    placed
        As ``geo.analysis.circles.place_in_circles`` returns.

    Returns
    -------
    dict
        Keys ``list``, ``radius``, ``minutes``.
    """
    return {one: placed[f"circle_{one}"] for one in DEFINITIONS}


def shares_table(placed: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """Count sites by circle under each definition, nested and exclusive.

    Parameters
    ----------
    placed
        As ``geo.analysis.circles.place_in_circles`` returns.
    plan
        The plan.

    Returns
    -------
    DataFrame
        ``definition``, ``circle`` and the columns of ``circle_shares``.
    """
    tables = [
        circle_shares(values, plan.circles.index).reset_index().assign(definition=name)
        for name, values in definitions(placed).items()
    ]
    frame = pd.concat(tables, ignore_index=True)
    return frame[["definition", *frame.columns.drop("definition")]]


def confusion_table(placed: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """Cross each pair of definitions.

    Parameters
    ----------
    placed
        As ``geo.analysis.circles.place_in_circles`` returns.
    plan
        The plan.

    Returns
    -------
    DataFrame
        ``left_definition``, ``left_circle``, ``right_definition``, ``right_circle``, ``n``;
        every pair of definitions sums to all sites.
    """
    tables = []
    for (left, one), (right, other) in combinations(definitions(placed).items(), 2):
        table = confusion(one, other, plan.circles.index)
        long = table.reset_index().melt("left", var_name="right_circle", value_name="n")
        named = long.rename(columns={"left": "left_circle"})
        tables.append(named.assign(left_definition=left, right_definition=right))
    frame = pd.concat(tables, ignore_index=True)
    return frame[["left_definition", "left_circle", "right_definition", "right_circle", "n"]]


def years_table(sites: pd.DataFrame, placed: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """Count sites by year, kind of date, circle under each definition, and corridor.

    Parameters
    ----------
    sites
        With a column of dates, see ``geo.analysis.shares.site_dates``.
    placed
        As ``geo.analysis.fit.place_in_plan`` returns, aligned.
    plan
        The plan.

    Returns
    -------
    DataFrame
        As ``geo.analysis.shares.shares_by_year``.

    Raises
    ------
    InputError
        When no column says when a site began.
    """
    parts = definitions(placed) | {"corridor": placed.corridor}
    orders = dict.fromkeys(parts, plan.circles.index) | {"corridor": plan.corridors.index}
    return shares_by_year(parts, site_dates(sites), orders)
