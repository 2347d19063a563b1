"""Flows and axes: what the train table finds, beside the axes that documents draw."""

from typing import Final

import geopandas as gpd
import pandas as pd

from geo.analysis.axes import Found, find_axes
from geo.analysis.flow_lines import flow_lines
from geo.analysis.flows import Flows, check_flows
from geo.analysis.verdicts import verdict
from geo.atlas import base
from geo.atlas.context import Context
from geo.atlas.page import Built, Page
from geo.crs import to_analysis
from geo.layers import Text3
from geo.layers.seats import city_seats
from geo.render import About, Axis, Categories, Chart, Field, Map, MapLayer, chart, flows, points

__all__ = ["PAGE", "contracts", "trains"]

TITLE: Final = Text3("列车把谁连在一起", "Whom the trains connect", "列車が結ぶ都市")
DATE: Final = "2016-03-10"
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
    found = find_axes(checked, to_analysis(seats), alpha=ALPHA)
    said = verdict(found, _units(context))
    finding = Text3(
        f"{DATE} 时刻表：{said.zh}",
        f"Timetable of {DATE}: {said.en}",
        f"{DATE} の時刻表：{said.ja}",
    )
    looser = verdict(find_axes(checked, to_analysis(seats), alpha=LOOSER), _units(context))
    other = Text3(
        f"水平不同，答案不同：{looser.zh}",
        f"Another level, another answer: {looser.en}",
        f"水準が変われば答えも変わる：{looser.ja}",
    )
    idle = ", ".join(_units(context).name_en[checked.without_flows])
    idle_zh = "、".join(_units(context).name_zh[checked.without_flows])
    caveat = Text3(
        f"仅一日高铁班次，早于京张、京雄等线开通；{idle_zh}当时表中无车次；图中轴线出自三份文件。",
        f"One day's high-speed trains, before the lines to Zhangjiakou and Xiong'an opened; {idle} "
        "had none in the table. Drawn axes come from three documents.",
        f"一日の高速列車のみで、京張・京雄などの開業前。{idle_zh}は表に列車がない。軸線は三つの文書による。",
    )
    lines = flow_lines(checked, to_analysis(seats), alpha=ALPHA, found=found)
    made = Map(TITLE, finding=finding, caveats=[other, caveat])
    made.add(*base.ground(context), base.xiongan(context))
    made.add(*base.axis_lines(context, shown=("plan-2026",)), _flows(lines, seats))
    made.add(_seats(context, seats, found), base.city_names(context), _chart(context))
    table = pd.DataFrame(lines.drop(columns="geometry"))
    return Built(made, finding, caveat, {"trains": table, "contracts": contracts(context)})


def _provenance(table: str, title: Text3) -> dict[str, object]:
    return {
        "title": title.described(),
        "sources": [base.fact_source()],
        "method": f"layers/tables/{table}.csv",
    }


def _flows(lines: gpd.GeoDataFrame, seats: gpd.GeoDataFrame) -> MapLayer:
    title = Text3("每日高铁班次", "High-speed trains a day", "一日の高速列車本数")
    table = lines.assign(kind=lines.axis.where(lines.axis.notna(), lines.backbone.map(_KIND)))
    table = table.assign(kind=table.kind.str.replace(r"secondary-\d+", "secondary", regex=True))
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
    by = Categories("kind", _NAMES, _COLOURS, Text3("归类", "Read as", "分類"))
    plain = pd.DataFrame(table.drop(columns="geometry"))
    return flows(plain, seats, about, directed=False, colour_by=by, fields=rows)


_KIND: Final = {True: "backbone", False: "other"}
_NAMES: Final = {
    "main": Text3("主轴", "main axis", "主軸"),
    "secondary": Text3("副轴", "secondary axis", "副軸"),
    "backbone": Text3("骨干", "backbone", "骨格"),
    "other": Text3("其余", "other", "その他"),
}
_COLOURS: Final = {
    "main": "#a33a26",
    "secondary": "#d98a00",
    "backbone": "#4f6f8f",
    "other": "#b9b3a9",
}


def _seats(context: Context, seats: gpd.GeoDataFrame, found: Found) -> MapLayer:
    title = Text3("城市", "Cities", "都市")
    kinds = ["core" if one == found.core else "city" for one in seats.index]
    names = {
        "core": Text3("核心", "core", "中核"),
        "city": Text3("其他城市", "other cities", "他の都市"),
    }
    by = Categories("part", names, {"core": "#a33a26", "city": "#2f2d2a"}, title)
    about = About.of(context.layer("facilities"), title=title, group=_GROUP, layer_id="seats")
    return points(seats.assign(part=kinds), about, colour_by=by)


def _chart(context: Context) -> Chart:
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
            "2 308.7 亿元为 2021—2024 年合计，文章记为整个“十四五”时期；2021—2025 年超过 3 200 亿元",
            "2,308.7 is the sum of 2021 to 2024; the article gives it to the whole plan period, for "
            "which more than 3,200 is published",
            "2,308.7 は 2021～2024 年の合計。記事は第14次五か年計画期全体とするが、同期は 3,200 超と公表",
        ),
    )


PAGE = Page("flows", TITLE, compose)
