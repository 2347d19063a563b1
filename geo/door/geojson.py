"""GeoJSON and GeoJSON text sequences, read strictly: nothing a lenient reader would swallow.

GDAL takes two ``features`` members, a ``crs`` that lies and one feature in ten thousand that is
broken, and says nothing.
"""

import json
import math
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from geo.crs import parse_crs
from geo.door.encodings import detect
from geo.door.files import Source
from geo.door.headers import stated_datum
from geo.door.numbers import parse_cells
from geo.door.opened import CHUNK_ROWS, Chunk, Opened, RowIssue
from geo.errors import CRSError, InputError

__all__ = ["check_geojson", "open_geojson", "open_geojsonseq"]

_GEOMETRIES: Final = (
    "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon",
    "GeometryCollection",
)  # fmt: skip
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
        hook = self.mended if _ESCAPED_HALF.search(text) else self.pairs
        return json.loads(text, object_pairs_hook=hook, parse_constant=self.constant)

    def mended(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        """Read halves of a sign, which JSON can write and no file in UTF-8 can hold, as U+FFFD."""
        whole = [(_mended(key), _mended(value)) for key, value in pairs]
        if whole != pairs:
            self.notes.add("half signs (unpaired surrogates) were read as \ufffd")
        return self.pairs(whole)


def _mended(value: Any) -> Any:
    if isinstance(value, list):
        return [_mended(one) for one in value]
    return _HALF.sub("\ufffd", value) if isinstance(value, str) else value


def _text(source: Source, encoding: str | None) -> tuple[str, list[str]]:
    with source.open() as file:
        found = detect(file, source.name, declared=encoding)
        content = file.read()
    said = [] if found.how in ("utf-8", "ascii") else [f"read as {found.name} ({found.how})"]
    return content.decode(found.name), [one for one in said if "utf-8-sig" not in one]


def open_geojson(source: Source, *, encoding: str | None = None) -> Opened:
    """Open a FeatureCollection, a Feature or a Point.

    Parameters
    ----------
    source
        A file that passed the door.
    encoding
        Wins over detection; RFC 8259 asks for UTF-8.

    Returns
    -------
    Opened
        One row a feature; points as shapes.

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

    said = (*source.notes, *notes, *more)
    return Opened(columns, chunks, {"format": "GeoJSON"}, said, crs, declared)


class _ManyTexts(Exception):  # noqa: N818 - a turn in the road, not an error
    """The file holds one feature a line."""


def _whole(source: Source, encoding: str | None) -> tuple[Any, list[str]]:
    """Parse a file strictly; return its content and what is to be said of it."""
    text, said = _text(source, encoding)
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
    return whole, [*said, *sorted(parser.notes)]


def check_geojson(source: Source) -> None:
    """Refuse a GeoJSON file that a lenient reader would swallow.

    Parameters
    ----------
    source
        A file that passed the door.

    Raises
    ------
    InputError
        When it is not JSON, not GeoJSON, two members have one name, or there are too many columns.
    CRSError
        When it says that it is in GCJ-02 or BD-09, or rests on an old datum.
    """
    try:
        whole, _ = _whole(source, None)
    except _ManyTexts:
        open_geojsonseq(source)
        return
    _columns(_features_of(whole, source.name), source.name)
    _, declared, _ = _reference(whole, source.name)
    if declared in ("gcj02", "bd09"):
        msg = f"{source.name}: says that it is in {declared}; bring it to WGS 84 first"
        raise CRSError(msg)


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
    if kind in _GEOMETRIES:
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
    shapes = np.full(len(batch), None, dtype=object)
    rows = []
    for at, feature in enumerate(batch):
        properties, issue = _properties(feature)
        if issue:
            issues.append(RowIssue(at, *issue))
        rows.append([properties.get(name) for name in columns])
        if isinstance(feature, dict):
            shapes[at], problem = _point(feature.get("geometry"))
            if problem:
                issues.append(RowIssue(at, *problem))
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


def _point(geometry: Any) -> tuple[Any, tuple[str, str] | None]:
    """Return a point, or None with what was wrong."""
    if geometry is None:
        return None, None
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in _GEOMETRIES:
        return None, ("bad_geometry", f"type {kind!r}"[:60])
    inside = geometry.get("coordinates")
    if kind == "MultiPoint" and isinstance(inside, list) and len(inside) == 1:
        made, problem = _position(inside[0])
        return made, problem or ("single_multipoint", "")
    if kind != "Point":
        return None, ("not_a_point", str(kind))
    return _position(inside)


def _position(inside: Any) -> tuple[Any, tuple[str, str] | None]:
    if inside == []:
        return None, None
    if not isinstance(inside, list) or not 2 <= len(inside) <= 4:
        return None, ("bad_geometry", f"coordinates {inside!r}"[:60])
    pair = inside[:2]
    if all(isinstance(one, int | float) and not isinstance(one, bool) for one in pair):
        x, y = (_float(one) for one in pair)
        if math.isfinite(x) and math.isfinite(y):
            return shapely.Point(x, y), None
        return None, ("not_a_number", f"coordinates {inside!r}"[:60])
    parsed = parse_cells([one if isinstance(one, str) else None for one in pair])
    if np.isfinite(parsed.values).all():
        return shapely.Point(*parsed.values), ("text_number", f"coordinates {inside!r}"[:60])
    return None, ("bad_geometry", f"coordinates {inside!r}"[:60])


def _float(number: float) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf


def open_geojsonseq(source: Source, *, encoding: str | None = None) -> Opened:
    """Open one feature a line (GeoJSONSeq, RFC 8142, or newline-delimited).

    Parameters
    ----------
    source
        A file that passed the door.
    encoding
        Wins over detection.

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
    return Opened(columns, chunks, {"format": "GeoJSONSeq"}, notes, parse_crs("EPSG:4326"))


def _lines(source: Source, encoding: str, parser: _Pairs) -> Iterator[tuple[int, Any]]:
    with source.open() as file:
        for number, raw in enumerate(file, start=1):
            text = raw.decode(encoding).strip("\x1e\ufeff \t\r\n")
            if not text:
                continue
            try:
                yield number, parser.loads(text)
            except (json.JSONDecodeError, RecursionError):
                yield number, text[:60]
