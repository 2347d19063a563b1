"""Shares by year: kinds of date apart, the undated counted, moved firms by the address of the year."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.analysis.plan.circles import place_in_circles, shares_by_year, site_dates
from geo.errors import InputError
from geo.layers import read

ORDERS = {"list": pd.Index(["inner", "middle", "outer"])}


def test_years_by_hand(tiny_plan, ten_sites):
    parts = {"list": place_in_circles(ten_sites, tiny_plan).circle_list}
    table = shares_by_year(parts, site_dates(ten_sites), ORDERS)
    inner = table.query("part == 'inner' and date_kind == 'founded'").set_index("year")
    assert inner.n_new.to_dict() == {2000: 2, 2001: 2, 2002: 0, 2003: 1}
    assert inner.n_stock.to_dict() == {2000: 2, 2001: 4, 2002: 4, 2003: 5}
    # 2001: f1 to f4 inner, f6 middle; 2003: nine dated sites
    assert inner.share_exclusive[2001] == 4 / 5
    assert inner.share_exclusive[2003] == pytest.approx(5 / 9)
    undated = table[table.date_kind == "undated"]
    assert undated.year.isna().all()
    assert undated.set_index("part").n_stock.to_dict() == {
        "inner": 0, "middle": 1, "outer": 0, "outside": 0,
    }  # fmt: skip


def test_kinds_of_date_are_series_of_their_own():
    sites = pd.DataFrame({"founded_or_listed": ["listed 2001", "established 2000", "", None]})
    dates = site_dates(sites)
    assert dates.date_kind.tolist()[:2] == ["listed", "founded"]
    assert dates.year.isna().tolist() == [False, False, True, True]
    table = shares_by_year({"list": pd.Series(["inner"] * 4)}, dates, ORDERS)
    assert set(table.date_kind) == {"listed", "founded", "undated"}
    assert table[(table.date_kind == "founded")].year.unique().tolist() == [2000]


def test_a_moved_firm_counts_at_its_address_of_the_year():
    sites = pd.DataFrame({"founded": [2000, 2002, 2000], "until_year": [2002, None, None]})
    parts = {"list": pd.Series(["inner", "outer", "inner"])}
    table = shares_by_year(parts, site_dates(sites), ORDERS)
    stock = table.pivot_table(index="year", columns="part", values="n_stock")
    assert stock.inner.to_dict() == {2000: 2, 2001: 2, 2002: 1}
    assert stock.outer.to_dict() == {2000: 0, 2001: 0, 2002: 1}


row = st.tuples(
    st.sampled_from(["inner", "middle", "outer", "outside", None]),
    st.one_of(st.none(), st.integers(1990, 1996)),
    st.sampled_from(["founded", "opened", "unstated", None]),
)


@settings(max_examples=30, deadline=None)
@given(st.lists(row, max_size=12))
def test_every_year_sums_to_the_whole_and_every_site_is_counted_once(rows):
    frame = pd.DataFrame(rows, columns=["part", "year", "date_kind"]).astype({"part": object})
    frame = frame.assign(part=frame.part.where(frame.part.notna(), None))
    dates = site_dates(frame)
    table = shares_by_year({"list": frame.part}, dates, ORDERS)
    for (kind, _), own in table.groupby(["date_kind", "year"], dropna=False):
        nested = own.n_nested.dropna().tolist()
        assert nested == sorted(nested)
        if own.n_stock.sum():
            assert own.share_exclusive.sum() == pytest.approx(1)
        assert kind in {"founded", "opened", "unstated", "undated"}
    new = table[table.date_kind != "undated"].n_new.sum()
    undated = table[table.date_kind == "undated"].n_stock.sum()
    assert new + undated == frame.part.notna().sum()


def test_a_year_takes_its_kind_from_the_table():
    sites = pd.DataFrame(
        {"year": [1990, 1991, None, 1992], "date_kind": ["opened", "", "opened", None]}
    )
    assert site_dates(sites).date_kind.fillna("-").tolist() == [
        "opened",
        "unstated",
        "-",
        "unstated",
    ]
    assert site_dates(sites.drop(columns="date_kind")).date_kind.dropna().unique() == ["unstated"]
    named = pd.DataFrame({"founded": [1990], "date_kind": ["opened"]})
    assert site_dates(named).date_kind.tolist() == ["founded"]
    with pytest.raises(
        InputError, match=r"1 are not kinds of date, such as 'begun'; known are founded"
    ):
        site_dates(sites.assign(date_kind=["begun", None, None, None]))


def test_the_shipped_facilities_are_counted_by_what_their_year_says(jjj_plan):
    sites = read("facilities")
    dates = site_dates(sites)
    assert dates.date_kind.value_counts().to_dict() == {
        "opened": 92, "founded": 67, "unstated": 60,
    }  # fmt: skip
    assert dates.year.isna().sum() == 96


def test_corridors_are_not_nested():
    table = shares_by_year(
        {"corridor": pd.Series(["x", "outside"])},
        site_dates(pd.DataFrame({"opened": [2000, 2000]})),
        {"corridor": pd.Index(["x"])},
    )
    assert table.share_nested.isna().all()
    assert table.share_exclusive.tolist() == [0.5, 0.5]


def test_nothing_in_nothing_out_and_wrong_years_are_named():
    empty = site_dates(pd.DataFrame({"year": []}))
    assert shares_by_year({"list": pd.Series([], dtype=object)}, empty, ORDERS).empty
    with pytest.raises(InputError, match="no column says"):
        site_dates(pd.DataFrame({"name": ["a"]}))
    for wrong in ("soon", "20", "2001.5", "99999"):
        with pytest.raises(InputError, match="not years"):
            site_dates(pd.DataFrame({"year": [2000, wrong]}))


def test_the_shipped_firms_are_all_accounted_for(jjj_plan):
    firms = read("firms")
    dates = site_dates(firms)
    parts = {"list": place_in_circles(firms, jjj_plan).circle_list}
    table = shares_by_year(parts, dates, {"list": jjj_plan.circles.index})
    last = table.groupby("date_kind").year.max().drop("undated").items()
    ends = [table[(table.date_kind == kind) & (table.year == year)] for kind, year in last]
    stock = sum(one.n_stock.sum() for one in [*ends, table[table.date_kind == "undated"]])
    assert stock == len(firms) == 256
    assert dates.year.isna().sum() == 13
