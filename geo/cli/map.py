"""``jjj map``: an interactive map of shipped layers and files, as one page without network."""

import logging
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from geo.cli.options import Overwrite, Summary, untaken

_log = logging.getLogger(__name__)

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)


class Lang(StrEnum):
    """Language in which the page opens."""

    ZH = "zh"
    EN = "en"
    JA = "ja"


Layers = Annotated[
    list[str],
    typer.Argument(
        metavar="LAYER|FILE…",
        help="Ids of shipped layers (jjj layers list), or files: GeoJSON, GeoPackage, "
        "shapefile (zipped too), Parquet, FlatGeobuf, KML, KMZ, DXF, MapInfo, .gdb, GeoTIFF, "
        "or a table (CSV, TSV, XLSX, XLS, ODS) with coordinates or county codes. Areas lie "
        "below, points above.",
    ),
]
Output = Annotated[
    Path,
    typer.Option(
        "-o", "--output", metavar="FILE.html", callback=untaken, help="The page; - is stdout."
    ),
]
ColourBy = Annotated[
    str | None,
    typer.Option(
        metavar="COLUMN",
        help="Colour by a column of kinds or numbers; what is taken by default is said.",
    ),
]
Time = Annotated[
    str | None,
    typer.Option(metavar="COLUMN", help="Years or dates for the time slider; found by default."),
]
Title = Annotated[str | None, typer.Option(help="Headline; the layers' names by default.")]
LangOption = Annotated[Lang, typer.Option(help="Language in which the page opens.")]
ReviewNumber = Annotated[
    str | None, typer.Option(metavar="GS…", help="审图号 of this map, if it has one.")
]
Basemap = Annotated[
    list[str] | None,
    typer.Option(metavar="ID", help="Online basemap to offer, off: tianditu, gaode, osm."),
]
Overview = Annotated[
    bool, typer.Option(help="Small map of the region in a corner, with the view's frame.")
]
Sheet = Annotated[
    str | None,
    typer.Option(metavar="S", help="Sheet of a workbook; layer of a file of several (all)."),
]
Datum = Annotated[
    str,
    typer.Option(
        metavar="DATUM",
        help="Of the coordinates: auto, wgs84, cgcs2000, gcj02 (Amap), bd09 or EPSG:n.",
    ),
]
Encoding = Annotated[
    str | None, typer.Option(metavar="E", help="Of a text table: utf-8, gb18030, big5 …")
]


@app.command()
def draw(  # noqa: PLR0917 - typer hands over by name
    layers: Layers,
    output: Output,
    colour_by: ColourBy = None,
    time: Time = None,
    title: Title = None,
    lang: LangOption = Lang.ZH,
    review_number: ReviewNumber = None,
    basemap: Basemap = None,
    overview: Overview = False,
    sheet: Sheet = None,
    datum: Datum = "auto",
    encoding: Encoding = None,
    summary: Summary = None,
    overwrite: Overwrite = False,
) -> None:
    """Make an interactive map of layers and files: one HTML file that needs no network.

    Colours, time steps, names and ground are chosen by what the files hold; one line a file on
    stderr says which columns were taken.
    """
    from geo.cli.summary import add_summary, headline
    from geo.render.any_file.inputs import Reading
    from geo.render.any_file.quick import quick_map
    from geo.render.any_file.summary import described, drawn_sentence
    from geo.render.basemaps import chosen
    from geo.write import Outputs

    _require_page(output)
    made = quick_map(
        layers,
        colour_by=colour_by,
        time=time,
        title=title,
        lang=lang.value,
        review=review_number,
        reading=Reading(sheet, datum, encoding),
    )
    made.basemaps = chosen(basemap or ())
    made.overview = overview
    if overview and not made.payload()["overview"]:
        _log.warning("--overview: nothing here lies in the region, so there is no small map of it")
    with Outputs(overwrite=overwrite) as outputs:
        outputs.text(output, made.html())
        if summary is not None:
            shown = described(made)
            own = [one for one in shown["layers"] if one["given"]]
            drawn = sum(one["drawn"] for one in own)
            rows = drawn + sum(one["left_out"] for one in own)
            lost = {"no place": rows - drawn} if rows > drawn else {}
            told = headline(drawn, rows, drawn_sentence(drawn, rows).described(), lost)
            add_summary(outputs, summary, told, **shown)


def _require_page(output: Path) -> None:
    """Refuse to write a page over what is none, such as the file that is to be drawn."""
    if str(output) == "-" or output.suffix.lower() in (".html", ".htm"):
        return
    from geo.errors import OutputError

    msg = f"{output}: a map is a page; let its name end in .html"
    raise OutputError(msg)
