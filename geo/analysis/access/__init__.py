"""Access: transport networks, travel times, accessibility measures, isochrones.

- ``accessibility``: accessibility measures from a table of travel times; no network is needed.
- ``network``: a transport network: edges with speeds, stops attached to it, shortest paths.
- ``travel_times``: travel times by road and rail, and isochrones.
"""

from geo.rooms import modules_of

__all__: list[str] = []

__getattr__, __dir__ = modules_of(__name__)
