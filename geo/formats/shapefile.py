"""ESRI Shapefile: one kind of geometry, names of 10 bytes, texts of 254, UTF-8 or GBK."""

from functools import partial
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.formats.columns import (
    Losses,
    as_text,
    fitted_names,
    plain_columns,
    shortened,
    without_infinity,
)
from geo.formats.format import Format, Provenance, check_rows
from geo.formats.gdal import check_layer, write_layer
from geo.formats.shapes import layer_type, one_kind

__all__ = ["SHAPEFILE_ENCODINGS", "shapefile"]

SHAPEFILE_ENCODINGS: Final = ("UTF-8", "GBK")
"""Of texts and names; the ``.cpg`` file beside the table names it."""

_PARTS: Final = (
    ".shx", ".dbf", ".prj", ".cpg",
    # what other programs lay beside a layer, and what would be wrong beside another one
    ".qix", ".sbn", ".sbx", ".idm", ".ind", ".qpj", ".ain", ".aih", ".atx", ".fbn", ".fbx",
    ".ixs", ".mxs", ".dbt", ".shp.xml",
)  # fmt: skip
_NAME_BYTES: Final = 10
_TEXT_BYTES: Final = 254
_LARGEST_INTEGER: Final = 10**17 - 1  # 18 signs, one of them for a minus
_LARGEST_NUMBER: Final = 1e22  # of 24 signs
_DECIMALS: Final = 15
_FIXED_DATE: Final = "1980-01-01"


def shapefile(encoding: str) -> Format:
    """Return the format with texts in an encoding.

    Parameters
    ----------
    encoding
        Encoding of the attribute table, one of ``SHAPEFILE_ENCODINGS``.

    Returns
    -------
    Format
        Whose files are published together.

    Examples
    --------
    >>> shapefile("GBK").beside[:2]
    ('.shx', '.dbf')
    """
    return Format(partial(_fill, encoding), _check, beside=_PARTS)


def _fill(encoding: str, frame: gpd.GeoDataFrame, provenance: Provenance, path: Path) -> None:  # noqa: ARG001
    losses = Losses("shp")
    shapes = one_kind(frame.geometry.to_numpy(), losses)
    originals, columns = plain_columns(frame, losses)
    names = fitted_names(originals, longest=_NAME_BYTES, encoding=encoding)
    losses.names(originals, names)
    cells = {
        name: _cells(column, name, encoding, losses)
        for name, column in zip(names, columns, strict=True)
    }
    write_layer(
        path, "ESRI Shapefile", cells, shapes, losses, layer=path.stem,
        geometry_type=layer_type(shapes), encoding=encoding,
        layer_options={"DBF_DATE_LAST_UPDATE": _FIXED_DATE},
    )  # fmt: skip
    losses.log()


def _cells(column: Any, name: str, encoding: str, losses: Losses) -> Any:
    kind = column.type
    if pa.types.is_timestamp(kind):
        losses.add(f"{name}: times are text")
        return as_text(column)
    if pa.types.is_integer(kind):
        return _integers(column, name, losses)
    if pa.types.is_floating(kind):
        return _numbers(without_infinity(column, losses), name, losses)
    return _texts(column, encoding, losses) if pa.types.is_string(kind) else column


def _integers(column: Any, name: str, losses: Losses) -> Any:
    ends = pc.min_max(column).as_py()
    if max(-(ends["min"] or 0), ends["max"] or 0) <= _LARGEST_INTEGER:
        return column
    losses.add(f"{name}: integers of more than 17 digits are text")
    return column.cast(pa.string())


def _numbers(column: Any, name: str, losses: Losses) -> Any:
    values = column.to_numpy(zero_copy_only=False)
    if (np.abs(values) >= _LARGEST_NUMBER).any():
        losses.add(f"{name}: numbers of more than 22 digits are text")
        texts = [None if value is None else repr(value) for value in column.to_pylist()]
        return pa.array(texts, type=pa.string())
    lost = np.abs(np.round(values, _DECIMALS) - values) > 1e-9 * np.abs(values)
    losses.count(int(lost.sum()), f"numbers rounded to {_DECIMALS} decimals")
    return column


def _texts(column: Any, encoding: str, losses: Losses) -> Any:
    values = column.to_pylist()
    held = [value and value.encode(encoding, "replace").decode(encoding) for value in values]
    strange = sum(one != other for one, other in zip(held, values, strict=True))
    losses.count(strange, f"texts with signs that {encoding} lacks, now ?")
    cut = [value and shortened(value, _TEXT_BYTES, encoding) for value in held]
    longer = sum(one != other for one, other in zip(cut, held, strict=True))
    losses.count(longer, f"texts cut to {_TEXT_BYTES} bytes")
    losses.count(sum(value == "" for value in cut), "empty texts now missing")
    spaced = sum(value is not None and value != value.rstrip(" ") for value in cut)
    losses.count(spaced, "texts without the spaces at their ends")
    return pa.array(cut, type=pa.string())


def _check(expected: int, path: Path) -> None:
    """Count the rows, and compare the lengths that the heads state with those of the files."""
    check_layer(expected, path)
    table = path.with_suffix(".dbf").read_bytes()
    rows, head, row = (int.from_bytes(table[a:b], "little") for a, b in ((4, 8), (8, 10), (10, 12)))
    if rows != expected or len(table) < head + rows * row:
        check_rows(path, expected, -1)
    for part, entries in ((path, None), (path.with_suffix(".shx"), expected)):
        with part.open("rb") as file:
            stated = int.from_bytes(file.read(28)[24:], "big") * 2
        if stated != part.stat().st_size or stated != 100 + 8 * (entries or 0) != 100:
            check_rows(path, expected, -1)
