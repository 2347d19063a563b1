"""Cities tied by firms: headquarters to branches, and offices of one firm to each other."""

import numpy as np
import pandas as pd

from geo.analysis._points import weights_of
from geo.analysis.result import Result
from geo.analysis.years import by_year, require_columns, split_drops, years_of
from geo.errors import InputError

__all__ = ["headquarters_branches", "interlocking_network"]


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
    """Tie cities by the firms that have offices in both, by year.

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
