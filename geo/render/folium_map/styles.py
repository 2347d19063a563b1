"""Styles, geometries and texts of Folium's elements.

How Folium's options paint a feature, in what a page can paint.

Where Folium's elements lie: latitude first, as Folium has it, becomes geometry in degrees.

What a reader sees of Folium's popups and tooltips: their words, never their markup.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any, Final

import folium
import numpy as np
import shapely
from branca.colormap import LinearColormap
from branca.element import Element
from pyproj import Geod
from shapely.errors import ShapelyError
from shapely.geometry import shape

from geo.errors import InputError
from geo.render.folium_map.kinds import refusal
from geo.render.sanitize import sanitized

__all__ = [
    "Style",
    "circle",
    "css_colour",
    "features_of",
    "lines_of",
    "marker_style",
    "path_style",
    "require_degrees",
    "shape_of",
    "split_collections",
    "texts_of",
    "words_of_html",
]

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
    """Style of one feature: stroke, fill, opacity, radius.

    Attributes
    ----------
    colour
        Of the point, the line, the filled area, or the outline of one that is not filled.
    word
        The colour as its author wrote it.
    line
        Of the outline of a filled area; None for no outline.
    opacity
        Of the fill of an area, or of a line.
    width
        Width of the line in pixels.
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
    """Convert a CSS colour to the page's notation.

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
    """Return the style of a marker.

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
    """Return the style of a path.

    Parameters
    ----------
    options
        Path options under Leaflet's names.
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


_ELLIPSOID: Final = Geod(ellps="WGS84")
_CORNERS: Final = 96


def shape_of(element: Any, who: str) -> shapely.Geometry:
    """Make the geometry of an element that is one feature.

    Parameters
    ----------
    element
        A marker or a path.
    who
        Names it in messages.

    Returns
    -------
    Geometry
        Longitude and latitude. Rings of one polygon that lie in each other are holes, as browsers
        draw them.

    Raises
    ------
    InputError
        When it has no place, too few corners, or lies beyond the earth.
    """
    if isinstance(element, folium.Marker):
        if element.location is None:
            msg = f"{who} has no location"
            raise InputError(msg)
        found = shapely.Point(element.location[1], element.location[0])
        require_degrees(found, who)
        if not isinstance(element, folium.Circle):
            return found
        return circle(found, element.options.get("radius"), who)
    if isinstance(element, folium.Rectangle):
        (south, west), (north, east) = element.locations
        found = shapely.box(min(west, east), min(south, north), max(west, east), max(south, north))
    else:
        is_line = isinstance(element, folium.PolyLine)
        runs = [np.array(one)[:, ::-1] for one in _runs(element.locations)]
        least = 2 if is_line else 3
        if not runs or min(map(len, runs)) < least:
            msg = f"{who} has a part of fewer than {least} places"
            raise InputError(msg)
        for run in runs:
            require_degrees(shapely.MultiPoint(run), who)
        found = _lines(runs) if is_line else _area(runs)
    require_degrees(found, who)
    return found


def _runs(locations: Any) -> Iterator[Any]:
    """Take apart runs of places, however deep they are nested."""
    if locations and not isinstance(locations[0][0], (list, tuple)):
        yield locations
        return
    for one in locations:
        yield from _runs(one)


def _lines(runs: list[Any]) -> shapely.Geometry:
    return shapely.LineString(runs[0]) if len(runs) == 1 else shapely.MultiLineString(runs)


def _area(runs: list[Any]) -> shapely.Geometry:
    """Fill what lies inside an odd number of rings."""
    found, *others = [shapely.Polygon(one) for one in runs]
    for one in others:
        found = shapely.symmetric_difference(shapely.make_valid(found), shapely.make_valid(one))
    return found


def circle(centre: shapely.Point, radius_m: Any, who: str) -> shapely.Geometry:
    """Return the geodesic circle around a point.

    Parameters
    ----------
    centre
        Centre of the circle, longitude and latitude in WGS 84 degrees.
    radius_m
        Radius in metres, a positive number.
    who
        Names it in messages.

    Returns
    -------
    Geometry
        A polygon of 96 corners; two where it crosses 180°.

    Raises
    ------
    InputError
        When the radius is not above zero, or the circle holds a pole.
    """
    if not isinstance(radius_m, (int, float)) or not 0 < radius_m < 20_000_000:
        msg = f"{who} has no radius in metres"
        raise InputError(msg)
    lon, lat = centre.x, centre.y
    _, _, to_pole = _ELLIPSOID.inv(lon, lat, lon, 90.0 if lat >= 0 else -90.0)
    if radius_m >= to_pole:
        msg = f"{who} holds a pole, which a flat map cannot draw"
        raise InputError(msg)
    turns = np.arange(_CORNERS) * (360 / _CORNERS)
    same = np.full(_CORNERS, 1.0)
    lons, lats, _ = _ELLIPSOID.fwd(same * lon, same * lat, turns, same * float(radius_m))
    near = lon + (np.asarray(lons) - lon + 180) % 360 - 180  # no jump from 180 to -180
    ring = shapely.Polygon(np.column_stack([near, lats]))
    if near.min() >= -180 and near.max() <= 180:
        return ring
    pieces = [
        shapely.transform(shapely.intersection(ring, shapely.box(at - 180, -90, at + 180, 90)),
                          lambda xy, at=at: xy - (at, 0))
        for at in (-360, 0, 360)
    ]  # fmt: skip
    return shapely.union_all([one for one in pieces if not one.is_empty])


def require_degrees(found: shapely.Geometry, who: str) -> None:
    """Raise when coordinates are not longitude and latitude in degrees.

    Parameters
    ----------
    found
        Geometry whose coordinates should be longitude and latitude.
    who
        Name of the element, for messages.

    Raises
    ------
    InputError
        When a coordinate is no number or lies beyond 180° or 90°; it names the value.
    """
    for lon, lat in shapely.get_coordinates(found):
        if not np.isfinite([lon, lat]).all():
            msg = f"{who} has a coordinate that is no number"
            raise InputError(msg)
        if abs(lat) > 90 and abs(lon) <= 90:
            msg = (
                f"{who} has the latitude {lat:g}, beyond 90°; latitude and longitude may be "
                "exchanged: Folium takes latitude first, GeoJSON longitude"
            )
            raise InputError(msg)
        if abs(lat) > 90 or abs(lon) > 180:
            msg = f"{who} has the place {lat:g}, {lon:g} (latitude, longitude), not on the earth"
            raise InputError(msg)


def features_of(data: Any, who: str) -> list[tuple[dict[str, Any], shapely.Geometry | None, str]]:
    """Return the features of a GeoJSON object.

    Parameters
    ----------
    data
        A collection of features, a feature or a geometry.
    who
        Names the element in messages.

    Returns
    -------
    list of tuple
        Feature, its geometry or None, and the words that name it.

    Raises
    ------
    InputError
        When it is no GeoJSON, or a place is not on the earth.
    """
    kind = data.get("type") if isinstance(data, dict) else None
    if kind == "FeatureCollection":
        features = data.get("features", [])
    else:
        features = [data if kind == "Feature" else {"type": "Feature", "geometry": data}]
    found = []
    for at, one in enumerate(features, start=1):
        named = f"{who}, feature {at}"
        geometry = _geometry(one, named)
        if geometry is not None:
            require_degrees(geometry, named)
        found.append((one, geometry, named))
    return found


def _geometry(feature: Any, who: str) -> shapely.Geometry | None:
    try:
        geometry = feature["geometry"]
        return None if geometry is None else shapely.force_2d(shape(geometry))
    except (ShapelyError, ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
        msg = f"{who} is no GeoJSON: {type(error).__name__} {str(error)[:80]}"
        raise InputError(msg) from None


def split_collections(geometry: shapely.Geometry) -> list[shapely.Geometry]:
    """Split geometry collections into geometries of one dimension.

    Parameters
    ----------
    geometry
        Geometry of any type, also a collection.

    Returns
    -------
    list of Geometry
        Points, lines and areas, single and multiple ones; none is empty.
    """
    if geometry.is_empty:
        return []
    if geometry.geom_type != "GeometryCollection":
        return [geometry]
    return [part for one in geometry.geoms for part in split_collections(one)]


_MOST: Final = 100_000  # signs of markup that are read
_SILENT: Final = ("script", "style", "template", "noscript", "iframe", "object", "head")
_BREAKS: Final = (
    "br", "p", "div", "tr", "table", "li", "ul", "ol", "dl", "dt", "dd", "hr", "pre",
    "blockquote", "section", "article", "header", "footer", "h1", "h2", "h3", "h4", "h5", "h6",
)  # fmt: skip


class _Words(HTMLParser):
    """Collects what is written between tags."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self._silent += tag in _SILENT
        self._part(tag)

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in _SILENT))
        self._part(tag)

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(re.sub(r"\s+", " ", data))

    def _part(self, tag: str) -> None:
        self.parts.append("\n" if tag in _BREAKS else " " if tag in ("td", "th") else "")


def lines_of(html: str) -> list[str]:
    """Read the lines of words in markup.

    Parameters
    ----------
    html
        HTML of a popup or tooltip.

    Returns
    -------
    list of str
        Without tags, scripts and styles; entities are the characters that they stand for; no empty
        line, and no character that misleads.

    Examples
    --------
    >>> lines_of("<b>Tongzhou</b><br>a &amp; b<script>alert(1)</script>")
    ['Tongzhou', 'a & b']
    """
    reader = _Words()
    reader.feed(html[:_MOST])
    reader.close()
    lines = (" ".join(one.split()) for one in "".join(reader.parts).split("\n"))
    return [sanitized(one) for one in lines if one]


def words_of_html(html: str) -> str:
    """Read the words in markup as one line.

    Parameters
    ----------
    html
        HTML of a popup or tooltip.

    Returns
    -------
    str
        Lines are parted by a dot.

    Examples
    --------
    >>> words_of_html("<p>Tongzhou</p><p>北京</p>"), words_of_html("<img src=x onerror=alert(1)>")
    ('Tongzhou · 北京', '')
    """
    return " · ".join(lines_of(html))


def texts_of(children: Iterable[Element]) -> tuple[str | None, str | None]:
    """Return the texts of an element's popups and tooltips.

    Parameters
    ----------
    children
        Elements that the element holds, among them popup and tooltip.

    Returns
    -------
    name : str or None
        The first line of the tooltip; without one, that of the popup.
    text : str or None
        All other lines.

    Examples
    --------
    >>> texts_of([folium.Popup("Railway<br>opened 2008"), folium.Tooltip("Wuqing")])
    ('Wuqing', 'Railway · opened 2008')
    """
    held = list(children)
    lines = [line for one in held if isinstance(one, folium.Tooltip) for line in lines_of(one.text)]
    for one in held:
        if isinstance(one, folium.Popup):
            lines += [line for html in one.html._children.values() for line in _text_lines(html)]
    if not lines:
        return None, None
    rest = [line for line in dict.fromkeys(lines) if line != lines[0]]
    return lines[0], " · ".join(rest) or None


def _text_lines(html: Any) -> list[str]:
    """Read a piece of a popup; one that was to be escaped is a text as it stands."""
    text = html.data.replace("\\`", "`")  # as Folium writes it for a script
    return lines_of(text) if html.script else [sanitized(one) for one in text.split("\n") if one]
