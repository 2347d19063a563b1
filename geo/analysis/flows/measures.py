"""Measures of a network of flows: dominance, centrality, communities.

Density, strength and change of flows by year, on a fixed set of units.

Centralities of units in a flow network, with distance as the inverse of the flow.

Communities of units in a flow network, tested against random networks.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Final

import networkx as nx
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.analysis.flows.table import Flows
from geo.errors import InputError

__all__ = [
    "Communities",
    "as_graph",
    "by_year",
    "centralisation",
    "centrality",
    "communities",
    "density",
    "strength",
]


def density(flows: Flows, year: int | None = None) -> float:
    """Return the share of possible pairs of units that have a flow.

    2m / (n·(n - 1)), or m / (n·(n - 1)) when directed: m pairs with a weight above 0, n all
    units, the same in every year.

    Parameters
    ----------
    flows
        Origin-destination flows as ``check_flows`` returns them, without loops and zeros.
    year
        The year that is used; None sums all years.

    Returns
    -------
    float
        Between 0 and 1; NaN for fewer than two units.

    Raises
    ------
    InputError
        When there are no flows in that year.

    Examples
    --------
    >>> from geo.analysis.flows.table import check_flows
    >>> units = pd.DataFrame({"name_zh": list("甲乙丙"), "name_en": list("abc"),
    ...     "name_ja": list("甲乙丙")}, index=["1", "2", "3"])
    >>> table = pd.DataFrame({"origin": ["甲"], "destination": ["乙"], "weight": [5]})
    >>> round(density(check_flows(table, units)), 3)
    0.333
    """
    n = len(flows.units)
    linked = int((flows.matrix(year) > 0).sum())
    return linked / (n * (n - 1)) if n > 1 else float("nan")


def strength(flows: Flows, year: int | None = None) -> pd.DataFrame:
    """Sum the flows of each unit.

    Parameters
    ----------
    flows
        Origin-destination flows as ``check_flows`` returns them, without loops and zeros.
    year
        The year that is used; None sums all years.

    Returns
    -------
    DataFrame
        Indexed by unit: ``outflow``, ``inflow`` (equal when undirected), ``strength`` (their sum
        when directed, either when not), ``share`` of all strength, ``degree`` (partners).

    Raises
    ------
    InputError
        When there are no flows in that year.

    Examples
    --------
    >>> from geo.analysis.flows.table import check_flows
    >>> units = pd.DataFrame({"name_zh": list("甲乙丙"), "name_en": list("abc"),
    ...     "name_ja": list("甲乙丙")}, index=["1", "2", "3"])
    >>> table = pd.DataFrame({"origin": ["甲"], "destination": ["乙"], "weight": [5]})
    >>> strength(check_flows(table, units)).strength.tolist()
    [5.0, 5.0, 0.0]
    """
    weights = flows.matrix(year)
    out, into = weights.sum(axis=1), weights.sum(axis=0)
    total = out + into if flows.directed else out
    return pd.DataFrame(
        {
            "outflow": out,
            "inflow": into,
            "strength": total,
            "share": total / total.sum(),
            "degree": ((weights > 0) | (weights.T > 0)).sum(axis=1),
        },
        index=flows.units.index,
    )


def by_year(flows: Flows) -> pd.DataFrame:
    """Measure the flows of each year on the fixed set of units.

    Parameters
    ----------
    flows
        Origin-destination flows as ``check_flows`` returns them, with years.

    Returns
    -------
    DataFrame
        Indexed by ``year``: ``n_pairs``, ``n_units`` with flows, ``density`` (all units),
        ``total`` weight, ``mean_weight`` per possible pair, ``change`` of the total since the
        year before (null after a gap).

    Examples
    --------
    >>> from geo.analysis.flows.table import check_flows
    >>> units = pd.DataFrame({"name_zh": ["甲", "乙"], "name_en": ["a", "b"],
    ...     "name_ja": ["甲", "乙"]}, index=["1", "2"])
    >>> table = pd.DataFrame({"origin": ["甲", "甲"], "destination": ["乙", "乙"],
    ...     "weight": [5, 6], "year": [2013, 2014]})
    >>> by_year(check_flows(table, units)).change.tolist()
    [nan, 0.2]
    """
    n = len(flows.units)
    possible = n * (n - 1) / (1 if flows.directed else 2)
    rows = []
    for year in flows.years:
        pairs = flows.pairs[flows.pairs["year"] == year]
        total = float(pairs["weight"].sum())
        rows.append(
            {
                "year": year,
                "n_pairs": len(pairs),
                "n_units": len({*pairs["origin"], *pairs["destination"]}),
                "density": density(flows, year),
                "total": total,
                "mean_weight": total / possible,
            }
        )
    names = ["year", "n_pairs", "n_units", "density", "total", "mean_weight"]
    table = pd.DataFrame(rows, columns=names).set_index("year")
    change = table["total"].pct_change()
    gap = np.diff(table.index.to_numpy(dtype=int), prepend=0) != 1
    return table.assign(change=change.mask(gap))


def as_graph(flows: Flows, *, year: int | None = None) -> "nx.Graph[str]":
    """Turn flows into a graph with all units as nodes.

    Parameters
    ----------
    flows
        Origin-destination flows as ``check_flows`` returns them, without loops and zeros.
    year
        The year that is used; None sums all years.

    Returns
    -------
    networkx.Graph or networkx.DiGraph
        Edges carry ``weight`` (the flow) and ``distance`` (1 / weight).

    Raises
    ------
    InputError
        When there are no flows in that year.

    Examples
    --------
    >>> from geo.analysis.flows.table import check_flows
    >>> units = pd.DataFrame({"name_zh": list("甲乙丙"), "name_en": list("abc"),
    ...     "name_ja": list("甲乙丙")}, index=["1", "2", "3"])
    >>> table = pd.DataFrame({"origin": ["1"], "destination": ["2"], "weight": [4]})
    >>> as_graph(check_flows(table, units)).edges["1", "2"]["distance"]
    0.25
    """
    weights = flows.matrix(year)
    graph: nx.Graph[str] = nx.DiGraph() if flows.directed else nx.Graph()
    ids = [str(one) for one in flows.units.index]
    graph.add_nodes_from(ids)
    shown = weights if flows.directed else np.triu(weights)
    for start, end in zip(*np.nonzero(shown), strict=True):
        heavy = float(weights[start, end])
        graph.add_edge(ids[start], ids[end], weight=heavy, distance=1.0 / heavy)
    return graph


def centrality(flows: Flows, *, year: int | None = None) -> pd.DataFrame:
    """Measure the centrality of each unit.

    A strong flow is a short distance: betweenness and closeness run on 1 / weight, the
    eigenvector on the weight itself.

    Parameters
    ----------
    flows
        Origin-destination flows as ``check_flows`` returns them, without loops and zeros.
    year
        The year that is used; None sums all years.

    Returns
    -------
    DataFrame
        Indexed by unit: ``degree``, ``strength``, ``strength_share``, ``betweenness`` (weighted,
        normalised), ``betweenness_unweighted``, ``closeness`` ((r-1)/Σd · (r-1)/(n-1) over the r
        units that can be reached), ``harmonic`` (Σ 1/d, right on networks in several parts),
        ``eigenvector`` (length 1).

    Raises
    ------
    InputError
        When there are no flows in that year.

    References
    ----------
    Freeman, L. C. (1978). Centrality in social networks: conceptual clarification. Social
    Networks 1, 215-239. doi:10.1016/0378-8733(78)90021-7.

    Examples
    --------
    >>> from geo.analysis.flows.table import check_flows
    >>> units = pd.DataFrame({"name_zh": list("甲乙丙"), "name_en": list("abc"),
    ...     "name_ja": list("甲乙丙")}, index=["1", "2", "3"])
    >>> table = pd.DataFrame({"origin": ["1", "1"], "destination": ["2", "3"], "weight": [4, 4]})
    >>> centrality(check_flows(table, units)).betweenness.tolist()
    [1.0, 0.0, 0.0]
    """
    graph = as_graph(flows, year=year)
    sums = strength(flows, year)
    columns = {
        "betweenness": nx.betweenness_centrality(graph, weight="distance"),
        "betweenness_unweighted": nx.betweenness_centrality(graph),
        "closeness": nx.closeness_centrality(graph, distance="distance"),
        "harmonic": nx.harmonic_centrality(graph, distance="distance"),
    }
    table = pd.DataFrame(columns).reindex([str(one) for one in flows.units.index])
    table.index = flows.units.index
    table.insert(0, "degree", sums["degree"])
    table.insert(1, "strength", sums["strength"])
    table.insert(2, "strength_share", sums["share"])
    return table.assign(eigenvector=_eigenvector(flows, year))


def _eigenvector(flows: Flows, year: int | None) -> "pd.Series[float]":
    weights = flows.matrix(year)
    both = (weights + weights.T) / 2
    values, vectors = np.linalg.eigh(both)
    leading = np.abs(vectors[:, np.argmax(values)])
    return pd.Series(leading, index=flows.units.index)


def centralisation(flows: Flows, *, year: int | None = None) -> float:
    """Return Freeman's degree centralisation of the network.

    Σ(k_max - k_i) / ((n - 1)(n - 2)): 1 for a star, 0 when all units have as many partners.

    Parameters
    ----------
    flows
        Origin-destination flows as ``check_flows`` returns them; directions are ignored.
    year
        The year that is used; None sums all years.

    Returns
    -------
    float
        Between 0 and 1; NaN for fewer than three units.

    Raises
    ------
    InputError
        When there are no flows in that year.

    Examples
    --------
    >>> from geo.analysis.flows.table import check_flows
    >>> units = pd.DataFrame({"name_zh": list("甲乙丙"), "name_en": list("abc"),
    ...     "name_ja": list("甲乙丙")}, index=["1", "2", "3"])
    >>> table = pd.DataFrame({"origin": ["1", "1"], "destination": ["2", "3"], "weight": [4, 4]})
    >>> centralisation(check_flows(table, units))
    1.0
    """
    degree = strength(flows, year)["degree"].to_numpy()
    n = len(degree)
    return float((degree.max() - degree).sum() / ((n - 1) * (n - 2))) if n > 2 else float("nan")


_LEVEL: Final = 0.95


@dataclass(frozen=True)
class Communities:
    """Communities: groups of units with more flow inside than expected at random.

    Attributes
    ----------
    groups
        The partition found most often, as tuples of ids, largest group first.
    modularity
        Modularity Q of the partition ``groups``.
    stability
        Share of the seeds that give this very partition.
    null_modularity
        95 % quantile of Q in random networks with the same strengths.
    significant
        Whether Q is above that. When it is not, there is no community structure to report.
    n_seeds, n_null
        Runs behind stability and the null model.
    """

    groups: tuple[tuple[str, ...], ...]
    modularity: float
    stability: float
    null_modularity: float
    significant: bool
    n_seeds: int
    n_null: int


def communities(
    flows: Flows,
    *,
    year: int | None = None,
    seed: int = 1,
    n_seeds: int = 100,
    n_null: int = 100,
) -> Communities:
    """Detect communities by modularity, and test them against random networks.

    Louvain's method runs from many seeds. The null model is the weighted
    configuration model: every unit keeps its strength on average, and beyond that the flows are
    as random as can be (exponential around aᵢ·aⱼ, the distribution of largest entropy); each draw
    is divided in the same way.

    Parameters
    ----------
    flows
        Origin-destination flows as ``check_flows`` returns them; the two directions are summed.
    year
        The year that is used; None sums all years.
    seed
        First of the seeds.
    n_seeds, n_null
        Number of runs and of draws, at least 1 each.

    Returns
    -------
    Communities
        Groups, Q, stability and the null model's 95 % quantile.

    Raises
    ------
    InputError
        When there are no flows in that year, or a number of runs is below 1.

    References
    ----------
    Blondel, V. D., Guillaume, J.-L., Lambiotte, R. and Lefebvre, E. (2008). Fast unfolding of
    communities in large networks. J. Stat. Mech. P10008. doi:10.1088/1742-5468/2008/10/P10008.

    Garlaschelli, D. and Loffredo, M. I. (2009). Generalized Bose-Fermi statistics and structural
    correlations in weighted networks. Phys. Rev. Lett. 102, 038701.
    doi:10.1103/PhysRevLett.102.038701.

    Examples
    --------
    >>> import pandas as pd
    >>> from geo.analysis.flows.table import check_flows
    >>> units = pd.DataFrame({"name_zh": list("甲乙丙丁"), "name_en": list("abcd"),
    ...     "name_ja": list("甲乙丙丁")}, index=list("1234"))
    >>> table = pd.DataFrame({"origin": ["1", "3", "1"], "destination": ["2", "4", "3"],
    ...     "weight": [90, 90, 1]})
    >>> found = communities(check_flows(table, units), n_seeds=5, n_null=20)
    >>> found.groups, found.significant
    ((('1', '2'), ('3', '4')), True)
    """
    if n_seeds < 1 or n_null < 1:
        msg = f"{n_seeds} seeds and {n_null} draws: give at least 1 of each"
        raise InputError(msg)
    graph = as_graph(flows, year=year)
    if flows.directed:
        graph = _summed(flows.matrix(year), list(graph))
    order = {unit: at for at, unit in enumerate(graph)}
    seen: Counter[tuple[tuple[str, ...], ...]] = Counter()
    for one in range(seed, seed + n_seeds):
        found = nx.community.louvain_communities(graph, weight="weight", seed=one)
        seen[_sorted(found, order)] += 1
    quality = {
        groups: float(nx.community.modularity(graph, map(set, groups), weight="weight"))
        for groups in seen
    }
    groups = max(seen, key=lambda one: (seen[one], quality[one]))
    null = _null_modularity(flows.matrix(year), seed=seed, n_null=n_null)
    limit = float(np.quantile(null, _LEVEL))
    return Communities(
        groups=groups,
        modularity=quality[groups],
        stability=seen[groups] / n_seeds,
        null_modularity=limit,
        significant=quality[groups] > limit,
        n_seeds=n_seeds,
        n_null=n_null,
    )


def _sorted(groups: list[set[str]], order: dict[str, int]) -> tuple[tuple[str, ...], ...]:
    inner = [tuple(sorted(group, key=order.__getitem__)) for group in groups]
    return tuple(sorted(inner, key=lambda group: (-len(group), order[group[0]])))


def _summed(weights: NDArray[np.float64], ids: list[str]) -> "nx.Graph[str]":
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(ids)
    both = np.triu(weights + weights.T)
    for start, end in zip(*np.nonzero(both), strict=True):
        graph.add_edge(ids[start], ids[end], weight=float(both[start, end]))
    return graph


def _null_modularity(
    weights: NDArray[np.float64], *, seed: int, n_null: int
) -> NDArray[np.float64]:
    both = weights + weights.T
    mean = _expected(both)
    random = np.random.default_rng(seed)
    ids = [str(at) for at in range(len(both))]
    found = []
    for at in range(n_null):
        graph = _summed(np.triu(random.exponential(mean)), ids)
        groups = nx.community.louvain_communities(graph, weight="weight", seed=at)
        found.append(float(nx.community.modularity(graph, groups, weight="weight")))
    return np.array(found)


def _expected(both: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return mean flows aᵢ·aⱼ without loops that keep each unit's strength.

    A strength above that of all others together cannot be kept without loops; then the nearest
    that the iteration reaches is taken.
    """
    strengths = both.sum(axis=1)
    factor = strengths / np.sqrt(strengths.sum())
    for _ in range(200):
        rest = factor.sum() - factor
        factor = np.sqrt(factor * np.divide(strengths, rest, out=factor * 0, where=rest > 0))
    mean = np.outer(factor, factor)
    np.fill_diagonal(mean, 0.0)
    return mean
