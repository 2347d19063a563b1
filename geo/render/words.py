"""The words of a page: its controls, columns, values and credits.

The words of a page in three languages, and what a reader calls the project's own columns.

The codebook: what the codes in the project's own columns stand for, in three languages.

Words that are known for what a column holds: the project's own codes, places, yes and no.

Licence, credit and other words of the project's own sources, in three languages.

The registry keeps one text a field, as data; here stand the words that a map shows for it.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from typing import Any, Final

import pandas as pd

from geo.layers import is_layer, load, vocabulary
from geo.layers.specs import specs
from geo.region import Region, current_region
from geo.render.layer import Text, by_language
from geo.sources.registry import SOURCES
from geo.texts import Localized, tr, tr_in

__all__ = [
    "COLUMNS",
    "OTHER_WORD",
    "VALUES",
    "WORDS",
    "catalogue",
    "known_label",
    "known_words",
    "names_in",
    "own_words",
    "since",
    "texts_in",
    "worded_source",
    "words_of",
    "words_of_values",
]

OTHER_WORD: Final = tr("Other")


CONTROLS: Final = {
    "language": tr("Language"),
    "layers": tr("Layers and legend"),
    "more": tr("More tools"),
    "tools": tr("Map tools"),
    "search": tr("Search"),
    "search_hint": tr("Search names…"),
    "no_match": tr("No name matches"),
    "matches": tr("Matches: {n}"),
    "zoom_in": tr("Zoom in"),
    "zoom_out": tr("Zoom out"),
    "home": tr("Whole map"),
    "overview": tr("Overview"),
    "fullscreen": tr("Full screen"),
    "measure": tr("Measure distance and area"),
    "measure_hint": tr("Click to add points, double-click to end"),
    "measure_keys": tr("Enter adds the centre, Backspace takes a point back"),
    "area": tr("area"),
    "download_data": tr("Download data"),
    "picture": tr("Save picture"),
    "print": tr("Print"),
    "link": tr("Copy link to this view"),
    "link_done": tr("Link copied (it is in the address bar too)"),
    "swipe": tr("Swipe to compare"),
    "swipe_left": tr("On the left"),
    "swipe_right": tr("On the right"),
    "swipe_layers": tr("Layers"),
    "theme": tr("Dark or light"),
    "close": tr("Close"),
    "panel": tr("Open or close the panel"),
    "map": tr("Map. Arrow keys move it, plus and minus zoom, Enter reads what is at the centre"),
    "nothing_here": tr("Nothing at the centre"),
    "no_data": tr("No data"),
    "none": tr_in("control", "none"),
    "unnamed": tr("(no name)"),
    "sources": tr("Sources"),
    "source_missing": tr("Source not stated"),
    "colon": tr(": "),
    "caveats": tr("Please note"),
    "finding": tr("Finding"),
    "licence": tr("Licence"),
    "state": tr("As of"),
    "review": tr("Map review number"),
    "review_none": tr(
        "none: boundaries are for illustration; to be reviewed and filled in before publication"
    ),
    "review_source": tr("Review number of the source (does not cover this map)"),
    "off_map": tr("not drawn, for want of a position"),
    "undated": tr("without a year, not shown while the slider is in use"),
    "thinned": tr("Outlines thinned for drawing, within about"),
    "empty": tr("This layer has no features"),
    "time": tr("Time"),
    "all_time": tr("Whole period"),
    "play": tr("Play"),
    "pause": tr("Pause"),
    "until": tr("up to"),
    "yes": tr("yes"),
    "no": tr("no"),
    "chart_hint": tr("Drag to select a range; the map highlights it"),
    "bar_hint": tr("Click a bar; the map highlights it"),
    "of_them_shown": tr(", {n} of them shown"),
    "card_before": tr("Previous"),
    "card_next": tr("Next"),
    "rows_shown": tr("{shown} of {n} shown"),
    "rows_all": tr("Include what the map hides"),
    "ternary_hint": tr("Click a dot, or drag a box around several; the map highlights them"),
    "chart_keys": tr(
        "Arrow keys step through it, with Shift they select a range, Enter selects, Escape clears"
    ),
    "mark_area": tr("Area of a dot"),
    "clear": tr("Clear selection"),
    "of_feature": tr("feature"),
    "of_features": tr("features"),
    "north": tr("N"),
    "basemaps": tr("Online base map (needs the network)"),
    "basemap_none": tr("None (offline)"),
    "basemap_key": tr("Your own Tianditu key"),
    "basemap_say": tr("When on, your browser asks this host for tiles"),
    "threshold": tr("Show flows of at least"),
    "group_of": tr("{name} and {more} more"),
    "n_places": tr("{n} places"),
    "flows_summed": tr("sum of {n} flows"),
    "flows_in_sum": tr("Flows summed"),
    "largest_flows": tr("Largest of them"),
    "places": tr("Places"),
    "flows_within": tr("Flows within, not drawn"),
    "sum_within": tr("Their sum"),
    "places_merged": tr(
        "{n} places that lie close together at this scale are drawn as {groups}, their flows "
        "summed; zoom in to part them"
    ),
    "flows_inside": tr("Flows within merged places: {n} ({sum} in all), counted and not drawn"),
    "no_flow": tr("rows start and end at one place or have weight 0, and are not drawn"),
    "density": tr("Points per cell"),
    "zoom_for_points": tr("Zoom in for single points"),
    "decode_error": tr("The data of this layer cannot be read"),
    "skip": tr("Skip to the map"),
    "all_on": tr("Click a legend entry to hide or show it, double-click to show it alone"),
    "made_with": tr("Made with"),
}
"""What the controls of a page say, by the key with which its scripts ask."""


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Return every word of the page's controls.

    Returns
    -------
    dict
        Key to text by language. Do not change it.

    Examples
    --------
    >>> catalogue()["search"]["ja"]
    '検索'
    """
    return {key: text.described() for key, text in CONTROLS.items()}


def _named(zh: str, en: str, ja: str, unit: str = "") -> tuple[Localized, str]:
    return Localized(zh=zh, en=en, ja=ja), unit


COLUMNS: Final[dict[str, tuple[Localized, str]]] = {
    "adcode": _named("行政区划代码", "Division code", "行政区画コード"),
    "adcodes": _named("行政区划代码", "Division codes", "行政区画コード"),
    "city_adcode": _named("所属地级代码", "Code of the city", "所属地級コード"),
    "province_adcode": _named("所属省级代码", "Code of the province", "所属省級コード"),
    "area_km2": _named("面积", "Area", "面積", "km²"),
    "published_area_km2": _named("公布面积", "Published area", "公表面積", "km²"),
    "shortfall_km2": _named("缺少面积", "Area missing", "不足面積", "km²"),
    "population": _named("人口", "Population", "人口"),
    "city": _named("城市", "City", "都市"),
    "county": _named("区县", "County", "区県"),
    "province": _named("省级", "Province", "省級"),
    "category": _named("类别", "Category", "分類"),
    "role": _named("职能", "Function", "機能"),
    "industry": _named("行业", "Industry", "産業"),
    "industry_detail": _named("行业细分", "What it does", "業種の詳細"),
    "status": _named("状态", "Status", "状態"),
    "status_year": _named("年份", "Year", "年"),
    "founded_or_listed": _named("成立或上市", "Founded or listed", "設立・上場"),
    "date_kind": _named("年份所指", "What the year is of", "年の意味"),
    "from_node": _named("起点编号", "From node", "始点の番号"),
    "to_node": _named("终点编号", "To node", "終点の番号"),
    "position_accuracy_m": _named("位置精度", "Accurate to", "位置の精度", "m"),
    "position_basis": _named("定位依据（英文）", "Placed by", "位置の根拠（英語）"),
    "source": _named("来源", "Source", "出典"),
    "checked_against": _named("核对依据（英文）", "Checked against", "照合先（英語）"),
    "county_check": _named("区县核对", "County check", "区県の照合"),
    "has_site": _named("有确切地址", "Site known", "所在地点が判明"),
    "length_km": _named("长度", "Length", "延長", "km"),
    "published_length_km": _named("公布长度", "Published length", "公表延長", "km"),
    "axis_id": _named("轴线", "Axis", "軸"),
    "axis_set": _named("轴线体系", "Set of axes", "軸の体系"),
    "axis_ids": _named("所在轴线", "Axes through it", "通過する軸"),
    "axis_sets": _named("轴线体系", "Sets of axes", "軸の体系"),
    "n_stated": _named("文件载明的节点数", "Nodes named in the text", "文書に明記の節点数"),
    "n_schematic": _named("示意节点数", "Schematic nodes", "模式の節点数"),
    "basis": _named("依据", "Basis", "根拠"),
    "circle": _named("圈层", "Circle", "圏"),
    "definition": _named("定义", "Definition", "定義"),
    "radius_km": _named("半径", "Radius", "半径", "km"),
    "n_counties": _named("区县数", "Counties", "区県数"),
    "n_unconfirmed": _named("未确认区县数", "Unconfirmed counties", "未確認の区県数"),
    "opened": _named("开通", "Opened", "開業"),
    "design_speed_kmh": _named("设计时速", "Design speed", "設計速度", "km/h"),
    "n_stations": _named("车站数", "Stations", "駅数"),
    "line_ids": _named("经过线路", "Lines", "路線"),
    "note": _named("说明（英文）", "Note", "備考（英語）"),
    "note_zh": _named("说明", "Note (Chinese)", "備考（中国語）"),
    "note_ja": _named("说明（日文）", "Note (Japanese)", "備考"),
    "chainage_km": _named("里程", "Chainage", "距離程", "km"),
    "offset_km": _named("偏距", "Offset", "偏距", "km"),
    "side": _named("侧别", "Side", "側"),
    "inside": _named("在走廊内", "Inside the corridor", "回廊内"),
    "location_basis": _named("定位方式", "Located by", "位置の決め方"),
    "location_accuracy_m": _named("定位精度", "Located within", "位置の精度", "m"),
    "boundary_distance_m": _named("距边界", "Distance to border", "境界までの距離", "m"),
    "ambiguous": _named("归属存疑", "Border case", "境界事例"),
    "datum_in": _named("原坐标基准", "Datum given", "元の測地系"),
    "origin": _named("起点", "Origin", "起点"),
    "destination": _named("终点", "Destination", "終点"),
    "weight": _named("流量", "Flow", "流量"),
    "year": _named("年份", "Year", "年"),
}
"""Label and unit of the columns that the project's layers and commands write."""


def _values(**words: tuple[str, str, str]) -> dict[str, Localized]:
    return {code.rstrip("_"): Localized.of(*text) for code, text in words.items()}


VALUES: Final[dict[str, dict[str, Localized]]] = {
    "category": _values(
        airport=("机场", "Airport", "空港"),
        development_zone=("开发区", "Development zone", "開発区"),
        government_or_plan_node=("政府或规划节点", "Government or plan node", "行政・計画の節点"),
        hospital=("医院", "Hospital", "病院"),
        hsr_station=("高铁站", "High-speed station", "高速鉄道駅"),
        large_science_facility=("大科学装置", "Large science facility", "大型科学施設"),
        manufacturing_base=("制造基地", "Manufacturing base", "製造拠点"),
        national_laboratory_or_key_lab=(
            "国家实验室、重点实验室",
            "National or key laboratory",
            "国家実験室・重点実験室",
        ),
        science_city_or_park=("科学城、科技园", "Science city or park", "科学城・パーク"),
        seaport=("海港", "Seaport", "港湾"),
        supercomputing_or_data_centre=(
            "超算与数据中心",
            "Supercomputing or data centre",
            "スパコン・データセンター",
        ),
        university=("高校", "University", "大学"),
    ),
    "role": _values(
        research=("研发", "Research", "研究開発"),
        manufacturing=("制造", "Manufacturing", "製造"),
        application=("应用", "Application", "応用"),
        service=("服务", "Service", "サービス"),
        transport=("交通", "Transport", "交通"),
    ),
    "status": _values(
        present=("已在该地", "Present", "所在"),
        not_moved_yet=("尚未迁入", "Not moved yet", "未移転"),
    ),
    "county_check": _values(
        inside=("一致", "Inside", "一致"),
        within_accuracy=("误差范围内", "Within accuracy", "精度の範囲内"),
        outside=("不一致", "Outside", "不一致"),
    ),
    "basis": _values(
        stated=("文件载明", "Stated in the text", "文書に明記"),
        schematic=("示意", "Schematic", "模式"),
        unconfirmed=("未经确认", "Unconfirmed", "未確認"),
        confirmed=("已确认", "Confirmed", "確認済み"),
    ),
    "date_kind": _values(
        opened=("开放或开通", "Opened", "開業・開設"),
        founded=("成立", "Founded", "設立"),
        unstated=("未说明", "Not stated", "記載なし"),
    ),
    "definition": _values(
        list_=("区县名单", "List of counties", "区県のリスト"),
        radius=("半径", "Radius", "半径"),
    ),
    "side": _values(left=("左侧", "Left", "左側"), right=("右侧", "Right", "右側")),
}
"""What stands for the codes in the project's own columns."""

VALUES["axis_set"] = {
    "plan-2026": tr("Plan of 2026"),
    "outline-2015": tr("Outline of 2015"),
    "study-coauthorship": tr("Co-authorship study"),
}
VALUES["axis_sets"] = VALUES["axis_set"]


def own_words(column: str, values: "pd.Series[Any]") -> Mapping[str, Text]:
    """Return the labels of the values of a column that the project's layers and commands write.

    Parameters
    ----------
    column
        Name of the column in the table.
    values
        Cells of the column, of any type.

    Returns
    -------
    mapping
        Value to words, for those values that have any; empty for a column of others.

    Examples
    --------
    >>> own_words("industry", pd.Series(["C Manufacturing"]))["C Manufacturing"].ja
    '製造業'
    >>> own_words("line_ids", pd.Series(["jinghu-hsr"]))["jinghu-hsr"].zh
    '京沪高速铁路（京津冀段）'
    """
    if column == "founded_or_listed":
        return {one: since(one) for one in sorted(texts_in(values)) if _DATED.fullmatch(one)}
    if column in VALUES:
        return words_of_values(VALUES[column], values)
    return words_of_values(_listed(column, current_region()), values) if column in _LISTS else {}


def words_of_values(words: Mapping[str, Text], values: "pd.Series[Any]") -> Mapping[str, Text]:
    """Return the labels of the codes that a column holds; several in a cell are joined.

    Parameters
    ----------
    words
        Code to what readers see for it.
    values
        Cells: codes, or codes with a space between; of numbers all words are kept.

    Returns
    -------
    mapping
        Cell to words, sorted by cell; a list with a code that has no words is left out.

    Examples
    --------
    >>> sides = {"left": Localized(en="Left"), "right": Localized(en="Right")}
    >>> cells = pd.Series(["left right", "right", "right up", None])
    >>> words_of_values(sides, cells)["left right"].en
    'Left, Right'
    >>> words_of_values(sides, pd.Series([], dtype=object))
    {}
    """
    if not words or pd.api.types.is_numeric_dtype(values):
        return words
    found: dict[str, Text] = {}
    for cell in sorted(texts_in(values)):
        if cell in words:
            found[cell] = words[cell]
        elif " " in cell and all(code in words for code in cell.split(" ")):
            found[cell] = _joined([words[code] for code in cell.split(" ")])
    return found


def _joined(texts: list[Text]) -> Localized:
    plain = [
        one if isinstance(one, Localized) else Localized(zh=one, en=one, ja=one) for one in texts
    ]
    return Localized(
        zh="、".join(one.zh for one in plain),
        en=", ".join(one.en for one in plain),
        ja="、".join(one.ja for one in plain),
    )


def texts_in(values: Iterable[Any]) -> set[str]:
    """Return the texts among cells, each once.

    Parameters
    ----------
    values
        Cells of any type, missing ones included.

    Returns
    -------
    set of str
        Without what is no text.

    Examples
    --------
    >>> texts_in(["a", None, 7, "a"])
    {'a'}
    """
    return {one for one in values if isinstance(one, str)}


def names_in(layer: str, region: Region | None = None) -> Mapping[str, Localized]:
    """Return the names of the features of a region's layer by id.

    Parameters
    ----------
    layer
        Id of a layer of the region.
    region
        The region whose layers and codes are used; None is the current region.

    Returns
    -------
    mapping
        Do not change it.

    Examples
    --------
    >>> names_in("prefectures")["130200"].en
    'Tangshan'
    """
    return _names_in(layer, region or current_region())


@lru_cache(maxsize=32)
def _names_in(layer: str, region: Region) -> Mapping[str, Localized]:
    if not is_layer(layer, region):
        return {}
    frame = load(layer, region).frame
    if not {"name_zh", "name_en", "name_ja"} <= set(frame.columns):
        return {}
    names = zip(frame["name_zh"], frame["name_en"], frame["name_ja"], strict=True)
    return {str(key): Localized.of(*one) for key, one in zip(frame.index, names, strict=True)}


def _sections(region: Region) -> dict[str, Localized]:
    listed = vocabulary("industry", region)
    return {f"{letter} {name.en}": name for letter, name in listed.items()}


_LISTS: Final[dict[str, Callable[[Region], Mapping[str, Localized]]]] = {
    "industry": _sections,  # as firms.csv writes them
    "industry_detail": lambda region: vocabulary("business", region),
    "source": lambda region: vocabulary("source", region),
    "circle": lambda region: vocabulary("circle", region),
    "line_ids": lambda region: names_in("rail_lines", region),
    "axis_ids": lambda region: names_in("axes", region),
}


@lru_cache(maxsize=32)
def _listed(column: str, region: Region) -> Mapping[str, Localized]:
    return _LISTS[column](region)


_DATED: Final = re.compile(r"(\w+) (\d{4})")
_SINCE: Final = {
    "listed": tr("listed {}"),
    "founded": tr("founded {}"),
    "established": tr("founded {}"),
}


def since(text: str) -> Localized:
    """Say in three languages since when a firm exists or is listed.

    Parameters
    ----------
    text
        A word of ``firms.csv`` and a year.

    Returns
    -------
    Localized
        The text itself in each language where it has another form.

    Examples
    --------
    >>> since("listed 2000").zh, since("about 1990").ja
    ('2000 年上市', 'about 1990')
    """
    found = _DATED.fullmatch(text)
    if found is None or found[1] not in _SINCE:
        return Localized(zh=text, en=text, ja=text)
    pattern = _SINCE[found[1]]
    return Localized.of(*(one.format(found[2]) for one in (pattern.zh, pattern.en, pattern.ja)))


_YES_NO: Final = {"true": tr("Yes"), "false": tr("No")}
_MOST: Final = 250


def known_words(column: str, values: "pd.Series[Any]") -> Mapping[str, Text]:
    """Return the labels of the values of a column in three languages.

    Parameters
    ----------
    column
        Its name; the project's own columns have words of their own. Codes in others are left as
        they are: whoever wrote them may have meant something else.
    values
        Cells of the column, of any type.

    Returns
    -------
    mapping
        Value to words, for those values that have any; empty where fewer than half have.

    Examples
    --------
    >>> known_words("所在市", pd.Series(["唐山市", "北京"]))["唐山市"].en
    'Tangshan'
    >>> known_words("amenity", pd.Series(["hospital", "airport"]))  # in our lists a leading one
    {}
    """
    if own := own_words(column, values):
        return own
    if pd.api.types.is_bool_dtype(values):
        return _YES_NO
    if pd.api.types.is_numeric_dtype(values) or not len(values):
        return {}
    texts = values if values.dtype == object else values.dropna().unique()  # objects may be lists
    distinct = texts_in(texts)
    if len(distinct) > _MOST:
        return {}
    places = _places(current_region())
    found = {one: places[one] for one in sorted(distinct) if one in places}
    return found if len(found) >= len(distinct) / 2 else {}


def known_label(column: str) -> Localized | None:
    """Return the label of a header in three languages, where it is one of the project's words.

    Parameters
    ----------
    column
        Header of the column, as in the file.

    Returns
    -------
    Localized or None
        Without a unit: whoever wrote 面积 may have meant another.

    Examples
    --------
    >>> known_label("行业").en, known_label(" Industry").zh, known_label("产值")
    ('Industry', '行业', None)
    """
    for area in current_region().special_areas:
        if column == area.flag:
            return area.label
    return _labels().get(column.strip().lower())


@lru_cache(maxsize=1)
def _labels() -> dict[str, Localized]:
    found: dict[str, Localized] = {}
    for label, _ in COLUMNS.values():
        for word in (label.zh, label.en, label.ja):
            found.setdefault(word.lower(), label)
    return found


@lru_cache(maxsize=8)
def _places(region: Region) -> dict[str, Localized]:
    """Return the names of the region's units, and of its cities and provinces cut short."""
    found: dict[str, Localized] = {}
    special = [area.layer_id for area in region.special_areas]
    above = [level.layer_id for level in reversed(region.levels[1:])]
    for layer in (*above, *special, region.smallest.layer_id):
        for name in names_in(layer, region).values():
            found.setdefault(name.zh, name)
            if layer in above:
                short = name.zh.removesuffix("市").removesuffix("省")
                cut = name.ja.removesuffix("市").removesuffix("省")
                found.setdefault(short, Localized(zh=short, en=name.en, ja=cut))
    return found


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

WORDS: Final[dict[str, dict[str, Localized]]] = {
    source_id: {
        name: Localized(zh=zh, en=str(getattr(SOURCES[source_id], name)), ja=ja)
        for name, (zh, ja) in fields.items()
    }
    for source_id, fields in _BY_SOURCE.items()
}
"""Field by source id; the English is the registry's own."""


def words_of(source_id: str) -> Mapping[str, Localized]:
    """Return the translated fields of a source, of the project's registry or the region's.

    Parameters
    ----------
    source_id
        Id of a source, as ``geo.sources.registry`` or ``region.yaml`` has it.

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


def worded_source(source: Mapping[str, Any]) -> dict[str, Any]:
    """Translate the fields of a source where translations are known.

    Parameters
    ----------
    source
        One source of a layer's provenance.

    Returns
    -------
    dict
        The same fields; a text that is not the registry's own stays as it is.

    Examples
    --------
    >>> worded_source({"source_id": "plan-2026", "licence": "facts, cited"})["licence"]["ja"]
    '事実の引用'
    >>> worded_source({"source_id": "geonames", "attribution": "a fork of it"})["attribution"]
    'a fork of it'
    """
    words = words_of(str(source.get("source_id", "")))
    return {
        name: by_language(words[name])
        if name in words and words[name].en == value
        else by_language(value)
        for name, value in source.items()
    }
