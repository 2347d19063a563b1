"""A user's table of figures by unit code, without geometry."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from geo.door.faults import named
from geo.door.headers import find_roles
from geo.door.readers import open_table
from geo.door.table import with_numbers
from geo.errors import InputError
from geo.tables.numbers import number_columns

__all__ = ["PlainTable", "read_table"]


@dataclass(frozen=True)
class PlainTable:
    """A table as it stands, and its column with codes.

    Attributes
    ----------
    name
        Name of the file, for messages.
    frame
        One row per input row; columns that hold nothing but plain numbers are numbers.
    code
        The column with the codes, or None.
    notes
        Notes for the user, one sentence each.
    """

    name: str
    frame: pd.DataFrame
    code: str
    notes: tuple[str, ...]


def read_table(
    source: str | Path,
    *,
    code: str | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
) -> PlainTable:
    """Read a table of figures by county code.

    Parameters
    ----------
    source
        CSV, TSV, XLSX, Parquet or a vector file; or ``"-"`` for standard input.
    code
        The column with the codes; found by its name when not given.
    encoding
        Encoding of a text table, such as ``GBK``; None detects it.
    sheet
        Name of a sheet of a workbook.

    Returns
    -------
    PlainTable
        Rows in input order.

    Raises
    ------
    GeoError
        When the file cannot be read, or no column holds codes; the message names the file.

    Examples
    --------
    >>> from geo.region import open_region
    >>> file = open_region().folder / "tables" / "population.csv"
    >>> read_table(file).code
    'adcode'
    """
    file, opened = open_table(source, encoding=encoding, sheet=sheet)
    plainly = "code" if code is None and "code" in opened.columns else code
    given: dict[Any, str] = {} if plainly is None else {"code": plainly}
    with named(file.name):
        roles = find_roles(opened.columns, given=given, need_place=False)
    if "code" not in roles.columns:
        msg = f"{file.name}: no column holds codes; name it with --code"
        raise InputError(msg)
    numbers = number_columns(opened, roles)
    chunks = [chunk.frame for chunk in opened.chunks()]
    if not chunks:
        msg = f"{file.name}: holds no rows below its header"
        raise InputError(msg)
    frame = pd.concat(chunks, ignore_index=True)
    frame = with_numbers(frame, numbers)
    return PlainTable(file.name, frame, roles.columns["code"], opened.notes)
