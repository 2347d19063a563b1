"""A frame as a file: GeoJSON, GeoParquet, GeoPackage, Shapefile, FlatGeobuf, KML, DXF and others.

The suffix of the target picks the format. Every format keeps what it can of the provenance and
says what it cannot hold; equal frames give equal bytes. In CSV and XLSX, cells that a spreadsheet
would run as a formula are defused.
"""

from geo.formats.format import Provenance, json_value
from geo.formats.formulas import defuse
from geo.formats.frames import (
    ENCODING,
    SUFFIXES,
    add_frame,
    check_file,
    encoding_for,
    outputs_for,
    require_encoding,
    suffix_of,
)
from geo.formats.geojson import STORED_DECIMALS, geojson_features, geojson_head, geojson_text
from geo.formats.geoparquet import geoparquet_metadata, geoparquet_table, parquet_rows
from geo.formats.spreadsheets import csv_rows, csv_writer, open_csv

__all__ = [
    "ENCODING",
    "STORED_DECIMALS",
    "SUFFIXES",
    "Provenance",
    "add_frame",
    "check_file",
    "csv_rows",
    "csv_writer",
    "defuse",
    "encoding_for",
    "geojson_features",
    "geojson_head",
    "geojson_text",
    "geoparquet_metadata",
    "geoparquet_table",
    "json_value",
    "open_csv",
    "outputs_for",
    "parquet_rows",
    "require_encoding",
    "suffix_of",
]
