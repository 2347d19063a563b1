"""Time as steps of a slider: years, or dates, of each row."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import InputError
from geo.render.layer import column_of

__all__ = ["Time", "assign_steps", "moments"]

_MOST_STEPS: Final = 400
_DATE: Final = r"(?<!\d)([12]\d{3})(?:[-/年.](\d{1,2})(?:[-/月.](\d{1,2}))?)?(?!\d)"
_COMPACT: Final = r"^([12]\d{3})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$"


@dataclass(frozen=True)
class Time:
    """The column that says when each row is visible.

    Attributes
    ----------
    column
        Years, dates, or texts that hold a year such as ``listed 2011``.
    mode
        ``at`` shows a row at its own step only, ``until`` from its step on.
    """

    column: str
    mode: Literal["at", "until"] = "at"


def assign_steps(frame: gpd.GeoDataFrame, by: Time) -> tuple[NDArray[np.uint32], dict[str, Any]]:
    """Assign a step of the time slider to each row.

    Parameters
    ----------
    frame
        Features of the layer, in the order that is drawn.
    by
        Column of years or dates, and whether rows stay visible.

    Returns
    -------
    codes : ndarray of uint32
        0 for rows without a time, else 1 + position among the steps.
    described : dict
        ``steps`` in ascending order, ``until``, and ``missing`` rows.

    Raises
    ------
    UnknownIdError
        When there is no such column.
    InputError
        When no row has a year or a date.

    Examples
    --------
    >>> frame = gpd.GeoDataFrame({"when": ["listed 2011", None, "2009"]}, geometry=[None] * 3)
    >>> codes, described = assign_steps(frame, Time("when", mode="until"))
    >>> codes.tolist(), described["steps"]
    ([2, 0, 1], ['2009', '2011'])
    """
    when = moments(column_of(frame, by.column))
    for length in (10, 7, 4):  # days, else months, else years
        when = when.str[:length]
        if when.nunique() <= _MOST_STEPS:
            break
    steps = sorted(when.dropna().unique())
    if not steps:
        msg = f"column {by.column!r} holds no years or dates"
        raise InputError(msg)
    place = {one: at + 1 for at, one in enumerate(steps)}
    codes = when.map(place).fillna(0).to_numpy(dtype=np.uint32)
    missing = int((codes == 0).sum())
    return codes, {"steps": steps, "until": by.mode == "until", "missing": missing}


def moments(values: "pd.Series[Any]") -> "pd.Series[Any]":
    """Read years or dates.

    Parameters
    ----------
    values
        Timestamps, numbers that are years or YYYYMMDD, or texts with a year or a date in them.

    Returns
    -------
    Series of str
        ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``, aligned to ``values``; missing where there is none
        in the years 1000 to 2999.

    Examples
    --------
    >>> moments(pd.Series(["2017年5月", "listed 2011", "20190605", "05/06/2019", "none"])).tolist()
    ['2017-05', '2011', '2019-06-05', '2019', nan]
    >>> moments(pd.Series([2019.0, None, 12.0])).tolist()
    ['2019', nan, nan]
    >>> moments(pd.Series(["2021-02-28", "2021-02-30", "2021-13"])).tolist()
    ['2021-02-28', nan, nan]
    """
    if pd.api.types.is_datetime64_any_dtype(values):
        days: pd.Series[Any] = values.dt.strftime("%Y-%m-%d").astype("str")
        return days
    if pd.api.types.is_numeric_dtype(values):
        whole = values.astype("float64").where(lambda one: np.isfinite(one) & (one % 1 == 0))
        text = whole.astype("Int64").astype("str")
    else:
        text = values.astype("str").str.strip()
    each = pd.Series(text.dropna().unique(), dtype="str")  # a date is read once
    found = each.str.extract(_DATE)
    compact = each.str.extract(_COMPACT)
    parts = found.where(compact[0].isna(), compact)
    joined = parts[0]
    for at in (1, 2):
        joined = joined.where(parts[at].isna(), joined + "-" + parts[at].str.zfill(2))
    joined = joined.where(pd.Series([isinstance(one, str) and _is_day(one) for one in joined]))
    read: pd.Series[Any] = text.map(dict(zip(each, joined, strict=True)))
    return read.astype("str")


def _is_day(text: str) -> bool:
    """Tell whether there is such a year, month or day."""
    try:
        date.fromisoformat(f"{text}-01-01"[:10])
    except ValueError:
        return False
    return True
