"""File geodatabase: a folder with one feature class, of one kind of geometry."""

from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

import geopandas as gpd
import pyarrow as pa
import pyarrow.compute as pc

from geo.formats.columns import plain_columns, smaller
from geo.formats.format import Format, Provenance
from geo.formats.gdal import check_layer, provenance_text, settings, write_layer
from geo.formats.losses import Losses
from geo.formats.names import fitted_names
from geo.formats.shapes import Shapes, layer_type, one_kind

__all__ = ["GEODATABASE"]

_NAME_BYTES: Final = 64
_RESERVED: Final = (
    "objectid", "fid", "shape", "shape_length", "shape_area",
    "add", "alter", "and", "between", "by", "column", "create", "delete", "drop", "exists", "for",
    "from", "group", "in", "insert", "into", "is", "like", "not", "null", "or", "order", "select",
    "set", "table", "update", "values", "where",
)  # fmt: skip


def _fill_gdb(frame: gpd.GeoDataFrame, provenance: Provenance, path: Path) -> None:
    losses = Losses("gdb")
    shapes = one_kind(frame.geometry.to_numpy(), losses)
    given, columns = plain_columns(frame, losses)
    names = fitted_names(given, longest=_NAME_BYTES, reserved=_RESERVED, legal=_legal)
    losses.names(given, names)
    losses.utc(names, columns)
    cells = {
        name: _cells(column, name, losses) for name, column in zip(names, columns, strict=True)
    }
    with settings(OPENFILEGDB_REPRODUCIBLE_UUID=True):
        write_layer(
            path, "OpenFileGDB", cells, shapes, losses, geometry_type=_type(shapes),
            layer_options=_options(cells, provenance, losses),
        )  # fmt: skip
    losses.tell()


def _legal(name: str) -> str:
    """Keep letters of every script and digits; a name begins with a letter."""
    clean = "".join(sign if sign.isalnum() else "_" for sign in name)
    return clean if clean[:1].isalpha() else f"F{clean}"


def _cells(column: Any, name: str, losses: Losses) -> Any:
    if pa.types.is_boolean(column.type):
        losses.add(f"{name}: truth values are 1 and 0")
        return column.cast(pa.int16())
    return smaller(column) if column.type == pa.int64() else column


def _options(cells: dict[str, Any], provenance: Provenance, losses: Losses) -> dict[str, str]:
    options = {}
    newer = [name for name, column in cells.items() if _is_newer(column)]
    if newer:
        # dates without time, 64-bit integers and parts of a second came with that version
        options["TARGET_ARCGIS_VERSION"] = "ARCGIS_PRO_3_2_OR_LATER"
        losses.add(f"opens in ArcGIS Pro 3.2 or later, for the sake of {', '.join(newer)}")
    if provenance:
        told = escape(provenance_text(provenance))
        title = escape(str(provenance.get("title", "")))
        options["DOCUMENTATION"] = (
            f"<metadata><dataIdInfo><idCitation><resTitle>{title}</resTitle></idCitation>"
            f"<idAbs>{told}</idAbs></dataIdInfo></metadata>"
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
