"""The shipped layers: what each is called, holds, rests on and lacks."""

from dataclasses import dataclass
from typing import Final

import geopandas as gpd

from geo.errors import UnknownIdError
from geo.layers.layer import Layer, Text3
from geo.layers.schema import ADCODE, Column, Schema, names
from geo.region import XIONGAN

__all__ = [
    "BOUNDARY_ACCURACY_M",
    "DETAILED_ACCURACY_M",
    "OPTIONAL",
    "RASTERS",
    "SPECS",
    "Spec",
    "spec",
]

BOUNDARY_ACCURACY_M: Final = 300.0
"""How far the default, generalised boundaries may be from the true ones, in metres."""
DETAILED_ACCURACY_M: Final = 100.0
"""What is assumed for the borders of ``counties_detailed``; Amap states none."""


@dataclass(frozen=True)
class Spec:
    """What is fixed about a layer before its rows are known."""

    layer_id: str
    title: Text3
    schema: Schema
    sources: tuple[str, ...]
    method: str
    accuracy_m: float | None = None
    caveat: Text3 | None = None

    def layer(self, frame: gpd.GeoDataFrame) -> Layer:
        """Make a layer of a frame, which checks it.

        Parameters
        ----------
        frame
            In ``STORAGE_CRS``, indexed by id.

        Returns
        -------
        Layer
            With title, sources and caveat.

        Raises
        ------
        LayerError
            When the frame breaks the schema; all defects are listed.
        """
        return Layer(
            layer_id=self.layer_id,
            frame=frame,
            schema=self.schema,
            title=self.title,
            sources=self.sources,
            method=self.method,
            accuracy_m=self.accuracy_m,
            caveat=self.caveat,
        )


_POLYGONS: Final = ("Polygon", "MultiPolygon")
_AREA: Final = Column("area_km2", "number", "area in the equal-area projection", "km²")
_GENERALISED: Final = Text3(
    "边界经概括，偏差约 200—300 米；仅供分析，不作为划界依据",
    "Boundaries are generalised by about 200 to 300 m: for analysis, not for delimitation",
    "境界は約 200～300 m の精度に総描されています。分析用であり境界画定の根拠にはなりません",
)
_STRAIGHT_EDGES: Final = Text3(
    "边为节点间直线，里程取自源数据：山区长边的里程可达图上直线的两倍；2024 年，无线名和等级",
    "Edges are straight between the nodes of the source, lengths follow the track: on long edges "
    "in the mountains up to twice the drawn line; state of 2024, no names and no classes",
    "辺は節点間の直線で、距離は線路・道路に沿った値です（山地の長い辺では図上の最大2倍）。"
    "2024 年時点、路線名・等級なし",
)
_XIONGAN_CAVEAT: Final = Text3(
    f"雄安新区以雄县、容城、安新三县表示，{XIONGAN.missing_zh}（官方面积 1 770 km²）",
    f"Xiong'an is shown as Xiongxian, Rongcheng and Anxin counties, {XIONGAN.missing_en} "
    "(official area 1,770 km²)",
    f"雄安新区は雄県・容城県・安新県の三県で示し、{XIONGAN.missing_ja}（公式面積 1,770 km²）",
)


def _parents(*, city: bool = True) -> tuple[Column, ...]:
    province = Column("province_adcode", "text", "code of the province", pattern=ADCODE)
    if not city:
        return (province,)
    return (
        Column("city_adcode", "text", "code of the prefecture-level unit", pattern=ADCODE),
        province,
    )


_SITE: Final = (
    Column("lon", "number", "longitude, WGS 84", "°"),
    Column("lat", "number", "latitude, WGS 84", "°"),
    Column("position_accuracy_m", "integer", "how far the point may be from the site", "m"),
)
_CHECK: Final = Column(
    "county_check",
    "text",
    "whether the point lies in the county it states: inside, within_accuracy or outside",
    pattern="inside|within_accuracy|outside",
)

_COUNTIES: Final = Schema(
    "adcode", (*names(), *_parents(), _AREA), _POLYGONS, ADCODE, partition=True
)

_ALL: Final = (
    Spec(
        "provinces",
        Text3("省级行政区", "Provincial-level units", "省級行政区"),
        Schema("adcode", (*names(), _AREA), _POLYGONS, ADCODE, partition=True),
        ("tianditu-counties", "facts"),
        "Union of the counties, so that children tile their parent exactly.",
        BOUNDARY_ACCURACY_M,
        _GENERALISED,
    ),
    Spec(
        "prefectures",
        Text3("地级行政区", "Prefecture-level units", "地級行政区"),
        Schema(
            "adcode", (*names(), *_parents(city=False), _AREA), _POLYGONS, ADCODE, partition=True
        ),
        ("tianditu-counties", "facts"),
        "Union of the counties; Beijing and Tianjin are one unit each.",
        BOUNDARY_ACCURACY_M,
        _GENERALISED,
    ),
    Spec(
        "counties",
        Text3("县级行政区", "County-level units", "県級行政区"),
        _COUNTIES,
        ("tianditu-counties", "facts"),
        "The region's polygons as published; names in English and Japanese compiled.",
        BOUNDARY_ACCURACY_M,
        _GENERALISED,
    ),
    Spec(
        "xiongan",
        Text3("雄安新区", "Xiong'an New Area", "雄安新区"),
        Schema(
            "area_id",
            (
                *names(),
                _AREA,
                Column("published_area_km2", "number", "official area", "km²"),
                Column("shortfall_km2", "number", "official less shown", "km²"),
                Column("adcodes", "text", "counties it is made of"),
            ),
            _POLYGONS,
        ),
        ("tianditu-counties", "facts"),
        "Union of three counties; four townships of Renqiu and Gaoyang are missing.",
        BOUNDARY_ACCURACY_M,
        _XIONGAN_CAVEAT,
    ),
    Spec(
        "neighbours",
        Text3("相邻省级行政区", "Neighbouring provincial-level units", "隣接する省級行政区"),
        Schema("adcode", names(), _POLYGONS, ADCODE),
        ("tianditu-provinces",),
        "Outlines within 110.5–124° E, 33–45° N, simplified to 1 km, for orientation only.",
        1000.0,
        Text3(
            "相邻省份轮廓简化至 1 公里，仅供定位参考",
            "Outlines of the neighbours are simplified to 1 km: for orientation only",
            "隣接する省の輪郭は 1 km に簡略化しています。位置の目安としてのみご利用ください",
        ),
    ),
    Spec(
        "sea",
        Text3("海域", "Sea", "海域"),
        Schema("sea_id", names(), _POLYGONS, r"[a-z]+"),
        ("tianditu-provinces", "tianditu-counties", "facts"),
        "What is left of the window without the provinces: the Bohai and the Yellow Sea to 124° E.",
        1000.0,
    ),
    Spec(
        "circles",
        Text3("规划圈层", "Circles of the plan", "計画の圏域"),
        Schema(
            "circle_id",
            (
                *names(),
                Column("circle", "text", "which", pattern="commuting|functional|industry"),
                Column("definition", "text", "list of counties or radius", pattern="list|radius"),
                Column("basis", "text", "standing", pattern="stated|inferred|unconfirmed"),
                Column("radius_km", "number", "radius published", "km", nullable=True),
                _AREA,
                Column("published_area_km2", "number", "area published", "km²", nullable=True),
                Column("n_counties", "integer", "counties in the list", nullable=True),
                Column("n_unconfirmed", "integer", "of these not published", nullable=True),
                Column("source", "text", "where it was read"),
            ),
            _POLYGONS,
        ),
        ("tianditu-counties", "plan-2026", "facts"),
        "list: union of the counties in plan_units; radius: disk around Tiananmen.",
        BOUNDARY_ACCURACY_M,
        Text3(
            "规划未公布环京县（市、区）名单：通勤圈外围 12 县和功能圈河北部分为推测，未经确认",
            "The plan's list of counties around Beijing was not published in what could be read: "
            "the 12 outer counties of the commuting circle and Hebei's part of the functional "
            "circle are candidates, unconfirmed",
            "環北京の県のリストは公表文では確認できていません。通勤圏外縁の12県と機能圏の河北部分は"
            "推定であり未確認です",
        ),
    ),
    Spec(
        "axes",
        Text3("走廊与轴线", "Corridors and axes", "回廊と軸"),
        Schema(
            "axis_id",
            (
                Column(
                    "axis_set",
                    "text",
                    "which document draws it",
                    pattern="plan-2026|outline-2015|study-coauthorship",
                ),
                *names(),
                Column("length_km", "number", "length of the drawn line", "km"),
                Column("published_length_km", "number", "length published", "km", nullable=True),
                Column("n_stated", "integer", "nodes named in the text"),
                Column("n_schematic", "integer", "waypoints chosen by us"),
                Column("source", "text", "where it was read"),
            ),
            ("LineString",),
        ),
        ("facts", "plan-2026"),
        "Straight lines through the nodes of layers/tables/axes.csv.",
        3000.0,
        Text3(
            "轴线为示意，不是官方线位；三套轴线体系出自不同文件，不可混用",
            "Axes are schematic, not official alignments; the three sets come from different "
            "documents and must not be mixed",
            "軸線は模式図であり公式の線形ではありません。三つの体系は出典が異なり混用できません",
        ),
    ),
    Spec(
        "plan_nodes",
        Text3("规划节点", "Nodes of the plans", "計画の節点"),
        Schema(
            "node_id",
            (
                *names(),
                Column("axis_ids", "text", "axes through it"),
                Column("axis_sets", "text", "axis sets through it"),
                Column("basis", "text", "standing", pattern="stated|schematic"),
            ),
            ("Point",),
        ),
        ("facts", "plan-2026"),
        "The distinct nodes of layers/tables/axes.csv; stated when any text names the node.",
        3000.0,
    ),
    Spec(
        "facilities",
        Text3("创新设施", "Facilities", "イノベーション施設"),
        Schema(
            "facility_id",
            (
                *names(),
                Column(
                    "category",
                    "text",
                    "kind of facility",
                    pattern="airport|development_zone|government_or_plan_node|hospital|"
                    "hsr_station|large_science_facility|manufacturing_base|"
                    "national_laboratory_or_key_lab|science_city_or_park|seaport|"
                    "supercomputing_or_data_centre|university",
                ),
                Column(
                    "role",
                    "text",
                    "function",
                    pattern="research|manufacturing|application|service|transport",
                ),
                *_SITE,
                Column("adcode", "text", "county stated", pattern=ADCODE),
                Column("city", "text", "prefecture-level city"),
                Column("status_year", "integer", "year opened or founded", "year", nullable=True),
                Column(
                    "date_kind",
                    "text",
                    "which of the two, as far as the row tells",
                    nullable=True,
                    pattern="founded|opened|unstated",
                ),
                Column("source", "text", "what the row rests on"),
                Column("checked_against", "text", "what agreed, and by how much", nullable=True),
                _CHECK,
            ),
            ("Point",),
        ),
        ("facts",),
        "Compiled by hand and tested against independent tables; see layers/tables/README.md.",
        None,
        Text3(
            "选列设施，非全量；92 处仅精确到 3 公里",
            "A selection, not a census; 92 sites are known to 3 km only",
            "選択された施設であり悉皆ではありません。92 か所は 3 km の精度です",
        ),
    ),
    Spec(
        "firms",
        Text3("企业", "Firms", "企業"),
        Schema(
            "firm_id",
            (
                Column("name_zh", "text", "name in Chinese"),
                Column("name_en", "text", "name in English"),
                Column("city", "text", "prefecture-level city or Xiong'an"),
                Column("adcode", "text", "county stated", pattern=ADCODE),
                Column("industry", "text", "section of GB/T 4754"),
                Column("industry_detail", "text", "what it does"),
                Column(
                    "founded_or_listed",
                    "text",
                    "year, with its kind",
                    nullable=True,
                    pattern=r"(listed|founded|established) \d{4}",
                ),
                Column("position_basis", "text", "what the point rests on"),
                *_SITE,
                Column("checked_against", "text", "what agreed", nullable=True),
                Column("has_site", "flag", "the point is the firm's own site, not its district"),
                Column(
                    "status", "text", "present or not_moved_yet", pattern="present|not_moved_yet"
                ),
                _CHECK,
            ),
            ("Point",),
        ),
        ("facts",),
        "Compiled by hand; 100 have a site, the others their district with kilometres of accuracy.",
        None,
        Text3(
            "非抽样样本，不可据以推断总体；156 家企业只定位到区县或片区，雄安 4 家央企尚未迁入",
            "Not a sample; 156 firms are placed in their district or quarter only, and four "
            "central enterprises of Xiong'an have not moved yet",
            "標本ではありません。156 社は区県・街区の代表点で、雄安の中央企業 4 社は未移転です",
        ),
    ),
    Spec(
        "stations",
        Text3("高铁站", "High-speed railway stations", "高速鉄道駅"),
        Schema(
            "facility_id",
            (
                *names(),
                *_SITE,
                Column("adcode", "text", "county stated", pattern=ADCODE),
                Column("city", "text", "prefecture-level city"),
                Column("line_ids", "text", "lines through it, separated by a space"),
                _CHECK,
            ),
            ("Point",),
        ),
        ("facts",),
        "The facilities of category hsr_station, with the lines of rail_lines that stop there.",
        3000.0,
    ),
    Spec(
        "rail_lines",
        Text3("高速铁路", "High-speed railways", "高速鉄道"),
        Schema(
            "line_id",
            (
                Column("name_zh", "text", "name in Chinese"),
                Column("name_en", "text", "name in English"),
                Column("opened", "text", "first day", pattern=r"\d{4}-\d{2}-\d{2}"),
                Column("design_speed_kmh", "integer", "design speed", "km/h"),
                Column("n_stations", "integer", "stations listed"),
                Column("length_km", "number", "length of the straight links", "km"),
                Column("note", "text", "what is uncertain", nullable=True),
            ),
            ("LineString",),
        ),
        ("facts",),
        "Straight links between consecutive stations.",
        3000.0,
        Text3(
            "线路为车站间直线示意，非实际线位",
            "Lines join their stations by straight links: not the alignment",
            "路線は駅間を直線で結んだ模式図で、実際の線形ではありません",
        ),
    ),
    Spec(
        "rail_network",
        Text3("铁路网", "Railway network", "鉄道網"),
        Schema(
            "edge_id",
            (
                Column("from_node", "integer", "node of the source graph"),
                Column("to_node", "integer", "node of the source graph"),
                Column("length_km", "number", "length along the track, as in the source", "km"),
            ),
            ("LineString",),
            r"[a-z]\d+",
        ),
        ("osm-railways",),
        "Edges of the world graph whose ends both lie within half a degree of the region.",
        150.0,
        _STRAIGHT_EDGES,
    ),
    Spec(
        "road_network",
        Text3("干线公路网", "Main-road network", "幹線道路網"),
        Schema(
            "edge_id",
            (
                Column("from_node", "integer", "node of the source graph"),
                Column("to_node", "integer", "node of the source graph"),
                Column("length_km", "number", "length along the track, as in the source", "km"),
            ),
            ("LineString",),
            r"[a-z]\d+",
        ),
        ("osm-highways",),
        "Edges of the world graph whose ends both lie within half a degree of the region.",
        150.0,
        _STRAIGHT_EDGES,
    ),
    Spec(
        "towns",
        Text3("城镇", "Towns", "町"),
        Schema(
            "geonameid",
            (
                Column("name_en", "text", "name in Latin letters"),
                Column("name_zh", "text", "name in Chinese, where listed", nullable=True),
                Column("population", "integer", "as listed; 0 is unknown", "persons"),
                Column("adcode", "text", "county it lies in", pattern=ADCODE),
            ),
            ("Point",),
            r"\d+",
        ),
        ("geonames",),
        "Populated places inside the counties.",
        1000.0,
    ),
)

_DETAILED: Final = (
    Spec(
        "counties_detailed",
        Text3(
            "县级行政区（高德，详细）",
            "County-level units in detail (Amap)",
            "県級行政区（高徳・詳細）",
        ),
        _COUNTIES,
        ("amap-counties", "facts"),
        "Amap's polygons with the GCJ-02 shift undone exactly; codes and names of the counties.",
        DETAILED_ACCURACY_M,
        Text3(
            "高德数据仅供学习交流，不得公开发布；年份与默认边界不同：路南、襄都、沙河、丰南、滨海新区等"
            "差异较大",
            "Amap: for learning and exchange only, not to be published. Of another year and other "
            "rules than the default borders: Lunan, Xiangdu, Shahe, Fengnan and Binhai differ most",
            "高徳のデータは学習・交流目的に限られ、公開できません。既定の境界とは年次・扱いが異なり、"
            "路南・襄都・沙河・豊南・浜海などで差が大きい",
        ),
    ),
)

SPECS: Final = {one.layer_id: one for one in _ALL}
"""Every shipped vector layer by its id."""

OPTIONAL: Final = {one.layer_id: one for one in _DETAILED}
"""Layers that are built into the user's cache and never shipped."""

RASTERS: Final = ("terrain",)
"""The shipped raster layers."""


def spec(layer_id: str) -> Spec:
    """Return what is fixed about a shipped or optional vector layer.

    Parameters
    ----------
    layer_id
        One of ``SPECS`` or ``OPTIONAL``.

    Returns
    -------
    Spec
        Title, schema, sources and caveat.

    Raises
    ------
    UnknownIdError
        When there is no such layer.

    Examples
    --------
    >>> spec("counties").schema.index
    'adcode'
    """
    known = SPECS | OPTIONAL
    if layer_id not in known:
        raise UnknownIdError("layer", layer_id, (*known, *RASTERS))
    return known[layer_id]
