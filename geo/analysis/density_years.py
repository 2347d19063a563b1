"""Density surfaces year by year, all on one grid, so that they can be held against each other."""

from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from geo.analysis.surface import Box, Surface, point_density
from geo.crs import metres_of
from geo.errors import InputError
from geo.join import point_xy

__all__ = ["densities_by_year"]

_MARGIN: Final = 4.0  # bandwidths around the points of all years, when no box is given
_MOST_CELLS: Final = 100_000_000


def densities_by_year(
    points: gpd.GeoDataFrame | gpd.GeoSeries,
    years: "pd.Series[Any]",
    *,
    bandwidth_m: float = 5_000.0,
    cell_m: float = 500.0,
    weights: ArrayLike | None = None,
    land: gpd.GeoDataFrame | gpd.GeoSeries | None = None,
    box: Box | None = None,
) -> dict[int, Surface]:
    """Estimate the density of the points of each year, see ``density_surface``.

    Parameters
    ----------
    points
        Points in equal-area metres; missing and empty ones are dropped and counted by year.
    years
        Aligned to ``points``: whole numbers from 1000 to 3000; all else is undated and in no
        surface.
    bandwidth_m, cell_m, weights, land
        As in ``point_density``.
    box
        West, south, east, north to cover; by default the dated points and four bandwidths around.

    Returns
    -------
    dict
        Year to surface, ascending, all on one grid: their sum is the surface of the dated points.

    Raises
    ------
    CRSError
        When a frame is not in equal-area metres, or two are not in the same.
    InputError
        As ``density_surface``; also when no point with a place has a year, or all surfaces
        together would have more than 100 million cells.

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> spots = gpd.GeoSeries.from_xy([0.0, 0.0, 9.0], [0.0, 0.0, 9.0], crs=metres)
    >>> made = densities_by_year(spots, pd.Series([2020, 2021, None]), cell_m=1_000)
    >>> [(year, one.n) for year, one in made.items()]
    [(2020, 1), (2021, 1)]
    """
    x, y = point_xy(points, metres_of(points, name="points"), name="points")
    numbers = pd.to_numeric(years, errors="coerce").to_numpy(dtype=float)
    dated = (numbers >= 1000) & (numbers <= 3000) & (numbers == np.floor(numbers))
    here = dated & np.isfinite(x + y)
    if not here.any():
        msg = "no point with a place has a year (a whole number between 1000 and 3000)"
        raise InputError(msg)
    margin = _MARGIN * bandwidth_m
    west, south, east, north = box or (
        float(x[here].min()) - margin, float(y[here].min()) - margin,
        float(x[here].max()) + margin, float(y[here].max()) + margin,
    )  # fmt: skip
    found = sorted({int(one) for one in numbers[here]})
    cells = (east - west) * (north - south) / cell_m**2
    if cells * len(found) > _MOST_CELLS:
        msg = f"{len(found)} years of {cells:,.0f} cells are too many; use larger cells"
        raise InputError(msg)
    given = None if weights is None else np.asarray(weights)
    made = {}
    for year in found:
        own = dated & (numbers == year)
        made[year] = point_density(
            points[own], bandwidth_m=bandwidth_m, cell_m=cell_m, land=land,
            box=(west, south, east, north), weights=None if given is None else given[own],
        )  # fmt: skip
    return made
