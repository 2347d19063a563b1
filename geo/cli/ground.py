"""What of the region lies under a user's axis: land, nodes of plans, railways and roads."""

from dataclasses import dataclass
from typing import Self

import geopandas as gpd
from pyproj import CRS

from geo.layers import ids, read
from geo.region import Region, current_region

__all__ = ["Ground"]


@dataclass(frozen=True)
class Ground:
    """Layers of the region in its own projection; nothing where the study lies elsewhere.

    Attributes
    ----------
    region
        None for a study in a projection of its own: nothing of the region is there.
    land
        Polygons of the land, or None.
    nodes
        Nodes of the plans, or None.
    """

    region: Region | None
    land: gpd.GeoDataFrame | None
    nodes: gpd.GeoDataFrame | None

    @classmethod
    def of(cls, crs: CRS) -> Self:
        """Open what the region has of it.

        Parameters
        ----------
        crs
            The projection of the study.

        Returns
        -------
        Ground
            Empty when the projection is not the region's.
        """
        region = current_region()
        if crs != region.crs:
            return cls(None, None, None)
        land = None if region.profile.land is None else read(region.land, crs="analysis")
        nodes = read("plan_nodes", crs="analysis") if "plan_nodes" in ids() else None
        return cls(region, land, nodes)

    def network(self, kind: str) -> gpd.GeoDataFrame | None:
        """Open a network of the region.

        Parameters
        ----------
        kind
            Kind of network, ``rail`` or ``road``.

        Returns
        -------
        GeoDataFrame or None
            None where there is none.
        """
        if self.region is None or getattr(self.region.profile.networks, kind) is None:
            return None
        return read(self.region.network(kind), crs="analysis")
