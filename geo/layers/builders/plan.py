"""The plan's circles, by list of counties and by radius, kept apart."""

import geopandas as gpd
import pandas as pd
import shapely

from geo.crs import STORAGE_CRS, to_analysis, to_storage
from geo.layers.builders.boundaries import area_km2
from geo.layers.builders.recipe import Circle, recipe
from geo.region import Region

__all__ = ["circles"]


def circles(counties: gpd.GeoDataFrame, region: Region) -> gpd.GeoDataFrame:
    """Build each circle twice: as the union of its counties, and as a disk.

    Parameters
    ----------
    counties
        The layer ``counties``: polygons in ``STORAGE_CRS`` indexed by adcode.
    region
        The region whose files, codes and projection are used.

    Returns
    -------
    GeoDataFrame
        Two rows a circle, indexed by circle_id such as ``commuting-list``.
    """
    units = region.table("plan_units")
    rows = [
        row
        for circle in recipe(region).circles.each
        for row in (_listed(circle, units, counties, region), _disk(circle, region))
    ]
    frame = gpd.GeoDataFrame(rows, geometry="geometry", crs=STORAGE_CRS).set_index("circle_id")
    frame = frame.assign(
        area_km2=area_km2(frame, region),
        n_counties=frame.n_counties.astype("Int64"),
        n_unconfirmed=frame.n_unconfirmed.astype("Int64"),
        published_area_km2=pd.to_numeric(frame.published_area_km2),
    )
    order = [
        *("name_zh", "name_en", "name_ja", "circle", "definition", "basis", "radius_km"),
        *("area_km2", "published_area_km2", "n_counties", "n_unconfirmed", "source", "geometry"),
    ]
    return frame[order].sort_index()


def _row(circle: Circle, definition: str, basis: str, region: Region) -> dict[str, object]:
    return {
        "circle_id": f"{circle.circle}-{definition}",
        "name_zh": circle.name.zh,
        "name_en": circle.name.en,
        "name_ja": circle.name.ja,
        "circle": circle.circle,
        "definition": definition,
        "basis": basis,
        "radius_km": circle.radius_km,
        "published_area_km2": circle.published_area_km2,
        "n_counties": None,
        "n_unconfirmed": None,
        "source": recipe(region).circles.source,
    }


def _listed(
    circle: Circle, units: pd.DataFrame, counties: gpd.GeoDataFrame, region: Region
) -> dict[str, object]:
    own = units[units.circle == circle.circle]
    unsure = int((own.basis == "unconfirmed").sum())
    shape = shapely.coverage_union_all(counties.geometry.loc[own.adcode].to_numpy())
    return _row(circle, "list", "unconfirmed" if unsure else "stated", region) | {
        "n_counties": len(own),
        "n_unconfirmed": unsure,
        "geometry": shapely.normalize(shape),
    }


def _disk(circle: Circle, region: Region) -> dict[str, object]:
    spot = gpd.GeoSeries([shapely.Point(region.centre)], crs=STORAGE_CRS)
    centre = to_analysis(spot, region.crs).iloc[0]
    segments = recipe(region).circles.disk_segments
    disk = gpd.GeoSeries(
        [centre.buffer(circle.radius_km * 1000.0, quad_segs=segments)], crs=region.crs
    )
    rounded = shapely.set_precision(to_storage(disk).to_numpy(), 1e-6)
    return _row(circle, "radius", "stated", region) | {"geometry": rounded[0]}
