"""What a map is asked to show: shipped layers, every layer of a file, a table's rows as places."""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo import layers as shipped
from geo.crs import STORAGE_CRS
from geo.errors import InputError
from geo.layers.places import unit_shapes
from geo.layers.specs import OPTIONAL
from geo.render.choice import is_number_of_row
from geo.render.layer import About
from geo.render.stated import about_named
from geo.tables import PointTable, is_table, layers_of, open_layer, read_points
from geo.tables.files import STDIN, Source, open_source

__all__ = ["Given", "Reading", "given"]

_LOG = logging.getLogger(__name__)
_MOST_LAYERS: Final = 12
_OPTIONS: Final = "name them with --lon"  # of jjj locate
_NUMBER: Final = r"-?(?:0|[1-9]\d*)(?:\.\d+)?"  # none that begins with 0 as codes do
_ADDED: Final = ["location_basis", "location_accuracy_m", "datum_in"]


@dataclass(frozen=True)
class Reading:
    """How tables and files of several layers are read, as ``jjj locate`` has it.

    Attributes
    ----------
    sheet
        Of a workbook, or the layer of a file of several; by default all layers.
    datum
        Of a table's coordinates: ``auto``, ``wgs84``, ``gcj02``, ``bd09``, ``EPSG:n``.
    encoding
        Of a text table or a shapefile; found by default.
    """

    sheet: str | None = None
    datum: str = "auto"
    encoding: str | None = None


@dataclass(frozen=True)
class Given:
    """One layer to draw.

    Attributes
    ----------
    name
        As the command line has it.
    frame
        In ``STORAGE_CRS``, cells plain.
    about
        What is known of it.
    """

    name: str
    frame: gpd.GeoDataFrame
    about: About

    @property
    def strange(self) -> bool:
        """Whether it is a file of which only the name is known."""
        return self.about.provenance is None


def given(name: str, reading: Reading | None = None) -> Iterator[Given]:
    """Open a layer's id or a file of any kind.

    Parameters
    ----------
    name
        As on the command line.
    reading
        How tables are read.

    Yields
    ------
    Given
        One a layer: a file of several gives each.

    Raises
    ------
    GeoError
        When it cannot be read; the message names it.

    Examples
    --------
    >>> [one.about.title.en for one in given("stations")]
    ['High-speed railway stations']
    """
    how = reading or Reading()
    if name in (*shipped.ids(), *OPTIONAL) or (name != STDIN and not Path(name).exists()):
        yield Given(name, open_layer(name), about_named(name))
        return
    source = open_source(name)
    about = about_named(name, source if source.path is None else None)
    if is_table(source):
        yield Given(name, _numeric(_plain(_of_table(source, how))), about)
        return
    layers = layers_of(source)
    if how.sheet is not None or len(layers) < 2:
        frame = open_layer(source, layer=how.sheet, encoding=how.encoding)
        yield Given(name, _plain(frame), about)
        return
    if len(layers) > _MOST_LAYERS:
        listed = ", ".join(map(repr, layers[:4]))
        msg = f"{name}: holds {len(layers)} layers ({listed} …); name one with --sheet"
        raise InputError(msg)
    frames = {layer: _plain(open_layer(source, layer=layer)) for layer in layers}
    for layer, frame in sorted(frames.items(), key=_areas_first):
        yield Given(name, frame, replace(about, title=layer, group=about.title))


def _areas_first(entry: tuple[str, gpd.GeoDataFrame]) -> int:
    return -int(shapely.get_dimensions(entry[1].geometry.to_numpy()).max(initial=0))


def _of_table(source: Source, how: Reading) -> gpd.GeoDataFrame:
    """Place the rows of a table: by their coordinates, or as the units that they name."""
    try:
        table = read_points(
            source, sheet=how.sheet, datum=how.datum, encoding=how.encoding, anywhere=True
        )
    except InputError as error:
        if _OPTIONS not in str(error):
            raise
        msg = f"{error} to jjj locate, whose output this draws"
        raise InputError(msg) from error
    _tell(table)
    basis = table.frame["location_basis"]
    frame = table.frame.rename(columns=_own_names(table.frame))
    if (basis == "coordinates").all():
        frame = frame.drop(columns=_ADDED)
    code = table.roles.get("code")
    if (basis == "code").all() and code in frame.columns and frame[code].is_unique:
        units = unit_shapes(frame[code])
        if units is not None:
            frame = frame.drop(columns=_ADDED).set_geometry(units)
    shown = [one for role, one in table.roles.items() if role not in ("lon", "lat", "x", "y")]
    return frame[[one for one in frame.columns if one in shown or one not in table.roles.values()]]


def _tell(table: PointTable) -> None:
    counts = table.counts
    if counts["refused"] == counts["rows"]:
        msg = (
            f"{table.name}: none of its {counts['rows']:,} rows can be placed; jjj locate says why"
        )
        raise InputError(msg)
    if counts["refused"]:
        _LOG.warning(
            "%s: %s of %s rows could not be placed; jjj locate --report says why",
            table.name, f"{counts['refused']:,}", f"{counts['rows']:,}",
        )  # fmt: skip
    for note in table.notes:
        _LOG.warning("%s: %s", table.name, note)
    by_coordinates = (table.frame["location_basis"] == "coordinates").any()
    if by_coordinates and table.datum.how == "assumed":
        _LOG.warning("%s: taken as WGS 84, since nothing says otherwise (--datum)", table.name)
    elif by_coordinates and table.datum.datum in ("gcj02", "bd09"):
        _LOG.warning("%s: brought from %s to WGS 84", table.name, table.datum.datum)


def _own_names(frame: gpd.GeoDataFrame) -> dict[str, str]:
    """Return columns that were renamed to make room for ones of ``jjj locate``, not here."""
    names = set(map(str, frame.columns))
    own = {one: one.removesuffix("_in") for one in names if one.endswith("_in")}
    return {one: bare for one, bare in own.items() if one != "datum_in" and bare not in names}


def _plain(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give each entry of a nested cell a column, and numbers that came as text their kind."""
    made: dict[str, Any] = {}
    for column in frame.columns:
        values = frame[column]
        if column == frame.geometry.name or not _holds_text(values):
            made[str(column)] = values
            continue
        known = values[values.notna()]
        if len(known) and known.map(lambda one: isinstance(one, dict)).all():
            for key in dict.fromkeys(str(key) for cell in known for key in cell):
                made[f"{column}.{key}"] = values.map(lambda cell, k=key: _entry(cell, k))
        else:
            made[str(column)] = values.map(_told)
    return gpd.GeoDataFrame(made, geometry=frame.geometry.name, crs=STORAGE_CRS, index=frame.index)


def _numeric(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Make columns of a table numbers where every cell with anything in it is one."""
    made = {}
    for column in frame.columns:
        if not _holds_text(frame[column]) or is_number_of_row(str(column)):
            continue
        text = frame[column].map(str, na_action="ignore").str.strip()
        if text.notna().any() and text.dropna().str.fullmatch(_NUMBER).all():
            made[column] = pd.to_numeric(text)
    return frame.assign(**made)


def _holds_text(values: "pd.Series[Any]") -> bool:
    return values.dtype == object or isinstance(values.dtype, pd.StringDtype)


def _entry(cell: Any, key: str) -> Any:
    return _told(cell.get(key)) if isinstance(cell, dict) else None


def _told(cell: Any) -> Any:
    """Write a list or a deeper record as JSON, which is how the file has it; nothing as None."""
    if isinstance(cell, list | dict):
        return json.dumps(cell, ensure_ascii=False)
    if isinstance(cell, np.ndarray):
        return json.dumps(cell.tolist(), ensure_ascii=False)
    return None if cell is pd.NaT or cell is pd.NA or cell == "" else cell
