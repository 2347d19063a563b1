"""A transport network: edges with speeds, stops attached to it, shortest routes.

Railways and roads as a network: built from lines, mended, its parts counted.

How another module uses it::

    rail = build_network(read("rail_network", crs="analysis"), speed_kmh=classes.speed_kmh)
    rail, stops = attach(rail, read("stations", crs="analysis"))
    minutes = distances(rail, stops.node, stops.node, by="minutes")   # a frame, station × station
    way = route(rail, stops.node["hsr-a"], stops.node["hsr-b"])       # length, minutes, geometry

Speeds by class, for networks that state none; the figures stand in ``speeds.yaml``.

Stops on a network: points given a node at their foot on the nearest edge.

A ``Network`` is never changed: ``attach`` returns a new one with the edges split at the feet. The
way from a point to its foot is in ``stops.offset_m``; no length over the network holds it.

Shortest and fastest ways over a network: lengths, minutes, the line they take.
"""

import itertools
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import yaml
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import KDTree
from shapely.ops import substring

from geo.crs import metres_of, require_crs
from geo.errors import InputError

__all__ = [
    "SNAP_M",
    "By",
    "Network",
    "Route",
    "attach",
    "build_network",
    "components",
    "distances",
    "rail_speeds",
    "route",
    "speed_table",
]

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
    """Join the components of a network over their shortest gaps, nearest first (Kruskal)."""
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
    """Describe the connected components of a network.

    Parameters
    ----------
    network
        A network in equal-area metres, connected or in several components.

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


@lru_cache(maxsize=1)
def speed_table() -> dict[str, Any]:
    """Read the speeds by class.

    Returns
    -------
    dict
        Classes ``high_speed``, ``rail`` and ``road``. Do not change it.

    Examples
    --------
    >>> sorted(speed_table())
    ['high_speed', 'rail', 'road']
    """
    text = files("geo.analysis.access").joinpath("speeds.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def rail_speeds(rail: gpd.GeoDataFrame, high_speed: gpd.GeoDataFrame) -> pd.DataFrame:
    """Give each railway edge a class and a speed.

    An edge both of whose ends are near a high-speed line is taken for it, at a share of its
    design speed (the fastest line, where several are near); all others are ordinary railways. The
    lines are schematic, so an old line beside a new one passes for the new one.

    Parameters
    ----------
    rail
        LineStrings in equal-area metres.
    high_speed
        Lines in equal-area metres with ``design_speed_kmh``.

    Returns
    -------
    DataFrame
        Aligned to ``rail``: ``rail_class`` (``high_speed`` or ``rail``), ``speed_kmh``.

    Raises
    ------
    CRSError
        When a frame is not in equal-area metres, or two are not in the same.

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> rail = gpd.GeoDataFrame(
    ...     geometry=shapely.linestrings([[[0, 0], [9e3, 0]], [[0, 0], [0, 9e3]]]),
    ...     crs=metres)
    >>> lines = gpd.GeoDataFrame({"design_speed_kmh": [320]},
    ...     geometry=shapely.linestrings([[[0, 100], [9e3, 100]]]), crs=metres)
    >>> rail_speeds(rail, lines).speed_kmh.tolist()
    [240.0, 80.0]
    """
    require_crs(high_speed, metres_of(rail, name="rail"), name="high_speed")
    table = speed_table()
    near_m = table["high_speed"]["within_km"] * 1000.0
    shapes = rail.geometry.to_numpy()
    ends = shapely.get_point(shapes, 0), shapely.get_point(shapes, -1)
    fastest = np.zeros(len(rail))
    for line, design in zip(high_speed.geometry, high_speed["design_speed_kmh"], strict=True):
        close = [shapely.dwithin(line, one, near_m) for one in ends]
        fastest = np.where(close[0] & close[1], np.maximum(fastest, float(design)), fastest)
    fast = fastest > 0
    speed = np.where(
        fast, fastest * table["high_speed"]["share_of_design_speed"], table["rail"]["speed_kmh"]
    )
    return pd.DataFrame(
        {"rail_class": np.where(fast, "high_speed", "rail"), "speed_kmh": speed}, index=rail.index
    )


_LEAST_M: Final = 1e-3


def attach(
    network: Network, points: gpd.GeoDataFrame | gpd.GeoSeries, *, max_m: float = 5000.0
) -> tuple[Network, pd.DataFrame]:
    """Attach points to the network: a new node at the nearest place on the nearest edge.

    Parameters
    ----------
    network
        A network in equal-area metres, connected or in several components.
    points
        Points in equal-area metres.
    max_m
        Points farther from the network than this are not attached.

    Returns
    -------
    network : Network
        With the edges split at the feet.
    stops : DataFrame
        Aligned to ``points``: ``node`` (null when not attached), ``offset_m`` (to the network),
        ``component`` of the node (null when not attached).

    Raises
    ------
    CRSError
        When the points are not in equal-area metres.

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> from geo.analysis.access.network import build_network
    >>> line = [shapely.LineString([(0, 0), (9e3, 0)])]
    >>> network = build_network(gpd.GeoDataFrame(geometry=line, crs=metres))
    >>> points = gpd.GeoSeries(shapely.points([[3e3, 1e3], [0, 9e3]]), crs=metres)
    >>> network, stops = attach(network, points)
    >>> stops.node.tolist(), len(network.edges)
    ([2, <NA>], 2)
    """
    metres_of(points, name="points")
    spots: NDArray[np.object_] = points.geometry.to_numpy()
    near, edge, offset = _nearest_edges(network, spots)
    close = offset <= max_m
    node = pd.array([pd.NA] * len(spots), dtype="Int64")
    part = pd.array([pd.NA] * len(spots), dtype="Int64")
    reach = np.full(len(spots), np.nan)
    reach[near] = offset
    near, edge = near[close], edge[close]
    along = shapely.line_locate_point(network.shapes[edge], spots[near])
    feet = shapely.get_coordinates(shapely.line_interpolate_point(network.shapes[edge], along))
    node[near] = len(network.nodes) + np.arange(len(near))
    part[near] = network.component[network.edges[edge, 0]]
    stops = pd.DataFrame({"node": node, "offset_m": reach, "component": part}, index=points.index)
    return _split(network, edge, along, feet), stops


def _nearest_edges(
    network: Network, spots: NDArray[np.object_]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return the points that have a place, the first nearest edge of each, and its distance."""
    tree = shapely.STRtree(network.shapes)
    (at, edge), offset = tree.query_nearest(spots, return_distance=True, all_matches=True)
    order = np.lexsort((edge, at))
    at, first = np.unique(at[order], return_index=True)
    return at, edge[order][first], offset[order][first]


def _split(
    network: Network,
    edge: NDArray[np.int64],
    along: NDArray[np.float64],
    feet: NDArray[np.float64],
) -> Network:
    """Put a node at each foot; ``along`` is the metres of the foot on the drawn edge."""
    cut = pd.DataFrame({"edge": edge, "along": along, "node": len(network.nodes)})
    cut["node"] += np.arange(len(cut))
    ends: list[tuple[int, int]] = []
    pieces: list[tuple[int, float, float]] = []
    for key, group in cut.sort_values("along", kind="stable").groupby("edge"):
        one = int(str(key))
        total = float(shapely.length(network.shapes[one]))
        chain = [int(network.edges[one, 0]), *group["node"], int(network.edges[one, 1])]
        ends += itertools.pairwise(chain)
        places = itertools.pairwise([0.0, *group["along"], total])
        pieces += [(one, start / total, end / total) for start, end in places]
    source = np.array([one for one, _, _ in pieces], dtype=np.int64)
    share = np.array([end - start for _, start, end in pieces])
    made = [
        substring(network.shapes[one], start, end, normalized=True) for one, start, end in pieces
    ]
    # a foot on an existing node leaves a piece without length, which a sparse matrix cannot hold
    length = np.maximum(network.length_m[source] * share, _LEAST_M)
    lines = [piece if piece.geom_type == "LineString" else _dot(piece) for piece in made]
    rest = np.setdiff1d(np.arange(len(network.edges)), edge)
    return Network(
        nodes=np.concatenate([network.nodes, feet]),
        edges=np.concatenate([network.edges[rest], np.array(ends, dtype=np.int64).reshape(-1, 2)]),
        length_m=np.concatenate([network.length_m[rest], length]),
        minutes=np.concatenate([network.minutes[rest], network.minutes[source] * share]),
        shapes=np.concatenate([network.shapes[rest], np.array(lines, dtype=object)]),
        component=np.concatenate([network.component, network.component[network.edges[edge, 0]]]),
        n_joined=network.n_joined,
    )


def _dot(point: shapely.Point) -> shapely.LineString:
    return shapely.LineString([point, point])


By = Literal["length", "minutes"]


@dataclass(frozen=True)
class Route:
    """A shortest path through a network.

    Attributes
    ----------
    length_km, minutes
        Over the network; minutes are NaN when it has no speeds.
    geometry
        LineString of the path, in equal-area metres.
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
    """Return the shortest network distance from each origin to each destination.

    Parameters
    ----------
    network
        A network in equal-area metres, connected or in several components.
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
    >>> from geo.analysis.access.network import build_network
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
    """Trace the shortest path between two nodes.

    Parameters
    ----------
    network
        A network in equal-area metres, connected or in several components.
    origin, destination
        Positions of the two nodes in ``network.nodes``, counted from 0.
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
    >>> from geo.analysis.access.network import build_network
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
