"""A user's own table becomes a point layer in which every row is accounted for."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyproj import CRS

from geo.crs import STORAGE_CRS, parse_crs
from geo.datum import DATUMS
from geo.errors import CRSError, GeoError, InputError
from geo.layers import load
from geo.tables.coordinates import stated_coordinates
from geo.tables.datum_test import CONFIDENCE, DatumVerdict, judge_datum
from geo.tables.delimited import open_delimited
from geo.tables.files import Kind, Source, open_source
from geo.tables.geojson import open_geojson, open_geojsonseq
from geo.tables.headers import Role, Roles, find_roles, normalise
from geo.tables.opened import Chunk, Opened
from geo.tables.parquet import open_parquet
from geo.tables.placing import Plan, place_chunk, stated_counties
from geo.tables.vectors import open_gpkg, open_shapefile
from geo.tables.workbooks import open_workbook

__all__ = [
    "AUTO",
    "DatumDecision",
    "PointChunks",
    "PointTable",
    "collect",
    "iter_points",
    "number_columns",
    "open_table",
    "read_points",
]

AUTO: Final = "auto"
_EVIDENCE_ROWS: Final = 20_000
_EVIDENCE_SEARCHED: Final = 200_000
_DEGREES_AT_MOST: Final = 180.0
_ID_NAMES: Final = re.compile(
    r"编号|代码|编码|序号|邮编|电话|手机|(?:^|_)(?:id|code|zip|tel|phone|no)$|id$", re.IGNORECASE
)
_INTEGER: Final = "^-?(?:0|[1-9][0-9]{0,14})$"
_DECIMAL: Final = r"^-?(?:0|[1-9][0-9]{0,8})(?:\.[0-9]{0,6}[1-9])?$"
_LOOSE: Final = r"^-?[0-9]{1,3}(?:\.[0-9]{1,12})?$"
_PLACE_ROLES: Final = ("lon", "lat", "x", "y")
_TEXT_ROLES: Final = (
    "name",
    "address",
    "code",
    "credit_code",
    "county",
    "city",
    "province",
    "datum",
    "point",
    "wkt",
)


@dataclass(frozen=True)
class DatumDecision:
    """Which datum the coordinates were taken to be in, and why.

    Attributes
    ----------
    datum
        One of ``DATUMS``, or ``"EPSG:n"``.
    how
        ``declared`` by the user, stated by the ``file``, the ``header`` or a ``column``, found by
        ``evidence``, or ``assumed``.
    evidence
        What the likelihood test found; None when no row states a county.
    crs
        The reference system, when the datum is one.
    """

    datum: str
    how: str
    evidence: DatumVerdict | None = None
    crs: CRS | None = None


@dataclass(frozen=True)
class PointTable:
    """A table as a point layer, with an account of every row.

    Attributes
    ----------
    name
        The file.
    frame
        One row per input row in input order, in ``STORAGE_CRS``: every input column unchanged
        (one that collides with ours gets ``_in``), then ``location_basis`` (coordinates, address,
        code or none), ``location_accuracy_m``, ``datum_in``, and a null geometry where refused.
    report
        One row per input row: ``line``, ``status`` (placed, repaired or refused), ``reason``
        (codes of ``geo.tables.reasons`` joined by semicolons), ``detail``, ``stated_adcode``.
    datum
        The datum decision with its evidence.
    facts
        Encoding, delimiter, sheet, header line: what was found.
    notes
        Sentences that a careful colleague would say.
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


@dataclass(frozen=True)
class PointChunks:
    """A table that is placed chunk by chunk, so that memory stays bounded.

    Attributes
    ----------
    name, datum, facts, notes, roles
        As in ``PointTable``.
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


def open_table(
    source: str | Path,
    *,
    encoding: str | None = None,
    sheet: str | None = None,
    wanted: Collection[str] = (),
    placed: bool = True,
) -> tuple[Source, Opened]:
    """Open a file of any kind that is read, by what it is.

    Parameters
    ----------
    source
        A path, or ``"-"`` for standard input.
    encoding
        For text tables and shapefiles; wins over detection.
    sheet
        A sheet of a workbook or a layer of a GeoPackage.
    wanted
        Names of columns that the user gave, by which a header below titles is known.
    placed
        Whether its rows must say where they are.

    Returns
    -------
    source, opened : tuple
        The file and its table.

    Raises
    ------
    GeoError
        When it is not a file that is read; the message names it.
    """
    file = open_source(source)
    with _named(file.name):
        return file, _open(file, encoding, sheet, wanted, placed=placed)


def _open(
    file: Source,
    encoding: str | None,
    sheet: str | None,
    wanted: Collection[str],
    *,
    placed: bool,
) -> Opened:
    openers: dict[Kind, Callable[[], Opened]] = {
        "delimited": lambda: open_delimited(file, encoding=encoding, wanted=wanted),
        "geojson": lambda: open_geojson(file, encoding=encoding),
        "geojsonseq": lambda: open_geojsonseq(file, encoding=encoding),
        "gpkg": lambda: open_gpkg(file, layer=sheet),
        "parquet": lambda: open_parquet(file),
        "shapefile": lambda: open_shapefile(file, encoding=encoding),
        "xlsx": lambda: open_workbook(file, sheet=sheet, wanted=wanted, placed=placed),
    }
    return openers[file.kind]()


class _named:  # noqa: N801 - reads as a word: with _named(file)
    """Put the file's name before the message of an error that lacks it."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, GeoError) and not str(error).startswith(self.name):
            made = InputError if not isinstance(error, CRSError) else CRSError
            msg = f"{self.name}: {error}"
            raise made(msg) from error


def iter_points(
    source: str | Path,
    *,
    columns: Mapping[Role, str] | None = None,
    datum: str = AUTO,
    encoding: str | None = None,
    sheet: str | None = None,
    confidence: float = CONFIDENCE,
) -> PointChunks:
    """Open a table to be placed chunk by chunk.

    The file is read once to learn its types and to judge its datum (from its first 20,000 rows
    that state a county), and once more when its pieces are taken.

    Parameters
    ----------
    source
        A path, or ``"-"`` for standard input.
    columns
        Columns that the user names, by role; these win.
    datum
        ``"auto"``, one of ``DATUMS``, or ``"EPSG:n"``.
    encoding
        For text tables and shapefiles.
    sheet
        A sheet of a workbook or a layer of a GeoPackage.
    confidence
        Smallest posterior probability at which a datum is found.

    Returns
    -------
    PointChunks
        Its ``tables()`` yields the pieces.

    Raises
    ------
    GeoError
        When the file, its header or its reference system cannot be read; the message names it.
    """
    named = tuple((columns or {}).values())
    file, opened = open_table(source, encoding=encoding, sheet=sheet, wanted=named)
    with _named(file.name):
        roles = _roles(opened, columns)
        fixed = _fixed_datum(file.name, opened, roles, datum)
        scanned = _scan(opened, roles, fixed)
        decision = _decide(fixed, scanned, confidence)
    plan = Plan(file.name, roles, decision.datum, decision.crs, scanned.numbers)
    notes = (*opened.notes, *roles.notes)
    facts = {**opened.facts, "rows": scanned.rows}
    return PointChunks(file.name, decision, facts, notes, roles.columns, opened, plan)


def read_points(
    source: str | Path,
    *,
    columns: Mapping[Role, str] | None = None,
    datum: str = AUTO,
    encoding: str | None = None,
    sheet: str | None = None,
    confidence: float = CONFIDENCE,
) -> PointTable:
    """Read a table as a point layer in which every row is accounted for.

    Parameters
    ----------
    source
        CSV, TSV, XLSX, GeoJSON, GeoJSONSeq, GeoPackage, Shapefile, Parquet or GeoParquet; or
        ``"-"`` for standard input.
    columns
        Columns that the user names, by role (``lon``, ``lat``, ``name``, ``address``, ``code``).
    datum
        ``"auto"``, one of ``DATUMS``, or ``"EPSG:n"``.
    encoding
        For text tables and shapefiles.
    sheet
        A sheet of a workbook or a layer of a GeoPackage.
    confidence
        Smallest posterior probability at which a datum is found.

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
    >>> from geo.sources.facts import table_path
    >>> read_points(table_path("firms")).counts["refused"]
    0
    """
    chunks = iter_points(
        source, columns=columns, datum=datum, encoding=encoding, sheet=sheet, confidence=confidence
    )
    return collect(chunks)


def collect(chunks: PointChunks) -> PointTable:
    """Place all rows of a table and hold them at once.

    Parameters
    ----------
    chunks
        From ``iter_points``.

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
    return roles


def _fixed_datum(name: str, opened: Opened, roles: Roles, datum: str) -> DatumDecision | None:
    """Return the datum that someone states: the user, the file, a header, a column."""
    if datum.strip().lower() != AUTO:
        return _declared(datum)
    if opened.declared is not None:
        return DatumDecision(opened.declared, "file")
    crs = opened.crs
    if crs is not None and (crs.is_projected or crs.to_epsg() not in (4326, 4490, None)):
        return _of_crs(crs, "file")
    if roles.datum == "old":
        msg = f"{name}: a header says Beijing 1954 or Xi'an 1980: bring it to CGCS2000 first"
        raise CRSError(msg)
    if roles.datum is not None:
        return _declared(roles.datum, "header")
    return DatumDecision("wgs84", "column") if "datum" in roles.columns else None


def _declared(datum: str, how: str = "declared") -> DatumDecision:
    plain = datum.strip().lower()
    return DatumDecision(plain, how) if plain in DATUMS else _of_crs(parse_crs(datum), how)


def _of_crs(crs: CRS, how: str) -> DatumDecision:
    epsg = crs.to_epsg()
    plain = {4326: "wgs84", 4490: "cgcs2000"}.get(epsg or 0)
    if plain is not None:
        return DatumDecision(plain, how)
    return DatumDecision(f"EPSG:{epsg}" if epsg else crs.name, how, crs=crs)


@dataclass(frozen=True)
class _Scanned:
    """What one pass over the file taught."""

    rows: int
    numbers: dict[str, str]
    lon: np.ndarray
    lat: np.ndarray
    adcode: np.ndarray


def _scan(opened: Opened, roles: Roles, fixed: DatumDecision | None) -> _Scanned:
    metres = fixed is not None and fixed.crs is not None
    kinds = _Kinds(opened, roles) if opened.as_text else None
    samples: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    held = rows = 0
    for chunk in opened.chunks():
        rows += len(chunk.frame)
        if kinds is not None:
            kinds.see(chunk.frame)
        if not metres and held < _EVIDENCE_ROWS and rows <= _EVIDENCE_SEARCHED:
            samples.append(_evidence(chunk, roles))
            held += len(samples[-1][0])
        if not metres and rows == len(chunk.frame):
            _refuse_metres(chunk, roles)
        if kinds is None and "rows" in opened.facts and rows >= _EVIDENCE_ROWS:
            rows = int(opened.facts["rows"])
            break
    lon, lat, adcode = (
        (np.concatenate(one)[:_EVIDENCE_ROWS] for one in zip(*samples, strict=True))
        if samples
        else (np.empty(0), np.empty(0), np.empty(0, dtype=object))
    )
    return _Scanned(rows, kinds.found() if kinds is not None else {}, lon, lat, adcode)


def _refuse_metres(chunk: Chunk, roles: Roles) -> None:
    """Refuse a table whose coordinates are metres of an unnamed projection."""
    stated = stated_coordinates(chunk, roles, metres=True)
    x, y = stated.x[stated.usable], stated.y[stated.usable]
    big = (np.abs(x) > _DEGREES_AT_MOST) & (np.abs(y) > _DEGREES_AT_MOST) & (np.abs(x) < 1e8)
    plausible = (
        big & (np.maximum(np.abs(x), np.abs(y)) > 1e6) & (np.minimum(np.abs(x), np.abs(y)) > 1e4)
    )
    if len(x) and plausible.mean() > 0.5:
        eastings = np.minimum(np.abs(x), np.abs(y)), np.maximum(np.abs(x), np.abs(y))
        zoned = eastings[1].max() > 1e7
        hint = "EPSG:4526 (eastings with zone number 38)" if zoned else "EPSG:4509 or EPSG:4547"
        msg = f"the coordinates are metres; name their projection with --datum, such as {hint}"
        raise InputError(msg)


def _evidence(chunk: Chunk, roles: Roles) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the coordinates and the stated county of the rows that have both."""
    if not set(roles.columns) & {"code", "county", "address", "credit_code"}:
        return np.empty(0), np.empty(0), np.empty(0, dtype=object)
    stated = stated_coordinates(chunk, roles, metres=False)
    counties = stated_counties(chunk, roles, None, only=stated.usable)
    codes = np.array([None if one is None else one[0] for one in counties], dtype=object)
    # a firm is registered anywhere in the county of its credit code, or out of it
    has = stated.usable & np.array([code is not None for code in codes], dtype=bool)
    return stated.x[has], stated.y[has], codes[has]


def _decide(fixed: DatumDecision | None, scanned: _Scanned, confidence: float) -> DatumDecision:
    evidence = None
    if len(scanned.lon):
        counties = load("counties").frame
        evidence = judge_datum(
            scanned.lon, scanned.lat, scanned.adcode, counties, confidence=confidence
        )
        if not evidence.n:
            evidence = None
    if fixed is not None:
        return replace(fixed, evidence=evidence)
    if evidence is not None and evidence.datum is not None:
        return DatumDecision(evidence.datum, "evidence", evidence)
    return DatumDecision("wgs84", "assumed", evidence)


def number_columns(opened: Opened, roles: Roles) -> dict[str, str]:
    """Find the text columns of a table that hold nothing but plain numbers.

    Parameters
    ----------
    opened
        The table.
    roles
        Columns that stay text whatever they hold: names, codes, addresses.

    Returns
    -------
    dict
        ``Int64`` or ``float64`` by column; empty for tables whose cells have types.
    """
    if not opened.as_text:
        return {}
    kinds = _Kinds(opened, roles)
    for chunk in opened.chunks():
        kinds.see(chunk.frame)
    return kinds.found()


class _Kinds:
    """Learns which text columns hold nothing but numbers that survive the change exactly."""

    def __init__(self, opened: Opened, roles: Roles) -> None:
        by_column = {name: role for role, name in roles.columns.items()}
        self.integer: dict[str, bool] = {}
        self.pattern: dict[str, str] = {}
        self.seen: set[str] = set()
        for name in opened.columns:
            role = by_column.get(name)
            if role in _TEXT_ROLES or (role is None and _ID_NAMES.search(normalise(name))):
                continue
            self.pattern[name] = _LOOSE if role in _PLACE_ROLES else _DECIMAL
            self.integer[name] = True

    def see(self, frame: pd.DataFrame) -> None:
        for name in list(self.pattern):
            cells = pa.array(frame[name].tolist(), type=pa.string(), from_pandas=True)
            filled = cells.filter(pc.not_equal(cells, ""))
            if not len(filled):
                continue
            self.seen.add(name)
            if not pc.all(pc.match_substring_regex(filled, self.pattern[name])).as_py():
                del self.pattern[name]
            elif self.integer[name]:
                self.integer[name] = bool(
                    pc.all(pc.match_substring_regex(filled, _INTEGER)).as_py()
                )

    def found(self) -> dict[str, str]:
        return {
            name: "Int64" if self.integer[name] else "float64"
            for name in self.pattern
            if name in self.seen
        }
