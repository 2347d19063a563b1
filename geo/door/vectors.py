"""Vector files that GDAL reads, and KML.

What GDAL does to the columns of KML, undone: names of underscores, and fields of its own.

Names of untyped data that are not ASCII become underscores. Two Chinese names of one length would
become one column, and the later value the only one. So each such name is replaced by one of our own
before GDAL sees the file, and given back afterwards. A dozen fields are added to every file; those
that hold nothing are no columns of it.

GeoPackage, shapefile, FlatGeobuf, KML, DXF, MapInfo and file geodatabase, through GDAL alone.

Each is opened by the one driver that its bytes call for, after our own look at what GDAL would
swallow: a shapefile cut short, one without its table, names in GBK without a .cpg, a database
whose tables are made of other files.
"""

import html
import re
import sqlite3
import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from pyproj import CRS

from geo.crs import names_files, stated_crs
from geo.door.dbf import decode_cell, table_encoding, wide_integers
from geo.door.faults import listed, named, reading
from geo.door.files import Kind, Source
from geo.door.gdal import batches, layer_info, layer_names, linear_geometries
from geo.door.headers import stated_datum
from geo.door.parquet import chunk_of
from geo.door.table import Chunk, Opened, RowIssue, named_columns
from geo.errors import InputError, UnknownIdError

__all__ = [
    "FORMATS",
    "broken_shapefile",
    "full_layers",
    "open_database",
    "open_vector",
    "with_plain_names",
    "without_empty_fields",
]

_NAMES: Final = re.compile(
    rb"<!\[CDATA\[.*?\]\]>|<!--.*?-->"  # a balloon's text is no data
    rb"|(?P<start><(?:[A-Za-z_][\w.-]*:)?Data\s(?:[^<>]*?\s)?name\s*=\s*)"
    rb"(?P<quoted>\"[^\"<]*\"|'[^'<]*')",
    re.DOTALL,
)
_ADDED: Final = (
    "id", "name", "description", "timestamp", "begin", "end", "altitudemode", "tessellate",
    "extrude", "visibility", "draworder", "icon", "snippet",
)  # fmt: skip
_UNSET: Final = (None, -1, 0, "")
_PLAIN: Final = re.compile(r"[A-Za-z0-9_]+")


def with_plain_names(source: Source) -> tuple[Source, dict[str, str]]:
    r"""Replace names of data that GDAL would change.

    Parameters
    ----------
    source
        An opened KML file (``geo.door.files.Source``).

    Returns
    -------
    source, names : tuple
        The file as it is where no name has to change, else its changed bytes; and the true name
        by the one that stands for it.

    Examples
    --------
    >>> given = Source("a.kml", "kml", None, '<kml><Data name="名称"/></kml>'.encode())
    >>> changed, names = with_plain_names(given)
    >>> changed.content, names
    (b'<kml><Data name="jjj_data_1"/></kml>', {'jjj_data_1': '名称'})
    """
    with source.open() as file:
        content = file.read()
    stands_for: dict[str, str] = {}

    def plain(found: re.Match[bytes]) -> bytes:
        if found["quoted"] is None:
            return found[0]
        name = html.unescape(found["quoted"][1:-1].decode("utf-8", "replace"))
        if _PLAIN.fullmatch(name):
            return found[0]
        own = stands_for.setdefault(name, f"jjj_data_{len(stands_for) + 1}")
        return found["start"] + b'"' + own.encode() + b'"'

    changed = _NAMES.sub(plain, content)
    if not stands_for:
        return source, {}
    names = {own: name for name, own in stands_for.items()}
    return replace(source, path=None, content=changed), names


def without_empty_fields(opened: Opened) -> Opened:
    """Leave out the fields that GDAL adds to every KML where no row has anything in them.

    Parameters
    ----------
    opened
        Opened table of a KML file, as GDAL reads it.

    Returns
    -------
    Opened
        With the columns that the file has.
    """
    unused = {name for name in opened.columns if name.lower() in _ADDED}
    for chunk in opened.chunks():
        unused = {name for name in unused if _is_unset(chunk, name)}

    def chunks() -> Iterator[Chunk]:
        for chunk in opened.chunks():
            yield replace(chunk, frame=chunk.frame.drop(columns=list(unused)))

    kept = tuple(name for name in opened.columns if name not in unused)
    return replace(opened, columns=kept, chunks=chunks)


def _is_unset(chunk: Chunk, name: str) -> bool:
    column = chunk.frame[name]
    return bool((column.isna() | column.isin(_UNSET)).all())


_SHP_HEADER: Final = 100
FORMATS: Final[dict[Kind, tuple[str, str]]] = {
    "dxf": ("DXF", "DXF"),
    "filegdb": ("file geodatabase", "OpenFileGDB"),
    "flatgeobuf": ("FlatGeobuf", "FlatGeobuf"),
    "gpkg": ("GeoPackage", "GPKG"),
    "kml": ("KML", "LIBKML"),
    "mapinfo": ("MapInfo", "MapInfo File"),
    "shapefile": ("Shapefile", "ESRI Shapefile"),
}
"""By kind: what it is called, and GDAL's driver."""
_LATIN: Final = "ISO-8859-1"
_INDEX_TABLES: Final = ("rtree", "rtree_i32", "fts3", "fts4", "fts5")
_COMMENT: Final = re.compile(r"/\*.*?\*/|--[^\n]*", re.DOTALL)
_VIRTUAL_TABLE: Final = re.compile(
    r"\s*create\s+virtual\s+table\b.*?\busing\b\s*[\"'`\[]?(?P<module>\w*)",
    re.IGNORECASE | re.DOTALL,
)


def open_vector(source: Source, *, layer: str | None = None, encoding: str | None = None) -> Opened:
    """Open one layer of a vector file.

    Parameters
    ----------
    source
        An opened file (``geo.door.files.Source``) of a kind in ``FORMATS``.
    layer
        Name of the layer; by default the only one with features.
    encoding
        Encoding of a shapefile's table, used instead of its .cpg; None detects it.

    Returns
    -------
    Opened
        One row a feature.

    Raises
    ------
    InputError
        When it is damaged or empty, a part is missing, or several layers could be meant.
    UnknownIdError
        When there is no such layer.
    CRSError
        When its reference system cannot be read, or rests on an old datum.
    """
    _, driver = FORMATS[source.kind]
    notes: tuple[str, ...] = ()
    recode = None
    names: dict[str, str] = {}
    if source.kind == "kml":
        source, names = with_plain_names(source)
    if source.kind == "gpkg":
        _require_plain_database(source)
    if source.kind == "shapefile":
        recode, notes = _checked_shapefile(source, encoding)
    chosen = _chosen_layer(source, layer)
    with _opening(source):
        info = layer_info(
            source.for_reader(), driver, layer=chosen, encoding=_LATIN if recode else None
        )
    if not info["features"]:
        msg = f"{source.name}: {'' if layer is None else f'layer {layer!r} '}holds no features"
        raise InputError(msg)
    info["fields"] = [names.get(str(one), str(one)) for one in info["fields"]]
    opened = _opened(source, info, chosen, recode, notes)
    return without_empty_fields(opened) if source.kind == "kml" else opened


def _opening(source: Source) -> Any:
    return reading(source.name, f"a {FORMATS[source.kind][0]}", "export it again")


def full_layers(source: Source) -> tuple[list[str], list[str]]:
    """List the layers with geometry that hold features, and those that hold none.

    Parameters
    ----------
    source
        An opened file (``geo.door.files.Source``), whose kind was read from its bytes.

    Returns
    -------
    full, empty : list of str
        Both empty for a file of one layer without a name of its own.

    Raises
    ------
    InputError
        When it cannot be read.
    """
    if source.kind not in ("dxf", "filegdb", "flatgeobuf", "gpkg", "kml"):
        return [], []
    if source.kind == "gpkg":
        _require_plain_database(source)
    target, driver = source.for_reader(), FORMATS[source.kind][1]
    with _opening(source):
        listed = [name for name, kind in layer_names(target, driver) if kind]
        rows = {one: int(layer_info(target, driver, layer=one)["features"]) for one in listed}
    return [one for one in listed if rows[one]], [one for one in listed if not rows[one]]


def _chosen_layer(source: Source, wanted: str | None) -> str | None:
    if source.kind in ("shapefile", "mapinfo"):
        return None
    with _opening(source):
        there = layer_names(source.for_reader(), FORMATS[source.kind][1])
    names = [name for name, _ in there]
    if wanted is not None:
        if wanted not in names:
            raise UnknownIdError("layer", wanted, names, of=source.name)
        return wanted
    if len(there) == 1:
        return names[0]
    with_shapes = [name for name, kind in there if kind] or names
    if len(with_shapes) != 1:
        full, _ = full_layers(source)
        with_shapes = full if len(full) == 1 else with_shapes
    if len(with_shapes) != 1:
        shown = listed(with_shapes) or "none"
        msg = f"{source.name}: layers {shown} could all be meant; name one with --sheet"
        raise InputError(msg)
    return with_shapes[0]


def _opened(
    source: Source,
    info: dict[str, Any],
    layer: str | None,
    recode: str | None,
    notes: tuple[str, ...],
) -> Opened:
    label, driver = FORMATS[source.kind]
    fields = [_text(str(name), recode).text for name in info["fields"]]
    columns, renamed = named_columns(fields)
    spatial = info.get("geometry_type") is not None
    kinds = zip(columns, info["ogr_types"], strict=True)
    dated = [name for name, kind in kinds if kind == "OFTDateTime"]
    crs, declared = _stated_crs(info.get("crs"), source.name)
    target, charset = source.for_reader(), _LATIN if recode else None
    straight = partial(linear_geometries, target, driver, layer=layer)

    def chunks() -> Iterator[Chunk]:
        start = 0
        with _opening(source):
            for geometry, batch in batches(target, driver, layer=layer, encoding=charset):
                shape = geometry if spatial else None
                again = partial(straight, start=start, rows=batch.num_rows)
                table = pa.Table.from_batches([batch])
                chunk = _with_moments(chunk_of(table, columns, shape, start, again), dated)
                if source.kind == "gpkg":
                    chunk = _with_damaged(chunk, source, layer or "", start)
                elif source.kind == "shapefile":
                    chunk = _with_wide_integers(chunk, source, start)
                yield chunk if recode is None else _recoded(chunk, recode)
                start += batch.num_rows

    if spatial and crs is None:
        notes = (*notes, "it states no reference system")
    facts = {
        "format": label,
        "layer": layer,
        "encoding": recode,
        "rows": int(info["features"]),
    }
    facts = {key: value for key, value in facts.items() if value}
    every_note = (*source.notes, *notes, *renamed)
    return Opened(columns, chunks, facts, every_note, crs, declared, spatial=spatial)


def _stated_crs(stated: str | None, name: str) -> tuple[CRS | None, str | None]:
    if not stated:
        return None, None
    with named(name):
        crs = stated_crs(stated)
    if crs is None:
        return None, None
    shifted = stated_datum(crs.name)
    return crs, shifted if shifted in ("gcj02", "bd09") else None


def _text(cell: str, encoding: str | None) -> Any:
    if encoding is None:
        return decode_cell(cell.encode("utf-8", "replace"), "utf-8")
    return decode_cell(cell.encode(_LATIN, "replace"), encoding)


def _recoded(chunk: Chunk, encoding: str) -> Chunk:
    """Read the bytes of each text again as what they are, and say which were cut or damaged."""
    issues = list(chunk.issues)
    made: dict[str, Any] = {}
    for name in chunk.frame.columns:
        column = chunk.frame[name]
        if column.dtype != object:
            made[name] = column
            continue
        cells = list(column)
        for at, cell in enumerate(cells):
            if isinstance(cell, str) and not cell.isascii():
                read = _text(cell, encoding)
                cells[at] = read.text
                if read.cut or read.damaged:
                    reason = "cut_text" if read.cut else "damaged_text"
                    issues.append(RowIssue(at, reason, f"{name}: {read.text}"[:60]))
        made[name] = pd.Series(cells, dtype=object)
    frame = pd.DataFrame(made, index=chunk.frame.index)
    return replace(chunk, frame=frame, issues=tuple(issues))


def _require_plain_database(source: Source) -> None:
    """Raise when tables of a GeoPackage refer to other files, before GDAL opens it."""
    with reading(source.name, "a GeoPackage", "it is damaged, or no GeoPackage"):
        base = open_database(source)
        try:
            rows = base.execute("select type, name, sql from sqlite_master").fetchall()
            _refuse_windows(source.name, rows)
            systems = base.execute("select * from gpkg_spatial_ref_sys").fetchall()
        finally:
            base.close()
    if any(names_files(str(cell)) for row in systems for cell in row):
        msg = f"{source.name}: a reference system in it names another file, which is not opened"
        raise InputError(msg)


def _refuse_windows(name: str, rows: list[tuple[Any, Any, Any]]) -> None:
    """Refuse tables that are made by a module, and lists of tables that are made by a query."""
    for kind, table, sql in rows:
        made = _VIRTUAL_TABLE.match(_COMMENT.sub(" ", str(sql)))
        module = made["module"].lower() if made else ""
        if (made and module not in _INDEX_TABLES) or (
            kind == "view" and str(table).lower().startswith("gpkg_")
        ):
            msg = f"{name}: its table {table!r} is a window on something else ({str(sql)[:60]!r})"
            raise InputError(msg)


def open_database(source: Source) -> sqlite3.Connection:
    """Open a database to look into, never to write: no journal, no file beside it.

    Parameters
    ----------
    source
        An opened GeoPackage (``geo.door.files.Source``).

    Returns
    -------
    sqlite3.Connection
        Close it after use.
    """
    if source.path is None:
        base = sqlite3.connect(":memory:")
        base.deserialize(source.content or b"")
        return base
    address = f"file:{quote(str(source.path.absolute()))}?mode=ro&immutable=1"
    return sqlite3.connect(address, uri=True)


def _with_damaged(chunk: Chunk, source: Source, layer: str, start: int) -> Chunk:
    """Say which geometries GDAL took for missing that are stored, and so are damaged."""
    if chunk.shapes is None or not (missing := shapely.is_missing(chunk.shapes)).any():
        return chunk
    base = open_database(source)
    try:
        column = base.execute(
            "select column_name from gpkg_geometry_columns where table_name = ?", (layer,)
        ).fetchone()
        if column is None:
            return chunk
        name, table = (one.replace('"', '""') for one in (str(column[0]), layer))
        stored = base.execute(
            f'select "{name}" is not null from "{table}" limit ? offset ?',  # noqa: S608 - quoted
            (len(missing), start),
        ).fetchall()
    finally:
        base.close()
    there = np.array([bool(one) for (one,) in stored], dtype=bool)
    lost = np.flatnonzero(missing & there) if len(there) == len(missing) else ()
    issues = (*chunk.issues, *(RowIssue(int(at), "broken_geometry") for at in lost))
    return replace(chunk, issues=issues)


def _with_moments(chunk: Chunk, dated: list[str]) -> Chunk:
    """Make moments of ISO 8601 texts; those of several zones stay texts, each with its own."""
    made: dict[str, Any] = {}
    for name in dated:
        texts = chunk.frame[name].map(lambda cell: cell and cell.rstrip("\0"))  # GDAL pads some
        made[name] = texts
        with suppress(ValueError):
            made[name] = pd.to_datetime(texts, format="ISO8601")
    return replace(chunk, frame=chunk.frame.assign(**made)) if made else chunk


def _with_wide_integers(chunk: Chunk, source: Source, start: int) -> Chunk:
    """Give columns of integers beyond 18 digits, which GDAL reads as floats, their digits back."""
    table = None if source.path is None else _sibling(source.path, ".dbf")
    exact = {} if table is None else wide_integers(table, start, len(chunk.frame))
    found = {
        chunk.frame.columns[at]: pd.Series(cells, dtype=object)
        for at, cells in exact.items()
        if at < chunk.frame.shape[1] and len(cells) == len(chunk.frame)
    }
    return replace(chunk, frame=chunk.frame.assign(**found)) if found else chunk


def _checked_shapefile(source: Source, declared: str | None) -> tuple[str, tuple[str, ...]]:
    path = source.path
    if path is None:
        msg = f"{source.name}: a shapefile is several files; give its path"
        raise InputError(msg)
    defect = broken_shapefile(path)
    if defect:
        msg = f"{source.name}: {defect}"
        raise InputError(msg)
    cpg = _sibling(path, ".cpg")
    stated = cpg.read_text("ascii", "ignore").strip("\0 \t\r\n")[:40] if cpg is not None else ""
    with named(source.name):
        encoding, notes = table_encoding(_sibling(path, ".dbf"), declared, stated)
    return encoding, tuple(notes)


def broken_shapefile(path: Path) -> str | None:
    """Return what is missing or truncated in a shapefile.

    Parameters
    ----------
    path
        Path of the .shp file; the other parts are looked for beside it.

    Returns
    -------
    str or None
        The first defect, or None.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(_SHP_HEADER)
    if len(head) < _SHP_HEADER or struct.unpack(">i", head[24:28])[0] * 2 != size:
        return "the .shp is cut or damaged (its length is not the one it states)"
    for suffix, what in ((".dbf", "the table"), (".shx", "the index")):
        if _sibling(path, suffix) is None:
            return f"its {suffix} ({what}) is missing; give all files of the shapefile"
    return _broken_table(path)


def _broken_table(path: Path) -> str | None:
    table, index = _sibling(path, ".dbf"), _sibling(path, ".shx")
    if table is None or index is None:
        return "a part is missing"
    with table.open("rb") as file:
        head = file.read(32)
    if len(head) < 32:
        return "its .dbf is cut"
    rows, head_size, row_size = struct.unpack("<IHH", head[4:12])
    if row_size < 1 or head_size < 33:
        return "its .dbf is damaged at its start"
    if table.stat().st_size < head_size + rows * row_size:
        return "its .dbf is cut (shorter than it states)"
    shapes = (index.stat().st_size - _SHP_HEADER) // 8
    return None if shapes == rows else f"its .dbf has {rows} rows and its .shx {shapes}"


def _sibling(path: Path, suffix: str) -> Path | None:
    for one in (path.with_suffix(suffix), path.with_suffix(suffix.upper())):
        if one.is_file():
            return one
    return None
