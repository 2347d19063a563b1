"""Flows that a file holds as lines, as ``jjj flows`` writes them: places from the lines' ends."""

from typing import Final

import geopandas as gpd
import pandas as pd
import shapely

from geo.layers import Text3
from geo.render.colouring import Categories, Classes
from geo.render.flows import KIND_COLOURS, KIND_NAMES, flows
from geo.render.layer import About, Field, MapLayer
from geo.render.steps import Time
from geo.render.table import named

__all__ = ["are_flows", "flows_of_lines"]

_NEEDED: Final = {"origin", "destination", "weight"}
_LANGUAGES: Final = ("zh", "en", "ja")


def are_flows(rows: gpd.GeoDataFrame) -> bool:
    """Tell whether lines are flows: origin, destination and weight, one place to each name.

    Parameters
    ----------
    rows
        Lines.

    Returns
    -------
    bool
        False where a place has two positions, or a weight is no number of zero or more.

    Examples
    --------
    >>> line = shapely.LineString([(116, 39), (117, 40)])
    >>> table = {"origin": ["a"], "destination": ["b"], "weight": [3]}
    >>> are_flows(gpd.GeoDataFrame(table, geometry=[line], crs="EPSG:4326"))
    True
    >>> are_flows(gpd.GeoDataFrame({"name": ["a"]}, geometry=[line], crs="EPSG:4326"))
    False
    """
    if not set(rows.columns) >= _NEEDED or (rows.geom_type != "LineString").any():
        return False
    weights = pd.to_numeric(rows["weight"], errors="coerce")
    return bool((weights >= 0).all()) and _ends(rows).index.is_unique


def _ends(rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the places at the ends of the lines, indexed by id, with their names."""
    sides = []
    for side, at in (("origin", 0), ("destination", -1)):
        columns = {
            f"name_{language}": rows[f"{side}_{language}"]
            if f"{side}_{language}" in rows.columns
            else rows[side].astype(str)
            for language in _LANGUAGES
        }
        points = shapely.get_point(rows.geometry.to_numpy(), at)
        frame = gpd.GeoDataFrame(columns, geometry=points, crs=rows.crs)
        sides.append(frame.set_index(rows[side].astype(str).rename("place")))
    both = pd.concat(sides)
    return both[~both.reset_index().duplicated().to_numpy()]


def flows_of_lines(
    rows: gpd.GeoDataFrame,
    about: About,
    *,
    colour_by: str | Categories | Classes | None = None,
    time: Time | None = None,
) -> MapLayer:
    """Draw lines that are flows as flows: curved, as wide as their weight, merged far out.

    Parameters
    ----------
    rows
        Lines that ``are_flows``.
    about
        Title, provenance, caveats.
    colour_by
        A column, or how it becomes colours; by default what the axis rule made of each flow, where
        the file says so.
    time
        When each flow is to be seen.

    Returns
    -------
    MapLayer
        For ``geo.render.Map.add``.
    """
    table = pd.DataFrame(rows.drop(columns=rows.geometry.name)).reset_index(drop=True)
    table = table.assign(
        origin=table["origin"].astype(str), destination=table["destination"].astype(str)
    )
    shown = [named("weight")]
    by = colour_by
    if {"axis", "backbone"} <= set(table.columns):
        kind = table["backbone"].astype(str).str.lower().map({"true": "backbone"}).fillna("other")
        axis = table["axis"].str.replace(r"-\d+$", "", regex=True)
        table = table.assign(kind=axis.where(axis.isin(KIND_NAMES), kind))
        title = Text3("归类", "Read as", "分類")
        shown.append(Field("kind", title, words=KIND_NAMES))
        by = by or Categories("kind", KIND_NAMES, KIND_COLOURS, title)
    shown += [named(one) for one in ("year", "share") if one in table.columns]
    directed = "directed" in table.columns and bool(table["directed"].astype(bool).any())
    return flows(
        table, _ends(rows), about, directed=directed, colour_by=by, fields=shown, time=time
    )
