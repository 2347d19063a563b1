"""YAML and JSON documents: read strictly, changed without losing comments.

A small CSV file that a person keeps beside a document: comments, and the line of every row.

A YAML document that a person edits: read safely, checked against a model, all defects at once.

Only plain YAML is read: no tags that build objects, no aliases (they can unfold without end), no
key twice in one mapping. Every defect is reported with its line.
"""

import csv
import io
from pathlib import Path
from typing import Final, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from geo.door.faults import cause
from geo.door.files import open_source
from geo.errors import InputError, MissingFileError

__all__ = [
    "Defects",
    "Document",
    "defects_error",
    "open_document",
    "read_commented",
    "read_document",
]


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


MAX_BYTES: Final = 2_000_000
_SHOWN: Final = 12


class Document(BaseModel):
    """Base of the models: unknown keys are defects, values do not change afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


Model = TypeVar("Model", bound=BaseModel)


class _PlainLoader(yaml.SafeLoader):
    """SafeLoader without aliases."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            problem = "aliases (*name) are not read; write the value out"
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=mark)
        return super().compose_node(parent, index)


class Defects:
    """Collector of defects in a document, each with its line, beyond those of the model.

    Parameters
    ----------
    file
        Path of the YAML document, for messages.
    tree
        YAML nodes of the document, which know their lines.
    """

    def __init__(self, file: Path, tree: yaml.Node) -> None:
        self._file = file
        self._tree = tree
        self.found: list[str] = []

    def add(self, where: str, what: str) -> None:
        """Note a defect of the document itself.

        Parameters
        ----------
        where
            The place: keys joined by dots, an item of a list by its ``id`` or number
            (``circles.inner.members.0``).
        what
            What is wrong at that place, as a sentence.
        """
        line = _line(self._tree, tuple(where.split(".")))
        self.found.append(f"line {line}: {where}: {what}")

    def add_file(self, name: str, what: str) -> None:
        """Note a defect of a file that the document names.

        Parameters
        ----------
        name
            The file's name, with its line where that is known.
        what
            What is wrong with the file, as a sentence.
        """
        self.found.append(f"{name}: {what}")

    def raise_any(self) -> None:
        """Raise when anything was noted.

        Raises
        ------
        InputError
            Names the document and every defect.
        """
        if self.found:
            raise defects_error(self._file, list(dict.fromkeys(self.found)))


def read_document(path: str | Path, model: type[Model]) -> Model:
    r"""Read a YAML file and check it against a model.

    Parameters
    ----------
    path
        A regular file in UTF-8, at most 2 MB.
    model
        What the document has to hold: a ``Document``, or a ``RootModel`` of a mapping.

    Returns
    -------
    Model
        The checked content.

    Raises
    ------
    MissingFileError
        When there is no such regular file.
    InputError
        When it is not plain YAML, or breaks the model; every defect is named with its line.

    Examples
    --------
    >>> import tempfile
    >>> class Spot(Document):
    ...     name: str
    ...     lon: float
    >>> file = Path(tempfile.mkdtemp()) / "spot.yaml"
    >>> _ = file.write_text("name: 1\nlat: 39\n")
    >>> read_document(file, Spot)
    Traceback (most recent call last):
    geo.errors.InputError: ...3 defects: line 1: name: Input should be a valid string; ...
    """
    return open_document(path, model)[0]


def open_document(path: str | Path, model: type[Model]) -> tuple[Model, Defects]:
    """Read a YAML file, and keep its lines for what is checked later.

    Parameters
    ----------
    path
        A regular file in UTF-8, at most 2 MB.
    model
        Pydantic model that the document is checked against.

    Returns
    -------
    content : Model
        The checked content.
    defects : Defects
        Empty; for what a model cannot see, such as a reference to nothing.

    Raises
    ------
    MissingFileError
        When there is no such regular file.
    InputError
        As ``read_document``.
    """
    file = Path(path)
    if not file.is_file():
        msg = f"{path}: there is no such file"
        raise MissingFileError(msg)
    tree, content = _parse(file)
    if not isinstance(content, dict):
        msg = f"{file}: the document is not a mapping of keys to values"
        raise InputError(msg)
    defects = _double_keys(tree)
    try:
        made = model.model_validate(content)
    except ValidationError as error:
        defects += [
            f"line {_line(tree, one['loc'])}: {_where(one['loc'])}: {one['msg']}"
            for one in error.errors(include_url=False, include_input=False)
        ]
        raise defects_error(file, defects) from None
    if defects:
        raise defects_error(file, defects)
    return made, Defects(file, tree)


def defects_error(file: str | Path, defects: list[str]) -> InputError:
    """Make one error of all the defects of a file.

    Parameters
    ----------
    file
        Path of the file with the defects.
    defects
        One sentence for each defect.

    Returns
    -------
    InputError
        Names the file, the count and the first dozen.

    Examples
    --------
    >>> str(defects_error("plan.yaml", ["no title", "no units"]))
    'plan.yaml: 2 defects: no title; no units'
    """
    noun = "defect" if len(defects) == 1 else "defects"
    more = f"; and {len(defects) - _SHOWN} more" if len(defects) > _SHOWN else ""
    return InputError(f"{file}: {len(defects)} {noun}: {'; '.join(defects[:_SHOWN])}{more}")


def _parse(file: Path) -> tuple[yaml.Node, object]:
    with file.open("rb") as stream:
        raw = stream.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        msg = f"{file}: larger than {MAX_BYTES:,} bytes, which no such document is"
        raise InputError(msg)
    try:
        loader = _PlainLoader(raw.decode("utf-8-sig"))
        tree = loader.get_single_node()
        if tree is None:
            msg = f"{file}: is empty"
            raise InputError(msg)
        return tree, loader.construct_document(tree)
    except UnicodeDecodeError as error:
        msg = f"{file}: is not UTF-8 (byte {error.start})"
        raise InputError(msg) from None
    except yaml.MarkedYAMLError as error:
        at = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        msg = f"{file}: {at}{error.problem or 'not YAML'}"
        raise InputError(msg) from None
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        if isinstance(error, InputError):
            raise
        msg = f"{file}: is not YAML that can be read ({cause(error)})"
        raise InputError(msg) from None


def _double_keys(tree: yaml.Node) -> list[str]:
    found = []
    todo = [tree]
    while todo:
        node = todo.pop()
        if isinstance(node, yaml.MappingNode):
            seen = set()
            for key, value in node.value:
                if key.value in seen:
                    found.append(f"line {key.start_mark.line + 1}: {key.value} stands twice")
                seen.add(key.value if isinstance(key, yaml.ScalarNode) else id(key))
                todo.append(value)
        elif isinstance(node, yaml.SequenceNode):
            todo += node.value
    return sorted(found)


def _line(tree: yaml.Node, loc: tuple[int | str, ...]) -> int:
    """Return the line of the deepest part of a location that exists in the document."""
    node = tree
    for step in loc:
        below = _below(node, step)
        if below is not None:
            node = below
    return int(node.start_mark.line) + 1


def _below(node: yaml.Node, step: int | str) -> yaml.Node | None:
    """Return the value of a key, the item of that number, or the item with that id."""
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == step), None)
    if not isinstance(node, yaml.SequenceNode):
        return None
    if str(step).isdigit() and int(step) < len(node.value):
        return node.value[int(step)]  # type: ignore[no-any-return]
    named = (one for one in node.value if getattr(_below(one, "id"), "value", None) == step)
    return next(named, None)


def _where(loc: tuple[int | str, ...]) -> str:
    return ".".join(str(step) for step in loc) or "document"
