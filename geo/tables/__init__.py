"""Conversion of a user's file to a point layer, with a report of every row."""

from geo.door.cells import CellTable, read_cells
from geo.tables.datum import DatumDecision
from geo.tables.figures_by_code import PlainTable, read_table
from geo.tables.points import PointChunks, PointTable, iter_points, read_points
from geo.tables.units import features_named, full_layers, is_table, log_account, open_layer

__all__ = [
    "CellTable",
    "DatumDecision",
    "PlainTable",
    "PointChunks",
    "PointTable",
    "features_named",
    "full_layers",
    "is_table",
    "iter_points",
    "log_account",
    "open_layer",
    "read_cells",
    "read_points",
    "read_table",
]
