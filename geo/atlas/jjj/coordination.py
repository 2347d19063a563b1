"""Coordination: whether input and output of innovation go together, province by province."""

from typing import Final

import geopandas as gpd
import pandas as pd

from geo.analysis.coordination import coupling as coordination
from geo.analysis.coordination import coupling as development
from geo.analysis.coordination import indicators
from geo.analysis.coordination.coupling import CLASSES
from geo.atlas import base
from geo.atlas.context import Built, Context, Page
from geo.atlas.jjj import sites as units
from geo.layers import Text3
from geo.render import (
    About,
    Axis,
    Categories,
    Chart,
    Field,
    Map,
    MapLayer,
    Note,
    chart,
    choropleth,
    note,
)
from geo.render.charts import Side
from geo.render.colours.palette import ramp

__all__ = ["IN_STEP", "PAGE", "degrees"]

TITLE: Final = Text3(
    "创新投入与产出同步吗",
    "Do innovation input and output keep pace?",
    "イノベーションの投入と産出は釣り合っているか",
)
INPUT: Final = ("rd_intensity_pct",)
OUTPUT: Final = ("patents_granted", "tech_contract_100m_yuan")
_WORKBOOK: Final = "jingjinji-education-network"
IN_STEP: Final = 0.1
"""Scores of input and output that differ by no more than this are read as in step."""
_GAPS: Final = {
    "step": Text3("投入与产出同步", "input and output are in step", "投入と産出が釣り合う"),
    "output": Text3("产出落后于投入", "output lags behind input", "産出が投入に遅れる"),
    "input": Text3("投入落后于产出", "input lags behind output", "投入が産出に遅れる"),
}


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
    own = panel[panel.source.str.endswith(_WORKBOOK) & panel.adcode.isin(units.PROVINCES)]
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
    known = table.dropna(subset=["degree"]).sort_values("year").groupby("adcode")
    first, last = known.first(), known.last()
    last = last.assign(gap=_lagging(last))
    end = int(last.year.max())
    dated = Text3(
        f"数据年份 {int(table.year.min())}—{end} 年",
        f"Data of {int(table.year.min())}–{end}",
        f"{int(table.year.min())}～{end}年のデータ",
    )
    finding = _finding(first, last, end)
    caveat = Text3(
        "协调度只能在这三省市、上述年份之间比较。产出按总量计，未按人口折算，规模大的占优。三项指标出自一份"
        "公开整理的官方数据，未与年鉴核对；城市一级没有可用数据。",
        "The degree can be compared only among these three provinces and years. Output is counted in totals, "
        "not per resident, which favours the large. The three indicators come from one public "
        "workbook of official figures that was not checked against the yearbooks; there are no data "
        "for cities.",
        "協調度を比べられるのは、この三省市・この期間の中に限る。産出は人口当たりではなく総量のため、規模の大きい"
        "省市に有利。三つの指標は公的な数値をまとめた公開資料によるもので、年鑑とは照合していない。都市別のデータはない。",
    )
    made = Map(TITLE, finding=finding, caveats=[caveat], kicker=dated)
    *under, _ = base.ground(context)  # no city borders: nothing here is known by city
    made.add(*under, base.special_area(context, shown=False), _provinces(context, last))
    made.add(_lines(table), _gaps(table), _index(context), *_notes(last))
    return Built(made, finding, caveat, {"degrees": table}, dated)


def _finding(first: pd.DataFrame, last: pd.DataFrame, end: int) -> Text3:
    """Say how the degrees moved, and which side lags where."""
    ways = {one: f"{first.degree[one]:.2f}→{last.degree[one]:.2f}" for one in units.PROVINCES}
    start, late = int(first.year.min()), int(first.year["130000"])
    lags = _lags(last)
    return Text3(
        f"创新投入与产出的耦合协调度，{start}—{end} 年：北京 {ways['110000']}，天津 {ways['120000']}，"
        f"河北 {ways['130000']}（{late} 年起）。{end} 年，{lags.zh}。",
        f"Coupling coordination of innovation input and output, {start} to {end}: Beijing "
        f"{ways['110000']}, Tianjin {ways['120000']}, Hebei {ways['130000']} (from {late}). "
        f"In {end} {lags.en}.",
        f"イノベーションの投入と産出の結合協調度（{start}～{end}年）：北京 {ways['110000']}、天津 "
        f"{ways['120000']}、河北 {ways['130000']}（{late}年から）。{end}年は{lags.ja}。",
    )


def _lags(last: pd.DataFrame) -> Text3:
    """Name the provinces in which one side lags."""
    behind = [one for one in units.PROVINCES if last.gap[one] != "step"]
    if not behind:
        return Text3(
            "三地投入与产出同步",
            "input and output are in step in all three",
            "三地域とも投入と産出が釣り合う",
        )
    named = [(units.PROVINCES[one], _GAPS[str(last.gap[one])]) for one in behind]
    return Text3(
        "，".join(f"{name.zh}{gap.zh}" for name, gap in named),
        " and ".join(f"{gap.en} in {name.en}" for name, gap in named),
        # 遅れ、遅れ、遅れる
        "、".join(f"{name.ja}で{gap.ja.removesuffix('る')}" for name, gap in named) + "る",
    )


def _lagging(scores: pd.DataFrame) -> "pd.Series[str]":
    """Tell which side lags, row by row: ``step``, ``output`` or ``input``."""
    apart = scores.output - scores.input
    return (
        pd.Series("step", scores.index)
        .mask(apart < -IN_STEP, "output")
        .mask(apart > IN_STEP, "input")
    )


_SPOTS: Final[dict[str, tuple[float, float, Side]]] = {
    "110000": (116.0, 40.2, "nw"),
    "120000": (117.75, 38.95, "se"),
    "130000": (114.6, 38.0, "nw"),
}
"""Where a callout points at each province, and the side with room."""


def _notes(last: pd.DataFrame) -> list[Note]:
    made = []
    for one, (lon, lat, side) in _SPOTS.items():
        row, name, gap = last.loc[one], units.PROVINCES[one], _GAPS[str(last.gap[one])]
        text = Text3(
            f"{name.zh} {row.degree:.2f}：{gap.zh}（投入 {row.input:.2f}，产出 {row.output:.2f}）",
            f"{name.en} {row.degree:.2f}: {gap.en} ({row.input:.2f} in, {row.output:.2f} out)",
            f"{name.ja} {row.degree:.2f}：{gap.ja}（投入 {row.input:.2f}、産出 {row.output:.2f}）",
        )
        short = Text3(*(f"{one} {row.degree:.2f}" for one in (name.zh, name.en, name.ja)))
        made.append(note(text, lon, lat, short=short, side=side))
    return made


def _provinces(context: Context, last: pd.DataFrame) -> MapLayer:
    layer = context.layer("provinces")
    columns = ["year", "input", "output", "degree", "class_en", "gap"]
    frame = gpd.GeoDataFrame(
        pd.DataFrame(layer.frame.drop(columns="geometry")).join(last[columns]),
        geometry=layer.frame.geometry,
        crs=layer.frame.crs,
    )
    title = Text3("耦合协调度", "Coupling coordination degree", "結合協調度")
    lows = (0.0, *(high for high, _ in CLASSES))
    names = {
        name.en: Text3(*(f"{one} {low:g}–{high:g}" for one in (name.zh, name.en, name.ja)))
        for low, (high, name) in zip(lows, CLASSES, strict=False)
    }
    shades = dict(zip(names, ramp("green", 9)[:1] + ramp("green", 9), strict=True))
    shown = [
        Field("class_en", Text3("等级", "Class", "等級"), words=names),
        Field("degree", title, decimals=3),
        Field("input", Text3("投入得分", "Input score", "投入の得点"), decimals=3),
        Field("output", Text3("产出得分", "Output score", "産出の得点"), decimals=3),
        Field("gap", Text3("哪一侧落后", "Which side lags", "遅れている側"), words=_GAPS),
        Field("year", Text3("年份", "Year", "年"), decimals=0),
    ]
    group = Text3("协同", "Coordination", "協調")
    about = About.of(layer, title=title, group=group, layer_id="degree")
    by = Categories("class_en", names, shades, Text3("等级", "Class", "等級"), ordered=True)
    return choropleth(frame, by, about, fields=shown)


def _lines(table: pd.DataFrame) -> Chart:
    wide = table.pivot(index="year", columns="adcode", values="degree").reset_index()
    return chart(
        "line",
        wide,
        title=Text3("耦合协调度", "Coupling coordination degree", "結合協調度"),
        x=Axis(Text3("年份", "Year", "年"), "year", decimals=0),
        y=Axis(Text3("协调度（0—1）", "Degree (0 to 1)", "協調度（0～1）"), decimals=2),
        series=units.PROVINCES,
        colours=units.PROVINCE_COLOURS,
        note=Text3(
            "D = √(C·T)。投入：研发强度；产出：专利授权量与技术合同成交额（熵权）；各年份、各省市用同一上下限",
            "D = √(C·T). Input: R&D intensity. Output: patents granted and technology contracts, by "
            "entropy weights. The same bounds for all years and provinces",
            "D = √(C·T)。投入は研究開発強度、産出は特許登録数と技術契約額（エントロピー重み）。上下限は全年・全省市で共通",
        ),
    )


def _gaps(table: pd.DataFrame) -> Chart:
    wide = table.assign(gap=table.output - table.input)
    wide = wide.pivot(index="year", columns="adcode", values="gap").reset_index()
    return chart(
        "line",
        wide,
        title=Text3("产出得分减投入得分", "Output score minus input score", "産出と投入の得点差"),
        x=Axis(Text3("年份", "Year", "年"), "year", decimals=0),
        y=Axis(Text3("得分差", "Difference of scores", "得点の差"), decimals=2),
        series=units.PROVINCES,
        colours=units.PROVINCE_COLOURS,
        note=Text3(
            f"负值为产出落后，正值为投入落后；相差不超过 {IN_STEP:g} 视为同步",
            f"Below zero output lags, above zero input lags; within {IN_STEP:g} they are in step",
            f"負は産出の遅れ、正は投入の遅れ。差が{IN_STEP:g}以内なら釣り合うとみなす",
        ),
    )


_INDEX_YEAR: Final = "2024"
_PARTS: Final = {
    "innovation": Text3("创新", "Innovation", "イノベーション"),
    "green": Text3("绿色", "Green", "グリーン"),
    "sharing": Text3("共享", "Sharing", "共有"),
    "coordination": Text3("协调", "Coordination", "協調"),
    "openness": Text3("开放", "Openness", "開放"),
}


def _index(context: Context) -> Chart:
    table = context.table("development_index", numbers=("value",))
    parts = table[(table.year == _INDEX_YEAR) & table.component.isin(_PARTS)]
    rebuilt = development.development_index(context.table("development_index")).values
    if not isinstance(rebuilt, pd.DataFrame):  # pragma: no cover - it gives a frame
        raise TypeError
    latest = rebuilt.reset_index().sort_values("year").tail(1)
    mean, published = latest.mean_of_five.item(), latest.published.item()
    return chart(
        "bar",
        parts.sort_values("value", ascending=False),
        title=Text3(
            f"国家统计局京津冀区域发展指数（{_INDEX_YEAR} 年，2014 年 = 100）",
            f"National statistics bureau's index of regional development, {_INDEX_YEAR} (2014 = 100)",
            f"国家統計局の京津冀地域発展指数（{_INDEX_YEAR}年、2014年=100）",
        ),
        x=Axis(Text3("分指数", "Sub-index", "分野別指数"), "component", words=_PARTS),
        y=Axis(Text3("指数", "Index", "指数"), decimals=1),
        series={"value": Text3("指数", "Index", "指数")},
        colours={"value": "#5591bf"},
        note=Text3(
            f"五项平均为 {mean:.2f}，公布的总指数为 {published:.1f}；与以 2010 年为基期的旧指数不可衔接",
            f"The five average {mean:.2f}; the published total is {published:.1f}. The older index "
            "(2010 = 100) is another series",
            f"五つの平均は{mean:.2f}、公表の総指数は{published:.1f}。2010年を基準とする旧指数とは接続しない",
        ),
    )


PAGE = Page("coordination", TITLE, compose)
