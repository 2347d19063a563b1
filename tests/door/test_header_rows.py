"""Titles and headers, as planning institutes stack them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.door.header_rows import header_row

OD = ["origin", "destination", "weight"]
DATA = [["北京", "天津", "5"], ["北京", "保定", "4"]]


@pytest.mark.parametrize(
    "above",
    [
        [],
        [["联系强度表"]],
        [["联系强度表", "", ""], ["单位：次", "", ""]],
        [["联系强度表"] * 3],  # a merged title shows its text in each cell
    ],
)
def test_a_table_of_unknown_names_below_its_titles(above):
    found = header_row([*above, OD, *DATA])
    assert found.names == tuple(OD)
    assert (found.at, found.titles) == (len(above), len(above))


def test_a_wide_note_is_no_header():
    wide = [str(at) for at in range(8)]
    names = [f"指标{at}" for at in range(8)]
    assert header_row([["制表：示例", "", "日期：2026"], names, wide]).at == 1


def test_a_triangular_matrix_keeps_its_first_row():
    rows = [["", "北京", "天津"], ["北京", "", ""], ["天津", "5", ""]]
    assert header_row(rows).at == 0
    assert header_row(rows).names == ("", "北京", "天津")


def test_one_column_is_no_title():
    assert header_row([["value"], ["1"], ["2"]]).at == 0


@pytest.mark.parametrize(
    "head",
    [
        [["编号", "名称", "坐标", ""], ["", "", "经度", "纬度"]],
        [["编号", "名称", "坐标", "坐标"], ["编号", "名称", "经度", "纬度"]],
    ],
)
def test_a_merged_head_over_two_rows_becomes_one(head):
    found = header_row([["企业名单", "", "", ""], *head, ["1", "甲", "116.4", "39.9"]])
    assert found.names == ("编号", "名称", "经度", "纬度")
    assert (found.at, found.rows, found.titles) == (2, 2, 1)


def test_a_blank_name_does_not_take_the_title():
    rows = [["企业名单", "", ""], ["", "经度", "纬度"], ["1", "116.4", "39.9"]]
    assert header_row(rows).names == ("", "经度", "纬度")


def test_names_that_the_user_gave_are_known():
    rows = [["甲", "乙"], ["列一", "列二"], ["116.4", "39.9"]]
    assert header_row(rows).at == 0
    assert header_row(rows, wanted=["列一", "列二"]).at == 1


@given(
    st.lists(st.sampled_from(["", "表一", "单位：亿元"]), max_size=4),
    st.integers(2, 6),
    st.integers(1, 5),
)
def test_any_titles_above_any_panel(titles, width, height):
    header = [f"列{at}" for at in range(width)]
    rows = [[str(at * 7)] * width for at in range(1, height + 1)]
    found = header_row([*([title] for title in titles), header, *rows])
    assert found.names == tuple(header)
    assert found.titles == len(titles)
