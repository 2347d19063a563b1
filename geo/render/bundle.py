"""The script and the style of a page: of the modules that ``web/build.mjs`` made, those it uses.

``web/dist`` is committed and checked against the hashes of its manifest when it is read; Node is
needed only to make it again.
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from geo.errors import OutputError

__all__ = [
    "BUILT",
    "FEATURES",
    "csp_hash",
    "licence",
    "packages",
    "script",
    "style",
    "versions",
    "words",
]

BUILT: Final = Path(__file__).parent / "web" / "dist"

FEATURES: Final = frozenset(
    (
        "basemaps",
        "charts",
        "density",
        "flow",
        "image",
        "notes",
        "overview",
        "swipe",
        "time",
    )
)
"""What a page holds only if it has such a part."""

_ENDS: Final = re.compile(r"</(?=script|style)|<!--", re.IGNORECASE)


def _manifest() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((BUILT / "manifest.json").read_text(encoding="utf-8"))
    return found


def _read(file: str) -> str:
    path = BUILT / file
    # a browser reads CR LF as LF before it hashes a script or a style
    content = path.read_bytes().replace(b"\r\n", b"\n") if path.is_file() else b""
    if hashlib.sha256(content).hexdigest() != _manifest()["outputs"][file]:
        how = f"run npm ci and npm run build in {BUILT.parent}"
        msg = f"{path}: not the file of the manifest; {how}"
        raise OutputError(msg)
    return content.decode("utf-8")


def versions() -> dict[str, str]:
    """Return the version of each package of others that a page holds.

    Returns
    -------
    dict
        Name to version.

    Examples
    --------
    >>> sorted(versions())
    ['fflate', 'leaflet']
    """
    return {name: str(entry["version"]) for name, entry in _manifest()["packages"].items()}


def packages() -> list[str]:
    """Return what a page says it was made with.

    Returns
    -------
    list of str
        Title and version of each package.

    Examples
    --------
    >>> packages()[0].split()[0]
    'Leaflet'
    """
    return [f"{one['title']} {one['version']}" for one in _manifest()["packages"].values()]


def licence(name: str) -> str:
    """Read the licence of a vendored package.

    Parameters
    ----------
    name
        Name of the vendored package.

    Returns
    -------
    str
        Its text.

    Raises
    ------
    OutputError
        When the file is missing or has been changed.

    Examples
    --------
    >>> "Copyright" in licence("leaflet")
    True
    """
    return _read(f"LICENSE-{name}")


@lru_cache(maxsize=1)
def _built() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_read("modules.json"))
    return found


def _modules(uses: frozenset[str]) -> Iterator[dict[str, Any]]:
    """Give the modules of a page, with all they need, in the order in which they run."""
    built = _built()
    modules: dict[str, dict[str, Any]] = built["modules"]
    wanted: set[str] = set()
    waiting = [built["core"], *(built["features"][one] for one in uses)]
    while waiting:
        name = waiting.pop()
        if name not in wanted:
            wanted.add(name)
            waiting += modules[name]["needs"]
    return (module for name, module in modules.items() if name in wanted)


@lru_cache(maxsize=64)
def script(uses: frozenset[str] = FEATURES) -> str:
    """Return the one script of a page: its modules in one strict scope, one a line.

    Parameters
    ----------
    uses
        Of ``FEATURES``, what the page has; modules that only others need are left out.

    Returns
    -------
    str
        Free of ``</script``, ``<!--`` and source-map comments.

    Raises
    ------
    OutputError
        When what was built is missing or has been changed.
    """
    built = _built()
    code = "\n".join(one["script"] for one in _modules(uses) if one["script"])
    credit = "; ".join(
        f"{one['title']} {one['version']}, {one['copyright']}, {one['licence']}"
        for one in _manifest()["packages"].values()
    )
    joined = (
        f"{built['guard']}\n/* {credit} */\n"
        f'(()=>{{"use strict";{built["helpers"]}\n{code}\n}})();\n'
    )
    return _ENDS.sub(lambda found: found.group().replace("<", "\\x3c"), joined)


@lru_cache(maxsize=64)
def style(uses: frozenset[str] = FEATURES) -> str:
    """Return the styles of a page, without rules that ask for an image.

    Parameters
    ----------
    uses
        Features that the page has, a subset of ``FEATURES``.

    Returns
    -------
    str
        Each module's rules, in the order of the modules.

    Raises
    ------
    OutputError
        When what was built is missing or has been changed.
    """
    return "\n".join(one["style"] for one in _modules(uses) if one["style"])


@lru_cache(maxsize=64)
def words(uses: frozenset[str] = FEATURES) -> frozenset[str]:
    """Return the keys of the catalogue's texts that a page needs.

    Parameters
    ----------
    uses
        Features that the page has, a subset of ``FEATURES``.

    Returns
    -------
    frozenset of str
        Keys.

    Raises
    ------
    OutputError
        When what was built is missing or has been changed.

    Examples
    --------
    >>> "play" in words(), "play" in words(frozenset())
    (True, False)
    """
    return frozenset(key for one in _modules(uses) for key in one["words"])


def csp_hash(text: str) -> str:
    """Return the hash by which a content security policy allows a script or style.

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
