"""Reading the shipped layers and tables: hash and schema are checked at this door."""

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import geopandas as gpd
import pandas as pd
from pyproj import CRS

from geo.crs import ANALYSIS_CRS, STORAGE_CRS, to_analysis
from geo.door.gdal import read_shipped
from geo.errors import CRSError, InputError, LayerError, MissingFileError, UnknownIdError
from geo.layers import cache
from geo.layers.layer import Layer
from geo.layers.specs import OPTIONAL, RASTERS, SPECS, Spec, spec
from geo.sources import facts
from geo.sources.registry import source

__all__ = [
    "CATALOGUE",
    "Optional",
    "about",
    "catalogue",
    "entry",
    "ids",
    "load",
    "optional",
    "path",
    "read",
    "read_table",
]


CATALOGUE: Final = "catalog.json"


def ids() -> list[str]:
    """Return the ids of all shipped layers.

    Returns
    -------
    list of str
        Vector layers first, then rasters.

    Examples
    --------
    >>> ids()[:3]
    ['provinces', 'prefectures', 'counties']
    """
    return [*SPECS, *RASTERS]


class Optional(NamedTuple):
    """An optional layer in a list: its id, title, whether it is built, and its licence."""

    layer_id: str
    title: str
    state: str
    licence: str


def optional() -> list[Optional]:
    """Return the layers that are built into the user's cache and never shipped.

    Returns
    -------
    list of Optional
        ``state`` is ``built``, ``not built``, or what is wrong with the cache.

    Examples
    --------
    >>> [one.layer_id for one in optional()]
    ['counties_detailed']
    """
    return [
        Optional(one.layer_id, one.title.en, _state(one.layer_id), source(one.sources[0]).licence)
        for one in OPTIONAL.values()
    ]


def _state(layer_id: str) -> str:
    try:
        cache.read_card(layer_id)
    except MissingFileError:
        return "not built"
    except LayerError as error:
        return error.defects[0]
    return "built"


def entry(layer_id: str) -> dict[str, Any]:
    """Return what the catalogue says of a layer, shipped or optional.

    Parameters
    ----------
    layer_id
        One of ``ids()``, or an optional layer that is built.

    Returns
    -------
    dict
        Title, sources, hash, counts and columns. Do not change it.

    Raises
    ------
    UnknownIdError
        When there is no such layer.
    MissingFileError
        When an optional layer is not built.
    LayerError
        When an optional layer's file is cut, changed or of another version.
    """
    if layer_id in OPTIONAL:
        return cache.read_card(layer_id)
    found: dict[str, Any] = catalogue()["layers"]
    if layer_id not in found:
        raise UnknownIdError("layer", layer_id, (*found, *OPTIONAL))
    own: dict[str, Any] = found[layer_id]
    return own


def about(name: str) -> dict[str, Any]:
    """Return what the catalogue says of a name that may be a layer's or a file's.

    Parameters
    ----------
    name
        As given on a command line.

    Returns
    -------
    dict
        As ``entry``; empty when it is no layer.

    Raises
    ------
    MissingFileError
        When it is an optional layer that is not built.
    LayerError
        When an optional layer's file is cut, changed or of another version.

    Examples
    --------
    >>> about("counties")["accuracy_m"]
    300.0
    >>> about("my-units.geojson")
    {}
    """
    return entry(name) if name in (*ids(), *OPTIONAL) else {}


def path(layer_id: str) -> Path:
    """Return the file of a layer.

    Parameters
    ----------
    layer_id
        One of ``ids()``, or an optional layer that is built.

    Returns
    -------
    Path
        A GeoJSON file, or a GeoTIFF for a raster.

    Raises
    ------
    UnknownIdError
        When there is no such layer.
    MissingFileError
        When the installation lacks the file, or an optional layer is not built.
    LayerError
        When an optional layer's file is cut, changed or of another version.
    """
    if layer_id in OPTIONAL:
        cache.read_card(layer_id)
        return cache.stored_path(layer_id)
    if layer_id in RASTERS:
        found = facts.shipped_folder() / f"{layer_id}.tif"
    else:
        found = facts.shipped_folder() / f"{spec(layer_id).layer_id}.geojson"
    if not found.is_file():
        msg = f"{found}: the shipped layer is missing; reinstall, or run jjj layers build"
        raise MissingFileError(msg)
    return found


@lru_cache(maxsize=1)
def catalogue() -> dict[str, Any]:
    """Read the catalogue: title, sources, hash, counts, columns of each layer and table.

    Returns
    -------
    dict
        ``layers`` and ``tables``, each by id. Do not change it.

    Raises
    ------
    MissingFileError
        When the installation lacks it.
    InputError
        When it is not the catalogue that `jjj layers build` writes.
    """
    file = facts.shipped_folder() / CATALOGUE
    try:
        found: dict[str, Any] = json.loads(file.read_bytes())
    except FileNotFoundError:
        msg = f"{file}: the catalogue is missing; reinstall, or run jjj layers build"
        raise MissingFileError(msg) from None
    except ValueError as error:
        msg = f"{file}: not the catalogue of the layers ({error}); reinstall"
        raise InputError(msg) from error
    return found


def load(layer_id: str) -> Layer:
    """Read a vector layer with its provenance, and check hash and schema.

    Parameters
    ----------
    layer_id
        One of the vector layers of ``ids()``, or an optional layer that is built.

    Returns
    -------
    Layer
        Frame in ``STORAGE_CRS`` indexed by id, with title, sources, caveat.

    Raises
    ------
    UnknownIdError
        When there is no such layer.
    MissingFileError
        When the installation lacks the file, or an optional layer is not built.
    LayerError
        When the file is not the catalogue's, or breaks the schema.
    """
    fixed = spec(layer_id)
    file = path(layer_id)
    if layer_id not in OPTIONAL:  # whose hash path() has compared
        _require_hash(layer_id, file, catalogue()["layers"].get(layer_id, {}))
    return fixed.layer(_read_file(file, fixed))


def _require_hash(name: str, file: Path, entry: dict[str, Any]) -> None:
    try:
        found = hashlib.sha256(file.read_bytes()).hexdigest()
    except FileNotFoundError:
        msg = f"{file}: the shipped table is missing; reinstall"
        raise MissingFileError(msg) from None
    if found != entry.get("sha256"):
        raise LayerError(name, [f"{file.name} is not the file of the catalogue"])


def _read_file(file: Path, fixed: Spec) -> gpd.GeoDataFrame:
    frame = read_shipped(file)
    columns = {}
    for column in fixed.schema.columns:
        values = frame[column.name]
        if column.kind == "integer":
            columns[column.name] = values.astype("Int64" if column.nullable else "int64")
        elif column.kind == "number":
            columns[column.name] = pd.to_numeric(values).astype("float64")
        elif column.kind == "text":
            columns[column.name] = values.astype(object).where(values.notna(), None)
        else:
            columns[column.name] = values.astype(bool)
    index = pd.Index(frame[fixed.schema.index].astype(str), name=fixed.schema.index, dtype=object)
    table = pd.DataFrame(columns).set_index(index)
    return gpd.GeoDataFrame(table, geometry=frame.geometry.to_numpy(), crs=STORAGE_CRS)


_BY_NAME: Final = {"storage": STORAGE_CRS, "analysis": ANALYSIS_CRS}


def read(layer_id: str, *, crs: CRS | str = STORAGE_CRS) -> gpd.GeoDataFrame:
    """Read a shipped vector layer as a frame.

    Parameters
    ----------
    layer_id
        One of the vector layers of ``ids()``, or an optional layer that is built.
    crs
        ``geo.crs.STORAGE_CRS`` (longitude and latitude, the default) or ``geo.crs.ANALYSIS_CRS``
        (equal-area metres); ``"storage"`` and ``"analysis"`` mean the same.

    Returns
    -------
    GeoDataFrame
        Indexed by the layer's id.

    Raises
    ------
    UnknownIdError
        When there is no such layer.
    LayerError
        When the file is not the catalogue's, or breaks the schema.
    CRSError
        When another reference system is asked for.

    Examples
    --------
    >>> read("provinces").name_en.to_dict()
    {'110000': 'Beijing', '120000': 'Tianjin', '130000': 'Hebei'}
    >>> read("axes", crs="analysis").length.round(-2).loc[["plan-jingjin"]].tolist()
    [218800.0]
    """
    frame = load(layer_id).frame
    # told apart by name first: PROJ looks for "analysis" for a third of a second
    wanted = _BY_NAME.get(crs, crs) if isinstance(crs, str) else crs
    if wanted == STORAGE_CRS:
        return frame
    if wanted == ANALYSIS_CRS:
        return to_analysis(frame)
    msg = f"layers are read in STORAGE_CRS or ANALYSIS_CRS, not in {crs!r}; use to_crs for others"
    raise CRSError(msg)


def read_table(table: str, *, numbers: tuple[str, ...] = ()) -> pd.DataFrame:
    """Read a shipped table of compiled facts.

    Parameters
    ----------
    table
        An id of ``catalogue()["tables"]``, such as ``population`` or ``city_trains``.
    numbers
        Columns to turn into numbers; all others are text.

    Returns
    -------
    DataFrame
        The rows in file order.

    Raises
    ------
    UnknownIdError
        When there is no such table.
    LayerError
        When the file is not the catalogue's.

    Examples
    --------
    >>> len(read_table("city_trains", numbers=("trains_per_day",)))
    89
    """
    file = facts.table_path(table)
    _require_hash(table, file, catalogue()["tables"].get(table, {}))
    return facts.read(table, numbers=numbers)
