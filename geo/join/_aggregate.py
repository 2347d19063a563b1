"""Points per unit: counts, sums, means and densities, by category and by year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import metres_of, require_crs, to_analysis
from geo.errors import InputError
from geo.join._attach import unit_ids
from geo.region import study_crs

__all__ = ["Aggregated", "By", "aggregate", "land_area_km2"]

By = Literal["category", "year"]
_STATED: Final = "area_km2 of the layer"
_GIVEN: Final = "land area as given"
_MEASURED: Final = "area of the polygons in an equal-area projection"


@dataclass(frozen=True)
class Aggregated:
    """A table per unit, and the points that are in none.

    Attributes
    ----------
    table
        Indexed by the unit's id (and category, year), all units and all combinations present:
        ``n``, ``density_per_km2``, and for each value ``sum_``, ``mean_`` and ``n_`` (how many
        points had the value). A sum of nothing is 0, a mean of nothing is missing.
    n
        Points counted.
    n_dropped
        Points not counted, by reason.
    area_km2
        The area that densities were taken on, by unit.
    area_basis
        What that area is, in words.
    """

    table: pd.DataFrame
    n: int
    n_dropped: Mapping[str, int]
    area_km2: "pd.Series[float]"
    area_basis: str


def aggregate(
    points: pd.DataFrame,
    units: gpd.GeoDataFrame,
    *,
    by: Sequence[By] = (),
    values: Sequence[str] = (),
    land_km2: "pd.Series[float] | None" = None,
) -> Aggregated:
    """Count and sum points per unit.

    density_per_km2 = n / area, on ``land_km2`` when given, else on the layer's own ``area_km2``,
    else on the area of the polygons; ``area_basis`` says which.

    Parameters
    ----------
    points
        Located points: the units' id as a column (as ``locate`` gives it), the columns of
        ``by`` and of ``values``. Geometry is not needed.
    units
        Indexed by id.
    by
        ``"category"``, ``"year"`` or both.
    values
        Columns of numbers to sum and average; missing cells are left out and counted.
    land_km2
        Land area by unit, from ``land_area_km2`` or a table; for coastal units whose polygons
        reach into the sea.

    Returns
    -------
    Aggregated
        The table, and how many points were not counted and why.

    Raises
    ------
    InputError
        When a column is missing, or an area is not above zero.

    Examples
    --------
    >>> from shapely import box
    >>> units = gpd.GeoDataFrame({"area_km2": [2.0, 4.0]},
    ...     index=pd.Index(["1", "2"], name="adcode"),
    ...     geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)], crs="EPSG:4326")
    >>> done = aggregate(pd.DataFrame({"adcode": ["1", "1", None], "staff": [3, 5, 9]}), units,
    ...     values=["staff"])
    >>> done.table.density_per_km2.tolist(), done.table.mean_staff.tolist(), done.n_dropped
    ([1.0, 0.0], [4.0, nan], {'in no unit': 1})
    """
    name = str(units.index.name or "unit")
    _require_columns(points, [*by, *values])
    area, basis = _area(units, land_km2)
    ids = unit_ids(points, name)
    keys = points[list(by)].copy()
    keys.insert(0, name, ids)
    dropped, keep = _reasons(keys, units.index, by)
    keys = keys[keep]
    groups = [keys[one].to_numpy() for one in keys.columns]
    every = _every_group(units.index, keys, name, by)
    columns: dict[str, Any] = {"n": _filled(pd.Series(1, index=keys.index), groups, every, "sum")}
    km2 = area.reindex(every.get_level_values(0)).to_numpy()
    columns["density_per_km2"] = columns["n"].to_numpy() / km2
    for one in values:
        cells = pd.to_numeric(points.loc[keep, one], errors="coerce").astype(float)
        columns[f"sum_{one}"] = _filled(cells, groups, every, "sum")
        columns[f"mean_{one}"] = cells.groupby(groups).mean().reindex(every).to_numpy()
        columns[f"n_{one}"] = _filled(cells, groups, every, "count")
    table = pd.DataFrame(columns, index=every)
    return Aggregated(table, len(keys), dropped, area, basis)


def _require_columns(points: pd.DataFrame, wanted: Sequence[str]) -> None:
    lacking = [one for one in wanted if one not in points.columns]
    if lacking:
        msg = f"the points have no column {', '.join(lacking)}; they have {list(points.columns)}"
        raise InputError(msg)


def _reasons(
    keys: pd.DataFrame, known: pd.Index, by: Sequence[By]
) -> tuple[dict[str, int], "pd.Series[bool]"]:
    placed = keys.iloc[:, 0].isin(known)
    dropped = {"in no unit": int((~placed).sum())}
    keep = placed
    for one in by:
        lacking = keep & keys[one].isna()
        if lacking.any():
            dropped[f"no {one}"] = int(lacking.sum())
        keep &= ~lacking
    return {reason: count for reason, count in dropped.items() if count}, keep


def _every_group(known: pd.Index, keys: pd.DataFrame, name: str, by: Sequence[By]) -> pd.Index:
    if not by:
        alone: pd.Index = known.rename(name)
        return alone
    levels: list[Any] = [known, *(np.sort(keys[one].unique()) for one in by)]
    every: pd.Index = pd.MultiIndex.from_product(levels, names=[name, *by])
    return every


def _filled(
    cells: "pd.Series[Any]", groups: list[Any], every: pd.Index, how: Literal["sum", "count"]
) -> "pd.Series[Any]":
    return cells.groupby(groups).agg(how).reindex(every, fill_value=0)


def _area(
    units: gpd.GeoDataFrame, land_km2: "pd.Series[float] | None"
) -> tuple["pd.Series[float]", str]:
    if land_km2 is not None:
        area, basis = (
            land_km2.reindex(units.index),
            str(land_km2.name) if land_km2.name is not None else _GIVEN,
        )
    elif "area_km2" in units.columns:
        area, basis = units["area_km2"], _STATED
    else:
        area, basis = to_analysis(units, study_crs(units)).area / 1e6, _MEASURED
    area = area.astype(float).rename("area_km2")
    bad = ~(area > 0)
    if bad.any():
        msg = f"{int(bad.sum())} units have no area above zero ({', '.join(area.index[bad][:3])})"
        raise InputError(msg)
    return area, basis


def land_area_km2(units: gpd.GeoDataFrame, land: gpd.GeoDataFrame) -> "pd.Series[float]":
    """Measure how much of each unit is land.

    area(unit ∩ land) in equal-area metres. The shipped county polygons end at the coast as their
    publisher draws it (their areas sum to the published land areas within 0.5 %), so that
    ``area_km2`` needs no mask; polygons that reach into the sea do, and then the answer is as
    good as the land polygons given. No global land mask is shipped: the one on PyPI has cells of
    1′, about 1.5 km, wider than the reclaimed land that matters here.

    Parameters
    ----------
    units, land
        Polygons in equal-area metres; ``land`` may be many.

    Returns
    -------
    Series
        km² by unit, named for what it is.

    Raises
    ------
    CRSError
        When either frame is not in metres.

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> from shapely import box
    >>> units = gpd.GeoDataFrame(index=["1"], geometry=[box(0, 0, 2000, 1000)], crs=metres)
    >>> shore = gpd.GeoDataFrame(geometry=[box(0, 0, 500, 9000)], crs=metres)
    >>> land_area_km2(units, shore).tolist()
    [0.5]
    """
    require_crs(land, metres_of(units, name="units"), name="land")
    whole = land.geometry.union_all()
    cut = shapely.intersection(units.geometry.to_numpy(), whole)
    return pd.Series(shapely.area(cut) / 1e6, index=units.index, name="area within the land given")
