"""Options that several commands share, once; metavars carry the format."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from geo.door.rasters import NoData

__all__ = [
    "Datum",
    "Encoding",
    "Explain",
    "Folder",
    "Html",
    "Lang",
    "NoDataCells",
    "Output",
    "OutputEncoding",
    "Overwrite",
    "Sheet",
    "Summary",
    "UnitId",
    "Year",
    "explains",
    "nodata_of",
    "untaken",
]


def untaken(ctx: typer.Context, target: str | None) -> str | None:
    """Refuse a target that exists before any work is done, unless ``--overwrite`` was given.

    Parameters
    ----------
    ctx
        Holds ``overwrite``, which is read before other options.
    target
        Of an option that names a file to write; a folder may be one to resume.

    Returns
    -------
    str or None
        The target.

    Raises
    ------
    OutputError
        When it is a file.
    """
    if target not in (None, "-") and not ctx.params.get("overwrite"):
        from geo.errors import OutputError

        if Path(str(target)).expanduser().is_file():
            msg = f"{target}: exists already; --overwrite replaces it"
            raise OutputError(msg)
    return target


Output = Annotated[
    str,
    typer.Option(
        "-o",
        "--output",
        metavar="FILE",
        help="Where to write; the suffix picks .geojson, .geojsonl, .parquet, .gpkg, .shp, .fgb, "
        ".kml, .dxf (metres), .gdb (a folder), .csv or .xlsx; - is stdout.",
        callback=untaken,
    ),
]
OutputEncoding = Annotated[
    str,
    typer.Option(
        "--output-encoding",
        metavar="UTF-8|GBK",
        help="Of the texts of .csv and .shp files that are written.",
    ),
]
Overwrite = Annotated[
    bool, typer.Option("--overwrite", is_eager=True, help="Replace files that exist.")
]
Folder = Annotated[
    Path, typer.Option("-o", "--output", metavar="FOLDER", help="Folder to write into.")
]
Explain = Annotated[
    bool, typer.Option("--explain", help="Print formula, reference and caveat; measure nothing.")
]


def explains(*formula_ids: str) -> Any:
    """Make an ``--explain`` that needs no other argument: it prints the formulas and ends.

    Parameters
    ----------
    *formula_ids
        Ids of formulas as the register has them.

    Returns
    -------
    typer.Option
        For ``Annotated[bool, …]``.
    """

    def tell(wanted: bool) -> None:
        from geo.cli.results import explained

        if wanted:
            explained(formula_ids)
            raise typer.Exit

    told = "Print formulas, references and caveats; measure nothing."
    return typer.Option("--explain", is_eager=True, callback=tell, help=told)


Summary = Annotated[
    str | None,
    typer.Option(
        "--summary",
        metavar="S.json",
        help="Write the headline as data: numerator, denominator, what is left out, sentence.",
        callback=untaken,
    ),
]
Datum = Annotated[
    str,
    typer.Option(
        metavar="auto|wgs84|gcj02|bd09|cgcs2000|EPSG:n", help="Datum of a file's coordinates."
    ),
]
Sheet = Annotated[
    str | None,
    typer.Option(metavar="S", help="Sheet of a workbook; layer of a file of several."),
]
Encoding = Annotated[
    str | None,
    typer.Option(metavar="E", help="Of a text or a shapefile's table: utf-8, gb18030, big5 …"),
]
UnitId = Annotated[
    str | None,
    typer.Option("--id", metavar="COLUMN", help="The id of the units, of a file in --to."),
]
POINTS = (
    "A layer's id, a file or - for stdin: CSV, TSV, XLSX, XLS, ODS, GeoJSON, GeoPackage, "
    "shapefile (zipped too), Parquet, FlatGeobuf, KML, KMZ, DXF, MapInfo, .gdb."
)
TABLE = "A table: CSV, TSV, XLSX, XLS, ODS, Parquet or a vector file; - is stdin."
LAYER = (
    "A layer's id or a file: GeoJSON, GeoPackage, shapefile (zipped too), GeoParquet, FlatGeobuf, "
    "KML, KMZ, DXF, MapInfo, .gdb."
)
RASTER = "A GeoTIFF."
PLAN = "A shipped plan's id, or a plan file (YAML)."
FLOWS = f"Columns origin, destination, weight and maybe year, or a square matrix. {TABLE}"
NODES = "Units; the region's cities by default."
NoDataCells = Annotated[
    str | None,
    typer.Option(
        "--nodata",
        metavar="VALUE|none",
        help="No data beside what the raster declares; by default -9999 and the like, far outside "
        "the other values, are; none: they are values.",
    ),
]


def nodata_of(wanted: str | None) -> "NoData":
    """Return what ``--nodata`` says as the reader of rasters takes it.

    Parameters
    ----------
    wanted
        Text of ``--nodata`` as the user wrote it.

    Returns
    -------
    float or str
        A number, ``"none"``, or ``"look"`` by default.

    Raises
    ------
    InputError
        When it is neither a number nor *none*.
    """
    import math

    from geo.errors import InputError

    if wanted is None:
        return "look"
    if wanted.strip().lower() == "none":
        return "none"
    try:
        value = float(wanted)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        msg = f"--nodata is {wanted!r}; give a number, or none"
        raise InputError(msg)
    return value


Year = Annotated[str | None, typer.Option(metavar="C", help="The column with years.")]
Html = Annotated[
    str | None,
    typer.Option(
        "--html",
        metavar="F.html",
        help="Write the page with the same numbers.",
        callback=untaken,
    ),
]


def _known_language(lang: str) -> str:
    from geo.errors import UnknownIdError

    languages = ("zh", "en", "ja")
    if lang not in languages:
        kind = "language"
        raise UnknownIdError(kind, lang, languages)
    return lang


Lang = Annotated[
    str,
    typer.Option(
        "--lang",
        metavar="zh|en|ja",
        callback=_known_language,
        help="Language that a page or a terminal shows first.",
    ),
]
