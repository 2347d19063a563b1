"""Coordination of systems: composite indicators, coupling, development over the years.

- ``coupling``: coupling and coordination of several systems, and their development over the years.
- ``indicators``: indicators to scores: bounds pooled over the years, entropy weights, one score a
  subsystem.
"""

from geo.rooms import modules_of

__all__: list[str] = []

__getattr__, __dir__ = modules_of(__name__)
