"""The files that a plan file names: looked for beside it, read once, defects collected."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError

from geo.crs import STORAGE_CRS, to_storage
from geo.errors import GeoError
from geo.layers.store import read

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
    """

    def __init__(self, folder: Path, defects: list[str]) -> None:
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
                self._opened[key] = read(layer) if layer else self._geojson(str(file))
            except (GeoError, DataSourceError, DataLayerError, OSError, ValueError) as error:
                self._defects.append(f"{key}: {error}")
                self._opened[key] = gpd.GeoDataFrame(geometry=[], crs=STORAGE_CRS)
        return self._opened[key]

    def csv(self, name: str, columns: Sequence[str]) -> pd.DataFrame:
        """Read a CSV file beside the plan file as text; lines that begin with # are comments.

        Parameters
        ----------
        name
            Name of the file.
        columns
            Columns that it must have; others are left out.

        Returns
        -------
        DataFrame
            All text, empty cells empty; no rows when it cannot be read.
        """
        try:
            table = pd.read_csv(
                self._path(name),
                dtype=str,
                keep_default_na=False,
                encoding="utf-8-sig",
                index_col=False,
                comment="#",
            )
        except (OSError, ValueError) as error:  # pandas' parser errors are ValueErrors
            self._defects.append(f"{name}: {error}")
            return pd.DataFrame(columns=list(columns))
        missing = [one for one in columns if one not in table.columns]
        if missing:
            self._defects.append(f"{name}: column {', '.join(missing)} is missing")
        return table.reindex(columns=list(columns), fill_value="")

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
        frame = pyogrio.read_dataframe(self._path(name), datetime_as_string=True)
        if not isinstance(frame, gpd.GeoDataFrame) or "id" not in frame.columns:
            msg = "its features need a property id"
            raise ValueError(msg)
        index = frame["id"].astype(str)
        if index.duplicated().any() or frame.geometry.isna().any():
            msg = "ids must be unique, and no geometry empty"
            raise ValueError(msg)
        return to_storage(frame.drop(columns="id").set_index(pd.Index(index, name="id")))
