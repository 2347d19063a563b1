"""Tags of rasters: references to other files, and undeclared nodata values.

What the tags of a TIFF say before GDAL sees it: whether it asks for other files.

GDAL keeps what it knows of a raster as XML in a tag of its own. One item of it may name a file, or
an address, that holds the overviews, and GDAL opens whatever stands there as soon as overviews are
asked for. Of a raster with such an item they are not. The text of a reference system may name a
file of grids in the same way, which PROJ opens as soon as the system is looked at.

Numbers that usually stand for nodata, in rasters whose files do not declare it.

The rule. A value is taken as nodata when (1) it is one of the numbers below, for cells of its
type; (2) no other cell lies as far out on its side of zero; and (3) every other cell on its side is
less than half as far out. So −9999 is nodata among heights of −430 to 8848, and a depth among
soundings down to −6000. It is judged among the cells that are read, and always reported.
"""

import html
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "external_references",
    "extreme_stand_ins",
    "implausible",
    "is_tiff",
    "stand_ins",
]

Elsewhere = Literal["overviews", "shifts"]

_MAGIC: Final = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_GDAL_METADATA: Final = 42112
_GEO_ASCII: Final = 34737
_LOOKED_AT: Final[dict[int, tuple[Elsewhere, tuple[str, ...]]]] = {
    _GDAL_METADATA: ("overviews", ("overview_file",)),
    _GEO_ASCII: ("shifts", ("proj4_grids", "grids=", "parameterfile")),
}
_TEXT_TYPES: Final = (1, 2, 6, 7)  # bytes, text, signed bytes, undefined: each of one byte
_MOST_IMAGES: Final = 10_000
_MOST_TAGS: Final = 4_096
_MOST_TEXT: Final = 64 << 20
_BEYOND: Final = 1 << 62  # of any file; a seek takes no more


class _Layout(NamedTuple):
    """How numbers lie in the file: classic TIFF, or BigTIFF."""

    first: int
    length: struct.Struct
    entry: struct.Struct
    offset: struct.Struct


def is_tiff(head: bytes) -> bool:
    r"""Return whether bytes begin a TIFF.

    Parameters
    ----------
    head
        At least four bytes.

    Returns
    -------
    bool
        Whether it is one, classic or BigTIFF, in either order of bytes.

    Examples
    --------
    >>> is_tiff(b"II*\0"), is_tiff(b"PK\3\4")
    (True, False)
    """
    return head[:4] in _MAGIC


def external_references(path: Path) -> frozenset[Elsewhere]:
    """Return what GDAL or PROJ would open of other files for a TIFF: overviews, grid shifts.

    Parameters
    ----------
    path
        A regular file that begins as a TIFF.

    Returns
    -------
    frozenset
        ``"overviews"`` when its metadata name a file or an address of them; ``"shifts"`` when its
        reference system names one of grids. Either also when the text cannot be searched: of
        another type, longer than 64 MiB, or in more images than are walked through.
    """
    found: set[Elsewhere] = set()
    with path.open("rb") as file:
        for tag, text in _texts(file, path.stat().st_size):
            # GDAL resolves the references of XML once in names, and twice in values
            plain = html.unescape(html.unescape(text.decode("latin-1"))).casefold()
            plain = plain.replace("grids=@null", "")
            what, words = _LOOKED_AT[tag]
            if any(word in plain for word in words):
                found.add(what)
    return frozenset(found)


def _texts(file: BinaryIO, size: int) -> Iterator[tuple[int, bytes]]:
    """Yield what is looked at of every image, or the word itself where it cannot be searched."""
    layout = _layout(file)
    at = _number(file, layout.first, layout.offset)
    seen: set[int] = set()
    while 0 < at < size and at not in seen:
        if len(seen) >= _MOST_IMAGES:
            yield from ((tag, words[0].encode()) for tag, (_, words) in _LOOKED_AT.items())
            return
        seen.add(at)
        n = min(_number(file, at, layout.length), _MOST_TAGS)
        at += layout.length.size
        entries = file.read(n * layout.entry.size)
        for start in range(0, len(entries) - layout.entry.size + 1, layout.entry.size):
            tag, kind, count, _ = layout.entry.unpack_from(entries, start)
            if tag in _LOOKED_AT:
                value = start + layout.entry.size - layout.offset.size
                inline = entries[value : value + layout.offset.size]
                text = _text(file, layout, (kind, count, inline))
                yield tag, _LOOKED_AT[tag][1][0].encode() if text is None else text
        at = _number(file, at + n * layout.entry.size, layout.offset)


def _layout(file: BinaryIO) -> _Layout:
    head = file.read(4)
    order = "<" if head[:2] == b"II" else ">"
    if b"+" in head:
        first, count, entry, offset = 8, "Q", "HHQQ", "Q"
    else:
        first, count, entry, offset = 4, "H", "HHII", "I"
    return _Layout(first, *(struct.Struct(order + one) for one in (count, entry, offset)))


def _number(file: BinaryIO, at: int, form: struct.Struct) -> int:
    """Return the number that stands at a place; 0, which ends the walk, beyond the file."""
    file.seek(at)
    found = file.read(form.size)
    return int(form.unpack(found)[0]) if len(found) == form.size else 0


def _text(file: BinaryIO, layout: _Layout, entry: tuple[int, int, bytes]) -> bytes | None:
    kind, count, inline = entry
    if kind not in _TEXT_TYPES or count > _MOST_TEXT:
        return None
    if count <= len(inline):
        return inline[:count]
    file.seek(min(int(layout.offset.unpack(inline)[0]), _BEYOND))
    return file.read(count)


_SIGNED: Final = (-9999.0, -99999.0, -32768.0, -2147483648.0)
_FLOATS: Final = (-9999.0, -99999.0, -32768.0, -3.4e38, 3.4e38, 1e20)
_LARGEST: Final[Mapping[str, float]] = {"uint16": 65535.0, "uint32": 4294967295.0}
_NETCDF: Final = 9.969209968386869e36  # what its library fills with


def stand_ins(dtype: str) -> frozenset[float]:
    """Return the numbers that usually stand for nodata, by data type.

    Parameters
    ----------
    dtype
        Of the cells in the file, as NumPy names it.

    Returns
    -------
    frozenset of float
        Empty for bytes: 255 is a value like any other.

    Examples
    --------
    >>> sorted(stand_ins("int16")), stand_ins("uint8")
    ([-32768.0, -9999.0], frozenset())
    """
    kind = np.dtype(dtype)
    if kind.kind == "f":
        ends = float(np.finfo(kind).min), float(np.finfo(kind).max)
        fitting = [kind.type(one) for one in (*_FLOATS, _NETCDF) if abs(one) <= ends[1]]
        single = np.finfo(np.float32)
        return frozenset(map(float, (*fitting, *ends, single.min, single.max)))
    if kind.kind == "i" and kind.itemsize > 1:
        return frozenset(one for one in _SIGNED if one >= np.iinfo(kind).min)
    return frozenset({_LARGEST[kind.name]} if kind.name in _LARGEST else ())


def extreme_stand_ins(
    cells: NDArray[np.float64], known: frozenset[float]
) -> Iterator[tuple[float, NDArray[np.bool_]]]:
    """Yield the least and largest values for as long as they may stand for nodata.

    Parameters
    ----------
    cells
        NaN where there is no value; what is yielded becomes NaN too.
    known
        Numbers that may stand for nodata, as ``stand_ins`` returns them.

    Yields
    ------
    value, where
        A number of ``known``, and True in the cells that hold it.

    Examples
    --------
    >>> cells = np.array([[-9999.0, 3.0, 5.0]])
    >>> found = extreme_stand_ins(cells, stand_ins("float32"))
    >>> [(value, int(where.sum())) for value, where in found]
    [(-9999.0, 1)]
    >>> cells.tolist()
    [[nan, 3.0, 5.0]]
    """
    for end in (np.fmin, np.fmax):
        while known:
            value = float(end.reduce(cells, axis=None, initial=np.nan))
            if value not in known:
                break
            where = cells == value
            cells[where] = np.nan
            yield value, where


def implausible(found: Mapping[float, Any], least: float, largest: float) -> list[float]:
    """Return the values so far from the rest that they stand for nodata.

    Parameters
    ----------
    found
        By value: what ``extreme_stand_ins`` yielded.
    least, largest
        Of all other cells; NaN when there are none.

    Returns
    -------
    list of float
        The values that are nodata; the others are valid values.

    Examples
    --------
    >>> implausible({-9999.0: 7}, -430.0, 8848.0), implausible({-9999.0: 7}, -6000.0, 0.0)
    ([-9999.0], [])
    """
    chosen = []
    for value in sorted(found, key=abs):
        nearest = least if value < 0 else largest
        if np.isnan(nearest) or abs(nearest) < abs(value) / 2 or (nearest < 0) != (value < 0):
            chosen.append(value)
        elif value < 0:
            least = value
        else:
            largest = value
    return chosen
