"""Points to units: which unit each point lies in, how near its border, and how sure that is."""

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.crs import STORAGE_CRS, require_crs, to_analysis
from geo.errors import InputError

__all__ = ["Located", "locate"]

Located = pd.DataFrame
_NONE: Final = -1


def locate(
    points: gpd.GeoDataFrame | gpd.GeoSeries,
    units: gpd.GeoDataFrame,
    *,
    accuracy_m: "pd.Series[float] | float" = 0.0,
    boundary_accuracy_m: float = 0.0,
) -> pd.DataFrame:
    """Find the unit that each point lies in.

    A point on a shared border goes to the lowest id. ``ambiguous`` is true when the nearest
    border of the assigned unit is closer than the error of the point plus that of the border.

    Parameters
    ----------
    points
        Points in ``STORAGE_CRS``; missing and empty ones are placed nowhere.
    units
        Polygons of a partition in ``STORAGE_CRS``, indexed by id.
    accuracy_m
        Error of the points in metres, one number or one a point.
    boundary_accuracy_m
        Error of the borders in metres.

    Returns
    -------
    DataFrame
        Aligned to ``points``: the units' id under its own name (null outside every unit),
        ``boundary_distance_m`` (metres to the nearest border of the assigned unit) and
        ``ambiguous`` (null outside).

    Raises
    ------
    CRSError
        When either frame is not in ``STORAGE_CRS``.
    InputError
        When the ids of the units are not unique.

    Examples
    --------
    >>> from shapely import Point, box
    >>> units = gpd.GeoDataFrame(
    ...     index=pd.Index(["a", "b"], name="unit"),
    ...     geometry=[box(116, 39, 117, 40), box(117, 39, 118, 40)], crs="EPSG:4326")
    >>> points = gpd.GeoSeries([Point(116.5, 39.5), Point(117, 39.5), Point(0, 0)], crs="EPSG:4326")
    >>> locate(points, units).unit.tolist()
    ['a', 'a', nan]
    """
    require_crs(points, STORAGE_CRS, name="points")
    require_crs(units, STORAGE_CRS, name="units")
    if not units.index.is_unique:
        msg = "the ids of the units are not unique"
        raise InputError(msg)
    units = units.sort_index()
    shapes = points.geometry.to_numpy()
    at = _first_hit(shapes, units)
    found = at != _NONE
    distance_m = np.full(len(shapes), np.nan)
    borders = shapely.boundary(to_analysis(units).geometry.to_numpy())
    spots = to_analysis(gpd.GeoSeries(shapes[found], crs=STORAGE_CRS)).to_numpy()
    distance_m[found] = shapely.distance(spots, borders[at[found]])
    error_m = np.broadcast_to(np.asarray(accuracy_m, dtype=float), len(shapes))
    unsure = pd.array(distance_m < error_m + boundary_accuracy_m, dtype="boolean")
    unsure[~found] = pd.NA
    name = str(units.index.name or "unit")
    labels = pd.Series(units.index.to_numpy()[at], index=points.index, dtype=object).where(found)
    return pd.DataFrame(
        {name: labels, "boundary_distance_m": distance_m, "ambiguous": unsure}, index=points.index
    )


def _first_hit(shapes: NDArray[np.object_], units: gpd.GeoDataFrame) -> NDArray[np.int64]:
    at = np.full(len(shapes), _NONE, dtype=np.int64)
    which, unit = units.sindex.query(shapes, predicate="intersects")
    order = np.lexsort((unit, which))[::-1]
    at[which[order]] = unit[order]
    return at
