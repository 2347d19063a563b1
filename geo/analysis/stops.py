"""Stops on a network: points given a node at their foot on the nearest edge.

A ``Network`` is never changed: ``attach`` returns a new one with the edges split at the feet. The
way from a point to its foot is in ``stops.offset_m``; no length over the network holds it.
"""

import itertools
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.ops import substring

from geo.analysis.network import Network
from geo.crs import metres_of

__all__ = ["attach"]

_LEAST_M: Final = 1e-3


def attach(
    network: Network, points: gpd.GeoDataFrame | gpd.GeoSeries, *, max_m: float = 5000.0
) -> tuple[Network, pd.DataFrame]:
    """Give each point a node of the network, at its foot on the nearest edge.

    Parameters
    ----------
    network
        Any network.
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
    >>> from geo.analysis.network import build_network
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
