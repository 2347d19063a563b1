"""The words of a page in three languages, and what a reader calls the project's own columns."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from geo.layers import Text3

__all__ = ["COLUMNS", "OTHER_WORD", "VALUES", "catalogue"]

OTHER_WORD: Final = Text3("其他", "Other", "その他")


@lru_cache(maxsize=1)
def catalogue() -> dict[str, dict[str, str]]:
    """Return every word of the page's controls.

    Returns
    -------
    dict
        Key to ``zh``, ``en``, ``ja``. Do not change it.

    Examples
    --------
    >>> catalogue()["search"]["ja"]
    '検索'
    """
    text = (Path(__file__).parent / "words.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def _named(zh: str, en: str, ja: str, unit: str = "") -> tuple[Text3, str]:
    return Text3(zh, en, ja), unit


COLUMNS: Final[dict[str, tuple[Text3, str]]] = {
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


def _values(**words: tuple[str, str, str]) -> dict[str, Text3]:
    return {code.rstrip("_"): Text3(*text) for code, text in words.items()}


VALUES: Final[dict[str, dict[str, Text3]]] = {
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
    "plan-2026": Text3("2026 年规划", "Plan of 2026", "2026年計画"),
    "outline-2015": Text3("2015 年纲要", "Outline of 2015", "2015年綱要"),
    "study-coauthorship": Text3("合著网络研究", "Co-authorship study", "共著ネットワーク研究"),
}
VALUES["axis_sets"] = VALUES["axis_set"]
