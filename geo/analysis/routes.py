"""Shortest and fastest ways over a network: lengths, minutes, the line they take."""

import itertools
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo.analysis.network import Network
from geo.errors import InputError

__all__ = ["By", "Route", "distances", "route"]

By = Literal["length", "minutes"]


@dataclass(frozen=True)
class Route:
    """A shortest way through a network.

    Attributes
    ----------
    length_km, minutes
        Over the network; minutes are NaN when it has no speeds.
    geometry
        The line, in equal-area metres.
    """

    length_km: float
    minutes: float
    geometry: shapely.LineString


def distances(
    network: Network,
    origins: "pd.Series[int]",
    destinations: "pd.Series[int]",
    *,
    by: By = "length",
) -> pd.DataFrame:
    """Return the shortest way over the network from each origin to each destination.

    Parameters
    ----------
    network
        Any network.
    origins, destinations
        Nodes, such as ``node`` of the stops; null where a point is not attached.
    by
        ``length`` gives kilometres, ``minutes`` the fastest way.

    Returns
    -------
    DataFrame
        Rows as ``origins``, columns as ``destinations``; infinite where nothing leads, null for
        points that are not attached.

    Raises
    ------
    InputError
        When minutes are asked of a network without speeds.

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> import geopandas as gpd
    >>> from geo.analysis.network import build_network
    >>> lines = [shapely.LineString([(0, 0), (9e3, 0)]), shapely.LineString([(9e3, 0), (9e3, 5e3)])]
    >>> network = build_network(gpd.GeoDataFrame(geometry=lines, crs=metres), speed_kmh=60)
    >>> ends = pd.Series([0, 2], index=["a", "c"])
    >>> distances(network, ends, ends, by="minutes").loc["a"].tolist()
    [0.0, 14.0]
    """
    start, end = origins.dropna().astype(int), destinations.dropna().astype(int)
    reach = dijkstra(_links(network, by), directed=False, indices=start.to_numpy())
    shown = reach[:, end.to_numpy()] / (1000.0 if by == "length" else 1.0)
    found = pd.DataFrame(shown, index=start.index, columns=end.index)
    return found.reindex(index=origins.index, columns=destinations.index)


def _links(network: Network, by: By) -> "csr_array[np.float64]":
    cost = network.length_m if by == "length" else network.minutes
    if not np.all(np.isfinite(cost)):
        msg = "the network has no speeds; build it with speed_kmh"
        raise InputError(msg)
    low, high = network.edges.min(axis=1), network.edges.max(axis=1)
    # of parallel edges only the cheapest: a sparse matrix would add them up
    order = np.lexsort((cost, high, low))
    keep = order[np.unique(np.stack([low, high])[:, order], axis=1, return_index=True)[1]]
    n = len(network.nodes)
    return csr_array((np.maximum(cost[keep], 1e-9), (low[keep], high[keep])), shape=(n, n))


def route(network: Network, origin: int, destination: int, *, by: By = "length") -> Route:
    """Trace the shortest way between two nodes.

    Parameters
    ----------
    network
        Any network.
    origin, destination
        Nodes.
    by
        ``length`` for the shortest way, ``minutes`` for the fastest.

    Returns
    -------
    Route
        Length, minutes and line.

    Raises
    ------
    InputError
        When no way leads there, or minutes are asked of a network without speeds.

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> import geopandas as gpd
    >>> from geo.analysis.network import build_network
    >>> lines = [shapely.LineString([(0, 0), (9e3, 0)]), shapely.LineString([(9e3, 0), (9e3, 5e3)])]
    >>> network = build_network(gpd.GeoDataFrame(geometry=lines, crs=metres))
    >>> found = route(network, 0, 2)
    >>> found.length_km, found.geometry.coords[-1]
    (14.0, (9000.0, 5000.0))
    """
    _, tree = dijkstra(
        _links(network, by), directed=False, indices=[origin], return_predecessors=True
    )
    before = tree[0]
    nodes = [destination]
    while nodes[-1] != origin:
        if before[nodes[-1]] < 0:
            msg = f"no way leads from node {origin} to node {destination}: they are in two parts"
            raise InputError(msg)
        nodes.append(int(before[nodes[-1]]))
    steps = list(itertools.pairwise(nodes[::-1]))
    passed = [_edge_between(network, start, end, by) for start, end in steps]
    drawn = [
        network.shapes[edge] if network.edges[edge, 0] == start else network.shapes[edge].reverse()
        for edge, (start, _) in zip(passed, steps, strict=True)
    ]
    xy = np.concatenate([shapely.get_coordinates(line) for line in drawn] or [np.zeros((0, 2))])
    at = network.nodes[origin]
    return Route(
        length_km=float(network.length_m[passed].sum()) / 1000.0,
        minutes=float(network.minutes[passed].sum()),
        geometry=shapely.remove_repeated_points(
            shapely.LineString(xy if len(xy) else np.stack([at, at]))
        ),
    )


def _edge_between(network: Network, start: int, end: int, by: By) -> int:
    joins = np.all(np.sort(network.edges, axis=1) == sorted((start, end)), axis=1)
    cost = network.length_m if by == "length" else network.minutes
    return int(np.flatnonzero(joins)[np.argmin(cost[joins])])
