"""Surfaces: densities on a grid, and what a raster holds by unit.

- ``density``: density surfaces: kernel smoothing of points on a grid, and its change by year.
- ``zonal``: rasters against units: exact zonal statistics, Horn's hillshade, clipping.
"""

from geo.rooms import modules_of

__all__: list[str] = []

__getattr__, __dir__ = modules_of(__name__)
