"""Surfaces: densities on a grid, zonal statistics of rasters.

- ``density``: kernel density of points on a grid, also by year.
- ``zonal``: zonal statistics by unit, Horn's hillshade, clipping.
"""

from geo.rooms import modules_of

__all__: list[str] = []

__getattr__, __dir__ = modules_of(__name__)
