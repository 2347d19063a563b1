"""Headers: their spellings, roles and our own columns.

The columns that this project adds to a table, distinguished from a user's of the same names.

Which column plays which role: Chinese, English and Japanese names.

A role is found by the whole name, never by a part of it. Two columns for one role are refused
with both listed; a column that the user names wins always.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from geo.door.faults import listed
from geo.errors import InputError, UnknownIdError

__all__ = [
    "LOCATED",
    "PLACED",
    "ROLES",
    "Role",
    "Roles",
    "find_roles",
    "flat",
    "is_located",
    "is_placed",
    "normalise",
    "renamed",
    "role_of",
    "stated_datum",
]

PLACED: Final = ("location_basis", "location_accuracy_m", "datum_in")
"""What every table that was placed has beside its own columns."""
LOCATED: Final = (
    "adcode", "county", "city", "province", "in_xiongan", "location_basis", "location_accuracy_m",
    "boundary_distance_m", "ambiguous", "datum_in",
)  # fmt: skip
"""The columns that ``jjj locate`` adds, in their order."""


def is_placed(columns: Collection[str]) -> bool:
    """Return whether a table was written by this project with the columns of a placement.

    Parameters
    ----------
    columns
        Column names of the table.

    Returns
    -------
    bool
        True where it has all of ``PLACED``, which nobody else writes together.

    Examples
    --------
    >>> is_placed(["name", "datum_in"]), is_placed(["name", *PLACED])
    (False, True)
    """
    return set(PLACED) <= set(columns)


def is_located(columns: Collection[str]) -> bool:
    """Return whether a table was written by ``jjj locate``.

    Parameters
    ----------
    columns
        Column names of the table.

    Returns
    -------
    bool
        True where it has all of ``LOCATED``.
    """
    return set(LOCATED) <= set(columns)


def renamed(columns: Iterable[str], added: Collection[str]) -> dict[str, str]:
    """Rename columns that collide with those about to be added.

    Parameters
    ----------
    columns
        Names of a table.
    added
        Names that it gets.

    Returns
    -------
    dict
        New name by old: ``side`` becomes ``side_in``, and where that is taken ``side_in2``.

    Examples
    --------
    >>> renamed(["side", "side_in"], ["side"])
    {'side': 'side_in2'}
    """
    names = list(columns)
    taken = {*names, *added}
    changed: dict[str, str] = {}
    for name in names:
        if name in added:
            new, number = f"{name}_in", 2
            while new in taken:
                new, number = f"{name}_in{number}", number + 1
            changed[name] = new
            taken.add(new)
    return changed


# ruff: noqa: E501 - tables of names, wide by nature


Role = Literal[
    "lon", "lat", "x", "y", "point", "wkt", "name", "address", "code", "credit_code", "county",
    "city", "province", "datum", "accuracy", "year", "industry", "headquarters",
]  # fmt: skip
ROLES: Final[tuple[Role, ...]] = get_args(Role)

_WORDS: Final[dict[Role, str]] = {
    "lon": "经度 经度坐标 经度值 坐标经度 地理经度 东经 经 lon lng long longitude 経度 經度 gps经度 "
           "jingdu longtitude longitud lonx 经度x x经度 坐标x经度 经度longitude 经度lon 经度lng decimallongitude",
    "lat": "纬度 纬度坐标 纬度值 坐标纬度 地理纬度 北纬 纬 lat latitude 緯度 gps纬度 weidu latitud laty "
           "纬度y y纬度 坐标y纬度 纬度latitude 纬度lat decimallatitude",
    "x": "x x坐标 坐标x 东坐标 easting e坐标 横坐标 pointx xcoord coordx x座標 投影x xm",
    "y": "y y坐标 坐标y 北坐标 northing n坐标 纵坐标 pointy ycoord coordy y座標 投影y ym",
    "point": "坐标 经纬度 经纬度坐标 位置坐标 地理坐标 坐标点 location lnglat lonlat latlng latlon "
             "coordinates coordinate coord coords 座標 緯度経度 経緯度 gps gps坐标 纬经度 latlong lngandlat",
    "wkt": "wkt geometry geom thegeom shape 几何 几何对象 wktgeom geomwkt ジオメトリ",
    "name": "名称 企业名称 公司名称 单位名称 机构名称 项目名称 设施名称 园区名称 企业名 公司名 名字 "
            "name firm company namezh companyname firmname 会社名 企業名 施設名 名前 名稱 企业 公司 单位 機関名 称号",
    "address": "地址 注册地址 详细地址 企业地址 公司地址 办公地址 通讯地址 住所 所在地 注册地 经营地址 生产地址 "
               "address addr 企业住所 单位地址 项目地址 位置 地点 項目地址 住址 所在地址 registeredaddress 注册住所",
    "code": "行政区划代码 区划代码 区划码 区县代码 县代码 县区代码 行政区代码 行政代码 地区代码 地区编码 行政区划编码 行政区划 "
            "adcode countycode codecounty areacode gb2260 gbcode 统计用区划代码 区县码 行政コード 市区町村コード 县级代码 "
            "admincode districtcode 行政区码 区域代码 区划编码 county_code",
    "credit_code": "统一社会信用代码 社会信用代码 信用代码 uscc creditcode 统一代码 统一信用代码",
    "county": "区县 县区 县市区 区县市 县级 市县区 所属区县 所在区县 所在县区 所在区 所属区 区 县 county district 区县名称 "
              "所属县区 所在县 县名 区县名 県区 区市县 县级单位 所属县市区 所在县市区 县市 区划名称",
    "city": "城市 地市 市 所属城市 所在城市 地级市 所在市 所属市 所在地市 city prefecture 市名 都市 设区市 市州 市级",
    "province": "省 省份 省市 所属省份 所在省份 所在省 所属省 province 省级 直辖市 省市区 省名 省直辖市",
    "datum": "坐标系 坐标系统 坐标系类型 坐标基准 基准 坐标类型 大地基准 datum crs coordsys coordtype coordinatesystem "
             "座標系 測地系 srid 坐标体系 地图坐标系",
    "accuracy": "positionaccuracym accuracym accuracy 精度 定位精度 坐标精度 位置精度 水平精度",
    "year": "年份 年度 年 year 数据年份 统计年份",
    "industry": "行业 行业名称 所属行业 行业类别 产业 industry sector 業種 産業 行业门类 行业分类",
    "headquarters": "总部 总部所在地 总部城市 母公司 总公司 headquarters hq 本社 本社所在地 総本部 集团总部",
}  # fmt: skip
_ROLE_OF: Final[dict[str, Role]] = {
    unicodedata.normalize("NFKC", word).replace("_", ""): role
    for role, words in _WORDS.items()
    for word in words.split()
}
_LONGEST: Final = 200  # signs of a name that are looked at
_LAT_FIRST: Final = frozenset({"latlng", "latlon", "latlong", "纬经度", "緯度経度"})
# a datum's short name by itself, as in BD_Lng, lng_bd, gcjLat
_ALONE: Final = r"(?<![a-z0-9]){}(?=$|[^a-z0-9]|lng|lon|lat|x$|y$)"
_DATUM_WORDS: Final[tuple[tuple[str, str], ...]] = (
    (rf"bd-?_?0?9(?:ll)?|百度|baidu|{_ALONE.format('bd')}", "bd09"),
    (
        rf"gcj-?_?0?2(?:ll)?|火星|高德|腾讯|amap|gaode|tencent|mars|{_ALONE.format('gcj')}",
        "gcj02",
    ),
    (r"cgcs-?_?2000|国家2000|2000国家大地|天地图|大地2000", "cgcs2000"),
    (rf"wgs-?_?(?:19)?84(?:ll)?|gps84|{_ALONE.format('wgs')}", "wgs84"),
)
_OLD_DATUM: Final = re.compile(
    r"北京-?(?:19)?54|西安-?(?:19)?80|beijing-?_?(?:19)?54|xi'?an-?_?(?:19)?80"
)
_UNITS: Final = re.compile(
    r"^(?:°|度|degrees?|deg|十进制|小数|十进制度|decimal|必填|选填|可选|单位[::]?度|dd|\*)+$"
)
_UNSEEN: Final = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u200e\u200f\u2060\u00ad"))
_BRACKETS: Final = re.compile(r"[(\[{【<](?P<inside>[^)\]}】>]*)[)\]}】>]")
_PATH: Final = re.compile(
    r"^(?:location|loc|position|point|geo|geometry|gps|coords?|coordinates?|center|entrlocation)[._]"
    r"(?=(?:lng|lon|long|lat|longitude|latitude)$)"
)
_ENDINGS: Final[tuple[tuple[str, Role], ...]] = (("地址", "address"), ("住所", "address"))
"""Endings by which a column is an address where no column has one of the usual names."""
_MISSPELT: Final[Mapping[str, Role]] = {"维度": "lat"}
"""Names that mean another thing and are a coordinate only where its partner stands beside."""
_SEPARATORS: Final = re.compile(r"[\s_\-./\\:*'\"·,、|]+")
_PAIR: Final[tuple[Role, Role]] = ("lon", "lat")
_PLACE: Final[tuple[Role, ...]] = ("lon", "lat", "point", "x", "y", "wkt")


@dataclass(frozen=True)
class Roles:
    """Which column plays which role.

    Attributes
    ----------
    columns
        Name of the column that plays each role.
    datum
        The datum that the name of a coordinate column states, or None.
    lat_first
        Whether a one-cell coordinate column says that latitude comes first.
    notes
        Notes on columns that were left out, and why.
    """

    columns: dict[Role, str]
    datum: str | None = None
    lat_first: bool = False
    notes: tuple[str, ...] = ()


def stated_datum(text: str) -> str | None:
    """Parse the name of a datum.

    Parameters
    ----------
    text
        A header or a cell, such as ``"高德经度"`` or ``"EPSG:4490"``.

    Returns
    -------
    str or None
        ``wgs84``, ``cgcs2000``, ``gcj02``, ``bd09``, ``EPSG:n``, ``old`` for Beijing 1954 and
        Xi'an 1980, or None.

    Examples
    --------
    >>> stated_datum("百度坐标"), stated_datum("EPSG:4490"), stated_datum("x")
    ('bd09', 'EPSG:4490', None)
    """
    plain = unicodedata.normalize("NFKC", text[:_LONGEST]).lower().replace(" ", "")
    if _OLD_DATUM.search(plain):
        return "old"
    for pattern, datum in _DATUM_WORDS:
        if re.search(pattern, plain):
            return datum
    found = re.search(r"epsg:{1,2}(?:[0-9.]*:)?([0-9]{4,6})", plain) or re.fullmatch(
        r"([0-9]{4,5})", plain
    )
    return f"EPSG:{found[1]}" if found else None


def normalise(name: str) -> str:
    """Normalise a header for the look-up of roles.

    Parameters
    ----------
    name
        Header of the column, as in the file.

    Returns
    -------
    str
        NFKC, lower case, without units, datum words, brackets and separators.

    Examples
    --------
    >>> normalise("经 度（°）"), normalise("LNG_gcj02"), normalise("Point_X")
    ('经度', 'lng', 'pointx')
    """
    name = name[:_LONGEST]
    plain = unicodedata.normalize("NFKC", name).translate(_UNSEEN).strip().lower()
    plain = _PATH.sub("", plain)
    plain = _BRACKETS.sub(lambda found: _kept(found["inside"]), plain)
    for pattern, _ in _DATUM_WORDS:
        plain = re.sub(pattern, "", plain)
    return _SEPARATORS.sub("", plain) or _SEPARATORS.sub(
        "", unicodedata.normalize("NFKC", name).translate(_UNSEEN).lower()
    )


def _kept(inside: str) -> str:
    """Drop units, datums and hints in brackets; keep what tells columns apart, as in 区(县)."""
    bare = inside.strip()
    if _UNITS.match(bare) or stated_datum(bare) or bare in ("米", "m", "东", "北", "e", "n"):
        return ""
    return bare if len(bare) <= 3 else f"_{bare}"


def role_of(name: str) -> Role | None:
    """Tell which role a column of this name plays.

    Parameters
    ----------
    name
        Header of the column, as in the file.

    Returns
    -------
    str or None
        One of ``ROLES``, or None.

    Examples
    --------
    >>> role_of("高德经度"), role_of("産業"), role_of("")
    ('lon', 'industry', None)
    """
    key = normalise(name)
    return _ROLE_OF.get(key) or _ROLE_OF.get(key.removesuffix("坐标")) if key else None


def flat(name: str) -> str:
    r"""Return a header on one line, white space collapsed.

    Parameters
    ----------
    name
        Header of the column, as in the file.

    Returns
    -------
    str
        Single spaces, no byte order mark or other character that nobody sees.

    Examples
    --------
    >>> flat(" 企业\n名称 ")
    '企业 名称'
    """
    return " ".join(name.translate(_UNSEEN).split())


def find_roles(
    columns: Sequence[str], *, given: Mapping[Role, str] | None = None, need_place: bool = True
) -> Roles:
    """Find the column for each role.

    Parameters
    ----------
    columns
        Names of the table.
    given
        Columns that the user named; these win.
    need_place
        Whether some column must say where a row is.

    Returns
    -------
    Roles
        Columns by role, and the datum that their names state.

    Raises
    ------
    UnknownIdError
        When a named column is not in the table.
    InputError
        When two columns claim to be the coordinates, or nothing says where a row is.

    Examples
    --------
    >>> find_roles(["名称", "高德经度", "高德纬度"]).datum
    'gcj02'
    >>> find_roles(["lon", "经度", "lat"])
    Traceback (most recent call last):
    geo.errors.InputError: columns 'lon', '经度' could all be lon; name one with --lon
    """
    given = {role: _existing(name, columns) for role, name in (given or {}).items()}
    claims: dict[Role, list[str]] = {}
    for column in columns:
        role = role_of(column)
        if role is not None and role not in given:
            claims.setdefault(role, []).append(column)
    hints = _hinted(claims, given, columns)
    found, notes = _settle(claims, given)
    notes += hints
    if need_place:
        _require_place(found, columns)
    placed = [found[role] for role in _PLACE if role in found]
    stated = sorted({datum for name in placed if (datum := stated_datum(name)) is not None})
    if len(stated) > 1:
        msg = f"the coordinate columns state different datums ({', '.join(stated)}); use --datum"
        raise InputError(msg)
    lat_first = "point" in found and normalise(found["point"]) in _LAT_FIRST
    return Roles(found, stated[0] if stated else None, lat_first, tuple(notes))


def _hinted(
    claims: dict[Role, list[str]], given: Mapping[Role, str], columns: Sequence[str]
) -> list[str]:
    """Give a role that no usual name claims to the one column whose name hints at it."""
    notes: list[str] = []
    taken = {*given.values(), *(name for names in claims.values() for name in names)}
    free = [column for column in columns if column not in taken]
    if ("lon" in claims or "lon" in given) and not ("lat" in claims or "lat" in given):
        alike = [column for column in free if _MISSPELT.get(normalise(column)) == "lat"]
        if len(alike) == 1:
            claims["lat"] = alike
            notes.append(
                f"column {alike[0]!r} is read as the latitude that goes with the longitude"
            )
    if not ("address" in claims or "address" in given):
        for ending, role in _ENDINGS:
            alike = [column for column in free if normalise(column).endswith(ending)]
            if alike:
                claims[role] = alike[:1]
                notes.append(f"column {alike[0]!r} is read as the {role}")
                break
    return notes


def _existing(name: str, columns: Sequence[str]) -> str:
    if name in columns:
        return name
    alike = [column for column in columns if flat(column).lower() == flat(name).lower()]
    if len(alike) == 1:
        return alike[0]
    raise UnknownIdError("column", name, columns)


def _settle(
    claims: dict[Role, list[str]], given: dict[Role, str]
) -> tuple[dict[Role, str], list[str]]:
    """Keep one column a role, and one way of stating a position."""
    notes: list[str] = []
    found: dict[Role, str] = dict(given)
    if {"lon", "lat"} & set(given):
        claims = {
            role: names for role, names in claims.items() if role not in ("x", "y", "point", "wkt")
        }
    notes += _keep_best_pair(claims)
    pair = bool(claims.get("lon") or "lon" in found) and bool(claims.get("lat") or "lat" in found)
    if pair:
        for role in ("x", "y", "point", "wkt"):
            notes += [
                f"column {name!r} was not used: longitude and latitude have their own"
                for name in claims.pop(role, [])
            ]
    elif not (claims.get("x") and claims.get("y")):
        claims.pop("x", None)
        claims.pop("y", None)
    for role, names in claims.items():
        if len(names) == 1:
            found[role] = names[0]
        elif role in ("lon", "lat", "x", "y", "point", "wkt", "code"):
            msg = (
                f"columns {listed(names)} could all be {role}; name one with {_option(role, names)}"
            )
            raise InputError(msg)
        else:
            found[role] = names[0]
            notes.append(f"of columns {listed(names)}, {names[0]!r} is taken as the {role}")
    return found, notes


def _keep_best_pair(claims: dict[Role, list[str]]) -> list[str]:
    """Of several pairs of coordinates keep the one whose headers say WGS 84, in place."""
    if len(claims.get("lon", ())) < 2 and len(claims.get("lat", ())) < 2:
        return []
    for wanted in ("wgs84", "cgcs2000"):
        best = {
            role: [name for name in claims.get(role, ()) if stated_datum(name) == wanted]
            for role in _PAIR
        }
        if all(len(names) == 1 for names in best.values()):
            left = [name for role in _PAIR for name in claims[role] if name not in best[role]]
            claims.update(best)
            kept = " and ".join(repr(best[role][0]) for role in _PAIR)
            return [f"{kept} are taken as the coordinates; not used: {listed(left)}"]
    return []


def _option(role: Role, names: list[str]) -> str:
    return (
        {"x": "--lon", "y": "--lat", "point": "--lon", "wkt": "--lon"}.get(role, f"--{role}")
        if names
        else ""
    )


def _require_place(found: dict[Role, str], columns: Sequence[str]) -> None:
    if {"lon", "lat"} <= set(found) or {"x", "y"} <= set(found):
        return
    if set(found) & {"point", "wkt", "address", "code", "county", "credit_code"}:
        return
    half = [name for role, name in found.items() if role in ("lon", "lat")]
    what = (
        f"has {half[0]!r} but not the other coordinate"
        if half
        else "no column says where a row is (longitude and latitude, coordinates, address or code)"
    )
    msg = f"{what}; columns: {listed(columns)}; name them with --lon --lat, --address or --code"
    raise InputError(msg)
