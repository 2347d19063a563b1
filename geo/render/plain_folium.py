"""A plain folium.Map of our layers, for those who go on with Folium's plugins.

Folium's pages execute texts in three ways: branca renders them as Jinja templates, popups and
tooltips become markup, and some stand in template literals of JavaScript. So every text is written
in character references for all signs that mean something to any of the three.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import folium
import shapely
from folium.features import DivIcon, GeoJsonTooltip

from geo.render.decode import cells_of, columns_of, shapes_of
from geo.render.layer import Language, MapLayer, said
from geo.render.legible import legible

__all__ = ["harmless", "plain_map"]

PAPER: Final = {
    "sea": "#dce6ec", "land": "#f7f4ee", "neighbour": "#ebe7df", "border": "#bdb5a8",
    "paper": "#ffffff", "ink": "#1d242b", "muted": "#59636c",
}  # fmt: skip
"""Colours of the light theme, by the names that styles of layers use."""

_MEANT: Final = re.compile(r"[^\w .,;:()/·•%+\-–—→°²³©、。，；：（）《》「」！？]|_")
_SAFE_FIELD: Final = "f{}"


def harmless(text: str) -> str:
    """Write a text so that it is a text in a template, in a script and as markup.

    Parameters
    ----------
    text
        Any.

    Returns
    -------
    str
        With character references for all signs but letters, digits and harmless punctuation.

    Examples
    --------
    >>> harmless("京津 <b>"), harmless("{{7*7}}")
    ('京津 &#60;b&#62;', '&#123;&#123;7&#42;7&#125;&#125;')
    """
    return _MEANT.sub(lambda found: f"&#{ord(found.group())};", legible(text))


def plain_map(
    layers: Sequence[MapLayer],
    credits_of: Callable[[MapLayer], str],
    *,
    lang: Language,
    title: str,
    tiles: Any = None,
) -> folium.Map:
    """Make a map of Folium's own.

    Parameters
    ----------
    layers
        The lowest first.
    credits_of
        Words about the sources of a layer.
    lang
        Of texts that are known in three languages.
    title
        Of the page.
    tiles
        As ``folium.Map`` takes them.

    Returns
    -------
    folium.Map
        A FeatureGroup a layer, and a LayerControl.
    """
    made = folium.Map(tiles=tiles, prefer_canvas=True)
    figure: Any = made.get_root()
    figure.title = harmless(title)
    taken: Counter[str] = Counter()
    for layer in layers:
        name = harmless(_said(said(layer.about.title), lang)) or layer.kind
        taken[name] += 1  # the list of layers has one entry a name
        name = name if taken[name] == 1 else f"{name} {taken[name]}"
        group = folium.FeatureGroup(name, show=layer.about.shown)
        for one in _elements(layer, lang, harmless(credits_of(layer))):
            one.add_to(group)
        group.add_to(made)
    folium.LayerControl(collapsed=False).add_to(made)
    return made


def _elements(layer: MapLayer, lang: Language, credit: str) -> list[Any]:
    payload = layer.payload
    if layer.kind == "image":
        west, south, east, north = layer.bounds or (0, 0, 0, 0)
        opacity = payload["style"]["opacity"]
        corners = [[south, west], [north, east]]
        return [
            folium.raster_layers.ImageOverlay(
                payload["image"], corners, opacity=opacity, attribution=credit
            )
        ]
    shapes = shapes_of(payload, layer.kind)
    if not len(shapes):
        return []
    parts = columns_of(payload["shapes"])
    cells = cells_of(payload, parts.get("class"))
    names = _names(payload, cells, lang)
    if layer.kind == "label":
        return [_word(shape, name, payload) for shape, name in zip(shapes, names, strict=True)]
    styles = _styles(layer, parts)
    rows = [("", names), *_rows(payload, cells, lang)]
    rows = [one for one in rows if any(one[1])]
    features = [
        {
            "type": "Feature",
            "id": at,
            "geometry": shapely.geometry.mapping(shape),
            "properties": {
                "style": styles[at],
                **{_SAFE_FIELD.format(k): column[at] for k, (_, column) in enumerate(rows)},
            },
        }
        for at, shape in enumerate(shapes)
    ]
    tooltip = GeoJsonTooltip(
        [_SAFE_FIELD.format(k) for k in range(len(rows))], [label for label, _ in rows]
    )
    is_ground = payload["style"].get("base", False)
    return [
        folium.GeoJson(
            {"type": "FeatureCollection", "features": features},
            style_function=lambda feature: feature["properties"]["style"],
            marker=folium.CircleMarker() if layer.kind == "point" else None,
            tooltip=tooltip if rows and not is_ground else None,
            smooth_factor=0.3,
            attribution=credit,
        )
    ]


def _word(shape: Any, name: str, payload: Mapping[str, Any]) -> folium.Marker:
    weight = "bold" if payload["style"]["strong"] else "normal"
    size = float(payload["style"]["size"])
    text = f'<span style="font: {weight} {size:g}px sans-serif; white-space: nowrap">{name}</span>'
    return folium.Marker([shape.y, shape.x], icon=DivIcon(html=text, icon_size=(0, 0)))


def _styles(layer: MapLayer, parts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the options of each feature as Leaflet takes them."""
    style, colours = layer.payload["style"], layer.payload["colours"]
    radii = parts.get("radius")
    made = []
    for at, code in enumerate(parts["class"].tolist()):
        colour, opacity = _paint(colours[code])
        size = None if radii is None else float(radii[at]) / 4
        if layer.kind == "point":
            one: dict[str, Any] = {"color": PAPER["paper"], "weight": 1, "fill": True}
            one |= {"fillColor": colour, "fillOpacity": 0.9, "radius": size or style["radius"]}
        elif layer.kind == "area":
            one = _area(style, colour, opacity)
        else:
            one = {"color": colour, "opacity": opacity, "weight": size or style["width"]}
        if style.get("dash"):
            one["dashArray"] = " ".join(map(str, style["dash"]))
        made.append(one)
    return made


def _area(style: Mapping[str, Any], colour: str, opacity: float) -> dict[str, Any]:
    fill, line = style["fill"], style["line"]
    own = colour if fill in ("class", "hatch", None) else PAPER.get(fill, fill)
    return {
        "fill": fill is not None,
        "fillColor": own,
        "fillOpacity": style["opacity"] * opacity,
        "stroke": line is not None,
        "color": colour if line == "class" else PAPER.get(line or "", line or colour),
        "weight": style["width"],
    }


def _paint(colour: str) -> tuple[str, float]:
    return colour[:7], int(colour[7:] or "ff", 16) / 255


def _names(payload: Mapping[str, Any], cells: list[list[Any]], lang: Language) -> list[str]:
    held = [
        payload["names"][one] for one in (lang, "any", "zh", "en", "ja") if one in payload["names"]
    ]
    return [
        harmless(next((str(cells[at][row]) for at in held if cells[at][row]), ""))
        for row in range(payload["n"])
    ]


def _rows(
    payload: Mapping[str, Any], cells: list[list[Any]], lang: Language
) -> list[tuple[str, list[str]]]:
    """Return the label and the words of each row of the table."""
    shown = [one for one in payload["fields"] if one.get("lang") in (None, lang)]
    made = []
    for one in shown:
        words = [_cell(value, one, lang) for value in cells[one["column"]]]
        made.append((harmless(_said(one["label"], lang)), words))
    return made


def _cell(value: Any, one: Mapping[str, Any], lang: Language) -> str:
    if value is None:
        return "—"
    if str(value) in one["words"]:
        return harmless(_said(one["words"][str(value)], lang))
    if isinstance(value, str):
        return harmless(value)
    decimals = one["decimals"]
    number = f"{value:.10g}" if decimals is None else f"{value:.{decimals}f}"
    return harmless(f"{number} {_said(one['unit'], lang)}".strip())


def _said(text: Any, lang: Language) -> str:
    return str(text.get(lang, "")) if isinstance(text, Mapping) else str(text or "")
