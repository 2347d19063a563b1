"""The page: one HTML file that loads nothing and runs only its own script.

Data stand in a JSON element, escaped so that they cannot end it, and are shown as text only. The
content security policy allows this one script and these styles by their hashes, and no string may
become markup (``require-trusted-types-for``).
"""

import base64
import gzip
import re
from collections.abc import Iterable, Mapping
from html import escape
from html.parser import HTMLParser
from typing import Any, Final

from geo.errors import OutputError
from geo.render.bundle import FEATURES, csp_hash, packages, script, style, words
from geo.render.encode import json_text
from geo.render.sanitize import sanitized
from geo.texts import language

__all__ = ["check_offline", "notebook_frame", "page"]

_NEEDS_SCRIPT: Final = (
    "此地图需要 JavaScript。 This map needs JavaScript. この地図には JavaScript が必要です。"
)
_SHELL: Final = """<!DOCTYPE html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="description" content="{finding}">
<meta name="generator" content="jingjinji {version}">
<meta name="referrer" content="no-referrer">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<div id="app"><noscript><h1>{title}</h1><p>{finding}</p><p>{needs}</p></noscript></div>
<script type="application/json" id="jjj-data">{data}</script>
<script>{script}</script>
</body>
</html>
"""


def page(payload: Mapping[str, Any], *, version: str, hosts: Iterable[str] = ()) -> str:
    """Write the page of a map.

    Parameters
    ----------
    payload
        What ``Map`` gathers; ``title``, ``finding`` and ``lang`` also stand in the head.
    version
        Version of this package, printed in the page.
    hosts
        Hosts of online basemaps that a reader may switch on; none by default.

    Returns
    -------
    str
        HTML.

    Raises
    ------
    OutputError
        When the page would ask another host for something.
    """
    lang = str(payload["lang"])
    uses = _uses(payload)
    code, look = script(uses), style(uses)
    used = {key: text for key, text in payload["words"].items() if key in words(uses)}
    made = _SHELL.format(
        lang=language(lang).html,
        policy=escape(_policy(code, look, hosts)),
        title=escape(_one(payload["title"], lang)),
        finding=escape(_one(payload["finding"], lang)),
        version=escape(version),
        needs=_NEEDS_SCRIPT,
        style=look,
        script=code,
        data=json_text({**payload, "words": used, "packages": packages()}),
    )
    check_offline(made)
    return made


_FRAME: Final = (
    '<iframe srcdoc="{inner}" width="100%" height="{height}" style="border:none" '
    'allow="fullscreen"></iframe>'
)
_UNPACK: Final = (
    "<noscript>{needs}</noscript><script>(async () => {{"
    'const bytes = Uint8Array.from(atob("{packed}"), (one) => one.charCodeAt(0));'
    'const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));'
    "const text = await new Response(stream).text();"
    "document.open(); document.write(text); document.close();"
    "}})();</script>"
)


def notebook_frame(html: str, *, height: str) -> str:
    """Return a page as a compressed iframe for a notebook.

    Parameters
    ----------
    html
        A whole page, which stays as it is: its own policy holds inside the frame.
    height
        Height of the frame as a CSS length.

    Returns
    -------
    str
        One iframe, the same for the same page.
    """
    packed = base64.b64encode(gzip.compress(html.encode("utf-8"), compresslevel=9, mtime=0))
    inner = _UNPACK.format(needs=_NEEDS_SCRIPT, packed=packed.decode("ascii"))
    return _FRAME.format(inner=escape(inner), height=escape(height))


_DENSE: Final = 40_000  # points; above it the page counts them, web/src/layers/points.js


def _uses(payload: Mapping[str, Any]) -> frozenset[str]:
    """Tell which features of the script a page needs."""
    layers = payload["layers"]
    kinds = {layer["kind"] for layer in layers}
    steps = {step for layer in layers for step in layer.get("time", {}).get("steps", ())}
    beside = [one for one in layers if one["kind"] != "label" and not one["style"].get("base")]
    needs = {
        "time": bool(steps),
        "swipe": len(steps) > 1 or len(beside) > 1,
        "density": any(one["kind"] == "point" and one["n"] > _DENSE for one in layers),
    }
    return frozenset(one for one in FEATURES if needs.get(one) or one in kinds or payload.get(one))


def _one(text: Any, lang: str) -> str:
    if text is None:
        return ""
    return sanitized(str(text[lang]) if isinstance(text, Mapping) else str(text))


def _policy(code: str, look: str, hosts: Iterable[str]) -> str:
    images = " ".join(["data:", "blob:", *sorted(hosts)])
    return (
        f"default-src 'none'; script-src {csp_hash(code)}; style-src {csp_hash(look)}; "
        f"img-src {images}; base-uri 'none'; form-action 'none'; "
        "require-trusted-types-for 'script'; trusted-types default"
    )


class _Loads(HTMLParser):
    """Collects what a page would load: attributes that fetch, and addresses in styles."""

    FETCHING = ("src", "srcset", "href", "data", "poster", "action", "background", "xlink:href")
    CSS = re.compile(r"(?:url\(\s*['\"]?|@import\s+['\"]?)([^'\")\s;]+)", re.IGNORECASE)

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._style = tag == "style"
        for name, value in attrs:
            if name in self.FETCHING and tag != "a" and value:
                self.found.append(f"<{tag} {name}={value[:80]}>")
            if name == "style" and value:
                self.found += self._addresses(value)

    def handle_data(self, data: str) -> None:
        if self._style:
            self.found += self._addresses(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "style":
            self._style = False

    def _addresses(self, css: str) -> list[str]:
        return [f"url({one[:80]})" for one in self.CSS.findall(css) if not one.startswith("data:")]


def check_offline(html: str) -> None:
    """Raise when a page would load anything.

    Parameters
    ----------
    html
        HTML of the whole page.

    Raises
    ------
    OutputError
        When an element or a style names a resource outside the page.

    Examples
    --------
    >>> check_offline("<script>1</script>")
    >>> check_offline('<script src="https://cdn.example/l.js"></script>')
    Traceback (most recent call last):
    geo.errors.OutputError: the page would load <script src=https://cdn.example/l.js>: ...
    """
    reader = _Loads()
    reader.feed(html)
    reader.close()
    if reader.found:
        shown = ", ".join(reader.found[:3])
        msg = f"the page would load {shown}: a saved map must hold everything it needs"
        raise OutputError(msg)
