"""Tables to units by their id, and by year: what matched, and every row that did not."""

import logging
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd

from geo.errors import InputError

__all__ = ["Attached", "attach", "unit_ids"]

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Attached:
    """Units with the columns of a table, and what found no partner.

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
        """Say in one line how many matched and what did not.

        Returns
        -------
        str
            Counts and up to three examples.
        """
        n_units = len(self.frame)
        said = f"{n_units - len(self.units_without)} of {n_units} units have a row"
        if len(self.units_without):
            said += f", without: {_examples(self.units_without)}"
        if len(self.unmatched):
            name = str(self.frame.index.name or "unit")
            lost = unit_ids(self.unmatched, name)
            said += f"; {len(lost)} rows are of no unit: {_examples(pd.Index(lost))}"
        return said


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
        Indexed by id, in any reference system.
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
