"""Flows between cities: trains, contracts.

Technology contracts from Beijing to Tianjin and Hebei: the years, and what the sums cover.

Flows and axes: what the train table finds, beside the axes that documents draw.
"""

from typing import Final

import geopandas as gpd
import pandas as pd

from geo.analysis.flows.lines import flow_lines
from geo.analysis.flows.measures import strength
from geo.analysis.flows.verdicts import short_name
from geo.atlas import base
from geo.atlas.context import Built, Context, Page
from geo.atlas.jjj.timetable import ALPHA, DATE, DATED, LOOSER, Timetable, openings, openings_chart
from geo.atlas.jjj.timetable import COLOUR as OPENED
from geo.crs import to_analysis
from geo.render import (
    About,
    Axis,
    Categories,
    Chart,
    Field,
    Link,
    Map,
    MapLayer,
    Note,
    chart,
    flows,
    labels,
    note,
    points,
)
from geo.render.drawing.flows import KIND_COLOURS, KIND_NAMES
from geo.texts import Localized, tr, tr_in

__all__ = [
    "CONTRACTS_TITLE",
    "PAGE",
    "contracts",
    "contracts_chart",
]

CONTRACTS_TITLE: Final = tr("Technology contracts, Beijing to Tianjin and Hebei")


def contracts(context: Context) -> pd.DataFrame:
    """Return the technology contracts from Beijing to Tianjin and Hebei, one row a year.

    Parameters
    ----------
    context
        Layers, plan and projection of the region, read when first asked for.

    Returns
    -------
    DataFrame
        ``year``, ``published`` and ``derived`` amounts in 100 million yuan, one of them missing.
    """
    table = context.table("tech_contracts")
    yearly = table[table.period.str.fullmatch(r"\d{4}") & table.kind.isin(["amount", "derived"])]
    value = pd.to_numeric(yearly.value_100m_yuan)  # sums may be bounds such as ">3200"
    return pd.DataFrame(
        {
            "year": yearly.period.astype(int),
            "published": value.where(yearly.kind == "amount"),
            "derived": value.where(yearly.kind == "derived"),
            "source": yearly.address,
        }
    ).reset_index(drop=True)


def contracts_chart(context: Context) -> Chart:
    """Draw the four years that the article's sum is made of.

    Parameters
    ----------
    context
        Layers, plan and projection of the region, read when first asked for.

    Returns
    -------
    Chart
        Published amounts and the one derived from the sum, with what each published sum covers.
    """
    table = contracts(context)
    return chart(
        "bar",
        table[table.year.between(2021, 2024)],
        title=CONTRACTS_TITLE,
        x=Axis(tr("Year"), "year", decimals=0),
        y=Axis(tr("Amount"), unit=tr("100 million yuan")),
        series={
            "published": tr("published"),
            "derived": tr("derived"),
        },
        colours={"published": "#1f78b4", "derived": "#b9b3a9"},
        note=_covered(context),
    )


def _covered(context: Context) -> Localized:
    """Say which years each published sum covers."""
    sums = context.table("tech_contracts").set_index("period").value_100m_yuan
    four, five = float(sums["2021-2024"]), float(sums["2021-2025"].lstrip(">"))
    return tr(
        "{four:,.1f} is the sum of 2021 to 2024; the article gives it for the whole plan "
        "period of 2021 to 2025, for which more than {five:,.0f} is published",
        four=four,
        five=five,
    )


TITLE: Final = tr("Which cities the trains connect")
_GROUP: Final = tr("Flows")


def compose(context: Context) -> Built:
    """Compose the page.

    Parameters
    ----------
    context
        Layers, plan and projection of the region, read when first asked for.

    Returns
    -------
    Built
        Map with a slider for the least weight, finding, tables.
    """
    day = Timetable.of(context)
    lines = flow_lines(
        day.flows, to_analysis(day.seats, context.region.crs), alpha=ALPHA, found=day.looser
    )
    lines = lines.assign(kind=_kinds)
    lines.index = pd.Index(lines.origin + "-" + lines.destination, name="pair")
    finding, caveat = day.finding(), day.caveat()
    made = Map(TITLE, finding=finding, caveats=[caveat, day.levels()], kicker=DATED)
    made.add(*base.ground(context), base.special_area(context))
    made.add(base.rail(context, shown=False, colour=OPENED, width=2.0))
    made.add(*base.axis_lines(context, shown=("plan-2026",)), _seats(context, day))
    # above the seats, so that the number of merged cities is not covered
    made.add(_flows(lines, day.seats), _seat_names(context, day))
    made.add(*_notes(day), _pairs_chart(lines), openings_chart(context), contracts_chart(context))
    table = pd.DataFrame(lines.drop(columns="geometry")).reset_index(drop=True)
    tables = {"trains": table, "openings": openings(context), "contracts": contracts(context)}
    return Built(made, finding, caveat, tables, DATED)


def _kinds(lines: gpd.GeoDataFrame) -> "pd.Series[str]":
    """Return main, secondary (at the looser level), backbone or other."""
    axis = lines.axis.str.replace(r"secondary-\d+", "secondary", regex=True)
    kinds: pd.Series[str] = axis.where(axis.notna(), lines.backbone.map(_KIND))
    return kinds


def _provenance(table: str, title: Localized) -> dict[str, object]:
    return {
        "title": title.described(),
        "sources": [base.fact_source()],
        "method": f"layers/tables/{table}.csv",
    }


def _flows(lines: gpd.GeoDataFrame, seats: gpd.GeoDataFrame) -> MapLayer:
    title = tr("High-speed trains a day")
    about = About(title, _provenance("city_trains", title), group=_GROUP, layer_id="trains")
    rows = [
        Field(
            "weight",
            _A_DAY,
            "",
            0,
        ),
        Field("kind", tr_in("flows", "Kind"), words=_NAMES),
        Field("share", tr("Share of all"), decimals=3),
    ]
    by = Categories("kind", _NAMES, KIND_COLOURS, tr_in("flows", "Kind"))
    plain = pd.DataFrame(lines.drop(columns="geometry"))
    return flows(plain, seats, about, directed=False, colour_by=by, fields=rows)


_KIND: Final = {True: "backbone", False: "other"}
_NAMES: Final = KIND_NAMES | {
    "secondary": tr("secondary axis (at α = {looser:g} only)", looser=LOOSER),
    "backbone": tr("backbone (α = {alpha:g})", alpha=ALPHA),
}


def _seats(context: Context, day: Timetable) -> MapLayer:
    title = tr("Cities")
    kinds = ["core" if one == day.found.core else "city" for one in day.seats.index]
    names = {
        "core": tr("core"),
        "city": tr("other cities"),
    }
    by = Categories("part", names, {"core": KIND_COLOURS["main"], "city": "#6b7076"}, title)
    about = About.of(context.layer("facilities"), title=title, group=_GROUP, layer_id="seats")
    return points(day.seats.assign(part=kinds), about, colour_by=by)


def _seat_names(context: Context, day: Timetable) -> MapLayer:
    title, seats = tr("City names"), day.seats
    about = About.of(
        context.layer("facilities"), title=title, group=base.BOUNDARIES, layer_id="city-names"
    )
    named = seats.assign(
        strength=strength(day.flows).strength,
        **{
            f"name_{language}": [short_name(seats, str(one), language) for one in seats.index]
            for language in ("zh", "en", "ja")
        },
    )
    return labels(named, about, weight="strength", strong=True, beside=True)


def _notes(day: Timetable) -> list[Note]:
    """Point at the main axis, at what is named at the looser level, and at what is missing."""
    n, share = day.on_main_axis, day.main.shares[0]
    name, end = day.named(day.main), day.seats.geometry[day.main.units[-1]]
    words = tr("{name}: {n} trains a day, {share:.0%} of all", name=name, n=n, share=share)
    few = tr("{n} trains a day", n=n)
    made = [note(words, end.x, end.y, short=few, side="se")]
    if day.looser.secondary and not day.found.secondary:
        end = day.seats.geometry[day.looser.secondary[0].units[-1]]
        words = tr("A secondary axis only if loosened to α = {looser:g}", looser=LOOSER)
        few = tr("Second axis?")
        made.append(note(words, end.x, end.y, short=few, side="nw"))
    if day.flows.without_flows:
        without = day.seats.geometry[day.flows.without_flows]
        place = without[without.y.idxmax()]  # the northernmost has room for the words
        idle = day.idle()
        words = tr("{idle}: no high-speed trains in {year}", idle=idle, year=DATE.year)
        few = tr("No trains yet")
        made.append(note(words, place.x, place.y, short=few, side="nw"))
    return made


_MOST_PAIRS: Final = 12
_A_DAY: Final = tr("Trains a day, both ways")


def _pairs_chart(lines: gpd.GeoDataFrame) -> Chart:
    top = lines.head(_MOST_PAIRS).reset_index()
    names = {
        row.pair: Localized(
            zh=f"{row.origin_zh.removesuffix('市')}—{row.destination_zh.removesuffix('市')}",
            en=f"{row.origin_en}–{row.destination_en}",
            ja=f"{row.origin_ja.removesuffix('市')}―{row.destination_ja.removesuffix('市')}",
        )
        for row in top.itertuples()
    }
    bars = pd.DataFrame({kind: top.weight.where(top.kind == kind) for kind in _NAMES})
    return chart(
        "bar",
        bars.assign(pair=top.pair),
        title=tr("The {most_pairs} pairs with the most trains", most_pairs=_MOST_PAIRS),
        x=Axis(tr("Pair"), "pair", words=names),
        y=Axis(_A_DAY, decimals=0),
        series=_NAMES,
        colours=KIND_COLOURS,
        link=Link("trains", "pair"),
    )


PAGE = Page("flows", TITLE, compose)
