"""Tables of flows: reading one, its ends, its matrix and its years.

A table of flows as it comes: columns, units, years and weights read, a matrix made long.

Flows between units: a table of origins and destinations, checked, on a fixed set of units.

The units stay the same in all years: if those without flows dropped out of a year, its density
would rise for no reason.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components

from geo.door.headers import normalise
from geo.errors import InputError

__all__ = [
    "NO_YEAR",
    "Flows",
    "check_flows",
    "first_few",
    "from_matrix",
    "named_columns",
    "plain_flows",
]

_log = logging.getLogger(__name__)

NO_YEAR: Final = 0
"""Stands for the year of a table without years."""
_NEEDED: Final = ("origin", "destination", "weight")
_HEADERS: Final = {
    "origin": "origin origins src source from fromcity fromname fromunit start startcity o "
    "origincity originname fromadcode fromcode origincode originadcode startadcode "
    "起点 起始地 起始城市 起点城市 出发地 出发城市 出发 出发站 始发地 始发站 始发城市 "
    "来源地 来源城市 "
    "迁出地 迁出城市 流出地 流出城市 出发地代码 起点代码 起点站 発地 出発地 出発",
    "destination": "destination destinations dest dst target to tocity toname tounit end endcity d "
    "destinationcity destinationname toadcode tocode destinationcode destinationadcode endadcode "
    "终点 终点城市 目的地 目的城市 目的地城市 到达地 到达城市 到达 到达站 终到站 终到地 到站 "
    "迁入地 迁入城市 流入地 流入城市 到达地代码 目的地代码 终点代码 终点站 着地 到着地 到着",
    "weight": "weight weights flow flows value values volume count counts n number num trips total "
    "trains trainsperday passengers amount people persons "
    "流量 人次 人数 数量 次数 班次 车次 列车数 客流 客流量 迁徙指数 迁徙规模 "
    "联系强度 强度 总量 合计 値 件数",
    "year": "year years 年份 年度 年 统计年份 数据年份",
}
"""How strangers call the columns of a table of flows; a code goes before a name."""
_CODED: Final = ("adcode", "code", "代码")


def plain_flows(table: pd.DataFrame, units: pd.DataFrame, *, name: str = "flows") -> pd.DataFrame:
    """Read the columns of a long table of flows, whatever is in its rows.

    Parameters
    ----------
    table
        ``origin``, ``destination``, ``weight`` and maybe ``year``.
    units
        Table of the units indexed by id, with ``name_zh``, ``name_en``, ``name_ja``.
    name
        Name of the table for messages, such as its file.

    Returns
    -------
    DataFrame
        ``origin``, ``destination`` (ids of units, or the text where it names none or several),
        ``year`` (``NO_YEAR`` without years) and ``weight``, one row a row.

    Raises
    ------
    InputError
        When a column is missing; a weight is missing, negative or no number; or a year is none.
    """
    table = table.reset_index(drop=True)
    missing = [one for one in _NEEDED if one not in table.columns]
    if missing:
        msg = (
            f"{name}: no column {', '.join(missing)}; the columns are "
            f"{', '.join(map(str, table.columns))}; name them origin, destination, weight, year"
        )
        raise InputError(msg)
    return pd.DataFrame(
        {
            "origin": _ids(table["origin"], units),
            "destination": _ids(table["destination"], units),
            "year": _years(table, name),
            "weight": _weights(table, name),
        }
    )


def named_columns(table: pd.DataFrame, *, name: str = "flows") -> pd.DataFrame:
    """Rename the columns of a table of flows by what strangers call them.

    Parameters
    ----------
    table
        One row a flow, columns by any usual name: 起点, 终点, 流量; ``src``, ``dst``, ``count``;
        ``fromCity``, ``toCity``, ``value``. A column by its own name, ``origin``, wins.
    name
        Name of the table for messages, such as its file.

    Returns
    -------
    DataFrame
        With ``origin``, ``destination``, ``weight`` and maybe ``year`` where they were found;
        what was renamed is logged. Without both ends it is returned as it came.

    Raises
    ------
    InputError
        When two columns could be the weight.

    Examples
    --------
    >>> table = pd.DataFrame({"起点": ["北京"], "终点": ["天津"], "流量": [5]})
    >>> named_columns(table).columns.tolist()
    ['origin', 'destination', 'weight']
    """
    plain = {column: normalise(str(column)) for column in table.columns}
    found: dict[str, Any] = {}
    for role, words in _HEADERS.items():
        own = [column for column in plain if str(column).strip().lower() == role]
        known = set(words.split())
        alike = own or [column for column, word in plain.items() if word in known]
        if len(alike) > 1 and role == "weight":
            msg = (
                f"{name}: columns {first_few(pd.Series(alike))} could all be the weight; "
                "name the right one weight"
            )
            raise InputError(msg)
        coded = [column for column in alike if plain[column].endswith(_CODED)]
        if alike:
            found[role] = (coded or alike)[0]
    if not {"origin", "destination"} <= set(found):
        return table
    if "weight" not in found:
        rest = table.drop(columns=list(found.values()))
        numbers = [one for one in rest if pd.api.types.is_numeric_dtype(rest[one])]
        if len(numbers) == 1:
            found["weight"] = numbers[0]
    changed = {column: role for role, column in found.items() if str(column) != role}
    if changed:
        pairs = ", ".join(f"{column} as {role}" for column, role in changed.items())
        _log.info("%s: read %s", name, pairs)
    taken = [role for role in found if role in table.columns and found[role] != role]
    return table.drop(columns=taken).rename(columns=changed)


def first_few(values: "pd.Series[Any]", *, most: int = 5) -> str:
    """List the first of some values, for a message.

    Parameters
    ----------
    values
        Texts; repeated ones are named once.
    most
        Largest number of values that are named.

    Returns
    -------
    str
        Joined by commas, with an ellipsis when there are more.
    """
    found = list(dict.fromkeys(map(str, values)))
    return ", ".join(found[:most]) + (" …" if len(found) > most else "")


def _ids(names: "pd.Series[Any]", units: pd.DataFrame) -> "pd.Series[str]":
    """Return the unit each text means; a text of no unit, or of two, is returned as it is."""
    meant: dict[str, set[str]] = {}
    for unit, row in units.iterrows():
        words = {str(unit)}
        for column in ("name_zh", "name_en", "name_ja"):
            name = str(row[column])
            words |= {name, name.casefold()}
            if column != "name_en" and len(name) > 2 and name[-1] in "市县区県區縣":
                words.add(name[:-1])
        for word in words:
            meant.setdefault(word, set()).add(str(unit))
    sure = {word: next(iter(found)) for word, found in meant.items() if len(found) == 1}

    def unit_of(value: Any) -> str:
        text = _text(value)
        return sure.get(text, sure.get(text.casefold(), text))

    found = names.map(unit_of).astype(object)
    for text in dict.fromkeys(one for one in found if len(meant.get(one, ())) > 1):
        _log.warning(
            "%s names several units: %s; give the code", text, ", ".join(sorted(meant[text]))
        )
    return found


def _text(value: Any) -> str:
    if isinstance(value, float | np.floating) and np.isfinite(value) and float(value).is_integer():
        value = int(value)
    return str(value).strip()


def _years(table: pd.DataFrame, name: str) -> "pd.Series[int]":
    if "year" not in table.columns:
        return pd.Series(NO_YEAR, index=table.index)
    years = pd.to_numeric(table["year"], errors="coerce")
    wrong = ~(years.between(1000, 9999) & (years == years.round()))
    if wrong.any():
        first = table["year"][wrong].iloc[0]
        msg = f"{name}: {int(wrong.sum())} years are no year, first {first!r} in row {_row(wrong)}"
        raise InputError(msg)
    return years.astype("int64")


def _weights(table: pd.DataFrame, name: str) -> "pd.Series[float]":
    weights = pd.to_numeric(table["weight"], errors="coerce").astype("float64")
    absent = pd.Series(~np.isfinite(weights.to_numpy()), index=weights.index)
    below = pd.Series(weights.to_numpy() < 0, index=weights.index)
    faults = []
    for bad, what in ((absent, "missing or no number"), (below, "negative")):
        if bad.any():
            first = table[bad].iloc[0]
            shown = "empty" if pd.isna(first["weight"]) else _text(first["weight"])
            pair = f"{first['origin']} to {first['destination']}"
            faults.append(
                f"{what} in {int(bad.sum())} rows (first {shown} in row {_row(bad)}, {pair})"
            )
    if faults:
        msg = f"{name}: weights are {' and '.join(faults)}; correct or leave out these rows"
        raise InputError(msg)
    return weights


def _row(wrong: "pd.Series[Any]") -> int:
    return int(np.flatnonzero(wrong.to_numpy())[0]) + 1


def from_matrix(table: pd.DataFrame, *, name: str = "flows") -> pd.DataFrame:
    """Turn a square matrix into a long table; missing cells are no flow.

    Parameters
    ----------
    table
        The first column (or the index) names the origins, the other columns the destinations. A
        triangular matrix stands for the whole.
    name
        Name of the table for messages, such as its file.

    Returns
    -------
    DataFrame
        ``origin``, ``destination``, ``weight``; rows of empty cells are left out.

    Raises
    ------
    InputError
        When the matrix names no destination that is also an origin.

    Examples
    --------
    >>> table = pd.DataFrame({"": ["北京", "天津"], "北京": [None, 4], "天津": [3, None]})
    >>> from_matrix(table).to_numpy().tolist()
    [['天津', '北京', 4.0], ['北京', '天津', 3.0]]
    """
    first = table.columns[0] if len(table.columns) else ""
    heads = {_text(one) for one in table.columns[1:]}
    square = table
    if len(table.columns) and heads & {_text(one) for one in table[first]}:
        square = table.set_index(first)
    names = {_text(one) for one in square.index}
    if not names & {_text(one) for one in square.columns}:
        msg = (
            f"{name}: neither a table with origin, destination and weight nor a matrix whose first "
            "column and header name the same units; the columns are "
            f"{first_few(table.columns.to_series())}"
        )
        raise InputError(msg)
    long = square.rename_axis("origin").reset_index().melt("origin", var_name="destination")
    return long.rename(columns={"value": "weight"}).dropna(subset="weight").reset_index(drop=True)


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
        Name of the table for messages, such as its file.
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
            The year that is used; None sums all years.

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
        """Number of connected components among units with flows."""
        linked = self.matrix() > 0
        n, labels = connected_components(linked, directed=False)
        alone = np.flatnonzero(~(linked | linked.T).any(axis=1))
        return int(n - len(np.unique(labels[alone])))

    def summary(self) -> str:
        """Return one line: what was read and what was left out.

        Returns
        -------
        str
            Counts, with the units and rows that are named.
        """
        parts = [f"{len(self.pairs)} flows between {len(self.units)} units"]
        if not self.loops.empty:
            names = self.units["name_zh"].loc[self.loops["unit"]]
            parts.append(f"{len(self.loops)} loops left out ({first_few(names)})")
        if not self.unknown.empty:
            strange = _strange(self.unknown, self.units)
            parts.append(f"{len(self.unknown)} rows with unknown units ({first_few(strange)})")
        if self.zeros:
            parts.append(f"{self.zeros} rows of weight 0, no flow")
        if self.parts > 1:
            parts.append(f"the network is in {self.parts} parts that are not connected")
        if self.without_flows:
            idle = self.units["name_zh"].loc[self.without_flows]
            parts.append(f"{len(idle)} units without flows: {first_few(idle, most=_MOST_NAMED)}")
        return "; ".join(parts)


def _strange(rows: pd.DataFrame, units: pd.DataFrame) -> "pd.Series[Any]":
    both: pd.Series[Any] = pd.concat([rows["origin"], rows["destination"]])
    strange: pd.Series[Any] = both[~both.isin(units.index)]
    return strange


def check_flows(
    table: pd.DataFrame,
    units: pd.DataFrame,
    *,
    directed: bool = False,
    name: str = "flows",
    inside: Mapping[str, str] | None = None,
) -> Flows:
    """Check a table of flows against the units, and report all that is left out.

    Parameters
    ----------
    table
        ``origin``, ``destination`` (ids or names of units in Chinese, English or Japanese, with
        or without 市), ``weight`` (not negative) and, if there are years, ``year``.
    units
        Table of the units indexed by id, with ``name_zh``, ``name_en``, ``name_ja``.
    directed
        Keep A to B and B to A apart; otherwise they are summed.
    name
        Name of the table for messages, such as its file.
    inside
        Unit by the name of a place in it, such as a railway station: ends that bear such a name
        count for the unit, and the flows of a pair of units are then summed.

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
    if inside:
        plain = _counted_for_units(plain, inside)
    known = plain["origin"].isin(units.index) & plain["destination"].isin(units.index)
    loop = known & (plain["origin"] == plain["destination"])
    kept = plain[known & ~loop]
    _refuse_duplicates(kept, units, name)
    flowing = kept[kept["weight"] > 0]
    if flowing.empty:
        msg = (
            f"{name}: no flow between two units is left of {len(table)} rows "
            f"({int(loop.sum())} loops, {int((~known).sum())} with unknown units"
            f"{': ' * bool((~known).any())}{first_few(_strange(plain, units))})"
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


def _counted_for_units(plain: pd.DataFrame, inside: Mapping[str, str]) -> pd.DataFrame:
    ends = {side: plain[side].replace(dict(inside)) for side in ("origin", "destination")}
    pair = ["origin", "destination", "year"]
    summed = plain.assign(**ends).groupby(pair, sort=False)["weight"].sum().reset_index()
    return summed[list(plain.columns)]


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
