"""Geocoding of rows: by coordinates, else by code, county name or address, else a reason."""

from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from geo.crs import STORAGE_CRS, parse_crs
from geo.datum import DATUMS, to_wgs84
from geo.door.account import REASONS
from geo.door.headers import PLACED, Roles, is_placed, renamed, stated_datum
from geo.door.numbers import parse_cells, rounding_m
from geo.door.table import Chunk, with_numbers
from geo.errors import CRSError
from geo.region import EVERYWHERE, Box, Region, within_box
from geo.tables.addresses import stated_counties
from geo.tables.coordinates import Flags, Stated, stated_coordinates, unproject_stated
from geo.tables.gazetteer import units

__all__ = ["Placed", "Plan", "place_chunk"]

_COARSE_M: Final = 500.0
_LAST_WORDS: Final = (
    "no_address", "outside_region", "county_not_stated", "ambiguous_county", "ambiguous_zone",
    "split_county", "unknown_place", "not_a_code", "not_a_county", "unknown_code", "split_code",
    "no_gazetteer",
)  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """Settings for placing the rows of a table.

    Attributes
    ----------
    name
        Name of the file, for messages.
    roles
        Which column plays which role.
    datum
        Datum of the coordinates: one of ``DATUMS``, or ``"EPSG:n"``.
    crs
        The reference system when ``datum`` is one, else None.
    numbers
        Text columns whose cells are all plain numbers, and their dtype.
    region
        The region whose codes and addresses are recognised.
    reach
        Where coordinates are places; ``EVERYWHERE`` refuses nothing for lying far away.
    """

    name: str
    roles: Roles
    datum: str
    region: Region
    reach: Box
    crs: CRS | None = None
    numbers: dict[str, str] | None = None

    @property
    def anywhere(self) -> bool:
        """Whether coordinates may lie anywhere on earth."""
        return self.reach == EVERYWHERE

    @property
    def holds_zero(self) -> bool:
        """Whether a coordinate of exactly 0 may be a place: the reach meets such a line."""
        west, south, east, north = self.reach
        return west <= 0 <= east or south <= 0 <= north

    @property
    def metres(self) -> bool:
        """Whether the coordinates are projected."""
        return self.crs is not None and bool(self.crs.is_projected)


@dataclass(frozen=True)
class Placed:
    """A chunk with a place or a reason for each row.

    Attributes
    ----------
    frame
        Input columns, ``location_basis``, ``location_accuracy_m``, ``datum_in``, geometry.
    report
        ``line``, ``status``, ``reason``, ``detail``, ``stated_adcode``, one row a row.
    """

    frame: gpd.GeoDataFrame
    report: pd.DataFrame


def place_chunk(chunk: Chunk, plan: Plan) -> Placed:
    """Place the rows of a chunk.

    Parameters
    ----------
    chunk
        Some consecutive rows of the table, cells as read.
    plan
        Settings for placing the rows: roles, datum, region.

    Returns
    -------
    Placed
        As many rows, in the same order.

    Raises
    ------
    InputError
        When the stated reference system cannot be that of the coordinates.
    """
    stated = stated_coordinates(chunk, plan.roles, metres=plan.metres, anywhere=plan.holds_zero)
    raw_x, raw_y = stated.x, stated.y
    stated, datums = _to_wgs84(stated, chunk, plan)
    flags = stated.flags
    lon, lat, usable = stated.x, stated.y, stated.usable
    accuracy_m = np.full(len(lon), np.nan) if plan.metres else rounding_m(raw_x, raw_y)
    if plan.metres:
        accuracy_m[usable] = 1.0
    flags.add("coarse", usable & (accuracy_m >= _COARSE_M))
    accuracy_m = _stated_accuracy(chunk, plan.roles, accuracy_m)
    far = usable & ~within_box(plan.reach, lon, lat) & (not plan.anywhere)
    for at in np.flatnonzero(far)[:10_000]:
        flags.one(int(at), "far_outside", f"{lon[at]:.6f}, {lat[at]:.6f}")
    flags.add("far_outside", far)
    usable &= ~far
    basis = np.where(usable, "coordinates", "none").astype(object)
    counties = stated_counties(chunk, plan.roles, flags, only=~usable, region=plan.region)
    fall_back = ~usable & ~far & ~flags.any(("extra_cells", "not_a_feature"))
    _place_in_county(fall_back, counties, (lon, lat, accuracy_m, basis), flags, plan.region)
    return _finished(chunk, plan, flags, counties, (lon, lat, accuracy_m, basis, datums))


def _to_wgs84(stated: Stated, chunk: Chunk, plan: Plan) -> tuple[Stated, NDArray[np.object_]]:
    if plan.crs is not None:
        return unproject_stated(stated, plan.crs, plan.name, plan.reach), np.full(
            len(stated.x), plan.datum, object
        )
    datums = np.full(len(stated.x), plan.datum, dtype=object)
    column = plan.roles.columns.get("datum")
    if column is not None and column in chunk.frame:
        datums = _row_datums(chunk.frame[column], plan.datum, stated.flags)
    lon, lat = stated.x.copy(), stated.y.copy()
    usable = stated.usable & (datums != "")
    for datum in set(datums[usable]):
        rows = usable & (datums == datum)
        if datum in DATUMS:
            lon[rows], lat[rows] = to_wgs84(stated.x[rows], stated.y[rows], datum)
        else:
            part = Stated(stated.x, stated.y, rows, stated.flags)
            moved = unproject_stated(part, parse_crs(datum), plan.name, plan.reach)
            lon[rows], lat[rows] = moved.x[rows], moved.y[rows]
            usable[rows] &= moved.usable[rows]
    return Stated(lon, lat, usable, stated.flags), datums


def _row_datums(cells: "pd.Series[Any]", default: str, flags: Flags) -> NDArray[np.object_]:
    """Read the datum of each row; an empty cell takes the table's, an unknown one refuses."""
    known: dict[str, str] = {}
    found = np.full(len(cells), default, dtype=object)
    for at, cell in enumerate(cells):
        text = "" if cell is None or cell != cell else str(cell).strip()  # noqa: PLR0124 - NaN
        if not text:
            continue
        if text not in known:
            known[text] = _readable_datum(text)
        found[at] = known[text]
        if known[text] in ("", "old"):
            flags.one(at, "old_datum" if known[text] == "old" else "unknown_datum", text[:60])
            found[at] = ""
    return found


def _readable_datum(text: str) -> str:
    datum = stated_datum(text)
    if datum is None:
        return ""
    if datum.startswith("EPSG:"):
        try:
            parse_crs(datum)
        except CRSError as error:
            return "old" if "rests on" in str(error) else ""
        return {"EPSG:4326": "wgs84", "EPSG:4490": "cgcs2000"}.get(datum, datum)
    return datum


def _stated_accuracy(
    chunk: Chunk, roles: Roles, accuracy_m: NDArray[np.float64]
) -> NDArray[np.float64]:
    column = roles.columns.get("accuracy")
    if column is None and is_placed(chunk.frame.columns):
        column = "location_accuracy_m"
    if column is None or column not in chunk.frame:
        return accuracy_m
    stated = parse_cells(chunk.frame[column]).values
    return np.where(stated > 0, np.fmax(stated, accuracy_m), accuracy_m)


def _place_in_county(rows: Any, counties: Any, arrays: Any, flags: Flags, region: Region) -> None:
    """Give rows without usable coordinates their county's point."""
    lon, lat, accuracy_m, basis = arrays
    for at in map(int, np.flatnonzero(rows)):
        if counties[at] is None:
            continue
        code, how, reason = counties[at]
        unit = units(region)[code]
        lon[at], lat[at], accuracy_m[at], basis[at] = unit.lon, unit.lat, unit.accuracy_m, how
        flags.one(int(at), f"placed_by_{how}", unit.name)
        if reason:
            flags.one(int(at), reason)
    done = rows & (basis != "none")
    # what was wrong with the coordinates stays in the detail only where it was more than absence
    flags.drop(done, _LAST_WORDS)
    flags.drop(done, ("no_coordinates", "coarse"))


def _finished(
    chunk: Chunk, plan: Plan, flags: Flags, counties: Any, arrays: tuple[Any, ...]
) -> Placed:
    lon, lat, accuracy_m, basis, datums = arrays
    placed = basis != "none"
    flags.drop(~placed, ("coarse", "swapped"))
    frame = with_numbers(chunk.frame, plan.numbers or {})
    if is_placed(frame.columns):  # by us: these columns are made anew
        basis = _kept_basis(frame["location_basis"], basis)
        frame = frame.drop(columns=list(PLACED))
    frame = frame.rename(columns=renamed(frame.columns, (*PLACED, "geometry")))
    frame["location_basis"] = basis
    frame["location_accuracy_m"] = np.where(placed, np.round(accuracy_m, 1), np.nan)
    frame["datum_in"] = pd.Series(datums, dtype=object).where(basis == "coordinates", None)
    shapes = np.full(len(lon), None, dtype=object)
    shapes[placed] = shapely.points(lon[placed], lat[placed])
    heights = _heights(chunk)
    high = placed & np.isfinite(heights) & (basis == "coordinates")
    shapes[high] = shapely.points(lon[high], lat[high], heights[high])
    geo = gpd.GeoDataFrame(
        frame, geometry=gpd.GeoSeries(shapes, crs=STORAGE_CRS, index=frame.index)
    )
    stated = [None if one is None else one[0] for one in counties]
    return Placed(geo, _report(chunk, flags, placed, stated))


def _heights(chunk: Chunk) -> NDArray[np.float64]:
    """Return the height of each point that a file of geometries gives; NaN where there is none."""
    nothing = np.full(len(chunk.frame), np.nan)
    if chunk.shapes is None or not shapely.has_z(chunk.shapes).any():
        return nothing
    points = (shapely.get_type_id(chunk.shapes) == 0) & ~shapely.is_empty(chunk.shapes)
    nothing[points] = shapely.get_z(chunk.shapes[points])
    return nothing


def _kept_basis(stated: "pd.Series[Any]", basis: NDArray[np.object_]) -> NDArray[np.object_]:
    """Keep what an earlier run wrote: a county's point is no coordinate of the row's own."""
    earlier = stated.isin(["address", "code"]).to_numpy()
    kept = earlier & (basis == "coordinates")
    return np.where(kept, stated.to_numpy(dtype=object), basis)


def _report(chunk: Chunk, flags: Flags, placed: Any, stated: list[Any]) -> pd.DataFrame:
    reasons = np.full(flags.rows, "", dtype=object)
    repaired = np.zeros(flags.rows, dtype=bool)
    for reason in REASONS:  # refusals first, in one order whatever was seen first
        mask = flags.masks.get(reason)
        if mask is None or not mask.any():
            continue
        reasons[mask] = reasons[mask] + np.where(reasons[mask] == "", "", ";") + reason
        if REASONS[reason].level != "note":
            repaired |= mask
    status = np.where(~placed, "refused", np.where(repaired, "repaired", "placed")).astype(object)
    details = np.full(flags.rows, "", dtype=object)
    for at, detail in flags.details.items():
        if reasons[at]:
            details[at] = detail
    return pd.DataFrame(
        {
            "line": chunk.lines,
            "status": status,
            "reason": reasons,
            "detail": details,
            "stated_adcode": np.asarray(stated, dtype=object),
        }
    )
