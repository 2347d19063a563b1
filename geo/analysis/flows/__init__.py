"""Flows between places: tables, network measures, backbone and axes, growth.

- ``axes``: axes of a flow network, their sensitivity to settings and their confidence.
- ``backbone``: dominant flows, and the backbone by the disparity filter.
- ``core_periphery``: core and periphery of a flow network, under a named ideal pattern.
- ``growth``: yearly growth: compound, log-linear, mean of the yearly rates.
- ``interaction``: gravity model and Wilson's doubly constrained model.
- ``lines``: flows as lines, for layers and maps.
- ``measures``: density, strength, centrality, centralisation, communities.
- ``quadratic_assignment``: QAP regression between matrices, with permutation tests.
- ``report``: report on the axis rule: result, confidence, sensitivity and network measures.
- ``table``: tables of flows: reading, checking, conversion to a matrix.
- ``verdicts``: result of the axis rule as one sentence in three languages, and as a record.
"""

from geo.rooms import modules_of

__all__: list[str] = []

__getattr__, __dir__ = modules_of(__name__)
