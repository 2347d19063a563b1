"""Columns that locate many points, batch by batch, for tables of any size.

Where the coordinates of an Arrow table are, and what they are, without a geometry a point.

Labels for tables of any size: Arrow in, the columns of ``jjj locate`` added, Arrow out.

Nothing here makes a geometry a point: coordinates go from Arrow's own memory to the index and
the answer goes back as columns.
"""

import json
from dataclasses import dataclass, field
from typing import Any, Final, get_args

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from geo.crs import STORAGE_CRS, parse_crs
from geo.datum import Datum, to_wgs84
from geo.door.headers import renamed
from geo.errors import CRSError, InputError
from geo.join._locate import place
from geo.join.index import UnitIndex, unit_index
from geo.tables.units import Units

__all__ = [
    "Floats",
    "Labeller",
    "accuracy",
    "coordinate_columns",
    "coordinates",
    "geometry_names",
    "labelled",
    "labeller",
    "part_schema",
]

Floats = NDArray[np.float64]
_PAIRS: Final = (
    ("lon", "lat"), ("longitude", "latitude"), ("lng", "lat"), ("x", "y"), ("经度", "纬度"),
    ("lon_wgs84", "lat_wgs84"),
)  # fmt: skip
_ACCURACY: Final = ("location_accuracy_m", "position_accuracy_m")
_WKB_POINT: Final = 21
_LITTLE_POINT: Final = np.array([1, 1, 0, 0, 0], dtype=np.uint8)


def coordinate_columns(schema: pa.Schema, lon: str | None, lat: str | None) -> tuple[str, str]:
    """Find the columns of the coordinates.

    Parameters
    ----------
    schema
        Arrow schema of the table.
    lon, lat
        Their names, if the reader gave them.

    Returns
    -------
    lon, lat : str
        Empty when the coordinates are in the GeoParquet geometry.

    Raises
    ------
    InputError
        When there are none, or they hold neither numbers nor text.
    CRSError
        When the geometry is not in longitude and latitude.
    """
    pair = _named_or_usual(schema, lon, lat)
    for name in pair if pair[0] else ():
        kind = schema.field(name).type
        kind = kind.value_type if pa.types.is_dictionary(kind) else kind
        if not (_is_number(kind) or _is_text(kind)):
            msg = f"column {name!r} holds {kind}, not degrees"
            raise InputError(msg)
    return pair


def _is_number(kind: Any) -> bool:
    types = pa.types
    return bool(types.is_floating(kind) or types.is_integer(kind) or types.is_decimal(kind))


def _is_text(kind: Any) -> bool:
    types = pa.types
    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))


def _named_or_usual(schema: pa.Schema, lon: str | None, lat: str | None) -> tuple[str, str]:
    known = list(schema.names)
    if lon is not None or lat is not None:
        lacking = [one for one in (lon, lat) if one not in known]
        if lon is None or lat is None or lacking:
            msg = f"no column {lacking[0]!r}" if lacking[0:] and lacking[0] else "name both"
            msg = f"{msg}; --lon and --lat name two of: {', '.join(known)}"
            raise InputError(msg)
        return lon, lat
    if b"geo" in (schema.metadata or {}):
        _check_geometry(schema)
        return "", ""
    lower = {name.lower(): name for name in known}
    for pair in _PAIRS:
        if pair[0] in lower and pair[1] in lower:
            return lower[pair[0]], lower[pair[1]]
    msg = f"no longitude and latitude among the columns {', '.join(known)}; name them"
    raise InputError(msg)


def _check_geometry(schema: pa.Schema) -> None:
    described = json.loads(schema.metadata[b"geo"])
    column = described["columns"][described["primary_column"]]
    stated = column.get("crs", STORAGE_CRS.to_json_dict())
    crs = None if stated is None else parse_crs(json.dumps(stated))
    if crs is None or (crs.to_epsg() not in (4326, 4490) and crs.name != "WGS 84 (CRS84)"):
        shown = "no reference system" if crs is None else crs.name
        msg = f"the geometry is in {shown}, not in longitude and latitude"
        msg += "; jjj locate without --parts takes it"
        raise CRSError(msg)


def geometry_names(schema: pa.Schema) -> list[str]:
    """Return the name of the primary geometry column in a list, empty without one.

    Parameters
    ----------
    schema
        Arrow schema with or without GeoParquet metadata.

    Returns
    -------
    list of str
        One name or none.
    """
    primary = json.loads((schema.metadata or {}).get(b"geo", b"{}")).get("primary_column")
    return [primary] if primary in schema.names else []


def coordinates(table: pa.Table, lon: str, lat: str) -> tuple[Floats, Floats]:
    """Read the coordinates of a table.

    Parameters
    ----------
    table
        Numbers, text or GeoParquet points.
    lon, lat
        Names of the coordinate columns, as ``coordinate_columns`` returns them.

    Returns
    -------
    lon, lat : ndarray
        NaN where there is none.

    Raises
    ------
    InputError
        When the geometry holds something else than points.
    """
    if not lon:
        return _points(table.column(geometry_names(table.schema)[0]))
    return _numbers(table.column(lon)), _numbers(table.column(lat))


def _numbers(column: Any) -> Floats:
    """Read numbers; text that is none, and nulls, become NaN."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if _is_text(column.type):
        column = column.cast(pa.large_string())
        text = pc.utf8_trim_whitespace(column)
        good = pc.match_substring_regex(
            text, r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"
        )
        column = pc.if_else(good, pc.utf8_ltrim(text, characters="+"), None)
    values = column.cast(pa.float64()).to_numpy()
    return np.asarray(values, dtype=np.float64)


def accuracy(table: pa.Table) -> Floats:
    """Read the positional error of each point in metres.

    Parameters
    ----------
    table
        With a column of metres under one of its usual names, or without.

    Returns
    -------
    ndarray
        Metres; 0 where none is stated.
    """
    for name in _ACCURACY:
        if name in table.column_names:
            return np.nan_to_num(_numbers(table.column(name)), posinf=0.0, neginf=0.0)
    return np.zeros(len(table))


def _points(column: Any) -> tuple[Floats, Floats]:
    """Read point geometries without making them: WKB of one length is a matrix."""
    array = column.combine_chunks()
    if isinstance(array, pa.ChunkedArray):
        array = pa.concat_arrays(array.chunks) if array.num_chunks else pa.array([], array.type)
    if isinstance(array, pa.ExtensionArray):
        array = array.storage
    if pa.types.is_struct(array.type):  # geoarrow points
        x, y = (_numbers(array.field(name)) for name in ("x", "y"))
        return np.where(array.is_valid(), x, np.nan), np.where(array.is_valid(), y, np.nan)
    if not (pa.types.is_binary(array.type) or pa.types.is_large_binary(array.type)):
        msg = f"the geometry is stored as {array.type}; WKB and GeoArrow points are read"
        raise InputError(msg)
    array = array.cast(pa.binary())
    x, y = np.full(len(array), np.nan), np.full(len(array), np.nan)
    here = np.flatnonzero(np.asarray(array.is_valid()))
    present = array.drop_null()
    start = np.frombuffer(present.buffers()[1], dtype=np.int32)
    start = start[present.offset : present.offset + len(present) + 1]
    if len(present) and (np.diff(start) == _WKB_POINT).all():
        data = np.frombuffer(present.buffers()[2], dtype=np.uint8)
        matrix = data[start[0] : start[-1]].reshape(-1, _WKB_POINT)
        if (matrix[:, :5] == _LITTLE_POINT).all():
            xy = np.ascontiguousarray(matrix[:, 5:]).view("<f8")
            x[here], y[here] = xy[:, 0], xy[:, 1]
            return x, y
    shapes = _shapes(present)
    wrong = shapely.get_type_id(shapes) != 0
    if wrong.any():
        msg = f"the geometry holds a {shapes[wrong][0].geom_type} among the points"
        raise InputError(msg)
    shapes[shapely.is_empty(shapes)] = None
    x[here], y[here] = shapely.get_x(shapes), shapely.get_y(shapes)
    return x, y


def _shapes(wkb: Any) -> Any:
    try:
        return shapely.from_wkb(wkb.to_numpy(zero_copy_only=False))
    except shapely.errors.GEOSException as error:
        msg = f"the geometry cannot be read as WKB ({str(error).splitlines()[0]})"
        raise InputError(msg) from None


_BEYOND: Final = 1.0  # degree: farther than this from all units a point has no geometry


@dataclass(frozen=True)
class Labeller:
    """Everything needed to label a batch of points; small enough to send to workers.

    Attributes
    ----------
    index
        Spatial index of the units' polygons.
    names
        By column: a value for each unit, and null for no unit.
    lon, lat
        Columns of the coordinates; empty when they are in the geometry.
    datum
        Datum of the coordinates, one of ``geo.datum.DATUMS``.
    boundary_accuracy_m
        Positional error of the units' borders in metres.
    """

    index: UnitIndex
    names: dict[str, pa.Array] = field(repr=False)
    lon: str
    lat: str
    datum: Datum
    boundary_accuracy_m: float


def labeller(
    units: Units,
    schema: pa.Schema,
    *,
    lon: str | None = None,
    lat: str | None = None,
    datum: str = "wgs84",
    boundary_accuracy_m: float = 0.0,
) -> Labeller:
    """Prepare the labelling of tables with one schema.

    Parameters
    ----------
    units
        The polygons and what is known of them.
    schema
        Arrow schema of the input table.
    lon, lat
        Columns of the coordinates; found by their usual names, or in the GeoParquet geometry.
    datum
        Datum of the coordinates: ``wgs84``, ``cgcs2000``, ``gcj02`` or ``bd09``.
    boundary_accuracy_m
        Positional error of the units' borders in metres.

    Returns
    -------
    Labeller
        Ready for ``labelled``.

    Raises
    ------
    InputError
        When there are no coordinates to be found, or the datum is none of these.
    CRSError
        When the geometry is not in longitude and latitude.
    """
    if datum not in get_args(Datum):
        known = ", ".join(get_args(Datum))
        msg = f"datum {datum!r} is none of {known}; jjj locate without --parts knows others"
        raise InputError(msg)
    index = unit_index(units.frame, name=units.name)
    pair = coordinate_columns(schema, lon, lat)
    code = pd.Series([*index.ids, None], dtype=object)
    names = {"adcode": code, **units.named(code)}
    _ = index.crs  # chosen here, so that every worker measures alike
    arrays = {name: pa.array(values, from_pandas=True) for name, values in names.items()}
    return Labeller(index, arrays, *pair, datum, boundary_accuracy_m)  # type: ignore[arg-type]


def labelled(table: pa.Table, how: Labeller) -> pa.Table:
    """Label one batch: every input column as it was, then the columns of ``jjj locate``.

    Parameters
    ----------
    table
        With the columns that ``how`` was made for.
    how
        The prepared labelling, as ``labeller`` returns it.

    Returns
    -------
    pyarrow.Table
        Rows in order; an input column that collides with ours gets ``_in``; ``geometry`` last,
        WKB points in WGS 84, null without coordinates or more than 1° away from all units.
    """
    lon, lat = coordinates(table, how.lon, how.lat)
    lon, lat = to_wgs84(lon, lat, how.datum)
    sane = np.isfinite(lon) & np.isfinite(lat) & (np.abs(lon) <= 180) & (np.abs(lat) <= 90)
    lon, lat = np.where(sane, lon, np.nan), np.where(sane, lat, np.nan)
    error_m = accuracy(table)
    placed = place(
        lon, lat, how.index, accuracy_m=error_m, boundary_accuracy_m=how.boundary_accuracy_m
    )
    at = pa.array(np.where(placed.code < 0, len(how.index.ids), placed.code))
    outside = placed.code < 0
    added: dict[str, Any] = {name: values.take(at) for name, values in how.names.items()}
    added["location_basis"] = pa.array(["coordinates", "none"]).take(
        pa.array((~sane).astype(np.int8))
    )
    added["location_accuracy_m"] = pa.array(np.where(sane, error_m, np.nan), from_pandas=True)
    added["boundary_distance_m"] = pa.array(placed.boundary_distance_m.round(1), from_pandas=True)
    unsure = np.asarray(placed.ambiguous.fillna(False))
    added["ambiguous"] = pa.array(unsure, mask=outside)
    added["datum_in"] = pa.repeat(how.datum, len(lon))
    own = table.drop_columns(geometry_names(table.schema))
    if set(added) <= set(own.schema.names):  # an earlier run's, which are made anew
        own = own.drop_columns(list(added))
    changed = renamed(own.schema.names, [*added, "geometry"])
    own = own.rename_columns([changed.get(name, name) for name in own.schema.names])
    for name, values in added.items():
        own = own.append_column(name, values)
    return own.append_column("geometry", _wkb(lon, lat, sane & _near(lon, lat, how.index, outside)))


def part_schema(schema: pa.Schema, how: Labeller, run: str, *, provenance: str = "") -> pa.Schema:
    """Return the schema of the output with its GeoParquet metadata.

    Parameters
    ----------
    schema
        Arrow schema of the input table.
    how
        The prepared labelling, as ``labeller`` returns it.
    run
        Kept under the key ``run``: parts of one run know each other by it.
    provenance
        Provenance of the data as JSON, which ``jjj explain`` reads.

    Returns
    -------
    pyarrow.Schema
        Of every part.
    """
    column = {"encoding": "WKB", "geometry_types": ["Point"], "crs": STORAGE_CRS.to_json_dict()}
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
    made: pa.Schema = labelled(schema.empty_table(), how).schema
    extra = {"provenance": provenance} if provenance else {}
    return made.with_metadata({"geo": json.dumps(geo), "run": run, **extra})


def _near(lon: Floats, lat: Floats, index: UnitIndex, outside: NDArray[np.bool_]) -> Any:
    west, south, east, north = shapely.total_bounds(index.shapes)
    with np.errstate(invalid="ignore"):
        near = (lon >= west - _BEYOND) & (lon <= east + _BEYOND)
        near &= (lat >= south - _BEYOND) & (lat <= north + _BEYOND)
    return near | ~outside


def _wkb(lon: Floats, lat: Floats, present: NDArray[np.bool_]) -> pa.Array:
    """Write points as WKB in one piece of memory."""
    matrix = np.empty((int(present.sum()), _WKB_POINT), dtype=np.uint8)
    matrix[:, :5] = _LITTLE_POINT
    xy = np.column_stack([lon[present], lat[present]]).astype("<f8")
    matrix[:, 5:] = xy.view(np.uint8)
    start = np.concatenate([[0], np.cumsum(present) * _WKB_POINT]).astype(np.int32)
    valid = np.packbits(present, bitorder="little")
    buffers = [pa.py_buffer(valid), pa.py_buffer(start), pa.py_buffer(matrix)]
    return pa.Array.from_buffers(pa.binary(), len(lon), buffers)
