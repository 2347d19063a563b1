"""The front page: its words and its points.

What a reader needs in ten seconds: which region, which plan, what is new, what is not known.

What the front page says before the maps.
"""

from typing import Final

from geo.atlas.base import MONTHS, counted
from geo.atlas.context import Context
from geo.atlas.gallery import Front, Point
from geo.layers import Text3, read_plan

__all__ = [
    "FRONT",
    "brief",
]


def brief(context: Context) -> list[Point]:
    """Sum up region, plan, news and gaps in numbers taken from the layers.

    Parameters
    ----------
    context
        The shared layers.

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
        Point(Text3("地区", "The region", "地域"), _region(context)),
        Point(Text3("规划", "The plan", "計画"), _plan(context)),
        Point(Text3("新在哪里", "What is new", "何が新しいか"), _new(context)),
        Point(Text3("还不知道什么", "What is not known", "まだ分からないこと"), _unknown(context)),
    ]


def _region(context: Context) -> Text3:
    counties = context.frame("counties")
    cities, n, area = counties.city_adcode.nunique(), len(counties), counties.area_km2.sum()
    panel = context.table("city_panel", numbers=("value",))
    census = panel[(panel.indicator == "resident_population_10k") & (panel.year == "2020")]
    people = census[census.adcode.isin(context.frame("provinces").index)].value.sum()
    return Text3(
        f"北京、天津、河北：{cities} 个城市、{n} 个县级单位，{area / 1e4:.1f} 万平方公里，"
        f"常住人口 {people / 1e4:.1f} 亿（2020 年）。",
        f"Beijing, Tianjin and Hebei: {cities} cities, {n} counties, {round(area, -3):,.0f} km², "
        f"{people / 100:.0f} million residents (2020).",
        f"北京・天津・河北。{cities}都市、{n}の県級単位、{area / 1e4:.1f}万km²、"
        f"常住人口{people / 1e4:.1f}億人（2020年）。",
    )


def _plan(context: Context) -> Text3:
    plan, day = read_plan(), read_plan().approved
    *inner, outer = [f"{one:.0f}" for one in sorted(context.frame("circles").radius_km.unique())]
    zh, en = "、".join([*inner, outer]), f"{', '.join(inner)} and {outer}"
    when = Text3("", "", "")
    if day is not None:
        when = Text3(
            f"，{day.year} 年 {day.month} 月批准",
            f", approved in {MONTHS[day.month - 1]} {day.year}",
            f"（{day.year}年{day.month}月承認）",
        )
    return Text3(
        f"《{plan.title.zh}》{when.zh}。提出半径 {zh} 公里的三个嵌套圈层。",
        f"{plan.title.en}{when.en}: three nested circles, of radius {en} km.",
        f"「{plan.title.ja}」{when.ja}。半径{zh} kmの、入れ子になった三つの圏域を掲げる。",
    )


def _new(context: Context) -> Text3:
    axes = context.frame("axes")
    now, before = (axes[axes.axis_set == one] for one in ("plan-2026", "outline-2015"))
    en = " and ".join(one.removesuffix(" Corridor") for one in now.name_en)
    return Text3(
        f"{counted(len(now), 'zh')}条走廊（{'、'.join(now.name_zh)}）；2015 年纲要画的是"
        f"{counted(len(before), 'zh')}条发展轴。雄安如今是其中一条走廊的终点。",
        f"{counted(len(now), 'en').capitalize()} corridors, {en}, where the outline of 2015 drew "
        f"{counted(len(before), 'en')} axes; Xiong'an is now the end of one.",
        f"{len(now)}本の回廊（{'、'.join(now.name_ja)}）。2015年綱要では{len(before)}本の発展軸"
        "だった。雄安は一方の回廊の終点となる。",
    )


def _unknown(context: Context) -> Text3:
    circles, claims = context.frame("circles"), context.table("claims")
    unsure = int(circles.n_unconfirmed["commuting-list"])
    open_ = int((~claims.verdict.str.startswith("confirmed")).sum())
    firms = context.present_firms()
    vague = int((~firms.has_site).sum())
    return Text3(
        f"通勤圈有 {unsure} 个县只是推测；报道的 {len(claims)} 条说法中，{open_} 条未能核实；"
        f"{len(firms)} 家企业中，{vague} 家只知在哪个区县。",
        f"In the commuting circle {unsure} counties are candidates only; {open_} of the article's "
        f"{len(claims)} claims could not be confirmed; of {len(firms)} firms, {vague} are known "
        "only to their district.",
        f"通勤圏のうち{unsure}県は推定にすぎない。記事の主張{len(claims)}件のうち{open_}件は"
        f"確認できず、企業{len(firms)}社のうち{vague}社は区・県までしか分からない。",
    )


_TITLE: Final = Text3(
    "京津冀空间协同图集",
    "Atlas of spatial coordination: Beijing–Tianjin–Hebei",
    "京津冀 空間協同アトラス",
)
_DECK: Final = Text3(
    "设施、企业、走廊与圈层在哪里，有多少，有多确定——对照规划，逐图来看。",
    "Facilities, firms, corridors and circles, read against the plan: where they are, how many, and "
    "how sure that is.",
    "施設、企業、回廊、圏域はどこにどれだけあり、どこまで確かなのか。計画と照らし合わせて読む。",
)
_REVIEW: Final = Text3(
    "无。边界为天地图概括数据（偏差约 200—300 米），仅供分析，不作划界依据；公开出版前须依《地图管理条例》送审，并在此填写审图号。",
    "none. Boundaries are generalised by about 200 to 300 m, for analysis and not for delimitation; "
    "before publication the maps must be reviewed and the number filled in here.",
    "なし。境界は天地図の簡略化した線（誤差約200～300 m）で、分析用であり境界画定の根拠にはならない。"
    "公表前に審査を受け、ここに番号を記入すること。",
)

FRONT: Final = Front(_TITLE, _DECK, _REVIEW, previews=True)
