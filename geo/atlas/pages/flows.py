"""Flows and axes: what the train table finds, beside the axes that documents draw."""

from typing import Final

import geopandas as gpd
import pandas as pd

from geo.analysis.axes import Found, find_axes
from geo.analysis.flow_lines import flow_lines
from geo.analysis.flow_measures import strength
from geo.analysis.flows import Flows, check_flows
from geo.analysis.verdicts import short_name, verdict
from geo.atlas import base
from geo.atlas.context import Context
from geo.atlas.page import Built, Page
from geo.crs import to_analysis
from geo.errors import InputError
from geo.layers import Text3
from geo.layers.seats import city_seats
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
from geo.render.flows import KIND_COLOURS, KIND_NAMES

__all__ = ["PAGE", "contracts", "trains"]

TITLE: Final = Text3("列车把谁连在一起", "Whom the trains connect", "列車が結ぶ都市")
DATE: Final = "2016-03-10"
DATED: Final = Text3(
    "2016 年 3 月 10 日时刻表", "Timetable of 10 March 2016", "2016年3月10日の時刻表"
)
ALPHA: Final = 0.05
LOOSER: Final = 0.1
_GROUP: Final = Text3("联系", "Flows", "つながり")


def trains(context: Context) -> Flows:
    """Check the table of high-speed trains a day between cities.

    Parameters
    ----------
    context
        The shared layers.

    Returns
    -------
    Flows
        Undirected: both directions of a pair are summed.
    """
    table = context.table("city_trains", numbers=("trains_per_day",))
    names = {"from_city": "origin", "to_city": "destination", "trains_per_day": "weight"}
    return check_flows(table.rename(columns=names), _units(context))


def _units(context: Context) -> pd.DataFrame:
    cities: pd.DataFrame = context.frame("prefectures")[["name_zh", "name_en", "name_ja"]]
    return cities


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
    checked = trains(context)
    seats = city_seats()
    places = to_analysis(seats)
    found, looser = (find_axes(checked, places, alpha=alpha) for alpha in (ALPHA, LOOSER))
    lines = flow_lines(checked, places, alpha=ALPHA, found=looser).assign(kind=_kinds)
    lines.index = pd.Index(lines.origin + "-" + lines.destination, name="pair")
    finding, caveat = _finding(context, checked, found, looser), _caveat(context, checked)
    made = Map(
        TITLE, finding=finding, caveats=[*_verdicts(context, found, looser), caveat], kicker=DATED
    )
    made.add(*base.ground(context), base.xiongan(context))
    made.add(*base.axis_lines(context, shown=("plan-2026",)), _seats(context, seats, found))
    # above the seats, so that the number of merged cities is not covered
    made.add(_flows(lines, seats), _seat_names(context, seats, checked))
    made.add(*_notes(context, checked, seats, found, looser))
    made.add(_pairs_chart(lines), _contracts_chart(context))
    table = pd.DataFrame(lines.drop(columns="geometry")).reset_index(drop=True)
    return Built(made, finding, caveat, {"trains": table, "contracts": contracts(context)}, DATED)


def _kinds(lines: gpd.GeoDataFrame) -> "pd.Series[str]":
    """Return main, secondary (at the looser level), backbone or other."""
    axis = lines.axis.str.replace(r"secondary-\d+", "secondary", regex=True)
    kinds: pd.Series[str] = axis.where(axis.notna(), lines.backbone.map(_KIND))
    return kinds


def _named(context: Context, units: tuple[str, ...]) -> Text3:
    cities = _units(context)
    names = {
        language: [short_name(cities, one, language) for one in units]
        for language in ("zh", "en", "ja")
    }
    return Text3("—".join(names["zh"]), "–".join(names["en"]), "―".join(names["ja"]))


def _main_trains(checked: Flows, found: Found) -> tuple[int, float]:
    """Return the trains of the main axis and their share of all."""
    if found.main is None:
        msg = "flows: the train table has no main axis; the page cannot be written as it is"
        raise InputError(msg)
    total = float(checked.pairs.weight.sum())
    return round(found.main.shares[0] * total), found.main.shares[0]


def _finding(context: Context, checked: Flows, found: Found, looser: Found) -> Text3:
    n, share = _main_trains(checked, found)
    main = _named(context, found.main.units if found.main else ())
    day = pd.Timestamp(DATE)
    if not looser.secondary:
        second = Text3("未见副轴", "No secondary axis is found", "副軸は見いだされない")
    elif found.secondary:
        axis = _named(context, found.secondary[0].units)
        second = Text3(
            f"副轴为{axis.zh}", f"{axis.en} is a secondary axis", f"{axis.ja}は副軸となる"
        )
    else:
        axis = _named(context, looser.secondary[0].units)
        second = Text3(
            f"{axis.zh}要把标准放宽到 α = {LOOSER:g} 才算副轴",
            f"{axis.en} passes for a secondary axis only at the looser level α = {LOOSER:g}",
            f"{axis.ja}が副軸となるのは水準を α = {LOOSER:g} に緩めた場合のみ",
        )
    return Text3(
        f"{day.year} 年 {day.month} 月 {day.day} 日，{main.zh}之间有 {n} 班高铁，占各城市对合计的 {share:.0%}，是主轴；{second.zh}。",
        f"On {day.day} {day:%B %Y}, {n} high-speed trains ran between {main.en.replace('–', ' and ')}, "
        f"{share:.0%} of those of all city pairs: the main axis. {second.en}.",
        f"{day.year}年{day.month}月{day.day}日、{main.ja}間の高速列車は {n} 本で、全都市ペア合計の {share:.0%} を占める主軸。{second.ja}。",
    )


def _verdicts(context: Context, found: Found, looser: Found) -> list[Text3]:
    said = [verdict(one, _units(context)) for one in (found, looser)]
    return [
        Text3(
            f"轴线规则的答案随水平而变：{said[0].zh}{said[1].zh}",
            f"The axis rule's answer depends on its level. {said[0].en} {said[1].en}",
            f"軸線の判定は水準によって変わる。{said[0].ja}{said[1].ja}",
        )
    ]


def _caveat(context: Context, checked: Flows) -> Text3:
    idle = _idle(context, checked)
    return Text3(
        f"仅一日高铁班次，早于京张、京雄等线开通；{idle.zh}当时表中无车次；一列车在其停靠的每个城市对中各计一次。",
        f"One day's high-speed trains, before the lines to Zhangjiakou and Xiong'an opened; {idle.en} "
        "had none in the table. A train counts once for every pair of cities it serves.",
        f"一日の高速列車のみで、京張・京雄などの開業前。{idle.ja}は表に列車がない。列車は停車する都市ペアごとに一度ずつ数える。",
    )


def _idle(context: Context, checked: Flows) -> Text3:
    """Name the cities without a train."""
    cities, idle = _units(context), checked.without_flows

    def named(language: str, comma: str) -> str:
        return comma.join(short_name(cities, one, language) for one in idle)

    return Text3(named("zh", "、"), named("en", ", "), named("ja", "、"))


def _provenance(table: str, title: Text3) -> dict[str, object]:
    return {
        "title": title.described(),
        "sources": [base.fact_source()],
        "method": f"layers/tables/{table}.csv",
    }


def _flows(lines: gpd.GeoDataFrame, seats: gpd.GeoDataFrame) -> MapLayer:
    title = Text3("每日高铁班次", "High-speed trains a day", "一日の高速列車本数")
    about = About(title, _provenance("city_trains", title), group=_GROUP, layer_id="trains")
    rows = [
        Field(
            "weight",
            Text3("每日班次（双向）", "Trains a day, both ways", "一日の本数（往復）"),
            "",
            0,
        ),
        Field("kind", Text3("归类", "Read as", "分類"), words=_NAMES),
        Field("share", Text3("占全部班次", "Share of all", "全体に占める割合"), decimals=3),
    ]
    by = Categories("kind", _NAMES, KIND_COLOURS, Text3("归类", "Read as", "分類"))
    plain = pd.DataFrame(lines.drop(columns="geometry"))
    return flows(plain, seats, about, directed=False, colour_by=by, fields=rows)


_KIND: Final = {True: "backbone", False: "other"}
_NAMES: Final = KIND_NAMES | {
    "secondary": Text3(
        f"副轴（仅在 α = {LOOSER:g}）",
        f"secondary axis (at α = {LOOSER:g} only)",
        f"副軸（α = {LOOSER:g} のみ）",
    ),
    "backbone": Text3(
        f"骨干（α = {ALPHA:g}）", f"backbone (α = {ALPHA:g})", f"骨格（α = {ALPHA:g}）"
    ),
}


def _seats(context: Context, seats: gpd.GeoDataFrame, found: Found) -> MapLayer:
    title = Text3("城市", "Cities", "都市")
    kinds = ["core" if one == found.core else "city" for one in seats.index]
    names = {
        "core": Text3("核心", "core", "中核"),
        "city": Text3("其他城市", "other cities", "他の都市"),
    }
    by = Categories("part", names, {"core": KIND_COLOURS["main"], "city": "#6b7076"}, title)
    about = About.of(context.layer("facilities"), title=title, group=_GROUP, layer_id="seats")
    return points(seats.assign(part=kinds), about, colour_by=by)


def _seat_names(context: Context, seats: gpd.GeoDataFrame, checked: Flows) -> MapLayer:
    title = Text3("城市名称", "City names", "都市名")
    about = About.of(
        context.layer("facilities"), title=title, group=base.BOUNDARIES, layer_id="city-names"
    )
    named = seats.assign(
        strength=strength(checked).strength,
        **{
            f"name_{language}": [short_name(seats, str(one), language) for one in seats.index]
            for language in ("zh", "en", "ja")
        },
    )
    return labels(named, about, weight="strength", strong=True, beside=True)


def _notes(
    context: Context, checked: Flows, seats: gpd.GeoDataFrame, found: Found, looser: Found
) -> list[Note]:
    """Point at the main axis, at what is named at the looser level, and at what is missing."""
    made = []
    n, share = _main_trains(checked, found)
    if found.main is not None:
        name, end = _named(context, found.main.units), seats.geometry[found.main.units[-1]]
        words = Text3(
            f"{name.zh}：每天 {n} 班，占 {share:.0%}",
            f"{name.en}: {n} trains a day, {share:.0%} of all",
            f"{name.ja}：一日 {n} 本、全体の {share:.0%}",
        )
        few = Text3(f"{n} 班", f"{n} trains a day", f"一日 {n} 本")
        made.append(note(words, end.x, end.y, short=few, side="se"))
    if looser.secondary and not found.secondary:
        end = seats.geometry[looser.secondary[0].units[-1]]
        words = Text3(
            f"只在放宽到 α = {LOOSER:g} 时才算副轴",
            f"A secondary axis only at the looser level α = {LOOSER:g}",
            f"副軸となるのは α = {LOOSER:g} に緩めた場合のみ",
        )
        few = Text3(f"仅 α = {LOOSER:g}", f"α = {LOOSER:g} only", f"α = {LOOSER:g} のみ")
        made.append(note(words, end.x, end.y, short=few, side="nw"))
    if checked.without_flows:
        without = seats.geometry[checked.without_flows]
        place = without[without.y.idxmax()]  # the northernmost has room for the words
        names, year = _idle(context, checked), pd.Timestamp(DATE).year
        words = Text3(
            f"{names.zh}：{year} 年尚无高铁",
            f"{names.en}: no high-speed trains in {year}",
            f"{names.ja}：{year}年は高速列車なし",
        )
        few = Text3("尚无高铁", "no trains yet", "列車なし")
        made.append(note(words, place.x, place.y, short=few, side="nw"))
    return made


_MOST_PAIRS: Final = 12


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
            f"The {_MOST_PAIRS} pairs with most trains",
            f"列車の多い {_MOST_PAIRS} の都市ペア",
        ),
        x=Axis(Text3("城市对", "Pair", "都市ペア"), "pair", words=names),
        y=Axis(
            Text3("每日班次（双向）", "Trains a day, both ways", "一日の本数（往復）"), decimals=0
        ),
        series=_NAMES,
        colours=KIND_COLOURS,
        link=Link("trains", "pair"),
    )


def _contracts_chart(context: Context) -> Chart:
    table = contracts(context)
    return chart(
        "bar",
        table[table.year.between(2021, 2024)],
        title=Text3(
            "北京流向津冀技术合同成交额",
            "Technology contracts, Beijing to Tianjin and Hebei",
            "北京から天津・河北への技術契約額",
        ),
        x=Axis(Text3("年份", "Year", "年"), "year", decimals=0),
        y=Axis(Text3("成交额", "Amount", "契約額"), unit=Text3("亿元", "100 million yuan", "億元")),
        series={
            "published": Text3("公布", "published", "公表"),
            "derived": Text3("推算", "derived", "推計"),
        },
        colours={"published": "#1f78b4", "derived": "#b9b3a9"},
        note=Text3(
            "2,308.7 亿元为 2021—2024 年合计，报道记为整个“十四五”时期；2021—2025 年超过 3,200 亿元",
            "2,308.7 is the sum of 2021 to 2024; the article gives it to the whole plan period, for "
            "which more than 3,200 is published",
            "2,308.7 は 2021～2024 年の合計。記事は第14次五か年計画期全体とするが、同期は 3,200 超と公表",
        ),
    )


PAGE = Page("flows", TITLE, compose)
