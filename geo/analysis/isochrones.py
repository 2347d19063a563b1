"""The area that is reached from a place within a time, drawn on a grid."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.analysis.result import Result
from geo.analysis.travel import TravelRules, travel_minutes
from geo.crs import metres_of
from geo.errors import InputError

__all__ = ["isochrones"]


def isochrones(
    origins: gpd.GeoDataFrame,
    region: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    roads: gpd.GeoDataFrame,
    stations: gpd.GeoDataFrame,
    rail: pd.DataFrame,
    limits_min: tuple[float, ...] = (60.0,),
    cell_km: float = 5.0,
    rules: TravelRules | None = None,
) -> Result:
    """Draw the area that each origin reaches within each time, on a grid of cells.

    Parameters
    ----------
    origins
        Points in equal-area metres indexed by id.
    region
        Polygons in equal-area metres; cells whose centre lies inside count.
    roads, stations, rail
        As in ``travel_minutes``.
    limits_min
        Times, each inside its circle.
    cell_km
        Side of a cell; an area is right to about a cell along its edge.
    rules
        As in ``travel_minutes``.

    Returns
    -------
    Result
        GeoDataFrame in equal-area metres: ``origin, minutes, area_km2``, one row an origin and
        time. ``n`` counts the cells.

    Raises
    ------
    CRSError
        When a layer is not in metres.
    InputError
        When a time or the cell is not positive, or no cell lies in the region.

    References
    ----------
    Dijkstra, E. W. (1959). Numerische Mathematik 1: 269-271, doi:10.1007/BF01386390.

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> road = gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 0), (6e4, 0)])], crs=metres)
    >>> home = gpd.GeoDataFrame(index=["a"], geometry=[shapely.Point(0, 0)], crs=metres)
    >>> none = pd.DataFrame(columns=["line_id", "start", "end", "minutes"])
    >>> land = gpd.GeoSeries([shapely.box(-5e3, -5e3, 6e4, 5e3)], crs=metres)
    >>> isochrones(home, land, roads=road, stations=home, rail=none).values.area_km2.tolist()
    [600.0]
    """
    if cell_km <= 0 or not limits_min or min(limits_min) <= 0:
        msg = f"times and cells must be above zero, not {limits_min} min and {cell_km} km"
        raise InputError(msg)
    crs = metres_of(region, name="region")
    cells, squares = _cells(region, cell_km * 1000)
    times = travel_minutes(origins, cells, roads=roads, stations=stations, rail=rail, rules=rules)
    rows = []
    for origin, minutes in times.table().iterrows():
        for limit in sorted(limits_min):
            shape = shapely.coverage_union_all(squares[minutes.to_numpy() <= limit])
            rows.append((origin, limit, shape.area / 1e6, shape))
    layer = gpd.GeoDataFrame(rows, columns=["origin", "minutes", "area_km2", "geometry"], crs=crs)
    return Result(layer, "isochrone", n=len(cells), crs=crs, remarks=times.remarks)


def _cells(
    region: gpd.GeoDataFrame | gpd.GeoSeries, side: float
) -> tuple[gpd.GeoDataFrame, NDArray[np.object_]]:
    """Return the centres of the cells inside a region, and their squares.

    Neighbours share the same numbers as their edge, so that squares can be joined as a coverage.
    """
    west, south, east, north = region.total_bounds
    x, y = np.arange(west, east + side, side), np.arange(south, north + side, side)
    xx, yy = np.meshgrid((x[:-1] + x[1:]) / 2, (y[:-1] + y[1:]) / 2)
    whole = shapely.union_all(region.geometry.to_numpy())
    shapely.prepare(whole)
    inside = shapely.contains_xy(whole, xx, yy)
    if not inside.any():
        msg = "no cell has its centre in the region; take smaller cells"
        raise InputError(msg)
    row, column = np.nonzero(inside)
    squares = shapely.box(x[column], y[row], x[column + 1], y[row + 1])
    spots = gpd.points_from_xy(xx[inside], yy[inside])
    return gpd.GeoDataFrame(geometry=spots, crs=region.crs), np.asarray(squares)
