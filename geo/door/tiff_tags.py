"""What the tags of a TIFF say before GDAL sees it: whether it asks for other files.

GDAL keeps what it knows of a raster as XML in a tag of its own. One item of it may name a file, or
an address, that holds the overviews, and GDAL opens whatever stands there as soon as overviews are
asked for. Of a raster with such an item they are not. The text of a reference system may name a
file of grids in the same way, which PROJ opens as soon as the system is looked at.
"""

import html
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, Literal, NamedTuple

__all__ = ["asks_for", "is_tiff"]

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
    r"""Tell a TIFF by its first bytes.

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


def asks_for(path: Path) -> frozenset[Elsewhere]:
    """Tell what a TIFF would have GDAL or PROJ look for in other files.

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
