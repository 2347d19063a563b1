"""Labels for tables of any size: Arrow in, the columns of ``jjj locate`` added, Arrow out.

Nothing here makes a geometry a point: coordinates go from Arrow's own memory to the index and
the answer goes back as columns.
"""

import json
from dataclasses import dataclass, field
from typing import Any, Final, get_args

import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from geo.crs import STORAGE_CRS
from geo.datum import Datum, to_wgs84
from geo.door.own_columns import renamed
from geo.errors import InputError
from geo.join._coordinates import Floats, accuracy, coordinate_columns, coordinates, geometry_names
from geo.join._locate import place
from geo.join.index import UnitIndex, unit_index
from geo.tables.units_in import Units

__all__ = ["Labeller", "labelled", "labeller", "part_schema"]

_BEYOND: Final = 1.0  # degree: farther than this from all units a point has no geometry
_WKB_POINT: Final = 21
_LITTLE_POINT: Final = np.array([1, 1, 0, 0, 0], dtype=np.uint8)


@dataclass(frozen=True)
class Labeller:
    """What is needed to label any batch; small enough to send to every worker once.

    Attributes
    ----------
    index
        Of the units.
    names
        By column: a value for each unit, and null for no unit.
    lon, lat
        Columns of the coordinates; empty when they are in the geometry.
    datum
        Of the coordinates.
    boundary_accuracy_m
        Error of the borders.
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
        Of the input.
    lon, lat
        Columns of the coordinates; found by their usual names, or in the GeoParquet geometry.
    datum
        ``wgs84``, ``cgcs2000``, ``gcj02`` or ``bd09``.
    boundary_accuracy_m
        Error of the borders in metres.

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
        From ``labeller``.

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
        Of the input.
    how
        From ``labeller``.
    run
        Kept under the key ``run``: parts of one run know each other by it.
    provenance
        JSON that ``jjj explain`` reads.

    Returns
    -------
    pyarrow.Schema
        Of every part.
    """
    column = {"encoding": "WKB", "geometry_types": ["Point"], "crs": STORAGE_CRS.to_json_dict()}
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
    made: pa.Schema = labelled(schema.empty_table(), how).schema
    told = {"provenance": provenance} if provenance else {}
    return made.with_metadata({"geo": json.dumps(geo), "run": run, **told})


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
