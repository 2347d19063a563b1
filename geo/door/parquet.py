"""Arrow tables and Parquet files.

Rows that come as Arrow: cells with their own kinds, geometries decoded one by one.

Parquet and GeoParquet: metadata checked before a geometry is decoded, rows in batches.
"""

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError as ProjCRSError

from geo.crs import parse_crs, stated_crs
from geo.door.dbf import decode_cell
from geo.door.faults import reading
from geo.door.files import Source
from geo.door.headers import stated_datum
from geo.door.table import CHUNK_ROWS, Chunk, Opened, RowIssue, named_columns
from geo.errors import CRSError, InputError

__all__ = [
    "chunk_of",
    "metadata_defect",
    "open_parquet",
]

Straighten = Callable[[], Sequence[bytes | None]]


def chunk_of(
    table: pa.Table,
    columns: Sequence[str],
    geometry: str | None,
    start: int,
    straighten: Straighten | None = None,
) -> Chunk:
    """Convert some rows of an Arrow table to a chunk.

    Parameters
    ----------
    table
        Some consecutive rows of the file as an Arrow table.
    columns
        Names of its columns but the geometry, in order.
    geometry
        Name of the column with the geometry as WKB, or None.
    start
        Number of rows before these.
    straighten
        Reads the geometries again with their curves as lines.

    Returns
    -------
    Chunk
        Integers and truth values stay what they are beside missing ones; a geometry that cannot be
        decoded is missing and reported, and so is text that its field's width cut in mid character.

    Examples
    --------
    >>> rows = pa.table({"id": pa.array([9007199254740993, None])})
    >>> chunk_of(rows, ["id"], None, 0).frame["id"].tolist()
    [9007199254740993, None]
    """
    lines = np.arange(start + 1, start + 1 + table.num_rows, dtype=np.int64)
    plain = table if geometry is None else table.drop_columns([geometry])
    plain, issues = _readable(plain, columns)
    made = plain.to_pandas(integer_object_nulls=True, ignore_metadata=True, date_as_object=True)
    frame = pd.DataFrame(
        {name: _unboxed(made.iloc[:, at]) for at, name in enumerate(columns)},
        index=range(table.num_rows),
    )
    if geometry is None:
        return Chunk(frame, lines, issues)
    blobs = table.column(geometry).to_pylist()
    if straighten is not None and any(map(_is_curved, blobs)):
        blobs = list(straighten())
    with np.errstate(invalid="ignore"):  # a NaN among coordinates is judged where places are
        coded = np.asarray([*blobs, None], dtype=object)[:-1]
        shapes = shapely.from_wkb(coded, on_invalid="ignore")
    shapes = np.asarray(shapes, dtype=object)
    present = np.array([blob is not None for blob in blobs], dtype=bool)
    lost = np.flatnonzero(present & shapely.is_missing(shapes))
    broken = tuple(RowIssue(int(at), "broken_geometry") for at in lost)
    return Chunk(frame, lines, (*broken, *issues), shapes)


def _readable(table: pa.Table, columns: Sequence[str]) -> tuple[pa.Table, tuple[RowIssue, ...]]:
    """Decode texts that are not UTF-8 throughout, and say which were cut or damaged."""
    issues: list[RowIssue] = []
    for place, name in enumerate(columns):
        column = _as_text(table.column(place))
        if column.type != table.column(place).type:
            table = table.set_column(place, table.column_names[place], column)
        if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
            continue
        try:
            column.validate(full=True)
        except pa.ArrowInvalid:
            texts: list[str | None] = []
            for at, raw in enumerate(column.cast(pa.large_binary()).to_pylist()):
                read = None if raw is None else decode_cell(raw, "utf-8")
                texts.append(None if read is None else read.text)
                if read is not None and (read.cut or read.damaged):
                    reason = "cut_text" if read.cut else "damaged_text"
                    issues.append(RowIssue(at, reason, f"{name}: {read.text}"[:60]))
            table = table.set_column(place, table.column_names[place], pa.array(texts))
    return table, tuple(issues)


def _as_text(column: Any) -> Any:
    """Return bytes as the text that they are, or their hexadecimal digits where one is none.

    Old writers of Parquet do not say which bytes are text.
    """
    types, kind = pa.types, column.type
    if not (
        types.is_binary(kind)
        or types.is_large_binary(kind)
        or types.is_fixed_size_binary(kind)
        or types.is_binary_view(kind)
    ):
        return column
    cells = column.to_pylist()
    try:
        texts = [None if cell is None else cell.decode() for cell in cells]
    except UnicodeDecodeError:
        texts = [None if cell is None else cell.hex() for cell in cells]
    return pa.chunked_array([pa.array(texts, pa.large_string())])


def _unboxed(column: "pd.Series[Any]") -> "pd.Series[Any]":
    """Return numbers and dates as they are, and anything else as objects with None for nothing."""
    typed = isinstance(column.dtype, np.dtype) and column.dtype.kind in "iufbM"
    if typed or isinstance(column.dtype, pd.DatetimeTZDtype):
        return column.reset_index(drop=True)
    made = column.astype(object)
    return made.where(made.notna(), None).reset_index(drop=True)


def _is_curved(blob: bytes | None) -> bool:
    """Tell whether WKB holds arcs or surfaces, which plain geometry has not."""
    if blob is None or len(blob) < 5:
        return False
    kind = int.from_bytes(blob[1:5], "little" if blob[0] == 1 else "big") & 0x0FFFFFFF
    return 8 <= kind % 1000 <= 17


_MAX_ROWS: Final = 200_000_000
_MAX_COLUMNS: Final = 2_000
_MAX_GROUP: Final = 8 << 30
_ENCODINGS: Final = ("WKB",)


def open_parquet(source: Source) -> Opened:
    """Open a Parquet table, with its geometry when it is GeoParquet.

    Parameters
    ----------
    source
        An opened file (``geo.door.files.Source``), whose kind was read from its bytes.

    Returns
    -------
    Opened
        Rows in batches; never all at once.

    Raises
    ------
    InputError
        When it is damaged or empty, or its GeoParquet metadata break the standard.
    CRSError
        When it rests on an old datum.
    """
    with reading(source.name, "Parquet"), source.open() as raw, pq.ParquetFile(raw) as file:
        schema, metadata = file.schema_arrow, file.metadata
    _refuse_huge(source.name, metadata)
    raw_geo = (metadata.metadata or {}).get(b"geo")
    geometry, crs, declared, notes = _geometry(source.name, schema, raw_geo)
    index = _index_of(schema)
    unnamed = [field for field, name in index.items() if name is None]
    left = (*unnamed, geometry)
    fields = [name for name in schema.names if name not in left]
    columns, renamed = named_columns([index.get(one) or one for one in fields])
    if len(set(schema.names)) < len(schema.names):
        msg = f"{source.name}: two columns have one name"
        raise InputError(msg)

    def chunks() -> Iterator[Chunk]:
        return _chunks(source, columns, geometry, unnamed)

    keys = [name for name, field in zip(columns, fields, strict=True) if field in index]
    facts = {"format": "GeoParquet" if geometry else "Parquet", "rows": metadata.num_rows}
    facts |= {"index": keys} if keys else {}
    every_note = (*source.notes, *notes, *renamed)
    spatial = geometry is not None
    return Opened(
        columns, chunks, facts, every_note, crs if spatial else None, declared, spatial=spatial
    )


def _index_of(schema: Any) -> dict[str, str | None]:
    """Return the columns in which pandas kept an index, each with its name or None."""
    try:
        metadata = json.loads((schema.metadata or {}).get(b"pandas", b"{}"))
        kept = [one for one in metadata.get("index_columns", ()) if one in schema.names]
        names = {one.get("field_name"): one.get("name") for one in metadata.get("columns", ())}
    except (ValueError, AttributeError, TypeError, RecursionError):  # no pandas wrote that
        return {}
    return {one: None if names.get(one) is None else str(names[one]) for one in kept}


def _refuse_huge(name: str, metadata: Any) -> None:
    if metadata.num_rows == 0:
        msg = f"{name}: holds no rows"
        raise InputError(msg)
    largest = max(metadata.row_group(at).total_byte_size for at in range(metadata.num_row_groups))
    if metadata.num_rows > _MAX_ROWS or metadata.num_columns > _MAX_COLUMNS or largest > _MAX_GROUP:
        msg = (
            f"{name}: {metadata.num_rows:,} rows, {metadata.num_columns} columns, row groups to "
            f"{largest / 2**20:.0f} MiB; at most {_MAX_ROWS:,} rows, {_MAX_COLUMNS} columns and "
            f"{_MAX_GROUP / 2**20:.0f} MiB are read"
        )
        raise InputError(msg)


def _geometry(
    name: str, schema: Any, raw: bytes | None
) -> tuple[str | None, CRS | None, str | None, list[str]]:
    if raw is None:
        bare = [field.name for field in schema if field.name.lower() in ("geometry", "geom", "wkb")]
        binary = [one for one in bare if pa.types.is_binary(schema.field(one).type)]
        if len(binary) == 1:
            return binary[0], None, None, [f"no GeoParquet metadata; {binary[0]!r} is read as WKB"]
        return None, None, None, []
    geo = _parsed(raw)
    defect = metadata_defect(raw, schema, encodings=_ENCODINGS) or _not_binary(geo, schema)
    if defect:
        msg = f"{name}: its GeoParquet metadata are wrong: {defect}"
        raise InputError(msg)
    column = geo["primary_column"]
    described = geo["columns"][column]
    crs, declared = _reference(name, described)
    return column, crs, declared, _doubts(geo, described)


def _parsed(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError):
        return None


def metadata_defect(  # noqa: PLR0911 - one return a rule
    raw: bytes, schema: Any, *, encodings: Collection[str]
) -> str | None:
    """Return which rule of GeoParquet the metadata of a file violate.

    Parameters
    ----------
    raw
        JSON bytes of the metadata key ``geo``.
    schema
        Arrow schema of the Parquet file.
    encodings
        Geometry encodings that are supported.

    Returns
    -------
    str or None
        The first defect, or None.

    Examples
    --------
    >>> metadata_defect(b"{}", pa.schema([]), encodings=("WKB",))
    'no primary_column'
    """
    geo = _parsed(raw)
    if not isinstance(geo, dict):
        return "the key 'geo' is not an object"
    primary, columns = geo.get("primary_column"), geo.get("columns")
    if not isinstance(primary, str):
        return "no primary_column"
    if not isinstance(columns, dict) or primary not in columns:
        return f"columns do not describe {primary!r}"
    described = columns[primary]
    if not isinstance(described, dict) or "encoding" not in described:
        return f"column {primary!r} has no encoding"
    if described["encoding"] not in encodings:
        return f"encoding {described['encoding']!r} is not {' or '.join(encodings)}"
    if described.get("edges", "planar") not in ("planar", "spherical"):
        return f"edges {described['edges']!r}"
    if not isinstance(described.get("crs", {}), dict | None.__class__):
        return "crs is not PROJJSON"
    if primary not in schema.names:
        return f"there is no column {primary!r}"
    return None


def _not_binary(geo: Any, schema: Any) -> str | None:
    primary = geo["primary_column"]
    kind = schema.field(primary).type
    binary = pa.types.is_binary(kind) or pa.types.is_large_binary(kind)
    return None if binary else f"column {primary!r} is not binary"


def _doubts(geo: dict[str, Any], described: dict[str, Any]) -> list[str]:
    doubts = []
    if not isinstance(geo.get("version"), str):
        doubts.append("no version")
    if not isinstance(described.get("geometry_types"), list):
        doubts.append("no geometry_types")
    box = described.get("bbox")
    if box is not None and not (
        isinstance(box, list)
        and len(box) in (4, 6)
        and all(isinstance(one, int | float) for one in box)
    ):
        doubts.append("a bbox that is none")
    if described.get("orientation", "counterclockwise") != "counterclockwise":
        doubts.append("an unknown orientation")
    if not isinstance(described.get("epoch", 0.0), int | float):
        doubts.append("an epoch that is no number")
    return [f"its GeoParquet metadata have {', '.join(doubts)}"] if doubts else []


def _reference(name: str, described: dict[str, Any]) -> tuple[CRS | None, str | None]:
    if "crs" not in described:
        return parse_crs("EPSG:4326"), None
    if described["crs"] is None:
        return None, None
    try:
        crs = CRS.from_json_dict(described["crs"])
    except (ProjCRSError, KeyError, ValueError, TypeError):
        msg = f"{name}: its GeoParquet metadata are wrong: the crs cannot be read"
        raise CRSError(msg) from None
    shifted = stated_datum(crs.name)
    return stated_crs(crs.to_wkt()), shifted if shifted in ("gcj02", "bd09") else None


def _chunks(
    source: Source, columns: tuple[str, ...], geometry: str | None, unnamed: list[str]
) -> Iterator[Chunk]:
    start = 0
    hint = "its pages are damaged or its text is not UTF-8"
    with (
        reading(source.name, "Parquet", hint),
        source.open() as raw,
        pq.ParquetFile(raw) as file,
    ):
        for batch in file.iter_batches(batch_size=CHUNK_ROWS):
            table = pa.Table.from_batches([batch]).drop_columns(unnamed)
            yield chunk_of(table, columns, geometry, start)
            start += batch.num_rows
