"""Values become classes that a hand can check; what is missing is said."""

from itertools import combinations, pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point

from geo.atlas.jjj import sites
from geo.errors import InputError, UnknownIdError
from geo.layers import Localized
from geo.render import Axis, Categories, Classes, Discs, Size, chart, ternary
from geo.render.colours.colouring import assign_colours, assign_radii
from geo.render.colours.palette import (
    CATEGORY_COLOURS,
    HOLLOW,
    NO_DATA,
    OTHER,
    RAMPS,
    distinct_colour,
    ramp,
)


def frame_of(**columns):
    n = len(next(iter(columns.values())))
    return gpd.GeoDataFrame(columns, geometry=[Point(116, 39)] * n, crs="EPSG:4326")


def test_given_bounds_hold_their_upper_value():
    found = assign_colours(
        frame_of(v=[0, 10, 10.5, 20, np.nan]), Classes("v", bins=(10, 20)), plain="#000000"
    )
    assert found.codes.tolist() == [0, 0, 1, 1, 2]
    assert [item["n"] for item in found.legend["items"]] == [2, 2]
    assert found.legend["missing"] == 1
    assert found.colours[-1] == NO_DATA


def test_a_value_above_the_last_bound_gets_a_class_of_its_own():
    found = assign_colours(frame_of(v=[5, 99]), Classes("v", bins=(10,)), plain="#000000")
    assert found.legend["items"][-1]["to"] == 99


def test_natural_breaks_split_three_clumps():
    found = assign_colours(
        frame_of(v=[1, 2, 3, 50, 51, 52, 900, 901]), Classes("v", k=3), plain="#000000"
    )
    assert found.codes.tolist() == [0, 0, 0, 1, 1, 1, 2, 2]


@pytest.mark.parametrize("values", [[7, 7, 7], [7], [np.nan, np.inf], []])
def test_few_or_no_distinct_values_still_make_a_legend(values):
    found = assign_colours(frame_of(v=values), Classes("v"), plain="#000000")
    assert len(found.codes) == len(values)
    assert len(found.legend["items"]) == len({one for one in values if np.isfinite(one)})


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.floats(-1e6, 1e6) | st.just(float("nan")), max_size=40),
    st.integers(2, 9),
    st.sampled_from(["FisherJenks", "Quantiles", "EqualInterval", "HeadTailBreaks", "StdMean"]),
)
def test_every_row_has_a_class_and_the_counts_add_up(values, k, scheme):
    found = assign_colours(frame_of(v=values), Classes("v", k=k, scheme=scheme), plain="#000000")
    items = found.legend["items"]
    assert sum(item["n"] for item in items) + found.legend["missing"] == len(values)
    assert len(found.colours) == len(items) + 1
    for value, code in zip(values, found.codes, strict=True):
        if np.isnan(value):
            assert code == len(items)
        else:
            assert items[code]["from"] <= value <= items[code]["to"]


def test_kinds_are_listed_as_labelled_then_by_frequency():
    by = Categories("k", labels={"b": Localized.of("乙", "B", "乙")})
    found = assign_colours(frame_of(k=["a", "a", "c", "b", None]), by, plain="#000000")
    assert [item["label"] for item in found.legend["items"]] == [
        {"zh": "乙", "en": "B", "ja": "乙"},
        "a",
        "c",
    ]
    assert found.codes.tolist() == [1, 1, 2, 0, 3]


def test_more_kinds_than_colours_end_in_other():
    found = assign_colours(frame_of(k=[f"k{at:02d}" for at in range(30)]), "k", plain="#000000")
    assert len(found.legend["items"]) == 10
    assert found.legend["items"][-1]["colour"] == OTHER
    assert found.legend["items"][-1]["n"] == 21


def test_no_two_kinds_have_one_colour_when_some_are_given():
    by = Categories("k", colours={"c": CATEGORY_COLOURS[0], "elsewhere": CATEGORY_COLOURS[1]})
    found = assign_colours(frame_of(k=list("abc")), by, plain="#000000")
    assert [item["colour"] for item in found.legend["items"]] == [
        *CATEGORY_COLOURS[2:4],
        CATEGORY_COLOURS[0],
    ]


def test_kinds_without_a_colour_are_others_when_all_are_given_away():
    given_away = {str(at): colour for at, colour in enumerate(CATEGORY_COLOURS)}
    by = Categories("k", colours=given_away)
    found = assign_colours(frame_of(k=["x", "x", "y", "0"]), by, plain="#000000")
    shown = [(item["colour"], item["n"]) for item in found.legend["items"]]
    assert shown == [(CATEGORY_COLOURS[0], 1), (OTHER, 3)]
    assert found.codes.tolist() == [1, 1, 1, 0]


def test_kinds_that_differ_in_white_space_around_are_one():
    found = assign_colours(
        frame_of(k=["钢铁", "钢铁 ", "\u3000钢铁", "煤", " ", None]), "k", plain="#000000"
    )
    assert [(one["label"], one["n"]) for one in found.legend["items"]] == [("钢铁", 3), ("煤", 1)]
    assert found.codes.tolist() == [0, 0, 0, 1, 2, 2]
    assert found.legend["missing"] == 2


@pytest.mark.parametrize(
    ("column", "values", "kind"),
    [
        ("industry", range(11, 23), "categories"),
        ("industry", range(21), "classes"),
        ("value", range(11, 23), "classes"),
        ("industry", np.arange(11, 23) / 4, "classes"),
    ],
)
def test_whole_numbers_under_a_header_called_kinds_are_codes(column, values, kind):
    found = assign_colours(frame_of(**{column: list(values)}), column, plain="#000000")
    assert found.legend["kind"] == kind


def test_classes_of_several_layers_have_the_bounds_of_all():
    by = Classes("v", k=2, among=(0, 1, 2, 50, 51))
    low, high = (
        assign_colours(frame_of(v=one), by, plain="#000000").legend for one in ([0, 1, 2], [50, 51])
    )
    assert [(one["from"], one["to"], one["n"]) for one in low["items"]] == [(0, 2, 3), (2, 51, 0)]
    assert [(one["from"], one["to"], one["n"]) for one in high["items"]] == [(0, 2, 0), (2, 51, 2)]


def test_text_is_not_classed_by_value():
    with pytest.raises(InputError, match="holds no numbers, such as 'x'"):
        assign_colours(frame_of(k=["x"]), Classes("k"), plain="#000000")


def test_an_unknown_column_names_the_known_ones():
    with pytest.raises(UnknownIdError, match="nearest: staff"):
        assign_colours(frame_of(staff=[1]), "staf", plain="#000000")


def test_area_of_a_mark_is_in_proportion_to_its_value():
    quarters, legend = assign_radii(frame_of(v=[0, 1, 4, np.nan, -3]), Size("v"), radii=(0, 10))
    assert quarters.tolist() == [0, 20, 40, 0, 0]
    assert legend["items"][-1]["value"] == 4


def linear(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]


def luminance(colour):
    return float(np.dot(linear(colour), TO_XYZ[1]))


@pytest.mark.parametrize("name", [one for one in RAMPS if one != "balance"])
def test_lightness_alone_tells_the_order_of_a_ramp(name):
    light = [luminance(colour) for colour in ramp(name, 7)]
    assert all(high > low * 1.12 for high, low in pairwise(light))


PALETTES = {
    "strangers": CATEGORY_COLOURS,
    "kinds of sites": tuple(sites.CATEGORY_COLOURS.values()),
    "functions": tuple(sites.ROLE_COLOURS.values()),
}


# sRGB in linear light as seen without one kind of cone: Machado, Oliveira and Fernandes (2009),
# doi:10.1109/TVCG.2009.113, severity 1
EYES = {
    "all cones": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}  # fmt: skip
TO_XYZ = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]


def lab(colour, eyes):
    """Return CIELAB under D65 of a colour as some eyes see it."""
    seen = np.clip(np.array(eyes) @ linear(colour), 0, 1)
    x, y, z = np.cbrt(np.maximum(TO_XYZ @ seen / [0.95047, 1, 1.08883], 216 / 24389))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("name", PALETTES)
def test_any_two_kinds_differ_whatever_cones_the_eyes_have(name, eyes):
    seen = {one: lab(one, EYES[eyes]) for one in PALETTES[name]}
    gaps = {pair: np.linalg.norm(seen[pair[0]] - seen[pair[1]]) for pair in combinations(seen, 2)}
    assert min(gaps.values()) > 14, min(gaps, key=gaps.get)


def test_none_is_a_class_of_its_own_without_a_fill_and_not_the_least_of_the_ramp():
    by = Classes("v", scheme="EqualInterval", k=2, zero="none")
    found = assign_colours(frame_of(v=[0, 1, 0, 3, None]), by, plain="#000000")
    assert found.codes.tolist() == [0, 1, 0, 2, 3]
    assert [one["n"] for one in found.legend["items"]] == [2, 1, 1]
    assert found.legend["items"][0] == {"colour": HOLLOW, "label": "none", "n": 2}
    assert found.legend["missing"] == 1
    assert found.colours == [HOLLOW, *ramp("blue", 3)[1:], NO_DATA]


def test_zeros_alone_make_one_class_and_no_zeros_leave_it_empty():
    by = Classes("v", zero="none")
    assert assign_colours(frame_of(v=[0, 0]), by, plain="#000000").legend["items"][0]["n"] == 2
    assert len(assign_colours(frame_of(v=[0, 0]), by, plain="#000000").legend["items"]) == 1
    assert assign_colours(frame_of(v=[1, 2]), by, plain="#000000").legend["items"][0]["n"] == 0


@pytest.mark.parametrize(
    "text", ["red", "#12345", "#12345g", "", "url(https://e.example/x)", "#000000;x"]
)
def test_a_colour_is_a_number_of_six_digits(text):
    frame = gpd.GeoDataFrame({"kind": ["a"], "n": [1.0]}, geometry=[None])
    table = pd.DataFrame({"kind": ["a"], "n": [1.0], "m": [0.0], "o": [0.0]})
    made = (
        lambda: assign_colours(frame, None, plain=text),
        lambda: assign_colours(frame, Categories("kind", colours={"a": text}), plain="#000000"),
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


@pytest.mark.parametrize(
    ("values", "wanted", "digits"),
    [
        ([0.21, 0.24, 3, 3, 9, 9], 1, 2),  # the first class would read 0.2 - 0.2
        ([0.21, 0.34, 3, 3, 9, 9], 1, 1),
        ([1, 1.00001, 1.00002], None, 5),
        ([10, 20, 30], None, 0),
        ([5.0, 5.0], 1, 1),  # one value is one class, from 5.0 to 5.0
        ([1.0, 1.0 + 1e-12], None, 9),
    ],
)
def test_bounds_that_differ_read_differently(values, wanted, digits):
    by = Classes("v", k=3, decimals=wanted)
    legend = assign_colours(frame_of(v=values), by, plain="#000000").legend
    assert legend["decimals"] == digits
    if digits < 9:
        for one in legend["items"]:
            low, high = round(one["from"], digits), round(one["to"], digits)
            assert low < high or one["from"] == one["to"]


def test_a_long_kind_is_cut_and_shows_it():
    found = assign_colours(
        frame_of(kind=["长" * 81, "短" * 80]), Categories("kind"), plain="#000000"
    )
    assert {one["label"] for one in found.legend["items"]} == {"长" * 79 + "…", "短" * 80}


@pytest.mark.parametrize("n", range(13))
def test_a_layer_in_one_colour_differs_from_the_kinds_beside_it_whatever_the_eyes(n):
    used = [*CATEGORY_COLOURS, OTHER][:n]
    while len(used) < n:
        used.append(distinct_colour(used))
    found = distinct_colour(used, 4)
    for eyes in EYES.values():
        gaps = [np.linalg.norm(lab(found, eyes) - lab(one, eyes)) for one in used]
        assert min(gaps, default=99) > 14
    assert n or found == CATEGORY_COLOURS[4]
