"""One layer of a map: title and provenance, popup table, data for the page."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal, Self

import folium
import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs import STORAGE_CRS, require_crs
from geo.errors import InputError, UnknownIdError
from geo.layers import Layer
from geo.texts import Localized

__all__ = [
    "MAX_TEXT",
    "About",
    "Field",
    "Language",
    "MapLayer",
    "Text",
    "by_language",
    "drawable",
    "on_earth",
    "truncate",
]

_TOP: Final = 85.06  # degrees: as far as Web Mercator is drawn

MAX_TEXT: Final = 2_000
"""Signs of one text that a page carries; a browser would be busy for minutes with a million."""

Text = Localized | str
"""What a reader sees: in three languages, or data's own words."""

Language = str
"""Code of a language, one of ``geo.texts.LANGUAGES``."""

Kind = Literal["area", "line", "point", "label", "flow", "image"]


def truncate(text: str) -> str:
    """Truncate a text to ``MAX_TEXT`` characters, ending in an ellipsis.

    Parameters
    ----------
    text
        Text of any length.

    Returns
    -------
    str
        At most that long.

    Examples
    --------
    >>> truncate("京津"), len(truncate("a" * 1_000_000))
    ('京津', 2000)
    """
    return text if len(text) <= MAX_TEXT else f"{text[: MAX_TEXT - 1]}…"


def by_language(text: Text | Mapping[str, str] | None) -> Any:
    """Return a text as the page holds it: a dict by language code, or one string.

    Parameters
    ----------
    text
        Three languages, plain words, or None; each is cut to ``MAX_TEXT`` characters.

    Returns
    -------
    dict, str or None
        Ready for JSON.

    Examples
    --------
    >>> by_language("km²"), by_language(None)
    ('km²', None)
    """
    if text is None:
        return None
    if isinstance(text, str):
        return truncate(text)
    texts = text.described() if isinstance(text, Localized) else text
    return {language: truncate(str(one)) for language, one in texts.items()}


@dataclass(frozen=True)
class About:
    """Title, provenance and caveats of a map layer.

    Attributes
    ----------
    title
        Name of the layer in the layer list.
    provenance
        As ``geo.layers.Layer.provenance()`` gives it: sources, licence, date, caveat.
    caveats
        Further sentences that a reader must know, in three languages.
    group
        Heading under which it stands in the layer list.
    shown
        Whether it is switched on when the map opens.
    layer_id
        Short name, for links from charts and addresses; taken from the provenance by default.
    """

    title: Text
    provenance: Mapping[str, Any] | None = None
    caveats: tuple[Text, ...] = ()
    group: Text | None = None
    shown: bool = True
    layer_id: str = ""

    @classmethod
    def of(cls, layer: Layer, **changes: Any) -> Self:
        """Take title, provenance and caveat from a layer of the project.

        Parameters
        ----------
        layer
            A layer as ``geo.layers.load`` returns it.
        **changes
            Attributes to set otherwise.

        Returns
        -------
        About
            For the constructors of map layers.

        Examples
        --------
        >>> from geo.layers import load
        >>> About.of(load("xiongan"), shown=False).title.en
        "Xiong'an New Area"
        """
        made = cls(layer.title, layer.provenance(), layer_id=layer.layer_id)
        return replace(made, **changes)


@dataclass(frozen=True)
class Field:
    """One row of the table that a click on a feature opens.

    Attributes
    ----------
    column
        Name of a column of the frame.
    label
        Label that the reader sees for the column.
    unit
        Unit of measurement, printed after a number.
    decimals
        Digits after the point; None shows what is there, at most three.
    words
        What stands for a cell's value, for codes such as ``airport``; by default what is known.
    grouped
        Whether thousands of a number are set apart; not in codes and telephone numbers.
    lang
        The readers who see the row, of a text that stands in three columns; None for all. A
        download has every column.
    """

    column: str
    label: Text
    unit: Text = ""
    decimals: int | None = None
    words: Mapping[str, Text] = field(default_factory=dict)
    grouped: bool = True
    lang: Language | None = None


class MapLayer(folium.map.Layer):
    """A layer of ``geo.render.Map``; made by ``points``, ``polygons``, ``lines`` and the others.

    Parameters
    ----------
    about
        Title, provenance and caveats, as the layer list shows them.
    kind
        How it is drawn: ``area``, ``line``, ``point``, ``label``, ``flow`` or ``image``.
    payload
        What the page gets: blocks of data, legend, style. Plain JSON values.
    bounds
        West, south, east, north in degrees; None for a layer with nothing to draw.

    Attributes
    ----------
    by
        The column that colours it, where one does.
    given
        Whether it is a reader's own file rather than a shipped layer or the ground.
    rows
        How many rows its file has, those that are not drawn too; 0 where that is not known.
    """

    def __init__(
        self,
        about: About,
        kind: Kind,
        payload: Mapping[str, Any],
        *,
        bounds: tuple[float, float, float, float] | None,
    ) -> None:
        super().__init__(name=None, overlay=True, control=False, show=about.shown)
        self.about = about
        self.kind = kind
        self.payload = dict(payload)
        self.bounds = bounds
        self.by: str | None = None
        self.given = False
        self.rows = 0
        stated = (about.provenance or {}).get("layer", "")
        self.layer_id = about.layer_id or str(stated)

    def _get_self_bounds(self) -> list[list[float | None]]:
        """Return south and west, north and east, as ``get_bounds`` of a map gathers them."""
        west, south, east, north = self.bounds or (None, None, None, None)
        return [[south, west], [north, east]]

    def render(self, **_: Any) -> str:
        """Refuse to be drawn by a map of Folium's own, which would show nothing.

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
            Always: ``geo.render.Map`` draws layers from their payload.
        """
        msg = "this layer is drawn by geo.render.Map; add it to one instead of a folium.Map"
        raise InputError(msg)


def drawable(
    frame: gpd.GeoDataFrame, kinds: tuple[str, ...], *, maker: str
) -> tuple[gpd.GeoDataFrame, int]:
    """Return the rows that can be drawn, and how many cannot.

    Parameters
    ----------
    frame
        Features in ``STORAGE_CRS``; geometry may be missing.
    kinds
        Geometry types that the layer draws; collections are taken apart, their other parts left.
    maker
        Name of the constructor, for messages.

    Returns
    -------
    frame : GeoDataFrame
        Rows with a geometry of these kinds and finite coordinates in the range of degrees.
    dropped : int
        Rows without.

    Raises
    ------
    CRSError
        When the frame is not in ``STORAGE_CRS``.
    InputError
        When there are geometries, but none of these kinds.
    """
    require_crs(frame, STORAGE_CRS, name="frame")
    shapes = _below_poles(frame.geometry.to_numpy())
    parts, owner = shapely.get_parts(shapes, return_index=True)
    nested = shapely.get_type_id(parts) >= 4
    while nested.any():
        inner, at = shapely.get_parts(parts[nested], return_index=True)
        parts, owner = (
            np.concatenate([parts[~nested], inner]),
            np.concatenate([owner[~nested], owner[nested][at]]),
        )
        nested = shapely.get_type_id(parts) >= 4
    fit = _of_kind(parts, kinds) & on_earth(parts)
    if len(parts) and not _of_kind(parts, kinds).any():
        have = sorted({str(one.geom_type) for one in parts})
        msg = f"{maker}() draws {' and '.join(kinds)}; the frame holds {', '.join(have)} only"
        raise InputError(msg)
    kept, shapes = _gathered(parts[fit], owner[fit])
    found = frame.iloc[kept].set_geometry(
        gpd.GeoSeries(shapes, index=frame.index[kept], crs=frame.crs)
    )
    return found, len(frame) - len(found)


def _of_kind(parts: NDArray[Any], kinds: tuple[str, ...]) -> NDArray[np.bool_]:
    types = {"Point": 0, "LineString": 1, "LinearRing": 2, "Polygon": 3}
    ok = np.isin(shapely.get_type_id(parts), [types[one] for one in kinds])
    return np.asarray(ok & ~shapely.is_empty(parts))


def _below_poles(shapes: NDArray[Any]) -> NDArray[Any]:
    """Cut off what of lines and areas lies nearer to a pole than Web Mercator reaches."""
    _, south, _, north = shapely.bounds(shapes).T
    far = ((south < -_TOP) & (south >= -90)) | ((north > _TOP) & (north <= 90))
    far &= (shapely.get_dimensions(shapes) > 0) & shapely.is_valid(shapes)
    if not far.any():
        return shapes
    truncate = shapes.copy()
    truncate[far] = shapely.clip_by_rect(shapes[far], -180, -_TOP, 180, _TOP)
    return truncate


def on_earth(parts: NDArray[Any]) -> NDArray[np.bool_]:
    """Return which geometries lie within the bounds of Web Mercator.

    Parameters
    ----------
    parts
        Array of geometries in degrees.

    Returns
    -------
    ndarray of bool
        False beyond 180° or 85.06°, and where a coordinate is no number.
    """
    if not len(parts):
        return np.zeros(0, dtype=bool)
    west, south, east, north = shapely.bounds(parts).T
    inside = (west >= -180) & (east <= 180) & (south >= -_TOP) & (north <= _TOP)
    xy, at = shapely.get_coordinates(parts, return_index=True)
    broken = np.bincount(at[~np.isfinite(xy).all(axis=1)], minlength=len(parts)) > 0
    return np.asarray(inside & ~broken)


def _gathered(
    parts: NDArray[Any], owner: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """Put the parts of one row together again; rows keep their order."""
    order = np.argsort(owner, kind="stable")
    kept, counts = np.unique(owner, return_counts=True)
    if len(kept) == len(parts):
        return kept, parts[order]
    ends = np.cumsum(counts)
    shapes = np.empty(len(kept), dtype=object)
    for at, (end, count) in enumerate(zip(ends, counts, strict=True)):
        mine = parts[order[end - count : end]]
        shapes[at] = mine[0] if count == 1 else _multi(mine)
    return kept, shapes


def _multi(parts: NDArray[Any]) -> Any:
    makers = {0: shapely.multipoints, 1: shapely.multilinestrings, 3: shapely.multipolygons}
    return makers[int(shapely.get_type_id(parts[0]))](parts)


def column_of(frame: gpd.GeoDataFrame, name: str) -> Any:
    """Return a column of a frame, or raise with the names of its columns.

    Parameters
    ----------
    frame
        Table or features with any columns.
    name
        Name of the column to return.

    Returns
    -------
    Series
        The column.

    Raises
    ------
    UnknownIdError
        When there is no such column.
    """
    if name not in frame.columns or name == frame.geometry.name:
        raise UnknownIdError(
            "column", name, [str(one) for one in frame.columns if one != frame.geometry.name]
        )
    return frame[name]
