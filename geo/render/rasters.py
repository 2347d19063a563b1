"""A GeoTIFF as a layer of a quick map: classes that suit what it holds, sources that it carries."""

from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.transform import array_bounds

from geo import layers as shipped
from geo.crs import STORAGE_CRS
from geo.errors import InputError
from geo.layers import Text3
from geo.layers.specs import RASTERS
from geo.raster import read_raster
from geo.render.classes import Classes
from geo.render.images import image
from geo.render.layer import About, MapLayer, Text
from geo.render.stated import about_named

__all__ = ["is_raster", "picture"]

_MOST_CELLS: Final = 1_000_000
_SKEWED: Final = 0.02  # of the peak: a surface whose median is lower is mostly nothing
_STEPS: Final = (0.03, 0.07, 0.15, 0.3, 0.6, 1.0)
_CLEAR: Final = 0.01
_LEFT_CLEAR: Final = Text3(
    "低于峰值 1% 的像元不着色",
    "Cells below 1 % of the peak are left clear",
    "最大値の1 %未満のセルは塗らない",
)
_UNITS: Final[dict[str, Text]] = {"1/km2": Text3("个/km²", "per km²", "件/km²"), "m": "m"}


def is_raster(name: str) -> bool:
    """Tell whether a word names a raster.

    Parameters
    ----------
    name
        The id of a shipped layer, or a file.

    Returns
    -------
    bool
        By the id or the suffix.

    Examples
    --------
    >>> is_raster("terrain"), is_raster("density.tif"), is_raster("counties")
    (True, True, False)
    """
    return name in RASTERS or name.lower().endswith((".tif", ".tiff"))


def picture(name: str) -> tuple[gpd.GeoDataFrame, MapLayer]:
    """Draw a raster in classes that suit what it holds.

    A surface that is next to nothing over most of its ground, such as a density, is classed from
    1 % of its peak upwards and clear below; any other by equal numbers of cells.

    Parameters
    ----------
    name
        The id of a shipped raster, or a GeoTIFF; more than a million cells are averaged.

    Returns
    -------
    frame, layer
        The ground it covers, and the layer for ``Map.add``.

    Raises
    ------
    MissingFileError, InputError, CRSError
        As ``geo.raster.read_raster``; also when it holds no value.
    """
    file = shipped.path(name) if name in RASTERS else Path(name)
    raster = read_raster(file, at_most=_MOST_CELLS)
    values = raster.values
    if not np.isfinite(values).any():
        msg = f"{name}: holds no value that can be drawn"
        raise InputError(msg)
    values, bins = _classed(values)
    about = _about(name, skewed=bool(bins))
    by = Classes("value", bins=bins, k=6, ramp="heat", unit=_unit(name, raster.unit))
    bounds = array_bounds(*values.shape, raster.transform)
    ground = gpd.GeoDataFrame(geometry=[shapely.box(*bounds)], crs=raster.crs).to_crs(STORAGE_CRS)
    drawn = image(values, about, transform=raster.transform, crs=raster.crs, classes=by)
    return ground, drawn


def _unit(name: str, of_band: str) -> Text:
    known = shipped.about(name).get("unit", of_band) if name in RASTERS else of_band
    return _UNITS.get(known, known)


def _classed(values: NDArray[Any]) -> tuple[NDArray[Any], tuple[float, ...]]:
    low, middle, peak = (float(one) for one in np.nanpercentile(values, [0, 50, 100]))
    if low < 0 or middle >= _SKEWED * peak:
        return values, ()
    return np.where(values < _CLEAR * peak, np.nan, values), tuple(peak * one for one in _STEPS)


def _about(name: str, *, skewed: bool) -> About:
    if name in RASTERS:
        told = shipped.about(name)
        about = About(Text3(**told["title"]), told)
    else:
        about = about_named(name)
    return replace(about, caveats=(*about.caveats, _LEFT_CLEAR)) if skewed else about
