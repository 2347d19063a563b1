"""What a reader sees of Folium's popups and tooltips: their words, never their markup."""

import re
from collections.abc import Iterable
from html.parser import HTMLParser
from typing import Any, Final

import folium
from branca.element import Element

from geo.render.legible import legible

__all__ = ["lines_of", "texts_of", "words_of_html"]

_MOST: Final = 100_000  # signs of markup that are read
_SILENT: Final = ("script", "style", "template", "noscript", "iframe", "object", "head")
_BREAKS: Final = (
    "br", "p", "div", "tr", "table", "li", "ul", "ol", "dl", "dt", "dd", "hr", "pre",
    "blockquote", "section", "article", "header", "footer", "h1", "h2", "h3", "h4", "h5", "h6",
)  # fmt: skip


class _Words(HTMLParser):
    """Collects what is written between tags."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self._silent += tag in _SILENT
        self._part(tag)

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in _SILENT))
        self._part(tag)

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.said.append(re.sub(r"\s+", " ", data))

    def _part(self, tag: str) -> None:
        self.said.append("\n" if tag in _BREAKS else " " if tag in ("td", "th") else "")


def lines_of(html: str) -> list[str]:
    """Read the lines of words in markup.

    Parameters
    ----------
    html
        As a browser would be given it.

    Returns
    -------
    list of str
        Without tags, scripts and styles; entities are the signs that they stand for; no empty
        line, and no sign that misleads.

    Examples
    --------
    >>> lines_of("<b>Tongzhou</b><br>a &amp; b<script>alert(1)</script>")
    ['Tongzhou', 'a & b']
    """
    reader = _Words()
    reader.feed(html[:_MOST])
    reader.close()
    lines = (" ".join(one.split()) for one in "".join(reader.said).split("\n"))
    return [legible(one) for one in lines if one]


def words_of_html(html: str) -> str:
    """Read the words in markup as one line.

    Parameters
    ----------
    html
        As a browser would be given it.

    Returns
    -------
    str
        Lines are parted by a dot.

    Examples
    --------
    >>> words_of_html("<p>Tongzhou</p><p>北京</p>"), words_of_html("<img src=x onerror=alert(1)>")
    ('Tongzhou · 北京', '')
    """
    return " · ".join(lines_of(html))


def texts_of(children: Iterable[Element]) -> tuple[str | None, str | None]:
    """Read what popups and tooltips say of the element that holds them.

    Parameters
    ----------
    children
        Of the element.

    Returns
    -------
    name : str or None
        The first line of the tooltip; without one, that of the popup.
    text : str or None
        All other lines.

    Examples
    --------
    >>> texts_of([folium.Popup("Railway<br>opened 2008"), folium.Tooltip("Wuqing")])
    ('Wuqing', 'Railway · opened 2008')
    """
    held = list(children)
    lines = [line for one in held if isinstance(one, folium.Tooltip) for line in lines_of(one.text)]
    for one in held:
        if isinstance(one, folium.Popup):
            lines += [line for html in one.html._children.values() for line in _lines(html)]
    if not lines:
        return None, None
    rest = [line for line in dict.fromkeys(lines) if line != lines[0]]
    return lines[0], " · ".join(rest) or None


def _lines(html: Any) -> list[str]:
    """Read a piece of a popup; one that was to be escaped is a text as it stands."""
    text = html.data.replace("\\`", "`")  # as Folium writes it for a script
    return lines_of(text) if html.script else [legible(one) for one in text.split("\n") if one]
