"""Areas: base outlines, kinds of zones, and classed values."""

from collections.abc import Sequence
from typing import Any, Final, Literal

import geopandas as gpd
import shapely

from geo.render.colours.colouring import Categories, Classes, Painted, assign_colours
from geo.render.drawing.shapes import area_parts, bounds_of, simplified
from geo.render.drawing.steps import Time, assign_steps
from geo.render.drawing.table import data_block
from geo.render.encode import DECIMALS, Part, block
from geo.render.layer import About, Field, MapLayer, drawable

__all__ = ["Role", "choropleth", "polygons"]

Role = Literal["sea", "land", "neighbour", "outline", "zone", "unconfirmed"]

_ROLES: Final[dict[str, dict[str, Any]]] = {
    "sea": {"fill": "sea", "line": None, "width": 0.0, "opacity": 1.0},
    "land": {"fill": "land", "line": "border", "width": 0.8, "opacity": 1.0},
    "neighbour": {"fill": "neighbour", "line": "border", "width": 0.5, "opacity": 1.0},
    "outline": {"fill": None, "line": "muted", "width": 0.8, "opacity": 1.0},
    "zone": {"fill": "class", "line": "class", "width": 1.6, "opacity": 0.16},
    "unconfirmed": {"fill": "hatch", "line": "class", "width": 1.4, "opacity": 0.5, "dash": [5, 4]},
    "choropleth": {"fill": "class", "line": "paper", "width": 0.6, "opacity": 0.92},
}
_ACCENT: Final = "#b8452f"
_MANY_VERTICES: Final = 60_000
_DRAWN_WITHIN_M: Final = 100.0


def polygons(
    frame: gpd.GeoDataFrame,
    about: About,
    *,
    role: Role = "zone",
    colour_by: str | Categories | Classes | Painted | None = None,
    colour: str = _ACCENT,
    fields: Sequence[Field] = (),
    time: Time | None = None,
    tolerance_m: float | None = None,
) -> MapLayer:
    """Draw areas.

    Parameters
    ----------
    frame
        Polygons in ``STORAGE_CRS``; names in ``name_zh``, ``name_en``, ``name_ja`` or ``name``.
    about
        Title, provenance and caveats, as the layer list shows them.
    role
        ``sea``, ``land`` and ``neighbour`` are the ground and answer no click without
        fields; ``outline`` has no fill; ``zone`` is tinted; ``unconfirmed`` hatched and dashed.
    colour_by
        Kinds or classes; for ``zone`` and ``unconfirmed``.
    colour
        Colour of all areas when ``colour_by`` is None, as ``#rrggbb``.
    fields
        Rows of the popup table that a click opens, in order.
    time
        When each area is visible: a ``Time`` with a column of years or dates; None for always.
    tolerance_m
        How far outlines may be thinned for drawing, in metres. By default 100 m above 60,000
        vertices, else nothing; the legend says so.

    Returns
    -------
    MapLayer
        For ``geo.render.Map.add``.

    Raises
    ------
    CRSError
        When the frame is not in ``STORAGE_CRS``.
    InputError
        When it holds geometries, but no polygons.
    UnknownIdError
        When a column does not exist.

    Examples
    --------
    >>> from geo.layers import load
    >>> layer = load("provinces")
    >>> polygons(layer.frame, About.of(layer), role="land").payload["n"]
    3
    """
    style = _ROLES[role] | {"base": role in ("sea", "land", "neighbour") and not fields}
    return _areas(frame, about, style, (colour_by, colour), fields=fields, thin=(time, tolerance_m))


def choropleth(
    frame: gpd.GeoDataFrame,
    classes: str | Classes | Categories,
    about: About,
    *,
    fields: Sequence[Field] = (),
    time: Time | None = None,
    tolerance_m: float | None = None,
) -> MapLayer:
    """Draw areas coloured by a value in classes; areas without one are grey and say so.

    Parameters
    ----------
    frame
        Polygons or MultiPolygons in ``STORAGE_CRS``, with the column of ``classes``.
    classes
        A column of numbers, how to class one, or kinds that are already classes.
    about
        Title, provenance and caveats, as the layer list shows them.
    fields
        Rows of the popup table that a click opens, in order.
    time
        When each area is visible: a ``Time`` with a column of years or dates; None for always.
    tolerance_m
        How far outlines may be thinned for drawing, in metres. By default 100 m above 60,000
        vertices, else nothing; the legend says so.

    Returns
    -------
    MapLayer
        For ``geo.render.Map.add``.

    Raises
    ------
    CRSError
        When the frame is not in ``STORAGE_CRS``.
    InputError
        When it holds no polygons, or the column no numbers.
    UnknownIdError
        When a column does not exist.

    Examples
    --------
    >>> from geo.layers import load
    >>> layer = load("prefectures")
    >>> made = choropleth(layer.frame, Classes("area_km2", k=3), About.of(layer))
    >>> [item["n"] for item in made.payload["legend"]["items"]]
    [3, 8, 2]
    """
    by = Classes(classes) if isinstance(classes, str) else classes
    return _areas(
        frame, about, _ROLES["choropleth"], (by, _ACCENT), fields=fields, thin=(time, tolerance_m)
    )


def _areas(
    frame: gpd.GeoDataFrame,
    about: About,
    style: dict[str, Any],
    colouring: tuple[str | Categories | Classes | Painted | None, str],
    *,
    fields: Sequence[Field],
    thin: tuple[Time | None, float | None],
) -> MapLayer:
    drawn, dropped = drawable(frame, ("Polygon",), maker="polygons")
    shapes = drawn.geometry.to_numpy()
    time, tolerance_m = thin
    if tolerance_m is None and shapely.get_num_coordinates(shapes).sum() > _MANY_VERTICES:
        tolerance_m = _DRAWN_WITHIN_M
    decimals = DECIMALS
    if tolerance_m:
        shapes = simplified(shapes, tolerance_m)
        # ten metres are a tenth of the tolerance
        decimals = DECIMALS if tolerance_m < _DRAWN_WITHIN_M else DECIMALS - 1
    by, plain = colouring
    found = assign_colours(drawn, by, plain=plain)
    parts: list[Part] = [*area_parts(shapes, decimals), ("class", "u32", found.codes)]
    payload: dict[str, Any] = {"n": len(drawn), "dropped": dropped, "style": style}
    payload |= {"thinned_m": tolerance_m or 0, "grid": 10**decimals}
    if time is not None:
        codes, payload["time"] = assign_steps(drawn, time)
        parts.append(("time", "u32", codes))
    payload |= {"shapes": block(parts), "colours": found.colours, "legend": found.legend}
    payload |= data_block(drawn, fields, classes=found.codes)
    return MapLayer(about, "area", payload, bounds=bounds_of(shapes))
