"""Weighted inequality of units, between and within groups: Theil and Gini.

PySAL's ``inequality`` (1.1.2) is unweighted, each region one observation, and gives nan for a
negative value; figures per head need the weight of the heads. Its values are reproduced without
weights.
"""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.analysis.points.positions import weights_of
from geo.analysis.result import Result
from geo.analysis.years import by_year, require_columns, split_drops, years_of
from geo.errors import InputError

__all__ = ["gini", "theil", "theil_contributions"]

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


def _grouped(table: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, int]]:
    kept, dropped = _units(table)
    if "group" in kept.columns and kept["group"].isna().any():
        msg = f"{int(kept['group'].isna().sum())} units have no group"
        raise InputError(msg)
    return kept, dropped


def _groups(rows: pd.DataFrame) -> tuple[NDArray[np.intp], int]:
    """Return the number of each unit's group, and how many groups there are."""
    if "group" not in rows.columns:
        return np.zeros(len(rows), dtype=np.intp), 1
    codes, names = pd.factorize(rows["group"])
    return codes, len(names)


def _sums(codes: NDArray[np.intp], values: Floats) -> Floats:
    return np.bincount(codes, weights=values).astype(float)


def _log(ratio: Floats) -> Floats:
    """Return ln(ratio), 0 at 0: what has no value adds nothing."""
    return np.asarray(np.log(np.where(ratio > 0, ratio, 1.0)))


def _t(value: Floats, weight: Floats) -> float:
    """Theil's T; a zero adds nothing."""
    share = weight / weight.sum()
    ratio = value / (share @ value)
    return float(share @ (ratio * _log(ratio)))


def _l(value: Floats, weight: Floats) -> float:
    """Theil's L (mean log deviation); undefined with a zero."""
    if (value == 0).any():
        return float("nan")
    share = weight / weight.sum()
    return float(share @ np.log((share @ value) / value))


def theil(table: pd.DataFrame) -> Result:
    """Compute Theil's T and L and split them into between and within groups, by year.

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
    kept, dropped = _grouped(table)
    values = by_year(kept, _theil_row)
    return Result(
        values, "theil-decomposition", n=len(kept), n_dropped=dropped, years=years_of(kept)
    )


def _theil_row(rows: pd.DataFrame) -> dict[str, Any]:
    value, weight = rows["value"].to_numpy(), rows["weight"].to_numpy()
    codes, n_groups = _groups(rows)
    heads, totals = _sums(codes, weight), _sums(codes, weight * value)
    parts = [(value[codes == g], weight[codes == g]) for g in range(n_groups)]
    t_within = sum(
        totals[g] / totals.sum() * _t(*parts[g]) for g in range(n_groups) if totals[g] > 0
    )
    l_within = sum(heads[g] / heads.sum() * _l(*parts[g]) for g in range(n_groups))
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
        "n_groups": n_groups,
    }


def theil_contributions(table: pd.DataFrame) -> Result:
    """Split Theil's T into what each unit adds, between and within groups, by year.

    ``T_i = s_i ln(y_i/μ) = s_i ln(μ_g/μ) + s_i ln(y_i/μ_g)``, ``s_i`` the unit's share of the
    total: below zero for a unit poorer than the mean. The sums are those of ``theil``.

    Parameters
    ----------
    table
        As in ``theil``, with a column ``region`` that names each unit once a year.

    Returns
    -------
    Result
        Indexed by ``region`` (after ``year``): ``value, weight, relative`` (y_i/μ)``,
        share_of_total, contribution, between, within``.

    Raises
    ------
    InputError
        When a unit occurs twice in a year or has no group, a value is negative, or none is above
        zero.

    References
    ----------
    Shorrocks, A. F. (1980). Econometrica 48(3): 613-625, doi:10.2307/1913126.

    Examples
    --------
    >>> table = pd.DataFrame({"region": list("abcd"), "value": [1.0, 1.0, 3.0, 3.0]})
    >>> theil_contributions(table).values.contribution.round(6).tolist()
    [-0.086643, -0.086643, 0.152049, 0.152049]
    """
    require_columns(table, "region")
    kept, dropped = _grouped(table)

    def measure(rows: pd.DataFrame) -> pd.DataFrame:
        if rows["region"].duplicated().any():
            msg = (
                f"{rows.loc[rows['region'].duplicated(), 'region'].iloc[0]} occurs twice in a year"
            )
            raise InputError(msg)
        value, weight = rows["value"].to_numpy(), rows["weight"].to_numpy()
        codes, _ = _groups(rows)
        totals, heads = _sums(codes, weight * value), _sums(codes, weight)
        mean, own = totals.sum() / heads.sum(), (totals / heads)[codes]
        share = weight * value / totals.sum()
        found = {
            "value": value,
            "weight": weight,
            "relative": value / mean,
            "share_of_total": share,
            "contribution": share * _log(value / mean),
            "between": share * _log(own / mean),
            "within": share * _log(value / np.where(own > 0, own, 1.0)),
        }
        return pd.DataFrame(found, index=pd.Index(rows["region"], name="region"))

    values = by_year(kept, measure)
    return Result(
        values, "theil-decomposition", n=len(kept), n_dropped=dropped, years=years_of(kept)
    )


def gini(table: pd.DataFrame) -> Result:
    """Compute the Gini coefficient and split it into between and within groups, by year.

    ``G = Σ_g p_g s_g G_g + G_b + overlap``; ``G_b`` is the coefficient of the groups' means, and
    the overlap, zero when the groups' ranges do not cross, belongs to neither part: Theil's
    indices have none. Population form, 0 to 1.

    Parameters
    ----------
    table
        Column ``value`` (≥ 0, per head), optional ``weight`` (population, > 0), ``group``
        (province; one group without) and ``year``.

    Returns
    -------
    Result
        ``gini, gini_between, gini_within, gini_overlap, gini_sample`` (times n/(n−1); missing
        with one unit)``, n, n_groups`` a year.

    Raises
    ------
    InputError
        When a value is negative, none is above zero, or a unit has no group.

    References
    ----------
    Bhattacharya, N. & Mahalanobis, B. (1967). J. American Statistical Association 62(317):
    143-161, doi:10.1080/01621459.1967.10482898.

    Examples
    --------
    >>> gini(pd.DataFrame({"value": [0.0, 0.0, 0.0, 4.0]})).values.gini.tolist()
    [0.75]
    >>> table = pd.DataFrame({"value": [1.0, 1.0, 3.0, 3.0], "group": list("aabb")})
    >>> gini(table).values[["gini_between", "gini_within", "gini_overlap"]].iloc[0].tolist()
    [0.25, 0.0, 0.0]
    """
    kept, dropped = _grouped(table)
    values = by_year(kept, _gini_row)
    return Result(values, "gini", n=len(kept), n_dropped=dropped, years=years_of(kept))


def _gini_row(rows: pd.DataFrame) -> dict[str, Any]:
    value, weight = rows["value"].to_numpy(), rows["weight"].to_numpy()
    codes, n_groups = _groups(rows)
    heads, totals = _sums(codes, weight), _sums(codes, weight * value)
    whole, n = _gini(value, weight), len(rows)
    parts = [
        heads[g] / heads.sum() * totals[g] / totals.sum()
        * _gini(value[codes == g], weight[codes == g])
        for g in range(n_groups)
        if totals[g] > 0
    ]  # fmt: skip
    between, within = _gini(totals / heads, heads), float(sum(parts))
    overlap = whole - between - within
    return {
        "gini": whole,
        "gini_between": between,
        "gini_within": within,
        "gini_overlap": overlap if overlap > 1e-12 else 0.0,
        "gini_sample": whole * n / (n - 1) if n > 1 else np.nan,
        "n": n,
        "n_groups": n_groups,
    }


def _gini(value: Floats, weight: Floats) -> float:
    order = np.argsort(value, kind="stable")
    share = weight[order] / weight.sum()
    income = share * value[order] / (weight @ value / weight.sum())
    lorenz = np.concatenate([[0.0], np.cumsum(income)])
    return float(1 - (share * (lorenz[1:] + lorenz[:-1])).sum())
