"""The layers that pages share, each read once."""

from functools import cache, partial
from typing import Final

import geopandas as gpd

from geo.crs import to_analysis
from geo.layers import Text3, ids, load, read_table
from geo.region import Region, current_region

__all__ = ["NOT_SITES", "Context"]

NOT_SITES: Final = ("hsr_station", "government_or_plan_node")
"""Categories of facilities that other layers show: no page counts them among its sites."""


class Context:
    """Reads a region's layers when a page first asks for them.

    Parameters
    ----------
    region
        The current one by default.

    Examples
    --------
    >>> context = Context()
    >>> context.layer("axes") is context.layer("axes")
    True
    """

    def __init__(self, region: Region | None = None) -> None:
        self.region = region or current_region()
        self.layer = cache(partial(load, region=self.region))
        self.metric = cache(self._metric)
        self.table = cache(partial(read_table, region=self.region))

    def has(self, layer_id: str) -> bool:
        """Tell whether the region has a layer.

        Parameters
        ----------
        layer_id
            Its usual id.

        Returns
        -------
        bool
            False where a page has to do without.
        """
        return layer_id in ids(self.region)

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
        return to_analysis(self.frame(layer_id), self.region.crs)

    def names(self, layer_id: str) -> dict[str, Text3]:
        """Return what the units of a layer are called.

        Parameters
        ----------
        layer_id
            A layer with names in three languages.

        Returns
        -------
        dict of str to Text3
            By id, in the order of the layer.
        """
        frame = self.frame(layer_id)
        columns = (frame[f"name_{one}"] for one in ("zh", "en", "ja"))
        return {str(key): Text3(*named) for key, *named in zip(frame.index, *columns, strict=True)}

    def sites(self) -> gpd.GeoDataFrame:
        """Return the facilities that count as sites.

        Returns
        -------
        GeoDataFrame
            Without stations, seats of government and nodes of the plans.
        """
        facilities = self.frame("facilities")
        return facilities[~facilities.category.isin(NOT_SITES)]

    def present_firms(self) -> gpd.GeoDataFrame:
        """Return the firms that sit where their point is.

        Returns
        -------
        GeoDataFrame
            Without those announced for another place that have not moved yet.
        """
        firms = self.frame("firms")
        return firms[firms.status == "present"]
