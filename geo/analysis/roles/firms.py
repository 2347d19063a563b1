"""Functional roles of cities (research, manufacturing, application) from sites and firms."""

from typing import Final

import numpy as np
import pandas as pd

from geo.analysis.points.positions import weights_of
from geo.analysis.result import Result
from geo.analysis.years import by_year, require_columns, split_drops, years_of
from geo.errors import InputError
from geo.texts import tr_n

__all__ = [
    "FEW_SITES",
    "FIRM_ROLES",
    "TRIANGLE_ROLES",
    "concentration",
    "firm_roles",
    "functional_specialisation",
    "role_triangle",
]

FEW_SITES: Final = 5
"""A city with fewer sites gets no place in the triangle."""

TRIANGLE_ROLES: Final = {"research": "brain", "manufacturing": "hand", "application": "ground"}
"""Which role of a facility or firm counts for which corner."""

FIRM_ROLES: Final = {"C": "manufacturing", "M": "research"}
"""Which section of GB/T 4754 counts for which role; the other sections have none."""


def firm_roles(firms: pd.DataFrame) -> "pd.Series[str]":
    """Give firms the role of their industry: manufacturing (C), research (M), else other.

    A firm stands where it is registered, which need not be where it makes things.

    Parameters
    ----------
    firms
        Column ``industry``, beginning with the letter of a section of GB/T 4754.

    Returns
    -------
    Series
        ``role`` by firm.

    Raises
    ------
    InputError
        When there is no column ``industry``.

    References
    ----------
    Own definition.

    Examples
    --------
    >>> firm_roles(pd.DataFrame({"industry": ["C Manufacturing", "J Finance"]})).tolist()
    ['manufacturing', 'other']
    """
    require_columns(firms, "industry", name="firms")
    return firms["industry"].astype(str).str[:1].map(FIRM_ROLES).fillna("other").rename("role")


def functional_specialisation(table: pd.DataFrame) -> Result:
    """Compare the ratio of management to production with that of the whole, by year.

    ``FS_r = (m_r/p_r)/(m/p) − 1``: above zero a place of management and research, below zero of
    production.

    Parameters
    ----------
    table
        One row a region: ``region, management, production`` (≥ 0; persons or sites), optional
        ``year``.

    Returns
    -------
    Result
        Indexed by ``region`` (after ``year``): ``fs, management, production``; FS is missing
        where a region has no production.

    Raises
    ------
    InputError
        When columns are missing, a value is negative, a region occurs twice in a year, or the
        whole lacks management or production.

    References
    ----------
    Duranton, G. & Puga, D. (2005). J. Urban Economics 57(2): 343-370,
    doi:10.1016/j.jue.2004.12.002.

    Examples
    --------
    >>> table = pd.DataFrame(
    ...     {"region": list("abc"), "management": [30, 10, 5], "production": [10, 35, 0]})
    >>> functional_specialisation(table).values.fs.to_dict()
    {'a': 2.0, 'b': -0.714286, 'c': nan}
    """
    require_columns(table, "region", "management", "production")
    pair = table[["management", "production"]].apply(pd.to_numeric, errors="coerce").astype(float)
    kept, dropped = split_drops(
        table.assign(**{name: pair[name] for name in pair}),
        {"no region": table["region"].isna(), "no value": pair.isna().any(axis=1)},
    )
    if (kept[["management", "production"]] < 0).any(axis=None):
        msg = "management and production must not be negative"
        raise InputError(msg)

    def measure(rows: pd.DataFrame) -> pd.DataFrame:
        found = rows.set_index("region")[["management", "production"]]
        if not found.index.is_unique:
            msg = "a region occurs twice in a year; sum its rows first"
            raise InputError(msg)
        whole = found.sum()
        if (whole <= 0).any():
            msg = "the whole region lacks management or production, so there is no ratio"
            raise InputError(msg)
        ratio = found["management"] / found["production"].where(found["production"] > 0)
        fs = ratio / (whole["management"] / whole["production"]) - 1
        return found.assign(fs=fs)[["fs", "management", "production"]]

    values = by_year(kept, measure)
    return Result(
        values, "functional-specialisation", n=len(kept), n_dropped=dropped, years=years_of(kept)
    )


def role_triangle(sites: pd.DataFrame) -> Result:
    """Compute each city's shares of research, manufacturing and application sites, by year.

    Shares of the three roles; ternary position ``x = hand + ground/2``, ``y = ground √3/2`` (brain
    at the left corner, hand at the right, ground on top). ``*_relative`` divides by the share of
    all cities, so that a city is compared with the list and not with an ideal.

    Parameters
    ----------
    sites
        One row a site: ``region`` (city), ``role`` (research, manufacturing, application; others
        are dropped and counted), optional ``weight`` and ``year``.

    Returns
    -------
    Result
        Indexed by ``region`` (after ``year``): ``brain, hand, ground`` (shares), ``x, y``
        (missing below five sites), ``brain_relative, hand_relative, ground_relative, leading``
        (the greatest relative share among corners with five sites or more that would stay above
        1 with one site less; missing when there is none or two tie), ``n``.

    Raises
    ------
    InputError
        When columns are missing or no site has one of the three roles.

    References
    ----------
    Own definition; the roles follow the positioning of the three provincial units.

    Examples
    --------
    >>> sites = pd.DataFrame(
    ...     {"region": ["a"] * 5 + ["b"], "role": ["research"] * 5 + ["application"]})
    >>> role_triangle(sites).values[["brain", "x", "n"]].to_dict("index")
    {'a': {'brain': 1.0, 'x': 0.0, 'n': 5}, 'b': {'brain': 0.0, 'x': nan, 'n': 1}}
    """
    require_columns(sites, "region", "role")
    corner = sites["role"].map(TRIANGLE_ROLES)
    frame = sites.assign(corner=corner, weight=weights_of(sites))
    others = sites["role"].where(corner.isna()).dropna().astype(str).unique()
    kept, dropped = split_drops(
        frame,
        {
            "no city": sites["region"].isna(),
            "no role": sites["role"].isna(),
            f"other role ({', '.join(sorted(others))})": corner.isna(),
            "no weight": pd.Series(frame["weight"].isna()),
        },
    )
    if kept.empty:
        msg = f"no site has one of the roles {', '.join(TRIANGLE_ROLES)}"
        raise InputError(msg)
    values = by_year(kept, _triangle)
    few = int((values["n"] < FEW_SITES).sum())
    remark = tr_n(
        few,
        "{n} city has fewer than five sites and gets no position.",
        "{n} cities have fewer than five sites and get no position.",
    )
    return Result(
        values,
        "role-triangle",
        n=len(kept),
        n_dropped=dropped,
        years=years_of(kept),
        remarks=(remark,) if few else (),
    )


def _triangle(rows: pd.DataFrame) -> pd.DataFrame:
    corners = list(TRIANGLE_ROLES.values())
    wide = rows.pivot_table(
        index="region", columns="corner", values="weight", aggfunc="sum", fill_value=0.0
    ).reindex(columns=corners, fill_value=0.0)
    share = wide.div(wide.sum(axis=1), axis=0)
    whole = wide.sum() / wide.to_numpy().sum()
    relative = share.div(whole.where(whole > 0), axis=1)
    n = rows.groupby("region").size().reindex(wide.index)
    enough = n >= FEW_SITES
    # a corner that a city holds with a handful of sites does not lead, however rare it is elsewhere
    number = pd.crosstab(rows["region"], rows["corner"]).reindex(
        index=wide.index, columns=corners, fill_value=0
    )
    firm = relative.where((number >= FEW_SITES) & _holds(wide, number, whole), -1.0).fillna(-1.0)
    best = firm.max(axis=1)
    alone = (firm.eq(best, axis=0).sum(axis=1) == 1) & (best > 0)
    leading = pd.Series(firm.idxmax(axis=1), dtype=object)
    found = share.assign(
        x=(share["hand"] + share["ground"] / 2).where(enough),
        y=(share["ground"] * np.sqrt(3) / 2).where(enough),
    )
    for corner in corners:
        found[f"{corner}_relative"] = relative[corner]
    found["leading"] = leading.where(enough & alone, None)
    found["n"] = n
    return found.rename_axis(columns=None)


def _holds(wide: pd.DataFrame, number: pd.DataFrame, whole: "pd.Series[float]") -> pd.DataFrame:
    """Tell where a corner would stay above its share of the whole with one average site less."""
    one = wide / number.where(number > 0)
    total = pd.concat([wide.sum(axis=1)] * wide.shape[1], axis=1, keys=wide.columns)
    return (wide - one) / (total - one) > whole


def concentration(sites: pd.DataFrame, totals: pd.DataFrame) -> Result:
    """Compute each province's share of a list, and how much of its total the list covers.

    Parameters
    ----------
    sites
        One row a site: ``category, province_adcode``, optional ``year``.
    totals
        One row a category and province: ``category, province_adcode, published_total`` (missing
        where none was found), ``total_year``, as ``layers/tables/coverage.csv``.

    Returns
    -------
    Result
        Indexed by ``category, province_adcode`` (after ``year``): ``listed`` (0 where there is a
        total and no site)``, share_of_list, published_total, total_year, coverage,
        share_of_total`` (missing unless all provinces of the category have a total of one
        definition that is no smaller than the list).

    Raises
    ------
    InputError
        When columns are missing, or ``totals`` has a category and province twice.

    References
    ----------
    Own definition.

    Examples
    --------
    >>> sites = pd.DataFrame({"category": ["lab"] * 3, "province_adcode": ["1", "1", "2"]})
    >>> totals = pd.DataFrame({"category": ["lab"], "province_adcode": ["1"],
    ...                        "published_total": [8], "total_year": [2025]})
    >>> concentration(sites, totals).values.coverage.tolist()
    [0.25, nan]
    """
    require_columns(sites, "category", "province_adcode", name="sites")
    require_columns(totals, "category", "province_adcode", "published_total", "total_year")
    if totals.duplicated(_KEYS).any():
        msg = "totals: a category and province occurs twice"
        raise InputError(msg)
    kept, dropped = split_drops(sites, {"no category or province": sites[_KEYS].isna().any(axis=1)})
    values = by_year(kept, lambda rows: _covered(rows, totals))
    return Result(values, "concentration", n=len(kept), n_dropped=dropped, years=years_of(kept))


_KEYS: Final = ["category", "province_adcode"]


def _covered(rows: pd.DataFrame, totals: pd.DataFrame) -> pd.DataFrame:
    counts = rows.groupby(_KEYS).size()
    known = totals[totals["category"].isin(rows["category"])].set_index(_KEYS)
    # a province with a published total and no site in the list is a zero, not an absence
    every = counts.index.union(known.index).set_names(_KEYS)
    found = counts.reindex(every, fill_value=0).rename("listed").to_frame()
    total = pd.to_numeric(known["published_total"], errors="coerce").reindex(every)
    found["share_of_list"] = found["listed"] / found.groupby("category")["listed"].transform("sum")
    found["published_total"] = total
    found["total_year"] = pd.to_numeric(known["total_year"], errors="coerce").reindex(every)
    found["coverage"] = found["listed"] / total.where(total > 0)
    whole = (total >= found["listed"]).groupby("category").transform("all")
    if "definition_of_total" in known.columns:
        definition = known["definition_of_total"].reindex(every)
        whole &= definition.groupby("category").transform("nunique").le(1)
    found["share_of_total"] = (total / total.groupby("category").transform("sum")).where(whole)
    return found
