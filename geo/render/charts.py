"""Charts and notes beside a map: bars, lines, a triangle of three shares.

Charts beside the map, linked to its features: bars, lines, stacked areas.

Three shares of one whole as places in a triangle, linked to the map.

A callout on the map: the key finding pointed at where it is seen.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from geo.errors import InputError, UnknownIdError
from geo.formats import json_value
from geo.render.colours.palette import OTHER, categories, hex_colour
from geo.render.layer import Text, by_language
from geo.texts import Localized

__all__ = [
    "Axis",
    "Chart",
    "Discs",
    "Link",
    "Note",
    "Reference",
    "chart",
    "note",
    "ternary",
]

Kind = Literal["bar", "line", "area"]

_MOST_ROWS: Final = 5_000


@dataclass(frozen=True)
class Axis:
    """One axis of a chart.

    Attributes
    ----------
    column
        Of the table, for the horizontal axis; empty for the vertical one.
    label
        What the axis measures, in one or three languages.
    unit
        Unit of measurement as the page prints it; empty for none.
    decimals
        Digits after the point.
    words
        Label of each value, for categories.
    marks
        Places of a horizontal axis of numbers that have a name, such as the nodes of a corridor.
    ends
        Columns where each place of a horizontal axis of numbers begins and ends, when it is a
        stretch and ``column`` its middle.
    """

    label: Text
    column: str = ""
    unit: Text = ""
    decimals: int | None = None
    words: Mapping[str, Text] | None = None
    marks: Sequence[tuple[float, Text]] = ()
    ends: tuple[str, str] | None = None


@dataclass(frozen=True)
class Link:
    """Which features of a map layer belong to a row of a chart.

    Attributes
    ----------
    layer_id
        Short name of the map layer.
    keys
        A column with the keys of each row's features: one key, or a list; a key is the value of
        the layer's named index.
    """

    layer_id: str
    keys: str


@dataclass(frozen=True)
class Chart:
    """A chart, ready for ``geo.render.Map.add``.

    Attributes
    ----------
    payload
        What the page draws, in plain JSON values.
    """

    payload: dict[str, Any]


def chart(  # noqa: PLR0913 - a chart has as many independent parts
    kind: Kind,
    table: pd.DataFrame,
    *,
    title: Text,
    x: Axis,
    y: Axis,
    series: Mapping[str, Text],
    link: Link | None = None,
    colours: Mapping[str, str] | None = None,
    note: Text | None = None,
) -> Chart:
    """Describe a chart that is drawn beside the map.

    Parameters
    ----------
    kind
        ``bar`` (upright over numbers, lying for kinds), ``line``, or ``area`` (stacked).
    table
        One row a place on the horizontal axis.
    title
        Title, printed above the chart.
    x
        With the column of the places: numbers, or kinds.
    y
        What the series measure: label, unit and decimals.
    series
        Columns of numbers, and what they are called. Missing values leave a gap.
    link
        Features that pointing at a row, or selecting rows, makes stand out on the map; pointing
        at a feature makes its row stand out.
    colours
        Of the series; from the palette by default.
    note
        Text printed below the chart; None for no text.

    Returns
    -------
    Chart
        For ``geo.render.Map.add``.

    Raises
    ------
    UnknownIdError
        When a column does not exist.
    InputError
        When the table has no rows or too many, or there is no series.

    Examples
    --------
    >>> table = pd.DataFrame({"km": [5.0, 15.0], "n": [3, 1]})
    >>> made = chart("bar", table, title="Profile", x=Axis("Chainage", "km"), y=Axis("Sites"),
    ...              series={"n": "Sites"})
    >>> made.payload["series"][0]["values"]
    [3, 1]
    """
    wanted = [x.column, *series, *([link.keys] if link else []), *(x.ends or ())]
    require_columns(table, wanted)
    if not 1 <= len(table) <= _MOST_ROWS or not series:
        msg = f"a chart draws 1 to {_MOST_ROWS} rows and at least one series; got {len(table)} rows"
        raise InputError(msg)
    palette = dict(zip(series, categories(len(series)), strict=True)) | dict(colours or {})
    payload = {
        "kind": kind,
        "title": by_language(title),
        "note": by_language(note),
        "x": described_axis(x)
        | {"values": places_of(table[x.column], x), "marks": _marks(x)}
        | _ends(table, x),
        "numeric": bool(pd.api.types.is_numeric_dtype(table[x.column])),
        "y": described_axis(y),
        "series": [
            {
                "label": by_language(label),
                "colour": hex_colour(palette[name]),
                "values": _values(table[name], name),
            }
            for name, label in series.items()
        ],
        "link": None
        if link is None
        else {"layer": link.layer_id, "keys": keys_of(table[link.keys])},
    }
    return Chart(payload)


def require_columns(table: pd.DataFrame, wanted: Iterable[str]) -> None:
    """Raise when a table lacks a column.

    Parameters
    ----------
    table
        Table whose columns are checked.
    wanted
        Names of the columns that must be there.

    Raises
    ------
    UnknownIdError
        Naming the first that is missing.
    """
    for name in wanted:
        if name not in table.columns:
            raise UnknownIdError("column", name, [str(one) for one in table.columns])


def described_axis(axis: Axis) -> dict[str, Any]:
    return {
        "label": by_language(axis.label),
        "unit": by_language(axis.unit),
        "decimals": axis.decimals,
    }


def _ends(table: pd.DataFrame, axis: Axis) -> dict[str, Any]:
    if axis.ends is None:
        return {}
    return {"ends": table[list(axis.ends)].to_numpy(dtype=float).tolist()}


def _marks(axis: Axis) -> list[dict[str, Any]]:
    return [{"at": float(at), "text": by_language(text)} for at, text in axis.marks]


def places_of(values: "pd.Series[Any]", axis: Axis) -> list[Any]:
    if pd.api.types.is_numeric_dtype(values):
        return [json_value(one) for one in values.tolist()]
    words = axis.words or {}
    return [by_language(words.get(str(one), str(one))) for one in values.tolist()]


def _values(values: "pd.Series[Any]", name: str) -> list[Any]:
    if not pd.api.types.is_numeric_dtype(values):
        msg = f"column {name!r} holds no numbers to draw"
        raise InputError(msg)
    return [json_value(one) for one in values.tolist()]


def keys_of(values: "pd.Series[Any]") -> list[list[str]]:
    return [
        [str(one) for one in cell] if isinstance(cell, list | tuple | set) else [str(cell)]
        for cell in values.tolist()
    ]


_MOST_ROWS_TERNARY: Final = 500
_TOTALS: Final = (1.0, 100.0)
_SLACK: Final = 0.005  # of the total: what rounding of three shares can leave


@dataclass(frozen=True)
class Discs:
    """Colours and sizes of the marks of a ternary chart.

    Attributes
    ----------
    colour_by
        A column of kinds; grey without one.
    colours
        Hex colour of a kind.
    size
        A column of numbers that the area of a mark is in proportion to.
    """

    colour_by: str = ""
    colours: Mapping[str, str] | None = None
    size: Axis | None = None


@dataclass(frozen=True)
class Reference:
    """The whole that the rows are compared with, drawn as a cross.

    Attributes
    ----------
    label
        Name of the whole, in one or three languages.
    shares
        Its three shares, in the order of the corners.
    """

    label: Text
    shares: tuple[float, float, float]


def ternary(  # noqa: PLR0913 - a chart has as many independent parts
    table: pd.DataFrame,
    *,
    title: Text,
    rows: Axis,
    corners: Mapping[str, Text],
    shares: Axis,
    colours: Mapping[str, str] | None = None,
    discs: Discs | None = None,
    reference: Reference | None = None,
    link: Link | None = None,
    note: Text | None = None,
) -> Chart:
    """Describe a ternary chart of three shares.

    Row i with shares a, b, c of its whole stands at a·A + b·B + c·C, where A (above), B (left) and
    C (right) are the corners of an equilateral triangle.

    Parameters
    ----------
    table
        One row a place, 1 to 500 of them.
    title
        Title, printed above the triangle.
    rows
        Axis with the column that names the rows.
    corners
        Three columns of shares, for the upper, the left and the right corner, and what they are
        called. A row adds up to 1 or to 100, all rows alike; one with a missing share stands in
        the table only.
    shares
        What the shares are, with unit and decimals; its column is not used.
    colours
        Of the corners; from the palette by default.
    discs
        Colours and sizes of the marks.
    reference
        A whole to compare with.
    link
        Features that pointing at a mark, or choosing marks, makes stand out on the map.
    note
        Text printed below the triangle; None for no text.

    Returns
    -------
    Chart
        For ``geo.render.Map.add``.

    Raises
    ------
    UnknownIdError
        When a column does not exist.
    InputError
        When there are not three corners, no row is whole, or shares are negative or do not add up.

    References
    ----------
    Howarth, R. J. (1996). Sources for a history of the ternary diagram. British Journal for the
    History of Science 29(3), 337-356. https://doi.org/10.1017/S000708740003449X

    Examples
    --------
    >>> table = pd.DataFrame({"city": ["A", "B"], "r": [0.5, None], "m": [0.5, 0.2], "s": [0, 0.8]})
    >>> made = ternary(table, title="Roles", rows=Axis("City", "city"), shares=Axis("Share"),
    ...                corners={"r": "Research", "m": "Making", "s": "Service"})
    >>> made.payload["total"], made.payload["series"][0]["values"]
    (1, [0.5, None])
    """
    discs = discs or Discs()
    wanted = [rows.column, *corners, *([link.keys] if link else [])]
    wanted += [one for one in (discs.colour_by, discs.size.column if discs.size else "") if one]
    require_columns(table, wanted)
    total = _total(table, rows.column, list(corners))
    palette = dict(zip(corners, categories(3), strict=True)) | dict(colours or {})
    payload = {
        "kind": "ternary",
        "title": by_language(title),
        "note": by_language(note),
        "x": described_axis(rows) | {"values": places_of(table[rows.column], rows)},
        "numeric": False,
        "y": described_axis(shares),
        "series": [
            {
                "label": by_language(label),
                "colour": hex_colour(palette[name]),
                "values": _numbers(table[name]),
            }
            for name, label in corners.items()
        ],
        "total": int(total),
        "tones": _tones(table, discs),
        "size": _sizes(table, discs.size),
        "reference": _reference(reference),
        "link": None
        if link is None
        else {"layer": link.layer_id, "keys": keys_of(table[link.keys])},
    }
    return Chart(payload)


def _total(table: pd.DataFrame, rows: str, corners: list[str]) -> float:
    """Return what the shares of each row add up to, 1 or 100."""
    if len(corners) != 3 or not 1 <= len(table) <= _MOST_ROWS_TERNARY:
        msg = (
            f"a triangle has three corners and 1 to {_MOST_ROWS_TERNARY} rows; "
            f"got {len(corners)} and {len(table)}"
        )
        raise InputError(msg)
    for name in corners:
        if not pd.api.types.is_numeric_dtype(table[name]):
            msg = f"column {name!r} holds no numbers to draw"
            raise InputError(msg)
    values = table[corners].to_numpy(dtype=np.float64, na_value=np.nan)
    there = ~np.isnan(values).any(axis=1)
    if not there.any() or np.isinf(values[there]).any():
        msg = f"no row has all three of {', '.join(corners)}, or one is infinite"
        raise InputError(msg)
    sums = np.where(there, values.sum(axis=1), np.nan)
    total = min(_TOTALS, key=lambda one: abs(one - float(sums[there][0])))
    wrong = there & ((values < 0).any(axis=1) | ~(np.abs(sums - total) <= _SLACK * total))
    if wrong.any():
        at = int(np.argmax(wrong))
        msg = (
            f"row {table[rows].tolist()[at]!r}: shares {values[at].tolist()} add up to "
            f"{sums[at]:g}; three shares of one whole are not negative and add up to {total:g}"
        )
        raise InputError(msg)
    return total


def _numbers(values: "pd.Series[Any]") -> list[Any]:
    return [json_value(one) for one in values.tolist()]


def _tones(table: pd.DataFrame, discs: Discs) -> list[str] | None:
    if not discs.colour_by:
        return None
    colours = discs.colours or {}
    return [hex_colour(colours.get(str(one), OTHER)) for one in table[discs.colour_by].tolist()]


def _sizes(table: pd.DataFrame, size: Axis | None) -> dict[str, Any] | None:
    if size is None:
        return None
    values = table[size.column]
    if not pd.api.types.is_numeric_dtype(values) or not float(values.max()) > 0:
        msg = f"column {size.column!r} holds no sizes: numbers, the largest above 0"
        raise InputError(msg)
    return described_axis(size) | {"values": _numbers(values), "most": json_value(values.max())}


def _reference(reference: Reference | None) -> dict[str, Any] | None:
    if reference is None:
        return None
    values = np.asarray(reference.shares, dtype=float)
    if values.shape != (3,) or not np.isfinite(values).all() or (values < 0).any():
        msg = f"a reference has three shares, none negative; got {reference.shares}"
        raise InputError(msg)
    if not values.sum() > 0:
        msg = "a reference whose shares are all 0 has no place in the triangle"
        raise InputError(msg)
    return {"label": by_language(reference.label), "values": values.tolist()}


Side = Literal["ne", "se", "sw", "nw"]

_SIDES: Final = ("ne", "se", "sw", "nw")
_MOST_SIGNS: Final = 200


@dataclass(frozen=True)
class Note:
    """A callout, ready for ``geo.render.Map.add``.

    Attributes
    ----------
    payload
        What the page draws, in plain JSON values.
    """

    payload: dict[str, Any]


def note(
    text: Text, lon: float, lat: float, *, short: Text | None = None, side: Side | None = None
) -> Note:
    """Describe a callout: a sentence that points at a place.

    The page sets the sentence in lines of equal length beside the place, where it covers no name
    and as few marks as may be, and draws a line to the place. Where there is no room, and on a
    phone, the short form stands there; without one a number, which the panel explains.

    Parameters
    ----------
    text
        One short sentence, at most 200 characters in each language; up to 30 in Chinese read
        well.
    lon, lat
        Longitude and latitude of the place in degrees.
    short
        A few words for where there is little room, at most 200 characters.
    side
        Where the text should stand, seen from the place; by default where there is most room.

    Returns
    -------
    Note
        For ``geo.render.Map.add``.

    Raises
    ------
    InputError
        When the place is not on the map, there is no such side, or a text is empty or too long.

    Examples
    --------
    >>> note("Tiananmen", 116.3975, 39.9085).payload["side"] is None
    True
    """
    if not (-180 <= lon <= 180 and -85 <= lat <= 85) or side not in {None, *_SIDES}:
        sides = ", ".join(_SIDES)
        msg = f"a note stands at degrees and on one of {sides}; got {lon}, {lat}, {side!r}"
        raise InputError(msg)
    for one in (text, *([] if short is None else [short])):
        for words in by_language(one).values() if isinstance(one, Localized) else [one]:
            if not 1 <= len(words.strip()) <= _MOST_SIGNS:
                msg = f"a note has 1 to {_MOST_SIGNS} signs; got {len(words)}: {words[:40]!r}"
                raise InputError(msg)
    place = {"lon": float(lon), "lat": float(lat), "side": side}
    return Note({"text": by_language(text), "short": by_language(short), **place})
