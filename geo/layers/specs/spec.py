"""What is fixed about a layer before its rows are known."""

from dataclasses import dataclass

import geopandas as gpd

from geo.layers.layer import Layer, Text3
from geo.layers.schema import Schema

__all__ = ["Spec"]


@dataclass(frozen=True)
class Spec:
    """What is fixed about a layer before its rows are known."""

    layer_id: str
    title: Text3
    schema: Schema
    sources: tuple[str, ...]
    method: str
    accuracy_m: float | None = None
    caveat: Text3 | None = None

    def layer(self, frame: gpd.GeoDataFrame) -> Layer:
        """Make a layer of a frame, which checks it.

        Parameters
        ----------
        frame
            In ``STORAGE_CRS``, indexed by id.

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
