"""Coordinates, weights and years of points, as every measure on points reads them."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from geo.analysis.years import split_drops, years_of
from geo.crs import metres_of
from geo.errors import InputError

__all__ = ["PointTable", "point_table", "weights_of"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class PointTable:
    """What a measure on points reads.

    Attributes
    ----------
    frame
        Columns ``x``, ``y`` (metres), ``weight`` and, when given, ``year``; index of the input.
    n_dropped
        Reason to number of rows set aside.
    years
        Ascending; empty without years.
    crs
        The equal-area projection of ``x`` and ``y``.
    """

    frame: pd.DataFrame
    n_dropped: dict[str, int]
    years: tuple[int, ...]
    crs: CRS


def weights_of(frame: pd.DataFrame, column: str = "weight") -> "pd.Series[float]":
    """Return the weights of a table, one each when it has none.

    Parameters
    ----------
    frame
        May have the column.
    column
        Name of the column of weights.

    Returns
    -------
    Series
        Float, missing where a cell is not a number.

    Raises
    ------
    InputError
        When a weight is negative or infinite.
    """
    if column not in frame.columns:
        return pd.Series(1.0, index=frame.index)
    weights = pd.to_numeric(frame[column], errors="coerce").astype(float)
    wrong = (weights < 0) | np.isinf(weights)
    if wrong.any():
        shown = weights[wrong].iloc[0]
        msg = f"column {column}: {int(wrong.sum())} values are negative or infinite, first {shown}"
        raise InputError(msg)
    return weights


def point_table(points: gpd.GeoDataFrame, *, name: str = "points") -> PointTable:
    """Read the coordinates, weights and years of points, and count what was left out.

    Parameters
    ----------
    points
        Points in equal-area metres, with optional columns ``weight`` (≥ 0) and ``year``.
    name
        Name of the points at the caller, for messages.

    Returns
    -------
    PointTable
        Rows without a position or a weight are dropped and counted.

    Raises
    ------
    CRSError
        When the points are not in metres.
    InputError
        When a geometry is not a point, a weight is negative, a year is not one, or no row is left.
    """
    crs = metres_of(points, name=name)
    shapes = points.geometry.to_numpy()
    empty = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    if (shapely.get_type_id(shapes[~empty]) != 0).any():
        msg = f"{name} must be points; use geometry.representative_point() of lines and polygons"
        raise InputError(msg)
    frame = pd.DataFrame(
        {"x": shapely.get_x(shapes), "y": shapely.get_y(shapes), "weight": weights_of(points)},
        index=points.index,
    )
    if "year" in points.columns:
        frame["year"] = points["year"]
    lost = pd.Series(empty, index=points.index)
    kept, dropped = split_drops(
        frame, {"no position": lost, "no weight": pd.Series(frame["weight"].isna())}
    )
    if kept.empty:
        msg = f"{name}: no row has a position and a weight"
        raise InputError(msg)
    return PointTable(kept, dropped, years_of(kept), crs)
