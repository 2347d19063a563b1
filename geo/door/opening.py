"""A user's file of any kind, opened by the reader that its bytes call for."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from geo.door.delimited import open_delimited
from geo.door.files import Kind, Source, open_source
from geo.door.geojson import open_geojson, open_geojsonseq
from geo.door.opened import Opened
from geo.door.parquet import open_parquet
from geo.door.vectors import open_gpkg, open_shapefile
from geo.door.workbooks import open_workbook
from geo.errors import CRSError, GeoError, InputError

__all__ = ["named", "open_table"]


def open_table(
    source: str | Path | Source,
    *,
    encoding: str | None = None,
    sheet: str | None = None,
    wanted: Collection[str] = (),
    placed: bool = True,
) -> tuple[Source, Opened]:
    """Open a file of any kind that is read, by what it is.

    Parameters
    ----------
    source
        A path, ``"-"`` for standard input, or a file that passed the door.
    encoding
        For text tables and shapefiles; wins over detection.
    sheet
        A sheet of a workbook or a layer of a GeoPackage.
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
        return file, _open(file, encoding, sheet, wanted, placed=placed)


def _open(
    file: Source,
    encoding: str | None,
    sheet: str | None,
    wanted: Collection[str],
    *,
    placed: bool,
) -> Opened:
    openers: dict[Kind, Callable[[], Opened]] = {
        "delimited": lambda: open_delimited(file, encoding=encoding, wanted=wanted),
        "flatgeobuf": lambda: open_gpkg(file, layer=sheet),
        "geojson": lambda: open_geojson(file, encoding=encoding),
        "geojsonseq": lambda: open_geojsonseq(file, encoding=encoding),
        "gpkg": lambda: open_gpkg(file, layer=sheet),
        "kml": lambda: open_gpkg(file, layer=sheet),
        "parquet": lambda: open_parquet(file),
        "shapefile": lambda: open_shapefile(file, encoding=encoding),
        "xlsx": lambda: open_workbook(file, sheet=sheet, wanted=wanted, placed=placed),
    }
    return openers[file.kind]()


@contextmanager
def named(name: str) -> Iterator[None]:
    """Put the file's name before the message of an error that lacks it.

    Parameters
    ----------
    name
        What the reader calls the file.

    Yields
    ------
    None
        Nothing; the block reads from the file.

    Raises
    ------
    GeoError
        The block's own, with the name.
    """
    try:
        yield
    except GeoError as error:
        if str(error).startswith(name):
            raise
        made = CRSError if isinstance(error, CRSError) else InputError
        msg = f"{name}: {error}"
        raise made(msg) from error
