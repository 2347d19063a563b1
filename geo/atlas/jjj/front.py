"""The front page: its words and its points.

What a reader needs in ten seconds: which region, which plan, what is new, what is not known.

What the front page says before the maps.
"""

from typing import Final

from geo.atlas.base import MONTHS, number_in_words
from geo.atlas.context import Context
from geo.atlas.gallery import Front, Point
from geo.layers import read_plan
from geo.texts import Localized, tr

__all__ = [
    "FRONT",
    "brief",
]


def brief(context: Context) -> list[Point]:
    """Sum up region, plan, news and gaps in numbers taken from the layers.

    Parameters
    ----------
    context
        Layers, plan and projection of the region, read when first asked for.

    Returns
    -------
    list of Point
        Four, in the order in which they are read.

    Examples
    --------
    >>> [one.head.en for one in brief(Context())]
    ['The region', 'The plan', 'What is new', 'What is not known']
    """
    return [
        Point(tr("The region"), _region(context)),
        Point(tr("The plan"), _plan(context)),
        Point(tr("What is new"), _new(context)),
        Point(tr("What is not known"), _unknown(context)),
    ]


def _region(context: Context) -> Localized:
    counties = context.frame("counties")
    cities, n, area = counties.city_adcode.nunique(), len(counties), counties.area_km2.sum()
    panel = context.table("city_panel", numbers=("value",))
    census = panel[(panel.indicator == "resident_population_10k") & (panel.year == "2020")]
    people = census[census.adcode.isin(context.frame("provinces").index)].value.sum()
    return tr(
        "Beijing, Tianjin and Hebei: {cities} cities, {n} counties, {area} km², {people} "
        "million residents (2020).",
        cities=cities,
        n=n,
        area=Localized(
            zh=f"{area / 10000.0:.1f}", en=f"{round(area, -3):,.0f}", ja=f"{area / 10000.0:.1f}"
        ),
        people=Localized(
            zh=f"{people / 10000.0:.1f}", en=f"{people / 100:.0f}", ja=f"{people / 10000.0:.1f}"
        ),
    )


def _plan(context: Context) -> Localized:
    plan, day = read_plan(), read_plan().approved
    *inner, outer = [f"{one:.0f}" for one in sorted(context.frame("circles").radius_km.unique())]
    zh, en = "、".join([*inner, outer]), f"{', '.join(inner)} and {outer}"
    when = Localized(zh="", en="", ja="")
    if day is not None:
        when = tr(
            ", approved in {month} {year}",
            year=day.year,
            month=Localized.of(str(day.month), MONTHS[day.month - 1], str(day.month)),
        )
    return tr(
        "{plan}{approved}: three nested circles, of radius {radii} km.",
        plan=plan.title,
        approved=when,
        radii=Localized(zh=zh, en=en, ja=zh),
    )


def _new(context: Context) -> Localized:
    axes = context.frame("axes")
    now, before = (axes[axes.axis_set == one] for one in ("plan-2026", "outline-2015"))
    en = " and ".join(one.removesuffix(" Corridor") for one in now.name_en)
    return tr(
        "{n} corridors, {names}, where the outline of 2015 drew {former} axes; Xiong'an is now "
        "the end of one.",
        n=Localized.of(
            number_in_words(len(now), "zh"),
            number_in_words(len(now), "en").capitalize(),
            str(len(now)),
        ),
        names=Localized(zh="、".join(now.name_zh), en=en, ja="、".join(now.name_ja)),
        former=Localized.of(
            number_in_words(len(before), "zh"), number_in_words(len(before), "en"), str(len(before))
        ),
    )


def _unknown(context: Context) -> Localized:
    circles, claims = context.frame("circles"), context.table("claims")
    unsure = int(circles.n_unconfirmed["commuting-list"])
    open_ = int((~claims.verdict.str.startswith("confirmed")).sum())
    firms = context.present_firms()
    vague = int((~firms.has_site).sum())
    return tr(
        "In the commuting circle {unsure} counties are candidates only; {open} of the "
        "article's {n_claims} claims could not be confirmed; of {n_firms} firms, {vague} "
        "are known only to their district.",
        unsure=unsure,
        open=open_,
        n_claims=len(claims),
        n_firms=len(firms),
        vague=vague,
    )


_TITLE: Final = tr("Atlas of spatial coordination: Beijing–Tianjin–Hebei")
_DECK: Final = tr(
    "Facilities, firms, corridors and circles, read against the plan: where they are, "
    "how many, and how sure that is."
)
_REVIEW: Final = tr(
    "none. Boundaries are generalised by about 200 to 300 m, for analysis and not for "
    "delimitation; before publication the maps must be reviewed and the number filled "
    "in here."
)

FRONT: Final = Front(_TITLE, _DECK, _REVIEW, previews=True)
