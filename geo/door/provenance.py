"""Reading of the provenance in a written file: sources, parameters, formula, caveat."""

import io
import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final

from geo.door.faults import reading
from geo.door.files import Source
from geo.door.vectors import open_database
from geo.errors import InputError, MissingFileError

__all__ = ["read_provenance"]

_MAX_BYTES: Final = 500_000_000
_PAGE_IDS: Final = ("jjj-provenance", "jjj-data")
_OF_A_MAP: Final = ("title", "finding", "sources", "caveats", "version")


def read_provenance(path: str | Path | Source) -> dict[str, Any]:
    """Read the provenance that a file carries.

    Parameters
    ----------
    path
        GeoJSON, JSON, GeoParquet, GeoPackage, GeoTIFF or HTML written by this project; or GeoJSON
        or GeoParquet that came through standard input. CSV, XLSX and GeoJSON lines have no place
        for it.

    Returns
    -------
    dict
        As it was written.

    Raises
    ------
    MissingFileError
        When there is no such regular file.
    InputError
        When the file carries none, or cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "a.geojson"
    >>> _ = file.write_text('{"provenance": {"version": "1"}, "features": []}')
    >>> read_provenance(file)
    {'version': '1'}
    """
    if isinstance(path, Source) and path.path is None:
        suffix = {"geojson": ".geojson", "parquet": ".parquet"}.get(path.kind, "")
        return _read(path.name, suffix, io.BytesIO(path.content or b""))
    file = Path((path.path or "") if isinstance(path, Source) else path)
    if not file.is_file():
        msg = f"{path}: there is no such file"
        raise MissingFileError(msg)
    if file.stat().st_size > _MAX_BYTES:
        msg = f"{path}: larger than {_MAX_BYTES:,} bytes"
        raise InputError(msg)
    return _read(str(path), file.suffix.lower(), file)


def _read(name: str, suffix: str, file: Any) -> dict[str, Any]:
    reader = _READERS.get(suffix)
    if reader is None:
        msg = (
            f"{name}: a {suffix or 'nameless'} file has no place for provenance; explain the "
            "GeoJSON, GeoParquet, GeoPackage or HTML of the same run"
        )
        raise InputError(msg)
    with reading(name, "a file that carries provenance"):
        found = reader(file)
    if not isinstance(found, dict) or not found:
        msg = f"{name}: carries no provenance; it was not written by jjj, or by an older version"
        raise InputError(msg)
    return found


def _json(file: Path | io.BytesIO) -> Any:
    read = file.read_bytes() if isinstance(file, Path) else file.getvalue()
    content = json.loads(read.decode("utf-8-sig"))
    return content.get("provenance") if isinstance(content, dict) else None


def _parquet(file: Path | io.BytesIO) -> Any:
    import pyarrow.parquet as pq  # noqa: PLC0415 - only this format needs it

    kept = (pq.read_schema(file).metadata or {}).get(b"provenance")
    return json.loads(kept) if kept else None


def _geopackage(file: Path) -> Any:
    base = open_database(Source(str(file), "gpkg", file))
    try:
        known = base.execute("select 1 from sqlite_master where name = 'gpkg_metadata'").fetchone()
        rows = base.execute("select metadata from gpkg_metadata").fetchall() if known else []
    finally:
        base.close()
    for (text,) in rows:
        found = _in_geopackage(str(text))
        if found is not None:
            return found
    return None


def _in_geopackage(text: str) -> Any:
    """Find the item ``provenance`` in what GDAL keeps of a data set, XML or JSON."""
    if text.lstrip().startswith("<"):
        from defusedxml.ElementTree import fromstring  # noqa: PLC0415

        for item in fromstring(text).iter("MDI"):
            if item.get("key") == "provenance" and item.text:
                return json.loads(item.text)
        return None
    return None


def _geotiff(file: Path) -> Any:
    from geo.door.rasters import raster_tags  # noqa: PLC0415 - only this format needs it

    kept = raster_tags(file).get("provenance")
    return json.loads(kept) if kept else None


class _Data(HTMLParser):
    """Collects the JSON elements of a page by id."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._open: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if tag == "script" and known.get("type") == "application/json":
            self._open = known.get("id")

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._open = None

    def handle_data(self, data: str) -> None:
        if self._open is not None:
            self.found[self._open] = self.found.get(self._open, "") + data


def _page(file: Path) -> Any:
    parser = _Data()
    parser.feed(file.read_text(encoding="utf-8"))
    for name in _PAGE_IDS:
        if name in parser.found:
            content = json.loads(parser.found[name])
            if name == "jjj-provenance":
                return content
            return {key: content[key] for key in _OF_A_MAP if content.get(key)}
    return None


_READERS: Final[dict[str, Any]] = {
    ".geojson": _json,
    ".json": _json,
    ".parquet": _parquet,
    ".gpkg": _geopackage,
    ".tif": _geotiff,
    ".tiff": _geotiff,
    ".html": _page,
    ".htm": _page,
}
