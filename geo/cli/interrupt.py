"""Ctrl-C and SIGTERM end a command within two seconds, whatever it is doing.

Python raises ``KeyboardInterrupt`` in the main thread, between two of its instructions. Inside a
callback from C (a compiler's, a destructor) it cannot travel on: it is printed and the program goes
on, deaf. So it is raised again until it is heard. Inside a long call of a C
library (a union of polygons, a file that GDAL reads) it is not raised at all: a thread of its own
waits a little, removes what was staged, says so and ends the process.
"""

import contextlib
import os
import signal
import sys
import threading
import time
from typing import Any, Final, NoReturn

__all__ = ["heard", "heed", "leave_at_once", "tidy", "what_stands"]

_AGAIN_SECONDS: Final = 0.02
_PATIENCE_SECONDS: Final = 1.0
_heard: Final[list[int]] = []


def leave_at_once() -> None:
    """Let Ctrl-C and SIGTERM end the program while it loads, before it has anything to tidy."""
    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
            signal.signal(number, lambda number, _: _end(number))


def heed() -> None:
    """Let SIGINT and SIGTERM raise ``KeyboardInterrupt``, until it is heard.

    A SIGINT that the parent process chose to ignore (``nohup``, ``&`` in a script) stays ignored.
    Call it in the main thread, once.
    """
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, _stop)
    signal.signal(signal.SIGTERM, _stop)
    if hasattr(signal, "SIGALRM"):  # not on Windows
        _start_watch()


def heard() -> int:
    """Return the number of the signal that came, or 0: libraries make other errors of it.

    Returns
    -------
    int
        SIGINT or SIGTERM, or 0.
    """
    return _heard[0] if _heard else 0


def what_stands(number: int) -> str:
    """Say that a signal ended the run, and what it had written by then.

    Parameters
    ----------
    number
        Number of the signal that ended the run.

    Returns
    -------
    str
        Without a dot at its end.

    Examples
    --------
    >>> what_stands(signal.SIGTERM).partition(";")[0]
    'terminated'
    """
    how = "interrupted" if number == signal.SIGINT else "terminated"
    written = sum(path.exists() for path in _writer().published()) if _writer() else 0
    if not written:
        return f"{how}; nothing was written"
    files = "1 file was" if written == 1 else f"{written} files were"
    return f"{how}; {files} written before, whole"


def tidy() -> None:
    """Remove what this run staged and did not publish; the first thread that comes here ends it."""
    if _writer():
        _writer().abandon()


def _writer() -> Any:
    """Return ``geo.write`` when this run came so far as to load it."""
    return sys.modules.get("geo.write")


def _stop(number: int, _: object) -> None:
    if not _heard:  # a second one must not break off the tidying that the first began
        _heard.append(number)
        _raise()


def _raise(*_: object) -> NoReturn:
    """Raise ``KeyboardInterrupt`` for SIGTERM too: C that prints a ``SystemExit`` exits with it."""
    sys.unraisablehook = lambda lost: _again(lost.exc_type)
    sys.excepthook = lambda kind, *_: _again(kind)  # what C prints and drops comes here
    if hasattr(signal, "SIGALRM"):
        signal.signal(signal.SIGALRM, _raise)
    raise KeyboardInterrupt


def _again(lost: type[BaseException]) -> None:
    """Raise a lost interrupt again soon; whatever else breaks in its wake is not worth a word."""
    if issubclass(lost, KeyboardInterrupt) and hasattr(signal, "SIGALRM"):
        signal.setitimer(signal.ITIMER_REAL, _AGAIN_SECONDS)


def _start_watch() -> None:
    """Let the C part of Python's handler, which no library delays, wake a thread."""
    import fcntl  # not on Windows

    with contextlib.suppress(OSError, RuntimeError):  # no more files or threads: run without
        ends = os.pipe()
        # where 0 or 1 is closed a pipe would get its number, and what libraries print
        told, tells = (fcntl.fcntl(one, fcntl.F_DUPFD_CLOEXEC, 3) for one in ends)
        for one in ends:
            os.close(one)
        os.set_blocking(tells, False)
        signal.set_wakeup_fd(tells, warn_on_full_buffer=False)
        os.register_at_fork(after_in_child=_forget)
        threading.Thread(target=_watch, args=(told,), name="interrupts", daemon=True).start()


def _forget() -> None:
    """Leave a child to itself: a signal that it gets is none of its parent's."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if signal.getsignal(signal.SIGINT) is _stop:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _watch(told: int) -> None:
    number = 0
    while number not in (signal.SIGINT, signal.SIGTERM):
        number = os.read(told, 1)[0]
    time.sleep(_PATIENCE_SECONDS)
    tidy()
    _end(number)


def _end(number: int) -> NoReturn:
    with contextlib.suppress(OSError):
        os.write(2, f"jjj: {what_stands(number)}\n".encode())
    os._exit(128 + number)
