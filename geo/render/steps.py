"""Time as steps of a slider: years, or dates, of each row."""

from dataclasses import dataclass
from typing import Any, Final, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import InputError
from geo.render.layer import column_of

__all__ = ["Time", "stepped"]

_MOST_STEPS: Final = 400


@dataclass(frozen=True)
class Time:
    """When a row is to be seen.

    Attributes
    ----------
    column
        Years, dates, or texts that hold a year such as ``listed 2011``.
    mode
        ``at`` shows a row at its own step only, ``until`` from its step on.
    """

    column: str
    mode: Literal["at", "until"] = "at"


def stepped(frame: gpd.GeoDataFrame, by: Time) -> tuple[NDArray[np.uint32], dict[str, Any]]:
    """Give each row its step.

    Parameters
    ----------
    frame
        Rows of the layer.
    by
        Which column, and how.

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
    >>> codes, described = stepped(frame, Time("when", mode="until"))
    >>> codes.tolist(), described["steps"]
    ([2, 0, 1], ['2009', '2011'])
    """
    moments = [_moment(value) for value in column_of(frame, by.column).tolist()]
    steps = sorted({one for one in moments if one is not None})
    if not steps:
        msg = f"column {by.column!r} holds no years or dates"
        raise InputError(msg)
    if len(steps) > _MOST_STEPS:
        moments = [None if one is None else one[:4] for one in moments]
        steps = sorted({one for one in moments if one is not None})
    place = {one: at + 1 for at, one in enumerate(steps)}
    codes = np.array([0 if one is None else place[one] for one in moments], dtype=np.uint32)
    missing = int((codes == 0).sum())
    return codes, {"steps": steps, "until": by.mode == "until", "missing": missing}


def _moment(value: Any) -> str | None:
    """Return a year, or an ISO date, or nothing."""
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, int | float | np.integer | np.floating):
        year = float(value)
        return str(int(year)) if np.isfinite(year) and 1000 <= year < 3000 else None
    text = str(value).strip()
    found = pd.Series([text]).str.extract(
        r"(?<!\d)([12]\d{3})(?:[-/年.](\d{1,2})(?:[-/月.](\d{1,2}))?)?(?!\d)"
    )
    year_text, month, day = found.iloc[0].tolist()
    if not isinstance(year_text, str):
        return None
    parts = [year_text, *(one.zfill(2) for one in (month, day) if isinstance(one, str))]
    return "-".join(parts)
