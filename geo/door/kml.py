"""Names of untyped data in KML, which GDAL reads as underscores where they are not ASCII.

Two Chinese names of one length would become one column, and the later value the only one. So each
such name is replaced by one of our own before GDAL sees the file, and given back afterwards.
"""

import html
import re
from dataclasses import replace
from typing import Final

from geo.door.files import Source

__all__ = ["with_plain_names"]

_NAMES: Final = re.compile(
    rb"<!\[CDATA\[.*?\]\]>|<!--.*?-->"  # a balloon's text is no data
    rb"|(?P<start><(?:[A-Za-z_][\w.-]*:)?Data\s(?:[^<>]*?\s)?name\s*=\s*)"
    rb"(?P<quoted>\"[^\"<]*\"|'[^'<]*')",
    re.DOTALL,
)
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
