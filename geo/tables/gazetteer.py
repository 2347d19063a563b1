"""Gazetteer of a region's units: present and former names, and a point for each."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import to_storage
from geo.layers import load
from geo.region import Region, current_region
from geo.tables.codes import FIRST_YEAR, LAST_YEAR, city_of, successors

__all__ = ["Gazetteer", "Unit", "gazetteer", "stem", "units"]

_SUFFIXES: Final = ("满族蒙古族自治县", "满族自治县", "回族自治县", "区", "县", "市")


@dataclass(frozen=True)
class Unit:
    """One of the smallest units and where a row that only names it is placed.

    Attributes
    ----------
    adcode, name
        Id of the unit and its full name.
    city_adcode, province_adcode
        The ids of the units one and two levels above; empty where there are none.
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


def units(region: Region | None = None) -> dict[str, Unit]:
    """Return the smallest units of a region by code.

    Parameters
    ----------
    region
        The region whose layers and codes are used; None is the current region.

    Returns
    -------
    dict
        Do not change it.

    Examples
    --------
    >>> units()["130638"].name, units()["130638"].accuracy_m > 10_000
    ('雄县', True)
    """
    return _units(region or current_region())


@lru_cache(maxsize=8)
def _units(region: Region) -> dict[str, Unit]:
    level = region.smallest
    frame = load(level.layer_id, region).frame
    metric = frame.to_crs(region.crs)  # an island far off reaches 2 % less at worst than it says
    points = metric.geometry.representative_point()
    stored = to_storage(points)
    far = [
        float(np.hypot(*(shapely.get_coordinates(shape) - [point.x, point.y]).T).max())
        for shape, point in zip(metric.geometry, points, strict=True)
    ]
    cities, provinces = _parents(frame, region)
    return {
        str(code): Unit(
            str(code), name, city, province,
            round(stored[code].x, 6), round(stored[code].y, 6), float(np.ceil(reach / 100) * 100),
        )
        for code, name, city, province, reach in zip(
            frame.index, frame["name_zh"], cities, provinces, far, strict=True
        )
    }  # fmt: skip


def _parents(frame: gpd.GeoDataFrame, region: Region) -> tuple[list[str], list[str]]:
    """Return the id one and two levels above each of the smallest units; empty where none."""
    key = pd.Series(frame.index, index=frame.index, dtype=object)
    found = []
    level, units_here = region.smallest, frame
    for _ in range(2):
        above = region.above(level)
        if above is None or level.parent not in units_here:
            key = pd.Series("", index=frame.index, dtype=object)
        else:
            key = key.map(units_here[level.parent]).fillna("")
            level, units_here = above, load(above.layer_id, region).frame
        found.append([str(one) for one in key])
    return found[0], found[1]


def stem(name: str) -> str:
    """Return a unit's name without its kind.

    Parameters
    ----------
    name
        Full Chinese name of a unit, such as ``"固安县"``.

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
        The same by short name of two characters or more.
    zones
        Development zones and new areas: phrase, city, county; the county is None where a zone lies
        in several; the longest phrases come first.
    not_alone
        County names that other provinces use too: alone they say nothing.
    elsewhere
        Names that an address of another region begins with.
    own_city
        Codes of provinces that are one city each.
    """

    provinces: dict[str, str]
    cities: dict[str, str]
    counties: dict[str, tuple[tuple[str, str | None], ...]]
    stems: dict[str, tuple[tuple[str, str | None], ...]]
    zones: tuple[tuple[str, str, str | None], ...]
    not_alone: frozenset[str]
    elsewhere: tuple[str, ...]
    own_city: frozenset[str]


def gazetteer(region: Region | None = None) -> Gazetteer | None:
    """Return the names of provinces, cities and counties, present and former.

    Parameters
    ----------
    region
        The region whose layers and codes are used; None is the current region.

    Returns
    -------
    Gazetteer or None
        Do not change it; None where the region has no table of names.

    Examples
    --------
    >>> found = gazetteer()
    >>> found is not None and found.counties["桥东区"]
    (('130700', '130702'), ('130100', None), ('130500', '130502'))
    """
    return _gazetteer(region or current_region())


@lru_cache(maxsize=8)
def _gazetteer(region: Region) -> Gazetteer | None:
    table = region.gazetteer("names")
    if table is None:
        return None
    provinces, cities = _wide_names(table)
    counties: dict[str, list[tuple[str, str | None]]] = {}
    for unit in units(region).values():
        counties.setdefault(unit.name, []).append((unit.city_adcode, unit.adcode))
    for old, name in _former_names(region):
        after = successors(old, FIRST_YEAR, LAST_YEAR, region).codes
        code = after[0] if len(after) == 1 else None
        city = city_of(old, region)
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
        _zones(region),
        frozenset(_elsewhere(region, "county")),
        tuple(_elsewhere(region, "place")),
        frozenset(region.profile.codes.own_city),
    )


def _wide_names(table: pd.DataFrame) -> tuple[dict[str, str], dict[str, str]]:
    """Return the codes of provinces and of cities by name, long and short."""
    provinces: dict[str, str] = {}
    cities: dict[str, str] = {}
    for row in table.itertuples():
        names = (str(row.name_zh), stem(str(row.name_zh)).removesuffix("省"))
        if row.level == "province":
            provinces.update(dict.fromkeys(names, str(row.adcode)))
        elif row.level == "prefecture":
            cities.update(dict.fromkeys(names, str(row.adcode)))
    return provinces, cities


def _former_names(region: Region) -> list[tuple[str, str]]:
    table = region.gazetteer("changes")
    if table is None:
        return []
    pairs = {
        (str(row.old_code), str(row.old_name).split("(")[0])
        for row in table.itertuples()
        if row.kind != "partial-transfer"
    }
    return sorted(pairs)


def _zones(region: Region) -> tuple[tuple[str, str, str | None], ...]:
    table = region.gazetteer("zones")
    if table is None:
        return ()
    rows = zip(table["phrase"], table["city"], table["county"], strict=True)
    listed = [(str(phrase), str(city), str(county) or None) for phrase, city, county in rows]
    return tuple(sorted(listed, key=lambda zone: -len(zone[0])))


def _elsewhere(region: Region, kind: str) -> list[str]:
    table = region.gazetteer("elsewhere")
    return [] if table is None else [str(one) for one in table.loc[table["kind"] == kind, "name"]]
