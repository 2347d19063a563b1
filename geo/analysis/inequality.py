"""How unequal units are, and how much of it lies between groups: Theil and Gini, weighted.

PySAL's ``inequality`` (1.1.2) is unweighted, each region one observation, and gives nan for a
negative value; figures per head need the weight of the heads. Its values are reproduced without
weights.
"""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.analysis._points import weights_of
from geo.analysis.result import Result
from geo.analysis.years import by_year, require_columns, split_drops, years_of
from geo.errors import InputError

__all__ = ["gini", "theil"]

Floats = NDArray[np.float64]


def _units(table: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, int]]:
    require_columns(table, "value")
    value = pd.to_numeric(table["value"], errors="coerce").astype(float)
    weight = weights_of(table)
    frame = table.assign(value=value, weight=weight)
    kept, dropped = split_drops(
        frame,
        {
            "no value": ~pd.Series(np.isfinite(value)),
            "no weight": pd.Series(~(weight > 0)),
        },
    )
    if (kept["value"] < 0).any():
        worst = kept["value"].min()
        msg = f"inequality is not defined for negative values; the lowest is {worst:g}"
        raise InputError(msg)
    if kept.empty or kept["value"].sum() == 0:
        msg = "no unit has a value above zero"
        raise InputError(msg)
    return kept, dropped


def _t(value: Floats, weight: Floats) -> float:
    """Theil's T; a zero adds nothing."""
    share = weight / weight.sum()
    ratio = value / (share @ value)
    logs = np.log(np.where(ratio > 0, ratio, 1.0))
    return float(share @ (ratio * logs))


def _l(value: Floats, weight: Floats) -> float:
    """Theil's L (mean log deviation); undefined with a zero."""
    if (value == 0).any():
        return float("nan")
    share = weight / weight.sum()
    return float(share @ np.log((share @ value) / value))


def theil(table: pd.DataFrame) -> Result:
    """Measure inequality and split it into between and within groups, by year.

    ``T = Σ_g s_g ln(μ_g/μ) + Σ_g s_g T_g``, ``L = Σ_g p_g ln(μ/μ_g) + Σ_g p_g L_g``; ``s`` shares
    of the total, ``p`` of the weight.

    Parameters
    ----------
    table
        Column ``value`` (≥ 0, per head), optional ``weight`` (population, > 0; one each without),
        ``group`` (province; one group without) and ``year``.

    Returns
    -------
    Result
        ``theil_t, t_between, t_within, t_between_share, theil_l, l_between, l_within,
        n, n_groups`` a year; the L values are missing when a value is zero.

    Raises
    ------
    InputError
        When a value is negative, or none is above zero.

    References
    ----------
    Shorrocks, A. F. (1980). Econometrica 48(3): 613-625, doi:10.2307/1913126.

    Examples
    --------
    >>> table = pd.DataFrame({"value": [1.0, 1.0, 3.0, 3.0], "group": list("aabb")})
    >>> theil(table).values[["theil_t", "t_within"]].round(6).iloc[0].tolist()
    [0.130812, 0.0]
    """
    kept, dropped = _units(table)
    if "group" in kept.columns and kept["group"].isna().any():
        msg = f"{int(kept['group'].isna().sum())} units have no group"
        raise InputError(msg)
    values = by_year(kept, _theil_row)
    return Result(
        values, "theil-decomposition", n=len(kept), n_dropped=dropped, years=years_of(kept)
    )


def _theil_row(rows: pd.DataFrame) -> dict[str, Any]:
    value, weight = rows["value"].to_numpy(), rows["weight"].to_numpy()
    group = rows["group"] if "group" in rows.columns else pd.Series(0, index=rows.index)
    codes, names = pd.factorize(group)
    heads = np.bincount(codes, weights=weight).astype(float)
    totals = np.bincount(codes, weights=weight * value)
    parts = [(value[codes == g], weight[codes == g]) for g in range(len(names))]
    with_any = [totals[g] > 0 for g in range(len(names))]
    t_within = sum(
        totals[g] / totals.sum() * _t(*parts[g]) for g in range(len(names)) if with_any[g]
    )
    l_within = sum(heads[g] / heads.sum() * _l(*parts[g]) for g in range(len(names)))
    t, between = _t(value, weight), _t(totals / heads, heads)
    return {
        "theil_t": t,
        "t_between": between,
        "t_within": float(t_within),
        "t_between_share": between / t if t > 0 else np.nan,
        "theil_l": _l(value, weight),
        "l_between": _l(totals / heads, heads),
        "l_within": float(l_within),
        "n": len(rows),
        "n_groups": len(names),
    }


def gini(table: pd.DataFrame) -> Result:
    """Measure inequality by Gini's coefficient (population form), by year; 0 to 1.

    Parameters
    ----------
    table
        Column ``value`` (≥ 0, per head), optional ``weight`` (population, > 0) and ``year``.

    Returns
    -------
    Result
        ``gini, gini_sample`` (times n/(n−1); missing with one unit)``, n`` a year.

    Raises
    ------
    InputError
        When a value is negative, or none is above zero.

    References
    ----------
    Gini, C. (1912). Variabilità e mutabilità.

    Examples
    --------
    >>> gini(pd.DataFrame({"value": [0.0, 0.0, 0.0, 4.0]})).values.gini.tolist()
    [0.75]
    """
    kept, dropped = _units(table)

    def measure(rows: pd.DataFrame) -> dict[str, Any]:
        found, n = _gini(rows["value"].to_numpy(), rows["weight"].to_numpy()), len(rows)
        return {"gini": found, "gini_sample": found * n / (n - 1) if n > 1 else np.nan, "n": n}

    values = by_year(kept, measure)
    return Result(values, "gini", n=len(kept), n_dropped=dropped, years=years_of(kept))


def _gini(value: Floats, weight: Floats) -> float:
    order = np.argsort(value, kind="stable")
    share = weight[order] / weight.sum()
    income = share * value[order] / (weight @ value / weight.sum())
    lorenz = np.concatenate([[0.0], np.cumsum(income)])
    return float(1 - (share * (lorenz[1:] + lorenz[:-1])).sum())
