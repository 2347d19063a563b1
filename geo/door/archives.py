"""A zip file at the door: a workbook, the parts of one shapefile, or refused before it unfolds."""

import shutil
import tempfile
import weakref
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from geo.errors import InputError

__all__ = ["Unpacked", "check_unfolding", "shapefile_in", "unpacked_shapefile"]

_MAX_UNFOLDED: Final = 1 << 30
_MAX_RATIO: Final = 200
_RATIO_FROM: Final = 20 << 20
_PARTS: Final = (".shp", ".shx", ".dbf", ".prj", ".cpg")


@dataclass(frozen=True)
class Unpacked:
    """A private folder that is gone when nobody holds this any more.

    Attributes
    ----------
    folder
        Where it is.
    """

    folder: Path

    def __post_init__(self) -> None:
        weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)


def check_unfolding(items: list[zipfile.ZipInfo], shown: str) -> None:
    """Refuse an archive that unfolds too far.

    Parameters
    ----------
    items
        Its members.
    shown
        What the reader calls it.

    Raises
    ------
    InputError
        Above 1 GiB, or above 20 MiB when it grows more than two hundredfold.
    """
    unfolded = sum(item.file_size for item in items)
    folded = max(1, sum(item.compress_size for item in items))
    if unfolded > _MAX_UNFOLDED or (unfolded > _RATIO_FROM and unfolded / folded > _MAX_RATIO):
        msg = (
            f"{shown}: unfolds from {folded / 2**20:.1f} to {unfolded / 2**20:.0f} MiB; "
            "this is refused as a possible zip bomb, write it as CSV"
        )
        raise InputError(msg)


def shapefile_in(names: list[str], shown: str) -> dict[str, str]:
    """Find the parts of the one shapefile among the members of an archive.

    Parameters
    ----------
    names
        Of the members.
    shown
        What the reader calls the archive.

    Returns
    -------
    dict
        Member by suffix; empty when there is no shapefile.

    Raises
    ------
    InputError
        When there are several.

    Examples
    --------
    >>> shapefile_in(["a/x.SHP", "a/x.dbf", "a/x.shp.xml"], "x.zip")
    {'.shp': 'a/x.SHP', '.dbf': 'a/x.dbf'}
    >>> shapefile_in(["readme.txt"], "x.zip")
    {}
    """
    own = [one for one in names if "__MACOSX" not in one]
    layers = [one for one in own if one.lower().endswith(".shp")]
    if len(layers) > 1:
        listed = ", ".join(PurePosixPath(one).name for one in layers[:4])
        msg = f"{shown}: holds {len(layers)} shapefiles ({listed}); unpack it and give one"
        raise InputError(msg)
    stem = layers[0][: -len(".shp")] if layers else None
    found = {suffix: one for one in own for suffix in _PARTS if one.lower().endswith(suffix)}
    return {key: one for key, one in found.items() if one[: -len(key)] == stem}


def unpacked_shapefile(path: Path, shown: str) -> Unpacked | None:
    """Unpack the parts of the one shapefile in a zip file.

    Parameters
    ----------
    path
        The zip file.
    shown
        What the reader calls it.

    Returns
    -------
    Unpacked or None
        With ``layer.shp`` and its parts, whatever the archive calls them, as long as the object
        lives; None when the archive holds no shapefile.

    Raises
    ------
    InputError
        When it cannot be unpacked, unfolds too far, or holds several shapefiles.
    """
    if not zipfile.is_zipfile(path):
        return None
    try:
        with zipfile.ZipFile(path) as archive:
            parts = shapefile_in(archive.namelist(), shown)
            if not parts:
                return None
            check_unfolding([archive.getinfo(one) for one in parts.values()], shown)
            made = Unpacked(Path(tempfile.mkdtemp(prefix="jjj-")))
            for suffix, member in parts.items():
                target = made.folder / f"layer{suffix}"
                with archive.open(member) as packed, target.open("wb") as file:
                    shutil.copyfileobj(packed, file)
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError) as error:
        msg = f"{shown}: cannot be unpacked ({error})"
        raise InputError(msg) from None
    return made
