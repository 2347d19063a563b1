"""A format: its suffixes, and how its values are written.

A cell of a frame as JSON can hold it.

What a format is: how a frame is filled into a file, and how the file is read back.
"""

import datetime as dt
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geo.errors import OutputError, readable

__all__ = [
    "Format",
    "Provenance",
    "check_empty",
    "check_rows",
    "json_value",
]


def json_value(value: Any) -> Any:  # noqa: PLR0911 - one return a kind of value
    """Convert a cell to a JSON value: no NaN, no infinity, no timestamps, no NumPy types.

    Parameters
    ----------
    value
        Content of any cell of a frame.

    Returns
    -------
    None, bool, int, float, str, list or dict
        Missing and not finite become None, dates ISO 8601 text.

    Examples
    --------
    >>> json_value(np.float64("nan")), json_value(pd.Timestamp("2026-02-02"))
    (None, '2026-02-02')
    """
    if isinstance(value, str):
        return readable(value).encode("utf-8", "replace").decode("utf-8")
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, dt.datetime | dt.date):
        return _iso(value)
    if isinstance(value, Mapping):
        return {str(key): json_value(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | np.ndarray):
        return [json_value(one) for one in value]
    return str(value)


def _iso(value: dt.date) -> str:
    midnight = isinstance(value, dt.datetime) and value.time() == dt.time() and not value.tzinfo
    return value.date().isoformat() if midnight else value.isoformat()  # type: ignore[attr-defined]


Provenance = Mapping[str, Any]


@dataclass(frozen=True)
class Format:
    """A format that a suffix picks.

    Attributes
    ----------
    fill
        Writes a frame with its provenance to a path.
    check
        Raises ``OutputError`` when a path does not hold the expected number of rows.
    beside
        Suffixes of the files beside the path that are one with it.
    folder
        When a result is a folder: tells whether one that stands there may be replaced.
    """

    fill: Callable[[Any, Provenance, Path], None]
    check: Callable[[int, Path], None]
    beside: tuple[str, ...] = ()
    folder: Callable[[Path], bool] | None = None


def check_rows(path: Path, expected: int, found: int) -> None:
    """Raise when a written file does not read back with all rows.

    Parameters
    ----------
    path
        Path of the file that is read back.
    expected, found
        Rows written and read; -1 found is a file that is cut.

    Raises
    ------
    OutputError
        When they differ.
    """
    if found != expected:
        msg = f"{path.suffix[1:]} reads back {found} rows of {expected}"
        raise OutputError(msg)


def check_empty(expected: int, path: Path) -> None:  # noqa: ARG001 - as every check
    """Raise when a written file is empty, for formats whose rows are not counted.

    Parameters
    ----------
    expected
        Number of rows that were written; not used here.
    path
        Path of the file that is read back.

    Raises
    ------
    OutputError
        When nothing was written.
    """
    if path.stat().st_size == 0:
        msg = "nothing was written"
        raise OutputError(msg)
