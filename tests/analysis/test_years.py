"""Splitting by year, and setting rows aside with a reason."""

import pandas as pd
import pytest

from geo.analysis.years import by_year, require_columns, split_drops, years_of
from geo.errors import InputError


@pytest.mark.parametrize("bad", [None, "x", 2010.5, 20100, float("inf")])
def test_what_is_not_a_year_is_refused(bad):
    with pytest.raises(InputError, match="not years"):
        years_of(pd.DataFrame({"year": [2010, bad]}))


def test_years_as_text_are_read():
    assert years_of(pd.DataFrame({"year": ["2021", "2010"]})) == (2010, 2021)


def test_frames_of_each_year_stand_under_each_other():
    table = pd.DataFrame(
        {"year": [2010, 2010, 2021], "value": [1.0, 2.0, 4.0]},
        index=pd.Index(list("aba"), name="k"),
    )
    out = by_year(table, lambda one: one[["value"]] / one["value"].sum())
    assert out.index.names == ["year", "k"]
    assert out.loc[(2021, "a"), "value"] == 1.0
    one_year = by_year(table.loc[table.year == 2021], lambda one: one[["value"]])
    assert one_year.index.names == ["year", "k"]


def test_empty_table_is_refused():
    with pytest.raises(InputError, match="no rows"):
        by_year(pd.DataFrame({"year": []}), lambda one: {"n": len(one)})


def test_each_row_is_dropped_once_under_the_first_reason():
    table = pd.DataFrame({"a": [None, None, 1.0], "b": [None, 1.0, 1.0]})
    kept, dropped = split_drops(table, {"no a": table.a.isna(), "no b": table.b.isna()})
    assert dropped == {"no a": 2}
    assert len(kept) == 1


def test_missing_columns_are_named():
    with pytest.raises(InputError, match="no column a, b"):
        require_columns(pd.DataFrame({"c": []}), "a", "b")
