"""What the tags of a TIFF say before GDAL sees it: whether it asks for other files.

GDAL keeps what it knows of a raster as XML in a tag of its own. One item of it may name a file, or
an address, that holds the overviews, and GDAL opens whatever stands there as soon as overviews are
asked for. Of a raster with such an item they are not.
"""

import html
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

__all__ = ["is_tiff", "names_overviews"]

_MAGIC: Final = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_GDAL_METADATA: Final = 42112
_ELSEWHERE: Final = "overview_file"
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


def names_overviews(path: Path) -> bool:
    """Tell whether the metadata of a TIFF name a file, or an address, as its overviews.

    Parameters
    ----------
    path
        A regular file that begins as a TIFF.

    Returns
    -------
    bool
        True also when the metadata cannot be searched: not text, or longer than 64 MiB, or in more
        images than are walked through.
    """
    with path.open("rb") as file:
        for text in _metadata(file, path.stat().st_size):
            # GDAL resolves the references of XML once in names, and twice in values
            plain = html.unescape(html.unescape(text.decode("latin-1"))).casefold()
            if _ELSEWHERE in plain:
                return True
    return False


def _metadata(file: BinaryIO, size: int) -> Iterator[bytes]:
    """Yield GDAL's metadata of every image, or the item itself in place of what is not searched."""
    layout = _layout(file)
    at = _number(file, layout.first, layout.offset)
    seen: set[int] = set()
    while 0 < at < size and at not in seen:
        if len(seen) >= _MOST_IMAGES:
            yield _ELSEWHERE.encode()
            return
        seen.add(at)
        n = min(_number(file, at, layout.length), _MOST_TAGS)
        at += layout.length.size
        entries = file.read(n * layout.entry.size)
        for start in range(0, len(entries) - layout.entry.size + 1, layout.entry.size):
            tag, kind, count, _ = layout.entry.unpack_from(entries, start)
            if tag == _GDAL_METADATA:
                value = start + layout.entry.size - layout.offset.size
                inline = entries[value : value + layout.offset.size]
                yield _text(file, layout, (kind, count, inline))
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


def _text(file: BinaryIO, layout: _Layout, entry: tuple[int, int, bytes]) -> bytes:
    kind, count, inline = entry
    if kind not in _TEXT_TYPES or count > _MOST_TEXT:
        return _ELSEWHERE.encode()
    if count <= len(inline):
        return inline[:count]
    file.seek(min(int(layout.offset.unpack(inline)[0]), _BEYOND))
    return file.read(count)
