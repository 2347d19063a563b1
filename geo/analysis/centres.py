"""Where the middle lies, how it moves, and in which direction points spread."""

from collections.abc import Callable
from typing import Any, Final, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.analysis._median import least_distance_point, weighted_mean
from geo.analysis._points import PointTable, point_table
from geo.analysis.result import Result
from geo.analysis.years import by_year
from geo.errors import InputError, UnknownIdError

__all__ = [
    "SCALINGS",
    "centre_shift",
    "mean_centre",
    "median_centre",
    "standard_deviational_ellipse",
]

Floats = NDArray[np.float64]
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
    values = _layer(table, lambda rows: _centre_row(weighted_mean(rows), rows))
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
    values = _layer(table, lambda rows: _centre_row(least_distance_point(rows), rows))
    return _result(values, "median-centre", table)


def centre_shift(points: gpd.GeoDataFrame, *, centre: Literal["mean", "median"] = "mean") -> Result:
    """Measure how far and whither the centre moves from one year to the next.

    Parameters
    ----------
    points
        Points in equal-area metres with a column ``year``, optionally ``weight``.
    centre
        Which centre.

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
    centre = weighted_mean(rows)
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
    """Describe the spread of points by an ellipse whose scaling is named, for each year.

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
