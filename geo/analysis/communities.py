"""Groups and cores of a flow network, told from what chance would give."""

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from geo.analysis.centrality import as_graph
from geo.analysis.flows import Flows
from geo.errors import InputError

__all__ = ["Communities", "Core", "Ideal", "best_core", "communities", "core_periphery"]

Ideal = Literal["core-core", "max"]
_EXHAUSTIVE_UNITS: Final = 14
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
        95 % quantile of Q in networks with the same strengths and no groups.
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

    Louvain's method runs from many seeds. The null model draws the total weight anew over the
    pairs, each with a chance in proportion to the product of the two units' strengths (a weighted
    configuration model without loops), and divides each draw in the same way.

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
    both = weights + weights.T if not np.array_equal(weights, weights.T) else weights
    pairs = np.triu_indices(len(both), 1)
    strengths = both.sum(axis=0)
    chance = (strengths[:, None] * strengths[None, :])[pairs]
    heavy = both[pairs]
    # as many draws as there are units of flow; where weights are fractions, enough of them
    draws = int(max(round(heavy.sum()), 10 * (heavy > 0).sum()))
    random = np.random.default_rng(seed)
    ids = [str(at) for at in range(len(both))]
    found = []
    for at in range(n_null):
        drawn = np.zeros_like(both)
        drawn[pairs] = random.multinomial(draws, chance / chance.sum())
        graph = _summed(drawn, ids)
        groups = nx.community.louvain_communities(graph, weight="weight", seed=at)
        found.append(float(nx.community.modularity(graph, groups, weight="weight")))
    return np.array(found)


@dataclass(frozen=True)
class Core:
    """The core of a network under a named ideal.

    Attributes
    ----------
    ideal
        ``core-core``: flows between core units, and no others. ``max``: flows of core units with
        all units, and no others.
    units
        Ids, strongest first.
    correlation
        Between the weights and the ideal pattern.
    exhaustive
        Whether every possible core was tried.
    """

    ideal: Ideal
    units: tuple[str, ...]
    correlation: float
    exhaustive: bool


def core_periphery(flows: Flows, *, ideal: Ideal = "core-core", year: int | None = None) -> Core:
    """Find the core whose ideal pattern agrees best with the flows.

    The correlation between the weights of all pairs and the pattern is the measure. Up to 14
    units every subset is tried; above, the strongest k units for each k, improved by exchanging
    single units.

    Parameters
    ----------
    flows
        Checked flows; the two directions are summed.
    ideal
        ``core-core`` or ``max``: they answer different questions, so the result names it.
    year
        One year, or all years together.

    Returns
    -------
    Core
        Units, correlation, and the ideal.

    Raises
    ------
    InputError
        When the ideal is not one of the two, there are no flows in that year, or fewer than three
        units.

    References
    ----------
    Borgatti, S. P. and Everett, M. G. (2000). Models of core/periphery structures. Social
    Networks 21, 375-395. doi:10.1016/S0378-8733(99)00019-2.

    Examples
    --------
    >>> import pandas as pd
    >>> from geo.analysis.flows import check_flows
    >>> units = pd.DataFrame({"name_zh": list("甲乙丙"), "name_en": list("abc"),
    ...     "name_ja": list("甲乙丙")}, index=["1", "2", "3"])
    >>> table = pd.DataFrame({"origin": ["1", "1"], "destination": ["2", "3"], "weight": [4, 4]})
    >>> core_periphery(check_flows(table, units), ideal="max").units
    ('1',)
    """
    if ideal not in ("core-core", "max"):
        msg = f"ideal is {ideal!r}; give core-core or max"
        raise InputError(msg)
    weights = flows.matrix(year)
    if len(weights) < 3:
        msg = f"a core and a periphery need three units; there are {len(weights)}"
        raise InputError(msg)
    both = weights if not flows.directed else weights + weights.T
    exhaustive = len(both) <= _EXHAUSTIVE_UNITS
    found, correlation = best_core(both, ideal=ideal)
    strengths = both.sum(axis=1)
    members = sorted(np.flatnonzero(found).tolist(), key=lambda at: (-strengths[at], at))
    units = tuple(str(flows.units.index[at]) for at in members)
    return Core(ideal=ideal, units=units, correlation=correlation, exhaustive=exhaustive)


def best_core(
    weights: NDArray[np.float64], *, ideal: Ideal = "core-core"
) -> tuple[NDArray[np.bool_], float]:
    """Return the subset of units that fits an ideal best, and its correlation.

    Parameters
    ----------
    weights
        Symmetric, 0 on the diagonal, shape (n, n).
    ideal
        ``core-core`` or ``max``.

    Returns
    -------
    members : ndarray of bool
        Which units are in the core; none when no pattern can be compared.
    correlation : float
        Between -1 and 1; NaN when all weights are equal.

    Examples
    --------
    >>> members, fit = best_core(np.array([[0.0, 4, 4], [4, 0, 0], [4, 0, 0]]), ideal="max")
    >>> members.tolist(), round(fit, 3)
    ([True, False, False], 1.0)
    """
    n = len(weights)
    if n <= _EXHAUSTIVE_UNITS:
        subsets = _all_subsets(n)
    else:
        order = np.argsort(-weights.sum(axis=1), kind="stable")
        subsets = np.zeros((n - 1, n))
        for size in range(1, n):
            subsets[size - 1, order[:size]] = 1.0
    fit = _fits(weights, subsets, ideal)
    if np.isnan(fit).all():
        return np.zeros(n, dtype=bool), float("nan")
    best = _strongest(fit, subsets, weights)
    chosen, value = subsets[best], float(fit[best])
    while n > _EXHAUSTIVE_UNITS:
        changed = np.abs(chosen[None, :] - np.eye(n))
        fit = _fits(weights, changed, ideal)
        if not np.nanmax(fit) > value + 1e-12:
            break
        chosen, value = changed[int(np.nanargmax(fit))], float(np.nanmax(fit))
    return chosen.astype(bool), value


def _strongest(
    fit: NDArray[np.float64], subsets: NDArray[np.float64], weights: NDArray[np.float64]
) -> int:
    """Among equal fits, take the core whose units are strongest on average."""
    mean = subsets @ weights.sum(axis=1) / subsets.sum(axis=1)
    equal = fit >= np.nanmax(fit) - 1e-12
    return int(np.argmax(np.where(equal, mean, -np.inf)))


@lru_cache(maxsize=4)
def _all_subsets(n: int) -> NDArray[np.float64]:
    return ((np.arange(1, 2**n - 1)[:, None] >> np.arange(n)) & 1).astype(float)


def _fits(
    weights: NDArray[np.float64], subsets: NDArray[np.float64], ideal: Ideal
) -> NDArray[np.float64]:
    """Return the correlation of each subset's pattern (0 and 1) with the weights of its pairs."""
    n = len(weights)
    pairs = weights[np.triu_indices(n, 1)]
    pattern = _all_patterns(n, ideal) if len(subsets) == 2**n - 2 else _patterns(subsets, ideal)
    share = pattern.mean(axis=1)
    covariance = pattern @ pairs / len(pairs) - share * pairs.mean()
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(covariance / (np.std(pairs) * np.sqrt(share * (1 - share))))


@lru_cache(maxsize=4)
def _all_patterns(n: int, ideal: Ideal) -> NDArray[np.float64]:
    return _patterns(_all_subsets(n), ideal)


def _patterns(subsets: NDArray[np.float64], ideal: Ideal) -> NDArray[np.float64]:
    first, second = np.triu_indices(subsets.shape[1], 1)
    meet = np.minimum if ideal == "core-core" else np.maximum
    return np.asarray(meet(subsets[:, first], subsets[:, second]))
