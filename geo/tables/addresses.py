"""Addresses, and the county that a row states.

The county that a row states: by code, credit code, names or address.

Chinese addresses to a county, offline: province, city, county or zone, or a refusal.

Names are matched whole and in order, never as any part of the text: 河北区 is in Tianjin,
朝阳北大街 in Baoding, and 桥西区 in two cities. What is not settled by the address is refused
with its reason.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from geo.door.headers import Roles
from geo.door.table import Chunk
from geo.region import Region, current_region
from geo.tables.codes import (
    FIRST_YEAR,
    LAST_YEAR,
    code_of_credit_code,
    normalise_code,
    successors,
)
from geo.tables.coordinates import Flags
from geo.tables.gazetteer import Gazetteer, gazetteer, stem, units

__all__ = [
    "Parsed",
    "find_county",
    "parse_address",
    "stated_counties",
]


def stated_counties(
    chunk: Chunk,
    roles: Roles,
    flags: Flags | None,
    *,
    only: NDArray[np.bool_] | None = None,
    region: Region | None = None,
) -> NDArray[np.object_]:
    """Find the county that each row states: by code, credit code, names, address, in this order.

    Parameters
    ----------
    chunk
        Some consecutive rows of the table, cells as read.
    roles
        Which column plays which role.
    flags
        Takes the reasons of rows without; None to keep silent.
    only
        Rows for which addresses are read too, and reasons kept; all by default.
    region
        The region whose layers and codes are used; None is the current region.

    Returns
    -------
    ndarray of object
        ``(code, basis, reason)`` for rows where something was found, else None.
    """
    region = region or current_region()
    found = np.full(len(chunk.frame), None, dtype=object)
    wanted = np.ones(len(found), dtype=bool) if only is None else only
    last: dict[int, tuple[str, str]] = {}
    columns = {
        role: chunk.frame[name] for role, name in roles.columns.items() if name in chunk.frame
    }
    if "code" in columns:
        _by_cells(columns["code"], lambda cell: _from_code(cell, region), found, last)
    if "county" in columns:
        rows = zip(
            columns["county"],
            columns.get("city", [None] * len(found)),
            columns.get("province", [None] * len(found)),
            strict=True,
        )
        _by_cells(
            rows, lambda row: _from_words(find_county(row[0], row[1], row[2], region)), found, last
        )
    if "address" in columns:
        _by_cells(
            columns["address"],
            lambda cell: _from_words(parse_address(cell, region)),
            found,
            last,
            wanted,
        )
    if "credit_code" in columns:
        _by_cells(
            columns["credit_code"], lambda cell: _from_credit(cell, region), found, last, wanted
        )
    if flags is not None:
        for at, (reason, detail) in last.items():
            if wanted[at] and (found[at] is None or found[at][0] is None):
                flags.one(at, reason, detail)
    return found


def _by_cells(cells: Any, read: Any, found: Any, last: Any, wanted: Any = None) -> None:
    """Read the cells of rows that have no county yet; each distinct cell once."""
    known: dict[Any, Any] = {}
    for at, cell in enumerate(cells):
        if found[at] is not None or (wanted is not None and not wanted[at]):
            continue
        key = cell if isinstance(cell, str | tuple | int | float | None.__class__) else str(cell)
        if key not in known:
            known[key] = read(cell)
        code, basis, reason, detail = known[key]
        if code is not None:
            found[at] = (code, basis, reason)
        elif reason and (at not in last or last[at][0] in ("no_address", "no_coordinates")):
            last[at] = (reason, detail)


def _from_code(cell: Any, region: Region) -> tuple[str | None, str, str, str]:
    if region.gazetteer("names") is None:
        return _from_id(cell, region)
    code, form = normalise_code(cell)
    if code is None:
        return None, "", "no_address" if form == "missing" else form, str(cell)[:40]
    after = successors(code, FIRST_YEAR, LAST_YEAR, region).codes
    if code in units(region):
        return code, "code", form, ""
    if len(after) == 1 and after[0] in units(region):
        return after[0], "code", "former_unit", f"{code} → {after[0]}"
    if len(after) > 1:
        return None, "", "split_code", f"{code}: {', '.join(after)}"
    return None, "", "unknown_code", code


def _from_id(cell: Any, region: Region) -> tuple[str | None, str, str, str]:
    """Read a unit's id as the region writes it; 12.0 of a spreadsheet is 12."""
    text = "" if cell is None or cell != cell else str(cell).strip()  # noqa: PLR0124 - NaN
    if not text:
        return None, "", "no_address", ""
    for one in (text, text.removesuffix(".0")):
        if one in units(region):
            return one, "code", "" if one == text else "float_code", ""
    return None, "", "unknown_code", text[:40]


def _from_credit(cell: Any, region: Region) -> tuple[str | None, str, str, str]:
    code = code_of_credit_code(cell)
    return _from_code(code, region) if code is not None else (None, "", "", "")


def _from_words(parsed: Any) -> tuple[str | None, str, str, str]:
    if parsed.adcode is None:
        return None, "", parsed.reason, parsed.detail
    return parsed.adcode, "address", "former_unit" if parsed.basis == "former_county" else "", ""


_STREET: Final = re.compile(
    r"^(?:[东西南北中]?[大一二三四五六七八九十]?)?"
    r"(?:路|街|道|大街|大道|胡同|站|大厦|广场|大学|学院(?!路|街)|医院|银行|酒店|宾馆)"
)
_ANY_CITY: Final = re.compile(r"^(?P<city>[\u4e00-\u9fff]{2,4}?)(?:市|省|自治区)")
_NOISE: Final = re.compile(r"[\s,，、;；:：·\-—_/\\|]+")
_COUNTRY: Final = re.compile(
    r"^(?:中华人民共和国|中国(?!\(|人|移动|石油|石化|建筑|银行|铁|电|联通))"
)
_FREE_TRADE: Final = re.compile(r"^中国\((?P<province>[\u4e00-\u9fff]{2,3})\)自由贸易试验区")
_REACH: Final = 12


@dataclass(frozen=True)
class Parsed:
    """What an address says.

    Attributes
    ----------
    adcode
        County-level code of today, or None.
    reason
        Empty when found; else ``no_address``, ``outside_region``, ``county_not_stated``,
        ``ambiguous_county``, ``ambiguous_zone``, ``split_county``, ``unknown_place``, or
        ``no_gazetteer`` where the region has no names to read addresses by.
    basis
        ``county``, ``former_county`` or ``zone``.
    detail
        Words of the address that decided.
    """

    adcode: str | None
    reason: str = ""
    basis: str = ""
    detail: str = ""


@dataclass(frozen=True)
class _Rest:
    """What is known so far, and the text that is still to be read."""

    text: str
    names: Gazetteer
    province: str | None = None
    city: str | None = None


def parse_address(text: Any, region: Region | None = None) -> Parsed:
    """Find the county that an address states.

    Parameters
    ----------
    text
        A Chinese address; the province and the city may be missing where the county's name is
        its own.
    region
        The region whose layers and codes are used; None is the current region.

    Returns
    -------
    Parsed
        The code, or the reason for none.

    Examples
    --------
    >>> parse_address("河北省石家庄市桥西区中山路1号").adcode, parse_address("天津河北区").adcode
    ('130104', '120105')
    >>> parse_address("桥西区中山路1号").reason, parse_address("河北雄安新区").reason
    ('ambiguous_county', 'ambiguous_zone')
    """
    if not isinstance(text, str) or not text.strip():
        return Parsed(None, "no_address")
    region = region or current_region()
    names = gazetteer(region)
    if names is None:
        return Parsed(None, "no_gazetteer", detail=text.strip()[:30])
    clean = _NOISE.sub("", unicodedata.normalize("NFKC", text))[:200]
    zoned = _FREE_TRADE.match(clean)
    plain = clean
    if zoned is not None and zoned["province"] in names.provinces:
        plain = zoned["province"] + clean[zoned.end() :]
    rest = _province_and_city(_COUNTRY.sub("", plain), names)
    county = _county(rest, region)
    zone = None if county is not None and county.adcode is not None else _zone(clean, rest)
    for found in (county, zone):
        if found is not None and found.adcode is not None:
            return found
    return county or zone or Parsed(None, _why_none(clean, rest), detail=clean[:30])


def _why_none(clean: str, rest: _Rest) -> str:
    if rest.city or rest.province:
        return "county_not_stated"
    elsewhere = clean.startswith(rest.names.elsewhere) or _ANY_CITY.match(clean)
    return "outside_region" if elsewhere else "unknown_place"


def _province_and_city(text: str, names: Gazetteer) -> _Rest:
    province = city = None
    for _ in range(3):  # 北京市北京市朝阳区 and 天津市市辖区 occur
        text = text.removeprefix("市辖区").removeprefix("省直辖县级行政区划").removeprefix("县")
        found = _leading(text, names.provinces)
        if found is not None and not _is_county_instead(text, names):
            province, text = names.provinces[found], text[len(found) :]
            if province in names.own_city:
                city = province
            continue
        found = _leading(text, names.cities)
        if found is None or _is_county_instead(text, names):
            break
        if province is not None and names.cities[found][:2] != province[:2]:
            break
        city, text = names.cities[found], text[len(found) :]
        province = f"{city[:2]}0000"
    return _Rest(text, names, province, city)


def _leading(text: str, names: Iterable[str]) -> str | None:
    return max((name for name in names if text.startswith(name)), key=len, default=None)


def _is_county_instead(text: str, names: Gazetteer) -> bool:
    """Tell 河北区, 承德县, 沧县 and 保定路 from 河北, 承德, 沧州 and 保定."""
    county = _leading(text, names.counties)
    city = _leading(text, names.cities)
    if county is not None and len(county) > len(city or ""):
        return True
    short = _leading(text, (*names.provinces, *names.cities)) or ""
    full = short.endswith(("市", "省"))
    return not full and _STREET.match(text[len(short) :]) is not None


def _fits(pair: tuple[str, str | None], rest: _Rest) -> bool:
    if rest.city is not None:
        return pair[0] == rest.city
    return rest.province is None or pair[0][:2] == rest.province[:2]


def _county(rest: _Rest, region: Region) -> Parsed | None:
    """Find the first county's name that fits the province and the city."""
    best: tuple[int, int, str, tuple[tuple[str, str | None], ...]] | None = None
    for name, pairs in rest.names.counties.items():
        at = rest.text.find(name)
        if at < 0 or (at > _REACH and not rest.city) or at > 3 * _REACH:
            continue
        fitting = tuple(pair for pair in pairs if _fits(pair, rest))
        if fitting and (best is None or (at, -len(name)) < best[:2]):
            best = (at, -len(name), name, fitting)
    if best is None:
        return _by_stem(rest, region)
    at, _, name, fitting = best
    if rest.city is None and rest.province is None:
        before = rest.text[:at]
        if before.startswith(rest.names.elsewhere) or _ANY_CITY.match(before):
            return Parsed(None, "outside_region", detail=before[:20])
    return _settle(name, fitting, rest, region)


def _by_stem(rest: _Rest, region: Region) -> Parsed | None:
    """Read 河北廊坊固安 and 固安: a short name right at the place where the county stands."""
    for short in sorted(rest.names.stems, key=len, reverse=True):
        if not rest.text.startswith(short) or _STREET.match(rest.text[len(short) :]):
            continue
        fitting = tuple(pair for pair in rest.names.stems[short] if _fits(pair, rest))
        if fitting and (rest.city is not None or rest.province is not None):
            return _settle(short, fitting, rest, region)
    return None


def _settle(
    name: str, fitting: tuple[tuple[str, str | None], ...], rest: _Rest, region: Region
) -> Parsed:
    codes = {code for _, code in fitting}
    if len(fitting) > 1 and len(codes) > 1:
        return Parsed(None, "ambiguous_county", detail=f"{name} is in {len(fitting)} cities")
    if rest.province is None and rest.city is None and name in rest.names.not_alone:
        return Parsed(None, "ambiguous_county", detail=f"{name} without its city")
    code = next(iter(codes))
    if code is None:
        return Parsed(None, "split_county", detail=f"{name} was split")
    current = units(region)[code].name
    basis = "county" if stem(current) == stem(name) else "former_county"
    return Parsed(code, "", basis, name)


def _zone(text: str, rest: _Rest) -> Parsed | None:
    """Find a zone; one in a single county is better than a longer phrase that is not."""
    several = None
    for phrase, city, county in rest.names.zones:
        if phrase not in text or _STREET.match(text.partition(phrase)[2]):
            continue
        if city and not _fits((city, county), rest):
            continue
        if county is not None:
            return Parsed(county, "", "zone", phrase)
        several = several or phrase
    if several is None:
        return None
    return Parsed(None, "ambiguous_zone", detail=f"{several} lies in several counties")


def find_county(
    county: Any, city: Any = None, province: Any = None, region: Region | None = None
) -> Parsed:
    """Find a county by its name, its city's and its province's.

    Parameters
    ----------
    county
        Such as ``"雄县"``; a short name needs its city.
    city, province
        Names, where there are columns for them.
    region
        The region whose layers and codes are used; None is the current region.

    Returns
    -------
    Parsed
        The code, or the reason for none.

    Examples
    --------
    >>> find_county("桥西区", "张家口市").adcode, find_county("桥西区").reason
    ('130703', 'ambiguous_county')
    """
    parts = [one.strip() if isinstance(one, str) else "" for one in (province, city, county)]
    if not parts[2]:
        return Parsed(None, "no_address")
    return parse_address("".join(dict.fromkeys(part for part in parts if part)), region)
