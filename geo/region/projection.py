"""The projection that a study is measured in: the region's own, or a local one, which is logged."""

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS

from geo.crs import local_crs, to_storage
from geo.region.region import Region, current_region

__all__ = ["in_region", "study_crs"]


def in_region(*frames: gpd.GeoDataFrame | gpd.GeoSeries, region: Region | None = None) -> bool:
    """Return whether all geometries lie within a region's reach.

    Parameters
    ----------
    *frames
        With a reference system; empty shapes are passed over.
    region
        The region whose layers and codes are used; None is the current region.

    Returns
    -------
    bool
        True when nothing has a place.

    Examples
    --------
    >>> in_region(gpd.GeoSeries([shapely.Point(116.4, 39.9)], crs="EPSG:4326"))
    True
    """
    region = region or current_region()
    for frame in frames:
        boxes = shapely.bounds(to_storage(frame).geometry.to_numpy())
        boxes = boxes[np.isfinite(boxes).all(axis=1)]
        corners = (region.in_reach(boxes[:, at], boxes[:, at + 1]) for at in (0, 2))
        if not all(one.all() for one in corners):
            return False
    return True


def study_crs(
    *frames: gpd.GeoDataFrame | gpd.GeoSeries,
    region: Region | None = None,
    name: str = "the study area",
) -> CRS:
    """Choose the projection in which a user's data are measured.

    Parameters
    ----------
    *frames
        That define the study area, with a reference system.
    region
        The region whose layers and codes are used; None is the current region.
    name
        Name of the data, for messages.

    Returns
    -------
    CRS
        The region's where everything lies in its reach, else an equal-area projection around the
        middle of the frames.

    Raises
    ------
    CRSError
        When they lie outside the region and too far apart to be measured in one projection.

    Examples
    --------
    >>> there = gpd.GeoSeries([shapely.Point(-122.4, 37.8)], crs="EPSG:4326")
    >>> study_crs(there).name
    'equal-area at 37.8° N 122.4° W'
    """
    region = region or current_region()
    if in_region(*frames, region=region):
        return region.crs
    return local_crs(*frames, name=name)
