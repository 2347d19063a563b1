"""What a reader is told of the project's own sources, in three languages.

The registry keeps one text a field, as data; here stand the words that a map shows for it.
"""

from collections.abc import Mapping
from typing import Any, Final

from geo.layers import Text3
from geo.layers.specs import specs
from geo.render.layer import said
from geo.sources.registry import SOURCES

__all__ = ["WORDS", "spoken", "words_of"]

_OSM: Final = ("© OpenStreetMap 贡献者", "© OpenStreetMapの協力者")
_TIANDITU: Final = {
    "attribution": ("边界：天地图", "境界：天地図"),
    "licence": (
        "软件包为 MIT；数据为天地图公共服务",
        "パッケージはMIT、データは天地図の公共サービス",
    ),
}
_BY_SOURCE: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "tianditu-counties": _TIANDITU
    | {"title": ("中国县级行政区划（天地图）", "中国の県級行政区画（天地図）")},
    "tianditu-provinces": _TIANDITU
    | {"title": ("中国省级行政区划（天地图）", "中国の省級行政区画（天地図）")},
    "amap-counties": {
        "attribution": ("边界：高德，仅供学习交流", "境界：高徳（Amap）、学習・交流用のみ"),
        "title": ("高德所绘中国县级行政区划", "高徳（Amap）による中国の県級行政区画"),
        "licence": (
            "高德：仅供学习交流，不得公开发布（MIT 属软件包）",
            "高徳：学習・交流用のみ、公表不可（MIT はパッケージのもの）",
        ),
        "vintage": ("约 2021 年，未注明", "2021年頃、明記なし"),
    },
    "osm-railways": {"attribution": _OSM, "title": ("世界铁路网", "世界の鉄道網")},
    "osm-highways": {"attribution": _OSM, "title": ("世界公路网", "世界の道路網")},
    "geonames": {
        "attribution": ("城镇：GeoNames（CC BY 4.0）", "町：GeoNames（CC BY 4.0）"),
        "title": ("GeoNames 500 人以上城镇", "GeoNames 人口 500 人以上の町"),
    },
    "altitude-5min": {
        "attribution": (
            "地形：pvlib 5′ 网格；SRTM、GMTED2010 由美国地质调查局提供，ETOPO1 由 NOAA 提供",
            "地形：pvlib 5′ グリッド。SRTM・GMTED2010 は米国地質調査所、ETOPO1 は NOAA の提供",
        ),
        "title": ("全球 5 分高程网格", "全球 5 分標高グリッド"),
        "vintage": ("未注明", "日付なし"),
    },
    "facts": {
        "attribution": (
            "点位：本项目整理，部分来自 © OpenStreetMap 贡献者",
            "地点：本プロジェクトが編集、一部は© OpenStreetMapの協力者",
        ),
        "title": (
            "本项目整理的资料（layers/tables）",
            "本プロジェクトが編集した資料（layers/tables）",
        ),
        "licence": (
            "CC-BY-4.0；注明来自 OpenStreetMap 的行：ODbL-1.0",
            "CC-BY-4.0、OpenStreetMapと記した行はODbL-1.0",
        ),
        "vintage": ("2026 年 11 月", "2026年11月"),
    },
}

WORDS: Final[dict[str, dict[str, Text3]]] = {
    source_id: {
        name: Text3(zh, str(getattr(SOURCES[source_id], name)), ja)
        for name, (zh, ja) in fields.items()
    }
    for source_id, fields in _BY_SOURCE.items()
}
"""Field by source id; the English is the registry's own."""


def words_of(source_id: str) -> Mapping[str, Text3]:
    """Return what readers see of a source's fields: of the project's own, and of the region's.

    Parameters
    ----------
    source_id
        Its id.

    Returns
    -------
    mapping
        Field to words; empty where none are known.

    Examples
    --------
    >>> words_of("geonames")["attribution"].ja
    '町：GeoNames（CC BY 4.0）'
    """
    return WORDS.get(source_id) or specs().words.get(source_id, {})


def spoken(source: Mapping[str, Any]) -> dict[str, Any]:
    """Put the words of a source in three languages where they are known.

    Parameters
    ----------
    source
        As in a layer's provenance.

    Returns
    -------
    dict
        The same fields; a text that is not the registry's own stays as it is.

    Examples
    --------
    >>> spoken({"source_id": "plan-2026", "licence": "facts, cited"})["licence"]["ja"]
    '事実の引用'
    >>> spoken({"source_id": "geonames", "attribution": "a fork of it"})["attribution"]
    'a fork of it'
    """
    words = words_of(str(source.get("source_id", "")))
    return {
        name: said(words[name]) if name in words and words[name].en == value else said(value)
        for name, value in source.items()
    }
