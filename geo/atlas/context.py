"""The layers that pages share, each read once."""

from functools import cache

import geopandas as gpd
import pandas as pd

from geo.crs import to_analysis
from geo.layers import load, read_table

__all__ = ["Context"]


class Context:
    """Reads layers when a page first asks for them.

    Examples
    --------
    >>> context = Context()
    >>> context.layer("axes") is context.layer("axes")
    True
    """

    def __init__(self) -> None:
        self.layer = cache(load)
        self.metric = cache(self._metric)
        self.table = cache(read_table)

    def frame(self, layer_id: str) -> gpd.GeoDataFrame:
        """Return a layer's frame in ``STORAGE_CRS``.

        Parameters
        ----------
        layer_id
            A shipped vector layer.

        Returns
        -------
        GeoDataFrame
            Shared by all pages; copy before changing.
        """
        return self.layer(layer_id).frame

    def _metric(self, layer_id: str) -> gpd.GeoDataFrame:
        return to_analysis(self.frame(layer_id))

    def present_firms(self) -> gpd.GeoDataFrame:
        """Return the firms that sit where their point is.

        Returns
        -------
        GeoDataFrame
            Without those announced for Xiong'an that have not moved yet.
        """
        firms = self.frame("firms")
        return firms[firms.status == "present"]

    def located_share(self, frame: pd.DataFrame) -> float:
        """Return the share of rows whose point is a site, not a district or quarter.

        Parameters
        ----------
        frame
            With ``position_accuracy_m``.

        Returns
        -------
        float
            0 to 1; sites are known to 1 km or better.
        """
        return float((frame.position_accuracy_m <= 1000).mean())
