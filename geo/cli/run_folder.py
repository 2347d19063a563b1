"""The folder of a run in parts: a manifest says whose parts they are, checksums what they held."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from geo.errors import GeoError, OutputError
from geo.write import Outputs

__all__ = ["SUM_SUFFIX", "folder_of_run", "remove_parts"]

SUM_SUFFIX: Final = ".sha256"
"""Of the file beside each part that holds its checksum: one a part, so that workers never share."""

_MANIFEST: Final = "run.json"
_OURS: Final = re.compile(rf"part-\d{{5,}}\.parquet({re.escape(SUM_SUFFIX)})?|run\.json")


@contextmanager
def folder_of_run(folder: Path, text: str, *, overwrite: bool) -> Iterator[None]:
    """Open the folder of a run; when it fails before its first part, leave nothing of it.

    Parameters
    ----------
    folder
        Made when it is missing; may hold parts of a run with the same manifest.
    text
        The manifest: what was asked of which input.
    overwrite
        Replace the parts of another run.

    Raises
    ------
    OutputError
        When the folder holds something else, or cannot be written.
    """
    there = folder.exists()
    _open_folder(folder, text, overwrite=overwrite)
    try:
        yield
    except BaseException:
        if not any(folder.glob("part-*.parquet")):
            with suppress(OSError):
                (folder / _MANIFEST).unlink()
                if not there:
                    folder.rmdir()
        raise


def remove_parts(folder: Path) -> None:
    """Remove the parts in a folder.

    Parameters
    ----------
    folder
        Of a run.
    """
    for one in folder.glob("part-*.parquet*"):
        one.unlink()


def _open_folder(folder: Path, text: str, *, overwrite: bool) -> None:
    """Make the folder, or see that what it holds is of this run."""
    manifest = folder / _MANIFEST
    try:
        folder.mkdir(exist_ok=True)
        held = [one for one in folder.iterdir() if not one.name.startswith(".tmp-jjj-")]
        if held and not (manifest.is_file() and manifest.read_text(encoding="utf-8") == text):
            ours = [one for one in held if _OURS.fullmatch(one.name)]
            if len(ours) < len(held) or not overwrite:
                msg = f"{folder}: holds something else than parts of this run"
                msg += "; --overwrite replaces them" if len(ours) == len(held) else ""
                raise OutputError(msg)
            for one in ours:
                one.unlink()
    except OSError as error:
        if isinstance(error, GeoError):
            raise
        msg = f"{folder}: cannot be written ({error.strerror or error})"
        raise OutputError(msg) from error
    if not manifest.exists():
        with Outputs() as outputs:
            outputs.text(manifest, text)
