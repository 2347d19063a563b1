"""Xiong'an: what is there, what has moved, and what the layer lacks."""

from typing import Final

import geopandas as gpd
import pandas as pd
import shapely

from geo.atlas import base
from geo.atlas.context import Built, Context, Page
from geo.atlas.jjj import sites
from geo.crs import to_analysis, to_storage
from geo.layers import Text3, vocabulary
from geo.region import study_crs
from geo.render import (
    About,
    Categories,
    Field,
    Map,
    MapLayer,
    Note,
    labels,
    lines,
    note,
    points,
    polygons,
)
from geo.render.charts import Side

__all__ = ["PAGE", "inventory", "spread"]

TITLE: Final = Text3(
    "雄安新区：谁已到，谁未到",
    "Xiong'an: who is there, who is not yet",
    "雄安新区：移転済みと未移転",
)
_BOX: Final = (115.6, 38.66, 116.42, 39.26)


def inventory(context: Context) -> pd.DataFrame:
    """List the facilities and firms that state one of Xiong'an's three counties.

    Parameters
    ----------
    context
        The shared layers.

    Returns
    -------
    DataFrame
        One row a site: kind, id, names, county, status, accuracy and what the row rests on.
    """
    facilities = context.frame("facilities").assign(kind="facility", status="present")
    facilities = facilities.assign(rests_on=facilities.source)
    firms = context.frame("firms").assign(kind="firm")
    firms = firms.assign(rests_on=firms.position_basis)
    columns = [
        *("kind", "name_zh", "name_en", "adcode", "status", "position_accuracy_m"),
        *("rests_on", "checked_against"),
    ]
    both = pd.concat([facilities[columns], firms[columns]])
    own: pd.DataFrame = both[both.adcode.isin(_units(context))]
    return own.rename_axis("site_id").reset_index()


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
    table = inventory(context)
    firms = table[table.kind == "firm"]
    here, waiting = (int((firms.status == one).sum()) for one in ("present", "not_moved_yet"))
    area = context.frame("xiongan").iloc[0]
    said = context.table("claims").set_index("figure_id").value
    claimed, share = said["xiongan-firms"], said["xiongan-share"]
    finding = Text3(
        f"清单中与雄安有关的企业共 {len(firms)} 家：{here} 家已注册或迁入，{waiting} 家尚未迁入，"
        "没有一家有确切地址。",
        f"Of {len(firms)} listed firms tied to Xiong'an, {here} are registered there or have moved in "
        f"and {waiting} have not; none has a known address.",
        f"雄安に関わる掲載企業{len(firms)}社のうち、{here}社は登記・移転済み、{waiting}社は未移転。"
        "所在地まで分かる企業はない。",
    )
    caveat = Text3(
        f"报道所称中关村科技园 {claimed} 余家企业（{share}% 来自北京）没有可查名单，图上未列。"
        f"雄安新区官方面积 {area.published_area_km2:.0f} 平方公里，图上只有 {area.area_km2:.0f} 平方公里。",
        f"The article's more than {claimed} firms in the Zhongguancun park, {share}% of them from "
        "Beijing, come without a list and are not shown. Of Xiong'an's "
        f"{area.published_area_km2:,.0f} km² the map shows {area.area_km2:,.0f}.",
        f"記事にある中関村科学技術パークの{claimed}社余り（{share}%が北京から）は名簿が得られず、図に載せて"
        f"いない。雄安新区の公式面積{area.published_area_km2:,.0f} km²のうち、図示は{area.area_km2:,.0f} km²。",
    )
    made = Map(TITLE, finding=finding, caveats=[caveat, _SPREAD], kicker=base.LISTED, box=_BOX)
    made.add(*base.ground(context), _parts(context), base.special_area(context), base.rail(context))
    made.add(_axis(context), _firms(context, table), _facilities(context, table))
    made.add(_nodes(context, table), _names(context, table))
    made.add(base.county_names(context), base.city_names(context))
    made.add(*_notes(context, here, waiting))
    return Built(made, finding, caveat, {"sites": table}, base.LISTED)


_SPREAD: Final = Text3(
    "企业只能定位到片区；为便于辨认，各点在精度范围内错开排列，一点一家，点与点的相对位置没有意义。尚未迁入的画在规划片区。",
    "Firms can be placed only in their quarter. Their dots are set apart within that accuracy, one "
    "for each firm; how they stand to one another means nothing. Firms that have not moved are "
    "drawn in the quarter planned for them.",
    "企業の位置は街区までしか分からない。見分けられるよう精度の範囲内で点をずらして並べた。1点が1社で、"
    "点どうしの位置関係に意味はない。未移転の企業は移転予定の街区に置いた。",
)


def _units(context: Context) -> tuple[str, ...]:
    """Return the codes of the three counties."""
    return context.region.special_areas[0].units


def _parts(context: Context) -> MapLayer:
    layer = context.layer("counties")
    parts = layer.frame.loc[list(_units(context))]
    title = Text3("三县", "The three counties", "三県")
    return polygons(parts, About.of(layer, title=title, group=base.BOUNDARIES), role="outline")


def _axis(context: Context) -> MapLayer:
    layer = context.layer("axes")
    frame = layer.frame.loc[["plan-jingxiong"]]
    title = Text3("京雄走廊（示意）", "Beijing–Xiong'an Corridor (schematic)", "京雄回廊（模式図）")
    about = About.of(layer, title=title, group=Text3("规划", "Plan", "計画"))
    return lines(frame, about, colour="#b8452f", width=2.4)


_KINDS: Final = {
    "quarter": Text3(
        "已注册或迁入，定位到片区", "there, quarter known", "登記・移転済み、街区まで判明"
    ),
    "somewhere": Text3(
        "已注册或迁入，只知在雄安",
        "there, somewhere in Xiong'an",
        "登記・移転済み、雄安域内とだけ判明",
    ),
    "waiting": Text3(
        "尚未迁入，画在规划片区",
        "not yet moved, drawn in its planned quarter",
        "未移転、予定の街区に表示",
    ),
}
_COLOURS: Final = {"quarter": "#b5458f", "somewhere": "#e0a9cc", "waiting": "#8d877d"}
_QUARTER_M: Final = 5_000
_STEP_M: Final = 1_200.0


def spread(firms: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Set firms apart that are known to the same quarter, one row of dots a kind.

    Parameters
    ----------
    firms
        In ``STORAGE_CRS``, with ``status`` and ``position_accuracy_m``.

    Returns
    -------
    GeoDataFrame
        With ``placed``; every point within its own ``position_accuracy_m`` of where it was.
    """
    known = (firms.position_accuracy_m <= _QUARTER_M).map({True: "quarter", False: "somewhere"})
    placed = known.where(firms.status == "present", "waiting")
    metric = to_analysis(firms.assign(placed=placed), study_crs(firms))
    rank = metric.groupby("placed").cumcount()
    width = metric.groupby("placed").placed.transform("size")
    row = metric.placed.map({one: at for at, one in enumerate(_KINDS)})
    x = metric.geometry.x + (rank - (width - 1) / 2) * _STEP_M
    y = metric.geometry.y - (row - 1) * _STEP_M
    return to_storage(metric.set_geometry(gpd.points_from_xy(x, y, crs=metric.crs)))


def _firms(context: Context, table: pd.DataFrame) -> MapLayer:
    layer = context.layer("firms")
    frame = spread(layer.frame.loc[_ids(table, "firm")])
    title = Text3("企业位置", "Where the firms are", "企業の位置")
    rows = [
        Field("placed", Text3("状态", "Status", "状況"), words=_KINDS),
        Field("position_accuracy_m", Text3("位置精度", "Accurate to", "位置精度"), "m", 0),
        *sites.about_firms(frame),
    ]
    by = Categories("placed", _KINDS, _COLOURS, title)
    return points(frame, About.of(layer, group=base.SITES), colour_by=by, fields=rows)


def _nodes(context: Context, table: pd.DataFrame) -> MapLayer:
    layer = context.layer("facilities")
    frame = layer.frame.loc[_ids(table, "facility")]
    kinds = {one: vocabulary("category")[one] for one in _NODES}
    title = Text3("车站与规划节点", "Stations and plan nodes", "駅と計画の節点")
    about = About.of(layer, title=title, group=base.SITES, layer_id="nodes")
    by = Categories("category", kinds, _NODES, Text3("类别", "Kind", "種別"))
    fields = sites.site_fields(context, kinds, "category")
    return points(frame[frame.category.isin(_NODES)], about, colour_by=by, fields=fields)


_NODES: Final = {"hsr_station": "#4f6f8f", "government_or_plan_node": "#8a7a55"}


def _names(context: Context, table: pd.DataFrame) -> MapLayer:
    layer = context.layer("facilities")
    title = Text3("车站名称", "Station names", "駅名")
    about = About.of(layer, title=title, group=base.SITES, layer_id="station-names")
    frame = layer.frame.loc[_ids(table, "facility")]
    return labels(frame[frame.category == "hsr_station"], about, size=11, beside=True)


def _notes(context: Context, here: int, waiting: int) -> list[Note]:
    """Point at the firms, and at the borders beyond which townships are missing."""
    firms = Text3(
        f"{here} 家已注册或迁入，{waiting} 家未到",
        f"{here} firms are there, {waiting} still to come",
        f"{here}社が登記・移転済み、{waiting}社は未移転",
    )
    few = Text3(
        f"已到 {here}，未到 {waiting}",
        f"{here} there, {waiting} not",
        f"移転済{here}、未移転{waiting}",
    )
    made = [note(firms, 116.0, 38.998, short=few)]
    for adcode, (text, short, side) in _MISSING.items():
        spot = _border(context, adcode)
        made.append(note(text, spot.x, spot.y, short=short, side=side))
    return made


_MISSING: Final[dict[str, tuple[Text3, Text3, Side]]] = {
    "130982": (
        Text3(
            "此处缺鄚州镇、苟各庄镇、七间房乡（图上属任丘）",
            "Missing here: Maozhou, Gougezhuang and Qijianfang, drawn with Renqiu",
            "鄚州鎮・苟各荘鎮・七間房郷が欠けている（図では任丘）",
        ),
        Text3("缺三个乡镇", "Three townships missing", "三郷鎮が欠落"),
        "se",
    ),
    "130628": (
        Text3(
            "此处缺龙化乡（图上属高阳）",
            "Missing here: Longhua, drawn with Gaoyang",
            "竜化郷が欠けている（図では高陽）",
        ),
        Text3("缺龙化乡", "Longhua missing", "竜化郷が欠落"),
        "se",
    ),
}


def _border(context: Context, adcode: str) -> shapely.Point:
    """Return the middle of the border between Xiong'an and a county."""
    counties = context.frame("counties").geometry
    own = shapely.union_all(counties[list(_units(context))].to_numpy())
    shared = shapely.line_merge(shapely.intersection(own, counties[adcode]))
    parts = shapely.get_parts(shared)
    longest = parts[shapely.length(parts).argmax()]
    return shapely.line_interpolate_point(longest, 0.5, normalized=True)


def _facilities(context: Context, table: pd.DataFrame) -> MapLayer:
    return sites.facility_points(context, context.frame("facilities").loc[_ids(table, "facility")])


def _ids(table: pd.DataFrame, kind: str) -> list[str]:
    found: list[str] = table.site_id[table.kind == kind].tolist()
    return found


PAGE = Page("xiongan", TITLE, compose)
