"""Pooled bounds, entropy weights, scores of subsystems."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.analysis.coordination.indicators import entropy_weights, pooled_minmax, subsystem_scores
from geo.errors import InputError

GOLDEN = json.loads(
    (Path(__file__).parents[2] / "golden" / "g_entropy_synergy.json").read_text(encoding="utf-8")
)
TABLE = pd.DataFrame(GOLDEN["X"], columns=list("abc"))


def test_golden_minmax_entropy_and_score_of_g_entropy_synergy():
    scaled = pooled_minmax(TABLE, list("abc"))
    assert scaled.to_numpy() == pytest.approx(np.array(GOLDEN["minmax"]), abs=1e-9)
    found = entropy_weights(scaled, shift=GOLDEN["shift"]).values
    assert found.weight.tolist() == pytest.approx(GOLDEN["weights"], abs=1e-9)
    assert found.entropy.tolist() == pytest.approx(GOLDEN["entropy"], abs=1e-9)
    scores = subsystem_scores(TABLE.assign(unit=list("wxyz")), {"s": list("abc")}).values
    assert scores.s.tolist() == pytest.approx(GOLDEN["score"], abs=1e-9)


def test_the_shift_changes_the_weights_and_is_printed():
    scaled = pooled_minmax(TABLE, list("abc"))
    other = entropy_weights(scaled, shift=0.01).values
    assert (other["shift"] == 0.01).all()
    assert not np.allclose(other.weight, GOLDEN["weights"], atol=1e-4)


def panel():
    return pd.DataFrame(
        {"unit": list("aabb"), "year": [2010, 2020] * 2, "x": [1.0, 3, 2, 5], "y": [9.0, 7, 8, 1]}
    )


def test_bounds_are_pooled_over_the_years():
    found = subsystem_scores(panel(), {"s": ["x"], "t": ["y"]}, lower_is_better=["y"])
    assert found.values.s.to_dict() == {
        (2010, "a"): 0,
        (2020, "a"): 0.5,
        (2010, "b"): 0.25,
        (2020, "b"): 1,
    }
    assert found.values.t[(2020, "b")] == 1
    assert found.years == (2010, 2020)


def test_given_weights_are_used_and_checked():
    table = panel()
    found = subsystem_scores(table, {"s": ["x", "y"]}, weights={"s": {"x": 1.0, "y": 0.0}})
    assert found.values.s[(2020, "b")] == 1
    for wrong in ({"x": 1.0}, {"x": 0.7, "y": 0.7}, {"x": 2.0, "y": -1.0}):
        with pytest.raises(InputError, match="weights of s"):
            subsystem_scores(table, {"s": ["x", "y"]}, weights={"s": wrong})


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 100)] * 3), min_size=3, max_size=12))
def test_weights_sum_to_one_and_constant_indicators_weigh_nothing(rows):
    table = pd.DataFrame(rows, columns=list("abc"))
    if (table.nunique() < 2).any():
        with pytest.raises(InputError, match="cannot be scaled"):
            pooled_minmax(table, list("abc"))
        return
    scaled = pooled_minmax(table, list("abc"))
    weights = entropy_weights(scaled).values.weight
    assert weights.sum() == pytest.approx(1)
    assert (weights >= 0).all()
    with_flat = entropy_weights(scaled.assign(flat=0.5)).values.weight
    assert with_flat["flat"] == pytest.approx(0, abs=1e-12)


def test_rows_with_a_gap_are_counted():
    table = panel()
    table.loc[0, "x"] = None
    found = subsystem_scores(table, {"s": ["x"], "t": ["y"]})
    assert found.n == 3
    assert found.n_dropped == {"an indicator is missing": 1}


def test_what_cannot_be_scored_is_refused():
    with pytest.raises(InputError, match="more than one subsystem"):
        subsystem_scores(panel(), {"s": ["x"], "t": ["x"]})
    with pytest.raises(InputError, match="each subsystem needs"):
        subsystem_scores(panel(), {"s": []})
    with pytest.raises(InputError, match="occurs twice"):
        subsystem_scores(panel().drop(columns="year"), {"s": ["x"]})
    with pytest.raises(InputError, match="no column z"):
        subsystem_scores(panel(), {"s": ["z"]})
    with pytest.raises(InputError, match="infinite"):
        pooled_minmax(pd.DataFrame({"x": [1.0, np.inf]}), ["x"])
    with pytest.raises(InputError, match="outside 0…1"):
        entropy_weights(pd.DataFrame({"x": [1.0, 2.0]}))
    with pytest.raises(InputError, match="shift"):
        entropy_weights(pd.DataFrame({"x": [0.0, 1.0]}), shift=0)
    with pytest.raises(InputError, match="entropy needs two"):
        entropy_weights(pd.DataFrame({"x": [0.0]}))
    with pytest.raises(InputError, match="no indicator differs"):
        entropy_weights(pd.DataFrame({"x": [0.5, 0.5]}))
