"""Synergy degree and the statistics bureau's index."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.analysis.coordination.coupling import development_index, synergy_by_unit, synergy_degree
from geo.errors import InputError
from geo.layers import read_table

FOLDER = Path(__file__).parents[2] / "golden"
SYNERGY = json.loads((FOLDER / "g_entropy_synergy.json").read_text(encoding="utf-8"))
NBS = json.loads((FOLDER / "g_nbs_jjj_index.json").read_text(encoding="utf-8"))


def order(table):
    return pd.DataFrame(table, index=pd.Index([2010, 2020], name="year"))


def test_golden_synergy_of_g_entropy_synergy():
    degrees = SYNERGY["order_parameter_degree_t0_t1"]
    found = synergy_degree(order(degrees))
    assert found.values.synergy[2020] == pytest.approx(SYNERGY["synergy"], abs=1e-9)
    assert found.years == (2010, 2020)


def test_one_decline_makes_it_negative():
    rise = order({"a": [0.1, 0.2], "b": [0.1, 0.3]})
    fall = order({"a": [0.2, 0.1], "b": [0.1, 0.3]})
    assert synergy_degree(rise).values.synergy[2020] > 0
    assert synergy_degree(fall).values.synergy[2020] == pytest.approx(
        -synergy_degree(rise).values.synergy[2020]
    )
    still = order({"a": [0.1, 0.1], "b": [0.1, 0.3]})
    assert synergy_degree(still).values.synergy[2020] == 0
    # two declines multiply to a positive product and must still be negative
    both = order({"a": [0.2, 0.1], "b": [0.3, 0.1]})
    assert synergy_degree(both).values.synergy[2020] < 0


def test_golden_g_nbs_jjj_index_total_is_the_mean_of_five():
    rows = [
        {"year": int(year), "base": one["base"], "component": name, "value": value}
        for year, one in NBS["years"].items()
        for name, value in [*one["sub"].items(), ("total", one["total"])]
    ]
    found = development_index(pd.DataFrame(rows)).values.reset_index().set_index("year")
    for year, one in NBS["years"].items():
        if "mean_of_five" in one:
            assert found.mean_of_five[int(year)] == pytest.approx(one["mean_of_five"], abs=1e-9)
            assert abs(found.difference[int(year)]) <= 0.05
    assert np.isnan(found.mean_of_five[2022])
    assert found.n[2022] == 4


def test_bases_of_the_shipped_table_stay_apart():
    found = development_index(read_table("development_index", numbers=("value",)))
    assert found.values.index.names == ["base", "year"]
    assert "2010" in found.caveat.en
    assert "2014" in found.caveat.en


def test_what_cannot_be_measured_is_refused():
    with pytest.raises(InputError, match="a change needs two"):
        synergy_degree(order({"a": [0.1, None], "b": [0.1, 0.3]}))
    with pytest.raises(InputError, match="outside 0…1"):
        synergy_degree(order({"a": [0.1, 2], "b": [0.1, 0.3]}))
    with pytest.raises(InputError, match="a year occurs twice"):
        synergy_degree(pd.concat([order({"a": [0.1, 1], "b": [0.1, 0.3]})] * 2))
    row = {"year": 2024, "base": "2014=100", "component": "open", "value": 1}
    with pytest.raises(InputError, match="occurs twice"):
        development_index(pd.DataFrame([row, row]))


degrees = st.lists(st.tuples(*[st.floats(0, 1)] * 3), min_size=2, max_size=6)


@settings(max_examples=50, deadline=None)
@given(degrees)
def test_synergy_does_not_mind_the_order_of_subsystems_and_stays_in_range(rows):
    order = pd.DataFrame(rows, columns=list("abc"), index=pd.RangeIndex(2010, 2010 + len(rows)))
    one = synergy_degree(order).values.synergy
    assert synergy_degree(order[list("cab")]).values.synergy.tolist() == pytest.approx(one.tolist())
    assert one.between(-1, 1).all()
    falls = (order.diff().iloc[1:] < 0).any(axis=1)
    assert (one[falls.to_numpy()] <= 0).all()
    assert (one[~falls.to_numpy()] >= 0).all()
    each = synergy_by_unit(
        order.set_index(pd.MultiIndex.from_product([order.index, ["u"]], names=["year", "unit"]))
    ).values
    assert each.synergy.tolist() == pytest.approx(one.tolist())


def test_units_have_their_own_years_and_one_year_is_counted():
    index = pd.MultiIndex.from_tuples(
        [(2010, "a"), (2020, "a"), (2020, "b"), (2021, "a")], names=["year", "unit"]
    )
    scores = pd.DataFrame({"x": [0.1, 0.5, 0.3, None], "y": [0.2, 0.3, 0.1, 0.9]}, index=index)
    found = synergy_by_unit(scores)
    assert found.values.index.tolist() == [(2020, "a")]
    assert found.n_dropped == {"a subsystem is missing": 1, "the unit has one year only": 1}
    with pytest.raises(InputError, match="no unit has every subsystem in two years"):
        synergy_by_unit(scores.loc[[2020]])
    with pytest.raises(InputError, match="column year"):
        synergy_by_unit(scores.droplevel("year"))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(50, 300), min_size=5, max_size=5), st.randoms())
def test_the_index_lies_between_its_parts_and_does_not_mind_their_order(values, random):
    rows = pd.DataFrame({"year": 2024, "base": "b", "component": list("abcde"), "value": values})
    one = development_index(rows).values.mean_of_five.iloc[0]
    assert min(values) - 1e-9 <= one <= max(values) + 1e-9
    shuffled = rows.sample(frac=1, random_state=random.randint(0, 999))
    assert development_index(shuffled).values.mean_of_five.iloc[0] == pytest.approx(one)


def test_years_of_which_only_the_total_is_published_are_there():
    found = development_index(read_table("development_index")).values
    assert found.published[("old base (2010=100)", "2019")] == 167.72
    assert np.isnan(found.mean_of_five[("old base (2010=100)", "2019")])
