"""A user's table without coordinates, as it is: flows, panels of cities, shares, roles.

The readers are those of ``geo.tables.points``: any delimiter, encoding, title rows, sheet, stdin.
Cells of a text table or a workbook come back as text, so that no code loses its zeros and a table
reads alike from CSV and from XLSX; typed formats (Parquet) keep their types.
"""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.door.account import Account
from geo.door.files import Source
from geo.door.readers import open_table
from geo.door.table import Chunk
from geo.errors import InputError

__all__ = ["CellTable", "read_cells"]

_PLAIN: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_GROUPED: Final = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")


@dataclass(frozen=True)
class CellTable:
    """A table as it stands.

    Attributes
    ----------
    name
        Name of the file, for messages.
    frame
        One row per input row that holds anything; empty cells are missing.
    lines
        The line (or sheet row) of each row, counted from 1.
    notes
        Notes for the user, one sentence each.
    account
        Rows in the file, used rows, rows left out and why.
    """

    name: str
    frame: pd.DataFrame
    lines: NDArray[np.int64]
    notes: tuple[str, ...]
    account: Account


def read_cells(
    source: str | Path | Source, *, encoding: str | None = None, sheet: str | None = None
) -> CellTable:
    """Read a table whose rows need no coordinates.

    Parameters
    ----------
    source
        CSV, TSV, XLSX, XLS, ODS, Parquet or a vector file; or ``"-"`` for standard input.
    encoding
        Encoding of a text table, such as ``GBK``; None detects it.
    sheet
        A sheet of a workbook; by default the first that holds a table.

    Returns
    -------
    CellTable
        Rows in input order. Text is stripped; ``1,234`` and full-width digits become plain
        numbers in columns that hold nothing but numbers, which is reported.

    Raises
    ------
    GeoError
        When the file cannot be read, holds no rows, or a row has more cells than the header; the
        message names the file.

    Examples
    --------
    >>> from geo.sources.facts import shipped_folder
    >>> file = shipped_folder() / "jjj" / "tables" / "population.csv"
    >>> read_cells(file).frame["adcode"].iloc[0]
    '110101'
    """
    file, opened = open_table(source, encoding=encoding, sheet=sheet, placed=False)
    chunks = list(opened.chunks())
    if not chunks:
        msg = f"{file.name}: holds no rows below its header"
        raise InputError(msg)
    for chunk in chunks:
        _refuse_longer(file.name, chunk)
    frame = pd.concat([chunk.frame for chunk in chunks], ignore_index=True)
    lines = np.concatenate([chunk.lines for chunk in chunks])
    notes = list(opened.notes)
    account = Account(file.name, len(frame)).without("not_a_feature", _no_features(chunks))
    if account.left_out:
        kept = ~np.isin(lines, list(_no_features(chunks)))
        frame, lines = frame[kept].reset_index(drop=True), lines[kept]
        notes.append(account.sentence()["en"])
    if opened.as_text or file.kind in ("ods", "xls", "xlsx"):
        columns = {name: [_text(cell) for cell in frame[name]] for name in frame.columns}
        notes += [note for name in columns if (note := _plain_numbers(name, columns))]
        frame = pd.DataFrame(columns, dtype="str")
    return CellTable(file.name, frame, lines, tuple(notes), account)


def _no_features(chunks: list[Chunk]) -> list[int]:
    """Return the lines of a layer that are no features."""
    return [
        int(chunk.lines[one.at])
        for chunk in chunks
        for one in chunk.issues
        if one.reason == "not_a_feature"
    ]


def _refuse_longer(name: str, chunk: Chunk) -> None:
    longer = next((issue for issue in chunk.issues if issue.reason == "extra_cells"), None)
    if longer is not None:
        msg = f"{name}: line {chunk.lines[longer.at]} has {longer.detail}"
        raise InputError(msg)


def _text(cell: Any) -> str | None:
    """Return a cell as it is shown, or None when it is empty; ``110105.0`` is ``110105``."""
    if cell is None or cell != cell:  # noqa: PLR0124 - NaN
        return None
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    return str(cell).strip() or None


def _plain_numbers(name: str, columns: dict[str, list[str | None]]) -> str:
    """Write a column of grouped or full-width numbers plainly, in place; say so."""
    filled = [cell for cell in columns[name] if cell is not None]
    if not filled or all(map(_PLAIN.fullmatch, filled)):
        return ""
    wide = [unicodedata.normalize("NFKC", cell) for cell in filled]
    if not all(_PLAIN.fullmatch(cell) or _GROUPED.fullmatch(cell) for cell in wide):
        return ""
    plain = iter(cell.replace(",", "") for cell in wide)
    columns[name] = [None if cell is None else next(plain) for cell in columns[name]]
    return f"column {name!r}: full-width digits and thousands commas were read as plain numbers"
