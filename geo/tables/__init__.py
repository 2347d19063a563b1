"""A user's own file becomes a clean point layer, with a report of every row."""

from geo.door.cells import CellTable, read_cells
from geo.tables.datum_decision import DatumDecision
from geo.tables.layers_in import full_layers, is_table, layers_of, open_layer
from geo.tables.plain import PlainTable, read_table
from geo.tables.points import PointChunks, PointTable, iter_points, read_points

__all__ = [
    "CellTable",
    "DatumDecision",
    "PlainTable",
    "PointChunks",
    "PointTable",
    "full_layers",
    "is_table",
    "iter_points",
    "layers_of",
    "open_layer",
    "read_cells",
    "read_points",
    "read_table",
]
