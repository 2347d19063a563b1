"""The plan's circles, by list of counties and by radius, kept apart."""

from typing import Final, NamedTuple

import geopandas as gpd
import pandas as pd
import shapely

from geo.crs import ANALYSIS_CRS, STORAGE_CRS, to_analysis, to_storage
from geo.layers.build.boundaries import area_km2
from geo.region import CENTRE_LON_LAT
from geo.sources import facts

__all__ = ["CIRCLES", "Circle", "circles"]


class Circle(NamedTuple):
    """A circle as the plan speaks of it."""

    circle: str
    name_zh: str
    name_en: str
    name_ja: str
    radius_km: float
    published_area_km2: float | None


CIRCLES: Final = (
    Circle("commuting", "通勤圈", "Commuting circle", "通勤圏", 50.0, 27_000.0),
    Circle("functional", "功能圈", "Functional circle", "機能圏", 100.0, 42_000.0),
    Circle("industry", "产业协同圈", "Industrial-coordination circle", "産業協同圏", 150.0, None),
)
"""The three circles with the radii and areas of the press conference of 2026-02-12."""

_SOURCE: Final = (
    "State Council press conference 2026-02-12, "
    "https://www.etnet.com.hk/www/tc/stocks/ah_news_detail.php?newsid=ETN360212444"
)
_DISK_SEGMENTS: Final = 90


def circles(counties: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Build each circle twice: as the union of its counties, and as a disk.

    Parameters
    ----------
    counties
        The layer ``counties``.

    Returns
    -------
    GeoDataFrame
        Six rows, indexed by circle_id such as ``commuting-list``.
    """
    units = facts.read("plan_units")
    rows = [row for circle in CIRCLES for row in (_listed(circle, units, counties), _disk(circle))]
    frame = gpd.GeoDataFrame(rows, geometry="geometry", crs=STORAGE_CRS).set_index("circle_id")
    frame = frame.assign(
        area_km2=area_km2(frame),
        n_counties=frame.n_counties.astype("Int64"),
        n_unconfirmed=frame.n_unconfirmed.astype("Int64"),
        published_area_km2=pd.to_numeric(frame.published_area_km2),
    )
    order = [
        *("name_zh", "name_en", "name_ja", "circle", "definition", "basis", "radius_km"),
        *("area_km2", "published_area_km2", "n_counties", "n_unconfirmed", "source", "geometry"),
    ]
    return frame[order].sort_index()


def _row(circle: Circle, definition: str, basis: str) -> dict[str, object]:
    return {
        "circle_id": f"{circle.circle}-{definition}",
        "name_zh": circle.name_zh,
        "name_en": circle.name_en,
        "name_ja": circle.name_ja,
        "circle": circle.circle,
        "definition": definition,
        "basis": basis,
        "radius_km": circle.radius_km,
        "published_area_km2": circle.published_area_km2,
        "n_counties": None,
        "n_unconfirmed": None,
        "source": _SOURCE,
    }


def _listed(circle: Circle, units: pd.DataFrame, counties: gpd.GeoDataFrame) -> dict[str, object]:
    own = units[units.circle == circle.circle]
    unsure = int((own.basis == "unconfirmed").sum())
    shape = shapely.coverage_union_all(counties.geometry.loc[own.adcode].to_numpy())
    return _row(circle, "list", "unconfirmed" if unsure else "stated") | {
        "n_counties": len(own),
        "n_unconfirmed": unsure,
        "geometry": shapely.normalize(shape),
    }


def _disk(circle: Circle) -> dict[str, object]:
    centre = to_analysis(gpd.GeoSeries([shapely.Point(CENTRE_LON_LAT)], crs=STORAGE_CRS)).iloc[0]
    disk = gpd.GeoSeries(
        [centre.buffer(circle.radius_km * 1000.0, quad_segs=_DISK_SEGMENTS)], crs=ANALYSIS_CRS
    )
    rounded = shapely.set_precision(to_storage(disk).to_numpy(), 1e-6)
    return _row(circle, "radius", "stated") | {"geometry": rounded[0]}
