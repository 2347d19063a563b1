"""Tables of any size in parts: Parquet or CSV in, one GeoParquet table a part out.

Nothing here makes a geometry a point: coordinates go from Arrow's own memory to the index and
the answer goes back as columns.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, get_args

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import shapely
from numpy.typing import NDArray

from geo.crs import STORAGE_CRS, parse_crs
from geo.datum import Datum, to_wgs84
from geo.errors import CRSError, InputError, MissingFileError
from geo.join._locate import place
from geo.join.index import UnitIndex, unit_index
from geo.tables.located import LOCATED, unit_names

__all__ = ["ROWS", "Labeller", "Part", "labelled", "labeller", "part_schema", "plan_parts"]

ROWS: Final = 1_000_000
"""Rows of a part, unless the input's own row groups are larger."""

_BATCH: Final = 1 << 18
_PAIRS: Final = (
    ("lon", "lat"), ("longitude", "latitude"), ("lng", "lat"), ("x", "y"), ("经度", "纬度"),
    ("lon_wgs84", "lat_wgs84"),
)  # fmt: skip
_ACCURACY: Final = ("location_accuracy_m", "position_accuracy_m")
_BEYOND: Final = 1.0  # degree: farther than this from all units a point has no geometry
_WKB_POINT: Final = 21
_LITTLE_POINT: Final = np.array([1, 1, 0, 0, 0], dtype=np.uint8)
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Part:
    """A piece of the input that becomes one file.

    Attributes
    ----------
    number
        Counted from 0 over the whole input, in its order.
    file
        Where it is read from.
    groups
        Row groups of a Parquet file; empty for CSV.
    skip, rows
        For CSV: rows before it in the file, and at most how many to take. For Parquet ``rows``
        is how many it has.
    """

    number: int
    file: Path
    groups: tuple[int, ...] = ()
    skip: int = 0
    rows: int = 0

    @property
    def name(self) -> str:
        """The file that it becomes."""
        return f"part-{self.number:05d}.parquet"


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
    units: gpd.GeoDataFrame,
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
        Polygons in ``STORAGE_CRS``, indexed by id.
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
        msg = f"datum {datum!r} is none of {', '.join(get_args(Datum))}"
        raise InputError(msg)
    index = unit_index(units)
    pair = _coordinate_columns(schema, lon, lat)
    code = pd.Series([*index.ids, None], dtype=object)
    names = {"adcode": code, **unit_names(code, units)}
    arrays = {name: pa.array(values, from_pandas=True) for name, values in names.items()}
    return Labeller(index, arrays, *pair, datum, boundary_accuracy_m)  # type: ignore[arg-type]


def _coordinate_columns(schema: pa.Schema, lon: str | None, lat: str | None) -> tuple[str, str]:
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
        msg = f"the geometry is in {shown}, not in longitude and latitude; reproject it first"
        raise CRSError(msg)


def plan_parts(source: str | Path, *, rows: int = ROWS) -> tuple[list[Part], pa.Schema]:
    """Cut a file or a folder into parts.

    Parameters
    ----------
    source
        A ``.parquet`` or ``.csv`` file, or a folder of ``.parquet`` files, taken by name.
    rows
        About how many rows a part has; row groups of Parquet are kept whole.

    Returns
    -------
    parts, schema
        In the input's order. A CSV file has one open part: it is cut while it is read.

    Raises
    ------
    MissingFileError
        When there is nothing to read.
    InputError
        When a file is no Parquet, or the files have not the same columns.
    """
    place_ = Path(source)
    if place_.is_file() and place_.suffix.lower() == ".csv":
        return [Part(0, place_, rows=rows)], _csv_schema(place_)
    files = sorted(place_.glob("*.parquet")) if place_.is_dir() else [place_]
    if not files or not all(one.is_file() for one in files):
        msg = f"{source}: no .parquet or .csv file, and no folder with .parquet files"
        raise MissingFileError(msg)
    parts: list[Part] = []
    schema: pa.Schema = None
    for file in files:
        try:
            opened = pq.ParquetFile(file)
        except (pa.ArrowInvalid, OSError) as error:
            msg = f"{file}: cannot be read as Parquet ({error})"
            raise InputError(msg) from error
        with opened:
            schema = _one_schema(schema, opened.schema_arrow, file, files[0])
            sizes = [opened.metadata.row_group(k).num_rows for k in range(opened.num_row_groups)]
        for groups in _grouped(sizes, rows):
            count = sum(sizes[k] for k in groups)
            parts.append(Part(len(parts), file, groups, rows=count))
    return parts, schema


def _one_schema(known: pa.Schema, new: pa.Schema, file: Path, first: Path) -> pa.Schema:
    if known is None:
        return new
    if known.names != new.names:
        odd = sorted(set(known.names) ^ set(new.names))
        what = f"column {odd[0]!r} is in one and not in the other" if odd else "another order"
        msg = f"{file}: not the columns of {first.name} ({what})"
        raise InputError(msg)
    for one, other in zip(known, new, strict=True):
        if one.type != other.type:
            msg = f"{file}: column {one.name!r} is {other.type}, in {first.name} it is {one.type}"
            raise InputError(msg)
    return known


def _grouped(sizes: Sequence[int], rows: int) -> Iterator[tuple[int, ...]]:
    """Gather row groups until they have enough rows; a file without rows is one part still."""
    taken: list[int] = []
    held = 0
    for number, size in enumerate(sizes):
        if taken and held + size > rows:
            yield tuple(taken)
            taken, held = [], 0
        taken.append(number)
        held += size
    yield tuple(taken)


def _csv_schema(file: Path) -> pa.Schema:
    """Take every cell of a CSV as text, so that nothing is changed."""
    with file.open(encoding="utf-8-sig", errors="strict", newline="") as opened:
        try:
            header = opened.readline()
        except UnicodeDecodeError as error:
            msg = f"{file}: not UTF-8; run jjj locate without --parts, which finds encodings out"
            raise InputError(msg) from error
    names = pa_csv.read_csv(pa.BufferReader(header.encode())).schema.names if header.strip() else []
    if not names or len(set(names)) < len(names):
        msg = f"{file}: its first line does not name its columns, each once"
        raise InputError(msg)
    return pa.schema([pa.field(name, pa.string()) for name in names])


def csv_parts(part: Part, schema: pa.Schema) -> Iterator[tuple[Part, pa.Table]]:
    """Read a CSV part by part, in bounded memory.

    Parameters
    ----------
    part
        The file's open part; ``rows`` is the size of the pieces.
    schema
        From ``plan_parts``.

    Yields
    ------
    part, table
        Pieces of exactly that many rows, the last with the rest; cells as text.
    """
    convert = pa_csv.ConvertOptions(column_types=schema, strings_can_be_null=False)
    number, held, tables = part.number, 0, []
    parse = pa_csv.ParseOptions(newlines_in_values=True)
    try:
        with pa_csv.open_csv(part.file, parse_options=parse, convert_options=convert) as reader:
            for batch in reader:
                tables.append(pa.Table.from_batches([batch]))
                held += len(batch)
                while held >= part.rows:
                    whole = pa.concat_tables(tables)
                    yield Part(number, part.file, rows=part.rows), whole.slice(0, part.rows)
                    tables, held, number = [whole.slice(part.rows)], held - part.rows, number + 1
    except pa.ArrowInvalid as error:
        msg = f"{part.file}: cannot be read as CSV ({error})"
        raise InputError(msg) from error
    if held or number == part.number:
        rest = pa.concat_tables(tables) if tables else schema.empty_table()
        yield Part(number, part.file, rows=held), rest


def part_tables(part: Part) -> Iterator[pa.Table]:
    """Read a part of a Parquet file in batches.

    Parameters
    ----------
    part
        From ``plan_parts``.

    Yields
    ------
    pyarrow.Table
        Up to 262,144 rows each; one empty table when there are none.
    """
    with pq.ParquetFile(part.file) as opened:
        if not part.rows:
            yield opened.schema_arrow.empty_table()
            return
        for batch in opened.iter_batches(batch_size=_BATCH, row_groups=list(part.groups)):
            yield pa.Table.from_batches([batch])


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
    lon, lat = _coordinates(table, how)
    lon, lat = to_wgs84(lon, lat, how.datum)
    sane = np.isfinite(lon) & np.isfinite(lat) & (np.abs(lon) <= 180) & (np.abs(lat) <= 90)
    lon, lat = np.where(sane, lon, np.nan), np.where(sane, lat, np.nan)
    accuracy = _accuracy(table)
    placed = place(
        lon, lat, how.index, accuracy_m=accuracy, boundary_accuracy_m=how.boundary_accuracy_m
    )
    at = pa.array(np.where(placed.code < 0, len(how.index.ids), placed.code))
    outside = placed.code < 0
    added: dict[str, Any] = {name: values.take(at) for name, values in how.names.items()}
    added["location_basis"] = pa.array(["coordinates", "none"]).take(
        pa.array((~sane).astype(np.int8))
    )
    added["location_accuracy_m"] = pa.array(np.where(sane, accuracy, np.nan), from_pandas=True)
    added["boundary_distance_m"] = pa.array(placed.boundary_distance_m.round(1), from_pandas=True)
    unsure = np.asarray(placed.ambiguous.fillna(False))
    added["ambiguous"] = pa.array(unsure, mask=outside)
    added["datum_in"] = pa.array(np.full(len(lon), how.datum)).cast(pa.string())
    added = {name: added[name] for name in LOCATED}
    own = table.drop_columns(_geometry_names(table.schema))
    own = own.rename_columns(_free_names(own.schema.names, [*added, "geometry"]))
    for name, values in added.items():
        own = own.append_column(name, values)
    return own.append_column("geometry", _wkb(lon, lat, sane & _near(lon, lat, how.index, outside)))


def part_schema(schema: pa.Schema, how: Labeller, run: str) -> pa.Schema:
    """Return the schema of the output with its GeoParquet metadata.

    Parameters
    ----------
    schema
        Of the input.
    how
        From ``labeller``.
    run
        Kept under the key ``run``: parts of one run know each other by it.

    Returns
    -------
    pyarrow.Schema
        Of every part.
    """
    column = {"encoding": "WKB", "geometry_types": ["Point"], "crs": STORAGE_CRS.to_json_dict()}
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
    made: pa.Schema = labelled(schema.empty_table(), how).schema
    return made.with_metadata({"geo": json.dumps(geo), "run": run})


def _geometry_names(schema: pa.Schema) -> list[str]:
    described = json.loads((schema.metadata or {}).get(b"geo", b"{}"))
    primary = described.get("primary_column")
    return [primary] if primary in schema.names else []


def _free_names(names: list[str], taken: list[str]) -> list[str]:
    free = list(names)
    for at, name in enumerate(names):
        new = name
        while new in taken or (new != name and new in names):
            new += "_in"
        free[at] = new
    return free


def _coordinates(table: pa.Table, how: Labeller) -> tuple[Floats, Floats]:
    if not how.lon:
        return _points(table.column(_geometry_names(table.schema)[0]))
    lon, lat = (_numbers(table.column(name)) for name in (how.lon, how.lat))
    return lon, lat


def _numbers(column: Any) -> Floats:
    """Read numbers; text that is none, and nulls, become NaN."""
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        text = pc.utf8_trim_whitespace(column)
        good = pc.match_substring_regex(
            text, r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"
        )
        column = pc.if_else(good, pc.utf8_ltrim(text, characters="+"), None)
    values = column.cast(pa.float64()).to_numpy()
    return np.asarray(values, dtype=np.float64)


def _accuracy(table: pa.Table) -> Floats:
    for name in _ACCURACY:
        if name in table.column_names:
            return np.nan_to_num(_numbers(table.column(name)), posinf=0.0, neginf=0.0)
    return np.zeros(len(table))


def _points(column: Any) -> tuple[Floats, Floats]:
    """Read point geometries without making them: WKB of one length is a matrix."""
    array = column.combine_chunks()
    if isinstance(array, pa.ChunkedArray):
        array = pa.concat_arrays(array.chunks) if array.num_chunks else pa.array([], array.type)
    if pa.types.is_struct(array.type):  # geoarrow points
        x, y = (_numbers(array.field(name)) for name in ("x", "y"))
        return np.where(array.is_valid(), x, np.nan), np.where(array.is_valid(), y, np.nan)
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
    shapes = shapely.from_wkb(present.to_numpy(zero_copy_only=False))
    wrong = shapely.get_type_id(shapes) != 0
    if wrong.any():
        msg = f"the geometry holds a {shapes[wrong][0].geom_type} among the points"
        raise InputError(msg)
    shapes[shapely.is_empty(shapes)] = None
    x[here], y[here] = shapely.get_x(shapes), shapely.get_y(shapes)
    return x, y


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
