"""A layer given on a command line: the id of a shipped one, or a file that passes the door."""

import logging
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

import geopandas as gpd
import numpy as np

from geo.door.account import Account
from geo.door.features import Features
from geo.door.files import STDIN, Source, open_source
from geo.door.input import open_input
from geo.door.opening import open_table
from geo.door.vectors import full_layers as layers_with_rows
from geo.errors import InputError, MissingFileError
from geo.layers import ids, is_layer, load
from geo.region import current_region

__all__ = ["features_named", "full_layers", "is_table", "open_layer", "tell"]

_LOG = logging.getLogger(__name__)


def is_table(name: str | Path | Source) -> bool:
    """Tell whether a file holds rows of cells without geometry: CSV, XLSX, plain Parquet.

    Parameters
    ----------
    name
        A path, or a file that passed the door.

    Returns
    -------
    bool
        By its bytes, and for Parquet by what it states of geometry.

    Raises
    ------
    InputError
        When it is no file of a kind that is read.
    """
    source = open_source(name)
    if source.kind == "parquet":
        return not open_table(source, placed=False)[1].spatial
    return source.kind in ("delimited", "ods", "xls", "xlsx")


def full_layers(name: str | Path | Source) -> list[str]:
    """List the layers of a file that hold features; those that hold none are logged.

    Parameters
    ----------
    name
        A path, or a file that passed the door.

    Returns
    -------
    list of str
        Of a file that can hold several; empty for any other.

    Raises
    ------
    InputError
        When the file cannot be read, or all of its layers are empty.
    """
    source = open_source(name)
    full, empty = layers_with_rows(source)
    shown = ", ".join(map(repr, empty))
    if empty and not full:
        msg = f"{source.name}: holds no features (layers: {shown})"
        raise InputError(msg)
    if empty:
        _LOG.warning("%s: left out, since they hold no features: %s", source.name, shown)
    return full


def features_named(
    name: str | Path | Source,
    *,
    layer: str | None = None,
    encoding: str | None = None,
    datum: str = "auto",
    want: Literal["areas", "features", "lines"] = "features",
) -> Features:
    """Open a shipped layer by its id, or any vector file, with the account of its rows.

    Parameters
    ----------
    name
        An id of ``geo.layers.ids()``; a path that ``geo.door.features.read_features`` takes;
        ``"-"`` for standard input; or a file that passed the door.
    layer
        Which, of a file that holds several.
    encoding
        Of a shapefile's table; found by default.
    datum
        Of a file: ``auto`` takes what it states.
    want
        Of a file: rows of another kind of geometry are left out and counted.

    Returns
    -------
    Features
        A shipped layer is indexed by its id, a file by row number.

    Raises
    ------
    MissingFileError
        When it is neither an id nor a regular file; names the nearest ids.
    InputError
        When the file cannot be read, or holds nothing that can be used.
    CRSError
        When the file states no reference system, or an old datum.
    """
    if isinstance(name, Source):
        return open_input(name, want, layer=layer, encoding=encoding, datum=datum)
    if is_layer(name):
        frame = load(str(name)).frame
        lines = np.arange(1, len(frame) + 1, dtype=np.int64)
        return Features(str(name), frame, Account(str(name), len(frame)), lines)
    if str(name) != STDIN and not Path(name).exists() and not _is_refused(str(name)):
        near = get_close_matches(str(name), ids(), n=3, cutoff=0.5)
        hint = f"nearest: {', '.join(near)}; " if near else ""
        whose = f"neither a file nor a layer of the region {current_region().region_id}"
        msg = f"{name}: {whose} ({hint}known: {', '.join(ids())})"
        raise MissingFileError(msg)
    return open_input(name, want, layer=layer, encoding=encoding, datum=datum)


def _is_refused(name: str) -> bool:
    """Tell whether the door itself says best why a name is not opened."""
    return name.startswith("/vsi") or "://" in name[:12]


def tell(features: Features) -> Features:
    """Log what is to be said of a file's rows: what was found, and which are left out.

    Parameters
    ----------
    features
        As they were read.

    Returns
    -------
    Features
        The same, with nothing left to say.
    """
    for note in features.notes:
        _LOG.warning("%s: %s", features.name, note)
    if features.account.left_out:
        _LOG.warning("%s: %s", features.name, features.account.sentence()["en"])
    return replace(features, notes=())


def open_layer(
    name: str | Path | Source,
    *,
    layer: str | None = None,
    encoding: str | None = None,
    want: Literal["areas", "features", "lines"] = "features",
) -> gpd.GeoDataFrame:
    """Open a shipped layer by its id, or any vector file, and log what is left out of it.

    Parameters
    ----------
    name, layer, encoding, want
        As ``features_named``.

    Returns
    -------
    GeoDataFrame
        The rows with a place, in ``STORAGE_CRS``; a shipped layer is indexed by its id, a file by
        row number.

    Raises
    ------
    MissingFileError
        When it is neither an id nor a regular file; names the nearest ids.
    InputError
        When the file cannot be read, or holds nothing that can be used.
    CRSError
        When the file states no reference system, or an old datum.

    Examples
    --------
    >>> open_layer("axes").index.name
    'axis_id'
    """
    frame = tell(features_named(name, layer=layer, encoding=encoding, want=want)).frame
    placed = ~(frame.geometry.isna() | frame.geometry.is_empty)
    return frame if placed.all() else frame[placed].reset_index(drop=True)
