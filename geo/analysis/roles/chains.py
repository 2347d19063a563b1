"""Headquarters and branches of firms, and links by stage of the value chain.

Cities tied by firms: headquarters to branches, and offices of one firm to each other.

How many links of an industrial chain cross provinces, and how many would by chance.
"""

from typing import Any

import numpy as np
import pandas as pd

from geo.analysis.points.positions import weights_of
from geo.analysis.result import Result
from geo.analysis.years import by_year, require_columns, split_drops, years_of
from geo.errors import InputError

__all__ = [
    "chain_cross_share",
    "chain_pairs",
    "headquarters_branches",
    "interlocking_network",
]


def headquarters_branches(branches: pd.DataFrame) -> Result:
    """Count branches by the place of their headquarters, with the share of each origin, by year.

    Parameters
    ----------
    branches
        One row a branch: ``headquarters, branch`` (city or county), optional ``weight`` (number
        of branches, jobs; ≥ 0) and ``year``.

    Returns
    -------
    Result
        Indexed by ``headquarters, branch`` (after ``year``): ``weight, share_of_branch_place``
        (of all branches there)``, share_of_headquarters_place``. Pairs inside one place count.

    Raises
    ------
    InputError
        When columns are missing or no branch has both places.

    References
    ----------
    Alderson, A. S. & Beckfield, J. (2004). Am. J. Sociology 109(4): 811-851, doi:10.1086/378930.

    Examples
    --------
    >>> rows = pd.DataFrame({"headquarters": ["北京", "石家庄"], "branch": ["雄安", "雄安"],
    ...                      "weight": [169, 91]})
    >>> headquarters_branches(rows).values.share_of_branch_place.tolist()
    [0.65, 0.35]
    """
    require_columns(branches, "headquarters", "branch", name="branches")
    weight = weights_of(branches)
    kept, dropped = split_drops(
        branches.assign(weight=weight),
        {
            "no headquarters or branch": branches[["headquarters", "branch"]].isna().any(axis=1),
            "no weight": pd.Series(~(weight > 0)),
        },
    )
    if kept.empty:
        msg = "no row has a headquarters, a branch and a weight above zero"
        raise InputError(msg)

    def measure(rows: pd.DataFrame) -> pd.DataFrame:
        found = rows.groupby(["headquarters", "branch"])[["weight"]].sum()
        there = found["weight"].groupby(level="branch").transform("sum")
        here = found["weight"].groupby(level="headquarters").transform("sum")
        return found.assign(
            share_of_branch_place=found["weight"] / there,
            share_of_headquarters_place=found["weight"] / here,
        )

    values = by_year(kept, measure)
    return Result(
        values, "headquarters-branch", n=len(kept), n_dropped=dropped, years=years_of(kept)
    )


def interlocking_network(offices: pd.DataFrame) -> Result:
    """Compute the interlocking network of cities: firms that have offices in both, by year.

    ``r_ab = Σ_f v_fa v_fb``; ``v`` is the service value, or the number of offices without one.

    Parameters
    ----------
    offices
        One row an office: ``firm, region`` (city), optional ``weight`` (service value, ≥ 0) and
        ``year``; rows of one firm and city are summed.

    Returns
    -------
    Result
        Indexed by ``origin, destination`` (each pair once, in alphabetic order; after ``year``):
        ``weight, n_firms``, ready for ``jjj flows``. Empty when no firm is in two cities.

    Raises
    ------
    InputError
        When columns are missing or no office has a firm and a city.

    References
    ----------
    Taylor, P. J. (2001). Geographical Analysis 33(2): 181-194.

    Examples
    --------
    >>> offices = pd.DataFrame({"firm": list("ffg"), "region": list("aba"), "weight": [3, 2, 5]})
    >>> interlocking_network(offices).values.weight.to_dict()
    {('a', 'b'): 6.0}
    """
    require_columns(offices, "firm", "region", name="offices")
    weight = weights_of(offices)
    kept, dropped = split_drops(
        offices.assign(weight=weight),
        {
            "no firm or city": offices[["firm", "region"]].isna().any(axis=1),
            "no weight": pd.Series(~(weight > 0)),
        },
    )
    if kept.empty:
        msg = "no office has a firm, a city and a weight above zero"
        raise InputError(msg)
    values = by_year(kept, _interlock)
    return Result(
        values, "interlocking-network", n=len(kept), n_dropped=dropped, years=years_of(kept)
    )


def _interlock(rows: pd.DataFrame) -> pd.DataFrame:
    wide = rows.pivot_table(
        index="firm", columns="region", values="weight", aggfunc="sum", fill_value=0.0
    )
    service = wide.to_numpy(dtype=float)
    ties, firms = service.T @ service, (service > 0).T.astype(float) @ (service > 0)
    first, second = np.triu_indices(len(wide.columns), k=1)
    some = firms[first, second] > 0
    first, second = first[some], second[some]
    index = pd.MultiIndex.from_arrays(
        [wide.columns[first], wide.columns[second]], names=["origin", "destination"]
    )
    return pd.DataFrame(
        {"weight": ties[first, second], "n_firms": firms[first, second].astype(int)}, index=index
    )


def chain_cross_share(links: pd.DataFrame) -> Result:
    """Compare the share of links that cross regions with independence, by stage and year.

    ``share = cross/T``; were origins and destinations independent, ``1 − Σ_r o_r d_r/T²`` would
    cross; the ratio of the two below one means fewer crossings than chance. ``ei`` is Krackhardt
    and Stern's index, −1 (all inside) to 1. Row ``all`` is the sum of the stages; no standard
    definition exists, this one is the project's.

    Parameters
    ----------
    links
        One row a link or group of links: ``origin, destination`` (province or city), optional
        ``stage`` (design-manufacture, manufacture-assembly, …), ``weight`` (value or number, ≥ 0)
        and ``year``.

    Returns
    -------
    Result
        Indexed by ``stage`` (after ``year``): ``total, cross, share, expected, ratio, ei,
        n_links``. ``ratio`` is missing when nothing could cross.

    Raises
    ------
    InputError
        When columns are missing or no link has a weight above zero.

    References
    ----------
    Krackhardt, D. & Stern, R. N. (1988). Social Psychology Quarterly 51(2): 123-140,
    doi:10.2307/2786835.

    Examples
    --------
    >>> links = pd.DataFrame({"origin": list("aabb"), "destination": list("abab")})
    >>> chain_cross_share(links).values[["share", "expected", "ratio"]].loc["all"].tolist()
    [0.5, 0.5, 1.0]
    """
    kept, dropped = _links(links)

    def measure(rows: pd.DataFrame) -> pd.DataFrame:
        found: dict[str, dict[str, Any]] = {}
        if "stage" in rows.columns:
            found = {str(stage): _one(part) for stage, part in rows.groupby("stage", sort=False)}
        found["all"] = _one(rows)
        return pd.DataFrame.from_dict(found, orient="index").rename_axis("stage")

    values = by_year(kept, measure)
    return Result(values, "chain-cross-share", n=len(kept), n_dropped=dropped, years=years_of(kept))


def chain_pairs(links: pd.DataFrame) -> Result:
    """Compare each pair of regions with independence, by stage and year.

    ``expected = o_r d_s/T``; the expected weights of the pairs that cross, over T, sum to the
    expected share of ``chain_cross_share``.

    Parameters
    ----------
    links
        One row a link or group of links: ``origin, destination``, optional ``stage``, ``weight`` (≥
        0) and ``year``.

    Returns
    -------
    Result
        Indexed by ``stage, origin, destination`` (after ``year``): ``weight, expected, ratio,
        crosses, n_links``; every pair of a stage's origins and destinations, those without a link
        with weight 0. The stage is ``all`` where none is given.

    Raises
    ------
    InputError
        When columns are missing or no link has a weight above zero.

    References
    ----------
    Own definition.

    Examples
    --------
    >>> links = pd.DataFrame({"origin": list("aab"), "destination": list("abb")})
    >>> chain_pairs(links).values.ratio.round(3).tolist()
    [1.5, 0.75, 0.0, 1.5]
    """
    kept, dropped = _links(links)
    staged = kept if "stage" in kept.columns else kept.assign(stage="all")

    def measure(rows: pd.DataFrame) -> pd.DataFrame:
        parts = {str(one): _pairs(part) for one, part in rows.groupby("stage", sort=False)}
        return pd.concat(parts, names=["stage"])

    values = by_year(staged, measure)
    return Result(values, "chain-cross-share", n=len(kept), n_dropped=dropped, years=years_of(kept))


def _pairs(rows: pd.DataFrame) -> pd.DataFrame:
    grouped = rows.groupby(["origin", "destination"])["weight"]
    out, into = (rows.groupby(end)["weight"].sum() for end in ("origin", "destination"))
    every = pd.MultiIndex.from_product([out.index, into.index], names=["origin", "destination"])
    expected = np.outer(out, into).ravel() / rows["weight"].sum()
    weight = grouped.sum().reindex(every, fill_value=0.0)
    columns: dict[str, Any] = {
        "weight": weight,
        "expected": expected,
        "ratio": weight / expected,
        "crosses": every.get_level_values(0) != every.get_level_values(1),
        "n_links": grouped.size().reindex(every, fill_value=0),
    }
    return pd.DataFrame(columns, index=every)


def _links(links: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, int]]:
    require_columns(links, "origin", "destination", name="links")
    weight = weights_of(links)
    tests = {
        "no origin or destination": links[["origin", "destination"]].isna().any(axis=1),
        "no weight": pd.Series(~(weight > 0)),
    }
    if "stage" in links.columns:
        tests["no stage"] = links["stage"].isna()
    kept, dropped = split_drops(links.assign(weight=weight), tests)
    if kept.empty:
        msg = "no link has an origin, a destination and a weight above zero"
        raise InputError(msg)
    return kept, dropped


def _one(rows: pd.DataFrame) -> dict[str, Any]:
    weight = rows["weight"].to_numpy(dtype=float)
    total = float(weight.sum())
    crossing = (rows["origin"] != rows["destination"]).to_numpy()
    cross = float(weight[crossing].sum())
    out = rows.groupby("origin")["weight"].sum()
    into = rows.groupby("destination")["weight"].sum()
    expected = 1 - float(out.mul(into, fill_value=0.0).sum()) / total**2
    share = cross / total
    return {
        "total": total,
        "cross": cross,
        "share": share,
        "expected": expected,
        "ratio": share / expected if expected > 1e-12 else np.nan,
        "ei": (2 * cross - total) / total,
        "n_links": len(rows),
    }
