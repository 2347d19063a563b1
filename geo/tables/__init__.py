"""A user's own file becomes a clean point layer, with a report of every row."""

from geo.tables.layers_in import open_layer

__all__ = ["open_layer"]
