"""Comparison of found axes with drawn axes, and of their order.

Detection is in ``geo.analysis.flows.axes``; here two frames of lines are compared, whatever made
them.
Axis sets of different documents are compared, never mixed.
"""

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import pandas as pd
import shapely

from geo.crs import metres_of, require_crs
from geo.errors import InputError

__all__ = ["RankAgreement", "compare_axes", "compare_documents", "rank_agreement"]

_STEP_M: Final = 1000.0
_PAIRS: Final = [
    *("found", "drawn", "overlap_found", "overlap_drawn", "hausdorff_km", "frechet_km", "best")
]


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
        Lines in equal-area metres, each with a unique index.
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
        When a frame is not in equal-area metres, or two are not in the same.
    InputError
        When an index is not unique, a line is empty or has no length, or the width is not above 0.

    References
    ----------
    Alt, H. and Godau, M. (1995), Computing the Fréchet distance between two polygonal curves,
    International Journal of Computational Geometry & Applications 5, 75-91,
    doi:10.1142/S0218195995000064.

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> lines = gpd.GeoDataFrame(index=["a", "b"], geometry=[
    ...     shapely.LineString([(0, 0), (100e3, 0)]), shapely.LineString([(0, 0), (0, 100e3)])],
    ...     crs=metres)
    >>> compare_axes(lines.loc[["a"]], lines)[
    ...     ["drawn", "overlap_found", "hausdorff_km", "best"]].to_numpy().tolist()
    [['a', 1.0, 0.0, True], ['b', 0.1, 100.0, False]]
    """
    for frame, name in ((found, "found"), (drawn, "drawn")):
        _require_lines(frame, name)
    require_crs(drawn, found.crs, name="drawn")
    if not width_km > 0:
        msg = f"a width of {width_km} km holds nothing; give one above 0"
        raise InputError(msg)
    rows = [
        {"found": left, "drawn": right, **_pair(one, other, width_km * 1000.0)}
        for left, one in found.geometry.items()
        for right, other in drawn.geometry.items()
    ]
    if not rows:
        return pd.DataFrame(columns=_PAIRS)
    table = pd.DataFrame(rows)
    nearest = table.groupby("found", sort=False).frechet_km.idxmin()
    return table.assign(best=table.index.isin(nearest))[_PAIRS]


def _require_lines(frame: gpd.GeoDataFrame, name: str) -> None:
    metres_of(frame, name=name)
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


@dataclass(frozen=True)
class RankAgreement:
    """How far two orders of the same axes agree.

    Attributes
    ----------
    tau
        Kendall's τ-b from -1 to 1; None where no order can be compared.
    n
        Number of axes that are compared.
    n_dropped
        Axes that only one side has.
    reason
        Why there is no τ: ``no axis in common``, ``one axis in common has no order`` or ``all
        ranks are equal``; None where there is one.
    """

    tau: float | None
    n: int
    n_dropped: int
    reason: str | None


def rank_agreement(left: "pd.Series[float]", right: "pd.Series[float]") -> RankAgreement:
    """Measure the rank agreement (Kendall's τ-b) of two orders of the same axes.

    Parameters
    ----------
    left, right
        Ranks or weights by axis id (larger is more, in both, or smaller is more, in both); ids
        that only one has are left out.

    Returns
    -------
    RankAgreement
        Kendall's τ-b with its count. No p-value: with two or three axes none means anything.

    References
    ----------
    Kendall, M. G. (1938), A new measure of rank correlation, Biometrika 30(1-2), 81-93,
    doi:10.1093/biomet/30.1-2.81.

    Examples
    --------
    >>> rank_agreement(pd.Series({"a": 3, "b": 2, "c": 1}), pd.Series({"a": 9, "b": 5, "c": 7}))
    RankAgreement(tau=0.33..., n=3, n_dropped=0, reason=None)
    >>> rank_agreement(pd.Series({"a": 1.0}), pd.Series({"a": 1.0, "b": 2.0}))
    RankAgreement(tau=None, n=1, n_dropped=1, reason='one axis in common has no order')
    """
    shared = left.dropna().index.intersection(right.dropna().index)
    n, n_dropped = len(shared), len(left.index.union(right.index)) - len(shared)
    values = (left.loc[shared], right.loc[shared])
    if n < 2:
        reason = "one axis in common has no order" if n else "no axis in common"
        return RankAgreement(None, n, n_dropped, reason)
    if any(one.nunique() == 1 for one in values):
        return RankAgreement(None, n, n_dropped, "all ranks are equal")
    from scipy.stats import kendalltau  # noqa: PLC0415 - half a second, for this number alone

    return RankAgreement(float(kendalltau(*values).statistic), n, n_dropped, None)


def compare_documents(
    found: gpd.GeoDataFrame,
    drawn: gpd.GeoDataFrame,
    *,
    width_km: float = 10.0,
    least_overlap: float = 0.5,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Compare found axes with the axes of each document, and their order with its order.

    A found axis matches the drawn one that is best for it within a document when at least
    ``least_overlap`` of it lies within the width. Of several that match one drawn axis the
    strongest counts. The order of the found is that of ``share``; a document's is the order in
    which it lists its axes.

    Parameters
    ----------
    found
        Lines in equal-area metres with ``share``, by id.
    drawn
        Lines in equal-area metres with ``axis_set``, by id, each set in its own order.
    width_km
        Largest distance in kilometres between two lines of the same axis.
    least_overlap
        Smallest overlap at which two axes match, from 0 to 1.

    Returns
    -------
    pairs : DataFrame
        The columns of ``compare_axes`` after ``axis_set``, and ``matched``; ``best`` is within
        the document.
    documents : DataFrame
        Indexed by ``axis_set``: ``n_drawn``, ``n_found``, ``n_matched`` (drawn axes that a found
        one matches), ``tau`` and ``reason`` as ``rank_agreement`` gives them.

    Raises
    ------
    CRSError
        When a frame is not in equal-area metres, or two are not in the same.
    InputError
        As ``compare_axes``.

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> lines = gpd.GeoDataFrame({"axis_set": "a", "share": [0.9, 0.4]}, index=["x", "y"],
    ...     geometry=[shapely.LineString([(0, 0), (100e3, 0)]),
    ...               shapely.LineString([(0, 0), (0, 100e3)])], crs=metres)
    >>> compare_documents(lines, lines)[1].to_dict("records")
    [{'n_drawn': 2, 'n_found': 2, 'n_matched': 2, 'tau': 1.0, 'reason': None}]
    >>> compare_documents(lines, lines.loc[["x"]])[1].reason.tolist()
    ['one axis in common has no order']
    """
    tables, rows = [], []
    for name, own in drawn.groupby("axis_set", sort=False):
        pairs = compare_axes(found, own, width_km=width_km)
        matched = pairs.best.astype(bool) & (pairs.overlap_found >= least_overlap)
        tables.append(pairs.assign(axis_set=name, matched=matched))
        strength = pairs[matched].assign(share=pairs.found.map(found.share)).groupby("drawn").share
        listed = pd.Series(range(len(own), 0, -1), index=own.index, dtype=float)
        ranks = rank_agreement(strength.max(), listed)
        rows.append((name, len(own), len(found), ranks.n, ranks.tau, ranks.reason))
    columns = ["axis_set", "n_drawn", "n_found", "n_matched", "tau", "reason"]
    documents = pd.DataFrame(rows, columns=columns).set_index("axis_set")
    together = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=_PAIRS)
    order = ["axis_set", *_PAIRS, "matched"]
    reasons = pd.Series([row[-1] for row in rows], index=documents.index, dtype=object)
    return together.reindex(columns=order), documents.assign(
        tau=documents.tau.astype("float64"), reason=reasons
    )
