"""Which of Folium's elements a page draws, and the error messages for those that it cannot."""

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit

import branca.colormap
import folium
import folium.raster_layers
from branca.element import Element, Html, IFrame
from folium.elements import ElementAddToElement, EventHandler, JSCSSMixin
from folium.features import (
    CustomIcon,
    DivIcon,
    GeoJsonPopup,
    GeoJsonTooltip,
    TopoJson,
    VegaLite,
)
from folium.map import FitBounds, FitOverlays

from geo.errors import InputError
from geo.render.basemaps import BASEMAPS
from geo.render.layer import MapLayer

__all__ = ["MARKS", "PATHS", "basemap_of", "kind_of", "refusal", "refusals"]

MARKS: Final = (folium.CircleMarker, folium.Circle, folium.Marker)
"""Elements that stand at one place; the first two are Markers too."""

PATHS: Final = (folium.Rectangle, folium.Polygon, folium.PolyLine)

_TEXTS: Final = (folium.Popup, folium.Tooltip)
_OF_FEATURES: Final = (GeoJsonPopup, GeoJsonTooltip)
_LAYERS: Final = (folium.Choropleth, folium.GeoJson, folium.FeatureGroup, folium.TileLayer)
_IDLE: Final = (folium.LayerControl, FitOverlays, ElementAddToElement, folium.Marker.SetIcon)
"""What asks for nothing that the page has not: its layer list, its view of what is shown."""

_KINDS: Final[tuple[type[Element], ...]] = (
    *MARKS, *PATHS, *_LAYERS, *_TEXTS, *_OF_FEATURES, *_IDLE,
    folium.Icon, FitBounds, branca.colormap.StepColormap,
)  # fmt: skip

_INSIDE: Final[dict[type[Element], tuple[type[Element], ...]]] = {
    folium.Map: (*MARKS, *PATHS, *_LAYERS, FitBounds, *_IDLE),
    folium.FeatureGroup: (*MARKS, *PATHS, *_LAYERS, *_TEXTS, ElementAddToElement),
    folium.Choropleth: (folium.GeoJson, branca.colormap.StepColormap, ElementAddToElement),
    folium.GeoJson: (*_TEXTS, *_OF_FEATURES, ElementAddToElement),
    folium.TileLayer: (ElementAddToElement,),
    **dict.fromkeys(MARKS, (*_TEXTS, folium.Icon, folium.Marker.SetIcon)),
    **dict.fromkeys(PATHS, _TEXTS),
}
"""What is read inside of what."""

_INSTEAD: Final[dict[str, str]] = {
    "HeatMap": "draw a density with image() of geo.render",
    "MarkerCluster": "add the markers to a FeatureGroup, or draw a frame with points(): a page "
    "holds a hundred thousand without clusters",
    "FastMarkerCluster": "draw a frame with points(): a page holds a hundred thousand",
    "TimestampedGeoJson": "draw a frame with points(..., time=Time(...))",
    "TimeSliderChoropleth": "draw a frame with choropleth(..., time=Time(...))",
    "MiniMap": "say Map(..., overview=True)",
    "Search": "every page has a search",
    "MeasureControl": "every page measures",
    "SideBySideLayers": "every page of two layers compares them",
    "GroupedLayerControl": "the panel groups layers by FeatureGroup",
}

_REASONS: Final[tuple[tuple[tuple[type[Element], ...], str, str], ...]] = (
    ((TopoJson,), "a browser would load a script to read it", "decode it to GeoJSON"),
    (
        (CustomIcon, DivIcon),
        "an icon of one's own is an image or markup",
        "use folium.Icon(color=...), a CircleMarker, or labels() of geo.render for words",
    ),
    (
        (folium.raster_layers.ImageOverlay,),
        "its picture may be an address",
        "use image() of geo.render",
    ),
    (
        (folium.WmsTileLayer, folium.raster_layers.VideoOverlay),
        "it asks another host",
        "say Map(..., basemaps=[...])",
    ),
    ((IFrame,), "a frame is a page of its own, with its scripts", "give the popup a text"),
    ((VegaLite,), "it loads scripts from other hosts", "use chart() of geo.render"),
    ((EventHandler,), "it is JavaScript", "go without"),
    (
        (branca.colormap.ColorMap,),
        "a scale of colours says nothing of which layer it is",
        "use folium.Choropleth, or choropleth() of geo.render, which have a legend",
    ),
    (_TEXTS + _OF_FEATURES, "it belongs to no element here", "add it to a marker or a GeoJson"),
)


def kind_of(element: Element) -> type[Element] | None:
    """Return the class of Folium element that an element is treated as.

    Parameters
    ----------
    element
        An element of Folium or of branca.

    Returns
    -------
    type or None
        None for what loads scripts or writes a script of its own, as plugins do.

    Examples
    --------
    >>> kind_of(folium.CircleMarker([39, 116])).__name__
    'CircleMarker'
    >>> kind_of(Element("<b>")) is None
    True
    """
    found = next((one for one in _KINDS if isinstance(element, one)), None)
    if found is None or isinstance(element, JSCSSMixin):
        return None
    own: Any = element
    return found if own._template is found._template else None


def refusals(element: Element, inside: type[Element] = folium.Map) -> Iterator[InputError]:
    """Find what cannot be drawn of an element and all that it holds.

    Parameters
    ----------
    element
        Folium's, or a layer of ``geo.render``.
    inside
        Class of the element that holds it.

    Yields
    ------
    InputError
        To be raised, one for each.
    """
    if isinstance(element, MapLayer):
        yield from map(refusal, element._children.values())
        return
    kind = kind_of(element)
    if kind is None or kind not in _INSIDE[inside]:
        yield refusal(element)
        return
    yield from _of_its_own(element)
    if kind in _INSIDE:
        for child in element._children.values():
            yield from refusals(child, kind)


def _of_its_own(element: Any) -> Iterator[InputError]:
    if isinstance(element, folium.Popup):
        held = [*element.html._children.values(), *element._children.values()]
        held += [*element.script._children.values(), *element.header._children.values()]
        yield from (refusal(one) for one in held if type(one) is not Html)
    elif isinstance(element, folium.TileLayer) and basemap_of(element) is None:
        hosts = ", ".join(sorted(_hosts(element))) or "nowhere"
        yield _cannot(
            "folium.TileLayer",
            f"its tiles come from {hosts}, which a saved map does not ask",
            f"offered are the hosts of {', '.join(BASEMAPS)}: Map(..., basemaps=[...])",
        )
    elif isinstance(element, folium.GeoJson):
        if not element.embed:
            yield _cannot(
                "folium.GeoJson(embed=False)",
                "a saved map asks nobody for its data",
                "leave out embed=False",
            )
        if element.on_each_feature is not None:
            yield _cannot("folium.GeoJson(on_each_feature=...)", "it is JavaScript", "go without")
        if element.marker is not None:
            marker = kind_of(element.marker)
            if marker is None:
                yield refusal(element.marker)
                return
            for one in element.marker._children.values():
                yield from refusals(one, marker)


def basemap_of(tiles: folium.TileLayer) -> str | None:
    """Find the basemap whose hosts tiles come from.

    Parameters
    ----------
    tiles
        A tile layer of Folium, with its address.

    Returns
    -------
    str or None
        Id of ``BASEMAPS``.

    Examples
    --------
    >>> basemap_of(folium.TileLayer("OpenStreetMap"))
    'osm'
    """
    hosts = _hosts(tiles)
    for name, one in BASEMAPS.items():
        if hosts and hosts <= {urlsplit(host).hostname for host in one.hosts()}:
            return name
    return None


def _hosts(tiles: Any) -> set[str]:
    servers = tiles.options.get("subdomains", "abc") if "{s}" in tiles.tiles else [""]
    found = set()
    for one in servers:
        try:
            found.add(str(urlsplit(tiles.tiles.replace("{s}", str(one))).hostname or ""))
        except ValueError:  # brackets that are no address
            return set()
    return found - {""}


def refusal(child: Element) -> InputError:
    """Return the error message for an element that cannot be in a page, with the way out.

    Parameters
    ----------
    child
        An element that cannot be drawn.

    Returns
    -------
    InputError
        To be raised.

    Examples
    --------
    >>> str(refusal(Element("<b>")))[:70]
    'branca.Element cannot stand in a self-contained map: it puts markup or'
    """
    module, name = type(child).__module__.split("."), type(child).__name__
    plugin = module[:2] == ["folium", "plugins"]
    called = f"{'.'.join(module[:2]) if plugin else module[0]}.{name}"
    for kinds, why, instead in _REASONS:
        if isinstance(child, kinds):
            return _cannot(called, why, instead)
    if isinstance(child, JSCSSMixin) or plugin:
        return _cannot(called, "it loads scripts from other hosts", _INSTEAD.get(name, ""))
    return _cannot(
        called,
        "it puts markup or a script into the page",
        "use points, polygons, lines, labels or note of geo.render, or the map's own texts",
    )


def _cannot(called: str, why: str, instead: str) -> InputError:
    plain = "Map.to_folium() gives a plain folium.Map that takes it"
    advice = f"{instead}; {plain}" if instead else plain
    return InputError(f"{called} cannot stand in a self-contained map: {why}. Instead: {advice}")
