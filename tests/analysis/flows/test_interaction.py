"""Gravity and the doubly constrained model against the golden values and by property."""

import itertools
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from geo.analysis.flows.interaction import (
    doubly_constrained,
    doubly_constrained_by_year,
    gravity,
    total_linkage,
)
from geo.errors import InputError, UnknownIdError

FOLDER = Path(__file__).parents[2] / "golden"
GRAVITY = json.loads((FOLDER / "g_gravity.json").read_text(encoding="utf-8"))
WILSON = json.loads((FOLDER / "g_wilson_doubly.json").read_text(encoding="utf-8"))
CITIES = pd.DataFrame({"population": GRAVITY["pop"], "gdp": GRAVITY["gdp"]})
PAIRS = pd.DataFrame(
    [(*name.split("-"), row["d"]) for name, row in GRAVITY["result"].items()],
    columns=["origin", "destination", "cost"],
)


def test_golden_g_gravity():
    found = gravity(PAIRS, CITIES)
    for (name, row), share, (_, one) in zip(
        GRAVITY["result"].items(), GRAVITY["shares"].values(), found.values.iterrows(), strict=True
    ):
        assert f"{one.origin}-{one.destination}" == name
        # distances are printed with two decimals, linkages were computed on more
        assert one.linkage == pytest.approx(row["R"], rel=1e-4)
        assert one.origin_to_destination == pytest.approx(row["directed_ab"], rel=1e-4)
        assert one.destination_to_origin == pytest.approx(row["directed_ba"], rel=1e-4)
        assert one["share"] == pytest.approx(share, rel=2e-4)
    assert total_linkage(found).to_dict() == pytest.approx(GRAVITY["total_linkage"], rel=1e-4)
    assert found.values.loc[found.values["rank"] == 1, "destination"].tolist() == ["天津"]


def test_unit_of_size_and_distance_leaves_shares_and_ranks():
    here = gravity(PAIRS, CITIES).values
    there = gravity(PAIRS.assign(cost=PAIRS.cost * 1.609), CITIES * 10).values
    assert there["share"].to_numpy() == pytest.approx(here["share"].to_numpy())
    assert there["rank"].tolist() == here["rank"].tolist()


def test_gravity_by_year_and_drops():
    pairs = pd.concat([PAIRS.assign(year=2010), PAIRS.assign(year=2020)], ignore_index=True)
    pairs.loc[len(pairs)] = ["北京", "北京", 0.0, 2020]
    cities = pd.concat([CITIES.assign(year=2010), CITIES.assign(gdp=1.0, year=2020)])
    found = gravity(pairs, cities)
    assert found.n_dropped == {"a city with itself": 1}
    assert found.years == (2010, 2020)
    assert found.values.groupby("year")["share"].sum().to_numpy() == pytest.approx(1)
    assert total_linkage(found).index.names == ["year", "region"]


def test_gravity_refusals():
    with pytest.raises(InputError, match="above zero"):
        gravity(PAIRS.assign(cost=0), CITIES)
    with pytest.raises(InputError, match="天津: no population"):
        gravity(PAIRS, CITIES.drop(index="天津"))
    turned = PAIRS.iloc[:1].rename(columns={"origin": "destination", "destination": "origin"})
    with pytest.raises(InputError, match="occurs twice"):
        gravity(pd.concat([PAIRS, turned]), CITIES)
    with pytest.raises(InputError, match="twice in a year"):
        gravity(PAIRS, pd.concat([CITIES, CITIES]))
    with pytest.raises(InputError, match="no pair"):
        gravity(PAIRS.iloc[:0], CITIES)


def wilson(beta, **options):
    ids = list("abc")
    return doubly_constrained(
        pd.Series(WILSON["O"], index=ids),
        pd.Series(WILSON["D"], index=ids),
        pd.DataFrame(WILSON["cost"], index=ids, columns=ids),
        beta=beta,
        **options,
    )


def test_golden_g_wilson_doubly():
    found = wilson(WILSON["beta"]).values
    flows = found.weight.to_numpy().reshape(3, 3)
    assert flows == pytest.approx(np.array(WILSON["T"]), abs=1e-8)
    assert flows.sum(axis=1) == pytest.approx(np.array(WILSON["row"]), abs=1e-9)
    assert flows.sum(axis=0) == pytest.approx(np.array(WILSON["col"]), abs=1e-9)
    mean = (found.weight * found.cost).sum() / found.weight.sum()
    assert mean == pytest.approx(WILSON["mean_cost"], abs=1e-9)


def test_golden_g_wilson_spint_recovers_beta_from_rounded_flows():
    # spint fitted β on 1000 × the flows, rounded, because it refuses fractions; matching the mean
    # cost of those same flows is the maximum-likelihood estimate
    wanted = json.loads((FOLDER / "g_wilson_spint.json").read_text())["spint_doubly_beta"]
    rounded = np.round(1000 * np.array(WILSON["T"]))
    cost = np.array(WILSON["cost"])
    mean = (rounded * cost).sum() / rounded.sum()
    ids = list("abc")

    def gap(beta):
        found = doubly_constrained(
            pd.Series(rounded.sum(axis=1), index=ids),
            pd.Series(rounded.sum(axis=0), index=ids),
            pd.DataFrame(cost, index=ids, columns=ids),
            beta=beta,
        ).values
        return (found.weight * found.cost).sum() / found.weight.sum() - mean

    assert brentq(gap, 0.01, 1, xtol=1e-12) == pytest.approx(-wanted, abs=1e-8)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(1, 100), min_size=3, max_size=3),
    st.lists(st.integers(0, 50), min_size=9, max_size=9),
    st.sampled_from([0.0, 0.05, 0.2]),
)
def test_margins_are_met_and_beta_zero_is_independence(totals, costs, beta):
    ids = list("abc")
    out, into = pd.Series(totals, index=ids, dtype=float), pd.Series(totals[::-1], index=ids)
    cost = pd.DataFrame(np.reshape(costs, (3, 3)).astype(float), index=ids, columns=ids)
    flows = doubly_constrained(out, into, cost, beta=beta).values.weight.to_numpy().reshape(3, 3)
    assert flows.sum(axis=1) == pytest.approx(out.to_numpy(), rel=1e-6)
    assert flows.sum(axis=0) == pytest.approx(into.to_numpy(), rel=1e-6)
    if beta == 0:
        assert flows == pytest.approx(np.outer(out, into) / out.sum(), rel=1e-6)


def test_wilson_refusals():
    ids = list("ab")
    cost = pd.DataFrame(1.0, index=ids, columns=ids)
    with pytest.raises(InputError, match="equal sums"):
        doubly_constrained(pd.Series([1, 1], ids), pd.Series([1, 2], ids), cost, beta=1)
    with pytest.raises(InputError, match="origins as rows"):
        doubly_constrained(pd.Series([1], ["a"]), pd.Series([1, 0], ids), cost, beta=1)
    with pytest.raises(InputError, match="finite"):
        doubly_constrained(pd.Series([1, 1], ids), pd.Series([1, 1], ids), -cost, beta=1)
    with pytest.raises(InputError, match="power decay"):
        doubly_constrained(
            pd.Series([1, 1], ids), pd.Series([1, 1], ids), cost * 0, beta=1, decay="power"
        )
    with pytest.raises(UnknownIdError, match="decay"):
        wilson(0.1, decay="linear")


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 99), min_size=3, max_size=6), st.integers(2, 9))
def test_shares_of_linkage_sum_to_one_and_both_ways_to_the_whole(sizes, factor):
    names = [f"c{k}" for k in range(len(sizes))]
    cities = pd.DataFrame({"population": sizes, "gdp": sizes[::-1]}, index=names)
    pairs = pd.DataFrame(itertools.combinations(names, 2), columns=["origin", "destination"])
    pairs = pairs.assign(cost=np.arange(1, len(pairs) + 1))
    one = gravity(pairs, cities).values
    assert one["share"].sum() == pytest.approx(1)
    both = one.origin_to_destination + one.destination_to_origin
    assert both.tolist() == pytest.approx(one.linkage.tolist())
    far = gravity(pairs.assign(cost=pairs.cost * factor), cities).values
    assert far["share"].tolist() == pytest.approx(one["share"].tolist())


def test_pairs_without_years_serve_every_year_of_the_cities():
    cities = pd.DataFrame(
        {
            "region": list("abab"),
            "population": [1, 1, 2, 2],
            "gdp": 1,
            "year": [2010] * 2 + [2020] * 2,
        }
    )
    pairs = pd.DataFrame({"origin": ["a"], "destination": ["b"], "cost": [1]})
    found = gravity(pairs, cities)
    assert found.years == (2010, 2020)
    assert found.values.linkage.tolist() == pytest.approx([1, 2])


def test_totals_of_each_year_are_spread_over_its_pairs():
    totals = pd.DataFrame(
        {"region": list("abab"), "origins": [3, 1, 6, 2], "destinations": [1, 3, 2, 6],
         "year": [2010, 2010, 2020, 2020]}
    )  # fmt: skip
    pairs = pd.DataFrame(
        {"origin": list("aabb"), "destination": list("abab"), "cost": [1, 2, 2, 1]}
    )
    found = doubly_constrained_by_year(totals, pairs, beta=0.5)
    assert found.values.index.names == ["year", "origin", "destination"]
    early, late = found.values.loc[2010].weight, found.values.loc[2020].weight
    assert late.tolist() == pytest.approx((2 * early).tolist())
    with pytest.raises(InputError, match="twice"):
        doubly_constrained_by_year(totals.drop(columns="year"), pairs, beta=0.5)
