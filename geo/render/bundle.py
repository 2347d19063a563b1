"""The code and styles of a page: what is vendored and what is ours, joined, nothing left out.

Vendored files are checked against the hashes of their manifest each time they are read.
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from geo.errors import OutputError

__all__ = ["ROOMS", "RUNTIME", "VENDOR", "csp_hash", "script", "style", "vendored", "versions"]

VENDOR: Final = Path(__file__).parent / "vendor"
RUNTIME: Final = Path(__file__).parent / "runtime"

_ENDS: Final = re.compile(r"</(?=script|style)|<!--", re.IGNORECASE)
_SOURCE_MAP: Final = re.compile(r"^//[#@] sourceMappingURL=.*$", re.MULTILINE)
_RULE_WITH_URL: Final = re.compile(r"[^{}]*\{[^{}]*url\([^{}]*\}")
_RULE: Final = re.compile(r"([^{}]+)\{[^{}]*\}")
_NOT_USED: Final = re.compile(r"leaflet-(?:control|popup|tooltip|bar|oldie)")
_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)


def _manifest() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((VENDOR / "manifest.json").read_text(encoding="utf-8"))
    return found


def versions() -> dict[str, str]:
    """Return the version of each vendored package.

    Returns
    -------
    dict
        Name to version.

    Examples
    --------
    >>> sorted(versions())
    ['leaflet']
    """
    return {name: str(entry["version"]) for name, entry in _manifest().items()}


def vendored(name: str, file: str) -> str:
    """Read a vendored file and check that it is the one of the manifest.

    Parameters
    ----------
    name
        Of the package.
    file
        Path inside the npm package, such as ``dist/leaflet.js``.

    Returns
    -------
    str
        Its text.

    Raises
    ------
    OutputError
        When the file is missing or has another hash.

    Examples
    --------
    >>> "Copyright" in vendored("leaflet", "LICENSE")
    True
    """
    path = VENDOR / name / Path(file).name
    content = path.read_bytes() if path.is_file() else b""
    if hashlib.sha256(content).hexdigest() != _manifest()[name]["files"][file]:
        msg = f"{path}: not the file of the manifest; run python -m geo.render.vendor.refresh"
        raise OutputError(msg)
    # a browser reads CR LF as LF before it hashes a script or a style
    return content.decode("utf-8").replace("\r\n", "\n")


ROOMS: Final[Mapping[str, tuple[str, ...]]] = {
    "charts": ("70-", "71-", "72-", "73-", "74-"),
    "notes": ("37-", "38-"),
    "basemaps": ("87-",),
    "flow": ("34-",),
    "image": ("35-",),
    "density": ("36-",),
    "time": ("65-",),
    "swipe": ("86-",),
    "overview": ("88-",),
}
"""Files of the runtime that a page needs only if it has such a part."""


@lru_cache(maxsize=64)
def script(uses: frozenset[str] = frozenset(ROOMS)) -> str:
    """Return the one script of a page: Leaflet, then our runtime in one strict scope.

    Parameters
    ----------
    uses
        Of ``ROOMS``, what the page has; the files of others are left out.

    Returns
    -------
    str
        Free of ``</script`` and ``<!--``, and of source-map comments that would swallow what
        follows them.
    """
    ours = _lean(_rooms(uses, "js"))
    leaflet = _SOURCE_MAP.sub("", vendored("leaflet", "dist/leaflet.js"))
    guard = (RUNTIME / "guard" / "trusted.js").read_text(encoding="utf-8")
    joined = f'{guard}\n{leaflet}\n(() => {{\n"use strict";\n{ours}\n}})();\n'
    return _ENDS.sub(lambda found: found.group().replace("<", "\\x3c"), joined)


def _rooms(uses: frozenset[str], kind: str) -> Iterator[str]:
    """Read the files of the runtime that a page with these parts needs, in their order."""
    unused = tuple(start for part, starts in ROOMS.items() if part not in uses for start in starts)
    for path in sorted(RUNTIME.glob(f"*.{kind}")):
        if not path.name.startswith(unused):
            yield path.read_text(encoding="utf-8")


def _lean(texts: Iterable[str]) -> str:
    """Join texts without their comment lines and indents, which no reader of a page needs."""
    lines = (line.strip() for text in texts for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


@lru_cache(maxsize=64)
def style(uses: frozenset[str] = frozenset(ROOMS)) -> str:
    """Return the styles of a page, without rules that ask for an image.

    Parameters
    ----------
    uses
        As for ``script``.

    Returns
    -------
    str
        Leaflet's rules, then ours.
    """
    leaflet = _COMMENT.sub("", vendored("leaflet", "dist/leaflet.css"))
    leaflet = _RULE.sub(_kept_rule, _RULE_WITH_URL.sub("", leaflet))
    return _lean(_COMMENT.sub("", text) for text in (leaflet, *_rooms(uses, "css")))


def _kept_rule(rule: re.Match[str]) -> str:
    """Drop a rule of controls, popups and tooltips, which the page makes itself."""
    selectors = rule.group(1).split(",")
    return "" if all(_NOT_USED.search(one) for one in selectors) else rule.group()


def csp_hash(text: str) -> str:
    """Return what a content security policy calls a text it allows.

    Parameters
    ----------
    text
        The exact content of the script or style element.

    Returns
    -------
    str
        ``'sha256-…'`` with the quotes.

    Examples
    --------
    >>> csp_hash("")
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    """
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
