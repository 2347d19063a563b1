"""Writing of layers larger than memory, piece by piece: Parquet, GeoJSON, GeoJSON lines, CSV.

The bytes are those of ``geo.formats`` for the same rows; only the memory differs.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from geo.crs import STORAGE_CRS
from geo.errors import InputError
from geo.formats import (
    ENCODING,
    Provenance,
    check_file,
    csv_rows,
    encoding_for,
    geojson_features,
    geojson_head,
    geoparquet_metadata,
    geoparquet_table,
    open_csv,
    suffix_of,
)
from geo.write import Outputs

__all__ = ["STREAMED", "add_frames", "can_stream"]

STREAMED: Final = (".csv", ".geojson", ".geojsonl", ".parquet")
"""Formats that can be written piece by piece."""

Pieces = Iterable[gpd.GeoDataFrame]


def can_stream(target: str | Path) -> bool:
    """Tell whether a target's format can be written piece by piece.

    Parameters
    ----------
    target
        Path of the output file, or ``"-"`` for standard output.

    Returns
    -------
    bool
        False for formats that are written at once, such as GeoPackage.

    Examples
    --------
    >>> can_stream("a.parquet"), can_stream("a.xlsx"), can_stream("-")
    (True, False, True)
    """
    return suffix_of(target) in STREAMED


def add_frames(
    outputs: Outputs,
    target: str | Path,
    pieces: Pieces,
    *,
    provenance: Provenance | None = None,
) -> None:
    """Stage a layer that comes in pieces.

    Parameters
    ----------
    outputs
        Files of the run, staged and published together at its end.
    target
        A path with one of ``STREAMED``, or ``"-"`` for GeoJSON on stdout.
    pieces
        Frames with equal columns in ``STORAGE_CRS``; taken once, one at a time.
    provenance
        Provenance of the data, kept in GeoJSON and GeoParquet.

    Raises
    ------
    InputError
        When the format cannot be written piece by piece.
    OutputError
        When the file cannot be written whole.

    Examples
    --------
    >>> with Outputs() as outputs:
    ...     add_frames(outputs, "table.gpkg", [])
    Traceback (most recent call last):
    geo.errors.InputError: table.gpkg: cannot be written piece by piece; one of ...
    """
    suffix = suffix_of(target)
    if suffix not in STREAMED:
        msg = f"{target}: cannot be written piece by piece; one of {', '.join(STREAMED)}"
        raise InputError(msg)
    rows = [0]

    def counted() -> Iterator[gpd.GeoDataFrame]:
        for piece in pieces:
            rows[0] += len(piece)
            yield piece

    fill = _FILLS[suffix]
    if suffix == ".csv":
        fill = partial(_fill_csv, encoding_for(outputs, target))
    outputs.add(
        target,
        partial(fill, counted(), provenance or {}),
        lambda path: check_file(suffix, rows[0], path),
    )


def _fill_parquet(pieces: Pieces, provenance: Provenance, path: Path) -> None:
    writer: Any = None
    kinds: set[str] = set()
    box: list[float] = []
    try:
        for piece in pieces:
            table = geoparquet_table(piece)
            described = json.loads(table.schema.metadata[b"geo"])["columns"]["geometry"]
            kinds.update(described["geometry_types"])
            box = _union(box, described.get("bbox", []))
            table = table.replace_schema_metadata(None)
            if writer is None:
                schema = _without_null_types(table.schema)
                writer = pq.ParquetWriter(path, schema, compression="zstd")
            writer.write_table(_fitted(table, writer.schema))
        if writer is not None:
            metadata = geoparquet_metadata("geometry", kinds, box, provenance)
            writer.add_key_value_metadata(metadata)
    finally:
        if writer is not None:
            writer.close()


def _union(box: list[float], other: list[float]) -> list[float]:
    """Join two boxes; where one has no heights, those of the other are theirs."""
    if not box or not other:
        return box or other
    if len(box) != len(other):
        longer, shorter = (box, other) if len(box) > len(other) else (other, box)
        other = [*shorter[:2], longer[2], *shorter[2:], longer[5]]
        box = longer
    half = len(box) // 2
    low = [min(pair) for pair in zip(box[:half], other[:half], strict=True)]
    high = [max(pair) for pair in zip(box[half:], other[half:], strict=True)]
    return low + high


def _without_null_types(schema: Any) -> Any:
    """Give columns that are empty in the first piece the one type that can hold anything."""
    fields = [
        pa.field(one.name, pa.string() if pa.types.is_null(one.type) else one.type)
        for one in schema
    ]
    return pa.schema(fields)


def _fitted(table: Any, schema: Any) -> Any:
    columns = []
    for field in schema:
        column = table.column(field.name)
        try:
            columns.append(column.cast(field.type))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            msg = (
                f"column {field.name!r} holds {column.type} after {field.type}; "
                "write .geojsonl or .csv, or give the column one type"
            )
            raise InputError(msg) from None
    return pa.Table.from_arrays(columns, schema=schema)


def _fill_geojson(pieces: Pieces, provenance: Provenance, path: Path) -> None:
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(geojson_head(provenance))
        first = True
        for piece in pieces:
            for feature in geojson_features(piece):
                file.write(feature if first else f",\n{feature}")
                first = False
        file.write("]}\n" if first else "\n]}\n")


def _fill_geojsonl(pieces: Pieces, provenance: Provenance, path: Path) -> None:  # noqa: ARG001
    with path.open("x", encoding="utf-8", newline="\n") as file:
        for piece in pieces:
            file.writelines(f"{feature}\n" for feature in geojson_features(piece))


def _fill_csv(encoding: str, pieces: Pieces, provenance: Provenance, path: Path) -> None:  # noqa: ARG001
    with open_csv(path, encoding) as writer:
        first = True
        for piece in pieces:
            header, rows = csv_rows(_with_points(piece))
            if first:
                writer.writerow(header)
            writer.writerows(rows)
            first = False


def _with_points(piece: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Let a piece without any geometry have the same columns as the others."""
    shapes = piece.geometry.to_numpy()
    if not shapely.is_missing(shapes).all():
        return piece
    return piece.set_geometry([shapely.Point()] * len(piece), crs=STORAGE_CRS)


_FILLS: Final[dict[str, Callable[..., None]]] = {
    ".csv": partial(_fill_csv, ENCODING),
    ".geojson": _fill_geojson,
    ".geojsonl": _fill_geojsonl,
    ".parquet": _fill_parquet,
}
