"""Minutes by road from each site to a plan's centre: one reading of the time definition.

The plan speaks of one hour "by combined transport". What is computed here is by road alone, at the
speed that ``speeds.yaml`` states and without congestion or rail: a lower bound on a bad day, an
upper bound beside a high-speed station. It fills ``circle_minutes`` only when it is asked for.
"""

from typing import Final

import geopandas as gpd
import pandas as pd

from geo.analysis.network import attach, build_network, distances
from geo.analysis.speeds import speed_table
from geo.crs import ANALYSIS_CRS, require_crs
from geo.errors import InputError

__all__ = ["ACCESS_SPEED_KMH", "MAX_OFFSET_M", "road_minutes"]

ACCESS_SPEED_KMH: Final = 30.0
"""From a site to the nearest main road, on the straight line; an assumption of this project."""
MAX_OFFSET_M: Final = 20_000.0
"""Sites farther from every main road get no time."""


def road_minutes(
    points: gpd.GeoDataFrame,
    centre: gpd.GeoDataFrame,
    roads: gpd.GeoDataFrame,
    *,
    speed_kmh: float | None = None,
    access_speed_kmh: float = ACCESS_SPEED_KMH,
) -> "pd.Series[float]":
    """Compute the fastest way by road from each site to one centre.

    minutes = way over the network at its speed + straight offsets of both ends at the access
    speed.

    Parameters
    ----------
    points
        Sites in ``ANALYSIS_CRS``.
    centre
        One point in ``ANALYSIS_CRS``.
    roads
        LineStrings in ``ANALYSIS_CRS``, such as the layer ``road_network``.
    speed_kmh
        On the network; by default that of ``speeds.yaml``.
    access_speed_kmh
        Between a site and the network.

    Returns
    -------
    Series
        Named ``minutes``, aligned to ``points``; null where a site has no position, lies more
        than 20 km from every road, or cannot reach the centre.

    Raises
    ------
    CRSError
        When a frame is not in ``ANALYSIS_CRS``.
    InputError
        When a speed is not positive, or the centre is not one point near a road.

    Examples
    --------
    >>> import shapely
    >>> roads = gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 0), (60e3, 0)])],
    ...                          crs=ANALYSIS_CRS)
    >>> spots = gpd.GeoDataFrame(geometry=shapely.points([[60e3, 1e3], [0, 90e3]]),
    ...                          crs=ANALYSIS_CRS)
    >>> centre = gpd.GeoDataFrame(geometry=shapely.points([[0, 0]]), crs=ANALYSIS_CRS)
    >>> road_minutes(spots, centre, roads, speed_kmh=60).tolist()
    [62.0, nan]
    """
    for frame, name in ((points, "points"), (centre, "centre"), (roads, "roads")):
        require_crs(frame, ANALYSIS_CRS, name=name)
    speed = float(speed_table()["road"]["speed_kmh"]) if speed_kmh is None else speed_kmh
    if not (speed > 0 and access_speed_kmh > 0):
        msg = f"speeds of {speed} and {access_speed_kmh} km/h: give numbers above 0"
        raise InputError(msg)
    ends = pd.concat([centre.geometry, points.geometry], ignore_index=True)
    network, stops = attach(
        build_network(roads, speed_kmh=speed),
        gpd.GeoSeries(ends, crs=ANALYSIS_CRS),
        max_m=MAX_OFFSET_M,
    )
    if len(centre) != 1 or pd.isna(stops.node.iloc[0]):
        msg = "the centre has to be one point within 20 km of a road"
        raise InputError(msg)
    ways = distances(network, stops.node.iloc[[0]], stops.node.iloc[1:], by="minutes").iloc[0]
    access = (stops.offset_m.iloc[1:] + stops.offset_m.iloc[0]) / 1000.0 / access_speed_kmh * 60.0
    total = (ways + access).astype("float64")
    total = total.where(total < float("inf"))
    return pd.Series(total.to_numpy(), index=points.index, name="minutes")
