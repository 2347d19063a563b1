"""A progress bar on stderr, and nothing when stderr is no terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["progress"]


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[str], None]]:
    """Show how far a run is.

    Parameters
    ----------
    what
        What is being made, in the plural.
    total
        How many steps there will be.

    Yields
    ------
    callable
        Call it with the name of each step that is done.
    """
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console  # noqa: PLC0415 - only for a terminal
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # noqa: PLC0415

    columns = (TextColumn("{task.fields[what]}"), BarColumn(), MofNCompleteColumn())
    done = TextColumn("{task.description}", markup=False)
    with Progress(*columns, done, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total, what=what)
        yield lambda name: bar.update(task, advance=1, description=name)
