"""A raster as a value: numbers, where they lie, and NaN where there is nothing."""

import logging
import warnings
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.transform import array_bounds
from rasterio.warp import Resampling, calculate_default_transform, reproject
from rasterio.windows import Window

from geo.crs import ANALYSIS_CRS, parse_crs
from geo.errors import CRSError, InputError, MissingFileError

__all__ = ["Raster", "cells_within", "read_raster", "warp_to_analysis"]

_LOG = logging.getLogger(__name__)
# GDAL's remarks on a damaged file would be lines beside the one error that says what is wrong
logging.getLogger("rasterio._env").setLevel(logging.CRITICAL)

_MAGIC = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_MOST_CELLS = 200_000_000


@dataclass(frozen=True)
class Raster:
    """Cells in rows from the north.

    Attributes
    ----------
    values
        Two dimensions, floats; NaN where there is no value.
    transform
        From column and row to coordinates of ``crs``.
    crs
        Reference system.
    unit
        Of the values, where that is known.

    Raises
    ------
    InputError
        When the values have not two dimensions, or no cells.
    """

    values: NDArray[np.floating[Any]] = field(repr=False)
    transform: Affine
    crs: CRS
    unit: str = ""

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
        west, south, east, north = array_bounds(*self.values.shape, self.transform)
        return float(west), float(south), float(east), float(north)


def read_raster(
    path: str | Path,
    *,
    band: int = 1,
    within: gpd.GeoDataFrame | gpd.GeoSeries | None = None,
    at_most: int | None = None,
) -> Raster:
    """Read one band of a GeoTIFF, its nodata and mask as NaN.

    A grid that runs north or west is turned over, cell by cell; a rotated one is brought to a
    north-up grid of the same cell size by nearest cells, which is logged.

    Parameters
    ----------
    path
        A regular file.
    band
        Counted from 1.
    within
        Read only the window that covers these shapes, in any reference system: a file of any
        size is read so.
    at_most
        Average cells until there are no more than this many.

    Returns
    -------
    Raster
        64-bit floats in the file's own reference system, scale and offset applied.

    Raises
    ------
    MissingFileError
        When there is no such regular file.
    InputError
        When it is not a GeoTIFF, has no such band, does not meet the shapes, or is too large to
        hold.
    CRSError
        When it states no reference system, or one on an old datum.
    """
    file = _geotiff(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            with rasterio.open(file, driver="GTiff") as source:
                raster = _read_band(source, band, str(path), within, at_most)
    except RasterioError as error:
        msg = f"{path}: cannot be read as a GeoTIFF ({error})"
        raise InputError(msg) from error
    if raster.transform.b or raster.transform.d:
        _LOG.warning("%s: is rotated; brought to a north-up grid by nearest cells", path)
        return _unrotated(raster)
    return _upright(raster)


def _geotiff(path: str | Path) -> Path:
    """Return a path that GDAL may open: a regular file that begins as a TIFF, never an address."""
    file = Path(path)
    if not file.is_file():
        msg = f"{path}: no such file, or not a regular one"
        raise MissingFileError(msg)
    with file.open("rb") as opened:
        if opened.read(4) not in _MAGIC:
            msg = f"{path}: not a GeoTIFF"
            raise InputError(msg)
    return file


def _read_band(source: Any, band: int, name: str, within: Any, at_most: int | None) -> Raster:
    if not 1 <= band <= source.count:
        msg = f"{name}: has bands 1 to {source.count}, not {band}"
        raise InputError(msg)
    if source.crs is None:
        msg = f"{name}: states no reference system"
        raise CRSError(msg)
    crs = parse_crs(source.crs.to_wkt())
    window = Window(0, 0, source.width, source.height)
    if within is not None:
        covered = _window(source, crs, within)
        if covered is None:
            msg = f"{name}: no unit meets the raster; are both where you think they are?"
            raise InputError(msg)
        window = covered
    shape, transform = _fewer(window, source.window_transform(window), at_most)
    if shape[0] * shape[1] > _MOST_CELLS:
        msg = f"{name}: {shape[1]} by {shape[0]} cells are more than can be held; clip it first"
        raise InputError(msg)
    cells = source.read(
        band, window=window, out_shape=shape, masked=True, resampling=Resampling.average
    )
    values = cells.astype("float64").filled(np.nan)
    values *= source.scales[band - 1]
    values += source.offsets[band - 1]
    values[~np.isfinite(values)] = np.nan
    return Raster(values, transform, crs, source.units[band - 1] or "")


def cells_within(path: str | Path, within: gpd.GeoDataFrame | gpd.GeoSeries) -> int:
    """Count the cells that ``read_raster`` would read.

    Parameters
    ----------
    path
        A GeoTIFF.
    within
        Shapes in any reference system.

    Returns
    -------
    int
        0 when they lie elsewhere, or when ``read_raster`` will say what is wrong with the file.

    Raises
    ------
    MissingFileError
        When there is no such regular file.
    InputError
        When it is not a GeoTIFF.
    CRSError
        When the shapes have no reference system.
    """
    try:
        with rasterio.open(_geotiff(path), driver="GTiff") as source:
            if source.crs is None:
                return 0
            window = _window(source, parse_crs(source.crs.to_wkt()), within)
    except RasterioError:
        return 0
    return 0 if window is None else int(window.width * window.height)


def _window(source: Any, crs: CRS, within: Any) -> Window | None:
    """Return the whole cells that cover shapes, with one more all around; None without any."""
    if within.crs is None:
        msg = "the shapes have no reference system; set one first"
        raise CRSError(msg)
    west, south, east, north = within.geometry.to_crs(crs).total_bounds
    back = ~source.transform
    spots = [
        back * corner for corner in ((west, south), (west, north), (east, south), (east, north))
    ]
    columns, rows = (np.array(one) for one in zip(*spots, strict=True))
    if np.isfinite(spots).all():
        left, top = max(int(np.floor(columns.min())) - 1, 0), max(int(np.floor(rows.min())) - 1, 0)
        right = min(int(np.ceil(columns.max())) + 1, source.width)
        low = min(int(np.ceil(rows.max())) + 1, source.height)
        if right > left and low > top:
            return Window(left, top, right - left, low - top)
    return None


def _fewer(
    window: Window, transform: Affine, at_most: int | None
) -> tuple[tuple[int, int], Affine]:
    """Return the shape to read, and the transform of its larger cells."""
    height, width = int(window.height), int(window.width)
    if at_most is None or height * width <= at_most:
        return (height, width), transform
    by = float(np.sqrt(height * width / at_most))
    shape = max(1, int(height / by)), max(1, int(width / by))
    return shape, transform * Affine.scale(width / shape[1], height / shape[0])


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
    shape = int(np.ceil(np.ptp(y) / tall - 1e-9)), int(np.ceil(np.ptp(x) / wide - 1e-9))
    target = Affine(wide, 0, float(x.min()), 0, -tall, float(y.max()))
    crs = rasterio.crs.CRS.from_wkt(raster.crs.to_wkt())
    values = np.full(shape, np.nan)
    reproject(
        np.asarray(raster.values, dtype=np.float64), values,
        src_transform=t, src_crs=crs, src_nodata=np.nan,
        dst_transform=target, dst_crs=crs, dst_nodata=np.nan, resampling=Resampling.nearest,
    )  # fmt: skip
    return replace(raster, values=values, transform=target)


def warp_to_analysis(
    raster: Raster, *, cell_m: float | None = None, nearest: bool = False
) -> Raster:
    """Bring a raster to the equal-area metres of ``ANALYSIS_CRS``.

    Parameters
    ----------
    raster
        In any reference system.
    cell_m
        Cell size in metres; one that keeps the resolution by default.
    nearest
        For classes: take the nearest cell's value instead of a mean of four.

    Returns
    -------
    Raster
        Square cells; the raster itself when it is in metres already and no size is asked for.
    """
    if raster.crs == ANALYSIS_CRS and cell_m is None:
        return raster
    n_rows, n_columns = raster.values.shape
    west, south, east, north = array_bounds(n_rows, n_columns, raster.transform)
    source, target = (rasterio.crs.CRS.from_wkt(one.to_wkt()) for one in (raster.crs, ANALYSIS_CRS))
    transform, width, height = calculate_default_transform(
        source, target, n_columns, n_rows, west, south, east, north, resolution=cell_m
    )
    values = np.full((height, width), np.nan)
    reproject(
        np.asarray(raster.values, dtype=np.float64), values,
        src_transform=raster.transform, src_crs=source, src_nodata=np.nan,
        dst_transform=transform, dst_crs=target, dst_nodata=np.nan,
        resampling=Resampling.nearest if nearest else Resampling.bilinear,
    )  # fmt: skip
    return Raster(values, transform, ANALYSIS_CRS)
