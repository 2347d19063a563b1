"""Errors of libraries as one line that names the file, wrapped where the library is called."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

from geo.errors import CRSError, GeoError, InputError

__all__ = ["cause", "listed", "named", "reading"]

_LONGEST: Final = 200
_OURS: Final = re.compile(r"/[^\s']*/jjj-[a-z0-9_]{8}/")  # a private folder tells nobody anything
_LONGEST_NAME: Final = 40
_LONGEST_LIST: Final = 300


@contextmanager
def reading(name: str, what: str, hint: str = "") -> Iterator[None]:
    """Turn whatever a library raises while it reads a file into an error that names the file.

    Parameters
    ----------
    name
        Name of the file as the user gave it, for messages.
    what
        What it was read as, with its article: ``"a GeoPackage"``.
    hint
        What the user can do, appended to the message.

    Yields
    ------
    None
        Nothing; the block calls the library.

    Raises
    ------
    InputError
        For every failure but our own errors, want of memory and interruptions.

    Examples
    --------
    >>> with reading("a.gpkg", "a GeoPackage"):
    ...     raise RuntimeError("file is not a database")
    Traceback (most recent call last):
    geo.errors.InputError: a.gpkg: cannot be read as a GeoPackage (file is not a database)
    """
    try:
        yield
    except (GeoError, MemoryError, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:
        # a panic of a Rust library is no Exception; whatever else is none goes its own way
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        advice = f"; {hint}" if hint else ""
        msg = f"{name}: cannot be read as {what} ({cause(error)}){advice}"
        raise InputError(msg) from error


def cause(error: BaseException) -> str:
    r"""Return what a library says was wrong, short enough for one line.

    Parameters
    ----------
    error
        An exception of any library.

    Returns
    -------
    str
        Its first line, at most 200 characters, control characters escaped; the class of the
        exception where it has no text.

    Examples
    --------
    >>> cause(ValueError("bad\nmore")), cause(ValueError("a\tb")), cause(KeyError())
    ('bad', 'a\\tb', 'KeyError')
    """
    lines = str(error).strip().splitlines()
    text = _OURS.sub("", lines[0].strip()) if lines else ""
    shown = "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text[:_LONGEST])
    return (shown or type(error).__name__)[:_LONGEST]


def listed(names: Iterable[str]) -> str:
    """Return names of a file in quotes, as many as a line has room for.

    Parameters
    ----------
    names
        Of columns, sheets or layers, as long and as many as the file has them.

    Returns
    -------
    str
        With an ellipsis for what is left out.

    Examples
    --------
    >>> listed(["lon", "lat"]), listed(["x" * 60])
    ("'lon', 'lat'", "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…'")
    """
    shown = ""
    for name in names:
        cut = name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"
        more = f"{', ' if shown else ''}{cut!r}"
        if len(shown) + len(more) > _LONGEST_LIST:
            return f"{shown} …"
        shown += more
    return shown


@contextmanager
def named(name: str) -> Iterator[None]:
    """Put the file's name before the message of an error of ours that lacks it.

    Parameters
    ----------
    name
        Name of the file as the user gave it, for messages.

    Yields
    ------
    None
        Nothing; the block reads from the file.

    Raises
    ------
    GeoError
        The block's own, with the name.
    """
    try:
        yield
    except GeoError as error:
        if str(error).startswith(name):
            raise
        made = CRSError if isinstance(error, CRSError) else InputError
        msg = f"{name}: {error}"
        raise made(msg) from error
