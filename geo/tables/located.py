"""Points with the unit that the join found for each: the columns of ``jjj locate`` in order."""

from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.door.headers import PLACED, renamed
from geo.tables.points import PointTable
from geo.tables.units import Units

__all__ = ["with_units"]


def with_units(table: PointTable, found: pd.DataFrame, units: Units) -> PointTable:
    """Add the units that were found, and note rows that lie outside the county they state.

    Parameters
    ----------
    table
        Points with their report.
    found
        From ``geo.join.locate``, aligned to the points: the units' id first, then
        ``boundary_distance_m`` and ``ambiguous``.
    units
        Polygons of the units that the points were joined to.

    Returns
    -------
    PointTable
        The frame has the columns ``LOCATED`` after the input's, those that the units can fill;
        ``adcode`` is the id of the unit.
    """
    code = found.iloc[:, 0].astype(object).where(found.iloc[:, 0].notna(), None)
    names = units.named(code)
    added = pd.DataFrame(
        {
            "adcode": code,
            **names,
            "location_basis": table.frame["location_basis"],
            "location_accuracy_m": table.frame["location_accuracy_m"],
            "boundary_distance_m": found["boundary_distance_m"].round(1),
            "ambiguous": found["ambiguous"],
            "datum_in": table.frame["datum_in"],
        },
        index=table.frame.index,
    )
    own = table.frame.drop(columns=[*PLACED, "geometry"])
    ours = [name for name in added.columns if name not in PLACED]
    if set(ours) <= set(own.columns):  # an earlier run's, which are made anew
        own = own.drop(columns=ours)
    own = own.rename(columns=renamed(own.columns, ours))
    frame = gpd.GeoDataFrame(pd.concat([own, added], axis=1), geometry=table.frame.geometry)
    return replace(table, frame=frame, report=_noted(table, code, units))


def _noted(table: PointTable, code: "pd.Series[Any]", units: Units) -> pd.DataFrame:
    report = table.report
    own = (table.frame["location_basis"] == "coordinates").to_numpy()
    outside = own & code.isna().to_numpy()
    stated = report["stated_adcode"].to_numpy(dtype=object)
    is_stated = np.array([one is not None and one == one for one in stated], dtype=bool)  # noqa: PLR0124
    county = code.to_numpy(dtype=object)
    differs = own & is_stated & ~outside & (stated != county) if units.is_smallest else own & False
    reason = report["reason"].to_numpy(dtype=object).copy()
    detail = report["detail"].to_numpy(dtype=object).copy()
    for rows, why in ((outside, "outside_units"), (differs, "outside_stated_county")):
        reason[rows] = np.where(reason[rows] == "", "", reason[rows] + ";") + why
    for at in np.flatnonzero(differs):
        detail[at] = detail[at] or f"states {stated[at]}, lies in {county[at]}"
    return report.assign(reason=reason, detail=detail)
