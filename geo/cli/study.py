"""Where a command measures: in the region, or where the user's own axis, units or nodes lie."""

import logging
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
from pyproj import CRS

from geo.crs import to_storage
from geo.errors import RegionError
from geo.layers import is_layer
from geo.region import Box, current_region, in_region, region_ids, study_crs

__all__ = [
    "box_around",
    "crs_of",
    "land_units",
    "plan_of_region",
    "require_inside",
    "said_as",
    "smallest_units",
]

_log = logging.getLogger(__name__)


def crs_of(*frames: gpd.GeoDataFrame | gpd.GeoSeries, name: str) -> CRS:
    """Choose the projection of a run by what defines its study area, and say one of its own.

    Parameters
    ----------
    *frames
        The user's axis, units or nodes, or layers of the region.
    name
        What they are called, as named on the command line.

    Returns
    -------
    CRS
        The region's where they lie in it; else an equal-area one around their middle.

    Raises
    ------
    CRSError
        When they lie too far apart to be measured in one projection.
    """
    region = current_region()
    crs = study_crs(*frames, region=region, name=said_as(name))
    if crs != region.crs:
        _log.warning(
            "%s lies outside the region %s: measured in a projection of its own, %s",
            said_as(name), region.region_id, crs.name,
        )  # fmt: skip
    return crs


def require_inside(frame: gpd.GeoDataFrame | gpd.GeoSeries, *, name: str, uses: str) -> None:
    """Refuse what lies outside the region for a command that uses the region's own layers.

    Parameters
    ----------
    frame
        With at least one place.
    name
        As named on the command line.
    uses
        What of the region is used.

    Raises
    ------
    RegionError
        When a place is out of the region's reach; says where it lies.
    """
    region = current_region()
    if is_layer(name, region) or in_region(frame, region=region):
        return
    west, south, east, north = to_storage(frame).total_bounds
    others = ", ".join(one for one in region_ids() if one != region.region_id)
    known = f" ({others}, or a folder of your own)" if others else " (a folder of your own)"
    msg = (
        f"{said_as(name)} reaches outside the region {region.region_id} (it lies at {west:.2f} to "
        f"{east:.2f}° E, {south:.2f} to {north:.2f}° N), whose {uses} would be used; name its "
        f"region with --region{known}"
    )
    raise RegionError(msg)


def box_around(*frames: gpd.GeoDataFrame | gpd.GeoSeries) -> Box | None:
    """Return where points are places beside the user's own axis, units or nodes.

    Parameters
    ----------
    *frames
        That define the study area.

    Returns
    -------
    Box or None
        Their box with the region's margin on every side; None where it is within the region, whose
        own reach counts then.
    """
    region = current_region()
    if in_region(*frames, region=region):
        return None
    boxes = np.array([to_storage(one).total_bounds for one in frames])
    more = region.reach_deg
    west, south = (float(one) - more for one in boxes[:, :2].min(axis=0))
    east, north = (float(one) + more for one in boxes[:, 2:].max(axis=0))
    if east - west > 180:  # closer together across 180°
        lons = np.concatenate([_lons(one) for one in frames]) % 360
        west, east = float(lons.min()) - more, float(lons.max()) + more
    return (west, south, east, north)


def _lons(frame: gpd.GeoDataFrame | gpd.GeoSeries) -> Any:
    return to_storage(frame).get_coordinates()["x"].to_numpy()


def said_as(name: str) -> str:
    """Return what messages call an input: a layer's id, or a file's name without its folder.

    Parameters
    ----------
    name
        Path or id of the input as given.

    Returns
    -------
    str
        ``standard input`` for a dash.
    """
    return "standard input" if name == "-" else Path(name).name


def smallest_units() -> str:
    """Return the layer of the region's smallest units, the default of ``--to``.

    Returns
    -------
    str
        A layer's id.
    """
    return current_region().smallest.layer_id


def land_units() -> str:
    """Return the layer whose union is the region's land.

    Returns
    -------
    str
        A layer's id.

    Raises
    ------
    RegionError
        When the region does not say.
    """
    return current_region().land


def plan_of_region() -> str:
    """Return the id of the region's plan, the default of ``--plan``.

    Returns
    -------
    str
        One of ``geo.layers.plan_ids()``.

    Raises
    ------
    RegionError
        When the region has none.
    """
    return current_region().plan
