"""The scorecard's formulas by hand, every status, ceilings, and what is missing."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.analysis.plan.scorecard import REASONS, STATUSES, WARNINGS, Thresholds, scorecard
from geo.errors import InputError

LIMITS = Thresholds(on_pace=0.9, behind=0.5)


def _card(sense, base, target, value, *, at=2025.0, asof=2026.0, t0=2020.0, t1=2030.0):
    targets = pd.DataFrame(
        {"sense": [sense], "base_value": [base], "base_time": [None if base is None else t0],
         "target_value": [target], "target_time": [None if target is None else t1]},
        index=pd.Index(["x"], name="target"),
    ).astype(dict.fromkeys(["base_value", "base_time", "target_value", "target_time"], float))  # fmt: skip
    values = pd.DataFrame(
        {"target": ["x"], "time": [at], "value": [value], "date": ["d"], "source": ["s"]}
    )
    return scorecard(targets, values, LIMITS, asof=asof).iloc[0]


def test_the_formulas_by_hand():
    row = _card("up", 100, 200, 140)
    assert row.expected == 150
    assert row.progress == 0.4
    assert row.expected_progress == 0.5
    assert row.pace == 0.8
    assert (row.status_zh, row.warning_zh) == ("滞后", "黄色预警")


@pytest.mark.parametrize(
    ("sense", "base", "target", "value", "status"),
    [
        ("up", 100, 200, 200, "达标"),
        ("up", 100, 200, 145, "按期"),
        ("up", 100, 200, 144.9, "滞后"),
        ("up", 100, 200, 125, "滞后"),
        ("up", 100, 200, 124, "严重滞后"),
        ("up", 100, 200, 100, "严重滞后"),
        ("up", 100, 200, 99, "反向"),
        ("down", 50, 30, 30, "达标"),
        ("down", 50, 30, 40, "按期"),
        ("down", 50, 30, 55, "反向"),
        # a ceiling above its base: anything below it is achieved, anything above it reversed
        ("down", 1.0, 1.3, 1.2, "达标"),
        ("down", 1.0, 1.3, 1.31, "反向"),
        # a floor below its base
        ("up", 9500, 9434, 9450, "达标"),
        ("up", 9500, 9434, 9400, "反向"),
        # target = base: kept or not
        ("up", 10, 10, 10, "达标"),
        ("up", 10, 10, 9, "反向"),
    ],
)
def test_every_status(sense, base, target, value, status):
    assert _card(sense, base, target, value).status_zh == status


def test_what_is_missing_is_null_with_its_reason():
    assert _card("up", 100, None, 140).reason_code == "no_target"
    assert _card("up", None, 200, 140).reason_code == "no_base"
    assert _card("up", None, 200, 210).status_code == "achieved"
    assert _card("up", 100, 200, np.nan).reason_code == "no_value"
    assert _card("up", 100, 200, 110, at=2020.0).reason_code == "too_early"
    assert pd.isna(_card("up", 10, 10, 9).progress)


def test_after_its_date_a_missed_target_is_never_on_pace():
    row = _card("up", 100, 200, 199, at=2031.0, asof=2032.0)
    assert row.expected == 200
    assert row.status_code == "behind"


def test_the_latest_value_not_after_the_date_counts_and_ages():
    targets = pd.DataFrame(
        {"sense": "up", "base_value": 0.0, "base_time": 2020.0, "target_value": 10.0,
         "target_time": 2030.0}, index=pd.Index(["x"], name="target"),
    )  # fmt: skip
    values = pd.DataFrame(
        {"target": "x", "time": [2024.0, 2022.0, 2027.0], "value": [4.0, 2.0, 9.0],
         "date": ["2023", "2021", "2026"], "source": ""},
    )  # fmt: skip
    row = scorecard(targets, values, LIMITS, asof=2026.5).iloc[0]
    assert (row.value, row.value_date, row.age_years) == (4.0, "2023", 2.5)
    assert row.stale
    assert row.status_code == "on_pace"
    with pytest.raises(InputError, match="'y' belong to no target"):
        scorecard(targets, values.assign(target="y"), LIMITS, asof=2026.0)


@given(
    st.floats(-1e6, 1e6),
    st.floats(-1e6, 1e6),
    st.floats(-1e6, 1e6),
    st.sampled_from(["up", "down"]),
)
def test_turning_the_sense_and_the_sign_changes_nothing(base, target, value, sense):
    other = {"up": "down", "down": "up"}[sense]
    one, two = _card(sense, base, target, value), _card(other, -base, -target, -value)
    assert one.status_code == two.status_code
    assert (one.progress == two.progress) or (pd.isna(one.progress) and pd.isna(two.progress))


def test_every_code_has_words_in_three_languages():
    assert set(WARNINGS) == set(STATUSES)
    for texts in (STATUSES, WARNINGS, REASONS):
        assert all(text.zh and text.en and text.ja for text in texts.values())
    assert [text.zh for text in STATUSES.values()] == ["达标", "按期", "滞后", "严重滞后", "反向"]
