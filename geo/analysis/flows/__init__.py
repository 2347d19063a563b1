"""Flows between places: tables, measures of the network, its backbone and axes, their growth.

- ``axes``: axes of a network of flows, and how far they depend on counts and settings.
- ``backbone``: the structure of a flow network: who leans on whom, and which flows stand out.
- ``core_periphery``: the core and the periphery of a flow network, under an ideal that is named.
- ``growth``: growth by year, under its three names: compound, log-linear, mean of the years' rates.
- ``interaction``: linkage between cities computed from sizes and distances: gravity and Wilson's
  model.
- ``lines``: flows as lines, for layers and maps.
- ``measures``: measures of a network of flows: dominance, centrality, communities.
- ``quadratic_assignment``: QAP regression: what a relation between units owes to other relations
  between them.
- ``report``: everything that supports or weakens the answer of the axis rule, in one record.
- ``table``: tables of flows: reading one, its ends, its matrix and its years.
- ``verdicts``: result of the axis rule as one sentence in three languages, and as a record.
"""

from geo.rooms import modules_of

__all__: list[str] = []

__getattr__, __dir__ = modules_of(__name__)
