"""The files of a plan, and what they refer to.

The files that a plan file names: looked for beside it, read once, defects collected.

What a plan file refers to: units, shapes of layers and files, sources.
"""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geo.crs import STORAGE_CRS, to_analysis
from geo.door.document import Defects, read_commented
from geo.door.input import open_input
from geo.errors import GeoError, InputError
from geo.layers.plans import model
from geo.layers.store import read
from geo.region import Region, study_crs

__all__ = [
    "NAMES",
    "STANDINGS",
    "PlanFiles",
    "References",
    "indexed",
    "names",
]

_MAX_BYTES: Final = 50_000_000
_SIDE_FILE: Final = re.compile(r"[^/\\:\x00]+\.(csv|geojson)")


class PlanFiles:
    """Opens the files that a plan file refers to; defects are collected, not raised one by one.

    Parameters
    ----------
    folder
        Where the plan file stands; files are looked for here and nowhere else.
    defects
        Receives one sentence for each defect.
    region
        The region whose layers and codes are used.
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


NAMES: Final = ("name_zh", "name_en", "name_ja")
STANDINGS: Final = ("stated", "inferred", "unconfirmed")
_GROUND: Final = ("Polygon", "MultiPolygon")


def names(text: "model.Names") -> dict[str, str]:
    """Return a name in three languages by column.

    Parameters
    ----------
    text
        Name in the plan file, in Chinese, English and Japanese.

    Returns
    -------
    dict
        ``name_zh``, ``name_en``, ``name_ja``.
    """
    return {"name_zh": text.zh, "name_en": text.en, "name_ja": text.ja}


def indexed(rows: list[dict[str, Any]], index: str) -> pd.DataFrame:
    """Make a table of rows that have one id each; without rows it has the names still.

    Parameters
    ----------
    rows
        Rows as dicts with the key ``index``.
    index
        Name of the column that becomes the index.

    Returns
    -------
    DataFrame
        Indexed by ``index``.
    """
    return pd.DataFrame(rows or None, columns=None if rows else [index, *NAMES]).set_index(index)


class References:
    """Resolves the references of a plan file; unresolved ones become defects.

    Parameters
    ----------
    plan
        The plan file's document, checked against ``model.PlanFile``.
    folder
        Where it stands; files it names are looked for here and nowhere else.
    defects
        Receives one sentence for each defect.
    region
        The region whose layers and codes are used.
    """

    def __init__(
        self, plan: "model.PlanFile", folder: Path, defects: Defects, region: Region
    ) -> None:
        self.plan = plan
        self.defects = defects
        self.files = PlanFiles(folder, defects, region)
        self.region = region
        self.units = self._units()

    def _units(self) -> gpd.GeoDataFrame:
        frame = self.files.open(self.plan.units.layer, self.plan.units.file)
        for name in NAMES:
            if name not in frame.columns:
                frame = frame.assign(**{name: frame.index.astype(str)})
        frame = frame[[*NAMES, frame.geometry.name]].rename_axis("unit")
        if not frame.geom_type.isin(_GROUND).all():
            self.defects.add("units", "have to be polygons")
        self.crs = self.region.crs if frame.empty else study_crs(frame, region=self.region)
        return frame.assign(area_km2=to_analysis(frame, self.crs).area / 1e6)

    def match(self, patterns: Iterable[str], where: str) -> list[str]:
        """Return the units that patterns name.

        Parameters
        ----------
        patterns
            Ids, or beginnings of ids with ``*``.
        where
            The place in the document, for a pattern that names none.

        Returns
        -------
        list of str
            Ids, in the order of the patterns.
        """
        found: list[str] = []
        for pattern in patterns:
            stem = pattern.rstrip("*")
            hits = [
                unit
                for unit in self.units.index
                if (unit.startswith(stem) if pattern.endswith("*") else unit == pattern)
            ]
            if not hits and len(self.units):
                self.defects.add(where, f"no unit is {pattern}")
            found += hits
        return found

    def place(self, place: "model.Place", kinds: tuple[str, ...], where: str) -> BaseGeometry:
        """Return the shape that a reference to a layer or file means.

        Parameters
        ----------
        place
            Reference to a layer or a file, as the plan file writes it.
        kinds
            Types of geometry that are allowed.
        where
            Place in the document, for the message, such as ``circles.inner``.

        Returns
        -------
        shapely geometry
            Empty when there is none.
        """
        frame = self.files.open(place.layer, place.file)
        if place.id not in frame.index:
            self.defects.add(where, f"{place.layer or place.file} has no {place.id}")
            return shapely.Point()
        shape = frame.geometry.loc[place.id]
        if shape.geom_type not in kinds:
            self.defects.add(where, f"{place.id} is a {shape.geom_type}, not a {kinds[0]}")
        return shape

    def extent(self, extent: "model.Extent", where: str) -> BaseGeometry:
        """Return the geometry of an extent: a point, a shape, or the union of units.

        Parameters
        ----------
        extent
            Point, shape or list of units, as the plan file writes it.
        where
            Place in the document, for the message, such as ``circles.inner``.

        Returns
        -------
        shapely geometry
            In ``STORAGE_CRS``.
        """
        if extent.point is not None:
            return shapely.Point(extent.point)
        if extent.shape is not None:
            return self.place(extent.shape, _GROUND, where)
        units = list(dict.fromkeys(self.match(extent.units or (), where)))
        return shapely.coverage_union_all(self.units.geometry.loc[units].to_numpy())

    def cited(self, one: "model.Cited", where: str) -> dict[str, Any]:
        """Return standing, source, date and note of a statement.

        Parameters
        ----------
        one
            A statement of the plan file, with standing, source, date and note.
        where
            Its place in the document, for a source that is not listed.

        Returns
        -------
        dict
            The date is that of the source when the statement has none.
        """
        reference = self.plan.sources.get(one.source)
        if reference is None:
            self.defects.add(where, f"source {one.source} is not among the sources")
        date = one.date or (reference.date if reference else None)
        return {
            "standing": one.standing,
            "source": one.source,
            "date": date.isoformat() if date else None,
            "note": one.note,
        }

    def figure(self, figure: "model.Figure | None", name: str, where: str) -> dict[str, Any]:
        """Return a figure with its standing and source, all null when there is none.

        Parameters
        ----------
        figure
            Number with standing and source, as the plan file writes it; None for no figure.
        name
            Name of the column that holds the figure.
        where
            Place in the document, for the message, such as ``circles.inner``.

        Returns
        -------
        dict
            ``name``, ``name_standing``, ``name_source``.
        """
        if figure is None:
            return {name: None, f"{name}_standing": None, f"{name}_source": None}
        cited = self.cited(figure, f"{where}.{name}")
        return {
            name: float(figure.value),
            f"{name}_standing": cited["standing"],
            f"{name}_source": cited["source"],
        }
