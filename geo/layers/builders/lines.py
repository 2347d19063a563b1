"""Lines: the axes that documents draw, high-speed railways, and the transport networks."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import STORAGE_CRS, to_analysis
from geo.layers.builders.recipe import recipe
from geo.region import Region
from geo.sources import packages

__all__ = ["axes", "network", "plan_nodes", "rail_lines"]


def _length_km(frame: gpd.GeoDataFrame, region: Region) -> "pd.Series[float]":
    length_km: pd.Series[float] = (to_analysis(frame, region.crs).length / 1000.0).round(3)
    return length_km.rename("length_km")


def _through(places: pd.DataFrame, by: str) -> gpd.GeoSeries:
    """Join the places of each group by straight lines, in the order of the rows."""
    shapes = {
        key: shapely.linestrings(group[["lon", "lat"]].to_numpy())
        for key, group in places.groupby(by)
    }
    return gpd.GeoSeries(shapes, crs=STORAGE_CRS)


def _axis_nodes(region: Region) -> pd.DataFrame:
    table = region.table("axes", numbers=("order", "lon", "lat"))
    return table.sort_values(["axis_id", "order"], kind="stable")


def axes(region: Region) -> gpd.GeoDataFrame:
    """Build the axes: one line an axis, through its nodes in order.

    Parameters
    ----------
    region
        The region whose files, codes and projection are used.

    Returns
    -------
    GeoDataFrame
        Indexed by axis_id in order.
    """
    nodes = _axis_nodes(region)
    first = nodes.groupby("axis_id").first()
    published = recipe(region).axes.published_length_km
    stated = (nodes.basis == "stated").groupby(nodes.axis_id).sum()
    frame = gpd.GeoDataFrame(
        first[["axis_set", "name_zh", "name_en", "name_ja"]],
        geometry=_through(nodes, "axis_id"),
    )
    frame = frame.assign(
        length_km=_length_km(frame, region),
        published_length_km=[published.get(one, np.nan) for one in frame.index],
        n_stated=stated,
        n_schematic=nodes.groupby("axis_id").size() - stated,
        source=first.source,
    )
    return frame[[*frame.columns.drop("geometry"), "geometry"]]


def plan_nodes(facilities: gpd.GeoDataFrame, region: Region) -> gpd.GeoDataFrame:
    """Build the distinct nodes of the axes.

    Parameters
    ----------
    facilities
        The layer ``facilities``, from which the nodes take their names.
    region
        The region whose files, codes and projection are used.

    Returns
    -------
    GeoDataFrame
        Indexed by node_id in order; ``basis`` is ``stated`` when any text names the node.
    """
    nodes = _axis_nodes(region)
    grouped = nodes.groupby("node_id")
    table = pd.DataFrame(
        {
            "name_zh": grouped.node_name_zh.first(),
            "axis_ids": grouped.axis_id.agg(lambda ids: " ".join(sorted(set(ids)))),
            "axis_sets": grouped.axis_set.agg(lambda ids: " ".join(sorted(set(ids)))),
            "basis": grouped.basis.max(),  # "stated" comes after "schematic",
            "lon": grouped.lon.first(),
            "lat": grouped.lat.first(),
        }
    )
    known = facilities.reindex(table.index)
    frame = gpd.GeoDataFrame(
        {
            "name_zh": table.name_zh,
            "name_en": known.name_en.fillna(table.name_zh),
            "name_ja": known.name_ja.fillna(table.name_zh),
            "axis_ids": table.axis_ids,
            "axis_sets": table.axis_sets,
            "basis": table.basis,
        },
        geometry=gpd.points_from_xy(table.lon, table.lat),
        crs=STORAGE_CRS,
    )
    return frame.rename_axis("node_id")


def rail_lines(facilities: gpd.GeoDataFrame, region: Region) -> gpd.GeoDataFrame:
    """Build the high-speed lines as straight links between their stations.

    Parameters
    ----------
    facilities
        The layer ``facilities``, which holds every station.
    region
        The region whose files, codes and projection are used.

    Returns
    -------
    GeoDataFrame
        Indexed by line_id in order.
    """
    table = region.table("rail_lines", numbers=("order", "design_speed_kmh"))
    table = table.sort_values(["line_id", "order"], kind="stable")
    place = facilities.geometry.loc[table.station_facility_id].to_numpy()
    table = table.assign(lon=shapely.get_x(place), lat=shapely.get_y(place))
    first = table.groupby("line_id").first()
    frame = gpd.GeoDataFrame(
        first[["name_zh", "name_en", "name_ja", "opened", "design_speed_kmh"]],
        geometry=_through(table, "line_id"),
    )
    frame = frame.assign(
        n_stations=table.groupby("line_id").size(),
        length_km=_length_km(frame, region),
        **{one: first[one].where(first[one] != "", None) for one in ("note", "note_zh", "note_ja")},
    )
    return frame[[*frame.columns.drop("geometry"), "geometry"]]


def network(kind: str, prefix: str, region: Region) -> gpd.GeoDataFrame:
    """Cut a world transport graph to the region.

    Parameters
    ----------
    kind
        Kind of network: ``rail`` or ``road``.
    prefix
        First letter of the edge ids.
    region
        The region whose files, codes and projection are used.

    Returns
    -------
    GeoDataFrame
        Straight edges with the length of the source, indexed by edge_id in order.
    """
    west, south, east, north = region.view
    made = recipe(region).networks
    margin = made.margin_deg
    box = (west - margin, south - margin, east + margin, north + margin)
    nodes, edges = packages.read_graph(getattr(made, kind), box)
    start = nodes.loc[edges.from_node, ["lon", "lat"]].to_numpy()
    end = nodes.loc[edges.to_node, ["lon", "lat"]].to_numpy()
    ids = [f"{prefix}{number:05d}" for number in range(len(edges))]
    return gpd.GeoDataFrame(
        edges.set_index(pd.Index(ids, name="edge_id")),
        geometry=shapely.linestrings(np.stack([start, end], axis=1)),
        crs=STORAGE_CRS,
    )
