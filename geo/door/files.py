"""The door: what kind of file this is by its first bytes, and whether a parser may see it.

Only regular files pass. GDAL would open ``/vsicurl/``, a URL, or GeoJSON text given as a name; a
FIFO blocks for ever, a device never ends, and a small archive can unfold to gigabytes.
"""

import io
import stat
import sys
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final, Literal

from geo.door.archives import Unpacked, check_unfolding, unpacked_shapefile
from geo.errors import InputError, MissingFileError

__all__ = ["STDIN", "Kind", "Source", "open_source"]

Kind = Literal[
    "delimited", "flatgeobuf", "geojson", "geojsonseq", "gpkg", "kml", "parquet", "shapefile",
    "xlsx",
]  # fmt: skip

STDIN: Final = "-"
_MAX_BYTES: Final[dict[Kind, int]] = {
    "delimited": 8 << 30,
    "flatgeobuf": 16 << 30,
    "geojson": 1 << 30,
    "geojsonseq": 8 << 30,
    "gpkg": 16 << 30,
    "kml": 256 << 20,
    "parquet": 32 << 30,
    "shapefile": 2 << 30,
    "xlsx": 200 << 20,
}
_MAX_STDIN: Final = 1 << 30
_HEAD: Final = 4096
_REFUSED_STARTS: Final = ("/vsi", "/dev/", "/proc/", "/sys/")
_JSON_SUFFIXES: Final = (".json", ".geojson")
_SEQ_SUFFIXES: Final = (".geojsonl", ".geojsons", ".geojsonseq", ".ndjson", ".ndgeojson")
_MARKUP: Final = (b"<!doctype", b"<html", b"<?xml", b"<table", b"<kml")
_DECLARED: Final = (b"<!DOCTYPE", b"<!ENTITY")
_MAGIC: Final[tuple[tuple[bytes, str], ...]] = (
    (b"PAR1", "parquet"),
    (b"SQLite format 3\x00", "gpkg"),
    (b"\x00\x00\x27\x0a", "shapefile"),
    (b"fgb\x03fgb", "flatgeobuf"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
)
_REFUSED_MAGIC: Final[tuple[tuple[bytes, str], ...]] = (
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls) or an encrypted one; save it as .xlsx"),
    (b"\x1f\x8b", "compressed with gzip; unpack it first"),
    (b"BZh", "compressed with bzip2; unpack it first"),
    (b"\xfd7zXZ", "compressed with xz; unpack it first"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd; unpack it first"),
    (b"7z\xbc\xaf", "a 7z archive; unpack it first"),
    (b"Rar!", "a RAR archive; unpack it first"),
    (b"%PDF", "a PDF; export the table as CSV or XLSX"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"II*\x00", "a TIFF picture or raster"),
    (b"MM\x00*", "a TIFF picture or raster"),
    (b"\x89HDF", "an HDF5 file"),
    (b"{\\rtf", "a rich-text document; export the table as CSV or XLSX"),
    (b"ARROW1", "an Arrow/Feather file; write it as Parquet"),
)


@dataclass(frozen=True)
class Source:
    """A file that passed the door.

    Attributes
    ----------
    name
        What the reader calls it, for messages.
    kind
        What it is by its bytes.
    path
        Where it is; None when it came through standard input.
    content
        The bytes from standard input, else None.
    notes
        What was said at the door, such as a suffix that lies.
    unpacked
        The folder that holds ``path`` when it came out of a zip file; it lives as long as this.
    """

    name: str
    kind: Kind
    path: Path | None
    content: bytes | None = None
    notes: tuple[str, ...] = ()
    unpacked: Unpacked | None = field(default=None, repr=False)

    def open(self) -> BinaryIO:
        """Open it for reading from the start.

        Returns
        -------
        BinaryIO
            Close it after use.
        """
        return io.BytesIO(self.content or b"") if self.path is None else self.path.open("rb")

    def for_reader(self) -> Path | bytes:
        """Return what pyogrio takes: a path, or bytes.

        Returns
        -------
        Path or bytes
            The path where there is one.
        """
        return (self.content or b"") if self.path is None else self.path


def open_source(name: str | Path | Source) -> Source:
    """Let a regular file through, and say what it is.

    Parameters
    ----------
    name
        A path, or ``"-"`` for standard input; what has passed already is returned as it is, since
        standard input comes once and a zip file need not be unpacked twice.

    Returns
    -------
    Source
        With its kind, found by magic bytes and not by suffix alone.

    Raises
    ------
    MissingFileError
        When it is not there or not a regular file.
    InputError
        When it is empty, of a kind that is not read, too large, or unfolds too far.

    Examples
    --------
    >>> open_source("/dev/zero")
    Traceback (most recent call last):
    geo.errors.MissingFileError: /dev/zero: only regular files are read; ...
    """
    if isinstance(name, Source):
        return name
    shown = str(name)
    if shown == STDIN:
        return _from_stdin()
    if shown.startswith(_REFUSED_STARTS) or "://" in shown[:12]:
        msg = f"{shown}: only regular files are read; download it or copy it first"
        raise MissingFileError(msg)
    path = Path(name)
    size = _regular_size(path, shown)
    with path.open("rb") as file:
        head = file.read(_HEAD)
    kind = _kind(head, path.suffix.lower(), shown)
    _check_size(size, kind, shown)
    if kind == "xlsx" and path.suffix.lower() not in _SUFFIXES["xlsx"]:
        unpacked = unpacked_shapefile(path, shown)
        if unpacked is not None:
            return Source(shown, "shapefile", unpacked.folder / "layer.shp", unpacked=unpacked)
    if kind == "xlsx":
        _check_archive(path, shown)
    return Source(shown, kind, path, notes=_lying_suffix(kind, path.suffix.lower()))


def _regular_size(path: Path, shown: str) -> int:
    try:
        found = path.stat()
    except (OSError, ValueError) as error:
        reason = "does not exist" if isinstance(error, FileNotFoundError) else f"({error})"
        msg = f"{shown}: {reason}"
        raise MissingFileError(msg) from None
    if stat.S_ISDIR(found.st_mode):
        msg = f"{shown}: is a folder; name the file in it"
        raise MissingFileError(msg)
    if not stat.S_ISREG(found.st_mode):
        msg = f"{shown}: only regular files are read, not a device, a pipe or a socket"
        raise MissingFileError(msg)
    if found.st_size == 0:
        msg = f"{shown}: is empty"
        raise InputError(msg)
    return found.st_size


def _from_stdin() -> Source:
    if sys.stdin is None:
        msg = "-: standard input is closed"
        raise MissingFileError(msg)
    content = sys.stdin.buffer.read(_MAX_STDIN + 1)
    if len(content) > _MAX_STDIN:
        msg = "-: more than 1 GiB on standard input; give the file itself"
        raise InputError(msg)
    if not content:
        msg = "-: nothing came on standard input"
        raise InputError(msg)
    kind = _kind(content[:_HEAD], "", STDIN)
    if kind == "shapefile":
        msg = "-: a shapefile is several files; give its path"
        raise InputError(msg)
    if kind == "xlsx":
        _check_archive(io.BytesIO(content), STDIN)
    return Source(STDIN, kind, None, content)


def _kind(head: bytes, suffix: str, shown: str) -> Kind:
    for magic, what in _REFUSED_MAGIC:
        if head.startswith(magic):
            msg = f"{shown}: is {what}"
            raise InputError(msg)
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return "xlsx" if kind == "zip" else kind  # type: ignore[return-value]
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[:200].lower().startswith(_MARKUP):
        # what XML declares of its own stands before its first element, and may unfold without end
        if b"<kml" in start.lower() and not any(one in start for one in _DECLARED):
            return "kml"
        msg = f"{shown}: is a web page or XML, not a table; save it as CSV or XLSX"
        raise InputError(msg)
    _refuse_parts(suffix, shown)
    return _text_kind(start, suffix)


def _refuse_parts(suffix: str, shown: str) -> None:
    if suffix in (".xlsx", ".xlsm", ".parquet", ".gpkg", ".shp", ".xls"):
        msg = f"{shown}: is not what its suffix {suffix} says, or is damaged at its start"
        raise InputError(msg)
    if suffix in (".dbf", ".shx", ".prj", ".cpg"):
        msg = f"{shown}: is one part of a shapefile; give the .shp"
        raise InputError(msg)


def _text_kind(start: bytes, suffix: str) -> Kind:
    if start.startswith(b"\x1e") or suffix in _SEQ_SUFFIXES:
        return "geojsonseq"
    if suffix in _JSON_SUFFIXES or start.startswith((b'{"', b"{\n", b"{\r", b"{ ")):
        return "geojson"
    return "delimited"


def _check_size(size: int, kind: Kind, shown: str) -> None:
    if size > _MAX_BYTES[kind]:
        msg = (
            f"{shown}: {size / 2**20:.0f} MiB is more than is read as {kind} "
            f"({_MAX_BYTES[kind] / 2**20:.0f} MiB); write it as Parquet"
        )
        raise InputError(msg)


def _check_archive(file: Path | io.BytesIO, shown: str) -> None:
    try:
        with zipfile.ZipFile(file) as book:
            items = book.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        msg = f"{shown}: is not a whole workbook ({error})"
        raise InputError(msg) from None
    names = {item.filename for item in items}
    if "xl/workbook.xml" not in names:
        what = (
            "is an OpenDocument sheet; save it as .xlsx"
            if "content.xml" in names
            else ("is a zip archive without a workbook or a shapefile; unpack it first")
        )
        msg = f"{shown}: {what}"
        raise InputError(msg)
    check_unfolding(items, shown)


_SUFFIXES: Final[dict[Kind, tuple[str, ...]]] = {
    "delimited": (".csv", ".tsv", ".txt", ".tab", ".dat", ".psv", ""),
    "flatgeobuf": (".fgb",),
    "geojson": (*_JSON_SUFFIXES, ""),
    "geojsonseq": (*_SEQ_SUFFIXES, *_JSON_SUFFIXES, ""),
    "gpkg": (".gpkg",),
    "kml": (".kml",),
    "parquet": (".parquet", ".geoparquet", ".pq"),
    "shapefile": (".shp",),
    "xlsx": (".xlsx", ".xlsm"),
}


def _lying_suffix(kind: Kind, suffix: str) -> tuple[str, ...]:
    if suffix in _SUFFIXES[kind]:
        return ()
    return (f"read as {kind} although its suffix is {suffix or 'missing'}",)
