"""GeoPackage and Shapefile through pyogrio, after our own look at what it would swallow.

A shapefile cut short, one without its table, names in GBK without a .cpg and a garbage geometry
are all read by GDAL without a word.
"""

import codecs
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from pyproj import CRS

from geo.door.encodings import commonness
from geo.door.files import Kind, Source
from geo.door.headers import stated_datum
from geo.door.opened import CHUNK_ROWS, Chunk, Opened, named_columns
from geo.errors import CRSError, InputError, UnknownIdError

__all__ = ["broken_shapefile", "open_gpkg", "open_shapefile", "table_encoding"]

_SHP_HEADER: Final = 100
_FORMATS: Final[dict[Kind, str]] = {
    "gpkg": "GeoPackage", "flatgeobuf": "FlatGeobuf", "kml": "KML", "shapefile": "Shapefile",
}  # fmt: skip
_LATIN: Final = "ISO-8859-1"
_READ_ERRORS: Final = (RuntimeError, ValueError, OSError, shapely.errors.GEOSException)
_OLD: Final = ("Xian 1980", "Beijing 1954", "New Beijing")


def open_gpkg(source: Source, *, layer: str | None = None) -> Opened:
    """Open one layer of a GeoPackage, a FlatGeobuf or a KML file.

    Parameters
    ----------
    source
        A file that passed the door.
    layer
        Its name; by default the only one.

    Returns
    -------
    Opened
        One row a feature.

    Raises
    ------
    InputError
        When it is damaged or empty, or several layers could be meant.
    UnknownIdError
        When there is no such layer.
    """
    target = source.for_reader()
    try:
        listed = [str(name) for name, _ in pyogrio.list_layers(target)]
    except _READ_ERRORS as error:
        msg = f"{source.name}: cannot be read as {_FORMATS[source.kind]} ({error})"
        raise InputError(msg) from None
    if layer is not None and layer not in listed:
        raise UnknownIdError("layer", layer, listed)
    if layer is None and len(listed) != 1:
        shown = ", ".join(map(repr, listed)) or "none"
        msg = f"{source.name}: layers {shown} could all be meant; name one with --sheet"
        raise InputError(msg)
    chosen = layer or listed[0]
    info = _info(source, target, layer=chosen)
    return _opened(source, target, info, layer=chosen)


def _info(source: Source, target: Path | bytes, **options: Any) -> dict[str, Any]:
    try:
        info: dict[str, Any] = pyogrio.read_info(target, force_feature_count=True, **options)
    except _READ_ERRORS as error:
        msg = f"{source.name}: cannot be read ({error})"
        raise InputError(msg) from None
    if not info["features"]:
        msg = f"{source.name}: holds no features"
        raise InputError(msg)
    return info


def _stated_crs(info: dict[str, Any], name: str) -> tuple[CRS | None, str | None]:
    stated = info.get("crs")
    if not stated:
        return None, None
    try:
        crs = CRS.from_user_input(stated)
    except (ValueError, RuntimeError):
        msg = f"{name}: its reference system cannot be read"
        raise CRSError(msg) from None
    geodetic = crs.geodetic_crs
    if geodetic is not None and any(old in geodetic.name for old in _OLD):
        msg = (
            f"{name}: rests on {geodetic.name}: bring it to CGCS2000 with the surveyors' "
            "parameters first, a change without them is wrong by up to 100 m"
        )
        raise CRSError(msg)
    shifted = stated_datum(crs.name)
    return crs, shifted if shifted in ("gcj02", "bd09") else None


def _opened(
    source: Source,
    target: Path | bytes,
    info: dict[str, Any],
    *,
    layer: str | None = None,
    recode: str | None = None,
    notes: tuple[str, ...] = (),
) -> Opened:
    options: dict[str, Any] = {"datetime_as_string": True}
    if layer is not None:
        options["layer"] = layer
    if recode is not None:
        options["encoding"] = _LATIN
    fields = [_recoded(str(name), recode) for name in info["fields"]]
    columns, renamed = named_columns(fields)
    spatial = info.get("geometry_type") is not None
    crs, declared = _stated_crs(info, source.name)

    def chunks() -> Iterator[Chunk]:
        for start in range(0, int(info["features"]), CHUNK_ROWS):
            frame = _read(source, target, start, options)
            if frame.empty:
                return
            yield _chunk(frame, columns, start, recode)

    if spatial and crs is None:
        notes = (*notes, "it states no reference system")
    facts = {"format": _FORMATS[source.kind], "layer": layer, "encoding": recode}
    facts = {key: value for key, value in facts.items() if value}
    return Opened(columns, chunks, facts, (*source.notes, *notes, *renamed), crs, declared)


def _read(source: Source, target: Path | bytes, start: int, options: dict[str, Any]) -> Any:
    try:
        return pyogrio.read_dataframe(
            target, skip_features=start, max_features=CHUNK_ROWS, **options
        )
    except _READ_ERRORS as error:
        msg = f"{source.name}: cannot be read from feature {start + 1} on ({error})"
        raise InputError(msg) from None


def _chunk(frame: Any, columns: tuple[str, ...], start: int, recode: str | None) -> Chunk:
    shapes = None
    if isinstance(frame, gpd.GeoDataFrame):
        shapes = frame.geometry.to_numpy()
        frame = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    if recode is not None:
        frame = frame.apply(
            lambda column: (
                column.map(lambda cell: _recoded(cell, recode)).astype(object)
                if column.dtype.kind not in "iufb"
                else column
            )
        )
    cells = pd.DataFrame(
        {name: _unboxed(frame.iloc[:, at]) for at, name in enumerate(columns)},
        index=range(len(frame)),
    )
    lines = np.arange(start + 1, start + 1 + len(frame), dtype=np.int64)
    return Chunk(cells, lines, (), shapes)


def _unboxed(column: "pd.Series[Any]") -> "pd.Series[Any]":
    if column.dtype.kind in "iufb":
        return column.reset_index(drop=True)
    made = column.astype(object)
    return made.where(made.notna(), None).reset_index(drop=True)


def _recoded(cell: Any, encoding: str | None) -> Any:
    if encoding is None or not isinstance(cell, str):
        return cell
    return cell.encode(_LATIN, "replace").decode(encoding, "backslashreplace")


def broken_shapefile(path: Path) -> str | None:
    """Say what is missing or cut in a shapefile.

    Parameters
    ----------
    path
        The .shp.

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
    if table.stat().st_size < head_size + rows * row_size:
        return "its .dbf is cut (shorter than it states)"
    shapes = (index.stat().st_size - _SHP_HEADER) // 8
    return None if shapes == rows else f"its .dbf has {rows} rows and its .shx {shapes}"


def _sibling(path: Path, suffix: str) -> Path | None:
    for one in (path.with_suffix(suffix), path.with_suffix(suffix.upper())):
        if one.is_file():
            return one
    return None


def open_shapefile(source: Source, *, encoding: str | None = None) -> Opened:
    """Open a shapefile with the encoding its table is really in.

    Parameters
    ----------
    source
        The .shp, which passed the door.
    encoding
        Wins over the .cpg and over detection.

    Returns
    -------
    Opened
        One row a feature.

    Raises
    ------
    InputError
        When a part is missing or cut, or it holds nothing.
    CRSError
        When its .prj rests on an old datum.
    """
    path = source.path
    if path is None:
        msg = f"{source.name}: a shapefile is several files; give its path"
        raise InputError(msg)
    defect = broken_shapefile(path)
    if defect:
        msg = f"{source.name}: {defect}"
        raise InputError(msg)
    chosen, notes = table_encoding(path, encoding)
    info = _info(source, path, encoding=_LATIN)
    return _opened(source, path, info, recode=chosen, notes=notes)


def table_encoding(path: Path, given: str | None) -> tuple[str, tuple[str, ...]]:
    """Find the encoding that a shapefile's table is really in.

    Parameters
    ----------
    path
        The .shp.
    given
        Wins over the .cpg and over detection.

    Returns
    -------
    encoding, notes : tuple
        As Python calls it, and what is to be said.

    Raises
    ------
    InputError
        When the given one does not fit, or none can be told.
    """
    table = _sibling(path, ".dbf")
    sample = _beyond_ascii(table) if table is not None else b""
    cpg = _sibling(path, ".cpg")
    stated = cpg.read_text("ascii", "ignore").strip()[:40] if cpg is not None else ""
    wanted = _python_name(given or stated)
    if not sample:
        return "utf-8", ()
    scores = {
        one: _score(sample, one) for one in (wanted, "utf-8", "gb18030", "big5", "cp932") if one
    }
    if given:
        if scores.get(wanted, -1.0) < 0:
            msg = f"{path}: its table is not {given}"
            raise InputError(msg)
        return wanted, ()
    if wanted and scores[wanted] >= max(scores.values()) - 0.05 and scores[wanted] >= 0:
        return wanted, ()
    best = max(scores, key=lambda one: (scores[one], one == "utf-8"))
    if scores[best] < 0:
        msg = f"{path}: the encoding of its table cannot be told; name it with --encoding"
        raise InputError(msg)
    why = f"its .cpg says {stated}, which does not fit" if stated else "it has no .cpg"
    return best, (f"its table is read as {best} ({why}; --encoding says otherwise)",)


def _python_name(stated: str) -> str:
    """Return Python's name of a code page that a .cpg or the user states; empty when unknown."""
    plain = {"936": "gb18030", "65001": "utf-8", "950": "big5"}.get(stated, stated)
    try:
        found = codecs.lookup(plain).name
    except LookupError:
        return ""
    return "gb18030" if found in ("gbk", "gb2312", "cp936") else found


def _beyond_ascii(table: Path) -> bytes:
    """Return the bytes of the table's texts, cell by cell where they are not ASCII."""
    with table.open("rb") as file:
        content = file.read(1 << 20)
    head_size = struct.unpack("<H", content[8:10])[0]
    pieces = content[32:head_size].split(b"\r")[0][:0] + content[head_size:]
    cells = [cell for cell in pieces.replace(b"\x00", b" ").split(b"  ") if not cell.isascii()]
    return b"\n".join(cells[:-1] or cells)


def _score(sample: bytes, encoding: str) -> float:
    """Return the share of common signs, or −1 where the encoding does not fit."""
    try:
        text = sample.decode(encoding, "replace")
    except LookupError:
        return -1.0
    damaged = text.count("\ufffd") / max(1, len(text))
    return -1.0 if damaged > 0.02 else commonness(text) + (0.3 if encoding == "utf-8" else 0.0)
