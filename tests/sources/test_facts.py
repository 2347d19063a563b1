"""Reading the compiled tables: text stays text, numbers are asked for."""

import math

import pytest

from geo.errors import InputError, MissingFileError, UnknownIdError
from geo.region import open_region
from geo.sources.facts import read_csv


@pytest.mark.parametrize("table", open_region().tables)
def test_tables_are_clean_text(table):
    raw = (open_region().folder / "tables" / f"{table}.csv").read_bytes()
    text = raw.decode("utf-8")
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in raw
    assert text.endswith("\n")
    assert "\x00" not in text
    assert "\ufffd" not in text
    frame = open_region().table(table)
    assert len(frame) > 0
    assert frame.columns.is_unique
    assert not frame.duplicated().any()
    for column in frame:
        assert (frame[column] == frame[column].str.strip()).all(), column


def test_codes_stay_text_and_empty_cells_stay_empty():
    frame = open_region().table("population")
    assert frame.adcode.str.fullmatch(r"\d{6}").all()
    assert "" in set(frame.note)


def test_numbers_are_numbers_and_empty_is_nan():
    frame = open_region().table("population", numbers=("pop_2000",))
    assert frame.pop_2000.dtype == "float64"
    assert math.isnan(frame.pop_2000.min()) is False


def test_a_word_in_a_number_column_names_the_table_and_the_row():
    with pytest.raises(InputError, match=r"population\.csv: name_zh.*东城区.*line 2"):
        open_region().table("population", numbers=("name_zh",))


def test_unknown_tables_and_columns_name_the_nearest():
    with pytest.raises(UnknownIdError, match="nearest: population"):
        open_region().table("populations")
    with pytest.raises(UnknownIdError, match="nearest: pop_20"):
        open_region().table("population", numbers=("pop_2015",))


def test_a_missing_table_is_named(tmp_path):
    with pytest.raises(MissingFileError, match=r"claims\.csv: the table is missing"):
        read_csv(tmp_path / "claims.csv")
