"""What longitude and latitude may be: exchanged pairs put right, (0, 0) and the impossible refused.

One rule for points from any format: what is refused in a table is refused in a shapefile.
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["Degrees", "judge_degrees"]

_ZERO_DEG: Final = 1e-9

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Degrees:
    """Longitudes and latitudes after the check.

    Attributes
    ----------
    lon, lat
        Degrees, exchanged where that was plain.
    usable
        Which pairs can be places.
    seen
        Rows by reason of ``geo.door.reasons``.
    """

    lon: Floats
    lat: Floats
    usable: Bools
    seen: dict[str, Bools] = field(default_factory=dict)


def judge_degrees(x: Floats, y: Floats, usable: Bools, *, anywhere: bool = False) -> Degrees:
    """Check pairs of degrees.

    Parameters
    ----------
    x, y
        As they stand; NaN where there is none.
    usable
        Which pairs are to be checked.
    anywhere
        Whether a point may lie on the equator or the meridian of Greenwich to the last digit; where
        a region is known, one coordinate of 0 is one that is missing.

    Returns
    -------
    Degrees
        A pair whose second is beyond any latitude and whose first is none is exchanged.

    Examples
    --------
    >>> x, y = np.array([116.4, 39.9, 0.0, 500.0]), np.array([39.9, 116.4, 0.0, 10.0])
    >>> found = judge_degrees(x, y, np.ones(4, dtype=bool))
    >>> found.lon.tolist()[:2], found.usable.tolist()
    ([116.4, 116.4], [True, True, False, False])
    """
    swap = usable & (np.abs(y) > 90) & (np.abs(y) <= 180) & (np.abs(x) <= 90)
    lon, lat = np.where(swap, y, x), np.where(swap, x, y)
    zero_lon, zero_lat = np.abs(lon) < _ZERO_DEG, np.abs(lat) < _ZERO_DEG
    wild = usable & ((np.abs(lon) > 180) | (np.abs(lat) > 90))
    seen = {
        "swapped": swap,
        "null_island": usable & zero_lon & zero_lat,
        "zero_coordinate": usable & (zero_lon ^ zero_lat) & (not anywhere),
        "out_of_range": wild,
    }
    refused = seen["null_island"] | seen["zero_coordinate"] | wild
    return Degrees(lon, lat, usable & ~refused, seen)
