"""What every reader returns: columns, chunks of cells with line numbers, notes."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import CRS

__all__ = ["CHUNK_ROWS", "Chunk", "Opened", "RowIssue", "named_columns", "with_numbers"]

CHUNK_ROWS = 65_536
"""Rows that are held at once when a table is read in chunks."""


@dataclass(frozen=True)
class RowIssue:
    """An issue that a reader found in one row.

    Attributes
    ----------
    at
        Position of the row in its chunk.
    reason
        A code of ``geo.door.account``.
    detail
        The value that caused the issue.
    """

    at: int
    reason: str
    detail: str = ""


@dataclass(frozen=True)
class Chunk:
    """Some consecutive rows of a table, cells as read.

    Attributes
    ----------
    frame
        Table of the cells, indexed from 0 in each chunk.
    lines
        The line (or sheet row, or feature number) of each row, counted from 1.
    issues
        Issues that were found in single rows.
    shapes
        Geometries, for formats that have them.
    """

    frame: pd.DataFrame
    lines: NDArray[np.int64]
    issues: tuple[RowIssue, ...] = ()
    shapes: NDArray[np.object_] | None = None


@dataclass(frozen=True)
class Opened:
    """An opened table: header known, rows read in chunks, as often as needed.

    Attributes
    ----------
    columns
        Unique names in file order.
    chunks
        Starts reading from the first row.
    facts
        Encoding, delimiter, sheet, layer, header line: what was found.
    notes
        Notes for the user, one sentence each.
    crs
        The reference system of ``shapes``; None when there are none or none is stated.
    declared
        What the file itself says of its datum ("gcj02", "EPSG:4490"), or None.
    as_text
        Whether the format has text cells only (CSV), so that numbers and codes must be
        distinguished.
    spatial
        Whether its chunks have ``shapes``.
    """

    columns: tuple[str, ...]
    chunks: Callable[[], Iterator[Chunk]]
    facts: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    crs: CRS | None = None
    declared: str | None = None
    as_text: bool = False
    spatial: bool = False


def named_columns(names: list[str]) -> tuple[tuple[str, ...], list[str]]:
    """Give every column a name of its own.

    Parameters
    ----------
    names
        Header cells; may be blank or repeated.

    Returns
    -------
    columns, notes : tuple
        Unique names, and a sentence on each that was changed.

    Examples
    --------
    >>> named_columns(["a", "", "a"])
    (('a', 'column_2', 'a_2'), ["column 2 has no name: 'column_2'", "column 3 repeats 'a': 'a_2'"])
    """
    taken: set[str] = set()
    columns: list[str] = []
    notes: list[str] = []
    for number, raw in enumerate(names, start=1):
        name = raw
        if not raw.strip():
            name = f"column_{number}"
            notes.append(f"column {number} has no name: {name!r}")
        elif raw in taken:
            name = _free(raw, taken | set(names))
            notes.append(f"column {number} repeats {raw!r}: {name!r}")
        while name in taken:
            name = f"{name}_"
        taken.add(name)
        columns.append(name)
    return tuple(columns), notes


def _free(name: str, taken: set[str]) -> str:
    number = 2
    while f"{name}_{number}" in taken:
        number += 1
    return f"{name}_{number}"


def with_numbers(frame: pd.DataFrame, numbers: Mapping[str, str]) -> pd.DataFrame:
    """Turn text columns that hold nothing but plain numbers into numbers.

    Parameters
    ----------
    frame
        Cells as text. Not changed.
    numbers
        ``Int64`` or ``float64`` by column.

    Returns
    -------
    DataFrame
        A copy; empty cells of these columns are missing.

    Examples
    --------
    >>> with_numbers(pd.DataFrame({"a": ["1", ""]}), {"a": "Int64"})["a"].tolist()
    [1, <NA>]
    """
    made = frame.copy()
    for name, dtype in numbers.items():
        cells = pd.to_numeric(made[name].where(made[name] != "", None))
        made[name] = pd.Series(cells, dtype=dtype)
    return made
