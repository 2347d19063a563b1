"""Profiles along an axis: counts, sums and densities by stretch, category and year."""

import itertools
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.analysis.corridors.buffers import exact_area_km2, require_width, ribbon_pieces
from geo.analysis.corridors.linear_referencing import require_one_axis
from geo.crs import require_crs
from geo.errors import InputError

__all__ = ["profile", "require_weight", "stretches"]


def require_weight(measured: pd.DataFrame, weight: "pd.Series[float] | None") -> "pd.Series[float]":
    """Return the weights of measured points, or raise when they cannot be weights.

    Parameters
    ----------
    measured
        Points measured against the axes, as ``geo.analysis.corridors.membership.measure`` returns
        them.
    weight
        Aligned to ``measured``, finite and not negative; ones by default.

    Returns
    -------
    Series
        Floats, aligned to ``measured``.

    Raises
    ------
    InputError
        When a weight is negative or missing, or not aligned.

    Examples
    --------
    >>> require_weight(pd.DataFrame(index=[3, 5]), None).tolist()
    [1.0, 1.0]
    """
    if weight is None:
        return pd.Series(1.0, index=measured.index)
    if not weight.index.equals(measured.index):
        msg = "weight is not aligned to the measured points; give one number a point, same index"
        raise InputError(msg)
    heavy = pd.to_numeric(weight).astype("float64")
    wrong = ~(np.isfinite(heavy) & (heavy >= 0))
    if wrong.any():
        msg = (
            f"{wrong.sum()} weights are negative or missing, first {heavy[wrong].iloc[0]} at "
            f"{heavy.index[wrong][0]}; correct or leave out these points"
        )
        raise InputError(msg)
    return heavy


def stretches(length_km: float, bin_km: float) -> NDArray[np.float64]:
    """Divide an axis into stretches of equal length, the last one shorter.

    Parameters
    ----------
    length_km
        Length of the axis.
    bin_km
        Length of a stretch.

    Returns
    -------
    ndarray
        Rising edges in kilometres, from 0 to ``length_km``.

    Raises
    ------
    InputError
        When the stretch is not positive, or so short that there would be more than 10,000.

    Examples
    --------
    >>> stretches(25.0, 10.0).tolist()
    [0.0, 10.0, 20.0, 25.0]
    >>> stretches(20.0, 10.0).tolist(), stretches(3.0, 10.0).tolist()
    ([0.0, 10.0, 20.0], [0.0, 3.0])
    """
    require_width(bin_km, name="bin_km")
    if length_km / bin_km > 10_000:
        msg = f"bin_km is {bin_km}: more than 10,000 stretches; take a longer one"
        raise InputError(msg)
    inner = np.arange(0.0, length_km, bin_km)
    if len(inner) > 1 and length_km - inner[-1] < 1e-6 * bin_km:
        inner = inner[:-1]
    return np.append(inner, length_km)


def profile(
    measured: pd.DataFrame,
    axis: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    width_km: float = 10.0,
    bin_km: float = 10.0,
    land: gpd.GeoDataFrame | gpd.GeoSeries | None = None,
    groups: pd.DataFrame | None = None,
    weight: "pd.Series[float] | None" = None,
    nodes: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Count the points of a corridor along its axis.

    Stretches are half-open, [a, b), the last one closed. A stretch's area is that of all places
    in the corridor whose foot lies in it, so that bends and ends are right; density is the count
    divided by the land in it (the whole area without ``land``).

    Parameters
    ----------
    measured
        What ``corridors.measure`` returns for this axis; points inside are counted, points that
        may be inside are counted apart.
    axis
        One line in equal-area metres, indexed by ``axis_id``.
    width_km
        Distance from the axis to the edge of the corridor in kilometres, as given to ``measure``.
    bin_km
        Length of a stretch.
    land
        Polygons of the land in equal-area metres, which may touch but not overlap.
    groups
        Columns ``category``, ``year`` or both, aligned to ``measured``: one profile for each
        combination that occurs, zero stretches kept. Points without a group are in none of them.
    weight
        Not negative, aligned to ``measured``; adds ``weight_sum`` and ``weight_per_km2``.
    nodes
        What ``corridors.milestones`` returns; adds ``nodes_zh``, ``nodes_en``, ``nodes_ja``, the
        names in each stretch.

    Returns
    -------
    DataFrame
        One row a combination and stretch: the columns of ``groups``, ``from_km``, ``to_km``,
        ``area_km2``, ``land_km2`` (equal to the area without ``land``), ``count``, ``unknown``,
        ``per_km2`` (null where there is no land), and the weighted pair when asked for.

    Raises
    ------
    CRSError
        When a frame is not in equal-area metres, or two are not in the same.
    InputError
        When there is not exactly one axis, a length is not positive, or a series is not aligned.

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> axis = gpd.GeoSeries([shapely.LineString([(0, 0), (20e3, 0)])], ["a"], crs=metres)
    >>> measured = pd.DataFrame({"chainage_km": [1.0, 10.0, 20.0],
    ...     "inside": pd.array([True, True, None], dtype="boolean")})
    >>> found = profile(measured, axis, width_km=1.0)
    >>> found[["from_km", "to_km", "count", "unknown"]].to_numpy().tolist()
    [[0.0, 10.0, 1.0, 0.0], [10.0, 20.0, 1.0, 1.0]]
    """
    edges = stretches(require_one_axis(axis).length / 1000.0, bin_km)
    frame = _stretch_areas(axis, edges, width_km, land)
    if nodes is not None:
        frame = frame.assign(**_named(nodes, edges))
    heavy = require_weight(measured, weight)
    at = _stretch_of(measured["chainage_km"], edges)
    inside = measured["inside"].eq(other=True).fillna(value=False).to_numpy(dtype=bool)
    unknown = (measured["inside"].isna() & measured["chainage_km"].notna()).to_numpy(dtype=bool)
    tables = []
    for values, mine in _combinations(measured, groups):
        counted = frame.assign(
            count=np.bincount(at[inside & mine], minlength=len(frame)),
            unknown=np.bincount(at[unknown & mine], minlength=len(frame)),
        )
        counted["per_km2"] = counted["count"] / counted["land_km2"].replace(0.0, np.nan)
        if weight is not None:
            counted["weight_sum"] = np.bincount(
                at[inside & mine], weights=heavy[inside & mine], minlength=len(frame)
            )
            counted["weight_per_km2"] = counted["weight_sum"] / counted["land_km2"].replace(
                0.0, np.nan
            )
        for place, (name, value) in enumerate(values.items()):
            counted.insert(place, name, value)
        tables.append(counted)
    return pd.concat(tables, ignore_index=True)


def _stretch_of(
    chainage_km: "pd.Series[float]", edges_km: NDArray[np.float64]
) -> NDArray[np.int64]:
    after = np.searchsorted(edges_km, chainage_km.to_numpy(), side="right")
    return np.clip(after - 1, 0, len(edges_km) - 2)


def _named(nodes: pd.DataFrame, edges_km: NDArray[np.float64]) -> dict[str, list[str]]:
    at = _stretch_of(nodes["chainage_km"], edges_km)
    return {
        f"nodes_{language}": [
            "; ".join(nodes.loc[at == stretch, f"name_{language}"])
            for stretch in range(len(edges_km) - 1)
        ]
        for language in ("zh", "en", "ja")
    }


def _stretch_areas(
    axis: gpd.GeoDataFrame | gpd.GeoSeries,
    edges_km: NDArray[np.float64],
    width_km: float,
    land: gpd.GeoDataFrame | gpd.GeoSeries | None,
) -> pd.DataFrame:
    line, width_m = require_one_axis(axis), require_width(width_km)
    pieces = ribbon_pieces(line, edges_km * 1000.0, width_m)
    corners = shapely.get_coordinates(line)
    areas = np.array([exact_area_km2(piece, corners, width_m) for piece in pieces])
    dry = areas
    if land is not None:
        require_crs(land, axis.crs, name="land")
        ground = shapely.union_all(land.geometry.to_numpy())
        dry = areas * shapely.area(shapely.intersection(pieces, ground)) / shapely.area(pieces)
    return pd.DataFrame(
        {"from_km": edges_km[:-1], "to_km": edges_km[1:], "area_km2": areas, "land_km2": dry}
    )


def _combinations(
    measured: pd.DataFrame, groups: pd.DataFrame | None
) -> list[tuple[dict[str, Any], NDArray[np.bool_]]]:
    """Return each combination of group values with the points in it."""
    if groups is None:
        return [({}, np.ones(len(measured), dtype=bool))]
    if not groups.index.equals(measured.index) or not set(groups.columns) <= {"category", "year"}:
        msg = "groups holds category, year or both, aligned to the measured points"
        raise InputError(msg)
    values = [sorted(groups[name].dropna().unique()) for name in groups.columns]
    found = []
    for combination in itertools.product(*values):
        named = dict(zip(groups.columns, combination, strict=True))
        mine = np.ones(len(measured), dtype=bool)
        for name, value in named.items():
            mine &= groups[name].eq(value).fillna(value=False).to_numpy(dtype=bool)
        found.append((named, mine))
    if not found:
        msg = f"groups: no point has a {' and a '.join(groups.columns)}"
        raise InputError(msg)
    return found
