"""What a map is made of: the rows of one kind of geometry, and the column that colours them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely

from geo.errors import InputError
from geo.layers import Text3
from geo.render.choice import is_called_kind, kind_column, measured_column, time_of
from geo.render.flow_frames import are_flows
from geo.render.given import Given
from geo.render.layer import About, drawable
from geo.render.steps import Time, moments

__all__ = ["Sheet", "chosen", "sheets_of"]

_TYPES: Final[Mapping[str, tuple[int, ...]]] = {
    "Polygon": (3, 6),
    "LineString": (1, 2, 5),
    "Point": (0, 4),
}
_COLLECTION: Final = 7
_KINDS: Final = {
    "Polygon": Text3("面", "areas", "面"),
    "LineString": Text3("线", "lines", "線"),
    "Point": Text3("点", "points", "点"),
}


@dataclass(frozen=True)
class Sheet:
    """Rows of a layer that are drawn in one way.

    Attributes
    ----------
    given
        The layer.
    kind
        ``Polygon``, ``LineString`` or ``Point``.
    rows
        Those with such a geometry.
    about
        What a reader is told.
    moment
        When each row is to be seen.
    by
        Column that colours the rows; None for one colour.
    instead
        Column that would have coloured them, and the layer that is coloured in their place.
    """

    given: Given
    kind: str
    rows: gpd.GeoDataFrame
    about: About
    moment: Time | None = None
    by: str | None = None
    instead: tuple[str, str] | None = None


def sheets_of(one: Given, time: str | None = None) -> list[Sheet]:
    """Take a layer apart by kinds of geometry, the lowest first.

    Parameters
    ----------
    one
        The layer.
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
    >>> from geo.render.given import given
    >>> [sheet.kind for one in given("axes") for sheet in sheets_of(one)]
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
    collected = {int(at): _gathered(shapes[at]) for at in np.flatnonzero(types == _COLLECTION)}
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


def _gathered(collection: Any) -> dict[str, Any]:
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
    text = title if isinstance(title, Text3) else Text3(title, title, title)
    said = Text3(f"{text.zh}（{word.zh}）", f"{text.en} ({word.en})", f"{text.ja}（{word.ja}）")
    return replace(about, title=said)


def chosen(sheets: Sequence[Sheet], colour_by: str | None = None) -> list[Sheet]:
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
