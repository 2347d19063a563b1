r"""What is said on stdout and stderr is UTF-8, whatever the locale: the words are Chinese too.

Under ``LANG=C`` Python would print ``\u5171`` for 共. As git and ripgrep do, UTF-8 is written, and
the terminal shows it. ``PYTHONIOENCODING`` wins: who sets it wants another encoding.
"""

import codecs
import io
import os
import sys
import unicodedata
from typing import Final

import typer

from geo.errors import readable

__all__ = ["printable", "say", "write_utf8"]

_NAMES: Final = "names-of-files"
_UNSHOWN: Final = ("Cc", "Cf", "Cs", "Co")


def write_utf8() -> None:
    """Let stdout and stderr write UTF-8, and show names of files as they are on disk."""
    if os.environ.get("PYTHONIOENCODING"):
        return
    codecs.register_error(_NAMES, _written)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors=_NAMES)


def _written(error: UnicodeError) -> tuple[str | bytes, int]:
    """Write surrogates as the signs that they are bytes of, by their number when of none."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    shown = readable(error.object[error.start : error.end])
    return shown.encode("utf-8", "backslashreplace"), error.end


def printable(text: str) -> str:
    r"""Show the control signs of a text, which a terminal would obey, as Python writes them.

    Parameters
    ----------
    text
        May hold names of files, columns and rows.

    Returns
    -------
    str
        Line ends are kept.

    Examples
    --------
    >>> printable("\x1b[31m\n\u202egnp")
    '\\x1b[31m\n\\u202egnp'
    """
    return "".join(
        repr(sign)[1:-1] if sign != "\n" and unicodedata.category(sign) in _UNSHOWN else sign
        for sign in readable(text)
    )


def say(text: str) -> None:
    """Say a line on stderr that may hold names of a file's.

    Parameters
    ----------
    text
        One or several lines.
    """
    typer.echo(printable(text), err=True)
