r"""What is said on stdout and stderr is UTF-8, whatever the locale: the words are Chinese too.

Under ``LANG=C`` Python would print ``\u5171`` for 共. As git and ripgrep do, UTF-8 is written, and
the terminal shows it. ``PYTHONIOENCODING`` wins: who sets it wants another encoding.
"""

import codecs
import io
import os
import sys
from typing import Final

from geo.errors import readable

__all__ = ["write_utf8"]

_NAMES: Final = "names-of-files"


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
