"""Pure measures: frames in, Series and frames out; no disk, no Folium.

- ``access``: networks, travel times over them, and what can be reached.
- ``coordination``: composite indicators, coupling, development over the years.
- ``corridors``: who lies on an axis, where along it, how far off it.
- ``flows``: flows between places: tables, measures of the network, its backbone and axes, their
  growth.
- ``plan``: its circles and nodes, how sites lie in it, how its targets stand.
- ``points``: where they cluster, and at which distance.
- ``result``: a result with its formula, its count and what was left out; the register of all
  formulas.
- ``roles``: what each city does in the region, how specialised it is, how its firms are linked.
- ``structure``: centres, rank and size, inequality, spatial autocorrelation.
- ``surfaces``: densities on a grid, and what a raster holds by unit.
- ``years``: one measure, a year at a time: a table with a ``year`` column yields a series.
"""

from geo.rooms import modules_of

__all__: list[str] = []

__getattr__, __dir__ = modules_of(__name__)
