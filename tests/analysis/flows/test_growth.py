"""Growth: golden and published rates, periods counted as periods, undefined rates said so."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.analysis.flows.growth import compound_growth, growth
from geo.errors import InputError

GOLDEN = Path(__file__).parents[2] / "golden"
SERIES = json.loads((GOLDEN / "b_growth.json").read_text())
PUBLISHED = json.loads((GOLDEN / "b_cagr_published.json").read_text())


def test_golden_three_rates_side_by_side():
    """golden/b_growth.json."""
    values = pd.Series({int(year): x for year, x in SERIES["series"].items()})
    found = growth(values)
    assert found.cagr == pytest.approx(SERIES["cagr"], abs=1e-9)
    assert found.log_linear == pytest.approx(SERIES["log_linear_growth"], abs=1e-9)
    assert found.mean_annual == pytest.approx(SERIES["mean_annual_growth_AAGR"], abs=1e-9)
    assert (found.periods, found.n, found.notes) == (11, 12, ())
    assert growth(values.sample(frac=1, random_state=1)) == found


def test_golden_eleven_periods_not_twelve():
    """golden/b_growth.json: 18.6 % a year 2013-2024."""
    multiple = SERIES["cagr_18_6_over_11_periods_multiple"]
    found = growth(pd.Series({2013: 1.0, 2024: multiple}))
    assert found.cagr == pytest.approx(0.186, abs=1e-12)
    assert found.doubling_years == pytest.approx(SERIES["doubling_time_years"], abs=1e-9)
    wrong = growth(pd.Series({2013: 1.0, 2024: SERIES["same_if_12_periods_wrongly"]}))
    assert wrong.cagr_if_years_counted == pytest.approx(0.186, abs=1e-12)


@pytest.mark.parametrize("kind", ["n_contracts", "value_100m_yuan"])
def test_golden_published_rates(kind):
    """golden/b_cagr_published.json: 7.8 % and 26.5 % as printed by the commission."""
    one = PUBLISHED[kind]
    found = compound_growth(one["y2013"], one["y2023"], 2013, 2023)
    assert found == pytest.approx(one["cagr_10_periods"], abs=1e-9)
    assert f"{found:.1%}" == one["published"]
    if "wrong_11_periods" in one:
        both = growth(pd.Series({2013: one["y2013"], 2023: one["y2023"]}))
        assert both.cagr_if_years_counted == pytest.approx(one["wrong_11_periods"], abs=1e-9)


def test_undefined_rates_are_said():
    found = growth(pd.Series({2013: 0.0, 2014: 1.0, 2016: 2.0}))
    assert np.isnan([found.cagr, found.log_linear, found.mean_annual, found.doubling_years]).all()
    assert found.notes == (
        "the first value is 0: no compound rate",
        "a value is 0: no log-linear rate",
        "no value for 2015: no mean of yearly rates",
    )
    assert growth(pd.Series({2013: 5.0, 2014: 0.0})).cagr == -1.0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((1.0, 2.0, 2013, 2013), "give a later year second"),
        ((0.0, 2.0, 2013, 2014), "growth from 0 in 2013 is undefined"),
        ((-1.0, 2.0, 2013, 2014), "not negative"),
        ((1.0, float("nan"), 2013, 2014), "not negative"),
    ],
)
def test_compound_growth_refuses(words, message):
    with pytest.raises(InputError, match=message):
        compound_growth(*words)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (pd.Series({2013: 1.0}), "needs two years with a value; there are 1"),
        (pd.Series({2013: 1.0, 2014: -2.0}), r"the value of 2014 is -2\.0"),
        (pd.Series([1.0, 2.0], index=[2013, 2013]), "year 2013 occurs twice"),
    ],
)
def test_growth_refuses(values, message):
    with pytest.raises(InputError, match=message):
        growth(values)


@given(
    rate=st.floats(-0.5, 1.0),
    first=st.floats(0.1, 1e6),
    start=st.integers(1980, 2020),
    periods=st.integers(1, 30),
)
def test_an_even_rate_is_found_by_all_three(rate, first, start, periods):
    years = range(start, start + periods + 1)
    found = growth(pd.Series({year: first * (1 + rate) ** (year - start) for year in years}))
    for one in (found.cagr, found.log_linear, found.mean_annual):
        assert one == pytest.approx(rate, abs=1e-7)
