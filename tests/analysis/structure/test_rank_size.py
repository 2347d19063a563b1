"""Rank-size, primacy, polycentricity: the 13 cities of METHODS §2e and properties."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.analysis.structure.rank_size import city_ranks, polycentricity, primacy, rank_size
from geo.errors import InputError

# 2020 census, 10,000 persons; the five largest are the populations of g_gravity.json
FIVE = json.loads(
    (Path(__file__).parents[2] / "golden" / "g_gravity.json").read_text(encoding="utf-8")
)["pop"]
THIRTEEN = [*FIVE.values(), 941.4, 711.1, 411.9, 335.4, 546.4, 421.3, 313.7, 730.1]


def table(values):
    return pd.DataFrame({"value": values})


def test_thirteen_cities_of_the_2020_census():
    one = rank_size(table(THIRTEEN)).values.iloc[0]
    assert one.q == pytest.approx(0.7344, abs=5e-5)
    assert one.r2 == pytest.approx(0.922, abs=5e-4)
    assert [one.alpha, one.alpha_se] == pytest.approx([1.498, 0.587], abs=5e-4)
    one = primacy(table(THIRTEEN)).values.iloc[0]
    assert [one.two_city, one.four_city, one.eleven_city] == pytest.approx(
        [1.579, 0.597, 0.534], abs=5e-4
    )
    one = polycentricity(table(THIRTEEN)).values.iloc[0]
    assert [one.slope_top, one.green] == pytest.approx([0.501, 0.539], abs=1e-3)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 10**7), min_size=4, max_size=30), st.integers(2, 1000))
def test_unit_and_order_do_not_matter(sizes, factor):
    for measure in (rank_size, primacy, polycentricity):
        if measure is rank_size and len(set(sizes)) == 1:
            continue
        here = measure(table(sizes)).values.iloc[0]
        there = measure(table([factor * s for s in sizes[::-1]])).values.iloc[0]
        assert here.to_numpy(float) == pytest.approx(there.to_numpy(float), rel=1e-6, nan_ok=True)


@pytest.mark.parametrize("q", [0.5, 1.0, 1.3])
def test_an_exact_power_law_is_found(q):
    sizes = 1000 * np.arange(1, 40) ** -q
    assert rank_size(table(sizes)).values.q.iloc[0] == pytest.approx(q)
    assert rank_size(table(sizes)).values.r2.iloc[0] == pytest.approx(1)


def test_years_and_drops():
    frame = pd.DataFrame({"year": [2010] * 4 + [2020] * 4, "value": [4, 3, 2, 1, 8, 4, 0, None]})
    one = primacy(frame)
    assert one.values.two_city.tolist() == pytest.approx([4 / 3, 2])
    assert one.n_dropped == {"no value": 1, "not positive": 1}
    assert one.years == (2010, 2020)


def test_too_few_are_refused():
    with pytest.raises(InputError, match="three sizes"):
        rank_size(table([1, 2]))
    with pytest.raises(InputError, match="all equal"):
        rank_size(table([1, 1, 1]))
    with pytest.raises(InputError, match="two cities"):
        primacy(table([1]))
    with pytest.raises(InputError, match="4 largest"):
        polycentricity(table([1, 2, 3]))
    with pytest.raises(InputError, match="two sizes"):
        polycentricity(table([1, 2, 3]), largest=1)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 10**7), min_size=3, max_size=30, unique=True))
def test_ranks_shares_and_residuals_belong_to_the_line(sizes):
    named = table(sizes).assign(region=[f"c{k}" for k in range(len(sizes))])
    found = city_ranks(named).values
    assert found["rank"].tolist() == list(range(1, len(sizes) + 1))
    assert found.value.tolist() == sorted(sizes, reverse=True)
    assert found["share"].sum() == pytest.approx(1)
    # residuals of least squares sum to zero, and their spread is what R² leaves
    assert found.log_residual.sum() == pytest.approx(0, abs=1e-9)
    spread = np.log(found.value).var(ddof=0)
    left = 1 - rank_size(named).values.r2.iloc[0]
    assert (found.log_residual**2).mean() == pytest.approx(left * spread, abs=1e-9)


def test_a_city_that_occurs_twice_is_refused():
    with pytest.raises(InputError, match="a occurs twice"):
        city_ranks(table([3, 2, 1]).assign(region=["a", "a", "b"]))
    with pytest.raises(InputError, match="three sizes"):
        city_ranks(table([3, 2]).assign(region=["a", "b"]))
