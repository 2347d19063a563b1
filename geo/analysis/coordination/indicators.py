"""Indicators to scores: bounds pooled over the years, entropy weights, one score a subsystem."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.analysis.result import Result
from geo.analysis.years import require_columns, years_of
from geo.errors import InputError

__all__ = [
    "SHIFT",
    "entropy_weights",
    "pooled_minmax",
    "subsystem_scores",
    "subsystem_weights",
]

Floats = NDArray[np.float64]
SHIFT: Final = 1e-4
"""Added to scores of zero before the logarithm; it changes the weights, so it is printed."""


def pooled_minmax(
    table: pd.DataFrame, columns: Sequence[str], *, lower_is_better: Sequence[str] = ()
) -> pd.DataFrame:
    """Rescale indicators to 0…1 (min-max) with bounds pooled over all units and years.

    Bounds taken year by year would make the years incomparable, so there is no such option.

    Parameters
    ----------
    table
        Indicators as columns, one row a unit and year.
    columns
        Columns of ``table`` with the indicators to rescale.
    lower_is_better
        Those of them to turn round, so that 1 is good.

    Returns
    -------
    DataFrame
        The columns, aligned to ``table``; missing stays missing.

    Raises
    ------
    InputError
        When a column is missing, or has the same value everywhere.

    Examples
    --------
    >>> pooled_minmax(pd.DataFrame({"x": [10.0, 15.0, 20.0]}), ["x"]).x.tolist()
    [0.0, 0.5, 1.0]
    """
    require_columns(table, *columns)
    values = table[list(columns)].apply(pd.to_numeric, errors="coerce").astype(float)
    if np.isinf(values.to_numpy()).any():
        msg = "an indicator is infinite"
        raise InputError(msg)
    low, high = values.min(), values.max()
    flat = [str(one) for one in columns if not high[one] > low[one]]
    if flat:
        msg = f"column {flat[0]}: all values are equal or missing, so it cannot be scaled"
        raise InputError(msg)
    scaled: pd.DataFrame = (values - low) / (high - low)
    for one in lower_is_better:
        scaled[one] = 1 - scaled[one]
    return scaled


def entropy_weights(scores: pd.DataFrame, *, shift: float = SHIFT) -> Result:
    """Compute entropy weights: indicators that vary more weigh more.

    ``p = (x+s)/Σ(x+s)``, ``e = −Σ p ln p / ln n``, ``w = (1−e)/Σ(1−e)``.

    Parameters
    ----------
    scores
        Indicators in 0…1, all units and years pooled; rows with a gap are left out and counted.
    shift
        Added against the logarithm of zero; part of the result.

    Returns
    -------
    Result
        Indexed by ``indicator``: ``weight, entropy, shift``.

    Raises
    ------
    InputError
        When fewer than two rows are whole, a score lies outside 0…1, the shift is not positive,
        or no indicator spreads.

    References
    ----------
    Shannon, C. E. (1948). Bell System Technical Journal 27: 379-423.

    Examples
    --------
    >>> scores = pd.DataFrame({"a": [0.0, 1.0], "b": [0.4, 0.6]})
    >>> entropy_weights(scores).values.weight.round(3).to_dict()
    {'a': 0.972, 'b': 0.028}
    """
    whole = scores.dropna()
    values = whole.to_numpy(dtype=float)
    if shift <= 0:
        msg = f"the shift must be above zero, not {shift}"
        raise InputError(msg)
    if len(whole) < 2:
        msg = f"{len(whole)} rows have every indicator; entropy needs two"
        raise InputError(msg)
    _require_unit(values, "a score")
    share = (values + shift) / (values + shift).sum(axis=0)
    entropy = -(share * np.log(share)).sum(axis=0) / np.log(len(whole))
    spread = np.maximum(1 - entropy, 0.0)
    if spread.sum() < 1e-15:
        msg = "no indicator differs between the rows, so none can be weighted"
        raise InputError(msg)
    found = pd.DataFrame(
        {"weight": spread / spread.sum(), "entropy": entropy, "shift": shift},
        index=pd.Index(scores.columns, name="indicator"),
    )
    return Result(
        found,
        "entropy-weights",
        n=len(whole),
        n_dropped={"an indicator is missing": len(scores) - len(whole)},
    )


def subsystem_weights(
    table: pd.DataFrame,
    subsystems: Mapping[str, Sequence[str]],
    *,
    lower_is_better: Sequence[str] = (),
) -> Result:
    """Weight the indicators within each subsystem by entropy, on pooled bounds.

    Parameters
    ----------
    table
        One row a unit and year; rows that lack an indicator are dropped and counted, as in
        ``subsystem_scores``.
    subsystems
        Name of each subsystem to its indicators, columns of ``table``.
    lower_is_better
        Indicators to turn round.

    Returns
    -------
    Result
        Indexed by ``subsystem, indicator``: ``weight`` (summing to 1 in each subsystem),
        ``entropy``, ``shift``, ``low`` and ``high`` (the pooled bounds).

    Raises
    ------
    InputError
        When a column is missing, flat or without a number, an indicator is in two subsystems, or
        fewer than two rows are whole.

    References
    ----------
    Shannon, C. E. (1948). Bell System Technical Journal 27: 379-423.

    Examples
    --------
    >>> table = pd.DataFrame({"x": [1.0, 2.0], "y": [5.0, 3.0]})
    >>> subsystem_weights(table, {"one": ["x"], "two": ["y"]}).values.weight.tolist()
    [1.0, 1.0]
    """
    indicators = _indicators(subsystems)
    kept = _whole_rows(table, indicators)
    scaled = pooled_minmax(kept, indicators, lower_is_better=lower_is_better)
    parts = {name: entropy_weights(scaled[list(part)]) for name, part in subsystems.items()}
    found = pd.concat({name: one.table() for name, one in parts.items()}, names=["subsystem"])
    own = found.index.get_level_values("indicator")
    found = found.assign(
        low=kept.min().reindex(own).to_numpy(), high=kept.max().reindex(own).to_numpy()
    )
    return Result(
        found,
        "entropy-weights",
        n=len(kept),
        n_dropped={"an indicator is missing": len(table) - len(kept)},
        years=years_of(table.loc[kept.index]),
    )


def _require_unit(values: Floats, what: str) -> None:
    wrong = (values < -1e-12) | (values > 1 + 1e-12)
    if wrong.any():
        msg = f"{what} lies outside 0…1 ({values[wrong][0]:g}); scale with pooled_minmax first"
        raise InputError(msg)


def subsystem_scores(
    table: pd.DataFrame,
    subsystems: Mapping[str, Sequence[str]],
    *,
    weights: Mapping[str, Mapping[str, float]] | None = None,
    lower_is_better: Sequence[str] = (),
) -> Result:
    """Score each subsystem of each unit and year from its indicators, on pooled bounds.

    Parameters
    ----------
    table
        One row a unit and year: the indicators, ``unit`` and optional ``year``.
    subsystems
        Name to indicators; an indicator belongs to one subsystem.
    weights
        Subsystem to indicator to weight (summing to 1); entropy weights where not given.
    lower_is_better
        Indicators to turn round.

    Returns
    -------
    Result
        Indexed by ``unit`` (after ``year``): one column a subsystem in 0…1. Rows that lack an
        indicator are dropped and counted.

    Raises
    ------
    InputError
        When a column is missing, flat or without a number, an indicator is in two subsystems, a
        unit occurs twice in a year, or weights do not fit.

    References
    ----------
    Shannon, C. E. (1948). Bell System Technical Journal 27: 379-423.

    Examples
    --------
    >>> table = pd.DataFrame({"unit": list("ab"), "x": [1.0, 2.0], "y": [5.0, 3.0]})
    >>> subsystem_scores(table, {"one": ["x"], "two": ["y"]}).values.to_dict("index")
    {'a': {'one': 0.0, 'two': 1.0}, 'b': {'one': 1.0, 'two': 0.0}}
    """
    indicators = _indicators(subsystems)
    require_columns(table, "unit")
    years = years_of(table)
    keys = ["year", "unit"] if years else ["unit"]
    kept = table.loc[_whole_rows(table, indicators).index]
    if kept.duplicated(keys).any():
        msg = f"{kept.loc[kept.duplicated(keys), 'unit'].iloc[0]} occurs twice in a year"
        raise InputError(msg)
    scaled = pooled_minmax(kept, indicators, lower_is_better=lower_is_better)
    columns = {
        name: scaled[list(part)].to_numpy() @ _weights(name, scaled[list(part)], weights)
        for name, part in subsystems.items()
    }
    index = pd.MultiIndex.from_frame(kept[keys]) if years else pd.Index(kept["unit"], name="unit")
    return Result(
        pd.DataFrame(columns, index=index),
        "entropy-weights",
        n=len(kept),
        n_dropped={"an indicator is missing": len(table) - len(kept)},
        years=years_of(kept),
    )


def _indicators(subsystems: Mapping[str, Sequence[str]]) -> list[str]:
    indicators = [one for part in subsystems.values() for one in part]
    twice = {one for one in indicators if indicators.count(one) > 1}
    if twice:
        msg = f"indicator {min(twice)} is in more than one subsystem"
        raise InputError(msg)
    if not all(subsystems.values()) or not subsystems:
        msg = "each subsystem needs an indicator"
        raise InputError(msg)
    return indicators


def _whole_rows(table: pd.DataFrame, indicators: list[str]) -> pd.DataFrame:
    """Return the indicators as numbers, in the rows that have them all."""
    require_columns(table, *indicators)
    numbers = table[indicators].apply(pd.to_numeric, errors="coerce")
    empty = [str(one) for one in indicators if numbers[one].isna().all()]
    if empty:
        msg = f"column {empty[0]}: no cell is a number"
        raise InputError(msg)
    kept: pd.DataFrame = numbers.loc[numbers.notna().all(axis=1)]
    if kept.empty:
        msg = f"no row has all of {', '.join(indicators)}"
        raise InputError(msg)
    return kept


def _weights(
    name: str, scores: pd.DataFrame, weights: Mapping[str, Mapping[str, float]] | None
) -> Floats:
    if weights is None or name not in weights:
        if scores.shape[1] == 1:
            return np.ones(1)
        return entropy_weights(scores).table()["weight"].to_numpy(dtype=float)
    given = weights[name]
    if set(given) != set(scores.columns):
        msg = f"weights of {name} name {sorted(given)}, its indicators are {list(scores.columns)}"
        raise InputError(msg)
    found = np.array([float(given[one]) for one in scores.columns])
    if (found < 0).any() or not np.isclose(found.sum(), 1.0, atol=1e-9):
        msg = f"weights of {name} must be positive and sum to 1, they sum to {found.sum():g}"
        raise InputError(msg)
    return found
