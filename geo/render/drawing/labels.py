"""Labels on the map: placed where there is room, by weight."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.errors import InputError
from geo.render.drawing.shapes import bounds_of, point_parts
from geo.render.drawing.table import data_block, name_columns
from geo.render.encode import block
from geo.render.layer import About, MapLayer, column_of, on_earth

__all__ = ["labels"]


def labels(
    frame: gpd.GeoDataFrame,
    about: About,
    *,
    weight: str | None = None,
    size: float = 12.0,
    strong: bool = False,
    from_zoom: int = 0,
    beside: bool = False,
) -> MapLayer:
    """Draw the names of features; of colliding names the one with more weight is drawn.

    Parameters
    ----------
    frame
        In ``STORAGE_CRS``, with names; an area's or line's name stands at a point inside it.
    about
        Title, provenance and caveats, as the layer list shows them.
    weight
        A column of numbers, larger first; by default earlier rows first.
    size
        Font size in pixels.
    strong
        Whether the letters are bold.
    from_zoom
        First zoom level at which the names are written.
    beside
        Whether a name stands beside its point, to leave a mark visible, instead of upon it.

    Returns
    -------
    MapLayer
        For ``geo.render.Map.add``.

    Raises
    ------
    UnknownIdError
        When the weight does not exist.
    InputError
        When the frame has no column of names.

    Examples
    --------
    >>> from geo.layers import load
    >>> layer = load("prefectures")
    >>> labels(layer.frame, About.of(layer), weight="area_km2").payload["n"]
    13
    """
    if not name_columns(frame):
        msg = "the frame has no column of names to write: name_zh, name_en, name_ja or name"
        raise InputError(msg)
    shapes = shapely.point_on_surface(frame.geometry.to_numpy())
    there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes)) & on_earth(shapes)
    order = np.arange(len(frame))
    if weight is not None:
        numbers = pd.to_numeric(column_of(frame, weight), errors="coerce").fillna(-np.inf)
        order = np.argsort(-numbers.to_numpy(dtype=np.float64), kind="stable")
    order = order[there[order]]
    drawn = frame.iloc[order]
    payload = {
        "n": len(drawn),
        "dropped": int((~there).sum()),
        "style": {"size": size, "strong": strong, "from_zoom": from_zoom, "beside": beside},
        "shapes": block(point_parts(shapes[order])),
        "legend": {"kind": "none"},
        **data_block(drawn, ()),
    }
    return MapLayer(about, "label", payload, bounds=bounds_of(shapes[order]))
