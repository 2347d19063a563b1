"""What a text file must prove before GDAL may see it: what it is, and that it names no other file.

GDAL picks a driver by a word anywhere in the first bytes; here the first element of XML, the first
pair of a DXF and the definition of a MapInfo table decide.
"""

import re
from pathlib import Path
from typing import BinaryIO, Final
from xml.parsers import expat

from geo.crs import names_files
from geo.errors import InputError

__all__ = [
    "is_dxf",
    "require_kml",
    "require_native_table",
    "require_no_grids",
    "require_no_grids_in",
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
        What the reader calls it.

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
    r"""Tell whether a text begins as an ASCII DXF drawing does.

    Parameters
    ----------
    start
        Its first bytes.

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
        The .tab or .mif.
    shown
        What the reader calls it.

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
    """Refuse a file whose reference system names another file, which GDAL would open on sight.

    Parameters
    ----------
    path
        A file, or the folder of a geodatabase.
    suffix
        What it is by its bytes; a GeoPackage's systems are looked at with its tables.
    shown
        What the reader calls it.

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
    """Refuse bytes that hold a reference system which names another file.

    Parameters
    ----------
    content
        Where a file states its systems.
    shown
        What the reader calls it.

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
