"""Centralities of units in a flow network, with distance as the inverse of the flow."""

import networkx as nx
import numpy as np
import pandas as pd

from geo.analysis.flow_measures import strength
from geo.analysis.flows import Flows

__all__ = ["as_graph", "centralisation", "centrality"]


def as_graph(flows: Flows, *, year: int | None = None) -> "nx.Graph[str]":
    """Turn flows into a graph with all units as nodes.

    Parameters
    ----------
    flows
        Checked flows.
    year
        One year, or all years together.

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
    >>> from geo.analysis.flows import check_flows
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
        Checked flows.
    year
        One year, or all years together.

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
    >>> from geo.analysis.flows import check_flows
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
        Checked flows; directions are ignored.
    year
        One year, or all years together.

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
    >>> from geo.analysis.flows import check_flows
    >>> units = pd.DataFrame({"name_zh": list("甲乙丙"), "name_en": list("abc"),
    ...     "name_ja": list("甲乙丙")}, index=["1", "2", "3"])
    >>> table = pd.DataFrame({"origin": ["1", "1"], "destination": ["2", "3"], "weight": [4, 4]})
    >>> centralisation(check_flows(table, units))
    1.0
    """
    degree = strength(flows, year)["degree"].to_numpy()
    n = len(degree)
    return float((degree.max() - degree).sum() / ((n - 1) * (n - 2))) if n > 2 else float("nan")
