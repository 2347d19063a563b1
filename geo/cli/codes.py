"""``jjj codes``: administrative codes of one year brought to another."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from geo.cli.options import TABLE, Output, OutputEncoding, Overwrite, Summary
from geo.cli.terminal import say

if TYPE_CHECKING:
    import pandas as pd

    from geo.tables.codes import Upgraded

app = typer.Typer(
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    no_args_is_help=True,
    help="Bring county codes of one year to another.",
)


@app.callback()
def codes() -> None:
    """Bring county codes of one year to another."""


def _headline(done: "Upgraded", rows: int) -> dict[str, Any]:
    from geo.cli.summary import headline

    kept = rows - len(done.refused)
    sentence = {
        "zh": f"共 {rows:,} 行，{kept:,} 行的代码可换为目标年份",
        "en": f"{kept:,} of {rows:,} rows have a code that could be brought over",
        "ja": f"{rows:,} 行のうち {kept:,} 行のコードを変換",
    }
    lost = {"no code that could be brought over": len(done.refused)} if len(done.refused) else {}
    return headline(kept, rows, sentence, lost)


def _with_own_code(frame: "pd.DataFrame", code: str) -> "pd.DataFrame":
    """Give the column of codes its own name back, or a free one where that is now ours."""
    from geo.door.headers import renamed

    others = [name for name in frame.columns if name != "code"]
    name = renamed([code], others).get(code, code)
    return frame.rename(columns={"code": name})


Table = Annotated[str, typer.Argument(metavar="TABLE", help=TABLE)]
FromYear = Annotated[
    int, typer.Option("--from", metavar="YEAR", help="The year whose codes the table has.")
]
ToYear = Annotated[
    int, typer.Option("--to", metavar="YEAR", help="The year whose codes are wanted.")
]
Code = Annotated[str | None, typer.Option(metavar="COLUMN", help="The column with the codes.")]
Aggregate = Annotated[bool, typer.Option("--aggregate", help="Sum the numeric columns by city.")]
Encoding = Annotated[
    str | None, typer.Option(metavar="E", help="Encoding of a text table; found without.")
]
Sheet = Annotated[
    str | None, typer.Option(metavar="S", help="Sheet of a workbook, by name or number.")
]


@app.command()
def upgrade(
    table: Table,
    *,
    from_year: FromYear,
    to_year: ToYear = 2026,
    code: Code = None,
    aggregate: Aggregate = False,
    encoding: Encoding = None,
    sheet: Sheet = None,
    output: Output = "-",
    output_encoding: OutputEncoding = "UTF-8",
    summary: Summary = None,
    overwrite: Overwrite = False,
) -> None:
    """Bring GB/T 2260 county codes from one year to another, renames and merges applied.

    Rows of a county that was split are refused with the reason, and stay in the output with an
    empty adcode; --aggregate sums by city instead, which no split crosses.
    """
    from geo.cli.summary import (
        add_summary,
        outputs_for,
    )
    from geo.door.faults import named
    from geo.errors import InputError
    from geo.formats import add_frame
    from geo.tables import read_table
    from geo.tables.codes import CHANGES_KNOWN_TO, SINCE_2024
    from geo.tables.codes import upgrade as upgrade_codes

    read = read_table(table, code=code, encoding=encoding, sheet=sheet)
    renamed = read.frame.rename(columns={read.code: "code"})
    with named(table):
        done = upgrade_codes(renamed, from_year=from_year, to_year=to_year, aggregate=aggregate)
    if len(done.refused) == len(read.frame):
        msg = f"{table}: none of its {len(read.frame):,} rows has a code that can be brought over"
        raise InputError(msg)
    frame = done.frame if aggregate else _with_own_code(done.frame, read.code)
    with outputs_for(output, encoding=output_encoding, overwrite=overwrite) as outputs:
        add_frame(outputs, output, frame)
        add_summary(outputs, summary, _headline(done, len(read.frame)), counts=done.counts)
    told = ", ".join(f"{status} {n:,}" for status, n in done.counts.items())
    say(f"{table}: {len(read.frame):,} rows: {told}")
    for column, (whole, kept, left) in list(done.totals.items())[:20]:
        rest = f" + {left:,.15g} in refused rows" if left else ""
        say(f"total {column}: {whole:,.15g} = {kept:,.15g} by city{rest}")
    if to_year > CHANGES_KNOWN_TO:
        say(SINCE_2024)
    if "code_note" in done.refused:
        for note in done.refused["code_note"].drop_duplicates().head(20):
            say(f"refused: {note}")
