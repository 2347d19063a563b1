"""Least-cost corridors: golden surfaces, walls, flat lands, and the ground they are made from."""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from metres import ANALYSIS_CRS
from pyproj import CRS
from shapely import LineString, Point, box

from geo.analysis.corridors.friction import friction_surface, friction_weights
from geo.analysis.corridors.least_cost import band_polygons, jaccard, least_cost_corridor
from geo.errors import CRSError, InputError
from geo.raster import Raster

GOLDEN = json.loads(
    (Path(__file__).parents[2] / "golden" / "c_least_cost_corridor.json").read_text()
)


def surface(values, tall=1.0, wide=1.0):
    values = np.array(values, dtype=float)
    return Raster(values, Affine(wide, 0, 0, 0, -tall, tall * len(values)), ANALYSIS_CRS)


def centre(raster, row, column):
    return Point(*(raster.transform * (column + 0.5, row + 0.5)))


def corridor(raster, start, end):
    return least_cost_corridor(raster, centre(raster, *start), centre(raster, *end))


def test_golden_corridor():
    """golden/c_least_cost_corridor.json: cost, slack of all 25 cells, and the path."""
    ground = surface(GOLDEN["friction"])
    found = corridor(ground, GOLDEN["A"], GOLDEN["B"])
    assert found.cost == pytest.approx(GOLDEN["lcp_cost"], abs=1e-9)
    slack = found.slack.values
    assert slack == pytest.approx(np.array(GOLDEN["corridor_A_plus_B_minus_lcp"]), abs=1e-9)
    relative = slack / found.cost
    assert relative == pytest.approx(np.array(GOLDEN["slack_relative"]), abs=1e-9)
    cells = [
        (int(row), int(column))
        for column, row in (~ground.transform * xy for xy in found.path.coords)
    ]
    assert cells == [tuple(cell) for cell in GOLDEN["lcp_cells"]]
    for limit, count in GOLDEN["cells_within"].items():
        assert (slack <= float(limit.removeprefix("<="))).sum() == count
    assert (slack == 0).sum() == 8


def test_golden_cells_that_are_not_square():
    """golden/c_least_cost_corridor.json: cells 40 high and 30 wide."""
    expected = np.array(GOLDEN["rectangular_cell_sampling_40x30_cost_A"])
    found = corridor(surface(GOLDEN["friction"], 40.0, 30.0), (0, 0), (4, 4))
    assert found.cost == pytest.approx(expected[4, 4], abs=1e-9)
    assert found.slack.values[0, 0] == 0.0


def test_golden_wall():
    """golden/c_least_cost_corridor.json: impassable cells stay without a value, never 0."""
    wall = GOLDEN["wall_case"]
    expected = np.array(wall["cost_from_A"], dtype=float)
    found = corridor(surface(wall["friction"]), (0, 0), (4, 4))
    assert found.cost == pytest.approx(expected[4, 4], abs=1e-9)
    assert np.isnan(found.slack.values[3]).tolist() == [True, True, True, True, False]
    assert (found.slack.values[~np.isnan(found.slack.values)] >= 0).all()


def test_a_closed_wall_and_bad_places_are_named():
    shut = surface([[1, 1], [-1, -1], [1, np.nan]])
    with pytest.raises(InputError, match="no way leads from one place to the other"):
        corridor(shut, (0, 0), (2, 0))
    with pytest.raises(InputError, match="to: the place lies on an impassable cell"):
        corridor(shut, (0, 0), (1, 0))
    with pytest.raises(InputError, match="to: the place lies on an impassable cell"):
        corridor(shut, (0, 0), (2, 1))
    with pytest.raises(InputError, match="from: the place lies off the friction surface"):
        least_cost_corridor(shut, Point(-5, 0), centre(shut, 0, 0))
    with pytest.raises(InputError, match="both places lie in one cell"):
        corridor(shut, (0, 0), (0, 0))
    degrees = Raster(np.ones((2, 2)), Affine(1, 0, 116, 0, -1, 40), CRS.from_epsg(4326))
    with pytest.raises(CRSError, match="warp_to_analysis"):
        least_cost_corridor(degrees, Point(116.5, 39.5), Point(117.5, 38.5))


@pytest.mark.parametrize("free", [0.0, -0.0])
def test_free_ground_is_refused_as_every_way_over_it_is_a_cheapest_one(free):
    ground = np.ones((3, 4))
    ground[1, 1:3] = free
    with pytest.raises(InputError, match=r"friction is 0 in 2 of 12 cells; it must be > 0"):
        corridor(surface(ground), (0, 0), (2, 3))
    ground[1, 1:3] = -1
    assert corridor(surface(ground), (0, 0), (2, 3)).cost > 0


@settings(max_examples=30, deadline=None)
@given(
    values=st.lists(st.lists(st.floats(0.1, 20), min_size=4, max_size=4), min_size=3, max_size=6),
    factor=st.floats(0.1, 50),
)
def test_slack_is_never_negative_symmetric_and_scales(values, factor):
    ground = surface(values)
    end = (len(values) - 1, 3)
    there, back = corridor(ground, (0, 0), end), corridor(ground, end, (0, 0))
    assert (there.slack.values >= 0).all()
    assert there.cost == pytest.approx(back.cost)
    assert there.slack.values == pytest.approx(back.slack.values, abs=1e-9 * (1 + there.cost))
    dear = corridor(surface(np.array(values) * factor), (0, 0), end)
    assert dear.cost == pytest.approx(there.cost * factor)
    at = [ground.transform.__invert__() * xy for xy in there.path.coords]
    on_path = [there.slack.values[int(row), int(column)] for column, row in at]
    assert max(on_path) <= 1e-6 * there.cost


def test_bands_grow_with_their_limit():
    random = np.random.default_rng(2)
    ground = surface(random.uniform(1, 3, (40, 40)), 1000, 1000)
    found = corridor(ground, (0, 0), (39, 39))
    bands = band_polygons(found, percents=(5.0, 1.0))
    assert bands.within_percent.tolist() == [1.0, 5.0]
    assert bands.area_km2.is_monotonic_increasing
    cells = (found.slack.values <= 0.05 * found.cost).sum()
    assert bands.area_km2.iloc[1] == pytest.approx(cells)
    assert bands.geometry.iloc[1].contains(bands.geometry.iloc[0])
    with pytest.raises(InputError, match="give numbers above 0"):
        band_polygons(found, percents=(0.0,))


def test_jaccard_of_parallel_lines():
    one = gpd.GeoSeries([LineString([(0, 0), (100e3, 0)])], ["a"], crs=ANALYSIS_CRS)
    half = jaccard(one, one.translate(0, 10e3), width_km=10.0)
    assert half == pytest.approx(1 / 3, abs=0.02)
    assert jaccard(one, one.translate(0, 20e3 + 1), width_km=10.0) == 0.0
    assert jaccard(one, one) == pytest.approx(1.0)
    with pytest.raises(InputError, match="2 axes are given where one is needed"):
        jaccard(one, gpd.GeoSeries([*one, *one], ["a", "b"], crs=ANALYSIS_CRS))


LAND = gpd.GeoDataFrame(geometry=[box(0, 0, 4e3, 3e3)], crs=ANALYSIS_CRS)


def test_ground_of_land_sea_rail_road_and_bridges():
    island = gpd.GeoDataFrame(geometry=[box(0, 0, 1e3, 3e3), box(3e3, 0, 4e3, 3e3)], crs=ANALYSIS_CRS)  # fmt: skip
    rail = gpd.GeoDataFrame(geometry=[LineString([(0, 500), (4e3, 500)])], crs=ANALYSIS_CRS)
    road = gpd.GeoDataFrame(geometry=[LineString([(500, 0), (500, 3e3)])], crs=ANALYSIS_CRS)
    found = friction_surface(island, rail=rail, road=road).values
    assert found.tolist() == [
        [0.7, -1.0, -1.0, 1.0],
        [0.7, -1.0, -1.0, 1.0],
        [0.5, 0.5, 0.5, 0.5],
    ]


def test_slopes_cost_more_and_flat_ground_does_not():
    rows = np.arange(12) * 100.0  # 100 m up in a kilometre
    hill = Raster(np.tile(rows, (12, 1)), Affine(1e3, 0, -4e3, 0, -1e3, 8e3), ANALYSIS_CRS)
    found = friction_surface(LAND, elevation=hill).values
    assert found == pytest.approx(np.full((3, 4), 1 + 10 * 0.1))
    flat = Raster(np.full((12, 12), 50.0), hill.transform, ANALYSIS_CRS)
    assert friction_surface(LAND, elevation=flat).values == pytest.approx(np.ones((3, 4)))
    nothing = Raster(np.full((2, 2), np.nan), Affine(1e3, 0, 0, 0, -1e3, 2e3), ANALYSIS_CRS)
    assert friction_surface(LAND, elevation=nothing).values == pytest.approx(np.ones((3, 4)))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"land": 0}, "land is 0; give a positive number"),
        ({"rail": "cheap"}, "rail is 'cheap'"),
        ({"slope_weight": -1}, "slope_weight is -1"),
        ({"sea": -2.0}, r"sea is -2\.0"),
    ],
)
def test_bad_weights_are_named(change, message):
    with pytest.raises(InputError, match=message):
        friction_surface(LAND, weights={**friction_weights(), **change})


def test_other_bad_ground_is_named():
    with pytest.raises(InputError, match="rail missing"):
        friction_surface(LAND, weights={"land": 1, "road": 1, "sea": None, "slope_weight": 0})
    with pytest.raises(InputError, match="cell_m is 0"):
        friction_surface(LAND, cell_m=0)
    with pytest.raises(InputError, match="too many; take a larger cell"):
        friction_surface(LAND, cell_m=0.1)
    with pytest.raises(CRSError, match="land is in WGS 84"):
        friction_surface(LAND.to_crs(4326))


def test_swimming_costs_what_it_is_given():
    islands = gpd.GeoDataFrame(geometry=[box(0, 0, 1e3, 1e3), box(2e3, 0, 3e3, 1e3)], crs=ANALYSIS_CRS)  # fmt: skip
    ground = friction_surface(islands, weights={**friction_weights(), "sea": 5.0})
    assert ground.values.tolist() == [[1.0, 5.0, 1.0]]
    found = least_cost_corridor(ground, Point(500, 500), Point(2500, 500))
    assert found.cost == pytest.approx(6000.0)
    assert shapely.length(found.path) == 2000.0
