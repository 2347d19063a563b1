"""Opening of a user's file of any kind, by the reader for its content."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pandas as pd

from geo.door.delimited import open_delimited
from geo.door.faults import named
from geo.door.files import Kind, Source, open_source
from geo.door.geojson import open_geojson, open_geojsonseq
from geo.door.headers import is_placed
from geo.door.parquet import open_parquet
from geo.door.table import Chunk, Opened
from geo.door.vectors import FORMATS, open_vector
from geo.door.workbooks import open_workbook
from geo.errors import InputError
from geo.formats.formulas import defuse

__all__ = ["ENCODED", "SHEETED", "open_table"]

ENCODED: Final = ("delimited", "geojson", "geojsonseq", "shapefile")
"""Kinds of file for which the option ``--encoding`` is allowed."""
SHEETED: Final = ("dxf", "filegdb", "flatgeobuf", "gpkg", "kml", "ods", "xls", "xlsx")
"""Kinds that may hold several sheets or layers."""


def open_table(
    source: str | Path | Source,
    *,
    encoding: str | None = None,
    sheet: str | None = None,
    wanted: Collection[str] = (),
    placed: bool = True,
) -> tuple[Source, Opened]:
    """Open a file of any supported kind, by its content.

    Parameters
    ----------
    source
        A path, ``"-"`` for standard input, or an opened file (``geo.door.files.Source``).
    encoding
        Encoding of text tables and shapefiles, such as ``GBK``; None detects it.
    sheet
        Name of a sheet of a workbook or of a layer of a GeoPackage.
    wanted
        Names of columns that the user gave, by which a header below titles is known.
    placed
        Whether its rows must say where they are.

    Returns
    -------
    source, opened : tuple
        The file and its table.

    Raises
    ------
    GeoError
        When it is not a file that is read; the message names it.
    """
    file = open_source(source)
    with named(file.name):
        opened = _open(file, encoding, sheet, wanted, placed=placed)
    ours = file.kind in ("delimited", "xlsx") and is_placed(opened.columns)
    return file, _as_before_defusing(opened) if ours else opened


def _open(
    file: Source,
    encoding: str | None,
    sheet: str | None,
    wanted: Collection[str],
    *,
    placed: bool,
) -> Opened:
    _refuse_unused(file, encoding, sheet)
    if file.kind in FORMATS:
        return open_vector(file, layer=sheet, encoding=encoding)
    openers: dict[Kind, Callable[[], Opened]] = {
        "delimited": lambda: open_delimited(file, encoding=encoding, wanted=wanted),
        "geojson": lambda: open_geojson(file, encoding=encoding),
        "geojsonseq": lambda: open_geojsonseq(file, encoding=encoding),
        "ods": lambda: open_workbook(file, sheet=sheet, wanted=wanted, placed=placed),
        "parquet": lambda: open_parquet(file),
        "xls": lambda: open_workbook(file, sheet=sheet, wanted=wanted, placed=placed),
        "xlsx": lambda: open_workbook(file, sheet=sheet, wanted=wanted, placed=placed),
    }
    return openers[file.kind]()


def _as_before_defusing(opened: Opened) -> Opened:
    """Take back the apostrophes that we wrote before texts that a spreadsheet would run.

    Only in a table with our own columns: in other tables an apostrophe is part of the text.
    """

    def before(cell: Any) -> Any:
        ours = isinstance(cell, str) and cell[:1] == "'" and defuse(cell[1:]) == cell
        return cell[1:] if ours else cell

    def chunks() -> Iterator[Chunk]:
        for chunk in opened.chunks():
            texts = [name for name in chunk.frame if chunk.frame[name].dtype == object]
            made = {name: [before(cell) for cell in chunk.frame[name]] for name in texts}
            frame = chunk.frame.assign(
                **{str(name): pd.Series(cells, dtype=object) for name, cells in made.items()}
            )
            yield replace(chunk, frame=frame)

    return replace(opened, chunks=chunks)


def _refuse_unused(file: Source, encoding: str | None, sheet: str | None) -> None:
    """Refuse an option that says nothing about a file of this kind."""
    for option, value, kinds in (
        ("--encoding", encoding, ENCODED),
        ("--sheet", sheet, SHEETED),
    ):
        if value is not None and file.kind not in kinds:
            msg = f"{file.name}: {option} says nothing about a file read as {file.kind}"
            raise InputError(msg)
