"""``jjj plan axes``: the axes that flows draw, held against those that documents draw."""

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from geo.cli.options import (
    FLOWS,
    LAYER,
    NODES,
    PLAN,
    Output,
    OutputEncoding,
    Overwrite,
    Summary,
    untaken,
)
from geo.cli.terminal import say

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["axes"]

_DECIMALS: Final = 6


def axes(
    table: Annotated[
        str,
        typer.Argument(metavar="OD", help=FLOWS),
    ],
    *,
    plan: Annotated[str | None, typer.Option("--plan", metavar="ID|FILE.yaml", help=PLAN)] = None,
    nodes: Annotated[
        str | None, typer.Option(metavar="LAYER|FILE", help=f"{NODES} {LAYER}")
    ] = None,
    alpha: Annotated[float, typer.Option(metavar="LEVEL", help="Of the backbone.")] = 0.05,
    width_km: Annotated[
        float, typer.Option(metavar="KM", help="How far apart two lines are still one axis.")
    ] = 10.0,
    output: Output = "-",
    output_encoding: OutputEncoding = "UTF-8",
    ranks: Annotated[
        str | None,
        typer.Option(
            metavar="R.csv", callback=untaken, help="Write how the orders of the axes agree."
        ),
    ] = None,
    summary: Summary = None,
    overwrite: Overwrite = False,
) -> None:
    """Compare the axes found in flows with the plan's corridors and other documents' axes.

    One line a found axis and a drawn one: how much of each lies within the width of the other,
    and how far apart they run. The axes of each document stay apart. Where no order can be
    compared, the reason is said in its place.
    """
    import pandas as pd

    from geo.analysis.flows.axes import find_axes
    from geo.analysis.flows.lines import axis_lines
    from geo.analysis.plan.agreement import compare_documents
    from geo.cli.flows import flows_named, places_named, rows_left_out
    from geo.cli.inputs import provenance_of
    from geo.cli.summary import (
        add_summary,
        outputs_for,
    )
    from geo.crs import to_analysis
    from geo.formats import add_frame
    from geo.layers import read_plan
    from geo.region import current_region

    plan = plan or current_region().plan
    chosen, places = read_plan(plan), places_named(nodes)
    checked = flows_named(table, places)
    lines = axis_lines(checked, places, find_axes(checked, places, alpha=alpha))
    drawn = to_analysis(pd.concat([chosen.corridors, chosen.other_axes]), places.crs)
    pairs, documents = compare_documents(lines, drawn, width_km=width_km)
    for end, frame in (("found", lines), ("drawn", drawn)):
        for language in ("zh", "en", "ja"):
            pairs[f"{end}_{language}"] = pairs[end].map(frame[f"name_{language}"])
    provenance = provenance_of(
        {"flows": table}, {"plan": plan, "alpha": alpha, "width_km": width_km},
        formulas=("axis-rule",),
    )  # fmt: skip
    with outputs_for(output, encoding=output_encoding, overwrite=overwrite) as outputs:
        add_frame(outputs, output, pairs.round(_DECIMALS), provenance=provenance)
        if ranks is not None:
            add_frame(outputs, ranks, documents.reset_index().round(_DECIMALS))
        told = _headline(documents, rows_left_out(checked))
        add_summary(outputs, summary, told, provenance=provenance)
    say(f"found: {', '.join(lines.name_en) or 'no axis'}")
    for name, row in documents.iterrows():
        order = f"no rank agreement ({row.reason})" if row.reason else f"tau {row.tau:.2f}"
        say(f"{name}: {row.n_matched} of {row.n_drawn} axes matched, {order}")


def _headline(documents: "pd.DataFrame", lost: dict[str, int]) -> dict[str, Any]:
    """Say how many of the axes that documents draw are found in the flows."""
    from geo.cli.summary import part_of

    words = (
        "各文件所画 {whole} 条轴线中，{n} 条在流量中找到",
        "{n} of {whole} axes drawn by the documents are found in the flows",
        "文書の {whole} 軸のうち {n} 軸がフローに見られる",
    )
    matched, drawn = int(documents["n_matched"].sum()), int(documents["n_drawn"].sum())
    return part_of(matched, drawn, words, lost)
