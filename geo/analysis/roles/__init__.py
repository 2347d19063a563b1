"""Roles of cities: functions, specialisation, and links between firms.

- ``chains``: where firms sit: headquarters with their branches, and the stages of a chain.
- ``firms``: brain, hand, ground: what each city does in the region, from its sites and firms.
- ``specialisation``: specialisation of regions and agglomeration of industries.
"""

from geo.rooms import modules_of

__all__: list[str] = []

__getattr__, __dir__ = modules_of(__name__)
