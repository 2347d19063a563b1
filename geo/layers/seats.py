"""The seat of each city: the point from which its flows and bearings start."""

import geopandas as gpd
import pandas as pd

from geo.errors import LayerError
from geo.layers.store import read
from geo.region import Level, Region, current_region

__all__ = ["city_seats", "seated_level"]


def seated_level(region: Region | None = None) -> Level:
    """Return the level of units that flows run between: the lowest whose seats are known.

    Parameters
    ----------
    region
        The current one by default.

    Returns
    -------
    Level
        Of cities in the default region.

    Raises
    ------
    RegionError
        When the region states the seats of no level.

    Examples
    --------
    >>> seated_level().layer_id
    'prefectures'
    """
    region = region or current_region()
    for level in region.levels:
        if level.seats is not None:
            return level
    supply = "name there a layer with a place for each unit, or give --nodes FILE"
    raise region.lacks("units.seats", "seats of cities", supply)


def city_seats(region: Region | None = None) -> gpd.GeoDataFrame:
    """Return the cities of a region as points.

    Parameters
    ----------
    region
        The current one by default.

    Returns
    -------
    GeoDataFrame
        Points in ``STORAGE_CRS``, indexed by the units' ids, with ``name_zh``, ``name_en``,
        ``name_ja``: where ``region.yaml`` says that the seat of each is.

    Raises
    ------
    RegionError
        When the region does not say.
    LayerError
        When the facilities lack the seat of a city.

    Examples
    --------
    >>> len(city_seats()), city_seats().loc["130600"].name_en
    (13, 'Baoding')
    """
    region = region or current_region()
    level = seated_level(region)
    cities = pd.DataFrame(read(level.layer_id, region=region)[["name_zh", "name_en", "name_ja"]])
    if level.seats is None:  # which seated_level has looked for
        return gpd.GeoDataFrame(cities.iloc[:0], geometry=[])
    layer_id, prefix, others = level.seats
    facilities = read(layer_id, region=region)
    seats = [
        others.get(str(unit), f"{prefix}{name.lower()}") for unit, name in cities.name_en.items()
    ]
    missing = sorted(set(seats) - set(facilities.index))
    if missing:
        raise LayerError(layer_id, [f"the seats {', '.join(missing)} are missing"])
    places = facilities.geometry.loc[seats].to_numpy()
    return gpd.GeoDataFrame(cities, geometry=places, crs=facilities.crs)
