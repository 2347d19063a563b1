"""What a map is asked to show: shipped layers, every layer of a file, a table's rows as places."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo import layers as shipped
from geo.crs import STORAGE_CRS
from geo.door.files import STDIN, open_source
from geo.errors import InputError
from geo.layers.specs import OPTIONAL
from geo.render.given_tables import Reading, numeric, placed_rows
from geo.render.layer import About
from geo.render.stated import about_named
from geo.tables import full_layers, is_table, open_layer

__all__ = ["Given", "Reading", "given"]

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
    """

    name: str
    frame: gpd.GeoDataFrame
    about: About

    @property
    def strange(self) -> bool:
        """Whether it is a file of which only the name is known."""
        return self.about.provenance is None


def given(name: str, reading: Reading | None = None) -> Iterator[Given]:
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
    how = reading or Reading()
    if name in (*shipped.ids(), *OPTIONAL) or (name != STDIN and not Path(name).exists()):
        yield Given(name, open_layer(name), about_named(name))
        return
    source = open_source(name)
    about = about_named(name, source if source.path is None else None)
    if is_table(source):
        yield Given(name, numeric(_plain(placed_rows(source, how)), source.name), about)
        return
    layers = full_layers(source) if how.sheet is None else [how.sheet]
    if len(layers) < 2:
        frame = open_layer(source, layer=next(iter(layers), None), encoding=how.encoding)
        yield Given(name, _plain(_with_index(frame)), about)
        return
    if len(layers) > _MOST_LAYERS:
        listed = ", ".join(map(repr, layers[:4]))
        msg = f"{name}: holds {len(layers)} layers ({listed} …); name one with --sheet"
        raise InputError(msg)
    frames = {layer: _plain(open_layer(source, layer=layer)) for layer in layers}
    for layer, frame in sorted(frames.items(), key=_areas_first):
        yield Given(name, frame, replace(about, title=layer, group=about.title))


def _areas_first(entry: tuple[str, gpd.GeoDataFrame]) -> int:
    return -int(shapely.get_dimensions(entry[1].geometry.to_numpy()).max(initial=0))


def _with_index(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Make columns of an index that has names, as GeoParquet keeps one; a unique one stays key."""
    index = frame.index
    if index.nlevels == 1 and index.name is None:
        return frame
    made = frame.reset_index(drop=True)
    for at, name in enumerate(index.names):
        column = _free(f"level_{at}" if name is None else str(name), made)
        # behind the others: the first column of texts may be the names
        made[column] = pd.Series(index.get_level_values(at))
    if index.nlevels == 1 and index.is_unique:  # under another name, which pandas asks for
        made.index = index.rename(_free(f"{index.name}_key", made))
    return made


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
                made[f"{column}.{key}"] = values.map(lambda cell, k=key: _entry(cell, k))
        else:
            made[str(column)] = values.map(_told)
    return gpd.GeoDataFrame(made, geometry=frame.geometry.name, crs=STORAGE_CRS, index=frame.index)


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
