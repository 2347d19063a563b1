"""Whether plants of an industry cluster more than their sizes would make them."""

from typing import Any

import numpy as np
import pandas as pd

from geo.analysis.result import Result
from geo.analysis.years import by_year, require_columns, split_drops, years_of
from geo.errors import InputError

__all__ = ["ellison_glaeser", "employment_excess"]


def ellison_glaeser(plants: pd.DataFrame, regions: pd.DataFrame) -> Result:
    """Measure the geographic concentration of industries beyond that of their plants, by year.

    ``γ = (G − (1−Σx²)H) / ((1−Σx²)(1−H))`` with ``G = Σ(s_r − x_r)²``: zero when plants fall as
    if thrown at the regions with chances ``x``.

    Parameters
    ----------
    plants
        One row a plant: ``region, industry, value`` (employment, > 0), optional ``year``.
    regions
        One row a region: ``region, value`` (all employment, > 0); with a column ``year`` each
        year of the plants has its own. Regions without plants count.

    Returns
    -------
    Result
        Indexed by ``industry`` (after ``year``): ``gamma, g, h, n_plants``; γ is missing for an
        industry with one plant, or when all employment is in one region.

    Raises
    ------
    InputError
        When columns are missing, a plant lies in a region or year that is not listed, or a size
        is not positive.

    References
    ----------
    Ellison, G. & Glaeser, E. L. (1997). J. Political Economy 105(5): 889-927, doi:10.1086/262098.

    Examples
    --------
    >>> plants = pd.DataFrame({"region": list("aab"), "industry": list("xxy"), "value": [1, 1, 5]})
    >>> regions = pd.DataFrame({"region": list("ab"), "value": [10, 10]})
    >>> ellison_glaeser(plants, regions).values.gamma.to_dict()
    {'x': 1.0, 'y': nan}
    """
    kept, dropped, shares = _read(plants, regions)

    def measure(rows: pd.DataFrame) -> pd.DataFrame:
        share = _share(shares, rows)
        found = {name: _one(part, share) for name, part in rows.groupby("industry")}
        return pd.DataFrame.from_dict(found, orient="index").rename_axis("industry")

    values = by_year(kept, measure)
    return Result(values, "ellison-glaeser", n=len(kept), n_dropped=dropped, years=years_of(kept))


def employment_excess(plants: pd.DataFrame, regions: pd.DataFrame) -> Result:
    """Show where an industry has more than the region's share of all employment, by year.

    ``s_r − x_r`` and its square, whose sum over the regions is G of ``ellison_glaeser``.

    Parameters
    ----------
    plants, regions
        As in ``ellison_glaeser``.

    Returns
    -------
    Result
        Indexed by ``industry, region`` (after ``year``): ``share, expected, excess,
        contribution``; every region in every industry.

    Raises
    ------
    InputError
        As in ``ellison_glaeser``.

    References
    ----------
    Ellison, G. & Glaeser, E. L. (1997). J. Political Economy 105(5): 889-927, doi:10.1086/262098.

    Examples
    --------
    >>> plants = pd.DataFrame({"region": list("aa"), "industry": list("xx"), "value": [1, 1]})
    >>> regions = pd.DataFrame({"region": list("ab"), "value": [10, 10]})
    >>> employment_excess(plants, regions).values.excess.tolist()
    [0.5, -0.5]
    """
    kept, dropped, shares = _read(plants, regions)

    def measure(rows: pd.DataFrame) -> pd.DataFrame:
        expected = _share(shares, rows)
        parts = {}
        for name, part in rows.groupby("industry"):
            share = _employed(part, expected)
            excess = share - expected
            parts[name] = pd.DataFrame(
                {
                    "share": share,
                    "expected": expected,
                    "excess": excess,
                    "contribution": excess**2,
                }
            )
        return pd.concat(parts, names=["industry", "region"])

    values = by_year(kept, measure)
    return Result(values, "ellison-glaeser", n=len(kept), n_dropped=dropped, years=years_of(kept))


def _read(
    plants: pd.DataFrame, regions: pd.DataFrame
) -> tuple[pd.DataFrame, dict[str, int], dict[int | None, "pd.Series[float]"]]:
    """Return the plants, what was dropped, and the regions' shares by year (None: all years)."""
    require_columns(plants, "region", "industry", "value", name="plants")
    require_columns(regions, "region", "value", name="regions")
    size = pd.to_numeric(plants["value"], errors="coerce").astype(float)
    kept, dropped = split_drops(
        plants.assign(value=size),
        {
            "no region or industry": plants["region"].isna() | plants["industry"].isna(),
            "no employment": ~(size > 0),
        },
    )
    shares: dict[int | None, pd.Series[float]] = {}
    known = years_of(regions)
    if known and not years_of(kept):
        msg = "regions have years and the plants have none"
        raise InputError(msg)
    if known and set(years_of(kept)) - set(known):
        msg = f"regions: no employment of {min(set(years_of(kept)) - set(known))}"
        raise InputError(msg)
    for year in known or (None,):
        part = regions if year is None else regions[pd.to_numeric(regions["year"]) == year]
        weight = pd.to_numeric(part.set_index("region")["value"], errors="coerce").astype(float)
        if not weight.index.is_unique or not (weight > 0).all():
            msg = "regions: each must occur once, with employment above zero"
            raise InputError(msg)
        shares[year] = weight / weight.sum()
    return kept, dropped, shares


def _share(shares: dict[int | None, "pd.Series[float]"], rows: pd.DataFrame) -> "pd.Series[float]":
    share = shares[None if None in shares else years_of(rows)[0]]
    unknown = sorted(set(rows["region"]) - set(share.index))
    if unknown:
        msg = f"plants lie in regions without employment: {', '.join(map(str, unknown[:5]))}"
        raise InputError(msg)
    return share


def _employed(plants: pd.DataFrame, share: "pd.Series[float]") -> "pd.Series[float]":
    """Return each region's share of the employment of an industry."""
    here = plants.groupby("region")["value"].sum().reindex(share.index, fill_value=0.0)
    return here / plants["value"].sum()


def _one(plants: pd.DataFrame, share: "pd.Series[float]") -> dict[str, Any]:
    size = plants["value"].to_numpy(dtype=float)
    here = _employed(plants, share)
    g = float(((here - share) ** 2).sum())
    h = float(((size / size.sum()) ** 2).sum())
    room = 1 - float((share**2).sum())
    gamma = (g - room * h) / (room * (1 - h)) if len(size) > 1 and room > 0 else np.nan
    return {"gamma": gamma, "g": g, "h": h, "n_plants": len(size)}
