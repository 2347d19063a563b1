"""Named places: units, cities and their seats of government.

The seat of each city: the point from which its flows and bearings start.

Places that a user's table names: units of any level and special areas; as shapes or lines.
"""

import re
from collections.abc import Mapping
from typing import Final

import geopandas as gpd
import pandas as pd
import shapely

from geo.errors import InputError, LayerError
from geo.layers.store import read
from geo.region import Level, Region, current_region

__all__ = [
    "cities_of_stations",
    "city_seats",
    "link_lines",
    "seated_level",
    "top_units_of",
    "unit_shapes",
]


def seated_level(region: Region | None = None) -> Level:
    """Return the level of units that flows run between: the lowest whose seats are known.

    Parameters
    ----------
    region
        The region whose layers and codes are used; None is the current region.

    Returns
    -------
    Level
        Of cities in the default region.

    Raises
    ------
    RegionError
        When the region states the seats of no level.

    Examples
    --------
    >>> seated_level().layer_id
    'prefectures'
    """
    region = region or current_region()
    for level in region.levels:
        if level.seats is not None:
            return level
    supply = "name there a layer with a place for each unit, or give --nodes FILE"
    raise region.lacks("units.seats", "seats of cities", supply)


def city_seats(region: Region | None = None) -> gpd.GeoDataFrame:
    """Return the cities of a region as points.

    Parameters
    ----------
    region
        The region whose layers and codes are used; None is the current region.

    Returns
    -------
    GeoDataFrame
        Points in ``STORAGE_CRS``, indexed by the units' ids, with ``name_zh``, ``name_en``,
        ``name_ja``: where ``region.yaml`` says that the seat of each is.

    Raises
    ------
    RegionError
        When the region does not say.
    LayerError
        When the facilities lack the seat of a city.

    Examples
    --------
    >>> len(city_seats()), city_seats().loc["130600"].name_en
    (13, 'Baoding')
    """
    region = region or current_region()
    level = seated_level(region)
    cities = pd.DataFrame(read(level.layer_id, region=region)[["name_zh", "name_en", "name_ja"]])
    if level.seats is None:  # which seated_level has looked for
        return gpd.GeoDataFrame(cities.iloc[:0], geometry=[])
    layer_id, prefix, others = level.seats
    facilities = read(layer_id, region=region)
    seats = [
        others.get(str(unit), f"{prefix}{name.lower()}") for unit, name in cities.name_en.items()
    ]
    missing = sorted(set(seats) - set(facilities.index))
    if missing:
        raise LayerError(layer_id, [f"the seats {', '.join(missing)} are missing"])
    places = facilities.geometry.loc[seats].to_numpy()
    return gpd.GeoDataFrame(cities, geometry=places, crs=facilities.crs)


def cities_of_stations(region: Region | None = None) -> dict[str, str]:
    """Return the city in which each railway station of a region lies, by the station's names.

    Parameters
    ----------
    region
        The current one by default.

    Returns
    -------
    dict
        Name, with and without its word for station (北京西站, 北京西, Beijing West), to the id of
        the unit that flows run between; names of stations in two units are left out. Empty where
        the region has no stations.

    Raises
    ------
    RegionError
        When the region does not say which units flows run between.

    Examples
    --------
    >>> cities_of_stations()["石家庄北"], cities_of_stations()["Beijing West"]
    ('130100', '110000')
    """
    region = region or current_region()
    layer_id = region.files.get("stations") and "stations"
    if not layer_id:
        return {}
    stations = read(layer_id, region=region)
    units = read(seated_level(region).layer_id, region=region)
    at, unit = units.sindex.query(stations.geometry, predicate="within")
    found: dict[str, set[str]] = {}
    for row, place in zip(at, unit, strict=True):
        for column in ("name_zh", "name_en", "name_ja"):
            name = _BRACKETED.sub("", str(stations[column].iloc[row])).strip()
            for word in {name, _STATION.sub("", name)}:
                found.setdefault(word, set()).add(str(units.index[place]))
    return {name: one.pop() for name, one in found.items() if len(one) == 1}


_BRACKETED: Final = re.compile(r"[（(][^）)]*[）)]")
_STATION: Final = re.compile(r"(?:火车站|高铁站|站|駅| Railway Station| Station)$")
_NAMES: Final = ("name_zh", "name_en", "name_ja")
_KINDS: Final = ("市", "省")
"""Ends of names that a table may leave out."""


def _named(units: gpd.GeoDataFrame) -> dict[str, str]:
    """Return each code and each name that only one unit has, with the unit's code."""
    known = {str(key): str(key) for key in units.index}
    for column in _NAMES:
        alone = units.loc[~units[column].duplicated(keep=False), column]
        for code, name in alone.items():
            for word in (name, *(name.removesuffix(kind) for kind in _KINDS)):
                known.setdefault(word, str(code))
    return known


def _levels(region: Region) -> list[Level]:
    """Return the levels in the order in which names are tried: the smallest last."""
    return [*region.levels[1:], region.smallest]


def unit_shapes(names: "pd.Series[str]", region: Region | None = None) -> gpd.GeoSeries | None:
    """Find the shapes of units that are all of one level.

    Parameters
    ----------
    names
        Codes or names; 北京 is 北京市.
    region
        The region whose layers and codes are used; None is the current region.

    Returns
    -------
    GeoSeries or None
        In ``STORAGE_CRS``, aligned to ``names``; None when no level has all of them.

    Examples
    --------
    >>> unit_shapes(pd.Series(["北京", "130100"])).geom_type.nunique() <= 2
    True
    >>> unit_shapes(pd.Series(["上海"])) is None
    True
    """
    region = region or current_region()
    wanted = names.astype(str)
    for level in _levels(region):
        units = read(level.layer_id, region=region)
        known = _named(units)
        if wanted.isin(list(known)).all():
            shapes = units.geometry.reindex(wanted.map(known)).to_numpy()
            return gpd.GeoSeries(shapes, index=names.index, crs=units.crs)
    return None


def top_units_of(names: "pd.Series[str]", region: Region | None = None) -> "pd.Series[str]":
    """Find the unit of the highest level that each place lies in, such as its province.

    Parameters
    ----------
    names
        Codes or names of units of any level, or of a special area; a smallest unit's name counts
        where only one top unit has it.
    region
        The region whose layers and codes are used; None is the current region.

    Returns
    -------
    Series
        Chinese name of the top unit, aligned to ``names``.

    Raises
    ------
    InputError
        When a place is none of them; names it.

    Examples
    --------
    >>> top_units_of(pd.Series(["北京", "130100", "河北区", "雄安新区"])).tolist()
    ['北京市', '河北省', '天津市', '河北省']
    """
    region = region or current_region()
    top = read(region.levels[-1].layer_id, region=region)["name_zh"]
    known: dict[str, str] = {}
    for area in region.special_areas:
        if area.parent in top.index:
            known |= dict.fromkeys(area.called, top[area.parent])
    tops = _tops(region)
    for level in region.levels:
        units = read(level.layer_id, region=region)
        above = tops[level.level].map(top)
        if level is region.smallest and len(region.levels) > 1:
            alone = above.groupby(units["name_zh"]).nunique().eq(1)
            known |= {
                name: one for name, one in zip(units["name_zh"], above, strict=True) if alone[name]
            }
            known |= {str(key): one for key, one in above.items()}
        else:
            known |= {word: above[key] for word, key in _named(units).items()}
    wanted = names.astype(str)
    levels = _alternatives([f"a {level.title.en.lower()}" for level in region.levels])
    _require(wanted, known, f"{levels} of the region")
    return wanted.map(known)


def _tops(region: Region) -> dict[str, "pd.Series[str]"]:
    """Return, for each level, the id of the top unit that each unit lies in."""
    highest = region.levels[-1]
    index = read(highest.layer_id, region=region).index
    found = {highest.level: pd.Series(index, index=index, dtype=object)}
    for level in reversed(region.levels[:-1]):
        units = read(level.layer_id, region=region)
        above = region.above(level)
        if above is None or level.parent not in units.columns:
            found[level.level] = pd.Series(None, index=units.index, dtype=object)
        else:
            found[level.level] = units[level.parent].map(found[above.level])
    return found


def link_lines(
    links: pd.DataFrame, start: str, end: str, region: Region | None = None
) -> gpd.GeoSeries:
    """Draw links as straight lines between seats of cities, or points within other units.

    Parameters
    ----------
    links
        A table with codes or names of cities, of top units, or of a special area.
    start, end
        Columns. A link inside one place gets a line of no length.
    region
        The region whose layers and codes are used; None is the current region.

    Returns
    -------
    GeoSeries
        In ``STORAGE_CRS``, aligned to ``links``.

    Raises
    ------
    InputError
        When a place is none of them.
    RegionError
        When the region has no seats of cities.

    Examples
    --------
    >>> links = pd.DataFrame({"from": ["北京", "河北"], "to": ["天津", "雄安"]})
    >>> link_lines(links, "from", "to").geom_type.tolist()
    ['LineString', 'LineString']
    """
    region = region or current_region()
    seats, level = city_seats(region), seated_level(region)
    top = region.levels[-1]
    spots: dict[str, shapely.Geometry] = {}
    layers = {
        top.layer_id: read(top.layer_id, region=region).geometry.representative_point(),
        level.layer_id: seats.geometry,
    }
    for layer_id, points in layers.items():
        units = read(layer_id, region=region)
        spots |= {word: points[key] for word, key in _named(units).items()}
    for area in region.special_areas:
        shape = read(area.layer_id, region=region).geometry.iloc[0]
        spots |= dict.fromkeys(area.called, shape.representative_point())
    ends = pd.concat([links[start], links[end]]).astype(str)
    kinds = [f"one of the {len(seats)} {level.plural.en}", f"a {top.title.en.lower()}"]
    others = [area.name.en for area in region.special_areas]
    _require(ends, spots, _alternatives([*kinds, *others]))
    pairs = zip(links[start].astype(str), links[end].astype(str), strict=True)
    lines = [shapely.LineString([spots[one], spots[other]]) for one, other in pairs]
    return gpd.GeoSeries(lines, index=links.index, crs=seats.crs)


def _alternatives(words: list[str]) -> str:
    return " or ".join(one for one in (", ".join(words[:-1]), *words[-1:]) if one)


def _require(names: "pd.Series[str]", known: Mapping[str, object], what: str) -> None:
    unknown = names[~names.isin(list(known))]
    if len(unknown):
        msg = f"{unknown.iloc[0]!r} is not {what}"
        raise InputError(msg)
