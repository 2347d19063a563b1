"""Rasters on the map: classed, brought to the map's projection, carried as one picture."""

import base64
import warnings
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from rasterio import Affine
from rasterio.errors import NotGeoreferencedWarning
from rasterio.io import MemoryFile
from rasterio.transform import array_bounds
from rasterio.warp import Resampling, calculate_default_transform, reproject

from geo.errors import InputError
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
        From column and row to coordinates, as rasterio has it.
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
    warped, placed = _to_map(codes, transform, crs)
    colours = ramp(by.ramp, len(bins)) if len(bins) else []
    west, south, east, north = array_bounds(*warped.shape, placed)
    corners = Transformer.from_crs(_MAP_CRS, "EPSG:4326", always_xy=True)
    lons, lats = corners.transform([west, east], [south, north])
    bounds = (lons[0], lats[0], lons[1], lats[1])
    payload: dict[str, Any] = {
        "n": int(np.count_nonzero(codes)),
        "dropped": 0,
        "style": {"opacity": opacity, "fill": "class", "line": "class"},
        "colours": [*colours, "#000000"],
        "image": _png(warped, colours),
        "legend": legend | {"title": said(by.title if by.title is not None else about.title)},
        "fields": [],
        "names": {},
        "columns": [],
        "key_column": None,
    }
    return MapLayer(about, "image", payload, bounds=bounds)


def _to_map(
    codes: NDArray[np.uint8], transform: Affine, crs: CRS | str
) -> tuple[NDArray[np.uint8], Affine]:
    """Warp classes to Web Mercator, by nearest cell, so that no class is invented."""
    height, width = codes.shape
    source = CRS.from_user_input(crs).to_wkt()
    placed, wide, high = calculate_default_transform(
        source, _MAP_CRS, width, height, *array_bounds(height, width, transform)
    )
    found = np.zeros((high, wide), dtype=np.uint8)
    reproject(
        codes,
        found,
        src_transform=transform,
        src_crs=source,
        dst_transform=placed,
        dst_crs=_MAP_CRS,
        src_nodata=None,
        resampling=Resampling.nearest,
    )
    return found, placed


def _png(codes: NDArray[np.uint8], colours: list[str]) -> str:
    """Write classes as a PNG with a palette; class 0 is clear."""
    palette = {
        at + 1: (*(int(one[k : k + 2], 16) for k in (1, 3, 5)), 255)
        for at, one in enumerate(colours)
    }
    with warnings.catch_warnings(), MemoryFile() as memory:
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        height, width = codes.shape
        with memory.open(
            driver="PNG", width=width, height=height, count=1, dtype="uint8", zlevel=9, nodata=0
        ) as target:
            target.write(codes, 1)
            target.write_colormap(1, {0: (0, 0, 0, 0), **palette})
        content = memory.read()
    return f"data:image/png;base64,{base64.b64encode(content).decode('ascii')}"
