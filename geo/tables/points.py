"""Conversion of a user's table to a point layer with an account of every row."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.crs import STORAGE_CRS
from geo.door.account import REASONS
from geo.door.account import Account as RowAccount
from geo.door.faults import named
from geo.door.files import Source
from geo.door.headers import Role, Roles, find_roles, stated_datum
from geo.door.numbers import parse_cells, split_pairs
from geo.door.readers import open_table
from geo.door.table import Opened
from geo.errors import InputError
from geo.region import Box, Region, current_region
from geo.tables.datum import (
    AUTO,
    CONFIDENCE,
    DatumDecision,
    decide,
    evidence_in,
    refuse_metres,
    stated_decision,
)
from geo.tables.numbers import NumberColumns
from geo.tables.placing import Plan, place_chunk

__all__ = ["PointChunks", "PointTable", "collect", "iter_points", "points_of", "read_points"]

_EXPECTED: Final = ("no_coordinates", "no_address", "missing_cells")  # which say least
_EVIDENCE_ROWS: Final = 20_000
_EVIDENCE_SEARCHED: Final = 200_000
_PEEKED: Final = 1_000  # cells of an address column that are tried as coordinates
_MOSTLY: Final = 0.9  # of those that are not empty


@dataclass(frozen=True)
class PointTable:
    """A table as a point layer, with an account of every row.

    Attributes
    ----------
    name
        Name of the file, for messages.
    frame
        One row per input row in input order, in ``STORAGE_CRS``: every input column unchanged
        (one that collides with ours gets ``_in``), then ``location_basis`` (coordinates, address,
        code or none), ``location_accuracy_m``, ``datum_in``, and a null geometry where refused.
    report
        One row per input row: ``line``, ``status`` (placed, repaired or refused), ``reason``
        (codes of ``geo.door.account`` joined by semicolons), ``detail``, ``stated_adcode``.
    datum
        The datum decision with its evidence.
    facts
        Encoding, delimiter, sheet, header line: what was found.
    notes
        Notes for the user, one sentence each.
    roles
        Which column plays which role.
    """

    name: str
    frame: gpd.GeoDataFrame
    report: pd.DataFrame
    datum: DatumDecision
    facts: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    roles: Mapping[Role, str] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        """Rows in, and rows by status; the statuses add up to the rows."""
        by_status = Counter(self.report["status"])
        counts = {status: by_status.get(status, 0) for status in ("placed", "repaired", "refused")}
        return {"rows": len(self.report), **counts}

    @property
    def account(self) -> RowAccount:
        """How many rows have a place, and why others have none, each with its telling reason."""
        lost = self.report[self.report["status"] == "refused"]
        why = lost["reason"].map(_telling).to_numpy()
        account = RowAccount(self.name, len(self.report))
        for reason in dict.fromkeys(why):
            mine = lost[why == reason]
            account = account.without(reason, mine["line"], str(mine["detail"].iloc[0]))
        seen: Counter[str] = Counter()
        placed = self.report["status"] != "refused"
        for joined, rows in self.report.loc[placed, "reason"].value_counts().items():
            for reason in filter(None, str(joined).split(";")):
                seen[reason] += int(rows)
        return account.noting(seen)


def _telling(joined: str) -> str:
    """Return the reason of a refused row that says most."""
    known = [one for one in joined.split(";") if one in REASONS and REASONS[one].level == "refuse"]
    telling = [one for one in known if one not in _EXPECTED] or known
    return telling[0] if telling else "no_coordinates"


@dataclass(frozen=True)
class PointChunks:
    """A table that is placed chunk by chunk, so that memory stays bounded.

    Attributes
    ----------
    name, datum, facts, notes, roles
        As the attributes of ``PointTable``, for the whole table.
    tables
        Yields ``PointTable`` pieces in input order; can be started again.
    """

    name: str
    datum: DatumDecision
    facts: dict[str, Any]
    notes: tuple[str, ...]
    roles: Mapping[Role, str]
    opened: Opened
    plan: Plan

    def tables(self) -> Iterator[PointTable]:
        """Place the rows, chunk by chunk.

        Yields
        ------
        PointTable
            Up to 65,536 rows each.
        """
        for chunk in self.opened.chunks():
            placed = place_chunk(chunk, self.plan)
            yield PointTable(
                self.name,
                placed.frame,
                placed.report,
                self.datum,
                self.facts,
                self.notes,
                self.roles,
            )


def iter_points(
    source: str | Path | Source,
    *,
    columns: Mapping[Role, str] | None = None,
    datum: str = AUTO,
    encoding: str | None = None,
    sheet: str | None = None,
    confidence: float = CONFIDENCE,
    region: Region | None = None,
    reach: Box | None = None,
) -> PointChunks:
    """Open a table to be placed chunk by chunk.

    The file is read once to learn its types and to judge its datum (from its first 20,000 rows
    that state a county), and once more when its pieces are taken.

    Parameters
    ----------
    source
        A path, ``"-"`` for standard input, or an opened file (``geo.door.files.Source``).
    columns
        Columns that the user names, by role; these win.
    datum
        Datum of the coordinates: ``"auto"``, one of ``DATUMS``, or ``"EPSG:n"``.
    encoding
        Encoding of text tables and shapefiles, such as ``GBK``; None detects it.
    sheet
        Name of a sheet of a workbook or of a layer of a GeoPackage.
    confidence
        Smallest posterior probability at which a datum is found.
    region
        The region whose codes and addresses are recognised; None is the current region.
    reach
        West, south, east, north where coordinates are places: by default the region's reach;
        ``EVERYWHERE`` refuses nothing for lying far away.

    Returns
    -------
    PointChunks
        Its ``tables()`` yields the pieces.

    Raises
    ------
    GeoError
        When the file, its header or its reference system cannot be read; the message names it.
    """
    wanted = tuple((columns or {}).values())
    file, opened = open_table(source, encoding=encoding, sheet=sheet, wanted=wanted)
    return points_of(
        file,
        opened,
        columns=columns,
        datum=datum,
        confidence=confidence,
        region=region,
        reach=reach,
    )


def points_of(
    file: Source,
    opened: Opened,
    *,
    columns: Mapping[Role, str] | None = None,
    datum: str = AUTO,
    confidence: float = CONFIDENCE,
    region: Region | None = None,
    reach: Box | None = None,
) -> PointChunks:
    """Decide how the rows of an opened table are placed.

    Parameters
    ----------
    file, opened
        The file and its table, both as ``geo.door.readers.open_table`` returns them.
    columns, datum, confidence, region, reach
        The parameters of ``iter_points`` under these names.

    Returns
    -------
    PointChunks
        Its ``tables()`` yields the pieces.

    Raises
    ------
    GeoError
        When its header or its reference system cannot be read; the message names the file.
    """
    region = region or current_region()
    with named(file.name):
        roles = _roles(opened, columns)
        fixed = stated_decision(file.name, opened, roles, datum)
        scanned = _scan(opened, roles, fixed, region)
        decision = decide(fixed, scanned.lon, scanned.lat, scanned.adcode, confidence, region)
    plan = Plan(
        file.name,
        roles,
        decision.datum,
        region,
        reach or region.reach,
        decision.crs,
        scanned.numbers,
    )
    notes = (*opened.notes, *roles.notes)
    facts = {**opened.facts, "rows": scanned.rows}
    return PointChunks(file.name, decision, facts, notes, roles.columns, opened, plan)


def read_points(
    source: str | Path | Source,
    *,
    columns: Mapping[Role, str] | None = None,
    datum: str = AUTO,
    encoding: str | None = None,
    sheet: str | None = None,
    confidence: float = CONFIDENCE,
    region: Region | None = None,
    reach: Box | None = None,
) -> PointTable:
    """Read a table as a point layer in which every row is accounted for.

    Parameters
    ----------
    source
        CSV, TSV, XLSX, GeoJSON, GeoJSONSeq, GeoPackage, Shapefile (zipped too), FlatGeobuf, KML,
        Parquet or GeoParquet; ``"-"`` for standard input, or an opened file
        (``geo.door.files.Source``).
    columns
        Columns that the user names, by role (``lon``, ``lat``, ``name``, ``address``, ``code``).
    datum
        Datum of the coordinates: ``"auto"``, one of ``DATUMS``, or ``"EPSG:n"``.
    encoding
        Encoding of text tables and shapefiles, such as ``GBK``; None detects it.
    sheet
        Name of a sheet of a workbook or of a layer of a GeoPackage.
    confidence
        Smallest posterior probability at which a datum is found.
    region
        The region whose codes and addresses are recognised; None is the current region.
    reach
        West, south, east, north where coordinates are places: by default the region's reach;
        ``EVERYWHERE`` refuses nothing for lying far away.

    Returns
    -------
    PointTable
        Rows in input order with their report.

    Raises
    ------
    GeoError
        When the file, its header or its reference system cannot be read; the message names it.

    Examples
    --------
    >>> from geo.region import open_region
    >>> read_points(open_region().folder / "tables" / "firms.csv").counts["refused"]
    0
    """
    chunks = iter_points(
        source,
        columns=columns,
        datum=datum,
        encoding=encoding,
        sheet=sheet,
        confidence=confidence,
        region=region,
        reach=reach,
    )
    return collect(chunks)


def collect(chunks: PointChunks) -> PointTable:
    """Place all rows of a table and hold them at once.

    Parameters
    ----------
    chunks
        The table in pieces, as ``iter_points`` returns it.

    Returns
    -------
    PointTable
        With rows that share one point noted.

    Raises
    ------
    InputError
        When there is no row.
    """
    pieces = list(chunks.tables())
    if not pieces:
        msg = f"{chunks.name}: holds no rows below its header"
        raise InputError(msg)
    plain = [pd.DataFrame(piece.frame.drop(columns="geometry")) for piece in pieces]
    shapes = np.concatenate([piece.frame.geometry.to_numpy() for piece in pieces])
    frame = plain[0] if len(plain) == 1 else pd.concat(plain, ignore_index=True)
    geo = gpd.GeoDataFrame(
        frame, geometry=gpd.GeoSeries(shapes, crs=STORAGE_CRS, index=frame.index)
    )
    report = pd.concat([piece.report for piece in pieces], ignore_index=True)
    return replace(pieces[0], frame=geo, report=_coincident(geo, report))


def _coincident(frame: gpd.GeoDataFrame, report: pd.DataFrame) -> pd.DataFrame:
    """Note the rows whose coordinates are exactly those of another row."""
    own = (frame["location_basis"] == "coordinates").to_numpy()
    spots = pd.DataFrame({"x": frame.geometry.x, "y": frame.geometry.y}).loc[own]
    twice = np.zeros(len(frame), dtype=bool)
    twice[own] = spots.duplicated(keep=False).to_numpy()
    if not twice.any():
        return report
    reason = report["reason"].to_numpy(dtype=object).copy()
    reason[twice] = np.where(reason[twice] == "", "", reason[twice] + ";") + "coincident"
    return report.assign(reason=reason)


def _roles(opened: Opened, columns: Mapping[Role, str] | None) -> Roles:
    first = next(opened.chunks(), None)
    if first is None:
        msg = "holds no rows below its header"
        raise InputError(msg)
    roles = find_roles(opened.columns, given=columns, need_place=first.shapes is None)
    if first.shapes is not None and not {"lon", "lat"} & set(columns or {}):
        kept = {
            role: name
            for role, name in roles.columns.items()
            if role not in ("lon", "lat", "x", "y", "point", "wkt")
        }
        return replace(roles, columns=kept, datum=None)
    return roles if "address" in (columns or {}) else _pairs_for_address(roles, first.frame)


def _pairs_for_address(roles: Roles, frame: pd.DataFrame) -> Roles:
    """Take a column called 位置 or the like as coordinates when its cells are pairs of numbers."""
    name = roles.columns.get("address")
    places = {"lon", "lat", "x", "y", "point", "wkt"}
    if name is None or name not in frame or places & set(roles.columns):
        return roles
    cells = frame[name].head(_PEEKED)
    first, second = (parse_cells(part).values for part in split_pairs(cells))
    stated = cells.notna() & (cells.astype(str).str.strip() != "")
    pairs = int((np.isfinite(first) & np.isfinite(second)).sum())
    if not pairs or pairs < _MOSTLY * int(stated.sum()):
        return roles
    kept: dict[Role, str] = {k: one for k, one in roles.columns.items() if k != "address"}
    kept["point"] = name
    note = f"column {name!r} holds pairs of numbers: taken as coordinates, not as an address"
    return replace(roles, columns=kept, datum=stated_datum(name), notes=(*roles.notes, note))


@dataclass(frozen=True)
class _Scanned:
    """What one pass over the file taught."""

    rows: int
    numbers: dict[str, str]
    lon: np.ndarray
    lat: np.ndarray
    adcode: np.ndarray


def _scan(opened: Opened, roles: Roles, fixed: DatumDecision | None, region: Region) -> _Scanned:
    metres = fixed is not None and fixed.crs is not None
    kinds = NumberColumns(opened, roles) if opened.as_text else None
    samples: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    held = rows = 0
    for chunk in opened.chunks():
        rows += len(chunk.frame)
        if kinds is not None:
            kinds.see(chunk.frame)
        if not metres and held < _EVIDENCE_ROWS and rows <= _EVIDENCE_SEARCHED:
            samples.append(evidence_in(chunk, roles, region))
            held += len(samples[-1][0])
        if not metres and rows == len(chunk.frame):
            refuse_metres(chunk, roles)
        if kinds is None and "rows" in opened.facts and rows >= _EVIDENCE_ROWS:
            rows = int(opened.facts["rows"])
            break
    lon, lat, adcode = (
        (np.concatenate(one)[:_EVIDENCE_ROWS] for one in zip(*samples, strict=True))
        if samples
        else (np.empty(0), np.empty(0), np.empty(0, dtype=object))
    )
    return _Scanned(rows, kinds.found() if kinds is not None else {}, lon, lat, adcode)
