"""What ``jjj access`` reaches: travel times over the shipped networks, and the measures on them."""

import logging
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import pandas as pd

from geo.analysis.access import accessibility as a
from geo.analysis.access.travel_times import TravelRules, isochrones, rail_links, travel_minutes
from geo.analysis.points.positions import PointTable, point_table
from geo.analysis.result import Result
from geo.cli.results import naming
from geo.cli.study import require_inside
from geo.crs import to_analysis
from geo.errors import InputError
from geo.layers import ids, read, read_table
from geo.region import Region, current_region
from geo.tables.units import units_named

__all__ = ["Request", "has_trains", "reached"]

_log = logging.getLogger(__name__)

_NAMES = ("name_zh", "name_en", "name_ja")


@dataclass(frozen=True)
class Request:
    """What is asked: the measure, from where, within how long, by which rules.

    Attributes
    ----------
    goals
        What is reached, as named on the command line.
    measure
        ``catchment``, ``e2sfca``, ``potential`` or ``joseph-bantock``.
    origins
        A layer of units.
    limit_min
        The limit of travel time.
    rules
        Speeds, boarding times and limits of travel (``TravelRules``).
    beta, decay
        Of the last two measures.
    """

    goals: str
    measure: str
    origins: str
    limit_min: float
    rules: TravelRules
    beta: tuple[float, ...] | list[float] = ()
    decay: Any = "power"


def reached(
    goals: gpd.GeoDataFrame, request: Request, *, draw: bool
) -> tuple[gpd.GeoDataFrame, list[Result], gpd.GeoDataFrame | None]:
    """Measure what each unit reaches.

    Parameters
    ----------
    goals
        Points in equal-area metres; optional ``weight`` and ``year``.
    request
        Measure, layers and limits that the options ask for.
    draw
        Whether to draw the area within the limit too.

    Returns
    -------
    frame : GeoDataFrame
        The units with the measures; a row a unit and year when the goals have years.
    results : list of Result
        Behind it.
    area : GeoDataFrame or None
        The isochrones.
    """
    with naming(request.goals):
        table = point_table(goals)
    goals = goals.loc[table.frame.index]
    chosen = units_named(request.origins)
    require_inside(chosen.frame, name=request.origins, uses="roads and railways")
    units = to_analysis(chosen.frame, goals.crs)
    spots = units.set_geometry(units.geometry.representative_point())
    ways = _ways(request.rules)
    times = travel_minutes(spots, goals, **ways)
    parts, results = {}, [times]
    for year, supply in _by_year(table).items():
        parts[year], own = _measured(times.table()[supply.index], supply, units, request)
        results += own
    names = [one for one in _NAMES if one in units.columns]
    frames = [
        units[[*names, "geometry"]].assign(**({} if year is None else {"year": year}), **part)
        for year, part in parts.items()
    ]
    area = None
    if draw:
        area = isochrones(goals, units, limits_min=(request.limit_min,), **ways).table()
    return pd.concat(frames), results, area


def _by_year(table: PointTable) -> dict[int | None, "pd.Series[float]"]:
    weight = table.frame["weight"]
    if not table.years:
        return {None: weight}
    years = pd.to_numeric(table.frame["year"])
    return {year: weight[years == year] for year in table.years}


def has_trains(region: Region) -> bool:
    """Tell whether a region has high-speed lines with their stations.

    Parameters
    ----------
    region
        The region whose stations and timetable are looked for.

    Returns
    -------
    bool
        False where travel is by road alone.
    """
    return {"stations", "rail_lines"} <= set(ids(region)) and "rail_lines" in region.tables


def _ways(rules: TravelRules) -> dict[str, Any]:
    region = current_region()
    roads = read(region.network("road"), crs="analysis")
    if not has_trains(region):
        _log.warning("region %s has no high-speed lines: times are by road alone", region.region_id)
        nowhere = gpd.GeoDataFrame(geometry=gpd.GeoSeries([], crs=roads.crs))
        none = pd.DataFrame(columns=["line_id", "start", "end", "minutes"]).astype(
            {"minutes": float}
        )
        return {"roads": roads, "stations": nowhere, "rail": none, "rules": rules}
    stations = read("stations", crs="analysis")
    return {
        "roads": roads,
        "stations": stations,
        "rail": rail_links(read_table("rail_lines"), stations, rules=rules),
        "rules": rules,
    }


def _measured(
    minutes: pd.DataFrame,
    supply: "pd.Series[float]",
    units: gpd.GeoDataFrame,
    request: Request,
) -> tuple[dict[str, Any], list[Result]]:
    """Return the columns of one year and the measures behind them."""
    shown: dict[str, Any] = {"minutes_nearest": minutes.min(axis=1).round(1)}
    found = _reach(minutes, supply, request)
    if request.measure != "potential":
        shown["residents_2010"] = people = _residents(units)
        found |= _shares(minutes, supply, people, request)
    for name, one in found.items():
        factor = 1e6 if name.startswith("per_million") else 1.0
        shown[name] = one.table().iloc[:, 0] * factor
    return shown, list(found.values())


def _reach(
    minutes: pd.DataFrame, supply: "pd.Series[float]", request: Request
) -> dict[str, Result]:
    """Measure what is reached, whoever else reaches it."""
    if request.measure == "catchment":
        reach = a.cumulative_opportunities(minutes, supply, max_minutes=request.limit_min)
        return {"cumulative_opportunities": reach}
    if request.measure != "potential":
        return {}
    return {
        f"potential_beta_{beta:g}": a.gravity_potential(
            minutes, supply, beta=beta, decay=request.decay
        )
        for beta in request.beta
    }


def _shares(
    minutes: pd.DataFrame,
    supply: "pd.Series[float]",
    people: "pd.Series[float]",
    request: Request,
) -> dict[str, Result]:
    """Share what is reached among the residents of the units where they are known."""
    known = people.notna()
    if not known.any():
        if request.measure != "catchment":
            msg = f"{request.origins}: no residents of 2010 are known, so nothing can be shared out"
            raise InputError(msg)
        return {}
    near, heads, limit = minutes[known], people[known], request.limit_min
    name = "per_million_residents"
    if request.measure == "catchment":
        found = {name: a.two_step_catchment(near, supply, heads, max_minutes=limit)}
    elif request.measure == "e2sfca":
        banded = a.enhanced_two_step_catchment(near, supply, heads, max_minutes=limit)
        found = {f"{name}_banded": banded}
    else:
        found = {
            f"{name}_beta_{beta:g}": a.joseph_bantock(
                near, supply, heads, beta=beta, decay=request.decay
            )
            for beta in request.beta
        }
    lost = {"unit without known residents": int((~known).sum())}
    return {key: replace(one, n_dropped={**one.n_dropped, **lost}) for key, one in found.items()}


def _residents(units: gpd.GeoDataFrame) -> "pd.Series[float]":
    """Return the residents of counties, and of cities and provinces all of whose counties have."""
    region = current_region()
    if "population" not in region.tables:
        return pd.Series(float("nan"), index=units.index)
    people = read_table("population", numbers=("pop_2010",)).set_index("adcode")["pop_2010"]
    smallest = read(region.smallest.layer_id)
    own = people.reindex(smallest.index).astype(float)
    key, level, sums = pd.Series(smallest.index, smallest.index), region.smallest, []
    units_here = smallest
    while (above := region.above(level)) is not None:
        key = key.map(units_here[level.parent])
        sums.append(own.groupby(key).agg(lambda one: one.sum(skipna=False)))
        level, units_here = above, read(above.layer_id)
    every = pd.concat([own, *sums])
    return every[~every.index.duplicated()].reindex(units.index)
