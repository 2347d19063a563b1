"""Door-to-door minutes and isochrones: hand-computed roads and rails, and the shipped ones."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from metres import ANALYSIS_CRS, to_analysis

from geo.analysis.access.travel_times import TravelRules, isochrones, rail_links, travel_minutes
from geo.errors import CRSError, InputError
from geo.layers import read, read_table
from geo.layers.places import city_seats

ROAD = gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 0), (300e3, 0)])], crs=ANALYSIS_CRS)
NO_RAIL = pd.DataFrame(columns=["line_id", "start", "end", "minutes"])


def places(**xy):
    return gpd.GeoDataFrame(
        index=list(xy), geometry=[shapely.Point(one) for one in xy.values()], crs=ANALYSIS_CRS
    )


def railway():
    stations = places(s=(0, 0), m=(150e3, 0), t=(300e3, 0))
    lines = pd.DataFrame(
        {
            "line_id": list("aabb"),
            "order": [1, 2, 1, 2],
            "station_facility_id": ["s", "m", "m", "t"],
            "design_speed_kmh": [300] * 4,
        }
    )
    rules = TravelRules(rail_share=1.0, rail_detour=1.0)
    return stations, rail_links(lines, stations, rules=rules), rules


def test_road_country_and_straight_ways_by_hand():
    ends = places(a=(0, 0), b=(60e3, 10e3), c=(60e3, 11e3))
    found = travel_minutes(ends, ends, roads=ROAD, stations=ends, rail=NO_RAIL).values
    # 60 km at 60 km/h and 10 km at 30 km/h
    assert found.loc["a", "b"] == pytest.approx(80)
    # b and c are 1 km apart: straight, not back to the road
    assert found.loc["b", "c"] == pytest.approx(2)
    assert (np.diag(found) == 0).all()


def test_boarding_leaving_and_a_change_of_line_cost_what_the_rules_say():
    stations, rail, rules = railway()
    found = travel_minutes(
        stations, stations, roads=ROAD, stations=stations, rail=rail, rules=rules
    )
    # 150 km at 300 km/h, 25 min to board, 10 to leave
    assert found.values.loc["s", "m"] == pytest.approx(30 + 35)
    # and once more for the second line; by road it would be 300 minutes
    assert found.values.loc["s", "t"] == pytest.approx(2 * (30 + 35))
    assert "25 min to board" in found.caveat.en
    assert "25 分钟" in found.caveat.zh


def test_rail_is_left_when_the_road_is_faster_and_used_when_doors_are_off_the_road():
    stations, rail, rules = railway()
    door = places(d=(10e3, 0))
    found = travel_minutes(door, stations, roads=ROAD, stations=stations, rail=rail, rules=rules)
    assert found.values.loc["d", "s"] == pytest.approx(10)
    assert found.values.loc["d", "m"] == pytest.approx(10 + 65)


def test_faster_rules_never_make_a_trip_longer():
    seats = to_analysis(city_seats())
    stations = read("stations", crs="analysis")
    ways = {"roads": read("road_network", crs="analysis"), "stations": stations}
    slow, fast = (
        travel_minutes(
            seats,
            seats,
            **ways,
            rules=rules,
            rail=rail_links(read_table("rail_lines"), stations, rules=rules),
        ).values
        for rules in (TravelRules(), TravelRules(road_kmh=80, board_min=15, rail_share=0.8))
    )
    assert (fast <= slow + 1e-6).all(axis=None)
    assert np.isfinite(slow).all(axis=None)
    # a way there is a way back, at the same rules
    assert slow.to_numpy() == pytest.approx(slow.T.to_numpy(), abs=1e-6)
    # Beijing to Tianjin, door to door: more than the 30 minutes on the train, less than by road
    assert 60 < slow.loc["110000", "120000"] < 120


def test_isochrones_grow_with_time_and_stay_in_the_region():
    stations, rail, rules = railway()
    land = gpd.GeoSeries([shapely.box(-50e3, -50e3, 350e3, 50e3)], crs=ANALYSIS_CRS)
    found = isochrones(
        places(s=(0, 0)),
        land,
        roads=ROAD,
        stations=stations,
        rail=rail,
        rules=rules,
        limits_min=(30, 90),
        cell_km=10,
    )
    near, far = found.values.geometry
    assert near.within(far.buffer(1))
    assert far.within(land.iloc[0].buffer(1))
    # the train brings the far end of its first line into the larger circle, not the land between
    assert far.intersects(shapely.Point(150e3, 0))
    assert found.values.area_km2.tolist() == pytest.approx([near.area / 1e6, far.area / 1e6])
    assert found.n == 400


def test_what_cannot_be_travelled_is_refused():
    stations, rail, _ = railway()
    with pytest.raises(InputError, match="above zero"):
        TravelRules(road_kmh=0)
    with pytest.raises(InputError, match="not listed: m"):
        rail_links(
            pd.DataFrame(
                {"line_id": "a", "order": [1], "station_facility_id": ["m"], "design_speed_kmh": 1}
            ),
            places(s=(0, 0)),
        )
    with pytest.raises(CRSError):
        travel_minutes(
            stations.set_crs(4326, allow_override=True),
            stations,
            roads=ROAD,
            stations=stations,
            rail=rail,
        )
    land = gpd.GeoSeries([shapely.box(0, 0, 1, 1)], crs=ANALYSIS_CRS)
    with pytest.raises(InputError, match="smaller cells"):
        isochrones(stations, land, roads=ROAD, stations=stations, rail=rail)
    with pytest.raises(InputError, match="above zero"):
        isochrones(stations, land, roads=ROAD, stations=stations, rail=rail, cell_km=0)


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 29), st.integers(1, 29), st.integers(20, 90))
def test_a_circle_on_a_straight_road_is_as_long_as_its_minutes(home_10km, limit_10min, kmh):
    rules = TravelRules(road_kmh=kmh, country_kmh=1.0)
    land = gpd.GeoSeries([shapely.box(0, -5e3, 300e3, 5e3)], crs=ANALYSIS_CRS)
    home = places(a=(home_10km * 10e3, 0))
    found = isochrones(
        home, land, roads=ROAD, stations=places(s=(0, 0)), rail=NO_RAIL, rules=rules,
        limits_min=(limit_10min * 10.0,), cell_km=10,
    ).values  # fmt: skip
    centres = np.arange(5e3, 300e3, 10e3)
    reach_m = kmh * 1000 * limit_10min / 6
    wanted = (np.abs(centres - home_10km * 10e3) <= reach_m + 1e-6).sum() * 100
    assert found.area_km2.iloc[0] == pytest.approx(wanted)


def test_the_train_alone_takes_twenty_minutes_and_the_door_four_times_that():
    # METHODS §2d: Beijing to Tianjin is 19.7 min line-haul only, why access time must be added
    stations = read("stations", crs="analysis")
    bare = TravelRules(rail_share=1.0, rail_detour=1.03)
    links = rail_links(read_table("rail_lines"), stations, rules=bare)
    own = links[links.line_id == "jingjin-intercity"].minutes.iloc[:3]
    assert own.sum() == pytest.approx(19.7, abs=0.3)
