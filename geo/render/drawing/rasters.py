"""Rasters as pictures: their classes, their colours, their place on the page.

Rasters on the map: classed, brought to the map's projection, carried as one picture.

A GeoTIFF as a layer of a quick map: classes that suit what it holds, sources that it carries.
"""

import base64
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from geo import layers as shipped
from geo.crs import STORAGE_CRS
from geo.door.rasters import raster_facts, read_raster
from geo.errors import InputError
from geo.formats.png import palette_png
from geo.layers.specs import specs
from geo.raster import Raster, grid_bounds, warp
from geo.render.any_file.provenance_labels import about_named
from geo.render.colours.classes import Classes, class_bounds
from geo.render.colours.palette import ramp
from geo.render.layer import About, MapLayer, Text, by_language
from geo.texts import Localized, tr, tr_n

__all__ = [
    "image",
    "is_raster",
    "picture",
]

_MAP_CRS: Final = "EPSG:3857"
_MOST_CELLS: Final = 4_000_000


def image(
    values: NDArray[Any],
    about: About,
    *,
    transform: Affine,
    crs: CRS | str,
    classes: Classes | None = None,
    opacity: float = 0.8,
) -> MapLayer:
    """Draw a raster, such as a density surface, in colour classes.

    Parameters
    ----------
    values
        Two-dimensional, north up by the transform; NaN, infinite and masked cells are clear.
    about
        Title, provenance and caveats, as the layer list shows them.
    transform
        Affine transform from column and row to coordinates, as rasterio has it.
    crs
        Reference system of the transform.
    classes
        Title, unit, bounds or scheme, ramp; the column's name does not matter. Cells below the
        first bound of given bins belong to the first class.
    opacity
        Opacity of the picture, 0 to 1.

    Returns
    -------
    MapLayer
        For ``geo.render.Map.add``.

    Raises
    ------
    InputError
        When the array is not two-dimensional, or has more than four million cells.

    Examples
    --------
    >>> cells = np.array([[1.0, 2.0], [3.0, np.nan]])
    >>> made = image(cells, About("Sites"), transform=Affine(0.1, 0, 116, 0, -0.1, 40),
    ...              crs="EPSG:4326")
    >>> made.payload["image"][:22]
    'data:image/png;base64,'
    """
    if values.ndim != 2 or not 0 < values.size <= _MOST_CELLS:
        msg = f"a raster of two dimensions and at most {_MOST_CELLS:,} cells; got {values.shape}"
        raise InputError(msg)
    by = classes if classes is not None else Classes("value", k=6, ramp="heat")
    filled = np.ma.filled(np.ma.asarray(values, dtype=np.float64), np.nan)
    filled = np.where(np.isfinite(filled), filled, np.nan)
    bins, legend = class_bounds(filled[~np.isnan(filled)], by)
    codes = np.searchsorted(bins, filled, side="left").astype(np.uint8) + 1
    codes[np.isnan(filled)] = 0
    warped, placed = warp(codes, transform, crs, _MAP_CRS)  # by nearest cell: no class is invented
    colours = ramp(by.ramp, len(bins)) if len(bins) else []
    picture = palette_png(warped, colours)
    west, south, east, north = grid_bounds(warped.shape, placed)
    corners = Transformer.from_crs(_MAP_CRS, "EPSG:4326", always_xy=True)
    lons, lats = corners.transform([west, east], [south, north])
    bounds = (lons[0], lats[0], lons[1], lats[1])
    payload: dict[str, Any] = {
        "n": int(np.count_nonzero(codes)),
        "dropped": 0,
        "style": {"opacity": opacity, "fill": "class", "line": "class"},
        "colours": [*colours, "#000000"],
        "image": f"data:image/png;base64,{base64.b64encode(picture).decode('ascii')}",
        "legend": legend
        | {"title": by_language(by.title if by.title is not None else about.title)},
        "fields": [],
        "names": {},
        "columns": [],
        "key_column": None,
    }
    return MapLayer(about, "image", payload, bounds=bounds)


_MOST_CELLS_RASTERS: Final = 1_000_000
_SKEWED: Final = 0.02  # of the peak: a surface whose median is lower is mostly nothing
_STEPS: Final = (0.03, 0.07, 0.15, 0.3, 0.6, 1.0)
_CLEAR: Final = 0.01
_LEFT_CLEAR: Final = tr("Cells below 1 % of the peak are left clear")
_UNITS: Final[dict[str, Text]] = {"1/km2": tr("per km²"), "m": "m"}


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
    return name in specs().rasters or name.lower().endswith((".tif", ".tiff"))


def picture(name: str) -> tuple[gpd.GeoDataFrame, MapLayer]:
    """Draw a raster in classes that suit what it holds.

    A surface that is next to nothing over most of its ground, such as a density, is classed from
    1 % of its peak upwards and clear below; any other by equal numbers of cells.

    Parameters
    ----------
    name
        The id of a shipped raster, or a GeoTIFF; more than a million cells are averaged, which
        the layer's caveats say.

    Returns
    -------
    frame, layer
        The ground it covers, and the layer for ``Map.add``.

    Raises
    ------
    MissingFileError, InputError, CRSError
        As ``geo.door.rasters.read_raster``; also when it holds no value.
    """
    file = shipped.path(name) if name in specs().rasters else Path(name)
    raster = read_raster(file, at_most=_MOST_CELLS_RASTERS)
    values = raster.values
    if not np.isfinite(values).any():
        msg = f"{name}: holds no value that can be drawn"
        raise InputError(msg)
    values, bins = _classed(values)
    about = _about(name, raster, _stated_shape(file, raster), skewed=bool(bins))
    by = Classes("value", bins=bins, k=6, ramp="heat", unit=_unit(name, raster.unit))
    ground = gpd.GeoDataFrame(geometry=[shapely.box(*raster.bounds)], crs=raster.crs).to_crs(
        STORAGE_CRS
    )
    try:
        drawn = image(values, about, transform=raster.transform, crs=raster.crs, classes=by)
    except InputError as error:
        msg = f"{name}: {error}"
        raise InputError(msg) from error
    return ground, drawn


def _stated_shape(file: Path, raster: Raster) -> tuple[int, int]:
    """Return the file's rows and columns; those drawn where the grid had to be turned upright."""
    facts = raster_facts(file)
    turned = facts.transform.b or facts.transform.d
    n_rows, n_columns = raster.values.shape
    return (n_rows, n_columns) if turned else facts.shape


def _unit(name: str, of_band: str) -> Text:
    known = shipped.about(name).get("unit", of_band) if name in specs().rasters else of_band
    return _UNITS.get(known, known)


def _classed(values: NDArray[Any]) -> tuple[NDArray[Any], tuple[float, ...]]:
    low, middle, peak = (float(one) for one in np.nanpercentile(values, [0, 50, 100]))
    if low < 0 or middle >= _SKEWED * peak:
        return values, ()
    return np.where(values < _CLEAR * peak, np.nan, values), tuple(peak * one for one in _STEPS)


def _about(name: str, raster: Raster, stated: tuple[int, int], *, skewed: bool) -> About:
    if name in specs().rasters:
        entry = shipped.about(name)
        about = About(Localized(**entry["title"]), entry)
    else:
        about = about_named(name)
    caveats = [*about.caveats, *(_taken_out(*one) for one in raster.undeclared)]
    if raster.values.shape != stated:
        caveats.append(_fewer(stated, raster.values.shape))
    return replace(about, caveats=(*caveats, _LEFT_CLEAR) if skewed else tuple(caveats))


def _fewer(stated: tuple[int, ...], drawn: tuple[int, ...]) -> Localized:
    of_file, of_map = (f"{wide:,} × {tall:,}" for tall, wide in (stated, drawn))
    return tr(
        "The file's {of_file} cells are drawn as {of_map}, from which the classes are made",
        of_file=of_file,
        of_map=of_map,
    )


def _taken_out(value: float, n: int) -> Localized:
    number = f"{value:.9g}"
    return tr_n(
        n,
        "{n} cell holds {number}, which the file does not declare as no data; taken as no data",
        "{n:,} cells hold {number}, which the file does not declare as no data; taken as no data",
        number=number,
    )
