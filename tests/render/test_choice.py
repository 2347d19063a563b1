"""Columns of a stranger's file: what is a time, a kind or a measure, and what is not."""

import geopandas as gpd
import pandas as pd
import pytest

from geo.render.column_roles import kind_column, measured_column, time_of
from geo.render.drawing.steps import Time, assign_steps, moments


def frame_of(**columns):
    n = len(next(iter(columns.values())))
    return gpd.GeoDataFrame(columns, geometry=[None] * n, crs="EPSG:4326")


@pytest.mark.parametrize(
    ("columns", "wanted"),
    [
        ({"Year": [2019.0, 2020.0]}, "Year"),
        ({"opening date": ["2015/3/1", "May 2018"]}, "opening date"),
        ({"x": pd.to_datetime(["2024-01-01", "2025-01-01"])}, "x"),
        ({"x": pd.to_datetime(["2024-01-01T01:00+08:00", "2025-01-01T01:00+08:00"])}, "x"),
        ({"成立日期": ["20100304", "20110506"]}, "成立日期"),
        ({"travel_time": [1200, 1800]}, None),  # numbers that only look like years
        ({"time": [25, 40]}, None),
        ({"date": ["2020-01-01", "2020-01-01"]}, None),  # one step is no time
        ({"date": ["a", "b", "2020"]}, None),  # too few have one
        ({"name": ["Plan 2020", "Plan 2035"]}, None),
    ],
)
def test_a_time_is_found_by_its_name_and_its_cells(columns, wanted):
    found = time_of(frame_of(**columns), None)
    assert (found.column if found else None) == wanted


def test_what_is_founded_stays():
    assert time_of(frame_of(成立日期=["2010", "2011"]), None).mode == "until"
    assert time_of(frame_of(year=["2010", "2011"]), None).mode == "at"


@pytest.mark.parametrize(
    ("columns", "wanted"),
    [
        ({"OBJECTID": [9, 4, 7], "Shape_Area": [3.0, 1, 2], "gdp": [5, 8, 6]}, "gdp"),
        ({"phone": [13800000001, 13800000009, 13700000000]}, None),
        ({"Shape_Length": [3.0, 1, 2]}, "Shape_Length"),  # better than nothing
        ({"row": [1, 2, 3]}, None),
        ({"flag": [True, False, True]}, None),
        ({"GEOID10": [110101, 110103, 110109]}, None),
        ({"year": [2001, 2005, 2009]}, None),
        ({"landuse": [11, 12, 31]}, None),  # codes
        ({"landuse": [11.5, 12, 31]}, "landuse"),
    ],
)
def test_a_measure_is_no_code_no_row_number_and_rather_no_size(columns, wanted):
    assert measured_column(frame_of(**columns)) == wanted


@pytest.mark.parametrize(
    ("columns", "wanted"),
    [
        ({"source": list("aaabbb"), "landuse": list("ccceee")}, "landuse"),
        ({"source": list("aaabbb")}, None),
        ({"remark": ["x" * 90, "y" * 90] * 3}, None),
        ({"name": list("abcdef")}, None),
        ({"zip": ["100000", "100001"] * 3}, None),
        ({"行业": list("aba")}, "行业"),  # called a kind: few rows are enough
        ({"行业": list("abc")}, None),
        ({"用途": list("aba")}, None),
        ({"landuse": [11, 12, 11]}, "landuse"),
        ({"landuse": [11, None, 12]}, "landuse"),  # a code is no name, so each may be there once
        ({"landuse": [11.5, 12, 12]}, None),
        ({"landuse": list(range(21))}, None),  # too many
        ({"floors": [1, 2, 2]}, None),
        ({"行业": ["a", " a", "a "]}, None),  # one kind
    ],
)
def test_kinds_are_short_texts_that_recur(columns, wanted):
    assert kind_column(frame_of(**columns)) == wanted


def test_too_many_days_become_months_then_years():
    days = pd.date_range("2020-01-01", periods=900, freq="D")
    _, described = assign_steps(frame_of(t=days), Time("t"))
    assert described["steps"][:2] == ["2020-01", "2020-02"]
    ages = pd.Series([f"{1000 + at // 12}-{at % 12 + 1:02d}" for at in range(6000)])
    _, described = assign_steps(frame_of(t=ages), Time("t"))
    # no more than that can be told apart on a slider, and years are the coarsest there is
    assert described["steps"][:2] == ["1000", "1001"]


def test_moments_of_gaps_are_gaps():
    assert (
        moments(pd.Series([pd.NaT, pd.Timestamp("2024-02-03 23:59")])).tolist()[1] == "2024-02-03"
    )
    assert moments(pd.Series([None, "", "n/a"], dtype=object)).isna().all()
