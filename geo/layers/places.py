"""Places that a user's table names: counties, cities, provinces, Xiong'an; as shapes or lines."""

from collections.abc import Mapping
from typing import Final

import geopandas as gpd
import pandas as pd
import shapely

from geo.errors import InputError
from geo.layers.seats import city_seats
from geo.layers.store import read

__all__ = ["link_lines", "provinces_of", "unit_shapes"]

_UNITS: Final = ("prefectures", "provinces", "counties")
_XIONGAN: Final = ("雄安新区", "雄安")


def _named(units: gpd.GeoDataFrame) -> dict[str, str]:
    """Return each code and each Chinese name that only one unit has, with the unit's code."""
    known = {str(key): str(key) for key in units.index}
    alone = units.loc[~units["name_zh"].duplicated(keep=False), "name_zh"]
    for adcode, name in alone.items():
        for word in (name, name.removesuffix("市"), name.removesuffix("省")):
            known.setdefault(word, str(adcode))
    return known


def unit_shapes(names: "pd.Series[str]") -> gpd.GeoSeries | None:
    """Find the shapes of units that are all counties, all cities or all provinces.

    Parameters
    ----------
    names
        Codes or Chinese names; 北京 is 北京市.

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
    wanted = names.astype(str)
    for layer_id in _UNITS:
        units = read(layer_id)
        known = _named(units)
        if wanted.isin(list(known)).all():
            shapes = units.geometry.reindex(wanted.map(known)).to_numpy()
            return gpd.GeoSeries(shapes, index=names.index, crs=units.crs)
    return None


def provinces_of(names: "pd.Series[str]") -> "pd.Series[str]":
    """Find the province that each place lies in.

    Parameters
    ----------
    names
        Codes or Chinese names of counties, cities and provinces, or 雄安新区; a county's name
        counts where only one province has it.

    Returns
    -------
    Series
        Chinese name of the province, aligned to ``names``.

    Raises
    ------
    InputError
        When a place is none of them; names it.

    Examples
    --------
    >>> provinces_of(pd.Series(["北京", "130100", "河北区", "雄安新区"])).tolist()
    ['北京市', '河北省', '天津市', '河北省']
    """
    provinces = read("provinces")["name_zh"]
    known: dict[str, str] = dict.fromkeys(_XIONGAN, provinces["130000"])
    counties = read("counties")
    above = counties["province_adcode"].map(provinces)
    alone = above.groupby(counties["name_zh"]).nunique().eq(1)
    known |= {
        name: province
        for name, province in zip(counties["name_zh"], above, strict=True)
        if alone[name]
    }
    known |= {str(key): province for key, province in above.items()}
    for layer_id in ("prefectures", "provinces"):
        known |= {word: provinces[f"{key[:2]}0000"] for word, key in _named(read(layer_id)).items()}
    wanted = names.astype(str)
    _require(wanted, known, "a county, a city or a province of the region")
    return wanted.map(known)


def link_lines(links: pd.DataFrame, start: str, end: str) -> gpd.GeoSeries:
    """Draw links as straight lines between seats of cities, or points within other units.

    Parameters
    ----------
    links
        A table with codes or Chinese names of the 13 cities, of provinces, or Xiong'an.
    start, end
        Columns. A link inside one place gets a line of no length.

    Returns
    -------
    GeoSeries
        In ``STORAGE_CRS``, aligned to ``links``.

    Raises
    ------
    InputError
        When a place is none of them.

    Examples
    --------
    >>> links = pd.DataFrame({"from": ["北京", "河北"], "to": ["天津", "雄安"]})
    >>> link_lines(links, "from", "to").geom_type.tolist()
    ['LineString', 'LineString']
    """
    seats = city_seats()
    spots: dict[str, shapely.Geometry] = {}
    for layer_id, points in (
        ("provinces", read("provinces").geometry.representative_point()),
        ("prefectures", seats.geometry),
    ):
        spots |= {word: points[key] for word, key in _named(read(layer_id)).items()}
    xiongan = read("xiongan").geometry.iloc[0].representative_point()
    spots |= dict.fromkeys(_XIONGAN, xiongan)
    ends = pd.concat([links[start], links[end]]).astype(str)
    _require(ends, spots, "one of the 13 cities, a province or Xiong'an")
    pairs = zip(links[start].astype(str), links[end].astype(str), strict=True)
    lines = [shapely.LineString([spots[one], spots[other]]) for one, other in pairs]
    return gpd.GeoSeries(lines, index=links.index, crs=seats.crs)


def _require(names: "pd.Series[str]", known: Mapping[str, object], what: str) -> None:
    unknown = names[~names.isin(list(known))]
    if len(unknown):
        msg = f"{unknown.iloc[0]!r} is not {what}"
        raise InputError(msg)
