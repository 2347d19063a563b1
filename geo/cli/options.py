"""Options that several commands share, once; metavars carry the format."""

from pathlib import Path
from typing import Annotated, Any

import typer

__all__ = [
    "Datum",
    "Encoding",
    "Explain",
    "Folder",
    "Html",
    "Lang",
    "Output",
    "Overwrite",
    "Sheet",
    "Summary",
    "Year",
    "explains",
]

Output = Annotated[
    str,
    typer.Option(
        "-o",
        "--output",
        metavar="FILE",
        help="Where to write; the suffix picks .geojson, .geojsonl, .parquet, .gpkg, .csv or "
        ".xlsx; - is stdout.",
    ),
]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace files that exist.")]
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
        As registered.

    Returns
    -------
    typer.Option
        For ``Annotated[bool, …]``.
    """

    def tell(wanted: bool) -> None:
        from geo.cli.results import explained  # noqa: PLC0415

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
POINTS = (
    "A layer's id, a file or - for stdin: CSV, TSV, XLSX, XLS, ODS, GeoJSON, GeoPackage, "
    "shapefile (zipped too), Parquet, FlatGeobuf, KML, KMZ, DXF, MapInfo, .gdb."
)
TABLE = "A table: CSV, TSV, XLSX, XLS, ODS, Parquet or a vector file; - is stdin."
LAYER = (
    "A layer's id or a file: GeoJSON, GeoPackage, shapefile (zipped too), GeoParquet, FlatGeobuf, "
    "KML, KMZ, DXF, MapInfo, .gdb."
)
FLOWS = f"Columns origin, destination, weight and maybe year, or a square matrix. {TABLE}"
NODES = "Units; the 13 cities by default."
Year = Annotated[str | None, typer.Option(metavar="C", help="The column with years.")]
Html = Annotated[
    str | None,
    typer.Option("--html", metavar="F.html", help="Write the page with the same numbers."),
]


def _known_language(lang: str) -> str:
    from geo.errors import UnknownIdError  # noqa: PLC0415

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
