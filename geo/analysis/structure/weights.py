"""Spatial weights of units, and panels of values by unit and year."""

from dataclasses import dataclass
from typing import Final, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
from libpysal.graph import Graph
from numpy.typing import NDArray
from scipy import sparse

from geo.analysis.result import Result
from geo.analysis.years import require_columns, split_drops, years_of
from geo.crs import metres_of
from geo.errors import InputError, UnknownIdError

__all__ = ["ALTERNATIVES", "Alternative", "UnitPanel", "contiguity"]

Floats = NDArray[np.float64]
Alternative = Literal["two-sided", "greater", "less"]
ALTERNATIVES: Final = ("two-sided", "greater", "less")


def contiguity(units: gpd.GeoDataFrame) -> Graph:
    """Build queen contiguity weights of units that tile an area.

    Parameters
    ----------
    units
        Polygons in equal-area metres indexed by id; exclaves count through each of their parts.

    Returns
    -------
    libpysal.graph.Graph
        Binary; units that touch nothing are isolates.

    Raises
    ------
    CRSError
        When the units are not in metres.
    InputError
        When the ids are not unique.

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> from shapely import box
    >>> units = gpd.GeoDataFrame(
    ...     index=list("abc"), geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1), box(9, 9, 10, 10)],
    ...     crs=metres)
    >>> list(contiguity(units).isolates)
    ['c']
    """
    metres_of(units, name="units")
    if not units.index.is_unique:
        msg = "the ids of the units are not unique"
        raise InputError(msg)
    kinds = {str(one) for one in units.geom_type} - {"Polygon", "MultiPolygon"}
    if kinds:
        found = ", ".join(sorted(kinds))
        msg = f"units need areas, to tell which adjoin; some have none ({found})"
        raise InputError(msg)
    return Graph.build_contiguity(units, rook=False)


@dataclass(frozen=True)
class UnitPanel:
    """Values by unit and year, complete units only."""

    wide: pd.DataFrame  # units × years (one column "all" without years)
    n_dropped: dict[str, int]
    years: tuple[int, ...]


def unit_panel(table: pd.DataFrame, graph: Graph) -> UnitPanel:
    require_columns(table, "value", name="table")
    value = pd.to_numeric(table["value"], errors="coerce")
    unit = table["adcode"] if "adcode" in table.columns else table.index.to_series()
    flat = pd.DataFrame({"unit": unit.to_numpy(), "value": value.to_numpy(dtype=float)})
    years = years_of(table)
    flat["year"] = pd.to_numeric(table["year"]).to_numpy() if years else 0
    known = set(graph.unique_ids)
    flat, dropped = split_drops(
        flat,
        {
            "unit not in the weights": ~flat["unit"].isin(known),
            "no value": ~np.isfinite(flat["value"]),
        },
    )
    if flat.duplicated(["unit", "year"]).any():
        msg = "a unit has more than one value in a year; aggregate the table first"
        raise InputError(msg)
    wide = flat.pivot(index="unit", columns="year", values="value")
    whole = wide.dropna()
    short = len(wide) - len(whole)
    if short:
        dropped["unit without a value in every year (values)"] = int(
            wide.loc[~wide.index.isin(whole.index)].notna().to_numpy().sum()
        )
    absent = len(known) - len(whole)
    if absent:
        dropped["units of the weights without a value"] = absent
    if len(whole) < 4:
        msg = f"{len(whole)} units have values in every year; at least 4 are needed"
        raise InputError(msg)
    return UnitPanel(whole, dropped, years)


def for_panel(panel: UnitPanel, graph: Graph) -> Graph:
    """Restrict the weights to the units that have values, standardised by row.

    Parameters
    ----------
    panel
        Values by unit and year.
    graph
        Weights of all units.

    Returns
    -------
    Graph
        Weights of the units in the panel; each row sums to 1, or to 0 for an island.
    """
    kept = graph.subgraph(panel.wide.index) if len(panel.wide) < graph.n else graph
    return kept.transform("R")


def matrix_of(graph: Graph, order: pd.Index) -> sparse.csr_array:
    place = pd.Index(graph.unique_ids).get_indexer(order)
    whole = sparse.csr_array(graph.sparse)
    return sparse.csr_array(whole[place][:, place])


def panel_result(values: pd.DataFrame, formula_id: str, panel: UnitPanel) -> Result:
    if not panel.years:
        alone = values.index.nlevels == 1
        values = values.reset_index(drop=True) if alone else values.droplevel("year")
    return Result(
        values,
        formula_id,
        n=panel.wide.size,
        n_dropped=panel.n_dropped,
        years=panel.years,
    )


def check_test(alternative: str, permutations: int) -> None:
    if alternative not in ALTERNATIVES:
        raise UnknownIdError("alternative", alternative, ALTERNATIVES)
    if not 0 < permutations <= 99_999:
        msg = f"permutations are between 1 and 99,999, not {permutations}"
        raise InputError(msg)


def require_spread(values: Floats, year: int) -> None:
    if np.ptp(values) == 0:
        when = f" in {year}" if year else ""
        msg = f"all units have the same value{when}, so there is nothing to correlate"
        raise InputError(msg)
