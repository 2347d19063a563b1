"""Terrain: the 5-minute altitude grid cut to the region."""

from typing import Any, Final

import numpy as np
from rasterio.io import MemoryFile
from rasterio.transform import from_origin

from geo.region import BOX
from geo.sources import packages

__all__ = ["NODATA", "terrain"]

NODATA: Final = -9999
_CELLS_PER_DEGREE: Final = 12
_MARGIN_CELLS: Final = 6


def terrain() -> bytes:
    """Make a GeoTIFF of metres above sea level around the region.

    Returns
    -------
    bytes
        The file: int16, EPSG:4326, cells of 5 minutes of arc, sea is nodata.
    """
    west, south, east, north = BOX
    top = int((90.0 - north) * _CELLS_PER_DEGREE) - _MARGIN_CELLS
    bottom = int(np.ceil((90.0 - south) * _CELLS_PER_DEGREE)) + _MARGIN_CELLS
    left = int((west + 180.0) * _CELLS_PER_DEGREE) - _MARGIN_CELLS
    right = int(np.ceil((east + 180.0) * _CELLS_PER_DEGREE)) + _MARGIN_CELLS
    coded = packages.read_altitude()[top:bottom, left:right].astype(np.int16)
    metres = np.where(coded == 255, NODATA, coded * 28 - 450).astype(np.int16)
    profile: dict[str, Any] = {
        "driver": "GTiff",
        "height": metres.shape[0],
        "width": metres.shape[1],
        "count": 1,
        "dtype": "int16",
        "crs": "EPSG:4326",
        "nodata": NODATA,
        "compress": "deflate",
        "predictor": 2,
        "transform": from_origin(
            left / _CELLS_PER_DEGREE - 180.0,
            90.0 - top / _CELLS_PER_DEGREE,
            1.0 / _CELLS_PER_DEGREE,
            1.0 / _CELLS_PER_DEGREE,
        ),
    }
    with MemoryFile() as memory:
        with memory.open(**profile) as raster:
            raster.write(metres, 1)
            raster.update_tags(
                title="Terrain of Beijing-Tianjin-Hebei, metres",
                source="pvlib Altitude.h5 (BSD-3-Clause)",
                AREA_OR_POINT="Area",
            )
        return bytes(memory.read())
