"""The region's units by every name they go or went by, and a point for each."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import shapely

from geo.crs import to_analysis, to_storage
from geo.layers import load
from geo.sources import facts
from geo.tables.codes import FIRST_YEAR, LAST_YEAR, city_of, successors

__all__ = ["DUPLICATED_ELSEWHERE", "Gazetteer", "Unit", "gazetteer", "stem", "units", "zones"]

DUPLICATED_ELSEWHERE: Final = frozenset(
    {
        "朝阳区",
        "通州区",
        "和平区",
        "河东区",
        "长安区",
        "新华区",
        "桥西区",
        "桥东区",
        "复兴区",
        "开平区",
    }
)
"""County names of the region that other provinces use too: alone they say nothing."""

_SUFFIXES: Final = ("满族蒙古族自治县", "满族自治县", "回族自治县", "区", "县", "市")
_ZONES: Final = (
    # phrase, city, county; None where a zone lies in several counties
    ("北京经济技术开发区", "110000", "110115"),
    ("亦庄", "110000", "110115"),
    ("大兴国际机场临空经济区", "", None),
    ("中关村", "110000", "110108"),
    ("天竺综合保税区", "110000", "110113"),
    ("临空经济核心区", "110000", "110113"),
    ("北京城市副中心", "110000", "110112"),
    ("怀柔科学城", "110000", "110116"),
    ("未来科学城", "110000", "110114"),
    ("天津经济技术开发区", "120000", "120116"),
    ("天津开发区", "120000", "120116"),
    ("泰达", "120000", "120116"),
    ("天津港保税区", "120000", None),
    ("空港经济区", "120000", "120110"),
    ("天津自贸试验区", "120000", None),
    ("天津)自由贸易试验区", "120000", None),
    ("东疆", "120000", "120116"),
    ("中新生态城", "120000", "120116"),
    ("中新天津生态城", "120000", "120116"),
    ("滨海高新区", "120000", None),
    ("滨海高新技术产业开发区", "120000", None),
    ("华苑产业区", "120000", None),
    ("子牙经济技术开发区", "120000", "120118"),
    ("武清开发区", "120000", "120114"),
    ("京津科技谷", "120000", "120114"),
    ("宝坻京津中关村科技城", "120000", "120115"),
    ("燕郊", "131000", "131082"),
    ("曹妃甸", "130200", "130209"),
    ("石家庄高新", "130100", "130108"),
    ("石家庄经济技术开发区", "130100", "130109"),
    ("石家庄循环化工", "130100", "130111"),
    ("正定新区", "130100", "130123"),
    ("秦皇岛经济技术开发区", "130300", None),
    ("北戴河新区", "130300", None),
    ("廊坊经济技术开发区", "131000", "131003"),
    ("廊坊开发区", "131000", "131003"),
    ("保定高新", "130600", "130602"),
    ("白沟新城", "130600", "130684"),
    ("白沟", "130600", "130684"),
    ("唐山高新", "130200", "130203"),
    ("海港经济开发区", "130200", "130225"),
    ("芦台经济开发区", "130200", None),
    ("汉沽管理区", "130200", None),
    ("渤海新区", "130900", "130983"),
    ("沧州临港", "130900", "130983"),
    ("邯郸经济技术开发区", "130400", None),
    ("冀南新区", "130400", None),
    ("邢台经济开发区", "130500", None),
    ("衡水高新", "131100", "131102"),
    ("承德高新", "130800", None),
    ("张家口经济开发区", "130700", None),
    ("察北管理区", "130700", "130722"),
    ("塞北管理区", "130700", "130724"),
    ("容东片区", "130600", "130629"),
    ("容西片区", "130600", "130629"),
    ("雄东片区", "130600", "130638"),
    ("昝岗", "130600", "130638"),
    ("雄安站枢纽", "130600", "130638"),
    ("雄安新区", "130600", None),
    ("雄安", "130600", None),
)


@dataclass(frozen=True)
class Unit:
    """A county-level unit and where a row that only names it is placed.

    Attributes
    ----------
    adcode, name, city_adcode, province_adcode
        As in the layer ``counties``.
    lon, lat
        A point inside it, degrees.
    accuracy_m
        Distance from there to its farthest place: how wrong the point may be.
    """

    adcode: str
    name: str
    city_adcode: str
    province_adcode: str
    lon: float
    lat: float
    accuracy_m: float


@lru_cache(maxsize=1)
def units() -> dict[str, Unit]:
    """Return the county-level units by code.

    Returns
    -------
    dict
        Do not change it.

    Examples
    --------
    >>> units()["130638"].name, units()["130638"].accuracy_m > 10_000
    ('雄县', True)
    """
    frame = load("counties").frame
    metric = to_analysis(frame)
    points = metric.geometry.representative_point()
    stored = to_storage(points)
    far = [
        float(np.hypot(*(shapely.get_coordinates(shape) - [point.x, point.y]).T).max())
        for shape, point in zip(metric.geometry, points, strict=True)
    ]
    return {
        str(code): Unit(
            str(code), row.name_zh, row.city_adcode, row.province_adcode,
            round(stored[code].x, 6), round(stored[code].y, 6), float(np.ceil(reach / 100) * 100),
        )
        for (code, row), reach in zip(frame.iterrows(), far, strict=True)
    }  # fmt: skip


def stem(name: str) -> str:
    """Return a unit's name without its kind.

    Parameters
    ----------
    name
        Such as ``"固安县"``.

    Returns
    -------
    str
        Such as ``"固安"``.

    Examples
    --------
    >>> stem("大厂回族自治县"), stem("雄县")
    ('大厂', '雄')
    """
    for suffix in _SUFFIXES:
        if name.endswith(suffix) and len(name) > len(suffix):
            return name[: -len(suffix)]
    return name


@dataclass(frozen=True)
class Gazetteer:
    """Names and what they may mean.

    Attributes
    ----------
    provinces, cities
        Code by name, long and short.
    counties
        For each full name: pairs of city code and county code; the code is None where a former
        unit was split.
    stems
        The same by short name of two signs or more.
    """

    provinces: dict[str, str]
    cities: dict[str, str]
    counties: dict[str, tuple[tuple[str, str | None], ...]]
    stems: dict[str, tuple[tuple[str, str | None], ...]]


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """Return the names of provinces, cities and counties, present and former.

    Returns
    -------
    Gazetteer
        Do not change it.

    Examples
    --------
    >>> gazetteer().counties["桥东区"]
    (('130700', '130702'), ('130100', None), ('130500', '130502'))
    """
    table = facts.read("unit_names")
    provinces, cities = {}, {}
    for row in table.itertuples():
        names = (str(row.name_zh), stem(str(row.name_zh)).removesuffix("省"))
        if row.level == "province":
            provinces.update(dict.fromkeys(names, str(row.adcode)))
        elif row.level == "prefecture":
            cities.update(dict.fromkeys(names, str(row.adcode)))
    counties: dict[str, list[tuple[str, str | None]]] = {}
    for unit in units().values():
        counties.setdefault(unit.name, []).append((unit.city_adcode, unit.adcode))
    for old, name in _former_names():
        after = successors(old, FIRST_YEAR, LAST_YEAR).codes
        code = after[0] if len(after) == 1 else None
        city = city_of(old)
        held = counties.setdefault(name, [])
        if city not in {one for one, _ in held}:
            held.append((city, code))
    stems: dict[str, list[tuple[str, str | None]]] = {}
    for name, held in counties.items():
        short = stem(name)
        if len(short) >= 2:
            known = stems.setdefault(short, [])
            known += [pair for pair in held if pair not in known]
    return Gazetteer(
        provinces,
        cities,
        {name: tuple(held) for name, held in counties.items()},
        {name: tuple(held) for name, held in stems.items()},
    )


def _former_names() -> list[tuple[str, str]]:
    table = facts.read("code_changes")
    pairs = {
        (str(row.old_code), str(row.old_name).split("(")[0])
        for row in table.itertuples()
        if row.kind != "partial-transfer"
    }
    return sorted(pairs)


def zones() -> tuple[tuple[str, str, str | None], ...]:
    """Return development zones and new areas: phrase, city, county.

    Returns
    -------
    tuple
        The county is None where a zone lies in several; the longest phrases come first.

    Examples
    --------
    >>> zones()[-1]
    ('雄安', '130600', None)
    """
    return tuple(sorted(_ZONES, key=lambda zone: -len(zone[0])))
