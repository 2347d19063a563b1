"""What a command line names: points from an id, a file or a pipe; axes from an id or a file."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely

from geo import __version__
from geo.analysis.corridors.linear_referencing import axis_lines
from geo.analysis.result import formula
from geo.crs import STORAGE_CRS, to_analysis
from geo.door.account import Account
from geo.door.faults import named
from geo.door.features import features_of
from geo.door.headers import renamed
from geo.door.input import open_input
from geo.door.table import Opened
from geo.errors import InputError, MissingFileError, UnknownIdError
from geo.layers import about, ids, is_layer, read, read_table
from geo.layers.places import city_seats
from geo.region import Box, current_region, study_crs
from geo.tables import features_named, log_account, open_layer
from geo.tables.points import collect, points_of

__all__ = [
    "STDIN",
    "Input",
    "axes_named",
    "both_languages",
    "called",
    "column_named",
    "place_named",
    "points_named",
    "provenance_of",
    "read_input",
    "refuse_given",
    "table_named",
    "without_collisions",
]

_log = logging.getLogger(__name__)

STDIN: Final = "-"


@dataclass(frozen=True)
class Input:
    """What a word of the command line names: its rows, and what became of them.

    Attributes
    ----------
    name
        Path or layer id of the input as given.
    frame
        In ``STORAGE_CRS`` where it has geometry; the id of a shipped layer is a column, the index
        counts rows. Rows without a place have no geometry.
    account
        Rows in, used, left out and why.
    """

    name: str
    frame: gpd.GeoDataFrame
    account: Account


def points_named(
    name: str, *, datum: str = "auto", sheet: str | None = None, encoding: str | None = None
) -> gpd.GeoDataFrame:
    """Open points as ``read_input`` does, for a command that only needs the rows.

    Parameters
    ----------
    name, datum, sheet, encoding
        As ``read_input`` takes them, from the options.

    Returns
    -------
    GeoDataFrame
        Its frame.

    Raises
    ------
    InputError
        As ``read_input``.
    """
    return read_input(name, datum=datum, sheet=sheet, encoding=encoding).frame


def read_input(
    name: str,
    *,
    datum: str = "auto",
    sheet: str | None = None,
    encoding: str | None = None,
    reach: Box | None = None,
) -> Input:
    """Open points, or units, by a shipped layer's id, a file's path, or ``-`` for stdin.

    Whatever the format, points go through ``geo.tables.points``: columns, encoding and datum are
    found, places are checked by one rule. What was found, and which rows are left out and why, is
    said on stderr.

    Parameters
    ----------
    name
        As given on the command line.
    datum
        ``auto``, ``wgs84``, ``cgcs2000``, ``gcj02``, ``bd09`` or ``EPSG:n``, of a file; ``auto``
        keeps what it states.
    sheet
        A sheet of a workbook, a layer of a file of several.
    encoding
        Of a text or a shapefile's table.
    reach
        Where the coordinates of a table are places; the region's reach by default.

    Returns
    -------
    Input
        With at least one row that has a place.

    Raises
    ------
    InputError
        When it cannot be read, or no row has a place.
    MissingFileError
        When it is neither an id nor a file.
    """
    if is_layer(name) or (name != STDIN and not Path(name).exists()):
        _refuse_options(name, datum, sheet, encoding)
        layer = features_named(name)
        frame = layer.frame
        return Input(name, frame.reset_index() if frame.index.name else frame, layer.account)
    file, opened = open_input(name, "points", encoding=encoding, sheet=sheet)
    if opened.spatial and _holds_shapes(opened):
        layer = log_account(features_of(file, opened, datum=datum))
        return Input(name, layer.frame, layer.account)
    table = collect(points_of(file, opened, datum=datum, reach=reach))
    for note in table.notes:
        _log.warning("%s: %s", called(name), note)
    told = table.account
    if not told.used:
        hint = _elsewhere(told)
        msg = f"{name}: none of its {told.rows:,} rows can be placed: {told.sentence()['en']}{hint}"
        raise InputError(msg)
    if told.left_out:
        _log.warning("%s: %s", called(name), both_languages(told.sentence()))
    if (repairs := told.put_right()) is not None:
        _log.warning("%s: %s", called(name), both_languages(repairs))
    return Input(name, table.frame, told)


def _elsewhere(account: Account) -> str:
    """Say what to do where rows lie far from the region."""
    if "far_outside" not in account.left_out:
        return ""
    region = current_region()
    return f"; the region is {region.region_id} ({region.name.en}), --region names another"


def both_languages(sentence: Mapping[str, str]) -> str:
    """Return a sentence as stderr has it: in Chinese and in English.

    Parameters
    ----------
    sentence
        Text by language, of which ``zh`` and ``en`` are read.

    Returns
    -------
    str
        One line.

    Examples
    --------
    >>> both_languages({"zh": "共 2 行", "en": "2 rows"})
    '共 2 行 · 2 rows'
    """
    return f"{sentence['zh']} · {sentence['en']}"


def _refuse_options(name: str, datum: str, sheet: str | None, encoding: str | None) -> None:
    """Refuse options that say nothing about a shipped layer."""
    given = {
        "--datum": None if datum == "auto" else datum,
        "--sheet": sheet,
        "--encoding": encoding,
    }
    for option, value in given.items():
        if value is not None and name in ids():
            msg = f"{name}: {option} says nothing about a shipped layer"
            raise InputError(msg)


def refuse_given(name: str, options: Mapping[str, Any]) -> None:
    """Refuse options that say nothing about what is read.

    Parameters
    ----------
    name
        What is read, as given.
    options
        By their names; None where one was not given.

    Raises
    ------
    InputError
        Names the first that was given.
    """
    for option, value in options.items():
        if value is not None:
            msg = f"{called(name)}: {option} says nothing about what is read from it here"
            raise InputError(msg)


def _holds_shapes(opened: Opened) -> bool:
    """Tell whether the rows of a layer are lines or areas rather than points."""
    first = next(opened.chunks(), None)
    shapes = None if first is None else first.shapes
    return shapes is not None and bool((shapely.get_dimensions(shapes) > 0).any())


def table_named(
    name: str, *, sheet: str | None = None, encoding: str | None = None
) -> pd.DataFrame:
    """Open a table without places by its path, or ``-`` for stdin.

    What was found of its encoding, its header and its sheet is said on stderr.

    Parameters
    ----------
    name
        A shipped table's id (``coverage``), a path, or ``-``.
    sheet
        A sheet of a workbook.
    encoding
        Encoding of a text table, such as ``gb18030``.

    Returns
    -------
    DataFrame
        Cells of a CSV or a workbook as text, so that no code loses its zeros.

    Raises
    ------
    MissingFileError
        When there is no such file.
    InputError
        When it cannot be read, or holds no rows.
    """
    region = current_region()
    if name in region.tables and not Path(name).exists():
        return read_table(name)
    if name.isidentifier() and not Path(name).exists():
        known = ", ".join(region.tables) or "none"
        msg = (
            f"{name}: neither a file nor a table of the region {region.region_id} (known: {known})"
        )
        raise MissingFileError(msg)
    table = open_input(name, "table", sheet=sheet, encoding=encoding)
    for note in table.notes:
        _log.warning("%s: %s", called(name), note)
    return table.frame


def axes_named(name: str) -> gpd.GeoDataFrame:
    """Open axes by the id of one, the name of a set, or a file.

    Parameters
    ----------
    name
        An ``axis_id`` or ``axis_set`` of the layer ``axes``, or the path of a file with lines;
        its column ``axis_id``, if any, names them.

    Returns
    -------
    GeoDataFrame
        In ``STORAGE_CRS``, indexed by ``axis_id``.

    Raises
    ------
    UnknownIdError
        When there is no such axis, set or file; names the nearest ids.
    InputError
        When two axes of a file have one id, or one is no line or has no length.
    """
    shipped = _region_axes()
    sets = set() if shipped is None or "axis_set" not in shipped else set(shipped["axis_set"])
    if shipped is not None and name in shipped.index:
        return shipped.loc[[name]]
    if shipped is not None and name in sets:
        return shipped[shipped["axis_set"] == name]
    if not Path(name).is_file():
        if shipped is None:
            current_region().layer("axes", supply="name them there, or give --axis FILE")
        known = (
            [] if shipped is None else [*shipped.index, *dict.fromkeys(shipped.get("axis_set", ()))]
        )
        raise UnknownIdError("axis", name, known)
    frame = open_layer(name, want="lines")
    if "axis_id" in frame.columns:
        frame = frame.assign(axis_id=frame["axis_id"].astype(str)).set_index("axis_id")
    else:
        stem = Path(name).stem
        frame.index = [f"{stem}-{at + 1}" if len(frame) > 1 else stem for at in range(len(frame))]
        frame = frame.rename_axis("axis_id")
    if not frame.index.is_unique:
        double = frame.index[frame.index.duplicated()][0]
        msg = f"{name}: axis_id {double!r} occurs more than once; give each axis its own"
        raise InputError(msg)
    with named(name):
        axis_lines(to_analysis(frame, study_crs(frame, name=called(name))))
    return frame


def _region_axes() -> gpd.GeoDataFrame | None:
    """Return the axes of the region; None where it has none."""
    return read("axes") if "axes" in ids() else None


def called(source: str) -> str:
    """Return what messages and provenance call an input: never its folder.

    Parameters
    ----------
    source
        A layer's id, a path, or ``-``.

    Returns
    -------
    str
        The file's name, or ``standard input``.

    Examples
    --------
    >>> called("counties"), called("/data/sites.csv"), called("-")
    ('counties', 'sites.csv', 'standard input')
    """
    return "standard input" if source == STDIN else Path(source).name


def column_named(frame: pd.DataFrame, name: str, source: str) -> "pd.Series[Any]":
    """Return a column that the command line names.

    Parameters
    ----------
    frame
        Table as it was read from the input.
    name
        Name of the column that is looked for.
    source
        The input, as named on the command line.

    Returns
    -------
    Series
        The column.

    Raises
    ------
    UnknownIdError
        When there is no such column; names the input and the nearest columns.
    """
    if name not in frame.columns:
        known = [str(one) for one in frame.columns if one != "geometry"]
        raise UnknownIdError("column", name, known, of=called(source))
    return frame[name]


def provenance_of(
    names: Mapping[str, str | Input],
    parameters: dict[str, Any],
    *,
    formulas: tuple[str, ...] = (),
) -> dict[str, Any]:
    """Describe a run: the layers or files it read, its parameters, the package's version.

    Parameters
    ----------
    names
        What the command line named, by role (``{"points": "facilities"}``); what was opened
        brings the account of its rows.
    parameters
        Numbers and choices that decide the result.
    formulas
        Ids of the formulas behind it (``geo.analysis.result``).

    Returns
    -------
    dict
        Shipped layers with their sources, licence and caveat; files by their name only.
    """
    axes = _region_axes()
    drawn = set() if axes is None else {*axes.index, *axes.get("axis_set", ())}
    inputs: dict[str, Any] = {}
    for role, given in names.items():
        name = given.name if isinstance(given, Input) else given
        layer = "axes" if name in drawn else name
        if said := about(layer):
            known = ("layer", "title", "sources", "accuracy_m", "caveat")
            inputs[role] = {key: said[key] for key in known if key in said}
        else:
            inputs[role] = {"file": called(name)}
        if isinstance(given, Input):
            inputs[role]["rows"] = given.account.described()
    told: dict[str, Any] = {"inputs": inputs, "parameters": parameters, "version": __version__}
    if formulas:
        told["formulas"] = [formula(one).described() for one in formulas]
    return told


def place_named(name: str) -> gpd.GeoSeries:
    """Find one place: longitude and latitude, a city, a node of a plan, or a facility.

    Parameters
    ----------
    name
        ``116.4,39.9`` (WGS 84 degrees); the code or name of a city (北京, Beijing); or the id or
        name of a plan node or facility. A name may be cut short where it is still unique; that of
        a special area is its seat.

    Returns
    -------
    GeoSeries
        One point in ``STORAGE_CRS``, its name in the index.

    Raises
    ------
    UnknownIdError
        When nothing has that name; names the nearest.
    InputError
        When several places begin with it, or the degrees are out of range.
    """
    words = name.replace("，", ",").split(",")
    if len(words) == 2:
        return _place_of_degrees(name, words)
    layers = _layers_of_places()
    wanted = _seat_of(name.strip()).casefold()
    exact: dict[str, Any] = {}
    longer: dict[str, Any] = {}
    for layer in layers:
        for identity, row in layer.iterrows():
            names = (str(identity), *(row[one] for one in _NAMES if one in layer))
            known = {str(one).casefold() for one in names}
            if wanted in known | {one.removesuffix("市") for one in known}:
                exact.setdefault(str(names[1]), row.geometry)
            elif any(one.startswith(wanted) for one in known):
                longer.setdefault(str(names[1]), row.geometry)
        if exact:
            break
    found = exact or longer
    if len(found) > 1:
        msg = f"{name!r} may be {', '.join(list(found)[:8])}; give one of these, or LON,LAT"
        raise InputError(msg)
    if not found:
        known_names = [str(one) for layer in layers for one in _first_names(layer)]
        raise UnknownIdError("place", name, known_names)
    return gpd.GeoSeries(list(found.values()), list(found), crs=STORAGE_CRS)


_NAMES: Final = ("name_zh", "name_en", "name_ja", "name")


def _first_names(layer: gpd.GeoDataFrame) -> "pd.Series[Any]":
    found = [one for one in _NAMES if one in layer]
    names: pd.Series[Any] = layer[found[0]] if found else layer.index.to_series()
    return names


def _layers_of_places() -> list[gpd.GeoDataFrame]:
    """Return the layers in which a place is looked for, those that the region has."""
    region = current_region()
    seated = any(level.seats for level in region.levels)
    loose = [one for one in ("plan_nodes", "facilities") if one in ids()]
    units = [] if seated else [_middles(region.smallest.layer_id)]
    return [*([city_seats()] if seated else []), *(read(one) for one in loose), *units]


def _middles(layer_id: str) -> gpd.GeoDataFrame:
    units = read(layer_id)
    return units.set_geometry(units.representative_point())


def _seat_of(name: str) -> str:
    """Return the place that stands for a special area, else the name."""
    for area in current_region().special_areas:
        if name in area.called and area.seat is not None:
            return area.seat
    return name


def _place_of_degrees(name: str, words: list[str]) -> gpd.GeoSeries:
    try:
        lon, lat = (float(word) for word in words)
    except ValueError:
        lon = lat = float("nan")
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        msg = f"{name!r} is no place; write LON,LAT in degrees, such as 116.4,39.9"
        raise InputError(msg)
    return gpd.GeoSeries.from_xy([lon], [lat], index=[name], crs=STORAGE_CRS)


def without_collisions(frame: gpd.GeoDataFrame, added: list[str]) -> gpd.GeoDataFrame:
    """Rename columns of an input that a command is about to add: ``side`` becomes ``side_in``.

    Where the input has all of them, an earlier run of the command wrote it: they are made anew,
    which is logged.

    Parameters
    ----------
    frame
        Table as it was read from the input.
    added
        Names the command adds.

    Returns
    -------
    GeoDataFrame
        A copy; where that name is taken too, a number follows.

    Examples
    --------
    >>> frame = gpd.GeoDataFrame({"side": [1], "side_in": [2]}, geometry=[None])
    >>> without_collisions(frame, ["side"]).columns.tolist()
    ['side_in2', 'side_in', 'geometry']
    """
    if len(added) > 1 and set(added) <= set(frame.columns):
        _log.warning("columns of an earlier run are made anew: %s", ", ".join(added))
        return frame.drop(columns=added)
    return frame.rename(columns=renamed(frame.columns, added))
