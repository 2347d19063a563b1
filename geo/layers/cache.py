"""Cache of optional layers: files with a card that states hash and provenance.

An optional layer may not be shipped, so it is built on the user's machine. The card holds the
format, the hash and the provenance; a file that is cut, changed or of another version is refused
with one line that says how to build it again.
"""

import hashlib
import json
from pathlib import Path
from typing import Any, Final

import platformdirs

from geo.errors import LayerError, MissingFileError

__all__ = ["FORMAT", "cache_folder", "card_path", "read_card", "stored_path"]

FORMAT: Final = 1
"""Raised when what is kept changes in a way that older files do not have."""


def cache_folder() -> Path:
    """Return the folder of the optional layers, whether or not it exists.

    Returns
    -------
    Path
        ``jingjinji/layers`` in the user's cache (``XDG_CACHE_HOME``, else ``~/.cache`` on Linux).
    """
    return platformdirs.user_cache_path("jingjinji", appauthor=False) / "layers"


def stored_path(layer_id: str) -> Path:
    """Return where an optional layer is kept, whether or not it is there.

    Parameters
    ----------
    layer_id
        Id of an optional layer, a key of ``geo.layers.specs.OPTIONAL``.

    Returns
    -------
    Path
        A GeoJSON file.
    """
    return cache_folder() / f"{layer_id}.geojson"


def card_path(layer_id: str) -> Path:
    """Return where an optional layer's card is kept, whether or not it is there.

    Parameters
    ----------
    layer_id
        Id of an optional layer, a key of ``geo.layers.specs.OPTIONAL``.

    Returns
    -------
    Path
        A JSON file with ``format`` and ``entry``.
    """
    return cache_folder() / f"{layer_id}.json"


def read_card(layer_id: str) -> dict[str, Any]:
    """Read an optional layer's card and check its file against it.

    Parameters
    ----------
    layer_id
        Id of an optional layer, a key of ``geo.layers.specs.OPTIONAL``.

    Returns
    -------
    dict
        As in the catalogue.

    Raises
    ------
    MissingFileError
        When the layer is not built.
    LayerError
        When file or card are cut, changed or of another version.
    """
    again = f"jjj layers build {layer_id}"
    file = stored_path(layer_id)
    if not file.is_file() and not file.is_dir():
        msg = (
            f"{file}: the optional layer {layer_id} is not built; "
            f"pip install 'jingjinji[detailed]', then {again}"
        )
        raise MissingFileError(msg)
    try:
        card = json.loads(card_path(layer_id).read_bytes())
        version, entry = card["format"], card["entry"]
        found = hashlib.sha256(file.read_bytes()).hexdigest()
        wanted = entry["sha256"]
    except (OSError, ValueError, KeyError, TypeError):
        raise LayerError(layer_id, [f"{file.parent} holds it in part; {again}"]) from None
    if version != FORMAT:
        defect = f"{file} is of format {version}, this version reads {FORMAT}; {again}"
        raise LayerError(layer_id, [defect])
    if found != wanted:
        raise LayerError(layer_id, [f"{file} is not what was built; {again}"])
    checked: dict[str, Any] = entry
    return checked
