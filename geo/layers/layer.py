"""A layer: a frame that keeps its schema, with where it comes from and what it lacks."""

from dataclasses import dataclass
from typing import Any

import geopandas as gpd

from geo import __version__
from geo.errors import LayerError
from geo.layers.schema import Schema
from geo.sources.registry import Source, source
from geo.texts import Text3

__all__ = ["Layer", "Text3"]


@dataclass(frozen=True)
class Layer:
    """A frame that was checked against its schema, with its provenance.

    An invalid layer cannot exist: making one raises.

    Attributes
    ----------
    layer_id
        As in ``jjj layers list``.
    frame
        In ``STORAGE_CRS``, indexed by the schema's id.
    schema
        The contract.
    title
        In three languages.
    sources
        Ids of registered sources, or sources of a user's region.
    accuracy_m
        How far its positions may be from the truth, in metres; None when each row says so.
    caveat
        What a reader of a map with this layer must be told; None when there is nothing.
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
    title: Text3
    sources: tuple[str | Source, ...]
    method: str
    accuracy_m: float | None = None
    caveat: Text3 | None = None

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
