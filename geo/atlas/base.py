"""The ground of every map: neighbours, land, borders, Xiong'an, city names, firms and facilities."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import geopandas as gpd

from geo.atlas.context import Context
from geo.layers import Text3, vocabulary
from geo.render import About, Categories, Field, MapLayer, labels, lines, points, polygons
from geo.render.ground import ground as under
from geo.sources.registry import source

__all__ = [
    "AXIS_COLOURS",
    "AXIS_GROUP",
    "BOUNDARIES",
    "LISTED",
    "SITES",
    "axis_lines",
    "city_names",
    "county_names",
    "facility_points",
    "fact_source",
    "firm_points",
    "ground",
    "rail",
    "role_points",
    "site_fields",
    "xiongan",
]

BOUNDARIES: Final = Text3("边界", "Boundaries", "境界")
SITES: Final = Text3("设施与企业", "Facilities and firms", "施設と企業")
LISTED: Final = Text3(
    "名录整理于 2026 年 11 月", "List compiled in November 2026", "2026年11月時点の一覧"
)
"""Of when the lists of facilities and firms are."""

CATEGORY_COLOURS: Final = {
    "national_laboratory_or_key_lab": "#0b3f70",
    "large_science_facility": "#1f78b4",
    "university": "#5aa7d6",
    "science_city_or_park": "#5b53b8",
    "supercomputing_or_data_centre": "#8f7fd0",
    "development_zone": "#d98a00",
    "manufacturing_base": "#c2410c",
    "hospital": "#0a8f72",
    "gateway": "#4a4a4a",
}
"""Blues and violets for research, oranges for production, green for care, greys for transport."""


def ground(context: Context) -> list[MapLayer]:
    """Return the layers under all others: neighbours, provinces, city borders.

    Parameters
    ----------
    context
        The shared layers.

    Returns
    -------
    list of MapLayer
        Lowest first.
    """
    cities = context.layer("prefectures")
    return [
        *under(),
        polygons(cities.frame, About.of(cities, group=BOUNDARIES), role="outline"),
    ]


def xiongan(context: Context, *, shown: bool = True) -> MapLayer:
    """Return Xiong'an, with what the layer lacks of it as the caveat.

    Parameters
    ----------
    context
        The shared layers.
    shown
        Whether it is switched on.

    Returns
    -------
    MapLayer
        One area.
    """
    layer = context.layer("xiongan")
    rows = (
        Field("area_km2", Text3("图示面积", "Area shown", "図示面積"), "km²", 0),
        Field("published_area_km2", Text3("官方面积", "Official area", "公式面積"), "km²", 0),
        Field("shortfall_km2", Text3("缺少", "Missing", "不足"), "km²", 0),
    )
    about = About.of(layer, group=BOUNDARIES, shown=shown)
    return polygons(layer.frame, about, role="zone", colour="#7a3b8f", fields=rows)


def city_names(context: Context) -> MapLayer:
    """Return the names of the 13 cities, the larger first where two would collide.

    Parameters
    ----------
    context
        The shared layers.

    Returns
    -------
    MapLayer
        Labels at a point inside each city's area.
    """
    layer = context.layer("prefectures")
    inside = layer.frame.set_geometry(layer.frame.representative_point())
    title = Text3("城市名称", "City names", "都市名")
    return labels(
        inside, About.of(layer, title=title, group=BOUNDARIES, layer_id="city-names"), strong=True
    )


def county_names(context: Context) -> MapLayer:
    """Return the names of the counties, from the zoom at which there is room.

    Parameters
    ----------
    context
        The shared layers.

    Returns
    -------
    MapLayer
        Labels at a point inside each county.
    """
    layer = context.layer("counties")
    inside = layer.frame.set_geometry(layer.frame.representative_point())
    title = Text3("县级名称", "County names", "県級の名称")
    about = About.of(layer, title=title, group=BOUNDARIES, layer_id="county-names")
    return labels(inside, about, size=11, from_zoom=9)


AXIS_GROUP: Final = Text3("走廊与轴线", "Corridors and axes", "回廊と軸")
AXIS_COLOURS: Final = {
    "plan-2026": "#b8452f",
    "outline-2015": "#8a7a55",
    "study-coauthorship": "#4f6f8f",
}


def axis_lines(context: Context, *, shown: Sequence[str]) -> list[MapLayer]:
    """Return the drawn axes, one layer an axis set, never mixed.

    Parameters
    ----------
    context
        The shared layers.
    shown
        Axis sets that are switched on.

    Returns
    -------
    list of MapLayer
        Lines; dashed but for the plan.
    """
    layer = context.layer("axes")
    sets = vocabulary("axis_set")
    rows = [
        Field("axis_set", Text3("出处", "Drawn by", "出典"), words=sets),
        Field(
            "length_km", Text3("示意线长", "Length of the schematic line", "模式線の長さ"), "km", 1
        ),
        Field("published_length_km", Text3("公布长度", "Published length", "公表の長さ"), "km", 0),
        Field(
            "n_stated",
            Text3("文本载明的节点", "Nodes named in the text", "文書にある節点"),
            decimals=0,
        ),
        Field(
            "n_schematic", Text3("示意节点", "Schematic waypoints", "模式的な経由点"), decimals=0
        ),
        Field("source", Text3("来源", "Source", "出典の所在")),
    ]
    made = []
    for code, name in sets.items():
        frame = layer.frame[layer.frame.axis_set == code]
        about = About.of(
            layer, title=name, group=AXIS_GROUP, shown=code in shown, layer_id=f"axes-{code}"
        )
        dashed = code != "plan-2026"
        colour = AXIS_COLOURS[code]
        made.append(lines(frame, about, colour=colour, width=3.0, dashed=dashed, fields=rows))
    return made


def fact_source() -> dict[str, Any]:
    """Return the source of the compiled tables, for layers made from them.

    Returns
    -------
    dict
        As in a layer's provenance.
    """
    return source("facts").described()


def site_fields(kind: Mapping[str, Text3], column: str) -> list[Field]:
    """Return the rows of the table that a click on a site opens.

    Parameters
    ----------
    kind
        Names of the codes in ``column``.
    column
        ``category`` or ``section``.

    Returns
    -------
    list of Field
        Kind, city, year, how exact the point is.
    """
    return [
        Field(column, Text3("类别", "Kind", "種別"), words=kind),
        Field("city", Text3("城市", "City", "都市")),
        Field("position_accuracy_m", Text3("位置精度", "Position within", "位置精度"), "m", 0),
    ]


def facility_points(context: Context, frame: gpd.GeoDataFrame | None = None) -> MapLayer:
    """Return the facilities coloured by kind; stations and nodes have layers of their own.

    Parameters
    ----------
    context
        The shared layers.
    frame
        A choice of the facilities; all by default.

    Returns
    -------
    MapLayer
        Points.
    """
    layer = context.layer("facilities")
    frame = layer.frame if frame is None else frame
    frame = frame[~frame.category.isin(["hsr_station", "government_or_plan_node"])]
    kinds = vocabulary("category")
    gateway = Text3("机场与港区", "Airports and port areas", "空港・港区")
    frame = frame.assign(kind=frame.category.replace(["airport", "seaport"], "gateway"))
    present = set(frame.kind)
    shown = {one: kinds.get(one, gateway) for one in CATEGORY_COLOURS if one in present}
    by = Categories("kind", shown, CATEGORY_COLOURS, Text3("设施类别", "Kind", "施設の種別"))
    rows = [
        *site_fields(kinds, "category"),
        Field("role", Text3("职能", "Function", "機能"), words=vocabulary("role")),
        Field("status_year", Text3("年份", "Year", "年"), decimals=0),
        Field("source", Text3("依据", "Rests on", "根拠")),
    ]
    return points(frame, About.of(layer, group=SITES), colour_by=by, fields=rows)


_ROLE_COLOURS: Final = {
    "research": "#1f78b4",
    "manufacturing": "#d98a00",
    "application": "#0a8f72",
    "service": "#8f7fd0",
    "transport": "#77726a",
}


def role_points(
    context: Context, frame: gpd.GeoDataFrame | None = None, *, shown: bool = True
) -> MapLayer:
    """Return the facilities coloured by function, five colours for what a map says at a glance.

    Parameters
    ----------
    context
        The shared layers.
    frame
        A choice of the facilities; all but stations and nodes by default.
    shown
        Whether the layer is switched on.

    Returns
    -------
    MapLayer
        Points.
    """
    layer = context.layer("facilities")
    frame = layer.frame if frame is None else frame
    frame = frame[~frame.category.isin(["hsr_station", "government_or_plan_node"])]
    roles = {one: name for one, name in vocabulary("role").items() if one in set(frame.role)}
    title = Text3("职能", "Function", "機能")
    rows = [
        *site_fields(vocabulary("category"), "category"),
        Field("role", title, words=vocabulary("role")),
        Field("status_year", Text3("年份", "Year", "年"), decimals=0),
        Field("source", Text3("依据", "Rests on", "根拠")),
    ]
    by = Categories("role", roles, _ROLE_COLOURS, title)
    return points(frame, About.of(layer, group=SITES, shown=shown), colour_by=by, fields=rows)


def firm_points(
    context: Context, frame: gpd.GeoDataFrame | None = None, *, shown: bool = True
) -> MapLayer:
    """Return the firms, those with a site apart from those placed in their district.

    Parameters
    ----------
    context
        The shared layers.
    frame
        A choice of the firms; all by default.
    shown
        Whether the layer is switched on.

    Returns
    -------
    MapLayer
        Points.
    """
    layer = context.layer("firms")
    frame = layer.frame if frame is None else frame
    frame = frame.assign(section=frame.industry.str[0])
    frame = frame.assign(
        placed=frame.has_site.map({True: "site", False: "district"}).where(
            frame.status == "present", "waiting"
        )
    )
    names = {
        "site": Text3("有确切地址", "own site", "所在地点が判明"),
        "district": Text3("仅到区县或片区", "district or quarter only", "区県・街区のみ"),
        "waiting": Text3("尚未迁入雄安", "not yet moved to Xiong'an", "雄安へ未移転"),
    }
    colours = {"site": "#b5458f", "district": "#d9a3c7", "waiting": "#b8b2a8"}
    title = Text3("企业位置", "Where firms are known to be", "企業の位置")
    rows = [
        *site_fields(vocabulary("industry"), "section"),
        Field("placed", Text3("定位", "Placed by", "位置の根拠"), words=names),
        Field("founded_or_listed", Text3("成立或上市", "Founded or listed", "設立・上場")),
        Field("industry_detail", Text3("业务", "Business", "事業")),
    ]
    about = About.of(layer, group=SITES, shown=shown)
    return points(frame, about, colour_by=Categories("placed", names, colours, title), fields=rows)


def rail(context: Context, *, shown: bool = True) -> MapLayer:
    """Return the high-speed lines.

    Parameters
    ----------
    context
        The shared layers.
    shown
        Whether the layer is switched on.

    Returns
    -------
    MapLayer
        Lines through stations.
    """
    layer = context.layer("rail_lines")
    rows = [
        Field("opened", Text3("开通", "Opened", "開業")),
        Field("design_speed_kmh", Text3("设计时速", "Design speed", "設計速度"), "km/h", 0),
        Field("n_stations", Text3("列出车站", "Stations listed", "掲載駅数"), decimals=0),
        Field("note", Text3("说明", "Note", "備考")),
    ]
    about = About.of(layer, group=Text3("交通", "Transport", "交通"), shown=shown)
    return lines(layer.frame, about, colour="#8d877d", width=1.1, fields=rows)
