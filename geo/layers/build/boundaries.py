"""Boundaries: counties as published, and their unions, so that children tile their parents."""

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import STORAGE_CRS, to_analysis, to_storage
from geo.errors import InputError
from geo.region import PROVINCES, XIONGAN, province_of
from geo.sources import facts, packages

__all__ = [
    "area_km2",
    "counties",
    "neighbours",
    "prefecture_of",
    "prefectures",
    "provinces",
    "sea",
    "xiongan",
]

_MUNICIPALITIES: Final = ("110000", "120000")
_WINDOW: Final = (110.5, 33.0, 124.0, 45.0)  # east of it lies another country's coast
_NEIGHBOUR_TOLERANCE_M: Final = 1000.0


def prefecture_of(adcode: str) -> str:
    """Return the prefecture-level code of a county; the municipalities are one unit each.

    Parameters
    ----------
    adcode
        Six digits.

    Returns
    -------
    str
        Six digits.

    Examples
    --------
    >>> prefecture_of("130638"), prefecture_of("110101")
    ('130600', '110000')
    """
    province = province_of(adcode)
    return province if province in _MUNICIPALITIES else f"{adcode[:4]}00"


def area_km2(frame: gpd.GeoDataFrame) -> "pd.Series[float]":
    """Measure polygons in the equal-area projection.

    Parameters
    ----------
    frame
        Polygons in any reference system.

    Returns
    -------
    Series of float
        Square kilometres, rounded to 0.001, aligned to the frame.
    """
    area: pd.Series[float] = (to_analysis(frame).area / 1e6).round(3)
    return area.rename("area_km2")


def _named(adcodes: "pd.Index[str]", level: str) -> pd.DataFrame:
    table = facts.read("unit_names")
    table = table[table.level == level].set_index("adcode")
    return table.loc[adcodes, ["name_zh", "name_en", "name_ja"]]


def counties() -> gpd.GeoDataFrame:
    """Build the county-level units.

    Returns
    -------
    GeoDataFrame
        The 199 units, indexed by adcode in order.

    Raises
    ------
    InputError
        When a name of the source differs from that of the table unit_names.
    """
    china = packages.read_divisions("tianditu-counties")
    codes = tuple(province.adcode[:2] for province in PROVINCES)
    frame = china[china.adcode.str.startswith(codes)].sort_values("adcode").set_index("adcode")
    titles = _named(frame.index, "county")
    strange = frame.index[frame.name_zh != titles.name_zh]
    if len(strange):
        msg = f"names differ between the source and unit_names: {', '.join(strange)}"
        raise InputError(msg)
    return gpd.GeoDataFrame(
        titles.assign(
            city_adcode=[prefecture_of(one) for one in frame.index],
            province_adcode=[province_of(one) for one in frame.index],
            area_km2=area_km2(frame),
        ),
        geometry=frame.geometry,
        crs=STORAGE_CRS,
    )


def _united(counties: gpd.GeoDataFrame, by: str) -> gpd.GeoSeries:
    """Join the polygons of a partition by a column, keeping every shared vertex."""
    shapes = counties.groupby(by).geometry.apply(
        lambda group: shapely.normalize(shapely.coverage_union_all(group.to_numpy()))
    )
    return gpd.GeoSeries(shapes.rename_axis("adcode"), crs=STORAGE_CRS)


def prefectures(counties: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Unite the counties into the 13 prefecture-level units.

    Parameters
    ----------
    counties
        The layer ``counties``.

    Returns
    -------
    GeoDataFrame
        Indexed by adcode in order.
    """
    shapes = _united(counties, "city_adcode")
    titles = _named(shapes.index, "prefecture")
    parents = [province_of(one) for one in shapes.index]
    frame = gpd.GeoDataFrame(titles.assign(province_adcode=parents), geometry=shapes)
    return _with_area(frame)


def provinces(counties: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Unite the counties into the three provincial-level units.

    Parameters
    ----------
    counties
        The layer ``counties``.

    Returns
    -------
    GeoDataFrame
        Indexed by adcode in order.
    """
    shapes = _united(counties, "province_adcode")
    return _with_area(gpd.GeoDataFrame(_named(shapes.index, "province"), geometry=shapes))


def _with_area(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    columns = [*frame.columns.drop("geometry"), "area_km2", "geometry"]
    return frame.assign(area_km2=area_km2(frame))[columns]


def xiongan(counties: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Unite the three counties that Xiong'an is shown by, and state what is missing.

    Parameters
    ----------
    counties
        The layer ``counties``.

    Returns
    -------
    GeoDataFrame
        One row, indexed ``xiongan``.
    """
    shape = shapely.coverage_union_all(counties.geometry.loc[list(XIONGAN.adcodes)].to_numpy())
    frame = gpd.GeoDataFrame(
        {
            "name_zh": [XIONGAN.name_zh],
            "name_en": [XIONGAN.name_en],
            "name_ja": [XIONGAN.name_ja],
        },
        index=pd.Index(["xiongan"], name="area_id"),
        geometry=[shapely.normalize(shape)],
        crs=STORAGE_CRS,
    )
    area = area_km2(frame)
    frame = frame.assign(
        area_km2=area,
        published_area_km2=XIONGAN.published_area_km2,
        shortfall_km2=(XIONGAN.published_area_km2 - area).round(3),
        adcodes=" ".join(XIONGAN.adcodes),
    )
    return frame[[*frame.columns.drop("geometry"), "geometry"]]


def _around() -> tuple[gpd.GeoDataFrame, shapely.Polygon]:
    """Return the provinces of China within the window, simplified together, and the window."""
    china = packages.read_divisions("tianditu-provinces")
    window = shapely.box(*_WINDOW)
    known = china.adcode.str.fullmatch(r"[1-9]\d0000") & china.intersects(window)
    near = china[known].sort_values("adcode").set_index("adcode")
    metric = to_analysis(near)
    simple = shapely.coverage_simplify(metric.geometry.to_numpy(), _NEIGHBOUR_TOLERANCE_M)
    return to_storage(metric.set_geometry(simple, crs=metric.crs)), window


def neighbours() -> gpd.GeoDataFrame:
    """Build the outlines of the provinces around, cut to a window of some degrees.

    Returns
    -------
    GeoDataFrame
        Indexed by adcode in order; simplified together, so that borders still meet.
    """
    around, window = _around()
    own = [province.adcode for province in PROVINCES]
    frame = around.drop(index=own)
    cut = shapely.set_precision(frame.intersection(window).to_numpy(), 1e-5)
    return gpd.GeoDataFrame(_named(frame.index, "neighbour"), geometry=cut, crs=STORAGE_CRS)


def sea(counties: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Build the sea in the window: what is neither land of the provinces nor beyond a border.

    Parameters
    ----------
    counties
        The layer ``counties``, whose own coast is kept.

    Returns
    -------
    GeoDataFrame
        One row, indexed ``bohai``.
    """
    around, window = _around()
    own = [province.adcode for province in PROVINCES]
    land = shapely.union_all(
        [
            *around.drop(index=own).geometry,
            shapely.coverage_union_all(counties.geometry.to_numpy()).buffer(0),
        ]
    )
    rest = shapely.get_parts(shapely.difference(window, land))
    largest = rest[np.argmax(shapely.area(rest))]
    table = facts.read("unit_names")
    titles = table[table.level == "sea"].set_index("adcode")[["name_zh", "name_en", "name_ja"]]
    return gpd.GeoDataFrame(
        titles.rename_axis("sea_id"),
        geometry=shapely.set_precision([largest], 1e-5),
        crs=STORAGE_CRS,
    )
