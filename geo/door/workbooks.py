"""Workbooks: cells, merged ranges, hidden rows, old formats.

What a sheet says beyond its cells: merged ranges, hidden rows, formulas without a value.

openpyxl does not give these in read-only mode, so the sheet's XML is searched as it streams by.

XLS and ODS through calamine: rows as openpyxl gives them for XLSX.

Workbooks: the right sheet, the header below its titles, merged cells filled, no silent loss.

openpyxl parses in read-only mode, which trusts a stated dimension by default; a single
blank in the last cell of a sheet must not cost gigabytes.
"""

import io
import re
import warnings
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import IO, Any, Final

import numpy as np
import pandas as pd
from python_calamine import CalamineWorkbook, SheetVisibleEnum

from geo.door.faults import listed, reading
from geo.door.files import Source
from geo.door.header_rows import Header, header_row
from geo.door.headers import find_roles
from geo.door.table import CHUNK_ROWS, Chunk, Opened, RowIssue, named_columns
from geo.errors import InputError, UnknownIdError

__all__ = [
    "Marks",
    "Merged",
    "loaded_book",
    "old_sheet_rows",
    "old_sheet_titles",
    "open_workbook",
    "sheet_marks",
]

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
    """Merged ranges, hidden rows and formulas that were found in a sheet.

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
        not counted and not reported.
    """
    from openpyxl import load_workbook  # noqa: PLC0415 - only workbooks need it

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return load_workbook(file, read_only=True, data_only=True, keep_links=False)


def sheet_marks(source: Source, title: str) -> Marks:
    """Find merged ranges, hidden rows and formulas in the XML of a sheet.

    Parameters
    ----------
    source
        An opened workbook (``geo.door.files.Source``).
    title
        Name of the sheet in the workbook.

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
        An opened workbook (``geo.door.files.Source``).

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
        An opened workbook (``geo.door.files.Source``).
    title
        Name of the sheet in the workbook.

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


_LOOKED_AT: Final = 40

_MEND: Final = "open it in a spreadsheet program and save it again"

Row = tuple[int, list[Any]]


def open_workbook(
    source: Source,
    *,
    sheet: str | None = None,
    wanted: Collection[str] = (),
    placed: bool = True,
) -> Opened:
    """Open one sheet of a workbook.

    Parameters
    ----------
    source
        An opened file (``geo.door.files.Source``), whose kind was read from its bytes.
    sheet
        Name or number (from 1) of the sheet; by default the only one that says where rows are.
    wanted
        Names of columns that the user gave, by which a header below titles is known.
    placed
        Whether the rows must say where they are; else the first sheet that holds a table is read.

    Returns
    -------
    Opened
        Cells with the types that the workbook gives them.

    Raises
    ------
    InputError
        When the workbook is damaged or empty, or several sheets could be meant.
    UnknownIdError
        When there is no such sheet.
    """
    with reading(source.name, "a workbook", _MEND):
        if source.kind == "xlsx":
            visible, hidden = sheet_titles(source)
        else:
            visible, hidden = old_sheet_titles(source)
        heads = {title: list(islice(_read(source, title, {}), _LOOKED_AT)) for title in visible}
    title = (
        _choose(source.name, heads, sheet, wanted) if placed else _first(source.name, heads, sheet)
    )
    marks = sheet_marks(source, title) if source.kind == "xlsx" else Marks()
    merged = marks.merged
    looked = list(islice(_read(source, title, merged), _LOOKED_AT))
    header = header_row([_texts(cells) for _, cells in looked], wanted=wanted)
    columns, notes = named_columns(list(_trimmed(header)))
    if len(columns) > _MAX_COLUMNS:
        msg = f"{source.name}: {len(columns)} columns; at most {_MAX_COLUMNS} are read"
        raise InputError(msg)
    line = looked[header.at][0]
    every_note = [*source.notes, *_sheet_notes(title, heads, hidden, line, header, marks), *notes]

    def chunks() -> Iterator[Chunk]:
        rows = (row for row in _read(source, title, merged) if row[0] > line)
        return _chunks(rows, columns)

    return Opened(columns, chunks, {"sheet": title, "header_line": line}, tuple(every_note))


def _sheet_notes(
    title: str, heads: dict[str, Any], hidden: list[str], line: int, header: Header, marks: Marks
) -> list[str]:
    notes = []
    if len(heads) > 1:
        notes.append(f"read sheet {title!r} of {listed(heads)}")
    if hidden:
        notes.append(f"hidden sheet(s) {listed(hidden)} were not read")
    notes += header.notes("row", line)
    below = sum(row > line for row in marks.merged)
    if below:
        notes.append(f"merged cells in {below} row(s) were filled with the value they show")
    if marks.hidden:
        notes.append(f"{marks.hidden} hidden or filtered row(s) or column(s) were read too")
    if marks.uncalculated:
        notes.append(
            f"{marks.uncalculated} cell(s) hold a formula without its value and were read as "
            "empty: open the file in a spreadsheet program and save it"
        )
    return notes


def _rows(book: Any, title: str, merged: Merged) -> Iterator[Row]:
    """Yield the number and the cells of each row that holds anything."""
    sheet = book[title]
    sheet.reset_dimensions()
    shown = {anchor: None for cells in merged.values() for _, anchor in cells}
    for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
        cells = list(values)
        if number in merged:
            _fill_merged(number, cells, merged[number], shown)
        while cells and _is_blank(cells[-1]):
            cells.pop()
        if cells:
            yield number, cells


def _is_blank(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _fill_merged(
    number: int,
    cells: list[Any],
    covered: list[tuple[int, tuple[int, int]]],
    shown: dict[tuple[int, int], Any],
) -> None:
    """Give the covered cells of a row the value that their merged range shows."""
    for column, value in enumerate(cells, start=1):
        if (number, column) in shown:
            shown[number, column] = value
    for column, anchor in covered:
        cells.extend([None] * (column - len(cells)))
        if cells[column - 1] is None:
            cells[column - 1] = shown[anchor]


def _read(source: Source, title: str, merged: Merged) -> Iterator[Row]:
    with reading(source.name, f"a workbook (sheet {title!r})", _MEND):
        if source.kind != "xlsx":
            yield from old_sheet_rows(source, title)
            return
        with source.open() as file:
            book = loaded_book(file)
            yield from _rows(book, title, merged)


def sheet_titles(source: Source) -> tuple[list[str], list[str]]:
    """List the sheets of an Office Open XML workbook.

    Parameters
    ----------
    source
        An opened workbook (``geo.door.files.Source``).

    Returns
    -------
    visible, hidden : list of str
        Titles.
    """
    with source.open() as file:
        book = loaded_book(file)
        visible = [one.title for one in book.worksheets if one.sheet_state == "visible"]
        return visible, [one.title for one in book.worksheets if one.title not in visible]


def _texts(cells: list[Any]) -> list[str]:
    return ["" if cell is None else str(cell) for cell in cells[: _MAX_COLUMNS + 1]]


def _trimmed(header: Header) -> list[str]:
    names = list(header.names)
    while names and not names[-1].strip():
        names.pop()
    return names


def _asked(sheet: str, heads: dict[str, list[Row]]) -> str:
    if sheet in heads:
        return sheet
    if sheet.isdecimal() and 1 <= int(sheet) <= len(heads):
        return list(heads)[int(sheet) - 1]
    raise UnknownIdError("sheet", sheet, heads)


def _filled(name: str, heads: dict[str, list[Row]]) -> list[str]:
    filled = [title for title, rows in heads.items() if rows]
    if not filled:
        msg = f"{name}: holds no rows"
        raise InputError(msg)
    return filled


def _choose(
    name: str, heads: dict[str, list[Row]], sheet: str | None, wanted: Collection[str]
) -> str:
    """Return the sheet that is asked for, or the only one that says where its rows are."""
    if sheet is not None:
        return _asked(sheet, heads)
    filled = _filled(name, heads)
    placed = [title for title in filled if _says_where(heads[title], wanted)]
    if len(placed) > 1:
        msg = f"{name}: sheets {listed(placed)} could all be meant; name one with --sheet"
        raise InputError(msg)
    return (placed or filled)[0]


def _first(name: str, heads: dict[str, list[Row]], sheet: str | None) -> str:
    """Return the sheet that is asked for, or the first with two columns and a row."""
    if sheet is not None:
        return _asked(sheet, heads)
    filled = _filled(name, heads)
    for title in filled:
        header = header_row([_texts(cells) for _, cells in heads[title]])
        if len([one for one in header.names if one]) > 1 and len(heads[title]) > header.at + 1:
            return title
    return filled[0]


def _says_where(rows: list[Row], wanted: Collection[str]) -> bool:
    header = header_row([_texts(cells) for _, cells in rows], wanted=wanted)
    names = [name for name in header.names if name.strip()]
    if wanted and set(wanted) <= set(names):
        return True
    try:
        find_roles(names)
    except InputError as error:
        return "could all be" in str(error)
    return True


def _chunks(rows: Iterator[Row], columns: tuple[str, ...]) -> Iterator[Chunk]:
    width = len(columns)
    while batch := list(islice(rows, CHUNK_ROWS)):
        issues = [
            RowIssue(at, "extra_cells", f"{len(extra)} more than the header: {extra[0]}"[:80])
            for at, (_, cells) in enumerate(batch)
            if (extra := [cell for cell in cells[width:] if not _is_blank(cell)])
        ]
        table = [[*cells[:width], *[None] * (width - len(cells))] for _, cells in batch]
        frame = pd.DataFrame(table, columns=list(columns), dtype=object)
        yield Chunk(frame, np.array([line for line, _ in batch], dtype=np.int64), tuple(issues))
