"""Minutes by road by hand: the way at its speed, the ends at theirs, nothing where nothing leads."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geo.analysis.road_minutes import road_minutes
from geo.crs import ANALYSIS_CRS
from geo.errors import CRSError, InputError

ROADS = gpd.GeoDataFrame(
    geometry=shapely.linestrings([[[0, 0], [30e3, 0]], [[30e3, 0], [30e3, 40e3]],
                                  [[90e3, 90e3], [95e3, 90e3]]]),
    crs=ANALYSIS_CRS,
)  # fmt: skip


def _spots(*pairs):
    shapes = [None if one is None else shapely.Point(*one) for one in pairs]
    return gpd.GeoDataFrame(index=list("abcdefg")[: len(pairs)], geometry=shapes, crs=ANALYSIS_CRS)


def test_by_hand():
    centre = _spots((0, 500))
    spots = _spots((30e3, 40e3), (15e3, -1e3), None, (92e3, 90e3), (0, -30e3))
    found = road_minutes(spots, centre, ROADS, speed_kmh=60, access_speed_kmh=30)
    # 70 km at 60 and 0.5 km at 30; 15 km at 60 and 1.5 km at 30; no position; another island; too far
    assert found["a"] == pytest.approx(71.0)
    assert found["b"] == pytest.approx(18.0)
    assert found[["c", "d", "e"]].isna().all()


def test_faster_roads_take_no_longer_and_order_does_not_matter():
    centre, spots = _spots((0, 0)), _spots((30e3, 40e3), (15e3, -1e3), (30e3, 1e3))
    slow, fast = (road_minutes(spots, centre, ROADS, speed_kmh=one) for one in (50, 100))
    assert (fast < slow).all()
    pd.testing.assert_series_equal(
        road_minutes(spots[::-1], centre, ROADS, speed_kmh=50)[::-1], slow
    )


def test_wrong_requests_are_named():
    centre, spots = _spots((0, 0)), _spots((1e3, 0))
    with pytest.raises(InputError, match="above 0"):
        road_minutes(spots, centre, ROADS, speed_kmh=0)
    with pytest.raises(InputError, match="one point within 20 km"):
        road_minutes(spots, _spots((0, -50e3)), ROADS)
    with pytest.raises(CRSError, match="roads"):
        road_minutes(spots, centre, ROADS.set_crs(4326, allow_override=True))
