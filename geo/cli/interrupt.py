"""Ctrl-C and SIGTERM end a command, also where a library loses the exception that they raise.

Python raises ``KeyboardInterrupt`` wherever the program is. Inside a callback from C (a compiler's,
a destructor) it cannot travel on: Python prints "Exception ignored" and the program goes on, deaf.
Here it is raised again shortly after, until it is heard.
"""

import signal
import sys
from typing import Any, Final, NoReturn

__all__ = ["heed"]

_AGAIN_SECONDS: Final = 0.02


def heed() -> None:
    """Let SIGINT raise ``KeyboardInterrupt`` and SIGTERM ``SystemExit``, until one is heard.

    A SIGINT that the parent process chose to ignore (``nohup``, ``&`` in a script) stays ignored.
    Call it in the main thread, once.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _stop)
    signal.signal(signal.SIGTERM, _stop)


def _stop(number: int, _: object) -> NoReturn:
    def lost(what: Any) -> None:  # and whatever breaks in its wake is not worth a word
        if issubclass(what.exc_type, KeyboardInterrupt | SystemExit) and hasattr(signal, "SIGALRM"):
            signal.setitimer(signal.ITIMER_REAL, _AGAIN_SECONDS)

    sys.unraisablehook = lost
    if hasattr(signal, "SIGALRM"):
        signal.signal(signal.SIGALRM, lambda _, frame: _stop(number, frame))
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    raise SystemExit(128 + number)
