"""Inputs of a map: files, tables with coordinates, tables of units.

What a map is asked to show: shipped layers, every layer of a file, a table's rows as places.

The rows of a table that name counties, cities or provinces, as those areas.

The rows of a table as places on a map, and a report of those that have none.
"""

import json
import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo import layers as shipped
from geo.crs import STORAGE_CRS
from geo.door.account import REASONS, Account
from geo.door.files import STDIN, Kind, Source, open_source
from geo.door.readers import ENCODED, SHEETED
from geo.errors import InputError
from geo.layers.places import unit_shapes
from geo.layers.store import read
from geo.region import EVERYWHERE
from geo.render.any_file.provenance_labels import about_named
from geo.render.column_roles import is_number_of_row
from geo.render.layer import About
from geo.tables import (
    PointTable,
    features_named,
    full_layers,
    is_table,
    log_account,
    open_layer,
    read_points,
)
from geo.tables.codes import wide_code
from geo.tables.numbers import Figures, read_figures
from geo.texts import Localized

__all__ = [
    "InputLayer",
    "NamedUnits",
    "Reading",
    "named_units",
    "numeric",
    "placed_rows",
    "read_layers",
    "require_used",
    "source_named",
    "with_points",
]

_MOST_LAYERS: Final = 12


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
        Encoding of a shapefile's table or a text table; None detects it.
    """

    sheet: str | None = None
    datum: str = "auto"
    encoding: str | None = None

    def of(self, kind: Kind) -> "Reading":
        """Return the options that apply to a file of one kind.

        Parameters
        ----------
        kind
            Kind of the file, which decides which options apply.

        Returns
        -------
        Reading
            With None for options that do not apply.
        """
        sheet = self.sheet if kind in SHEETED else None
        return Reading(sheet, self.datum, self.encoding if kind in ENCODED else None)


@dataclass(frozen=True)
class InputLayer:
    """One layer to draw, with its account of rows.

    Attributes
    ----------
    name
        Name of a layer or file, as given on the command line.
    frame
        Features in ``STORAGE_CRS``, nested cells as plain columns.
    about
        Title, provenance and caveats, as the layer list shows them.
    account
        What became of the rows of a file; None for a shipped layer.
    """

    name: str
    frame: gpd.GeoDataFrame
    about: About
    account: Account | None = None

    @property
    def strange(self) -> bool:
        """Whether it is a file of which only the name is known."""
        return self.about.provenance is None


def require_used(sources: Sequence[Source | None], reading: Reading) -> None:
    """Raise when an option applies to none of the files.

    Parameters
    ----------
    sources
        What was given; None for shipped layers and rasters.
    reading
        The reading options that the user set.

    Raises
    ------
    InputError
        Names the option.
    """
    kinds = {one.kind for one in sources if one is not None}
    for option, value, known in (
        ("--encoding", reading.encoding, set(ENCODED)),
        ("--sheet", reading.sheet, set(SHEETED)),
        ("--datum", None if reading.datum == "auto" else reading.datum, kinds),
    ):
        if value is not None and not kinds & known:
            what = ", ".join(sorted(kinds)) or "shipped layers and rasters"
            msg = f"{option} says nothing about what is drawn here ({what})"
            raise InputError(msg)


def read_layers(name: str | Source, reading: Reading | None = None) -> Iterator[InputLayer]:
    """Open a layer of the region or a file of any kind as layers to draw.

    Parameters
    ----------
    name
        Name of a layer or file, as given on the command line.
    reading
        Options for tables: sheet, datum, encoding; None takes the defaults.

    Yields
    ------
    InputLayer
        One a layer: a file of several gives each.

    Raises
    ------
    GeoError
        When it cannot be read; the message names it.

    Examples
    --------
    >>> [one.about.title.en for one in read_layers("stations")]
    ['High-speed railway stations']
    """
    source = name if isinstance(name, Source) else source_named(name)
    if source is None:
        yield InputLayer(str(name), open_layer(str(name)), about_named(str(name)))
        return
    name = source.name
    how = (reading or Reading()).of(source.kind)
    about = about_named(name, source if source.path is None else None)
    if is_table(source):
        rows, account = placed_rows(source, how)
        yield InputLayer(name, numeric(_plain(rows), name), _with_losses(about, account), account)
        return
    layers = full_layers(source) if how.sheet is None else [how.sheet]
    if len(layers) < 2:
        yield _layer_of(source, next(iter(layers), None), how, about)
        return
    if len(layers) > _MOST_LAYERS:
        listed = ", ".join(map(repr, layers[:4]))
        msg = f"{name}: holds {len(layers)} layers ({listed} …); name one with --sheet"
        raise InputError(msg)
    opened = [
        _layer_of(source, layer, how, replace(about, title=layer, group=about.title))
        for layer in layers
    ]
    yield from sorted(opened, key=_areas_first)


def source_named(name: str) -> Source | None:
    """Open a name as a file, unless it is the id of a shipped layer.

    Parameters
    ----------
    name
        Name of a layer or file, as given on the command line.

    Returns
    -------
    Source or None
        None for an id.

    Raises
    ------
    MissingFileError
        When it is neither; names the nearest ids.
    """
    known = shipped.is_layer(name)
    if known or (name != STDIN and not Path(name).exists()):
        if not known:
            open_layer(name)  # says what is known
        return None
    return open_source(name)


def _layer_of(source: Source, layer: str | None, how: Reading, about: About) -> InputLayer:
    read = log_account(features_named(source, layer=layer, encoding=how.encoding, datum=how.datum))
    about = _with_losses(about, read.account)
    frame = _with_key(_plain(read.frame), read.facts.get("index", ()))
    return InputLayer(source.name, frame, about, read.account)


def _with_losses(about: About, account: Account) -> About:
    """Let the page say which rows of a file it does not show."""
    if not account.left_out:
        return about
    texts = account.sentence()
    return replace(
        about, caveats=(*about.caveats, Localized(zh=texts["zh"], en=texts["en"], ja=texts["ja"]))
    )


def _areas_first(one: InputLayer) -> int:
    return -int(shapely.get_dimensions(one.frame.geometry.to_numpy()).max(initial=0))


def _with_key(frame: gpd.GeoDataFrame, index: Sequence[str]) -> gpd.GeoDataFrame:
    """Make the index that a file of pandas keeps the key of the rows, where it is unique."""
    if len(index) != 1 or index[0] not in frame.columns or not frame[index[0]].is_unique:
        return frame
    # under another name, which pandas asks for
    key = pd.Index(frame[index[0]], name=_free(f"{index[0]}_key", frame))
    return frame.set_axis(key)


def _free(name: str, frame: gpd.GeoDataFrame) -> str:
    while name in frame.columns:
        name = f"{name}_"
    return name


def _plain(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give each entry of a nested cell a column, and numbers that came as text their kind."""
    made: dict[str, Any] = {}
    for column in frame.columns:
        values = frame[column]
        if column == frame.geometry.name or not _holds_text(values):
            made[str(column)] = values
            continue
        known = values[values.notna()]
        if len(known) and known.map(lambda one: isinstance(one, dict)).all():
            for key in dict.fromkeys(str(key) for cell in known for key in cell):
                made[f"{column}.{key}"] = _each(values, partial(_entry, key=key))
        else:
            made[str(column)] = _each(values, _as_cell)
    return gpd.GeoDataFrame(made, geometry=frame.geometry.name, crs=STORAGE_CRS, index=frame.index)


def _each(values: "pd.Series[Any]", change: Callable[[Any], Any]) -> "pd.Series[Any]":
    """Change each cell; a long integer beside an empty one must not become a float."""
    return pd.Series([change(cell) for cell in values], index=values.index, dtype=object)


def _holds_text(values: "pd.Series[Any]") -> bool:
    return values.dtype == object or isinstance(values.dtype, pd.StringDtype)


def _entry(cell: Any, key: str) -> Any:
    return _as_cell(cell.get(key)) if isinstance(cell, dict) else None


def _as_cell(cell: Any) -> Any:
    """Write a list or a deeper record as JSON, which is how the file has it; nothing as None."""
    if isinstance(cell, list | dict):
        return json.dumps(cell, ensure_ascii=False)
    if isinstance(cell, np.ndarray):
        return json.dumps(cell.tolist(), ensure_ascii=False)
    return None if cell is pd.NaT or cell is pd.NA or cell == "" else cell


Level = Literal["counties", "prefectures", "provinces"]
_LEVELS: Final[tuple[Level, ...]] = ("counties", "prefectures", "provinces")


@dataclass(frozen=True)
class NamedUnits:
    """Which unit each row names.

    Attributes
    ----------
    level
        The layer of the units: that of most rows, the lowest where two have as many.
    codes
        Code by row; None where a row names no unit of this level.
    """

    level: Level
    codes: NDArray[np.object_]

    @property
    def named(self) -> NDArray[np.bool_]:
        """Which rows name a unit."""
        return np.array([one is not None for one in self.codes], dtype=bool)

    @property
    def repeated(self) -> str | None:
        """The first unit that several rows name; None when each stands once."""
        counts = Counter(one for one in self.codes if one is not None)
        return next((str(code) for code, rows in counts.items() if rows > 1), None)

    def areas(self) -> gpd.GeoSeries:
        """Return the unit of each row.

        Returns
        -------
        GeoSeries
            In ``STORAGE_CRS``, aligned to the rows; None where a row names none.
        """
        found = unit_shapes(pd.Series(self.codes[self.named], dtype=object))
        shapes = np.full(len(self.codes), None, dtype=object)
        if found is not None:
            shapes[self.named] = found.to_numpy()
        return gpd.GeoSeries(shapes, crs=STORAGE_CRS)

    def points(self) -> gpd.GeoSeries:
        """Return a point inside the unit of each row.

        Returns
        -------
        GeoSeries
            As ``areas``.
        """
        spots = read(self.level).geometry.representative_point()
        shapes = [None if one is None else spots[one] for one in self.codes]
        return gpd.GeoSeries(shapes, crs=STORAGE_CRS)


def named_units(table: PointTable, cells: "pd.Series[Any] | None") -> NamedUnits | None:
    """Find the unit that each row of a table names by its code.

    Parameters
    ----------
    table
        Placed by ``geo.tables.read_points``, which found the counties.
    cells
        Column of unit codes, or None.

    Returns
    -------
    NamedUnits or None
        None where rows have places of their own: coordinates or addresses.

    Examples
    --------
    >>> from geo.region import open_region
    >>> file = open_region().folder / "tables" / "population.csv"
    >>> from geo.tables import read_points
    >>> table = read_points(file)
    >>> named_units(table, table.frame["adcode"]).level
    'counties'
    """
    basis = table.frame["location_basis"].to_numpy()
    placed = {"coordinates", *(("address",) if "address" in table.roles else ())}
    if cells is None or set(basis) & placed:
        return None
    stated = zip(basis, table.report["stated_adcode"], strict=True)
    counties = [None if how == "none" else code for how, code in stated]
    wide = [wide_code(cell) if basis[at] == "none" else None for at, cell in enumerate(cells)]
    known: dict[Level, list[Any]] = {"counties": counties}
    for level in ("prefectures", "provinces"):
        units = read(level).index
        known[level] = [one if one in units else None for one in wide]
    rows = {level: sum(one is not None for one in known[level]) for level in _LEVELS}
    level = max(_LEVELS, key=lambda one: rows[one])
    if not rows[level] or (level == "counties" and not (basis == "code").any()):
        return None
    return NamedUnits(level, np.array(known[level], dtype=object))


def with_points(frame: gpd.GeoDataFrame, units: NamedUnits) -> gpd.GeoDataFrame:
    """Put rows without a place into the unit that they name.

    Parameters
    ----------
    frame
        Rows of a table, with or without geometry.
    units
        Unit of each row, as ``named_units`` returns it; some stand more than once.

    Returns
    -------
    GeoDataFrame
        A copy with more points.
    """
    shapes = frame.geometry.to_numpy().copy()
    bare = units.named & shapely.is_missing(shapes)
    shapes[bare] = units.points().to_numpy()[bare]
    basis = np.where(bare, "code", frame["location_basis"])
    made = gpd.GeoSeries(shapes, index=frame.index, crs=frame.crs)
    return frame.assign(location_basis=basis).set_geometry(made)


_LOG = logging.getLogger(__name__)
_OPTIONS: Final = "name them with --lon"  # of jjj locate
_NUMBER: Final = r"-?(?:0|[1-9]\d*)(?:\.\d+)?"  # none that begins with 0 as codes do
_INT64: Final = 2**63
_ADDED: Final = ["location_basis", "location_accuracy_m", "datum_in"]
_EXPECTED: Final = ("no_coordinates", "missing_cells")  # says least of a row that says no place


def placed_rows(source: Source, how: Reading) -> tuple[gpd.GeoDataFrame, Account]:
    """Place the rows of a table: by their coordinates, or as the units that they name.

    Parameters
    ----------
    source
        An opened table (``geo.door.files.Source``).
    how
        Options for tables: sheet, datum, encoding.

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
    >>> frame, account = placed_rows(open_source(file), Reading())
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
    _log_repairs(table, frame, units)
    shown = [one for role, one in table.roles.items() if role not in ("lon", "lat", "x", "y")]
    kept = [one for one in frame.columns if one in shown or one not in table.roles.values()]
    return frame[kept], _account(table, frame, units)


def _account(table: PointTable, frame: gpd.GeoDataFrame, units: NamedUnits | None) -> Account:
    """Account for the rows as they are drawn: as areas, where they name units."""
    if units is None:
        return table.account
    account = Account(table.name, len(table.report))
    lost = np.flatnonzero(frame.geometry.isna())
    lines = table.report["line"].to_numpy()
    why = [_why(table, int(at), units) for at in lost]
    for reason in dict.fromkeys(why):
        account = account.without(
            reason, [lines[at] for at, own in zip(lost, why, strict=True) if own == reason]
        )
    return account


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


def _log_repairs(table: PointTable, frame: gpd.GeoDataFrame, units: NamedUnits | None) -> None:
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
        f"{words.en} ({counts[reason]:,} {'row' if counts[reason] == 1 else 'rows'})"
        for reason, words in REASONS.items()
        if words.level == "repair" and counts[reason] and reason not in quiet
    ]


def _why(table: PointTable, at: int, units: NamedUnits | None) -> str:
    """Say what keeps a row from the map, in the words of ``jjj locate``."""
    if units is not None and table.frame["location_basis"].iloc[at] != "none":
        return "the code is a county's, unlike those of most rows"
    codes = str(table.report["reason"].iloc[at]).split(";")
    known = [one for one in codes if one in REASONS and REASONS[one].level == "refuse"]
    telling = [one for one in known if one not in _EXPECTED] or known
    return REASONS[telling[0]].en if telling else "no place"


def _own_names(frame: gpd.GeoDataFrame) -> dict[str, str]:
    """Return columns that were renamed to make room for ones of the placement, not here."""
    names = set(map(str, frame.columns))
    own = {one: one.removesuffix("_in") for one in names if one.endswith("_in")}
    return {one: bare for one, bare in own.items() if one != "datum_in" and bare not in names}


def numeric(frame: gpd.GeoDataFrame, name: str) -> gpd.GeoDataFrame:
    """Convert text columns to numbers where nearly all non-empty cells are numbers.

    Parameters
    ----------
    frame
        Cells of a table, as text or as they are.
    name
        Name of the file, for the message about cells that are no plain numbers.

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
