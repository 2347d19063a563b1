"""What a map is asked to show: shipped layers, every layer of a file, a table's rows as places."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo import layers as shipped
from geo.crs import STORAGE_CRS
from geo.door.account import Account
from geo.door.files import STDIN, Source, open_source
from geo.door.readers import ENCODED, SHEETED
from geo.errors import InputError
from geo.layers import Text3
from geo.render.given_tables import Reading, numeric, placed_rows
from geo.render.layer import About
from geo.render.stated import about_named
from geo.tables import features_named, full_layers, is_table, open_layer, tell

__all__ = ["Given", "Reading", "given", "require_used", "source_named"]

_MOST_LAYERS: Final = 12


@dataclass(frozen=True)
class Given:
    """One layer to draw.

    Attributes
    ----------
    name
        As the command line has it.
    frame
        In ``STORAGE_CRS``, cells plain.
    about
        What is known of it.
    account
        What became of the rows of a file; None for a shipped layer.
    """

    name: str
    frame: gpd.GeoDataFrame
    about: About
    account: Account | None = None

    @property
    def strange(self) -> bool:
        """Whether it is a file of which only the name is known."""
        return self.about.provenance is None


def require_used(sources: Sequence[Source | None], reading: Reading) -> None:
    """Refuse an option that says nothing about any of the files.

    Parameters
    ----------
    sources
        What was given; None for shipped layers and rasters.
    reading
        The options.

    Raises
    ------
    InputError
        Names the option.
    """
    kinds = {one.kind for one in sources if one is not None}
    for option, value, known in (
        ("--encoding", reading.encoding, set(ENCODED)),
        ("--sheet", reading.sheet, set(SHEETED)),
        ("--datum", None if reading.datum == "auto" else reading.datum, kinds),
    ):
        if value is not None and not kinds & known:
            what = ", ".join(sorted(kinds)) or "shipped layers and rasters"
            msg = f"{option} says nothing about what is drawn here ({what})"
            raise InputError(msg)


def given(name: str | Source, reading: Reading | None = None) -> Iterator[Given]:
    """Open a layer's id or a file of any kind.

    Parameters
    ----------
    name
        As on the command line.
    reading
        How tables are read.

    Yields
    ------
    Given
        One a layer: a file of several gives each.

    Raises
    ------
    GeoError
        When it cannot be read; the message names it.

    Examples
    --------
    >>> [one.about.title.en for one in given("stations")]
    ['High-speed railway stations']
    """
    source = name if isinstance(name, Source) else source_named(name)
    if source is None:
        yield Given(str(name), open_layer(str(name)), about_named(str(name)))
        return
    name = source.name
    how = (reading or Reading()).of(source.kind)
    about = about_named(name, source if source.path is None else None)
    if is_table(source):
        rows, told = placed_rows(source, how)
        yield Given(name, numeric(_plain(rows), name), _with_losses(about, told), told)
        return
    layers = full_layers(source) if how.sheet is None else [how.sheet]
    if len(layers) < 2:
        yield _layer_of(source, next(iter(layers), None), how, about)
        return
    if len(layers) > _MOST_LAYERS:
        listed = ", ".join(map(repr, layers[:4]))
        msg = f"{name}: holds {len(layers)} layers ({listed} …); name one with --sheet"
        raise InputError(msg)
    opened = [
        _layer_of(source, layer, how, replace(about, title=layer, group=about.title))
        for layer in layers
    ]
    yield from sorted(opened, key=_areas_first)


def source_named(name: str) -> Source | None:
    """Open what a word names as a file, unless it is the id of a shipped layer.

    Parameters
    ----------
    name
        As on the command line.

    Returns
    -------
    Source or None
        None for an id.

    Raises
    ------
    MissingFileError
        When it is neither; names the nearest ids.
    """
    known = shipped.is_layer(name)
    if known or (name != STDIN and not Path(name).exists()):
        if not known:
            open_layer(name)  # says what is known
        return None
    return open_source(name)


def _layer_of(source: Source, layer: str | None, how: Reading, about: About) -> Given:
    read = tell(features_named(source, layer=layer, encoding=how.encoding, datum=how.datum))
    about = _with_losses(about, read.account)
    frame = _with_key(_plain(read.frame), read.facts.get("index", ()))
    return Given(source.name, frame, about, read.account)


def _with_losses(about: About, told: Account) -> About:
    """Let the page say which rows of a file it does not show."""
    if not told.left_out:
        return about
    said = told.sentence()
    return replace(about, caveats=(*about.caveats, Text3(said["zh"], said["en"], said["ja"])))


def _areas_first(one: Given) -> int:
    return -int(shapely.get_dimensions(one.frame.geometry.to_numpy()).max(initial=0))


def _with_key(frame: gpd.GeoDataFrame, index: Sequence[str]) -> gpd.GeoDataFrame:
    """Make the index that a file of pandas keeps the key of the rows, where it is unique."""
    if len(index) != 1 or index[0] not in frame.columns or not frame[index[0]].is_unique:
        return frame
    # under another name, which pandas asks for
    key = pd.Index(frame[index[0]], name=_free(f"{index[0]}_key", frame))
    return frame.set_axis(key)


def _free(name: str, frame: gpd.GeoDataFrame) -> str:
    while name in frame.columns:
        name = f"{name}_"
    return name


def _plain(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give each entry of a nested cell a column, and numbers that came as text their kind."""
    made: dict[str, Any] = {}
    for column in frame.columns:
        values = frame[column]
        if column == frame.geometry.name or not _holds_text(values):
            made[str(column)] = values
            continue
        known = values[values.notna()]
        if len(known) and known.map(lambda one: isinstance(one, dict)).all():
            for key in dict.fromkeys(str(key) for cell in known for key in cell):
                made[f"{column}.{key}"] = _each(values, partial(_entry, key=key))
        else:
            made[str(column)] = _each(values, _told)
    return gpd.GeoDataFrame(made, geometry=frame.geometry.name, crs=STORAGE_CRS, index=frame.index)


def _each(values: "pd.Series[Any]", told: Callable[[Any], Any]) -> "pd.Series[Any]":
    """Change each cell; a long integer beside an empty one must not become a float."""
    return pd.Series([told(cell) for cell in values], index=values.index, dtype=object)


def _holds_text(values: "pd.Series[Any]") -> bool:
    return values.dtype == object or isinstance(values.dtype, pd.StringDtype)


def _entry(cell: Any, key: str) -> Any:
    return _told(cell.get(key)) if isinstance(cell, dict) else None


def _told(cell: Any) -> Any:
    """Write a list or a deeper record as JSON, which is how the file has it; nothing as None."""
    if isinstance(cell, list | dict):
        return json.dumps(cell, ensure_ascii=False)
    if isinstance(cell, np.ndarray):
        return json.dumps(cell.tolist(), ensure_ascii=False)
    return None if cell is pd.NaT or cell is pd.NA or cell == "" else cell
