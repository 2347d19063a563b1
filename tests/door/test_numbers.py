import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.door.numbers import parse_cell, parse_cells, rounding_m, split_pairs


@pytest.mark.parametrize(
    ("text", "value", "form", "axis"),
    [
        ("１１６．３９７", 116.397, "fullwidth", ""),
        (" 116.397 ", 116.397, "spaces", ""),
        ("116.397°", 116.397, "degree_sign", ""),
        ("116.397度", 116.397, "degree_sign", ""),
        ("116.397°E", 116.397, "degree_sign", "lon"),
        ("E116.397", 116.397, "hemisphere", "lon"),
        ("39.9 N", 39.9, "hemisphere", "lat"),
        ("东经116.397", 116.397, "hemisphere", "lon"),
        ("北纬39.9度", 39.9, "degree_sign", "lat"),
        ("東経116.5", 116.5, "hemisphere", "lon"),
        ("W116.397", -116.397, "hemisphere", "lon"),
        ("116,397", 116.397, "decimal_comma", ""),
        ("116°23′50″", 116.397222222, "dms", ""),
        ("116°23'50.5\"E", 116.397361111, "dms", "lon"),
        ("东经116度23分50秒", 116.397222222, "dms", "lon"),
        ("116:23:50", 116.397222222, "dms", ""),
        ("116 23 50", 116.397222222, "dms", ""),
        ("116°23.5′", 116.391666667, "dms", ""),
        ("39º54’26” N", 39.907222222, "dms", "lat"),
    ],
)
def test_a_form_that_is_understood(text, value, form, axis):
    found, how, which = parse_cell(text)
    assert found == pytest.approx(value, abs=1e-8)
    assert which == axis
    assert how == form


@pytest.mark.parametrize(
    "text",
    [
        "1_16.397", "١١٦.٣", "116.39.7", "116°63′00″", "116°23′75″", "abc", "116.4,39.9", "=116.4",
        "0x74", "1e999", "E116.4N", "1,163,970", "116-117", "nan1", "∞", "116°", "°", "--5",
    ],
)  # fmt: skip
def test_what_is_not_a_coordinate_is_not_guessed(text):
    parsed = parse_cells([text])
    if text == "116°":
        assert parsed.values[0] == 116.0
    else:
        assert math.isnan(parsed.values[0])
        assert parsed.forms[0] == "not_a_number"


@pytest.mark.parametrize("text", ["", " ", "-", "N/A", "无", "nan", "NULL", "#N/A", None, "——"])
def test_words_for_nothing_are_missing(text):
    assert parse_cells([text]).forms.tolist() == ["missing"]


@given(st.floats(-180, 180), st.integers(0, 9))
@settings(max_examples=80)
def test_a_plain_decimal_is_read_exactly(value, digits):
    text = f"{value:.{digits}f}"
    parsed = parse_cells([text])
    assert parsed.values[0] == float(text)
    assert parsed.forms[0] == ""


@given(st.integers(0, 179), st.integers(0, 59), st.integers(0, 5999))
@settings(max_examples=80)
def test_degrees_minutes_seconds_go_there_and_back(degrees, minutes, hundredths):
    seconds = hundredths / 100
    value, form, _ = parse_cell(f"{degrees}°{minutes}′{seconds:.2f}″")
    assert form == "dms"
    assert value == pytest.approx(degrees + minutes / 60 + seconds / 3600, abs=1e-8)


@given(st.text(max_size=20))
@settings(max_examples=200)
def test_no_text_at_all_raises_or_gives_infinity(text):
    parsed = parse_cells([text])
    assert not np.isinf(parsed.values[0])
    assert np.isfinite(parsed.values[0]) or parsed.forms[0] in ("missing", "not_a_number")


def test_numbers_and_booleans_of_a_workbook():
    parsed = parse_cells([116.4, True, 39, None, float("nan"), float("inf")])
    assert parsed.forms.tolist() == ["", "not_a_number", "", "missing", "missing", "not_a_number"]


@pytest.mark.parametrize(
    ("cell", "pair"),
    [
        ("116.4,39.9", ("116.4", "39.9")),
        ("116.4，39.9", ("116.4", "39.9")),
        ("(116.4, 39.9)", ("116.4", "39.9")),
        ("116.4 39.9", ("116.4", "39.9")),
        ("116.4;39.9", ("116.4", "39.9")),
        ("POINT (116.4 39.9)", ("116.4", "39.9")),
        ("SRID=4326;POINT Z (116.4 39.9 50)", ("116.4", "39.9")),
        ("LINESTRING (116 39, 117 40)", ("LINESTRING (116 39", "117 40)")),
    ],
)
def test_one_cell_for_both(cell, pair):
    first, second = split_pairs([cell])
    assert (first[0], (second[0] or "").rstrip(")")) == (pair[0], pair[1].rstrip(")"))


def test_rounding_is_the_half_unit_along_the_diagonal():
    lon, lat = np.array([116.0, 116.4, 116.39]), np.array([39.0, 39.9, 39.91])
    assert rounding_m(lon, lat)[0] == pytest.approx(
        0.5 * 111_320 * np.sqrt(1 + np.cos(np.radians(39)) ** 2)
    )
    assert (np.diff(rounding_m(lon, lat)) < 0).all()
