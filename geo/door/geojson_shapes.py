"""The geometry of GeoJSON, strictly: a feature whose geometry breaks the rules is named."""

import math
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.door.numbers import parse_cells
from geo.errors import InputError

__all__ = ["GEOMETRIES", "shapes_of"]

GEOMETRIES: Final = (
    "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon",
    "GeometryCollection",
)  # fmt: skip
"""What a geometry may be."""
_DEEPEST: Final = 16  # collections within collections

Problem = tuple[int, str, str]
Floats = NDArray[np.float64]


class _BrokenError(InputError):
    """A geometry that breaks the rules; says which."""


def shapes_of(geometries: Sequence[Any]) -> tuple[NDArray[np.object_], list[Problem]]:
    """Build the shapes of a list of geometries.

    Parameters
    ----------
    geometries
        Members ``geometry`` of features, as JSON has them.

    Returns
    -------
    shapes : ndarray of object
        None where there is none, or it is broken.
    problems : list
        Position, reason (of ``geo.door.reasons``) and detail.

    Examples
    --------
    >>> ring = [[0, 0], [1, 0], [1, 1]]
    >>> shapes, problems = shapes_of([None, {"type": "Polygon", "coordinates": [ring]}])
    >>> problems
    [(1, 'bad_geometry', 'a ring that does not close')]
    """
    shapes = np.full(len(geometries), None, dtype=object)
    problems: list[Problem] = []
    points: dict[int, list[float]] = {}
    for at, geometry in enumerate(geometries):
        if geometry is None:
            continue
        try:
            if isinstance(geometry, dict) and geometry.get("type") == "Point":
                place, problem = _position(geometry.get("coordinates"))
                if place is not None:
                    points[at] = place
                if problem is not None:
                    problems.append((at, *problem))
            else:
                shapes[at] = _shape(geometry, 0)
        except _BrokenError as error:
            problems.append((at, "bad_geometry", str(error)[:60]))
    _add_points(shapes, points)
    return shapes, problems


def _add_points(shapes: NDArray[np.object_], points: dict[int, list[float]]) -> None:
    for width in (2, 3):
        rows = [at for at, place in points.items() if len(place) == width]
        if rows:
            shapes[rows] = shapely.points(np.array([points[at] for at in rows], dtype=np.float64))


def _position(inside: Any) -> tuple[list[float] | None, tuple[str, str] | None]:
    """Return a point's coordinates, with a height where there is one, or what is wrong."""
    shown = f"coordinates {inside!r}"[:60]
    if inside == []:
        return None, None
    if not isinstance(inside, list) or not 2 <= len(inside) <= 4:
        return None, ("bad_geometry", shown)
    if all(isinstance(one, int | float) and not isinstance(one, bool) for one in inside):
        place = [_float(one) for one in inside[:3]]
        if all(map(math.isfinite, place[:2])):
            return place if math.isfinite(place[-1]) else place[:2], None
        return None, ("not_a_number", shown)
    parsed = parse_cells([one if isinstance(one, str) else None for one in inside[:2]])
    if np.isfinite(parsed.values).all():
        return [float(one) for one in parsed.values], ("text_number", shown)
    return None, ("bad_geometry", shown)


def _float(number: float) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf


def _shape(geometry: Any, depth: int) -> Any:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in GEOMETRIES:
        msg = f"type {kind!r}"
        raise _BrokenError(msg)
    if kind == "GeometryCollection":
        return _collection(geometry.get("geometries"), depth)
    inside = geometry.get("coordinates")
    if not isinstance(inside, list):
        msg = f"coordinates {inside!r}"
        raise _BrokenError(msg)
    if kind == "Point":
        place, problem = _position(inside)
        if place is None and problem is not None:
            raise _BrokenError(problem[1])
        return shapely.Point(place) if place is not None else shapely.Point()
    makers: dict[str, Any] = {
        "MultiPoint": lambda: shapely.multipoints(_places(inside, 0)) if inside else _empty(kind),
        "LineString": lambda: _line(inside),
        "MultiLineString": lambda: shapely.multilinestrings([_line(one) for one in inside]),
        "Polygon": lambda: _polygon(inside),
        "MultiPolygon": lambda: shapely.multipolygons([_polygon(one) for one in inside]),
    }
    return makers[kind]() if inside else _empty(kind)


def _empty(kind: str) -> Any:
    return shapely.from_wkt(f"{kind.upper()} EMPTY")


def _collection(parts: Any, depth: int) -> Any:
    if not isinstance(parts, list) or depth >= _DEEPEST:
        msg = "a GeometryCollection without a list of geometries, or nested too deep"
        raise _BrokenError(msg)
    return shapely.geometrycollections([_shape(one, depth + 1) for one in parts])


def _places(inside: Any, least: int) -> Floats:
    """Return positions as an array of two or three columns."""
    try:
        made = np.array(inside)
    except ValueError:  # rows of different lengths
        made = _levelled(inside)
    if made.ndim != 2 or made.dtype.kind not in "iuf" or not 2 <= made.shape[1] <= 4:
        msg = f"positions {inside!r}"
        raise _BrokenError(msg)
    made = made[:, :3].astype(np.float64)
    if made.shape[1] == 3 and not np.isfinite(made[:, 2]).all():
        made = made[:, :2]
    if not np.isfinite(made).all():
        msg = "a coordinate is not finite"
        raise _BrokenError(msg)
    if len(made) < least:
        msg = f"{len(made)} position(s) where {least} are needed"
        raise _BrokenError(msg)
    return made


def _levelled(inside: Any) -> Any:
    """Leave heights out where not all positions have one."""
    if isinstance(inside, list) and all(isinstance(one, list) and len(one) >= 2 for one in inside):
        with suppress(ValueError):  # lists within lists of different lengths
            return np.array([one[:2] for one in inside])
    return np.array([])


def _line(inside: Any) -> Any:
    return shapely.linestrings(_places(inside, 2))


def _polygon(rings: Any) -> Any:
    if not isinstance(rings, list) or not rings:
        msg = f"rings {rings!r}"
        raise _BrokenError(msg)
    made = [_ring(one) for one in rings]
    return shapely.polygons(made[0], holes=made[1:] or None)


def _ring(inside: Any) -> Any:
    places = _places(inside, 4) if isinstance(inside, list) and len(inside) != 3 else None
    if places is None or (places[0] != places[-1]).any():
        msg = "a ring that does not close"
        raise _BrokenError(msg)
    return shapely.linearrings(places)
