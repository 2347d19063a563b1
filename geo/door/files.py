"""Files and standard input of the user: checked, limited in size, isolated from other files.

A file shown to GDAL alone: its own parts under plain names, and nothing else beside it.

GDAL looks beside a file for indexes, side-cars and journals, goes by its suffix, and pyogrio takes
``!`` and ``;`` in a name for an archive's member and an address's parameters, so that another file
would be opened than the one that was looked at. So both get a private folder of links to the parts
that are read, and no more.

The door: what kind of file this is by its first bytes, and whether a parser may see it.

Only regular files pass. GDAL would open ``/vsicurl/``, a URL, or GeoJSON text given as a name; a
FIFO blocks for ever, a device never ends, and a small archive can unfold to gigabytes.
"""

import io
import re
import shutil
import stat
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal

from geo.door.archives import (
    Unpacked,
    book_kind,
    is_dxf,
    require_kml,
    require_native_table,
    require_no_grids,
    require_no_grids_in,
    unpacked_layer,
)
from geo.errors import InputError, MissingFileError

__all__ = [
    "STDIN",
    "Kind",
    "Source",
    "isolated",
    "open_source",
    "regular_path",
]

_PARTS: Final[dict[str, tuple[str, ...]]] = {
    ".gpkg": (),
    ".fgb": (),
    ".kml": (),
    ".dxf": (),
    ".gdb": (),
    ".shp": (".shx", ".dbf", ".prj", ".cpg"),
    ".tab": (".dat", ".dbf", ".map", ".id", ".ind"),
    ".mif": (".mid",),
}
_UNSETTLED: Final = ("-wal", "-journal")
_PLAIN: Final = re.compile(r"[\w .-]{1,80}")


def isolated(path: Path, suffix: str, shown: str) -> Unpacked:
    """Make a folder of links to the parts of a file, under neutral names for GDAL.

    Parameters
    ----------
    path
        Of a file or folder that GDAL reads.
    suffix
        What it is by its bytes: ``.gpkg``, ``.fgb``, ``.kml``, ``.dxf``, ``.gdb``, ``.shp``,
        ``.tab`` or ``.mif``.
    shown
        Name of the file as the user gave it, for messages.

    Returns
    -------
    Unpacked
        Lives as long as the object.

    Raises
    ------
    InputError
        When a part is a link to another folder or no regular file, or changes of a database wait
        in a file beside it.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "a!b;c.zip"
    >>> _ = file.write_bytes(b"fgb")
    >>> isolated(file, ".fgb", "a").layer.name
    'layer.fgb'
    """
    if suffix == ".gpkg":
        _require_settled(path, shown)
    home = path.resolve().parent
    stem = path.stem if _PLAIN.fullmatch(path.stem) else "layer"
    found = {f"{stem}{suffix}": path.resolve()}
    for part in _PARTS[suffix]:
        for one in _beside(path, part):
            if not one.is_file() or one.resolve().parent != home:
                msg = f"{shown}: its {part} is a link to another place; copy its parts together"
                raise InputError(msg)
            found[f"{stem}{part}"] = one.resolve()
    made = Unpacked(Path(tempfile.mkdtemp(prefix="jjj-")), f"{stem}{suffix}")
    for name, target in found.items():
        _link(made.folder / name, target)
    return made


def _beside(path: Path, suffix: str) -> Iterator[Path]:
    for one in (path.with_suffix(suffix), path.with_suffix(suffix.upper())):
        if one.exists() or one.is_symlink():
            yield one
            return


def _link(place: Path, target: Path) -> None:
    try:
        place.symlink_to(target, target_is_directory=target.is_dir())
    except OSError:  # Windows keeps links from plain users
        if target.is_dir():
            shutil.copytree(target, place)
        else:
            shutil.copyfile(target, place)


def _require_settled(path: Path, shown: str) -> None:
    """Refuse a database of which some changes are in another file still: they would be missed."""
    for suffix in _UNSETTLED:
        beside = path.resolve().with_name(path.resolve().name + suffix)
        if beside.is_symlink() or (beside.exists() and beside.stat().st_size):
            msg = (
                f"{shown}: is being changed, or a change was broken off ({beside.name} beside it); "
                "close it in the program that has it open, or save a copy from there"
            )
            raise InputError(msg)


Kind = Literal[
    "delimited", "dxf", "filegdb", "flatgeobuf", "geojson", "geojsonseq", "gpkg", "kml", "mapinfo",
    "ods", "parquet", "shapefile", "xls", "xlsx",
]  # fmt: skip

STDIN: Final = "-"
_MAX_BYTES: Final[dict[Kind, int]] = {
    "delimited": 8 << 30,
    "dxf": 1 << 30,
    "filegdb": 16 << 30,
    "flatgeobuf": 16 << 30,
    "geojson": 1 << 30,
    "geojsonseq": 8 << 30,
    "gpkg": 16 << 30,
    "kml": 256 << 20,
    "mapinfo": 2 << 30,
    "ods": 200 << 20,
    "parquet": 32 << 30,
    "shapefile": 2 << 30,
    "xls": 200 << 20,
    "xlsx": 200 << 20,
}
_IN_PIECES: Final = ("delimited", "parquet")
_MAX_STDIN: Final = 1 << 30
_HEAD: Final = 4096
_REFUSED_STARTS: Final = ("/vsi", "/dev/", "/proc/", "/sys/")
_JSON_SUFFIXES: Final = (".json", ".geojson")
_SEQ_SUFFIXES: Final = (".geojsonl", ".geojsons", ".geojsonseq", ".ndjson", ".ndgeojson")
_MARKUP: Final = (b"<!", b"<html", b"<?xml", b"<table", b"<kml", b"<ogrvrt", b"<vrt")
_MAGIC: Final[tuple[tuple[bytes, str], ...]] = (
    (b"PAR1", "parquet"),
    (b"SQLite format 3\x00", "gpkg"),
    (b"\x00\x00\x27\x0a", "shapefile"),
    (b"fgb\x03fgb", "flatgeobuf"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls"),
    (b"!table", "mapinfo"),
)
_REFUSED_MAGIC: Final[tuple[tuple[bytes, str], ...]] = (
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
    (b"AutoCAD Binary DXF", "a binary DXF; save it as an ASCII DXF"),
    (b"AC10", "a DWG drawing; save it as DXF"),
    (b"\x89HDF", "an HDF5 file"),
    (b"{\\rtf", "a rich-text document; export the table as CSV or XLSX"),
    (b"ARROW1", "an Arrow/Feather file; write it as Parquet"),
)


_MIF: Final = re.compile(
    rb"version\s+[0-9]{3,4}\s+(?:charset|delimiter|unique|index|coordsys|columns)", re.IGNORECASE
)
_BINARY: Final = (".xlsx", ".xlsm", ".parquet", ".gpkg", ".shp", ".xls", ".ods", ".fgb", ".kmz")
_PARTS_OF: Final = (
    ((".dbf", ".shx", ".prj", ".cpg"), "a shapefile; give the .shp"),
    ((".map", ".id", ".ind"), "a MapInfo table; give the .tab"),
    ((".mid",), "a MapInfo file; give the .mif"),
)


@dataclass(frozen=True)
class Source:
    """An opened file of the user, whose kind was read from its bytes.

    Attributes
    ----------
    name
        Name of the file as the user gave it, for messages.
    kind
        Kind of the file by its bytes, such as ``geojson``.
    path
        Where it is; None when it came through standard input.
    content
        The bytes from standard input, else None.
    notes
        What was noted on opening, such as a suffix that does not fit the content.
    unpacked
        The folder that holds ``path`` when it came out of a zip file; it lives as long as this.
    alone
        The folder in which GDAL sees it, and nothing else.
    """

    name: str
    kind: Kind
    path: Path | None
    content: bytes | None = None
    notes: tuple[str, ...] = ()
    unpacked: Unpacked | None = field(default=None, repr=False)
    alone: Unpacked | None = field(default=None, repr=False)

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
            The path where GDAL sees it alone; of a format that GDAL does not read, its own.
        """
        if self.path is None:
            return self.content or b""
        return self.path if self.alone is None else self.alone.layer


def open_source(name: str | Path | Source, *, any_size: bool = False) -> Source:
    """Open a regular file, and return its kind by its bytes.

    Parameters
    ----------
    name
        A path, or ``"-"`` for standard input; what has passed already is returned as it is, since
        standard input comes once and a zip file need not be unpacked twice.
    any_size
        For a reader that takes a table piece by piece: Parquet and text of any size.

    Returns
    -------
    Source
        With its kind, proven by its bytes and not by its suffix alone.

    Raises
    ------
    MissingFileError
        When it is not there or not a regular file.
    InputError
        When it is empty, of a kind that is not read, too large, or would unpack to too many bytes.

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
    return _proven(regular_path(name), shown, any_size=any_size)


def _proven(path: Path, shown: str, *, any_size: bool = False) -> Source:
    """Return the kind of a file or folder by its bytes; error messages use the name shown."""
    if path.is_dir():
        return _from_folder(path, shown)
    size = _size(path, shown)
    suffix = path.suffix.lower()
    with path.open("rb") as file:
        head = file.read(_HEAD)
        kind = _kind(head, suffix, shown)
        if kind == "kml":
            require_kml(file, shown)
    if kind == "zip":
        return _from_archive(path, size, shown)
    if not (any_size and kind in _IN_PIECES):
        _check_size(size, kind, shown)
    if kind == "mapinfo":
        require_native_table(path, shown)
    return _shown(Source(shown, kind, path, notes=_lying_suffix(kind, suffix)), head)


def regular_path(name: str | Path) -> Path:
    """Return the path of a file or folder that may be opened: no device, address or virtual file.

    Parameters
    ----------
    name
        Path as the user gave it.

    Returns
    -------
    Path
        Of a regular file or a folder.

    Raises
    ------
    MissingFileError
        When there is none, or it is a pipe, a socket, a device, an address or a name of GDAL's.

    Examples
    --------
    >>> regular_path("/vsicurl/https://example.org/a.tif")
    Traceback (most recent call last):
    geo.errors.MissingFileError: /vsicurl/https://example.org/a.tif: only regular files ...
    """
    shown = str(name)
    if shown.startswith(_REFUSED_STARTS) or "://" in shown[:12]:
        msg = f"{shown}: only regular files are read; download it or copy it first"
        raise MissingFileError(msg)
    path = Path(name)
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        reason = "does not exist" if isinstance(error, FileNotFoundError) else f"({error})"
        msg = f"{shown}: {reason}"
        raise MissingFileError(msg) from None
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        msg = f"{shown}: only regular files are read, not a device, a pipe or a socket"
        raise MissingFileError(msg)
    return path


def _size(path: Path, shown: str) -> int:
    size = path.stat().st_size
    if size == 0:
        msg = f"{shown}: is empty"
        raise InputError(msg)
    return size


def _from_folder(path: Path, shown: str) -> Source:
    if path.suffix.lower() != ".gdb" or not (path / "a00000001.gdbtable").is_file():
        msg = f"{shown}: is a folder; name the file in it (of folders only geodatabases are read)"
        raise MissingFileError(msg)
    files = list(path.iterdir())
    if any(one.is_symlink() or not one.is_file() for one in files):
        msg = f"{shown}: holds more than the files of a geodatabase (a link or a folder)"
        raise InputError(msg)
    _check_size(sum(one.stat().st_size for one in files), "filegdb", shown)
    return _shown(Source(shown, "filegdb", path), b"")


_SUFFIX_FOR_GDAL: Final[dict[Kind, str]] = {
    "dxf": ".dxf", "filegdb": ".gdb", "flatgeobuf": ".fgb", "gpkg": ".gpkg", "kml": ".kml",
    "mapinfo": ".tab", "shapefile": ".shp",
}  # fmt: skip


def _shown(source: Source, head: bytes) -> Source:
    """Let GDAL see what it reads alone; what our own readers read stays where it is."""
    suffix = _SUFFIX_FOR_GDAL.get(source.kind)
    if suffix is None or source.path is None:
        return source
    if suffix == ".tab" and not head.startswith(b"!table"):
        suffix = ".mif"
    alone = isolated(source.path, suffix, source.name)
    require_no_grids(alone.layer, suffix, source.name)
    return replace(source, alone=alone)


def _from_archive(path: Path, size: int, shown: str) -> Source:
    """Say what a zip file is: a workbook, or one layer that is unpacked into a private folder."""
    kind = book_kind(path, shown)
    if kind is not None:
        _check_size(size, kind, shown)
        return Source(shown, kind, path, notes=_lying_suffix(kind, path.suffix.lower()))
    unpacked = unpacked_layer(path, shown)
    if unpacked is None:
        msg = f"{shown}: is a zip archive without a workbook or a layer; unpack it first"
        raise InputError(msg)
    if not unpacked.layer.is_dir() and zipfile.is_zipfile(unpacked.layer):
        msg = f"{shown}: holds a zip archive in place of a layer; unpack it first"
        raise InputError(msg)
    return replace(_proven(unpacked.layer, shown), unpacked=unpacked, notes=())


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
    if kind == "kml":
        require_kml(io.BytesIO(content), STDIN)
    if kind == "zip":
        kind = book_kind(io.BytesIO(content), STDIN)
    if kind == "flatgeobuf":
        require_no_grids_in(content[: 1 << 26], STDIN)
    if kind in (None, "shapefile", "mapinfo"):
        msg = "-: is several files (a shapefile, a MapInfo table, an archive); give its path"
        raise InputError(msg)
    return Source(STDIN, kind, None, content)


def _kind(head: bytes, suffix: str, shown: str) -> Any:
    for magic, what in _REFUSED_MAGIC:
        if head.startswith(magic):
            msg = f"{shown}: is {what}"
            raise InputError(msg)
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[:200].lower().startswith(_MARKUP):
        return "kml"  # or nothing that is read: its first element says so
    if is_dxf(start):
        return "dxf"
    if _MIF.match(start):
        return "mapinfo"
    _refuse_parts(suffix, shown)
    return _text_kind(start, suffix)


def _refuse_parts(suffix: str, shown: str) -> None:
    if suffix in _BINARY:
        msg = f"{shown}: is not what its suffix {suffix} says, or is damaged at its start"
        raise InputError(msg)
    for suffixes, whole in _PARTS_OF:
        if suffix in suffixes:
            msg = f"{shown}: is one part of {whole}"
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


_SUFFIXES: Final[dict[Kind, tuple[str, ...]]] = {
    "delimited": (".csv", ".tsv", ".txt", ".tab", ".dat", ".psv", ""),
    "dxf": (".dxf",),
    "filegdb": (".gdb",),
    "flatgeobuf": (".fgb",),
    "geojson": (*_JSON_SUFFIXES, ""),
    "geojsonseq": (*_SEQ_SUFFIXES, *_JSON_SUFFIXES, ""),
    "gpkg": (".gpkg",),
    "kml": (".kml",),
    "mapinfo": (".tab", ".mif"),
    "ods": (".ods", ".ots"),
    "parquet": (".parquet", ".geoparquet", ".pq"),
    "shapefile": (".shp",),
    "xls": (".xls", ".xlt", ".et"),
    "xlsx": (".xlsx", ".xlsm"),
}


def _lying_suffix(kind: Kind, suffix: str) -> tuple[str, ...]:
    if suffix in _SUFFIXES[kind]:
        return ()
    return (f"read as {kind} although its suffix is {suffix or 'missing'}",)
