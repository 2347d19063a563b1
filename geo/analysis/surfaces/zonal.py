"""Zonal statistics of rasters by unit, Horn's hillshade, clipping."""

from dataclasses import replace
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from affine import Affine
from exactextract import exact_extract
from exactextract.raster import NumPyRasterSource

from geo.errors import CRSError, InputError
from geo.raster import Raster, mask_inside

__all__ = ["clip_raster", "hillshade", "zonal"]

_STRIP_CELLS: Final = 4_000_000
_STATISTICS: Final = ("mean", "sum", "min", "max", "stdev", "cells", "share_missing")


def zonal(raster: Raster, units: gpd.GeoDataFrame, *, must_meet: bool = True) -> pd.DataFrame:
    """Summarise a raster in each unit, every cell weighted by the exact share the unit covers.

    With cᵢ the share of cell i inside the unit and vᵢ its value: cells = Σcᵢ over cells with a
    value, sum = Σcᵢvᵢ, mean = Σcᵢaᵢvᵢ / Σcᵢaᵢ and stdev accordingly, where aᵢ is the area of the
    cell (equal for all when the raster is in metres, cos φ in degrees); share_missing is the
    share of the unit, by cells, with no value. Sums over units that tile add up to the sum over
    their union.

    Parameters
    ----------
    raster
        A raster in any reference system.
    units
        Polygons in any reference system, indexed by id; brought to the raster's, vertex by
        vertex.
    must_meet
        Whether it is an error that no unit meets the raster.

    Returns
    -------
    DataFrame
        Aligned to ``units``: mean, sum, min, max, stdev, cells, share_missing. A unit without
        any value has missing statistics, not zero.

    Raises
    ------
    CRSError
        When the units have no reference system.
    InputError
        When a unit is not a polygon, or no unit meets the raster.

    References
    ----------
    Baston, D. (2024), exactextract 0.2 (the engine).

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> from shapely import box
    >>> raster = Raster(np.array([[1.0, 3.0], [np.nan, 5.0]]), Affine(1, 0, 0, 0, -1, 2),
    ...     metres)
    >>> unit = gpd.GeoDataFrame(index=["a"], geometry=[box(0, 0.5, 1.5, 2)], crs=metres)
    >>> zonal(raster, unit).iloc[0].round(3).to_dict()
    {'mean': 2.143, 'sum': 3.75, 'min': 1.0, ..., 'cells': 1.75, 'share_missing': 0.222}
    """
    if units.crs is None:
        msg = "the units have no reference system; set one before measuring"
        raise CRSError(msg)
    _require_areas(units.geometry)
    here = units.geometry.to_crs(raster.crs)
    present = (~(here.is_empty | here.isna())).to_numpy()
    columns = {name: np.full(len(units), np.nan) for name in _STATISTICS}
    bounds = raster.bounds
    met = present & shapely.intersects(here.to_numpy(), shapely.box(*bounds))
    columns["cells"][:] = 0.0
    columns["share_missing"][present] = 1.0
    if not met.any():
        if not must_meet:
            return pd.DataFrame(columns, index=units.index)
        msg = "no unit meets the raster; are both where you think they are?"
        raise InputError(msg)
    measured = _measure(raster, here[met], bounds)
    filled = measured["count"] > 0
    for name in ("mean", "min", "max", "stdev"):
        columns[name][met] = np.where(filled, measured[name], np.nan)
    columns["sum"][met] = np.where(filled, measured["sum"], np.nan)
    columns["cells"][met] = measured["count"]
    cell = abs(raster.transform.a * raster.transform.e)
    whole = shapely.area(here.to_numpy()[met]) / cell
    columns["share_missing"][met] = np.clip(1.0 - measured["count"] / whole, 0.0, 1.0).round(6)
    return pd.DataFrame(columns, index=units.index)


def _require_areas(shapes: gpd.GeoSeries) -> None:
    drawn = shapes.to_numpy()
    other = ~shapely.is_missing(drawn) & ~np.isin(shapely.get_type_id(drawn), (3, 6))
    if other.any():
        msg = f"{shapes.index[other][0]} is a {drawn[other][0].geom_type}, not a polygon"
        raise InputError(msg)


def _measure(raster: Raster, shapes: gpd.GeoSeries, bounds: tuple[float, ...]) -> pd.DataFrame:
    west, south, east, north = bounds
    wkt = raster.crs.to_wkt()

    def source(values: Any) -> NumPyRasterSource:
        return NumPyRasterSource(
            values, xmin=west, ymin=south, xmax=east, ymax=north, nodata=np.nan, srs_wkt=wkt
        )

    frame = gpd.GeoDataFrame(geometry=shapes.to_numpy(), crs=raster.crs)
    operations = ["count", "sum", "min", "max"]
    weights = None
    if raster.crs.is_geographic:
        operations += ["mean=weighted_mean", "stdev=weighted_stdev"]
        rows = raster.transform.f + (np.arange(len(raster.values)) + 0.5) * raster.transform.e
        area = np.broadcast_to(np.cos(np.radians(rows))[:, None], raster.values.shape)
        weights = source(np.ascontiguousarray(area))
    else:
        operations += ["mean", "stdev"]
    values = np.asarray(raster.values, dtype=np.float64)
    found: pd.DataFrame = exact_extract(
        source(values), frame, operations, weights=weights, output="pandas"
    )
    return found.set_axis(shapes.index, axis=0)


def hillshade(
    raster: Raster, *, azimuth_deg: float = 315.0, altitude_deg: float = 45.0, z_factor: float = 1.0
) -> Raster:
    """Compute a hillshade from Horn's slopes.

    255·(cos z·cos s + sin z·sin s·cos(az − aspect)), below zero cut to 0, with z the sun's zenith
    angle and s the slope from the weighted differences of the eight neighbours (Horn 1981), as
    ArcGIS prints it (GDAL stretches the same to 1–255).

    Parameters
    ----------
    raster
        Elevation in metres, in a projected reference system in metres.
    azimuth_deg
        Where the light comes from, clockwise from north.
    altitude_deg
        Its height above the horizon, 0 to 90.
    z_factor
        Heights are multiplied by this.

    Returns
    -------
    Raster
        0 to 255; NaN in the outermost cells and wherever a neighbour is missing.

    Raises
    ------
    CRSError
        When the raster is in degrees.
    InputError
        When the altitude is not between 0 and 90.

    References
    ----------
    Horn, B. K. P. (1981), Proceedings of the IEEE 69: 14–47, 10.1109/PROC.1981.11918.

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> flat = Raster(np.zeros((3, 3)), Affine(30, 0, 0, 0, -30, 90), metres)
    >>> hillshade(flat).values.round(1).tolist()
    [[nan, nan, nan], [nan, 180.3, nan], [nan, nan, nan]]
    """
    if raster.crs.is_geographic:
        msg = f"hillshade needs metres, not {raster.crs.name}; use geo.raster.warp_to_analysis"
        raise CRSError(msg)
    if not 0 <= altitude_deg <= 90:
        msg = f"the light stands 0 to 90 degrees high, not {altitude_deg}"
        raise InputError(msg)
    z = np.asarray(raster.values, dtype=np.float64)
    shade = np.full(z.shape, np.nan)
    if min(z.shape) >= 3:
        sun = np.radians(90 - altitude_deg), np.radians(90 - azimuth_deg)
        strip = max(1, _STRIP_CELLS // z.shape[1])
        for top in range(1, len(z) - 1, strip):  # whole, eight more arrays of its size would stand
            low = min(top + strip, len(z) - 1)
            shade[top:low, 1:-1] = _lit(z[top - 1 : low + 1] * z_factor, raster.cell_size, *sun)
        shade[np.isnan(z)] = np.nan
    return Raster(shade, raster.transform, raster.crs)


def _lit(z: Any, cell: tuple[float, float], zenith: float, light: float) -> Any:
    """Return the brightness of all but the outermost cells."""
    to_east, to_south = _horn(z, *cell)
    slope = np.arctan(np.hypot(to_east, to_south))
    aspect = np.arctan2(to_south, -to_east)  # counter-clockwise from east
    bright = np.cos(zenith) * np.cos(slope)
    bright += np.sin(zenith) * np.sin(slope) * np.cos(light - aspect)
    return np.maximum(bright, 0.0) * 255


def _horn(z: Any, tall: float, wide: float) -> tuple[Any, Any]:
    """Return the rise to the east and to the south, metres per metre."""
    north, middle, south = z[:-2], z[1:-1], z[2:]
    rows = north + 2 * middle + south
    to_east = (rows[:, 2:] - rows[:, :-2]) / (8 * wide)
    drop = south - north
    to_south = (drop[:, :-2] + 2 * drop[:, 1:-1] + drop[:, 2:]) / (8 * tall)
    return to_east, to_south


def clip_raster(raster: Raster, area: gpd.GeoDataFrame | gpd.GeoSeries) -> Raster:
    """Cut a raster to an area: cells whose centre is outside become NaN, empty rims go.

    Parameters
    ----------
    raster
        A raster in any reference system.
    area
        Polygons in any reference system.

    Returns
    -------
    Raster
        On the raster's own cells.

    Raises
    ------
    CRSError
        When the area has no reference system.
    InputError
        When the area is not of polygons, or no cell's centre lies in it.

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> from shapely import box
    >>> raster = Raster(np.arange(6.0).reshape(2, 3), Affine(1, 0, 0, 0, -1, 2), metres)
    >>> area = gpd.GeoSeries([box(1, 0, 3, 1)], crs=metres)
    >>> clip_raster(raster, area).values.tolist()
    [[4.0, 5.0]]
    """
    if area.crs is None:
        msg = "the area has no reference system; set one before clipping"
        raise CRSError(msg)
    _require_areas(area.geometry)
    here = area.geometry.to_crs(raster.crs)
    inside = mask_inside(here, raster.values.shape, raster.transform)
    if not inside.any():
        msg = "no cell of the raster has its middle in the area"
        raise InputError(msg)
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    window = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    values = np.where(inside, raster.values, np.nan)[window]
    move = Affine.translation(int(columns[0]), int(rows[0]))
    return replace(raster, values=np.ascontiguousarray(values), transform=raster.transform * move)
