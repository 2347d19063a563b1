"""CSV, TSV and their kin: the delimiter, the header row, and rows with their true line numbers.

Python's ``csv`` parses, strictly; here it is decided what is a header, which rows have too many or
too few cells, and what is refused. (pandas would shift the headers when rows are one cell longer.)
"""

import csv
import gc
import io
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

import numpy as np
import pandas as pd

from geo.door.encodings import Encoding, detect
from geo.door.faults import cause
from geo.door.files import Source
from geo.door.header_rows import Header, header_row
from geo.door.table import CHUNK_ROWS, Chunk, Opened, RowIssue, named_columns
from geo.errors import InputError

__all__ = ["Dialect", "csv_cause", "dialect", "long_cells", "open_delimited"]

_DELIMITERS: Final = (",", ";", "\t", "|", "，", "；")
_MAX_COLUMNS: Final = 2_000
_MAX_CELL: Final = 1_000_000
_LOOKED_AT: Final = 40
_CONTROL_SHARE: Final = 0.05
_NEVER: Final = "_.-+'\"()[]{}<>°′″（）"
_NEARLY_ALL: Final = 0.95


@dataclass(frozen=True)
class Dialect:
    """Encoding and delimiter of a text table.

    Attributes
    ----------
    encoding
        Encoding of the text, with how it was found.
    delimiter
        Sign between two cells, such as a comma or a tab.
    skipped
        Lines before the table that only name the delimiter.
    """

    encoding: Encoding
    delimiter: str
    skipped: int


def dialect(source: Source, *, encoding: str | None = None) -> Dialect:
    """Detect encoding and delimiter of a text table.

    Parameters
    ----------
    source
        An opened file (``geo.door.files.Source``), whose kind was read from its bytes.
    encoding
        Encoding of the text, such as ``GBK``; None detects it.

    Returns
    -------
    Dialect
        Of the whole file: all of it decodes.

    Raises
    ------
    InputError
        When the encoding cannot be determined or does not fit, or the file is not a text table.
    """
    with source.open() as file:
        found = detect(file, source.name, declared=encoding)
    return Dialect(found, *_delimiter(_sample(source, found), source.name))


def open_delimited(
    source: Source, *, encoding: str | None = None, wanted: Collection[str] = ()
) -> Opened:
    """Open a delimited text table.

    Parameters
    ----------
    source
        An opened file (``geo.door.files.Source``), whose kind was read from its bytes.
    encoding
        Encoding of the text, such as ``GBK``; None detects it.
    wanted
        Names of columns that the user gave, by which a header below titles is known.

    Returns
    -------
    Opened
        Cells as text, the empty ones as empty text.

    Raises
    ------
    InputError
        When the encoding cannot be determined or does not fit, a quote is never closed, there is no
        header, no row, or more than 2,000 columns.
    """
    written = dialect(source, encoding=encoding)
    found, delimiter, skipped = written.encoding, written.delimiter, written.skipped
    first = _records(source, found, delimiter, skipped)
    looked = list(islice(first, _LOOKED_AT))
    if not looked:
        msg = f"{source.name}: holds no rows"
        raise InputError(msg)
    header = header_row([cells[: _MAX_COLUMNS + 1] for _, cells in looked], wanted=wanted)
    line, whole = looked[header.at]
    if len(header.names) > _MAX_COLUMNS:
        msg = f"{source.name}: {len(whole)} columns; at most {_MAX_COLUMNS} are read"
        raise InputError(msg)
    width = len(header.names)
    _refuse_shifted(source.name, width, [cells for _, cells in looked[header.at + 1 :]])
    columns, notes = named_columns(list(header.names))
    notes = [*source.notes, *_notes(found, delimiter, line, header), *notes]

    def chunks() -> Iterator[Chunk]:
        rows = _records(source, found, delimiter, skipped)
        return _chunks(islice(rows, header.at + 1, None), columns)

    facts = {"encoding": found.name, "delimiter": delimiter, "header_line": line}
    return Opened(columns, chunks, facts, tuple(notes), as_text=True)


def _notes(found: Encoding, delimiter: str, line: int, header: Header) -> list[str]:
    notes = []
    if delimiter not in _DELIMITERS:
        notes.append(f"cells are split at {delimiter!r}")
    if found.how == "detected":
        notes.append(f"read as {found.name} (detected; --encoding says otherwise)")
    elif found.name.startswith(("utf-16", "utf-32")):
        notes.append(f"read as {found.name}")
    notes += header.notes("line", line)
    return notes


def _sample(source: Source, found: Encoding) -> str:
    with source.open() as file, _text(file, found) as text:
        sample = text.read(1 << 16)
    controls = sum(sign < " " and sign not in "\t\r\n\x1c\x1d\x1e\x1f\x0b\x0c" for sign in sample)
    if controls > _CONTROL_SHARE * max(1, len(sample)):
        msg = f"{source.name}: is not a text table (it is full of control signs)"
        raise InputError(msg)
    return sample


def _text(file: "io.BufferedIOBase | object", found: Encoding) -> io.TextIOWrapper:
    return io.TextIOWrapper(file, encoding=found.name, errors="strict", newline="")  # type: ignore[arg-type]


def _delimiter(sample: str, name: str) -> tuple[str, int]:
    """Return the delimiter that splits most rows alike, and how many lines to skip before."""
    first = sample.partition("\n")[0]
    stated = first.strip().strip('"').lower()
    if stated.startswith("sep=") and len(stated) == 5:
        return stated[4], 1
    if stated == "sep=":
        return "\t", 1
    if "\x00" in sample:
        msg = f"{name}: holds zero bytes, so it is damaged or not a text table"
        raise InputError(msg)
    scores = {one: _evenness(_split(sample, one)) for one in _DELIMITERS}
    best = max(_DELIMITERS, key=lambda one: scores[one])
    return (best if scores[best] else _odd_delimiter(sample) or ","), 0


def _split(sample: str, delimiter: str) -> list[list[str]]:
    """Return the first rows of a sample, without the last, which may be cut."""
    text = io.StringIO(sample, newline="")
    try:
        rows = list(islice(_reader(text, delimiter), 200))
    except csv.Error:
        return []
    return [row for row in rows[:-1] or rows if row]


def _reader(text: io.TextIOBase, delimiter: str, *, strict: bool = False) -> Any:
    # columns that are set apart by several spaces are still columns
    return csv.reader(text, delimiter=delimiter, strict=strict, skipinitialspace=delimiter == " ")


def _evenness(rows: list[list[str]]) -> float:
    """Score a split: rows that share the commonest width, times that width above one."""
    widths = [len(row) for row in rows]
    if not widths:
        return 0.0
    common = max(set(widths), key=lambda width: (widths.count(width), width))
    return 0.0 if common < 2 else widths.count(common) / len(widths) * (1 + common / 1000)


def _odd_delimiter(sample: str) -> str | None:
    """Return a rarer character that splits the header and nearly all rows alike, or None."""
    lines = [line for line in sample.splitlines()[:200] if line.strip()]
    shared = set.intersection(*(set(line) for line in lines[:2])) if len(lines) > 1 else set()
    scores: dict[str, float] = {}
    for sign in sorted(shared):
        if sign.isalnum() or sign in _NEVER:
            continue
        rows = _split(sample, sign)
        if rows and _evenness(rows) >= _NEARLY_ALL and len(rows[0]) == len(rows[-1]):
            scores[sign] = _evenness(rows)
    return max(scores, key=lambda one: scores[one], default=None)


def _records(
    source: Source, found: Encoding, delimiter: str, skipped: int
) -> Iterator[tuple[int, list[str]]]:
    """Yield the line on which each record starts, and its cells; blank lines are passed over."""
    with long_cells(), source.open() as file, _text(file, found) as text:
        for _ in range(skipped):
            text.readline()
        rows = _reader(text, delimiter, strict=True)
        line = 0
        try:
            for cells in rows:
                start, line = line + 1, rows.line_num
                if cells and (cells[0] or any(cells)):
                    yield start + skipped, cells
        except csv.Error as error:
            msg = f"{source.name}: line {line + 1 + skipped}: {csv_cause(error)}"
            raise InputError(msg) from None


@contextmanager
def long_cells() -> Iterator[None]:
    """Let the reader of CSV take cells of up to a million characters.

    Yields
    ------
    None
        While it does.
    """
    before = csv.field_size_limit(_MAX_CELL)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def csv_cause(error: csv.Error) -> str:
    """Say what the reader of CSV met.

    Parameters
    ----------
    error
        Error as Python's ``csv`` raises it.

    Returns
    -------
    str
        In words that mean something without it.
    """
    text = cause(error)
    if "unexpected end" in text:
        return "a quote is opened and never closed"
    if "field larger" in text:
        return f"a cell is longer than {_MAX_CELL:,} signs (a quote that is never closed?)"
    if "NUL" in text:
        return "holds a zero byte"
    return f"cannot be read as a row ({text})"


def _refuse_shifted(name: str, width: int, rows: list[list[str]]) -> None:
    longer = [row for row in rows if any(cell.strip() for cell in row[width:])]
    if rows and len(longer) == len(rows):
        msg = (
            f"{name}: the header has {width} cells and every row more ({len(rows[0])}): "
            "name the missing column in the header"
        )
        raise InputError(msg)


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Keep the collector from walking through all rows again and again: they are in no cycle.

    It would take two thirds of the time of reading.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _chunks(rows: Iterator[tuple[int, list[str]]], columns: tuple[str, ...]) -> Iterator[Chunk]:
    while True:
        with _collector_at_rest():
            batch = list(islice(rows, CHUNK_ROWS))
            chunk = _chunk(batch, columns) if batch else None
        if chunk is None:
            return
        yield chunk


def _chunk(batch: list[tuple[int, list[str]]], columns: tuple[str, ...]) -> Chunk:
    width = len(columns)
    issues: list[RowIssue] = []
    for at, (_, cells) in enumerate(batch):
        if len(cells) != width:
            issues.extend(_fit(at, cells, width))
    table = dict(zip(columns, map(list, zip(*(cells for _, cells in batch), strict=True))))  # noqa: B905
    frame = pd.DataFrame(table, columns=list(columns), dtype=object)
    lines = np.fromiter((line for line, _ in batch), dtype=np.int64, count=len(batch))
    return Chunk(frame, lines, tuple(issues))


def _fit(at: int, cells: list[str], width: int) -> list[RowIssue]:
    """Bring a row to the header's width in place; say what was there or not."""
    if len(cells) < width:
        missing = width - len(cells)
        cells.extend([""] * missing)
        return [RowIssue(at, "missing_cells", f"{missing} cell(s) short of the header")]
    extra = cells[width:]
    del cells[width:]
    if not any(cell.strip() for cell in extra):
        return []
    return [RowIssue(at, "extra_cells", f"{len(extra)} more than the header: {extra[0][:40]}")]
