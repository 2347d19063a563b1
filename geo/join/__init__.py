"""Points to units, tables to units, aggregates per unit."""

from geo.join._aggregate import Aggregated, aggregate, land_area_km2
from geo.join._attach import Attached, attach
from geo.join._locate import locate

__all__ = ["Aggregated", "Attached", "aggregate", "attach", "land_area_km2", "locate"]
