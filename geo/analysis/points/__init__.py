"""Points: where they cluster, and at which distance.

- ``patterns``: point patterns: nearest neighbours, Ripley's K and its local form, in a window.
- ``positions``: points as coordinates, weights and years: the door of every measure on points.
"""

from geo.rooms import modules_of

__all__: list[str] = []

__getattr__, __dir__ = modules_of(__name__)
