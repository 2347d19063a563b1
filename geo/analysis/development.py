"""Whether subsystems rise together, and the bureau of statistics' index rebuilt from its parts."""

import numpy as np
import pandas as pd

from geo.analysis.coordination import score_values
from geo.analysis.result import Result
from geo.analysis.years import require_columns, years_of
from geo.errors import InputError

__all__ = ["development_index", "synergy_by_unit", "synergy_degree"]


def synergy_degree(order: pd.DataFrame) -> Result:
    """Measure whether subsystems rise together from each date to the next.

    ``S = sign(min Δu)·|Π Δu|^(1/n)`` of the order degrees ``u``: negative as soon as one falls.

    Parameters
    ----------
    order
        Indexed by ``year``, one column a subsystem, each in 0…1 on pooled bounds.

    Returns
    -------
    Result
        One row a year but the first: ``synergy, year_before``.

    Raises
    ------
    InputError
        When there are fewer than two years or subsystems, or a degree lies outside 0…1.

    References
    ----------
    Meng, Q. & Han, W. (2000), cited after the Chinese literature.

    Examples
    --------
    >>> order = pd.DataFrame({"bj": [0.1, 0.5], "tj": [0.2, 0.3]},
    ...                      index=pd.Index([2010, 2020], name="year"))
    >>> synergy_degree(order).values.synergy.round(6).to_dict()
    {2020: 0.2}
    """
    whole = order.dropna().sort_index()
    if len(whole) < 2:
        msg = f"{len(whole)} years have every subsystem; a change needs two"
        raise InputError(msg)
    if not whole.index.is_unique:
        msg = "a year occurs twice"
        raise InputError(msg)
    step = np.diff(score_values(whole), axis=0)
    size = np.abs(step.prod(axis=1)) ** (1 / step.shape[1])
    sign = np.where(step.min(axis=1) >= 0, 1.0, -1.0)
    found = pd.DataFrame(
        {"synergy": sign * size, "year_before": whole.index[:-1]}, index=whole.index[1:]
    )
    return Result(
        found,
        "synergy",
        n=len(whole),
        n_dropped={"a subsystem is missing": len(order) - len(whole)},
        years=tuple(int(year) for year in whole.index),
    )


def synergy_by_unit(scores: pd.DataFrame) -> Result:
    """Measure, for each unit, whether its subsystems rise together from each date to the next.

    ``synergy_degree`` of each unit's own subsystems, from the year before in which it has all.

    Parameters
    ----------
    scores
        Indexed by ``year, unit``, one column a subsystem, each in 0…1 on pooled bounds, as from
        ``subsystem_scores``.

    Returns
    -------
    Result
        Indexed by ``year, unit``: ``synergy, year_before``; units with one year are counted as
        dropped.

    Raises
    ------
    InputError
        When the scores have no years, a unit occurs twice in a year, no unit has two years, there
        are fewer than two subsystems, or a degree lies outside 0…1.

    References
    ----------
    Meng, Q. & Han, W. (2000), cited after the Chinese literature.

    Examples
    --------
    >>> index = pd.MultiIndex.from_tuples([(2010, "a"), (2020, "a")], names=["year", "unit"])
    >>> scores = pd.DataFrame({"input": [0.1, 0.5], "output": [0.2, 0.3]}, index=index)
    >>> synergy_by_unit(scores).values.synergy.round(6).tolist()
    [0.2]
    """
    if list(scores.index.names) != ["year", "unit"]:
        msg = "synergy compares years: scores need a column year"
        raise InputError(msg)
    whole = scores.dropna()
    parts, alone = {}, 0
    for unit, rows in whole.groupby(level="unit"):
        if len(rows) < 2:
            alone += len(rows)
            continue
        parts[unit] = synergy_degree(rows.droplevel("unit")).table()
    if not parts:
        msg = "no unit has every subsystem in two years; a change needs two"
        raise InputError(msg)
    found = pd.concat(parts, names=["unit", "year"]).swaplevel().sort_index()
    return Result(
        found,
        "synergy",
        n=len(whole) - alone,
        n_dropped={
            "a subsystem is missing": len(scores) - len(whole),
            "the unit has one year only": alone,
        },
        years=tuple(int(year) for year in sorted(set(whole.index.get_level_values("year")))),
    )


def development_index(components: pd.DataFrame) -> Result:
    """Rebuild the statistics bureau's regional index from its five sub-indices.

    The published totals of 2018, 2019 and 2024 equal the arithmetic mean of the five. Bases
    differ between releases (2010 = 100, later 2014 = 100), so each base is its own series.

    Parameters
    ----------
    components
        One row a year, base and component: ``year, base, component, value``; a component
        ``total`` is taken as the published total.

    Returns
    -------
    Result
        Indexed by ``base, year``: ``mean_of_five`` (missing with fewer than five), ``n``
        (components), ``published, difference``; years of which only the total is published are
        there too.

    Raises
    ------
    InputError
        When columns are missing or a component occurs twice.

    References
    ----------
    National Bureau of Statistics, releases of 2019-11-05, 2020-10-09, 2025-12-25 (rule inferred).

    Examples
    --------
    >>> five = pd.DataFrame({"year": 2024, "base": "2014=100", "component": list("abcde"),
    ...                      "value": [194.9, 171.2, 152.7, 145.2, 106.7]})
    >>> development_index(five).values.mean_of_five.tolist()
    [154.14]
    """
    require_columns(components, "year", "base", "component", "value")
    keys = ["base", "year"]
    if components.duplicated([*keys, "component"]).any():
        msg = "a component occurs twice in a year of one base"
        raise InputError(msg)
    rows = components.assign(value=pd.to_numeric(components["value"], errors="coerce"))
    total = rows.loc[rows["component"] == "total"].set_index(keys)["value"]
    parts = rows.loc[rows["component"] != "total"].dropna(subset=["value"]).groupby(keys)["value"]
    found = pd.DataFrame({"mean_of_five": parts.mean(), "n": parts.size()})
    found = found.reindex(found.index.union(total.index).set_names(keys))
    found["n"] = found["n"].fillna(0).astype(int)
    found["mean_of_five"] = found["mean_of_five"].where(found["n"] == 5)
    found["published"] = total.reindex(found.index)
    found["difference"] = found["mean_of_five"] - found["published"]
    return Result(
        found,
        "mean-of-subindices",
        n=int(found["n"].sum()),
        n_dropped={"no value": int(rows["value"].isna().sum())},
        years=years_of(rows),
    )
