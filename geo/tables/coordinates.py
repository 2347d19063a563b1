"""The coordinates that a row states, in any form: shapes, two columns, one cell, WKT."""

import re
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from geo.crs import STORAGE_CRS
from geo.door.features import judge_degrees
from geo.door.headers import Roles
from geo.door.numbers import Parsed, parse_cells, split_pairs
from geo.door.table import Chunk
from geo.errors import InputError
from geo.region import Box, within_box

__all__ = ["Flags", "Stated", "stated_coordinates", "unproject_stated"]

_ZERO_DEG: Final = 1e-3
_SHAPE: Final = re.compile(
    r"\s*(?:SRID=\d+;\s*)?(?P<kind>LINESTRING|LINEARRING|POLYGON|MULTI\w+|GEOMETRYCOLLECTION|"
    r"CIRCULARSTRING|COMPOUNDCURVE|CURVEPOLYGON|TRIANGLE|TIN|POLYHEDRALSURFACE)\b[\sZM]*(?:\(|EMPTY)",
    re.IGNORECASE,
)
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


class Flags:
    """Reasons by row: a mask for each reason, and a detail where there is one.

    Parameters
    ----------
    rows
        Number of rows of the chunk.
    """

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self.masks: dict[str, Bools] = {}
        self.details: dict[int, str] = {}

    def add(self, reason: str, rows: Bools | NDArray[np.int64], detail: str | None = None) -> None:
        """Give some rows a reason.

        Parameters
        ----------
        reason
            A key of ``REASONS``.
        rows
            A mask or positions.
        detail
            Added once for each of the rows that has none yet.
        """
        mask = self.masks.setdefault(reason, np.zeros(self.rows, dtype=bool))
        mask[rows] = True
        if detail is not None:
            for at in np.flatnonzero(rows) if rows.dtype == bool else rows:
                self.details.setdefault(int(at), detail)

    def one(self, at: int, reason: str, detail: str = "") -> None:
        """Give one row a reason and a detail.

        Parameters
        ----------
        at
            Position of the row.
        reason
            A key of ``REASONS``.
        detail
            The value that caused the reason.
        """
        self.masks.setdefault(reason, np.zeros(self.rows, dtype=bool))[at] = True
        if detail:
            self.details.setdefault(at, detail)

    def drop(self, rows: Bools, reasons: tuple[str, ...]) -> None:
        """Remove reasons from some rows.

        Parameters
        ----------
        rows
            Boolean mask, one entry a row.
        reasons
            Reason codes, keys of ``geo.door.account.REASONS``.
        """
        for reason in reasons:
            if reason in self.masks:
                self.masks[reason][rows] = False

    def any(self, reasons: tuple[str, ...]) -> Bools:
        """Return which rows have one of some reasons.

        Parameters
        ----------
        reasons
            Reason codes, keys of ``geo.door.account.REASONS``.

        Returns
        -------
        ndarray of bool
            One entry a row.
        """
        found = np.zeros(self.rows, dtype=bool)
        for reason in reasons:
            if reason in self.masks:
                found |= self.masks[reason]
        return found


@dataclass(frozen=True)
class Stated:
    """Coordinates as a chunk states them.

    Attributes
    ----------
    x, y
        Degrees or metres, NaN where none can be used.
    usable
        Whether both are there and pass the checks that need no datum.
    flags
        Reasons noted for each row.
    """

    x: Floats
    y: Floats
    usable: Bools
    flags: Flags = field(repr=False)


def stated_coordinates(
    chunk: Chunk, roles: Roles, *, metres: bool, anywhere: bool = False
) -> Stated:
    """Read the coordinates of a chunk and check each row.

    Parameters
    ----------
    chunk
        Some consecutive rows of the table, cells as read.
    roles
        Which column plays which role; those of coordinates are read.
    metres
        Whether they are in a projection rather than in degrees.
    anywhere
        Whether they may lie anywhere on earth, on its equator too.

    Returns
    -------
    Stated
        Swapped pairs are put right and reported; null islands, half pairs, text and values beyond
        any longitude are refused.
    """
    flags = Flags(len(chunk.frame))
    for issue in chunk.issues:
        flags.one(issue.at, issue.reason, issue.detail)
    x, y, forms = _raw(chunk, roles, flags)
    blank_x, blank_y = np.isnan(x), np.isnan(y)
    bad = flags.any(
        ("not_a_number", "bad_geometry", "broken_geometry", "not_a_point", "not_a_feature")
    )
    flags.add("no_coordinates", blank_x & blank_y & ~bad)
    flags.add("half_missing", (blank_x ^ blank_y) & ~bad)
    usable = ~blank_x & ~blank_y & ~bad & ~flags.any(("extra_cells",))
    flags.drop(~usable, forms)
    # cells that have slipped say nothing about what stands in them
    flags.drop(flags.any(("extra_cells",)), tuple(set(flags.masks) - {"extra_cells"}))
    if not metres:
        x, y, usable = _degrees(x, y, usable, flags, anywhere=anywhere)
    return Stated(x, y, usable, flags)


def _raw(chunk: Chunk, roles: Roles, flags: Flags) -> tuple[Floats, Floats, tuple[str, ...]]:
    columns = roles.columns
    cells: tuple[Any, Any]
    if chunk.shapes is not None and not {"lon", "lat"} <= set(columns):
        return (*_from_shapes(chunk.shapes, flags), ())
    if "lon" in columns and "lat" in columns:
        cells = chunk.frame[columns["lon"]], chunk.frame[columns["lat"]]
    elif "x" in columns and "y" in columns:
        cells = chunk.frame[columns["x"]], chunk.frame[columns["y"]]
    elif "point" in columns or "wkt" in columns:
        column = chunk.frame[columns.get("point") or columns["wkt"]]
        cells = split_pairs(_without_shapes(column, flags))
        if roles.lat_first:
            cells = cells[1], cells[0]
    else:
        nothing = np.full(len(chunk.frame), np.nan)
        return nothing, nothing.copy(), ()
    return _from_cells(cells[0], cells[1], flags)


def _from_shapes(shapes: NDArray[np.object_], flags: Flags) -> tuple[Floats, Floats]:
    empty = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    lone = (shapely.get_type_id(shapes) == 4) & (shapely.get_num_geometries(shapes) == 1)
    points = shapes.copy()
    points[empty] = None
    points[lone] = shapely.get_geometry(points[lone], 0)
    flags.add("single_multipoint", lone & ~empty)
    for at in np.flatnonzero((shapely.get_type_id(points) > 0) & ~empty):
        flags.one(int(at), "not_a_point", str(shapes[at].geom_type))
    return shapely.get_x(points).astype(float), shapely.get_y(points).astype(float)


def _without_shapes(cells: "pd.Series[Any]", flags: Flags) -> list[Any]:
    """Empty the cells that hold a line, an area or several points in WKT, and say what they are."""
    kept = list(cells)
    for at, cell in enumerate(kept):
        found = _SHAPE.match(cell) if isinstance(cell, str) else None
        if found:
            kept[at] = None
            flags.one(at, "not_a_point", found["kind"].upper())
    return kept


def _from_cells(first: Any, second: Any, flags: Flags) -> tuple[Floats, Floats, tuple[str, ...]]:
    parsed = parse_cells(first), parse_cells(second)
    forms: set[str] = set()
    for one in parsed:
        for form in set(one.forms[one.forms != ""]) - {"missing"}:
            rows = np.flatnonzero(one.forms == form)
            flags.add(form, rows)
            forms.add(form)
            if form == "not_a_number":
                cells = list(first if one is parsed[0] else second)
                for at in rows[:10_000]:
                    flags.details.setdefault(int(at), f"{cells[at]!s}"[:60])
    x, y = _by_named_axis(parsed[0], parsed[1], flags)
    return x, y, tuple(forms - {"not_a_number"})


def _by_named_axis(first: Parsed, second: Parsed, flags: Flags) -> tuple[Floats, Floats]:
    """Put a pair such as N39.9, E116.4 into the order that its own letters state."""
    x, y = first.values.copy(), second.values.copy()
    crossed = (first.axes == "lat") & (second.axes != "lat") | (second.axes == "lon") & (
        first.axes != "lon"
    )
    x[crossed], y[crossed] = second.values[crossed], first.values[crossed]
    flags.add("swapped", crossed)
    clash = (first.axes != "") & (first.axes == second.axes)
    flags.add("not_a_number", clash, "both coordinates name the same axis")
    x[clash] = y[clash] = np.nan
    return x, y


def _degrees(
    x: Floats, y: Floats, usable: Bools, flags: Flags, *, anywhere: bool
) -> tuple[Floats, Floats, Bools]:
    found = judge_degrees(x, y, usable, anywhere=anywhere)
    for reason, rows in found.seen.items():
        flags.add(reason, rows)
    for at in np.flatnonzero(found.seen["out_of_range"])[:10_000]:
        flags.one(int(at), "out_of_range", f"{found.lon[at]:.10g}, {found.lat[at]:.10g}")
    return found.lon, found.lat, found.usable


def unproject_stated(stated: Stated, crs: CRS, name: str, reach: Box) -> Stated:
    """Bring coordinates from the reference system that is stated to degrees.

    Surveyors write northing before easting, and some call it X: where only the swapped pair falls
    into the region, the pair is swapped, which is reported.

    Parameters
    ----------
    stated
        Metres, or degrees of a geographic system.
    crs
        Reference system that the coordinates are stated in.
    name
        Name of the file, for messages.
    reach
        West, south, east, north within which the places are expected.

    Returns
    -------
    Stated
        Degrees in WGS 84.

    Raises
    ------
    InputError
        When the values cannot be of that system (all look like degrees).
    """
    x, y = stated.x, stated.y
    seen = stated.usable
    if (
        crs.is_projected
        and seen.any()
        and bool((np.abs(x[seen]) <= 180).all() and (np.abs(y[seen]) <= 180).all())
    ):
        msg = f"{name}: says {crs.name}, which is in metres, but its coordinates are degrees"
        raise InputError(msg)
    change = Transformer.from_crs(crs, STORAGE_CRS, always_xy=True)
    lon, lat = _transformed(change, x, y)
    other_lon, other_lat = _transformed(change, y, x)
    swap = seen & ~within_box(reach, lon, lat) & within_box(reach, other_lon, other_lat)
    stated.flags.add("swapped", swap)
    lon, lat = np.where(swap, other_lon, lon), np.where(swap, other_lat, lat)
    lost = seen & ~np.isfinite(lon + lat)
    stated.flags.add("unprojectable", lost)
    return Stated(lon, lat, seen & ~lost, stated.flags)


def _transformed(change: Transformer, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    lon, lat = change.transform(x, y)
    lon, lat = np.asarray(lon, float), np.asarray(lat, float)
    bad = ~np.isfinite(lon + lat)
    return np.where(bad, np.nan, lon), np.where(bad, np.nan, lat)
