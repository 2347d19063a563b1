"""A progress bar on stderr where a person is looking, and nothing anywhere else."""

import logging
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geo.tables import PointTable

__all__ = ["counted", "progress"]


@contextmanager
def _bar(what: str, total: int | None) -> Iterator[Callable[[int, str], None]]:
    """Show a bar that is advanced by a number of steps and says what was done last."""
    asked = logging.getLogger("geo").isEnabledFor(logging.INFO)
    if sys.stderr is None or not sys.stderr.isatty() or not asked:
        yield lambda _number, _name: None
        return
    from rich.console import Console  # noqa: PLC0415 - only for a terminal
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # noqa: PLC0415

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
        The pieces.
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
