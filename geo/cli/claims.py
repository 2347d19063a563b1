"""``jjj claims``: the source article's claims, held against sources and tables."""

from typing import TYPE_CHECKING, Final

import typer

from geo.cli.options import Html, Lang, Output, OutputEncoding, Overwrite, Summary

if TYPE_CHECKING:
    import pandas as pd


_WORDS: Final = (
    "{whole} 条说法中，{n} 条已核实",
    "{n} of {whole} claims are confirmed as they stand",
    "{whole} 件の記述のうち {n} 件をそのまま確認",
)

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)


@app.command()
def claims(
    *,
    html: Html = None,
    lang: Lang = "zh",
    output: Output = "-",
    output_encoding: OutputEncoding = "UTF-8",
    summary: Summary = None,
    overwrite: Overwrite = False,
) -> None:
    """Check each claim: what was said, what can be computed, verdict, caveat, source.

    On a terminal the claims are shown in one language; a pipe and a file get every column.
    """
    import sys

    from geo.atlas import publication
    from geo.cli.study import plan_of_region
    from geo.cli.summary import (
        add_summary,
        outputs_for,
        part_of,
    )
    from geo.formats import add_frame
    from geo.region import current_region
    from geo.render.reports import CLAIMS_TITLE, claims_page

    region = current_region()
    checked = publication(region).claims
    if checked is None:
        supply = "the table claims and the pages that check it come with a shipped region"
        raise region.lacks("pages", "claims to check", supply)
    table, used = checked(region)
    provenance = {"title": CLAIMS_TITLE.described(), "tables": used, "plan": plan_of_region()}
    with outputs_for(output, encoding=output_encoding, overwrite=overwrite) as outputs:
        if output == "-" and sys.stdout.isatty():
            _show(table, lang)
        else:
            add_frame(outputs, output, table, provenance=provenance)
        if html is not None:
            outputs.text(html, claims_page(table, provenance=provenance, lang=lang))
        counts = table.verdict.value_counts()
        told = part_of(int(counts.get("confirmed", 0)), len(table), _WORDS)
        add_summary(outputs, summary, told, verdicts=counts.to_dict(), provenance=provenance)
    typer.echo(", ".join(f"{name} {count}" for name, count in counts.items()), err=True)


def _show(table: "pd.DataFrame", lang: str) -> None:
    """Print each claim with what was found under it, wrapped to the terminal."""
    from rich.console import Console  # only for a terminal
    from rich.padding import Padding
    from rich.text import Text

    words = {
        "zh": ("可计算：", "注意：", "来源："),
        "en": ("Computed: ", "Caveat: ", "Source: "),
        "ja": ("計算：", "注意：", "出典："),
    }
    console = Console()
    for row in table.to_dict("records"):
        console.print(Text(f"[{row[f'verdict_{lang}']}] {row[f'said_{lang}']}", style="bold"))
        found = (row[f"computed_{lang}"], row[f"caveat_{lang}"], row[f"source_{lang}"])
        for word, text in zip(words[lang], found, strict=True):
            if text:
                console.print(Padding(Text(f"{word}{text}"), (0, 0, 0, 4)))
        console.print()
