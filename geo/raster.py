"""A raster as a value: numbers, where they lie, and NaN where there is nothing."""

import logging
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.transform import array_bounds
from rasterio.warp import Resampling, calculate_default_transform, reproject

from geo.crs import ANALYSIS_CRS, parse_crs
from geo.errors import CRSError, InputError, MissingFileError

__all__ = ["Raster", "read_raster", "warp_to_analysis"]

# GDAL's remarks on a damaged file would be lines beside the one error that says what is wrong
logging.getLogger("rasterio._env").setLevel(logging.CRITICAL)

_MAGIC = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_MOST_CELLS = 400_000_000


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

    Raises
    ------
    InputError
        When the values have not two dimensions, or no cells.
    """

    values: NDArray[np.floating[Any]] = field(repr=False)
    transform: Affine
    crs: CRS

    def __post_init__(self) -> None:
        if self.values.ndim != 2 or not self.values.size:
            msg = f"a raster has rows and columns of cells, not the shape {self.values.shape}"
            raise InputError(msg)

    @property
    def cell_size(self) -> tuple[float, float]:
        """Height and width of a cell in units of the reference system."""
        return abs(self.transform.e), abs(self.transform.a)


def read_raster(path: str | Path, *, band: int = 1) -> Raster:
    """Read one band of a GeoTIFF, its nodata and mask as NaN.

    Parameters
    ----------
    path
        A regular file.
    band
        Counted from 1.

    Returns
    -------
    Raster
        64-bit floats in the file's own reference system, scale and offset applied.

    Raises
    ------
    MissingFileError
        When there is no such regular file.
    InputError
        When it is not a GeoTIFF, has no such band, is rotated, or is too large to hold.
    CRSError
        When it states no reference system, or one on an old datum.
    """
    file = Path(path)
    if not file.is_file():
        msg = f"{path}: no such file"
        raise MissingFileError(msg)
    with file.open("rb") as opened:
        if opened.read(4) not in _MAGIC:
            msg = f"{path}: not a GeoTIFF"
            raise InputError(msg)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            with rasterio.open(file, driver="GTiff") as source:
                return _read_band(source, band, str(path))
    except RasterioError as error:
        msg = f"{path}: cannot be read as a GeoTIFF ({error})"
        raise InputError(msg) from error


def _read_band(source: Any, band: int, name: str) -> Raster:
    if not 1 <= band <= source.count:
        msg = f"{name}: has bands 1 to {source.count}, not {band}"
        raise InputError(msg)
    if source.width * source.height > _MOST_CELLS:
        msg = f"{name}: {source.width} by {source.height} cells are more than can be held; clip it"
        raise InputError(msg)
    if source.crs is None:
        msg = f"{name}: states no reference system"
        raise CRSError(msg)
    if source.transform.b or source.transform.d:
        msg = f"{name}: is rotated; warp it to a north-up grid first"
        raise InputError(msg)
    crs = parse_crs(source.crs.to_wkt())
    cells = source.read(band, masked=True).astype("float64")
    values = np.asarray(cells.filled(np.nan)) * source.scales[band - 1] + source.offsets[band - 1]
    values[~np.isfinite(values)] = np.nan
    return Raster(values, source.transform, crs)


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
