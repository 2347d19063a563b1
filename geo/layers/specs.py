"""Specifications of a region's layers (schema, title, sources), read from its folder.

``layers.json`` beside ``region.yaml`` says of each layer what it is called, holds, rests on and
lacks. A layer that ``region.yaml`` names and ``layers.json`` does not is described by its file.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Final, NamedTuple

import geopandas as gpd
from pydantic import Field, ValidationError

from geo.datum import Datum
from geo.door.document import Document, defects_error
from geo.errors import InputError, UnknownIdError
from geo.layers.layer import Column, Kind, Layer, Schema
from geo.region import Region, current_region
from geo.sources.registry import Source
from geo.texts import Localized

__all__ = ["LAYERS", "Raster", "Spec", "Specs", "spec", "specs"]

LAYERS: Final = "layers.json"
_RASTER_SUFFIXES: Final = (".tif", ".tiff")


@dataclass(frozen=True)
class Spec:
    """Specification of a layer: schema, title, sources, accuracy."""

    layer_id: str
    title: Localized
    schema: Schema
    sources: tuple[str | Source, ...]
    method: str
    accuracy_m: float | None = None
    caveat: Localized | None = None

    def layer(self, frame: gpd.GeoDataFrame) -> Layer:
        """Make a layer of a frame, which checks it.

        Parameters
        ----------
        frame
            Features in ``STORAGE_CRS``, indexed by id.

        Returns
        -------
        Layer
            With title, sources and caveat.

        Raises
        ------
        LayerError
            When the frame breaks the schema; all defects are listed.
        """
        return Layer(
            layer_id=self.layer_id,
            frame=frame,
            schema=self.schema,
            title=self.title,
            sources=self.sources,
            method=self.method,
            accuracy_m=self.accuracy_m,
            caveat=self.caveat,
        )


class Raster(NamedTuple):
    """Specification of a raster of a region."""

    layer_id: str
    title: Localized
    unit: str
    sources: tuple[str, ...]
    method: str


class Specs(NamedTuple):
    """The layers of a region by id: those in its folder, those built on demand, rasters.

    ``bare`` are the layers whose file alone says what they hold; ``sources`` are the region's own,
    by id, beside those of the registry, and ``words`` what readers see of their fields.
    """

    vector: dict[str, Spec]
    optional: dict[str, Spec]
    rasters: dict[str, Raster]
    bare: tuple[str, ...]
    sources: dict[str, Source]
    words: dict[str, dict[str, Localized]]

    @property
    def ids(self) -> list[str]:
        """Ids of the layers in the folder: vector layers first, then rasters."""
        return [*self.vector, *self.bare, *self.rasters]


class _Text(Document):
    zh: str
    en: str
    ja: str

    def text3(self) -> Localized:
        return Localized(zh=self.zh, en=self.en, ja=self.ja)


class _Column(Document):
    name: str
    kind: Kind
    meaning: str
    unit: str = ""
    nullable: bool = False
    pattern: str = ""


class _Layer(Document):
    id: str
    title: _Text
    method: str
    sources: list[str]
    accuracy_m: Annotated[float, Field(ge=0)] | None = None
    caveat: _Text | None = None
    optional: bool = False
    index: str
    index_pattern: str = r"[A-Za-z0-9_-]+"
    geometry: list[str]
    partition: bool = False
    columns: list[_Column]

    def spec(self, own: Mapping[str, Source]) -> Spec:
        columns = tuple(Column(**one.model_dump()) for one in self.columns)
        schema = Schema(
            self.index, columns, tuple(self.geometry), self.index_pattern, partition=self.partition
        )
        return Spec(
            self.id,
            self.title.text3(),
            schema,
            tuple(own.get(one, one) for one in self.sources),
            self.method,
            self.accuracy_m,
            None if self.caveat is None else self.caveat.text3(),
        )


class _Raster(Document):
    id: str
    title: _Text
    unit: str
    sources: list[str]
    method: str


class _Words(Document):
    zh: str
    ja: str


class _Source(Document):
    source_id: str
    title: str
    publisher: str
    licence: str
    attribution: str
    datum: Datum
    vintage: str
    review_number: str = ""
    note: str = ""
    words: dict[str, _Words] = Field(default_factory=dict)

    def source(self) -> Source:
        return Source(**self.model_dump(exclude={"words"}))

    def labels(self) -> dict[str, Localized]:
        return {
            name: Localized(zh=one.zh, en=str(getattr(self, name)), ja=one.ja)
            for name, one in self.words.items()
        }


class _Layers(Document):
    layers: list[_Layer] = Field(default_factory=list)
    rasters: list[_Raster] = Field(default_factory=list)
    sources: list[_Source] = Field(default_factory=list)


def specs(region: Region | None = None) -> Specs:
    """Return the specifications of a region's layers.

    Parameters
    ----------
    region
        The region whose layers and codes are used; None is the current region.

    Returns
    -------
    Specs
        Do not change it.

    Raises
    ------
    InputError
        When ``layers.json`` is wrong; every defect is named.

    Examples
    --------
    >>> specs().ids[:3], list(specs().optional)
    (['provinces', 'prefectures', 'counties'], ['counties_detailed'])
    """
    return _specs(region or current_region())


@lru_cache(maxsize=8)
def _specs(region: Region) -> Specs:
    read = _read(region.folder / LAYERS)
    own = {one.source_id: one.source() for one in read.sources}
    made = [one.spec(own) for one in read.layers if not one.optional]
    optional = [one.spec(own) for one in read.layers if one.optional]
    rasters = {
        one.id: Raster(one.id, one.title.text3(), one.unit, tuple(one.sources), one.method)
        for one in read.rasters
    }
    known = {one.layer_id for one in made} | set(rasters)
    bare = [one for one in region.files if one not in known]
    for one in [each for each in bare if region.files[each].lower().endswith(_RASTER_SUFFIXES)]:
        bare.remove(one)
        rasters[one] = Raster(
            one, Localized(zh=one, en=one, ja=one), "", (), f"As {region.files[one]}."
        )
    return Specs(
        {one.layer_id: one for one in made},
        {one.layer_id: one for one in optional},
        rasters,
        tuple(bare),
        own,
        {one.source_id: one.labels() for one in read.sources},
    )


def _read(file: Path) -> _Layers:
    if not file.is_file():
        return _Layers()
    try:
        content: Any = json.loads(file.read_bytes())
        return _Layers.model_validate(content)
    except ValidationError as error:
        defects = [
            f"{'.'.join(map(str, one['loc']))}: {one['msg']}"
            for one in error.errors(include_url=False, include_input=False)
        ]
        raise defects_error(file, defects) from None
    except (ValueError, RecursionError) as error:
        msg = f"{file}: not the list of a region's layers ({error})"
        raise InputError(msg) from None


def spec(layer_id: str, region: Region | None = None) -> Spec:
    """Return the specification of a vector layer of a region, optional ones included.

    Parameters
    ----------
    layer_id
        One of ``specs(region).vector`` or ``.optional``.
    region
        The region whose layers and codes are used; None is the current region.

    Returns
    -------
    Spec
        Title, schema, sources and caveat.

    Raises
    ------
    UnknownIdError
        When ``layers.json`` has no such layer.

    Examples
    --------
    >>> spec("counties").schema.index
    'adcode'
    """
    found = specs(region)
    known = found.vector | found.optional
    if layer_id not in known:
        raise UnknownIdError("layer", layer_id, (*known, *found.rasters))
    return known[layer_id]
