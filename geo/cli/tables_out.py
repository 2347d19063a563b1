"""A small table on the terminal: full on a wide screen, tab-separated in a pipe."""

import sys
from collections.abc import Iterable, Sequence

import typer

__all__ = ["print_table"]


def print_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows aligned in columns, or separated by tabs when stdout is no terminal.

    Parameters
    ----------
    header
        Names of the columns; not printed in a pipe.
    rows
        Texts, one a column. They are printed as they are, never read as markup.
    """
    rows = list(rows)
    if not sys.stdout.isatty():
        for row in rows:
            typer.echo("\t".join(row))
        return
    from rich.console import Console  # noqa: PLC0415 - only for a terminal
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in header:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)
