"""Circles: the plan's nested disks by list and by radius, and what is not confirmed."""

from typing import Final

import geopandas as gpd
import pandas as pd

from geo.atlas import base
from geo.atlas.base import ten_thousands
from geo.atlas.context import Built, Context, Page
from geo.crs import to_analysis
from geo.layers import Text3, read_plan, vocabulary
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
    lines,
    note,
    points,
    polygons,
)

__all__ = ["PAGE", "shares"]

TITLE: Final = Text3(
    "都市圈的三个圈层", "Three circles of the metropolitan area", "都市圏の三つの圏域"
)
_BOX: Final = (114.5, 38.0, 118.9, 41.3)
DATED: Final = Text3(
    "规划公布于 2026 年，清单整理于 2026 年 11 月",
    "Plan of 2026, list of November 2026",
    "計画は2026年公表、一覧は2026年11月時点",
)
_GROUP: Final = Text3("圈层", "Circles", "圏域")
_PLAN: Final = Text3("规划结构", "Structure of the plan", "計画の構造")
COLOURS: Final = {"commuting": "#b8452f", "functional": "#c99700", "industry": "#4f6f8f"}
_OUTSIDE: Final = Text3("圈外", "Outside", "圏外")


def shares(context: Context) -> pd.DataFrame:
    """Count facilities and firms in each circle, by list and by radius, nested and exclusive.

    Parameters
    ----------
    context
        The shared layers.

    Returns
    -------
    DataFrame
        One row a circle: counts and shares for the definitions list and radius, and of the list
        how many lie in counties that are unconfirmed. A site is in the list when the county it
        states is; in the radius when its point is.
    """
    facilities = context.sites()
    disks = context.metric("circles")
    units = context.table("plan_units")
    rows = []
    for kind, frame in (("facility", facilities), ("firm", context.present_firms())):
        spots = to_analysis(frame, context.region.crs).geometry
        for circle in vocabulary("circle"):
            listed = units[units.circle == circle]
            unsure = listed[listed.basis == "unconfirmed"].adcode
            inside = spots.within(disks.geometry[f"{circle}-radius"])
            rows.append(
                {
                    "kind": kind,
                    "circle": circle,
                    "total": len(frame),
                    "list": int(frame.adcode.isin(listed.adcode).sum()),
                    "list_in_unconfirmed_counties": int(frame.adcode.isin(unsure).sum()),
                    "radius": int(inside.sum()),
                }
            )
    table = pd.DataFrame(rows)
    before = table.groupby("kind")[["list", "radius"]].shift(fill_value=0)
    return table.assign(
        list_share=(table.list / table.total).round(4),
        radius_share=(table.radius / table.total).round(4),
        list_exclusive=table.list - before.list,
        radius_exclusive=table.radius - before.radius,
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
        Map, finding and table.
    """
    table = shares(context)
    circles = context.frame("circles")
    own = table[table.kind == "facility"].set_index("circle")
    finding = _finding(own.loc[["commuting"]].iloc[0], circles.radius_km["commuting-list"])
    caveat = _caveat(circles.loc["commuting-list"])
    made = Map(TITLE, finding=finding, caveats=[caveat], kicker=DATED, box=_BOX)
    made.add(*base.ground(context), *(_listed(context, one) for one in reversed(COLOURS)))
    made.add(_unconfirmed(context), *(_disk(context, one) for one in COLOURS))
    made.add(base.special_area(context), _axes(context), _nodes(context), _subcentre(context))
    made.add(base.city_names(context))
    made.add(_chart(table), *_notes(context))
    return Built(made, finding, caveat, {"shares": table}, DATED)


def _finding(own: "pd.Series[float]", radius_km: float) -> Text3:
    """Compare the two definitions of the commuting circle."""
    by_list, by_radius = f"{own.list_share:.0%}", f"{own.radius_share:.0%}"
    return Text3(
        f"清单设施有 {by_list} 位于通勤圈内；若不按县级单位名单，而按 {radius_km:.0f} 公里半径，则为 {by_radius}。",
        f"The commuting circle holds {by_list} of the listed facilities if its counties are counted, "
        f"and {by_radius} if its radius of {radius_km:.0f} km is.",
        f"掲載施設のうち通勤圏にあるのは、県級単位のリストで数えると{by_list}、半径{radius_km:.0f} kmで数えると{by_radius}。",
    )


def _caveat(circle: "pd.Series[float]") -> Text3:
    """Say that the lists are no rings, and how sure the list of the commuting circle is."""
    unsure = f"{circle.n_unconfirmed:.0f}"
    areas = (circle.area_km2, circle.published_area_km2)
    zh, ja = ([ten_thousands(one, gap) for one in areas] for gap in (" ", ""))
    return Text3(
        f"圈层是嵌套的县级单位名单，不是同心圆。通勤圈有 {unsure} 个县（斜线）未经公布文本确认；图示面积 "
        f"{zh[0]}平方公里，公布约 {zh[1]}平方公里。",
        f"The circles are nested lists of counties, not rings. In the commuting circle {unsure} "
        "counties (hatched) are not confirmed by the published text; as drawn it covers "
        f"{round(circle.area_km2, -2):,.0f} km², against about {circle.published_area_km2:,.0f} km² published.",
        f"圏域は入れ子になった県級単位のリストであり、同心円ではない。通勤圏の{unsure}県（斜線）は公表文で確認できて"
        f"いない。図示面積は{ja[0]}km²、公表値は約{ja[1]}km²。",
    )


def _notes(context: Context) -> list[Note]:
    """Point at the largest county of the commuting circle that is not confirmed, and at Tianjin."""
    units = context.table("plan_units")
    unsure = units[(units.circle == "commuting") & (units.basis == "unconfirmed")].adcode
    counties = context.frame("counties")
    spot = counties.geometry[counties.area_km2[unsure].idxmax()].representative_point()
    circle = context.frame("circles").loc["functional-list"]
    tianjin = context.frame("prefectures").geometry["120000"].representative_point()
    hatched = Text3(
        f"斜线：{len(unsure)} 个县未经确认",
        f"Hatched: {len(unsure)} counties not confirmed",
        f"斜線：未確認の{len(unsure)}県",
    )
    wider = Text3(
        f"功能圈再加天津等地，共 {ten_thousands(circle.area_km2, ' ')}平方公里",
        f"The functional circle adds Tianjin and others: {round(circle.area_km2, -2):,.0f} km² in all",
        f"機能圏は天津などを加えて計{ten_thousands(circle.area_km2)}km²",
    )
    short = Text3("斜线：未经确认", "Hatched: unconfirmed", "斜線：未確認")
    wide = Text3("功能圈", "Functional circle", "機能圏")
    return [
        note(hatched, spot.x, spot.y, short=short),
        note(wider, tianjin.x + 0.15, tianjin.y - 0.25, short=wide),
    ]


def _fields() -> list[Field]:
    return [
        Field("definition", Text3("口径", "Defined by", "定義"), words=vocabulary("definition")),
        Field("basis", Text3("依据", "Basis", "根拠"), words=vocabulary("basis")),
        Field("radius_km", Text3("公布半径", "Published radius", "公表の半径"), "km", 0),
        Field("area_km2", Text3("图示面积", "Area shown", "図示面積"), "km²", 0),
        Field("published_area_km2", Text3("公布面积", "Published area", "公表面積"), "km²", 0),
        Field("n_counties", Text3("县级单位数", "Counties", "県級単位の数"), decimals=0),
        Field(
            "n_unconfirmed", Text3("其中未确认", "of which unconfirmed", "うち未確認"), decimals=0
        ),
    ]


def _listed(context: Context, circle: str) -> MapLayer:
    layer = context.layer("circles")
    frame = layer.frame.loc[[f"{circle}-list"]]
    name = vocabulary("circle")[circle]
    shown, published = frame.area_km2.iloc[0], frame.published_area_km2.iloc[0]
    said = Text3("", "", "")
    if pd.notna(published):
        said = Text3(
            f"，公布约 {ten_thousands(published, ' ')}",
            f", about {published:,.0f} published",
            f"、公表値は約{ten_thousands(published)}",
        )
    title = Text3(
        f"{name.zh}（按名单）：{ten_thousands(shown, ' ')}平方公里{said.zh}",
        f"{name.en}, by list: {shown:,.0f} km²{said.en}",
        f"{name.ja}（リスト）：{ten_thousands(shown)}km²{said.ja}",
    )
    about = About.of(
        layer, title=title, group=_GROUP, shown=circle != "industry", layer_id=f"list-{circle}"
    )
    return polygons(frame, about, role="zone", colour=COLOURS[circle], fields=_fields())


def _disk(context: Context, circle: str) -> MapLayer:
    layer = context.layer("circles")
    frame = layer.frame.loc[[f"{circle}-radius"]]
    km = frame.radius_km.iloc[0]
    name = vocabulary("circle")[circle]
    shown = frame.area_km2.iloc[0]
    title = Text3(
        f"{name.zh}（按 {km:.0f} 公里半径）：{ten_thousands(shown, ' ')}平方公里",
        f"{name.en}, radius {km:.0f} km: {shown:,.0f} km²",
        f"{name.ja}（半径{km:.0f} km）：{ten_thousands(shown)}km²",
    )
    about = About.of(layer, title=title, group=_GROUP, shown=False, layer_id=f"radius-{circle}")
    return polygons(frame, about, role="zone", colour=COLOURS[circle], fields=_fields())


def _unconfirmed(context: Context) -> MapLayer:
    units = context.table("plan_units")
    units = units[units.basis == "unconfirmed"]
    smallest = units.drop_duplicates("adcode").set_index("adcode")
    counties = context.frame("counties").loc[smallest.index]
    frame = gpd.GeoDataFrame(
        counties[["name_zh", "name_en", "name_ja", "area_km2", "geometry"]].assign(
            circle=smallest.circle
        ),
        crs=counties.crs,
    )
    title = Text3("未经确认的县（斜线）", "Counties not confirmed (hatched)", "未確認の県（斜線）")
    names = vocabulary("circle")
    by = Categories("circle", names, COLOURS, title)
    rows = [
        Field("circle", Text3("推测属于", "Candidate for", "推定される圏域"), words=names),
        Field("area_km2", Text3("面积", "Area", "面積"), "km²", 0),
    ]
    about = About.of(context.layer("circles"), title=title, group=_GROUP, layer_id="unconfirmed")
    return polygons(frame, about, role="unconfirmed", colour_by=by, fields=rows)


def _axes(context: Context) -> MapLayer:
    layer = context.layer("axes")
    frame = layer.frame[layer.frame.axis_set == "plan-2026"]
    title = Text3("双廊（示意）", "Two corridors (schematic)", "二つの回廊（模式図）")
    rows = [
        Field(
            "length_km", Text3("示意线长", "Length of the schematic line", "模式線の長さ"), "km", 0
        ),
        Field("published_length_km", Text3("公布长度", "Published length", "公表の長さ"), "km", 0),
    ]
    about = About.of(layer, title=title, group=_PLAN)
    return lines(frame, about, colour="#111111", width=2.4, fields=rows)


def _nodes(context: Context) -> MapLayer:
    layer = context.layer("plan_nodes")
    frame = layer.frame[layer.frame.axis_sets.str.contains("plan-2026")]
    names = {one: vocabulary("basis")[one] for one in ("stated", "schematic")}
    colours = {"stated": "#111111", "schematic": "#a8a29a"}
    by = Categories("basis", names, colours, Text3("节点依据", "Basis of the node", "節点の根拠"))
    return points(frame, About.of(layer, group=_PLAN), colour_by=by)


def _subcentre(context: Context) -> MapLayer:
    """Return the sub-centre as a point that states its area: no boundary of it is in the open."""
    frame = read_plan().elements.loc[["wing-subcentre"]]
    km2 = frame.published_area_km2.iloc[0]
    title = Text3(
        f"北京城市副中心（公布 {km2:.0f} 平方公里，边界未公开）",
        f"Beijing sub-centre ({km2:.0f} km² published, boundary not public)",
        f"北京都市副都心（公表{km2:.0f} km²、境界は非公開）",
    )
    rows = [
        Field("published_area_km2", Text3("公布面积", "Published area", "公表面積"), "km²", 0),
        Field("standing", Text3("依据", "Basis", "根拠"), words=vocabulary("basis")),
        Field("date", Text3("公布日期", "Published on", "公表日")),
    ]
    about = About.of(context.layer("plan_nodes"), title=title, group=_PLAN, layer_id="subcentre")
    return points(frame, about, colour="#7a3b8f", fields=rows)


def _chart(table: pd.DataFrame) -> Chart:
    """Draw the shares of each definition as a bar of its own: two definitions never add up."""
    own = table[table.kind == "facility"].set_index("circle")
    percent = {one: own[f"{one}_exclusive"] / own.total * 100 for one in ("list", "radius")}
    rows = pd.DataFrame(percent).T.assign(outside=lambda frame: 100 - frame.sum(axis=1))
    names = vocabulary("circle")
    return chart(
        "bar",
        rows.rename_axis("definition").reset_index(),
        title=Text3(
            "清单设施在各圈层的占比", "Listed facilities by circle", "掲載施設の圏域別割合"
        ),
        x=Axis(Text3("口径", "Defined by", "定義"), "definition", words=vocabulary("definition")),
        y=Axis(Text3("占比", "Share", "割合"), unit="%", decimals=0),
        series={**{one: names[one] for one in COLOURS}, "outside": _OUTSIDE},
        colours={**COLOURS, "outside": "#a8a29a"},
        note=Text3(
            "每处设施只计入其所在的最内圈层",
            "Each facility counts once, in its innermost circle",
            "各施設は最も内側の圏域に一度だけ数える",
        ),
    )


PAGE = Page("circles", TITLE, compose)
