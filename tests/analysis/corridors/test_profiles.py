"""Profiles along an axis and decay across it."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from metres import ANALYSIS_CRS
from scipy.optimize import minimize
from shapely import LineString, Point, box

from geo.analysis.corridors import membership as corridors
from geo.analysis.corridors import profiles
from geo.errors import InputError

KM = 1000.0
AXIS = gpd.GeoSeries([LineString([(0, 0), (25 * KM, 0)])], ["a"], crs=ANALYSIS_CRS)


def measured(*xy, width_km=2.0, **columns):
    points = gpd.GeoDataFrame(
        columns, geometry=[Point(x * KM, y * KM) for x, y in xy], crs=ANALYSIS_CRS
    )
    return corridors.measure(points, AXIS, width_km=width_km)


def test_stretches_are_half_open_and_the_last_is_closed():
    found = corridors.profile(
        measured((0, 0), (10, 1), (9.999, -1), (25, 0), (26, 0), (12, 5)), AXIS, width_km=2.0
    )
    assert found.to_km.tolist() == [10.0, 20.0, 25.0]
    assert found["count"].tolist() == [2, 1, 2]
    cap = np.pi * 2
    assert found.area_km2.tolist() == pytest.approx([40 + cap, 40, 20 + cap], rel=1e-6)
    assert found.per_km2.tolist() == pytest.approx([2 / (40 + cap), 1 / 40, 2 / (20 + cap)], 1e-6)


def test_sea_is_not_land():
    land = gpd.GeoSeries([box(-9 * KM, -9 * KM, 15 * KM, 9 * KM)], crs=ANALYSIS_CRS)
    found = corridors.profile(measured((1, 0), (24, 0)), AXIS, width_km=2.0, land=land)
    assert found.land_km2.tolist() == pytest.approx([40 + np.pi * 2, 20, 0], rel=1e-6)
    assert np.isnan(found.per_km2.iloc[2])
    assert found["count"].tolist() == [1, 0, 1]


def test_groups_keep_empty_stretches_and_unknown_points_are_apart():
    points = measured((1, 1), (1, 1), (12, 1), (12, 1.9), position_accuracy_m=[0, 0, 0, 500])
    groups = pd.DataFrame(
        {"category": ["lab", "plant", "lab", "lab"], "year": [2020, 2020, 2021, 2021]}
    )
    found = corridors.profile(
        points, AXIS, width_km=2.0, groups=groups, weight=pd.Series([1.0, 2.0, 4.0, 8.0])
    )
    assert len(found) == 2 * 2 * 3
    lab = found.query("category == 'lab' and year == 2021")
    assert lab["count"].tolist() == [0, 1, 0]
    assert lab["unknown"].tolist() == [0, 1, 0]
    assert lab.weight_sum.tolist() == [0.0, 4.0, 0.0]
    assert found["count"].sum() == 3


def test_nodes_stand_in_their_stretch():
    nodes = pd.DataFrame(
        {"chainage_km": [0.0, 10.0, 25.0], "name_zh": list("甲乙丙"), "name_en": list("ABC"),
         "name_ja": list("甲乙丙")}
    )  # fmt: skip
    found = corridors.profile(measured((0, 0)), AXIS, nodes=nodes)
    assert found.nodes_en.tolist() == ["A", "B", "C"]


def test_profile_refuses_what_it_cannot_do():
    with pytest.raises(InputError, match="bin_km is 0"):
        corridors.profile(measured((0, 0)), AXIS, bin_km=0.0)
    with pytest.raises(InputError, match="more than 10,000 stretches"):
        corridors.profile(measured((0, 0)), AXIS, bin_km=0.001)
    with pytest.raises(InputError, match="category, year or both"):
        corridors.profile(measured((0, 0)), AXIS, groups=pd.DataFrame({"kind": ["x"]}))
    with pytest.raises(InputError, match="no point has a category"):
        corridors.profile(measured((0, 0)), AXIS, groups=pd.DataFrame({"category": [None]}))


@pytest.mark.parametrize("length", [0.1, 9.999999999, 10.0, 218.79])
def test_stretches_cover_the_axis(length):
    edges = profiles.stretches(length, 10.0)
    assert edges[0] == 0.0
    assert edges[-1] == length
    assert (np.diff(edges) > 0).all()


def scattered(beta, n, seed):
    """Points whose density falls as exp(-beta·d) from the axis, ends left out."""
    random = np.random.default_rng(seed)
    offset = random.exponential(1 / beta, n)
    sign = random.choice([-1, 1], n)
    return measured(*zip(random.uniform(0, 25, n), sign * offset, strict=True))


def test_decay_finds_the_rate_that_made_the_points():
    land = gpd.GeoSeries([box(0, -99 * KM, 25 * KM, 99 * KM)], crs=ANALYSIS_CRS)
    found = corridors.decay(scattered(0.2, 4000, 5), AXIS, ring_km=1.0, max_km=20.0, land=land)
    assert found.beta_low < 0.2 < found.beta_high
    assert found.half_distance_km == pytest.approx(np.log(2) / 0.2, rel=0.05)
    assert found.half_low < found.half_distance_km < found.half_high
    assert found.deviance_explained > 0.95
    assert found.note == ""
    assert found.n + found.n_dropped == 4000


def test_decay_is_the_maximum_of_the_poisson_likelihood():
    found = corridors.decay(scattered(0.5, 60, 1), AXIS, ring_km=2.0, max_km=20.0)
    rings = found.rings
    assert found.n_zero_rings > 0
    middle = (rings.from_km + rings.to_km) / 2

    def loss(both):
        expected = rings.land_km2 * np.exp(both[0] - both[1] * middle)
        return float((expected - rings["count"] * np.log(expected)).sum())

    best = minimize(loss, [0.0, 0.1], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12})
    assert found.beta_per_km == pytest.approx(best.x[1], rel=1e-5)
    assert found.rho0_per_km2 == pytest.approx(np.exp(best.x[0]), rel=1e-5)
    assert rings["count"].sum() == pytest.approx((rings.fitted * rings.land_km2).sum())


def test_decay_that_is_not_there_is_not_claimed():
    even = measured(*[(x, y) for x in range(1, 25, 2) for y in np.arange(0.5, 19.9, 1.0)])
    land = gpd.GeoSeries([box(0, -99 * KM, 25 * KM, 99 * KM)], crs=ANALYSIS_CRS)
    found = corridors.decay(even, AXIS, ring_km=2.0, max_km=20.0, land=land)
    assert found.beta_low < 0 < found.beta_high
    assert found.note == "the interval of beta holds 0: no decay is shown"
    assert np.isnan(found.half_distance_km) or np.isinf(found.half_high)


@pytest.mark.parametrize(
    ("points", "note"),
    [
        ([(1, 90)], "no point lies within 20.0 km"),
        ([(1, 1), (2, 1)], "1 of 10 rings with land hold all points"),
    ],
)
def test_decay_of_too_little_says_so(points, note):
    found = corridors.decay(measured(*points), AXIS)
    assert note in found.note
    assert np.isnan(found.beta_per_km)
    assert len(found.rings) == 10


def test_steep_decay_with_two_rings_converges():
    found = corridors.decay(measured(*[(x / 9, 0.1) for x in range(200)], (5, 3)), AXIS)
    assert found.beta_per_km > 1
    assert np.isfinite(found.beta_high)


def test_rings_must_fit():
    with pytest.raises(InputError, match="3 to 1000 whole rings"):
        corridors.decay(measured((0, 0)), AXIS, ring_km=3.0, max_km=20.0)


def test_blurred_points_are_counted():
    points = measured((1, 1), (1, 5))
    found = corridors.decay(points, AXIS, accuracy_m=pd.Series([100.0, 3000.0]))
    assert found.n_blurred == 1
