"""Columns of a frame as Arrow arrays: exact types, and the few types that GDAL's formats share."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.formats.losses import Losses
from geo.formats.values import json_value

__all__ = ["arrow_column", "as_text", "finite", "plain_columns", "smaller"]


def arrow_column(column: "pd.Series[Any]") -> Any:
    """Turn a column into an Arrow array of its own type.

    Parameters
    ----------
    column
        Missing cells and NaN become null.

    Returns
    -------
    pyarrow.Array
        Text when the cells are of several types.

    Examples
    --------
    >>> arrow_column(pd.Series([1, None], dtype="Int64")).type
    DataType(int64)
    >>> arrow_column(pd.Series([1, "a", None], dtype=object)).to_pylist()
    ['1', 'a', None]
    """
    import pyarrow as pa  # noqa: PLC0415 - only the formats that rest on Arrow need it

    try:
        if column.dtype == object and _mixed_times(column):
            return _texts(column)
        made = pa.array(column, from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, ValueError):
        return _texts(column)
    except OverflowError:  # an integer of more than 64 bits
        return _texts(column)
    return made.combine_chunks() if isinstance(made, pa.ChunkedArray) else made


def _mixed_times(column: "pd.Series[Any]") -> bool:
    """Tell whether dates, times and times with a zone stand in one column."""
    kinds = {
        (isinstance(one, dt.datetime), getattr(one, "tzinfo", None) is None)
        for one in column
        if isinstance(one, dt.date) and not pd.isna(one)
    }
    return len(kinds) > 1


def _texts(column: "pd.Series[Any]") -> Any:
    import pyarrow as pa  # noqa: PLC0415

    values = [json_value(value) for value in column]
    text = [
        value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for value in values
    ]
    return pa.array(text, type=pa.string())


def plain_columns(frame: gpd.GeoDataFrame, losses: Losses) -> tuple[list[str], list[Any]]:
    """Turn a frame's columns into truth values, integers, numbers, dates, times and texts.

    Parameters
    ----------
    frame
        Its geometry is left out.
    losses
        Told what these types cannot hold.

    Returns
    -------
    names, columns : list
        Arrow arrays of ``bool``, ``int32``, ``int64``, ``float64``, ``date32``,
        ``timestamp[ms]`` (with zone: in UTC) or ``string``.

    Examples
    --------
    >>> spot = gpd.GeoDataFrame({"a": [1]}, geometry=[None], crs="EPSG:4326")
    >>> plain_columns(spot, Losses("gpkg"))[1][0].type
    DataType(int64)
    """
    plain = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    names = [str(name) for name in plain.columns]
    columns = [
        _plain(arrow_column(plain.iloc[:, at]), plain.iloc[:, at], losses.count)
        for at in range(len(names))
    ]
    return names, columns


def _plain(made: Any, column: "pd.Series[Any]", count: Callable[[int, str], None]) -> Any:
    import pyarrow as pa  # noqa: PLC0415

    kinds = pa.types
    if kinds.is_dictionary(made.type):
        made = made.dictionary_decode()
    kind = made.type
    if kinds.is_boolean(kind):
        return made
    if kinds.is_integer(kind):
        return _integers(made, column)
    if kinds.is_floating(kind):
        return made.cast(pa.float64())
    if kinds.is_date(kind):
        return made.cast(pa.date32())
    if kinds.is_timestamp(kind):
        return _times(made, count)
    text = kinds.is_string(kind) or kinds.is_large_string(kind) or kinds.is_null(kind)
    return _without_zero(made.cast(pa.string()) if text else _texts(column), count)


def _integers(made: Any, column: "pd.Series[Any]") -> Any:
    import pyarrow as pa  # noqa: PLC0415

    if made.type.bit_width < 32 or made.type == pa.int32():
        return made.cast(pa.int32())
    try:
        return made.cast(pa.int64())
    except pa.ArrowInvalid:  # an unsigned integer of 64 bits
        return _texts(column)


def _times(made: Any, count: Callable[[int, str], None]) -> Any:
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute as pc  # noqa: PLC0415

    zone = made.type.tz
    if zone not in (None, "UTC"):
        count(len(made) - made.null_count, f"times of the zone {zone} written in UTC")
        made = made.cast(pa.timestamp(made.type.unit, "UTC"))
    whole = made.cast(pa.timestamp("ms", made.type.tz), safe=False)
    cut = pc.sum(pc.not_equal(whole.cast(made.type, safe=False), made)).as_py()
    count(cut or 0, "times cut to milliseconds")
    return whole


def _without_zero(made: Any, count: Callable[[int, str], None]) -> Any:
    """Replace zero bytes, at which GDAL would end a text."""
    import pyarrow.compute as pc  # noqa: PLC0415

    zeros = pc.sum(pc.match_substring(made, "\0")).as_py()
    if not zeros:
        return made
    count(zeros, "texts with zero bytes, now U+FFFD")
    return pc.replace_substring(made, "\0", "\ufffd")


def smaller(made: Any) -> Any:
    """Make integers of 64 bits ones of 32 where these hold them.

    Parameters
    ----------
    made
        ``int64``.

    Returns
    -------
    pyarrow.Array
        ``int32``, or the same.

    Examples
    --------
    >>> import pyarrow as pa
    >>> smaller(pa.array([1, None])).type, smaller(pa.array([2**40])).type
    (DataType(int32), DataType(int64))
    """
    import pyarrow as pa  # noqa: PLC0415

    try:
        return made.cast(pa.int32())
    except pa.ArrowInvalid:
        return made


def finite(made: Any, losses: Losses) -> Any:
    """Make infinite numbers missing where a format has no sign for them.

    Parameters
    ----------
    made
        From ``plain_columns``.
    losses
        Told how many.

    Returns
    -------
    pyarrow.Array
        The same when all numbers are finite.

    Examples
    --------
    >>> import pyarrow as pa
    >>> finite(pa.array([1.5, float("inf")]), Losses("shp")).to_pylist()
    [1.5, None]
    """
    import pyarrow as pa  # noqa: PLC0415

    if not pa.types.is_floating(made.type):
        return made
    values = made.to_numpy(zero_copy_only=False)
    losses.count(int(np.isinf(values).sum()), "infinite numbers now missing")
    return pa.array(values, mask=~np.isfinite(values))


def as_text(made: Any) -> Any:
    """Write dates and times as ISO 8601 and truth values as ``true`` and ``false``.

    Parameters
    ----------
    made
        From ``plain_columns``.

    Returns
    -------
    pyarrow.Array
        Texts.

    Examples
    --------
    >>> import pyarrow as pa
    >>> as_text(pa.array([True, None])).to_pylist()
    ['true', None]
    """
    import pyarrow as pa  # noqa: PLC0415

    def text(value: Any) -> str | None:
        if value is None or isinstance(value, str):
            return value
        if isinstance(value, dt.datetime):
            fine = "milliseconds" if value.microsecond else "seconds"
            return value.isoformat(timespec=fine)
        return value.isoformat() if isinstance(value, dt.date) else json.dumps(value)

    return pa.array([text(value) for value in made.to_pylist()], type=pa.string())
