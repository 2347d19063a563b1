"""Columns as few bytes: integer deltas, byte-shuffled, compressed together, as one text.

A block is what the page decodes in one go: parts of known type and length, joined, compressed by
gzip and written in base64, whose signs cannot end a script, open a tag or be a template.
"""

import base64
import gzip
import json
from collections.abc import Sequence
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from geo.formats import json_value

__all__ = ["DECIMALS", "Part", "block", "deltas", "json_text", "plain", "text_part", "whole"]

DECIMALS: Final = 5
"""Decimals of a degree kept in a page: half a metre."""

Kind = Literal["d32", "u32", "f64", "json"]
Part = tuple[str, Kind, NDArray[Any] | bytes]
"""Name, type and content of one part of a block."""

_UNSAFE: Final = str.maketrans(
    {
        "<": "\\u003c",
        ">": "\\u003e",
        "&": "\\u0026",
        "\u2028": "\\u2028",
        "\u2029": "\\u2029",
        "\x7f": "\\u007f",
    }
)


def json_text(value: Any) -> str:
    r"""Write a value as JSON that may stand inside a script element.

    Parameters
    ----------
    value
        Anything that ``geo.formats.json_value`` accepts.

    Returns
    -------
    str
        Compact JSON; ``< > &``, U+2028 and U+2029 as escapes.

    Examples
    --------
    >>> json_text({"name": "</script><b>"})
    '{"name":"\\u003c/script\\u003e\\u003cb\\u003e"}'
    """
    text = json.dumps(json_value(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.translate(_UNSAFE)


def whole(degrees: NDArray[np.float64], decimals: int = DECIMALS) -> NDArray[np.int64]:
    """Round degrees to whole steps of a power of ten.

    Parameters
    ----------
    degrees
        Finite coordinates.
    decimals
        Kept.

    Returns
    -------
    ndarray of int64
        Degrees times the power of ten.

    Examples
    --------
    >>> whole(np.array([116.391234])).tolist()
    [11639123]
    """
    return np.asarray(np.rint(degrees * 10**decimals), dtype=np.int64)


def deltas(values: NDArray[np.int64]) -> NDArray[np.uint32]:
    """Turn whole numbers into differences, folded so that small ones of either sign stay small.

    Parameters
    ----------
    values
        Any order; neighbours should be alike. Differences must fit 31 bits.

    Returns
    -------
    ndarray of uint32
        0, 1, 2, 3 … stand for 0, −1, 1, −2 …

    Examples
    --------
    >>> deltas(np.array([5, 4, 6, 6])).tolist()
    [10, 1, 4, 0]
    """
    steps = np.diff(values, prepend=0)
    return ((steps << 1) ^ (steps >> 63)).astype(np.uint32)


def _shuffled(values: NDArray[Any]) -> bytes:
    """Put all first bytes before all second bytes, and so on: like compresses with like."""
    width = values.dtype.itemsize
    little = values.astype(values.dtype.newbyteorder("<"), copy=False)
    return little.view(np.uint8).reshape(-1, width).T.tobytes()


def _bytes(kind: Kind, content: NDArray[Any] | bytes) -> bytes:
    if isinstance(content, bytes):
        return content
    if kind == "d32":
        return _shuffled(deltas(content.astype(np.int64)))
    return _shuffled(content.astype(np.uint32 if kind == "u32" else np.float64))


def text_part(name: str, value: Any) -> Part:
    """Make a part that holds JSON.

    Parameters
    ----------
    name
        Of the part.
    value
        What the page gets back.

    Returns
    -------
    Part
        Ready for ``block``.
    """
    text = json.dumps(json_value(value), ensure_ascii=False, separators=(",", ":"))
    return (name, "json", text.encode("utf-8"))


def block(parts: Sequence[Part]) -> dict[str, Any]:
    """Join parts into one compressed text.

    Parameters
    ----------
    parts
        In the order in which they are decoded.

    Returns
    -------
    dict
        ``parts``: name, type and count of each; ``z``: base64 of the gzip of their bytes.

    Examples
    --------
    >>> block([("x", "d32", np.array([3, 3]))])["parts"]
    [['x', 'd32', 2]]
    """
    pieces = [_bytes(kind, content) for _, kind, content in parts]
    packed = gzip.compress(b"".join(pieces), compresslevel=9, mtime=0)
    # byte 9 of the header names the operating system: fixed, so that bytes are equal everywhere
    packed = packed[:9] + b"\xff" + packed[10:]
    return {
        "parts": [[name, kind, len(content)] for name, kind, content in parts],
        "z": base64.b64encode(packed).decode("ascii"),
    }


def plain(values: Sequence[Any]) -> list[Any]:
    """Turn cells into what JSON can hold.

    Parameters
    ----------
    values
        Any cells.

    Returns
    -------
    list
        As ``geo.formats.json_value`` makes them.
    """
    return [json_value(value) for value in values]
