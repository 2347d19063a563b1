"""A map: layers and charts composed into one page."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Self

import folium
from branca.element import Element

import geo
from geo.errors import InputError
from geo.region import current_region
from geo.render.basemaps import Basemap, chosen
from geo.render.charts import Chart, Note
from geo.render.encode import SIGNS
from geo.render.figure import PageFigure
from geo.render.folium_map.elements import basemaps_among, box_among, layers_among
from geo.render.folium_map.kinds import refusals
from geo.render.folium_map.plain import plain_map
from geo.render.layer import Language, MapLayer, Text, by_language
from geo.render.page import page
from geo.render.words import catalogue, worded_source
from geo.texts import LANGUAGES, language
from geo.write import Outputs

__all__ = ["Language", "Map"]

Box = tuple[float, float, float, float]


class Map(folium.Map):
    """A Folium map saved as one self-contained page: no network, three languages.

    In a notebook it displays inline; ``save`` writes one HTML file. It takes the layers of
    ``geo.render`` and Folium's own Marker, Circle, CircleMarker, PolyLine, Polygon, Rectangle,
    GeoJson, Choropleth, FeatureGroup and TileLayer, which are read when the page is made: popups
    and tooltips as words. What cannot be safe without a network is refused by its name;
    ``to_folium`` gives a plain map for it.

    Parameters
    ----------
    title
        Headline of the page, in one or three languages.
    finding
        The one sentence that the map is there to show.
    caveats
        Sentences that a reader must know, beyond those of the layers.
    kicker
        Small line above the headline.
    lang
        Language code of the language in which the page opens: ``zh``, ``en`` or ``ja``.
    review_number
        审图号 of this map; without one the page says that it has none.
    box
        West, south, east, north that the page opens with; by default that of the layers which
        are shown and answer clicks. An east above 180 is that of a map across 180°: its layers
        lie from 0° to 360°.
    basemaps
        Ids of ``geo.render.basemaps.BASEMAPS`` that a reader may switch on; all are off when the
        page opens, and none is offered by default.
    overview
        Whether a small map in a corner shows the view's frame on the region's own land, the
        layers of the role ``land``; without such a layer there is none.

    Examples
    --------
    >>> from geo.layers import load
    >>> from geo.render import About, Map, points
    >>> stations = load("stations")
    >>> made = Map("Stations").add(points(stations.frame, About.of(stations)))
    >>> "https://" in made.html().split("<script>")[0]
    False
    """

    def __init__(  # noqa: PLR0913 - what a page of a publication has
        self,
        title: Text,
        *,
        finding: Text | None = None,
        caveats: Iterable[Text] = (),
        kicker: Text | None = None,
        lang: Language = "zh",
        review_number: str | None = None,
        box: Box | None = None,
        basemaps: Iterable[str] = (),
        overview: bool = False,
    ) -> None:
        super().__init__(tiles=None, zoom_control=False)
        if lang not in LANGUAGES:
            msg = f"no language {lang!r}; one of {', '.join(LANGUAGES)}"
            raise InputError(msg)
        PageFigure(height="560px").add_child(self)
        self.title = title
        self.finding = finding
        self.caveats = tuple(caveats)
        self.kicker = kicker
        self.lang = lang
        self.review_number = review_number
        self.box = box
        self.basemaps = chosen(basemaps)
        self.overview = overview
        self.charts: list[Chart] = []
        self.notes: list[Note] = []

    @property
    def map_layers(self) -> list[MapLayer]:
        """All layers, the lowest first; those of Folium's elements as they are now."""
        front = self.objects_to_stay_in_front
        raised = {id(one): at for at, one in enumerate(front, start=1)}
        held = sorted(self._children.values(), key=lambda one: raised.get(id(one), 0))
        return layers_among(held)

    def add(self, *parts: Element | Chart | Note) -> Self:
        """Add layers, the lowest first, charts and notes.

        Parameters
        ----------
        *parts
            As ``points``, ``polygons``, ``chart`` and the others make them, or Folium's own.

        Returns
        -------
        Map
            This map, so that calls can be chained.

        Raises
        ------
        InputError
            When something is added that a page cannot draw.
        """
        for part in parts:
            if isinstance(part, Chart):
                self.charts.append(part)
            elif isinstance(part, Note):
                self.notes.append(part)
            else:
                self.add_child(part)
        return self

    def add_child(self, child: Element, name: str | None = None, index: int | None = None) -> "Map":
        """Add a layer, as Folium calls it; its own ``add_to`` comes here too.

        Parameters
        ----------
        child
            A layer of ``geo.render``, or an element of Folium that a page can draw. A
            ``LayerControl`` has no effect, since every page has its list of layers; a ``TileLayer``
            of the hosts of ``BASEMAPS`` is offered to readers, and off when the page opens.
        name, index
            Key and position of the child among the map's children, as in branca; None lets branca
            choose.

        Returns
        -------
        Map
            This map.

        Raises
        ------
        InputError
            When a page cannot draw it, or something that it holds already.
        """
        for one in refusals(child):
            raise one
        super().add_child(child, name=name, index=index)
        return self

    def payload(self) -> dict[str, Any]:
        """Gather everything that the page holds.

        Returns
        -------
        dict
            Plain JSON values.

        Raises
        ------
        InputError
            When an element of Folium lies off the earth, or has a colour that is none.
        """
        sources = _Sources()
        held = self.map_layers
        ids = _distinct_ids(held)
        layers = [_layer(*one, sources) for one in zip(ids, held, strict=True)]
        caveats = _distinct(
            [
                *(by_language(one) for one in self.caveats),
                *(one for layer in held for one in _caveats(layer)),
            ]
        )
        box = box_among(self._children.values()) or self.box
        return {
            "lang": self.lang,
            "languages": [_offered(code) for code in LANGUAGES],
            "title": by_language(self.title),
            "kicker": by_language(self.kicker),
            "finding": by_language(self.finding),
            "box": box or _box(held),
            "ground": _ground(held),
            "layers": layers,
            "charts": [one.payload for one in self.charts],
            "notes": [one.payload for one in self.notes],
            "sources": sources.listed,
            "caveats": caveats,
            "leads": bool(self.caveats),  # the first one stands beside the finding
            "review": by_language(self.review_number),
            "basemaps": [one.described() for one in self._basemaps()],
            "turned": box is not None and box[2] > 180,
            "overview": self.overview and bool(_land(held)),
            "version": geo.__version__,
            "words": catalogue(),
            "signs": SIGNS,
        }

    def _basemaps(self) -> list[Basemap]:
        """Return the basemaps asked for by id, then those of Folium's tile layers."""
        named = [one.basemap_id for one in self.basemaps]
        return chosen(dict.fromkeys([*named, *basemaps_among(self._children.values())]))

    def html(self) -> str:
        """Return the whole page.

        Returns
        -------
        str
            HTML that needs no other file and no network. Equal maps give equal text.

        Raises
        ------
        OutputError
            When the page would load something.
        InputError
            When something was put beside the map, on a layer or in a group that a page cannot draw.
        """
        figure = self.get_root()
        if isinstance(figure, PageFigure):
            figure.check()
        hosts = [host for one in self._basemaps() for host in one.hosts()]
        return page(self.payload(), version=geo.__version__, hosts=hosts)

    def to_folium(self, *, tiles: str | folium.TileLayer | None = None) -> folium.Map:
        """Make a plain map of Folium's own, to go on with its plugins.

        Each layer is a FeatureGroup with the colours of its classes, and tooltips in the language
        of this map; every text is escaped against templates, scripts and markup. Charts, notes,
        legends, time and search are of this page alone and stay behind; flows are straight lines.

        The plain map is no longer a whole: when it is opened, the browser loads scripts and styles
        from the hosts that Folium names, and tiles if any are asked for. What is added to it is
        executed by Folium as it is, and safe only if its author makes it so.

        Parameters
        ----------
        tiles
            Base tiles, as ``folium.Map`` takes them; none by default.

        Returns
        -------
        folium.Map
            Which knows nothing of ``geo``.

        Raises
        ------
        InputError
            When this map holds what a page cannot draw.

        Examples
        --------
        >>> made = Map("Stations").add(folium.Marker([39.9, 116.4], tooltip="Beijing"))
        >>> type(made.to_folium()) is folium.Map
        True
        """
        for one in self._children.values():
            for refused in refusals(one):
                raise refused
        title = by_language(self.title)
        held = self.map_layers
        made = plain_map(
            held,
            self._credits,
            lang=self.lang,
            title=title[self.lang] if isinstance(title, dict) else title,
            tiles=tiles,
        )
        asked = box_among(self._children.values()) or self.box
        west, south, east, north = asked or _box(held)
        made.fit_bounds([[south, west], [north, east]])
        return made

    def _credits(self, layer: MapLayer) -> str:
        """Return the words in which sources want to be named."""
        sources = _Sources()
        sources.of(layer)
        given = [one.get("attribution") or one.get("title") for one in sources.listed]
        words = [one[self.lang] if isinstance(one, dict) else one for one in given]
        return "; ".join(dict.fromkeys(str(one) for one in words if one))

    def render(self, **_: Any) -> str:
        """Raise when the map is rendered in a foreign figure, which cannot hold this page.

        Parameters
        ----------
        **_
            Arguments as branca passes them; not used.

        Returns
        -------
        str
            Never.

        Raises
        ------
        InputError
            Always: ``save`` and ``html`` give the page.
        """
        msg = "a geo.render.Map is a page of its own; save it, or show it by itself"
        raise InputError(msg)

    def save(  # type: ignore[override]  # a page is written whole, never into an open file
        self, outfile: str | Path, *, overwrite: bool = False, **_: Any
    ) -> None:
        """Write the page, whole or not at all.

        Parameters
        ----------
        outfile
            Path of the HTML file; ``"-"`` is standard output.
        overwrite
            Whether a file that is there may be replaced.
        **_
            Arguments of Folium's own ``save``; not used.

        Raises
        ------
        OutputError
            When it cannot be written, or the page would load something.
        """
        text = self.html()
        with Outputs(overwrite=overwrite) as outputs:
            outputs.text(outfile, text)


def _distinct_ids(layers: Sequence[MapLayer]) -> list[str]:
    found: list[str] = []
    wanted = [one.layer_id for one in layers]
    for at, one in enumerate(wanted):
        layer_id = one or f"layer-{at + 1}"
        found.append(layer_id if layer_id not in wanted[:at] else f"{layer_id}-{at + 1}")
    return found


def _layer(layer_id: str, layer: MapLayer, sources: "_Sources") -> dict[str, Any]:
    return {
        "id": layer_id,
        "kind": layer.kind,
        "title": by_language(layer.about.title),
        "group": by_language(layer.about.group),
        "shown": layer.about.shown,
        "sources": sources.of(layer),
        "bounds": layer.bounds,
        **layer.payload,
    }


def _box(layers: Sequence[MapLayer]) -> Box:
    boxes = [one for one in layers if one.bounds is not None]
    informative = [
        one for one in boxes if one.kind != "label" and not one.payload.get("style", {}).get("base")
    ]
    shown = [one for one in informative if one.about.shown] or informative or boxes
    if not shown:
        return current_region().view
    box = _around([one.bounds or current_region().view for one in shown])
    land = _land(layers)
    if not land:
        return box
    ground = _around(land)
    # what spreads over most of the land is seen with the whole of it
    return _around([box, ground]) if _span(box) > _span(ground) / 2 else box


def _land(layers: Sequence[MapLayer]) -> list[Box]:
    """Return the boxes of the layers that are the region's own land."""
    return [
        one.bounds
        for one in layers
        if one.bounds is not None and one.payload.get("style", {}).get("fill") == "land"
    ]


def _ground(layers: Sequence[MapLayer]) -> Box | None:
    """Return the box in which land and sea are known, when neighbours stand without a sea."""
    fills = [one.payload.get("style", {}).get("fill") for one in layers]
    if "sea" in fills:
        return None
    boxes = [
        one.bounds
        for one, fill in zip(layers, fills, strict=True)
        if one.bounds is not None and fill == "neighbour"
    ]
    return _around(boxes) if boxes else None


def _offered(code: str) -> list[str]:
    """Return the code, name, tag and mark of lists of a language, as the page offers it."""
    return [code, language(code).name, language(code).html, language(code).list]


def _around(boxes: Sequence[Box]) -> Box:
    wests, souths, easts, norths = zip(*boxes, strict=True)
    return min(wests), min(souths), max(easts), max(norths)


def _span(box: Box) -> float:
    return max(box[2] - box[0], box[3] - box[1])


def _distinct(texts: Iterable[Any]) -> list[Any]:
    found: list[Any] = []
    for text in texts:
        if text is not None and text not in found:
            found.append(text)
    return found


def _caveats(layer: MapLayer) -> list[Any]:
    stated = (layer.about.provenance or {}).get("caveat")
    return [
        *([by_language(stated)] if stated else []),
        *(by_language(one) for one in layer.about.caveats),
    ]


class _Sources:
    """The sources of all layers, each once, in the order in which layers name them."""

    _SHOWN = (
        "source_id",
        "title",
        "publisher",
        "licence",
        "attribution",
        "vintage",
        "review_number",
    )

    def __init__(self) -> None:
        self.listed: list[dict[str, Any]] = []

    def of(self, layer: MapLayer) -> list[int]:
        found = []
        for one in (layer.about.provenance or {}).get("sources", ()):
            kept = worded_source({key: one[key] for key in self._SHOWN if one.get(key)})
            if kept not in self.listed:
                self.listed.append(kept)
            found.append(self.listed.index(kept))
        return found
