"""A file shown to GDAL alone: its own parts under plain names, and nothing else beside it.

GDAL looks beside a file for indexes, side-cars and journals, goes by its suffix, and pyogrio takes
``!`` and ``;`` in a name for an archive's member and an address's parameters, so that another file
would be opened than the one that was looked at. So both get a private folder of links to the parts
that are read, and no more.
"""

import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from geo.door.archives import Unpacked
from geo.errors import InputError

__all__ = ["shown_alone"]

_PARTS: Final[dict[str, tuple[str, ...]]] = {
    ".gpkg": (),
    ".fgb": (),
    ".kml": (),
    ".dxf": (),
    ".gdb": (),
    ".shp": (".shx", ".dbf", ".prj", ".cpg"),
    ".tab": (".dat", ".dbf", ".map", ".id", ".ind"),
    ".mif": (".mid",),
}
_UNSETTLED: Final = ("-wal", "-journal")
_PLAIN: Final = re.compile(r"[\w .-]{1,80}")


def shown_alone(path: Path, suffix: str, shown: str) -> Unpacked:
    """Make a folder of links to the parts of a file, under names that mean nothing to GDAL.

    Parameters
    ----------
    path
        Of a file or folder that GDAL reads.
    suffix
        What it is by its bytes: ``.gpkg``, ``.fgb``, ``.kml``, ``.dxf``, ``.gdb``, ``.shp``,
        ``.tab`` or ``.mif``.
    shown
        What the reader calls it.

    Returns
    -------
    Unpacked
        Lives as long as the object.

    Raises
    ------
    InputError
        When a part is a link to another folder or no regular file, or changes of a database wait
        in a file beside it.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "a!b;c.zip"
    >>> _ = file.write_bytes(b"fgb")
    >>> shown_alone(file, ".fgb", "a").layer.name
    'layer.fgb'
    """
    if suffix == ".gpkg":
        _require_settled(path, shown)
    home = path.resolve().parent
    stem = path.stem if _PLAIN.fullmatch(path.stem) else "layer"
    found = {f"{stem}{suffix}": path.resolve()}
    for part in _PARTS[suffix]:
        for one in _beside(path, part):
            if not one.is_file() or one.resolve().parent != home:
                msg = f"{shown}: its {part} is a link to another place; copy its parts together"
                raise InputError(msg)
            found[f"{stem}{part}"] = one.resolve()
    made = Unpacked(Path(tempfile.mkdtemp(prefix="jjj-")), f"{stem}{suffix}")
    for name, target in found.items():
        _link(made.folder / name, target)
    return made


def _beside(path: Path, suffix: str) -> Iterator[Path]:
    for one in (path.with_suffix(suffix), path.with_suffix(suffix.upper())):
        if one.exists() or one.is_symlink():
            yield one
            return


def _link(place: Path, target: Path) -> None:
    try:
        place.symlink_to(target, target_is_directory=target.is_dir())
    except OSError:  # Windows keeps links from plain users
        if target.is_dir():
            shutil.copytree(target, place)
        else:
            shutil.copyfile(target, place)


def _require_settled(path: Path, shown: str) -> None:
    """Refuse a database of which some changes are in another file still: they would be missed."""
    for suffix in _UNSETTLED:
        beside = path.resolve().with_name(path.resolve().name + suffix)
        if beside.is_symlink() or (beside.exists() and beside.stat().st_size):
            msg = (
                f"{shown}: is being changed, or a change was broken off ({beside.name} beside it); "
                "close it in the program that has it open, or save a copy from there"
            )
            raise InputError(msg)
