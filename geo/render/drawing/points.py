"""Points: sites coloured by kind or value, sized by value."""

from collections.abc import Sequence
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely

from geo.render.colours.colouring import (
    Categories,
    Classes,
    Painted,
    Size,
    assign_colours,
    assign_radii,
)
from geo.render.drawing.shapes import bounds_of, point_parts, z_order
from geo.render.drawing.steps import Time, assign_steps
from geo.render.drawing.table import data_block
from geo.render.encode import Part, block
from geo.render.layer import About, Field, MapLayer, drawable

__all__ = ["points"]

_SORT_FROM: Final = 2_000
_COLOUR: Final = "#0072b2"


def points(
    frame: gpd.GeoDataFrame,
    about: About,
    *,
    colour_by: str | Categories | Classes | Painted | None = None,
    size_by: str | Size | None = None,
    colour: str = _COLOUR,
    fields: Sequence[Field] = (),
    time: Time | None = None,
) -> MapLayer:
    """Draw points.

    Parameters
    ----------
    frame
        Points in ``STORAGE_CRS``; names in ``name_zh``, ``name_en``, ``name_ja`` or ``name``. A
        multipoint stands at its first part's place for each part.
    about
        Title, provenance and caveats, as the layer list shows them.
    colour_by
        ``Categories``, ``Classes``, or a column whose values decide which; None draws all in one
        colour.
    size_by
        A column of numbers that the area of a mark is in proportion to.
    colour
        Colour of all points when ``colour_by`` is None, as ``#rrggbb``.
    fields
        Rows of the popup table that a click opens, in order.
    time
        When each point is visible: a ``Time`` with a column of years or dates; None for always.

    Returns
    -------
    MapLayer
        For ``geo.render.Map.add``.

    Raises
    ------
    CRSError
        When the frame is not in ``STORAGE_CRS``.
    InputError
        When it holds geometries, but no points.
    UnknownIdError
        When a column does not exist.

    Examples
    --------
    >>> from geo.layers import load
    >>> layer = load("stations")
    >>> points(layer.frame, About.of(layer)).payload["n"]
    75
    """
    drawn, dropped = drawable(frame, ("Point",), maker="points")
    drawn = _single(drawn)
    found = assign_colours(drawn, colour_by, plain=colour)
    parts: list[Part] = [*point_parts(drawn.geometry.to_numpy()), ("class", "u32", found.codes)]
    payload: dict[str, Any] = {"n": len(drawn), "dropped": dropped, "style": {"radius": 4.5}}
    if size_by is not None:
        size = Size(size_by) if isinstance(size_by, str) else size_by
        radii, payload["sizes"] = assign_radii(drawn, size)
        parts.append(("radius", "u32", radii))
    if time is not None:
        codes, payload["time"] = assign_steps(drawn, time)
        parts.append(("time", "u32", codes))
    payload |= {"shapes": block(parts), "colours": found.colours, "legend": found.legend}
    payload |= data_block(drawn, fields, classes=found.codes)
    return MapLayer(about, "point", payload, bounds=bounds_of(drawn.geometry.to_numpy()))


def _single(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Take multipoints apart, and bring many points into an order that compresses well."""
    shapes = frame.geometry.to_numpy()
    if (shapely.get_type_id(shapes) == 4).any():
        parts, owner = shapely.get_parts(shapes, return_index=True)
        taken = frame.iloc[owner]
        frame = taken.set_geometry(gpd.GeoSeries(parts, index=taken.index, crs=frame.crs))
    if len(frame) < _SORT_FROM:
        return frame
    order = z_order(frame.geometry.to_numpy())
    keyed = not isinstance(frame.index, np.ndarray) and frame.index.name is not None
    return frame.iloc[order] if keyed else frame.iloc[order].reset_index(drop=True)
