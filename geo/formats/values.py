"""A cell of a frame as JSON can hold it."""

import datetime as dt
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from geo.errors import readable

__all__ = ["json_value"]


def json_value(value: Any) -> Any:  # noqa: PLR0911 - one return a kind of value
    """Turn a cell into what JSON can hold: no NaN, no infinity, no timestamps, no NumPy types.

    Parameters
    ----------
    value
        Any cell of a frame.

    Returns
    -------
    None, bool, int, float, str, list or dict
        Missing and not finite become None, dates ISO 8601 text.

    Examples
    --------
    >>> json_value(np.float64("nan")), json_value(pd.Timestamp("2026-02-02"))
    (None, '2026-02-02')
    """
    if isinstance(value, str):
        return readable(value).encode("utf-8", "replace").decode("utf-8")
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, dt.datetime | dt.date):
        return _iso(value)
    if isinstance(value, Mapping):
        return {str(key): json_value(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | np.ndarray):
        return [json_value(one) for one in value]
    return str(value)


def _iso(value: dt.date) -> str:
    midnight = isinstance(value, dt.datetime) and value.time() == dt.time() and not value.tzinfo
    return value.date().isoformat() if midnight else value.isoformat()  # type: ignore[attr-defined]
