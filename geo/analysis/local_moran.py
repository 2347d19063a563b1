"""Clusters and outliers unit by unit: the local Moran index with its false discovery rate.

Our own, because esda (2.8.2, measured) gives a unit without neighbours the smallest possible p,
so that an island is painted as significant, and tests one-sided without saying so; and because
the years of a panel can share one set of arrangements, which is what makes them affordable.
"""

from typing import Any, Final

import numpy as np
import pandas as pd
from libpysal.graph import Graph
from numpy.typing import NDArray
from scipy import sparse

from geo.analysis.result import Result
from geo.analysis.weights import (
    Alternative,
    check_test,
    for_panel,
    matrix_of,
    panel_result,
    require_spread,
    unit_panel,
)

__all__ = ["QUADRANTS", "benjamini_hochberg", "local_moran"]

Floats = NDArray[np.float64]
QUADRANTS: Final = {1: "high-high", 2: "low-high", 3: "low-low", 4: "high-low"}


def benjamini_hochberg(p: Floats, *, rate: float = 0.05) -> NDArray[np.bool_]:
    """Tell which of many tests pass at a false discovery rate; missing p never passes.

    Parameters
    ----------
    p
        One p a test, NaN where none was made.
    rate
        Between 0 and 1.

    Returns
    -------
    ndarray of bool
        Aligned to ``p``.

    References
    ----------
    Benjamini, Y. & Hochberg, Y. (1995). J. R. Stat. Soc. B 57(1): 289-300.

    Examples
    --------
    >>> benjamini_hochberg(np.array([0.01, 0.04, 0.03, np.nan])).tolist()
    [True, True, True, False]
    >>> benjamini_hochberg(np.array([0.04, 0.5])).tolist()
    [False, False]
    """
    tested = np.sort(p[~np.isnan(p)])
    if not tested.size:
        return np.zeros(p.shape, dtype=bool)
    passing = tested <= rate * np.arange(1, tested.size + 1) / tested.size
    limit = tested[passing].max() if passing.any() else -1.0
    return np.asarray(np.nan_to_num(p, nan=np.inf) <= limit)


def _lag_counts(
    z: Floats,
    lag: Floats,
    neighbours: tuple[NDArray[np.int64], Floats],
    arrangements: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Count, for each year, how often a permuted lag of each unit is as large, or as small.

    One unit at a time: the others' places are shuffled, so a drawn place at or behind the unit's
    own moves one on. ``z`` is units × years; every year meets the same arrangements.
    """
    places, weight = neighbours
    larger, smaller = np.zeros(lag.shape, dtype=np.int64), np.zeros(lag.shape, dtype=np.int64)
    start = 0
    counts = np.bincount(places, minlength=len(z))
    for unit, k in enumerate(counts):
        if not k:
            continue
        drawn = arrangements[:, :k]
        drawn = drawn + (drawn >= unit)
        here = weight[start : start + k]
        start += k
        lags = np.tensordot(z[drawn], here, axes=(1, 0))
        tolerance = 1e-12 * np.abs(z).max(axis=0)
        larger[unit] = (lags >= lag[unit] - tolerance).sum(axis=0)
        smaller[unit] = (lags <= lag[unit] + tolerance).sum(axis=0)
    return larger, smaller


def _arrangements(
    n: int, most: int, permutations: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Draw, for each permutation, distinct places among the n − 1 others."""
    keys = rng.random((permutations, n - 1), dtype=np.float32)
    if most < n - 1:
        first = np.argpartition(keys, most - 1, axis=1)[:, :most] if most else keys[:, :0]
        # argpartition leaves no random order among the chosen; weights may differ by place
        return np.asarray(rng.permuted(first, axis=1), dtype=np.int64)
    return np.asarray(np.argsort(keys, axis=1), dtype=np.int64)


def local_moran(
    table: pd.DataFrame,
    graph: Graph,
    *,
    alternative: Alternative = "two-sided",
    permutations: int = 999,
    rate: float = 0.05,
    seed: int = 20260202,
) -> Result:
    """Find clusters and outliers unit by unit, for each year, with the false discovery rate held.

    ``I_i = (n−1) z_i Σ_j w_ij z_j / Σ z²`` (esda's scaling; GeoDa and ArcGIS may use n). The
    pseudo p compares the lag of each unit with lags of randomly arranged others; every year meets
    the same arrangements. A unit without neighbours is not tested.

    Parameters
    ----------
    table
        Column ``value``; units in the column ``adcode`` or the index, all codes of one
        year (``jjj codes upgrade``); optional ``year``. Only
        units with a value in every year enter.
    graph
        Weights over the units, as from ``contiguity``.
    alternative
        ``two-sided`` doubles the smaller tail; ``greater`` asks for clusters of like values,
        ``less`` for outliers.
    permutations
        Random arrangements; the least possible p is 1/(permutations + 1), twice that two-sided.
    rate
        False discovery rate over the units of one year.
    seed
        Of the permutations.

    Returns
    -------
    Result
        Indexed by unit (after ``year``): ``local_i, p, quadrant`` (1 high-high, 2 low-high,
        3 low-low, 4 high-low), ``label`` (the quadrant in words, ``not significant`` or
        ``no neighbours``), ``significant`` (missing for islands).

    Raises
    ------
    InputError
        When fewer than four units have values, all are equal, or a unit occurs twice in a year.
    UnknownIdError
        When the alternative is not known.

    References
    ----------
    Anselin, L. (1995). Geographical Analysis 27(2): 93-115,
    doi:10.1111/j.1538-4632.1995.tb00338.x.

    Examples
    --------
    >>> graph = Graph.from_arrays(list("abbccde"), list("bacbdce"), [1] * 6 + [0])
    >>> table = pd.DataFrame({"value": [1.0, 2.0, 3.0, 4.0, 9.0]}, index=list("abcde"))
    >>> local_moran(table, graph).values.label["e"]
    'no neighbours'
    """
    check_test(alternative, permutations)
    panel = unit_panel(table, graph)
    weights = for_panel(panel, graph)
    order = pd.Index(weights.unique_ids, name=str(panel.wide.index.name))
    values = panel.wide.loc[order].to_numpy(dtype=float)
    for year, column in zip(panel.wide.columns, values.T, strict=True):
        require_spread(column, int(year))
    matrix = matrix_of(weights, order)
    z = values - values.mean(axis=0)
    lag = np.asarray(matrix @ z)
    island = np.diff(matrix.indptr) == 0
    island |= np.asarray(abs(matrix).sum(axis=1)).ravel() == 0
    if island.any():
        matrix = sparse.csr_array(matrix)
        matrix.eliminate_zeros()
    p = _pseudo_p(z, lag, matrix, alternative, permutations, seed)
    p[island] = np.nan
    frames = {
        int(year): _judged(order, z[:, at], lag[:, at], p[:, at], rate)
        for at, year in enumerate(panel.wide.columns)
    }
    return panel_result(pd.concat(frames, names=["year"]), "local-moran", panel)


def _pseudo_p(
    z: Floats,
    lag: Floats,
    matrix: sparse.csr_array,
    alternative: str,
    permutations: int,
    seed: int,
) -> Floats:
    degrees = np.diff(matrix.indptr)
    rng = np.random.default_rng(seed)
    drawn = _arrangements(len(z), int(degrees.max(initial=0)), permutations, rng)
    places = np.repeat(np.arange(len(z)), degrees)
    larger, smaller = _lag_counts(z, lag, (places, np.asarray(matrix.data, dtype=float)), drawn)
    # a large lag beside a high value is a cluster, beside a low value an outlier
    cluster = np.where(z >= 0, larger, smaller)
    outlier = np.where(z >= 0, smaller, larger)
    tail = {"greater": cluster, "less": outlier, "two-sided": np.minimum(larger, smaller)}
    p = (tail[alternative] + 1) / (permutations + 1)
    return np.asarray(np.minimum(2 * p, 1.0) if alternative == "two-sided" else p, dtype=float)


def _judged(order: pd.Index, z: Floats, lag: Floats, p: Floats, rate: float) -> pd.DataFrame:
    quadrant = np.select([(z > 0) & (lag > 0), (z <= 0) & (lag > 0), (z <= 0)], [1, 2, 3], 4)
    passing = benjamini_hochberg(p, rate=rate)
    island = np.isnan(p)
    words = pd.Series(quadrant).map(QUADRANTS).to_numpy()
    label = np.where(island, "no neighbours", np.where(passing, words, "not significant"))
    significant = pd.array(passing, dtype="boolean")
    significant[island] = pd.NA
    columns: dict[str, Any] = {
        "local_i": (len(z) - 1) * z * lag / (z @ z),
        "p": p,
        "quadrant": quadrant,
        "label": label,
        "significant": significant,
    }
    return pd.DataFrame(columns, index=order)
