"""Rows in, used and left out add up, and are said in three languages with both numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.door.account import REASONS, Account


@given(
    st.lists(st.tuples(st.sampled_from(sorted(REASONS)), st.integers(1, 4)), max_size=6),
    st.integers(0, 50),
)
def test_rows_are_used_or_left_out_and_nothing_else(lost, used):
    rows = used + sum(n for _, n in lost)
    told, line = Account("a.csv", rows), 1
    for reason, n in lost:
        told = told.without(reason, range(line, line + n))
        line += n
    assert told.used == used
    described = told.described()
    whole = sum(one["rows"] for one in described["left_out"].values())
    assert described["used"] + whole == described["rows"] == rows
    for language, sentence in told.sentence().items():
        assert f"{used:,}" in sentence, language
        assert f"{rows:,}" in sentence, language


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([12], "line 12: not a GeoJSON feature"),
        ([3, 1], "2 rows: not a GeoJSON feature (lines 1, 3)"),
        (range(1, 9), "8 rows: not a GeoJSON feature (lines 1, 2, 3, 4, 5…)"),
    ],
)
def test_lines_are_named_as_far_as_there_is_room(lines, said):
    assert said in Account("a", 20).without("not_a_feature", lines).sentence()["en"]


def test_the_first_detail_is_kept_and_plain_words_are_reasons_too():
    told = Account("a", 9).without("bad_geometry", [2], "a ring that does not close")
    told = told.without("bad_geometry", [4], "something else").without("sold twice", [5])
    sentence = told.sentence()["en"]
    assert "a ring that does not close" in sentence
    assert "something else" not in sentence
    assert "line 5: sold twice" in sentence


def test_nothing_left_out_is_said_plainly():
    assert Account("a", 1).sentence()["en"] == "1 of 1 row used"
    assert Account("a", 3).without("bad_geometry", []) == Account("a", 3)
