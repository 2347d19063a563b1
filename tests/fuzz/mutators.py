"""Damage by structure: bytes, lengths, tokens, trees, members of archives, cells, tables, tags."""

import io
import json
import re
import sqlite3
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePosixPath
from random import Random
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
from tiffs import mutants

from .corpus import WHEN, Sample
from .nasty import INTEGERS, JSON_VALUES, MAGIC, PIECES, ROOTS, TABLES, WORDS, XML_PIECES, blob

__all__ = ["mutated"]

Bytes = Callable[[Random, bytes], bytes]
LONGEST: Final = 4 << 20
_TOKEN: Final = re.compile(r"\w+|\s+|[^\w\s]", re.UNICODE)
_MARKUP: Final = re.compile(r"<[^>]*>|[^<]+|<")
_TEXT: Final = (
    ".csv",
    ".tsv",
    ".psv",
    ".txt",
    ".dat",
    ".mif",
    ".mid",
    ".prj",
    ".cpg",
    ".tab",
    ".dxf",
)
_TREE: Final = (".json", ".geojson")
_XML: Final = (".kml", ".xml", ".html", ".rels")
_ZIP: Final = (".zip", ".kmz", ".xlsx", ".ods")


# bytes and lengths ---------------------------------------------------------------------------


def flipped(random: Random, content: bytes) -> bytes:
    """Change some bytes."""
    made = bytearray(content)
    for _ in range(random.choice((1, 1, 2, 5, 20))):
        at = random.randrange(len(made))
        made[at] = random.choice(
            (made[at] ^ (1 << random.randrange(8)), 0, 255, random.randrange(256))
        )
    return bytes(made)


def cut(random: Random, content: bytes) -> bytes:
    """End early, or late, at a border of the structure or anywhere."""
    borders = [
        0,
        4,
        8,
        16,
        32,
        33,
        64,
        100,
        108,
        512,
        1024,
        4096,
        len(content) // 2,
        len(content) - 1,
        len(content) - 8,
    ]
    borders += [
        found.end() for found in re.finditer(rb"\n|>|\x00\x00\x00\x00|PK", content[:100_000])
    ]
    at = random.choice([one for one in borders if 0 <= one < len(content)] or [0])
    ways = (content[:at], content[at:], content[:at] + content[at + random.randrange(1, 64) :], content + content[at : at + 99],
            content[:at] + bytes(random.choice((1, 16, 600))) + content[at:])  # fmt: skip
    return random.choice(ways)


def renumbered(random: Random, content: bytes) -> bytes:
    """Change a length, a count or an offset, mostly near a border where headers have them."""
    made = bytearray(content)
    for _ in range(random.choice((1, 1, 1, 2, 4))):
        width = random.choice((1, 2, 2, 4, 4, 4, 8))
        if len(made) < width:
            return bytes(made)
        order: Any = random.choice(("little", "big"))
        near = [
            at
            for border in (0, 32, 96, 100, 512, 1024, 2048, 4096, len(made) - 64)
            for at in range(border, border + 64)
        ]
        at = random.choice([one for one in near if 0 <= one <= len(made) - width])
        if random.random() < 0.4:
            at = random.randrange(len(made) - width + 1)
        held = int.from_bytes(made[at : at + width], order)
        value = random.choice(
            (held + 1, held - 1, held * 2, held // 2, held ^ 0x80, random.choice(INTEGERS))
        )
        made[at : at + width] = (value % (1 << 8 * width)).to_bytes(width, order)
    return bytes(made)


def placed_floats(random: Random, content: bytes) -> bytes:
    """Put a strange number where eight bytes may be a coordinate."""
    made = bytearray(content)
    places = [
        at
        for at in range(0, len(made) - 8, 4)
        if 1e-3 < abs(struct.unpack_from("<d", made, at)[0]) < 1e7
    ]
    for at in random.sample(places, min(len(places), random.choice((1, 2, 8)))):
        value = random.choice(
            (float("nan"), float("inf"), -1e308, 1e-320, 0.0, 91.0, 361.0, -180.0)
        )
        struct.pack_into("<d", made, at, value)
    return bytes(made)


def retagged(random: Random, content: bytes) -> bytes:
    """Change numbers in the directories of a TIFF and in what they point at."""
    return next(mutants([content], 1, random.randrange(1 << 30)))


# text ----------------------------------------------------------------------------------------


def coding(content: bytes) -> str:
    """Return the encoding that a text of the corpus is in."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    for one in ("utf-8", "gb18030", "utf-16-le"):
        try:
            content.decode(one)
        except UnicodeDecodeError:
            continue
        return "utf-16-le" if b"\x00" in content[:40] else one
    return "latin-1"


def retokened(random: Random, content: bytes, pattern: Any = _TOKEN, more: Any = ()) -> bytes:
    """Double, drop, swap or replace tokens."""
    code = coding(content)
    tokens = pattern.findall(content.decode(code, "replace"))
    if not tokens:
        return random.choice(PIECES)
    for _ in range(random.choice((1, 1, 2, 5))):
        at, to = random.randrange(len(tokens)), random.randrange(len(tokens))
        way = random.randrange(6)
        if way == 0:
            tokens.insert(at, tokens[to])
        elif way == 1:
            tokens[at] = ""
        elif way == 2:
            tokens[at], tokens[to] = tokens[to], tokens[at]
        elif way == 3:
            tokens[at] = tokens[at] * random.choice((2, 100))
        else:
            tokens[at] = random.choice((*WORDS, *more))
    return "".join(tokens).encode(code, "surrogatepass" if code == "utf-8" else "replace")


def remarked(random: Random, content: bytes) -> bytes:
    """Change tags and text of XML."""
    if random.random() < 0.15:
        return random.choice(ROOTS) + random.choice((content, content.partition(b"?>")[2]))
    way = retokened(random, content, _MARKUP, XML_PIECES)
    return way if random.random() < 0.6 else retokened(random, content, _TOKEN, XML_PIECES)


def retabled(random: Random, content: bytes) -> bytes:
    """Make a MapInfo table one that names other files."""
    line = random.choice(TABLES)
    return random.choice((content + line, re.sub(rb"(?im)^\s*type\s.*$", line.strip(), content)))


def spliced_text(random: Random, content: bytes) -> bytes:
    """Put a piece of bytes at a border of lines or anywhere."""
    borders = [found.end() for found in re.finditer(rb"[\n,;:{\[>]", content)] or [0]
    at = random.choice(
        (random.choice(borders), random.randrange(len(content) + 1), 0, len(content))
    )
    return content[:at] + random.choice(PIECES) + content[at:]


def recoded(random: Random, content: bytes) -> bytes:
    """Write a text in another encoding."""
    text = content.decode(coding(content), "replace")
    code = random.choice(
        (
            "utf-8-sig",
            "utf-16",
            "utf-16-be",
            "utf-32",
            "gb18030",
            "big5",
            "cp932",
            "euc_kr",
            "utf-7",
            "latin-1",
        )
    )
    return text.encode(code, "ignore")


def recelled(random: Random, content: bytes) -> bytes:
    """Change the cells of a delimited text: names, values, widths of rows, number of columns."""
    code = coding(content)
    rows = [line.split(",") for line in content.decode(code, "replace").splitlines()] or [[""]]
    row = random.choice((0, random.randrange(len(rows))))
    at = random.randrange(len(rows[row]))
    long = random.choice((300, 2_100, 10_000))
    ways: tuple[Callable[[], Any], ...] = (
        lambda: rows[row].__setitem__(at, random.choice(WORDS)),
        lambda: rows[row].__setitem__(at, f'"{random.choice(WORDS)}"'),
        lambda: rows[row].insert(at, random.choice(WORDS)),
        lambda: rows[row].pop(at),
        lambda: rows[0].__setitem__(slice(None), rows[0] * 2),
        lambda: [one.extend(map(str, range(long))) for one in rows[:9]],
        lambda: rows[row].__setitem__(at, "x" * 1_000_001),
        lambda: rows.insert(row, []),
        lambda: rows.__setitem__(slice(1, None), []),
        lambda: rows.extend([[random.choice(WORDS) for _ in rows[0]] for _ in range(30)]),
    )
    for _ in range(random.choice((1, 2))):
        rows = [one or [""] for one in rows]
        row = min(row, len(rows) - 1)
        at = min(at, len(rows[row]) - 1)
        random.choice(ways)()
    return "\n".join(map(",".join, rows)).encode(
        code, "surrogatepass" if code == "utf-8" else "replace"
    )


# trees ---------------------------------------------------------------------------------------


def regrown(random: Random, content: bytes) -> bytes:
    """Change a place of a JSON tree, or double a key."""
    try:
        tree = json.loads(content)
    except ValueError:
        return retokened(random, content)
    for _ in range(random.choice((1, 1, 2, 4))):
        tree = _changed(random, tree)
    text = json.dumps(tree, ensure_ascii=random.random() < 0.5)
    if random.random() < 0.15:
        key = random.choice(re.findall(r'"(\w+)":', text) or ["a"])
        text = text.replace("{", f'{{"{key}": {json.dumps(random.choice(JSON_VALUES))}, ', 1)
    return text.encode("utf-8", "surrogatepass")


def _changed(random: Random, tree: Any) -> Any:
    inside: list[Any] = (
        list(tree)
        if isinstance(tree, dict)
        else list(range(len(tree)))
        if isinstance(tree, list)
        else []
    )
    if not inside or random.random() < 0.15:
        return random.choice(JSON_VALUES)
    key = random.choice(inside)
    if random.random() < 0.1:
        made = dict(tree) if isinstance(tree, dict) else list(tree)
        if isinstance(made, dict) and random.random() < 0.5:
            made[random.choice(WORDS)] = made.pop(key)
        else:
            del made[key]
        return made
    made = dict(tree) if isinstance(tree, dict) else list(tree)
    made[key] = _changed(random, tree[key])
    return made


def relined(random: Random, content: bytes) -> bytes:
    """Change one line of a sequence."""
    lines = content.split(b"\n")
    at = random.randrange(len(lines))
    mark = b"\x1e" if lines[at].startswith(b"\x1e") else b""
    lines[at] = mark + regrown(random, lines[at].removeprefix(mark))
    return b"\n".join(lines)


# archives and tables -------------------------------------------------------------------------


def repacked(random: Random, content: bytes) -> bytes:
    """Rename, double, drop or damage a member; lie about its size."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = [(one, archive.read(one)) for one in archive.namelist()]
    at = random.randrange(len(members))
    name, inside = members[at]
    way = random.random()
    if way < 0.65 and inside:
        members[at] = (name, random.choice(_ways(name))(random, inside))
    elif way < 0.75:
        members[at] = (
            random.choice(
                (f"../{name}", f"/{name}", name.upper(), f"{name}/", "a\\b", "名.kml", *WORDS[:40])
            ),
            inside,
        )
    elif way < 0.82:
        members.insert(0, (name, random.choice(PIECES)))
    elif way < 0.9:
        members.pop(at)
    return _packed(random, members)


def _packed(random: Random, members: list[tuple[str, bytes]]) -> bytes:
    kept = io.BytesIO()
    methods = (zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED, zipfile.ZIP_LZMA)
    with zipfile.ZipFile(kept, "w") as archive:
        for name, inside in members:
            item = zipfile.ZipInfo(name, WHEN)
            item.compress_type = random.choice(methods)
            if item.filename not in archive.NameToInfo:  # a second of that name would warn
                archive.writestr(item, inside)
            else:
                archive.NameToInfo.pop(item.filename)
                archive.writestr(item, inside)
    made = bytearray(kept.getvalue())
    if random.random() < 0.25:
        at = random.choice(
            [
                found.start()
                for found in re.finditer(rb"PK\x01\x02|PK\x03\x04|PK\x05\x06", bytes(made))
            ]
            or [0]
        )
        place = at + random.choice((4, 6, 8, 10, 14, 16, 18, 20, 22, 24, 26, 28, 30, 42))
        made[place : place + 4] = (
            random.choice(INTEGERS).to_bytes(9, "little")[: random.choice((2, 4))].ljust(4, b"\0")
        )
    return bytes(made)


SQL: Final = (
    "update gpkg_contents set identifier = char(27), srs_id = 99", "update gpkg_contents set table_name = 'x'",
    "delete from gpkg_geometry_columns", "update gpkg_geometry_columns set geometry_type_name = 'CURVEPOLYGON'",
    "update gpkg_geometry_columns set column_name = 'fid'", "update gpkg_spatial_ref_sys set definition = 'nonsense'",
    "update gpkg_spatial_ref_sys set definition = null, organization = ''", "drop table gpkg_spatial_ref_sys",
    "update gpkg_spatial_ref_sys set srs_id = srs_id + 5", "update gpkg_contents set data_type = 'attributes'",
    "alter table 点 rename column adcode to 'a\"b'", "alter table 点 add column geometry text", "delete from 点",
    "create view v as select * from 点", "create trigger t after insert on 点 begin select 1; end",
    "update 点 set geom = zeroblob(9)", "update 点 set geom = null", "update 点 set geom = 'text' where fid = 1",
    "update 点 set geom = x'4750000100000000'", "update 点 set adcode = x'ff00fe'", "update 点 set 员工 = 'many'",
    "update 点 set 成立 = 3.5, 上市 = 'x'", "update 点 set geom = substr(geom, 1, 20) where fid = 2", "drop table gpkg_contents",
    "update 点 set adcode = char(0) || char(8238), 企业名称 = zeroblob(100000)", "update 点 set fid = 9223372036854775807 where fid = 1",
    "create table 面 as select * from 点", "alter table 点 rename to 'x''y'", "pragma user_version = -1", "pragma application_id = 7",
)  # fmt: skip


def by_query(random: Random, content: bytes) -> bytes:
    """Change a database by its own means."""
    base = sqlite3.connect(":memory:")
    base.deserialize(content)
    for (name,) in base.execute("select name from sqlite_master where type = 'trigger'").fetchall():
        base.execute(f'drop trigger "{name}"')  # they call functions that only GDAL has
    for statement in random.sample(SQL, random.choice((1, 1, 2))):
        try:
            base.execute(statement)
        except sqlite3.Error:
            continue
    if random.random() < 0.2:
        base.execute("update 点 set geom = ?", (_GEOPACKAGE + blob(random),))
    base.commit()
    return base.serialize()


_GEOPACKAGE: Final = b"GP\x00\x01\xe6\x10\x00\x00"


def recolumned(random: Random, content: bytes) -> bytes:
    """Change the metadata, the types or the cells of a Parquet file."""
    table = pq.read_table(io.BytesIO(content))
    kept = dict(table.schema.metadata or {})
    way = random.randrange(6)
    if way < 3 and b"geo" in kept:
        kept[b"geo"] = random.choice((regrown, _redescribed))(random, kept[b"geo"])
    elif way == 2:
        kept[random.choice((b"geo", b"provenance"))] = random.choice(PIECES)
    elif way == 3 and "geometry" in table.column_names:
        cells = [blob(random) for _ in range(table.num_rows)]
        table = table.set_column(
            table.column_names.index("geometry"), "geometry", pa.array(cells, pa.binary())
        )
    elif way == 4:
        names = [
            random.choice(WORDS) if random.random() < 0.3 else name for name in table.column_names
        ]
        table = table.rename_columns([name.encode("utf-8", "replace").decode() for name in names])
    else:
        table = table.append_column(
            random.choice(("x", "geom", "adcode")), _strange(random, table.num_rows)
        )
    made = io.BytesIO()
    pq.write_table(table.replace_schema_metadata(kept), made)
    return made.getvalue()


def _redescribed(random: Random, content: bytes) -> bytes:
    """Break one rule of GeoParquet's metadata."""
    geo = json.loads(content)
    column = geo["columns"]["geometry"]
    rules: tuple[tuple[dict[str, Any], str, Any], ...] = (
        (geo, "primary_column", 5), (geo, "primary_column", "none"), (geo, "columns", []), (geo, "version", 1), (geo["columns"], "geometry", None),
        (column, "encoding", "point"), (column, "edges", "curly"), (column, "crs", "EPSG:4326"), (column, "crs", None), (column, "crs", {}),
        (column, "geometry_types", "Point"), (column, "bbox", [1, "2"]), (column, "orientation", "clockwise"), (column, "epoch", "now"),
        (geo, "primary_column", "adcode"), (geo["columns"], "adcode", {"encoding": "WKB"}),
    )  # fmt: skip
    for place, key, value in random.sample(rules, random.choice((1, 1, 2))):
        place[key] = value
    return json.dumps(geo).encode()


def _strange(random: Random, rows: int) -> Any:
    kinds: tuple[tuple[Any, Any], ...] = (
        (b"\xff", pa.binary()), ([1], pa.list_(pa.int8())), ({"a": 1}, pa.struct([("a", pa.int64())])), (2**62, pa.timestamp("s")),
        (5, pa.duration("ns")), (1, pa.decimal128(38, 0)), (2**31 - 1, pa.date32()), ("x", pa.dictionary(pa.int8(), pa.string())),
        (None, pa.null()), (2**40, pa.time64("ns")), (1, pa.timestamp("us", "Asia/Shanghai")), (2**64 - 1, pa.uint64()),
        ([("k", 1)], pa.map_(pa.string(), pa.int8())), (2**50, pa.date64()), (-(2**62), pa.timestamp("ms")), (1.5, pa.float16()),
    )  # fmt: skip
    value, kind = random.choice(kinds)
    return pa.array([value] * rows, kind)


# which ---------------------------------------------------------------------------------------

_ANY: Final[tuple[Bytes, ...]] = (flipped, cut, renumbered)


_WAYS: Final[tuple[tuple[tuple[str, ...], tuple[Bytes, ...]], ...]] = (
    (_ZIP, (repacked, repacked, repacked, repacked, renumbered, cut, flipped)),
    (_TREE, (regrown, regrown, regrown, retokened, spliced_text, cut, flipped, recoded)),
    (
        (".geojsonl", ".geojsons"),
        (relined, relined, relined, retokened, spliced_text, recoded, cut),
    ),
    (_XML, (remarked, remarked, remarked, spliced_text, cut, flipped, recoded)),
    ((".tab", ".mif"), (retabled, retokened, retokened, spliced_text, recoded, cut, flipped)),
    (_TEXT, (recelled, recelled, retokened, retokened, spliced_text, recoded, cut, flipped)),
    ((".yaml",), (retokened, retokened, retokened, spliced_text, cut, recoded)),
    ((".gpkg",), (by_query, by_query, by_query, renumbered, placed_floats, flipped, cut)),
    ((".parquet", ".pq"), (recolumned, recolumned, renumbered, flipped, cut)),
    ((".tif",), (retagged, retagged, retagged, placed_floats, *_ANY)),
)


def _ways(name: str) -> tuple[Bytes, ...]:
    suffix = PurePosixPath(name).suffix.lower()
    found = (ways for suffixes, ways in _WAYS if suffix in suffixes)
    return next(found, (renumbered, renumbered, placed_floats, *_ANY))


def mutated(random: Random, sample: Sample, others: list[Sample]) -> Sample:
    """Damage a sample in one or two ways.

    Parameters
    ----------
    random
        Decides everything.
    sample
        Of the corpus.
    others
        The corpus, for files that are put together of two.

    Returns
    -------
    Sample
        A copy.
    """
    names = sorted(sample.files)
    name = (
        sample.main
        if sample.main in sample.files and random.random() < 0.7
        else random.choice(names)
    )
    if random.random() < 0.04 and len(names) > 1:
        left = {one: content for one, content in sample.files.items() if one != name}
        return replace(sample, files=left)
    content = sample.files[name]
    if random.random() < 0.03:
        other = random.choice(list(random.choice(others).files.values()))
        half = random.randrange(len(content))
        return sample.having(name, (content[:half] + other[half:])[:LONGEST])
    if random.random() < 0.03:
        return sample.having(name, random.choice(MAGIC) + content[random.choice((0, 4, 8)) :])
    for _ in range(random.choice((1, 1, 1, 2))):
        if content:
            content = _damaged(random, name, content)
    return sample.having(name, content[:LONGEST])


def _damaged(random: Random, name: str, content: bytes) -> bytes:
    way = random.choice(_ways(name))
    try:
        return way(random, content)
    except (
        ValueError,
        LookupError,
        TypeError,
        struct.error,
        zipfile.BadZipFile,
        zlib.error,
        sqlite3.Error,
        pa.ArrowException,
        OSError,
        RecursionError,
        NotImplementedError,
    ):
        return flipped(random, content)  # what was damaged before is no longer of its kind
