"""Rows that come as Arrow: cells with their own kinds, geometries decoded one by one."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import shapely

from geo.door.dbf import decode_cell
from geo.door.opened import Chunk, RowIssue

__all__ = ["chunk_of"]

Straighten = Callable[[], Sequence[bytes | None]]


def chunk_of(
    table: pa.Table,
    columns: Sequence[str],
    geometry: str | None,
    start: int,
    straighten: Straighten | None = None,
) -> Chunk:
    """Turn some rows of Arrow into a chunk.

    Parameters
    ----------
    table
        The rows.
    columns
        Names of its columns but the geometry, in order.
    geometry
        The column with WKB, or None.
    start
        Number of rows before these.
    straighten
        Reads the geometries again with their curves as lines.

    Returns
    -------
    Chunk
        Integers and truth values stay what they are beside missing ones; a geometry that cannot be
        decoded is missing and said, and so is text that its field's width cut in mid character.

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
