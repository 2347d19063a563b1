"""Ties between cities: trains, contracts.

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
from geo.layers import Text3
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

__all__ = [
    "CONTRACTS_TITLE",
    "PAGE",
    "contracts",
    "contracts_chart",
]

CONTRACTS_TITLE: Final = Text3(
    "北京流向津冀技术合同成交额",
    "Technology contracts, Beijing to Tianjin and Hebei",
    "北京から天津・河北への技術契約額",
)


def contracts(context: Context) -> pd.DataFrame:
    """Return the technology contracts from Beijing to Tianjin and Hebei, one row a year.

    Parameters
    ----------
    context
        The shared layers.

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
        The shared layers.

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
        x=Axis(Text3("年份", "Year", "年"), "year", decimals=0),
        y=Axis(Text3("成交额", "Amount", "契約額"), unit=Text3("亿元", "100 million yuan", "億元")),
        series={
            "published": Text3("公布", "published", "公表"),
            "derived": Text3("推算", "derived", "推計"),
        },
        colours={"published": "#1f78b4", "derived": "#b9b3a9"},
        note=_covered(context),
    )


def _covered(context: Context) -> Text3:
    """Say which years each published sum covers."""
    sums = context.table("tech_contracts").set_index("period").value_100m_yuan
    four, five = float(sums["2021-2024"]), float(sums["2021-2025"].lstrip(">"))
    return Text3(
        f"{four:.1f} 亿元为 2021—2024 年合计，报道记为整个“十四五”时期；2021—2025 年公布为超过 {five:.0f} 亿元",
        f"{four:,.1f} is the sum of 2021 to 2024; the article gives it for the whole plan period of 2021 to "
        f"2025, for which more than {five:,.0f} is published",
        f"{four:,.1f}億元は2021～2024年の合計。記事は第14次五か年計画の全期間の額とするが、2021～2025年は{five:,.0f}億元超と公表",
    )


TITLE: Final = Text3("列车把哪些城市连在一起", "Which cities the trains connect", "列車が結ぶ都市")
_GROUP: Final = Text3("联系", "Flows", "つながり")


def compose(context: Context) -> Built:
    """Compose the page.

    Parameters
    ----------
    context
        The shared layers.

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


def _provenance(table: str, title: Text3) -> dict[str, object]:
    return {
        "title": title.described(),
        "sources": [base.fact_source()],
        "method": f"layers/tables/{table}.csv",
    }


def _flows(lines: gpd.GeoDataFrame, seats: gpd.GeoDataFrame) -> MapLayer:
    title = Text3("每日高铁班次", "High-speed trains a day", "1日の高速列車の本数")
    about = About(title, _provenance("city_trains", title), group=_GROUP, layer_id="trains")
    rows = [
        Field(
            "weight",
            _A_DAY,
            "",
            0,
        ),
        Field("kind", Text3("归类", "Kind", "分類"), words=_NAMES),
        Field("share", Text3("占全部班次的比重", "Share of all", "全体に占める割合"), decimals=3),
    ]
    by = Categories("kind", _NAMES, KIND_COLOURS, Text3("归类", "Kind", "分類"))
    plain = pd.DataFrame(lines.drop(columns="geometry"))
    return flows(plain, seats, about, directed=False, colour_by=by, fields=rows)


_KIND: Final = {True: "backbone", False: "other"}
_NAMES: Final = KIND_NAMES | {
    "secondary": Text3(
        f"副轴（仅在 α = {LOOSER:g} 时）",
        f"secondary axis (at α = {LOOSER:g} only)",
        f"副軸（α = {LOOSER:g}のみ）",
    ),
    "backbone": Text3(
        f"骨干（α = {ALPHA:g}）", f"backbone (α = {ALPHA:g})", f"骨格（α = {ALPHA:g}）"
    ),
}


def _seats(context: Context, day: Timetable) -> MapLayer:
    title = Text3("城市", "Cities", "都市")
    kinds = ["core" if one == day.found.core else "city" for one in day.seats.index]
    names = {
        "core": Text3("核心", "core", "中核"),
        "city": Text3("其他城市", "other cities", "他の都市"),
    }
    by = Categories("part", names, {"core": KIND_COLOURS["main"], "city": "#6b7076"}, title)
    about = About.of(context.layer("facilities"), title=title, group=_GROUP, layer_id="seats")
    return points(day.seats.assign(part=kinds), about, colour_by=by)


def _seat_names(context: Context, day: Timetable) -> MapLayer:
    title, seats = Text3("城市名称", "City names", "都市名"), day.seats
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
    words = Text3(
        f"{name.zh}：每天 {n} 班，占 {share:.0%}",
        f"{name.en}: {n} trains a day, {share:.0%} of all",
        f"{name.ja}：毎日{n}本、全体の{share:.0%}",
    )
    few = Text3(f"每天 {n} 班", f"{n} trains a day", f"毎日{n}本")
    made = [note(words, end.x, end.y, short=few, side="se")]
    if day.looser.secondary and not day.found.secondary:
        end = day.seats.geometry[day.looser.secondary[0].units[-1]]
        words = Text3(
            f"只有放宽到 α = {LOOSER:g} 才算副轴",
            f"A secondary axis only if loosened to α = {LOOSER:g}",
            f"α = {LOOSER:g}に緩めた場合に限り副軸",
        )
        few = Text3("副轴？", "Second axis?", "副軸？")
        made.append(note(words, end.x, end.y, short=few, side="nw"))
    if day.flows.without_flows:
        without = day.seats.geometry[day.flows.without_flows]
        place = without[without.y.idxmax()]  # the northernmost has room for the words
        idle = day.idle()
        words = Text3(
            f"{idle.zh}：{DATE.year} 年表中无高铁",
            f"{idle.en}: no high-speed trains in {DATE.year}",
            f"{idle.ja}：{DATE.year}年は高速列車なし",
        )
        few = Text3("尚无高铁", "No trains yet", "列車なし")
        made.append(note(words, place.x, place.y, short=few, side="nw"))
    return made


_MOST_PAIRS: Final = 12
_A_DAY: Final = Text3("每日班次（双向）", "Trains a day, both ways", "1日の本数（往復）")


def _pairs_chart(lines: gpd.GeoDataFrame) -> Chart:
    top = lines.head(_MOST_PAIRS).reset_index()
    names = {
        row.pair: Text3(
            f"{row.origin_zh.removesuffix('市')}—{row.destination_zh.removesuffix('市')}",
            f"{row.origin_en}–{row.destination_en}",
            f"{row.origin_ja.removesuffix('市')}―{row.destination_ja.removesuffix('市')}",
        )
        for row in top.itertuples()
    }
    bars = pd.DataFrame({kind: top.weight.where(top.kind == kind) for kind in _NAMES})
    return chart(
        "bar",
        bars.assign(pair=top.pair),
        title=Text3(
            f"班次最多的 {_MOST_PAIRS} 个城市对",
            f"The {_MOST_PAIRS} pairs with the most trains",
            f"列車の多い{_MOST_PAIRS}の都市ペア",
        ),
        x=Axis(Text3("城市对", "Pair", "都市ペア"), "pair", words=names),
        y=Axis(_A_DAY, decimals=0),
        series=_NAMES,
        colours=KIND_COLOURS,
        link=Link("trains", "pair"),
    )


PAGE = Page("flows", TITLE, compose)
