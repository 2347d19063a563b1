"""A frame becomes a file of the format that the target's suffix names."""

from functools import partial
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd

from geo.crs import STORAGE_CRS, require_crs
from geo.errors import InputError
from geo.formats.format import Format, Provenance
from geo.formats.geojson import GEOJSON, GEOJSONL
from geo.formats.geopackage import GEOPACKAGE
from geo.formats.geoparquet import GEOPARQUET
from geo.formats.spreadsheets import CSV, XLSX
from geo.write import STDOUT, Outputs

__all__ = ["SUFFIXES", "add_frame"]

_FORMATS: Final[dict[str, Format]] = {
    ".csv": CSV,
    ".geojson": GEOJSON,
    ".geojsonl": GEOJSONL,
    ".gpkg": GEOPACKAGE,
    ".parquet": GEOPARQUET,
    ".xlsx": XLSX,
}
SUFFIXES: Final = tuple(_FORMATS)
"""The suffixes that pick a format."""


def add_frame(
    outputs: Outputs,
    target: str | Path,
    frame: pd.DataFrame,
    *,
    provenance: Provenance | None = None,
) -> None:
    """Stage a frame in the format that the target's suffix names.

    Parameters
    ----------
    outputs
        The run's outputs.
    target
        A path with one of ``SUFFIXES``, or ``"-"`` for GeoJSON (CSV for a plain table) on stdout.
    frame
        In ``STORAGE_CRS`` when it has geometry. Not changed.
    provenance
        What the data are, from where and how; kept in GeoJSON and GeoParquet.

    Raises
    ------
    InputError
        When no format has the suffix, or a plain table is to become a layer.
    CRSError
        When the frame is not in ``STORAGE_CRS``.
    OutputError
        When the file cannot be written whole.

    Examples
    --------
    >>> with Outputs() as outputs:
    ...     add_frame(outputs, "table.doc", pd.DataFrame())
    Traceback (most recent call last):
    geo.errors.InputError: table.doc: no format for this suffix; one of ...
    """
    spatial = isinstance(frame, gpd.GeoDataFrame)
    if spatial:
        require_crs(frame, STORAGE_CRS, name="frame")
    suffix = (".geojson" if spatial else ".csv") if str(target) == STDOUT else Path(target).suffix
    suffix = {".json": ".geojson", ".geojsonseq": ".geojsonl"}.get(suffix.lower(), suffix.lower())
    if suffix not in SUFFIXES:
        msg = f"{target}: no format for this suffix; one of {', '.join(sorted(SUFFIXES))}"
        raise InputError(msg)
    if not spatial and suffix not in (".csv", ".xlsx", ".parquet"):
        msg = f"{target}: a table without geometry is written as .csv, .xlsx or .parquet"
        raise InputError(msg)
    made = _FORMATS[suffix]
    fill = partial(made.fill, frame, provenance or {})
    outputs.add(target, fill, partial(made.check, len(frame)))
