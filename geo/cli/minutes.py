"""Minutes from sites to a plan's centre: from a column, or computed by road and high-speed rail."""

from typing import Any

import geopandas as gpd
import pandas as pd
import typer

from geo.analysis.access.travel_times import TravelRules, rail_links, travel_minutes
from geo.cli.inputs import called, column_named
from geo.crs import to_analysis
from geo.errors import InputError
from geo.layers import Plan, read, read_table
from geo.region import current_region

__all__ = ["minutes_to_centre"]


def minutes_to_centre(
    sites: gpd.GeoDataFrame, plan: Plan, column: str | None, source: str, *, by_travel: bool
) -> "tuple[pd.Series[float] | None, dict[str, Any]]":
    """Return the minutes that a command was asked for, and how they came about.

    Parameters
    ----------
    sites
        Points of the sites in ``STORAGE_CRS``.
    plan
        The plan whose centre is travelled to.
    column
        A column of minutes, or none.
    source
        The sites, as named on the command line.
    by_travel
        Whether to compute them over the shipped roads and high-speed lines.

    Returns
    -------
    minutes : Series or None
        Aligned to ``sites``; null where nothing is known, None when nothing was asked for.
    described : dict
        For the provenance.

    Raises
    ------
    UnknownIdError
        When there is no such column.
    InputError
        When a cell of the column is no number.
    """
    if by_travel and column is not None:
        msg = "--minutes and --by-travel both give the minutes; choose one"
        raise typer.BadParameter(msg)
    if by_travel:
        rules = TravelRules()
        return _by_travel(sites, plan, rules), {"minutes": rules.described().described()}
    if column is None:
        return None, {"minutes": None}
    values = column_named(sites, column, source)
    times = pd.to_numeric(values, errors="coerce")
    wrong = values.notna() & times.isna()
    if wrong.any():
        first = values[wrong].iloc[0]
        msg = f"{called(source)}: {wrong.sum()} cells of {column} are no minutes, such as {first!r}"
        raise InputError(msg)
    return times, {"minutes": column}


def _by_travel(sites: gpd.GeoDataFrame, plan: Plan, rules: TravelRules) -> "pd.Series[float]":
    stations = read(current_region().layer("stations"), crs=plan.crs)
    placed = sites[~(sites.geometry.isna() | sites.geometry.is_empty)]
    found = travel_minutes(
        to_analysis(plan.centre, plan.crs),
        to_analysis(placed, plan.crs),
        roads=read(current_region().network("road"), crs=plan.crs),
        stations=stations,
        rail=rail_links(read_table("rail_lines"), stations, rules=rules),
        rules=rules,
    )
    minutes = found.table().iloc[0].reindex(sites.index).astype("float64")
    return minutes.where(minutes < float("inf"))
