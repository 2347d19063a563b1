"""Points to units, tables to units, aggregates per unit."""
