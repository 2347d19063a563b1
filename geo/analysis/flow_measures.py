"""Density, strength and change of flows by year, on a fixed set of units."""

import numpy as np
import pandas as pd

from geo.analysis.flows import Flows

__all__ = ["by_year", "density", "strength"]


def density(flows: Flows, year: int | None = None) -> float:
    """Return the share of possible pairs of units that have a flow.

    2m / (n·(n - 1)), or m / (n·(n - 1)) when directed: m pairs with a weight above 0, n all
    units, the same in every year.

    Parameters
    ----------
    flows
        Checked flows.
    year
        One year, or all years together.

    Returns
    -------
    float
        Between 0 and 1; NaN for fewer than two units.

    Raises
    ------
    InputError
        When there are no flows in that year.

    Examples
    --------
    >>> from geo.analysis.flows import check_flows
    >>> units = pd.DataFrame({"name_zh": list("甲乙丙"), "name_en": list("abc"),
    ...     "name_ja": list("甲乙丙")}, index=["1", "2", "3"])
    >>> table = pd.DataFrame({"origin": ["甲"], "destination": ["乙"], "weight": [5]})
    >>> round(density(check_flows(table, units)), 3)
    0.333
    """
    n = len(flows.units)
    linked = int((flows.matrix(year) > 0).sum())
    return linked / (n * (n - 1)) if n > 1 else float("nan")


def strength(flows: Flows, year: int | None = None) -> pd.DataFrame:
    """Sum the flows of each unit.

    Parameters
    ----------
    flows
        Checked flows.
    year
        One year, or all years together.

    Returns
    -------
    DataFrame
        Indexed by unit: ``outflow``, ``inflow`` (equal when undirected), ``strength`` (their sum
        when directed, either when not), ``share`` of all strength, ``degree`` (partners).

    Raises
    ------
    InputError
        When there are no flows in that year.

    Examples
    --------
    >>> from geo.analysis.flows import check_flows
    >>> units = pd.DataFrame({"name_zh": list("甲乙丙"), "name_en": list("abc"),
    ...     "name_ja": list("甲乙丙")}, index=["1", "2", "3"])
    >>> table = pd.DataFrame({"origin": ["甲"], "destination": ["乙"], "weight": [5]})
    >>> strength(check_flows(table, units)).strength.tolist()
    [5.0, 5.0, 0.0]
    """
    weights = flows.matrix(year)
    out, into = weights.sum(axis=1), weights.sum(axis=0)
    total = out + into if flows.directed else out
    return pd.DataFrame(
        {
            "outflow": out,
            "inflow": into,
            "strength": total,
            "share": total / total.sum(),
            "degree": ((weights > 0) | (weights.T > 0)).sum(axis=1),
        },
        index=flows.units.index,
    )


def by_year(flows: Flows) -> pd.DataFrame:
    """Measure the flows of each year on the fixed set of units.

    Parameters
    ----------
    flows
        Checked flows with years.

    Returns
    -------
    DataFrame
        Indexed by ``year``: ``n_pairs``, ``n_units`` with flows, ``density`` (all units),
        ``total`` weight, ``mean_weight`` per possible pair, ``change`` of the total since the
        year before (null after a gap).

    Examples
    --------
    >>> from geo.analysis.flows import check_flows
    >>> units = pd.DataFrame({"name_zh": ["甲", "乙"], "name_en": ["a", "b"],
    ...     "name_ja": ["甲", "乙"]}, index=["1", "2"])
    >>> table = pd.DataFrame({"origin": ["甲", "甲"], "destination": ["乙", "乙"],
    ...     "weight": [5, 6], "year": [2013, 2014]})
    >>> by_year(check_flows(table, units)).change.tolist()
    [nan, 0.2]
    """
    n = len(flows.units)
    possible = n * (n - 1) / (1 if flows.directed else 2)
    rows = []
    for year in flows.years:
        pairs = flows.pairs[flows.pairs["year"] == year]
        total = float(pairs["weight"].sum())
        rows.append(
            {
                "year": year,
                "n_pairs": len(pairs),
                "n_units": len({*pairs["origin"], *pairs["destination"]}),
                "density": density(flows, year),
                "total": total,
                "mean_weight": total / possible,
            }
        )
    names = ["year", "n_pairs", "n_units", "density", "total", "mean_weight"]
    table = pd.DataFrame(rows, columns=names).set_index("year")
    change = table["total"].pct_change()
    gap = np.diff(table.index.to_numpy(dtype=int), prepend=0) != 1
    return table.assign(change=change.mask(gap))
