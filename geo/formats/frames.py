"""Writing of a frame in the format of the target's suffix."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd
from pyproj import CRS

from geo.crs import STORAGE_CRS, require_crs
from geo.errors import InputError, OutputError
from geo.formats.dxf import dxf_format
from geo.formats.format import Format, Provenance
from geo.formats.gdal import FLATGEOBUF, GEODATABASE, GEOPACKAGE, KML
from geo.formats.geojson import GEOJSON, GEOJSONL
from geo.formats.geoparquet import GEOPARQUET
from geo.formats.shapefile import SHAPEFILE_ENCODINGS, shapefile
from geo.formats.spreadsheets import XLSX, csv_format
from geo.write import STDOUT, Outputs

__all__ = [
    "ENCODING",
    "SUFFIXES",
    "add_frame",
    "check_file",
    "encoding_for",
    "outputs_for",
    "require_encoding",
    "suffix_of",
]

ENCODING: Final = SHAPEFILE_ENCODINGS[0]
"""Of every text that we write unless asked for another one."""
_FORMATS: Final[dict[str, Format]] = {
    ".csv": csv_format(ENCODING),
    ".dxf": dxf_format(),
    ".fgb": FLATGEOBUF,
    ".gdb": GEODATABASE,
    ".geojson": GEOJSON,
    ".geojsonl": GEOJSONL,
    ".gpkg": GEOPACKAGE,
    ".kml": KML,
    ".parquet": GEOPARQUET,
    ".shp": shapefile(ENCODING),
    ".xlsx": XLSX,
}
SUFFIXES: Final = tuple(_FORMATS)
"""The suffixes that pick a format."""
_ENCODED: Final = {".csv": csv_format, ".shp": shapefile}
"""Formats that may be written in another encoding."""
_TABLES: Final = (".csv", ".xlsx", ".parquet")
_OTHER_WORDS: Final = {".json": ".geojson", ".geojsonseq": ".geojsonl"}


def suffix_of(target: str | Path, *, spatial: bool = True) -> str:
    """Return the suffix of the format that a target names.

    Parameters
    ----------
    target
        Path of the output file, or ``"-"`` for standard output.
    spatial
        Whether there is geometry, which decides what stdout gets.

    Returns
    -------
    str
        One of ``SUFFIXES``, or what the path ends with.

    Examples
    --------
    >>> suffix_of("A.JSON"), suffix_of("-", spatial=False)
    ('.geojson', '.csv')
    """
    if str(target) == STDOUT:
        return ".geojson" if spatial else ".csv"
    suffix = Path(target).suffix.lower()
    return _OTHER_WORDS.get(suffix, suffix)


def require_encoding(target: str | Path, encoding: str) -> str:
    """Check an output encoding, and that the target's format supports it.

    Parameters
    ----------
    target
        Path of the output file, or ``"-"`` for standard output.
    encoding
        ``UTF-8``, or ``GBK`` for a CSV file or a shapefile; small letters are taken too.

    Returns
    -------
    str
        In capitals.

    Raises
    ------
    InputError
        When the format has it not.

    Examples
    --------
    >>> require_encoding("a.shp", "gbk")
    'GBK'
    >>> require_encoding("a.gpkg", "GBK")
    Traceback (most recent call last):
    geo.errors.InputError: a.gpkg: only .csv and .shp are written in GBK; all other ones in UTF-8
    """
    wanted = {"UTF8": "UTF-8", "CP936": "GBK"}.get(encoding.upper(), encoding.upper())
    if wanted not in SHAPEFILE_ENCODINGS:
        msg = f"{target}: encoding {encoding!r}; one of {', '.join(SHAPEFILE_ENCODINGS)}"
        raise InputError(msg)
    if wanted != ENCODING and suffix_of(target) not in _ENCODED:
        msg = f"{target}: only .csv and .shp are written in {wanted}; all other ones in UTF-8"
        raise InputError(msg)
    return wanted


def outputs_for(
    target: str | Path, *, encoding: str, overwrite: bool, metres: CRS | None = None
) -> Outputs:
    """Begin the outputs of a run in the encoding that its user asked for.

    Parameters
    ----------
    target
        Path of the main result, or ``"-"`` for standard output.
    encoding
        As ``require_encoding``; results beside the main one have it where their format can.
    overwrite
        Whether files may be replaced.
    metres
        The projection of formats that need metres (DXF); the UTM zone of the data by default.

    Returns
    -------
    Outputs
        Nothing is staged yet.

    Raises
    ------
    InputError
        When the main result is not written in that encoding.

    Examples
    --------
    >>> outputs_for("a.csv", encoding="gbk", overwrite=False).encoding
    'GBK'
    """
    return Outputs(overwrite=overwrite, encoding=require_encoding(target, encoding), metres=metres)


def encoding_for(outputs: Outputs, target: str | Path) -> str:
    """Return the encoding in which a target is written.

    Parameters
    ----------
    outputs
        Files of the run, staged and published together at its end.
    target
        Path of the output file, or ``"-"`` for standard output.

    Returns
    -------
    str
        That of the outputs where the format has a choice.

    Examples
    --------
    >>> encoding_for(Outputs(encoding="GBK"), "a.xlsx")
    'UTF-8'
    """
    return outputs.encoding if suffix_of(target) in _ENCODED else ENCODING


def check_file(suffix: str, expected: int, path: Path) -> None:
    """Read a file back and count its rows.

    Parameters
    ----------
    suffix
        Suffix of the format, one of ``SUFFIXES``.
    expected
        Number of rows that were written.
    path
        Path of the file that is read back.

    Raises
    ------
    OutputError
        When it does not hold them.
    """
    _FORMATS[suffix].check(expected, path)


def add_frame(
    outputs: Outputs,
    target: str | Path,
    frame: pd.DataFrame,
    *,
    provenance: Provenance | None = None,
    encoding: str | None = None,
) -> None:
    """Stage a frame in the format that the target's suffix names.

    What a format cannot hold is logged as one warning.

    Parameters
    ----------
    outputs
        Files of the run, staged and published together at its end.
    target
        A path with one of ``SUFFIXES``, or ``"-"`` for GeoJSON (CSV for a plain table) on stdout.
    frame
        In ``STORAGE_CRS`` when it has geometry. Not changed.
    provenance
        What the data are, from where and how; kept where the format has a place for it.
    encoding
        Of the texts of CSV and shapefiles: ``UTF-8`` or ``GBK``; by default what the outputs say.

    Raises
    ------
    InputError
        When no format has the suffix, a plain table is to become a layer, or the format holds
        one kind of geometry and the frame has several.
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
    made = _format(target, encoding or encoding_for(outputs, target), spatial=spatial)
    if suffix_of(target) == ".dxf":
        made = dxf_format(outputs.metres)
    fill = _named(target, partial(made.fill, frame, provenance or {}))
    check = _named(target, partial(made.check, len(frame)))
    if made.folder is not None:
        outputs.add_folder(target, fill, check, replaceable=made.folder)
    elif made.beside:
        outputs.add_set(target, fill, check, beside=made.beside)
    else:
        outputs.add(target, fill, check)


def _format(target: str | Path, encoding: str, *, spatial: bool) -> Format:
    suffix = suffix_of(target, spatial=spatial)
    if suffix not in SUFFIXES:
        msg = f"{target}: no format for this suffix; one of {', '.join(sorted(SUFFIXES))}"
        raise InputError(msg)
    if not spatial and suffix not in _TABLES:
        msg = f"{target}: a table without geometry is written as .csv, .xlsx or .parquet"
        raise InputError(msg)
    encoding = require_encoding(target, encoding)
    return _FORMATS[suffix] if encoding == ENCODING else _ENCODED[suffix](encoding)


def _named(target: str | Path, step: Callable[[Path], None]) -> Callable[[Path], None]:
    """Let the errors of a step begin with the target, whose name a format does not know."""

    def named(path: Path) -> None:
        try:
            step(path)
        except (InputError, OutputError) as error:
            msg = f"{target}: {error}"
            raise type(error)(msg) from error

    return named
