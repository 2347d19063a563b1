"""Columns in file formats: limits of names and types, and what is lost.

Names of columns as a format takes them: legal, short enough, no two alike in any case.

What a format cannot hold is reported once a file, never silently left out.

Columns of a frame as Arrow arrays: exact types, and the few types that GDAL's formats share.
"""

import datetime as dt
import json
import logging
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.formats.format import json_value

__all__ = [
    "Losses",
    "arrow_column",
    "as_int32",
    "as_text",
    "fitted_names",
    "plain_columns",
    "shortened",
    "without_infinity",
]


def shortened(text: str, longest: int, encoding: str = "utf-8") -> str:
    """Truncate a text to a number of bytes, never within a character.

    Parameters
    ----------
    text
        Any text that the encoding can hold.
    longest
        Largest length of the result in bytes.
    encoding
        Encoding in which the bytes are counted.

    Returns
    -------
    str
        The text, or its beginning.

    Examples
    --------
    >>> shortened("行政区划代码", 10), shortened("行政区划代码", 10, "gbk")
    ('行政区', '行政区划代')
    """
    return text.encode(encoding, "replace")[:longest].decode(encoding, "ignore")


def _legal(name: str) -> str:
    return "".join("_" if unicodedata.category(sign)[0] == "C" else sign for sign in name)


def fitted_names(
    names: Iterable[str],
    *,
    longest: int = 1_000,
    encoding: str = "utf-8",
    reserved: Iterable[str] = (),
    legal: Callable[[str], str] = str,
) -> list[str]:
    """Return column names that a format accepts; names that fit are kept.

    Parameters
    ----------
    names
        Column names as the frame has them.
    longest
        Bytes of a name in the encoding.
    encoding
        Encoding of the names in the file.
    reserved
        Names that the format keeps for itself.
    legal
        Replaces characters that the format does not take.

    Returns
    -------
    list of str
        In the same order, different from each other whatever the case.

    Examples
    --------
    >>> fitted_names(["population_2010", "population_2020", "Name", "name"], longest=10)
    ['population', 'populati_1', 'Name', 'name_1']
    """
    originals = list(names)
    cut = [
        shortened(legal(_legal(name).strip() or "unnamed"), longest, encoding) for name in originals
    ]
    taken = {one.casefold() for one in reserved}
    made: dict[int, str] = {}
    # names that need no change come first, so that only the others give way
    for at in sorted(range(len(originals)), key=lambda at: cut[at] != originals[at]):
        made[at] = _free(cut[at], taken, longest, encoding)
        taken.add(made[at].casefold())
    return [made[at] for at in range(len(originals))]


def _free(name: str, taken: set[str], longest: int, encoding: str) -> str:
    tried, number = name, 0
    while tried.casefold() in taken:
        number += 1
        end = f"_{number}"
        tried = shortened(name, longest - len(end), encoding) + end
    return tried


_log = logging.getLogger(__name__)
_SHOWN: Final = 20


class Losses:
    """Collector of what a file format cannot hold, as sentences for the user.

    Parameters
    ----------
    suffix
        Suffix of the file, for the message.

    Examples
    --------
    >>> losses = Losses("shp")
    >>> losses.count(0, "texts cut")
    >>> losses.count(2, "texts cut")
    >>> losses.messages
    ['texts cut: 2']
    """

    def __init__(self, suffix: str) -> None:
        self._suffix = suffix
        self.messages: list[str] = []

    def add(self, what: str) -> None:
        """Note a loss.

        Parameters
        ----------
        what
            A sentence without full stop.
        """
        if what not in self.messages:
            self.messages.append(what)

    def count(self, number: int, what: str) -> None:
        """Note the loss of a number of things; nothing when the number is 0.

        Parameters
        ----------
        number
            Number of values or features that are lost; 0 notes nothing.
        what
            What they are and what became of them.
        """
        if number:
            self.add(f"{what}: {number:,}")

    def names(self, before: list[str], after: list[str]) -> None:
        """Note every column that has another name in the file.

        Parameters
        ----------
        before, after
            Names as given and as written, in one order.
        """
        pairs = [f"{old} → {new}" for old, new in zip(before, after, strict=True) if old != new]
        if pairs:
            self.add(f"columns renamed: {', '.join(pairs)}")

    def utc(self, names: list[str], columns: list[Any]) -> None:
        """Note times without zone where a format knows times in UTC only.

        Parameters
        ----------
        names, columns
            Column names in the file, and the Arrow arrays under them.
        """
        import pyarrow as pa  # noqa: PLC0415 - only the formats that rest on Arrow need it

        for name, column in zip(names, columns, strict=True):
            if pa.types.is_timestamp(column.type) and column.type.tz is None:
                self.add(f"{name}: times are read as UTC")

    def log(self) -> None:
        """Log what was noted, as one warning."""
        if self.messages:
            rest = len(self.messages) - _SHOWN
            more = f"; and {rest} more" if rest > 0 else ""
            _log.warning("%s: %s%s", self._suffix, "; ".join(self.messages[:_SHOWN]), more)


def arrow_column(column: "pd.Series[Any]") -> Any:
    """Convert a column to an Arrow array of its own type.

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
    """Convert a frame's columns to Arrow arrays of booleans, integers, floats, dates and texts.

    Parameters
    ----------
    frame
        Frame whose columns are converted, without its geometry.
    losses
        Counts what these types cannot hold, for the message to the user.

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


def as_int32(made: Any) -> Any:
    """Convert 64-bit integers to 32-bit ones where these hold them.

    Parameters
    ----------
    made
        Arrow array of type ``int64``.

    Returns
    -------
    pyarrow.Array
        ``int32``, or the same.

    Examples
    --------
    >>> import pyarrow as pa
    >>> as_int32(pa.array([1, None])).type, as_int32(pa.array([2**40])).type
    (DataType(int32), DataType(int64))
    """
    import pyarrow as pa  # noqa: PLC0415

    try:
        return made.cast(pa.int32())
    except pa.ArrowInvalid:
        return made


def without_infinity(made: Any, losses: Losses) -> Any:
    """Replace infinite numbers by missing values, for formats without infinity.

    Parameters
    ----------
    made
        Arrow array, one of those that ``plain_columns`` returns.
    losses
        Counts the infinite numbers, for the message to the user.

    Returns
    -------
    pyarrow.Array
        The same when all numbers are finite.

    Examples
    --------
    >>> import pyarrow as pa
    >>> without_infinity(pa.array([1.5, float("inf")]), Losses("shp")).to_pylist()
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
        Arrow array, one of those that ``plain_columns`` returns.

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
