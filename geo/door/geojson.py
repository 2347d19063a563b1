"""GeoJSON: features, their shapes, their reference system.

The geometry of GeoJSON, strictly: a feature whose geometry breaks the rules is named.

GeoJSON and GeoJSON text sequences, read strictly: nothing a lenient reader would swallow.

GDAL takes two ``features`` members, a ``crs`` that lies and one feature in ten thousand that is
broken, and says nothing.
"""

import io
import json
import math
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from geo.crs import parse_crs
from geo.door.encodings import detect
from geo.door.files import Source
from geo.door.headers import stated_datum
from geo.door.numbers import parse_cells
from geo.door.table import CHUNK_ROWS, Chunk, Opened, RowIssue
from geo.errors import InputError

__all__ = [
    "GEOMETRIES",
    "open_geojson",
    "open_geojsonseq",
    "shapes_of",
]

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
        Position, reason (of ``geo.door.account``) and detail.

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


_MEMBERS: Final = ("features", "geometry", "coordinates", "type", "properties", "crs")
_MAX_COLUMNS: Final = 2_000
_CRS84: Final = ("CRS84", "CRS:84", "EPSG::4326", "EPSG:4326")


_HALF: Final = re.compile("[\ud800-\udfff]")
_ESCAPED_HALF: Final = re.compile(r"\\u[dD][89a-fA-F]")


class _Pairs:
    """Makes objects from key–value pairs, and remembers what strict JSON would not hold."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.notes: set[str] = set()

    def pairs(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            keys = [key for key, _ in pairs]
            twice = next(key for key in keys if keys.count(key) > 1)
            if twice in _MEMBERS:
                msg = f"{self.name}: a JSON object has two members {twice!r}"
                raise InputError(msg)
            self.notes.add(f"property {twice!r} stands twice in a feature; the last was taken")
        return made

    def constant(self, text: str) -> float:
        self.notes.add(f"{text} is not JSON; read as missing")
        return math.nan

    def loads(self, text: str) -> Any:
        hook = self.repaired if _ESCAPED_HALF.search(text) else self.pairs
        return json.loads(text, object_pairs_hook=hook, parse_constant=self.constant)

    def repaired(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        """Replace unpaired surrogates, which JSON can write and UTF-8 cannot, by U+FFFD."""
        whole = [(_repaired(key), _repaired(value)) for key, value in pairs]
        if whole != pairs:
            self.notes.add("half signs (unpaired surrogates) were read as \ufffd")
        return self.pairs(whole)


def _repaired(value: Any) -> Any:
    if isinstance(value, list):
        return [_repaired(one) for one in value]
    return _HALF.sub("\ufffd", value) if isinstance(value, str) else value


def _text(source: Source, encoding: str | None) -> tuple[str, list[str]]:
    with source.open() as file:
        found = detect(file, source.name, declared=encoding)
        content = file.read()
    notes = [] if found.how in ("utf-8", "ascii") else [f"read as {found.name} ({found.how})"]
    return content.decode(found.name), [one for one in notes if "utf-8-sig" not in one]


def open_geojson(source: Source, *, encoding: str | None = None) -> Opened:
    """Open a FeatureCollection, a Feature or a geometry.

    Parameters
    ----------
    source
        An opened file (``geo.door.files.Source``), whose kind was read from its bytes.
    encoding
        Encoding of the text; None detects it (RFC 8259 asks for UTF-8).

    Returns
    -------
    Opened
        One row a feature, of any geometry.

    Raises
    ------
    InputError
        When it is not JSON, not GeoJSON, or holds no feature.
    CRSError
        When its ``crs`` member rests on an old datum or is none.
    """
    try:
        whole, notes = _whole(source, encoding)
    except _ManyTexts:
        return open_geojsonseq(source, encoding=encoding)
    features = _features_of(whole, source.name)
    crs, declared, more = _reference(whole, source.name)
    columns = _columns(features, source.name)

    def chunks() -> Iterator[Chunk]:
        for start in range(0, len(features), CHUNK_ROWS):
            batch = features[start : start + CHUNK_ROWS]
            yield _chunk(batch, columns, np.arange(start + 1, start + 1 + len(batch)))

    every_note = (*source.notes, *notes, *more)
    facts = {"format": "GeoJSON", "rows": len(features)}
    return Opened(columns, chunks, facts, every_note, crs, declared, spatial=True)


class _ManyTexts(Exception):  # noqa: N818 - a turn in the road, not an error
    """The file holds one feature a line."""


def _whole(source: Source, encoding: str | None) -> tuple[Any, list[str]]:
    """Parse a file strictly; return its content and notes for the report."""
    text, notes = _text(source, encoding)
    parser = _Pairs(source.name)
    try:
        whole = parser.loads(text)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data" and '"Feature"' in text[: error.pos]:
            raise _ManyTexts from None
        msg = f"{source.name}: line {error.lineno}: is not JSON ({error.msg})"
        raise InputError(msg) from None
    except RecursionError:
        msg = f"{source.name}: is not GeoJSON (nested too deep)"
        raise InputError(msg) from None
    return whole, [*notes, *sorted(parser.notes)]


def _features_of(whole: Any, name: str) -> list[Any]:
    kind = whole.get("type") if isinstance(whole, dict) else None
    if kind == "FeatureCollection":
        features = whole.get("features")
        if not isinstance(features, list):
            msg = f"{name}: a FeatureCollection without a list of features"
            raise InputError(msg)
        if not features:
            msg = f"{name}: holds no features"
            raise InputError(msg)
        return features
    if kind == "Feature":
        return [whole]
    if kind in GEOMETRIES:
        return [{"type": "Feature", "properties": {}, "geometry": whole}]
    hint = " (TopoJSON is not read)" if kind == "Topology" else ""
    msg = f"{name}: is JSON but not GeoJSON{hint}"
    raise InputError(msg)


def _reference(whole: dict[str, Any], name: str) -> tuple[CRS, str | None, list[str]]:
    """Read the member ``crs`` of 2008, which RFC 7946 took away and many writers still write."""
    plain = parse_crs("EPSG:4326")
    member = whole.get("crs")
    if member is None:
        return plain, None, []
    stated = ""
    if isinstance(member, dict):
        properties = member.get("properties")
        stated = str(properties.get("name", "")) if isinstance(properties, dict) else ""
    if any(stated.endswith(one) for one in _CRS84):
        return plain, None, []
    datum = stated_datum(stated)
    if datum in ("gcj02", "bd09", "cgcs2000", "wgs84"):
        return plain, datum, [f"its crs member says {datum}"]
    if not stated:
        msg = f"{name}: its crs member cannot be read; remove it if the file is WGS 84"
        raise InputError(msg)
    return parse_crs(stated), None, [f"its crs member says {stated}"]


def _columns(features: list[Any], name: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    has_id = False
    for feature in features:
        if isinstance(feature, dict):
            has_id |= "id" in feature
            properties = feature.get("properties")
            if isinstance(properties, dict):
                found.update(dict.fromkeys(properties))
    return _few((*(["id"] if has_id and "id" not in found else []), *found), name)


def _few(columns: tuple[str, ...], name: str) -> tuple[str, ...]:
    if len(columns) > _MAX_COLUMNS:
        msg = f"{name}: {len(columns)} columns; at most {_MAX_COLUMNS} are read"
        raise InputError(msg)
    return columns


def _chunk(batch: list[Any], columns: tuple[str, ...], lines: Any) -> Chunk:
    issues: list[RowIssue] = []
    rows = []
    geometries: list[Any] = []
    for at, feature in enumerate(batch):
        properties, issue = _properties(feature)
        if issue:
            issues.append(RowIssue(at, *issue))
        rows.append([properties.get(name) for name in columns])
        geometries.append(feature.get("geometry") if isinstance(feature, dict) else None)
    shapes, problems = shapes_of(geometries)
    issues += [RowIssue(at, reason, detail) for at, reason, detail in problems]
    frame = pd.DataFrame(rows, columns=list(columns), index=range(len(batch)), dtype=object)
    return Chunk(frame, np.asarray(lines, dtype=np.int64), tuple(issues), shapes)


def _properties(feature: Any) -> tuple[dict[str, Any], tuple[str, str] | None]:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        return {}, ("not_a_feature", json.dumps(feature, default=str)[:60])
    properties = feature.get("properties")
    identity = {"id": feature["id"]} if "id" in feature else {}
    if properties is None:
        return identity, None
    if not isinstance(properties, dict):
        return identity, ("bad_properties", "properties are not an object")
    return {**identity, **properties}, None


def open_geojsonseq(source: Source, *, encoding: str | None = None) -> Opened:
    """Open one feature a line (GeoJSONSeq, RFC 8142, or newline-delimited).

    Parameters
    ----------
    source
        An opened file (``geo.door.files.Source``), whose kind was read from its bytes.
    encoding
        Encoding of the text, such as ``GBK``; None detects it.

    Returns
    -------
    Opened
        One row a line; a line that is not JSON is a refused row.

    Raises
    ------
    InputError
        When no line is a feature.
    """
    with source.open() as file:
        found = detect(file, source.name, declared=encoding)
    parser = _Pairs(source.name)
    keys: dict[str, None] = {}
    good = 0
    for _, feature in _lines(source, found.name, parser):
        good += isinstance(feature, dict) and feature.get("type") == "Feature"
        keys.update(dict.fromkeys(_columns([feature], source.name)))
    if not good:
        msg = f"{source.name}: no line is a GeoJSON feature"
        raise InputError(msg)
    columns = _few(tuple(keys), source.name)

    def chunks() -> Iterator[Chunk]:
        rows = _lines(source, found.name, parser)
        while batch := list(islice(rows, CHUNK_ROWS)):
            yield _chunk([feature for _, feature in batch], columns, [line for line, _ in batch])

    notes = (*source.notes, *sorted(parser.notes))
    crs = parse_crs("EPSG:4326")
    return Opened(columns, chunks, {"format": "GeoJSONSeq"}, notes, crs, spatial=True)


def _lines(source: Source, encoding: str, parser: _Pairs) -> Iterator[tuple[int, Any]]:
    with source.open() as file:
        decoded = io.TextIOWrapper(file, encoding=encoding, newline="\n")  # UTF-16 too has lines
        for number, line in enumerate(decoded, start=1):
            text = line.strip("\x1e\ufeff \t\r\n")
            if not text:
                continue
            try:
                yield number, parser.loads(text)
            except (json.JSONDecodeError, RecursionError):
                yield number, text[:60]
