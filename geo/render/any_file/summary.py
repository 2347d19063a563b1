"""What a map shows, as data: its layers, how each is coloured, what was left out, the credits."""

from typing import Any, Final

from geo.render.layer import MapLayer
from geo.render.map import Map
from geo.texts import Localized, tr

__all__ = ["described", "drawn_sentence"]

_KINDS: Final = {
    "area": "areas", "point": "points", "line": "lines", "flow": "flows", "image": "raster",
}  # fmt: skip
_SCALES: Final = {"classes": "sequential", "categories": "kinds"}


def described(made: Map) -> dict[str, Any]:
    """Describe what a map shows.

    Parameters
    ----------
    made
        A map with its layers.

    Returns
    -------
    dict
        ``layers``: ``name``, ``title``, ``kind``, ``by``, ``scale``, ``size_by``, ``times``,
        ``drawn``, ``left_out``, ``given``, ``bounds``; ``title``; ``credits`` of what is drawn.

    Examples
    --------
    >>> from geo.render.any_file.quick import quick_map
    >>> [one["kind"] for one in described(quick_map(["stations"]))["layers"] if one["given"]]
    []
    """
    payload = made.payload()
    layers = [
        _layer(layer, page)
        for layer, page in zip(made.map_layers, payload["layers"], strict=True)
        if layer.kind in _KINDS
    ]
    credited = [_plain(one.get("attribution") or one.get("title")) for one in payload["sources"]]
    return {
        "title": _plain(payload["title"]),
        "layers": layers,
        "credits": list(dict.fromkeys(filter(None, credited))),
    }


def _layer(layer: MapLayer, page: dict[str, Any]) -> dict[str, Any]:
    legend = layer.payload.get("legend", {})
    scale = _SCALES.get(str(legend.get("kind")), "none")
    if scale == "sequential" and not legend.get("ordered", True):
        scale = "diverging"
    drawn, lost = int(layer.payload.get("n", 0)), int(layer.payload.get("dropped", 0))
    return {
        "name": page["id"],
        "title": _plain(page["title"]),
        "kind": _KINDS[layer.kind],
        "by": layer.by,
        "scale": scale,
        "size_by": None,
        "times": len(layer.payload.get("time", {}).get("steps", ())),
        "drawn": drawn,
        "left_out": max(lost, layer.rows - drawn) if layer.rows else lost,
        "given": layer.given,
        "bounds": None if layer.bounds is None else list(layer.bounds),
    }


def _plain(text: Any) -> str:
    """Return a text of a page in Chinese, or as it stands where it has one language."""
    return str(text.get("zh", "")) if isinstance(text, dict) else str(text or "")


def drawn_sentence(drawn: int, rows: int) -> Localized:
    """Return one sentence: how many of the rows are drawn.

    Parameters
    ----------
    drawn, rows
        Number of drawn rows, and of all rows, of the input layers.

    Returns
    -------
    Localized
        Without a full stop.

    Examples
    --------
    >>> drawn_sentence(11, 12).en
    '11 of 12 rows drawn'
    """
    return tr("{drawn:,} of {rows:,} rows drawn", drawn=drawn, rows=rows)
