"""Size distribution of cities: rank-size rule, primacy, polycentricity."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.analysis.result import Result
from geo.analysis.years import by_year, require_columns, split_drops, years_of
from geo.errors import InputError

__all__ = ["city_ranks", "polycentricity", "primacy", "rank_size"]

Floats = NDArray[np.float64]


def _sizes(table: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, int]]:
    require_columns(table, "value")
    value = pd.to_numeric(table["value"], errors="coerce").astype(float)
    frame = table.assign(value=value)
    return split_drops(
        frame, {"no value": ~pd.Series(np.isfinite(value)), "not positive": value <= 0}
    )


def _result(table: pd.DataFrame, formula_id: str, measure: Any) -> Result:
    kept, dropped = _sizes(table)
    values = by_year(kept, lambda rows: measure(np.sort(rows["value"].to_numpy())[::-1]))
    return Result(values, formula_id, n=len(kept), n_dropped=dropped, years=years_of(kept))


def _line(x: Floats, y: Floats) -> tuple[float, float, float]:
    """Return slope, intercept and R² by least squares."""
    dx, dy = x - x.mean(), y - y.mean()
    slope = float(dx @ dy / (dx @ dx))
    total = float(dy @ dy)
    r2 = float((slope * dx) @ (slope * dx)) / total if total > 0 else float("nan")
    return slope, float(y.mean() - slope * x.mean()), r2


def rank_size(table: pd.DataFrame) -> Result:
    """Fit the rank-size rule and its less biased form after Gabaix and Ibragimov, by year.

    ``ln(size) = a − q ln(rank)``; ``ln(rank − 1/2) = b − α ln(size)`` with standard error
    ``α √(2/n)``.

    Parameters
    ----------
    table
        Column ``value`` (> 0), one row a city; optional ``year``.

    Returns
    -------
    Result
        ``q, r2, alpha, alpha_se, n`` a year.

    Raises
    ------
    InputError
        When a year has fewer than three positive sizes, or all are equal.

    References
    ----------
    Gabaix, X. & Ibragimov, R. (2011). J. Business & Economic Statistics 29(1): 24-39,
    doi:10.1198/jbes.2009.06157.

    Examples
    --------
    >>> sizes = pd.DataFrame({"value": [120.0, 60.0, 40.0, 30.0]})
    >>> rank_size(sizes).values.q.round(9).tolist()
    [1.0]
    """

    def measure(size: Floats) -> dict[str, Any]:
        _require_line(size)
        rank = np.arange(1, len(size) + 1)
        slope, _, r2 = _line(np.log(rank), np.log(size))
        steep = -_line(np.log(size), np.log(rank - 0.5))[0]
        return {
            "q": -slope,
            "r2": r2,
            "alpha": steep,
            "alpha_se": steep * np.sqrt(2 / len(size)),
            "n": len(size),
        }

    return _result(table, "rank-size", measure)


def city_ranks(table: pd.DataFrame) -> Result:
    """Rank cities by size and measure how far each lies off the rank-size line, by year.

    ``fitted = e^a rank^(−q)`` on the line of ``rank_size``; ``log_residual = ln(size/fitted)``,
    above zero for a city larger than its rank would have it.

    Parameters
    ----------
    table
        Columns ``region`` (each once a year) and ``value`` (> 0); optional ``year``.

    Returns
    -------
    Result
        Indexed by ``region`` (after ``year``), the largest first: ``value, rank, share, fitted,
        log_residual``. Of equal sizes the first in the table has the lower rank.

    Raises
    ------
    InputError
        When columns are missing, a region occurs twice in a year, or a year has fewer than three
        positive sizes, or all are equal.

    References
    ----------
    Gabaix, X. & Ibragimov, R. (2011). J. Business & Economic Statistics 29(1): 24-39,
    doi:10.1198/jbes.2009.06157.

    Examples
    --------
    >>> sizes = pd.DataFrame({"region": list("abcd"), "value": [30.0, 120.0, 60.0, 40.0]})
    >>> city_ranks(sizes).values["rank"].to_dict()
    {'b': 1, 'c': 2, 'd': 3, 'a': 4}
    """
    require_columns(table, "region")
    kept, dropped = _sizes(table)

    def measure(rows: pd.DataFrame) -> pd.DataFrame:
        found = rows.set_index("region")[["value"]]
        if not found.index.is_unique:
            msg = f"{found.index[found.index.duplicated()][0]} occurs twice in a year"
            raise InputError(msg)
        found = found.sort_values("value", ascending=False, kind="stable")
        size = found["value"].to_numpy()
        _require_line(size)
        rank = np.arange(1, len(size) + 1)
        slope, intercept, _ = _line(np.log(rank), np.log(size))
        fitted = np.exp(intercept + slope * np.log(rank))
        return found.assign(
            rank=rank, share=size / size.sum(), fitted=fitted, log_residual=np.log(size / fitted)
        )

    values = by_year(kept, measure)
    return Result(values, "rank-size", n=len(kept), n_dropped=dropped, years=years_of(kept))


def _require_line(size: Floats) -> None:
    if len(size) < 3 or size[0] == size[-1]:
        msg = f"a rank-size line needs three sizes that are not all equal, not {len(size)}"
        raise InputError(msg)


def primacy(table: pd.DataFrame) -> Result:
    """Compute primacy indices: the largest city against those that follow, by year.

    ``P1/P2``, ``P1/(P2+P3+P4)`` and ``2 P1/(P2+…+P11)``.

    Parameters
    ----------
    table
        Column ``value`` (> 0), one row a city; optional ``year``.

    Returns
    -------
    Result
        ``two_city, four_city, eleven_city`` (missing where there are too few cities),
        ``share_of_first, n`` a year.

    Raises
    ------
    InputError
        When a year has fewer than two cities.

    References
    ----------
    Jefferson, M. (1939). Geographical Review 29(2): 226-232, doi:10.2307/209944.

    Examples
    --------
    >>> primacy(pd.DataFrame({"value": [30.0, 20.0, 5.0, 5.0]})).values.iloc[0].tolist()
    [1.5, 1.0, nan, 0.5, 4.0]
    """

    def measure(size: Floats) -> dict[str, Any]:
        if len(size) < 2:
            msg = "primacy needs two cities"
            raise InputError(msg)
        return {
            "two_city": size[0] / size[1],
            "four_city": size[0] / size[1:4].sum() if len(size) >= 4 else np.nan,
            "eleven_city": 2 * size[0] / size[1:11].sum() if len(size) >= 11 else np.nan,
            "share_of_first": size[0] / size.sum(),
            "n": len(size),
        }

    return _result(table, "primacy", measure)


def polycentricity(table: pd.DataFrame, *, largest: int = 4) -> Result:
    """Compute polycentricity: how evenly the largest centres share, by year.

    ``slope_top``: the rank-size slope through the ``largest`` sizes (small = polycentric).
    ``green = 1 − σ/σ_max``: σ of all sizes (population form), σ_max of a region of two with sizes
    0 and the largest (half the largest); 1 when all are equal. Give sizes for morphological, and
    strengths of flows for functional polycentricity.

    Parameters
    ----------
    table
        Column ``value`` (> 0), one row a city; optional ``year``.
    largest
        Sizes on the line.

    Returns
    -------
    Result
        ``slope_top, green, n`` a year.

    Raises
    ------
    InputError
        When a year has fewer cities than ``largest``, or ``largest`` is below two.

    References
    ----------
    Green, N. (2007). Urban Studies 44(11): 2077-2103, doi:10.1080/00420980701518941.
    Meijers, E. & Burger, M. (2010). Environment and Planning A 42(6): 1383-1402,
    doi:10.1068/a42151.

    Examples
    --------
    >>> polycentricity(pd.DataFrame({"value": [5.0] * 4})).values.green.tolist()
    [1.0]
    """
    if largest < 2:
        msg = f"a line needs two sizes, not {largest}"
        raise InputError(msg)

    def measure(size: Floats) -> dict[str, Any]:
        if len(size) < largest:
            msg = f"{len(size)} cities where the {largest} largest are asked for"
            raise InputError(msg)
        top = size[:largest]
        slope = -_line(np.log(np.arange(1, largest + 1)), np.log(top))[0]
        return {"slope_top": slope, "green": 1 - size.std() / (size[0] / 2), "n": len(size)}

    return _result(table, "polycentricity", measure)
