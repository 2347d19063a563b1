"""What ``jjj structure`` correlates: points counted in units, values of units, or a coded table."""

from dataclasses import replace
from functools import partial
from typing import Any

import geopandas as gpd
import pandas as pd

from geo.analysis.result import Result
from geo.analysis.structure.autocorrelation import getis_ord, local_moran, moran, moran_scatter
from geo.analysis.structure.centres import unit_densities
from geo.analysis.structure.weights import contiguity
from geo.cli.inputs import Input, called, table_named
from geo.cli.results import Places, canonical
from geo.cli.study import crs_of
from geo.crs import to_analysis
from geo.errors import InputError
from geo.join import unit_ids
from geo.tables.units import units_named

__all__ = ["correlated"]

_NAMES = ("name_zh", "name_en", "name_ja")


def correlated(
    name: str, opened: Input | None, options: dict[str, Any]
) -> tuple[pd.DataFrame, list[Result], Places]:
    """Open what a command names, and measure its spatial autocorrelation.

    Parameters
    ----------
    name
        As on the command line.
    opened
        Points, which are counted per km² of the units ``to``, or units with a column ``weight``;
        None for a table whose rows are joined to the units by ``code``.
    options
        Values of the command's options, by name.

    Returns
    -------
    frame : DataFrame
        The table, or a layer of the units.
    results : list of Result
        Behind it.
    places : Places
        Where the rows of a table lie.

    Raises
    ------
    InputError
        When units have no values, or codes are not those of the units.
    """
    units, table, counted = _units_and_values(name, opened, options)
    graph = contiguity(units)
    if options["measure"] == "moran":
        found = moran(table, graph, permutations=options["permutations"])
        scatter = partial(moran_scatter, table, graph)
        places = Places(drawn=lambda: _with_shapes(scatter(), units))
        return found.table(), [found, *counted], places
    if options["measure"] == "hotspots":
        found = getis_ord(table, graph)
    else:
        found = local_moran(
            table,
            graph,
            alternative=options["alternative"],
            permutations=options["permutations"],
        )
    return _with_shapes(found, units).table(), [found, *counted], Places()


def _with_shapes(found: Result, units: gpd.GeoDataFrame) -> Result:
    """Give a result by unit the shapes and names of the units."""
    values = found.table().reset_index().rename(columns={"unit": "adcode"})
    names = [one for one in _NAMES if one in units.columns]
    shaped = units[[*names, "geometry"]].loc[values["adcode"]].reset_index(drop=True)
    layer = shaped.join(values)[[*values.columns, *names, "geometry"]]
    return replace(found, values=layer)


def _units_and_values(
    name: str, opened: Input | None, options: dict[str, Any]
) -> tuple[gpd.GeoDataFrame, pd.DataFrame, list[Result]]:
    columns = {"weight": options["weight"], "year": options["year"]}
    if opened is None:
        return *_coded(name, options, columns), []
    own = canonical(opened.frame, columns, name)
    if (own.geom_type == "Point").any():
        chosen = units_named(options["to"]).frame
        crs = crs_of(chosen, name=options["to"])
        units, frame = to_analysis(chosen, crs), to_analysis(own, crs)
        counted = unit_densities(frame, units, name=options["to"])
        return units, counted.table(), [counted]
    _require_values(options["weight"])
    frame = to_analysis(own, crs_of(own, name=name))
    frame = frame[~(frame.geometry.isna() | frame.geometry.is_empty)]  # told as left out
    identity = next((one for one in ("adcode", "id") if one in frame.columns), None)
    ids = frame.index.astype(str) if identity is None else frame[identity].astype(str)
    named = frame.assign(adcode=ids, value=frame["weight"])
    units = named.drop_duplicates("adcode").set_index("adcode")
    keys = ["adcode", "value", *(["year"] if "year" in named.columns else [])]
    return units, named[keys], []


def _coded(
    name: str, options: dict[str, Any], columns: dict[str, str | None]
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Join a table to units by code; codes of another year are refused, not dropped."""
    _require_values(columns["weight"])
    to = options["to"]
    read = table_named(name, sheet=options["sheet"], encoding=options["encoding"])
    table = canonical(read, {"adcode": options["code"], **columns}, name)
    chosen = units_named(to).frame
    units = to_analysis(chosen, crs_of(chosen, name=to))
    ids = unit_ids(table, "adcode")
    strange = sorted(set(ids.dropna()) - set(units.index.astype(str)))
    if strange or ids.isna().any():
        rows = int((ids.isna() | ids.isin(strange)).sum())
        shown = ", ".join(strange[:3]) or "empty"
        msg = (
            f"{called(name)}: {rows} rows have codes that {to} does not ({shown}); bring them "
            "to one year first: jjj codes upgrade"
        )
        raise InputError(msg)
    keys = ["adcode", "value", *(["year"] if "year" in table.columns else [])]
    return units, table.assign(adcode=ids, value=table["weight"])[keys]


def _require_values(weight: str | None) -> None:
    if weight is None:
        msg = "units need --weight, the column whose values are correlated"
        raise InputError(msg)
