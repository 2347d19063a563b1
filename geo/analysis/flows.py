"""Flows between units: a table of origins and destinations, checked, on a fixed set of units.

The units stay the same in all years: if those without flows dropped out of a year, its density
would rise for no reason.
"""

import logging
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components

from geo.analysis.flow_table import NO_YEAR, plain_flows, some
from geo.errors import InputError

__all__ = ["Flows", "check_flows"]

_log = logging.getLogger(__name__)

_MOST_NAMED: Final = 13


@dataclass(frozen=True)
class Flows:
    """Checked flows; made by ``check_flows`` only.

    Attributes
    ----------
    pairs
        ``origin``, ``destination`` (ids of units), ``year`` and ``weight`` above 0; one row a
        pair and year. Undirected pairs stand once, in the order of the units.
    units
        Ids and names of all units, those without flows too: indexed by id, ``name_zh``,
        ``name_en``, ``name_ja``.
    directed
        Whether A to B and B to A are kept apart.
    loops
        Rows from a unit to itself, left out: ``unit``, ``year``, ``weight``.
    unknown
        Rows with a name or code of no unit, left out: ``origin``, ``destination``, ``year``,
        ``weight``.
    zeros
        Number of rows with weight 0, which are no flow.
    name
        What messages call the table, such as its file.
    """

    pairs: pd.DataFrame
    units: pd.DataFrame
    directed: bool
    loops: pd.DataFrame
    unknown: pd.DataFrame
    zeros: int
    name: str = "flows"

    @property
    def years(self) -> list[int]:
        """The years that have flows, rising; empty when the table has no years."""
        return [int(year) for year in sorted(self.pairs["year"].unique()) if year != NO_YEAR]

    @property
    def without_flows(self) -> list[str]:
        """Ids of the units that have no flow in any year."""
        met = set(self.pairs["origin"]) | set(self.pairs["destination"])
        return [str(one) for one in self.units.index if one not in met]

    def matrix(self, year: int | None = None) -> NDArray[np.float64]:
        """Return the weights as a square matrix in the order of the units.

        Parameters
        ----------
        year
            One year, or all years summed.

        Returns
        -------
        ndarray
            Shape (n, n), 0 on the diagonal; symmetric when undirected.

        Raises
        ------
        InputError
            When there are no flows in that year.
        """
        pairs = self.pairs if year is None else self.pairs[self.pairs["year"] == year]
        if year is not None and pairs.empty:
            known = ", ".join(map(str, self.years)) or "none"
            msg = f"{self.name}: no flows in {year}; years with flows: {known}"
            raise InputError(msg)
        found = np.zeros((len(self.units), len(self.units)))
        rows = self.units.index.get_indexer(pd.Index(pairs["origin"]))
        columns = self.units.index.get_indexer(pd.Index(pairs["destination"]))
        np.add.at(found, (rows, columns), pairs["weight"].to_numpy(dtype=float))
        return found if self.directed else found + found.T

    @property
    def parts(self) -> int:
        """Number of groups of units with flows between which nothing flows; 1 is connected."""
        linked = self.matrix() > 0
        n, labels = connected_components(linked, directed=False)
        alone = np.flatnonzero(~(linked | linked.T).any(axis=1))
        return int(n - len(np.unique(labels[alone])))

    def summary(self) -> str:
        """Say in one line what was read and what was left out.

        Returns
        -------
        str
            Counts, with the units and rows that are named.
        """
        said = [f"{len(self.pairs)} flows between {len(self.units)} units"]
        if not self.loops.empty:
            names = self.units["name_zh"].loc[self.loops["unit"]]
            said.append(f"{len(self.loops)} loops left out ({some(names)})")
        if not self.unknown.empty:
            strange = _strange(self.unknown, self.units)
            said.append(f"{len(self.unknown)} rows with unknown units ({some(strange)})")
        if self.zeros:
            said.append(f"{self.zeros} rows of weight 0, no flow")
        if self.parts > 1:
            said.append(f"the network is in {self.parts} parts that are not connected")
        if self.without_flows:
            idle = self.units["name_zh"].loc[self.without_flows]
            said.append(f"{len(idle)} units without flows: {some(idle, most=_MOST_NAMED)}")
        return "; ".join(said)


def _strange(rows: pd.DataFrame, units: pd.DataFrame) -> "pd.Series[Any]":
    both: pd.Series[Any] = pd.concat([rows["origin"], rows["destination"]])
    strange: pd.Series[Any] = both[~both.isin(units.index)]
    return strange


def check_flows(
    table: pd.DataFrame, units: pd.DataFrame, *, directed: bool = False, name: str = "flows"
) -> Flows:
    """Check a table of flows against the units, and report all that is left out.

    Parameters
    ----------
    table
        ``origin``, ``destination`` (ids or names of units in Chinese, English or Japanese, with
        or without 市), ``weight`` (not negative) and, if there are years, ``year``.
    units
        Indexed by id, with ``name_zh``, ``name_en``, ``name_ja``.
    directed
        Keep A to B and B to A apart; otherwise they are summed.
    name
        What messages call the table, such as its file.

    Returns
    -------
    Flows
        Pairs with a weight above 0, and what was left out.

    Raises
    ------
    InputError
        When a column is missing; a weight is missing, negative or no number; a pair occurs twice
        in a year (in one direction); or no flow between two units is left.

    Examples
    --------
    >>> units = pd.DataFrame({"name_zh": ["北京市", "天津市"], "name_en": ["Beijing", "Tianjin"],
    ...     "name_ja": ["北京市", "天津市"]}, index=["110000", "120000"])
    >>> table = pd.DataFrame({"origin": ["北京", "天津市", "北京"],
    ...     "destination": ["120000", "Beijing", "北京"], "weight": [3, 4, 9]})
    >>> flows = check_flows(table, units)
    >>> flows.pairs.weight.tolist(), len(flows.loops)
    ([7.0], 1)
    """
    plain = plain_flows(table, units, name=name)
    known = plain["origin"].isin(units.index) & plain["destination"].isin(units.index)
    loop = known & (plain["origin"] == plain["destination"])
    kept = plain[known & ~loop]
    _refuse_duplicates(kept, units, name)
    flowing = kept[kept["weight"] > 0]
    if flowing.empty:
        msg = (
            f"{name}: no flow between two units is left of {len(table)} rows "
            f"({int(loop.sum())} loops, {int((~known).sum())} with unknown units"
            f"{': ' * bool((~known).any())}{some(_strange(plain, units))})"
        )
        raise InputError(msg)
    loops = plain[loop].rename(columns={"origin": "unit"})[["unit", "year", "weight"]]
    found = Flows(
        pairs=flowing.reset_index(drop=True) if directed else _undirected(flowing, units),
        units=units[["name_zh", "name_en", "name_ja"]].copy(),
        directed=directed,
        loops=loops.reset_index(drop=True),
        unknown=plain[~known].reset_index(drop=True),
        zeros=len(kept) - len(flowing),
        name=name,
    )
    _name_thin_years(found)
    return found


def _refuse_duplicates(kept: pd.DataFrame, units: pd.DataFrame, name: str) -> None:
    double = kept.duplicated(["origin", "destination", "year"], keep="first")
    if double.any():
        one = kept[double].iloc[0]
        pair = " to ".join(str(units.at[one[end], "name_zh"]) for end in ("origin", "destination"))
        when = f" in {one['year']}" if one["year"] != NO_YEAR else ""
        msg = (
            f"{name}: {int(double.sum())} pairs occur more than once, first {pair}{when} (row "
            f"{int(double.index[double][0]) + 1}); sum them or remove what was counted twice"
        )
        raise InputError(msg)


def _undirected(flowing: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    first = units.index.get_indexer(pd.Index(flowing["origin"]))
    second = units.index.get_indexer(pd.Index(flowing["destination"]))
    ids = units.index.to_numpy(dtype=object)
    ordered = flowing.assign(
        origin=ids[np.minimum(first, second)], destination=ids[np.maximum(first, second)]
    )
    both = ordered.groupby(["origin", "destination", "year"], sort=False)["weight"]
    if (both.size() == 2).all() and (both.nunique() == 1).all():
        _log.warning(
            "every pair stands in both directions with equal weights, which are summed; if each "
            "is one count written twice, all weights are doubled (shares are not affected)"
        )
    return both.sum().reset_index()


def _name_thin_years(flows: Flows) -> None:
    asked = {*flows.pairs["year"], *flows.loops["year"], *flows.unknown["year"]} - {NO_YEAR}
    for year in sorted(asked):
        pairs = flows.pairs[flows.pairs["year"] == year]
        met = pd.unique(pd.concat([pairs["origin"], pairs["destination"]]))
        if len(met) < 3:
            _log.warning(
                "%s: flows between %s of %s units only; no structure can be read from that year",
                year,
                len(met),
                len(flows.units),
            )
