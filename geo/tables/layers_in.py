"""A layer given on a command line: the id of a shipped one, or a file that passed the door."""

import json
import logging
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import shapely

from geo.crs import to_storage
from geo.door.files import STDIN, Source, open_source
from geo.door.geojson import check_geojson
from geo.door.parquet import open_parquet
from geo.door.vectors import broken_shapefile, table_encoding
from geo.errors import CRSError, InputError, MissingFileError, UnknownIdError
from geo.layers import ids, load
from geo.layers.specs import OPTIONAL

__all__ = ["full_layers", "is_table", "layers_of", "open_layer"]

_LOG = logging.getLogger(__name__)
_TABLES: Final = ("delimited", "xlsx")
_LAYERED: Final = ("gpkg", "flatgeobuf", "kml")


def is_table(name: str | Path | Source) -> bool:
    """Tell whether a file holds rows of cells without geometry: CSV, XLSX, plain Parquet.

    Parameters
    ----------
    name
        A path, or a file that passed the door.

    Returns
    -------
    bool
        By its first bytes, and for Parquet by what it states of geometry.

    Raises
    ------
    InputError
        When it is no file of a kind that is read.
    """
    source = open_source(name)
    if source.kind == "parquet":
        try:
            with source.open() as file:
                return b"geo" not in (pq.ParquetFile(file).schema_arrow.metadata or {})
        except (pa.ArrowException, OSError):
            return False
    return source.kind in _TABLES


def layers_of(name: str | Path | Source) -> list[str]:
    """List the layers with geometry of a file that can hold several.

    Parameters
    ----------
    name
        A path, or a file that passed the door.

    Returns
    -------
    list of str
        Of a GeoPackage, a FlatGeobuf or a KML file; empty for any other.

    Raises
    ------
    InputError
        When it cannot be read, or is no file of a kind that is read.
    """
    source = open_source(name)
    if source.kind not in _LAYERED:
        return []
    try:
        listed = pyogrio.list_layers(source.for_reader())
    except (RuntimeError, OSError, ValueError) as error:
        msg = f"{source.name}: cannot be read as a layer ({error})"
        raise InputError(msg) from error
    return [str(one) for one, kind in listed if kind]


def full_layers(name: str | Path | Source) -> list[str]:
    """List the layers of a file that hold features; those that hold none are logged.

    Parameters
    ----------
    name
        A path, or a file that passed the door.

    Returns
    -------
    list of str
        As ``layers_of``.

    Raises
    ------
    InputError
        When the file cannot be read, or all of its layers are empty.
    """
    source = open_source(name)
    listed = layers_of(source)
    rows = {one: _features_in(source, one) for one in listed}
    empty = [one for one in listed if not rows[one]]
    shown = ", ".join(map(repr, empty))
    if listed and len(empty) == len(listed):
        msg = f"{source.name}: holds no features (layers: {shown})"
        raise InputError(msg)
    if empty:
        _LOG.warning("%s: left out, since they hold no features: %s", source.name, shown)
    return [one for one in listed if rows[one]]


def _features_in(source: Source, layer: str) -> int:
    try:
        found = pyogrio.read_info(source.for_reader(), layer=layer, force_feature_count=True)
    except (RuntimeError, OSError, ValueError) as error:
        msg = f"{source.name}: layer {layer!r} cannot be read ({error})"
        raise InputError(msg) from error
    return int(found["features"])


def open_layer(
    name: str | Path | Source, *, layer: str | None = None, encoding: str | None = None
) -> gpd.GeoDataFrame:
    """Open a shipped layer by its id, or any vector file.

    Only regular files are read, and not before their first bytes say what they are. Polygons
    that cross themselves are repaired, which is logged.

    Parameters
    ----------
    name
        An id of ``geo.layers.ids()``; the path of a GeoJSON, GeoJSONSeq, GeoPackage, FlatGeobuf,
        KML, Shapefile (zipped too) or GeoParquet file; ``"-"`` for standard input; or a file that
        passed the door.
    layer
        Which, of a file that holds several.
    encoding
        Of a shapefile's table; found by default.

    Returns
    -------
    GeoDataFrame
        In ``STORAGE_CRS``; a shipped layer is indexed by its id, a file by row number.

    Raises
    ------
    MissingFileError
        When it is neither an id nor a regular file; names the nearest ids.
    InputError
        When the file cannot be read, or holds nothing.
    CRSError
        When the file states no reference system, an old datum or a shifted one.

    Examples
    --------
    >>> open_layer("axes").index.name
    'axis_id'
    """
    if isinstance(name, Source):
        return _opened(name, layer, encoding)
    if str(name) in (*ids(), *OPTIONAL):
        return load(str(name)).frame
    if str(name) != STDIN and not Path(name).exists():
        near = get_close_matches(str(name), ids(), n=3, cutoff=0.5)
        hint = f"nearest: {', '.join(near)}; " if near else ""
        msg = f"{name}: neither a file nor a shipped layer ({hint}known: {', '.join(ids())})"
        raise MissingFileError(msg)
    return _opened(open_source(name), layer, encoding)


def _opened(source: Source, layer: str | None, encoding: str | None) -> gpd.GeoDataFrame:
    frame = _read(source, layer, encoding)
    if not isinstance(frame, gpd.GeoDataFrame) or frame.empty:
        msg = f"{source.name}: {'' if layer is None else f'layer {layer!r} '}holds no features"
        raise InputError(msg)
    if frame.crs is None:
        msg = f"{source.name}: states no reference system"
        raise CRSError(msg)
    return _repaired(to_storage(frame), source.name)


def _read(source: Source, layer: str | None, encoding: str | None) -> Any:
    """Read a file of a kind that holds geometry, after our own checks."""
    if source.kind in _TABLES:
        msg = f"{source.name}: is a table, not a layer; place its rows first with jjj locate"
        raise InputError(msg)
    try:
        if source.kind == "parquet":
            open_parquet(source)
            with source.open() as file:
                return gpd.read_parquet(file)
        options: dict[str, Any] = {}
        if source.kind == "geojson":
            check_geojson(source)
        if source.kind in _LAYERED:
            options["layer"] = _only_layer(source, layer)
        if source.kind == "shapefile" and source.path is not None:
            options["encoding"] = _checked_shapefile(source.path, source.name, encoding)
        frame = pyogrio.read_dataframe(source.for_reader(), datetime_as_string=True, **options)
        return _with_all(frame, source.for_reader(), options)
    except shapely.errors.GEOSException as error:
        why = str(error).partition(": ")[2].strip() or str(error)
        msg = f"{source.name}: a line of one point or a ring that does not close ({why})"
        raise InputError(msg) from error
    except (RuntimeError, OSError, ValueError, json.JSONDecodeError, pa.ArrowException) as error:
        if isinstance(error, InputError | CRSError | MissingFileError):
            raise
        msg = f"{source.name}: cannot be read as a layer ({error})"
        raise InputError(msg) from error


def _with_all(frame: Any, target: Path | bytes, options: dict[str, Any]) -> Any:
    """Restore what pyogrio loses: truth values beside missing ones, a property ``geometry``."""
    info = pyogrio.read_info(target, **options)
    fields = [str(one) for one in info["fields"]]
    for name, kind in zip(fields, info["dtypes"], strict=True):
        if kind == "bool" and name in frame and frame[name].dtype.kind == "f":
            frame[name] = frame[name].astype("boolean")
    if isinstance(frame, gpd.GeoDataFrame) and (shape := frame.geometry.name) in fields:
        cells = pyogrio.read_dataframe(target, columns=[shape], read_geometry=False, **options)
        name = f"{shape}_in"
        while name in fields:
            name = f"{name}_"
        frame.insert(fields.index(shape), name, cells[shape].to_numpy())
    return frame


def _only_layer(source: Source, wanted: str | None) -> str:
    listed = [str(one) for one, kind in pyogrio.list_layers(source.for_reader()) if kind]
    if wanted is not None:
        if wanted not in listed:
            raise UnknownIdError("layer", wanted, listed)
        return wanted
    if len(listed) != 1:
        shown = ", ".join(map(repr, listed)) or "none"
        msg = f"{source.name}: must have one layer with geometry, not {shown}"
        raise InputError(msg)
    return listed[0]


def _checked_shapefile(path: Path, name: str, given: str | None) -> str:
    defect = broken_shapefile(path)
    if defect:
        msg = f"{name}: {defect}"
        raise InputError(msg)
    encoding, notes = table_encoding(path, given)
    for note in notes:
        _LOG.warning("%s: %s", name, note)
    return encoding


def _repaired(frame: gpd.GeoDataFrame, name: str) -> gpd.GeoDataFrame:
    """Make crossing polygons valid; their area is what their structure encloses."""
    shapes = frame.geometry.to_numpy()
    polygons = shapely.get_dimensions(shapes) == 2
    bad = polygons & ~shapely.is_valid(shapes)
    if not bad.any():
        return frame
    mended = shapes.copy()
    mended[bad] = shapely.make_valid(shapes[bad], method="structure", keep_collapsed=False)
    _LOG.warning("%s: %d polygon(s) crossed themselves and were repaired", name, int(bad.sum()))
    return frame.set_geometry(gpd.GeoSeries(mended, index=frame.index, crs=frame.crs))
