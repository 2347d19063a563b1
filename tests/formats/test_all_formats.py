"""One awkward frame in every format that GDAL writes, read back; what each loses is stated here."""

import datetime as dt
import math
from xml.sax.saxutils import escape

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from geo.errors import InputError
from geo.formats import add_frame
from geo.layers import load
from geo.write import Outputs

KEEPERS = [".gpkg", ".fgb", ".shp", ".kml", ".gdb"]
BIG = 2**62 + 1
ZONE = dt.timezone(dt.timedelta(hours=8))
SHAPES = ["POINT Z (116.4 39.9 43.5)", "POINT Z (117.2 39.1 3.25)", None, "POINT EMPTY"]


def awkward(shapes=tuple(SHAPES)):
    columns = {
        "text": ["北京市", "ペキン", "<script>]]>&{{1}}", None],
        "bold": [True, None, False, True],
        "count": pd.array([1, None, -3, 2**31], dtype="Int64"),
        "big": pd.array([BIG, None, -BIG, 0], dtype="Int64"),
        "small": pd.array([1, 2, None, -4], dtype="Int32"),
        "share": [0.125, math.nan, math.inf, -1e-3],
        "day": [dt.date(2026, 2, 2), None, dt.date(1949, 10, 1), None],
        "moment": pd.to_datetime(
            ["2026-02-02T10:00:01.250", None, None, "1999-12-31T23:59:59.000"]
        ),
        "zoned": [dt.datetime(2026, 2, 2, 10, tzinfo=ZONE), None, None, None],
        "mixed": [1, "a", None, 2.5],
        "void": [None] * 4,
    }
    given = [None if one is None else shapely.from_wkt(one) for one in shapes]
    return gpd.GeoDataFrame(columns, geometry=given, crs=4326)


def written(tmp_path, data, suffix, name="out", **options):
    target = tmp_path / f"{name}{suffix}"
    with Outputs(overwrite=True) as outputs:
        add_frame(outputs, target, data, **options)
    return target


def read(target):
    """Return the cells by column, and the shapes."""
    with pyogrio.raw.open_arrow(target, use_pyarrow=True, read_geometry=False) as (_, reader):
        table = reader.read_all()
    cells = {name: table.column(name).to_pylist() for name in table.column_names}
    shapes = pyogrio.raw.read(target, columns=[])[2]
    return cells, list(shapely.from_wkb(shapes))


KEPT = {
    "text": ["北京市", "ペキン", "<script>]]>&{{1}}", None],
    "bold": [True, None, False, True],
    "count": [1, None, -3, 2**31],
    "big": [BIG, None, -BIG, 0],
    "small": [1, 2, None, -4],
    "share": [0.125, None, math.inf, -1e-3],
    "day": [dt.date(2026, 2, 2), None, dt.date(1949, 10, 1), None],
    "moment": [
        dt.datetime(2026, 2, 2, 10, 0, 1, 250_000),
        None,
        None,
        dt.datetime(1999, 12, 31, 23, 59, 59),
    ],
    "zoned": [dt.datetime(2026, 2, 2, 2), None, None, None],
    "mixed": ["1", "a", None, "2.5"],
    "void": [None] * 4,
    "shapes": ["POINT Z (116.4 39.9 43.5)", "POINT Z (117.2 39.1 3.25)", None, "POINT EMPTY"],
}
NO_EMPTY = ["POINT Z (116.4 39.9 43.5)", "POINT Z (117.2 39.1 3.25)", None, None]
ALL_LOSE = "times of the zone +08:00 written in UTC: 1"
LOST = {
    ".gpkg": ({}, ["moment: times are read as UTC"]),
    ".fgb": (
        {
            "day": [dt.datetime(2026, 2, 2), None, dt.datetime(1949, 10, 1), None],
            "shapes": NO_EMPTY,
        },
        ["day: dates are times at midnight", "no spatial index, for want of a place in rows: 2", "empty geometries now missing: 1"],
    ),
    ".shp": (
        {
            "big": [str(BIG), None, str(-BIG), "0"],
            "share": [0.125, None, None, -1e-3],
            "moment": ["2026-02-02T10:00:01.250", None, None, "1999-12-31T23:59:59"],
            "zoned": ["2026-02-02T02:00:00+00:00", None, None, None],
            "shapes": NO_EMPTY,
        },
        ["big: integers of more than 17 digits are text", "infinite numbers now missing: 1", "moment: times are text", "zoned: times are text", "empty geometries now missing: 1"],
    ),
    ".kml": (
        {
            "bold": ["true", None, "false", "true"],
            "count": ["1", None, "-3", str(2**31)],
            "big": [str(BIG), None, str(-BIG), "0"],
            "share": [0.125, None, None, -1e-3],
            "day": ["2026-02-02", None, "1949-10-01", None],
            "moment": ["2026-02-02T10:00:01.250", None, None, "1999-12-31T23:59:59"],
            "zoned": ["2026-02-02T02:00:00+00:00", None, None, None],
            "shapes": NO_EMPTY,
        },
        ["bold: truth values are text", "count: integers of 64 bits are text", "day: dates and times are text", "empty geometries now missing: 1"],
    ),
    ".gdb": (
        {"bold": [1, None, 0, 1], "shapes": NO_EMPTY},
        ["bold: truth values are 1 and 0", "opens in ArcGIS Pro 3.2 or later", "moment: times are read as UTC", "empty geometries now missing: 1"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("suffix", KEEPERS)
@pytest.mark.parametrize("column", [*KEPT])
def test_a_format_keeps_what_it_can_and_loses_what_is_stated(tmp_path, caplog, suffix, column):
    target = written(tmp_path, awkward(), suffix)
    cells, shapes = read(target)
    changes, said = LOST[suffix]
    wanted = changes.get(column, KEPT[column])
    if column == "shapes":
        # a geodatabase keeps billionths of a degree
        found = [one if one is None else shapely.set_precision(one, 1e-8).wkt for one in shapes]
    else:
        found = cells[column]
    if column in ("moment", "zoned") and suffix not in (".shp", ".kml"):
        found = [one and one.replace(tzinfo=None) for one in found]  # as readers differ
    if column == "share" and suffix != ".kml":
        found = [one if one is None else round(one, 15) for one in found]
    assert found == wanted
    assert len(caplog.records) == 1
    for one in [ALL_LOSE, *said]:
        assert one in caplog.text


@pytest.mark.parametrize("suffix", KEEPERS)
def test_a_plain_frame_loses_nothing_and_nothing_is_said(tmp_path, caplog, suffix):
    data = awkward(("POINT (1 2)",) * 4)[["text", "small", "mixed", "geometry"]]
    cells, shapes = read(written(tmp_path, data, suffix))
    for column in ("text", "small", "mixed"):
        assert sorted(map(str, cells[column])) == sorted(map(str, KEPT[column]))
    assert [one.wkt for one in shapes] == ["POINT (1 2)"] * 4
    assert caplog.text == ""


@pytest.mark.parametrize("suffix", KEEPERS)
def test_integers_with_gaps_are_integers_on_disk(tmp_path, suffix):
    data = gpd.GeoDataFrame(
        {"n": pd.array([1, None], dtype="Int64")},
        geometry=gpd.points_from_xy([1, 2], [3, 4]),
        crs=4326,
    )
    target = written(tmp_path, data, suffix)
    info = pyogrio.read_info(target)
    kind = dict(zip(info["fields"], info["ogr_types"], strict=True))["n"]
    assert kind in ("OFTInteger", "OFTInteger64")
    assert sorted(map(str, read(target)[0]["n"])) == ["1", "None"]


MIXED = ["POINT (0 0)", "LINESTRING (0 0, 1 1)", "POLYGON ((0 0, 1 0, 1 1, 0 0))", "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)))"]  # fmt: skip


@pytest.mark.parametrize("suffix", [".gpkg", ".fgb", ".kml"])
def test_several_kinds_of_geometry_are_held(tmp_path, suffix):
    _, shapes = read(written(tmp_path, awkward(MIXED), suffix))
    found = sorted(one.geom_type for one in shapes)
    assert found == ["LineString", "MultiPolygon", "Point", "Polygon"]


@pytest.mark.parametrize("suffix", [".shp", ".gdb"])
def test_several_kinds_are_refused_where_a_layer_has_one(tmp_path, suffix):
    with pytest.raises(
        InputError, match=r"out\.\w+: holds one kind .* 1 lines, 1 points, 2 polygons; write \.gpkg"
    ):
        written(tmp_path, awkward(MIXED), suffix)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", KEEPERS)
def test_polygons_single_and_multiple_are_one_kind(tmp_path, suffix):
    shapes = [MIXED[2], MIXED[3], None, MIXED[2]]
    _, found = read(written(tmp_path, awkward(shapes), suffix))
    assert [one is None for one in found] == [False, False, True, False]
    assert sum(one.area for one in found if one is not None) == 1.5


@pytest.mark.parametrize("suffix", KEEPERS)
def test_heights_of_some_are_kept(tmp_path, caplog, suffix):
    shapes = ["POINT Z (1 2 3.5)", "POINT (1 2)", "POINT Z (3 4 -1)", "POINT Z (5 6 0)"]
    _, found = read(written(tmp_path, awkward(shapes), suffix))
    heights = sorted(one.z for one in found if one.has_z)
    levelled = suffix in (".shp", ".fgb", ".gdb")
    assert heights[:1] + heights[-1:] == [-1, 3.5]
    assert ("geometries without height, now at height 0: 1" in caplog.text) == levelled


def test_flatgeobuf_says_that_several_kinds_lose_their_heights(tmp_path, caplog):
    shapes = ["POINT Z (1 2 3.5)", "LINESTRING (0 0, 1 1)", "POINT Z (3 4 5)", None]
    _, found = read(written(tmp_path, awkward(shapes), ".fgb"))
    assert not any(one.has_z for one in found if one is not None)
    assert "geometries of several kinds whose heights are left out: 2" in caplog.text


@pytest.mark.parametrize("suffix", KEEPERS)
def test_measures_are_left_out_and_heights_stay(tmp_path, caplog, suffix):
    shapes = ["POINT ZM (1 2 3 4)"] * 4
    _, found = read(written(tmp_path, awkward(shapes), suffix))
    assert [one.wkt for one in found] == ["POINT Z (1 2 3)"] * 4
    assert "M values are left out: 4" in caplog.text


@pytest.mark.parametrize("suffix", KEEPERS)
def test_names_alike_in_other_case_stay_apart(tmp_path, caplog, suffix):
    data = gpd.GeoDataFrame(
        {"City": [1], "city": [2], "CITY": [3], "": [4]},
        geometry=gpd.points_from_xy([1], [2]),
        crs=4326,
    )
    cells, _ = read(written(tmp_path, data, suffix))
    assert [int(cells[name][0]) for name in ("City", "city_1", "CITY_2", "unnamed")] == [1, 2, 3, 4]
    assert "columns renamed: city → city_1, CITY → CITY_2,  → unnamed" in caplog.text


@pytest.mark.parametrize("suffix", KEEPERS)
def test_zero_bytes_do_not_end_a_text(tmp_path, caplog, suffix):
    data = gpd.GeoDataFrame({"a": ["x\0y"]}, geometry=gpd.points_from_xy([1], [2]), crs=4326)
    cells, _ = read(written(tmp_path, data, suffix))
    assert cells["a"] == ["x\ufffdy"]
    assert "texts with zero bytes, now U+FFFD: 1" in caplog.text


@pytest.mark.parametrize("suffix", [*KEEPERS, ".dxf"])
def test_a_frame_without_rows_or_without_columns_is_written(tmp_path, suffix):
    whole = gpd.GeoDataFrame(geometry=gpd.points_from_xy([116], [40]), crs=4326)
    assert len(read(written(tmp_path, whole, suffix))[1]) == 1
    assert read(written(tmp_path, awkward().iloc[:0], suffix, "none"))[1] == []


@pytest.mark.parametrize("suffix", [".fgb", ".gdb", ".gpkg"])
def test_provenance_is_kept_where_there_is_a_place(tmp_path, suffix):
    target = written(tmp_path, awkward(), suffix, provenance={"title": "京 <津>", "n": 1})
    wanted = '{"title": "京 <津>", "n": 1}'
    if suffix == ".gdb":
        told = escape(wanted).encode()
        assert any(told in one.read_bytes() for one in target.iterdir())
    else:
        info = pyogrio.read_info(target)
        told = {**(info["dataset_metadata"] or {}), **(info["layer_metadata"] or {})}
        assert told["provenance"] == wanted


def test_numpy_and_python_cells_are_the_same(tmp_path):
    data = gpd.GeoDataFrame(
        {"a": pd.Series([np.int64(1), 2], dtype=object), "b": pd.Categorical(["x", None])},
        geometry=gpd.points_from_xy([1, 1], [2, 2]), crs=4326,
    )  # fmt: skip
    cells, _ = read(written(tmp_path, data, ".gpkg"))
    assert cells["a"] == [1, 2]
    assert cells["b"] == ["x", None]


@pytest.mark.parametrize("layer", ["firms", "facilities", "counties", "axes", "circles"])
@pytest.mark.parametrize("suffix", [*KEEPERS, ".geojson"])
def test_shipped_layers_read_back(tmp_path, layer, suffix):
    frame = load(layer).frame.reset_index()
    back = pyogrio.read_dataframe(written(tmp_path, frame, suffix))
    assert sorted(back["name_zh"]) == sorted(frame["name_zh"])
    assert np.abs(back.total_bounds - frame.total_bounds).max() < 1e-6
    areas = [shapely.area(one.geometry.to_numpy()).sum() for one in (back, frame)]
    assert areas[0] == pytest.approx(areas[1], abs=1e-6)
