"""Spatial structure: the local Moran of a panel, Ripley's K, isochrones, against the libraries."""

import warnings
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import shapely
from esda import Moran_Local

from benchmarks.metres import ANALYSIS_CRS, to_analysis
from geo.analysis.access.travel_times import (
    TravelRules,
    _cells,
    _graph,
    isochrones,
    rail_links,
    travel_minutes,
)
from geo.analysis.points.patterns import ripley_k
from geo.analysis.structure.autocorrelation import local_moran
from geo.analysis.structure.weights import contiguity
from geo.layers import read, read_table
from geo.layers.places import city_seats

if TYPE_CHECKING:
    from benchmarks.report import Report

PERMUTATIONS = 999
LIMITS = (60.0, 120.0)
CELL_M = 5_000.0


def run(report: "Report") -> None:
    _moran(report)
    _ripley(report)
    _isochrones(report)


def _moran(report: "Report") -> None:
    """199 counties × 12 years, 999 permutations; esda knows no panel and is called by year."""
    counties = read("counties", crs="analysis")
    graph = contiguity(counties)
    rng = np.random.default_rng(0)
    years = range(2013, 2025)
    north = counties.geometry.centroid.y.to_numpy() / 1e5
    values = north[:, None] + rng.normal(size=(len(counties), len(years)))
    wide = pd.DataFrame(values, index=counties.index, columns=pd.Index(years, name="year"))
    long = wide.stack().rename("value").reset_index()
    weights = graph.transform("R")
    order = pd.Index(weights.unique_ids)
    truth = local_moran(long, graph, permutations=PERMUTATIONS).values

    def esda() -> pd.DataFrame:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = {
                year: Moran_Local(
                    wide.loc[order, year].to_numpy(),
                    weights,
                    permutations=PERMUTATIONS,
                    seed=1,
                    n_jobs=1,
                )
                for year in wide
            }
        parts = {
            year: pd.DataFrame({"local_i": one.Is, "p": one.p_sim}, index=order)
            for year, one in found.items()
        }
        return pd.concat(parts, names=["year"])

    def check(name: str, answer: pd.DataFrame) -> str:
        there = answer.reindex(truth.index)
        gap = float(np.abs(there.local_i - truth.local_i).max())
        assert gap < 1e-9, f"local I off by {gap:.1e}"
        ours = truth.p.to_numpy() / 2 if name == "esda, year by year" else truth.p.to_numpy()
        theirs = there.p.to_numpy()
        small = ours < 0.2
        far = float(np.abs(ours - theirs)[small].max())
        assert far < 0.08, f"p off by {far:.3f}"
        return f"local I within {gap:.0e}, p within {far:.3f} (one-sided in esda)"

    report.compare(
        f"Local Moran, 199 counties × {len(years)} years, {PERMUTATIONS} permutations",
        {"jingjinji": lambda: local_moran(long, graph, permutations=PERMUTATIONS).values},
        {"esda, year by year": esda},
        check=check,
        note="Ours adds island masking and the false discovery rate.",
    )


def _ripley(report: "Report") -> None:
    """K at eight distances up to 40 km; the peer has no window and no edge correction."""
    n = report.size(5_000)
    region = read("provinces", crs="analysis")
    whole = shapely.union_all(region.geometry.to_numpy())
    rng = np.random.default_rng(0)
    west, south, east, north = region.total_bounds
    xy = rng.uniform((west, south), (east, north), (4 * n, 2))
    xy = xy[shapely.contains_xy(whole, *xy.T)][:n]
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(*xy.T), crs=ANALYSIS_CRS)
    window = gpd.GeoSeries([whole], crs=ANALYSIS_CRS)
    radii = np.arange(5_000, 45_000, 5_000)

    def ours() -> pd.DataFrame:
        return ripley_k(points, window, radii_m=radii, simulations=0).table()

    def theirs() -> Any:
        from pointpats import k

        return k(xy, support=radii.astype(float))

    def check(name: str, answer: Any) -> str:
        if name == "jingjinji":
            worst = float(np.abs(answer.k_m2 / (np.pi * np.square(radii)) - 1).max())
            assert worst < 0.1, f"K of random points is {worst:.0%} off"
            return f"random points within {worst:.1%} of πr²"
        worst = float(np.abs(answer[1] / (np.pi * np.square(radii)) - 1).max())
        return f"no edge correction: {worst:.0%} off πr²"

    report.compare(
        f"Ripley's K, {n:,} points in the region, 8 distances",
        {"jingjinji": ours},
        {"pointpats.k": theirs if find_spec("pointpats") else None},
        check=check,
        note="Ours corrects for the edge inside the study polygon.",
    )


def _isochrones(report: "Report") -> None:
    """Minutes from 13 cities to 199 counties, and the area within an hour and two.

    The graph is built inside each contender's time.
    """
    seats = to_analysis(city_seats())
    counties = read("counties", crs="analysis")
    places = counties.set_geometry(counties.geometry.representative_point())
    cells, squares = _cells(counties, CELL_M)
    rules = TravelRules()
    stations = read("stations", crs="analysis")
    ways = {
        "roads": read("road_network", crs="analysis"),
        "stations": stations,
        "rail": rail_links(read_table("rail_lines"), stations, rules=rules),
    }
    truth = travel_minutes(seats, places, **ways).table()

    def check_minutes(_: str, answer: pd.DataFrame) -> str:
        gap = float(np.abs(answer.to_numpy() - truth.to_numpy()).max())
        assert gap < 1e-6, f"{gap:.1e} min off"
        return f"within {gap:.0e} min"

    report.compare(
        "Travel minutes, 13 cities to 199 counties over 27,735 roads and 15 railways",
        {"jingjinji": lambda: travel_minutes(seats, places, **ways).table()},
        {"networkx on the same graph": lambda: _by_networkx(seats, places, ways, rules)},
        check=check_minutes,
        note="Building and attaching the network is in both.",
    )

    def drawn() -> pd.DataFrame:
        return isochrones(seats, counties, limits_min=LIMITS, cell_km=CELL_M / 1000, **ways).table()

    def united() -> pd.DataFrame:
        minutes = _by_networkx(seats, cells, ways, rules).to_numpy()
        shapes = [shapely.union_all(squares[row <= limit]) for row in minutes for limit in LIMITS]
        return gpd.GeoDataFrame(geometry=shapes, crs=ANALYSIS_CRS)

    areas = drawn().area.to_numpy()

    def check_areas(_: str, answer: gpd.GeoDataFrame) -> str:
        gap = float(np.abs(answer.area.to_numpy() / areas - 1).max())
        assert gap < 1e-9, f"areas off by {gap:.1e}"
        return f"{len(answer)} areas within {gap:.0e}"

    report.compare(
        f"Isochrones of 1 and 2 hours from 13 cities, {len(cells):,} cells of 5 km",
        {"jingjinji": drawn},
        {"networkx on the same graph, cells united by shapely": united},
        check=check_areas,
        note="Building and attaching the network is in both.",
    )


def _by_networkx(
    origins: gpd.GeoDataFrame, places: gpd.GeoDataFrame, ways: dict[str, Any], rules: TravelRules
) -> pd.DataFrame:
    """Return the minutes that networkx finds, or straight across country where that is faster."""
    graph = _graph(origins, places, ways["roads"], ways["stations"], ways["rail"], rules)
    links = graph.links.tocoo()
    net = nx.DiGraph()
    net.add_weighted_edges_from(zip(links.row, links.col, links.data, strict=True))
    country = 60 / 1000 / rules.country_kmh
    away = shapely.distance(
        origins.geometry.to_numpy()[:, None], places.geometry.to_numpy()[None, :]
    )
    found = away * country
    to = graph.destination
    near = to.node.notna().to_numpy()
    ends, last = to.node[near].astype(int).to_numpy(), to.offset_m[near].to_numpy(dtype=float)
    feet = zip(graph.origin.node, graph.origin.offset_m, strict=True)
    for row, (node, offset) in enumerate(feet):
        reach = nx.single_source_dijkstra_path_length(net, int(node))
        by_road = np.array([reach.get(end, np.inf) for end in ends.tolist()])
        found[row, near] = np.minimum(found[row, near], by_road + (offset + last) * country)
    return pd.DataFrame(found, origins.index, places.index)
