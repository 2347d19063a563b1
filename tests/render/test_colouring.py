"""Values become classes that a hand can check; what is missing is said."""

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point

from geo.errors import InputError, UnknownIdError
from geo.layers import Text3
from geo.render import Axis, Categories, Classes, Discs, Size, chart, ternary
from geo.render.colouring import coloured, sized
from geo.render.palette import CATEGORY_COLOURS, HOLLOW, NO_DATA, OTHER, RAMPS, ramp


def frame_of(**columns):
    n = len(next(iter(columns.values())))
    return gpd.GeoDataFrame(columns, geometry=[Point(116, 39)] * n, crs="EPSG:4326")


def test_given_bounds_hold_their_upper_value():
    found = coloured(
        frame_of(v=[0, 10, 10.5, 20, np.nan]), Classes("v", bins=(10, 20)), plain="#000000"
    )
    assert found.codes.tolist() == [0, 0, 1, 1, 2]
    assert [item["n"] for item in found.legend["items"]] == [2, 2]
    assert found.legend["missing"] == 1
    assert found.colours[-1] == NO_DATA


def test_a_value_above_the_last_bound_gets_a_class_of_its_own():
    found = coloured(frame_of(v=[5, 99]), Classes("v", bins=(10,)), plain="#000000")
    assert found.legend["items"][-1]["to"] == 99


def test_natural_breaks_split_three_clumps():
    found = coloured(
        frame_of(v=[1, 2, 3, 50, 51, 52, 900, 901]), Classes("v", k=3), plain="#000000"
    )
    assert found.codes.tolist() == [0, 0, 0, 1, 1, 1, 2, 2]


@pytest.mark.parametrize("values", [[7, 7, 7], [7], [np.nan, np.inf], []])
def test_few_or_no_distinct_values_still_make_a_legend(values):
    found = coloured(frame_of(v=values), Classes("v"), plain="#000000")
    assert len(found.codes) == len(values)
    assert len(found.legend["items"]) == len({one for one in values if np.isfinite(one)})


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.floats(-1e6, 1e6) | st.just(float("nan")), max_size=40),
    st.integers(2, 9),
    st.sampled_from(["FisherJenks", "Quantiles", "EqualInterval", "HeadTailBreaks", "StdMean"]),
)
def test_every_row_has_a_class_and_the_counts_add_up(values, k, scheme):
    found = coloured(frame_of(v=values), Classes("v", k=k, scheme=scheme), plain="#000000")
    items = found.legend["items"]
    assert sum(item["n"] for item in items) + found.legend["missing"] == len(values)
    assert len(found.colours) == len(items) + 1
    for value, code in zip(values, found.codes, strict=True):
        if np.isnan(value):
            assert code == len(items)
        else:
            assert items[code]["from"] <= value <= items[code]["to"]


def test_kinds_are_listed_as_labelled_then_by_frequency():
    by = Categories("k", labels={"b": Text3("乙", "B", "乙")})
    found = coloured(frame_of(k=["a", "a", "c", "b", None]), by, plain="#000000")
    assert [item["label"] for item in found.legend["items"]] == [
        {"zh": "乙", "en": "B", "ja": "乙"},
        "a",
        "c",
    ]
    assert found.codes.tolist() == [1, 1, 2, 0, 3]


def test_more_kinds_than_colours_end_in_other():
    found = coloured(frame_of(k=[f"k{at:02d}" for at in range(30)]), "k", plain="#000000")
    assert len(found.legend["items"]) == 10
    assert found.legend["items"][-1]["colour"] == OTHER
    assert found.legend["items"][-1]["n"] == 21


def test_text_is_not_classed_by_value():
    with pytest.raises(InputError, match="holds no numbers, such as 'x'"):
        coloured(frame_of(k=["x"]), Classes("k"), plain="#000000")


def test_an_unknown_column_names_the_known_ones():
    with pytest.raises(UnknownIdError, match="nearest: staff"):
        coloured(frame_of(staff=[1]), "staf", plain="#000000")


def test_area_of_a_mark_is_in_proportion_to_its_value():
    quarters, legend = sized(frame_of(v=[0, 1, 4, np.nan, -3]), Size("v"), radii=(0, 10))
    assert quarters.tolist() == [0, 20, 40, 0, 0]
    assert legend["items"][-1]["value"] == 4


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))


@pytest.mark.parametrize("name", [one for one in RAMPS if one != "balance"])
def test_lightness_alone_tells_the_order_of_a_ramp(name):
    light = [luminance(colour) for colour in ramp(name, 7)]
    assert all(high > low * 1.12 for high, low in pairwise(light))


def test_neighbouring_kinds_differ_for_eyes_without_green_or_red_cones():
    # Viénot, Brettel and Mollon (1999), deuteranopia and protanopia in linear light
    matrices = (
        [[0.29275, 0.70725, -0.02234], [0.29275, 0.70725, 0.02234], [0, 0, 1]],
        [[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]],
    )
    colours = [
        np.array([int(one[at : at + 2], 16) / 255 for at in (1, 3, 5)]) ** 2.2
        for one in CATEGORY_COLOURS
    ]
    for matrix in matrices:
        seen = [np.clip(np.array(matrix) @ one, 0, 1) ** (1 / 2.2) for one in colours]
        gaps = [
            np.linalg.norm(one - other) for at, one in enumerate(seen) for other in seen[at + 1 :]
        ]
        assert min(gaps) > 0.14


def test_none_is_a_class_of_its_own_without_a_fill_and_not_the_least_of_the_ramp():
    by = Classes("v", scheme="EqualInterval", k=2, zero="none")
    found = coloured(frame_of(v=[0, 1, 0, 3, None]), by, plain="#000000")
    assert found.codes.tolist() == [0, 1, 0, 2, 3]
    assert [one["n"] for one in found.legend["items"]] == [2, 1, 1]
    assert found.legend["items"][0] == {"colour": HOLLOW, "label": "none", "n": 2}
    assert found.legend["missing"] == 1
    assert found.colours == [HOLLOW, *ramp("blue", 3)[1:], NO_DATA]


def test_zeros_alone_make_one_class_and_no_zeros_leave_it_empty():
    by = Classes("v", zero="none")
    assert coloured(frame_of(v=[0, 0]), by, plain="#000000").legend["items"][0]["n"] == 2
    assert len(coloured(frame_of(v=[0, 0]), by, plain="#000000").legend["items"]) == 1
    assert coloured(frame_of(v=[1, 2]), by, plain="#000000").legend["items"][0]["n"] == 0


@pytest.mark.parametrize(
    "text", ["red", "#12345", "#12345g", "", "url(https://e.example/x)", "#000000;x"]
)
def test_a_colour_is_a_number_of_six_digits(text):
    frame = gpd.GeoDataFrame({"kind": ["a"], "n": [1.0]}, geometry=[None])
    table = pd.DataFrame({"kind": ["a"], "n": [1.0], "m": [0.0], "o": [0.0]})
    made = (
        lambda: coloured(frame, None, plain=text),
        lambda: coloured(frame, Categories("kind", colours={"a": text}), plain="#000000"),
        lambda: chart(
            "bar", table, title="", x=Axis("", "kind"), y=Axis(""), series={"n": ""}, colours={"n": text}
        ),
        lambda: ternary(
            table, title="", rows=Axis("", "kind"), corners={"n": "", "m": "", "o": ""},
            shares=Axis(""), discs=Discs("kind", {"a": text}),
        ),
    )  # fmt: skip
    for one in made:
        with pytest.raises(InputError, match="is no colour of a map"):
            one()


def test_a_long_kind_is_cut_and_shows_it():
    found = coloured(frame_of(kind=["长" * 81, "短" * 80]), Categories("kind"), plain="#000000")
    assert {one["label"] for one in found.legend["items"]} == {"长" * 79 + "…", "短" * 80}
