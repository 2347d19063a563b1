"""Features of vector files: read, checked, converted to WGS 84 degrees.

What longitude and latitude may be: exchanged pairs put right, (0, 0) and the impossible refused.

One rule for points from any format: what is refused in a table is refused in a shapefile.

A layer from a file: every geometry in WGS 84 longitude and latitude, every row accounted for.
"""

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from geo.crs import STORAGE_CRS, parse_crs, to_storage
from geo.datum import DATUMS, Datum, to_wgs84
from geo.door.account import REASONS, Account
from geo.door.faults import named, reading
from geo.door.files import Source
from geo.door.readers import open_table
from geo.door.table import Opened, RowIssue
from geo.errors import CRSError, InputError

__all__ = [
    "Degrees",
    "Features",
    "features_of",
    "judge_degrees",
    "read_features",
    "with_common_type",
]

_ZERO_DEG: Final = 1e-9

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Degrees:
    """Longitudes and latitudes after the check.

    Attributes
    ----------
    lon, lat
        Degrees, exchanged where that was plain.
    usable
        Mask of the pairs that can be positions.
    seen
        Number of rows by reason code of ``geo.door.account``.
    """

    lon: Floats
    lat: Floats
    usable: Bools
    seen: dict[str, Bools] = field(default_factory=dict)


def judge_degrees(x: Floats, y: Floats, usable: Bools, *, anywhere: bool = False) -> Degrees:
    """Check pairs of degrees.

    Parameters
    ----------
    x, y
        As they stand; NaN where there is none.
    usable
        Mask of the pairs to be checked.
    anywhere
        Whether a point may lie on the equator or the meridian of Greenwich to the last digit; where
        a region is known, one coordinate of 0 is one that is missing.

    Returns
    -------
    Degrees
        A pair whose second is beyond any latitude and whose first is none is exchanged.

    Examples
    --------
    >>> x, y = np.array([116.4, 39.9, 0.0, 500.0]), np.array([39.9, 116.4, 0.0, 10.0])
    >>> found = judge_degrees(x, y, np.ones(4, dtype=bool))
    >>> found.lon.tolist()[:2], found.usable.tolist()
    ([116.4, 116.4], [True, True, False, False])
    """
    swap = usable & (np.abs(y) > 90) & (np.abs(y) <= 180) & (np.abs(x) <= 90)
    lon, lat = np.where(swap, y, x), np.where(swap, x, y)
    zero_lon, zero_lat = np.abs(lon) < _ZERO_DEG, np.abs(lat) < _ZERO_DEG
    wild = usable & ((np.abs(lon) > 180) | (np.abs(lat) > 90))
    seen = {
        "swapped": swap,
        "null_island": usable & zero_lon & zero_lat,
        "zero_coordinate": usable & (zero_lon ^ zero_lat) & (not anywhere),
        "out_of_range": wild,
    }
    refused = seen["null_island"] | seen["zero_coordinate"] | wild
    return Degrees(lon, lat, usable & ~refused, seen)


_LOG = logging.getLogger(__name__)
AUTO: Final = "auto"
_MOST_DEGREES: Final = 400.0
_LOST: Final = ("not_a_feature", "bad_geometry", "broken_geometry", "not_a_number")
_INT64: Final = 2**63
_EXACT: Final = 2**53

Shapes = NDArray[np.object_]


@dataclass(frozen=True)
class Features:
    """The features of a layer with the account of their rows.

    Attributes
    ----------
    name
        Name of the file or layer, for messages.
    frame
        In ``STORAGE_CRS``, one row a feature; without geometry where it has none that can be used.
    account
        Rows in the file, used rows, rows left out and why.
    lines
        The line or number of each row of ``frame``, counted from 1.
    facts
        Format, layer, encoding: what was found.
    notes
        Notes for the user, one sentence each.
    """

    name: str
    frame: gpd.GeoDataFrame
    account: Account
    lines: NDArray[np.int64]
    facts: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Rows:
    """All rows of a file at once."""

    frame: pd.DataFrame
    shapes: Shapes
    lines: NDArray[np.int64]
    issues: tuple[RowIssue, ...]


def read_features(
    source: str | Path | Source,
    *,
    layer: str | None = None,
    encoding: str | None = None,
    datum: str = AUTO,
) -> Features:
    """Read one layer of a vector file.

    Parameters
    ----------
    source
        GeoJSON, GeoJSON lines, GeoPackage, FlatGeobuf, KML, KMZ, shapefile (zipped too), DXF,
        MapInfo, file geodatabase or GeoParquet; ``"-"`` for standard input; or an opened file
        (``geo.door.files.Source``).
    layer
        Name of the layer, for a file that holds several.
    encoding
        Encoding of a shapefile's table or a text table; None detects it.
    datum
        ``auto`` takes what the file states; ``wgs84``, ``cgcs2000``, ``gcj02``, ``bd09`` or
        ``EPSG:n`` win over it.

    Returns
    -------
    Features
        Polygons that cross themselves are repaired, which is noted; heights are kept.

    Raises
    ------
    InputError
        When it cannot be read, is a table without geometry, holds nothing that can be used, or
        its coordinates cannot be of the system that it states.
    CRSError
        When it states no reference system and its numbers are no degrees, or it states one on an
        old datum, and ``datum`` names none.
    """
    return features_of(
        *open_table(source, encoding=encoding, sheet=layer, placed=False), datum=datum
    )


def features_of(file: Source, opened: Opened, *, datum: str = AUTO) -> Features:
    """Read the rows of an opened layer.

    Parameters
    ----------
    file, opened
        The file and its table, both as ``geo.door.readers.open_table`` returns them.
    datum
        ``auto`` takes what the file states; ``wgs84``, ``cgcs2000``, ``gcj02``, ``bd09`` or
        ``EPSG:n`` win over it.

    Returns
    -------
    Features
        As ``read_features``.

    Raises
    ------
    InputError
        As ``read_features``.
    """
    if not opened.spatial:
        msg = f"{file.name}: is a table, not a layer; place its rows first with jjj locate"
        raise InputError(msg)
    if (opened.crs, opened.declared, datum.strip().lower()) == (None, None, AUTO):
        note = "taken as WGS 84, since nothing says otherwise (--datum)"
        opened = replace(opened, notes=(*opened.notes, note))
    with named(file.name):
        change = _change(opened, datum, file.name)
        rows = _collected(file.name, opened)
        shapes, lost = rows.shapes.copy(), _lost_in_reading(rows)
        shapes[[at for at, _ in lost]] = None
        shapes = change(shapes)
        shapes, more, noted = _on_earth(shapes)
        return _features(file, opened, rows, shapes, [*lost, *more], noted)


def _collected(name: str, opened: Opened) -> _Rows:
    chunks = list(opened.chunks())
    if not chunks:
        msg = f"{name}: holds no features"
        raise InputError(msg)
    issues: list[RowIssue] = []
    start = 0
    for chunk in chunks:
        issues += [RowIssue(start + one.at, one.reason, one.detail) for one in chunk.issues]
        start += len(chunk.frame)
    shapes = [
        np.full(len(chunk.frame), None, dtype=object) if chunk.shapes is None else chunk.shapes
        for chunk in chunks
    ]
    frame = pd.concat([chunk.frame for chunk in chunks], ignore_index=True)
    lines = np.concatenate([chunk.lines for chunk in chunks])
    return _Rows(frame, np.concatenate(shapes), lines, tuple(issues))


def _lost_in_reading(rows: _Rows) -> list[tuple[int, str]]:
    """Return the rows that have no usable geometry, each with the first reason for it."""
    found: dict[int, str] = {}
    for one in rows.issues:
        if one.reason in _LOST:
            found.setdefault(one.at, one.reason)
    bare = shapely.is_missing(rows.shapes) | shapely.is_empty(rows.shapes)
    for at in map(int, np.flatnonzero(bare)):
        found.setdefault(at, "no_geometry")
    return sorted(found.items())


def _change(opened: Opened, datum: str, name: str) -> Callable[[Shapes], Shapes]:
    """Return what brings the file's shapes to WGS 84 degrees."""
    plain = datum.strip().lower()
    if plain == AUTO:
        if opened.declared in ("gcj02", "bd09"):
            return _from_datum("gcj02" if opened.declared == "gcj02" else "bd09")
        if opened.crs is None:
            return _as_degrees
        return _from_crs(opened.crs, name)
    known = next((one for one in DATUMS if one == plain), None)
    return _from_datum(known) if known is not None else _from_crs(parse_crs(datum), name)


def _as_degrees(shapes: Shapes) -> Shapes:
    """Take shapes without a reference system for what their numbers can only be, as of points."""
    extent = _extent(shapes)
    if len(extent) and (extent <= 180).all(axis=1).mean() <= 0.5:
        msg = "states no reference system; name it with --datum (wgs84, gcj02, EPSG:n)"
        raise CRSError(msg)
    return shapes


def _from_datum(datum: Datum) -> Callable[[Shapes], Shapes]:
    def moved(places: NDArray[np.float64]) -> NDArray[np.float64]:
        lon, lat = to_wgs84(places[:, 0], places[:, 1], datum)
        made: NDArray[np.float64] = np.column_stack([lon, lat, *places[:, 2:].T])
        return made

    def change(shapes: Shapes) -> Shapes:
        _refuse_metres(shapes)
        if datum not in ("gcj02", "bd09"):
            return shapes
        made = shapes.copy()
        high = shapely.has_z(shapes)
        made[~high] = shapely.transform(shapes[~high], moved)
        made[high] = shapely.transform(shapes[high], moved, include_z=True)
        return made

    return change


def _from_crs(crs: CRS, name: str) -> Callable[[Shapes], Shapes]:
    def change(shapes: Shapes) -> Shapes:
        if crs.is_projected:
            _refuse_degrees(shapes, crs)
        else:
            _refuse_metres(shapes)
        with reading(name, f"a layer in {crs.name}"):
            moved = to_storage(gpd.GeoSeries(shapes, crs=crs))
        made: Shapes = moved.to_numpy()
        return made

    return change


def _extent(shapes: Shapes) -> NDArray[np.float64]:
    bounds = shapely.bounds(shapes)
    extent: NDArray[np.float64] = np.abs(bounds[np.isfinite(bounds).all(axis=1)])
    return extent


def _refuse_degrees(shapes: Shapes, crs: CRS) -> None:
    extent = _extent(shapes)
    if len(extent) and bool((extent <= 180).all()):
        msg = (
            f"says {crs.name}, which is in metres, but its coordinates are degrees; "
            "name what they are with --datum, such as wgs84"
        )
        raise InputError(msg)


def _refuse_metres(shapes: Shapes) -> None:
    extent = _extent(shapes)
    if len(extent) and bool((extent.max(axis=1) > _MOST_DEGREES).all()):
        msg = (
            "its coordinates are metres where degrees are stated; "
            "name their projection with --datum, such as EPSG:4509"
        )
        raise InputError(msg)


def _on_earth(shapes: Shapes) -> tuple[Shapes, list[tuple[int, str]], Counter[str]]:
    """Check points by the rule of tables, and leave out what lies off the earth."""
    made = shapes.copy()
    lost: list[tuple[int, str]] = []
    noted: Counter[str] = Counter()
    points = (shapely.get_type_id(shapes) == 0) & ~shapely.is_empty(shapes)
    there = np.flatnonzero(points)
    if len(there):
        own = shapes[there]
        x, y, z = shapely.get_x(own), shapely.get_y(own), shapely.get_z(own)
        found = judge_degrees(x, y, np.isfinite(x) & np.isfinite(y), anywhere=True)
        swapped = found.seen["swapped"] & found.usable
        made[there[swapped]] = _points(found.lon[swapped], found.lat[swapped], z[swapped])
        noted["swapped"] += int(swapped.sum())
        for reason in ("null_island", "out_of_range"):
            lost += [(int(at), reason) for at in there[found.seen[reason]]]
        lost += [(int(at), "off_the_earth") for at in there[~np.isfinite(x) | ~np.isfinite(y)]]
    bounds = shapely.bounds(shapes)
    others = ~points & ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    wild = ~np.isfinite(bounds).all(axis=1) | (np.abs(bounds[:, [1, 3]]) > 90).any(axis=1)
    wild |= (np.abs(bounds[:, [0, 2]]) > 360).any(axis=1)
    lost += [(int(at), "off_the_earth") for at in np.flatnonzero(others & wild)]
    made[[at for at, _ in lost]] = None
    return made, lost, noted


def _points(lon: Any, lat: Any, z: Any) -> Shapes:
    made: Shapes = shapely.points(lon, lat)
    high = np.isfinite(z)
    made[high] = shapely.points(lon[high], lat[high], z[high])
    return made


def _features(
    file: Source,
    opened: Opened,
    rows: _Rows,
    shapes: Shapes,
    lost: list[tuple[int, str]],
    noted: Counter[str],
) -> Features:
    shapes, repaired, flat = _repaired(shapes)
    lost = [*lost, *((int(at), "no_area") for at in flat)]
    account = Account(file.name, len(rows.frame))
    details = {one.at: one.detail for one in reversed(rows.issues)}
    for reason in dict.fromkeys(reason for _, reason in lost):
        mine = [at for at, why in lost if why == reason]
        account = account.without(reason, rows.lines[mine], details.get(mine[0], ""))
    if not account.used:
        msg = f"{file.name}: none of its rows has a place: {account.sentence()['en']}"
        raise InputError(msg)
    for one in rows.issues:
        if one.reason in REASONS and REASONS[one.reason].level == "repair":
            noted[one.reason] += 1
    notes = list(opened.notes)
    if repaired:
        notes.append(f"{repaired} polygon(s) crossed themselves and were repaired")
    notes += [
        f"{REASONS[reason].en} ({count:,} {'row' if count == 1 else 'rows'})"
        for reason, count in noted.items()
        if count
    ]
    kept = np.ones(len(rows.frame), dtype=bool)
    kept[[at for at, reason in lost if reason == "not_a_feature"]] = False
    frame = _framed(rows.frame[kept].reset_index(drop=True), shapes[kept])
    account = account.noting(noted)
    return Features(file.name, frame, account, rows.lines[kept], opened.facts, tuple(notes))


def _framed(frame: pd.DataFrame, shapes: Shapes) -> gpd.GeoDataFrame:
    """Give the rows their geometry; a property of that name keeps its cells under another."""
    if "geometry" in frame.columns:
        name = "geometry_in"
        while name in frame.columns:
            name = f"{name}_"
        frame = frame.rename(columns={"geometry": name})
    plain = pd.DataFrame(
        {name: with_common_type(frame[name]) for name in frame.columns}, index=frame.index
    )
    return gpd.GeoDataFrame(plain, geometry=gpd.GeoSeries(shapes, crs=STORAGE_CRS))


def _repaired(shapes: Shapes) -> tuple[Shapes, int, NDArray[np.int64]]:
    """Make crossing polygons valid; their area is what their structure encloses.

    Returns the shapes, how many were repaired, and which enclose nothing, now without a shape.
    """
    polygons = shapely.get_dimensions(shapes) == 2
    bad = np.flatnonzero(polygons & ~shapely.is_valid(shapes))
    mended = shapes.copy()
    mended[bad] = shapely.make_valid(shapes[bad], method="structure", keep_collapsed=False)
    flat = bad[shapely.is_empty(mended[bad])]
    mended[flat] = None
    return mended, len(bad) - len(flat), flat


def with_common_type(column: "pd.Series[Any]") -> "pd.Series[Any]":
    """Convert a column of Python objects to the one dtype that holds them all exactly.

    Parameters
    ----------
    column
        Of Python objects; any other is returned as it is.

    Returns
    -------
    Series
        64-bit integers, truth values and text stay what they are beside missing ones; integers
        beyond 64 bits and mixtures stay objects.

    Examples
    --------
    >>> with_common_type(pd.Series([9007199254740993, None], dtype=object)).dtype.name
    'Int64'
    >>> with_common_type(pd.Series([True, None], dtype=object)).tolist()
    [True, <NA>]
    """
    if column.dtype != object:
        return column
    known = [cell for cell in column if cell is not None and cell == cell]  # noqa: PLR0124 - NaN
    kinds = {type(cell) for cell in known}
    whole = len(known) == len(column)
    if kinds == {bool}:
        return column.astype("bool" if whole else "boolean")
    if kinds == {int} and all(-_INT64 <= cell < _INT64 for cell in known):
        return column.astype("int64" if whole else "Int64")
    exact = kinds <= {int, float} and all(
        isinstance(one, float) or abs(one) <= _EXACT for one in known
    )
    if kinds and exact:
        return column.astype("float64")
    return column.astype("str") if kinds == {str} else column


def _is_exact(number: float) -> bool:
    """Tell whether a number stays what it is as a float."""
    return isinstance(number, float) or abs(number) <= _EXACT
