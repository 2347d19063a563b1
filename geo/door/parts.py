"""Inputs of any size, cut into parts: Parquet by its row groups, CSV by its rows."""

import csv
import hashlib
import json
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from geo.door.delimited import Dialect, csv_cause, dialect, long_cells
from geo.door.files import open_source
from geo.door.parquet import metadata_defect
from geo.errors import GeoError, InputError, MissingFileError

__all__ = [
    "ROWS", "Part", "checksum", "csv_parts", "part_tables", "plan_parts", "written_columns",
]  # fmt: skip

_LOG = logging.getLogger(__name__)

ROWS: Final = 1_000_000
"""Rows of a part, unless the input's own row groups are larger."""

_BATCH: Final = 1 << 18
_BLOCK: Final = 1 << 23  # bytes of a text table; no row may be longer
_ENCODINGS: Final = ("WKB", "point")  # of points
_PARQUET: Final = (".parquet", ".pq", ".geoparquet")


@dataclass(frozen=True)
class Part:
    """A piece of the input that becomes one file.

    Attributes
    ----------
    number
        Counted from 0 over the whole input, in its order.
    file
        Path of the file it is read from.
    groups
        Row groups of a Parquet file; empty for CSV.
    rows
        How many it has; of an open CSV part, how many a piece may have.
    written
        How a CSV file is written; None for Parquet.
    """

    number: int
    file: Path
    groups: tuple[int, ...] = ()
    rows: int = 0
    written: Dialect | None = None

    @property
    def name(self) -> str:
        """The file that it becomes."""
        return f"part-{self.number:05d}.parquet"


def plan_parts(
    source: str | Path, *, rows: int = ROWS, encoding: str | None = None
) -> tuple[list[Part], pa.Schema]:
    """Cut a file or a folder into parts.

    Parameters
    ----------
    source
        A Parquet file, a text table, or a folder of Parquet files, taken by name. What a file is
        its bytes say, not its suffix.
    rows
        About how many rows a part has; row groups of Parquet are kept whole.
    encoding
        Encoding of a text table; None detects it, as its delimiter.

    Returns
    -------
    parts, schema
        In the input's order. A text table has one open part: it is cut while it is read.

    Raises
    ------
    MissingFileError
        When there is nothing to read.
    InputError
        When a file is neither, the files have not the same columns in the same reference
        system, or a text table has no header or an encoding that cannot be determined.
    """
    place = Path(source)
    if place.is_dir():
        files = _parquet_files(place)
    else:
        found = open_source(source, any_size=True)
        if found.kind == "delimited":
            written = dialect(found, encoding=encoding)
            return [Part(0, place, rows=rows, written=written)], _text_schema(place, written)
        if found.kind != "parquet":
            msg = f"{source}: is read as {found.kind}; --parts takes Parquet and text tables, "
            msg += "jjj locate without --parts takes more"
            raise InputError(msg)
        files = [place]
    parts: list[Part] = []
    schema: pa.Schema = None
    for file in files:
        new, sizes = _schema_and_sizes(file)
        schema = _one_schema(schema, new, file, files[0])
        for groups in _grouped(sizes, rows):
            count = sum(sizes[k] for k in groups)
            parts.append(Part(len(parts), file, groups, rows=count))
    return parts, schema


def _parquet_files(folder: Path) -> list[Path]:
    """Return a folder's Parquet files by name; other files there are reported, not read."""
    files: list[Path] = []
    others: list[Path] = []
    for one in sorted(folder.iterdir()):
        if not one.name.startswith((".", "_")):  # such as _SUCCESS: notes of other programs
            (files if _is_parquet(one) else others).append(one)
    if not files:
        msg = f"{folder}: a folder without a Parquet file"
        raise MissingFileError(msg)
    if others:
        _LOG.warning(
            "jjj: %s: %d not Parquet and not read: %s",
            folder, len(others), ", ".join(one.name for one in others[:3]),
        )  # fmt: skip
    return files


def _is_parquet(file: Path) -> bool:
    try:
        return open_source(file, any_size=True).kind == "parquet"
    except InputError:
        if file.suffix.lower() in _PARQUET:
            raise
        return False
    except MissingFileError:  # a folder, a pipe, a link to nothing
        return False


def _schema_and_sizes(file: Path) -> tuple[pa.Schema, list[int]]:
    with _reading(file), pq.ParquetFile(file) as opened:
        sizes = [opened.metadata.row_group(k).num_rows for k in range(opened.num_row_groups)]
        return opened.schema_arrow, sizes


@contextmanager
def _reading(file: Path, where: str = "") -> Iterator[None]:
    """Give whatever Arrow's reader raises the file's name, and where in it."""
    try:
        yield
    except (GeoError, MemoryError):
        raise
    except Exception as error:
        cause = (str(error).splitlines() or [type(error).__name__])[0]
        msg = f"{file}: cannot be read as Parquet{where} ({cause})"
        raise InputError(msg) from error


def _one_schema(known: pa.Schema, new: pa.Schema, file: Path, first: Path) -> pa.Schema:
    if len(set(new.names)) < len(new.names):
        msg = f"{file}: two columns have one name"
        raise InputError(msg)
    geo = (new.metadata or {}).get(b"geo")
    if geo is not None and (defect := metadata_defect(geo, new, encodings=_ENCODINGS)):
        msg = f"{file}: its GeoParquet metadata are wrong: {defect}"
        raise InputError(msg)
    if known is None:
        return new
    if known.names != new.names:
        odd = sorted(set(known.names) ^ set(new.names))
        what = f"column {odd[0]!r} is in one and not in the other" if odd else "another order"
        msg = f"{file}: not the columns of {first.name} ({what})"
        raise InputError(msg)
    for one, other in zip(known, new, strict=True):
        if one.type != other.type:
            msg = f"{file}: column {one.name!r} is {other.type}, in {first.name} it is {one.type}"
            raise InputError(msg)
    if _described(known) != _described(new):
        msg = f"{file}: its geometry is not described as that of {first.name} (column, system)"
        raise InputError(msg)
    return known


def _described(schema: pa.Schema) -> tuple[Any, ...]:
    """Return what must be equal in the GeoParquet metadata of all files, which are whole."""
    geo = json.loads((schema.metadata or {}).get(b"geo", b"{}"))
    primary = geo.get("primary_column")
    column = geo.get("columns", {}).get(primary, {})
    return primary, column.get("encoding"), column.get("crs", "WGS 84")


def _grouped(sizes: Sequence[int], rows: int) -> Iterator[tuple[int, ...]]:
    """Gather row groups until they have enough rows; a file without rows is one part still."""
    taken: list[int] = []
    held = 0
    for number, size in enumerate(sizes):
        if taken and held + size > rows:
            yield tuple(taken)
            taken, held = [], 0
        taken.append(number)
        held += size
    yield tuple(taken)


def _text_schema(file: Path, written: Dialect) -> pa.Schema:
    """Take every cell of a text table as text, so that nothing is changed."""
    if len(written.delimiter.encode()) > 1:
        msg = f"{file}: cells are divided by {written.delimiter!r}; without --parts it is read"
        raise InputError(msg)
    with file.open(encoding=written.encoding.name, newline="") as text:
        for _ in range(written.skipped):
            text.readline()
        names = _first_row(file, csv.reader(text, delimiter=written.delimiter))
    if not names or len(set(names)) < len(names):
        msg = f"{file}: its first line does not name its columns, each once"
        raise InputError(msg)
    return pa.schema([pa.field(name, pa.string()) for name in names])


def _first_row(file: Path, rows: Iterator[list[str]]) -> list[str]:
    try:
        with long_cells():
            return next((row for row in rows if row), [])
    except csv.Error as error:
        msg = f"{file}: its header: {csv_cause(error)}"
        raise InputError(msg) from None


def csv_parts(part: Part, schema: pa.Schema) -> Iterator[tuple[Part, pa.Table]]:
    """Read a text table part by part, in bounded memory.

    Parameters
    ----------
    part
        The file's open part; ``rows`` is the size of the pieces.
    schema
        Arrow schema of the table, as ``plan_parts`` returns it.

    Yields
    ------
    part, table
        Pieces of exactly that many rows, the last with the rest; cells as text.

    Raises
    ------
    InputError
        When a row has not as many cells as the header.
    """
    number, held, tables = part.number, 0, []
    for batch in _text_batches(part, schema):
        tables.append(pa.Table.from_batches([batch]))
        held += len(batch)
        while held >= part.rows:
            whole = pa.concat_tables(tables)
            yield Part(number, part.file, rows=part.rows), whole.slice(0, part.rows)
            tables, held, number = [whole.slice(part.rows)], held - part.rows, number + 1
    if held or number == part.number:
        rest = pa.concat_tables(tables) if tables else schema.empty_table()
        yield Part(number, part.file, rows=held), rest


def _text_batches(part: Part, schema: pa.Schema) -> Iterator[Any]:
    if part.written is None:
        msg = f"{part.file.name} is not an open part of a text table"
        raise TypeError(msg)
    try:
        with _open_text(part.file, part.written, schema) as reader:
            yield from reader
    except MemoryError:
        raise
    except Exception as error:
        cause = (str(error).splitlines() or [type(error).__name__])[0]
        where = _odd_line(part.file, part.written, len(schema))
        msg = f"{part.file}: {where}{cause}; jjj locate without --parts mends rows and says so"
        raise InputError(msg) from error


def _open_text(file: Path, written: Dialect, schema: pa.Schema) -> Any:
    name = {"utf-8-sig": "utf-8"}.get(written.encoding.name, written.encoding.name)
    return pa_csv.open_csv(
        file,
        read_options=pa_csv.ReadOptions(
            encoding=name, skip_rows=written.skipped, block_size=_BLOCK
        ),
        parse_options=pa_csv.ParseOptions(delimiter=written.delimiter, newlines_in_values=True),
        convert_options=pa_csv.ConvertOptions(column_types=schema, strings_can_be_null=False),
    )


def _odd_line(file: Path, written: Dialect, width: int) -> str:
    """Find the first row of another width, which Arrow does not number."""
    with (
        file.open(encoding=written.encoding.name, newline="") as text,
        suppress(csv.Error),
        long_cells(),
    ):
        for _ in range(written.skipped):
            text.readline()
        rows = csv.reader(text, delimiter=written.delimiter)
        for row in rows:
            if row and len(row) != width:
                return f"line {rows.line_num + written.skipped}: "
    return ""


def part_tables(part: Part) -> Iterator[pa.Table]:
    """Read a part of a Parquet file in batches.

    Parameters
    ----------
    part
        One of the parts that ``plan_parts`` returns.

    Yields
    ------
    pyarrow.Table
        Up to 262,144 rows each; one empty table when there are none.

    Raises
    ------
    InputError
        When its bytes are damaged; names the row groups.
    """
    first, last = (part.groups[0], part.groups[-1]) if part.groups else (0, 0)
    groups = f"row group {first}" if first == last else f"row groups {first} to {last}"
    batches = _part_batches(part)
    while True:
        with _reading(part.file, f", {groups}"):
            batch = next(batches, None)
        if batch is None:
            return
        yield batch


def _part_batches(part: Part) -> Iterator[pa.Table]:
    with pq.ParquetFile(part.file) as opened:
        if not part.rows:
            yield opened.schema_arrow.empty_table()
            return
        # Arrow keeps a copy of the metadata: what was checked is the file's own
        metadata = opened.schema_arrow.metadata
        for batch in opened.iter_batches(batch_size=_BATCH, row_groups=list(part.groups)):
            yield pa.Table.from_batches([batch]).replace_schema_metadata(metadata)


def checksum(file: Path) -> str:
    """Return the SHA-256 of a file's bytes.

    Parameters
    ----------
    file
        Path of a file of any size; it is read once.

    Returns
    -------
    str
        In hexadecimal digits.

    Raises
    ------
    OSError
        When it cannot be read.
    """
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def written_columns(file: Path, names: Sequence[str]) -> pa.Table:
    """Read some columns of a part that an earlier run wrote.

    Parameters
    ----------
    file
        Path of the Parquet file of the part.
    names
        Names of the columns to read.

    Returns
    -------
    pyarrow.Table
        With the metadata of the file's schema.

    Raises
    ------
    InputError
        When it cannot be read, or lacks one of them.
    """
    with _reading(file), pq.ParquetFile(file) as opened:
        found = opened.read(list(names))
        return found.select(list(names)).replace_schema_metadata(opened.schema_arrow.metadata)
