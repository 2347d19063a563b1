"""Archives: their members, and checks of what they state before anything is unpacked.

What a text file must prove before GDAL may see it: what it is, and that it names no other file.

GDAL picks a driver by a word anywhere in the first bytes; here the first element of XML, the first
pair of a DXF and the definition of a MapInfo table decide.

A zip file at the door: a workbook, one packed layer, or refused before it is unpacked.
"""

import io
import re
import shutil
import tempfile
import weakref
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final, Literal
from xml.parsers import expat

from geo.crs import names_files
from geo.door.faults import reading
from geo.errors import InputError

__all__ = [
    "Unpacked",
    "book_kind",
    "check_unpacked_size",
    "is_dxf",
    "require_kml",
    "require_native_table",
    "require_no_grids",
    "require_no_grids_in",
    "shapefile_in",
    "unpacked_layer",
]

_BLOCK: Final = 1 << 16
_LONGEST_PROLOG: Final = 1 << 20
_LONGEST_TABLE: Final = 1 << 20
_LONGEST_SYSTEM: Final = 1 << 20
_LONGEST_HEADER: Final = 64 << 20
_SYSTEM_TABLES: Final = tuple(f"a{at:08x}.gdbtable" for at in range(1, 9))
_VIRTUAL: Final = ("OGRVRTDataSource", "VRTDataset", "GDAL_WMS", "GDALTileIndexDataset")
_DXF: Final = re.compile(
    rb"(?:[ \t]*999[ \t]*\r?\n[^\n]*\n)*[ \t]*0[ \t]*\r?\n[ \t]*SECTION[ \t]*\r?\n"
)
_LINKS: Final = re.compile(
    r"^\s*(?:create\s+view|open\s+table|file\b|begin\s+sql)", re.IGNORECASE | re.MULTILINE
)
_TYPE: Final = re.compile(r"^\s*type\s+\"?(?P<kind>\w+)", re.IGNORECASE | re.MULTILINE)


class _FirstElement:
    """Finds the first element of an XML document, and whether it declares entities before it."""

    def __init__(self) -> None:
        self.name = ""
        self.declares = False
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._element
        self.parser.StartDoctypeDeclHandler = self._doctype

    def _element(self, name: str, _: object) -> None:
        self.name = self.name or name

    def _doctype(self, *_: object) -> None:
        self.declares = True

    def search(self, file: BinaryIO) -> None:
        read = 0
        while not self.name and not self.declares and read < _LONGEST_PROLOG:
            block = file.read(_BLOCK)
            if not block:
                return
            read += len(block)
            self.parser.Parse(block)


def require_kml(file: BinaryIO, shown: str) -> None:
    """Refuse XML whose first element is not ``kml``, or that declares a document type.

    Parameters
    ----------
    file
        Open for reading; read from its start.
    shown
        Name of the file as the user gave it, for messages.

    Raises
    ------
    InputError
        When it is a web page, XML of another kind, or a list of other files (a VRT).

    Examples
    --------
    >>> import io
    >>> require_kml(io.BytesIO(b"<!-- <kml --><html></html>"), "a.kml")
    Traceback (most recent call last):
    geo.errors.InputError: a.kml: is a web page or XML, not a table; save it as CSV or XLSX
    """
    first = _FirstElement()
    file.seek(0)
    try:
        first.search(file)
    except expat.ExpatError as error:
        if not first.name:
            msg = f"{shown}: is a web page or XML that cannot be read ({error}); save it as CSV"
            raise InputError(msg) from None
    local = first.name.rpartition(":")[2]
    if local in _VIRTUAL:
        msg = f"{shown}: is a GDAL {local}, which names other files; give those files themselves"
        raise InputError(msg)
    if first.declares or local.lower() != "kml":
        msg = f"{shown}: is a web page or XML, not a table; save it as CSV or XLSX"
        raise InputError(msg)


def is_dxf(start: bytes) -> bool:
    r"""Return whether a text begins as an ASCII DXF drawing does.

    Parameters
    ----------
    start
        First bytes of the file.

    Returns
    -------
    bool
        True when its first pair of lines that is no comment opens a section.

    Examples
    --------
    >>> is_dxf(b"  0\nSECTION\n  2\nHEADER\n"), is_dxf(b"0\n1\n")
    (True, False)
    """
    return _DXF.match(start) is not None


def require_native_table(path: Path, shown: str) -> None:
    """Refuse a MapInfo table that is made of other tables, pictures or queries.

    Parameters
    ----------
    path
        Path of the .tab or .mif file.
    shown
        Name of the file as the user gave it, for messages.

    Raises
    ------
    InputError
        When it is not a table of its own, or a file that belongs to it is missing.
    """
    with path.open("rb") as file:
        text = file.read(_LONGEST_TABLE).decode("latin-1")
    native = text.startswith("!table")
    if native:
        kinds = {found["kind"].upper() for found in _TYPE.finditer(text)}
        if _LINKS.search(text) or not kinds or kinds - {"NATIVE", "DBF"}:
            msg = f"{shown}: is a MapInfo table that names other files; save it as a native table"
            raise InputError(msg)
    needed = (".dat", ".dbf") if native else (".mid",)
    beside = [path.with_suffix(one) for suffix in needed for one in (suffix, suffix.upper())]
    if not any(one.is_file() for one in beside):
        msg = f"{shown}: its {needed[0]} (the table's rows) is missing; give all files of it"
        raise InputError(msg)


def require_no_grids(path: Path, suffix: str, shown: str) -> None:
    """Raise when the reference system of a file refers to another file, which GDAL would open.

    Parameters
    ----------
    path
        A file, or the folder of a geodatabase.
    suffix
        What it is by its bytes; a GeoPackage's systems are looked at with its tables.
    shown
        Name of the file as the user gave it, for messages.

    Raises
    ------
    InputError
        When one names a file of grid shifts, or of anything else.
    """
    if suffix == ".shp":
        beside = path.with_suffix(".prj")
        texts = [_start(beside, _LONGEST_SYSTEM)] if beside.is_file() else []
    elif suffix == ".fgb":
        size = int.from_bytes(_start(path, 12)[8:], "little")
        texts = [_start(path, 12 + min(size, _LONGEST_HEADER))]
    elif suffix == ".gdb":
        texts = [_described(one) for one in sorted(path.glob("*.gdbtable"))]
    else:
        return
    for text in texts:
        require_no_grids_in(text, shown)


def require_no_grids_in(content: bytes, shown: str) -> None:
    """Raise when bytes hold a reference system that refers to another file.

    Parameters
    ----------
    content
        Bytes of the part of a file that states reference systems.
    shown
        Name of the file as the user gave it, for messages.

    Raises
    ------
    InputError
        When one names a file of grid shifts, or of anything else.
    """
    if names_files(content.replace(b"\0", b"").decode("latin-1")):
        msg = (
            f"{shown}: its reference system names another file (grid shifts), which is not opened; "
            "export it in WGS 84"
        )
        raise InputError(msg)


def _start(path: Path, size: int) -> bytes:
    with path.open("rb") as file:
        return file.read(size)


def _described(table: Path) -> bytes:
    """Return where a geodatabase's table may state a system: its fields, or its list of tables."""
    if table.name.lower() in _SYSTEM_TABLES:
        return _start(table, _LONGEST_HEADER)
    with table.open("rb") as file:
        at = int.from_bytes(file.read(40)[32:], "little")
        if at > table.stat().st_size:
            return b""
        file.seek(at)
        size = int.from_bytes(file.read(4), "little")
        return file.read(min(size, _LONGEST_HEADER))


_MAX_UNFOLDED: Final = 1 << 30
_MAX_RATIO: Final = 200
_RATIO_FROM: Final = 20 << 20
_PARTS: Final = (".shp", ".shx", ".dbf", ".prj", ".cpg")


@dataclass(frozen=True)
class Unpacked:
    """A temporary folder, deleted when the object is garbage-collected.

    Attributes
    ----------
    folder
        Path of the temporary folder.
    name
        Name of the file or folder in it that holds the layer.
    """

    folder: Path
    name: str

    def __post_init__(self) -> None:
        weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)

    @property
    def layer(self) -> Path:
        """The file or folder to open."""
        return self.folder / self.name


def check_unpacked_size(items: list[zipfile.ZipInfo], shown: str) -> None:
    """Raise when an archive would unpack to too many bytes.

    Parameters
    ----------
    items
        Members of the archive, with packed and unpacked sizes.
    shown
        Name of the file as the user gave it, for messages.

    Raises
    ------
    InputError
        Above 1 GiB, or above 20 MiB when it grows more than two hundredfold.
    """
    unfolded = sum(item.file_size for item in items)
    folded = max(1, sum(item.compress_size for item in items))
    if unfolded > _MAX_UNFOLDED or (unfolded > _RATIO_FROM and unfolded / folded > _MAX_RATIO):
        msg = (
            f"{shown}: unfolds from {folded / 2**20:.1f} to {unfolded / 2**20:.0f} MiB; "
            "this is refused as a possible zip bomb, write it as CSV"
        )
        raise InputError(msg)


def shapefile_in(names: list[str], shown: str) -> dict[str, str]:
    """Find the parts of the one shapefile among the members of an archive.

    Parameters
    ----------
    names
        Names of the members of the archive.
    shown
        Name of the archive as the user gave it, for messages.

    Returns
    -------
    dict
        Member by suffix; empty when there is no shapefile.

    Raises
    ------
    InputError
        When there are several.

    Examples
    --------
    >>> shapefile_in(["a/x.SHP", "a/x.dbf", "a/x.shp.xml"], "x.zip")
    {'.shp': 'a/x.SHP', '.dbf': 'a/x.dbf'}
    >>> shapefile_in(["readme.txt"], "x.zip")
    {}
    """
    own = [one for one in names if "__MACOSX" not in one]
    layers = [one for one in own if one.lower().endswith(".shp")]
    if len(layers) > 1:
        listed = ", ".join(PurePosixPath(one).name for one in layers[:4])
        msg = f"{shown}: holds {len(layers)} shapefiles ({listed}); unpack it and give one"
        raise InputError(msg)
    stem = layers[0][: -len(".shp")] if layers else None
    found = {suffix: one for one in own for suffix in _PARTS if one.lower().endswith(suffix)}
    return {key: one for key, one in found.items() if one[: -len(key)] == stem}


def book_kind(file: Path | io.BytesIO, shown: str) -> Literal["xlsx", "ods"] | None:
    """Return which kind of workbook a zip file is; raise when it would unpack to too many bytes.

    Parameters
    ----------
    file
        Path of the zip file, or its bytes.
    shown
        Name of the file as the user gave it, for messages.

    Returns
    -------
    str or None
        ``xlsx`` (Office Open XML), ``ods`` (OpenDocument), or None for any other archive.

    Raises
    ------
    InputError
        When it is no whole archive, or a workbook that would unpack to too many bytes.
    """
    try:
        with zipfile.ZipFile(file) as book:
            items = book.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        msg = f"{shown}: is not a whole archive or workbook ({error})"
        raise InputError(msg) from None
    names = {item.filename for item in items}
    kind: Literal["xlsx", "ods"] | None = None
    if "xl/workbook.xml" in names:
        kind = "xlsx"
    elif "content.xml" in names and "META-INF/manifest.xml" in names:
        kind = "ods"
    if kind is not None:
        check_unpacked_size(items, shown)
    return kind


def unpacked_layer(path: Path, shown: str) -> Unpacked | None:
    """Unpack the one layer in a zip file: a shapefile, a file geodatabase or the KML of a KMZ.

    Parameters
    ----------
    path
        Path of the zip file.
    shown
        Name of the file as the user gave it, for messages.

    Returns
    -------
    Unpacked or None
        With its parts under names of our own, whatever the archive calls them, as long as the
        object lives; None when the archive holds no layer.

    Raises
    ------
    InputError
        When it cannot be unpacked, would unpack to too many bytes, or holds several shapefiles.
    """
    with reading(shown, "a zip file"), zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        parts = {f"layer{key}": one for key, one in shapefile_in(names, shown).items()}
        layer = "layer.shp"
        if not parts:
            parts, layer = _geodatabase_in(names, shown), "layer.gdb"
        if not parts:
            parts, layer = _kml_in(names), "layer.kml"
        if not parts:
            return None
        check_unpacked_size([archive.getinfo(one) for one in parts.values()], shown)
        made = Unpacked(Path(tempfile.mkdtemp(prefix="jjj-")), layer)
        for target, member in parts.items():
            place = made.folder / target
            place.parent.mkdir(exist_ok=True)
            with archive.open(member) as packed, place.open("wb") as file:
                shutil.copyfileobj(packed, file)
    return made


def _geodatabase_in(names: list[str], shown: str) -> dict[str, str]:
    """Find the files of the one folder ``*.gdb`` among the members of an archive."""
    inside = [one for one in names if ".gdb/" in one.lower() and not one.endswith("/")]
    if not any(one.endswith("/a00000001.gdbtable") for one in inside):
        return {}
    folders = {one[: one.lower().index(".gdb/") + 5] for one in inside}
    if len(folders) > 1:
        msg = f"{shown}: holds {len(folders)} geodatabases; unpack it and give one"
        raise InputError(msg)
    found = {PurePosixPath(one).name: one for one in inside}
    return {f"layer.gdb/{name}": one for name, one in found.items()}


def _kml_in(names: list[str]) -> dict[str, str]:
    """Return the KML that a KMZ shows: ``doc.kml``, else the first at its root."""
    own = [one for one in names if one.lower().endswith(".kml") and "__MACOSX" not in one]
    own.sort(key=lambda one: (one.lower() != "doc.kml", one.count("/")))
    return {"layer.kml": own[0]} if own else {}
