"""The rows of a table as places on a map, and what is said of those that have none."""

import logging
from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.door.account import REASONS, Account
from geo.door.files import Kind, Source
from geo.door.readers import ENCODED, SHEETED
from geo.errors import InputError
from geo.region import EVERYWHERE
from geo.render.choice import is_number_of_row
from geo.render.given_units import NamedUnits, named_units, with_points
from geo.tables import PointTable, read_points
from geo.tables.numbers import Figures, read_figures

__all__ = ["Reading", "numeric", "placed_rows"]

_LOG = logging.getLogger(__name__)
_OPTIONS: Final = "name them with --lon"  # of jjj locate
_NUMBER: Final = r"-?(?:0|[1-9]\d*)(?:\.\d+)?"  # none that begins with 0 as codes do
_INT64: Final = 2**63
_ADDED: Final = ["location_basis", "location_accuracy_m", "datum_in"]
_EXPECTED: Final = ("no_coordinates", "missing_cells")  # says least of a row that says no place


@dataclass(frozen=True)
class Reading:
    """How tables and files of several layers are read, as ``jjj locate`` has it.

    Attributes
    ----------
    sheet
        Of a workbook, or the layer of a file of several; by default all layers.
    datum
        Of a table's coordinates: ``auto``, ``wgs84``, ``gcj02``, ``bd09``, ``EPSG:n``.
    encoding
        Of a text table or a shapefile; found by default.
    """

    sheet: str | None = None
    datum: str = "auto"
    encoding: str | None = None

    def of(self, kind: Kind) -> "Reading":
        """Return what of this is said of a file of one kind.

        Parameters
        ----------
        kind
            Of the file.

        Returns
        -------
        Reading
            Without what says nothing about it.
        """
        sheet = self.sheet if kind in SHEETED else None
        return Reading(sheet, self.datum, self.encoding if kind in ENCODED else None)


def placed_rows(source: Source, how: Reading) -> tuple[gpd.GeoDataFrame, Account]:
    """Place the rows of a table: by their coordinates, or as the units that they name.

    Parameters
    ----------
    source
        A table that passed the door.
    how
        How it is read.

    Returns
    -------
    frame : GeoDataFrame
        In ``STORAGE_CRS``, every row; those without a place have no geometry, which is logged.
    account : Account
        Rows in, used, left out and why.

    Raises
    ------
    GeoError
        When it cannot be read, or no row has a place.

    Examples
    --------
    >>> from geo.region import open_region
    >>> file = open_region().folder / "tables" / "population.csv"
    >>> from geo.door.files import open_source
    >>> frame, told = placed_rows(open_source(file), Reading())
    >>> set(frame.geom_type) <= {"Polygon", "MultiPolygon"}
    True
    """
    table = _read(source, how)
    frame = table.frame.rename(columns=_own_names(table.frame))
    code = table.roles.get("code")
    units = named_units(table, frame[code] if code in frame.columns else None)
    as_areas = units is not None and units.repeated is None
    if units is not None and as_areas:
        frame = frame.drop(columns=_ADDED).set_geometry(units.areas())
    elif units is not None:
        frame = with_points(frame, units)
        _LOG.warning(
            "%s: several rows name the unit %s, so each row is drawn as a point",
            table.name, units.repeated,
        )  # fmt: skip
    elif (table.frame["location_basis"] == "coordinates").all():
        frame = frame.drop(columns=_ADDED)
    _tell(table, frame, units)
    shown = [one for role, one in table.roles.items() if role not in ("lon", "lat", "x", "y")]
    kept = [one for one in frame.columns if one in shown or one not in table.roles.values()]
    return frame[kept], _account(table, frame, units)


def _account(table: PointTable, frame: gpd.GeoDataFrame, units: NamedUnits | None) -> Account:
    """Account for the rows as they are drawn: as areas, where they name units."""
    if units is None:
        return table.account
    told = Account(table.name, len(table.report))
    lost = np.flatnonzero(frame.geometry.isna())
    lines = table.report["line"].to_numpy()
    why = [_why(table, int(at), units) for at in lost]
    for reason in dict.fromkeys(why):
        told = told.without(
            reason, [lines[at] for at, own in zip(lost, why, strict=True) if own == reason]
        )
    return told


def _read(source: Source, how: Reading) -> PointTable:
    try:
        return read_points(
            source, sheet=how.sheet, datum=how.datum, encoding=how.encoding, reach=EVERYWHERE
        )
    except InputError as error:
        if _OPTIONS not in str(error):
            raise
        msg = f"{error} to jjj locate, whose output this draws"
        raise InputError(msg) from error


def _tell(table: PointTable, frame: gpd.GeoDataFrame, units: NamedUnits | None) -> None:
    lost = np.flatnonzero(frame.geometry.isna())
    rows = len(table.report)
    if len(lost):
        line, why = table.report["line"].iloc[lost[0]], _why(table, int(lost[0]), units)
        if len(lost) == rows:
            msg = f"{table.name}: none of its {rows:,} rows can be placed (line {line}: {why})"
            raise InputError(msg)
        _LOG.warning(
            "%s: %s of %s rows could not be placed (line %s: %s)%s",
            table.name, f"{len(lost):,}", f"{rows:,}", line, why,
            "; jjj locate --report says why" if units is None else "",
        )  # fmt: skip
    if repairs := _repairs(table, units):
        _LOG.warning("%s: %s", table.name, "; ".join(repairs))
    for note in table.notes:
        _LOG.warning("%s: %s", table.name, note)
    by_coordinates = (table.frame["location_basis"] == "coordinates").any()
    if by_coordinates and table.datum.how == "assumed":
        _LOG.warning("%s: taken as WGS 84, since nothing says otherwise (--datum)", table.name)
    elif by_coordinates and table.datum.datum in ("gcj02", "bd09"):
        _LOG.warning("%s: brought from %s to WGS 84", table.name, table.datum.datum)


def _repairs(table: PointTable, units: NamedUnits | None) -> list[str]:
    """Say what was put right, in the words of ``jjj locate``, and in how many rows."""
    counts: Counter[str] = Counter()
    placed = table.report["status"] != "refused"
    for joined, rows in table.report.loc[placed, "reason"].value_counts().items():
        for reason in str(joined).split(";"):
            counts[reason] += int(rows)
    as_areas = units is not None and units.repeated is None
    quiet = ("placed_by_code", "placed_by_address") if as_areas else ()
    return [
        f"{said.en} ({counts[reason]:,} {'row' if counts[reason] == 1 else 'rows'})"
        for reason, said in REASONS.items()
        if said.level == "repair" and counts[reason] and reason not in quiet
    ]


def _why(table: PointTable, at: int, units: NamedUnits | None) -> str:
    """Say what keeps a row from the map, in the words of ``jjj locate``."""
    if units is not None and table.frame["location_basis"].iloc[at] != "none":
        return "the code is a county's, unlike those of most rows"
    given = str(table.report["reason"].iloc[at]).split(";")
    known = [one for one in given if one in REASONS and REASONS[one].level == "refuse"]
    telling = [one for one in known if one not in _EXPECTED] or known
    return REASONS[telling[0]].en if telling else "no place"


def _own_names(frame: gpd.GeoDataFrame) -> dict[str, str]:
    """Return columns that were renamed to make room for ones of the placement, not here."""
    names = set(map(str, frame.columns))
    own = {one: one.removesuffix("_in") for one in names if one.endswith("_in")}
    return {one: bare for one, bare in own.items() if one != "datum_in" and bare not in names}


def numeric(frame: gpd.GeoDataFrame, name: str) -> gpd.GeoDataFrame:
    """Make columns of a table numbers where nearly every cell with anything in it is one.

    Parameters
    ----------
    frame
        Cells of a table, as text or as they are.
    name
        The file, for messages: what is not plainly a number is told.

    Returns
    -------
    GeoDataFrame
        A copy; codes and numbers of rows stay text.

    Examples
    --------
    >>> frame = gpd.GeoDataFrame({"pop": ["1,200", "-"], "no": ["1", "2"]}, geometry=[None] * 2)
    >>> numeric(frame, "t.csv")["pop"].tolist(), numeric(frame, "t.csv")["no"].tolist()
    ([1200, <NA>], ['1', '2'])
    """
    made = {}
    for column in frame.columns:
        if not _holds_text(frame[column]) or is_number_of_row(str(column)):
            continue
        text = frame[column].map(str, na_action="ignore").str.strip()
        if text.notna().any() and text.dropna().str.fullmatch(_NUMBER).all():
            made[column] = _exactly(text)
        elif (figures := read_figures(frame[column])) is not None:
            made[column] = figures.values
            _LOG.warning("%s: %r read as numbers%s", name, column, _qualified(figures))
    return frame.assign(**made)


def _exactly(text: "pd.Series[Any]") -> "pd.Series[Any]":
    """Return the numbers that texts write; long integers keep their digits beside empty cells."""
    known = text.dropna()
    if len(known) == len(text) or not known.str.fullmatch(r"-?\d+").all():
        return pd.to_numeric(text)
    numbers = {at: int(cell) for at, cell in known.items()}
    if any(not -_INT64 <= one < _INT64 for one in numbers.values()):
        return text
    cells = [numbers.get(at) for at in text.index]
    return pd.Series(cells, index=text.index, dtype="Int64")


def _qualified(figures: Figures) -> str:
    unit = f", in {figures.unit}" if figures.unit else ""
    cells = "1 cell holds" if figures.without == 1 else f"{figures.without:,} cells hold"
    return f"{unit}; {cells} none" if figures.without else unit


def _holds_text(values: "pd.Series[Any]") -> bool:
    return values.dtype == object or isinstance(values.dtype, pd.StringDtype)
