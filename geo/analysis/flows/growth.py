"""Growth by year, under its three names: compound, log-linear, mean of the years' rates.

All three are published as 年均增长率. They differ, and each counts periods, not years: from 2013
to 2024 there are eleven.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.errors import InputError

__all__ = ["Growth", "compound_growth", "growth"]


@dataclass(frozen=True)
class Growth:
    """Growth of a yearly series; rates are per year (0.186 is 18.6 %), NaN where undefined.

    Attributes
    ----------
    first_year, last_year, periods
        Ends of the series and the years between them.
    n
        Years with a value.
    first, last, multiple
        Values at the ends, and last / first.
    cagr
        Compound rate, (last / first)^(1 / periods) - 1: rests on the ends only.
    log_linear
        exp(slope) - 1 of the regression of the logarithm on the year: rests on all years.
    mean_annual
        Mean of the yearly rates; NaN when a year is missing.
    doubling_years
        ln 2 / ln(1 + cagr); NaN without growth.
    cagr_if_years_counted
        What the compound rate becomes when years are counted instead of periods: a common slip.
    notes
        Why a rate is undefined; empty when none is.
    """

    first_year: int
    last_year: int
    periods: int
    n: int
    first: float
    last: float
    multiple: float
    cagr: float
    log_linear: float
    mean_annual: float
    doubling_years: float
    cagr_if_years_counted: float
    notes: tuple[str, ...]


def compound_growth(x0: float, x1: float, year0: int, year1: int) -> float:
    """Return the compound annual growth rate between two years.

    (x1 / x0)^(1 / (year1 - year0)) - 1.

    Parameters
    ----------
    x0, x1
        Values, not negative; x0 above 0.
    year0, year1
        Years, the second later.

    Returns
    -------
    float
        Rate a year; -1 when x1 is 0.

    Raises
    ------
    InputError
        When a value is negative, missing or the first one 0, or the years do not rise.

    Examples
    --------
    >>> round(compound_growth(71.2, 748.7, 2013, 2023), 4)
    0.2653
    >>> compound_growth(5.0, 0.0, 2013, 2023)
    -1.0
    """
    if year1 <= year0:
        msg = f"growth from {year0} to {year1}: give a later year second"
        raise InputError(msg)
    if not (np.isfinite(x0) and np.isfinite(x1) and x0 >= 0 and x1 >= 0):
        msg = f"growth from {x0} to {x1}: give two numbers that are not negative"
        raise InputError(msg)
    if x0 == 0:
        msg = f"growth from 0 in {year0} is undefined; start at the first year with a value above 0"
        raise InputError(msg)
    return float((x1 / x0) ** (1 / (year1 - year0)) - 1)


def growth(values: "pd.Series[float]") -> Growth:
    """Compute compound, log-linear and mean yearly growth of a series.

    Parameters
    ----------
    values
        Not negative, indexed by year (unique); missing values are left out.

    Returns
    -------
    Growth
        The rates, with the periods they rest on and why one is undefined.

    Raises
    ------
    InputError
        When fewer than two years have a value, a value is negative, or a year occurs twice.

    Examples
    --------
    >>> found = growth(pd.Series({2013: 100.0, 2014: 120.0, 2015: 144.0}))
    >>> round(found.cagr, 9), round(found.mean_annual, 9), found.periods
    (0.2, 0.2, 2)
    >>> growth(pd.Series({2013: 0.0, 2014: 5.0})).notes
    ('the first value is 0: no compound rate', 'a value is 0: no log-linear rate', ...)
    """
    series = values.dropna().sort_index().astype("float64")
    if series.index.has_duplicates:
        double = series.index[series.index.duplicated()][0]
        msg = f"year {double} occurs twice; give one value a year"
        raise InputError(msg)
    if len(series) < 2:
        msg = f"growth needs two years with a value; there are {len(series)}"
        raise InputError(msg)
    if (series < 0).any() or not np.isfinite(series).all():
        wrong = series[(series < 0) | ~np.isfinite(series)]
        msg = f"the value of {wrong.index[0]} is {wrong.iloc[0]}; growth needs numbers from 0 up"
        raise InputError(msg)
    return _measured(series)


def _measured(series: "pd.Series[float]") -> Growth:
    years = series.index.to_numpy(dtype=int)
    first, last = float(series.iloc[0]), float(series.iloc[-1])
    periods = int(years[-1] - years[0])
    notes = []
    cagr = counted = multiple = doubling = float("nan")
    if first > 0:
        multiple = last / first
        cagr = compound_growth(first, last, int(years[0]), int(years[-1]))
        counted = float(multiple ** (1 / (periods + 1)) - 1)
        doubling = float(np.log(2) / np.log1p(cagr)) if cagr > 0 else float("nan")
    else:
        notes.append("the first value is 0: no compound rate")
    log_linear = float("nan")
    if (series > 0).all():
        log_linear = float(np.expm1(np.polyfit(years, np.log(series.to_numpy()), 1)[0]))
    else:
        notes.append("a value is 0: no log-linear rate")
    mean_annual = float("nan")
    gaps = sorted(set(range(int(years[0]), int(years[-1]))) - set(years.tolist()))
    if gaps:
        notes.append(f"no value for {', '.join(map(str, gaps))}: no mean of yearly rates")
    elif (series.iloc[:-1] == 0).any():
        notes.append("a year before the last is 0: no mean of yearly rates")
    else:
        rates = series.to_numpy()[1:] / series.to_numpy()[:-1] - 1
        mean_annual = float(rates.mean())
    return Growth(
        first_year=int(years[0]),
        last_year=int(years[-1]),
        periods=periods,
        n=len(series),
        first=first,
        last=last,
        multiple=multiple,
        cagr=cagr,
        log_linear=log_linear,
        mean_annual=mean_annual,
        doubling_years=doubling,
        cagr_if_years_counted=counted,
        notes=tuple(notes),
    )
