"""Whether like lies beside like, in one number: Moran's I; and hot spots: Getis and Ord's Gi*.

Both rest on esda, which was found right for them; the local Moran index is our own
(``geo.analysis.local_moran`` says why).
"""

import numpy as np
import pandas as pd
from esda import G_Local, Moran
from libpysal.graph import Graph
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import ndtr

from geo.analysis.local_moran import benjamini_hochberg
from geo.analysis.result import Result
from geo.analysis.weights import (
    check_test,
    for_panel,
    matrix_of,
    panel_result,
    require_spread,
    unit_panel,
)

__all__ = ["getis_ord", "moran", "moran_scatter"]

Floats = NDArray[np.float64]


def moran(
    table: pd.DataFrame,
    graph: Graph,
    *,
    permutations: int = 999,
    seed: int = 20260202,
) -> Result:
    """Measure global spatial autocorrelation, for each year.

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
        Weights over the units, as from ``contiguity``.
    permutations
        Random arrangements; the least possible p is 1/(permutations + 1).
    seed
        Of the permutations.

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
    """Lay each unit's value against the mean of its neighbours, the points behind Moran's I.

    ``z_i = (y_i − ȳ)/s``, ``lag_i = Σ_j w_ij z_j`` on row-standardised weights; without islands
    the mean of ``z·lag``, the slope of the line through the points, is I.

    Parameters
    ----------
    table, graph
        As in ``moran``.

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
    """Find hot and cold spots with the unit itself included (Gi*), for each year.

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
        Weights over the units, as from ``contiguity``.
    rate
        False discovery rate.

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
