"""Splitting a layer by geometry type, choosing the colour column, counting rows not drawn.

What a map is made of: the rows of one kind of geometry, and the column that colours them.

How a column becomes colours in all layers that have it, and the chart that counts its kinds.

What a map does not show of a layer is reported; a file of which nothing is shown is an error.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.errors import InputError
from geo.render.any_file.inputs import InputLayer
from geo.render.charts import Axis, Chart, Link, chart
from geo.render.colours.classes import numbers_of
from geo.render.colours.colouring import MOST_CATEGORIES, Categories, Classes, words_of
from geo.render.colours.palette import CATEGORY_COLOURS
from geo.render.column_roles import (
    is_called_kind,
    is_code_of_kind,
    kind_column,
    kind_of,
    measured_column,
    time_of,
)
from geo.render.drawing.flows import are_flows
from geo.render.drawing.steps import Time, moments
from geo.render.drawing.table import named
from geo.render.layer import About, MapLayer, drawable
from geo.render.words import OTHER_WORD
from geo.texts import Localized, tr

__all__ = [
    "Sheet",
    "colouring",
    "kinds_chart",
    "log_losses",
    "sheets_of",
    "with_colour_columns",
]

_TYPES: Final[Mapping[str, tuple[int, ...]]] = {
    "Polygon": (3, 6),
    "LineString": (1, 2, 5),
    "Point": (0, 4),
}
_COLLECTION: Final = 7
_KINDS: Final = {
    "Polygon": tr("areas"),
    "LineString": tr("lines"),
    "Point": tr("points"),
}


@dataclass(frozen=True)
class Sheet:
    """Rows of a layer that are drawn in one way.

    Attributes
    ----------
    given
        The layer that the rows come from.
    kind
        ``Polygon``, ``LineString`` or ``Point``.
    rows
        Those with such a geometry.
    about
        Title, provenance and caveats, as the layer list shows them.
    moment
        When each row is to be seen.
    by
        Column that colours the rows; None for one colour.
    instead
        Column that would have coloured them, and the layer that is coloured in their place.
    """

    given: InputLayer
    kind: str
    rows: gpd.GeoDataFrame
    about: About
    moment: Time | None = None
    by: str | None = None
    instead: tuple[str, str] | None = None


def sheets_of(one: InputLayer, time: str | None = None) -> list[Sheet]:
    """Split a layer by geometry type: polygons first, then lines, then points.

    Parameters
    ----------
    one
        The layer to take apart, of any geometry types.
    time
        Column of years or dates; by default one is looked for, and none where the layer has not
        the one that was asked for.

    Returns
    -------
    list of Sheet
        Not yet coloured; with a time where any of its rows has one. A row stands in each to which
        a part of it belongs; rows without a place in none.

    Raises
    ------
    InputError
        When the column holds no years or dates.

    Examples
    --------
    >>> from geo.render.any_file.inputs import read_layers
    >>> [sheet.kind for one in read_layers("axes") for sheet in sheets_of(one)]
    ['LineString']
    """
    column = time if time in one.frame.columns else None
    moment = time_of(one.frame, column) if column is not None or time is None else None
    if column is not None and moment is None:
        msg = f"{one.name}: column {column!r} holds no years or dates"
        raise InputError(msg)
    found = dict(_by_geometry(one.frame))
    return [
        Sheet(
            one,
            kind,
            rows,
            one.about if len(found) == 1 else _of_kind(one.about, kind),
            moment if moment is not None and _is_dated(rows, moment) else None,
        )
        for kind, rows in found.items()
    ]


def _is_dated(rows: gpd.GeoDataFrame, moment: Time) -> bool:
    """Tell whether any row of a kind has a time: those of another kind may be the only ones."""
    return bool(moments(rows[moment.column]).notna().any())


def _by_geometry(frame: gpd.GeoDataFrame) -> Iterator[tuple[str, gpd.GeoDataFrame]]:
    """Sort rows by what they are; a collection is a row of each kind of which it has parts."""
    shapes = frame.geometry.to_numpy()
    types = np.where(shapely.is_empty(shapes), -1, shapely.get_type_id(shapes))
    collected = {
        int(at): _multiparts_by_kind(shapes[at]) for at in np.flatnonzero(types == _COLLECTION)
    }
    if collected:
        _leave_out(collected, frame)
    for kind, ids in _TYPES.items():
        own = {at: parts[kind] for at, parts in collected.items() if kind in parts}
        there = np.isin(types, ids)
        there[list(own)] = True
        if not there.any():
            continue
        made = shapes.copy()
        for at, shape in own.items():
            made[at] = shape
        whole = gpd.GeoSeries(made, index=frame.index, crs=frame.crs)
        yield kind, (frame.set_geometry(whole) if own else frame)[there]


def _multiparts_by_kind(collection: Any) -> dict[str, Any]:
    """Gather the parts of a collection by kind, so that what was one row stays one."""
    parts = np.array([collection], dtype=object)
    while (deep := shapely.get_type_id(parts) >= 4).any():
        parts = np.concatenate([parts[~deep], shapely.get_parts(parts[deep])])
    parts = parts[~shapely.is_empty(parts)]
    makers = {
        "Polygon": shapely.multipolygons,
        "LineString": shapely.multilinestrings,
        "Point": shapely.multipoints,
    }
    found: dict[str, Any] = {}
    for kind, ids in _TYPES.items():
        mine = parts[np.isin(shapely.get_type_id(parts), ids)]
        if len(mine):
            found[kind] = mine[0] if len(mine) == 1 else makers[kind](mine)
    return found


def _leave_out(collected: dict[int, dict[str, Any]], frame: gpd.GeoDataFrame) -> None:
    """Leave out parts off the earth, so that a row is lost once, and only if all of it is."""
    lost = set()
    for kind in _TYPES:
        own = {at: parts[kind] for at, parts in collected.items() if kind in parts}
        shapes = gpd.GeoDataFrame(geometry=list(own.values()), index=list(own), crs=frame.crs)
        kept, _ = drawable(shapes, (kind, "LinearRing"), maker="sheets")
        lost |= {(at, kind) for at in set(own) - set(kept.index)}
    for at, parts in collected.items():
        there = {kind: shape for kind, shape in parts.items() if (at, kind) not in lost}
        collected[at] = there or dict(list(parts.items())[:1])


def _of_kind(about: About, kind: str) -> About:
    """Tell the layers of one file apart by what they hold."""
    word, title = _KINDS[kind], about.title
    text = title if isinstance(title, Localized) else Localized(zh=title, en=title, ja=title)
    titled = tr("{text} ({word})", text=text, word=word)
    return replace(about, title=titled)


def with_colour_columns(sheets: Sequence[Sheet], colour_by: str | None = None) -> list[Sheet]:
    """Choose the column that colours each sheet.

    Parameters
    ----------
    sheets
        Of a map, in the order of the words.
    colour_by
        Column that was asked for. What lacks it is left in one colour, for colours of other kinds
        would be taken for its own.

    Returns
    -------
    list of Sheet
        As many. By default one sheet a kind of geometry is coloured, since the colours of two
        would be the same: of a file rather than of a shipped layer, then the last.
    """
    if colour_by is not None:
        return [
            replace(one, by=colour_by if colour_by in one.rows.columns else None) for one in sheets
        ]
    wanted = [_by_default(one) for one in sheets]
    best: dict[str, int] = {}
    for at, (one, column) in enumerate(zip(sheets, wanted, strict=True)):
        held = best.get(one.kind)
        if column is not None and (held is None or one.given.strange >= sheets[held].given.strange):
            best[one.kind] = at
    return [
        one if column is None
        else replace(one, by=column) if best[one.kind] == at
        else replace(one, instead=(column, sheets[best[one.kind]].given.name))
        for at, (one, column) in enumerate(zip(sheets, wanted, strict=True))
    ]  # fmt: skip


def _by_default(sheet: Sheet) -> str | None:
    """Choose what colours a layer: kinds of points; of a file, what is called so or measured."""
    rows, kind = sheet.rows, sheet.kind
    if kind == "LineString" and are_flows(rows):
        return None
    apart = [] if sheet.moment is None else [sheet.moment.column]
    if kind == "Point":
        return kind_column(rows, apart)
    if not sheet.given.strange:
        return None
    kinds = kind_column(rows, apart)
    if kind == "LineString":
        return kinds
    measured = measured_column(rows, apart)
    return kinds if kinds is not None and (measured is None or is_called_kind(kinds)) else measured


_MOST_BARS: Final = 12
_COUNT: Final = tr("Features")
_REST: Final = ""  # no kind: a blank cell has none


def colouring(sheets: Sequence[Sheet]) -> list[Categories | Classes | None]:
    """Choose categories or classes for the colour column of each sheet, shared by equal columns.

    Parameters
    ----------
    sheets
        Sheets with the columns that colour them.

    Returns
    -------
    list of Categories, Classes or None
        As many. A kind has one colour in all sheets, the commonest the first of the palette, and
        beyond nine none; classes of numbers have the same bounds in all.

    Examples
    --------
    >>> from geo.render.any_file.inputs import read_layers
    >>> from geo.render.any_file.sheets import with_colour_columns, sheets_of
    >>> sheets = [sheet for one in read_layers("counties") for sheet in sheets_of(one)]
    >>> colouring(with_colour_columns(sheets, "area_km2"))[0].column
    'area_km2'
    """
    columns = dict.fromkeys(one.by for one in sheets if one.by is not None)
    colourings = {
        column: _colouring_of(column, [one for one in sheets if one.by == column])
        for column in columns
    }
    return [None if one.by is None else colourings[one.by] for one in sheets]


def _colouring_of(column: str, sheets: Sequence[Sheet]) -> Categories | Classes:
    cells = [one.rows[column] for one in sheets]
    kinds = pd.concat([one.map(kind_of) for one in cells]).dropna()
    if _measure(column, cells, kinds, areas=any(one.kind == "Polygon" for one in sheets)):
        if len(sheets) == 1:
            return Classes(column)
        numbers = numbers_of(pd.concat([one.astype(object) for one in cells]), column)
        return Classes(column, among=tuple(numbers[~np.isnan(numbers)].tolist()))
    if len(sheets) == 1:
        return Categories(column)
    counts = kinds.value_counts()
    ranked = sorted(counts.index, key=lambda one: (-counts[one], one))
    return Categories(column, colours=dict(zip(ranked, CATEGORY_COLOURS, strict=False)))


def _measure(
    column: str, cells: Sequence["pd.Series[Any]"], kinds: "pd.Series[Any]", *, areas: bool
) -> bool:
    """Tell whether the cells of all layers together are numbers that measure."""
    typed = [pd.api.types.is_numeric_dtype(one) for one in cells]
    if not any(typed) or any(pd.api.types.is_bool_dtype(one) for one in cells):
        return False
    numbers = pd.to_numeric(kinds, errors="coerce")
    if numbers.isna().any() or is_code_of_kind(column, numbers):
        return False
    return areas or numbers.nunique() > MOST_CATEGORIES


def kinds_chart(sheet: Sheet, layer: MapLayer, colour_by: str | None) -> Iterator[Chart]:
    """Count the features of each kind, when the colours are kinds and the rows have ids.

    Parameters
    ----------
    sheet
        Rows of one geometry type, with their colours.
    layer
        The layer of the map that draws the sheet.
    colour_by
        Column that was asked for.

    Yields
    ------
    Chart
        None or one: a bar for each of the twelve commonest kinds and one for the rest, each linked
        to its features.
    """
    rows = sheet.rows
    if colour_by is None or sheet.by != colour_by or rows.index.name is None:
        return
    if layer.payload["legend"]["kind"] != "categories":
        return
    keys = pd.DataFrame(
        {"kind": rows[colour_by].map(kind_of).to_numpy(), "key": rows.index.astype(str)}
    ).dropna()
    if keys.empty:
        return
    label: Any = named(colour_by).label
    yield chart(
        "bar",
        _counted(keys),
        title=label,
        x=Axis(label, "kind", words=words_of(colour_by, rows[colour_by]) | {_REST: OTHER_WORD}),
        y=Axis(_COUNT),
        series={"size": _COUNT},
        link=Link(layer.layer_id, "list"),
        colours={"size": CATEGORY_COLOURS[0]},
    )


def _counted(keys: pd.DataFrame) -> pd.DataFrame:
    """Count kinds, the commonest first, and what is beyond the bars as the last."""
    counts = keys["kind"].value_counts()
    ranked = sorted(counts.index, key=lambda one: (-counts[one], one))
    order = [*ranked[:_MOST_BARS], _REST]
    kinds = keys["kind"].where(keys["kind"].isin(order), _REST)
    counted = keys.groupby(kinds)["key"].agg([list, "size"])
    return counted.reindex([one for one in order if one in counted.index]).reset_index()


_LOG = logging.getLogger(__name__)
_MOST_DEGREES: Final = 360.0


def log_losses(opened: Sequence[InputLayer], layers: Sequence[Sequence[MapLayer]]) -> None:
    """Log how many rows of each layer are not on the map.

    Parameters
    ----------
    opened
        Input layers of the map.
    layers
        Drawn layers of each input layer.

    Raises
    ------
    InputError
        When nothing of a file is drawn.

    Examples
    --------
    >>> from geo.render.any_file.inputs import read_layers
    >>> log_losses(list(read_layers("axes")), [[]])
    Traceback (most recent call last):
    geo.errors.InputError: axes: holds no geometry that can be drawn
    """
    drawn = {
        one.name
        for one, made in zip(opened, layers, strict=True)
        for x in made
        if x.payload["n"] or x.kind == "flow"
    }
    for one, made in zip(opened, layers, strict=True):
        if one.name not in drawn:
            msg = f"{one.name}: holds no geometry that can be drawn{_guess(one.frame)}"
            raise InputError(msg)
        if lost := _lost(one, made):
            name = one.name if one.about.group is None else f"{one.name} ({one.about.title})"
            _LOG.warning(
                "%s: %s of %s rows have no place on the map%s",
                name, f"{lost:,}", f"{len(one.frame):,}", _guess(one.frame),
            )  # fmt: skip


def _lost(one: InputLayer, made: Sequence[MapLayer]) -> int:
    """Count rows without a place, except those that the reader of the file has reported."""
    if not made:
        return len(one.frame)
    # flows leave out those of no weight and of a place to itself, which have places
    lost = sum(int(x.payload["dropped"]) for x in made if x.kind != "flow")
    if lost and one.account is not None:  # which its reader has reported
        lost -= int(one.frame.geometry.isna().sum())
    return lost


def _guess(frame: gpd.GeoDataFrame) -> str:
    """Guess why coordinates lie off the earth."""
    bounds = shapely.bounds(frame.geometry.to_numpy())
    bounds = bounds[np.isfinite(bounds).all(axis=1)]
    if not len(bounds):
        return ""
    x, y = np.abs(bounds[:, [0, 2]]).max(axis=1), np.abs(bounds[:, [1, 3]]).max(axis=1)
    if (np.maximum(x, y) > _MOST_DEGREES).any():
        return "; coordinates look like metres where the file says degrees"
    if ((y > 90) & (x <= 90)).any():
        return "; longitude and latitude look swapped"
    return ""
