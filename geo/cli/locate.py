"""``jjj locate``: place the rows of a table in counties, every row accounted for."""

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from geo.cli.options import LAYER, Output, OutputEncoding, Overwrite, Summary, UnitId, untaken

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd

    from geo.tables import PointTable
    from geo.tables.report import Account
    from geo.tables.units import Units
    from geo.write import Outputs

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)

Column = Annotated[str | None, typer.Option(metavar="COLUMN")]
_WHOLE_ROWS: Final = 200_000
"""Up to here a table is held at once; larger ones are read, joined and written in pieces."""


Table = Annotated[
    str,
    typer.Argument(
        metavar="TABLE",
        help="CSV, TSV, XLSX, XLS, ODS, GeoJSON, GeoPackage, shapefile (zipped too), "
        "Parquet, FlatGeobuf, KML, KMZ, DXF, MapInfo or .gdb; - is stdin.",
    ),
]
To = Annotated[
    str | None,
    typer.Option(
        metavar="LAYER|FILE",
        help=f"The units that rows are placed in; the region's smallest. {LAYER}",
    ),
]
Datum = Annotated[
    str,
    typer.Option(metavar="DATUM", help="auto, wgs84, cgcs2000, gcj02, bd09 or EPSG:n."),
]
Lon = Annotated[
    str | None,
    typer.Option(metavar="COLUMN", help="Longitude or easting, or both in one cell, or WKT."),
]
Lat = Annotated[str | None, typer.Option(metavar="COLUMN", help="Latitude or northing.")]
Code = Annotated[str | None, typer.Option(metavar="COLUMN", help="County code (GB/T 2260).")]
Encoding = Annotated[str | None, typer.Option(metavar="E", help="utf-8, gb18030, big5, utf-16 …")]
Sheet = Annotated[
    str | None, typer.Option(metavar="S", help="Sheet of a workbook, layer of a GeoPackage.")
]
Report = Annotated[
    str | None,
    typer.Option(metavar="R.json|.csv", callback=untaken, help="Write what became of every row."),
]
Parts = Annotated[
    bool,
    typer.Option(
        "--parts",
        help="Any size: Parquet (a folder of them too) or CSV into a folder of GeoParquet "
        "parts; the same words again take a stopped run up.",
    ),
]
PartRows = Annotated[
    int, typer.Option(metavar="N", min=1, help="With --parts: about how many rows each.")
]
Scheduler = Annotated[
    str | None,
    typer.Option(
        metavar="local[N]|ADDRESS",
        help="With --parts: several processes here, or a Dask scheduler's workers.",
    ),
]


@app.command()
def locate(
    table: Table,
    *,
    output: Output = "-",
    output_encoding: OutputEncoding = "UTF-8",
    to: To = None,
    key: UnitId = None,
    datum: Datum = "auto",
    lon: Lon = None,
    lat: Lat = None,
    name: Column = None,
    address: Column = None,
    code: Code = None,
    encoding: Encoding = None,
    sheet: Sheet = None,
    report: Report = None,
    summary: Summary = None,
    parts: Parts = False,
    part_rows: PartRows = 1_000_000,
    scheduler: Scheduler = None,
    overwrite: Overwrite = False,
) -> None:
    """Place the rows of a table in counties, every row accounted for.

    Rows keep their columns and their order. The county, its city and province, how exact the
    place is and whether that is enough to be sure are added. What was repaired or refused, and
    which datum the coordinates were found to be in, is told on stderr and in --report.
    """
    from geo.cli.inputs import provenance_of
    from geo.cli.summary import (
        add_summary,
        outputs_for,
    )
    from geo.formats import require_encoding
    from geo.layers import about
    from geo.streams import can_stream
    from geo.tables import iter_points
    from geo.tables.units import units_named

    units = units_named(to, key=key)
    to = units.name
    accuracy_m = float(about(to).get("accuracy_m") or 0.0)
    if parts or scheduler is not None:
        unused = {
            "--name": name, "--address": address, "--code": code, "--report": report,
            "--sheet": sheet, "--summary": summary,
            "--output-encoding": None if output_encoding == "UTF-8" else output_encoding,
        }  # fmt: skip
        given = [option for option, value in unused.items() if value is not None]
        if given:
            msg = f"--parts places by coordinates only; {given[0]} works without it"
            raise typer.BadParameter(msg)
        _in_parts(
            table, output, units, accuracy_m, scheduler=scheduler,
            lon=lon, lat=lat, datum=datum, rows=part_rows, encoding=encoding,
            overwrite=overwrite,
        )  # fmt: skip
        return
    require_encoding(output, output_encoding)
    chunks = iter_points(
        table,
        columns=_named_columns(lon=lon, lat=lat, name=name, address=address, code=code),
        datum=datum,
        encoding=encoding,
        sheet=sheet,
        reach=units.reach,
    )
    provenance = provenance_of(
        {"table": table, "units": to},
        {"datum": chunks.datum.datum, "datum_from": chunks.datum.how},
    )
    run = _Run(units, accuracy_m, provenance, reports=report is not None)
    with outputs_for(output, encoding=output_encoding, overwrite=overwrite) as outputs:
        large = chunks.facts.get("rows", 0) > _WHOLE_ROWS and can_stream(output)
        told = (run.pieces if large else run.whole)(chunks, outputs, output)
        if report is not None:
            run.add_report(outputs, report, told)
        add_summary(outputs, summary, _headline(told))
    _tell(told)


def _headline(told: "Account") -> dict[str, Any]:
    """Say how many of the rows have a place."""
    from geo.cli.summary import headline

    sentence = {
        "zh": f"共 {told.rows:,} 行，定位 {told.placed:,} 行",
        "en": f"{told.placed:,} of {told.rows:,} rows placed",
        "ja": f"{told.rows:,} 行のうち {told.placed:,} 行を配置",
    }
    return headline(told.placed, told.rows, sentence, told.left_out)


def _in_parts(
    table: str,
    output: str,
    units: "Units",
    accuracy_m: float,
    *,
    scheduler: str | None,
    overwrite: bool,
    **how: Any,
) -> None:
    from pathlib import Path

    from geo.cli.inputs import provenance_of
    from geo.cli.parts import Wanted, locate_parts

    if output == "-" or table == "-":
        msg = "--parts reads a file or a folder and writes the folder that -o names"
        raise typer.BadParameter(msg)
    guessed = how["datum"] == "auto"
    how["datum"] = "wgs84" if guessed else how["datum"]
    provenance = provenance_of(
        {"table": table, "units": units.name},
        {"datum": how["datum"], "datum_from": "assumed" if guessed else "declared"},
    )
    wanted = Wanted(
        Path(table), units, boundary_accuracy_m=accuracy_m, provenance=provenance, **how
    )
    told = locate_parts(wanted, Path(output), scheduler=scheduler, overwrite=overwrite)
    said = ", ".join(f"{name} {count:,}" for name, count in told.items() if count)
    typer.echo(f"jjj: {said}", err=True)
    if guessed:
        typer.echo("jjj: taken as WGS 84 without a test; --datum names another", err=True)


def _named_columns(**given: str | None) -> dict[Any, str]:
    """Return the columns that were named; --lon alone holds both coordinates in one cell."""
    named = {role: column for role, column in given.items() if column is not None}
    if "lon" in named and "lat" not in named:
        named["point"] = named.pop("lon")
    if "lat" in named and "lon" not in named and "point" not in named:
        msg = "--lat needs --lon"
        raise typer.BadParameter(msg)
    return named


class _Run:
    """Joins tables to units and stages what is to be written."""

    def __init__(
        self,
        units: "Units",
        accuracy_m: float,
        provenance: dict[str, Any],
        *,
        reports: bool,
    ) -> None:
        self.units = units
        self.accuracy_m = accuracy_m
        self.provenance = provenance
        self.reports = reports
        self.rows: list[Any] = []

    def located(self, table: "PointTable") -> "PointTable":
        from geo.join import locate as join_locate
        from geo.tables.located import with_units

        points = table.frame
        accuracy = points["location_accuracy_m"].fillna(0.0)
        found = join_locate(
            points,
            self.units.frame,
            accuracy_m=accuracy,
            boundary_accuracy_m=self.accuracy_m,
            name=self.units.name,
        )
        return with_units(table, found, self.units)

    def whole(self, chunks: Any, outputs: "Outputs", output: str) -> "Account":
        from geo.formats import add_frame
        from geo.tables.points import collect
        from geo.tables.report import account, rows_report

        table = self.located(collect(chunks))
        told = account([table])
        _require_some(told)
        self.rows = [rows_report(table)] if self.reports else []
        add_frame(outputs, output, table.frame, provenance=self.provenance)
        return told

    def pieces(self, chunks: Any, outputs: "Outputs", output: str) -> "Account":
        """Read, join and write piece by piece; of the rows, keep what there is to say."""
        from geo.cli.terminal import counted
        from geo.streams import add_frames
        from geo.tables.report import Account, rows_report

        told = Account(chunks.name, chunks.datum, dict(chunks.facts), chunks.notes)

        def frames() -> "Iterator[gpd.GeoDataFrame]":
            for piece in counted(chunks.tables(), total=chunks.facts.get("rows")):
                table = self.located(piece)
                told.add(table)
                if self.reports:
                    rows = rows_report(table)
                    self.rows.append(rows[(rows["status"] != "placed") | (rows["reason"] != "")])
                yield table.frame

        add_frames(outputs, output, frames(), provenance=self.provenance)
        _require_some(told)
        return told

    def add_report(self, outputs: "Outputs", target: str, told: "Account") -> None:
        import json

        import pandas as pd

        from geo.formats import add_frame, json_value

        rows = pd.concat(self.rows, ignore_index=True)
        if not target.lower().endswith(".json"):
            add_frame(outputs, target, rows)
            return
        seen = rows.loc[(rows["status"] != "placed") | (rows["reason"] != "")]
        described = told.described() | {"rows_told": seen.to_dict("records")}
        text = json.dumps(json_value(described), ensure_ascii=False, indent=1)
        outputs.text(target, text + "\n")


def _require_some(told: "Account") -> None:
    from geo.door.account import REASONS
    from geo.errors import InputError

    if told.placed:
        return
    why = "; ".join(f"{REASONS[one].en} ({n:,})" for one, n in told.reasons.most_common(3))
    noted = "".join(f"; {one}" for one in told.notes)
    msg = f"{told.name}: none of its {told.rows:,} rows can be placed: {why}{noted}"
    raise InputError(msg)


def _tell(told: "Account") -> None:
    import logging
    import sys

    from rich.console import Console

    from geo.tables.report import print_note

    if sys.stderr is not None and logging.getLogger("geo").isEnabledFor(logging.INFO):
        print_note(told, Console(file=sys.stderr, stderr=True))
