import csv
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InputError
from geo.tables.codes import (
    LAST_YEAR,
    city_of,
    code_of_credit_code,
    normalise_code,
    successors,
    upgrade,
)
from geo.tables.gazetteer import units

GOLDEN = Path(__file__).parents[1] / "golden"


def _crosswalk():
    with (GOLDEN / "k_crosswalk_2009_to_2024.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


CROSSWALK = _crosswalk()
CODES_2009 = [row["code_2009"] for row in CROSSWALK]


@pytest.mark.parametrize("row", CROSSWALK, ids=CODES_2009)
def test_every_unit_of_2009_goes_where_the_ministry_s_data_say(row):
    # golden: k_crosswalk_2009_to_2024.csv (yescallop/areacodes, CC0, from MCA data)
    found = successors(row["code_2009"], 2009, 2024)
    assert ";".join(found.codes) == row["codes_2024"]
    assert ";".join(map(str, found.years)) == row["years"] or row["kind"] == "unchanged"


def test_nine_units_are_one_to_many_and_none_is_lost():
    several = [code for code in CODES_2009 if len(successors(code, 2009, LAST_YEAR).codes) > 1]
    assert len(CODES_2009) == 206
    assert len(several) == 9
    reached = {one for code in CODES_2009 for one in successors(code, 2009, LAST_YEAR).codes}
    assert reached == set(units())


def test_the_years_2025_and_2026_change_nothing():
    assert all(successors(code, 2024, 2026).codes == (code,) for code in units())


def test_each_step_counts_once_in_its_year():
    # golden: k_gb2260_jjj_changes_2009_2024.csv
    with (GOLDEN / "k_gb2260_jjj_changes_2009_2024.csv").open(encoding="utf-8") as file:
        gone = [row for row in csv.DictReader(file) if row["op"] == "abolished_or_renamed"]
    for row in gone:
        year = int(row["year"])
        if year == 2009:
            continue
        assert successors(row["code"], year - 1, year).kinds, row
        assert successors(row["code"], 2009, year - 1).codes != (), row


@pytest.mark.parametrize("years", [(2008, 2024), (2009, 2027), (2020, 2015)])
def test_years_out_of_range_are_refused(years):
    with pytest.raises(InputError, match="2009 ≤ from ≤ to ≤ 2026"):
        successors("110105", *years)


@pytest.mark.parametrize(
    ("cell", "code", "form"),
    [
        ("110105", "110105", ""), (110105, "110105", ""), (110105.0, "110105", "float_code"),
        ("110105.0", "110105", "float_code"), (" 110105 ", "110105", "cleaned_code"),
        ("１１０１０５", "110105", "cleaned_code"), ("'110105", "110105", "cleaned_code"),
        ("110105000000", "110105", "long_code"), ("110105001", "110105", "long_code"),
        ("156110105", "110105", "long_code"), ("11", None, "not_a_county"),
        ("130100", None, "not_a_county"), ("1301O5", None, "not_a_code"), ("", None, "missing"),
        (None, None, "missing"), (float("nan"), None, "missing"), ("1.10105E5", None, "not_a_code"),
        ("-110105", None, "not_a_code"), (11010.5, None, "not_a_code"),
    ],
)  # fmt: skip
def test_cells_are_normalised_or_named(cell, code, form):
    assert normalise_code(cell) == (code, form)


def test_credit_codes_give_their_office():
    assert code_of_credit_code("91130638MA0ABCDE1X") == "130638"
    assert code_of_credit_code("91110000MA0ABCDE1X") is None
    assert code_of_credit_code("9113063MA0ABCDE1X") is None


def test_a_table_of_2012_keeps_its_rows_and_says_what_became_of_each():
    table = pd.DataFrame(
        {"code": ["110103", "110228", "130323", "110105", "310101", None], "n": range(6)}
    )
    done = upgrade(table, from_year=2009)
    assert done.frame["adcode"].tolist() == ["110101", "110118", None, "110105", None, None]
    assert done.frame["code_status"].tolist() == [
        "merged",
        "recoded",
        "split",
        "unchanged",
        "unknown",
        "unknown",
    ]
    assert sum(done.counts.values()) == len(table)
    assert "130302, 130304, 130306" in done.refused["code_note"].iloc[0]
    assert list(table.columns) == ["code", "n"]


@given(
    st.lists(
        st.tuples(st.sampled_from([*CODES_2009, "999999", "x"]), st.integers(-(10**9), 10**9)),
        min_size=1,
        max_size=60,
    ),
    st.integers(2009, 2026),
)
@settings(max_examples=60, deadline=None)
def test_totals_are_preserved(pairs, from_year):
    table = pd.DataFrame(pairs, columns=["code", "n"])
    done = upgrade(table, from_year=from_year)
    assert done.frame["n"].tolist() == table["n"].tolist()
    kept = done.frame.loc[done.frame["adcode"].notna(), "n"].sum()
    assert kept + done.refused["n"].sum() == table["n"].sum()
    cities = upgrade(table, from_year=from_year, aggregate=True)
    known = table.loc[table["code"].isin(CODES_2009)]
    assert cities.frame["n"].sum() == known["n"].sum()
    by_hand = known.groupby(known["code"].map(city_of))["n"].sum()
    assert (
        dict(zip(cities.frame["city_adcode"], cities.frame["n"], strict=True)) == by_hand.to_dict()
    )


def test_no_split_crosses_a_city():
    for code in CODES_2009:
        assert {city_of(one) for one in successors(code, 2009, LAST_YEAR).codes} == {city_of(code)}


def test_aggregates_keep_years_apart_and_need_a_number():
    table = pd.DataFrame(
        {
            "code": ["130323", "130302"] * 2,
            "year": [2010, 2010, 2011, 2011],
            "n": [1.0, 2.0, 4.0, 8.0],
        }
    )
    frame = upgrade(table, from_year=2009, aggregate=True).frame
    assert frame.to_dict("list") == {
        "city_adcode": ["130300"] * 2,
        "year": [2010, 2011],
        "n": [3.0, 12.0],
    }
    with pytest.raises(InputError, match="no numeric column"):
        upgrade(table[["code"]], from_year=2009, aggregate=True)
    with pytest.raises(InputError, match="no column 'code'"):
        upgrade(table[["n"]], from_year=2009)


def test_a_code_older_than_its_table_is_still_followed():
    assert successors("120107", 2009, 2026).codes == ("120116",)
    assert successors("110103", 2015, 2026).codes == ("110101",)
    assert len(successors("130103", 2018, 2026).codes) == 2
