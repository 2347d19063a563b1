"""Structure of a region: centres, rank and size, inequality, spatial autocorrelation.

- ``autocorrelation``: spatial autocorrelation of units, over all of them and one by one.
- ``centres``: centres of a distribution and the structure around them: mean, median, ellipse.
- ``inequality``: how unequal units are, and how much of it lies between groups: Theil and Gini,
  weighted.
- ``rank_size``: how sizes fall off from the largest city down: rank-size, primacy, polycentricity.
- ``weights``: neighbours of units, and the values that are laid over them.
"""

from geo.rooms import modules_of

__all__: list[str] = []

__getattr__, __dir__ = modules_of(__name__)
