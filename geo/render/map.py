"""A map: layers and charts composed into one page."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Self

import folium
from branca.element import Element

import geo
from geo.errors import InputError
from geo.region import current_region
from geo.render.basemaps import chosen
from geo.render.charts import Chart, Note
from geo.render.encode import SIGNS
from geo.render.figure import PageFigure, refusal
from geo.render.layer import Language, MapLayer, Text, said
from geo.render.page import page
from geo.render.words import catalogue, worded_source
from geo.texts import LANGUAGES
from geo.write import Outputs

__all__ = ["Language", "Map"]

Box = tuple[float, float, float, float]


class Map(folium.Map):
    """A Folium map whose page is whole: no network, three languages, nothing that can run.

    In a notebook it displays inline; ``save`` writes one HTML file.

    Parameters
    ----------
    title
        Headline.
    finding
        The one sentence that the map is there to show.
    caveats
        What a reader must be told, beyond what the layers say themselves.
    kicker
        Small line above the headline.
    lang
        Language in which the page opens.
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
        self.map_layers: list[MapLayer] = []
        self.charts: list[Chart] = []
        self.notes: list[Note] = []

    def add(self, *parts: MapLayer | Chart | Note) -> Self:
        """Add layers, the lowest first, charts and notes.

        Parameters
        ----------
        *parts
            As ``points``, ``polygons``, ``chart`` and the others make them.

        Returns
        -------
        Map
            This map, so that calls can be chained.

        Raises
        ------
        InputError
            When something else is added: other Folium elements load scripts from other hosts.
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
        """Add a layer, as Folium calls it.

        Parameters
        ----------
        child
            A layer of ``geo.render``.
        name, index
            As in branca.

        Returns
        -------
        Map
            This map.

        Raises
        ------
        InputError
            When it is not a layer of ``geo.render``.
        """
        if not isinstance(child, MapLayer):
            raise refusal(child)
        self.map_layers.append(child)
        super().add_child(child, name=name, index=index)
        return self

    def payload(self) -> dict[str, Any]:
        """Gather everything that the page holds.

        Returns
        -------
        dict
            Plain JSON values.
        """
        sources = _Sources()
        layers = [self._layer(at, one, sources) for at, one in enumerate(self.map_layers)]
        caveats = _distinct(
            [
                *(said(one) for one in self.caveats),
                *(one for layer in self.map_layers for one in _caveats(layer)),
            ]
        )
        return {
            "lang": self.lang,
            "title": said(self.title),
            "kicker": said(self.kicker),
            "finding": said(self.finding),
            "box": self.box or self._box(),
            "ground": self._ground(),
            "layers": layers,
            "charts": [one.payload for one in self.charts],
            "notes": [one.payload for one in self.notes],
            "sources": sources.listed,
            "caveats": caveats,
            "leads": bool(self.caveats),  # the first one stands beside the finding
            "review": said(self.review_number),
            "basemaps": [one.described() for one in self.basemaps],
            "turned": self.box is not None and self.box[2] > 180,
            "overview": self.overview and bool(self._land()),
            "version": geo.__version__,
            "words": catalogue(),
            "signs": SIGNS,
        }

    def _layer(self, at: int, layer: MapLayer, sources: "_Sources") -> dict[str, Any]:
        taken = [one.layer_id for one in self.map_layers[:at]]
        wanted = layer.layer_id or f"layer-{at + 1}"
        layer_id = wanted if wanted not in taken else f"{wanted}-{at + 1}"
        return {
            "id": layer_id,
            "kind": layer.kind,
            "title": said(layer.about.title),
            "group": said(layer.about.group),
            "shown": layer.about.shown,
            "sources": sources.of(layer),
            "bounds": layer.bounds,
            **layer.payload,
        }

    def _box(self) -> Box:
        boxes = [one for one in self.map_layers if one.bounds is not None]
        told = [
            one
            for one in boxes
            if one.kind != "label" and not one.payload.get("style", {}).get("base")
        ]
        shown = [one for one in told if one.about.shown] or told or boxes
        if not shown:
            return current_region().view
        box = _around([one.bounds or current_region().view for one in shown])
        land = self._land()
        if not land:
            return box
        ground = _around(land)
        # what spreads over most of the land is seen with the whole of it
        return _around([box, ground]) if _span(box) > _span(ground) / 2 else box

    def _land(self) -> list[Box]:
        """Return the boxes of the layers that are the region's own land."""
        return [
            one.bounds
            for one in self.map_layers
            if one.bounds is not None and one.payload.get("style", {}).get("fill") == "land"
        ]

    def _ground(self) -> Box | None:
        """Return the box in which land and sea are known, when neighbours stand without a sea."""
        fills = [one.payload.get("style", {}).get("fill") for one in self.map_layers]
        if "sea" in fills:
            return None
        boxes = [
            one.bounds
            for one, fill in zip(self.map_layers, fills, strict=True)
            if one.bounds is not None and fill == "neighbour"
        ]
        return _around(boxes) if boxes else None

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
            When something of Folium was put beside the map or on a layer.
        """
        figure = self.get_root()
        if isinstance(figure, PageFigure):
            figure.check()
        hosts = [host for one in self.basemaps for host in one.hosts()]
        return page(self.payload(), version=geo.__version__, hosts=hosts)

    def render(self, **_: Any) -> str:
        """Refuse to be drawn as a part of a stranger's figure, which knows nothing of this page.

        Parameters
        ----------
        **_
            As branca passes them.

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
            What Folium's own ``save`` takes; not used.

        Raises
        ------
        OutputError
            When it cannot be written, or the page would load something.
        """
        text = self.html()
        with Outputs(overwrite=overwrite) as outputs:
            outputs.text(outfile, text)


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
    return [*([said(stated)] if stated else []), *(said(one) for one in layer.about.caveats)]


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
