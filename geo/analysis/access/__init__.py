"""Access: networks, travel times over them, and what can be reached.

- ``accessibility``: what can be reached, from a table of travel times: formulas that need no
  network.
- ``network``: a network for travel: its edges with speeds, its stops, routes over it.
- ``travel_times``: travel times over a network, and the areas within reach.
"""

from geo.rooms import modules_of

__all__: list[str] = []

__getattr__, __dir__ = modules_of(__name__)
