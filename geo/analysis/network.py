"""Railways and roads as a network: built from lines, mended, its parts counted.

How another module uses it, with ``geo.analysis.stops`` and ``geo.analysis.routes``::

    rail = build_network(read("rail_network", crs="analysis"), speed_kmh=classes.speed_kmh)
    rail, stops = attach(rail, read("stations", crs="analysis"))
    minutes = distances(rail, stops.node, stops.node, by="minutes")   # a frame, station × station
    way = route(rail, stops.node["hsr-a"], stops.node["hsr-b"])       # length, minutes, geometry
"""

from dataclasses import dataclass, field
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

from geo.crs import metres_of
from geo.errors import InputError

__all__ = ["SNAP_M", "Network", "build_network", "components"]

SNAP_M: Final = 200.0
"""Parts nearer than this are joined: nodes of the shipped graphs are rounded to 0.001°, ± 70 m."""
_SAME_NODE_M: Final = 1.0


@dataclass(frozen=True)
class Network:
    """An undirected network in metres.

    Attributes
    ----------
    nodes
        Coordinates in equal-area metres, shape (n, 2).
    edges
        Positions of the two ends, shape (m, 2).
    length_m, minutes
        Of each edge; minutes are NaN when no speed was given.
    shapes
        Line of each edge, drawn from its first end to its second.
    component
        Part of the network that each node belongs to, 0 the one with most nodes.
    n_joined
        Gaps that were bridged when it was built.
    """

    nodes: NDArray[np.float64]
    edges: NDArray[np.int64]
    length_m: NDArray[np.float64]
    minutes: NDArray[np.float64]
    shapes: NDArray[np.object_] = field(repr=False)
    component: NDArray[np.int64] = field(repr=False)
    n_joined: int = 0


def build_network(
    lines: gpd.GeoDataFrame,
    *,
    speed_kmh: "pd.Series[float] | float | None" = None,
    snap_m: float = SNAP_M,
) -> Network:
    """Build a network from lines that meet at their ends, and bridge small gaps.

    Lines are joined where their ends fall together; crossings without a node are bridges or
    tunnels and stay apart. Where two parts of the network come nearer than ``snap_m``, the
    shortest gap between them is bridged by a straight edge.

    Parameters
    ----------
    lines
        LineStrings in equal-area metres. A column ``length_km`` is the length along the true
        alignment and is used instead of that of the drawn line.
    speed_kmh
        One number, or one a line (aligned to ``lines``), above 0.
    snap_m
        Widest gap that is bridged; 0 bridges none.

    Returns
    -------
    Network
        With its parts numbered, the largest 0.

    Raises
    ------
    CRSError
        When the lines are not in equal-area metres.
    InputError
        When there is no line, a shape is no line, or a length or speed is not positive.

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> two = [shapely.LineString([(0, 0), (1e3, 0)]), shapely.LineString([(1.1e3, 0), (2e3, 0)])]
    >>> network = build_network(gpd.GeoDataFrame(geometry=two, crs=metres))
    >>> network.n_joined, network.component.tolist()
    (1, [0, 0, 0, 0])
    """
    metres_of(lines, name="lines")
    shapes: NDArray[np.object_] = lines.geometry.to_numpy()
    if len(shapes) == 0 or not np.all(shapely.get_type_id(shapes) == 1):
        msg = f"a network needs LineStrings; {len(shapes)} shapes are given, not all of them lines"
        raise InputError(msg)
    length = shapely.length(shapes)
    if "length_km" in lines.columns:
        length = lines["length_km"].to_numpy(dtype=float) * 1000.0
    speed = np.broadcast_to(
        np.asarray(np.nan if speed_kmh is None else speed_kmh, dtype=float), len(shapes)
    )
    if not np.all(length > 0) or np.any(speed <= 0):
        bad = "length" if not np.all(length > 0) else "speed"
        msg = f"a {bad} is not positive; every line needs one above 0"
        raise InputError(msg)
    ends = np.concatenate([_end(shapes, 0), _end(shapes, -1)])
    keys = np.round(ends / _SAME_NODE_M)
    _, first, at = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    edges = at.reshape(2, -1).T
    whole = Network(
        nodes=ends[first],
        edges=edges,
        length_m=length,
        minutes=length / 1000.0 / speed * 60.0,
        shapes=shapes,
        component=_parts(edges, len(first)),
    )
    return _bridged(whole, snap_m)


def _end(shapes: NDArray[np.object_], which: int) -> NDArray[np.float64]:
    return np.asarray(shapely.get_coordinates(shapely.get_point(shapes, which)))


def _parts(edges: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    links = csr_array((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), shape=(n, n))
    _, labels = connected_components(links, directed=False)
    order = np.argsort(-np.bincount(labels), kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return np.asarray(rank[labels], dtype=np.int64)


def _bridged(network: Network, snap_m: float) -> Network:
    """Join the parts of a network over their shortest gaps, nearest first (Kruskal)."""
    pairs = KDTree(network.nodes).query_pairs(snap_m, output_type="ndarray")
    pairs = pairs[network.component[pairs[:, 0]] != network.component[pairs[:, 1]]]
    gaps = np.hypot(*(network.nodes[pairs[:, 0]] - network.nodes[pairs[:, 1]]).T)
    part = network.component.copy()
    joined = []
    for at in np.argsort(gaps, kind="stable"):
        start, end = part[pairs[at, 0]], part[pairs[at, 1]]
        if start != end:
            joined.append(at)
            part[part == max(start, end)] = min(start, end)
    if not joined:
        return network
    ends, length = pairs[joined], np.maximum(gaps[joined], _SAME_NODE_M)
    edges = np.concatenate([network.edges, ends])
    # a bridge is as slow as the slowest edge: it stands for a gap in the data, not for a line
    slowest = np.max(network.minutes / network.length_m)
    return Network(
        nodes=network.nodes,
        edges=edges,
        length_m=np.concatenate([network.length_m, length]),
        minutes=np.concatenate([network.minutes, length * slowest]),
        shapes=np.concatenate([network.shapes, shapely.linestrings(network.nodes[ends])]),
        component=_parts(edges, len(network.nodes)),
        n_joined=len(joined),
    )


def components(network: Network) -> pd.DataFrame:
    """Describe the parts of a network.

    Parameters
    ----------
    network
        Any network.

    Returns
    -------
    DataFrame
        Indexed by ``component``: ``n_nodes``, ``n_edges``, ``length_km``.

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> two = [shapely.LineString([(0, 0), (1e3, 0)]), shapely.LineString([(9e3, 0), (9.5e3, 0)])]
    >>> network = build_network(gpd.GeoDataFrame(geometry=two, crs=metres))
    >>> components(network).length_km.tolist()
    [1.0, 0.5]
    """
    of_edge = network.component[network.edges[:, 0]]
    n = int(network.component.max()) + 1
    return pd.DataFrame(
        {
            "n_nodes": np.bincount(network.component, minlength=n),
            "n_edges": np.bincount(of_edge, minlength=n),
            "length_km": np.bincount(of_edge, weights=network.length_m, minlength=n) / 1000.0,
        },
        index=pd.RangeIndex(n, name="component"),
    )
