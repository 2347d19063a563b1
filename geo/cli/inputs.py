"""What a command line names: points from an id, a file or a pipe; axes from an id or a file."""

import logging
import sys
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely

from geo import __version__
from geo.analysis.formulas import formula
from geo.crs import STORAGE_CRS
from geo.errors import InputError, UnknownIdError
from geo.layers import about, catalogue, ids, read, read_table
from geo.layers.seats import city_seats
from geo.tables import open_layer, read_cells, read_points

__all__ = [
    "STDIN",
    "axes_named",
    "called",
    "column_named",
    "place_named",
    "points_named",
    "provenance_of",
    "table_named",
    "without_collisions",
]

_log = logging.getLogger(__name__)

STDIN: Final = "-"
_TABLES: Final = (".csv", ".tsv", ".txt", ".xlsx")
_VECTOR_STARTS: Final = (b"{", b"\x1e", b"SQLite", b"PAR1")


def points_named(name: str, *, datum: str = "auto") -> gpd.GeoDataFrame:
    """Open points by a shipped layer's id, a file's path, or ``-`` for stdin.

    A table (CSV, XLSX, Parquet) goes through ``geo.tables.read_points``: columns, encoding and
    datum are found, what was found and how many rows have no place is said on stderr.

    Parameters
    ----------
    name
        As given on the command line.
    datum
        ``auto``, ``wgs84``, ``cgcs2000``, ``gcj02``, ``bd09`` or ``EPSG:n``, for files; ``auto``
        keeps what a vector file states.

    Returns
    -------
    GeoDataFrame
        In ``STORAGE_CRS``; the id of a shipped layer is a column, the index counts rows. Rows
        without a place have no geometry.

    Raises
    ------
    InputError
        When standard input holds no vector data and no table.
    MissingFileError
        When it is neither an id nor a file.
    """
    stated = name in ids() or (datum == "auto" and not _is_table(name))
    if not stated:
        table = read_points(name, datum=datum)
        counts = table.counts
        if counts["refused"]:
            _log.warning(
                "%s: %s of %s rows could not be placed; jjj locate --report says why",
                name,
                counts["refused"],
                counts["rows"],
            )
        for note in table.notes:
            _log.warning("%s: %s", name, note)
        return table.frame
    frame = open_layer(name)
    return frame.reset_index() if frame.index.name else frame


def _is_table(name: str) -> bool:
    if name != STDIN:
        return Path(name).suffix.lower() in _TABLES
    # no byte is taken: the reader starts at the first one
    head = sys.stdin.buffer.peek(64) if hasattr(sys.stdin.buffer, "peek") else b"{"
    return not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(_VECTOR_STARTS)


def table_named(name: str) -> pd.DataFrame:
    """Open a table without places by its path, or ``-`` for stdin.

    What was found of its encoding, its header and its sheet is said on stderr.

    Parameters
    ----------
    name
        A shipped table's id (``coverage``), a path, or ``-``.

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
    if name in catalogue()["tables"] and not Path(name).exists():
        return read_table(name)
    table = read_cells(name)
    for note in table.notes:
        _log.warning("%s: %s", name, note)
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
        When two axes of a file have one id, or one has no length.
    """
    shipped = read("axes")
    if name in shipped.index:
        return shipped.loc[[name]]
    if name in set(shipped["axis_set"]):
        return shipped[shipped["axis_set"] == name]
    if not Path(name).is_file():
        raise UnknownIdError("axis", name, [*shipped.index, *shipped["axis_set"].unique()])
    frame = open_layer(name)
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
    lines = frame.geometry.to_numpy()
    flat = (shapely.get_dimensions(lines) == 1) & (shapely.length(lines) == 0)
    if flat.any():
        first = frame.index[flat][0]
        msg = f"{name}: axis {first} has no length; draw it through at least two different points"
        raise InputError(msg)
    return frame


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
        The input.
    name
        A column's name.
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
    names: dict[str, str], parameters: dict[str, Any], *, formulas: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Describe a run: the layers or files it read, its parameters, the package's version.

    Parameters
    ----------
    names
        What the command line named, by role (``{"points": "facilities"}``).
    parameters
        Numbers and choices that decide the result.
    formulas
        Ids of the formulas behind it (``geo.analysis.formulas``).

    Returns
    -------
    dict
        Shipped layers with their sources, licence and caveat; files by their name only.
    """
    axes = read("axes")
    inputs: dict[str, Any] = {}
    for role, name in names.items():
        layer = "axes" if name in axes.index or name in set(axes["axis_set"]) else name
        if said := about(layer):
            known = ("layer", "title", "sources", "accuracy_m", "caveat")
            inputs[role] = {key: said[key] for key in known if key in said}
        else:
            inputs[role] = {"file": called(name)}
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
        name of a plan node or facility. A name may be cut short where it is still unique; 雄安
        is the start-up area of Xiong'an.

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
    wanted = _OTHER_PLACES.get(name.strip(), name.strip()).casefold()
    exact: dict[str, Any] = {}
    longer: dict[str, Any] = {}
    for layer in (city_seats(), read("plan_nodes"), read("facilities")):
        for identity, row in layer.iterrows():
            names = (str(identity), row["name_zh"], row["name_en"], row["name_ja"])
            known = {str(one).casefold() for one in names}
            if wanted in known | {one.removesuffix("市") for one in known}:
                exact.setdefault(str(row["name_zh"]), row.geometry)
            elif any(one.startswith(wanted) for one in known):
                longer.setdefault(str(row["name_zh"]), row.geometry)
        if exact:
            break
    found = exact or longer
    if len(found) > 1:
        msg = f"{name!r} may be {', '.join(list(found)[:8])}; give one of these, or LON,LAT"
        raise InputError(msg)
    if not found:
        known_names = [*city_seats()["name_zh"], *read("facilities")["name_zh"]]
        raise UnknownIdError("place", name, known_names)
    return gpd.GeoSeries(list(found.values()), list(found), crs=STORAGE_CRS)


_OTHER_PLACES: Final = {"雄安": "gov-xiongan-start", "雄安新区": "gov-xiongan-start"}


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

    Parameters
    ----------
    frame
        The input.
    added
        Names the command adds.

    Returns
    -------
    GeoDataFrame
        A copy; a name that is taken too gets more ``_in``.

    Examples
    --------
    >>> frame = gpd.GeoDataFrame({"side": [1], "side_in": [2]}, geometry=[None])
    >>> without_collisions(frame, ["side"]).columns.tolist()
    ['side_in_in', 'side_in', 'geometry']
    """
    renamed: dict[str, str] = {}
    for name in frame.columns:
        if name in added:
            new = f"{name}_in"
            while new in frame.columns or new in added:
                new += "_in"
            renamed[name] = new
    return frame.rename(columns=renamed)
