"""The way back from the blocks of a layer to its geometries and cells: as the page reads them."""

import gzip
import json
import math
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.render.encode import DECIMALS, SIGNS

__all__ = ["cells_of", "columns_of", "shapes_of"]

_WIDTHS: Final = {"d32": 4, "u32": 4, "z56": 7, "f64": 8, "json": 1, "text": 1}
_ONE_BYTE: Final = 192

Ints = NDArray[np.int64]


def columns_of(block: Mapping[str, Any]) -> dict[str, Any]:
    """Read a block.

    Parameters
    ----------
    block
        As ``geo.render.encode.block`` makes it.

    Returns
    -------
    dict
        Name of a part to its values.

    Examples
    --------
    >>> from geo.render.encode import block
    >>> columns_of(block([("x", "d32", np.array([3, 1]))]))["x"].tolist()
    [3, 1]
    """
    content = gzip.decompress(_bytes(block["z"]))
    found: dict[str, Any] = {}
    at = 0
    for name, kind, count in block["parts"]:
        piece = content[at : at + count * _WIDTHS[kind]]
        at += len(piece)
        if kind == "json":
            found[name] = json.loads(piece)
        elif kind == "text":
            found[name] = _words(piece, found[f"{name}@"])
        else:
            found[name] = _numbers(piece, kind, count)
    return found


def _bytes(text: str) -> bytes:
    """Read signs: five are four bytes, a rest of k + 1 is k bytes."""
    missing = -len(text) % 5
    values = np.zeros(128, dtype=np.int64)
    values[np.frombuffer(SIGNS.encode("ascii"), dtype=np.uint8)] = np.arange(85)
    signs = np.frombuffer((text + SIGNS[-1] * missing).encode("ascii"), dtype=np.uint8)
    words = values[signs].reshape(-1, 5) @ (85 ** np.arange(4, -1, -1))
    made = (words & 0xFFFFFFFF).astype(">u4").tobytes()
    return made[: len(made) - missing]


def _words(piece: bytes, alphabet: str) -> list[str | None]:
    signs, at = [], 0
    while at < len(piece):
        rank, at = piece[at], at + 1
        if rank >= _ONE_BYTE:
            rank, at = _ONE_BYTE + (rank - _ONE_BYTE) * 256 + piece[at], at + 1
        signs.append(alphabet[rank])
    return [None if one == "\0" else one for one in "".join(signs).split("\x1f")]


def _numbers(piece: bytes, kind: str, count: int) -> NDArray[Any]:
    width = _WIDTHS[kind]
    by_value = np.frombuffer(piece, dtype=np.uint8).reshape(width, count).T
    if kind == "f64":
        return np.ascontiguousarray(by_value).view("<f8").reshape(-1)
    values = (by_value.astype(np.int64) << (8 * np.arange(width))).sum(axis=1)
    if kind == "u32":
        return np.asarray(values)
    return np.cumsum(values if kind == "z56" else (values >> 1) ^ -(values & 1))


def shapes_of(payload: Mapping[str, Any], kind: str) -> NDArray[Any]:
    """Read the geometries of a layer.

    Parameters
    ----------
    payload
        Of a ``MapLayer``.
    kind
        Of it: areas, lines, flows (straight lines), or points and labels.

    Returns
    -------
    ndarray of Geometry
        In degrees, one a feature.
    """
    found = columns_of(payload["shapes"])
    grid = float(payload.get("grid", 10**DECIMALS))
    if kind == "flow":
        places = np.column_stack([found["px"], found["py"]]) / grid
        ends = np.stack([places[found["from"]], places[found["to"]]], axis=1)
        return np.asarray(shapely.linestrings(ends))
    if kind in ("point", "label"):
        x, y = (found["x"], found["y"]) if "x" in found else _from_curve(found)
        return np.asarray(shapely.points(np.column_stack([x, y]) / grid))
    if kind == "line":
        xy, lengths = np.column_stack([found["x"], found["y"]]), found["len"]
    else:
        xy, lengths = _joined(found)
    runs = np.split(xy / grid, np.cumsum(lengths)[:-1]) if len(lengths) else []
    make = _paths if kind == "line" else _polygons
    shapes = np.empty(len(found["own"]), dtype=object)
    for at, (end, count) in enumerate(zip(np.cumsum(found["own"]), found["own"], strict=True)):
        shapes[at] = make(runs[end - count : end])
    return shapes


def _from_curve(found: Mapping[str, Any]) -> tuple[Ints, Ints]:
    """Take apart numbers whose bits are those of x and y by turns."""
    west, south = found["corner"].tolist()
    x, y = np.zeros_like(found["z"]), np.zeros_like(found["z"])
    for bit in range(26):
        x |= ((found["z"] >> (2 * bit)) & 1) << bit
        y |= ((found["z"] >> (2 * bit + 1)) & 1) << bit
    return x + west, y + south


def _joined(found: Mapping[str, Any]) -> tuple[Ints, Ints]:
    """Put rings together from the arcs that they share."""
    arcs = np.split(
        np.column_stack([found["ax"], found["ay"]]), np.cumsum(found["alen"].astype(np.int64))[:-1]
    )
    walked = [arcs[one >> 1][::-1][:-1] if one & 1 else arcs[one >> 1][:-1] for one in found["ref"]]
    ends = np.cumsum(found["rlen"])
    lengths = [
        sum(map(len, walked[end - count : end]))
        for end, count in zip(ends, found["rlen"], strict=True)
    ]
    xy = np.concatenate(walked) if walked else np.zeros((0, 2), dtype=np.int64)
    return xy, np.array(lengths, dtype=np.int64)


def _paths(runs: list[NDArray[np.float64]]) -> Any:
    lines = [shapely.LineString(run if len(run) > 1 else np.repeat(run, 2, axis=0)) for run in runs]
    return lines[0] if len(lines) == 1 else shapely.MultiLineString(lines)


def _polygons(runs: list[NDArray[np.float64]]) -> Any:
    """Make areas of rings: an outer one runs against the clock, its holes follow it."""
    outer: list[Any] = []
    for run in runs:
        ring = shapely.LinearRing(run) if len(run) > 2 else None
        if ring is None:  # narrower than what is kept of a degree
            continue
        if ring.is_ccw or not outer:
            outer.append((ring, []))
        else:
            outer[-1][1].append(ring)
    made = [shapely.Polygon(ring, holes) for ring, holes in outer]
    return made[0] if len(made) == 1 else shapely.MultiPolygon(made)


def cells_of(payload: Mapping[str, Any], classes: NDArray[Any] | None = None) -> list[list[Any]]:
    """Read the cells of a layer, column by column.

    Parameters
    ----------
    payload
        Of a ``MapLayer``.
    classes
        Colour class of each row.

    Returns
    -------
    list of list
        Numbers, words and None, in the order of ``columns``.
    """
    if not payload["columns"]:
        return []
    found = columns_of(payload["data"])
    return [_column(found, f"c{at}", how, classes) for at, how in enumerate(payload["columns"])]


def _column(
    found: Mapping[str, Any], name: str, how: Mapping[str, Any], classes: NDArray[Any] | None
) -> list[Any]:
    if how["kind"] == "number":
        gaps = set(found[f"{name}-"].tolist()) if how.get("missing") else set()
        scale = 10 ** how.get("scale", 0)
        numbers = (found[name] + how.get("base", 0)).tolist()
        known = [at not in gaps and not math.isnan(number) for at, number in enumerate(numbers)]
        pairs = zip(numbers, known, strict=True)
        return [(one / scale if scale > 1 else one) if there else None for one, there in pairs]
    if not how.get("coded"):
        return list(found[name])
    told = how.get("by_class")
    codes = found[f"{name}#"] if told is None else np.asarray(told)[classes]
    return [found[name][code - 1] if code else None for code in codes.tolist()]
