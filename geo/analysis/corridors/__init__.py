"""Corridors: buffers of axes, points along and across them, least-cost paths.

- ``buffers``: buffers of axes: polygons, exact areas, length of lines inside.
- ``decay``: fit of an exponential decay of density with distance from an axis.
- ``friction``: friction surface: cost of a metre on land, on road and rail, and on slopes.
- ``least_cost``: cost distance over a friction surface, least-cost paths and corridors.
- ``linear_referencing``: chainage, offset and side of points on a line.
- ``membership``: which points lie in a corridor, and how certain that is.
- ``profiles``: profiles along an axis: counts, sums and densities by stretch, category and year.
"""

from geo.rooms import modules_of

__all__: list[str] = []

__getattr__, __dir__ = modules_of(__name__)
