"""Specialisation of regions and agglomeration of industries.

What a region makes more of than others: location quotient, Krugman, Herfindahl, UNIDO.

PySAL has one location quotient (``segregation``) and none of the others. Tables are long: one row
a region and industry, column ``value`` (employment, output, firms), optional ``year``.

Whether plants of an industry cluster more than their sizes would make them.
"""

from collections.abc import Callable
from typing import Any, Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import gammaincinv

from geo.analysis.result import Result
from geo.analysis.years import by_year, require_columns, split_drops, years_of
from geo.errors import InputError, UnknownIdError
from geo.texts import tr

__all__ = [
    "FEW_INDUSTRIES",
    "ellison_glaeser",
    "employment_excess",
    "herfindahl",
    "krugman",
    "location_quotient",
    "unido_similarity",
]

Floats = NDArray[np.float64]
Benchmark = Literal["rest", "region"]
FEW_INDUSTRIES: Final = 10
"""Below this, similarity of structures says nothing."""

_FEW: Final = tr(
    "Fewer than ten industries: similarity and specialisation cannot show duplication of industry."
)
_SMALL: Final = tr("Some cells hold fewer than five, and their intervals are wide.")


def _cells(table: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, int]]:
    require_columns(table, "region", "industry", "value")
    value = pd.to_numeric(table["value"], errors="coerce").astype(float)
    kept, dropped = split_drops(
        table.assign(value=value),
        {
            "no region": table["region"].isna(),
            "no industry": table["industry"].isna(),
            "no value (suppressed)": ~pd.Series(np.isfinite(value)),
        },
    )
    if (kept["value"] < 0).any():
        msg = f"column value: {int((kept['value'] < 0).sum())} cells are negative"
        raise InputError(msg)
    if kept.empty:
        msg = "no row has a region, an industry and a value"
        raise InputError(msg)
    return kept, dropped


def _wide(rows: pd.DataFrame) -> pd.DataFrame:
    """Lay regions against industries; a cell that is not listed is zero."""
    wide = rows.pivot_table(
        index="region", columns="industry", values="value", aggfunc="sum", fill_value=0.0
    )
    empty = wide.index[wide.sum(axis=1) == 0]
    if len(empty):
        msg = f"region {empty[0]} has nothing in any industry, so it has no structure"
        raise InputError(msg)
    return wide.astype(float)


def _measured(
    table: pd.DataFrame, formula_id: str, measure: Callable[[pd.DataFrame], pd.DataFrame]
) -> Result:
    cells, dropped = _cells(table)
    values = by_year(cells, lambda rows: measure(_wide(rows)))
    few = cells["industry"].nunique() < FEW_INDUSTRIES
    warns = few and formula_id in ("unido-similarity", "krugman")
    small = (
        formula_id == "location-quotient" and ((cells["value"] > 0) & (cells["value"] < 5)).any()
    )
    return Result(
        values,
        formula_id,
        n=len(cells),
        n_dropped=dropped,
        years=years_of(cells),
        remarks=((_FEW,) if warns else ()) + ((_SMALL,) if small else ()),
    )


def location_quotient(table: pd.DataFrame, *, confidence: float = 0.95) -> Result:
    """Compute location quotients of industries in regions, by year.

    ``LQ = (e_ir/e_r)/(e_i/e)``; the interval is Garwood's exact Poisson interval of the count
    ``e_ir``, the denominators taken as known, so give counts (of persons, firms) for it to hold.

    Parameters
    ----------
    table
        Columns ``region, industry, value`` (≥ 0), optional ``year``; rows of one cell are summed.
    confidence
        Level of the confidence interval, between 0 and 1.

    Returns
    -------
    Result
        Indexed by ``region, industry`` (after ``year``): ``lq, low, high, value``; missing where
        the industry is nowhere.

    Raises
    ------
    InputError
        When columns are missing, a value is negative, or a region has nothing at all.

    References
    ----------
    Garwood, F. (1936). Biometrika 28: 437-442, doi:10.1093/biomet/28.3-4.437.

    Examples
    --------
    >>> cells = pd.DataFrame({"region": list("aabb"), "industry": list("xyxy"),
    ...                       "value": [30, 10, 10, 30]})
    >>> location_quotient(cells).values.lq.tolist()
    [1.5, 0.5, 0.5, 1.5]
    """
    if not 0 < confidence < 1:
        msg = f"a confidence lies between 0 and 1, not {confidence}"
        raise InputError(msg)
    tail = (1 - confidence) / 2

    def measure(wide: pd.DataFrame) -> pd.DataFrame:
        count = wide.to_numpy()
        expected = np.outer(count.sum(axis=1), count.sum(axis=0)) / count.sum()
        with np.errstate(invalid="ignore", divide="ignore"):
            low = np.where(count > 0, gammaincinv(count, tail), 0.0)
            high = gammaincinv(count + 1, 1 - tail)
            room = np.where(expected > 0, expected, np.nan)
            parts = {"lq": count / room, "low": low / room, "high": high / room, "value": count}
        index = pd.MultiIndex.from_product([wide.index, wide.columns])
        return pd.DataFrame({name: part.ravel() for name, part in parts.items()}, index=index)

    return _measured(table, "location-quotient", measure)


def krugman(table: pd.DataFrame, *, benchmark: Benchmark = "rest") -> Result:
    """Compute Krugman's specialisation index of a region, 0 to 2, by year.

    ``K = Σ_i |s_ir − s_iq|``, not halved. Against all regions together (``region``) K is smaller
    than against the others (``rest``), because the region itself is in the benchmark.

    Parameters
    ----------
    table
        Columns ``region, industry, value`` (≥ 0), optional ``year``.
    benchmark
        What a region is compared with: ``rest``, all other regions, or ``region``, all together.

    Returns
    -------
    Result
        Indexed by ``region`` (after ``year``): ``krugman, benchmark, n_industries``.

    Raises
    ------
    InputError
        When columns are missing, a value is negative, a region has nothing at all, or there is
        one region only.
    UnknownIdError
        When the benchmark is not known.

    References
    ----------
    Krugman, P. (1991). Geography and Trade. MIT Press.

    Examples
    --------
    >>> cells = pd.DataFrame({"region": list("ab"), "industry": list("xy"), "value": [1, 1]})
    >>> krugman(cells).values.krugman.tolist()
    [2.0, 2.0]
    """
    if benchmark not in ("rest", "region"):
        raise UnknownIdError("benchmark", benchmark, ("rest", "region"))

    def measure(wide: pd.DataFrame) -> pd.DataFrame:
        if len(wide) < 2:
            msg = "one region only: there is nothing to compare it with"
            raise InputError(msg)
        count = wide.to_numpy()
        other = count.sum(axis=0) - (count if benchmark == "rest" else 0)
        other = np.broadcast_to(other, count.shape)
        gap = count / count.sum(axis=1, keepdims=True) - other / other.sum(axis=1, keepdims=True)
        return pd.DataFrame(
            {
                "krugman": np.abs(gap).sum(axis=1),
                "benchmark": benchmark,
                "n_industries": count.shape[1],
            },
            index=wide.index,
        )

    return _measured(table, "krugman", measure)


def herfindahl(table: pd.DataFrame) -> Result:
    """Compute the Herfindahl index of a region's industries, 1/n to 1, by year.

    Parameters
    ----------
    table
        Columns ``region, industry, value`` (≥ 0), optional ``year``.

    Returns
    -------
    Result
        Indexed by ``region`` (after ``year``): ``herfindahl, equivalent_number, n_industries``.

    Raises
    ------
    InputError
        When columns are missing, a value is negative, or a region has nothing at all.

    References
    ----------
    Hirschman, A. O. (1964). American Economic Review 54(5): 761-762.

    Examples
    --------
    >>> cells = pd.DataFrame({"region": ["a"] * 4, "industry": list("wxyz"), "value": [5.0] * 4})
    >>> herfindahl(cells).values.herfindahl.tolist()
    [0.25]
    """

    def measure(wide: pd.DataFrame) -> pd.DataFrame:
        share = wide.to_numpy() / wide.to_numpy().sum(axis=1, keepdims=True)
        found = (share**2).sum(axis=1)
        return pd.DataFrame(
            {"herfindahl": found, "equivalent_number": 1 / found, "n_industries": share.shape[1]},
            index=wide.index,
        )

    return _measured(table, "herfindahl", measure)


def unido_similarity(table: pd.DataFrame) -> Result:
    """Compute UNIDO's index of structural similarity of each two regions, 0 to 1, by year.

    ``S = Σ x y / √(Σx² Σy²)``. With three sectors nearly every pair exceeds 0.8: the result
    carries a remark below ten industries.

    Parameters
    ----------
    table
        Columns ``region, industry, value`` (≥ 0), optional ``year``.

    Returns
    -------
    Result
        Indexed by ``region, other`` (each pair once; after ``year``): ``similarity, krugman``
        (of the pair)``, n_industries``.

    Raises
    ------
    InputError
        When columns are missing, a value is negative, or a region has nothing at all.

    References
    ----------
    UNIDO (1979), cited after the Chinese literature; the original was not re-opened.

    Examples
    --------
    >>> cells = pd.DataFrame({"region": list("ab"), "industry": list("xy"), "value": [1, 1]})
    >>> unido_similarity(cells).values.similarity.to_dict()
    {('a', 'b'): 0.0}
    """

    def measure(wide: pd.DataFrame) -> pd.DataFrame:
        share = wide.to_numpy() / wide.to_numpy().sum(axis=1, keepdims=True)
        length = np.sqrt((share**2).sum(axis=1))
        cosine = share @ share.T / np.outer(length, length)
        first, second = np.triu_indices(len(wide), k=1)
        index = pd.MultiIndex.from_arrays(
            [wide.index[first], wide.index[second]], names=["region", "other"]
        )
        columns = {
            "similarity": cosine[first, second],
            "krugman": np.abs(share[first] - share[second]).sum(axis=1),
            "n_industries": share.shape[1],
        }
        return pd.DataFrame(columns, index=index)

    return _measured(table, "unido-similarity", measure)


def ellison_glaeser(plants: pd.DataFrame, regions: pd.DataFrame) -> Result:
    """Compute Ellison and Glaeser's index of geographic concentration of industries, by year.

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
    """Compute each region's excess share of an industry over its share of employment, by year.

    ``s_r − x_r`` and its square, whose sum over the regions is G of ``ellison_glaeser``.

    Parameters
    ----------
    plants, regions
        One row a plant: ``region, industry, value`` (employment, > 0), optional ``year``; one row a
        region: ``region, value`` (all employment, > 0), optional ``year``.

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
