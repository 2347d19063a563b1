"""KML: one folder of placemarks with names, properties as ``ExtendedData``."""

import re
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from geo.formats.columns import as_text, finite, plain_columns, smaller
from geo.formats.format import Format, Provenance
from geo.formats.gdal import check_layer, write_layer
from geo.formats.losses import Losses
from geo.formats.names import fitted_names
from geo.formats.shapes import Shapes, without_empty, without_measures

__all__ = ["KML"]

_NAMES: Final = ("name_zh", "name", "name_en", "title", "名称", "名")
_PLACEMARK_NAME: Final = "placemark name"
_BALLOON: Final = "placemark balloon"
# XML 1.0 has no sign for these
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_MARKUP: Final = re.compile("[<>&\"'\t\r\n]")
# the driver's own two columns, which a reader merges with ours of the same name
_RESERVED: Final = (_PLACEMARK_NAME, _BALLOON)


def _fill_kml(frame: gpd.GeoDataFrame, provenance: Provenance, path: Path) -> None:  # noqa: ARG001
    losses = Losses("kml")
    given, columns = plain_columns(frame, losses)
    # the driver writes names of columns as they are, markup and all
    names = fitted_names(given, reserved=_RESERVED, legal=lambda name: _MARKUP.sub("_", name))
    losses.names(given, names)
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
    losses.tell()


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
    return finite(column, losses)


def _integers(column: Any, name: str, losses: Losses) -> Any:
    """Make them of 32 bits where that holds them, since the schema of KML has no more."""
    small = smaller(column)
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
