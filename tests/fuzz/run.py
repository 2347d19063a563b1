"""Drives a worker through mutations, takes it up again when it dies, and keeps what failed."""

import contextlib
import hashlib
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from .corpus import WHEN

__all__ = ["FOUND", "Driver", "kept_cases", "save"]

FOUND: Final = Path(__file__).parent / "found"
SECONDS: Final = 60.0  # of the clock, on a machine that others use
_START: Final = 60.0
_ROOT: Final = Path(__file__).parents[2]
_PATHS: Final = (_ROOT, _ROOT / "tests", _ROOT / "tests" / "door")


class Driver:
    """A worker that is started anew after each crash or hang."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> "Driver":
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def ask(self, task: dict[str, Any]) -> dict[str, Any]:
        """Send a task; a worker that dies or hangs is itself what was found."""
        process = self._process or self._started()
        assert process.stdin and process.stdout
        try:
            process.stdin.write(json.dumps(task) + "\n")
            process.stdin.flush()
        except BrokenPipeError:
            return self._dead("died")
        ready, _, _ = select.select([process.stdout], [], [], SECONDS)
        if not ready:
            process.kill()
            return self._dead(f"hangs for more than {SECONDS:.0f} s")
        line = process.stdout.readline()
        if not line:
            code = process.wait()
            return self._dead(f"died of {signal.Signals(-code).name if code < 0 else code}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _started(self) -> subprocess.Popen[str]:
        self._folder = tempfile.TemporaryDirectory(prefix="fuzz-")
        paths = os.pathsep.join((*map(str, _PATHS), os.environ.get("PYTHONPATH", "")))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "fuzz.worker", self._folder.name],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONPATH": paths, "PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1"},
        )  # fmt: skip
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write('{"do": "names"}\n')
        self._process.stdin.flush()
        ready, _, _ = select.select([self._process.stdout], [], [], _START)
        line = self._process.stdout.readline() if ready else ""
        if not line:
            self._end()
            msg = "the worker does not start"
            raise RuntimeError(msg)
        self.names: list[str] = json.loads(line)["names"]
        return self._process

    def _dead(self, how: str) -> dict[str, Any]:
        self._end()
        return {"found": [how], "reached": True, "files": {}}

    def _end(self) -> None:
        if self._process is not None:
            assert self._process.stdin and self._process.stdout
            self._process.kill()
            self._process.wait()
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.close()
            self._process.stdout.close()
        if self._folder is not None:
            self._folder.cleanup()
        self._process = self._folder = None

    def corpus(self) -> list[str]:
        """Return the names of the samples."""
        if self._process is None:
            self._started()
        return self.names


def save(answer: dict[str, Any], folder: Path) -> Path:
    """Keep a case as a zip file whose comment says which file is the main one."""
    files = {name: bytes.fromhex(one) for name, one in answer["files"].items()}
    digest = hashlib.sha256(repr(sorted(files.items())).encode()).hexdigest()[:8]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{answer['name']}-{digest}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            item = zipfile.ZipInfo(name, WHEN)
            item.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(item, content, compresslevel=9)
        archive.comment = json.dumps({"main": answer["main"], "how": answer["how"]}).encode()
    return path


def kept_cases(folder: Path = FOUND) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the cases of a folder: name, and the task that judges it again."""
    for path in sorted(folder.glob("*.zip")):
        with zipfile.ZipFile(path) as archive:
            said = json.loads(archive.comment)
            files = {one: archive.read(one).hex() for one in archive.namelist()}
        yield path.stem, {"do": "judge", "name": path.stem, "files": files, **said}
