"""Coordination of systems: composite indicators, coupling, development over the years.

- ``coupling``: coupling coordination degree, synergy of subsystems, development index.
- ``indicators``: rescaling with pooled bounds, entropy weights, scores of subsystems.
"""

from geo.rooms import modules_of

__all__: list[str] = []

__getattr__, __dir__ = modules_of(__name__)
