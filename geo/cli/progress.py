"""A progress bar on standard error, where a person is looking."""

import logging
import sys
from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.progress import Progress

from geo.tables import PointTable

__all__ = ["counted"]


def counted(tables: Iterable[PointTable], *, total: int | None) -> Iterator[PointTable]:
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
    quiet = sys.stderr is None or not logging.getLogger("geo").isEnabledFor(logging.INFO)
    console = Console(file=sys.stderr, stderr=True)
    if quiet or not console.is_terminal:
        yield from tables
        return
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task("rows", total=total)
        for table in tables:
            yield table
            bar.advance(task, len(table.frame))
