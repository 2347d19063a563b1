"""Folium's own elements, read as layers of ours when the page is made.

Folium's users put a marker into a group that is on the map already, and a popup on a marker later
still: so nothing is read before the page is asked for.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from branca.element import Element
from folium.features import GeoJsonPopup, GeoJsonTooltip
from folium.map import FitBounds

from geo.crs import STORAGE_CRS
from geo.errors import InputError
from geo.formats import json_value
from geo.render.colours.classes import decimals_between
from geo.render.colours.colouring import MOST_CATEGORIES, Painted, Size
from geo.render.drawing.lines import lines
from geo.render.drawing.points import points
from geo.render.drawing.polygons import polygons
from geo.render.drawing.table import fields_of, name_columns, named
from geo.render.encode import json_text
from geo.render.folium_map.kinds import MARKS, PATHS, basemap_of
from geo.render.folium_map.styles import (
    Style,
    circle,
    css_colour,
    features_of,
    marker_style,
    path_style,
    require_degrees,
    shape_of,
    split_collections,
    texts_of,
    words_of_html,
)
from geo.render.layer import About, Field, MapLayer, Text, by_language, column_of
from geo.render.sanitize import sanitized
from geo.texts import tr

__all__ = ["basemaps_among", "box_among", "layers_among"]

_PINS: Final = (0, True, False)
_TITLES: Final = {
    _PINS: tr("Markers"),
    (1, True, False): tr("Lines"),
    (1, True, True): tr("Dashed lines"),
    (2, True, False): tr("Areas"),
    (2, True, True): tr("Areas with dashed outlines"),
    (2, False, False): tr("Outlines"),
    (2, False, True): tr("Dashed outlines"),
}
_COLOUR_WORD: Final = tr("Colour")
_TEXT_WORD: Final = tr("Text")
_CLASS, _PIXELS = "\x00class", "\x00pixels"  # columns that no data has
_MOST_COLOURS: Final = MOST_CATEGORIES + 3  # more would be a list and no legend
_PALE, _DARK = 0.93, 0.2
_PIN_RADIUS: Final = 8.0  # a pin is to be found; many of them are a pattern
_MOST_PINS: Final = 300

Texts = tuple[str | None, str | None]
Manner = tuple[int, bool, bool]


@dataclass(frozen=True)
class _Mark:
    """One feature: geometry, style, popup text."""

    shape: shapely.Geometry | None
    style: Style
    cells: dict[str, Any]

    @property
    def manner(self) -> Manner:
        """Dimension, whether it is filled, whether its line is dashed."""
        dimension = 0 if self.shape is None else int(shapely.get_dimensions(self.shape))
        return dimension, self.style.filled, self.style.dashed and dimension > 0


@dataclass(frozen=True)
class _Draft:
    """What becomes one layer."""

    marks: tuple[_Mark, ...] = ()
    fields: tuple[Field, ...] | None = None
    scale: Any = None
    made: MapLayer | None = None
    title: Text | None = None
    path: tuple[str, ...] = ()
    shown: bool = True
    meanings: bool = False

    def layer(self) -> MapLayer:
        """Make the layer."""
        group = " · ".join(self.path) or None
        if self.made is not None:
            about = replace(self.made.about, shown=self.made.about.shown and self.shown)
            layer = copy(self.made)
            layer.about = replace(about, group=group or about.group)
            return layer
        title = self.title or self._only_name() or _TITLES[self.marks[0].manner]
        return _drawn(self, About(title, group=group, shown=self.shown))

    def is_pins(self) -> bool:
        """Tell whether it holds nothing but pins, which stand above lines and areas."""
        return self.made is None and all(
            one.manner[0] == 0 and one.style.radius is None for one in self.marks
        )

    def _only_name(self) -> str | None:
        """Return the name of the feature, where there is but one."""
        name = self.marks[0].cells.get("name") if len(self.marks) == 1 else None
        return name if isinstance(name, str) else None


def layers_among(children: Iterable[Element]) -> list[MapLayer]:
    """Read the elements of a map as layers.

    Parameters
    ----------
    children
        Of the map, the lowest first; those that are no layers are passed by.

    Returns
    -------
    list of MapLayer
        Layers of ``geo.render`` as they are. Loose markers, lines and areas are one layer each; a
        group, a GeoJson or a Choropleth is one layer by its name, or several under its name where
        its features are of several kinds. Pins stand above all else, as Folium has them.

    Raises
    ------
    InputError
        When something is not on the earth, is no GeoJSON, or has a colour that is none.

    Examples
    --------
    >>> group = folium.FeatureGroup("Stations")
    >>> _ = folium.Marker([39.9, 116.4], tooltip="<b>Beijing</b>").add_to(group)
    >>> [(one.kind, one.about.title, one.payload["n"]) for one in layers_among([group])]
    [('point', 'Stations', 1)]
    """
    drafts = _drafts(children, (None, None))
    return [one.layer() for one in sorted(drafts, key=_Draft.is_pins)]


def basemaps_among(children: Iterable[Element]) -> list[str]:
    """Find the basemaps that tile layers stand for.

    Parameters
    ----------
    children
        Elements that were added to the map.

    Returns
    -------
    list of str
        Ids of ``geo.render.basemaps.BASEMAPS``, each once.

    Examples
    --------
    >>> basemaps_among([folium.TileLayer("OpenStreetMap")])
    ['osm']
    """
    found: dict[str, None] = {}
    for one in children:
        if isinstance(one, folium.TileLayer):
            found |= dict.fromkeys(filter(None, [basemap_of(one)]))
        elif isinstance(one, folium.FeatureGroup):
            found |= dict.fromkeys(basemaps_among(one._children.values()))
    return list(found)


def box_among(children: Iterable[Element]) -> tuple[float, float, float, float] | None:
    """Find what ``fit_bounds`` asked for last.

    Parameters
    ----------
    children
        Elements that were added to the map.

    Returns
    -------
    tuple of float or None
        West, south, east, north.

    Raises
    ------
    InputError
        When the corners are no places, or all in one.
    """
    asked: list[Any] = [one.bounds for one in children if isinstance(one, FitBounds)]
    if not asked:
        return None
    try:
        corners = np.array(asked[-1], dtype=np.float64)[:, ::-1]
        west, south, east, north = shapely.MultiPoint(corners).bounds
    except (TypeError, ValueError, IndexError):
        msg = f"fit_bounds() takes two corners, [[south, west], [north, east]]; got {asked[-1]}"
        raise InputError(msg) from None
    require_degrees(shapely.MultiPoint(corners), "fit_bounds()")
    return west, south, east, north


def _drafts(children: Iterable[Element], shared_texts: Texts) -> list[_Draft]:
    """Read the children of a map or a group; what is loose stands where its first one does."""
    found: list[_Draft] = []
    loose: dict[Manner, list[_Mark]] = {}
    place = 0
    count: Counter[str] = Counter()
    for one in children:
        if isinstance(one, (*MARKS, *PATHS)):
            name = type(one).__name__
            count[name] += 1
            mark = _mark(one, f"folium.{name} {count[name]}", shared_texts)
            place = place if loose else len(found)
            loose.setdefault(mark.manner, []).append(mark)
        else:
            found += _of_layer(one, shared_texts)
    own = [
        _Draft(tuple(loose[manner]), fields=_text_fields(loose[manner]))
        for manner in sorted(loose, key=lambda manner: -manner[0])  # areas lowest, points on top
    ]
    return [*found[:place], *own, *found[place:]]


def _of_layer(one: Any, shared_texts: Texts) -> list[_Draft]:
    if isinstance(one, MapLayer):
        return [_Draft(made=one, title=one.about.title)]
    if isinstance(one, folium.Choropleth):
        drafts = _of_geojson(one.geojson, shared_texts)
        of_areas = [replace(draft, scale=one.color_scale) for draft in drafts]
        return _under(of_areas, one)
    if isinstance(one, folium.FeatureGroup):
        held = list(one._children.values())
        own = texts_of(held)
        return _under(_drafts(held, own if own[0] else shared_texts), one)
    if isinstance(one, folium.GeoJson):
        return _under(_of_geojson(one, shared_texts), one)
    return []


def _under(drafts: Sequence[_Draft], layer: folium.map.Layer) -> list[_Draft]:
    """Give drafts the name of what holds them: as their title, or as their heading."""
    name = _name_of(layer)
    shown = [replace(one, shown=one.shown and layer.show) for one in drafts]
    if not name:
        return shown
    if len(shown) == 1 and shown[0].title is None:
        return [replace(shown[0], title=name)]
    return [replace(one, path=(name, *one.path)) for one in shown]


def _name_of(layer: folium.map.Layer) -> str:
    """Return the name that its author gave a layer; Folium's own are made by chance."""
    by_chance = re.fullmatch(r"\w+_[0-9a-f]{32}", layer.layer_name)
    return "" if by_chance else words_of_html(layer.layer_name)


def _mark(element: Any, who: str, shared_texts: Texts) -> _Mark:
    name, text = texts_of(element._children.values())
    if name is None:
        name, text = shared_texts
    who = f"{who} ({name[:40]})" if name else who
    found = shape_of(element, who)
    dimension = int(shapely.get_dimensions(found))
    try:
        style = (
            marker_style(element)
            if isinstance(element, folium.Marker)
            else path_style(element.options, dimension)
        )
    except InputError as error:
        msg = f"{who}: {error}"
        raise InputError(msg) from error
    return _Mark(found, style, {"name": name, "text": text})


def _text_fields(marks: Sequence[_Mark]) -> tuple[Field, ...]:
    return (Field("text", _TEXT_WORD),) if any(one.cells["text"] for one in marks) else ()


def _of_geojson(element: Any, shared_texts: Texts) -> list[_Draft]:
    who = f"folium.GeoJson {_name_of(element)}".strip()
    name, text = texts_of(element._children.values())
    name, text = (name, text) if name else shared_texts
    fields = _chosen_fields(element)
    found: dict[Manner, list[_Mark]] = {}
    nowhere: list[_Mark] = []
    for feature, shape, named_so in features_of(element.data, who):
        cells = _cells(feature.get("properties"), fields)
        if name and not any(str(key) in cells for key in ("name", "text")):
            cells |= {"name": name, "text": text}
        parts = [] if shape is None else split_collections(shape)
        for part in parts:
            mark = _mark_of_feature(element, feature, part, cells, named_so)
            found.setdefault(mark.manner, []).append(mark)
        if not parts:
            nowhere.append(_Mark(None, marker_style(folium.Marker()), cells))
    if nowhere:  # counted where most features are
        most = max(found, key=lambda manner: len(found[manner]), default=_PINS)
        found.setdefault(most, []).extend(nowhere)
    order = sorted(found, key=lambda manner: -manner[0])
    return [_Draft(tuple(found[one]), fields=fields, meanings=True) for one in order]


def _chosen_fields(element: Any) -> tuple[Field, ...] | None:
    """Read which properties popup and tooltip show, and what they call them."""
    chosen: dict[str, Field] = {}
    for kind in (GeoJsonTooltip, GeoJsonPopup):
        for one in element._children.values():
            if isinstance(one, kind):
                for column, alias in zip(one.fields, one.aliases, strict=True):
                    usual = named(sanitized(str(column)))
                    label = words_of_html(str(alias)).rstrip(" :：")
                    own = one.labels and label and alias != column
                    field = replace(usual, label=label, unit="") if own else usual
                    chosen.setdefault(usual.column, field)
    return tuple(chosen.values()) if chosen else None


def _cells(properties: Any, fields: tuple[Field, ...] | None) -> dict[str, Any]:
    """Read properties as cells: texts without characters that mislead, structures as JSON."""
    given = properties if isinstance(properties, dict) else {}
    wanted = None if fields is None else {one.column for one in fields}
    return {
        sanitized(str(key)): _cell(value)
        for key, value in given.items()
        if (wanted is None or sanitized(str(key)) in wanted)
        and not (key in ("style", "highlight") and isinstance(value, dict))
    }


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return sanitized(value)
    return json_text(value) if isinstance(value, (dict, list)) else json_value(value)


def _mark_of_feature(
    element: Any, feature: dict[str, Any], part: shapely.Geometry, cells: dict[str, Any], who: str
) -> _Mark:
    properties = feature.get("properties") or {}
    asked = element.style_function(feature) if element.style else properties.get("style")
    options = dict(asked) if isinstance(asked, dict) else {}
    dimension = int(shapely.get_dimensions(part))
    marker = element.marker or folium.Marker()
    try:
        if dimension == 0:
            style = marker_style(marker, options)
            if isinstance(marker, folium.Circle):
                radius = {**marker.options, **options}.get("radius")
                part = shapely.union_all(
                    [circle(one, radius, who) for one in shapely.get_parts(part)]
                )
        else:
            style = path_style(options, dimension)
    except InputError as error:
        msg = f"{who}: {error}" if who not in str(error) else str(error)
        raise InputError(msg) from error
    return _Mark(part, style, cells)


def _drawn(draft: _Draft, about: About) -> MapLayer:
    """Draw a draft by the maker of its kind."""
    marks = draft.marks
    dimension = marks[0].manner[0]
    frame = gpd.GeoDataFrame(
        pd.DataFrame([one.cells for one in marks], index=pd.RangeIndex(len(marks))),
        geometry=[one.shape for one in marks],
        crs=STORAGE_CRS,
    )
    frame = frame.drop(columns=[one for one in ("name", "text") if _is_blank(frame, one)])
    fields = _fields(frame, draft)
    if not name_columns(frame) and draft.fields:
        frame["name"] = column_of(frame, draft.fields[0].column).map(_as_name)
    alike = len({one.style.opacity for one in marks}) == 1
    if dimension == 1:
        alike = False  # lines have no opacity of their own
    painted = _painted(draft, fields, frame, alike=alike)
    colour: dict[str, Any] = {"colour": painted.colours[0]}
    if len(painted.colours) > 1 or draft.scale is not None:
        codes = {one: at for at, one in enumerate(painted.colours)}
        missing = len(painted.colours)
        frame[_CLASS] = [codes.get(_tint(one, alike=alike), missing) for one in marks]
        colour = {"colour_by": painted}
    if dimension == 2:
        layer = polygons(frame, about, fields=fields, **colour)
        layer.payload["style"] = layer.payload["style"] | _area_style(marks, alike=alike)
        return layer
    if dimension == 1:
        widths = {one.style.width for one in marks}
        dashed = marks[0].style.dashed
        if len(widths) == 1:
            return lines(frame, about, fields=fields, width=widths.pop(), dashed=dashed, **colour)
        frame[_PIXELS] = [one.style.width for one in marks]
        size = Size(_PIXELS, pixels=True)
        return lines(frame, about, fields=fields, size_by=size, dashed=dashed, **colour)
    if all(one.style.radius is None for one in marks):
        layer = points(frame, about, fields=fields, **colour)
        if len(marks) <= _MOST_PINS:
            layer.payload["style"] = {"radius": _PIN_RADIUS}
        return layer
    frame[_PIXELS] = [6.0 if one.style.radius is None else one.style.radius for one in marks]
    return points(frame, about, fields=fields, size_by=Size(_PIXELS, pixels=True), **colour)


def _is_blank(frame: gpd.GeoDataFrame, column: str) -> bool:
    return column in frame.columns and bool(frame[column].isna().all())


def _as_name(value: Any) -> str | None:
    return None if json_value(value) is None else str(value)


def _fields(frame: gpd.GeoDataFrame, draft: _Draft) -> list[Field]:
    """Choose the rows of the table: what was chosen, without the name, or all that there is."""
    if draft.fields is None:
        return fields_of(frame)
    names = set(name_columns(frame).values())
    return [one for one in draft.fields if one.column not in names]


def _tint(mark: _Mark, *, alike: bool) -> str:
    """Return a colour, with its opacity where that of others differs."""
    if alike or mark.manner[0] == 0 or mark.style.opacity >= 1:
        return mark.style.colour
    return f"{mark.style.colour}{round(255 * mark.style.opacity):02x}"


def _painted(
    draft: _Draft, fields: Sequence[Field], frame: gpd.GeoDataFrame, *, alike: bool
) -> Painted:
    tints = [_tint(one, alike=alike) for one in draft.marks]
    if draft.scale is not None:
        return _scaled(draft, tints)
    words: dict[str, str] = {}
    for tint, mark in zip(tints, draft.marks, strict=True):
        share = f" {mark.style.opacity:.0%}" if len(tint) > 7 else ""
        words.setdefault(tint, sanitized(mark.style.word) + share)
    counts = Counter(tints)
    colours = sorted(counts, key=lambda one: -counts[one])
    if len(colours) > _MOST_COLOURS:
        items: tuple[dict[str, Any], ...] = tuple({} for _ in colours)
        return Painted(_CLASS, tuple(colours), {"kind": "none", "items": items})
    title, labels = _meaning(draft, fields, frame, tints) or (_COLOUR_WORD, words)
    items = tuple({"label": by_language(labels[one])} for one in colours)
    legend = {"kind": "categories", "ordered": False, "title": by_language(title), "items": items}
    return Painted(_CLASS, tuple(colours), legend)


def _meaning(
    draft: _Draft, fields: Sequence[Field], frame: gpd.GeoDataFrame, tints: Sequence[str]
) -> tuple[Text, dict[str, str]] | None:
    """Find a property that says what colours do: each value has one colour, each colour one."""
    if not draft.meanings or len(set(tints)) < 2:
        return None
    chosen = {one.column: one for one in draft.fields or ()}
    given = [one for one in name_columns(frame).values() if one in draft.marks[0].cells]
    by_name = [chosen.get(column, named(column)) for column in given]
    unique = len(set(tints)) == len(tints)
    for one in [*by_name, *fields] if unique else [*fields, *by_name]:
        values = [_as_name(value) for value in frame[one.column]]
        pairs = set(zip(tints, values, strict=True))
        if None not in values and len(pairs) == len(set(tints)) == len(set(values)):
            known = {value: str(one.words.get(value, value)) for _, value in pairs if value}
            return one.label, {tint: known[value] for tint, value in pairs if value}
    return None


def _scaled(draft: _Draft, tints: Sequence[str]) -> Painted:
    """Describe the classes of a Choropleth: its own colours and bounds."""
    scale = draft.scale
    own = [
        "#" + "".join(f"{round(255 * part):02x}" for part in colour[:3]) for colour in scale.colors
    ]
    bounds = [float(one) for one in scale.index]
    of_own = {tint[:7]: tint for tint in tints if tint[:7] in own}
    ending = next(iter(of_own.values()), "")[7:]  # one opacity for all classes
    colours = [f"{one}{ending}" for one in own]
    rest = Counter(one for one in tints if one not in colours)
    items = tuple({"from": low, "to": high} for low, high in pairwise(bounds))
    light = [sum(colour[:3]) for colour in scale.colors]
    legend = {
        "kind": "classes",
        "ordered": light == sorted(light, reverse=True),
        "title": by_language(sanitized(scale.caption) if scale.caption else draft.title),
        "unit": by_language(""),
        "decimals": decimals_between(np.array(bounds)),
        "items": items,
        "missing_label": None,
    }
    missing = rest.most_common(1)[0][0] if rest else ""
    return Painted(_CLASS, tuple(colours), legend, missing=missing)


def _area_style(marks: Sequence[_Mark], *, alike: bool) -> dict[str, Any]:
    styles = [one.style for one in marks]
    first = styles[0]
    width = Counter(one.width for one in styles).most_common(1)[0][0]
    made = {"width": width, "dash": [5, 4] if first.dashed else None}
    if not first.filled:
        return made | {"fill": None, "line": "class", "opacity": 1.0}
    outlines = Counter(one.line for one in styles)
    if alike and all(one.line == one.colour for one in styles):
        line: str | None = "class"
    else:
        line = _token(outlines.most_common(1)[0][0])
    return made | {"fill": "class", "line": line, "opacity": first.opacity if alike else 1.0}


def _token(colour: str | None) -> str | None:
    """Let black and white outlines be those of the theme, which the dark one turns round."""
    if colour is None:
        return None
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    if max(shares) < _DARK:
        return "ink"
    return "paper" if min(shares) > _PALE else css_colour(colour)
