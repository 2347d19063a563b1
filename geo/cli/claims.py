"""``jjj claims``: the source article's claims, held against sources and tables."""

from typing import TYPE_CHECKING

import typer

from geo.cli.options import Html, Lang, Output, Overwrite

if TYPE_CHECKING:
    from geo.analysis.claims import Evidence

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)


@app.command()
def claims(
    *,
    html: Html = None,
    lang: Lang = "zh",
    output: Output = "-",
    overwrite: Overwrite = False,
) -> None:
    """Check each claim: what was said, what can be computed, verdict, caveat, source."""
    from geo.analysis.claims import check_claims  # noqa: PLC0415
    from geo.formats import add_frame  # noqa: PLC0415
    from geo.layers import read_table  # noqa: PLC0415
    from geo.render.claims import CLAIMS_TITLE, claims_page  # noqa: PLC0415
    from geo.write import Outputs  # noqa: PLC0415

    table = check_claims(read_table("claims"), shipped_evidence())
    used = ["claims", "tech_contracts", "coverage", "facilities", "firms", "axes"]
    provenance = {"title": CLAIMS_TITLE.described(), "tables": used, "plan": "jjj-2023-2035"}
    with Outputs(overwrite=overwrite) as outputs:
        add_frame(outputs, output, table, provenance=provenance)
        if html is not None:
            outputs.text(html, claims_page(table, provenance=provenance, lang=lang))
    counts = table.verdict.value_counts()
    typer.echo(", ".join(f"{name} {count}" for name, count in counts.items()), err=True)


def shipped_evidence() -> "Evidence":
    """Read the shipped tables and layers that claims are held against.

    Returns
    -------
    Evidence
        For ``geo.analysis.claims.check_claims``.
    """
    from geo.analysis.claims import Evidence  # noqa: PLC0415
    from geo.layers import read, read_plan, read_table  # noqa: PLC0415

    return Evidence(
        contracts=read_table("tech_contracts"),
        coverage=read_table("coverage"),
        facilities=read("facilities"),
        firms=read("firms"),
        axes=read("axes", crs="analysis"),
        plan=read_plan(),
    )
