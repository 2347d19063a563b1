"""Point patterns: nearest neighbours, Ripley's K.

- ``patterns``: nearest neighbours, Ripley's K and its local form, in a study window.
- ``positions``: coordinates, weights and years of points, as every measure on points reads them.
"""

from geo.rooms import modules_of

__all__: list[str] = []

__getattr__, __dir__ = modules_of(__name__)
