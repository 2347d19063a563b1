"""Atomic writing: every output whole or not at all, all outputs of a run together.

Nothing else in the project opens a file for writing. A run stages each result in a private folder
beside its target, reads it back, and only when every result is good are they moved into place,
one atomic rename each. If anything fails or the run is interrupted before that, what stood at the
targets stays as it was; if a rename fails half way, the ones already done are undone.

A result may be one file, a set of files with one name and several suffixes (a shapefile), or a
folder (a file geodatabase). A set is replaced as a whole: parts of the former one that the new one
lacks are removed. A folder that is replaced is moved away first, since two folders cannot change
places in one step; should the machine stop between the two, it is in ``.tmp-jjj-…`` beside its
target, which is then never swept.

What a run has staged is known to the whole process, so that another thread can end it
(``geo.cli.interrupt``).
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
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from pyproj import CRS

from geo.errors import OutputError

__all__ = ["STDOUT", "Check", "Fill", "Outputs", "abandon", "published"]

Fill = Callable[[Path], None]
"""Writes one whole result to the path it is given."""
Check = Callable[[Path], None]
"""Reads a written result back and raises ``OutputError`` when it is not whole."""

STDOUT: Final = "-"
_PREFIX: Final = ".tmp-jjj-"
_LONGEST_NAME: Final = 255  # bytes, on the file systems of today
_FORMER: Final = "former-"
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
    """Remove staged files before the process is killed; nothing is published afterwards.

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
    gone: bool = False  # nothing was written: what stands at the target is removed
    replaceable: Callable[[Path], bool] | None = None  # of a folder


class Outputs:
    r"""The outputs of one run, published together when the block ends well.

    Parameters
    ----------
    overwrite
        Whether a file that is already there may be replaced.
    make_folders
        Whether missing folders of targets are made; they are removed again if the run fails.
    encoding
        Of the texts of those results whose format has a choice (``geo.formats``).
    metres
        The projection of those results whose format needs metres; None leaves it to the format.

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

    def __init__(
        self,
        *,
        overwrite: bool = False,
        make_folders: bool = False,
        encoding: str = "UTF-8",
        metres: CRS | None = None,
    ) -> None:
        self.encoding = encoding
        self.metres = metres
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
        return [one.target for one in self._staged if one.target is not None and not one.gone]

    def add(self, target: str | Path, fill: Fill, check: Check | None = None) -> None:
        """Stage a result that a function writes.

        Parameters
        ----------
        target
            Path of the output file, or ``"-"`` for standard output.
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
        self._staged.append(self._fill(place, fill, check))

    def add_set(
        self, target: str | Path, fill: Fill, check: Check | None = None, *, beside: Iterable[str]
    ) -> None:
        """Stage a result of several files that stand beside each other.

        Parameters
        ----------
        target
            Path of the main output file; not standard output.
        fill
            Writes the main file to the path it is given, and others with the same stem.
        check
            Reads the set back.
        beside
            Suffixes, in small letters, of all files that belong to such a set; those that are
            not written are removed when the set is published.

        Raises
        ------
        OutputError
            When one of the files is not to be had, or the check finds the set not whole.
        """
        place = self._accept(target)
        parts = self._parts(place, tuple(beside))
        main = self._fill(place, fill, check)
        for number, (suffix, one) in enumerate(parts):
            temporary = main.temporary.with_suffix(suffix or f".{number}")
            written = temporary.exists()
            if written:
                _flush_to_disk(temporary)
            self._staged.append(_Staged(one, temporary, gone=not written))
        self._staged.append(main)  # last: a reader that finds it finds its parts

    def add_folder(
        self,
        target: str | Path,
        fill: Fill,
        check: Check | None = None,
        *,
        replaceable: Callable[[Path], bool],
    ) -> None:
        """Stage a result that is a folder.

        Parameters
        ----------
        target
            Path of the output folder; not standard output.
        fill
            Makes the folder at the path it is given.
        check
            Reads the folder back and raises when it is not whole; None checks nothing.
        replaceable
            Tells whether a folder that stands there is such a result and nothing else; only
            that is ever replaced.

        Raises
        ------
        OutputError
            When the target is not to be had, or the check finds the result not whole.
        """
        place = self._accept(target, replaceable)
        made = self._fill(place, fill, check)
        self._staged.append(_Staged(place, made.temporary, replaceable=replaceable))

    def _fill(self, place: Path | None, fill: Fill, check: Check | None) -> _Staged:
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
        return _Staged(place, temporary)

    def data(self, target: str | Path, content: bytes) -> None:
        """Stage bytes, and read them back.

        Parameters
        ----------
        target
            Path of the output file.
        content
            All bytes of the file.

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
            Path of the output file.
        content
            The whole text of the file.

        Raises
        ------
        OutputError
            When the target is not to be had, or the text does not read back.
        """
        self.data(target, content.encode("utf-8"))

    def _accept(
        self, target: str | Path, replaceable: Callable[[Path], bool] | None = None
    ) -> Path:
        shown = str(target)
        if shown.startswith(_REFUSED):
            msg = f"{shown}: only regular files are written"
            raise OutputError(msg)
        try:
            place = Path(target).expanduser().resolve()
            if self._make_folders:
                self._make(place.parent)
            wrong = _unlike(place, replaceable)
            if wrong is None and not place.parent.is_dir():
                wrong = f"the folder {place.parent} does not exist"
            wrong = wrong or self._taken(place)
        except (OSError, ValueError, RuntimeError) as error:
            wrong = f"not a path that can be written ({error})"
        if wrong is not None:
            msg = f"{shown}: {wrong}"
            raise OutputError(msg)
        return place

    def _parts(self, place: Path, suffixes: tuple[str, ...]) -> list[tuple[str, Path]]:
        """Return suffixes and places of a set's other files, when all of them are to be had."""
        try:
            parts = _siblings(place, suffixes)
            wrong = [
                f"{one}: {reason}"
                for _, one in parts
                if (reason := "is a link" if one.is_symlink() else _unlike(one, None))
                or (reason := self._taken(one))
            ]
        except OSError as error:
            wrong = [f"{place.parent}: cannot be read ({error.strerror})"]
        if wrong:
            raise OutputError(wrong[0])
        return parts

    def _taken(self, place: Path) -> str | None:
        if place.exists() and not self._overwrite:
            return "exists already; --overwrite replaces it"
        if any(one.target == place for one in self._staged):
            return "two outputs of this run would be the same file"
        return None

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
        done: list[_Done] = []
        try:
            for one in self._staged:
                if one.target is not None:
                    _replace(one, done, overwrite=self._overwrite)
        except OSError as error:
            self._take_back(done)
            if isinstance(error, OutputError):
                raise
            msg = f"{error.filename2 or error.filename}: cannot be replaced ({error.strerror})"
            raise OutputError(msg) from error
        _published.extend(one.target for one in done)
        for folder in self._made:
            _live.pop(folder, None)
        for folder in {one.target.parent for one in done}:
            _flush_folder(folder)

    def _print(self) -> None:
        """Copy what goes to stdout, whose reader may take its time: this may be interrupted."""
        for one in self._staged:
            if one.target is None:
                _to_stdout(one.temporary)

    def _take_back(self, done: list["_Done"]) -> None:
        """Undo what was published; what cannot be put back is kept where it is and reported."""
        lost = [one for one in reversed(done) if not _undo(one)]
        kept = [one.former for one in lost if one.former is not None]
        for former in kept:
            _live.pop(former.parent, None)  # another thread that ends the run keeps it too
            self._folders = {
                parent: room for parent, room in self._folders.items() if room != former.parent
            }
        if kept:
            msg = f"what stood there is now {', '.join(map(str, kept))}"
            raise OutputError(msg)


@dataclass(frozen=True)
class _Done:
    target: Path
    former: Path | None  # what stood there before
    folder: bool


def _suffixes(place: Path | None) -> list[str]:
    return [] if place is None else [place.suffix.lower()]  # GDAL knows its own in small letters


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)


def _unlike(place: Path, replaceable: Callable[[Path], bool] | None) -> str | None:
    """Say what is wrong with what stands at a target, whatever may be replaced."""
    if place.is_dir():
        if replaceable is None:
            return "is a folder"
        return None if replaceable(place) else "is a folder that holds something else"
    return "is not a regular file" if place.exists() and not place.is_file() else None


def _siblings(place: Path, suffixes: tuple[str, ...]) -> list[tuple[str, Path]]:
    """Return the files of a set by suffix; without one, those whose suffix is in other letters."""
    usual = [(suffix, place.with_name(f"{place.stem}{suffix}")) for suffix in suffixes]
    usual = [(suffix, one) for suffix, one in usual if len(os.fsencode(one.name)) <= _LONGEST_NAME]
    known = {place, *(one for _, one in usual)}
    other = [
        ("", one)
        for one in sorted(place.parent.iterdir())
        if one.name.startswith(place.stem)
        and one.name[len(place.stem) :].lower() in suffixes
        and one not in known
    ]
    return usual + other


def _flush_to_disk(path: Path) -> None:
    mask = os.umask(0)
    os.umask(mask)
    if path.is_dir():
        for one in path.iterdir():
            _flush_to_disk(one)
        path.chmod(0o777 & ~mask)
        _flush_folder(path)
        return
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


def _replace(one: _Staged, done: list[_Done], *, overwrite: bool) -> None:
    """Move a result into place, and note where what stood there is kept until all are done."""
    target, folder = one.target, one.replaceable is not None
    if target is None:  # pragma: no cover - guarded by the caller
        return
    former = None
    if target.exists():
        wrong = _unlike(target, one.replaceable) if folder else None
        if wrong or not overwrite:
            msg = f"{target}: {wrong or 'appeared while this ran; --overwrite replaces it'}"
            raise OutputError(msg)
        former = one.temporary.with_name(f"{_FORMER}{one.temporary.name}")
        if folder or one.gone:
            target.rename(former)
            done.append(_Done(target, former, folder))
        else:
            _keep(target, former)
    if one.gone:
        return
    one.temporary.replace(target)
    if not folder or former is None:
        done.append(_Done(target, former, folder))


def _keep(target: Path, former: Path) -> None:
    try:
        os.link(target, former)
    except OSError:  # a file system without hard links
        shutil.copy2(target, former)


def _undo(one: _Done) -> bool:
    """Put back what stood at a target; tell whether that could be done."""
    try:
        if one.folder and one.target.exists():
            shutil.rmtree(one.target)
        if one.former is not None:
            one.former.replace(one.target)
        elif not one.folder:
            one.target.unlink()
    except OSError:
        return False
    return True


def _sweep(parent: Path) -> None:
    """Remove what a killed run left more than a day ago; never a running one's."""
    for left in parent.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            if any(one.is_dir() for one in left.glob(f"{_FORMER}*")):
                continue  # a folder that was moved away and is nowhere else
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
