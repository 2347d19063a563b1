"""The text of a shapefile's table: its encoding, and cells truncated by the field width.

A field of a DBF has a fixed width in bytes. Chinese that is too long for it is cut there, often in
the middle of a character, and the half that is left makes a strict reader refuse the file and a
lenient one take it for another language.
"""

import codecs
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from geo.door.encodings import common_share
from geo.errors import InputError

__all__ = ["Decoded", "decode_cell", "table_encoding", "wide_integers"]

_SAMPLE: Final = 1 << 20
_MOST_DAMAGED: Final = 0.02  # of the cells beyond ASCII
_LONGEST_HALF: Final = 3  # bytes of a character without its last
_CANDIDATES: Final = ("utf-8", "gb18030", "big5", "cp932", "euc_kr")
_LONGEST_NAME: Final = 10  # bytes
_END_OF_FIELDS: Final = 0x0D
_DELETED: Final = 0x2A
_WIDEST_EXACT: Final = 18  # digits; GDAL reads wider integers as floats
_INT64: Final = 2**63


@dataclass(frozen=True)
class Decoded:
    """A cell as text.

    Attributes
    ----------
    text
        Text of the cell, without a truncated last character.
    cut
        Whether half a character at its end was left out.
    damaged
        Whether bytes in it are no text of the encoding; they are shown as U+FFFD.
    """

    text: str
    cut: bool = False
    damaged: bool = False


def decode_cell(raw: bytes, encoding: str) -> Decoded:
    """Decode a cell whose last character may be truncated.

    Parameters
    ----------
    raw
        Its bytes, without the blanks that fill it.
    encoding
        Name of the encoding in Python.

    Returns
    -------
    Decoded
        With what was lost.

    Examples
    --------
    >>> decode_cell("北京市".encode("gbk")[:5], "gb18030")
    Decoded(text='北京', cut=True, damaged=False)
    """
    try:
        return Decoded(raw.decode(encoding))
    except UnicodeDecodeError as error:
        kept = raw[: error.start]
        half = len(raw) - len(kept)
    if half <= _LONGEST_HALF:
        return Decoded(kept.decode(encoding), cut=True)
    return Decoded(raw.decode(encoding, "replace"), damaged=True)


def table_encoding(table: Path | None, declared: str | None, stated: str) -> tuple[str, list[str]]:
    """Determine the encoding of a shapefile's table.

    Parameters
    ----------
    table
        Path of the .dbf file, or None.
    declared
        Encoding that the user names, which is used; None detects it.
    stated
        Code page that the .cpg file states, or empty text.

    Returns
    -------
    encoding, notes : tuple
        Name of the encoding in Python, and notes for the report.

    Raises
    ------
    InputError
        When the given one is no encoding, or none can be determined.
    """
    if declared is not None:
        wanted = _python_name(declared)
        if not wanted:
            msg = f"{declared!r} is not an encoding; utf-8, gb18030 and big5 are usual"
            raise InputError(msg)
        return wanted, []
    cells = [] if table is None else list(_cells_beyond_ascii(table))
    wanted = _python_name(stated)
    if not cells:
        return "utf-8", []
    scores = {one: _score(cells, one) for one in (wanted, *_CANDIDATES) if one}
    best = max(scores, key=lambda one: (scores[one], one == "utf-8"))
    if wanted and scores[wanted] >= max(scores[best] - 0.05, 0.0):
        return wanted, []
    if scores[best] < 0:
        msg = "the encoding of its table cannot be determined; name it with --encoding"
        raise InputError(msg)
    why = f"its .cpg says {stated}, which does not fit" if stated else "it has no .cpg"
    return best, [f"its table is read as {best} ({why}; --encoding says otherwise)"]


def _python_name(stated: str) -> str:
    """Return Python's name of a code page that a .cpg or the user states; empty when unknown."""
    plain = stated.strip("\0 \t\r\n")
    plain = {"936": "gb18030", "65001": "utf-8", "950": "big5", "932": "cp932"}.get(plain, plain)
    try:
        found = codecs.lookup(plain).name
        "".encode(found)
    except (LookupError, ValueError, UnicodeError):
        return ""
    return "gb18030" if found in ("gbk", "gb2312", "cp936") else found


def _cells_beyond_ascii(table: Path) -> Iterator[tuple[bytes, bool]]:
    """Yield texts that are not ASCII, names of fields too, and whether each fills its field."""
    with table.open("rb") as file:
        content = file.read(_SAMPLE)
    if len(content) < 32:
        return
    head_size, row_size = struct.unpack("<HH", content[8:12])
    described = _fields(content[:head_size])
    for one in described:
        if not one.name.isascii():
            yield one.name, len(one.name) >= _LONGEST_NAME
    fields = [(one.first, one.first + one.width) for one in described if one.kind == b"C"]
    for start in range(head_size, len(content) - row_size + 1, max(1, row_size)):
        for first, last in fields:
            whole = content[start + first : start + last].split(b"\0")[0]
            if not whole.isascii():
                yield whole.strip(), len(whole.rstrip()) == last - first


@dataclass(frozen=True)
class _Field:
    """One column of a DBF: where its cells lie in a row."""

    name: bytes
    kind: bytes
    first: int
    width: int
    decimals: int


def _fields(head: bytes) -> list[_Field]:
    found: list[_Field] = []
    at, place = 32, 1
    while at + 32 <= len(head) and head[at] != _END_OF_FIELDS:
        name, kind = head[at : at + 11].split(b"\0")[0], head[at + 11 : at + 12]
        text = kind == b"C"
        width = head[at + 16] + (head[at + 17] << 8 if text else 0)
        found.append(_Field(name, kind, place, width, 0 if text else head[at + 17]))
        at, place = at + 32, place + width
    return found


def wide_integers(table: Path, start: int, rows: int) -> dict[int, list[int | None]]:
    """Read exact 64-bit integers from columns that GDAL would read as floats.

    Parameters
    ----------
    table
        Path of the .dbf file of the shapefile.
    start, rows
        Which rows, without those that are marked as deleted.

    Returns
    -------
    dict
        Cells by the place of the column; only columns without decimals whose cells are all
        integers of 64 bits.
    """
    with table.open("rb") as file:
        head = file.read(32)
        head_size, row_size = struct.unpack("<HH", head[8:12])
        described = enumerate(_fields(head + file.read(head_size - 32)))
        wide = {
            at: one
            for at, one in described
            if one.kind in (b"N", b"F") and one.width > _WIDEST_EXACT and not one.decimals
        }
        if not wide:
            return {}
        cells: dict[int, list[bytes]] = {at: [] for at in wide}
        seen = 0
        while seen < start + rows and len(row := file.read(row_size)) == row_size:
            if row[0] == _DELETED:
                continue
            seen += 1
            if seen > start:
                for at, one in wide.items():
                    cells[at].append(row[one.first : one.first + one.width].strip(b" \0*"))
    read = {at: _integers(column) for at, column in cells.items()}
    return {at: column for at, column in read.items() if column is not None}


def _integers(cells: list[bytes]) -> list[int | None] | None:
    """Return the integers that cells hold, nothing for a blank one; None where one is no such."""
    try:
        found = [int(cell) if cell else None for cell in cells]
    except ValueError:
        return None
    fit = all(one is None or -_INT64 <= one < _INT64 for one in found)
    return found if fit else None


def _score(cells: list[tuple[bytes, bool]], encoding: str) -> float:
    """Return the share of common characters, or -1 where the encoding does not fit."""
    read = [decode_cell(cell, encoding) for cell, _ in cells]
    # half a character is what a field's width leaves, but only of cells that fill their field
    bad = sum(
        one.damaged or (one.cut and not full) for one, (_, full) in zip(read, cells, strict=True)
    )
    if bad > _MOST_DAMAGED * len(read):
        return -1.0
    text = "".join(one.text for one in read)
    return common_share(text) + (0.3 if encoding == "utf-8" else 0.0)
