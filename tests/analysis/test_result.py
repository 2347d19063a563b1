"""A result carries n, drops with reasons, CRS, years, formula, sources and caveats."""

import json

import pandas as pd
import pytest

from geo.analysis.result import Result
from geo.crs import equal_area
from geo.errors import InputError, UnknownIdError
from geo.layers import Localized


def test_described_holds_everything_and_is_json():
    one = Result(
        pd.Series([1.0], name="moran"),
        "moran",
        n=13,
        n_dropped={"no value": 2, "no position": 0},
        crs=equal_area(116.5, 39.3),
        years=(2010, 2021),
        source_ids=("facts", "my.csv"),
        remarks=(Localized.of("甲", "a", "ア"),),
    )
    told = json.loads(json.dumps(one.described()))
    assert told["n"] == 13
    assert told["crs"].startswith("+proj=laea +lat_0=39.3 +lon_0=116.5 ")
    assert told["n_dropped"] == {"no value": 2}
    assert told["years"] == [2010, 2021]
    assert told["formula"]["id"] == "moran"
    assert told["sources"][0]["source_id"] == "facts"
    assert told["sources"][0]["licence"]
    assert told["sources"][1] == {"source_id": "my.csv"}
    assert told["caveat"]["en"].endswith(" a")
    assert told["caveat"]["zh"].endswith("甲")


@pytest.mark.parametrize(
    ("values", "columns"),
    [
        (pd.DataFrame({"a": [1]}), ["a"]),
        (pd.Series([1], name="b"), ["b"]),
        (pd.Series([1]), ["value"]),
        ({"c": 1, "d": 2}, ["c", "d"]),
    ],
)
def test_table_of_any_kind_of_values(values, columns):
    assert list(Result(values, "moran", n=1).table().columns) == columns


def test_refuses_unknown_formula_and_negative_counts():
    with pytest.raises(UnknownIdError):
        Result({}, "my-own-index", n=1)
    with pytest.raises(InputError, match="negative"):
        Result({}, "moran", n=-1)
    with pytest.raises(InputError, match="negative"):
        Result({}, "moran", n=1, n_dropped={"x": -1})
