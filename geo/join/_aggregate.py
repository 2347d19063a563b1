"""Points attached to units, and totals by unit.

Tables to units by their id, and by year: what matched, and every row that did not.

Points per unit: counts, sums, means and densities, by category and by year.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import metres_of, require_crs, to_analysis
from geo.errors import InputError
from geo.region import study_crs

__all__ = [
    "Aggregated",
    "Attached",
    "By",
    "aggregate",
    "attach",
    "land_area_km2",
    "unit_ids",
]

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Attached:
    """Units with the columns of a table, and the rows and units without a match.

    Attributes
    ----------
    frame
        Every unit in its own order, with the columns of the table; missing where the table has
        no row for a unit.
    unmatched
        The rows of the table whose id is no unit's, as they came.
    units_without
        Ids of the units that the table does not have.
    year
        The year that was taken, when the table has one.
    """

    frame: gpd.GeoDataFrame
    unmatched: pd.DataFrame
    units_without: pd.Index
    year: int | None = None

    def summary(self) -> str:
        """Return one line: how many matched and what did not.

        Returns
        -------
        str
            Counts and up to three examples.
        """
        n_units = len(self.frame)
        text = f"{n_units - len(self.units_without)} of {n_units} units have a row"
        if len(self.units_without):
            text += f", without: {_examples(self.units_without)}"
        if len(self.unmatched):
            name = str(self.frame.index.name or "unit")
            lost = unit_ids(self.unmatched, name)
            text += f"; {len(lost)} rows are of no unit: {_examples(pd.Index(lost))}"
        return text


def unit_ids(table: pd.DataFrame, name: str) -> "pd.Series[str]":
    """Read the ids of units from a table, as text.

    Parameters
    ----------
    table
        With a column ``name``, or an index of that name.
    name
        The name of the units' index (``adcode``).

    Returns
    -------
    Series
        Aligned to ``table``; whole numbers become digits (110105.0 → "110105"), spaces at the
        ends go, missing stays missing.

    Raises
    ------
    InputError
        When the table has no such column.

    Examples
    --------
    >>> unit_ids(pd.DataFrame({"adcode": [110105.0, None]}), "adcode").tolist()
    ['110105', None]
    """
    if name in table.columns:
        values = table[name]
    elif table.index.name == name:
        values = table.index.to_series()
    else:
        msg = f"the table has no column {name!r}; it has {', '.join(map(str, table.columns))}"
        raise InputError(msg)
    return pd.Series(
        [_as_id(value) for value in values.tolist()], index=table.index, name=name, dtype=object
    )


def _as_id(value: Any) -> str | None:
    if value is None or value is pd.NA or value is pd.NaT or value != value:  # noqa: PLR0124 - NaN
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip() or None


def attach(units: gpd.GeoDataFrame, table: pd.DataFrame, *, year: int | None = None) -> Attached:
    """Add the columns of a table to units, one row a unit.

    Rows are joined by id and by nothing else: names repeat between cities. A column that the
    units have too gets ``_in``. Codes of other years belong through ``geo.tables`` first.

    Parameters
    ----------
    units
        Polygons of the units indexed by unit id, in any reference system.
    table
        With the units' id as a column (or as its index), and perhaps ``year``. Not changed.
    year
        The year to take; needed when the table has several.

    Returns
    -------
    Attached
        The units in their order with the table's columns, and what did not match.

    Raises
    ------
    InputError
        When the table has no id column, several rows for one unit, several years and none was
        chosen, no row of that year, or no row of any unit.

    Examples
    --------
    >>> from shapely import box
    >>> units = gpd.GeoDataFrame(
    ...     index=pd.Index(["1", "2"], name="adcode"),
    ...     geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)], crs="EPSG:4326")
    >>> done = attach(units, pd.DataFrame({"adcode": [2, 3], "people": [10, 20]}))
    >>> done.frame.people.tolist(), done.unmatched.people.tolist(), done.units_without.tolist()
    ([nan, 10.0], [20], ['1'])
    """
    name = str(units.index.name or "unit")
    rows, year = _of_year(table, year)
    ids = unit_ids(rows, name)
    known = ids.isin(units.index)
    matched, matched_ids = rows[known], ids[known]
    if matched.empty:
        wanted = _examples(units.index)
        msg = f"no {name} of the table ({_examples(ids.dropna())}) is a unit's ({wanted})"
        raise InputError(msg)
    twice = matched_ids[matched_ids.duplicated()].unique()
    if len(twice):
        msg = f"{len(twice)} units have several rows ({_examples(twice)}); sum or choose first"
        raise InputError(msg)
    plain = matched.drop(columns=name, errors="ignore").set_axis(pd.Index(matched_ids), axis=0)
    plain = plain.rename(columns={one: f"{one}_in" for one in plain.columns if one in units})
    frame = units.join(plain, validate="one_to_one")
    done = Attached(frame, rows[~known], units.index.difference(pd.Index(matched_ids)), year)
    if len(done.unmatched) or len(done.units_without):
        _LOG.warning("%s", done.summary())
    return done


def _of_year(table: pd.DataFrame, year: int | None) -> tuple[pd.DataFrame, int | None]:
    if "year" not in table.columns:
        if year is not None:
            msg = f"the table has no column 'year' to take {year} from"
            raise InputError(msg)
        return table, None
    years = pd.to_numeric(table["year"], errors="coerce")
    found = sorted(int(one) for one in years.dropna().unique())
    if year is None:
        if len(found) > 1:
            msg = f"the table has {len(found)} years ({found[0]} to {found[-1]}); choose one"
            raise InputError(msg)
        return table, found[0] if found else None
    if year not in found:
        msg = f"the table has no row of {year}; it has {', '.join(map(str, found)) or 'no year'}"
        raise InputError(msg)
    return table[years == year], year


def _examples(ids: Any) -> str:
    shown = [str(one) for one in list(ids)[:3]]
    return ", ".join(shown) + (" …" if len(ids) > 3 else "")


By = Literal["category", "year"]
_STATED: Final = "area_km2 of the layer"
_GIVEN: Final = "land area as given"
_MEASURED: Final = "area of the polygons in an equal-area projection"


@dataclass(frozen=True)
class Aggregated:
    """A table per unit, and the points that are in none.

    Attributes
    ----------
    table
        Indexed by the unit's id (and category, year), all units and all combinations present:
        ``n``, ``density_per_km2``, and for each value ``sum_``, ``mean_`` and ``n_`` (how many
        points had the value). A sum of nothing is 0, a mean of nothing is missing.
    n
        Number of points that are counted in a unit.
    n_dropped
        Points not counted, by reason.
    area_km2
        The area that densities were taken on, by unit.
    area_basis
        Which area that is, in words.
    """

    table: pd.DataFrame
    n: int
    n_dropped: Mapping[str, int]
    area_km2: "pd.Series[float]"
    area_basis: str


def aggregate(
    points: pd.DataFrame,
    units: gpd.GeoDataFrame,
    *,
    by: Sequence[By] = (),
    values: Sequence[str] = (),
    land_km2: "pd.Series[float] | None" = None,
) -> Aggregated:
    """Count and sum points per unit.

    density_per_km2 = n / area, on ``land_km2`` when given, else on the layer's own ``area_km2``,
    else on the area of the polygons; ``area_basis`` says which.

    Parameters
    ----------
    points
        Located points: the units' id as a column (as ``locate`` gives it), the columns of
        ``by`` and of ``values``. Geometry is not needed.
    units
        Polygons of the units, indexed by unit id.
    by
        ``"category"``, ``"year"`` or both.
    values
        Columns of numbers to sum and average; missing cells are left out and counted.
    land_km2
        Land area by unit, from ``land_area_km2`` or a table; for coastal units whose polygons
        reach into the sea.

    Returns
    -------
    Aggregated
        The table, and how many points were not counted and why.

    Raises
    ------
    InputError
        When a column is missing, or an area is not above zero.

    Examples
    --------
    >>> from shapely import box
    >>> units = gpd.GeoDataFrame({"area_km2": [2.0, 4.0]},
    ...     index=pd.Index(["1", "2"], name="adcode"),
    ...     geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)], crs="EPSG:4326")
    >>> done = aggregate(pd.DataFrame({"adcode": ["1", "1", None], "staff": [3, 5, 9]}), units,
    ...     values=["staff"])
    >>> done.table.density_per_km2.tolist(), done.table.mean_staff.tolist(), done.n_dropped
    ([1.0, 0.0], [4.0, nan], {'in no unit': 1})
    """
    name = str(units.index.name or "unit")
    _require_columns(points, [*by, *values])
    area, basis = _area(units, land_km2)
    ids = unit_ids(points, name)
    keys = points[list(by)].copy()
    keys.insert(0, name, ids)
    dropped, keep = _reasons(keys, units.index, by)
    keys = keys[keep]
    groups = [keys[one].to_numpy() for one in keys.columns]
    every = _every_group(units.index, keys, name, by)
    columns: dict[str, Any] = {"n": _filled(pd.Series(1, index=keys.index), groups, every, "sum")}
    km2 = area.reindex(every.get_level_values(0)).to_numpy()
    columns["density_per_km2"] = columns["n"].to_numpy() / km2
    for one in values:
        cells = pd.to_numeric(points.loc[keep, one], errors="coerce").astype(float)
        columns[f"sum_{one}"] = _filled(cells, groups, every, "sum")
        columns[f"mean_{one}"] = cells.groupby(groups).mean().reindex(every).to_numpy()
        columns[f"n_{one}"] = _filled(cells, groups, every, "count")
    table = pd.DataFrame(columns, index=every)
    return Aggregated(table, len(keys), dropped, area, basis)


def _require_columns(points: pd.DataFrame, wanted: Sequence[str]) -> None:
    lacking = [one for one in wanted if one not in points.columns]
    if lacking:
        msg = f"the points have no column {', '.join(lacking)}; they have {list(points.columns)}"
        raise InputError(msg)


def _reasons(
    keys: pd.DataFrame, known: pd.Index, by: Sequence[By]
) -> tuple[dict[str, int], "pd.Series[bool]"]:
    placed = keys.iloc[:, 0].isin(known)
    dropped = {"in no unit": int((~placed).sum())}
    keep = placed
    for one in by:
        lacking = keep & keys[one].isna()
        if lacking.any():
            dropped[f"no {one}"] = int(lacking.sum())
        keep &= ~lacking
    return {reason: count for reason, count in dropped.items() if count}, keep


def _every_group(known: pd.Index, keys: pd.DataFrame, name: str, by: Sequence[By]) -> pd.Index:
    if not by:
        alone: pd.Index = known.rename(name)
        return alone
    levels: list[Any] = [known, *(np.sort(keys[one].unique()) for one in by)]
    every: pd.Index = pd.MultiIndex.from_product(levels, names=[name, *by])
    return every


def _filled(
    cells: "pd.Series[Any]", groups: list[Any], every: pd.Index, how: Literal["sum", "count"]
) -> "pd.Series[Any]":
    return cells.groupby(groups).agg(how).reindex(every, fill_value=0)


def _area(
    units: gpd.GeoDataFrame, land_km2: "pd.Series[float] | None"
) -> tuple["pd.Series[float]", str]:
    if land_km2 is not None:
        area, basis = (
            land_km2.reindex(units.index),
            str(land_km2.name) if land_km2.name is not None else _GIVEN,
        )
    elif "area_km2" in units.columns:
        area, basis = units["area_km2"], _STATED
    else:
        area, basis = to_analysis(units, study_crs(units)).area / 1e6, _MEASURED
    area = area.astype(float).rename("area_km2")
    bad = ~(area > 0)
    if bad.any():
        msg = f"{int(bad.sum())} units have no area above zero ({', '.join(area.index[bad][:3])})"
        raise InputError(msg)
    return area, basis


def land_area_km2(units: gpd.GeoDataFrame, land: gpd.GeoDataFrame) -> "pd.Series[float]":
    """Measure how much of each unit is land.

    area(unit ∩ land) in equal-area metres. The shipped county polygons end at the coast as their
    publisher draws it (their areas sum to the published land areas within 0.5 %), so that
    ``area_km2`` needs no mask; polygons that reach into the sea do, and then the answer is as
    good as the land polygons given. No global land mask is shipped: the one on PyPI has cells of
    1′, about 1.5 km, wider than the reclaimed land that matters here.

    Parameters
    ----------
    units, land
        Polygons in equal-area metres; ``land`` may be many.

    Returns
    -------
    Series
        km² by unit, named for what it is.

    Raises
    ------
    CRSError
        When either frame is not in metres.

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> from shapely import box
    >>> units = gpd.GeoDataFrame(index=["1"], geometry=[box(0, 0, 2000, 1000)], crs=metres)
    >>> shore = gpd.GeoDataFrame(geometry=[box(0, 0, 500, 9000)], crs=metres)
    >>> land_area_km2(units, shore).tolist()
    [0.5]
    """
    require_crs(land, metres_of(units, name="units"), name="land")
    whole = land.geometry.union_all()
    cut = shapely.intersection(units.geometry.to_numpy(), whole)
    return pd.Series(shapely.area(cut) / 1e6, index=units.index, name="area within the land given")
