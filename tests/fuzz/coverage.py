"""Which lines of the readers ran: a tracer for the files of ``geo/door`` and nothing else."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import geo.door

__all__ = ["Lines"]

ENOUGH = 3_000
FOLDER = str(Path(geo.door.__file__).parent)


class Lines:
    """Counts the lines within functions that ran while this was entered."""

    def __init__(self) -> None:
        self.ran: dict[str, set[int]] = {}
        self.calls: dict[CodeType, int] = {}

    def __enter__(self) -> "Lines":
        sys.settrace(self._call)
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(None)

    def _call(self, frame: FrameType, _event: str, _: Any) -> Any:
        code = frame.f_code
        if not code.co_filename.startswith(FOLDER):
            return None
        calls = self.calls[code] = self.calls.get(code, 0) + 1
        if calls > ENOUGH:  # of a loop over cells; what later calls run is not counted
            return None
        ran = self.ran.setdefault(code.co_filename, set())
        add = ran.add

        def line(frame: FrameType, event: str, _: Any) -> Any:
            if event == "line":
                add(frame.f_lineno)
            return line

        add(frame.f_lineno)
        return line

    def shares(self) -> dict[str, tuple[int, int, list[int]]]:
        """Return, by module, how many lines ran, how many there are, and those that did not."""
        found = {}
        for path in sorted(Path(FOLDER).glob("*.py")):
            code = compile(path.read_text("utf-8"), str(path), "exec")
            there = set(_lines(code))
            ran = self.ran.get(str(path), set()) & there
            if there:
                found[path.stem] = (len(ran), len(there), sorted(there - ran))
        return found


def _lines(code: CodeType) -> Iterator[int]:
    """Yield the lines of functions; what runs at import is no sign that a reader was reached."""
    is_function = bool(code.co_flags & 0x2)  # CO_NEWLOCALS: neither a module nor a class
    is_stub = not code.co_names and code.co_consts in ((None,), (None, ...))  # an overload
    if is_function and not is_stub:
        yield from (line for _, _, line in code.co_lines() if line is not None)
    for inside in code.co_consts:
        if isinstance(inside, CodeType):
            yield from _lines(inside)
