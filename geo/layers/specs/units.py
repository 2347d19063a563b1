"""Units and outlines: provinces, cities, counties, Xiong'an, what lies around them."""

from typing import Final

from geo.layers.layer import Text3
from geo.layers.schema import ADCODE, Column, Schema, names
from geo.layers.specs.spec import Spec
from geo.region import XIONGAN

__all__ = ["AREA", "BOUNDARY_ACCURACY_M", "DETAILED", "DETAILED_ACCURACY_M", "POLYGONS", "UNITS"]

BOUNDARY_ACCURACY_M: Final = 300.0
"""How far the default, generalised boundaries may be from the true ones, in metres."""
DETAILED_ACCURACY_M: Final = 100.0
"""What is assumed for the borders of ``counties_detailed``; Amap states none."""

POLYGONS: Final = ("Polygon", "MultiPolygon")
AREA: Final = Column("area_km2", "number", "area in the equal-area projection", "km²")
_GENERALISED: Final = Text3(
    "边界经概括，偏差约 200—300 米；仅供分析，不作划界依据",
    "Boundaries are generalised by about 200 to 300 m: for analysis, not for delimitation",
    "境界は約200～300 mの誤差を含む簡略化した線。分析用であり、境界画定の根拠にはならない",
)
_XIONGAN_CAVEAT: Final = Text3(
    f"雄安新区以雄县、容城、安新三县表示，{XIONGAN.missing_zh}"
    f"（官方面积 {XIONGAN.published_area_km2:.0f} 平方公里）",
    f"Xiong'an is shown as Xiongxian, Rongcheng and Anxin counties, {XIONGAN.missing_en} "
    f"(official area {XIONGAN.published_area_km2:,.0f} km²)",
    f"雄安新区は雄県・容城県・安新県の三県で示し、{XIONGAN.missing_ja}"
    f"（公式面積{XIONGAN.published_area_km2:,.0f} km²）",
)


def _parents(*, city: bool = True) -> tuple[Column, ...]:
    province = Column("province_adcode", "text", "code of the province", pattern=ADCODE)
    if not city:
        return (province,)
    return (
        Column("city_adcode", "text", "code of the prefecture-level unit", pattern=ADCODE),
        province,
    )


_COUNTIES: Final = Schema("adcode", (*names(), *_parents(), AREA), POLYGONS, ADCODE, partition=True)

UNITS: Final = (
    Spec(
        "provinces",
        Text3("省级行政区", "Provincial-level units", "省級行政区"),
        Schema("adcode", (*names(), AREA), POLYGONS, ADCODE, partition=True),
        ("tianditu-counties", "facts"),
        "Union of the counties, so that children tile their parent exactly.",
        BOUNDARY_ACCURACY_M,
        _GENERALISED,
    ),
    Spec(
        "prefectures",
        Text3("地级行政区", "Prefecture-level units", "地級行政区"),
        Schema("adcode", (*names(), *_parents(city=False), AREA), POLYGONS, ADCODE, partition=True),
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
                AREA,
                Column("published_area_km2", "number", "official area", "km²"),
                Column("shortfall_km2", "number", "official less shown", "km²"),
                Column("adcodes", "text", "counties it is made of"),
            ),
            POLYGONS,
        ),
        ("tianditu-counties", "facts"),
        "Union of three counties; four townships of Renqiu and Gaoyang are missing.",
        BOUNDARY_ACCURACY_M,
        _XIONGAN_CAVEAT,
    ),
    Spec(
        "neighbours",
        Text3("相邻省级行政区", "Neighbouring provincial-level units", "隣接する省級行政区"),
        Schema("adcode", names(), POLYGONS, ADCODE),
        ("tianditu-provinces",),
        "Outlines within 110.5–124° E, 33–45° N, simplified to 1 km, for orientation only.",
        1000.0,
        Text3(
            "相邻省份轮廓简化至 1 公里，仅供定位参考",
            "Outlines of the neighbours are simplified to 1 km: for orientation only",
            "隣接する省の輪郭は1 kmに簡略化した。位置の目安にとどまる",
        ),
    ),
    Spec(
        "sea",
        Text3("海域", "Sea", "海域"),
        Schema("sea_id", names(), POLYGONS, r"[a-z]+"),
        ("tianditu-provinces", "tianditu-counties", "facts"),
        "What is left of the window without the provinces: the Bohai and the Yellow Sea to 124° E.",
        1000.0,
    ),
)

DETAILED: Final = (
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
            "高徳のデータは学習・交流目的に限られ、公開できない。既定の境界とは年次・扱いが異なり、"
            "路南・襄都・沙河・豊南・浜海などで差が大きい",
        ),
    ),
)
