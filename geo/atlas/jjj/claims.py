"""The claims of the plan's article, each beside the value computed from the tables.

The claims of the source article, one a row: the claim, what can be computed, the verdict.

Numbers are computed from the tables each time; the verdicts are those of ``layers/tables/claims``,
reached by reading sources, and no computation here turns an unconfirmed claim into a confirmed one.

Claims: each figure of the source article, held against sources and tables.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import yaml

from geo.analysis.plan.agreement import compare_axes
from geo.atlas.context import Built, Context, Page
from geo.atlas.jjj import circles, flows, innovation, roles, xiongan
from geo.errors import InputError
from geo.layers import Plan, read, read_plan, read_table
from geo.region import Region
from geo.render.reports import CLAIMS_CAVEAT, CLAIMS_TITLE, claims_page
from geo.sources.registry import source
from geo.texts import Localized, tr

__all__ = [
    "PAGE",
    "READ_ON",
    "VERDICTS",
    "Evidence",
    "check_claims",
    "checked_claims",
    "evidence",
    "links",
    "shipped_evidence",
]

VERDICTS: Final = {
    "confirmed": tr("Confirmed"),
    "confirmed-with-correction": tr("Confirmed with a correction"),
    "contradicted": tr("Contradicted"),
    "unconfirmed": tr("Unconfirmed"),
}
"""The verdicts by the code in ``claims.csv``."""

_NOTHING: Final = tr("Nothing in the data bears on it")
_LANGUAGES: Final = ("zh", "en", "ja")
_SAID: Final = (
    *("statement_zh", "statement_en", "statement_ja", "note_zh", "note", "note_ja"),
    *("source_zh", "source_ja"),
)

Numbers = Mapping[str, Any]


@dataclass(frozen=True)
class Evidence:
    """The tables and layers that claims are held against.

    Attributes
    ----------
    contracts
        Table ``tech_contracts``, values as text.
    coverage
        Table ``coverage``, as text.
    facilities, firms
        The layers of these names: points in ``STORAGE_CRS`` indexed by id.
    axes
        The layer ``axes`` in equal-area metres.
    plan
        A plan as ``geo.layers.plans.plan.read_plan`` returns it, checked.
    """

    contracts: pd.DataFrame
    coverage: pd.DataFrame
    facilities: gpd.GeoDataFrame
    firms: gpd.GeoDataFrame
    axes: gpd.GeoDataFrame
    plan: Plan


def check_claims(claims: pd.DataFrame, evidence: Evidence) -> pd.DataFrame:
    """Compute the value of each claim from the tables, and give a verdict.

    Parameters
    ----------
    claims
        Table ``claims``: ``figure_id``, statements, notes and sources in three languages,
        ``value``, ``unit``, ``period``, ``verdict``.
    evidence
        Tables and layers that the values are computed from.

    Returns
    -------
    DataFrame
        One row a claim, in the same order: ``claim``, ``said_zh/en/ja``, ``value``, ``unit``,
        ``period``, ``computed_zh/en/ja`` (with fresh numbers, or that nothing bears on it),
        ``verdict`` and its words, ``caveat_zh/en/ja``, ``source_zh/en/ja``.

    Raises
    ------
    InputError
        When a column is missing or a verdict is not one of ``VERDICTS``.
    """
    needed = ["figure_id", "value", "unit", "period", "verdict", "source", *_SAID]
    missing = [name for name in needed if name not in claims.columns]
    if missing:
        msg = f"claims: column {', '.join(missing)} is missing"
        raise InputError(msg)
    strange = sorted(set(claims.verdict) - set(VERDICTS))
    if strange:
        msg = f"claims: verdict {strange[0]!r} is not one of {', '.join(VERDICTS)}"
        raise InputError(msg)
    templates = _templates()
    computed = [_computed(name, evidence, templates) for name in claims.figure_id]
    table = pd.DataFrame({"claim": claims.figure_id.to_numpy()})
    for lang in _LANGUAGES:
        note, source = (
            claims[name if lang == "en" else f"{name}_{lang}"] for name in ("note", "source")
        )
        table[f"said_{lang}"] = claims[f"statement_{lang}"].to_numpy()
        table[f"computed_{lang}"] = [one.described()[lang] for one in computed]
        table[f"verdict_{lang}"] = [VERDICTS[one].described()[lang] for one in claims.verdict]
        table[f"caveat_{lang}"] = note.to_numpy()
        table[f"source_{lang}"] = source.to_numpy()
    for name in ("value", "unit", "period", "verdict"):
        table[name] = claims[name].to_numpy()
    order = [
        *("claim", "said_zh", "said_en", "said_ja", "value", "unit", "period"),
        *("computed_zh", "computed_en", "computed_ja", "verdict"),
        *("verdict_zh", "verdict_en", "verdict_ja", "caveat_zh", "caveat_en", "caveat_ja"),
        *("source_zh", "source_en", "source_ja"),
    ]
    return table[order]


def _templates() -> dict[str, dict[str, str]]:
    text = files("geo.atlas.jjj").joinpath("claim_texts.yaml").read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = yaml.safe_load(text)
    return found


def _computed(name: str, evidence: Evidence, templates: dict[str, dict[str, str]]) -> Localized:
    compute = _COMPUTED.get(name)
    if compute is None:
        return _NOTHING
    numbers = compute(evidence)
    return Localized.of(*(templates[name][lang].format(**numbers) for lang in _LANGUAGES))


def _coauthor(_: Evidence) -> Numbers:
    periods = 2024 - 2013
    wrong = periods + 1
    rate = 1.186
    return {
        "periods": periods,
        "years": wrong,
        "multiple": rate**periods,
        "multiple_wrong": rate**wrong,
    }


def _key_labs(evidence: Evidence) -> Numbers:
    labs = evidence.facilities
    here = (labs.category == "national_laboratory_or_key_lab") & labs.adcode.str.startswith("11")
    cover = evidence.coverage
    own = cover[
        (cover.category == "national_laboratory_or_key_lab") & (cover.province_adcode == "110000")
    ]
    return {"listed": int(here.sum()), "total": own.published_total.iloc[0]}


def _network_axes(evidence: Evidence) -> Numbers:
    axes = evidence.axes
    pairs = compare_axes(
        axes.loc[["study-secondary"]], axes.loc[["outline-jingbaoshi", "plan-jingxiong"]]
    ).set_index("drawn")
    return {
        "with_outline": pairs.overlap_found["outline-jingbaoshi"],
        "with_plan": pairs.overlap_found["plan-jingxiong"],
    }


def _approval(evidence: Evidence) -> Numbers:
    approved = evidence.plan.approved
    return {"approved": approved.isoformat() if approved else "—"}


def _amount(evidence: Evidence, period: str) -> float:
    """Return the published amount of a period in 100 million yuan; '>' marks a lower bound."""
    rows = evidence.contracts[evidence.contracts.period == period]
    return float(rows.value_100m_yuan.iloc[0].lstrip(">"))


def _contracts(evidence: Evidence) -> Numbers:
    years = [_amount(evidence, str(year)) for year in range(2021, 2025)]
    return {
        "four_years": sum(years),
        "derived": years[1],
        "published": _amount(evidence, "2021-2024"),
        "five_years": _amount(evidence, "2021-2025"),
    }


def _contracts_ratio(evidence: Evidence) -> Numbers:
    before, five = _amount(evidence, "2014-2020"), _amount(evidence, "2021-2025")
    return {
        "seven_years": before,
        "least_four": _amount(evidence, "2021-2024") / before,
        "least_five": five / before,
        "implied": five / 1.7,
        "grown": five / 2.7,
    }


def _yen(_: Evidence) -> Numbers:
    return {"rate": 51_111 / 2_300}


def _xiongan_firms(evidence: Evidence) -> Numbers:
    here = evidence.firms[evidence.firms.city == "雄安新区"]
    informatics = int(here.industry.str.startswith("I ").sum())
    present = int((here.status == "present").sum())
    return {"listed": len(here), "present": present, "informatics": informatics}


_PROVINCES: Final = ("110000", "120000", "130000")


def _uneven(evidence: Evidence) -> Numbers:
    totals = evidence.coverage.set_index(["category", "province_adcode"]).published_total

    def published(category: str) -> list[int]:
        return [int(totals[category, one]) for one in _PROVINCES]

    labs = published("national_laboratory_or_key_lab")
    return {
        "labs": labs,
        "share": labs[0] / sum(labs),
        "universities": published("university"),
    }


def _labour(evidence: Evidence) -> Numbers:
    province = evidence.facilities.adcode.str[:2] + "0000"
    role = evidence.facilities.role
    research, made = province[role == "research"], province[role == "manufacturing"]
    return {
        "research": len(research),
        "beijing": (research == "110000").mean(),
        "made": len(made),
        "tianjin": (made == "120000").mean(),
        "hebei": (made == "130000").mean(),
        "applied": int((role == "application").sum()),
    }


def _matching(evidence: Evidence) -> Numbers:
    return {
        "first_year": 2021,
        "first": _amount(evidence, "2021"),
        "last_year": 2024,
        "last": _amount(evidence, "2024"),
    }


def _no_numbers(_: Evidence) -> Numbers:
    return {}


def _xiongan_share(_: Evidence) -> Numbers:
    return {"firms": 0.65 * 260}


_COMPUTED: Final[dict[str, Callable[[Evidence], Numbers]]] = {
    "coauthor-cagr": _coauthor,
    "division-of-labour": _labour,
    "key-labs": _key_labs,
    "network-axes": _network_axes,
    "network-density": _no_numbers,
    "plan-approval": _approval,
    "plan-matching": _matching,
    "resources-uneven": _uneven,
    "tech-contracts": _contracts,
    "tech-contracts-jpy": _yen,
    "tech-contracts-ratio": _contracts_ratio,
    "xiongan-firms": _xiongan_firms,
    "xiongan-sectors": _xiongan_firms,
    "xiongan-share": _xiongan_share,
}


def shipped_evidence(region: Region | None = None) -> Evidence:
    """Read the shipped tables and layers that claims are held against.

    Parameters
    ----------
    region
        The region whose layers and codes are used; None is the current region.

    Returns
    -------
    Evidence
        For ``check_claims``.
    """
    return Evidence(
        contracts=read_table("tech_contracts", region=region),
        coverage=read_table("coverage", region=region),
        facilities=read("facilities", region=region),
        firms=read("firms", region=region),
        axes=read("axes", crs="analysis", region=region),
        plan=read_plan(region=region),
    )


def checked_claims(region: Region) -> tuple[pd.DataFrame, list[str]]:
    """Check each claim against what ships.

    Parameters
    ----------
    region
        The region whose files, codes and projection are used.

    Returns
    -------
    table : DataFrame
        As ``check_claims``.
    used : list of str
        Ids of the tables and layers behind it.
    """
    used = ["claims", "tech_contracts", "coverage", "facilities", "firms", "axes"]
    return check_claims(read_table("claims", region=region), shipped_evidence(region)), used


_CONTRACTS: Final = (flows.PAGE, flows.CONTRACTS_TITLE)
READ_ON: Final[dict[str, Page | tuple[Page, Localized] | None]] = {
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


def links() -> dict[str, tuple[str, Localized]]:
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


DATED: Final = tr("Article of March 2026, checked in November 2026")


def evidence(context: Context) -> Evidence:
    """Gather the tables and layers that claims are held against.

    Parameters
    ----------
    context
        Layers, plan and projection of the region, read when first asked for.

    Returns
    -------
    Evidence
        For ``geo.atlas.jjj.claims.check_claims``.
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
        Layers, plan and projection of the region, read when first asked for.

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
    finding = tr(
        "Of the article's {n_table} claims, {confirmed} are confirmed, {corrected} hold "
        "with a correction and {rest} could not be confirmed.",
        n_table=len(table),
        confirmed=confirmed,
        corrected=corrected,
        rest=rest,
    )
    provenance = {"title": CLAIMS_TITLE.described(), "sources": [source("facts").described()]}
    page = claims_page(table, provenance=provenance, lead=[DATED, finding], maps=links())
    return Built(page, finding, CLAIMS_CAVEAT, {"claims": table}, DATED)


PAGE = Page("claims", CLAIMS_TITLE, compose)
