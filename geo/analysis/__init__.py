"""Pure measures: frames in, Series and frames out; no disk, no Folium.

- ``access``: transport networks, travel times, accessibility measures.
- ``coordination``: composite indicators, coupling, development over the years.
- ``corridors``: buffers of axes, points along and across them, least-cost paths.
- ``flows``: flows between places: tables, network measures, backbone and axes, growth.
- ``plan``: circles and zones of a plan, how sites fit them, the state of its targets.
- ``points``: point patterns: nearest neighbours, Ripley's K.
- ``result``: a result with its formula and counts; the register of all formulas.
- ``roles``: functions of cities, specialisation, and links between firms.
- ``structure``: centres, rank and size, inequality, spatial autocorrelation.
- ``surfaces``: densities on a grid, zonal statistics of rasters.
- ``years``: measures by year: a table with a ``year`` column is measured year by year.
"""

from geo.rooms import modules_of

__all__: list[str] = []

__getattr__, __dir__ = modules_of(__name__)
