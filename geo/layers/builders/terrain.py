"""Terrain: the 5-minute altitude grid cut to the region."""

from typing import Final

import numpy as np
from affine import Affine

from geo.formats.cog import geotiff_bytes
from geo.layers.builders.recipe import recipe
from geo.region import Region
from geo.sources import packages

__all__ = ["NODATA", "terrain"]

NODATA: Final = -9999
_CELLS_PER_DEGREE: Final = 12
_MARGIN_CELLS: Final = 6


def terrain(region: Region) -> bytes:
    """Make a GeoTIFF of metres above sea level around the region.

    Parameters
    ----------
    region
        The region whose files, codes and projection are used.

    Returns
    -------
    bytes
        The file: int16, EPSG:4326, cells of 5 minutes of arc, sea is nodata.
    """
    west, south, east, north = region.view
    top = int((90.0 - north) * _CELLS_PER_DEGREE) - _MARGIN_CELLS
    bottom = int(np.ceil((90.0 - south) * _CELLS_PER_DEGREE)) + _MARGIN_CELLS
    left = int((west + 180.0) * _CELLS_PER_DEGREE) - _MARGIN_CELLS
    right = int(np.ceil((east + 180.0) * _CELLS_PER_DEGREE)) + _MARGIN_CELLS
    coded = packages.read_altitude()[top:bottom, left:right].astype(np.int16)
    metres = np.where(coded == 255, NODATA, coded * 28 - 450).astype(np.int16)
    size = 1.0 / _CELLS_PER_DEGREE
    corner = left / _CELLS_PER_DEGREE - 180.0, 90.0 - top / _CELLS_PER_DEGREE
    return geotiff_bytes(
        metres,
        Affine.translation(*corner) * Affine.scale(size, -size),
        nodata=NODATA,
        tags={
            "title": recipe(region).terrain.title,
            "source": "pvlib Altitude.h5 (BSD-3-Clause)",
            "AREA_OR_POINT": "Area",
        },
    )
