"""GeoJSON and GeoJSON text sequences, read strictly: nothing a lenient reader would swallow.

GDAL takes two ``features`` members, a ``crs`` that lies and one feature in ten thousand that is
broken, and says nothing.
"""

import io
import json
import math
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

import numpy as np
import pandas as pd
from pyproj import CRS

from geo.crs import parse_crs
from geo.door.encodings import detect
from geo.door.files import Source
from geo.door.geojson_shapes import GEOMETRIES, shapes_of
from geo.door.headers import stated_datum
from geo.door.opened import CHUNK_ROWS, Chunk, Opened, RowIssue
from geo.errors import InputError

__all__ = ["open_geojson", "open_geojsonseq"]

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
    """Open a FeatureCollection, a Feature or a geometry.

    Parameters
    ----------
    source
        A file that passed the door.
    encoding
        Wins over detection; RFC 8259 asks for UTF-8.

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

    said = (*source.notes, *notes, *more)
    facts = {"format": "GeoJSON", "rows": len(features)}
    return Opened(columns, chunks, facts, said, crs, declared, spatial=True)


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
