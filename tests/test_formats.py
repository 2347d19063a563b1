"""A frame as a file: every format counted back, equal bytes for equal frames, nothing runs."""

import csv
import datetime as dt
import io
import json
import re
import sqlite3
import subprocess
import sys

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point, Polygon

from geo.errors import CRSError, InputError, OutputError
from geo.formats import SUFFIXES, add_frame, check_file, defuse, geojson_text, json_value
from geo.write import Outputs

HOSTILE = "=cmd|' /C calc'!A0"


def frame(**columns):
    base = {"name": ["北京", HOSTILE], "value": [1.5, np.nan], **columns}
    return gpd.GeoDataFrame(base, geometry=[Point(116.4, 39.9), None], crs=4326)


def written(tmp_path, data, suffix, name="out", **options):
    target = tmp_path / f"{name}{suffix}"
    with Outputs(overwrite=True) as outputs:
        add_frame(outputs, target, data, **options)
    return target


def every_byte(target):
    """Return the bytes of a file and those of its set, or of a folder's files."""
    files = target.iterdir() if target.is_dir() else target.parent.glob(f"{target.stem}.*")
    return {one.name.removeprefix(target.stem): one.read_bytes() for one in files}


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_equal_frames_give_equal_bytes(tmp_path, suffix):
    one = every_byte(written(tmp_path, frame(), suffix, "one"))
    subprocess.run([sys.executable, "-c", "import time; time.sleep(2.1)"], check=True)
    assert every_byte(written(tmp_path, frame(), suffix, "two")) == one


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_format_reads_back_all_rows(tmp_path, suffix):
    target = written(tmp_path, frame(), suffix)
    if suffix == ".csv":
        assert len(pd.read_csv(target)) == 2
    elif suffix == ".xlsx":
        assert len(pd.read_excel(target, engine="openpyxl")) == 2
    elif suffix == ".parquet":
        back = gpd.read_parquet(target)
        assert back.name.tolist() == ["北京", HOSTILE]
        assert back.geometry.isna().tolist() == [False, True]
    elif suffix == ".dxf":
        assert len(pyogrio.read_dataframe(target)) == 1  # a drawing holds what has a place
    else:
        back = pyogrio.read_dataframe(target).rename(columns={"Name": "name"})  # KML's own
        assert back.name.tolist() == ["北京", HOSTILE]
        assert back.geometry.isna().tolist() == [False, True]


def test_geojson_follows_rfc_7946(tmp_path):
    clockwise = Polygon([(0, 0), (0, 1), (1, 1), (1, 0)])
    data = gpd.GeoDataFrame({"a": [1]}, geometry=[clockwise], crs=4326)
    text = geojson_text(data, {"title": "京"})
    found = json.loads(text)
    assert set(found) == {"type", "provenance", "features"}
    assert found["provenance"] == {"title": "京"}
    ring = found["features"][0]["geometry"]["coordinates"][0]
    assert shapely.LinearRing(ring).is_ccw
    assert all(len(vertex) == 2 for vertex in ring)
    assert text.endswith("]}\n")


def test_geojson_rounds_to_six_decimals_without_minus_zero():
    data = gpd.GeoDataFrame(geometry=[Point(116.12345678, -1e-9)], crs=4326)
    assert json.loads(geojson_text(data))["features"][0]["geometry"]["coordinates"] == [
        116.123457,
        0.0,
    ]
    assert "-0.0" not in geojson_text(data)


@pytest.mark.parametrize(
    "value,wanted",
    [
        (np.inf, None),
        (float("nan"), None),
        (pd.NaT, None),
        (pd.NA, None),
        (np.int64(3), 3),
        (np.bool_(True), True),
        (dt.date(2026, 2, 2), "2026-02-02"),
        (pd.Timestamp("2026-02-02 10:00"), "2026-02-02T10:00:00"),
        ([1, np.nan], [1, None]),
        ({"a": np.float32(0.5)}, {"a": 0.5}),
        (b"x", "b'x'"),
        ("\ud800", "?"),
    ],
)
def test_cells_become_strict_json(value, wanted):
    assert json_value(value) == wanted


@given(
    st.lists(
        st.one_of(st.text(), st.floats(), st.integers(), st.none(), st.booleans()),
        min_size=1,
        max_size=8,
    )
)
def test_geojson_is_strict_json_whatever_the_cells(cells):
    data = gpd.GeoDataFrame(
        {"cell": pd.Series(cells, dtype=object)}, geometry=[Point(1, 1)] * len(cells), crs=4326
    )
    found = json.loads(geojson_text(data), parse_constant=pytest.fail)
    assert len(found["features"]) == len(cells)


def test_a_nullable_integer_column_is_written_as_null():
    data = gpd.GeoDataFrame(
        {"n": pd.array([1, None], dtype="Int64")}, geometry=[Point(1, 1)] * 2, crs=4326
    )
    assert [one["properties"]["n"] for one in json.loads(geojson_text(data))["features"]] == [
        1,
        None,
    ]


@given(
    st.text(
        st.one_of(st.sampled_from("=+-@＝﹢\t\r\n\u3000\u200b\0 1."), st.characters()), max_size=9
    )
)
def test_no_defused_text_starts_a_formula(text):
    safe = defuse(text)
    visible = "".join(sign for sign in safe if sign.isprintable() and not sign.isspace())
    if not re.fullmatch(r"[+-]?[0-9.]+(e[+-]?[0-9]+)?", visible, re.IGNORECASE):
        assert not visible.startswith(
            ("=", "+", "-", "@", "＝", "＋", "－", "＠", "﹦", "﹢", "﹣", "﹫")
        )
        assert not safe.startswith(("\t", "\r", "\n"))
    assert safe in {text, f"'{text}"}


@pytest.mark.parametrize(
    "text", ["-inf", "+nan", "-1_0", "-0x1F", "- 5", "+５", "\n=1", "\u3000@A1"]
)
def test_what_python_takes_for_a_number_may_still_be_a_formula(text):
    assert defuse(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-12.5", "+5", " -1e-5", "+8610123", "-.5"])
def test_signed_numbers_stay_numbers(text):
    assert defuse(text) == text


def as_a_spreadsheet_reads(text):
    """Split a CSV into rows; a bare CR ends one too, as in Excel, since lines are cut there."""
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("cell", ["a\r=1+1", "a\r\n@b", "a\n=1", "a\0=1", '"\r=1', "\r"])
def test_no_cell_ends_its_row(tmp_path, cell):
    data = frame(**{f"head{cell}": [cell, "x"]})
    text = written(tmp_path, data, ".csv").read_bytes().decode("utf-8-sig")
    rows = as_a_spreadsheet_reads(text)
    assert [len(row) for row in rows] == [5, 5, 5]
    assert rows[0][2] == f"head{cell}".replace("\0", "\ufffd")
    assert rows[1][2].removeprefix("'") == cell.replace("\0", "\ufffd")


def test_csv_cells_and_headers_are_defused_but_numbers_are_not(tmp_path):
    data = frame(**{"=1+1": ["-12.5", "+86 10 1234"]})
    with written(tmp_path, data, ".csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["name", "value", "'=1+1", "lon", "lat"]
    assert rows[1] == ["北京", "1.5", "-12.5", "116.4", "39.9"]
    assert rows[2] == [f"'{HOSTILE}", "", "'+86 10 1234", "", ""]


def test_xlsx_holds_texts_never_formulas(tmp_path):
    book = openpyxl.load_workbook(written(tmp_path, frame(), ".xlsx"))
    assert {cell.data_type for row in book.active.iter_rows() for cell in row} <= {"s", "n"}


def test_xlsx_survives_control_signs_and_very_long_texts_and_says_so(tmp_path, caplog):
    data = frame(odd=["a\x00b\x0bc", "长" * 40_000])
    with caplog.at_level("WARNING"):
        book = openpyxl.load_workbook(written(tmp_path, data, ".xlsx"))
    assert len(book.active.cell(3, 3).value) == 32_767
    assert "2 cell(s)" in caplog.text


def test_parquet_is_geoparquet_with_provenance(tmp_path):
    found = pq.read_schema(written(tmp_path, frame(), ".parquet", provenance={"a": 1})).metadata
    geo = json.loads(found[b"geo"])
    assert geo["version"] == "1.1.0"
    assert geo["columns"]["geometry"]["geometry_types"] == ["Point"]
    assert geo["columns"]["geometry"]["bbox"] == [116.4, 39.9, 116.4, 39.9]
    assert json.loads(found[b"provenance"]) == {"a": 1}


def test_parquet_takes_mixed_columns(tmp_path):
    back = pd.read_parquet(written(tmp_path, frame(mixed=[1, "a"]), ".parquet"), columns=["mixed"])
    assert back.mixed.tolist() == ["1", "a"]


def test_geopackage_has_an_index_and_takes_a_column_named_fid(tmp_path):
    target = written(tmp_path, frame(fid=["x", "y"]), ".gpkg")
    base = sqlite3.connect(target)
    assert (
        base.execute("select count(*) from sqlite_master where name like 'rtree_%'").fetchone()[0]
        > 0
    )
    base.close()
    assert pyogrio.read_dataframe(target).fid_1.tolist() == ["x", "y"]


def test_empty_frames_are_written(tmp_path):
    empty = frame().iloc[:0]
    for suffix in SUFFIXES:
        written(tmp_path, empty, suffix)
    assert json.loads((tmp_path / "out.geojson").read_text())["features"] == []


def test_a_frame_is_not_changed_by_writing(tmp_path):
    data = frame()
    before = data.copy()
    for suffix in SUFFIXES:
        written(tmp_path, data, suffix)
    pd.testing.assert_frame_equal(pd.DataFrame(data), pd.DataFrame(before))


def test_wrong_suffix_metres_and_plain_tables_are_refused(tmp_path):
    with Outputs() as outputs:
        with pytest.raises(InputError, match=r"out\.dwg: no format .* \.csv, .*\.shp"):
            add_frame(outputs, tmp_path / "out.dwg", frame())
        with pytest.raises(CRSError):
            add_frame(outputs, tmp_path / "out.geojson", frame().to_crs(3857))
        with pytest.raises(InputError, match="table without geometry"):
            add_frame(outputs, tmp_path / "out.geojson", pd.DataFrame({"a": [1]}))


def test_geojson_keeps_heights_to_the_centimetre():
    shapes = shapely.from_wkt(
        ["POINT Z (1 2 43.456)", "POINT (1 2)", "LINESTRING Z (0 0 1, 1 1 NaN)", "POINT ZM (1 2 -0.001 9)", "POINT M (1 2 9)"]
    )  # fmt: skip
    text = geojson_text(gpd.GeoDataFrame(geometry=shapes, crs=4326))
    found = [one["geometry"]["coordinates"] for one in json.loads(text)["features"]]
    assert found == [[1, 2, 43.46], [1, 2], [[0, 0], [1, 1]], [1, 2, 0], [1, 2]]
    assert "-0.0" not in text


def test_geoparquet_states_heights(tmp_path):
    shapes = shapely.from_wkt(
        ["POINT Z (1 2 3.456)", "POINT (0 5)", "LINESTRING ZM (0 0 1 9, 1 1 2 9)"]
    )
    target = written(tmp_path, gpd.GeoDataFrame(geometry=shapes, crs=4326), ".parquet")
    geo = json.loads(pq.read_schema(target).metadata[b"geo"])["columns"]["geometry"]
    assert geo["geometry_types"] == ["LineString Z", "Point", "Point Z"]
    assert geo["bbox"] == [0, 0, 1, 1, 5, 3.456]
    assert gpd.read_parquet(target).geometry.has_m.tolist() == [False, False, False]


def test_csv_is_counted_line_ends_in_cells_or_not(tmp_path):
    data = frame(note=['two\nlines and a "quote', "a\r\nb"])
    target = written(tmp_path, data, ".csv")
    check_file(".csv", 2, target)
    content = target.read_bytes()
    target.write_bytes(content[: content.index(b"quote")])
    with pytest.raises(OutputError, match="reads back 0 rows of 2"):
        check_file(".csv", 2, target)


def test_lon_lat_of_the_user_are_kept_beside_ours(tmp_path):
    with written(tmp_path, frame(lon=["x", "y"]), ".csv").open(encoding="utf-8-sig") as file:
        assert next(csv.reader(file)) == ["name", "value", "lon", "lon_wgs84", "lat_wgs84"]


def test_a_point_that_is_empty_leaves_its_cells_empty(tmp_path):
    data = gpd.GeoDataFrame({"a": [1, 2]}, geometry=[Point(), Point(116.4, 39.9)], crs=4326)
    with written(tmp_path, data, ".csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file))[1:] == [["1", "", ""], ["2", "116.4", "39.9"]]
