"""Centres of a distribution and the structure around them: mean, median, ellipse.

The middle of weighted points: by coordinates, and by the least sum of distances.

Where the middle lies, how it moves, and in which direction points spread.

The structure of points in one layer: centres, ellipse, shift; and densities of units.
"""

from collections.abc import Callable
from typing import Any, Final, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.analysis.points.positions import PointTable, point_table
from geo.analysis.result import Result
from geo.analysis.years import by_year, split_drops
from geo.crs import metres_of, require_crs, to_storage
from geo.errors import InputError, UnknownIdError
from geo.join import locate

__all__ = [
    "SCALINGS",
    "centre_layer",
    "centre_shift",
    "mean_centre",
    "median_centre",
    "standard_deviational_ellipse",
    "unit_densities",
]

Floats = NDArray[np.float64]
_MAX_STEPS: Final = 1000


def _weighted_mean(rows: pd.DataFrame) -> Floats:
    weight = rows["weight"].to_numpy()
    total = weight.sum()
    if total <= 0:
        msg = "the weights sum to zero, so there is no centre"
        raise InputError(msg)
    return np.asarray(weight @ rows[["x", "y"]].to_numpy() / total, dtype=float)


def _least_distance_point(rows: pd.DataFrame) -> Floats:
    """Descend by the better of Weiszfeld's and Newton's step; a data point may be the median.

    Weiszfeld's steps alone creep for thousands of rounds near a data point.
    """
    merged = rows.loc[rows["weight"] > 0].groupby(["x", "y"])[["weight"]].sum().reset_index()
    spots, weight = merged[["x", "y"]].to_numpy(), merged["weight"].to_numpy()
    here = _weighted_mean(rows)
    for _ in range(_MAX_STEPS):
        nearest = int(np.hypot(*(spots - here).T).argmin())
        if _holds(nearest, spots, weight):
            return np.asarray(spots[nearest], dtype=float)
        aim = _downhill(here, spots, weight)
        if _cost(aim, spots, weight) >= _cost(here, spots, weight):
            break
        here = aim
    return _polished(here, spots, weight)


def _polished(here: Floats, spots: Floats, weight: Floats) -> Floats:
    """Follow Newton's steps while the pull shrinks: the cost is too flat for the last digits."""
    pull, curvature = _slope(here, spots, weight)
    for _ in range(20):
        aim = here + np.linalg.lstsq(curvature, pull, rcond=None)[0]
        fresh, bent = _slope(aim, spots, weight)
        if not np.hypot(*fresh) < np.hypot(*pull):
            break
        here, pull, curvature = aim, fresh, bent
    return here


def _slope(here: Floats, spots: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Return the pull towards the points and how it bends."""
    away = spots - here
    length = np.maximum(np.hypot(*away.T), np.finfo(float).tiny)
    near = weight / length
    unit = away / length[:, None]
    return near @ away, np.eye(2) * near.sum() - (unit * near[:, None]).T @ unit


def _holds(at: int, spots: Floats, weight: Floats) -> bool:
    """Tell whether the others' pull on a data point is no more than its own weight."""
    away = spots - spots[at]
    length = np.hypot(*away.T)
    other = length > 0
    pull = (weight[other] / length[other]) @ away[other]
    return bool(np.hypot(*pull) <= weight[at])


def _downhill(here: Floats, spots: Floats, weight: Floats) -> Floats:
    """Return the better of a Weiszfeld step and a damped Newton step; ``here`` when none helps."""
    away = spots - here
    length = np.hypot(*away.T)
    if length.min() == 0:  # on a data point that is not the median: leave it along the pull
        other = length > 0
        pull = (weight[other] / length[other]) @ away[other]
        return _damped(here, pull / np.hypot(*pull) * length[other].min(), spots, weight)
    pull, curvature = _slope(here, spots, weight)
    newton = np.asarray(np.linalg.lstsq(curvature, pull, rcond=None)[0], dtype=float)
    aims = [here + pull / (weight / length).sum(), _damped(here, newton, spots, weight)]
    return min(aims, key=lambda aim: _cost(aim, spots, weight))


def _damped(here: Floats, step: Floats, spots: Floats, weight: Floats) -> Floats:
    start = _cost(here, spots, weight)
    for _ in range(60):
        if _cost(here + step, spots, weight) < start:
            return here + step
        step = step / 2
    return here


def _cost(spot: Floats, spots: Floats, weight: Floats) -> float:
    return float(weight @ np.hypot(*(spots - spot).T))


Scaling = Literal["raw", "arcgis", "crimestat"]

SCALINGS: Final = ("raw", "arcgis", "crimestat")
"""How programs scale the axes of one and the same ellipse."""


def _layer(
    table: PointTable, measure: Callable[[pd.DataFrame], dict[str, Any]]
) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(by_year(table.frame, measure), geometry="geometry", crs=table.crs)


def _result(values: pd.DataFrame, formula_id: str, table: PointTable) -> Result:
    return Result(
        values,
        formula_id,
        n=len(table.frame),
        n_dropped=table.n_dropped,
        crs=table.crs,
        years=table.years,
    )


def _centre_row(centre: Floats, rows: pd.DataFrame) -> dict[str, Any]:
    weight = rows["weight"].to_numpy()
    spread = ((rows[["x", "y"]].to_numpy() - centre) ** 2).sum(axis=1)
    return {
        "x_m": centre[0],
        "y_m": centre[1],
        "standard_distance_m": float(np.sqrt(weight @ spread / weight.sum())),
        "n": len(rows),
        "weight": float(weight.sum()),
        "geometry": shapely.Point(centre),
    }


def mean_centre(points: gpd.GeoDataFrame) -> Result:
    """Find the mean centre of points, for each year.

    ``x̄ = Σ w x / Σ w``, ``ȳ`` likewise; the standard distance is the root of the weighted mean
    squared distance from it.

    Parameters
    ----------
    points
        Points in equal-area metres; optional columns ``weight`` (≥ 0) and ``year``.

    Returns
    -------
    Result
        ``values`` is a GeoDataFrame with ``x_m, y_m, standard_distance_m, n, weight``, one row a
        year (index ``year``) or one row.

    Raises
    ------
    CRSError
        When the points are not in metres.
    InputError
        When weights are negative or sum to zero, or no point is left.

    References
    ----------
    Lefever, D. W. (1926). Am. J. Sociology 32(1): 88-94.

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> spots = gpd.GeoDataFrame(geometry=gpd.points_from_xy([0, 2], [0, 4]), crs=metres)
    >>> mean_centre(spots).values[["x_m", "y_m"]].iloc[0].tolist()
    [1.0, 2.0]
    """
    table = point_table(points)
    values = _layer(table, lambda rows: _centre_row(_weighted_mean(rows), rows))
    return _result(values, "mean-centre", table)


def median_centre(points: gpd.GeoDataFrame) -> Result:
    """Find the point with the least weighted sum of distances, for each year.

    Parameters
    ----------
    points
        Points in equal-area metres; optional columns ``weight`` (≥ 0) and ``year``.

    Returns
    -------
    Result
        As ``mean_centre``. Of an even number of points on one line, one of the many medians.

    Raises
    ------
    CRSError
        When the points are not in metres.
    InputError
        When weights are negative or sum to zero, or no point is left.

    References
    ----------
    Vardi, Y. & Zhang, C.-H. (2000). PNAS 97(4): 1423-1426, doi:10.1073/pnas.97.4.1423.

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> spots = gpd.GeoDataFrame(
    ...     {"weight": [1, 1, 5]}, geometry=gpd.points_from_xy([0, 9, 4], [0, 0, 3]),
    ...     crs=metres)
    >>> median_centre(spots).values[["x_m", "y_m"]].round(6).iloc[0].tolist()
    [4.0, 3.0]
    """
    table = point_table(points)
    values = _layer(table, lambda rows: _centre_row(_least_distance_point(rows), rows))
    return _result(values, "median-centre", table)


def centre_shift(points: gpd.GeoDataFrame, *, centre: Literal["mean", "median"] = "mean") -> Result:
    """Measure distance and azimuth of the centre's shift from one year to the next.

    Parameters
    ----------
    points
        Points in equal-area metres with a column ``year``, optionally ``weight``.
    centre
        Which centre is followed: ``mean`` or ``median``.

    Returns
    -------
    Result
        ``values`` has one row a year but the first: ``year_before, shift_m, azimuth_deg``
        (clockwise from north, missing when the centre stays). Empty with one year.

    Raises
    ------
    CRSError
        When the points are not in metres.
    InputError
        When there is no column ``year``, or a centre cannot be found.

    References
    ----------
    Lefever, D. W. (1926). Am. J. Sociology 32(1): 88-94.

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> spots = gpd.GeoDataFrame(
    ...     {"year": [2010, 2020]}, geometry=gpd.points_from_xy([0, 10], [0, 0]), crs=metres)
    >>> centre_shift(spots).values.loc[2020].tolist()
    [2010.0, 10.0, 90.0]
    """
    if centre not in ("mean", "median"):
        raise UnknownIdError("centre", centre, ("mean", "median"))
    found = (mean_centre if centre == "mean" else median_centre)(points)
    if not found.years:
        msg = "a shift needs a column year"
        raise InputError(msg)
    spots = found.table()[["x_m", "y_m"]].astype(float)
    step = spots.diff().iloc[1:]
    length = pd.Series(np.hypot(step["x_m"], step["y_m"]), index=step.index)
    turn = np.degrees(np.arctan2(step["x_m"], step["y_m"])) % 360
    values = pd.DataFrame(
        {
            "year_before": spots.index[:-1].to_numpy(),
            "shift_m": length,
            "azimuth_deg": pd.Series(turn, index=step.index).where(length > 0),
        },
        index=step.index,
    )
    return Result(
        values,
        "centre-shift",
        n=found.n,
        n_dropped=found.n_dropped,
        crs=found.crs,
        years=found.years,
    )


def _factor(scaling: str, total: float) -> float:
    if scaling == "raw":
        return 1.0
    if scaling == "arcgis":
        return float(np.sqrt(2))
    return float(np.sqrt(2 * total / (total - 2))) if total > 2 else float("nan")


def _outline(centre: Floats, axes: Floats, azimuth_deg: float) -> shapely.Geometry:
    if not np.isfinite(axes).all() or axes[0] <= 0:
        return shapely.Point(centre)
    turn = np.linspace(0, 2 * np.pi, 128, endpoint=False)
    along, across = axes[0] * np.cos(turn), axes[1] * np.sin(turn)
    sin, cos = np.sin(np.radians(azimuth_deg)), np.cos(np.radians(azimuth_deg))
    ring = np.column_stack([along * sin + across * cos, along * cos - across * sin]) + centre
    return shapely.Polygon(ring) if axes[1] > 0 else shapely.LineString(ring[[0, 64]])


def _ellipse(rows: pd.DataFrame, scaling: str) -> dict[str, Any]:
    centre = _weighted_mean(rows)
    weight = rows["weight"].to_numpy()
    away = rows[["x", "y"]].to_numpy() - centre
    covariance = (away * weight[:, None]).T @ away / weight.sum()
    variances, directions = np.linalg.eigh(covariance)
    # rounding leaves a trace of width on points that lie on one line
    variances = np.where(variances > 1e-12 * variances[1], variances, 0.0)
    axes = np.sqrt(variances[::-1]) * _factor(scaling, float(weight.sum()))
    round_ = bool(np.isclose(variances[0], variances[1], rtol=1e-9, atol=0))
    azimuth = float(np.degrees(np.arctan2(directions[0, 1], directions[1, 1])) % 180)
    return {
        "x_m": centre[0],
        "y_m": centre[1],
        "major_m": axes[0],
        "minor_m": axes[1],
        "azimuth_deg": float("nan") if round_ else azimuth,
        "flattening": 1 - axes[1] / axes[0] if axes[0] > 0 else float("nan"),
        "area_km2": np.pi * axes[0] * axes[1] / 1e6,
        "scaling": scaling,
        "n": len(rows),
        "geometry": _outline(centre, axes, azimuth),
    }


def standard_deviational_ellipse(points: gpd.GeoDataFrame, *, scaling: Scaling = "raw") -> Result:
    """Compute the standard deviational ellipse of points, for each year.

    The axes are ``k`` times the roots of the eigenvalues of the weighted covariance. ``k`` is 1
    (``raw``), √2 (``arcgis``) or √(2n/(n−2)) (``crimestat``; n is the sum of the weights), so the
    same twelve points give 30.9, 43.8 or 47.9. PySAL's ``pointpats`` (2.5.5) is not used: it
    returns the angle counter-clockwise from east where its documentation says clockwise.

    Parameters
    ----------
    points
        Points in equal-area metres; optional columns ``weight`` (frequency, ≥ 0) and ``year``.
    scaling
        One of ``SCALINGS``; never mix them across years or papers.

    Returns
    -------
    Result
        ``values`` is a GeoDataFrame of ellipses with ``x_m, y_m, major_m, minor_m, azimuth_deg``
        (of the major axis, clockwise from north, 0 to 180; missing for a circle), ``flattening,
        area_km2, scaling, n``. Points on one line give a line, coinciding points a point.

    Raises
    ------
    CRSError
        When the points are not in metres.
    InputError
        When weights are negative or sum to zero, or no point is left.
    UnknownIdError
        When the scaling is not known.

    References
    ----------
    Lefever, D. W. (1926). Am. J. Sociology 32(1): 88-94.
    Yuill, R. S. (1971). Geografiska Annaler B 53(1): 28-39.

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> spots = gpd.GeoDataFrame(
    ...     geometry=gpd.points_from_xy([-2, 2, 0, 0], [0, 0, 1, -1]), crs=metres)
    >>> one = standard_deviational_ellipse(spots).values.iloc[0]
    >>> float(one.azimuth_deg), float(one.minor_m / one.major_m)
    (90.0, 0.5)
    """
    if scaling not in SCALINGS:
        raise UnknownIdError("scaling", scaling, SCALINGS)
    table = point_table(points)
    values = _layer(table, lambda rows: _ellipse(rows, scaling))
    return _result(values, "standard-deviational-ellipse", table)


def centre_layer(
    points: gpd.GeoDataFrame, *, scaling: Scaling = "raw"
) -> tuple[gpd.GeoDataFrame, list[Result]]:
    """Draw mean centre, median centre and ellipse of points in one layer, for each year.

    Parameters
    ----------
    points
        Points in equal-area metres; optional columns ``weight`` and ``year``.
    scaling
        Scaling of the ellipse's axes, one of ``SCALINGS``.

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
        Name of the units for warnings, such as their file.

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
