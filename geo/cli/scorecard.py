"""``jjj plan scorecard``: targets against values, as a table and a page."""

from typing import Annotated, Final

import typer

from geo.cli.options import TABLE, Html, Lang, Output, OutputEncoding, Overwrite, Summary

__all__ = ["scorecard"]

_DECIMALS: Final = 6
_RATIOS: Final = dict.fromkeys(("progress", "expected_progress", "pace"), 4)


_WORDS: Final = (
    "{whole} 项目标中，{n} 项可评估",
    "{n} of {whole} targets could be assessed",
    "{whole} 目標のうち {n} 目標を評価",
)


def scorecard(
    targets: Annotated[
        str,
        typer.Argument(metavar="TARGETS.yaml", help="Targets (YAML), as docs/plan-file.md says."),
    ],
    values: Annotated[
        str, typer.Argument(metavar="VALUES", help=f"Columns target, date, value, source. {TABLE}")
    ],
    *,
    asof: Annotated[
        str, typer.Option(metavar="DATE", help="A year (its end) or a day such as 2026-06-30.")
    ],
    html: Html = None,
    lang: Lang = "zh",
    output: Output = "-",
    output_encoding: OutputEncoding = "UTF-8",
    summary: Summary = None,
    overwrite: Overwrite = False,
) -> None:
    """Assess targets by their values: expected pace, status, warning (监测、评估、预警)."""
    from geo.analysis.plan.scorecard import Thresholds
    from geo.analysis.plan.scorecard import scorecard as assess
    from geo.analysis.result import formula
    from geo.cli.inputs import provenance_of
    from geo.cli.summary import (
        add_summary,
        outputs_for,
        part_of,
    )
    from geo.formats import add_frame
    from geo.render.reports import scorecard_page
    from geo.tables.targets import decimal_year, read_targets, read_values

    asked = read_targets(targets)
    limits = Thresholds(
        asked.thresholds.on_pace, asked.thresholds.behind, max_age_years=asked.max_age_years
    )
    frame = asked.frame()
    card = assess(frame, read_values(values, frame.index), limits, asof=decimal_year(asof))
    table = card.reset_index().round(_RATIOS).round(_DECIMALS)
    described = formula("scorecard")
    parameters = {"asof": asof, "on_pace": limits.on_pace, "behind": limits.behind}
    provenance = provenance_of({"targets": targets, "values": values}, parameters)
    provenance |= {"title": asked.title3().described(), "formula": described.described()}
    with outputs_for(output, encoding=output_encoding, overwrite=overwrite) as outputs:
        add_frame(outputs, output, table, provenance=provenance)
        if html is not None:
            page = scorecard_page(
                table,
                asked.title3(),
                asof=asof,
                thresholds=(limits.on_pace, limits.behind),
                caveat=described.caveat,
                provenance=provenance,
                lang=lang,
            )
            outputs.text(html, page)
        assessed = int(card.status_code.notna().sum())
        told = part_of(assessed, len(card), _WORDS)
        add_summary(outputs, summary, told, provenance=provenance)
    counts = card.status_code.fillna("not assessed").value_counts()
    typer.echo(", ".join(f"{name} {count}" for name, count in counts.items()), err=True)
