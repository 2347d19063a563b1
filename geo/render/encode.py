"""Compression of columns: integer deltas, byte-shuffled, gzip, base 85.

A block is what the page decodes in one go: parts of known type and length, joined, compressed by
gzip and written in 85 characters that cannot end a script, open a tag, close a string or be a
template. The parts of one gzip are compressed piece by piece, each by the strategy of zlib that
gives the fewest bytes: searching for repetitions pays in texts, not in numbers without order.
"""

import json
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from geo.formats import json_value

__all__ = [
    "DECIMALS",
    "SIGNS",
    "Part",
    "block",
    "deltas",
    "fixed_point",
    "json_cells",
    "json_text",
    "text_part",
    "texts",
    "to_base85",
]

DECIMALS: Final = 5
"""Decimals of a degree kept in a page: half a metre."""

SIGNS: Final = bytes(one for one in range(33, 127) if one not in b"\"'\\<>&`${").decode("ascii")
"""The 85 signs of a block: printable ASCII without those that mean something around it."""

Kind = Literal["d32", "u32", "z56", "f64", "json", "text"]
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


def fixed_point(degrees: NDArray[np.float64], decimals: int = DECIMALS) -> NDArray[np.int64]:
    """Convert degrees to fixed-point integers.

    Parameters
    ----------
    degrees
        Coordinates in degrees, all finite.
    decimals
        Number of decimals that are kept.

    Returns
    -------
    ndarray of int64
        Degrees times the power of ten.

    Examples
    --------
    >>> fixed_point(np.array([116.391234])).tolist()
    [11639123]
    """
    return np.asarray(np.rint(degrees * 10**decimals), dtype=np.int64)


def deltas(values: NDArray[np.int64]) -> NDArray[np.uint32]:
    """Convert integers to differences in zigzag encoding.

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


def _shuffled(values: NDArray[Any]) -> list[bytes]:
    """Put all first bytes before all second bytes, and so on: like compresses with like."""
    width = values.dtype.itemsize
    little = values.astype(values.dtype.newbyteorder("<"), copy=False)
    return [one.tobytes() for one in little.view(np.uint8).reshape(-1, width).T]


def _bytes(kind: Kind, content: NDArray[Any] | bytes) -> list[bytes]:
    if isinstance(content, bytes):
        return [content]
    if kind == "d32":
        return _shuffled(deltas(content.astype(np.int64)))
    if kind == "z56":
        return _shuffled(np.diff(content, prepend=0))[:7]
    return _shuffled(content.astype(np.uint32 if kind == "u32" else np.float64))


_ALONE: Final = 8_192  # bytes; a shorter piece is not worth tables of its own
_STRATEGIES: Final = (zlib.Z_DEFAULT_STRATEGY, zlib.Z_RLE)
# no time, and "unknown" for the operating system: bytes are equal everywhere
_HEAD: Final = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
_END: Final = b"\x03\x00"  # an empty last block


def _gzipped(pieces: Sequence[bytes]) -> bytes:
    """Compress pieces as one gzip."""
    joined = b"".join(pieces)
    tail = struct.pack("<II", zlib.crc32(joined), len(joined) % 2**32)
    return _HEAD + b"".join(map(_deflated, _gathered(pieces))) + _END + tail


def _gathered(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Join short pieces with the short ones after them."""
    short = b""
    for piece in pieces:
        if len(piece) < _ALONE:
            short += piece
            continue
        yield from (short, piece)
        short = b""
    yield short


def _deflated(piece: bytes) -> bytes:
    """Compress one piece by the strategy that leaves least, up to a whole byte."""
    if not piece:
        return b""
    packers = (zlib.compressobj(9, zlib.DEFLATED, -15, 8, one) for one in _STRATEGIES)
    return min((one.compress(piece) + one.flush(zlib.Z_SYNC_FLUSH) for one in packers), key=len)


def text_part(name: str, value: Any) -> Part:
    """Make a part that holds JSON.

    Parameters
    ----------
    name
        Name of the part in its block.
    value
        JSON value that the page decodes.

    Returns
    -------
    Part
        Ready for ``block``.
    """
    text = json.dumps(json_value(value), ensure_ascii=False, separators=(",", ":"))
    return (name, "json", text.encode("utf-8"))


_CELL_END: Final = "\x1f"
_NO_CELL: Final = "\x00"
_ONE_BYTE: Final = 192


def texts(name: str, cells: Sequence[str | None]) -> list[Part]:
    """Make the parts that hold texts, with characters encoded by frequency.

    The commonest 192 characters are one byte each, others two; in UTF-8 a Chinese one is three.

    Parameters
    ----------
    name
        Name of the part in its block.
    cells
        Text of each row; None where it is missing.

    Returns
    -------
    list of Part
        The alphabet and the words; a part of JSON where the words hold control characters that
        would be taken for the ends of cells, or more characters than two bytes can encode.

    Examples
    --------
    >>> [(part, kind, len(content)) for part, kind, content in texts("n", ["京津", None, "津"])]
    [('n@', 'json', 20), ('n', 'text', 6)]
    """
    joined = _CELL_END.join(_NO_CELL if one is None else one for one in cells)
    inner = "".join(one for one in cells if one is not None)
    found, place, count = np.unique(
        np.frombuffer(joined.encode("utf-32-le"), dtype="<u4"),
        return_inverse=True,
        return_counts=True,
    )
    room = _ONE_BYTE + 256 * (256 - _ONE_BYTE)
    if not cells or _CELL_END in inner or _NO_CELL in inner or len(found) > room:
        return [text_part(name, list(cells))]
    order = np.lexsort((found, -count))
    rank = np.empty(len(found), dtype=np.int64)
    rank[order] = np.arange(len(found))
    alphabet = found[order].astype("<u4").tobytes().decode("utf-32-le")
    return [text_part(f"{name}@", alphabet), (name, "text", _ranked(rank[place]))]


def _ranked(ranks: NDArray[np.int64]) -> bytes:
    """Write ranks as one byte below 192, else as two."""
    rare = ranks >= _ONE_BYTE
    ends = np.cumsum(1 + rare)
    made = np.empty(int(ends[-1]) if len(ends) else 0, dtype=np.uint8)
    beyond = ranks[rare] - _ONE_BYTE
    made[ends[~rare] - 1] = ranks[~rare]
    made[ends[rare] - 2] = _ONE_BYTE + beyond // 256
    made[ends[rare] - 1] = beyond % 256
    return made.tobytes()


def to_base85(content: bytes) -> str:
    r"""Encode bytes in base 85: four bytes as five characters, a rest of k bytes as k + 1.

    Parameters
    ----------
    content
        Bytes to encode, of any length.

    Returns
    -------
    str
        A quarter longer; base64 is a third longer.

    Examples
    --------
    >>> to_base85(b"\x00\x00\x00\x00"), len(to_base85(b"12345"))
    ('!!!!!', 7)
    """
    missing = -len(content) % 4
    words = np.frombuffer(content + bytes(missing), dtype=">u4").astype(np.int64)
    digits = words[:, None] // 85 ** np.arange(4, -1, -1) % 85
    table = np.frombuffer(SIGNS.encode("ascii"), dtype=np.uint8)
    text: str = table[digits].tobytes().decode("ascii")
    return text[: len(text) - missing]


def block(parts: Sequence[Part]) -> dict[str, Any]:
    """Join parts into one compressed text.

    Parameters
    ----------
    parts
        In the order in which they are decoded.

    Returns
    -------
    dict
        ``parts``: name, type and count of each; ``z``: the gzip of their bytes in ``SIGNS``.

    Examples
    --------
    >>> block([("x", "d32", np.array([3, 3]))])["parts"]
    [['x', 'd32', 2]]
    """
    pieces = [piece for _, kind, content in parts for piece in _bytes(kind, content)]
    return {
        "parts": [[name, kind, len(content)] for name, kind, content in parts],
        "z": to_base85(_gzipped(pieces)),
    }


def json_cells(values: Sequence[Any]) -> list[Any]:
    """Convert cells to JSON values.

    Parameters
    ----------
    values
        Cells of any type, missing ones included.

    Returns
    -------
    list
        As ``geo.formats.json_value`` makes them.
    """
    return [json_value(value) for value in values]
