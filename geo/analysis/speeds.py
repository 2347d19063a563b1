"""Speeds by class, for networks that state none; the figures stand in ``speeds.yaml``."""

from functools import lru_cache
from importlib.resources import files
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import yaml

from geo.crs import metres_of, require_crs

__all__ = ["rail_speeds", "speed_table"]


@lru_cache(maxsize=1)
def speed_table() -> dict[str, Any]:
    """Read the speeds by class.

    Returns
    -------
    dict
        Classes ``high_speed``, ``rail`` and ``road``. Do not change it.

    Examples
    --------
    >>> sorted(speed_table())
    ['high_speed', 'rail', 'road']
    """
    text = files("geo.analysis").joinpath("speeds.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def rail_speeds(rail: gpd.GeoDataFrame, high_speed: gpd.GeoDataFrame) -> pd.DataFrame:
    """Give each railway edge a class and a speed.

    An edge both of whose ends are near a high-speed line is taken for it, at a share of its
    design speed (the fastest line, where several are near); all others are ordinary railways. The
    lines are schematic, so an old line beside a new one passes for the new one.

    Parameters
    ----------
    rail
        LineStrings in equal-area metres.
    high_speed
        Lines in equal-area metres with ``design_speed_kmh``.

    Returns
    -------
    DataFrame
        Aligned to ``rail``: ``rail_class`` (``high_speed`` or ``rail``), ``speed_kmh``.

    Raises
    ------
    CRSError
        When a frame is not in equal-area metres, or two are not in the same.

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> rail = gpd.GeoDataFrame(
    ...     geometry=shapely.linestrings([[[0, 0], [9e3, 0]], [[0, 0], [0, 9e3]]]),
    ...     crs=metres)
    >>> lines = gpd.GeoDataFrame({"design_speed_kmh": [320]},
    ...     geometry=shapely.linestrings([[[0, 100], [9e3, 100]]]), crs=metres)
    >>> rail_speeds(rail, lines).speed_kmh.tolist()
    [240.0, 80.0]
    """
    require_crs(high_speed, metres_of(rail, name="rail"), name="high_speed")
    table = speed_table()
    near_m = table["high_speed"]["within_km"] * 1000.0
    shapes = rail.geometry.to_numpy()
    ends = shapely.get_point(shapes, 0), shapely.get_point(shapes, -1)
    fastest = np.zeros(len(rail))
    for line, design in zip(high_speed.geometry, high_speed["design_speed_kmh"], strict=True):
        close = [shapely.dwithin(line, one, near_m) for one in ends]
        fastest = np.where(close[0] & close[1], np.maximum(fastest, float(design)), fastest)
    fast = fastest > 0
    speed = np.where(
        fast, fastest * table["high_speed"]["share_of_design_speed"], table["rail"]["speed_kmh"]
    )
    return pd.DataFrame(
        {"rail_class": np.where(fast, "high_speed", "rail"), "speed_kmh": speed}, index=rail.index
    )
