"""Reader of compiled facts in CSV files: text, with numbers only in named columns."""

from collections.abc import Iterable
from importlib import resources
from pathlib import Path

import pandas as pd

from geo.errors import InputError, MissingFileError, UnknownIdError

__all__ = ["read_csv", "shipped_folder", "with_numbers"]


def shipped_folder() -> Path:
    """Return the folder with the shipped regions, a folder each.

    Returns
    -------
    Path
        Inside the installed package, or ``layers/`` of a checkout.
    """
    installed = Path(str(resources.files("geo"))) / "layers" / "shipped"
    return installed if installed.is_dir() else Path(__file__).resolve().parents[2] / "layers"


def read_csv(path: Path, *, numbers: Iterable[str] = ()) -> pd.DataFrame:
    """Read a shipped table of compiled facts; every column is text unless named as a number.

    Parameters
    ----------
    path
        A CSV file in UTF-8.
    numbers
        Columns to turn into numbers; an empty cell becomes NaN.

    Returns
    -------
    DataFrame
        The rows in file order; empty text cells stay empty strings, so that no code such as
        ``NA`` or ``001`` is changed.

    Raises
    ------
    MissingFileError
        When the installation lacks the file.
    UnknownIdError
        When there is no such column.
    InputError
        When a cell of a number column is not a number.

    Examples
    --------
    >>> names = read_csv(shipped_folder() / "jjj" / "tables" / "unit_names.csv")
    >>> names.query("level == 'province'").name_en.tolist()
    ['Beijing', 'Tianjin', 'Hebei']
    """
    if not path.is_file():
        msg = f"{path}: the table is missing; reinstall"
        raise MissingFileError(msg)
    frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    return with_numbers(frame, path.name, numbers)


def with_numbers(frame: pd.DataFrame, file: str, numbers: Iterable[str]) -> pd.DataFrame:
    """Turn columns of text into numbers.

    Parameters
    ----------
    frame
        Text cells; empty ones are empty strings.
    file
        Name of the table, for messages.
    numbers
        Names of the columns to turn into numbers.

    Returns
    -------
    DataFrame
        Empty cells are NaN there.

    Raises
    ------
    UnknownIdError
        When there is no such column.
    InputError
        When a cell is not a number; names its line.

    Examples
    --------
    >>> with_numbers(pd.DataFrame({"n": ["1", ""]}), "t.csv", ["n"]).n.tolist()
    [1.0, nan]
    """
    return frame.assign(**{name: _numbers(frame, name, file) for name in numbers})


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
