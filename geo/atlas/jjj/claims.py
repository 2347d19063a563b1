"""Claims: each figure of the source article, held against sources and tables."""

from typing import Final

from geo.atlas.context import Context
from geo.atlas.jjj import circles, contracts, flows, innovation, roles, xiongan
from geo.atlas.jjj.evidence import Evidence, check_claims
from geo.atlas.page import Built, Page
from geo.layers import Text3, read_plan
from geo.render.claims import CLAIMS_CAVEAT, CLAIMS_TITLE, claims_page
from geo.sources.registry import source

__all__ = ["PAGE", "READ_ON", "evidence", "links"]

_CONTRACTS: Final = (flows.PAGE, contracts.TITLE)
READ_ON: Final[dict[str, Page | tuple[Page, Text3] | None]] = {
    "centre-upgrade": None,
    "resources-uneven": innovation.PAGE,
    "key-labs": innovation.PAGE,
    "new-rd-inst": None,
    "gisthi-rank": None,
    "gisthi-science": None,
    "nature-index": None,
    "division-of-labour": roles.PAGE,
    "coauthor-cagr": None,
    "network-density": None,
    "network-axes": flows.PAGE,
    "tech-contracts": _CONTRACTS,
    "tech-contracts-ratio": _CONTRACTS,
    "tech-contracts-jpy": None,
    "plan-approval": circles.PAGE,
    "plan-matching": _CONTRACTS,
    "xiongan-firms": xiongan.PAGE,
    "xiongan-share": xiongan.PAGE,
    "xiongan-sectors": xiongan.PAGE,
    "tianjin-conf": None,
    "bay-areas": None,
}
"""Every claim in the order of the story, and the map, or its chart, on which it can be checked."""


def links() -> dict[str, tuple[str, Text3]]:
    """Return where a reader can check a claim.

    Returns
    -------
    dict
        By claim: the file of the page, and the title of the page or of the chart on it.
    """
    found = {}
    for claim, place in READ_ON.items():
        if place is not None:
            page, title = place if isinstance(place, tuple) else (place, place.title)
            found[claim] = (f"{page.page_id}.html", title)
    return found


DATED: Final = Text3(
    "2026 年 3 月的报道，核对于 2026 年 11 月",
    "Article of March 2026, checked in November 2026",
    "2026年3月の記事、2026年11月に検証",
)


def evidence(context: Context) -> Evidence:
    """Gather the tables and layers that claims are held against.

    Parameters
    ----------
    context
        The shared layers.

    Returns
    -------
    Evidence
        For ``geo.atlas.jjj.evidence.check_claims``.
    """
    return Evidence(
        contracts=context.table("tech_contracts"),
        coverage=context.table("coverage"),
        facilities=context.frame("facilities"),
        firms=context.frame("firms"),
        axes=context.metric("axes"),
        plan=read_plan(),
    )


def compose(context: Context) -> Built:
    """Compose the page.

    Parameters
    ----------
    context
        The shared layers.

    Returns
    -------
    Built
        A page of text, finding and table.
    """
    table = check_claims(context.table("claims"), evidence(context))
    table = table.set_index("claim").loc[[*READ_ON]].reset_index()
    counts = table.verdict.value_counts()
    confirmed = int(counts.get("confirmed", 0))
    corrected = int(counts.get("confirmed-with-correction", 0))
    rest = len(table) - confirmed - corrected
    finding = Text3(
        f"报道的 {len(table)} 条说法中，{confirmed} 条已核实，{corrected} 条核实但须更正，{rest} 条未能核实。",
        f"Of the article's {len(table)} claims, {confirmed} are confirmed, {corrected} hold with a "
        f"correction and {rest} could not be confirmed.",
        f"記事の主張{len(table)}件のうち、確認できたのは{confirmed}件、"
        f"訂正付きで成り立つのは{corrected}件で、{rest}件は確認できなかった。",
    )
    provenance = {"title": CLAIMS_TITLE.described(), "sources": [source("facts").described()]}
    page = claims_page(table, provenance=provenance, lead=[DATED, finding], maps=links())
    return Built(page, finding, CLAIMS_CAVEAT, {"claims": table}, DATED)


PAGE = Page("claims", CLAIMS_TITLE, compose)
