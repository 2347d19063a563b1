"""A plan: its circles and zones, how sites fit them, the state of its targets.

- ``agreement``: comparison of found axes with drawn axes, and of their order.
- ``candidates``: how many sets of units fit a published area.
- ``circles``: circles of a plan: sites and shares in each, by list, radius and travel time.
- ``fit``: sites in the corridors and zones of a plan, and how they fit their roles.
- ``scorecard``: monitoring, assessment and early warning (监测、评估、预警) of a plan's targets.
"""

from geo.rooms import modules_of

__all__: list[str] = []

__getattr__, __dir__ = modules_of(__name__)
