"""Friction surface: cost of a metre on land, on road and rail, and on slopes.

The weights stand in ``friction.yaml``. The shipped terrain is a 5′ grid, about 9 km: it tells the
mountains from the plain, and cannot show a valley, a pass or a gradient that a line would follow.
Give a finer elevation model for anything below 20 km.
"""

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

import geopandas as gpd
import numpy as np
import yaml
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS

from geo.crs import metres_of, require_crs
from geo.errors import InputError
from geo.raster import Raster, burn_shapes, warp_to_analysis

__all__ = ["check_weights", "friction_surface", "friction_weights"]

_NAMES: Final = ("land", "road", "rail", "sea", "slope_weight")
_MOST_CELLS: Final = 40_000_000


@lru_cache(maxsize=1)
def friction_weights() -> Mapping[str, Any]:
    """Read the friction weights of land, road, rail, sea and slope.

    Returns
    -------
    Mapping
        ``land``, ``road``, ``rail`` (cost of a metre), ``sea`` (None is impassable) and
        ``slope_weight``. Do not change it.

    Examples
    --------
    >>> friction_weights()["land"], friction_weights()["sea"]
    (1.0, None)
    """
    text = files("geo.analysis.corridors").joinpath("friction.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def friction_surface(
    land: gpd.GeoDataFrame,
    *,
    rail: gpd.GeoDataFrame | None = None,
    road: gpd.GeoDataFrame | None = None,
    elevation: Raster | None = None,
    cell_m: float = 1000.0,
    weights: Mapping[str, Any] | None = None,
) -> Raster:
    """Build a friction surface over the box of the land.

    A cell whose centre is on land costs ``land`` a metre; one that a road or railway crosses
    costs ``road`` or ``rail``, the cheaper where there are both. Each is multiplied by
    1 + ``slope_weight`` · slope, the slope (rise by run) of the elevation between neighbouring
    cells. A bridge counts: a road over water is passable.

    Parameters
    ----------
    land
        Polygons in equal-area metres.
    rail, road
        Lines in equal-area metres.
    elevation
        Metres above the sea, in any reference system; its NaN are taken as flat.
    cell_m
        Side of a cell.
    weights
        Cost of a metre by ground, with the keys of ``friction_weights``, which is the default.

    Returns
    -------
    Raster
        Cost of a metre in equal-area metres; -1 where nothing passes.

    Raises
    ------
    CRSError
        When a frame is not in equal-area metres, or two are not in the same.
    InputError
        When a weight is missing or not positive, or the cells are too many or of no size.

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> from shapely import LineString, box
    >>> land = gpd.GeoDataFrame(geometry=[box(0, 0, 3e3, 2e3)], crs=metres)
    >>> rail = gpd.GeoDataFrame(geometry=[LineString([(0, 500), (3e3, 500)])], crs=metres)
    >>> friction_surface(land, rail=rail).values.tolist()
    [[1.0, 1.0, 1.0], [0.5, 0.5, 0.5]]
    """
    weights = check_weights(friction_weights() if weights is None else weights)
    crs = metres_of(land, name="land")
    transform, shape = _grid(land, cell_m)
    sea = -1.0 if weights["sea"] is None else float(weights["sea"])
    on_land = _burnt(land, transform, shape, touched=False)
    cost = np.where(on_land, float(weights["land"]), sea)
    for lines, name in ((road, "road"), (rail, "rail")):
        if lines is not None and len(lines):
            require_crs(lines, crs, name=name)
            crossed = _burnt(lines, transform, shape, touched=True)
            cheaper = np.where(cost < 0, weights[name], np.minimum(cost, weights[name]))
            cost = np.where(crossed, cheaper, cost)
    if elevation is not None:
        steep = 1.0 + float(weights["slope_weight"]) * _slope(elevation, transform, shape, crs)
        cost = np.where(cost > 0, cost * steep, cost)
    return Raster(cost, transform, crs)


def check_weights(weights: Mapping[str, Any]) -> Mapping[str, Any]:
    """Check that friction weights are complete and valid.

    Parameters
    ----------
    weights
        Costs of a metre by ground, with the keys that ``friction_weights`` returns.

    Returns
    -------
    Mapping
        The same.

    Raises
    ------
    InputError
        When one is missing, or not a positive number; ``sea`` may be None and ``slope_weight`` 0.

    Examples
    --------
    >>> check_weights({**friction_weights(), "road": -1.0})
    Traceback (most recent call last):
    geo.errors.InputError: friction weights: road is -1.0; give a positive number
    """
    missing = [name for name in _NAMES if name not in weights]
    if missing:
        msg = f"friction weights: {', '.join(missing)} missing; give {', '.join(_NAMES)}"
        raise InputError(msg)
    for name in _NAMES:
        value = weights[name]
        if value is None and name == "sea":
            continue
        low = 0.0 if name == "slope_weight" else 1e-9
        if not isinstance(value, int | float) or not low <= value < np.inf:
            msg = f"friction weights: {name} is {value!r}; give a positive number"
            raise InputError(msg)
    return weights


def _grid(land: gpd.GeoDataFrame, cell_m: float) -> tuple[Affine, tuple[int, int]]:
    if not (np.isfinite(cell_m) and cell_m > 0):
        msg = f"cell_m is {cell_m}; give a positive number of metres"
        raise InputError(msg)
    west, south, east, north = land.total_bounds
    if not np.all(np.isfinite(land.total_bounds)):
        msg = "friction: the land has no area"
        raise InputError(msg)
    wide, tall = int(np.ceil((east - west) / cell_m)), int(np.ceil((north - south) / cell_m))
    if wide * tall > _MOST_CELLS:
        msg = f"friction: {wide} by {tall} cells of {cell_m} m are too many; take a larger cell"
        raise InputError(msg)
    return Affine(cell_m, 0.0, west, 0.0, -cell_m, north), (max(tall, 1), max(wide, 1))


def _burnt(
    frame: gpd.GeoDataFrame, transform: Affine, shape: tuple[int, int], *, touched: bool
) -> NDArray[np.bool_]:
    shapes = frame.geometry[~(frame.geometry.isna() | frame.geometry.is_empty)]
    return burn_shapes(shapes, shape, transform, touched=touched)


def _slope(
    elevation: Raster, transform: Affine, shape: tuple[int, int], crs: CRS
) -> NDArray[np.float64]:
    """Return rise by run on the grid, from a bilinear resampling of the elevation."""
    whole = warp_to_analysis(elevation, crs, cell_m=transform.a)
    rows = (whole.transform.f - (transform.f - (np.arange(shape[0]) + 0.5) * transform.a)) // (
        transform.a
    )
    columns = (transform.c + (np.arange(shape[1]) + 0.5) * transform.a - whole.transform.c) // (
        transform.a
    )
    inside_rows = (rows >= 0) & (rows < whole.values.shape[0])
    inside_columns = (columns >= 0) & (columns < whole.values.shape[1])
    height = np.full(shape, np.nan)
    taken = whole.values[np.ix_(rows[inside_rows].astype(int), columns[inside_columns].astype(int))]
    height[np.ix_(inside_rows, inside_columns)] = taken
    if min(shape) < 2:
        return np.zeros(shape)
    down, across = np.gradient(height, transform.a)
    return np.asarray(np.nan_to_num(np.hypot(down, across), nan=0.0))
