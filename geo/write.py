"""Every output whole or not at all, and all the outputs of one run together.

Nothing else in the project opens a file for writing. A run stages each result in a private folder
beside its target, reads it back, and only when every result is good are they moved into place,
one atomic rename each. If anything fails or the run is interrupted before that, what stood at the
targets stays as it was; if a rename fails half way, the ones already done are undone. What a run
has staged is known to the whole process, so that another thread can end it (``geo.cli.interrupt``).
"""

import contextlib
import hashlib
import os
import secrets
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from geo.errors import OutputError

__all__ = ["STDOUT", "Check", "Fill", "Outputs", "abandon", "published"]

Fill = Callable[[Path], None]
"""Writes one whole result to the path it is given."""
Check = Callable[[Path], None]
"""Reads a written result back and raises ``OutputError`` when it is not whole."""

STDOUT: Final = "-"
_PREFIX: Final = ".tmp-jjj-"
_STALE_SECONDS: Final = 86_400
_TRIES: Final = 5
_REFUSED: Final = ("/vsi", "/dev/", "/proc/", "http://", "https://", "ftp://", "s3://")

_publishing = threading.Lock()
_live: Final[dict[Path, None]] = {}
"""Folders of runs that have not ended: private ones, and those made for their targets."""
_published: Final[list[Path]] = []


def published() -> list[Path]:
    """Return the files that this process has put in place.

    Returns
    -------
    list of Path
        In their order; some may have been removed since.
    """
    return list(_published)


def abandon() -> None:
    """Remove what has been staged, for a process that ends at once; nothing is published after it.

    Renames that have begun are waited for.
    """
    _publishing.acquire()  # and never released
    for folder in reversed(list(_live)):
        if folder.name.startswith(_PREFIX):
            _remove(folder)
        else:
            with contextlib.suppress(OSError):
                folder.rmdir()


def _remove(folder: Path) -> None:
    """Remove a private folder, into which a library may be writing still."""
    for _ in range(_TRIES):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            _live.pop(folder, None)
            return


@dataclass(frozen=True)
class _Staged:
    target: Path | None  # None is stdout
    temporary: Path


class Outputs:
    r"""The outputs of one run, published together when the block ends well.

    Parameters
    ----------
    overwrite
        Whether a file that is already there may be replaced.
    make_folders
        Whether missing folders of targets are made; they are removed again if the run fails.

    Raises
    ------
    OutputError
        When a target exists and may not be replaced, its folder is missing or cannot be written,
        two outputs have one target, or a written result does not read back as it should.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> with Outputs() as outputs:
    ...     outputs.text(folder / "a.txt", "one\n")
    ...     outputs.text(folder / "b.txt", "two\n")
    >>> sorted(path.name for path in folder.iterdir())
    ['a.txt', 'b.txt']
    """

    def __init__(self, *, overwrite: bool = False, make_folders: bool = False) -> None:
        self._overwrite = overwrite
        self._make_folders = make_folders
        self._made: list[Path] = []
        self._staged: list[_Staged] = []
        self._folders: dict[Path, Path] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        whole = False
        try:
            if kind is None:
                with _uninterrupted():
                    self._publish()
                    whole = True
                self._print()
        finally:
            for folder in self._folders.values():
                _remove(folder)
            for folder in reversed(self._made):
                if not whole:
                    with contextlib.suppress(OSError):
                        folder.rmdir()
                _live.pop(folder, None)

    @property
    def targets(self) -> list[Path]:
        """The files that will be written, in the order they were staged."""
        return [one.target for one in self._staged if one.target is not None]

    def add(self, target: str | Path, fill: Fill, check: Check | None = None) -> None:
        """Stage a result that a function writes.

        Parameters
        ----------
        target
            Where it will stand; ``"-"`` is standard output.
        fill
            Writes the whole result to a path with the target's suffix.
        check
            Reads it back; by default the file only has to exist.

        Raises
        ------
        OutputError
            When the target is not to be had, or the check finds the result not whole.
        """
        place = None if str(target) == STDOUT else self._accept(target)
        temporary = self._room(place) / f"{len(self._staged)}{''.join(_suffixes(place))}"
        try:
            fill(temporary)
            if check is not None:
                check(temporary)
            _flush_to_disk(temporary)
        except OSError as error:
            if isinstance(error, OutputError):
                raise
            msg = f"{place or 'standard output'}: cannot be written ({error.strerror or error})"
            raise OutputError(msg) from error
        self._staged.append(_Staged(place, temporary))

    def data(self, target: str | Path, content: bytes) -> None:
        """Stage bytes, and read them back.

        Parameters
        ----------
        target
            Where they will stand.
        content
            The whole file.

        Raises
        ------
        OutputError
            When the target is not to be had, or the bytes read back differ.
        """
        wanted = hashlib.sha256(content).digest()

        def check(path: Path) -> None:
            if hashlib.sha256(path.read_bytes()).digest() != wanted:
                msg = f"{target}: what was written does not read back"
                raise OutputError(msg)

        self.add(target, lambda path: _write(path, content), check)

    def text(self, target: str | Path, content: str) -> None:
        """Stage a text as UTF-8 with the line ends it has.

        Parameters
        ----------
        target
            Where it will stand.
        content
            The whole text.

        Raises
        ------
        OutputError
            When the target is not to be had, or the text does not read back.
        """
        self.data(target, content.encode("utf-8"))

    def _accept(self, target: str | Path) -> Path:
        shown = str(target)
        if shown.startswith(_REFUSED):
            msg = f"{shown}: only regular files are written"
            raise OutputError(msg)
        try:
            place = Path(target).expanduser().resolve()
            if self._make_folders:
                self._make(place.parent)
            if place.is_dir():
                msg = f"{shown}: is a folder"
            elif not place.parent.is_dir():
                msg = f"{shown}: the folder {place.parent} does not exist"
            elif place.exists() and not place.is_file():
                msg = f"{shown}: is not a regular file"
            elif place.exists() and not self._overwrite:
                msg = f"{shown}: exists already; --overwrite replaces it"
            elif any(one.target == place for one in self._staged):
                msg = f"{shown}: two outputs of this run would be the same file"
            else:
                return place
        except (OSError, ValueError, RuntimeError) as error:
            msg = f"{shown}: not a path that can be written ({error})"
        raise OutputError(msg)

    def _make(self, folder: Path) -> None:
        for one in reversed([folder, *folder.parents]):
            if not one.exists():
                _live[one] = None
                self._made.append(one)
                one.mkdir()

    def _room(self, place: Path | None) -> Path:
        """Return the private folder beside a target, so that the rename stays on one disk."""
        parent = Path(tempfile.gettempdir()) if place is None else place.parent
        if parent not in self._folders:
            try:
                _sweep(parent)
                private = parent / f"{_PREFIX}{secrets.token_hex(8)}"
                self._folders[parent] = private
                _live[private] = None  # before it is there: an interrupt may come between
                private.mkdir(mode=0o700)
            except OSError as error:
                msg = f"{parent}: cannot be written ({error.strerror or error})"
                raise OutputError(msg) from error
        return self._folders[parent]

    def _publish(self) -> None:
        done: list[tuple[Path, Path | None]] = []
        try:
            for one in self._staged:
                if one.target is not None:
                    former = _replace(one, overwrite=self._overwrite)
                    done.append((one.target, former))
        except OSError as error:
            for target, former in reversed(done):
                _undo(target, former)
            if isinstance(error, OutputError):
                raise
            msg = f"{error.filename2 or error.filename}: cannot be replaced ({error.strerror})"
            raise OutputError(msg) from error
        _published.extend(target for target, _ in done)
        for folder in self._made:
            _live.pop(folder, None)
        for folder in {target.parent for target, _ in done}:
            _flush_folder(folder)

    def _print(self) -> None:
        """Copy what goes to stdout, whose reader may take its time: this may be interrupted."""
        for one in self._staged:
            if one.target is None:
                _to_stdout(one.temporary)


def _suffixes(place: Path | None) -> list[str]:
    return [] if place is None else place.suffixes[-1:]


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)


def _flush_to_disk(path: Path) -> None:
    mask = os.umask(0)
    os.umask(mask)
    path.chmod(0o666 & ~mask)
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    with contextlib.suppress(OSError):  # some file systems cannot sync a folder
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _replace(one: _Staged, *, overwrite: bool) -> Path | None:
    """Move a result into place; return where the former file is kept until all are done."""
    target = one.target
    if target is None:  # pragma: no cover - guarded by the caller
        return None
    former = None
    if target.exists():
        if not overwrite:
            msg = f"{target}: appeared while this ran; --overwrite replaces it"
            raise OutputError(msg)
        former = one.temporary.with_name(f"former-{one.temporary.name}")
        try:
            os.link(target, former)
        except OSError:  # a file system without hard links
            shutil.copy2(target, former)
    one.temporary.replace(target)
    return former


def _undo(target: Path, former: Path | None) -> None:
    with contextlib.suppress(OSError):
        if former is None:
            target.unlink()
        else:
            former.replace(target)


def _sweep(parent: Path) -> None:
    """Remove what a killed run left more than a day ago; never a running one's."""
    for left in parent.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > _STALE_SECONDS:
                shutil.rmtree(left, ignore_errors=True)


def _to_stdout(path: Path) -> None:
    if sys.stdout is None:
        msg = "standard output is closed"
        raise OutputError(msg)
    try:
        with path.open("rb") as file:
            shutil.copyfileobj(file, sys.stdout.buffer)
        sys.stdout.flush()
    except BrokenPipeError:
        # the reader has what it wanted (| head); nothing is lost on disk
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold back Ctrl-C and SIGTERM for the few milliseconds of the renames.

    The system may hand a signal to any thread, and Python's handler runs in the main thread all the
    same: so it is the handler that is changed, not the thread's mask.
    """
    with _publishing:
        if threading.current_thread() is not threading.main_thread():
            yield  # where Python raises no interrupt
            return
        came: list[int] = []
        before = {number: signal.getsignal(number) for number in _held()}
        try:
            for number in before:
                signal.signal(number, lambda number, _: came.append(number))
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, signal.SIG_DFL if handler is None else handler)
    for number in came[:1]:
        signal.raise_signal(number)


def _held() -> list[int]:
    repeats = [signal.SIGALRM] if hasattr(signal, "SIGALRM") else []  # one that was lost
    return [signal.SIGINT, signal.SIGTERM, *repeats]
