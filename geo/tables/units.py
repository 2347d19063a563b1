"""Units from layers and files, by their ids and names.

A layer given on a command line: the id of a shipped one, or a file that passes the door.

The units that rows are placed in: a level of the region, another layer, or a user's file.
"""

import logging
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, Literal

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.door.account import Account
from geo.door.features import Features
from geo.door.files import STDIN, Source, open_source
from geo.door.input import open_input
from geo.door.readers import open_table
from geo.door.vectors import full_layers as layers_with_rows
from geo.errors import InputError, MissingFileError, UnknownIdError
from geo.layers import ids, is_layer, load
from geo.region import Box, Level, Region, current_region

__all__ = [
    "Units",
    "features_named",
    "full_layers",
    "is_table",
    "log_account",
    "open_layer",
    "units_named",
]

_LOG = logging.getLogger(__name__)


def is_table(name: str | Path | Source) -> bool:
    """Return whether a file is a table without geometry: CSV, XLSX, plain Parquet.

    Parameters
    ----------
    name
        A path, or an opened file (``geo.door.files.Source``).

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
        A path, or an opened file (``geo.door.files.Source``).

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
        Name of the layer, for a file that holds several.
    encoding
        Encoding of a shapefile's table; None detects it.
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


def log_account(features: Features) -> Features:
    """Log the report of a file's rows: what was found, and which are left out.

    Parameters
    ----------
    features
        Features as ``features_named`` returns them, with their account.

    Returns
    -------
    Features
        The same features with empty ``notes``, so that nothing is logged twice.
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
        The parameters of ``features_named`` under these names.

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
    frame = log_account(features_named(name, layer=layer, encoding=encoding, want=want)).frame
    placed = ~(frame.geometry.isna() | frame.geometry.is_empty)
    return frame if placed.all() else frame[placed].reset_index(drop=True)


_IDS: Final = (
    "adcode", "unit_id", "code", "id", "unit", "geoid", "fips", "gid", "objectid", "代码", "编码",
    "行政区划代码", "区划代码", "コード",
)  # fmt: skip
_NAMES: Final = (
    "name_zh", "name", "名称", "name_en", "name_ja", "县名", "区县", "市区町村", "namelsad",
    "label",
)  # fmt: skip
_SHOWN: Final = 8


@dataclass(frozen=True)
class Units:
    """Polygons to place rows in, and what is known of them.

    Attributes
    ----------
    frame
        In ``STORAGE_CRS``, indexed by the units' own unique id, as text.
    name
        Name of a layer or file, as given on the command line.
    region
        Whose levels, names of parents and special areas apply.
    level
        The region's level that they are; None for units of a user's file.
    """

    frame: gpd.GeoDataFrame
    name: str
    region: Region
    level: Level | None

    @property
    def is_smallest(self) -> bool:
        """Whether they are the region's own smallest units."""
        return self.level is not None and self.level is self.region.smallest

    @property
    def reach(self) -> Box:
        """Where coordinates are places: the region's reach, or around the user's units."""
        if self.level is not None:
            return self.region.reach
        west, south, east, north = self.frame.total_bounds
        more = self.region.reach_deg
        return (float(west - more), float(south - more), float(east + more), float(north + more))

    def named(self, code: "pd.Series[Any]") -> dict[str, "pd.Series[Any]"]:
        """Return names and parent units for each code.

        Parameters
        ----------
        code
            Ids of units, or null.

        Returns
        -------
        dict of Series
            Aligned to ``code``: ``county``, ``city`` and ``province`` where the units have such
            parents (the region's own levels always), and a flag for each special area; null where
            there is no unit.
        """
        if self.level is None:
            return self._of_a_file(code)
        nothing = pd.Series(None, index=code.index, dtype=object)
        columns = ("county", "city", "province")[: len(self.region.levels)]
        found: dict[str, pd.Series[Any]] = dict.fromkeys(columns, nothing)
        level: Level | None = self.level
        key, frame = code, self.frame
        while level is not None:
            at = self.region.levels.index(level)
            if at < len(columns):
                found[columns[at]] = key.map(_names_of(frame))
            above = self.region.above(level)
            if above is None or level.parent not in frame:
                break
            key = key.map(frame[level.parent])
            level, frame = above, _layer(above, self.region)
        return found | self._flags(code, known=self.is_smallest)

    def _of_a_file(self, code: "pd.Series[Any]") -> dict[str, "pd.Series[Any]"]:
        found = {"county": code.map(_names_of(self.frame))}
        levels = self.region.levels
        for column, below, above in zip(("city", "province"), levels, levels[1:], strict=False):
            parent = below.parent
            if parent is not None and parent in self.frame:
                names = _names_of(_layer(above, self.region))
                given = self.frame[parent].astype(object)
                found[column] = code.map(given.map(names).fillna(given))
        within = set(self.frame.index) <= set(_layer(self.region.smallest, self.region).index)
        return found | self._flags(code, known=within)

    def _flags(self, code: "pd.Series[Any]", *, known: bool) -> dict[str, "pd.Series[Any]"]:
        flags: dict[str, pd.Series[Any]] = {}
        for area in self.region.special_areas:
            if known:
                inside = pd.array(code.isin(area.units).to_numpy(), dtype="boolean")
                inside[code.isna().to_numpy()] = pd.NA
                flags[area.flag] = pd.Series(inside, index=code.index)
            else:
                flags[area.flag] = pd.Series(None, index=code.index, dtype=object)
        return flags


def _layer(level: Level, region: Region) -> gpd.GeoDataFrame:
    from geo.layers import load  # noqa: PLC0415 - only where parents are named

    return load(level.layer_id, region).frame


def _names_of(frame: gpd.GeoDataFrame) -> "pd.Series[Any]":
    lower = {str(name).lower(): name for name in frame.columns}
    for name in _NAMES:
        if name in lower:
            found: pd.Series[Any] = frame[lower[name]].astype(object)
            return found
    return pd.Series(frame.index, index=frame.index, dtype=object)


def units_named(
    name: str | None = None, *, key: str | None = None, region: Region | None = None
) -> Units:
    """Open the units that rows are placed in.

    Parameters
    ----------
    name
        A layer's id or a file; the region's smallest units by default.
    key
        The column that holds the units' id, of a file.
    region
        The region whose layers and codes are used; None is the current region.

    Returns
    -------
    Units
        With a unique id, which is the region's own or a column of the file; never a row's number.

    Raises
    ------
    InputError
        When a file has no column whose values are all there and different, or several of equal
        standing: the message lists them, and ``--id`` chooses.
    UnknownIdError
        When there is no such column.
    """
    region = region or current_region()
    wanted = region.smallest.layer_id if name is None else name
    frame = open_layer(wanted, want="areas")
    level = region.level(wanted) if is_layer(wanted, region) else None
    if is_layer(wanted, region):
        if key is not None:
            msg = f"{wanted}: --id says nothing about a layer of the region"
            raise InputError(msg)
        return Units(frame, wanted, region, level)
    column = _id_column(frame, wanted) if key is None else _given(frame, key, wanted)
    ids = pd.Index([_text(one) for one in frame[column]], name="adcode", dtype=object)
    if not ids.is_unique:
        msg = f"{wanted}: column {column!r} holds {ids[ids.duplicated()][0]!r} more than once"
        raise InputError(msg)
    # its own name may collide with ours; the id is adcode from here on
    own = frame.drop(columns=column) if column != "adcode" else frame.drop(columns="adcode")
    if column.lower() in _NAMES:
        own = own.assign(**{column: frame[column]})
    return Units(own.set_index(ids), wanted, region, None)


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _given(frame: gpd.GeoDataFrame, key: str, name: str) -> str:
    if key not in frame.columns:
        kind = "column"
        raise UnknownIdError(kind, key, _columns(frame), of=name)
    empty = frame[key].isna() | (frame[key].astype(str).str.strip() == "")
    if empty.any():
        msg = f"{name}: {int(empty.sum())} of {len(frame)} units have no {key}"
        raise InputError(msg)
    return key


def _columns(frame: gpd.GeoDataFrame) -> list[str]:
    return [str(one) for one in frame.columns if one != frame.geometry.name]


def _id_column(frame: gpd.GeoDataFrame, name: str) -> str:
    """Choose the column of ids: a usual name first, else the only one that can be."""
    unique = [one for one in _columns(frame) if _is_key(frame[one])]
    lower = {one.lower(): one for one in reversed(unique)}
    for usual in _IDS:
        if usual in lower:
            return lower[usual]
    ends = [one for one in unique if one.lower().endswith(("_id", "code", "代码", "コード"))]
    names = [lower[one] for one in _NAMES if one in lower]
    for found in (ends, names[:1], unique):
        if len(found) == 1:
            return found[0]
    if not unique:
        shown = ", ".join(_columns(frame)[:_SHOWN]) or "none"
        msg = f"{name}: no column tells its units apart (columns: {shown}); add one with an id each"
        raise InputError(msg)
    shown = ", ".join(unique[:_SHOWN])
    msg = f"{name}: several columns tell its units apart ({shown}); name the id with --id"
    raise InputError(msg)


def _is_key(values: "pd.Series[Any]") -> bool:
    if values.isna().any() or pd.api.types.is_bool_dtype(values):
        return False
    if pd.api.types.is_float_dtype(values) and not (values % 1 == 0).all():
        return False
    try:
        texts = values.map(_text)
    except (TypeError, ValueError):
        return False
    return bool((texts != "").all() and texts.is_unique)
