"""Lines: railways, axes, borders."""

from collections.abc import Sequence
from typing import Any, Final

import geopandas as gpd

from geo.render.colours.colouring import (
    Categories,
    Classes,
    Painted,
    Size,
    assign_colours,
    assign_radii,
)
from geo.render.drawing.shapes import bounds_of, path_parts
from geo.render.drawing.steps import Time, assign_steps
from geo.render.drawing.table import data_block
from geo.render.encode import Part, block
from geo.render.layer import About, Field, MapLayer, drawable

__all__ = ["lines"]

_COLOUR: Final = "#3f4a54"


def lines(  # noqa: PLR0913 - every option of a line is independent
    frame: gpd.GeoDataFrame,
    about: About,
    *,
    colour_by: str | Categories | Classes | Painted | None = None,
    size_by: str | Size | None = None,
    colour: str = _COLOUR,
    width: float = 1.6,
    dashed: bool = False,
    fields: Sequence[Field] = (),
    time: Time | None = None,
) -> MapLayer:
    """Draw lines.

    Parameters
    ----------
    frame
        Lines in ``STORAGE_CRS``; names in ``name_zh``, ``name_en``, ``name_ja`` or ``name``.
    about
        Title, provenance and caveats, as the layer list shows them.
    colour_by
        A column of kinds, ``Categories`` or ``Classes``; None draws all in one colour.
    size_by
        A column of numbers that widens the line.
    colour
        Colour of all lines when ``colour_by`` is None, as ``#rrggbb``.
    width
        Width in pixels when ``size_by`` is None.
    dashed
        For what is drawn by hand or planned.
    fields
        Rows of the popup table that a click opens, in order.
    time
        When each line is visible: a ``Time`` with a column of years or dates; None for always.

    Returns
    -------
    MapLayer
        For ``geo.render.Map.add``.

    Raises
    ------
    CRSError
        When the frame is not in ``STORAGE_CRS``.
    InputError
        When it holds geometries, but no lines.
    UnknownIdError
        When a column does not exist.

    Examples
    --------
    >>> from geo.layers import load
    >>> layer = load("axes")
    >>> lines(layer.frame, About.of(layer), dashed=True).payload["n"]
    7
    """
    drawn, dropped = drawable(frame, ("LineString", "LinearRing"), maker="lines")
    shapes = drawn.geometry.to_numpy()
    found = assign_colours(drawn, colour_by, plain=colour)
    parts: list[Part] = [*path_parts(shapes), ("class", "u32", found.codes)]
    style = {"line": "class", "width": width, "dash": [6, 5] if dashed else None}
    payload: dict[str, Any] = {"n": len(drawn), "dropped": dropped, "style": style}
    if size_by is not None:
        size = Size(size_by) if isinstance(size_by, str) else size_by
        widths, payload["sizes"] = assign_radii(drawn, size, radii=(0.6, 6.0))
        parts.append(("radius", "u32", widths))
    if time is not None:
        codes, payload["time"] = assign_steps(drawn, time)
        parts.append(("time", "u32", codes))
    payload |= {"shapes": block(parts), "colours": found.colours, "legend": found.legend}
    payload |= data_block(drawn, fields, classes=found.codes)
    return MapLayer(about, "line", payload, bounds=bounds_of(shapes))
