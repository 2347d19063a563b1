"""A layer of a region that only its file describes, which ``region.yaml`` names.

Units get the columns that commands ask for; points in a table are placed by ``lon`` and ``lat``.
"""

from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely

from geo.crs import STORAGE_CRS
from geo.door.input import open_input
from geo.errors import LayerError
from geo.layers.layer import Column, Kind, Layer, Schema
from geo.region import Level, Region
from geo.sources.registry import Source
from geo.texts import Localized

__all__ = ["bare_layer"]

_TABLES: Final = (".csv", ".tsv")
_ANY_ID: Final = r"\S(?:.*\S)?"
_IDS: Final = (
    "axis_id", "facility_id", "firm_id", "station_id", "airport_id", "edge_id", "id", "code",
    "iata", "icao", "symbol",
)  # fmt: skip
_PLACES: Final = (("lon", "lat"), ("longitude", "latitude"), ("lon_wgs84", "lat_wgs84"))


def bare_layer(layer_id: str, region: Region) -> Layer:
    """Read a layer that only its file describes.

    Parameters
    ----------
    layer_id
        Id of the layer, a key of ``region.files``.
    region
        The region that the file belongs to.

    Returns
    -------
    Layer
        Indexed by the id that ``region.yaml`` names for units, else by the first column of a usual
        name (``…_id``, ``code`` …) that is unique, else by a number; title and sources as the
        region says.

    Raises
    ------
    MissingFileError
        When the file is not there.
    LayerError
        When an id is missing, is given twice or breaks the region's pattern, or a place is missing.
    InputError
        When the file cannot be read.
    """
    file = region.path(layer_id)
    level = region.level(layer_id)
    frame = _points(file) if file.suffix.lower() in _TABLES else _features(file)
    index = level.index if level is not None else _index_of(frame)
    if index is None:  # nothing tells the rows apart: they are counted
        index = f"{layer_id}_id"
        frame = frame.assign(**{index: [f"{layer_id}-{at + 1}" for at in range(len(frame))]})
    if index not in frame.columns:
        raise LayerError(layer_id, [f"{file.name} has no column {index!r}, its id"])
    keys = frame[index].astype(object).where(frame[index].notna(), None)
    frame = frame.drop(columns=index).set_index(
        pd.Index([None if one is None else str(one) for one in keys], name=index, dtype=object)
    )
    if level is not None:
        frame = _as_units(frame, level)
    frame = frame.assign(**{name: _text(frame[name]) for name in _loose(frame)})
    pattern = _ANY_ID if level is None else level.pattern
    schema = Schema(index, _columns(frame), _kinds(frame), pattern)
    title = _title(layer_id, level)
    accuracy = region.profile.boundary_accuracy_m if level is not None else None
    sources = tuple(_sources(layer_id, file, level, region))
    return Layer(layer_id, frame, schema, title, sources, f"As {file.name}.", accuracy)


def _features(file: Path) -> gpd.GeoDataFrame:
    found = open_input(file, "features")
    placed = ~(found.frame.geometry.isna() | found.frame.geometry.is_empty)
    return found.frame[placed]


def _points(file: Path) -> gpd.GeoDataFrame:
    """Read a table whose rows have WGS 84 degrees; a cell of digits is a number where all are."""
    table = open_input(file, "table").frame
    pair = next((one for one in _PLACES if set(one) <= set(table.columns)), None)
    if pair is None:
        raise LayerError(file.stem, [f"{file.name} has no columns lon and lat"])
    lon, lat = (pd.to_numeric(table[name], errors="coerce") for name in pair)
    lost = lon.isna() | lat.isna()
    if lost.any():
        first = int(lost.to_numpy().argmax()) + 2
        raise LayerError(file.stem, [f"{lost.sum()} rows have no place, first in line {first}"])
    texts = table.drop(columns=list(pair))
    return gpd.GeoDataFrame(
        texts.assign(**{name: _typed(texts[name]) for name in texts.columns}),
        geometry=shapely.points(lon.to_numpy(), lat.to_numpy()),
        crs=STORAGE_CRS,
    )


def _typed(column: "pd.Series[Any]") -> "pd.Series[Any]":
    filled = column.where(column != "", None)
    numbers = pd.to_numeric(filled, errors="coerce")
    plain = filled.dropna().astype(str)
    if len(plain) and numbers.notna().sum() == len(plain) and not plain.str.match(r"0\d").any():
        return numbers.astype("float64")
    return filled.astype(object)


def _index_of(frame: gpd.GeoDataFrame) -> str | None:
    """Return the column that tells the rows apart by a usual name; None where there is none."""
    named = [one for one in frame.columns if one in _IDS or str(one).endswith("_id")]
    for name in sorted(named, key=lambda one: (one not in _IDS, list(frame.columns).index(one))):
        if frame[name].notna().all() and frame[name].is_unique:
            return str(name)
    return None


def _as_units(frame: gpd.GeoDataFrame, level: Level) -> gpd.GeoDataFrame:
    """Give units the columns ``name_zh``, ``name_en``, ``name_ja``, whatever theirs are called."""
    columns = level.name_columns
    known = [columns[one] for one in ("zh", "en", "ja") if columns.get(one) in frame.columns]
    for language in ("zh", "en", "ja"):
        have = columns.get(language)
        given = frame[have] if have in frame.columns else None
        for other in known:
            given = frame[other] if given is None else given.fillna(frame[other])
        names = pd.Series(frame.index, frame.index) if given is None else given
        frame = frame.assign(**{f"name_{language}": names.astype(object)})
    return frame


def _loose(frame: gpd.GeoDataFrame) -> list[str]:
    names = frame.columns.drop(frame.geometry.name)
    return [name for name in names if _kind(frame[name]) == "text"]


def _text(values: "pd.Series[Any]") -> "pd.Series[Any]":
    return values.map(str, na_action="ignore").astype(object).where(values.notna())


def _columns(frame: gpd.GeoDataFrame) -> tuple[Column, ...]:
    return tuple(
        Column(str(name), _kind(frame[name]), str(name).replace("_", " "), nullable=True)
        for name in frame.columns
        if name != frame.geometry.name
    )


def _kind(values: "pd.Series[Any]") -> Kind:
    if pd.api.types.is_bool_dtype(values):
        return "flag"
    if pd.api.types.is_integer_dtype(values):
        return "integer"
    return "number" if pd.api.types.is_numeric_dtype(values) else "text"


def _kinds(frame: gpd.GeoDataFrame) -> tuple[str, ...]:
    return tuple(sorted(set(frame.geom_type)))


def _title(layer_id: str, level: Level | None) -> Localized:
    if level is not None:
        return level.title
    words = layer_id.replace("_", " ")
    return Localized(zh=words, en=words, ja=words)


def _sources(layer_id: str, file: Path, level: Level | None, region: Region) -> list[Source]:
    """Return the credits of the region that cover a file: those that name it, else all."""
    names = {layer_id, file.name, *([] if level is None else [level.level])}
    named = [
        one
        for one in region.credits
        if layer_id in one.layers or any(word in one.what for word in names)
    ]
    return [
        Source(
            source_id=f"{region.region_id}:{one.what}",
            title=one.what,
            publisher=one.source,
            licence=one.licence,
            attribution=one.source,
            datum="wgs84",
            vintage="",
        )
        for one in named or [one for one in region.credits if not one.layers]
    ]
