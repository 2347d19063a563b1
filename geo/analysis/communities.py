"""Groups of units in a flow network, told from what chance would give."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from geo.analysis.centrality import as_graph
from geo.analysis.flows import Flows
from geo.errors import InputError

__all__ = ["Communities", "communities"]

_LEVEL: Final = 0.95


@dataclass(frozen=True)
class Communities:
    """Groups of units with more flow inside than chance would give.

    Attributes
    ----------
    groups
        The partition found most often, as tuples of ids, largest group first.
    modularity
        Its Q.
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
    """Divide units into groups by modularity, and judge the result against chance.

    Louvain's method runs from many seeds. The null model is the weighted
    configuration model: every unit keeps its strength on average, and beyond that the flows are
    as random as can be (exponential around aᵢ·aⱼ, the distribution of largest entropy); each draw
    is divided in the same way.

    Parameters
    ----------
    flows
        Checked flows; the two directions are summed.
    year
        One year, or all years together.
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
    >>> from geo.analysis.flows import check_flows
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
