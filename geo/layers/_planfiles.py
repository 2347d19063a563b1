"""The files that a plan file names: looked for beside it, read once, defects collected."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd

from geo.crs import STORAGE_CRS
from geo.door.commented import read_commented
from geo.door.document import Defects
from geo.door.input import open_input
from geo.errors import GeoError, InputError
from geo.layers.store import read
from geo.region import Region

__all__ = ["PlanFiles"]

_MAX_BYTES: Final = 50_000_000
_SIDE_FILE: Final = re.compile(r"[^/\\:\x00]+\.(csv|geojson)")


class PlanFiles:
    """Opens what a plan file refers to; what is wrong is added to a list, never raised one by one.

    Parameters
    ----------
    folder
        Where the plan file stands; files are looked for here and nowhere else.
    defects
        Gets one sentence for each thing that is wrong.
    region
        Whose layers are referred to.
    """

    def __init__(self, folder: Path, defects: Defects, region: Region) -> None:
        self._region = region
        self._folder = folder
        self._defects = defects
        self._opened: dict[str, gpd.GeoDataFrame] = {}

    def open(self, layer: str | None, file: str | None) -> gpd.GeoDataFrame:
        """Open a shipped layer, or a GeoJSON file beside the plan file.

        Parameters
        ----------
        layer
            Id of a shipped layer.
        file
            Name of a GeoJSON file whose features have a property ``id``.

        Returns
        -------
        GeoDataFrame
            In ``STORAGE_CRS`` indexed by id; empty when it cannot be read.
        """
        key = layer or file or ""
        if key not in self._opened:
            try:
                self._opened[key] = (
                    read(layer, region=self._region) if layer else self._geojson(str(file))
                )
            except (GeoError, OSError, ValueError) as error:
                self._defects.add_file(key, _without(str(error), self._folder))
                self._opened[key] = gpd.GeoDataFrame(geometry=[], crs=STORAGE_CRS)
        return self._opened[key]

    def csv(self, name: str, columns: Sequence[str]) -> pd.DataFrame:
        """Read a CSV file beside the plan file as text; lines that begin with # are comments.

        Parameters
        ----------
        name
            Name of the file, in UTF-8 or GB 18030.
        columns
            Columns that it must have; others are left out.

        Returns
        -------
        DataFrame
            All text, empty cells empty, and ``line``, the number of each row's line in the file;
            no rows when it cannot be read.
        """
        wanted = [*columns, "line"]
        try:
            header, rows = read_commented(self._path(name))
        except (OSError, ValueError) as error:
            self._defects.add_file(name, _without(str(error), self._folder))
            return pd.DataFrame(columns=wanted)
        missing = [one for one in columns if one not in header]
        if missing:
            self._defects.add_file(name, f"column {', '.join(missing)} is missing")
            return pd.DataFrame(columns=wanted)
        for line, cells in rows:
            if len(cells) > len(header):
                self._defects.add_file(
                    f"{name} line {line}", f"has {len(cells)} cells under {len(header)} headers"
                )
        filled = [[*cells, *[""] * len(header)][: len(header)] for _, cells in rows]
        table = pd.DataFrame(filled, columns=header, dtype=str)
        table = table.assign(line=pd.Series([line for line, _ in rows], dtype="int64"))
        return table.reindex(columns=wanted, fill_value="")

    def _path(self, name: str) -> Path:
        path = self._folder / name
        if not _SIDE_FILE.fullmatch(name) or path.is_symlink():
            msg = "only a .csv or .geojson file beside the plan file can be named"
            raise ValueError(msg)
        if not path.is_file() or path.stat().st_size > _MAX_BYTES:
            msg = f"is missing in {self._folder}, or larger than {_MAX_BYTES:,} bytes"
            raise ValueError(msg)
        return path

    def _geojson(self, name: str) -> gpd.GeoDataFrame:
        read = open_input(self._path(name), "features")
        if read.account.left_out:
            raise InputError(read.account.sentence()["en"])
        frame = read.frame
        if "id" not in frame.columns:
            msg = "its features need a property id"
            raise ValueError(msg)
        index = frame["id"].astype(str)
        if index.duplicated().any() or frame.geometry.isna().any():
            msg = "ids must be unique, and no geometry empty"
            raise ValueError(msg)
        return frame.drop(columns="id").set_index(pd.Index(index, name="id"))


def _without(message: str, folder: Path) -> str:
    """Leave the path of the file out, whose name stands before the message anyway."""
    head, sign, rest = message.partition(": ")
    return rest if sign and Path(head).parent == folder else message
