"""Flows as lines, for layers and maps."""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.analysis.flows.axes import Found, unit_points
from geo.analysis.flows.backbone import disparity_filter
from geo.analysis.flows.table import Flows

__all__ = ["axis_lines", "flow_lines"]


def flow_lines(
    flows: Flows,
    places: gpd.GeoDataFrame,
    *,
    alpha: float = 0.05,
    found: Found | None = None,
) -> gpd.GeoDataFrame:
    """Draw each flow as a straight line between its units, with its measures as columns.

    Parameters
    ----------
    flows
        Origin-destination flows as ``check_flows`` returns them, without loops and zeros.
    places
        One point a unit in equal-area metres, with the index of ``flows.units``.
    alpha
        Level of the disparity filter, applied year by year.
    found
        What ``find_axes`` found; adds the axis that a flow belongs to.

    Returns
    -------
    GeoDataFrame
        LineStrings from origin to destination in equal-area metres, one row a pair and year,
        heaviest first within a year: ``origin``, ``destination`` (ids), their names
        (``origin_zh``, ``origin_en``, ``origin_ja``, ``destination_zh`` …), ``year`` (null
        without years), ``weight``, ``share`` of the year's total, ``alpha``, ``backbone``,
        ``axis`` (``main``, ``secondary-1`` …, or null), ``directed``.

    Raises
    ------
    CRSError
        When the places are not in equal-area metres.
    InputError
        When a unit has no place, or the level is out of range.

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> from geo.analysis.flows.table import check_flows
    >>> units = pd.DataFrame({"name_zh": ["甲", "乙"], "name_en": ["a", "b"],
    ...     "name_ja": ["甲", "乙"]}, index=["1", "2"])
    >>> places = gpd.GeoDataFrame(units, geometry=shapely.points([[0, 0], [9e4, 0]]),
    ...                           crs=metres)
    >>> table = pd.DataFrame({"origin": ["1"], "destination": ["2"], "weight": [9]})
    >>> flow_lines(check_flows(table, units), places).length.tolist()
    [90000.0]
    """
    points = pd.Series(unit_points(flows, places), index=flows.units.index)
    tables = [
        disparity_filter(flows, alpha=alpha, year=year).assign(year=year)
        for year in (flows.years or (None,))
    ]
    table = pd.concat(tables, ignore_index=True)
    names: dict[str, Any] = {}
    for end in ("origin", "destination"):
        for language in ("zh", "en", "ja"):
            names[f"{end}_{language}"] = table[end].map(flows.units[f"name_{language}"])
    ends = [shapely.get_coordinates(points.loc[table[end]]) for end in ("origin", "destination")]
    names["year"] = table["year"].astype("Int64")
    names["axis"] = pd.Series(_axis_of(table, found), index=table.index, dtype=object)
    table = table.assign(**names, directed=flows.directed)
    columns = ["origin", "destination", *names, "weight", "share", "alpha", "backbone", "directed"]
    lines = shapely.linestrings(np.stack(ends, axis=1))
    return gpd.GeoDataFrame(table[columns], geometry=lines, crs=places.crs)


def _axis_of(table: pd.DataFrame, found: Found | None) -> list[str | None]:
    roles: dict[frozenset[str], str] = {}
    if found is not None and found.main is not None:
        for at, axis in enumerate(found.secondary):
            for partner in axis.units[1:]:
                roles[frozenset((axis.units[0], partner))] = f"secondary-{at + 1}"
        roles[frozenset(found.main.units)] = "main"
    return [
        roles.get(frozenset(pair))
        for pair in zip(table["origin"], table["destination"], strict=True)
    ]


def axis_lines(flows: Flows, places: gpd.GeoDataFrame, found: Found) -> gpd.GeoDataFrame:
    """Draw the axes that the rule found, each from the core city through its partners.

    Parameters
    ----------
    flows
        Origin-destination flows as ``check_flows`` returns them, without loops and zeros.
    places
        One point a unit in equal-area metres, with the index of ``flows.units``.
    found
        Core and axes of these flows, as ``find_axes`` returns them.

    Returns
    -------
    GeoDataFrame
        LineStrings in equal-area metres, indexed by ``axis`` (``main``, ``secondary-1`` …):
        ``name_zh``, ``name_en``, ``name_ja`` (the units joined by a dash) and ``share``, the
        smallest share of a partner in the total of all flows. Empty when nothing was found.

    Raises
    ------
    CRSError
        When the places are not in equal-area metres.
    InputError
        When a unit has no place.

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> from geo.analysis.flows.axes import find_axes
    >>> from geo.analysis.flows.table import check_flows
    >>> units = pd.DataFrame({f"name_{one}": list("abc") for one in ("zh", "en", "ja")},
    ...                      index=list("123"))
    >>> places = gpd.GeoDataFrame(
    ...     units, geometry=shapely.points([[0, 0], [9e4, 0], [0, 5e4]]), crs=metres)
    >>> table = pd.DataFrame({"origin": ["1", "1"], "destination": ["2", "3"], "weight": [9, 1]})
    >>> flows = check_flows(table, units)
    >>> axis_lines(flows, places, find_axes(flows, places, alpha=0.5)).name_en.to_dict()
    {'main': 'a-b'}
    """
    points = pd.Series(unit_points(flows, places), index=flows.units.index)
    axes = [] if found.main is None else [found.main, *found.secondary]
    names = ["main", *(f"secondary-{at}" for at in range(1, len(axes)))][: len(axes)]
    rows = {
        f"name_{language}": [
            "-".join(flows.units[f"name_{language}"][list(one.units)]) for one in axes
        ]
        for language in ("zh", "en", "ja")
    }
    shapes = [shapely.LineString(points.loc[list(one.units)].tolist()) for one in axes]
    return gpd.GeoDataFrame(
        rows | {"share": [min(one.shares) for one in axes]},
        index=pd.Index(names, name="axis"),
        geometry=gpd.GeoSeries(shapes, index=names, crs=places.crs),
        crs=places.crs,
    ).astype({"share": "float64"})
