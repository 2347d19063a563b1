"""CSV and XLSX for spreadsheet programs: points as ``lon`` and ``lat``, formulas defused."""

import csv
import datetime as dt
import json
import logging
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from operator import ne
from pathlib import Path
from typing import Any, Final, TextIO

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.formats.format import Format, Provenance, check_rows, json_value
from geo.formats.formulas import defuse
from geo.formats.geojson import STORED_DECIMALS

_log = logging.getLogger(__name__)

__all__ = ["XLSX", "csv_format", "csv_rows", "csv_writer", "defuse", "open_csv"]

_LONGEST: Final = 32_767  # signs of a cell
_UTF_8: Final = "UTF-8"
_FIXED_TIME: Final = (1980, 1, 1, 0, 0, 0)


def _tabular(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a copy without geometry; points become ``lon`` and ``lat`` (WGS 84, 6 decimals)."""
    if not isinstance(frame, gpd.GeoDataFrame):
        return frame
    plain = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    shapes = frame.geometry.to_numpy()
    kinds = set(shapely.get_type_id(shapes[~shapely.is_missing(shapes)]))
    if kinds <= {0}:
        pair = (
            ("lon", "lat")
            if not {"lon", "lat"} & set(plain.columns)
            else ("lon_wgs84", "lat_wgs84")
        )
        somewhere = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
        places = np.full((len(shapes), 2), np.nan)
        places[somewhere] = shapely.get_coordinates(shapes[somewhere])
        for at, name in enumerate(pair):
            plain[name] = np.round(places[:, at], STORED_DECIMALS)
    return plain


def _cell(value: Any) -> Any:
    value = json_value(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


def csv_rows(frame: pd.DataFrame) -> tuple[list[str], Iterator[tuple[Any, ...]]]:
    """Turn a frame into a CSV's header and rows, defused for spreadsheets.

    Parameters
    ----------
    frame
        Points become ``lon`` and ``lat``.

    Returns
    -------
    header, rows : tuple
        Names, and an iterator of cells.

    Examples
    --------
    >>> header, rows = csv_rows(pd.DataFrame({"a": ["=1"]}))
    >>> header, list(rows)
    (['a'], [("'=1",)])
    """
    plain = _tabular(frame)
    columns = [
        [defuse(_cell(value)) for value in plain.iloc[:, at]] for at in range(plain.shape[1])
    ]
    return [defuse(str(name)) for name in plain.columns], zip(*columns, strict=True)


class _Lines:
    """Writes rows that end in CR LF with LF; counts characters that the encoding lacks."""

    def __init__(self, file: TextIO, encoding: str = _UTF_8) -> None:
        self._file = file
        self._encoding = encoding
        self.lost = 0

    def write(self, row: str) -> int:
        # a reader takes a zero byte for the sign of a damaged file
        text = row[:-2].replace("\0", "\ufffd") + "\n"
        if self._encoding == _UTF_8:
            return self._file.write(text)
        held = text.encode(self._encoding, "replace").decode(self._encoding)
        self.lost += sum(map(ne, text, held))
        return self._file.write(held)


def csv_writer(file: TextIO) -> Any:
    r"""Return a writer of rows that end in LF, whose cells no reader takes for two rows.

    The standard writer quotes a cell for the line end that it writes itself: with LF alone a cell
    with a bare CR would end its row in a spreadsheet, and what follows could be a formula.

    Parameters
    ----------
    file
        Open for text, without translation of line ends.

    Returns
    -------
    writer
        As ``csv.writer`` returns it.

    Examples
    --------
    >>> import io
    >>> file = io.StringIO()
    >>> csv_writer(file).writerow(["a\r=1", "b"]), file.getvalue()
    (9, '"a\r=1",b\n')
    """
    return csv.writer(_Lines(file), lineterminator="\r\n")


@contextmanager
def open_csv(path: Path, encoding: str) -> Iterator[Any]:
    """Open a new CSV file; characters that its encoding lacks become ``?`` and are counted.

    Parameters
    ----------
    path
        Nothing is there yet.
    encoding
        Encoding of the file: ``UTF-8`` or ``GBK``.

    Yields
    ------
    writer
        As ``csv_writer`` returns it.
    """
    marked = "utf-8-sig" if path.suffix else "utf-8"  # Excel reads UTF-8 by its mark only
    with path.open("x", encoding=marked if encoding == _UTF_8 else encoding, newline="") as file:
        lines = _Lines(file, encoding)
        yield csv.writer(lines, lineterminator="\r\n")
    if lines.lost:
        _log.warning("csv: signs that %s lacks, now ?: %s", encoding, f"{lines.lost:,}")


def csv_format(encoding: str) -> Format:
    """Return the format with texts in an encoding.

    Parameters
    ----------
    encoding
        Encoding of the file: ``UTF-8`` or ``GBK``.

    Returns
    -------
    Format
        One file.

    Examples
    --------
    >>> csv_format("GBK").beside
    ()
    """
    return Format(partial(_fill_csv, encoding), _check_csv)


def _fill_csv(encoding: str, frame: pd.DataFrame, provenance: Provenance, path: Path) -> None:  # noqa: ARG001
    header, rows = csv_rows(frame)
    with open_csv(path, encoding) as writer:
        writer.writerow(header)
        writer.writerows(rows)


def _check_csv(expected: int, path: Path) -> None:
    """Count the rows: line ends outside quotes, less the header."""
    rows, quotes = -1, 0
    with path.open("rb") as file:
        for line in file:
            quotes += line.count(b'"')
            rows += quotes % 2 == 0 and line.endswith(b"\n")
    check_rows(path, expected, rows)


def _fill_xlsx(frame: pd.DataFrame, provenance: Provenance, path: Path) -> None:  # noqa: ARG001
    from openpyxl import Workbook  # noqa: PLC0415
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE  # noqa: PLC0415

    plain = _tabular(frame)
    book = Workbook(write_only=True)
    book.properties.created = book.properties.modified = dt.datetime(1980, 1, 1)  # noqa: DTZ001
    sheet = book.create_sheet("data")
    changed = 0

    def cell(value: Any) -> Any:
        nonlocal changed
        value = defuse(_cell(value))
        if not isinstance(value, str):
            return value
        kept = ILLEGAL_CHARACTERS_RE.sub("\ufffd", value)[:_LONGEST]
        changed += kept != value
        made = WriteOnlyCell(sheet, kept)
        made.data_type = "s"
        return made

    sheet.append([cell(str(name)) for name in plain.columns])
    for row in plain.itertuples(index=False, name=None):
        sheet.append([cell(value) for value in row])
    if changed:
        _log.warning(
            "xlsx: %d cell(s) hold control signs or more than %d signs, which a workbook cannot; "
            "they were replaced or cut (CSV keeps them)",
            changed,
            _LONGEST,
        )
    loose = path.with_name(f"loose-{path.name}")
    book.save(loose)
    _rezip(loose, path)
    loose.unlink()


def _rezip(source: Path, target: Path) -> None:
    """Copy a zip with fixed times, so that equal content gives equal bytes."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "x", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            content = old.read(item)
            if item.filename == "docProps/core.xml":
                start, end = (
                    content.find(b"<dcterms:modified"),
                    content.find(b"</dcterms:modified>"),
                )
                stamp = b'<dcterms:modified xsi:type="dcterms:W3CDTF">1980-01-01T00:00:00Z'
                content = content[:start] + stamp + content[end:]
            new.writestr(zipfile.ZipInfo(item.filename, _FIXED_TIME), content, zipfile.ZIP_DEFLATED)


def _check_xlsx(expected: int, path: Path) -> None:
    with zipfile.ZipFile(path) as book:
        if book.testzip() is not None:
            check_rows(path, expected, -1)


XLSX: Final = Format(_fill_xlsx, _check_xlsx)
