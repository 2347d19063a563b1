"""Rasters on the map: classed, brought to the map's projection, carried as one picture."""

import base64
from typing import Any, Final

import numpy as np
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from geo.errors import InputError
from geo.formats.png import palette_png
from geo.raster import grid_bounds, warp
from geo.render.classes import Classes, class_bounds
from geo.render.layer import About, MapLayer, said
from geo.render.palette import ramp

__all__ = ["image"]

_MAP_CRS: Final = "EPSG:3857"
_MOST_CELLS: Final = 4_000_000


def image(
    values: NDArray[Any],
    about: About,
    *,
    transform: Affine,
    crs: CRS | str,
    classes: Classes | None = None,
    opacity: float = 0.8,
) -> MapLayer:
    """Draw a raster, such as a density surface, in colour classes.

    Parameters
    ----------
    values
        Two-dimensional, north up by the transform; NaN, infinite and masked cells are clear.
    about
        Title, provenance, caveats.
    transform
        From column and row to coordinates, as ``Raster`` has it.
    crs
        Reference system of the transform.
    classes
        Title, unit, bounds or scheme, ramp; the column's name does not matter. Cells below the
        first bound of given bins belong to the first class.
    opacity
        Of the picture, 0 to 1.

    Returns
    -------
    MapLayer
        For ``geo.render.Map.add``.

    Raises
    ------
    InputError
        When the array is not two-dimensional, or has more than four million cells.

    Examples
    --------
    >>> cells = np.array([[1.0, 2.0], [3.0, np.nan]])
    >>> made = image(cells, About("Sites"), transform=Affine(0.1, 0, 116, 0, -0.1, 40),
    ...              crs="EPSG:4326")
    >>> made.payload["image"][:22]
    'data:image/png;base64,'
    """
    if values.ndim != 2 or not 0 < values.size <= _MOST_CELLS:
        msg = f"a raster of two dimensions and at most {_MOST_CELLS:,} cells; got {values.shape}"
        raise InputError(msg)
    by = classes if classes is not None else Classes("value", k=6, ramp="heat")
    filled = np.ma.filled(np.ma.asarray(values, dtype=np.float64), np.nan)
    filled = np.where(np.isfinite(filled), filled, np.nan)
    bins, legend = class_bounds(filled[~np.isnan(filled)], by)
    codes = np.searchsorted(bins, filled, side="left").astype(np.uint8) + 1
    codes[np.isnan(filled)] = 0
    warped, placed = warp(codes, transform, crs, _MAP_CRS)  # by nearest cell: no class is invented
    colours = ramp(by.ramp, len(bins)) if len(bins) else []
    picture = palette_png(warped, colours)
    west, south, east, north = grid_bounds(warped.shape, placed)
    corners = Transformer.from_crs(_MAP_CRS, "EPSG:4326", always_xy=True)
    lons, lats = corners.transform([west, east], [south, north])
    bounds = (lons[0], lats[0], lons[1], lats[1])
    payload: dict[str, Any] = {
        "n": int(np.count_nonzero(codes)),
        "dropped": 0,
        "style": {"opacity": opacity, "fill": "class", "line": "class"},
        "colours": [*colours, "#000000"],
        "image": f"data:image/png;base64,{base64.b64encode(picture).decode('ascii')}",
        "legend": legend | {"title": said(by.title if by.title is not None else about.title)},
        "fields": [],
        "names": {},
        "columns": [],
        "key_column": None,
    }
    return MapLayer(about, "image", payload, bounds=bounds)
