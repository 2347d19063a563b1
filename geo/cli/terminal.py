"""What stands on a terminal: text within its width, and how far a long run is.

A progress bar on stderr where a person is looking, and nothing anywhere else.

What is said on stdout and stderr is UTF-8, whatever the locale: the words are Chinese too.

Under ``LANG=C`` Python would print ``\u5171`` for 共. As git and ripgrep do, UTF-8 is written, and
the terminal shows it. ``PYTHONIOENCODING`` wins: who sets it wants another encoding.
"""

import codecs
import io
import logging
import os
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import typer

from geo.errors import readable

__all__ = [
    "counted",
    "printable",
    "progress",
    "say",
    "write_utf8",
]

if TYPE_CHECKING:
    from geo.tables import PointTable


@contextmanager
def _bar(what: str, total: int | None) -> Iterator[Callable[[int, str], None]]:
    """Show a bar that is advanced by a number of steps and says what was done last."""
    asked = logging.getLogger("geo").isEnabledFor(logging.INFO)
    if sys.stderr is None or not sys.stderr.isatty() or not asked:
        yield lambda _number, _name: None
        return
    from rich.console import Console  # only for a terminal
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.fields[what]}"), BarColumn(), MofNCompleteColumn())
    last = TextColumn("{task.description}", markup=False)
    with Progress(*columns, last, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total, what=what)
        yield lambda number, name: bar.update(task, advance=number, description=name)


@contextmanager
def progress(what: str, total: int | None) -> Iterator[Callable[[str], None]]:
    """Show how far a run of known steps is.

    Parameters
    ----------
    what
        What is being made, in the plural.
    total
        How many steps there will be, where that is known.

    Yields
    ------
    callable
        Call it with the name of each step that is done.
    """
    with _bar(what, total) as advance:
        yield lambda name: advance(1, name)


def counted(tables: "Iterable[PointTable]", *, total: int | None) -> "Iterator[PointTable]":
    """Pass pieces of a table on and show how many rows have gone by.

    Parameters
    ----------
    tables
        Pieces of a table, one after the other.
    total
        Rows in all, where that is known.

    Yields
    ------
    PointTable
        The pieces as they come.
    """
    with _bar("rows", total) as advance:
        for table in tables:
            yield table
            advance(len(table.frame), "")


_NAMES: Final = "names-of-files"
_UNSHOWN: Final = ("Cc", "Cf", "Cs", "Co")


def write_utf8() -> None:
    """Let stdout and stderr write UTF-8, and show names of files as they are on disk."""
    if os.environ.get("PYTHONIOENCODING"):
        return
    codecs.register_error(_NAMES, _written)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors=_NAMES)


def _written(error: UnicodeError) -> tuple[str | bytes, int]:
    """Write surrogates as the signs that they are bytes of, by their number when of none."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    shown = readable(error.object[error.start : error.end])
    return shown.encode("utf-8", "backslashreplace"), error.end


def printable(text: str) -> str:
    r"""Show the control signs of a text, which a terminal would obey, as Python writes them.

    Parameters
    ----------
    text
        May hold names of files, columns and rows.

    Returns
    -------
    str
        Line ends are kept.

    Examples
    --------
    >>> printable("\x1b[31m\n\u202egnp")
    '\\x1b[31m\n\\u202egnp'
    """
    return "".join(
        repr(sign)[1:-1] if sign != "\n" and unicodedata.category(sign) in _UNSHOWN else sign
        for sign in readable(text)
    )


def say(text: str) -> None:
    """Say a line on stderr that may hold names of a file's.

    Parameters
    ----------
    text
        One or several lines.
    """
    typer.echo(printable(text), err=True)
