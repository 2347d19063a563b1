"""Locating points: the unit of each point, distance to its border, whether that is ambiguous."""

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS

from geo.crs import STORAGE_CRS, require_crs
from geo.errors import InputError
from geo.join.index import UnitIndex, unit_index

__all__ = ["Placed", "locate", "place", "point_xy"]

_POINT: Final = 0


@dataclass(frozen=True)
class Placed:
    """The unit of each point, the distance to its border, and whether it is ambiguous.

    Attributes
    ----------
    code
        Position in the index's ids; −1 outside every unit.
    boundary_distance_m
        Metres to the nearest border of that unit; NaN outside.
    ambiguous
        True, False, or missing outside.
    """

    code: NDArray[np.int32]
    boundary_distance_m: NDArray[np.float64]
    ambiguous: pd.arrays.BooleanArray


def locate(
    points: gpd.GeoDataFrame | gpd.GeoSeries,
    units: gpd.GeoDataFrame,
    *,
    accuracy_m: "pd.Series[float] | float" = 0.0,
    boundary_accuracy_m: float = 0.0,
    name: str = "the units",
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
        Positional error of the points in metres, one number or one a point.
    boundary_accuracy_m
        Positional error of the units' borders in metres.
    name
        Name of the units for warnings, such as their file.

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
        When the ids of the units are not unique, a unit is not a polygon, or a point is no point.

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
    lon, lat = point_xy(points)
    index = unit_index(units, n_points=len(lon), name=name)
    placed = place(lon, lat, index, accuracy_m=accuracy_m, boundary_accuracy_m=boundary_accuracy_m)
    labels = np.append(index.ids.to_numpy(dtype=object), np.nan)[placed.code]
    return pd.DataFrame(
        {
            str(units.index.name or "unit"): pd.Series(labels, index=points.index, dtype=object),
            "boundary_distance_m": placed.boundary_distance_m,
            "ambiguous": placed.ambiguous,
        },
        index=points.index,
    )


def point_xy(
    points: gpd.GeoDataFrame | gpd.GeoSeries, crs: CRS = STORAGE_CRS, *, name: str = "points"
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the coordinates of points; NaN for missing and empty ones.

    Parameters
    ----------
    points
        Points whose reference system is ``crs``.
    crs
        Reference system that the points must be in.
    name
        Name of the parameter at the caller, for messages.

    Returns
    -------
    x, y : ndarray
        In the units of ``crs``.

    Raises
    ------
    CRSError
        When the points are not in ``crs``.
    InputError
        When a shape is not a point.
    """
    require_crs(points, crs, name=name)
    shapes = points.geometry.to_numpy()
    shapes = shapes.copy()
    shapes[shapely.is_empty(shapes)] = None
    wrong = ~shapely.is_missing(shapes) & (shapely.get_type_id(shapes) != _POINT)
    if wrong.any():
        at = int(np.flatnonzero(wrong)[0])
        msg = f"{name}: {points.index[at]} is a {shapes[at].geom_type}, not a point"
        raise InputError(msg)
    return np.asarray(shapely.get_x(shapes)), np.asarray(shapely.get_y(shapes))


def place(
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    index: UnitIndex,
    *,
    accuracy_m: "ArrayLike | pd.Series[float]" = 0.0,
    boundary_accuracy_m: float = 0.0,
) -> Placed:
    """Locate coordinate pairs, measure the distance to the border, and flag ambiguous ones.

    Parameters
    ----------
    lon, lat
        Degrees; not finite means nowhere.
    index
        Index of the units, as ``unit_index`` returns it.
    accuracy_m
        Positional error of the points in metres, one number or one a point; missing counts as 0.
    boundary_accuracy_m
        Positional error of the units' borders in metres.

    Returns
    -------
    Placed
        Arrays as long as ``lon``.
    """
    code = index.codes(lon, lat)
    away = index.border_distance_m(lon, lat, code)
    error_m = np.nan_to_num(np.broadcast_to(np.asarray(accuracy_m, dtype=float), len(code)))
    with np.errstate(invalid="ignore"):
        unsure = away < error_m + boundary_accuracy_m
    return Placed(code, away, pd.arrays.BooleanArray(unsure, (code < 0) | np.isnan(away)))
