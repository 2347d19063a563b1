"""What a format is: how a frame is filled into a file, and how the file is read back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geo.errors import OutputError

__all__ = ["Format", "Provenance", "check_empty", "check_rows"]

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
    """Refuse a file that does not read back whole.

    Parameters
    ----------
    path
        The file.
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
    """Refuse an empty file, where rows cannot be counted cheaply.

    Parameters
    ----------
    expected
        Not used.
    path
        The file.

    Raises
    ------
    OutputError
        When nothing was written.
    """
    if path.stat().st_size == 0:
        msg = "nothing was written"
        raise OutputError(msg)
