"""A zip file at the door: a workbook, one packed layer, or refused before it unfolds."""

import io
import shutil
import tempfile
import weakref
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final, Literal

from geo.door.faults import reading
from geo.errors import InputError

__all__ = ["Unpacked", "book_kind", "check_unfolding", "shapefile_in", "unpacked_layer"]

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
    name
        Of the layer in it.
    """

    folder: Path
    name: str

    def __post_init__(self) -> None:
        weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)

    @property
    def layer(self) -> Path:
        """The file or folder to open."""
        return self.folder / self.name


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


def book_kind(file: Path | io.BytesIO, shown: str) -> Literal["xlsx", "ods"] | None:
    """Tell whether a zip file is a workbook, and refuse one that unfolds too far.

    Parameters
    ----------
    file
        The archive.
    shown
        What the reader calls it.

    Returns
    -------
    str or None
        ``xlsx`` (Office Open XML), ``ods`` (OpenDocument), or None for any other archive.

    Raises
    ------
    InputError
        When it is no whole archive, or a workbook that unfolds too far.
    """
    try:
        with zipfile.ZipFile(file) as book:
            items = book.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        msg = f"{shown}: is not a whole archive or workbook ({error})"
        raise InputError(msg) from None
    names = {item.filename for item in items}
    kind: Literal["xlsx", "ods"] | None = None
    if "xl/workbook.xml" in names:
        kind = "xlsx"
    elif "content.xml" in names and "META-INF/manifest.xml" in names:
        kind = "ods"
    if kind is not None:
        check_unfolding(items, shown)
    return kind


def unpacked_layer(path: Path, shown: str) -> Unpacked | None:
    """Unpack the one layer in a zip file: a shapefile, a file geodatabase or the KML of a KMZ.

    Parameters
    ----------
    path
        The zip file.
    shown
        What the reader calls it.

    Returns
    -------
    Unpacked or None
        With its parts under names of our own, whatever the archive calls them, as long as the
        object lives; None when the archive holds no layer.

    Raises
    ------
    InputError
        When it cannot be unpacked, unfolds too far, or holds several shapefiles.
    """
    with reading(shown, "a zip file"), zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        parts = {f"layer{key}": one for key, one in shapefile_in(names, shown).items()}
        layer = "layer.shp"
        if not parts:
            parts, layer = _geodatabase_in(names, shown), "layer.gdb"
        if not parts:
            parts, layer = _kml_in(names), "layer.kml"
        if not parts:
            return None
        check_unfolding([archive.getinfo(one) for one in parts.values()], shown)
        made = Unpacked(Path(tempfile.mkdtemp(prefix="jjj-")), layer)
        for target, member in parts.items():
            place = made.folder / target
            place.parent.mkdir(exist_ok=True)
            with archive.open(member) as packed, place.open("wb") as file:
                shutil.copyfileobj(packed, file)
    return made


def _geodatabase_in(names: list[str], shown: str) -> dict[str, str]:
    """Find the files of the one folder ``*.gdb`` among the members of an archive."""
    inside = [one for one in names if ".gdb/" in one.lower() and not one.endswith("/")]
    if not any(one.endswith("/a00000001.gdbtable") for one in inside):
        return {}
    folders = {one[: one.lower().index(".gdb/") + 5] for one in inside}
    if len(folders) > 1:
        msg = f"{shown}: holds {len(folders)} geodatabases; unpack it and give one"
        raise InputError(msg)
    found = {PurePosixPath(one).name: one for one in inside}
    return {f"layer.gdb/{name}": one for name, one in found.items()}


def _kml_in(names: list[str]) -> dict[str, str]:
    """Return the KML that a KMZ shows: ``doc.kml``, else the first at its root."""
    own = [one for one in names if one.lower().endswith(".kml") and "__MACOSX" not in one]
    own.sort(key=lambda one: (one.lower() != "doc.kml", one.count("/")))
    return {"layer.kml": own[0]} if own else {}
