"""Corridors: buffers of axes, points along and across them, least-cost paths.

- ``buffers``: buffers of axes: all places within a width, their exact area, and what they
  hold.
- ``decay``: decay across an axis: how fast density falls with distance from it, and how sure that
  is.
- ``friction``: friction of the ground: what a metre costs on land, beside rail and road, and on
  slopes.
- ``least_cost``: least-cost corridors: cost distance over a friction surface, the path and the
  corridor around it.
- ``linear_referencing``: where points lie along and across a line: chainage, offset, side (linear
  referencing).
- ``membership``: corridors: who lies on an axis, where along it, how far off it, and how sure that
  is.
- ``profiles``: profiles along an axis: counts, sums and densities by stretch, category and year.
"""

from geo.rooms import modules_of

__all__: list[str] = []

__getattr__, __dir__ = modules_of(__name__)
