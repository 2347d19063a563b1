"""Formats that GDAL writes: GeoPackage, FlatGeobuf, KML, file geodatabase.

Writing a layer with a named driver of GDAL, and reading it back.

FlatGeobuf: one layer in the order of its spatial index, equal bytes for equal frames.

GeoPackage: one layer with its spatial index, equal bytes for equal frames.

KML: one folder of placemarks with names, properties as ``ExtendedData``.

File geodatabase: a folder with one feature class, of one kind of geometry.
"""

import contextlib
import json
import re
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote
from xml.sax.saxutils import escape

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from geo.errors import OutputError
from geo.formats.columns import (
    Losses,
    as_int32,
    as_text,
    fitted_names,
    plain_columns,
    without_infinity,
)
from geo.formats.format import Format, Provenance, check_rows, json_value
from geo.formats.shapes import (
    Shapes,
    as_multi,
    heights_for_all,
    layer_type,
    one_kind,
    without_empty,
    without_measures,
)

__all__ = [
    "FLATGEOBUF",
    "GEODATABASE",
    "GEOPACKAGE",
    "KML",
    "LAYER",
    "check_layer",
    "gdal_failures",
    "plain_path",
    "provenance_text",
    "settings",
    "write_layer",
]

LAYER = "layer"
"""Name of the one layer of a file that we write."""


def provenance_text(provenance: Provenance) -> str:
    """Write the provenance as one JSON text.

    Parameters
    ----------
    provenance
        Provenance of the data: title, sources, licences, method.

    Returns
    -------
    str
        JSON.

    Examples
    --------
    >>> provenance_text({"title": "京"})
    '{"title": "京"}'
    """
    return json.dumps(json_value(provenance), ensure_ascii=False)


def write_layer(
    path: Path,
    driver: str,
    columns: dict[str, Any],
    shapes: Shapes,
    losses: Losses,
    **options: Any,
) -> None:
    """Write columns and shapes in WGS 84 degrees.

    Parameters
    ----------
    path
        Path of the file, which must not exist.
    driver
        GDAL's name of the format; never guessed from the suffix.
    columns
        Arrow arrays by the names that the file gets.
    shapes
        Array of geometries of types that the format supports, in WGS 84 degrees.
    losses
        Receives what GDAL warns of, for the message to the user.
    **options
        Options of ``pyogrio.raw.write_arrow``; ``geometry_type`` is needed.

    Raises
    ------
    OutputError
        When GDAL cannot write it.
    """
    import pyarrow as pa  # noqa: PLC0415 - importing takes longer than many commands run
    from pyogrio.raw import write_arrow  # noqa: PLC0415

    name = _free_name("geometry", columns)
    wkb = shapely.to_wkb(shapes, flavor="iso")
    wkb[shapely.is_missing(shapes)] = None
    table = pa.table({**columns, name: pa.array(np.asarray(wkb), type=pa.binary())})
    with gdal_failures(path, losses), plain_path(path) as place:
        write_arrow(
            table, place, driver=driver, geometry_name=name, crs="EPSG:4326",
            **({"layer": LAYER} | options),
        )  # fmt: skip


@contextlib.contextmanager
def plain_path(path: Path) -> Iterator[Path]:
    """Yield the path by a link without ``!;?*``, which pyogrio would misread.

    Parameters
    ----------
    path
        In a folder that a user may have called anything.

    Yields
    ------
    Path
        The same place, by way of a link where its own name is not plain.
    """
    if not set(str(path)) & set("!;?*"):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="jjj-") as folder:
        link = Path(folder) / "folder"
        link.symlink_to(path.parent, target_is_directory=True)
        yield link / path.name


def _free_name(name: str, columns: dict[str, Any]) -> str:
    taken = {one.casefold() for one in columns}
    while name in taken:
        name += "_"
    return name


@contextlib.contextmanager
def gdal_failures(path: Path, losses: Losses, failed: str = "cannot be written") -> Iterator[None]:
    """Convert GDAL's errors to one line, and its warnings to losses.

    Parameters
    ----------
    path
        The file that is written; its private folder is not named.
    losses
        Receives what GDAL warns of, for the message to the user.
    failed
        Beginning of the error message.

    Yields
    ------
    None
        While GDAL works.

    Raises
    ------
    OutputError
        When GDAL fails.
    """
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            yield
    except MemoryError:
        raise
    except Exception as error:  # GDAL's failures are of no common kind
        msg = f"{failed} ({_first_line(error, path)})"
        raise OutputError(msg) from error
    for one in caught:
        losses.add(_first_line(one.message, path))


def _first_line(message: object, path: Path) -> str:
    lines = str(message).strip().splitlines() or [type(message).__name__]
    return lines[0].replace(str(path), path.name).rstrip(".")


@contextlib.contextmanager
def settings(**options: object) -> Iterator[None]:
    """Set options of GDAL for as long as one file is written.

    Parameters
    ----------
    **options
        Configuration options of GDAL by name, such as ``OGR_CURRENT_DATE``.

    Yields
    ------
    None
        While they are set.
    """
    import pyogrio  # noqa: PLC0415

    before = {name: pyogrio.get_gdal_config_option(name) for name in options}
    pyogrio.set_gdal_config_options(options)
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options(before)


def check_layer(expected: int, path: Path) -> None:
    """Read every row of a layer back and count.

    Parameters
    ----------
    expected
        Number of rows that were written.
    path
        Path of the written file or folder.

    Raises
    ------
    OutputError
        When it cannot be read, or the rows are not as many.
    """
    from pyogrio.raw import open_arrow  # noqa: PLC0415

    found = 0
    with (
        gdal_failures(path, Losses(path.suffix[1:]), "does not read back"),
        plain_path(path) as place,
        open_arrow(place, use_pyarrow=True) as (_, reader),
    ):
        for batch in reader:
            found += batch.num_rows
    check_rows(path, expected, found)


def _fill_fgb(frame: gpd.GeoDataFrame, provenance: Provenance, path: Path) -> None:
    losses = Losses("fgb")
    originals, columns = plain_columns(frame, losses)
    names = fitted_names(originals)
    losses.names(originals, names)
    for name, column in zip(names, columns, strict=True):
        if pa.types.is_date(column.type):
            losses.add(f"{name}: dates are times at midnight")
    shapes = without_empty(without_measures(frame.geometry.to_numpy(), losses), losses)
    shapes = _one_dimension(shapes, losses)
    write_layer(
        path, "FlatGeobuf", dict(zip(names, columns, strict=True)), shapes, losses,
        geometry_type=layer_type(shapes),
        layer_metadata={"provenance": provenance_text(provenance)} if provenance else None,
        layer_options=_index(shapes, losses),
    )  # fmt: skip
    losses.log()


def _one_dimension(shapes: Shapes, losses: Losses) -> Shapes:
    high = shapely.has_z(shapes)
    if not high.any():
        return shapes
    done = heights_for_all(as_multi(shapes), Losses("fgb"))
    if layer_type(done) == "Unknown":
        # GDAL declares heights by the type of the layer, and these have several types
        losses.count(int(high.sum()), "geometries of several kinds whose heights are left out")
        return shapely.force_2d(shapes)  # type: ignore[no-any-return]
    return heights_for_all(as_multi(shapes), losses)


def _index(shapes: Shapes, losses: Losses) -> dict[str, Any]:
    nowhere = int(shapely.is_missing(shapes).sum())
    if not nowhere:
        return {"SPATIAL_INDEX": "YES"}
    losses.add(f"no spatial index, for want of a place in rows: {nowhere:,}")
    return {"SPATIAL_INDEX": "NO"}


FLATGEOBUF: Final = Format(_fill_fgb, check_layer)


# a column named fid would be taken for the row's number
_RESERVED: Final = ("fid", "ogc_fid", "geom")
_FIXED_TIME: Final = "1980-01-01T00:00:00.000Z"


def _fill_gpkg(frame: gpd.GeoDataFrame, provenance: Provenance, path: Path) -> None:
    losses = Losses("gpkg")
    originals, columns = plain_columns(frame, losses)
    names = fitted_names(originals, reserved=_RESERVED)
    losses.names(originals, names)
    losses.utc(names, columns)
    shapes = as_multi(without_measures(frame.geometry.to_numpy(), losses))
    with settings(OGR_CURRENT_DATE=_FIXED_TIME):
        write_layer(
            path, "GPKG", dict(zip(names, columns, strict=True)), shapes, losses,
            geometry_type=layer_type(shapes),
            dataset_metadata={"provenance": provenance_text(provenance)} if provenance else None,
        )  # fmt: skip
    losses.log()


def _check_gpkg(expected: int, path: Path) -> None:
    import sqlite3  # noqa: PLC0415

    base = sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True)
    try:
        intact = base.execute("pragma integrity_check").fetchone()[0]
        indexed = base.execute("select count(*) from sqlite_master where name like 'rtree_%'")
        if intact != "ok" or indexed.fetchone()[0] == 0:
            msg = f"the GeoPackage is not whole ({intact})"
            raise OutputError(msg)
        found = base.execute(f'select count(*) from "{LAYER}"').fetchone()[0]  # noqa: S608 - ours
        check_rows(path, expected, found)
    finally:
        base.close()


GEOPACKAGE: Final = Format(_fill_gpkg, _check_gpkg)


_NAMES: Final = ("name_zh", "name", "name_en", "title", "名称", "名")
_PLACEMARK_NAME: Final = "placemark name"
_BALLOON: Final = "placemark balloon"
# XML 1.0 has no sign for these
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_MARKUP: Final = re.compile("[<>&\"'\t\r\n]")
# the driver's own two columns, which a reader merges with ours of the same name
_RESERVED_KML: Final = (_PLACEMARK_NAME, _BALLOON)


def _fill_kml(frame: gpd.GeoDataFrame, provenance: Provenance, path: Path) -> None:  # noqa: ARG001
    losses = Losses("kml")
    originals, columns = plain_columns(frame, losses)
    # the driver writes names of columns as they are, markup and all
    names = fitted_names(
        originals, reserved=_RESERVED_KML, legal=lambda name: _MARKUP.sub("_", name)
    )
    losses.names(originals, names)
    cells = {
        name: _cells(column, name, losses) for name, column in zip(names, columns, strict=True)
    }
    called = next((cells[name] for name in _NAMES if name in cells), None)
    if called is not None:
        cells = {_PLACEMARK_NAME: as_text(called), **cells}
    shapes = without_empty(without_measures(frame.geometry.to_numpy(), losses), losses)
    write_layer(
        path, "KML", cells, shapes, losses,
        geometry_type="Unknown", dataset_options=_options(shapes),
    )  # fmt: skip
    losses.log()


def _options(shapes: Shapes) -> dict[str, str]:
    # a description would be shown as HTML: no column is one
    options = {"NameField": _PLACEMARK_NAME, "DescriptionField": _BALLOON}
    if shapely.has_z(shapes).any():
        options["AltitudeMode"] = "absolute"
    return options


def _cells(column: Any, name: str, losses: Losses) -> Any:
    kind = column.type
    if pa.types.is_temporal(kind) or pa.types.is_boolean(kind):
        word = "truth values" if pa.types.is_boolean(kind) else "dates and times"
        losses.add(f"{name}: {word} are text")
        return as_text(column)
    if pa.types.is_string(kind):
        return _texts(column, losses)
    if kind == pa.int64():
        return _integers(column, name, losses)
    return without_infinity(column, losses)


def _integers(column: Any, name: str, losses: Losses) -> Any:
    """Make them of 32 bits where that holds them, since the schema of KML has no more."""
    small = as_int32(column)
    if small.type == pa.int64():
        losses.add(f"{name}: integers of 64 bits are text")
        return small.cast(pa.string())
    return small


def _texts(column: Any, losses: Losses) -> Any:
    values = column.to_pylist()
    clean = [value and _CONTROL.sub("\ufffd", value) for value in values]
    changed = sum(one != other for one, other in zip(clean, values, strict=True))
    losses.count(changed, "texts with control signs, now U+FFFD")
    made = pa.array(clean, type=pa.string())
    bare = pc.sum(pc.not_equal(pc.utf8_trim_whitespace(made), made)).as_py()
    losses.count(bare or 0, "texts that may lose spaces at their ends")
    losses.count(pc.sum(pc.equal(made, "")).as_py() or 0, "empty texts that may read as missing")
    return made


KML: Final = Format(_fill_kml, check_layer)


_NAME_BYTES: Final = 64
_RESERVED_GEODATABASE: Final = (
    "objectid", "fid", "shape", "shape_length", "shape_area",
    "add", "alter", "and", "between", "by", "column", "create", "delete", "drop", "exists", "for",
    "from", "group", "in", "insert", "into", "is", "like", "not", "null", "or", "order", "select",
    "set", "table", "update", "values", "where",
)  # fmt: skip


def _fill_gdb(frame: gpd.GeoDataFrame, provenance: Provenance, path: Path) -> None:
    losses = Losses("gdb")
    shapes = one_kind(frame.geometry.to_numpy(), losses)
    originals, columns = plain_columns(frame, losses)
    names = fitted_names(
        originals, longest=_NAME_BYTES, reserved=_RESERVED_GEODATABASE, legal=_legal
    )
    losses.names(originals, names)
    losses.utc(names, columns)
    cells = {
        name: _cells_geodatabase(column, name, losses)
        for name, column in zip(names, columns, strict=True)
    }
    with settings(OPENFILEGDB_REPRODUCIBLE_UUID=True):
        write_layer(
            path, "OpenFileGDB", cells, shapes, losses, geometry_type=_type(shapes),
            layer_options=_options_geodatabase(cells, provenance, losses),
        )  # fmt: skip
    losses.log()


def _legal(name: str) -> str:
    """Keep letters of every script and digits; a name begins with a letter."""
    clean = "".join(sign if sign.isalnum() else "_" for sign in name)
    return clean if clean[:1].isalpha() else f"F{clean}"


def _cells_geodatabase(column: Any, name: str, losses: Losses) -> Any:
    if pa.types.is_boolean(column.type):
        losses.add(f"{name}: truth values are 1 and 0")
        return column.cast(pa.int16())
    return as_int32(column) if column.type == pa.int64() else column


def _options_geodatabase(
    cells: dict[str, Any], provenance: Provenance, losses: Losses
) -> dict[str, str]:
    options = {}
    newer = [name for name, column in cells.items() if _is_newer(column)]
    if newer:
        # dates without time, 64-bit integers and parts of a second came with that version
        options["TARGET_ARCGIS_VERSION"] = "ARCGIS_PRO_3_2_OR_LATER"
        losses.add(f"opens in ArcGIS Pro 3.2 or later, for the sake of {', '.join(newer)}")
    if provenance:
        abstract = escape(provenance_text(provenance))
        title = escape(str(provenance.get("title", "")))
        options["DOCUMENTATION"] = (
            f"<metadata><dataIdInfo><idCitation><resTitle>{title}</resTitle></idCitation>"
            f"<idAbs>{abstract}</idAbs></dataIdInfo></metadata>"
        )
    return options


def _is_newer(column: Any) -> bool:
    kind = column.type
    if pa.types.is_timestamp(kind):
        return bool(pc.any(pc.not_equal(pc.millisecond(column), 0)).as_py())
    return bool(pa.types.is_date(kind) or kind == pa.int64())


def _type(shapes: Shapes) -> str:
    """Name the type; a feature class without any shape is one of points."""
    found = layer_type(shapes)
    return "Point" if found == "Unknown" else found


def is_geodatabase(folder: Path) -> bool:
    """Tell whether a folder holds nothing but a file geodatabase.

    Parameters
    ----------
    folder
        That stands where one is to be written.

    Returns
    -------
    bool
        Whether it may be replaced.
    """
    names = [one.name.lower() for one in folder.iterdir()]
    return "gdb" in names and all(_is_part(name) for name in names)


def _is_part(name: str) -> bool:
    return name in ("gdb", "timestamps") or name.endswith(
        (".gdbtable", ".gdbtablx", ".gdbindexes", ".atx", ".spx", ".freelist", ".horizon", ".lock")
    )


GEODATABASE: Final = Format(_fill_gdb, check_layer, folder=is_geodatabase)
