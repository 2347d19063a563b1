"""Coupling coordination: the right formula to the digit, each wrong one refused."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.analysis.coordination.coupling import (
    CLASSES,
    REFUSED_VARIANTS,
    coordination_class,
    coupling_coordination,
)
from geo.errors import InputError, UnknownIdError

GOLDEN = json.loads(
    (Path(__file__).parents[2] / "golden" / "g_coupling_coordination.json").read_text("utf-8")
)


def scores(*rows):
    return pd.DataFrame(rows, columns=[f"s{k}" for k in range(len(rows[0]))])


@pytest.mark.parametrize("case", GOLDEN["cases"], ids=lambda case: str(case["U"]))
def test_golden_cases_of_g_coupling_coordination(case):
    one = coupling_coordination(scores(case["U"])).values.iloc[0]
    assert one.coupling == pytest.approx(case["C"], abs=1e-9)
    assert one.level == pytest.approx(case["T_equal_weights"], abs=1e-9)
    assert one.degree == pytest.approx(case["D"], abs=1e-9)
    modified = coupling_coordination(scores(case["U"]), variant="modified")
    assert modified.values.coupling.iloc[0] == pytest.approx(case["C_modified"], abs=1e-9)
    assert modified.values.degree.iloc[0] == pytest.approx(case["D_modified"], abs=1e-9)
    assert "recalled" in modified.caveat.en
    for name, wrong in case["WRONG"].items():
        if case["U"] != [1.0, 0.0] and not (name == "power_k2_inside" and one.coupling == 1):
            assert one.coupling != pytest.approx(wrong, abs=1e-6)


def test_golden_classes_are_right_closed_in_three_languages():
    wanted = GOLDEN["classes_upper_bounds_right_closed"]
    assert [[upper, text.zh] for upper, text in CLASSES] == wanted
    for upper, text in CLASSES:
        assert coordination_class(upper) == text
        assert coordination_class(max(upper - 0.05, 0)) == text
        assert all([text.zh, text.en, text.ja])
    # a bound reached by arithmetic, not typed
    assert coordination_class(0.1 + 0.2).zh == "中度失调"
    assert coordination_class(0).zh == "极度失调"
    with pytest.raises(InputError, match="between 0 and 1"):
        coordination_class(1.2)


@pytest.mark.parametrize("variant", sorted(REFUSED_VARIANTS))
def test_each_known_wrong_variant_is_refused_by_name_with_the_reason(variant):
    with pytest.raises(InputError, match="refused: ") as refusal:
        coupling_coordination(scores([0.5, 0.5]), variant=variant)
    assert REFUSED_VARIANTS[variant] in str(refusal.value)


def test_what_the_refusals_say_is_true():
    cases = {tuple(case["U"]): case["WRONG"] for case in GOLDEN["cases"]}
    assert cases[(0.8, 0.8)]["lost_coefficient"] == 0.5
    assert cases[(0.5, 0.5, 0.5)]["pairwise_sum_denominator"] == 1.5
    assert cases[(0.8, 0.8)]["pairwise_product"] == pytest.approx(0.632, abs=1e-3)


unit = st.integers(0, 1000).map(lambda k: k / 1000)


@settings(max_examples=80, deadline=None)
@given(st.lists(unit, min_size=2, max_size=6))
def test_ranges_symmetry_and_balance(u):
    found = coupling_coordination(scores(u, u[::-1])).values
    if max(u) == 0:
        assert np.isnan(found.coupling).all()
        assert found.class_en.isna().all()
        return
    assert found.coupling[0] == pytest.approx(found.coupling[1], abs=1e-9)
    assert 0 <= found.coupling[0] <= 1
    assert 0 <= found.degree[0] <= 1
    level = coupling_coordination(scores([max(u)] * len(u))).values
    assert level.coupling[0] == pytest.approx(1)
    assert level.degree[0] == pytest.approx(np.sqrt(max(u)))
    # C measures balance only: halving every score leaves it
    half = coupling_coordination(scores([v / 2 for v in u])).values
    assert half.coupling[0] == pytest.approx(found.coupling[0], abs=1e-9)


def test_weights_enter_the_level_and_never_the_coupling():
    plain = coupling_coordination(scores([0.8, 0.2])).values.iloc[0]
    weighted = coupling_coordination(scores([0.8, 0.2]), weights={"s0": 0.9, "s1": 0.1})
    assert weighted.values.coupling[0] == plain.coupling
    assert weighted.values.level[0] == pytest.approx(0.74)
    for wrong in ({"s0": 1.0}, {"s0": 0.9, "s1": 0.9}, {"s0": 1.5, "s1": -0.5}):
        with pytest.raises(InputError, match="weights"):
            coupling_coordination(scores([0.8, 0.2]), weights=wrong)


def test_years_in_the_index_or_a_column_and_gaps():
    index = pd.MultiIndex.from_product([[2010, 2020], ["a"]], names=["year", "unit"])
    table = pd.DataFrame({"x": [0.5, None], "y": [0.5, 0.5]}, index=index)
    found = coupling_coordination(table)
    assert found.n == 1
    assert found.years == (2010,)
    assert found.n_dropped == {"a subsystem is missing": 1}
    column = coupling_coordination(pd.DataFrame({"year": [2010], "x": [0.5], "y": [0.5]}))
    assert column.values.degree.iloc[0] == pytest.approx(np.sqrt(0.5))
    assert column.years == (2010,)


def test_all_zero_is_undefined_and_counted():
    found = coupling_coordination(scores([0, 0], [0.5, 0.5]))
    assert found.n == 1
    assert found.n_dropped == {"all subsystems are zero (C undefined)": 1}


def test_what_cannot_be_coupled_is_refused():
    with pytest.raises(InputError, match="two subsystems"):
        coupling_coordination(pd.DataFrame({"a": [0.5]}))
    with pytest.raises(InputError, match=r"subsystem s1: 1\.2 lies outside"):
        coupling_coordination(scores([0.5, 1.2]))
    with pytest.raises(UnknownIdError, match="variant"):
        coupling_coordination(scores([0.5, 0.5]), variant="harmonic")
