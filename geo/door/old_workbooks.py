"""XLS and ODS through calamine: rows as openpyxl gives them for XLSX."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any, Final

from python_calamine import CalamineWorkbook, SheetVisibleEnum

from geo.door.files import Source
from geo.errors import InputError

__all__ = ["old_sheet_rows", "old_sheet_titles"]

_BLOCK: Final = 1 << 20
_MOST_REPEATED: Final = 20_000
_EXACT: Final = 2**53
_REPEATED: Final = re.compile(
    rb'<table:table-cell(?=[^>]*office:value-type)[^>]*number-columns-repeated="(?P<cells>\d+)"'
    rb'|<table:table-row[^>]*number-rows-repeated="(?P<rows>\d+)"[^>]*>(?=\s*<table:table-cell'
    rb"[^>]*office:value-type)"
)


def old_sheet_titles(source: Source) -> tuple[list[str], list[str]]:
    """List the sheets of an XLS or ODS workbook.

    Parameters
    ----------
    source
        A workbook that passed the door.

    Returns
    -------
    visible, hidden : list of str
        Titles.

    Raises
    ------
    InputError
        When a cell of an ODS stands for tens of thousands.
    """
    if source.kind == "ods":
        _refuse_repeated(source)
    sheets = _book(source).sheets_metadata
    visible = [one.name for one in sheets if one.visible == SheetVisibleEnum.Visible]
    return visible, [one.name for one in sheets if one.name not in visible]


def old_sheet_rows(source: Source, title: str) -> Iterator[tuple[int, list[Any]]]:
    """Yield the number and the cells of each row that holds anything.

    Parameters
    ----------
    source
        A workbook that passed the door.
    title
        The sheet.

    Yields
    ------
    number, cells : tuple
        Counted from 1; merged cells hold the value that they show.
    """
    sheet = _book(source).get_sheet_by_name(title)
    rows = sheet.to_python(skip_empty_area=False)
    for (top, left), (low, right) in sheet.merged_cell_ranges or ():
        for row in rows[top : low + 1]:
            row[left : right + 1] = [rows[top][left]] * len(row[left : right + 1])
    for number, row in enumerate(rows, start=1):
        cells = [_plain(cell) for cell in row]
        while cells and (cells[-1] is None or not str(cells[-1]).strip()):
            cells.pop()
        if cells:
            yield number, cells


def _book(source: Source) -> Any:
    content = io.BytesIO(source.content) if source.content is not None else str(source.path)
    return CalamineWorkbook.from_object(content)


def _plain(cell: Any) -> Any:
    if cell == "":
        return None
    whole = isinstance(cell, float) and cell.is_integer() and abs(cell) < _EXACT
    return int(cell) if whole else cell


def _refuse_repeated(source: Source) -> None:
    """Refuse a sheet in which one written cell stands for a great many."""
    with source.open() as file, zipfile.ZipFile(file) as book, book.open("content.xml") as sheet:
        tail = b""
        while block := sheet.read(_BLOCK):
            window = tail + block
            for found in _REPEATED.finditer(window):
                if int(found["cells"] or found["rows"]) > _MOST_REPEATED:
                    msg = f"{source.name}: a cell is repeated more than {_MOST_REPEATED:,} times"
                    raise InputError(msg)
            tail = window[-4096:]
