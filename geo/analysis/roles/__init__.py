"""Roles of cities: functions, specialisation, and links between firms.

- ``chains``: headquarters and branches, and links by stage of the value chain.
- ``firms``: functional roles (research, manufacturing, application) from sites and firms.
- ``specialisation``: specialisation of regions and concentration of industries.
"""

from geo.rooms import modules_of

__all__: list[str] = []

__getattr__, __dir__ = modules_of(__name__)
