"""Theil and Gini, weighted and decomposed, against the golden values and by property."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.analysis.structure.inequality import gini, theil, theil_contributions
from geo.errors import InputError

GOLDEN = json.loads(
    (Path(__file__).parents[2] / "golden" / "f_theil_gini.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("form", ["unw", "w"])
def test_golden_f_theil_gini(form):
    table = pd.DataFrame({"value": GOLDEN["y"], "group": GOLDEN["group"]})
    if form == "w":
        table["weight"] = GOLDEN["p"]
    one = theil(table).values.iloc[0]
    for letter, name in (("t", "theilT"), ("l", "theilL")):
        wanted = GOLDEN[f"{name}_{form}_decomp"]
        assert one[f"theil_{letter}"] == pytest.approx(GOLDEN[f"{name}_{form}"], abs=1e-9)
        assert one[f"{letter}_between"] == pytest.approx(wanted["between"], abs=1e-9)
        assert one[f"{letter}_within"] == pytest.approx(wanted["within"], abs=1e-9)
    assert gini(table).values.gini.iloc[0] == pytest.approx(GOLDEN[f"gini_{form}"], abs=1e-9)


def test_unweighted_values_are_those_of_pysal_in_f_theil_gini():
    table = pd.DataFrame({"value": GOLDEN["y"], "group": GOLDEN["group"]})
    theirs, ours = GOLDEN["pysal"], theil(table).values.iloc[0]
    assert ours.theil_t == pytest.approx(theirs["Theil"], abs=1e-9)
    assert ours.t_between == pytest.approx(theirs["TheilD_between"], abs=1e-9)
    assert gini(table).values.gini.iloc[0] == pytest.approx(theirs["Gini"], abs=1e-9)


units = st.lists(
    st.tuples(st.integers(0, 1000), st.integers(1, 50), st.sampled_from("abc")),
    min_size=2,
    max_size=20,
).filter(lambda rows: any(row[0] for row in rows))


@settings(max_examples=60, deadline=None)
@given(units, st.integers(2, 9))
def test_parts_sum_to_the_whole_and_scale_does_not_matter(rows, factor):
    table = pd.DataFrame(rows, columns=["value", "weight", "group"])
    one = theil(table).values.iloc[0]
    assert one.t_between + one.t_within == pytest.approx(one.theil_t, abs=1e-9)
    assert one.theil_t >= -1e-12
    if (table.value > 0).all():
        assert one.l_between + one.l_within == pytest.approx(one.theil_l, abs=1e-9)
    else:
        assert np.isnan(one.theil_l)
    g = gini(table).values.gini.iloc[0]
    assert -1e-12 <= g < 1
    scaled = table.assign(value=table.value * factor)
    assert theil(scaled).values.theil_t.iloc[0] == pytest.approx(one.theil_t, abs=1e-9)
    assert gini(scaled).values.gini.iloc[0] == pytest.approx(g, abs=1e-9)
    repeated = table.loc[table.index.repeat(table.weight)].drop(columns="weight")
    assert theil(repeated).values.theil_t.iloc[0] == pytest.approx(one.theil_t, abs=1e-9)
    assert gini(repeated).values.gini.iloc[0] == pytest.approx(g, abs=1e-9)


def test_weighted_gini_is_the_double_sum():
    y, p = np.array(GOLDEN["y"]), np.array(GOLDEN["p"])
    share = p / p.sum()
    double = (np.outer(share, share) * np.abs(y[:, None] - y)).sum() / (2 * share @ y)
    found = gini(pd.DataFrame({"value": y, "weight": p})).values.gini.iloc[0]
    assert found == pytest.approx(double, abs=1e-12)


def test_years_drops_and_degenerate_cases():
    table = pd.DataFrame(
        {"year": [2010, 2010, 2020, 2020], "value": [1.0, 1.0, 1.0, None], "weight": [1, 1, 1, 1]}
    )
    found = theil(table)
    assert found.values.theil_t.tolist() == [0, 0]
    assert np.isnan(found.values.t_between_share.iloc[0])
    assert found.n_dropped == {"no value": 1}
    assert np.isnan(gini(table).values.gini_sample[2020])


def test_what_cannot_be_measured_is_refused():
    with pytest.raises(InputError, match="negative values; the lowest is -2"):
        theil(pd.DataFrame({"value": [-2.0, 3.0]}))
    with pytest.raises(InputError, match="above zero"):
        gini(pd.DataFrame({"value": [0.0]}))
    with pytest.raises(InputError, match="no group"):
        theil(pd.DataFrame({"value": [1.0], "group": [None]}))


def test_gini_parts_are_the_double_sum_and_their_rest_the_overlap():
    y, p = np.array(GOLDEN["y"]), np.array(GOLDEN["p"])
    group = np.array(GOLDEN["group"])
    mean = p @ y / p.sum()

    def double_sum(pairs):
        gaps = p[:, None] * p[None, :] * np.abs(y[:, None] - y[None, :])
        return gaps[pairs].sum() / p.sum() ** 2 / 2 / mean

    frame = pd.DataFrame({"value": y, "weight": p, "group": group})
    one = gini(frame).values.iloc[0]
    assert one.gini == pytest.approx(GOLDEN["gini_w"], abs=1e-9)
    same = group[:, None] == group[None, :]
    assert one.gini_within == pytest.approx(double_sum(same), abs=1e-12)
    assert one.gini_between + one.gini_overlap == pytest.approx(double_sum(~same), abs=1e-12)
    assert one.n_groups == 3


@settings(max_examples=50, deadline=None)
@given(units)
def test_units_add_up_to_theil_and_gini_parts_to_gini(rows):
    frame = pd.DataFrame(rows, columns=["value", "weight", "group"])
    if frame.value.sum() == 0:
        return
    frame = frame.assign(region=[f"u{k}" for k in range(len(frame))])
    each, whole = theil_contributions(frame).values, theil(frame).values.iloc[0]
    assert each.contribution.sum() == pytest.approx(whole.theil_t, abs=1e-9)
    assert each.between.sum() == pytest.approx(whole.t_between, abs=1e-9)
    assert each.within.sum() == pytest.approx(whole.t_within, abs=1e-9)
    one = gini(frame).values.iloc[0]
    parts = one.gini_between + one.gini_within + one.gini_overlap
    assert parts == pytest.approx(one.gini, abs=1e-9)
    assert one.gini_overlap >= 0


def test_groups_that_do_not_cross_have_no_overlap_and_a_unit_occurs_once():
    apart = pd.DataFrame({"value": [1.0, 2.0, 5.0, 9.0], "group": list("aabb")})
    assert gini(apart).values.gini_overlap.tolist() == [0.0]
    crossed = pd.DataFrame({"value": [1.0, 9.0, 2.0, 8.0], "group": list("aabb")})
    assert gini(crossed).values.gini_overlap.iloc[0] > 0
    with pytest.raises(InputError, match="occurs twice"):
        theil_contributions(apart.assign(region=list("aabc")))
