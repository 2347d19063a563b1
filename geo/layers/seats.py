"""The seat of each prefecture-level city: the point from which its flows and bearings start."""

from typing import Final

import geopandas as gpd
import pandas as pd

from geo.errors import LayerError
from geo.layers.store import read

__all__ = ["city_seats"]

_OTHER_SEATS: Final = {"110000": "gov-tiananmen"}
"""Beijing's government sits in Tongzhou since 2019; its city centre is Tiananmen."""


def city_seats() -> gpd.GeoDataFrame:
    """Return the 13 prefecture-level cities as points.

    Returns
    -------
    GeoDataFrame
        Points in ``STORAGE_CRS``, indexed by ``adcode``, with ``name_zh``, ``name_en``,
        ``name_ja``: the municipal government of each city, Tiananmen for Beijing.

    Raises
    ------
    LayerError
        When the facilities lack the seat of a city.

    Examples
    --------
    >>> len(city_seats()), city_seats().loc["130600"].name_en
    (13, 'Baoding')
    """
    cities = pd.DataFrame(read("prefectures")[["name_zh", "name_en", "name_ja"]])
    facilities = read("facilities")
    seats = [
        _OTHER_SEATS.get(str(adcode), f"gov-{name.lower()}")
        for adcode, name in cities.name_en.items()
    ]
    missing = sorted(set(seats) - set(facilities.index))
    if missing:
        raise LayerError("facilities", [f"the seats {', '.join(missing)} are missing"])
    places = facilities.geometry.loc[seats].to_numpy()
    return gpd.GeoDataFrame(cities, geometry=places, crs=facilities.crs)
