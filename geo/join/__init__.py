"""Points to units, tables to units, aggregates per unit, and distances."""

from geo.join._aggregate import Aggregated, Attached, aggregate, attach, land_area_km2, unit_ids
from geo.join._distance import distance_to_lines, nearest, within_distance
from geo.join._locate import locate, point_xy
from geo.join.index import NOWHERE, UnitIndex, locate_xy, unit_index

__all__ = [
    "NOWHERE",
    "Aggregated",
    "Attached",
    "UnitIndex",
    "aggregate",
    "attach",
    "distance_to_lines",
    "land_area_km2",
    "locate",
    "locate_xy",
    "nearest",
    "point_xy",
    "unit_ids",
    "unit_index",
    "within_distance",
]
