"""A small CSV file that a person keeps beside a document: comments, and the line of every row."""

import csv
import io
from pathlib import Path

from geo.door.files import open_source
from geo.errors import InputError

__all__ = ["read_commented"]


def read_commented(path: str | Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    r"""Read a CSV file in which lines that begin with # are comments.

    Parameters
    ----------
    path
        A regular file in UTF-8 or GB 18030.

    Returns
    -------
    header : list of str
        The first row.
    rows : list of (int, list of str)
        The others, each with its line; those without a cell are left out.

    Raises
    ------
    MissingFileError
        When there is no such regular file.
    InputError
        When it is no text, holds no header, or two columns have one name.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "a.csv"
    >>> _ = file.write_text("# who\nid,note\na,b\n")
    >>> read_commented(file)
    (['id', 'note'], [(3, ['a', 'b'])])
    """
    source = open_source(path)
    if source.kind != "delimited":
        msg = f"{source.name}: is no CSV file"
        raise InputError(msg)
    with source.open() as file:
        text = _decoded(file.read(), source.name)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        rows = [
            (reader.line_num, [cell.strip() for cell in cells])
            for cells in reader
            if cells and not cells[0].startswith("#") and any(cell.strip() for cell in cells)
        ]
    except csv.Error as error:
        msg = f"{source.name}: line {reader.line_num}: {error}"
        raise InputError(msg) from error
    if not rows:
        msg = f"{source.name}: holds no header"
        raise InputError(msg)
    (_, header), *body = rows
    if len(set(header)) < len(header):
        msg = f"{source.name}: two columns have one name"
        raise InputError(msg)
    return header, body


def _decoded(content: bytes, name: str) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    msg = f"{name}: is neither UTF-8 nor GB 18030"
    raise InputError(msg)
