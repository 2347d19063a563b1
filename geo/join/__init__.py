"""Points to units, tables to units, aggregates per unit."""

from geo.join._locate import locate

__all__ = ["locate"]
