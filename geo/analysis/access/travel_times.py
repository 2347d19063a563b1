"""Travel times over a network, and the areas within reach.

Door-to-door minutes by road and high-speed rail, from stated speeds and station times.

No timetable is used: trains run at a share of each line's design speed, boarding and leaving a
train cost a stated time, and a change of line costs both. The rules are part of every result.

The area that is reached from a place within a time, drawn on a grid.
"""

from dataclasses import asdict, dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo.analysis.access.network import attach, build_network
from geo.analysis.result import Result
from geo.analysis.years import require_columns
from geo.crs import metres_of, require_crs
from geo.errors import InputError
from geo.texts import Localized, tr

__all__ = [
    "TravelRules",
    "isochrones",
    "rail_links",
    "travel_minutes",
]

Floats = NDArray[np.float64]
_REACH_M: Final = 40_000.0
"""A place farther from any road than this is reached across country only."""


@dataclass(frozen=True)
class TravelRules:
    """Speeds, waiting and transfer times used to compute travel times.

    Attributes
    ----------
    road_kmh
        On the main-road network, which has no classes.
    country_kmh
        From a place to the nearest main road, in a straight line.
    rail_share
        Mean speed of trains as a share of the line's design speed, stops included.
    rail_detour
        Length of a line to the straight links between its stations.
    board_min, leave_min
        Station access with security and waiting, and the way out; a change of line costs both.
    """

    road_kmh: float = 60.0
    country_kmh: float = 30.0
    rail_share: float = 0.7
    rail_detour: float = 1.05
    board_min: float = 25.0
    leave_min: float = 10.0

    def __post_init__(self) -> None:
        wrong = {name: value for name, value in asdict(self).items() if not 0 < value < np.inf}
        if wrong:
            msg = f"travel rules must be above zero: {wrong}"
            raise InputError(msg)

    def described(self) -> Localized:
        """Return the rules as one sentence in three languages."""
        return tr(
            "Main roads {road_kmh:g} km/h, off them {country_kmh:g} km/h, trains at "
            "{rail_share:.0%} of design speed, {board_min:g} min to board and {leave_min:g} "
            "min to leave a station, both for a change of line.",
            road_kmh=self.road_kmh,
            country_kmh=self.country_kmh,
            rail_share=self.rail_share,
            board_min=self.board_min,
            leave_min=self.leave_min,
        )


def rail_links(
    lines: pd.DataFrame, stations: gpd.GeoDataFrame, *, rules: TravelRules | None = None
) -> pd.DataFrame:
    """List the links between consecutive stations of each line, with their minutes.

    Parameters
    ----------
    lines
        One row a stop: ``line_id, order, station_facility_id, design_speed_kmh``, as the table
        ``rail_lines``.
    stations
        Points in equal-area metres indexed by id.
    rules
        Speeds and transfer times; None means the defaults of ``TravelRules``.

    Returns
    -------
    DataFrame
        ``line_id, start, end, minutes``, one row a link.

    Raises
    ------
    CRSError
        When the stations are not in metres.
    InputError
        When columns are missing or a stop is not among the stations.

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> stations = gpd.GeoDataFrame(
    ...     index=["a", "b"], geometry=gpd.points_from_xy([0, 1e5], [0, 0]), crs=metres)
    >>> lines = pd.DataFrame({"line_id": "x", "order": [1, 2], "station_facility_id": ["a", "b"],
    ...                       "design_speed_kmh": 300})
    >>> rail_links(lines, stations).minutes.round(1).tolist()
    [30.0]
    """
    rules = rules or TravelRules()
    require_columns(lines, "line_id", "order", "station_facility_id", "design_speed_kmh")
    metres_of(stations, name="stations")
    stops = lines.assign(order=pd.to_numeric(lines["order"])).sort_values(["line_id", "order"])
    unknown = sorted(set(stops["station_facility_id"]) - set(stations.index))
    if unknown:
        msg = f"lines stop at stations that are not listed: {', '.join(unknown[:5])}"
        raise InputError(msg)
    after = stops.groupby("line_id")["station_facility_id"].shift(-1)
    links = stops.assign(end=after)[after.notna()]
    spots = stations.geometry
    start = spots.loc[links["station_facility_id"]].to_numpy()
    metres = shapely.distance(start, spots.loc[links["end"]].to_numpy()) * rules.rail_detour
    speed = pd.to_numeric(links["design_speed_kmh"]).to_numpy(dtype=float) * rules.rail_share
    return pd.DataFrame(
        {
            "line_id": links["line_id"].to_numpy(),
            "start": links["station_facility_id"].to_numpy(),
            "end": links["end"].to_numpy(),
            "minutes": metres / 1000 / speed * 60,
        }
    )


@dataclass(frozen=True)
class _Graph:
    links: "csr_array[np.float64]"
    origin: pd.DataFrame  # node, offset_m
    destination: pd.DataFrame


def _graph(
    origins: gpd.GeoDataFrame,
    destinations: gpd.GeoDataFrame,
    roads: gpd.GeoDataFrame,
    stations: gpd.GeoDataFrame,
    rail: pd.DataFrame,
    rules: TravelRules,
) -> _Graph:
    """Join roads, doors and platforms; a platform is a station on one line."""
    parts = [stations.geometry, origins.geometry, destinations.geometry]
    places = gpd.GeoSeries(pd.concat(parts, ignore_index=True), crs=origins.crs)
    network, feet = attach(build_network(roads, speed_kmh=rules.road_kmh), places, max_m=_REACH_M)
    n_stations, n_origins = len(stations), len(origins)
    station_feet = feet.iloc[:n_stations].set_axis(stations.index)
    low, high = network.edges.T
    roads_both = pd.DataFrame(
        {
            "start": np.concatenate([low, high]),
            "end": np.concatenate([high, low]),
            "cost": np.concatenate([network.minutes, network.minutes]),
        }
    )
    trains, size = _train_links(rail, station_feet, len(network.nodes), rules)
    table = pd.concat([roads_both, trains], ignore_index=True)
    # of parallel links only the fastest: a sparse matrix would add them up
    table = table.assign(cost=np.maximum(table["cost"], 1e-9))
    table = table.groupby(["start", "end"])[["cost"]].min().reset_index()
    links = csr_array((table["cost"], (table["start"], table["end"])), shape=(size, size))
    return _Graph(
        links,
        feet.iloc[n_stations : n_stations + n_origins],
        feet.iloc[n_stations + n_origins :],
    )


def _train_links(
    rail: pd.DataFrame, feet: pd.DataFrame, first: int, rules: TravelRules
) -> tuple[pd.DataFrame, int]:
    """Return links of doors, platforms and trains, and the number of nodes with the platforms.

    ``feet`` are those of the stations on the roads; platforms are numbered from ``first``.
    """
    ends = pd.concat(
        [
            rail[["line_id", "start"]].rename(columns={"start": "station"}),
            rail[["line_id", "end"]].rename(columns={"end": "station"}),
        ]
    )
    platforms = ends.drop_duplicates().reset_index(drop=True)
    node = pd.Series(
        first + np.arange(len(platforms)),
        index=pd.MultiIndex.from_frame(platforms),
    )
    door = feet.reindex(platforms["station"])
    walk = door["offset_m"].to_numpy(dtype=float) / 1000 / rules.country_kmh * 60
    near = door["node"].notna().to_numpy()
    doors = door["node"].to_numpy()[near].astype(int)
    halls = node.to_numpy()[near]
    one = node.loc[pd.MultiIndex.from_frame(rail[["line_id", "start"]])].to_numpy()
    other = node.loc[pd.MultiIndex.from_frame(rail[["line_id", "end"]])].to_numpy()
    minutes = rail["minutes"].to_numpy(dtype=float)
    walked = walk[near]
    cost = [walked + rules.board_min, walked + rules.leave_min, minutes, minutes]
    links = pd.DataFrame(
        {
            "start": np.concatenate([doors, halls, one, other]),
            "end": np.concatenate([halls, doors, other, one]),
            "cost": np.concatenate(cost),
        }
    )
    return links, first + len(platforms)


def _minutes(
    origins: gpd.GeoDataFrame, destinations: gpd.GeoDataFrame, graph: _Graph, rules: TravelRules
) -> Floats:
    straight = np.column_stack(
        [shapely.get_x(destinations.geometry), shapely.get_y(destinations.geometry)]
    )
    found = np.empty((len(origins), len(destinations)))
    to = graph.destination
    reachable = to["node"].notna().to_numpy()
    last = to["offset_m"].to_numpy(dtype=float)[reachable] / 1000 / rules.country_kmh * 60
    at = to["node"].to_numpy()[reachable].astype(int)
    for row, (spot, node, offset) in enumerate(
        zip(origins.geometry, graph.origin["node"], graph.origin["offset_m"], strict=True)
    ):
        away = np.hypot(*(straight - (spot.x, spot.y)).T)
        found[row] = away / 1000 / rules.country_kmh * 60
        if not pd.isna(node):
            reach = dijkstra(graph.links, directed=True, indices=np.array([int(node)]))[0, at]
            first = offset / 1000 / rules.country_kmh * 60
            found[row, reachable] = np.minimum(found[row, reachable], first + reach + last)
    return found


def travel_minutes(
    origins: gpd.GeoDataFrame,
    destinations: gpd.GeoDataFrame,
    *,
    roads: gpd.GeoDataFrame,
    stations: gpd.GeoDataFrame,
    rail: pd.DataFrame,
    rules: TravelRules | None = None,
) -> Result:
    """Compute the least travel time from each origin to each destination by road, rail or both.

    A place off the road network walks or drives straight to it; between near places the straight
    way counts when it is faster, so a place is 0 minutes from itself.

    Parameters
    ----------
    origins, destinations
        Points in equal-area metres indexed by id.
    roads
        LineStrings in equal-area metres, as the layer ``road_network``.
    stations
        Points in equal-area metres indexed by id.
    rail
        From ``rail_links``; an empty frame for roads alone.
    rules
        Speeds and transfer times; None means the defaults of ``TravelRules``.

    Returns
    -------
    Result
        Minutes, origins as rows and destinations as columns; the rules among the remarks.

    Raises
    ------
    CRSError
        When a layer is not in metres.
    InputError
        When there is no road.

    References
    ----------
    Dijkstra, E. W. (1959). Numerische Mathematik 1: 269-271, doi:10.1007/BF01386390.

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> road = gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 0), (6e4, 0)])], crs=metres)
    >>> ends = gpd.GeoDataFrame(
    ...     index=["a", "b"], geometry=gpd.points_from_xy([0, 6e4], [0, 0]), crs=metres)
    >>> none = pd.DataFrame(columns=["line_id", "start", "end", "minutes"])
    >>> travel_minutes(ends, ends, roads=road, stations=ends, rail=none).values.loc["a"].tolist()
    [0.0, 60.0]
    """
    rules = rules or TravelRules()
    crs = metres_of(origins, name="origins")
    for frame, name in (
        (destinations, "destinations"),
        (roads, "roads"),
        (stations, "stations"),
    ):
        require_crs(frame, crs, name=name)
    graph = _graph(origins, destinations, roads, stations, rail, rules)
    values = pd.DataFrame(
        _minutes(origins, destinations, graph, rules),
        index=origins.index,
        columns=destinations.index,
    )
    return Result(values, "isochrone", n=values.size, crs=crs, remarks=(rules.described(),))


def isochrones(
    origins: gpd.GeoDataFrame,
    region: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    roads: gpd.GeoDataFrame,
    stations: gpd.GeoDataFrame,
    rail: pd.DataFrame,
    limits_min: tuple[float, ...] = (60.0,),
    cell_km: float = 5.0,
    rules: TravelRules | None = None,
) -> Result:
    """Draw the area that each origin reaches within each time, on a grid of cells.

    Parameters
    ----------
    origins
        Points in equal-area metres indexed by id.
    region
        Polygons in equal-area metres; cells whose centre lies inside count.
    roads, stations, rail
        Road network (LineStrings) and stations (points) in equal-area metres, and the table from
        ``rail_links``; an empty table for roads alone.
    limits_min
        Times, each inside its circle.
    cell_km
        Side of a cell; an area is right to about a cell along its edge.
    rules
        Speeds and transfer times; None means the defaults of ``TravelRules``.

    Returns
    -------
    Result
        GeoDataFrame in equal-area metres: ``origin, minutes, area_km2``, one row an origin and
        time. ``n`` counts the cells.

    Raises
    ------
    CRSError
        When a layer is not in metres.
    InputError
        When a time or the cell is not positive, or no cell lies in the region.

    References
    ----------
    Dijkstra, E. W. (1959). Numerische Mathematik 1: 269-271, doi:10.1007/BF01386390.

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> road = gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 0), (6e4, 0)])], crs=metres)
    >>> home = gpd.GeoDataFrame(index=["a"], geometry=[shapely.Point(0, 0)], crs=metres)
    >>> none = pd.DataFrame(columns=["line_id", "start", "end", "minutes"])
    >>> land = gpd.GeoSeries([shapely.box(-5e3, -5e3, 6e4, 5e3)], crs=metres)
    >>> isochrones(home, land, roads=road, stations=home, rail=none).values.area_km2.tolist()
    [600.0]
    """
    if cell_km <= 0 or not limits_min or min(limits_min) <= 0:
        msg = f"times and cells must be above zero, not {limits_min} min and {cell_km} km"
        raise InputError(msg)
    crs = metres_of(region, name="region")
    cells, squares = _cells(region, cell_km * 1000)
    times = travel_minutes(origins, cells, roads=roads, stations=stations, rail=rail, rules=rules)
    rows = []
    for origin, minutes in times.table().iterrows():
        for limit in sorted(limits_min):
            shape = shapely.coverage_union_all(squares[minutes.to_numpy() <= limit])
            rows.append((origin, limit, shape.area / 1e6, shape))
    layer = gpd.GeoDataFrame(rows, columns=["origin", "minutes", "area_km2", "geometry"], crs=crs)
    return Result(layer, "isochrone", n=len(cells), crs=crs, remarks=times.remarks)


def _cells(
    region: gpd.GeoDataFrame | gpd.GeoSeries, side: float
) -> tuple[gpd.GeoDataFrame, NDArray[np.object_]]:
    """Return the centres of the cells inside a region, and their squares.

    Neighbours share the same numbers as their edge, so that squares can be joined as a coverage.
    """
    west, south, east, north = region.total_bounds
    x, y = np.arange(west, east + side, side), np.arange(south, north + side, side)
    xx, yy = np.meshgrid((x[:-1] + x[1:]) / 2, (y[:-1] + y[1:]) / 2)
    whole = shapely.union_all(region.geometry.to_numpy())
    shapely.prepare(whole)
    inside = shapely.contains_xy(whole, xx, yy)
    if not inside.any():
        msg = "no cell has its centre in the region; take smaller cells"
        raise InputError(msg)
    row, column = np.nonzero(inside)
    squares = shapely.box(x[column], y[row], x[column + 1], y[row + 1])
    spots = gpd.points_from_xy(xx[inside], yy[inside])
    return gpd.GeoDataFrame(geometry=spots, crs=region.crs), np.asarray(squares)
