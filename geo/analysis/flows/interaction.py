"""Linkage between cities computed from sizes and distances: gravity and Wilson's model.

PySAL's ``spint`` (1.0.7) fits such models but refuses flows that are not whole numbers, and has
no balancing of given margins; the balancing is a dozen lines.
"""

from typing import Any, Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.analysis.result import Result
from geo.analysis.years import by_year, require_columns, split_drops, years_of
from geo.errors import InputError, UnknownIdError

__all__ = ["doubly_constrained", "doubly_constrained_by_year", "gravity", "total_linkage"]

Floats = NDArray[np.float64]
Decay = Literal["exponential", "power"]
_MAX_ROUNDS: Final = 100_000


def gravity(pairs: pd.DataFrame, cities: pd.DataFrame) -> Result:
    """Compute the gravity linkage of pairs of cities; only shares and ranks are meaningful.

    ``R_ij = √(P_i G_i) √(P_j G_j)/d²``; ``origin_to_destination = R G_o/(G_o+G_d)`` weights the
    sender, and the rest is the other direction.

    Parameters
    ----------
    pairs
        Each pair once: ``origin, destination, cost`` (km or, better, minutes; > 0), optional
        ``year`` (without it every year of the cities has these costs). Pairs of a city with
        itself are dropped.
    cities
        Indexed by city, or with a column ``region``: ``population, gdp`` (> 0), optional
        ``year``.

    Returns
    -------
    Result
        ``pairs`` with ``linkage, share`` (of the sum of a year)``, rank,
        origin_to_destination, destination_to_origin``.

    Raises
    ------
    InputError
        When columns are missing, a city is unknown or has no population or product, a cost is
        not positive, or a pair occurs twice.

    References
    ----------
    Reilly, W. J. (1931). The Law of Retail Gravitation.

    Examples
    --------
    >>> cities = pd.DataFrame({"population": [4, 1, 1], "gdp": [4, 1, 1]}, index=list("abc"))
    >>> pairs = pd.DataFrame({"origin": list("aab"), "destination": list("bcc"), "cost": [1, 2, 1]})
    >>> gravity(pairs, cities).values.linkage.tolist()
    [4.0, 1.0, 1.0]
    """
    require_columns(pairs, "origin", "destination", "cost", name="pairs")
    require_columns(cities, "population", "gdp", name="cities")
    own = pairs["origin"] == pairs["destination"]
    kept, dropped = split_drops(pairs, {"a city with itself": own})
    if "year" in cities.columns and "year" not in kept.columns:
        kept = kept.merge(pd.DataFrame({"year": sorted(set(cities["year"]))}), how="cross")
    years = ["year"] if "year" in cities.columns else []
    table = cities
    if "region" not in cities.columns:
        table = cities.rename_axis("region").reset_index()
    if table.duplicated(["region", *years]).any():
        msg = "cities: a city occurs twice in a year"
        raise InputError(msg)
    _require_pairs(kept, years)
    ends = {end: _lookup(kept, table, end, years) for end in ("origin", "destination")}
    cost = pd.to_numeric(kept["cost"], errors="coerce").to_numpy(dtype=float)
    if not (cost > 0).all():
        msg = f"column cost: must be above zero, the least is {np.nanmin(cost):g}"
        raise InputError(msg)
    mass = [np.sqrt(ends[e]["population"] * ends[e]["gdp"]) for e in ("origin", "destination")]
    linkage = mass[0] * mass[1] / cost**2
    lean = ends["origin"]["gdp"] / (ends["origin"]["gdp"] + ends["destination"]["gdp"])
    found = kept.assign(linkage=linkage)
    grouped = found.groupby("year")["linkage"] if "year" in found.columns else None
    whole = linkage.sum() if grouped is None else grouped.transform("sum").to_numpy()
    rank = found["linkage"] if grouped is None else grouped
    found = found.assign(
        share=linkage / whole,
        rank=rank.rank(ascending=False, method="min").astype(int),
        origin_to_destination=linkage * lean,
        destination_to_origin=linkage * (1 - lean),
    )
    return Result(found, "gravity", n=len(found), n_dropped=dropped, years=years_of(found))


def _require_pairs(pairs: pd.DataFrame, years: list[str]) -> None:
    if pairs.empty:
        msg = "no pair of two different cities"
        raise InputError(msg)
    ends = np.sort(pairs[["origin", "destination"]].astype(str).to_numpy(), axis=1)
    table = pd.DataFrame(ends).assign(year=pairs["year"].to_numpy() if years else 0)
    if table.duplicated().any():
        one, other = ends[int(np.flatnonzero(table.duplicated())[0])]
        msg = f"the pair {one}, {other} occurs twice; give each pair once"
        raise InputError(msg)


def _lookup(pairs: pd.DataFrame, cities: pd.DataFrame, end: str, years: list[str]) -> Any:
    keys = ["region", *years]
    wanted = pairs[[end, *years]].rename(columns={end: "region"})
    found = wanted.merge(cities[[*keys, "population", "gdp"]], on=keys, how="left")
    sizes = {one: pd.to_numeric(found[one], errors="coerce") for one in ("population", "gdp")}
    bad = ~((sizes["population"] > 0) & (sizes["gdp"] > 0))
    if bad.any():
        msg = f"{found.loc[bad, 'region'].iloc[0]}: no population and product above zero is known"
        raise InputError(msg)
    return {one: size.to_numpy(dtype=float) for one, size in sizes.items()}


def total_linkage(found: Result) -> "pd.Series[float]":
    """Sum the linkage of each city over its pairs.

    Parameters
    ----------
    found
        Linkage of each pair, as ``gravity`` returns it.

    Returns
    -------
    Series
        Indexed by city (after ``year``), named ``total_linkage``.

    References
    ----------
    Taaffe, E. J. (1962). Economic Geography 38(1): 1-14.

    Examples
    --------
    >>> cities = pd.DataFrame({"population": [1, 1], "gdp": [1, 1]}, index=list("ab"))
    >>> pairs = pd.DataFrame({"origin": ["a"], "destination": ["b"], "cost": [1]})
    >>> total_linkage(gravity(pairs, cities)).to_dict()
    {'a': 1.0, 'b': 1.0}
    """
    table = found.table()
    keys = ["year"] if "year" in table.columns else []
    ends = [
        table[[*keys, end, "linkage"]].rename(columns={end: "region"})
        for end in ("origin", "destination")
    ]
    summed = pd.concat(ends).groupby([*keys, "region"])["linkage"].sum()
    return summed.rename("total_linkage")


def doubly_constrained(
    origins: "pd.Series[float]",
    destinations: "pd.Series[float]",
    cost: pd.DataFrame,
    *,
    beta: float,
    decay: Decay = "exponential",
    tolerance: float = 1e-12,
) -> Result:
    """Fit Wilson's doubly constrained model: flows that sum to the totals of rows and columns.

    ``T_ij = A_i O_i B_j D_j f(c_ij)`` with ``f = e^(−βc)`` or ``c^(−β)``, balanced by turns until
    no margin is off by more than ``tolerance`` of the whole.

    Parameters
    ----------
    origins, destinations
        Totals by unit, ≥ 0, of equal sums.
    cost
        Origins × destinations, ≥ 0 (> 0 for ``power``).
    beta
        Decay a unit of cost.
    decay
        Form of the distance decay: ``exponential`` or ``power``.
    tolerance
        Largest error of a margin, as a share of the total.

    Returns
    -------
    Result
        Indexed by ``origin, destination``: ``weight, cost``; the mean cost is
        ``(weight·cost).sum()/weight.sum()``.

    Raises
    ------
    InputError
        When the sums differ, a total is negative, units do not match, or the margins cannot be
        met.
    UnknownIdError
        When the decay is not known.

    References
    ----------
    Wilson, A. G. (1971). Environment and Planning 3(1): 1-32, doi:10.1068/a030001.

    Examples
    --------
    >>> out, into = pd.Series({"a": 2.0, "b": 1.0}), pd.Series({"a": 1.0, "b": 2.0})
    >>> cost = pd.DataFrame(0.0, index=list("ab"), columns=list("ab"))
    >>> doubly_constrained(out, into, cost, beta=1).values.weight.round(6).tolist()
    [0.666667, 1.333333, 0.333333, 0.666667]
    """
    if decay not in ("exponential", "power"):
        raise UnknownIdError("decay", decay, ("exponential", "power"))
    if set(cost.index) != set(origins.index) or set(cost.columns) != set(destinations.index):
        msg = "the cost table must have the origins as rows and the destinations as columns"
        raise InputError(msg)
    o = np.asarray(origins.reindex(cost.index), dtype=float)
    d = np.asarray(destinations.reindex(cost.columns), dtype=float)
    if not ((o >= 0).all() and (d >= 0).all()) or not np.isclose(o.sum(), d.sum(), rtol=1e-9):
        msg = f"totals must be ≥ 0 and have equal sums: origins {o.sum():g}, into {d.sum():g}"
        raise InputError(msg)
    flows = _balance(o, d, _deterrence(cost.to_numpy(dtype=float), beta, decay), tolerance)
    index = pd.MultiIndex.from_product([cost.index, cost.columns], names=["origin", "destination"])
    values = pd.DataFrame({"weight": flows.ravel(), "cost": cost.to_numpy().ravel()}, index=index)
    return Result(values, "doubly-constrained", n=flows.size)


def doubly_constrained_by_year(
    totals: pd.DataFrame, pairs: pd.DataFrame, *, beta: float, decay: Decay = "exponential"
) -> Result:
    """Spread the totals of each year over the pairs (``doubly_constrained``), from two tables.

    Parameters
    ----------
    totals
        One row a unit: ``region, origins, destinations`` (≥ 0), optional ``year``.
    pairs
        One row an ordered pair: ``origin, destination, cost``, optional ``year`` (else every year
        has these costs).
    beta, decay
        Decay per unit of cost and its form, ``exponential`` or ``power``.

    Returns
    -------
    Result
        Indexed by ``origin, destination`` (after ``year``): ``weight, cost``.

    Raises
    ------
    InputError
        When columns are missing, a unit or an ordered pair occurs twice in a year, or as in
        ``doubly_constrained``.

    References
    ----------
    Wilson, A. G. (1971). Environment and Planning 3(1): 1-32, doi:10.1068/a030001.

    Examples
    --------
    >>> totals = pd.DataFrame({"region": ["a"], "origins": [2.0], "destinations": [2.0],
    ...                        "year": [2020]})
    >>> pairs = pd.DataFrame({"origin": ["a"], "destination": ["a"], "cost": [1.0]})
    >>> doubly_constrained_by_year(totals, pairs, beta=1).values.weight.to_dict()
    {(2020, 'a', 'a'): 2.0}
    """
    require_columns(totals, "region", "origins", "destinations", name="totals")
    require_columns(pairs, "origin", "destination", "cost", name="pairs")
    dated = pd.to_numeric(pairs["year"]) if years_of(pairs) else None

    def measure(rows: pd.DataFrame) -> pd.DataFrame:
        own = pairs if dated is None or not years_of(rows) else pairs[dated == years_of(rows)[0]]
        if rows["region"].duplicated().any() or own.duplicated(["origin", "destination"]).any():
            msg = "a unit, or an ordered pair of units, occurs twice in a year; give each once"
            raise InputError(msg)
        sizes = rows.set_index("region")[["origins", "destinations"]].apply(
            pd.to_numeric, errors="coerce"
        )
        cost = own.assign(cost=pd.to_numeric(own["cost"], errors="coerce").astype(float)).pivot(
            index="origin", columns="destination", values="cost"
        )
        found = doubly_constrained(
            sizes["origins"], sizes["destinations"], cost, beta=beta, decay=decay
        )
        return found.table()

    values = by_year(totals, measure)
    return Result(values, "doubly-constrained", n=len(values), years=years_of(totals))


def _deterrence(cost: Floats, beta: float, decay: str) -> Floats:
    if not np.isfinite(cost).all() or (cost < 0).any():
        msg = "costs must be finite and not negative"
        raise InputError(msg)
    if decay == "power":
        if (cost == 0).any():
            msg = "a power decay is undefined at cost 0; give an intrazonal cost"
            raise InputError(msg)
        return np.asarray(cost**-beta)
    return np.asarray(np.exp(-beta * (cost - cost.min())))  # a common factor cancels


def _balance(o: Floats, d: Floats, f: Floats, tolerance: float) -> Floats:
    b = np.ones(len(d))
    whole = max(o.sum(), np.finfo(float).tiny)
    for _ in range(_MAX_ROUNDS):
        reach = f @ (b * d)
        a = np.divide(1.0, reach, out=np.zeros_like(reach), where=reach > 0)
        reach = f.T @ (a * o)
        b = np.divide(1.0, reach, out=np.zeros_like(reach), where=reach > 0)
        flows = (a * o)[:, None] * f * (b * d)
        if np.abs(flows.sum(axis=1) - o).max() <= tolerance * whole:
            return np.asarray(flows)
    msg = "the totals cannot be met at this decay; lower beta or check the costs"
    raise InputError(msg)
