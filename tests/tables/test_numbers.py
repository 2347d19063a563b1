import pandas as pd
import pytest

from geo.tables.numbers import read_figures


def read(cells):
    found = read_figures(pd.Series(cells, dtype=object))
    if found is None:
        return None
    values = [None if one is pd.NA or pd.isna(one) else one for one in found.values]
    return values, found.unit, found.without


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        (["1,100,000", "2,300", "7"], ([1100000, 2300, 7], "", 0)),
        (["1，100", "２,０００"], ([1100, 2000], "", 0)),
        (["1,100.5", "-3", "−4", None, ""], ([1100.5, -3, -4, None, None], "", 0)),
        (["1", "-", "—", "…", "n/a", "...", "无"], ([1, *[None] * 6], "", 6)),
        (["35%", "４０ ％", "n/a"], ([35, 40, None], "%", 1)),
        (["17.2万人", "3 万人"], ([17.2, 3], "万人", 0)),
        (["120人/平方公里", "80人/平方公里"], ([120, 80], "人/平方公里", 0)),
        (["3.5km²", "12km²"], ([3.5, 12], "km²", 0)),
        ([*["5"] * 9, "about 5"], ([*[5] * 9, None], "", 1)),
        ([1, 2.5, 3.0, "-"], ([1, 2.5, 3, None], "", 1)),
    ],
)
def test_columns_that_are_numbers(cells, found):
    assert read(cells) == found


@pytest.mark.parametrize(
    "cells",
    [
        ["1,23", "5"],  # a decimal comma, or a slip
        ["1.234.567", "5"],
        ["12,34,567"],
        ["17.2万人", "172000"],
        ["17.2万人", "3亿人"],
        [*["5"] * 8, "x", "y"],
        ["5A", "4A"],
        ["2020年", "2021年"],
        ["3号", "4号"],
        ["007", "12", "1,000"],
        ["110101199001011234", "-"],
        ["-", "—"],
        ["1e5", "-"],
        [True, False],
        [None, ""],
        [],
    ],
)
def test_columns_that_stay_text(cells):
    assert read(cells) is None
