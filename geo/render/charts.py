"""Charts beside the map, linked to its features: bars, lines, stacked areas."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import pandas as pd

from geo.errors import InputError, UnknownIdError
from geo.formats import json_value
from geo.render.layer import Text, said
from geo.render.palette import categories, hex_colour

__all__ = ["Axis", "Chart", "Link", "chart"]

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
        What it measures.
    unit
        As printed.
    decimals
        Digits after the point.
    words
        What stands for a value, for kinds.
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
        Of the layer.
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
        Plain JSON values.
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
        Above the chart.
    x
        With the column of the places: numbers, or kinds.
    y
        What the series measure.
    series
        Columns of numbers, and what they are called. Missing values leave a gap.
    link
        Features that pointing at a row, or selecting rows, makes stand out on the map; pointing
        at a feature makes its row stand out.
    colours
        Of the series; from the palette by default.
    note
        Below the chart.

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
        "title": said(title),
        "note": said(note),
        "x": described_axis(x)
        | {"values": places_of(table[x.column], x), "marks": _marks(x)}
        | _ends(table, x),
        "numeric": bool(pd.api.types.is_numeric_dtype(table[x.column])),
        "y": described_axis(y),
        "series": [
            {
                "label": said(label),
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
        Any.
    wanted
        Names.

    Raises
    ------
    UnknownIdError
        Naming the first that is missing.
    """
    for name in wanted:
        if name not in table.columns:
            raise UnknownIdError("column", name, [str(one) for one in table.columns])


def described_axis(axis: Axis) -> dict[str, Any]:
    return {"label": said(axis.label), "unit": said(axis.unit), "decimals": axis.decimals}


def _ends(table: pd.DataFrame, axis: Axis) -> dict[str, Any]:
    if axis.ends is None:
        return {}
    return {"ends": table[list(axis.ends)].to_numpy(dtype=float).tolist()}


def _marks(axis: Axis) -> list[dict[str, Any]]:
    return [{"at": float(at), "text": said(text)} for at, text in axis.marks]


def places_of(values: "pd.Series[Any]", axis: Axis) -> list[Any]:
    if pd.api.types.is_numeric_dtype(values):
        return [json_value(one) for one in values.tolist()]
    words = axis.words or {}
    return [said(words.get(str(one), str(one))) for one in values.tolist()]


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
