"""One awkward table in every format that is read: the same answer everywhere, by every command.

What a format itself cannot hold is stated as data (``LACKS``), so that the rest is compared
exactly.
"""

import datetime as dt
import math
import re

import pytest
from awkward_tables import ALL, plain, written
from shapely import Point

from geo.cli import inputs
from geo.door.cells import read_cells
from geo.render.given import given
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
    **dict.fromkeys(("geojson", "geojsonl", "geojson_rs"), {"share": {2: "", 3: ""}}),
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
        "map": lambda: next(iter(given(str(path)))).frame,
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
