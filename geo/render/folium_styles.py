"""How Folium's options paint a feature, in what a page can paint."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import folium
from branca.colormap import LinearColormap
from branca.element import Element

from geo.errors import InputError
from geo.render.folium_kinds import refusal

__all__ = ["Style", "css_colour", "marker_style", "path_style"]

_LEAFLET: Final = "#3388ff"
_PIN: Final = "#2a81cb"
_PINS: Final = {
    "red": "#d63e2a", "darkred": "#a23336", "lightred": "#ff8e7f", "orange": "#f69730",
    "beige": "#ffcb92", "green": "#72b026", "darkgreen": "#728224", "lightgreen": "#bbf970",
    "blue": "#38aadd", "darkblue": "#0067a3", "cadetblue": "#436978", "lightblue": "#8adaff",
    "purple": "#d252b9", "darkpurple": "#5b396b", "pink": "#ff91ea", "white": "#fbfbfb",
    "gray": "#575757", "lightgray": "#a3a3a3", "black": "#303030",
}  # fmt: skip
"""As the pins of Leaflet.awesome-markers are painted."""

_RGB: Final = re.compile(r"rgba?\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*(?:,[\d.\s]+)?\)")
_SHORT: Final = re.compile(r"#[0-9a-fA-F]{3,4}")
_LONG: Final = re.compile(r"#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{8})")


@dataclass(frozen=True)
class Style:
    """How one feature is painted.

    Attributes
    ----------
    colour
        Of the point, the line, the filled area, or the outline of one that is not filled.
    word
        That colour as its author wrote it.
    line
        Of the outline of a filled area; None for no outline.
    opacity
        Of the fill of an area, or of a line.
    width
        Of the line in pixels.
    radius
        Of a point in pixels; None for the page's own.
    filled
        Whether an area is.
    dashed
        Whether the line is.
    """

    colour: str
    word: str
    line: str | None = None
    opacity: float = 1.0
    width: float = 3.0
    radius: float | None = None
    filled: bool = True
    dashed: bool = False


def css_colour(text: Any) -> str:
    """Write a colour of CSS as the page has it.

    Parameters
    ----------
    text
        A name, ``#rgb``, ``#rrggbb``, ``rgb(…)``; opacity in it is left out.

    Returns
    -------
    str
        ``#rrggbb``.

    Raises
    ------
    InputError
        When it is none: any other text of CSS could ask a host for an image.

    Examples
    --------
    >>> css_colour("crimson"), css_colour("#F00"), css_colour("rgb(0, 114, 178)")
    ('#dc143c', '#ff0000', '#0072b2')
    """
    word = str(text).strip()
    if _LONG.fullmatch(word):
        return word[:7].lower()
    if _SHORT.fullmatch(word):
        return "#" + "".join(2 * one for one in word[1:4]).lower()
    if found := _RGB.fullmatch(word.lower()):
        return "#" + "".join(f"{min(255, int(one)):02x}" for one in found.groups())
    try:
        return LinearColormap([word, word]).rgb_hex_str(0.0)
    except ValueError:
        msg = f"{word[:60]!r} is no colour; write its name in CSS or #rrggbb"
        raise InputError(msg) from None


def marker_style(marker: folium.Marker, own: Mapping[str, Any] | None = None) -> Style:
    """Read how a marker is painted.

    Parameters
    ----------
    marker
        ``Marker``, ``Circle`` or ``CircleMarker``.
    own
        Options of one feature that stand above those of the marker.

    Returns
    -------
    Style
        Of a point, or of an area for a ``Circle``. What is drawn inside a pin is left out.

    Raises
    ------
    InputError
        When a colour is none.
    """
    options = {**marker.options, **(own or {})}
    if isinstance(marker, folium.Circle):
        return path_style(options, 2)
    if isinstance(marker, folium.CircleMarker):
        return path_style(options, 0)
    if own is not None and {"color", "fillColor"} & set(own):
        return path_style({"radius": None, "fill": True, **own}, 0)
    if marker.icon is None:
        return Style(_PIN, "blue")
    word = str(marker.icon.options.get("marker_color", "blue"))
    return Style(_PINS.get(word) or css_colour(word), word)


def path_style(options: Mapping[str, Any], dimension: int) -> Style:
    """Read how a path is painted.

    Parameters
    ----------
    options
        As Leaflet takes them.
    dimension
        Of what is painted: 0 for points, 1 for lines, 2 for areas.

    Returns
    -------
    Style
        A feature that nobody could see stays one that nobody sees.

    Raises
    ------
    InputError
        When a colour or a number is none.
    """
    for one in options.values():
        if isinstance(one, Element):
            raise refusal(one)
    line = options.get("color") or _LEAFLET
    fill = options.get("fillColor") or line
    width = _number(options, "weight", 3.0)
    stroked = bool(options.get("stroke", True)) and width > 0
    dashed = bool(options.get("dashArray"))
    if dimension == 1:
        opacity = _number(options, "opacity", 1.0) if stroked else 0.0
        return Style(css_colour(line), str(line), opacity=opacity, width=width, dashed=dashed)
    shade = _number(options, "fillOpacity", 0.2)
    filled = bool(options.get("fill", True)) and (shade > 0 or not stroked)
    word = fill if filled else line
    if dimension == 0:
        radius = None if options.get("radius", 10) is None else _number(options, "radius", 10.0)
        return Style(css_colour(word), str(word), radius=radius)
    outline = css_colour(line) if stroked and _number(options, "opacity", 1.0) > 0 else None
    return Style(
        css_colour(word),
        str(word),
        line=outline,
        opacity=shade if filled else 1.0,
        width=width,
        filled=filled,
        dashed=dashed,
    )


def _number(options: Mapping[str, Any], key: str, usual: float) -> float:
    value = options.get(key)
    try:
        found = usual if value is None else float(value)
    except (TypeError, ValueError):
        found = float("nan")
    if not 0 <= found < 10_000_000:
        msg = f"{key} is a number of zero or more, not {str(value)[:40]!r}"
        raise InputError(msg)
    return found
