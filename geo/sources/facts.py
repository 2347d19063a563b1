"""The compiled facts in ``layers/tables``: read as text, typed only where a caller says so."""

from collections.abc import Iterable
from importlib import resources
from pathlib import Path
from typing import Final

import pandas as pd

from geo.errors import InputError, MissingFileError, UnknownIdError

__all__ = ["TABLES", "read", "shipped_folder", "table_path"]

TABLES: Final = (
    "axes",
    "city_panel",
    "city_trains",
    "claims",
    "code_changes",
    "coverage",
    "date_kinds",
    "development_index",
    "facilities",
    "firms",
    "plan_units",
    "population",
    "rail_lines",
    "roles",
    "tech_contracts",
    "unit_names",
    "vocabulary",
)
"""The tables, by their file name without suffix."""


def shipped_folder() -> Path:
    """Return the folder with the shipped layers and tables.

    Returns
    -------
    Path
        Inside the installed package, or ``layers/`` of a checkout.
    """
    installed = Path(str(resources.files("geo"))) / "layers" / "shipped"
    return installed if installed.is_dir() else Path(__file__).resolve().parents[2] / "layers"


def table_path(table: str) -> Path:
    """Return the path of a table of compiled facts.

    Parameters
    ----------
    table
        One of ``TABLES``.

    Returns
    -------
    Path
        A CSV file in UTF-8.

    Raises
    ------
    UnknownIdError
        When there is no such table.
    """
    if table not in TABLES:
        raise UnknownIdError("table", table, TABLES)
    return shipped_folder() / "tables" / f"{table}.csv"


def read(table: str, *, numbers: Iterable[str] = ()) -> pd.DataFrame:
    """Read a table of compiled facts; every column is text unless named as a number.

    Parameters
    ----------
    table
        One of ``TABLES``.
    numbers
        Columns to turn into numbers; an empty cell becomes NaN.

    Returns
    -------
    DataFrame
        The rows in file order; empty text cells stay empty strings, so that no code such as
        ``NA`` or ``001`` is changed.

    Raises
    ------
    UnknownIdError
        When there is no such table or column.
    MissingFileError
        When the installation lacks the file.
    InputError
        When a cell of a number column is not a number.

    Examples
    --------
    >>> read("unit_names").query("level == 'province'").name_en.tolist()
    ['Beijing', 'Tianjin', 'Hebei']
    """
    path = table_path(table)
    if not path.is_file():
        msg = f"{path}: the table is missing; reinstall"
        raise MissingFileError(msg)
    frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    return frame.assign(**{name: _numbers(frame, name, path.name) for name in numbers})


def _numbers(frame: pd.DataFrame, name: str, file: str) -> "pd.Series[float]":
    if name not in frame:
        raise UnknownIdError("column", name, frame.columns)
    filled = frame[name].where(frame[name] != "", None)
    values = pd.to_numeric(filled, errors="coerce")
    wrong = filled.notna() & values.isna()
    if wrong.any():
        at = int(wrong.to_numpy().argmax())
        msg = f"{file}: {name} is no number, {frame[name].iloc[at]!r} in line {at + 2}"
        raise InputError(msg)
    return values
