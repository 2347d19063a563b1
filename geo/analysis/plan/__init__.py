"""A plan: its circles and nodes, how sites lie in it, how its targets stand.

- ``agreement``: axes found against axes drawn: how far two sets of lines say the same.
- ``candidates``: how many sets of units fit a published area: what an area alone can and cannot
  confirm.
- ``circles``: circles of a plan, and how much of a total lies in each.
- ``fit``: how points lie in the areas of a plan.
- ``scorecard``: monitoring, assessment and early warning (监测、评估、预警) of a plan's targets.
"""

from geo.rooms import modules_of

__all__: list[str] = []

__getattr__, __dir__ = modules_of(__name__)
