"""A frame as a file: GeoJSON, GeoJSON lines, GeoParquet, GeoPackage, CSV, XLSX.

The suffix of the target picks the format. Every format keeps what it can of the provenance; equal
frames give equal bytes. In CSV and XLSX, cells that a spreadsheet would run as a formula are
defused.
"""

from geo.formats.format import Provenance
from geo.formats.frames import SUFFIXES, add_frame
from geo.formats.geojson import STORED_DECIMALS, geojson_features, geojson_head, geojson_text
from geo.formats.geoparquet import geoparquet_table
from geo.formats.spreadsheets import csv_rows, csv_writer, defuse
from geo.formats.values import json_value

__all__ = [
    "STORED_DECIMALS",
    "SUFFIXES",
    "Provenance",
    "add_frame",
    "csv_rows",
    "csv_writer",
    "defuse",
    "geojson_features",
    "geojson_head",
    "geojson_text",
    "geoparquet_table",
    "json_value",
]
