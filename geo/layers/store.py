"""Reading of a region's layers and tables; hash and schema are checked."""

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import geopandas as gpd
import pandas as pd
from pyproj import CRS

from geo.crs import STORAGE_CRS, parse_crs, to_analysis
from geo.door.gdal import read_shipped
from geo.errors import InputError, LayerError, MissingFileError, UnknownIdError
from geo.layers import cache
from geo.layers.layer import Layer
from geo.layers.specs import Spec, spec, specs
from geo.layers.undescribed import bare_layer
from geo.region import Region, current_region
from geo.sources.registry import source

__all__ = [
    "CATALOGUE",
    "Optional",
    "about",
    "catalogue",
    "entry",
    "forget_catalogue",
    "ids",
    "is_layer",
    "load",
    "optional",
    "path",
    "read",
    "read_table",
]


CATALOGUE: Final = "catalog.json"


def ids(region: Region | None = None) -> list[str]:
    """Return the ids of all layers of a region.

    Parameters
    ----------
    region
        The region whose layers and codes are used; None is the current region.

    Returns
    -------
    list of str
        Vector layers first, then rasters.

    Examples
    --------
    >>> ids()[:3]
    ['provinces', 'prefectures', 'counties']
    """
    return specs(region).ids


class Optional(NamedTuple):
    """An optional layer in a list: its id, title, whether it is built, and its licence."""

    layer_id: str
    title: str
    state: str
    licence: str


def optional(region: Region | None = None) -> list[Optional]:
    """Return the layers that are built into the user's cache and never shipped.

    Parameters
    ----------
    region
        The region whose layers and codes are used; None is the current region.

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
        Optional(one.layer_id, one.title.en, _state(one.layer_id), _licence(one))
        for one in specs(region).optional.values()
    ]


def _licence(fixed: Spec) -> str:
    first = fixed.sources[0]
    return (source(first) if isinstance(first, str) else first).licence


def _state(layer_id: str) -> str:
    try:
        cache.read_card(layer_id)
    except MissingFileError:
        return "not built"
    except LayerError as error:
        return error.defects[0]
    return "built"


def entry(layer_id: str, region: Region | None = None) -> dict[str, Any]:
    """Return the provenance and counts of a layer, from the catalogue or from its file.

    Parameters
    ----------
    layer_id
        One of ``ids(region)``, or an optional layer that is built.
    region
        The region whose layers and codes are used; None is the current region.

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
    known = specs(region)
    if layer_id in known.optional:
        return cache.read_card(layer_id)
    found: dict[str, Any] = catalogue(region)["layers"]
    if layer_id not in found:
        if layer_id not in known.ids:
            raise UnknownIdError("layer", layer_id, (*known.ids, *known.optional))
        if layer_id in known.rasters:
            one = known.rasters[layer_id]
            return {"layer": layer_id, "title": one.title.described(), "unit": one.unit}
        layer = load(layer_id, region)
        return layer.provenance() | {"features": len(layer.frame)}
    own: dict[str, Any] = found[layer_id]
    return own


def about(name: str, region: Region | None = None) -> dict[str, Any]:
    """Return the catalogue entry of a name that may be a layer's or a file's.

    Parameters
    ----------
    name
        Name of a layer or file, as given on the command line.
    region
        The region whose layers and codes are used; None is the current region.

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
    return entry(name, region) if is_layer(name, region) else {}


def is_layer(name: object, region: Region | None = None) -> bool:
    """Return whether a name is the id of a layer of a region, optional ones included.

    Parameters
    ----------
    name
        Name of a layer or file, as given on the command line.
    region
        The region whose layers and codes are used; None is the current region.

    Returns
    -------
    bool
        False for a file's path.

    Examples
    --------
    >>> is_layer("counties"), is_layer("counties.geojson")
    (True, False)
    """
    known = specs(region)
    return str(name) in known.ids or str(name) in known.optional


def path(layer_id: str, region: Region | None = None) -> Path:
    """Return the file of a layer.

    Parameters
    ----------
    layer_id
        One of ``ids(region)``, or an optional layer that is built.
    region
        The region whose layers and codes are used; None is the current region.

    Returns
    -------
    Path
        A GeoJSON file, or a GeoTIFF for a raster; of a user's region whatever it names.

    Raises
    ------
    UnknownIdError
        When there is no such layer.
    MissingFileError
        When the folder lacks the file, or an optional layer is not built.
    LayerError
        When an optional layer's file is cut, changed or of another version.
    """
    region = region or current_region()
    known = specs(region)
    if layer_id in known.optional:
        cache.read_card(layer_id)
        return cache.stored_path(layer_id)
    if layer_id not in known.ids:
        raise UnknownIdError("layer", layer_id, (*known.ids, *known.optional))
    found = region.folder / region.files.get(layer_id, f"{layer_id}.geojson")
    if not found.is_file():
        whose = ("shipped", "reinstall, or run jjj layers build") if region.shipped else (
            "region's", "put it there, or take it out of region.yaml"
        )  # fmt: skip
        msg = f"{found}: the {whose[0]} layer is missing; {whose[1]}"
        raise MissingFileError(msg)
    return found


_NO_CATALOGUE: Final[dict[str, Any]] = {"layers": {}, "tables": {}}


def catalogue(region: Region | None = None) -> dict[str, Any]:
    """Read a region's catalogue: title, sources, hash, counts, columns of each layer and table.

    Parameters
    ----------
    region
        The region whose layers and codes are used; None is the current region.

    Returns
    -------
    dict
        ``layers`` and ``tables``, each by id; empty for a user's folder without one. Do not
        change it.

    Raises
    ------
    MissingFileError
        When the installation lacks it.
    InputError
        When it is not the catalogue that `jjj layers build` writes.
    """
    return _catalogue(region or current_region())


def forget_catalogue() -> None:
    """Clear the cached catalogue after it was rewritten."""
    _catalogue.cache_clear()


@lru_cache(maxsize=8)
def _catalogue(region: Region) -> dict[str, Any]:
    file = region.folder / CATALOGUE
    if not region.shipped and not file.is_file():
        return _NO_CATALOGUE
    try:
        found: dict[str, Any] = json.loads(file.read_bytes())
    except FileNotFoundError:
        msg = f"{file}: the catalogue is missing; reinstall, or run jjj layers build"
        raise MissingFileError(msg) from None
    except ValueError as error:
        msg = f"{file}: not the catalogue of the layers ({error}); reinstall"
        raise InputError(msg) from error
    return found


def load(layer_id: str, region: Region | None = None) -> Layer:
    """Read a vector layer with its provenance, and check hash and schema.

    Parameters
    ----------
    layer_id
        One of the vector layers of ``ids(region)``, or an optional layer that is built.
    region
        The region whose layers and codes are used; None is the current region.

    Returns
    -------
    Layer
        Frame in ``STORAGE_CRS`` indexed by id, with title, sources, caveat.

    Raises
    ------
    UnknownIdError
        When there is no such layer.
    MissingFileError
        When the folder lacks the file, or an optional layer is not built.
    LayerError
        When the file is not the catalogue's, or breaks the schema.
    """
    region = region or current_region()
    known = specs(region)
    if layer_id in known.bare:
        return bare_layer(layer_id, region)
    fixed = spec(layer_id, region)
    file = path(layer_id, region)
    if layer_id not in known.optional:  # whose hash path() has compared
        _require_hash(layer_id, file, catalogue(region)["layers"].get(layer_id, {}))
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


def read(
    layer_id: str, *, crs: CRS | str = STORAGE_CRS, region: Region | None = None
) -> gpd.GeoDataFrame:
    """Read a vector layer of a region as a frame.

    Parameters
    ----------
    layer_id
        One of the vector layers of ``ids(region)``, or an optional layer that is built.
    crs
        Longitude and latitude by default (also ``"storage"``); ``"analysis"`` is the region's own
        equal-area projection (``region.crs``); any other as pyproj reads it.
    region
        The region whose layers and codes are used; None is the current region.

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
        When ``crs`` is not a reference system, or rests on an old datum.

    Examples
    --------
    >>> read("provinces").name_en.to_dict()
    {'110000': 'Beijing', '120000': 'Tianjin', '130000': 'Hebei'}
    >>> read("axes", crs="analysis").length.round(-2).loc[["plan-jingjin"]].tolist()
    [218800.0]
    >>> read("axes", crs="EPSG:4509").crs.to_epsg()
    4509
    """
    region = region or current_region()
    frame = load(layer_id, region).frame
    # decided by name first: PROJ looks for "analysis" for a third of a second
    if isinstance(crs, str) and crs in ("storage", "analysis"):
        return frame if crs == "storage" else to_analysis(frame, region.crs)
    wanted = parse_crs(crs) if isinstance(crs, str) else crs
    if wanted == STORAGE_CRS:
        return frame
    return to_analysis(frame, wanted) if wanted == region.crs else frame.to_crs(wanted)


def read_table(
    table: str, *, numbers: tuple[str, ...] = (), region: Region | None = None
) -> pd.DataFrame:
    """Read a table of a region's compiled facts.

    Parameters
    ----------
    table
        One of ``region.tables``, such as ``population`` or ``city_trains``.
    numbers
        Columns to turn into numbers; all others are text.
    region
        The region whose layers and codes are used; None is the current region.

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
    region = region or current_region()
    if region.shipped:
        file = region.folder / "tables" / f"{table}.csv"
        known = catalogue(region)["tables"]
        if table not in known:
            raise UnknownIdError("table", table, known)
        _require_hash(table, file, known[table])
    return region.table(table, numbers=numbers)
