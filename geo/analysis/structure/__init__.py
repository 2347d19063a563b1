"""Structure of a region: centres, rank and size, inequality, spatial autocorrelation.

- ``autocorrelation``: global and local Moran's I, Getis and Ord's Gi*.
- ``centres``: mean centre, median centre, standard deviational ellipse, density of units.
- ``inequality``: Theil and Gini, weighted, between and within groups.
- ``rank_size``: rank-size rule, primacy, polycentricity.
- ``weights``: spatial weights of units, and panels of values by unit and year.
"""

from geo.rooms import modules_of

__all__: list[str] = []

__getattr__, __dir__ = modules_of(__name__)
