"""Coordination: whether input and output of innovation go together, province by province."""

from typing import Final

import geopandas as gpd
import pandas as pd

from geo.analysis import coordination, development, indicators
from geo.atlas import base
from geo.atlas.context import Context
from geo.atlas.page import Built, Page
from geo.layers import Text3
from geo.render import About, Axis, Chart, Classes, Field, Map, MapLayer, chart, choropleth

__all__ = ["PAGE", "degrees"]

TITLE: Final = Text3(
    "投入与产出协同吗", "Do input and output go together?", "投入と産出は協調しているか"
)
INPUT: Final = ("rd_intensity_pct",)
OUTPUT: Final = ("patents_granted", "tech_contract_100m_yuan")
_WORKBOOK: Final = "jingjinji-education-network"
_PROVINCES: Final = ("110000", "120000", "130000")


def degrees(context: Context) -> pd.DataFrame:
    """Measure the coupling coordination degree of innovation input and output by province.

    Parameters
    ----------
    context
        The shared layers.

    Returns
    -------
    DataFrame
        ``adcode, year, input, output`` (scores on bounds pooled over years and provinces),
        ``degree`` and its class in three languages; null where C is undefined.
    """
    panel = context.table("city_panel", numbers=("value",))
    own = panel[panel.source.str.endswith(_WORKBOOK) & panel.adcode.isin(_PROVINCES)]
    wide = own.pivot(index=["adcode", "year"], columns="indicator", values="value").reset_index()
    wide = wide.assign(unit=wide.adcode, year=wide.year.astype(int))
    scores = indicators.subsystem_scores(wide, {"input": [*INPUT], "output": [*OUTPUT]}).values
    if not isinstance(scores, pd.DataFrame):  # pragma: no cover - it gives a frame
        raise TypeError
    found = coordination.coupling_coordination(scores).values
    if not isinstance(found, pd.DataFrame):  # pragma: no cover - it gives a frame
        raise TypeError
    both = scores.join(found[["degree", "class_zh", "class_en", "class_ja"]]).reset_index()
    return both.rename(columns={"unit": "adcode"}).round(4)


def compose(context: Context) -> Built:
    """Compose the page.

    Parameters
    ----------
    context
        The shared layers.

    Returns
    -------
    Built
        Map, finding and tables.
    """
    table = degrees(context)
    known = table.dropna(subset=["degree"])
    first = known.sort_values("year").groupby("adcode").first()
    last = known.sort_values("year").groupby("adcode").last()
    ways = {one: f"{first.degree[one]:.2f}→{last.degree[one]:.2f}" for one in _PROVINCES}
    start, end = int(first.year.min()), int(last.year.max())
    finding = Text3(
        f"{start}—{end} 年创新投入与产出的耦合协调度：北京 {ways['110000']}，天津 {ways['120000']}，"
        f"河北 {ways['130000']}（自 {first.year['130000']} 年）。",
        f"Coupling coordination of innovation input and output, {start} to {end}: Beijing "
        f"{ways['110000']}, Tianjin {ways['120000']}, Hebei {ways['130000']} (from "
        f"{first.year['130000']}).",
        f"{start}～{end} 年のイノベーション投入と産出の結合協調度：北京 {ways['110000']}、"
        f"天津 {ways['120000']}、河北 {ways['130000']}（{first.year['130000']} 年から）。",
    )
    caveat = Text3(
        "协调度只在这三省市、这十年内可比；三项指标出自一份公开整理的官方数据，未与年鉴核对；"
        "城市一级没有可用数据。",
        "The degree compares these three provinces in these ten years only; its three indicators "
        "come from one public workbook of official figures, not checked against yearbooks; for "
        "cities there are no data.",
        "協調度はこの三省市・十年の中でのみ比較できる。三指標は公的数値をまとめた公開資料によるもので"
        "年鑑とは未照合。都市別のデータはない。",
    )
    made = Map(TITLE, finding=finding, caveats=[caveat])
    *under, borders = base.ground(context)
    made.add(*under, _provinces(context, last), borders, base.xiongan(context, shown=False))
    made.add(_lines(table), _index(context))
    return Built(made, finding, caveat, {"degrees": table})


def _provinces(context: Context, last: pd.DataFrame) -> MapLayer:
    layer = context.layer("provinces")
    frame = gpd.GeoDataFrame(
        pd.DataFrame(layer.frame.drop(columns="geometry")).join(
            last[["year", "input", "output", "degree", "class_zh", "class_en", "class_ja"]]
        ),
        geometry=layer.frame.geometry,
        crs=layer.frame.crs,
    )
    title = Text3("耦合协调度", "Coordination degree", "結合協調度")
    rows = frame[["class_zh", "class_en", "class_ja"]].drop_duplicates().itertuples()
    names = {str(row.class_en): Text3(row.class_zh, row.class_en, row.class_ja) for row in rows}
    shown = [
        Field("class_en", Text3("等级", "Class", "等級"), words=names),
        Field("degree", Text3("耦合协调度", "Coordination degree", "結合協調度"), decimals=3),
        Field("input", Text3("投入得分", "Input score", "投入の得点"), decimals=3),
        Field("output", Text3("产出得分", "Output score", "産出の得点"), decimals=3),
        Field("year", Text3("年份", "Year", "年"), decimals=0),
    ]
    about = About.of(layer, title=title, group=Text3("协同", "Coordination", "協調"))
    by = Classes("degree", title, bins=(0.2, 0.4, 0.6, 0.8, 1.0), ramp="green", decimals=1)
    return choropleth(frame, by, about, fields=shown)


def _lines(table: pd.DataFrame) -> Chart:
    wide = table.pivot(index="year", columns="adcode", values="degree").reset_index()
    return chart(
        "line",
        wide,
        title=Text3("耦合协调度", "Coupling coordination degree", "結合協調度"),
        x=Axis(Text3("年份", "Year", "年"), "year", decimals=0),
        y=Axis(Text3("协调度（0—1）", "Degree (0 to 1)", "協調度（0～1）"), decimals=2),
        series={
            "110000": Text3("北京", "Beijing", "北京"),
            "120000": Text3("天津", "Tianjin", "天津"),
            "130000": Text3("河北", "Hebei", "河北"),
        },
        colours={"110000": "#0b3f70", "120000": "#4fa3d8", "130000": "#c99700"},
        note=Text3(
            "D = √(C·T)；投入：研发强度；产出：专利授权与技术合同，熵权；跨年份、跨省统一极差",
            "D = √(C·T); input: R&D intensity; output: patents and technology contracts, entropy "
            "weights; bounds pooled over years and provinces",
            "D = √(C·T)。投入：研究開発強度、産出：特許と技術契約（エントロピー重み）。年・省を通じて統一した上下限",
        ),
    )


_PARTS: Final = {
    "innovation": Text3("创新", "Innovation", "イノベーション"),
    "green": Text3("绿色", "Green", "グリーン"),
    "sharing": Text3("共享", "Sharing", "共有"),
    "coordination": Text3("协调", "Coordination", "協調"),
    "openness": Text3("开放", "Openness", "開放"),
}


def _index(context: Context) -> Chart:
    table = context.table("development_index", numbers=("value",))
    parts = table[(table.year == "2024") & table.component.isin(_PARTS)]
    rebuilt = development.development_index(context.table("development_index")).values
    if not isinstance(rebuilt, pd.DataFrame):  # pragma: no cover - it gives a frame
        raise TypeError
    latest = rebuilt.reset_index().sort_values("year").tail(1)
    mean, published = latest.mean_of_five.item(), latest.published.item()
    return chart(
        "bar",
        parts.sort_values("value", ascending=False),
        title=Text3(
            "国家统计局京津冀区域发展指数（2024，2014=100）",
            "Statistics bureau's regional index, 2024 (2014 = 100)",
            "国家統計局 京津冀地域発展指数（2024、2014=100）",
        ),
        x=Axis(Text3("分指数", "Sub-index", "部門指数"), "component", words=_PARTS),
        y=Axis(Text3("指数", "Index", "指数"), decimals=1),
        series={"value": Text3("指数", "Index", "指数")},
        colours={"value": "#5591bf"},
        note=Text3(
            f"五项均值 {mean:.2f}，公布总指数 {published:.1f}；旧基期（2010）不可衔接",
            f"Mean of the five {mean:.2f}, published total {published:.1f}; the "
            "old base (2010) is another series",
            f"五つの平均 {mean:.2f}、公表の総指数 {published:.1f}。旧基準（2010）とは接続しない",
        ),
    )


PAGE = Page("coordination", TITLE, compose)
