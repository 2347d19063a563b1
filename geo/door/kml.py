"""What GDAL does to the columns of KML, undone: names of underscores, and fields of its own.

Names of untyped data that are not ASCII become underscores. Two Chinese names of one length would
become one column, and the later value the only one. So each such name is replaced by one of our own
before GDAL sees the file, and given back afterwards. A dozen fields are added to every file; those
that hold nothing are no columns of it.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from geo.door.files import Source
from geo.door.opened import Chunk, Opened

__all__ = ["with_plain_names", "without_unused"]

_NAMES: Final = re.compile(
    rb"<!\[CDATA\[.*?\]\]>|<!--.*?-->"  # a balloon's text is no data
    rb"|(?P<start><(?:[A-Za-z_][\w.-]*:)?Data\s(?:[^<>]*?\s)?name\s*=\s*)"
    rb"(?P<quoted>\"[^\"<]*\"|'[^'<]*')",
    re.DOTALL,
)
_ADDED: Final = (
    "id", "name", "description", "timestamp", "begin", "end", "altitudemode", "tessellate",
    "extrude", "visibility", "draworder", "icon", "snippet",
)  # fmt: skip
_UNSET: Final = (None, -1, 0, "")
_PLAIN: Final = re.compile(r"[A-Za-z0-9_]+")


def with_plain_names(source: Source) -> tuple[Source, dict[str, str]]:
    r"""Replace names of data that GDAL would change.

    Parameters
    ----------
    source
        A KML that passed the door.

    Returns
    -------
    source, names : tuple
        The file as it is where no name has to change, else its changed bytes; and the true name
        by the one that stands for it.

    Examples
    --------
    >>> given = Source("a.kml", "kml", None, '<kml><Data name="名称"/></kml>'.encode())
    >>> changed, names = with_plain_names(given)
    >>> changed.content, names
    (b'<kml><Data name="jjj_data_1"/></kml>', {'jjj_data_1': '名称'})
    """
    with source.open() as file:
        content = file.read()
    stands_for: dict[str, str] = {}

    def plain(found: re.Match[bytes]) -> bytes:
        if found["quoted"] is None:
            return found[0]
        name = html.unescape(found["quoted"][1:-1].decode("utf-8", "replace"))
        if _PLAIN.fullmatch(name):
            return found[0]
        own = stands_for.setdefault(name, f"jjj_data_{len(stands_for) + 1}")
        return found["start"] + b'"' + own.encode() + b'"'

    changed = _NAMES.sub(plain, content)
    if not stands_for:
        return source, {}
    names = {own: name for name, own in stands_for.items()}
    return replace(source, path=None, content=changed), names


def without_unused(opened: Opened) -> Opened:
    """Leave out the fields that GDAL adds to every KML where no row has anything in them.

    Parameters
    ----------
    opened
        As GDAL reads it.

    Returns
    -------
    Opened
        With the columns that the file has.
    """
    unused = {name for name in opened.columns if name.lower() in _ADDED}
    for chunk in opened.chunks():
        unused = {name for name in unused if _is_unset(chunk, name)}

    def chunks() -> Iterator[Chunk]:
        for chunk in opened.chunks():
            yield replace(chunk, frame=chunk.frame.drop(columns=list(unused)))

    kept = tuple(name for name in opened.columns if name not in unused)
    return replace(opened, columns=kept, chunks=chunks)


def _is_unset(chunk: Chunk, name: str) -> bool:
    column = chunk.frame[name]
    return bool((column.isna() | column.isin(_UNSET)).all())
