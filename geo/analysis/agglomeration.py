"""Whether plants of an industry cluster more than their sizes would make them."""

from typing import Any

import numpy as np
import pandas as pd

from geo.analysis.result import Result
from geo.analysis.years import by_year, require_columns, split_drops, years_of
from geo.errors import InputError

__all__ = ["ellison_glaeser"]


def ellison_glaeser(plants: pd.DataFrame, regions: pd.DataFrame) -> Result:
    """Measure the geographic concentration of industries beyond that of their plants, by year.

    ``γ = (G − (1−Σx²)H) / ((1−Σx²)(1−H))`` with ``G = Σ(s_r − x_r)²``: zero when plants fall as
    if thrown at the regions with chances ``x``.

    Parameters
    ----------
    plants
        One row a plant: ``region, industry, value`` (employment, > 0), optional ``year``.
    regions
        One row a region: ``region, value`` (all employment, > 0). Regions without plants count.

    Returns
    -------
    Result
        Indexed by ``industry`` (after ``year``): ``gamma, g, h, n_plants``; γ is missing for an
        industry with one plant, or when all employment is in one region.

    Raises
    ------
    InputError
        When columns are missing, a plant lies in a region that is not listed, or a size is not
        positive.

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
    weight = regions.set_index("region")["value"].astype(float)
    if not weight.index.is_unique or not (weight > 0).all():
        msg = "regions: each must occur once, with employment above zero"
        raise InputError(msg)
    unknown = sorted(set(kept["region"]) - set(weight.index))
    if unknown:
        msg = f"plants lie in regions without employment: {', '.join(map(str, unknown[:5]))}"
        raise InputError(msg)
    share = weight / weight.sum()

    def measure(rows: pd.DataFrame) -> pd.DataFrame:
        found = {name: _one(part, share) for name, part in rows.groupby("industry")}
        return pd.DataFrame.from_dict(found, orient="index").rename_axis("industry")

    values = by_year(kept, measure)
    return Result(values, "ellison-glaeser", n=len(kept), n_dropped=dropped, years=years_of(kept))


def _one(plants: pd.DataFrame, share: "pd.Series[float]") -> dict[str, Any]:
    size = plants["value"].to_numpy(dtype=float)
    total = size.sum()
    here = plants.groupby("region")["value"].sum().reindex(share.index, fill_value=0.0) / total
    g = float(((here - share) ** 2).sum())
    h = float(((size / total) ** 2).sum())
    room = 1 - float((share**2).sum())
    gamma = (g - room * h) / (room * (1 - h)) if len(size) > 1 and room > 0 else np.nan
    return {"gamma": gamma, "g": g, "h": h, "n_plants": len(size)}
