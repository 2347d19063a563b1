"""Axes found against axes drawn: how far two sets of lines say the same.

Detection is in ``geo.analysis.axes``; here two frames of lines are compared, whatever made them.
Axis sets of different documents are compared, never mixed.
"""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.stats import kendalltau

from geo.crs import ANALYSIS_CRS, require_crs
from geo.errors import InputError

__all__ = ["compare_axes", "rank_agreement"]

_STEP_M = 1000.0


def compare_axes(
    found: gpd.GeoDataFrame, drawn: gpd.GeoDataFrame, *, width_km: float = 10.0
) -> pd.DataFrame:
    """Compare each found axis with each drawn one.

    overlap = length of a line within the width of the other / its own length, both ways; the
    Hausdorff distance is the farthest any point of one is from the other, the discrete Fréchet
    distance the shortest leash of two who walk the lines without turning back, over both
    directions. For both, lines are densified to 1 km.

    Parameters
    ----------
    found, drawn
        Lines in ``ANALYSIS_CRS``, each with a unique index.
    width_km
        How far apart two lines may run and still be the same axis.

    Returns
    -------
    DataFrame
        One row a pair: ``found``, ``drawn``, ``overlap_found``, ``overlap_drawn`` (0 to 1),
        ``hausdorff_km``, ``frechet_km``, and ``best``: whether this drawn axis is the found one's
        nearest by Fréchet distance (ties: the first).

    Raises
    ------
    CRSError
        When a frame is not in ``ANALYSIS_CRS``.
    InputError
        When an index is not unique, a line is empty or has no length, or the width is not above 0.

    References
    ----------
    Alt, H. and Godau, M. (1995), Computing the Fréchet distance between two polygonal curves,
    International Journal of Computational Geometry & Applications 5, 75-91,
    doi:10.1142/S0218195995000064.

    Examples
    --------
    >>> lines = gpd.GeoDataFrame(index=["a", "b"], geometry=[
    ...     shapely.LineString([(0, 0), (100e3, 0)]), shapely.LineString([(0, 0), (0, 100e3)])],
    ...     crs=ANALYSIS_CRS)
    >>> compare_axes(lines.loc[["a"]], lines)[
    ...     ["drawn", "overlap_found", "hausdorff_km", "best"]].to_numpy().tolist()
    [['a', 1.0, 0.0, True], ['b', 0.1, 100.0, False]]
    """
    for frame, name in ((found, "found"), (drawn, "drawn")):
        _require_lines(frame, name)
    if not width_km > 0:
        msg = f"a width of {width_km} km holds nothing; give one above 0"
        raise InputError(msg)
    rows = [
        {"found": left, "drawn": right, **_pair(one, other, width_km * 1000.0)}
        for left, one in found.geometry.items()
        for right, other in drawn.geometry.items()
    ]
    columns = [
        *("found", "drawn", "overlap_found", "overlap_drawn", "hausdorff_km", "frechet_km", "best")
    ]
    if not rows:
        return pd.DataFrame(columns=columns)
    table = pd.DataFrame(rows)
    nearest = table.groupby("found", sort=False).frechet_km.idxmin()
    return table.assign(best=table.index.isin(nearest))[columns]


def _require_lines(frame: gpd.GeoDataFrame, name: str) -> None:
    require_crs(frame, ANALYSIS_CRS, name=name)
    if not frame.index.is_unique:
        msg = f"two axes of {name} have one id ({frame.index[frame.index.duplicated()][0]!r})"
        raise InputError(msg)
    bad = ~(frame.geom_type == "LineString") | ~(frame.length > 0)
    if bad.any():
        msg = f"axis {frame.index[bad][0]!r} of {name} is not a line with a length"
        raise InputError(msg)


def _pair(one: shapely.LineString, other: shapely.LineString, width_m: float) -> dict[str, float]:
    fine, target = shapely.segmentize(one, _STEP_M), shapely.segmentize(other, _STEP_M)
    frechet_m = min(
        shapely.frechet_distance(fine, target), shapely.frechet_distance(fine, target.reverse())
    )
    return {
        "overlap_found": _within(one, other, width_m),
        "overlap_drawn": _within(other, one, width_m),
        "hausdorff_km": float(shapely.hausdorff_distance(fine, target)) / 1000.0,
        "frechet_km": float(frechet_m) / 1000.0,
    }


def _within(one: shapely.LineString, other: shapely.LineString, width_m: float) -> float:
    ribbon = other.buffer(width_m, quad_segs=64)
    return min(1.0, float(one.intersection(ribbon).length / one.length))


def rank_agreement(left: "pd.Series[float]", right: "pd.Series[float]") -> dict[str, float | int]:
    """Say how far two orders of the same axes agree.

    Parameters
    ----------
    left, right
        Ranks or weights by axis id (larger is more, in both, or smaller is more, in both); ids
        that only one has are left out.

    Returns
    -------
    dict
        ``tau`` (Kendall's τ-b, from -1 to 1; NaN with fewer than two axes or without order),
        ``n`` axes compared, ``n_dropped`` that only one side has. No p-value: with two or three
        axes none means anything.

    References
    ----------
    Kendall, M. G. (1938), A new measure of rank correlation, Biometrika 30(1-2), 81-93,
    doi:10.1093/biomet/30.1-2.81.

    Examples
    --------
    >>> rank_agreement(pd.Series({"a": 3, "b": 2, "c": 1}), pd.Series({"a": 9, "b": 5, "c": 7}))
    {'tau': 0.33..., 'n': 3, 'n_dropped': 0}
    >>> rank_agreement(pd.Series({"a": 1.0}), pd.Series({"a": 1.0}))["tau"]
    nan
    """
    shared = left.dropna().index.intersection(right.dropna().index)
    n_all = len(left.index.union(right.index))
    values = (left.loc[shared], right.loc[shared])
    ordered = len(shared) > 1 and all(one.nunique() > 1 for one in values)
    tau = float(kendalltau(*values).statistic) if ordered else float(np.nan)
    return {"tau": tau, "n": len(shared), "n_dropped": n_all - len(shared)}
