"""Opening a file as what is wanted of it: a typed value with the account of its rows."""

from dataclasses import replace
from pathlib import Path
from typing import Any, Final, Literal, overload

import numpy as np
import shapely

from geo.door.cells import CellTable, read_cells
from geo.door.features import Features, read_features
from geo.door.files import Source
from geo.door.readers import open_table
from geo.door.table import Opened
from geo.errors import InputError

__all__ = ["Want", "open_input"]

Want = Literal["areas", "features", "flows", "lines", "points", "table"]
"""What a command makes of a file."""

_DIMENSIONS: Final = {"areas": 2, "lines": 1}
_NOT: Final = {"areas": "not_an_area", "lines": "not_a_line"}
Name = str | Path | Source


@overload
def open_input(name: Name, want: Literal["areas", "features", "lines"], **how: Any) -> Features: ...
@overload
def open_input(name: Name, want: Literal["flows", "table"], **how: Any) -> CellTable: ...
@overload
def open_input(name: Name, want: Literal["points"], **how: Any) -> tuple[Source, Opened]: ...
def open_input(name: Name, want: Want, **how: Any) -> Any:
    """Open a file of any kind that is read, as what is wanted of it.

    Rasters have their own door (``geo.door.rasters.read_raster``), documents in YAML theirs
    (``geo.door.document.read_document``).

    Parameters
    ----------
    name
        A path, ``"-"`` for standard input, or an opened file (``geo.door.files.Source``).
    want
        ``features`` takes any geometry, ``areas`` and ``lines`` leave out and count what is none;
        ``table`` and ``flows`` take the cells of any file; ``points`` opens rows that
        ``geo.tables.points`` places by coordinates, code or address.
    **how
        ``layer``, ``encoding`` and ``datum`` of ``features``; ``sheet`` and ``encoding`` of tables
        and points.

    Returns
    -------
    Features, CellTable or (Source, Opened)
        With the account of its rows; of points the account is made when they are placed.

    Raises
    ------
    GeoError
        When it cannot be read as what is wanted; the message names the file.

    Examples
    --------
    >>> from geo.sources.facts import shipped_folder
    >>> file = shipped_folder() / "jjj" / "tables" / "population.csv"
    >>> open_input(file, "table").account.used > 100
    True
    """
    if want in ("table", "flows"):
        return read_cells(name, **how)
    if want == "points":
        return open_table(name, **how)
    found = read_features(name, **how)
    return found if want == "features" else _only(found, want)


def _only(found: Features, want: Want) -> Features:
    """Leave out the rows of another kind of geometry, and those without one."""
    shapes = found.frame.geometry.to_numpy()
    there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    right = shapely.get_dimensions(shapes) == _DIMENSIONS[want]
    kept, other = np.flatnonzero(there & right), np.flatnonzero(there & ~right)
    if len(kept) == len(shapes):
        return found
    account = found.account
    if len(other):
        kinds = ", ".join(sorted({str(shapes[at].geom_type) for at in other}))
        account = account.without(_NOT[want], found.lines[other], kinds)
    if not account.used:
        msg = f"{found.name}: holds no {want}: {account.sentence()['en']}"
        raise InputError(msg)
    frame = found.frame.iloc[kept].reset_index(drop=True)
    return replace(found, frame=frame, lines=found.lines[kept], account=account)
