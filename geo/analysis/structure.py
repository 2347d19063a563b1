"""The structure of points in one layer: centres, ellipse, shift; and densities of units."""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.analysis._points import point_table
from geo.analysis.centres import (
    Scaling,
    centre_shift,
    mean_centre,
    median_centre,
    standard_deviational_ellipse,
)
from geo.analysis.result import Result
from geo.analysis.years import split_drops
from geo.crs import metres_of, require_crs, to_storage
from geo.join import locate

__all__ = ["centre_layer", "unit_densities"]


def centre_layer(
    points: gpd.GeoDataFrame, *, scaling: Scaling = "raw"
) -> tuple[gpd.GeoDataFrame, list[Result]]:
    """Draw mean centre, median centre and ellipse of points in one layer, for each year.

    Parameters
    ----------
    points
        Points in equal-area metres; optional columns ``weight`` and ``year``.
    scaling
        Of the ellipse.

    Returns
    -------
    layer : GeoDataFrame
        In equal-area metres; ``kind`` (mean_centre, median_centre, ellipse), ``year`` when given,
        the figures of each kind, and for centres ``shift_m, azimuth_deg`` from the year before.
    results : list of Result
        The measures behind it.

    Raises
    ------
    CRSError
        When the points are not in metres.
    InputError
        When no centre can be found.

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> spots = gpd.GeoDataFrame(geometry=gpd.points_from_xy([0, 2], [0, 4]), crs=metres)
    >>> layer, results = centre_layer(spots)
    >>> layer.kind.tolist(), [one.formula_id for one in results][:2]
    (['mean_centre', 'median_centre', 'ellipse'], ['mean-centre', 'median-centre'])
    """
    results = [mean_centre(points), median_centre(points)]
    parts: list[pd.DataFrame] = []
    for result, which in zip(results[:2], ("mean", "median"), strict=True):
        part = result.table().assign(kind=f"{which}_centre")
        if len(result.years) > 1:
            shift = centre_shift(points, centre="mean" if which == "mean" else "median")
            part = part.join(shift.table())
            results.append(shift)
        parts.append(part)
    ellipse = standard_deviational_ellipse(points, scaling=scaling)
    results.append(ellipse)
    parts.append(ellipse.table().assign(kind="ellipse"))
    layer = pd.concat([_plain(part) for part in parts], ignore_index=True)
    ahead = ["kind", "year"] if results[0].years else ["kind"]
    order = [*ahead, *(one for one in layer.columns if one not in ahead)]
    return gpd.GeoDataFrame(layer[order], geometry="geometry", crs=points.crs), results


def _plain(part: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(part.reset_index(drop=part.index.name != "year"))


def unit_densities(
    points: gpd.GeoDataFrame, units: gpd.GeoDataFrame, *, name: str = "the units"
) -> Result:
    """Count points, or sum their weights, per km² of each unit, for each year.

    Parameters
    ----------
    points
        Points in equal-area metres; optional columns ``weight`` and ``year``.
    units
        Polygons in equal-area metres, indexed by id; ``area_km2`` is measured where it is missing.
    name
        What a warning calls the units, such as their file.

    Returns
    -------
    Result
        Columns ``adcode, weight, value`` (per km²) and ``year`` when given: every unit in every
        year, zero where nothing stands, ready for ``moran`` and ``local_moran``.

    Raises
    ------
    CRSError
        When a frame is not in metres.
    InputError
        When a unit is not a polygon, or there are no points to count.

    Examples
    --------
    >>> from geo.layers import read
    >>> sites, cities = (read(one, crs="analysis") for one in ("facilities", "prefectures"))
    >>> found = unit_densities(sites, cities)
    >>> len(found.values), found.n + sum(found.n_dropped.values())
    (13, 315)
    """
    crs = metres_of(units, name=name)
    table = point_table(points)
    require_crs(points, crs, name="points")
    spots = gpd.GeoSeries(
        gpd.points_from_xy(table.frame["x"], table.frame["y"]),
        index=table.frame.index,
        crs=crs,
    )
    placed = locate(to_storage(spots), to_storage(units), name=name)
    unit = placed[str(units.index.name or "unit")]
    kept, dropped = split_drops(
        table.frame.assign(adcode=unit.to_numpy()), {"outside the units": unit.isna()}
    )
    columns: dict[str, Any] = {"adcode": units.index}
    keys = ["adcode"]
    if table.years:
        keys = ["year", "adcode"]
        columns = {"year": list(table.years), **columns}
        kept = kept.assign(year=pd.to_numeric(kept["year"]).astype("int64"))
    whole = (
        pd.MultiIndex.from_product(list(columns.values()), names=keys)
        if table.years
        else (pd.Index(units.index, name="adcode"))
    )
    weight = kept.groupby(keys)["weight"].sum().reindex(whole, fill_value=0.0)
    values = weight.rename("weight").reset_index()
    areas = units["area_km2"] if "area_km2" in units.columns else units.geometry.area / 1e6
    area = areas.reindex(values["adcode"]).to_numpy(dtype=float)
    values["value"] = np.asarray(values["weight"]) / area
    return Result(
        values,
        "unit-density",
        n=len(kept),
        n_dropped=table.n_dropped | dropped,
        crs=crs,
        years=table.years,
    )
