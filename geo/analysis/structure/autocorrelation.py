"""Spatial autocorrelation of units, over all of them and one by one.

Clusters and outliers unit by unit: the local Moran index with its false discovery rate.

Our own, because esda (2.8.2, measured) gives a unit without neighbours the smallest possible p,
so that an island is painted as significant, and tests one-sided without saying so; and because
the years of a panel can share one set of arrangements, which is what makes them affordable.

Whether like lies beside like, in one number: Moran's I; and hot spots: Getis and Ord's Gi*.

Both rest on esda, which was found right for them; the local Moran index is our own
(``geo.analysis.structure.autocorrelation`` says why).
"""

from typing import Any, Final

import numpy as np
import pandas as pd
from esda import G_Local, Moran
from libpysal.graph import Graph
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import ndtr

from geo.analysis.result import Result
from geo.analysis.structure.weights import (
    Alternative,
    check_test,
    for_panel,
    matrix_of,
    panel_result,
    require_spread,
    unit_panel,
)

__all__ = [
    "QUADRANTS",
    "benjamini_hochberg",
    "getis_ord",
    "local_moran",
    "moran",
    "moran_scatter",
]

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
    """Compute local Moran's I for each year, with the false discovery rate controlled.

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
        Spatial weights over the units, as from ``contiguity``.
    alternative
        ``two-sided`` doubles the smaller tail; ``greater`` asks for clusters of like values,
        ``less`` for outliers.
    permutations
        Random arrangements; the least possible p is 1/(permutations + 1), twice that two-sided.
    rate
        False discovery rate over the units of one year.
    seed
        Seed of the random permutations.

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


def moran(
    table: pd.DataFrame,
    graph: Graph,
    *,
    permutations: int = 999,
    seed: int = 20260202,
) -> Result:
    """Compute global Moran's I, for each year.

    ``I = (n/S0) Σ_ij w_ij z_i z_j / Σ z²`` on row-standardised weights; ``z_norm`` and ``p_norm``
    under normality, ``p_sim`` by permutation, one-sided (``greater`` when I is above its
    expectation, else ``less``). esda computes the index and the moments.

    Parameters
    ----------
    table
        Column ``value``; units in the column ``adcode`` or the index, all codes of one
        year (``jjj codes upgrade``); optional ``year``. Only
        units with a value in every year enter, so that years compare.
    graph
        Spatial weights over the units, as from ``contiguity``.
    permutations
        Random arrangements; the least possible p is 1/(permutations + 1).
    seed
        Seed of the random permutations.

    Returns
    -------
    Result
        ``i, expected, z_norm, p_norm, z_rand, p_sim, n, n_islands`` a year.

    Raises
    ------
    InputError
        When fewer than four units have values, all are equal, or a unit occurs twice in a year.

    References
    ----------
    Moran, P. A. P. (1950). Biometrika 37: 17-23, doi:10.2307/2332142.

    Examples
    --------
    >>> graph = Graph.from_arrays(list("abbccd"), list("bacbdc"), [1] * 6)
    >>> table = pd.DataFrame({"value": [1.0, 2.0, 3.0, 4.0]}, index=list("abcd"))
    >>> moran(table, graph).values.i.round(6).tolist()
    [0.4]
    """
    check_test("two-sided", permutations)
    panel = unit_panel(table, graph)
    weights = for_panel(panel, graph)
    order = pd.Index(weights.unique_ids)
    rng = np.random.default_rng(seed)
    matrix = matrix_of(weights, order)
    rows = []
    for year, column in panel.wide.loc[order].items():
        values = column.to_numpy(dtype=float)
        require_spread(values, int(str(year)))
        one = Moran(values, weights, permutations=0)
        rows.append(
            {
                "i": float(one.I),
                "expected": float(one.EI),
                "z_norm": float(one.z_norm),
                "p_norm": float(one.p_norm),
                "z_rand": float(one.z_rand),
                "p_sim": _global_p(values, matrix, permutations, rng),
                "n": len(values),
                "n_islands": len(weights.isolates),
            }
        )
    values_ = pd.DataFrame(rows, index=pd.Index(panel.wide.columns, name="year", dtype="int64"))
    return panel_result(values_, "moran", panel)


def moran_scatter(table: pd.DataFrame, graph: Graph) -> Result:
    """Return the Moran scatter plot: each unit's value and the mean of its neighbours.

    ``z_i = (y_i − ȳ)/s``, ``lag_i = Σ_j w_ij z_j`` on row-standardised weights; without islands
    the mean of ``z·lag``, the slope of the line through the points, is I.

    Parameters
    ----------
    table, graph
        Column ``value`` with units in ``adcode`` or the index, optional ``year``; and spatial
        weights over these units, as from ``contiguity``.

    Returns
    -------
    Result
        Indexed by unit (after ``year``): ``value, z, lag`` (missing for islands)``, quadrant``
        (high-high, low-high, low-low, high-low, no neighbours), a description without a test.

    Raises
    ------
    InputError
        When fewer than four units have values, all are equal, or a unit occurs twice in a year.

    References
    ----------
    Anselin, L. (1996), in Fischer, M., Scholten, H. & Unwin, D. (eds), Spatial Analytical
    Perspectives on GIS, 111-125. Taylor & Francis.

    Examples
    --------
    >>> graph = Graph.from_arrays(list("abbccd"), list("bacbdc"), [1] * 6)
    >>> table = pd.DataFrame({"value": [1.0, 2.0, 3.0, 4.0]}, index=list("abcd"))
    >>> found = moran_scatter(table, graph).values
    >>> round(float((found.z * found.lag).mean()), 6)
    0.4
    """
    panel = unit_panel(table, graph)
    weights = for_panel(panel, graph)
    order = pd.Index(weights.unique_ids, name=str(panel.wide.index.name))
    matrix, island = matrix_of(weights, order), np.isin(order, list(weights.isolates))
    frames = {}
    for year, column in panel.wide.loc[order].items():
        values = column.to_numpy(dtype=float)
        require_spread(values, int(str(year)))
        z = (values - values.mean()) / values.std()
        lag = np.where(island, np.nan, matrix @ z)
        words = [f"{_side(one)}-{_side(other)}" for one, other in zip(z, lag, strict=True)]
        frames[int(str(year))] = pd.DataFrame(
            {
                "value": values,
                "z": z,
                "lag": lag,
                "quadrant": np.where(island, "no neighbours", words),
            },
            index=order,
        )
    return panel_result(pd.concat(frames, names=["year"]), "moran", panel)


def _side(score: float) -> str:
    return "high" if score > 0 else "low"


def _global_p(
    values: Floats, matrix: sparse.csr_array, permutations: int, rng: np.random.Generator
) -> float:
    z = values - values.mean()
    shuffled = rng.permuted(np.tile(z, (permutations, 1)), axis=1)
    products = np.einsum("ij,ji->i", shuffled, matrix @ shuffled.T)
    here = float(z @ (matrix @ z))
    larger = int((products >= here).sum())
    return (min(larger, permutations - larger) + 1) / (permutations + 1)


def getis_ord(table: pd.DataFrame, graph: Graph, *, rate: float = 0.05) -> Result:
    """Compute Getis and Ord's Gi* (hot and cold spots), for each year.

    Binary weights, each unit its own neighbour; esda computes the z value, p is two-sided normal
    and the false discovery rate is held over the units of one year. z does not depend on the zero
    of the scale, but esda (2.8.2, measured) divides by the sum of the values and turns the sign
    where that is negative (hot becomes cold for rates of decline): values are shifted first.

    Parameters
    ----------
    table
        Column ``value``, of any sign; units in ``adcode`` or the index, codes
        of one year; optional ``year``. Only units with a value in every year enter.
    graph
        Spatial weights over the units, as from ``contiguity``.
    rate
        False discovery rate over the units of one year, in (0, 1).

    Returns
    -------
    Result
        Indexed by unit (after ``year``): ``z, p, significant, label`` (hot, cold,
        not significant, no neighbours).

    Raises
    ------
    InputError
        When fewer than four units have values, all are equal, or a unit occurs twice in a year.

    References
    ----------
    Ord, J. K. & Getis, A. (1995). Geographical Analysis 27(4): 286-306,
    doi:10.1111/j.1538-4632.1995.tb00912.x.

    Examples
    --------
    >>> graph = Graph.from_arrays(list("abbccd"), list("bacbdc"), [1] * 6)
    >>> table = pd.DataFrame({"value": [1.0, 1.0, 1.0, 9.0]}, index=list("abcd"))
    >>> getis_ord(table, graph).values.z.round(3).tolist()
    [-1.0, -1.732, 0.577, 1.0]
    """
    panel = unit_panel(table, graph)
    binary = graph.subgraph(panel.wide.index) if len(panel.wide) < graph.n else graph
    binary = binary.transform("B")
    order = pd.Index(binary.unique_ids, name=str(panel.wide.index.name))
    island = np.isin(order, list(binary.isolates))
    starred = binary.assign_self_weight(1)
    frames = {}
    for year, column in panel.wide.loc[order].items():
        values = column.to_numpy(dtype=float)
        require_spread(values, int(str(year)))
        # any shift to positive values leaves z as it is
        one = G_Local(values - values.min(), starred, transform="B", star=True, permutations=0)
        z = np.where(island, np.nan, np.asarray(one.Zs, dtype=float))
        frames[int(str(year))] = _hot(order, z, rate)
    return panel_result(pd.concat(frames, names=["year"]), "getis-ord-gi-star", panel)


def _hot(order: pd.Index, z: Floats, rate: float) -> pd.DataFrame:
    p = 2 * ndtr(-np.abs(z))
    passing = benjamini_hochberg(p, rate=rate)
    significant = pd.array(passing, dtype="boolean")
    significant[np.isnan(z)] = pd.NA
    side = np.where(z > 0, "hot", "cold")
    label = np.where(np.isnan(z), "no neighbours", np.where(passing, side, "not significant"))
    return pd.DataFrame({"z": z, "p": p, "significant": significant, "label": label}, index=order)
