"""Points: facilities, firms, stations and towns, each with its positional accuracy."""

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import STORAGE_CRS, to_analysis
from geo.errors import InputError, UnknownIdError
from geo.layers.builders.recipe import recipe
from geo.layers.specs import spec
from geo.region import Region
from geo.sources import packages

__all__ = ["check_county", "facilities", "firms", "stations", "tabled", "towns"]

_NUMBERS = ("lon", "lat", "position_accuracy_m")


def _points(table: pd.DataFrame, index: str) -> gpd.GeoDataFrame:
    frame = gpd.GeoDataFrame(
        table.sort_values(index).set_index(index),
        geometry=gpd.points_from_xy(table.sort_values(index).lon, table.sort_values(index).lat),
        crs=STORAGE_CRS,
    )
    return frame.assign(position_accuracy_m=frame.position_accuracy_m.astype("int64"))


def _empty_to_null(frame: pd.DataFrame, *columns: str) -> dict[str, Any]:
    return {name: frame[name].where(frame[name] != "", None) for name in columns}


def check_county(
    points: gpd.GeoDataFrame, counties: gpd.GeoDataFrame, region: Region
) -> "pd.Series[str]":
    """Compare each point with the county that its row states.

    Parameters
    ----------
    points
        Points in ``STORAGE_CRS`` with ``adcode`` and ``position_accuracy_m``.
    counties
        The layer ``counties``: polygons in ``STORAGE_CRS`` indexed by adcode.
    region
        The region whose files, codes and projection are used.

    Returns
    -------
    Series of str
        ``inside``; ``within_accuracy`` when the county is no farther than the accuracy of the
        point plus that of the boundary; else ``outside``.
    """
    own = to_analysis(counties, region.crs).geometry.reindex(points.adcode).to_numpy()
    gap_m = shapely.distance(to_analysis(points, region.crs).geometry.to_numpy(), own)
    allowed_m = points.position_accuracy_m.to_numpy() + region.boundary_accuracy_m
    verdict = np.select([gap_m == 0, gap_m <= allowed_m], ["inside", "within_accuracy"], "outside")
    return pd.Series(verdict, index=points.index, name="county_check", dtype=object)


def _last(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return frame[[*frame.columns.drop("geometry"), "geometry"]]


def tabled(layer_id: str, counties: gpd.GeoDataFrame, region: Region) -> gpd.GeoDataFrame:
    """Build a layer of points from the table of its name, as its schema says.

    Parameters
    ----------
    layer_id
        A layer of points whose rows stand in ``tables/<layer_id>.csv`` with ``lon`` and ``lat``.
    counties
        The layer ``counties``: polygons in ``STORAGE_CRS`` indexed by adcode.
    region
        The region whose files, codes and projection are used.

    Returns
    -------
    GeoDataFrame
        Indexed by the schema's id in order; ``county_check`` is computed where the schema has it,
        an empty cell is missing where the schema allows that.

    Raises
    ------
    UnknownIdError
        When there is no such table, or it lacks a column of numbers.
    InputError
        When a cell of a number column is not a number, a place is outside the earth's degrees, or
        a flag is neither ``true`` nor ``false``.
    """
    schema = spec(layer_id, region).schema
    numbers = [one.name for one in schema.columns if one.kind in ("number", "integer")]
    table = region.table(layer_id, numbers=dict.fromkeys([*numbers, "lon", "lat"]))
    if schema.index not in table:
        raise UnknownIdError("column", schema.index, table.columns)
    _refuse_places(table, layer_id)
    _refuse_flags(table, layer_id, [one.name for one in schema.columns if one.kind == "flag"])
    table = table.sort_values(schema.index).set_index(schema.index)
    frame = gpd.GeoDataFrame(
        table, geometry=gpd.points_from_xy(table.lon, table.lat), crs=STORAGE_CRS
    )
    wanted = {one.name: one for one in schema.columns}
    frame = frame.drop(columns=[one for one in ("lon", "lat") if one not in wanted])
    if "county_check" in wanted:
        frame = frame.assign(county_check=check_county(frame, counties, region))
    for name in [one for one in wanted if one in frame]:
        column = wanted[name]
        if column.kind == "flag":
            frame[name] = frame[name].map({"true": True, "false": False})
        elif column.kind == "text":
            frame = frame.assign(**_empty_to_null(frame, name))
        elif column.kind == "integer" and frame[name].dropna().mod(1).eq(0).all():
            frame[name] = frame[name].astype("Int64")
    return _last(frame)


def _refuse_places(table: pd.DataFrame, layer_id: str) -> None:
    for column, most in (("lon", 180), ("lat", 90)):
        wrong = table[column].abs() > most
        if wrong.any():
            value, line = table[column][wrong].iloc[0], int(np.flatnonzero(wrong)[0]) + 2
            msg = f"{layer_id}.csv: {column} {value:g} in line {line} is outside −{most}…{most}"
            raise InputError(msg)


def _refuse_flags(table: pd.DataFrame, layer_id: str, flags: Sequence[str]) -> None:
    for column in [one for one in flags if one in table]:
        wrong = ~table[column].isin(["true", "false", ""])
        if wrong.any():
            value, line = table[column][wrong].iloc[0], int(np.flatnonzero(wrong)[0]) + 2
            msg = f"{layer_id}.csv: {column} {value!r} in line {line} is neither true nor false"
            raise InputError(msg)


def facilities(counties: gpd.GeoDataFrame, region: Region) -> gpd.GeoDataFrame:
    """Build the facilities from the compiled table.

    Parameters
    ----------
    counties
        The layer ``counties``: polygons in ``STORAGE_CRS`` indexed by adcode.
    region
        The region whose files, codes and projection are used.

    Returns
    -------
    GeoDataFrame
        Indexed by facility_id in order.
    """
    table = region.table("facilities", numbers=(*_NUMBERS, "status_year"))
    frame = _points(table, "facility_id")
    frame = frame.assign(
        status_year=frame.status_year.astype("Int64"), **_empty_to_null(frame, "checked_against")
    )
    frame.insert(frame.columns.get_loc("status_year") + 1, "date_kind", _date_kinds(frame, region))
    return _last(frame.assign(county_check=check_county(frame, counties, region)))


def _date_kinds(facilities: gpd.GeoDataFrame, region: Region) -> "pd.Series[str]":
    """Say of which kind each year is: the row's own entry in ``date_kinds``, or its category's."""
    kinds = region.table("date_kinds").set_index("subject").date_kind
    own = facilities.index.to_series().map(kinds)
    kind = own.fillna(facilities.category.map(kinds)).where(facilities.status_year.notna(), None)
    return pd.Series(kind, dtype=object)


def firms(counties: gpd.GeoDataFrame, region: Region) -> gpd.GeoDataFrame:
    """Build the firms from the compiled table.

    Parameters
    ----------
    counties
        The layer ``counties``: polygons in ``STORAGE_CRS`` indexed by adcode.
    region
        The region whose files, codes and projection are used.

    Returns
    -------
    GeoDataFrame
        Indexed by firm_id in order; ``has_site`` is false where the point stands for a district
        or quarter, ``status`` is ``not_moved_yet`` for firms announced for another place than
        that where they still sit.
    """
    frame = _points(region.table("firms", numbers=_NUMBERS), "firm_id")
    waiting = frame.industry_detail.str.contains(recipe(region).firms.waiting, regex=False)
    frame = frame.assign(
        has_site=frame.position_basis.str.startswith("site known"),
        status=np.where(waiting, "not_moved_yet", "present"),
        **_empty_to_null(frame, "founded_or_listed", "checked_against"),
    )
    frame = frame.assign(status=frame.status.astype(object))
    return _last(frame.assign(county_check=check_county(frame, counties, region)))


def stations(facilities: gpd.GeoDataFrame, region: Region) -> gpd.GeoDataFrame:
    """Build the high-speed stations, with the lines that stop at each.

    Parameters
    ----------
    facilities
        The layer ``facilities``: points in ``STORAGE_CRS`` indexed by facility_id.
    region
        The region whose files, codes and projection are used.

    Returns
    -------
    GeoDataFrame
        Indexed by facility_id in order.
    """
    lines = (
        region.table("rail_lines")
        .groupby("station_facility_id")
        .line_id.agg(lambda ids: " ".join(sorted(set(ids))))
    )
    frame = facilities[facilities.category == "hsr_station"]
    columns = ["name_zh", "name_en", "name_ja", *_NUMBERS, "adcode", "city", "county_check"]
    frame = frame[[*columns, "geometry"]].assign(
        line_ids=lines.reindex(frame.index, fill_value="").astype(object)
    )
    return frame[[*columns[:-1], "line_ids", "county_check", "geometry"]]


def _chinese(alternatives: list[str]) -> str | None:
    """Return the shortest alternative written in Han characters only, first in order."""
    han = sorted(
        (one for one in alternatives if one and all("\u4e00" <= sign <= "\u9fff" for sign in one)),
        key=len,
    )
    return han[0] if han else None


def towns(counties: gpd.GeoDataFrame, region: Region) -> gpd.GeoDataFrame:
    """Build the populated places that lie inside the counties.

    Parameters
    ----------
    counties
        The layer ``counties``: polygons in ``STORAGE_CRS`` indexed by adcode.
    region
        The region whose files, codes and projection are used.

    Returns
    -------
    GeoDataFrame
        Indexed by geonameid, in numeric order.
    """
    table = packages.read_towns(region.view)
    frame = gpd.GeoDataFrame(
        {
            "name_en": table.name,
            "name_zh": table.alternatenames.map(_chinese).astype(object),
            "population": table.population,
        },
        geometry=gpd.points_from_xy(table.lon, table.lat),
        crs=STORAGE_CRS,
    ).set_index(table.geonameid.astype(str))
    frame.index.name = "geonameid"
    which, town = counties.sindex.query(frame.geometry, predicate="intersects")[::-1]
    inside = pd.Series(counties.index[which], index=frame.index[town]).groupby(level=0).min()
    frame = frame.assign(adcode=inside.reindex(frame.index))
    frame = frame[frame.adcode.notna()]
    frame = frame.assign(name_zh=frame.name_zh.where(frame.name_zh.notna(), None))
    return _last(frame)
