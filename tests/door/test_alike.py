"""One awkward table in every format that is read: the same answer everywhere, by every command.

What a format itself cannot hold is stated as data (``LACKS``), so that the rest is compared
exactly.
"""

import datetime as dt
import json
import math
import re
from pathlib import Path

import pandas as pd
import pytest
from awkward_tables import ALL, BOOKS, LAYERS, TABLES, TEXTS, plain, written
from inprocess import jjj
from shapely import LineString, MultiLineString, MultiPoint, Point, Polygon

from geo import layers
from geo.cli import inputs
from geo.door.cells import read_cells
from geo.errors import CRSError, InputError
from geo.render.any_file.inputs import read_layers
from geo.tables import read_points
from geo.tables.gazetteer import units

CODES = ("110105", "120116", "130102", "130638", "130209", "131082")
EAST = dt.timezone(dt.timedelta(hours=8))
CELLS = {
    "big": [9007199254740993, 9223372036854775807, -9007199254740993, 1, 2, 3],
    "some": [9007199254740993, None, 7, 8, 9, 10],
    "flag": [True, None, False, True, False, True],
    "code": ["010010", "020020", None, "000001", "010010", "030"],
    "day": [
        dt.date(1949, 10, 1), dt.date(2020, 2, 29), None, dt.date(1969, 12, 31),
        dt.date(2024, 1, 1), dt.date(1970, 1, 1),
    ],
    "moment": [
        dt.datetime(1969, 7, 20, 20, 17, 40), None, dt.datetime(2020, 1, 2, 3, 4, 5),
        dt.datetime(2021, 1, 1), dt.datetime(2022, 1, 1, 12), dt.datetime(1950, 1, 1, 0, 0, 1),
    ],
    "zoned": [
        dt.datetime(1969, 7, 21, 4, 17, 40, tzinfo=EAST), None,
        *(dt.datetime(year, 1, 1, 8, tzinfo=EAST) for year in (2020, 2021, 2022, 1950)),
    ],
    "share": [0.1, None, math.inf, -math.inf, math.nan, 1e-300],
    "名称": ["北京市朝阳区", "Москва Area", "ひらがな", "カタカナ", "吉野家", "塘沽"],
    "имя": ["а", "б", None, "г", "д", "е"],
    "かな": ["あ", "い", "う", None, "お", "か"],
    "text": ["字" * 300, "a" * 300, "x", None, "y", "z"],
}  # fmt: skip
SHAPES = [Point(units()[one].lon, units()[one].lat) for one in CODES]

_NO_NULL = {"some": {1: "0"}, "flag": {1: "false"}, "share": {1: "0"}}
LACKS = {
    # JSON has neither NaN nor infinity: a writer puts null
    **{one: {"share": {2: "", 3: ""}} for one in ("geojson", "geojsonl", "geojson_rs")},
    # DBF: text of 254 bytes, 15 decimals, no zone but as text
    "shp": {"text": {0: "字" * 84, 1: "a" * 254}, "share": {5: "0"}},
    "shp_zip": {"text": {0: "字" * 84, 1: "a" * 254}, "share": {5: "0"}},
    "shp_gbk": {"text": {0: "字" * 84, 1: "a" * 254}, "share": {5: "0"}},
    # MapInfo: no null of a number, text of 254 bytes, no zone
    "tab": {**_NO_NULL, "text": {0: "字" * 84, 1: "a" * 254}, "zoned": "local"},
    "mif": {**_NO_NULL, "zoned": "local"},
    # a geodatabase has no truth values, and its moments are UTC
    "gdb": {"flag": "numbers", "moment": "utc"},
}
"""What a format cannot hold: by column the cells that come instead, by row, or how they do."""
NO_CELLS = ("dxf",)
"""Formats without attributes."""
_MOMENT = re.compile(r"\d{4}[-/]\d\d[-/]\d\d(?:[T ].*)?")


def said(cell):
    """Return what a cell says, whatever type a format gives it."""
    cell = plain(cell)
    if cell is None or cell in ("", "NaN"):
        return ""
    if isinstance(cell, bool) or str(cell) in ("True", "False", "TRUE", "FALSE"):
        return str(cell).lower()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    text = cell.isoformat() if isinstance(cell, dt.date) else str(cell)
    if not _MOMENT.fullmatch(text):
        return text
    moment = dt.datetime.fromisoformat(text.replace("/", "-"))
    if moment.tzinfo is not None:
        return f"{moment.astimezone(dt.UTC).replace(tzinfo=None).isoformat()}Z"
    return moment.isoformat()


def expected(kind, name):
    """Return what the cells of a column say in a format."""
    cells = [said(cell) for cell in CELLS[name]]
    lack = LACKS.get(kind, {}).get(name, {})
    if lack == "utc":
        return [one and f"{one}Z" for one in cells]
    if lack == "local":
        return [said(cell and cell.replace(tzinfo=None)) for cell in CELLS[name]]
    if lack == "numbers":
        return [{"true": "1", "false": "0", "": ""}[one] for one in cells]
    return [lack.get(at, one) for at, one in enumerate(cells)]


def readers(path):
    """Read a file as each kind of command does."""
    return {
        "locate": lambda: read_points(path).frame,
        "corridor, surface, structure, plan, access": lambda: inputs.read_input(str(path)).frame,
        "map": lambda: next(iter(read_layers(str(path)))).frame,
        "flows, roles, codes": lambda: read_cells(path).frame,
    }


@pytest.fixture(scope="module")
def cells_of(tmp_path_factory):
    made = {}

    def file(kind):
        if kind not in made:
            made[kind] = written(tmp_path_factory.mktemp(kind), kind, CELLS, SHAPES)
        return made[kind]

    return file


@pytest.mark.parametrize("kind", [one for one in ALL if one not in NO_CELLS])
def test_cells_say_the_same_in_every_format_to_every_reader(cells_of, kind):
    for reader, read in readers(cells_of(kind)).items():
        frame = read()
        assert len(frame) == len(SHAPES), reader
        order = frame["big"].map(plain).astype("int64").rank().sort_values().index
        wanted = sorted(range(len(SHAPES)), key=lambda at: CELLS["big"][at])
        for name in CELLS:
            found = [said(cell) for cell in frame[name][order]]
            assert found == [expected(kind, name)[at] for at in wanted], (reader, name)


def test_text_that_a_field_cut_in_mid_character_is_noted(cells_of, tmp_path):
    assert read_points(cells_of("tab")).account.noted["cut_text"] == 1
    # GDAL cuts a DBF between characters, others do not: one byte more of the next
    path = written(tmp_path, "shp", {"text": ["字" * 84, "a" * 254]}, SHAPES[:2])
    table = path.with_suffix(".dbf")
    whole = table.read_bytes()
    cell = ("字" * 84).encode()
    assert cell + b"  " in whole
    table.write_bytes(whole.replace(cell + b"  ", cell + "字".encode()[:2]))
    for read in (read_points, lambda name: inputs.read_input(str(name))):
        opened = read(path)
        assert opened.account.noted["cut_text"] == 1
        assert opened.frame["text"][0] == "字" * 84


MARKS = [
    ("good", Point(116.41, 39.91)), ("island", Point(0, 0)), ("swapped", Point(39.93, 116.43)),
    ("east", Point(200, 39)), ("nothing", None), ("empty", Point()), ("far", Point(121.47, 31.23)),
    ("high", Point(116.42, 39.82, 55.0)), ("north", Point(116, 95)),
]  # fmt: skip
PLACED = {"good": (116.41, 39.91), "swapped": (116.43, 39.93), "high": (116.42, 39.82)}
LEFT_OUT = {"null_island": 1, "out_of_range": 2, "nothing there": 2, "far_outside": 1}
# what the writer or the format cannot put down at all
UNPLACED = dict.fromkeys(("fgb", "dxf"), ("nothing", "empty")) | {"tab": ("empty",)}
FLAT = (*TABLES, "tab", "mif", "fgb")  # a FlatGeobuf of both kinds is written flat
SAME = {"no_coordinates": "nothing there", "no_geometry": "nothing there"}


@pytest.fixture(scope="module")
def places_of(tmp_path_factory):
    made = {}

    def file(kind):
        if kind not in made:
            marks = [one for one in MARKS if one[0] not in UNPLACED.get(kind, ())]
            columns = {"mark": [name for name, _ in marks]}
            made[kind] = written(
                tmp_path_factory.mktemp(kind), kind, columns, [shape for _, shape in marks]
            )
        return made[kind]

    return file


def left_out(account):
    found = {}
    for reason, one in account.left_out.items():
        found[SAME.get(reason, reason)] = found.get(SAME.get(reason, reason), 0) + one.rows
    return found


@pytest.mark.parametrize("kind", ALL)
def test_odd_places_end_alike_in_every_format(places_of, kind):
    missing = len(UNPLACED.get(kind, ()))
    wanted = LEFT_OUT | {"nothing there": 2 - missing}
    wanted = {reason: rows for reason, rows in wanted.items() if rows}
    located, opened = read_points(places_of(kind)), inputs.read_input(str(places_of(kind)))
    for account, frame in (
        (located.account, located.frame), (opened.account, opened.frame),
    ):  # fmt: skip
        assert account.rows == len(MARKS) - missing
        assert left_out(account) == wanted
        assert account.noted["swapped"] == 1
        there = frame[frame.geometry.notna()]
        assert sorted((round(one.x, 5), round(one.y, 5)) for one in there.geometry) == sorted(
            PLACED.values()
        )
        assert set(there["location_basis"]) == {"coordinates"}
        heights = [one.z for one in there.geometry if one.has_z and one.z == one.z]
        assert [one for one in heights if one] == ([] if kind in FLAT else [55.0])


@pytest.mark.parametrize("kind", ALL)
def test_a_map_shows_what_lies_beyond_the_region_and_leaves_out_the_same(places_of, kind):
    shown = next(iter(read_layers(str(places_of(kind)))))
    wanted = LEFT_OUT | {"nothing there": 2 - len(UNPLACED.get(kind, ())), "far_outside": 0}
    assert left_out(shown.account) == {reason: n for reason, n in wanted.items() if n}
    assert shown.account.noted["swapped"] == 1


TWO = [Point(116.41, 39.91), Point(117.21, 39.12)]
STATING = [
    one for one in LAYERS if one not in ("geojsonl", "geojson_rs", "kml", "kmz", "dxf")
]  # formats that state a reference system of their own


@pytest.mark.parametrize("kind", STATING)
def test_metres_over_degrees_are_refused_alike(tmp_path, kind):
    path = written(tmp_path, kind, {"mark": ["a", "b"]}, TWO, crs="EPSG:4509")
    for read in list(readers(path).values())[:3]:
        with pytest.raises(InputError, match="in metres, but its coordinates are degrees"):
            read()


@pytest.mark.parametrize("kind", [one for one in ALL if one != "tab"])  # it cannot hold such
def test_metres_called_degrees_are_refused_alike(tmp_path, kind):
    shapes = [Point(500_000, 4_400_000), Point(510_000, 4_410_000)]
    crs = None if kind == "dxf" else "EPSG:4326"
    path = written(tmp_path, kind, {"metres": ["a", "b"]}, shapes, crs=crs)
    for read in list(readers(path).values())[:3]:
        with pytest.raises((InputError, CRSError), match="--datum"):
            read()


@pytest.mark.parametrize("kind", [*TABLES, *(one for one in STATING if one != "geojson"), "dxf"])
def test_without_a_reference_system_degrees_are_degrees_everywhere(tmp_path, kind):
    path = written(tmp_path, kind, {"degrees": ["a", "b"]}, TWO, crs=None)
    # on a plane without bounds these keep only some decimals
    away = 0.02 if kind in ("tab", "gdb") else 1e-9
    for name, read in list(readers(path).items())[:3]:
        found = sorted(read().geometry, key=lambda one: one.x)
        assert all(one.distance(two) < away for one, two in zip(found, TWO, strict=True)), name


SHAPES_OF_ALL_KINDS = [
    MultiPoint([(116.4, 39.9), (117.2, 39.1)]),
    LineString([(116.4, 39.9, 3), (117.2, 39.1, 5)]),
    MultiLineString([[(116, 39), (116.5, 39.5)], [(117, 39), (117.5, 39.5)]]),
    Polygon([(115, 38), (116, 38), (116, 39)]),
    Polygon([(115, 38), (116, 38), (116, 39)], [[(115.7, 38.2), (115.8, 38.2), (115.8, 38.3)]]),
]


@pytest.mark.parametrize("kind", ["geoparquet", "geojson", "geojsonl", "geojson_rs", "gpkg", "fgb"])
def test_lines_areas_and_their_parts_come_alike(tmp_path, kind):
    numbers = list(range(len(SHAPES_OF_ALL_KINDS)))
    path = written(tmp_path, kind, {"no": numbers}, SHAPES_OF_ALL_KINDS)
    for read in list(readers(path).values())[1:3]:
        frame = read().set_index("no").loc[numbers]
        for found, shape in zip(frame.geometry, SHAPES_OF_ALL_KINDS, strict=True):
            assert found.equals(shape)
            assert found.has_z == (shape.has_z and kind != "fgb")


@pytest.mark.parametrize("kind", [*TEXTS, "xlsx", "xlsm", "ods"])
def test_duplicated_headers_are_told_apart_alike(tmp_path, kind):
    columns = {"数": ["1", "2"], "b": ["3", "4"]}
    path = written(tmp_path, kind, columns, TWO, heads={"b": "数"})
    names = {reader: read().columns.tolist() for reader, read in readers(path).items()}
    assert len({tuple(one[:2]) for one in names.values()}) == 1
    assert len(set(names["locate"])) == len(names["locate"])


CITIES = (
    "110000", "120000", "130100", "130200", "130300", "130400", "130500", "130600", "130700",
    "130800", "130900", "131000", "131100",
)  # fmt: skip
COUNTIES = (
    "110101", "120101", "130102", "130202", "130302", "130402", "130502", "130602", "130702",
    "130802", "130902", "131002", "131102",
)  # fmt: skip


def table_for_commands():
    """Return one table that every command takes, with a missing and a negative weight."""
    n = len(CITIES)
    return {
        "adcode": list(COUNTIES),
        "city": list(CITIES),
        "origin": list(CITIES),
        "destination": ["120000", *["110000"] * (n - 1)],
        "weight": [10.5 + 7 * at for at in range(n)],
        "people": [100 + at * at for at in range(n)],
        "category": ["hospital-3a"] * n,
        "names": ["字"] * n,
    }


MEASURED = {
    "locate": ("locate", "FILE", "-o", "o.csv", "--summary", "s.json"),
    "map": ("map", "FILE", "-o", "o.html", "--summary", "s.json"),
    "codes upgrade": (
        "codes", "upgrade", "FILE", "--from", "2020", "--code", "adcode", "-o", "o.csv",
        "--summary", "s.json",
    ),
    "structure moran": (
        "structure", "FILE", "--measure", "moran", "--code", "city", "--weight", "people",
        "--to", "prefectures", "--permutations", "99", "-o", "o.csv", "--summary", "s.json",
    ),
    "flows": ("flows", "FILE", "-o", "o.csv", "--summary", "s.json"),
    "roles concentration": (
        "roles", "concentration", "FILE", "-o", "o.csv", "--summary", "s.json",
    ),
}  # fmt: skip
ONE_A_READER = ("csv_gbk", "xlsx", "ods", "parquet", "geojson", "gpkg", "shp_gbk", "kml", "gdb")
"""One format of each reader: that all read alike to each command is shown cell by cell above."""
READING = {
    "corridor": ("corridor", "FILE", "--axis", "plan-2026", "-o", "o.csv"),
    "surface": ("surface", "FILE", "-o", "o.tif", "--weight", "weight"),
    "structure centres": ("structure", "FILE", "-o", "o.csv", "--weight", "weight"),
    "plan fit": ("plan", "fit", "FILE", "-o", "o.csv"),
    "plan circles": ("plan", "circles", "FILE", "-o", "o.csv"),
    "access": ("access", "--to", "FILE", "-o", "o.csv"),
}
"""Commands whose measuring takes seconds: what they read is compared, and then they stop."""


class Stop(Exception):  # noqa: N818 - no error
    """Raised instead of measuring."""


@pytest.fixture(scope="module")
def for_commands(tmp_path_factory):
    made = {}

    def file(kind):
        if kind not in made:
            shapes = [Point(units()[one].lon, units()[one].lat) for one in COUNTIES]
            folder = tmp_path_factory.mktemp(kind)
            made[kind] = written(folder, kind, table_for_commands(), shapes)
        return made[kind]

    return file


def ran(words, path, folder):
    """Run a command; return what it wrote as data, without the file's name."""
    for one in ("o.csv", "o.html", "s.json"):
        (folder / one).unlink(missing_ok=True)
    done = jjj(*[str(path) if word == "FILE" else word for word in words])
    assert done.code == 0, done.err
    told = json.loads(Path("s.json").read_text(encoding="utf-8"))
    told.pop("provenance", None)
    rows = pd.read_csv("o.csv", dtype="str").fillna("") if Path("o.csv").exists() else None
    return told, rows


OWN = {
    "locate": [
        "adcode", "county", "city", "location_basis", "location_accuracy_m", "ambiguous",
        "boundary_distance_m", "datum_in",
    ],
    "codes upgrade": ["adcode"],
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("command", MEASURED)
def test_each_command_gives_the_same_answer_for_each_format(
    for_commands, tmp_path, monkeypatch, command
):
    monkeypatch.chdir(tmp_path)
    words = MEASURED[command]
    told, rows = ran(words, for_commands("csv"), tmp_path)
    assert told["headline"]["denominator"] > 0
    for kind in [one for one in ALL if one in ONE_A_READER or command == "locate"]:
        if kind in ("csv", *NO_CELLS) or (kind, command) == ("shp_gbk", "flows"):
            continue  # a DBF has no name as long as `destination`
        again, others = ran(words, for_commands(kind), tmp_path)
        assert again["headline"] == told["headline"], kind
        if rows is None:
            drawn = [(one["kind"], one["drawn"], one["left_out"]) for one in again["layers"]]
            wanted = [(one["kind"], one["drawn"], one["left_out"]) for one in told["layers"]]
            assert drawn == wanted, kind
            continue
        columns = OWN.get(command, rows.columns.tolist())
        first, second = (one[columns].sort_values(columns) for one in (rows, others))
        assert second.to_numpy().tolist() == first.to_numpy().tolist(), kind


@pytest.mark.parametrize("command", READING)
def test_each_command_reads_the_same_rows_from_each_format(
    for_commands, tmp_path, monkeypatch, command
):
    monkeypatch.chdir(tmp_path)
    true, seen = inputs.read_input, []

    def spy(*words, **options):
        seen.append(true(*words, **options))
        raise Stop

    monkeypatch.setattr(inputs, "read_input", spy)
    plan, axes = layers.read_plan("jjj-2023-2035"), inputs.axes_named("plan-2026")
    monkeypatch.setattr(layers, "read_plan", lambda _: plan)
    monkeypatch.setattr(inputs, "axes_named", lambda _: axes)
    for kind in [one for one in ALL if one not in NO_CELLS]:
        words = [str(for_commands(kind)) if one == "FILE" else one for one in READING[command]]
        with pytest.raises(Stop):
            jjj(*words)
    assert len(seen) == len(ALL) - len(NO_CELLS)
    for one in seen:
        assert one.account.described() == seen[0].account.described() | {
            key: one.account.described()[key] for key in ("noted",) if one.account.noted
        }
        frame = one.frame.sort_values("adcode")
        assert frame["location_basis"].tolist() == ["coordinates"] * len(CITIES)
        for name, cells in table_for_commands().items():
            own = name if name in frame.columns else name[:10]  # of a DBF
            assert [said(cell) for cell in frame[own]] == [said(cell) for cell in cells], name


def test_the_formats_are_all_that_are_read():
    from geo.door.readers import ENCODED, SHEETED

    known = {"delimited", "geojson", "geojsonseq", "parquet", "mapinfo", *ENCODED, *SHEETED}
    here = {
        "csv": "delimited", "geojsonl": "geojsonseq", "geoparquet": "parquet", "tab": "mapinfo",
        "fgb": "flatgeobuf", "shp": "shapefile", "gdb": "filegdb",
    }  # fmt: skip
    assert known <= {here.get(one, one) for one in ALL}
    assert set(BOOKS) <= set(ALL)
