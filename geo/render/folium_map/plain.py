"""Conversion of our layers to a plain folium.Map, decoded from the page's data.

The way back from the blocks of a layer to its geometries and cells: as the page reads them.

A plain folium.Map of our layers, for those who go on with Folium's plugins.

Folium's pages execute texts in three ways: branca renders them as Jinja templates, popups and
tooltips become markup, and some stand in template literals of JavaScript. So every text is written
in character references for all characters that mean something to any of the three.
"""

import gzip
import json
import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import folium
import numpy as np
import shapely
from folium.features import DivIcon, GeoJsonTooltip
from numpy.typing import NDArray

from geo.render.encode import DECIMALS, SIGNS
from geo.render.layer import Language, MapLayer, by_language
from geo.render.sanitize import sanitized

__all__ = [
    "cells_of",
    "columns_of",
    "escape_text",
    "plain_map",
    "shapes_of",
]

_WIDTHS: Final = {"d32": 4, "u32": 4, "z56": 7, "f64": 8, "json": 1, "text": 1}
_ONE_BYTE: Final = 192

Ints = NDArray[np.int64]


def columns_of(block: Mapping[str, Any]) -> dict[str, Any]:
    """Read a block.

    Parameters
    ----------
    block
        Encoded columns, as ``geo.render.encode.block`` makes them.

    Returns
    -------
    dict
        Name of a part to its values.

    Examples
    --------
    >>> from geo.render.encode import block
    >>> columns_of(block([("x", "d32", np.array([3, 1]))]))["x"].tolist()
    [3, 1]
    """
    content = gzip.decompress(_bytes(block["z"]))
    found: dict[str, Any] = {}
    at = 0
    for name, kind, count in block["parts"]:
        piece = content[at : at + count * _WIDTHS[kind]]
        at += len(piece)
        if kind == "json":
            found[name] = json.loads(piece)
        elif kind == "text":
            found[name] = _words(piece, found[f"{name}@"])
        else:
            found[name] = _numbers(piece, kind, count)
    return found


def _bytes(text: str) -> bytes:
    """Read characters: five are four bytes, a rest of k + 1 is k bytes."""
    missing = -len(text) % 5
    values = np.zeros(128, dtype=np.int64)
    values[np.frombuffer(SIGNS.encode("ascii"), dtype=np.uint8)] = np.arange(85)
    signs = np.frombuffer((text + SIGNS[-1] * missing).encode("ascii"), dtype=np.uint8)
    words = values[signs].reshape(-1, 5) @ (85 ** np.arange(4, -1, -1))
    made = (words & 0xFFFFFFFF).astype(">u4").tobytes()
    return made[: len(made) - missing]


def _words(piece: bytes, alphabet: str) -> list[str | None]:
    signs, at = [], 0
    while at < len(piece):
        rank, at = piece[at], at + 1
        if rank >= _ONE_BYTE:
            rank, at = _ONE_BYTE + (rank - _ONE_BYTE) * 256 + piece[at], at + 1
        signs.append(alphabet[rank])
    return [None if one == "\0" else one for one in "".join(signs).split("\x1f")]


def _numbers(piece: bytes, kind: str, count: int) -> NDArray[Any]:
    width = _WIDTHS[kind]
    by_value = np.frombuffer(piece, dtype=np.uint8).reshape(width, count).T
    if kind == "f64":
        return np.ascontiguousarray(by_value).view("<f8").reshape(-1)
    values = (by_value.astype(np.int64) << (8 * np.arange(width))).sum(axis=1)
    if kind == "u32":
        return np.asarray(values)
    return np.cumsum(values if kind == "z56" else (values >> 1) ^ -(values & 1))


def shapes_of(payload: Mapping[str, Any], kind: str) -> NDArray[Any]:
    """Read the geometries of a layer.

    Parameters
    ----------
    payload
        The attribute ``payload`` of a ``MapLayer``: blocks of data, legend, style.
    kind
        Of it: areas, lines, flows (straight lines), or points and labels.

    Returns
    -------
    ndarray of Geometry
        In degrees, one a feature.
    """
    found = columns_of(payload["shapes"])
    grid = float(payload.get("grid", 10**DECIMALS))
    if kind == "flow":
        places = np.column_stack([found["px"], found["py"]]) / grid
        ends = np.stack([places[found["from"]], places[found["to"]]], axis=1)
        return np.asarray(shapely.linestrings(ends))
    if kind in ("point", "label"):
        x, y = (found["x"], found["y"]) if "x" in found else _from_curve(found)
        return np.asarray(shapely.points(np.column_stack([x, y]) / grid))
    if kind == "line":
        xy, lengths = np.column_stack([found["x"], found["y"]]), found["len"]
    else:
        xy, lengths = _joined(found)
    runs = np.split(xy / grid, np.cumsum(lengths)[:-1]) if len(lengths) else []
    make = _paths if kind == "line" else _polygons
    shapes = np.empty(len(found["own"]), dtype=object)
    for at, (end, count) in enumerate(zip(np.cumsum(found["own"]), found["own"], strict=True)):
        shapes[at] = make(runs[end - count : end])
    return shapes


def _from_curve(found: Mapping[str, Any]) -> tuple[Ints, Ints]:
    """Take apart numbers whose bits are those of x and y by turns."""
    west, south = found["corner"].tolist()
    x, y = np.zeros_like(found["z"]), np.zeros_like(found["z"])
    for bit in range(26):
        x |= ((found["z"] >> (2 * bit)) & 1) << bit
        y |= ((found["z"] >> (2 * bit + 1)) & 1) << bit
    return x + west, y + south


def _joined(found: Mapping[str, Any]) -> tuple[Ints, Ints]:
    """Put rings together from the arcs that they share."""
    arcs = np.split(
        np.column_stack([found["ax"], found["ay"]]), np.cumsum(found["alen"].astype(np.int64))[:-1]
    )
    walked = [arcs[one >> 1][::-1][:-1] if one & 1 else arcs[one >> 1][:-1] for one in found["ref"]]
    ends = np.cumsum(found["rlen"])
    lengths = [
        sum(map(len, walked[end - count : end]))
        for end, count in zip(ends, found["rlen"], strict=True)
    ]
    xy = np.concatenate(walked) if walked else np.zeros((0, 2), dtype=np.int64)
    return xy, np.array(lengths, dtype=np.int64)


def _paths(runs: list[NDArray[np.float64]]) -> Any:
    lines = [shapely.LineString(run if len(run) > 1 else np.repeat(run, 2, axis=0)) for run in runs]
    return lines[0] if len(lines) == 1 else shapely.MultiLineString(lines)


def _polygons(runs: list[NDArray[np.float64]]) -> Any:
    """Make areas of rings: an outer one runs against the clock, its holes follow it."""
    outer: list[Any] = []
    for run in runs:
        ring = shapely.LinearRing(run) if len(run) > 2 else None
        if ring is None:  # narrower than what is kept of a degree
            continue
        if ring.is_ccw or not outer:
            outer.append((ring, []))
        else:
            outer[-1][1].append(ring)
    made = [shapely.Polygon(ring, holes) for ring, holes in outer]
    return made[0] if len(made) == 1 else shapely.MultiPolygon(made)


def cells_of(payload: Mapping[str, Any], classes: NDArray[Any] | None = None) -> list[list[Any]]:
    """Read the cells of a layer, column by column.

    Parameters
    ----------
    payload
        The attribute ``payload`` of a ``MapLayer``: blocks of data, legend, style.
    classes
        Colour class of each row.

    Returns
    -------
    list of list
        Numbers, words and None, in the order of ``columns``.
    """
    if not payload["columns"]:
        return []
    found = columns_of(payload["data"])
    return [_column(found, f"c{at}", how, classes) for at, how in enumerate(payload["columns"])]


def _column(
    found: Mapping[str, Any], name: str, how: Mapping[str, Any], classes: NDArray[Any] | None
) -> list[Any]:
    if how["kind"] == "number":
        gaps = set(found[f"{name}-"].tolist()) if how.get("missing") else set()
        scale = 10 ** how.get("scale", 0)
        numbers = (found[name] + how.get("base", 0)).tolist()
        known = [at not in gaps and not math.isnan(number) for at, number in enumerate(numbers)]
        pairs = zip(numbers, known, strict=True)
        return [(one / scale if scale > 1 else one) if there else None for one, there in pairs]
    if not how.get("coded"):
        return list(found[name])
    by_class = how.get("by_class")
    codes = found[f"{name}#"] if by_class is None else np.asarray(by_class)[classes]
    return [found[name][code - 1] if code else None for code in codes.tolist()]


PAPER: Final = {
    "sea": "#dce6ec", "land": "#f7f4ee", "neighbour": "#ebe7df", "border": "#bdb5a8",
    "paper": "#ffffff", "ink": "#1d242b", "muted": "#59636c",
}  # fmt: skip
"""Colours of the light theme, by the names that styles of layers use."""

_MEANT: Final = re.compile(r"[^\w .,;:()/·•%+\-–—→°²³©、。，；：（）《》「」！？]|_")
_SAFE_FIELD: Final = "f{}"


def escape_text(text: str) -> str:
    """Escape a text for a Jinja template, a script and HTML at once.

    Parameters
    ----------
    text
        Any text, which may hold markup or script.

    Returns
    -------
    str
        With character references for all characters but letters, digits and harmless punctuation.

    Examples
    --------
    >>> escape_text("京津 <b>"), escape_text("{{7*7}}")
    ('京津 &#60;b&#62;', '&#123;&#123;7&#42;7&#125;&#125;')
    """
    return _MEANT.sub(lambda found: f"&#{ord(found.group())};", sanitized(text))


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
        Layers of the map, the lowest first.
    credits_of
        Words about the sources of a layer.
    lang
        Language code of the texts that are taken.
    title
        Title of the page, for the browser.
    tiles
        Base tiles, as ``folium.Map`` takes them.

    Returns
    -------
    folium.Map
        A FeatureGroup a layer, and a LayerControl.
    """
    made = folium.Map(tiles=tiles, prefer_canvas=True)
    figure: Any = made.get_root()
    figure.title = escape_text(title)
    taken: Counter[str] = Counter()
    for layer in layers:
        name = escape_text(_in_language(by_language(layer.about.title), lang)) or layer.kind
        taken[name] += 1  # the list of layers has one entry a name
        name = name if taken[name] == 1 else f"{name} {taken[name]}"
        group = folium.FeatureGroup(name, show=layer.about.shown)
        for one in _elements(layer, lang, escape_text(credits_of(layer))):
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
        escape_text(next((str(cells[at][row]) for at in held if cells[at][row]), ""))
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
        made.append((escape_text(_in_language(one["label"], lang)), words))
    return made


def _cell(value: Any, one: Mapping[str, Any], lang: Language) -> str:
    if value is None:
        return "—"
    if str(value) in one["words"]:
        return escape_text(_in_language(one["words"][str(value)], lang))
    if isinstance(value, str):
        return escape_text(value)
    decimals = one["decimals"]
    number = f"{value:.10g}" if decimals is None else f"{value:.{decimals}f}"
    return escape_text(f"{number} {_in_language(one['unit'], lang)}".strip())


def _in_language(text: Any, lang: Language) -> str:
    return str(text.get(lang, "")) if isinstance(text, Mapping) else str(text or "")
