"""A page, and the layers it is composed from.

What a page of the publication is: a map, one sentence, a caveat, and the tables behind it.

The layers that pages share, each read once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Final

import geopandas as gpd
import pandas as pd

from geo.crs import to_analysis
from geo.layers import ids, load, read_table
from geo.region import Region, current_region
from geo.render import Map
from geo.texts import Localized

__all__ = [
    "NOT_SITES",
    "Built",
    "Context",
    "Page",
]


@dataclass(frozen=True)
class Built:
    """A page that was composed.

    Attributes
    ----------
    content
        The map with its layers and charts, or a whole page of text and tables.
    sentence
        The finding, for the gallery; the same as on the map.
    caveat
        What a reader must know beside the map, in three languages.
    tables
        The numbers of the page by name; each is written as a CSV file beside the map.
    dated
        Of when the data are, for the gallery; the same as above the headline of the map.
    """

    content: Map | str
    sentence: Localized
    caveat: Localized
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    dated: Localized | None = None

    def html(self) -> str:
        """Return the whole page.

        Returns
        -------
        str
            HTML that needs no network.
        """
        return self.content if isinstance(self.content, str) else self.content.html()


NOT_SITES: Final = ("hsr_station", "government_or_plan_node")
"""Categories of facilities that other layers show: no page counts them among its sites."""


class Context:
    """Reads a region's layers when a page first asks for them.

    Parameters
    ----------
    region
        The region whose layers and codes are used; None is the current region.

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
            Usual id of the layer, such as ``towns``.

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

    def names(self, layer_id: str) -> dict[str, Localized]:
        """Return the names of the features of a layer by id.

        Parameters
        ----------
        layer_id
            A layer with names in three languages.

        Returns
        -------
        dict of str to Localized
            By id, in the order of the layer.
        """
        frame = self.frame(layer_id)
        columns = (frame[f"name_{one}"] for one in ("zh", "en", "ja"))
        return {
            str(key): Localized.of(*named)
            for key, *named in zip(frame.index, *columns, strict=True)
        }

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


@dataclass(frozen=True)
class Page:
    """A page before it is composed.

    Attributes
    ----------
    page_id
        Stem of its file.
    title
        Title in the gallery and on the map, in three languages.
    compose
        Makes it from the layers.
    """

    page_id: str
    title: Localized
    compose: Callable[[Context], Built]
