"""What a sheet says beyond its cells: merged ranges, hidden rows, formulas without a value.

openpyxl does not give these in read-only mode, so the sheet's XML is searched as it streams by.
"""

import re
import warnings
import zipfile
from dataclasses import dataclass, field
from typing import IO, Any, Final

from geo.door.files import Source
from geo.errors import InputError

__all__ = ["Marks", "Merged", "loaded_book", "sheet_marks"]

Merged = dict[int, list[tuple[int, tuple[int, int]]]]
"""Per row, the columns that a merged range covers, each with its top left cell (row, column)."""

_MAX_MERGED: Final = 1_000_000
_MAX_COLUMNS: Final = 2_000
_BLOCK: Final = 1 << 20
_LONGEST: Final = 16_384  # a formula has at most 8,192 signs
_MARK: Final = re.compile(
    rb'<(?:\w+:)?mergeCell\s+ref="(?P<area>[A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})"'
    rb'|<(?:\w+:)?(?:row|col)\s[^>]*?hidden="(?P<hidden>1|true)"'
    rb'|<(?:\w+:)?c\s(?![^>]*\bt="str")[^>]*>(?P<formula><(?:\w+:)?f\b[^<]*(?:</(?:\w+:)?f>)?)'
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?</(?:\w+:)?c>"
)


@dataclass
class Marks:
    """What was found.

    Attributes
    ----------
    merged
        Cells that merged ranges cover.
    hidden
        Number of hidden rows and groups of columns, filtered ones too.
    uncalculated
        Number of formulas that no program has worked out yet; their cells read as empty.
    """

    merged: Merged = field(default_factory=dict)
    hidden: int = 0
    uncalculated: int = 0


def loaded_book(file: IO[bytes]) -> Any:
    """Open a workbook of Office Open XML to be read once, from the first row to the last.

    Parameters
    ----------
    file
        Open at its start.

    Returns
    -------
    openpyxl.Workbook
        Values, not formulas. What openpyxl makes up for parts that are missing, such as styles, is
        no matter of cells and not said.
    """
    from openpyxl import load_workbook  # noqa: PLC0415 - only workbooks need it

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return load_workbook(file, read_only=True, data_only=True, keep_links=False)


def sheet_marks(source: Source, title: str) -> Marks:
    """Search the XML of a sheet.

    Parameters
    ----------
    source
        A workbook that passed the door.
    title
        The sheet.

    Returns
    -------
    Marks
        Ranges joined for looks (a whole row or column) are left out.

    Raises
    ------
    InputError
        When more than a million cells are merged.
    """
    found = Marks()
    cells = 0
    with source.open() as file, zipfile.ZipFile(file) as archive:
        path = loaded_book(file)[title]._worksheet_path
        tail = b""
        with archive.open(path) as sheet:
            while block := sheet.read(_BLOCK):
                window = tail + block
                last = 0
                for match in _MARK.finditer(window):
                    last = match.end()
                    cells += _note(match, found)
                    if cells > _MAX_MERGED:
                        msg = f"{source.name}: too many merged cells"
                        raise InputError(msg)
                tail = window[max(last, len(window) - _LONGEST) :]
    return found


def _note(match: re.Match[bytes], found: Marks) -> int:
    """Enter a match; return how many merged cells it brings."""
    if match["area"]:
        return _spread(match["area"].decode(), found.merged)
    found.hidden += match["hidden"] is not None
    found.uncalculated += match["formula"] is not None
    return 0


def _spread(area: str, merged: Merged) -> int:
    from openpyxl.utils.cell import range_boundaries  # noqa: PLC0415 - only workbooks need it

    left, top, right, bottom = range_boundaries(area)
    size = (right - left + 1) * (bottom - top + 1)
    if size > _MAX_MERGED or right > _MAX_COLUMNS:
        return 0
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            if (row, column) != (top, left):
                merged.setdefault(row, []).append((column, (top, left)))
            else:
                merged.setdefault(row, [])
    return int(size)
