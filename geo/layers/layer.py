"""A layer: schema, frame and provenance, validated on creation.

What a clean layer is: its id, columns with units, geometry types, and whether it tiles.

A layer: a frame that keeps its schema, with where it comes from and what it lacks.
"""

import re
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo import __version__
from geo.crs import STORAGE_CRS
from geo.errors import LayerError
from geo.sources.registry import Source, source
from geo.texts import Localized

__all__ = [
    "ADCODE",
    "Column",
    "Kind",
    "Layer",
    "Localized",
    "Schema",
    "names",
]

Kind = Literal["text", "number", "integer", "flag"]

ADCODE: Final = r"[1-9]\d{5}"
_SLIVER_DEG: Final = 1e-4
"""Gaps up to this width (about 10 m) between polygons are errors; wider ones may be water."""


@dataclass(frozen=True)
class Column:
    """One column of a layer.

    Attributes
    ----------
    name
        Name of the column in the file.
    kind
        ``text``, ``number``, ``integer`` or ``flag``.
    meaning
        Meaning of the values, in one phrase.
    unit
        Unit of measurement of a number, as printed.
    nullable
        Whether cells may be missing.
    pattern
        Regular expression that each whole text must match.
    """

    name: str
    kind: Kind
    meaning: str
    unit: str = ""
    nullable: bool = False
    pattern: str = ""

    def defects(self, values: "pd.Series[Any]") -> list[str]:
        """List what is wrong with a column's values.

        Parameters
        ----------
        values
            Values of the column, one per feature.

        Returns
        -------
        list of str
            One sentence a defect, with a count and an example.
        """
        missing = values.isna()
        found = []
        if missing.any() and not self.nullable:
            found.append(
                f"{self.name}: {missing.sum()} missing, first at {values.index[missing][0]}"
            )
        wrong = ~missing & ~_is_kind(values, self.kind)
        if self.pattern and not wrong.any():
            wrong = ~missing & ~values.astype(str).str.fullmatch(self.pattern)
        if wrong.any():
            wanted = f"{self.kind} {self.pattern}".strip()
            found.append(
                f"{self.name}: {wrong.sum()} are not {wanted}, such as {values[wrong].iloc[0]!r}"
            )
        return found


def _is_kind(values: "pd.Series[Any]", kind: Kind) -> "pd.Series[bool]":
    if kind == "text":
        return values.map(lambda value: isinstance(value, str)).astype(bool)
    if kind == "flag":
        return values.map(lambda value: isinstance(value, bool | np.bool_)).astype(bool)
    numbers = pd.to_numeric(values, errors="coerce")
    is_number = np.isfinite(numbers) & ~values.map(lambda value: isinstance(value, str | bool))
    whole = numbers == np.floor(numbers)
    return pd.Series(is_number & whole if kind == "integer" else is_number, index=values.index)


@dataclass(frozen=True)
class Schema:
    """The contract of a layer; every defect is reported at once.

    Attributes
    ----------
    index
        Name of the id, which is the frame's index and a property in files.
    columns
        All columns but the geometry, in order.
    geometry
        Names of the geometry types that are allowed, such as ``Polygon``.
    index_pattern
        Regular expression of the ids.
    partition
        Whether the polygons tile the plane: no overlaps, no gaps along shared borders.
    """

    index: str
    columns: tuple[Column, ...]
    geometry: tuple[str, ...]
    index_pattern: str = r"[A-Za-z0-9_-]+"
    partition: bool = False
    _by_name: dict[str, Column] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._by_name.update({one.name: one for one in self.columns})

    def __getitem__(self, name: str) -> Column:
        return self._by_name[name]

    def defects(self, frame: gpd.GeoDataFrame) -> list[str]:
        """List everything that is wrong with a frame.

        Parameters
        ----------
        frame
            Features in ``STORAGE_CRS``, indexed by id.

        Returns
        -------
        list of str
            Empty when the frame keeps the contract.
        """
        if frame.active_geometry_name is None:
            return ["there is no geometry column"]
        return [
            *self._index_defects(frame),
            *self._column_defects(frame),
            *self._shape_defects(frame),
        ]

    def _index_defects(self, frame: gpd.GeoDataFrame) -> list[str]:
        found = []
        if frame.index.name != self.index:
            found.append(f"the index is {frame.index.name!r}, not {self.index!r}")
        double = frame.index[frame.index.duplicated()]
        if len(double):
            found.append(f"{len(double)} ids occur twice, for instance {double[0]!r}")
        other = [one for one in frame.index if not isinstance(one, str)]
        if other:
            found.append(f"{len(other)} ids are not text, for instance {other[0]!r}")
        wrong = [one for one in frame.index if not re.fullmatch(self.index_pattern, str(one))]
        if wrong:
            found.append(f"{len(wrong)} ids break {self.index_pattern}, for instance {wrong[0]!r}")
        return found

    def _column_defects(self, frame: gpd.GeoDataFrame) -> list[str]:
        wanted = [one.name for one in self.columns]
        have = [name for name in frame.columns if name != frame.geometry.name]
        found = [f"column {name} is missing" for name in wanted if name not in have]
        found += [f"column {name} is not in the schema" for name in have if name not in wanted]
        for column in self.columns:
            if column.name in have:
                found += column.defects(frame[column.name])
        return found

    def _shape_defects(self, frame: gpd.GeoDataFrame) -> list[str]:
        if frame.crs != STORAGE_CRS:
            return [f"the reference system is {frame.crs}, not {STORAGE_CRS.to_string()}"]
        shapes = frame.geometry.to_numpy()
        found = []
        empty = shapely.is_missing(shapes) | shapely.is_empty(shapes)
        if empty.any():
            found.append(f"{empty.sum()} geometries are empty, first {frame.index[empty][0]}")
        kinds = sorted(set(frame.geom_type[~empty]) - set(self.geometry))
        if kinds:
            found.append(
                f"geometry types {', '.join(kinds)} are not among {', '.join(self.geometry)}"
            )
        invalid = ~empty & ~shapely.is_valid(shapes)
        if invalid.any():
            reason = shapely.is_valid_reason(shapes[invalid][0])
            found.append(
                f"{invalid.sum()} geometries are invalid, first {frame.index[invalid][0]}: {reason}"
            )
        west, south, east, north = shapely.bounds(shapes).T
        outside = (west < -180) | (south < -90) | (east > 180) | (north > 90)
        if outside.any():
            found.append(
                f"{outside.sum()} geometries leave ±180 degrees of longitude or ±90 of latitude, "
                f"first {frame.index[outside][0]}"
            )
        if self.partition and not shapely.coverage_is_valid(shapes, gap_width=_SLIVER_DEG):
            found.append("the polygons overlap or leave gaps along shared borders")
        return found


def names(*, zh: str = "name in Chinese") -> tuple[Column, ...]:
    """Return the three name columns that most layers carry.

    Parameters
    ----------
    zh
        Meaning of the Chinese name, in one phrase.

    Returns
    -------
    tuple of Column
        ``name_zh``, ``name_en``, ``name_ja``.

    Examples
    --------
    >>> [column.name for column in names()]
    ['name_zh', 'name_en', 'name_ja']
    """
    return (
        Column("name_zh", "text", zh),
        Column("name_en", "text", "name in English (pinyin for places)"),
        Column("name_ja", "text", "name in Japanese"),
    )


@dataclass(frozen=True)
class Layer:
    """A frame that was checked against its schema, with its provenance.

    An invalid layer cannot exist: making one raises.

    Attributes
    ----------
    layer_id
        Id of the layer, as ``jjj layers list`` shows it.
    frame
        Features in ``STORAGE_CRS``, indexed by the schema's id.
    schema
        Schema that the frame was checked against.
    title
        Title of the layer in three languages.
    sources
        Ids of registered sources, or sources of a user's region.
    accuracy_m
        How far its positions may be from the truth, in metres; None when each row says so.
    caveat
        What a reader of a map with this layer must know; None when there is nothing.
    method
        How it was made, in one or two sentences.

    Raises
    ------
    LayerError
        When the frame breaks the schema; all defects are listed.
    """

    layer_id: str
    frame: gpd.GeoDataFrame
    schema: Schema
    title: Localized
    sources: tuple[str | Source, ...]
    method: str
    accuracy_m: float | None = None
    caveat: Localized | None = None

    def __post_init__(self) -> None:
        defects = self.schema.defects(self.frame)
        if defects:
            raise LayerError(self.layer_id, defects)

    def provenance(self) -> dict[str, Any]:
        """Describe what the layer is and where it comes from.

        Returns
        -------
        dict
            Title, sources with licence and date, accuracy, caveat and method.
        """
        described: dict[str, Any] = {
            "layer": self.layer_id,
            "title": self.title.described(),
            "sources": [
                (source(one) if isinstance(one, str) else one).described() for one in self.sources
            ],
            "method": self.method,
            "made_with": f"jingjinji {__version__}",
        }
        if self.accuracy_m is not None:
            described["accuracy_m"] = self.accuracy_m
        if self.caveat is not None:
            described["caveat"] = self.caveat.described()
        return described
