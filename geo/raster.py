"""Rasters: cell values, affine transform and CRS, NaN for nodata.

What is computed with GDAL on cells that are already in memory stands here behind plain functions;
files are opened in ``geo.door.rasters`` and written in ``geo.formats``.
"""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeVar

import numpy as np
import rasterio
import shapely
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS
from rasterio.features import geometry_mask, rasterize, shapes
from rasterio.transform import array_bounds
from rasterio.warp import Resampling, calculate_default_transform, reproject

from geo.errors import InputError

__all__ = [
    "Raster",
    "burn_shapes",
    "gdal_crs",
    "gdal_version",
    "grid_bounds",
    "mask_inside",
    "north_up",
    "polygonise",
    "warp",
    "warp_to_analysis",
]

# GDAL's remarks on a damaged file would be lines beside the one error that says what is wrong
for _logger in ("rasterio._env", "rasterio._err"):
    logging.getLogger(_logger).setLevel(logging.CRITICAL)

_MOST_CELLS: Final = 200_000_000
_WARPED_AT_ONCE: Final = 4_000_000  # cells: a call into C hears no signal
Cells = TypeVar("Cells", NDArray[np.float64], NDArray[np.uint8])


@dataclass(frozen=True)
class Raster:
    """A raster of one band, first row in the north.

    Attributes
    ----------
    values
        Two dimensions, floats; NaN where there is no value.
    transform
        Affine transform from column and row to coordinates of ``crs``.
    crs
        Reference system of the coordinates that ``transform`` gives.
    unit
        Unit of measurement of the values, empty where not known.
    undeclared
        Values that were taken as nodata although the file does not declare them, each with its
        number of cells.

    Raises
    ------
    InputError
        When the values have not two dimensions, or no cells.
    """

    values: NDArray[np.floating[Any]] = field(repr=False)
    transform: Affine
    crs: CRS
    unit: str = ""
    undeclared: tuple[tuple[float, int], ...] = ()

    def __post_init__(self) -> None:
        if self.values.ndim != 2 or not self.values.size:
            msg = f"a raster has rows and columns of cells, not the shape {self.values.shape}"
            raise InputError(msg)

    @property
    def cell_size(self) -> tuple[float, float]:
        """Height and width of a cell in units of the reference system."""
        return abs(self.transform.e), abs(self.transform.a)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north of a raster with its rows from the north."""
        return grid_bounds(self.values.shape, self.transform)


def grid_bounds(shape: tuple[int, ...], transform: Affine) -> tuple[float, float, float, float]:
    """Return the bounding box of a grid.

    Parameters
    ----------
    shape
        Number of rows and of columns.
    transform
        Affine transform from column and row to coordinates, as rasterio has it.

    Returns
    -------
    west, south, east, north : float
        In units of the reference system.

    Examples
    --------
    >>> grid_bounds((2, 3), Affine(10, 0, 100, 0, -10, 50))
    (100.0, 30.0, 130.0, 50.0)
    """
    west, south, east, north = array_bounds(*shape, transform)
    return float(west), float(south), float(east), float(north)


def gdal_crs(crs: CRS | str) -> Any:
    """Return a reference system as GDAL takes it.

    Parameters
    ----------
    crs
        A pyproj CRS, or text that pyproj reads.

    Returns
    -------
    rasterio.crs.CRS
        The same system.
    """
    return rasterio.crs.CRS.from_wkt(CRS.from_user_input(crs).to_wkt())


def gdal_version() -> str:
    """Return the version of the GDAL that rasters are read with.

    Returns
    -------
    str
        Such as ``"3.10.3"``; pyogrio may bring another one.
    """
    return str(rasterio.__gdal_version__)


def polygonise(held: NDArray[np.bool_], transform: Affine) -> shapely.Geometry:
    """Convert the True cells of a mask to polygons.

    Parameters
    ----------
    held
        Boolean mask of shape (rows, columns), first row in the north.
    transform
        Affine transform from column and row to coordinates, as rasterio has it.

    Returns
    -------
    Polygon or MultiPolygon
        Along the edges of the cells; empty when none is true.

    Examples
    --------
    >>> polygonise(np.array([[True, True], [False, False]]), Affine(5, 0, 0, 0, -5, 10)).area
    50.0
    """
    pieces = shapes(held.astype("uint8"), mask=held, transform=transform)
    return shapely.union_all([shapely.geometry.shape(piece) for piece, _ in pieces])


def burn_shapes(
    drawn: Iterable[shapely.Geometry],
    shape: tuple[int, int],
    transform: Affine,
    *,
    touched: bool = False,
) -> NDArray[np.bool_]:
    """Rasterise geometries to a boolean mask.

    Parameters
    ----------
    drawn
        Geometries in the reference system of ``transform``; none missing or empty.
    shape
        Number of rows and of columns.
    transform
        Affine transform from column and row to coordinates of the geometries.
    touched
        Mark every cell that a shape touches, instead of those whose centre it holds.

    Returns
    -------
    ndarray of bool
        False everywhere when there are no shapes.

    Examples
    --------
    >>> line = shapely.LineString([(1, 5), (19, 5)])
    >>> burn_shapes([line], (2, 2), Affine(10, 0, 0, 0, -10, 20), touched=True).tolist()
    [[False, False], [True, True]]
    """
    drawn = list(drawn)
    if not drawn:
        return np.zeros(shape, dtype=bool)
    burnt = rasterize(
        drawn, out_shape=shape, transform=transform, all_touched=touched, dtype="uint8"
    )
    return np.asarray(burnt, dtype=bool)


def mask_inside(
    areas: Iterable[shapely.Geometry | None], shape: tuple[int, ...], transform: Affine
) -> NDArray[np.bool_]:
    """Return the mask of the cells whose centre lies in an area.

    Parameters
    ----------
    areas
        Polygons; missing and empty ones are passed over.
    shape
        Number of rows and of columns.
    transform
        Affine transform from column and row to coordinates of the areas.

    Returns
    -------
    ndarray of bool
        False everywhere when there are no areas.

    Examples
    --------
    >>> mask_inside([shapely.box(0, 0, 10, 20)], (2, 2), Affine(10, 0, 0, 0, -10, 20)).tolist()
    [[True, False], [True, False]]
    """
    present = [one for one in areas if one is not None and not one.is_empty]
    if not present:
        return np.zeros(shape, dtype=bool)
    return np.asarray(geometry_mask(present, shape, transform, invert=True))


def warp(
    values: Cells,
    transform: Affine,
    crs: CRS | str,
    target: CRS | str,
    *,
    cell: float | None = None,
    nearest: bool = False,
) -> tuple[Cells, Affine]:
    """Reproject a raster to another reference system.

    Parameters
    ----------
    values
        Rows and columns: floats, of which NaN is nothing, or unsigned bytes, of which 0 is.
    transform
        Affine transform from column and row to coordinates of ``crs``.
    crs, target
        Reference systems; both are asked for what they are, so that text will do.
    cell
        Side of a cell in units of the target; one that keeps the resolution by default.
    nearest
        Take the nearest cell's value instead of a mean of four; always so for bytes.

    Returns
    -------
    values, transform
        North-up, square cells; nothing where the source does not reach.

    Raises
    ------
    InputError
        When the cells do not lie where the target system is defined, or would be none or more
        than can be held there.
    """
    n_rows, n_columns = values.shape
    source, aim = gdal_crs(crs), gdal_crs(target)
    try:
        placed, width, height = calculate_default_transform(
            source, aim, n_columns, n_rows, *array_bounds(n_rows, n_columns, transform),
            resolution=cell,
        )  # fmt: skip
    except Exception as error:  # GDAL has more kinds of error than rasterio's root
        name = CRS.from_user_input(target).name
        msg = (
            f"the raster does not lie where {name} is defined; is its reference system right? "
            f"({error})"
        )
        raise InputError(msg) from error
    if not 0 < width * height <= _MOST_CELLS:
        name = CRS.from_user_input(target).name
        msg = f"the raster would take {width:,} by {height:,} cells in {name}; warp it first"
        raise InputError(msg)
    found = np.full((height, width), _nothing(values), dtype=values.dtype)
    _fill(found, placed, aim, (values, transform, source), nearest=nearest)
    return found, placed


def _nothing(values: NDArray[Any]) -> float:
    return np.nan if values.dtype.kind == "f" else 0


def _fill(
    found: NDArray[Any],
    placed: Affine,
    crs: Any,
    source: tuple[NDArray[Any], Affine, Any],
    *,
    nearest: bool,
) -> None:
    """Fill a grid from another one, some rows at a time."""
    values, transform, from_crs = source
    floats = values.dtype.kind == "f"
    nodata = np.nan if floats else None
    method = Resampling.bilinear if floats and not nearest else Resampling.nearest
    for rows in _strips(*found.shape):
        reproject(
            values, found[rows], src_transform=transform, src_crs=from_crs, src_nodata=nodata,
            dst_transform=placed * Affine.translation(0, rows.start), dst_crs=crs,
            dst_nodata=nodata, resampling=method,
        )  # fmt: skip


def _strips(n_rows: int, n_columns: int) -> Iterator[slice]:
    tall = max(1, _WARPED_AT_ONCE // max(n_columns, 1))
    for top in range(0, n_rows, tall):
        yield slice(top, min(top + tall, n_rows))


def north_up(raster: Raster) -> Raster:
    """Flip or rotate a raster to north-up.

    Parameters
    ----------
    raster
        Its grid may run any way, or be rotated.

    Returns
    -------
    Raster
        Turned over cell by cell, which changes no value; a rotated one by nearest cells of the same
        size.

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> upside_down = Affine(1, 0, 0, 0, 1, 0)
    >>> south_up = Raster(np.array([[1.0], [2.0]]), upside_down, equal_area(116.5, 39.3))
    >>> north_up(south_up).values.tolist()
    [[2.0], [1.0]]
    """
    if raster.transform.b or raster.transform.d:
        return _unrotated(raster)
    return _upright(raster)


def _upright(raster: Raster) -> Raster:
    """Turn a grid over so that rows run from the north and columns from the west."""
    values, t = raster.values, raster.transform
    n_rows, n_columns = values.shape
    if t.e > 0:
        values, t = values[::-1], t * Affine(1, 0, 0, 0, -1, n_rows)
    if t.a < 0:
        values, t = values[:, ::-1], t * Affine(-1, 0, n_columns, 0, 1, 0)
    return replace(raster, values=np.ascontiguousarray(values), transform=t)


def _unrotated(raster: Raster) -> Raster:
    t, (n_rows, n_columns) = raster.transform, raster.values.shape
    corners = [t * spot for spot in ((0, 0), (n_columns, 0), (0, n_rows), (n_columns, n_rows))]
    x, y = (np.array(one) for one in zip(*corners, strict=True))
    wide, tall = float(np.hypot(t.a, t.d)), float(np.hypot(t.b, t.e))
    with np.errstate(all="ignore"):
        high, long = np.ceil(np.ptp(y) / tall - 1e-9), np.ceil(np.ptp(x) / wide - 1e-9)
        fits = high >= 1 and long >= 1 and high * long <= _MOST_CELLS  # never of a NaN
    if not fits:
        msg = f"{long:,.0f} by {high:,.0f} cells of a north-up grid cannot be held"
        raise InputError(msg)
    shape = int(high), int(long)
    target = Affine(wide, 0, float(x.min()), 0, -tall, float(y.max()))
    crs = gdal_crs(raster.crs)
    values = np.full(shape, np.nan)
    source = np.asarray(raster.values, dtype=np.float64), t, crs
    _fill(values, target, crs, source, nearest=True)
    return replace(raster, values=values, transform=target)


def warp_to_analysis(
    raster: Raster, crs: CRS, *, cell_m: float | None = None, nearest: bool = False
) -> Raster:
    """Reproject a raster to an equal-area projection in metres.

    Parameters
    ----------
    raster
        A raster in any reference system.
    crs
        Equal-area projection in metres, as ``equal_area`` makes it.
    cell_m
        Cell size in metres; one that keeps the resolution by default.
    nearest
        For classes: take the nearest cell's value instead of a mean of four.

    Returns
    -------
    Raster
        Square cells; the raster itself when it is in metres already and no size is asked for.
    """
    if raster.crs == crs and cell_m is None:
        return raster
    values = np.asarray(raster.values, dtype=np.float64)
    warped, transform = warp(
        values, raster.transform, raster.crs, crs, cell=cell_m, nearest=nearest
    )
    return replace(raster, values=warped, transform=transform, crs=crs)
