"""Mean and median centre, shift, ellipse: golden values, properties, degenerate cases."""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from metres import ANALYSIS_CRS
from scipy.optimize import minimize

from geo.analysis.structure.centres import (
    centre_shift,
    mean_centre,
    median_centre,
    standard_deviational_ellipse,
)
from geo.errors import CRSError, InputError, UnknownIdError


def golden(name):
    return json.loads((Path(__file__).parents[2] / "golden" / name).read_text(encoding="utf-8"))


GOLDEN = golden("e_sde_centres.json")


def spots(xy, **columns):
    x, y = np.asarray(xy, dtype=float).reshape(-1, 2).T
    return gpd.GeoDataFrame(columns, geometry=gpd.points_from_xy(x, y), crs=ANALYSIS_CRS)


def test_golden_centres_of_e_sde_centres():
    plain, weighted = spots(GOLDEN["points"]), spots(GOLDEN["points"], weight=GOLDEN["weights"])
    for points, part in ((plain, "unweighted"), (weighted, "weighted")):
        one = mean_centre(points).values.iloc[0]
        assert [one.x_m, one.y_m] == pytest.approx(GOLDEN[part]["mean_center"], abs=1e-9)
        assert one.standard_distance_m == pytest.approx(GOLDEN[part]["standard_distance"], abs=1e-9)
    one = median_centre(plain).values.iloc[0]
    assert [one.x_m, one.y_m] == pytest.approx(GOLDEN["weiszfeld_median"], abs=1e-9)
    one = median_centre(weighted).values.iloc[0]
    assert [one.x_m, one.y_m] == pytest.approx(GOLDEN["weiszfeld_weighted_median"], abs=1e-9)


@pytest.mark.parametrize("part", ["unweighted", "weighted"])
@pytest.mark.parametrize("scaling", ["raw", "arcgis", "crimestat"])
def test_golden_ellipse_in_each_scaling_of_e_sde_centres(part, scaling):
    weights = {} if part == "unweighted" else {"weight": GOLDEN["weights"]}
    found = standard_deviational_ellipse(spots(GOLDEN["points"], **weights), scaling=scaling)
    one, wanted = found.values.iloc[0], GOLDEN[part]
    axes = {
        "raw": [wanted["raw_sigma_major"], wanted["raw_sigma_minor"]],
        "arcgis": list(wanted["arcgis_sqrt2"].values()),
        "crimestat": list(wanted["crimestat"].values()),
    }[scaling]
    assert [one.major_m, one.minor_m] == pytest.approx(axes, abs=1e-9)
    assert one.azimuth_deg == pytest.approx(wanted["azimuth_deg_cw_from_north"], abs=1e-9)
    assert one.flattening == pytest.approx(wanted["flattening"], abs=1e-9)
    assert one.scaling == scaling
    if scaling != "crimestat":
        area = wanted["area_raw" if scaling == "raw" else "area_arcgis"]
        assert one.area_km2 * 1e6 == pytest.approx(area, abs=1e-6)
        # 128 chords lose 0.04 % of the area
        assert one.geometry.area == pytest.approx(area, rel=5e-4)
    assert found.n == 12


def test_pointpats_angle_is_what_z_library_quirks_says():
    quirks = " ".join(golden("z_library_quirks.json")["findings"])
    assert "COUNTER-CLOCKWISE FROM EAST" in quirks
    theirs = np.degrees(GOLDEN["pointpats"]["pointpats yuill corr=False"][2])
    ours = GOLDEN["unweighted"]["azimuth_deg_cw_from_north"]
    assert 90 - theirs == pytest.approx(ours, abs=1e-6)


@pytest.mark.parametrize("azimuth", [0.0, 30.0, 90.0, 135.0, 179.0])
def test_azimuth_of_points_on_a_line_is_the_line_s(azimuth):
    t = np.linspace(-1000, 1000, 9)
    line = np.column_stack([t * np.sin(np.radians(azimuth)), t * np.cos(np.radians(azimuth))])
    one = standard_deviational_ellipse(spots(line)).values.iloc[0]
    assert (one.azimuth_deg - azimuth + 90) % 180 - 90 == pytest.approx(0, abs=1e-6)
    assert one.minor_m == 0
    assert one.geometry.geom_type == "LineString"


def test_coinciding_points_and_circles_have_no_direction():
    same = standard_deviational_ellipse(spots([(5, 5)] * 3)).values.iloc[0]
    assert same.geometry.geom_type == "Point"
    assert np.isnan(same.azimuth_deg)
    assert np.isnan(same.flattening)
    square = standard_deviational_ellipse(spots([(0, 0), (0, 2), (2, 0), (2, 2)])).values.iloc[0]
    assert np.isnan(square.azimuth_deg)
    assert square.major_m == pytest.approx(square.minor_m)


def test_crimestat_scaling_of_two_points_is_undefined_not_infinite():
    one = standard_deviational_ellipse(spots([(0, 0), (1, 1)]), scaling="crimestat")
    assert np.isnan(one.values.major_m.iloc[0])


coordinates = st.tuples(st.integers(-99_999, 99_999), st.integers(-99_999, 99_999))
clouds = st.lists(coordinates, min_size=3, max_size=15, unique=True)


@settings(max_examples=20, deadline=None)
@given(clouds, st.integers(-99_999, 99_999), st.integers(0, 10_000))
def test_centres_move_with_the_points_and_do_not_mind_their_order(cloud, shift, seed):
    xy = np.asarray(cloud, dtype=float)
    shuffled = np.random.default_rng(seed).permutation(xy)
    here, there = (mean_centre(spots(p)).values.iloc[0] for p in (xy, shuffled + shift))
    assert [there.x_m - shift, there.y_m - shift] == pytest.approx([here.x_m, here.y_m], abs=1e-6)
    # the median's flat bottom limits how exactly its place is known, not what it costs
    here, there = (median_centre(spots(p)).values.iloc[0] for p in (xy, shuffled + shift))
    cost = np.hypot(*(xy - [here.x_m, here.y_m]).T).sum()
    assert np.hypot(*(xy + shift - [there.x_m, there.y_m]).T).sum() == pytest.approx(cost, rel=1e-9)


@settings(max_examples=20, deadline=None)
@given(clouds)
def test_no_point_beats_the_median_centre(cloud):
    xy = np.asarray(cloud, dtype=float)

    def total(c):
        return np.hypot(*(xy - c).T).sum()

    one = median_centre(spots(xy)).values.iloc[0]
    best = minimize(total, xy.mean(axis=0), method="Nelder-Mead").fun
    assert total([one.x_m, one.y_m]) <= best * (1 + 1e-9) + 1e-6
    assert all(total([one.x_m, one.y_m]) <= total(p) * (1 + 1e-9) + 1e-6 for p in xy)


def test_a_weight_is_a_repetition():
    repeated = spots([(0, 0), (10, 0), (10, 0), (0, 6)])
    weighted = spots([(0, 0), (10, 0), (0, 6)], weight=[1, 2, 1])
    for measure in (mean_centre, median_centre, standard_deviational_ellipse):
        left, right = measure(repeated).values.iloc[0], measure(weighted).values.iloc[0]
        assert [left.x_m, left.y_m] == pytest.approx([right.x_m, right.y_m], abs=1e-9)


def test_shift_by_year_has_length_and_azimuth():
    points = spots(
        [(0, 0), (0, 0), (3, 4), (3, 4), (3, 4)], year=[2010, 2010, 2020, 2020, 2015], weight=1
    )
    moved = centre_shift(points).values
    assert moved.index.tolist() == [2015, 2020]
    assert moved.loc[2015, "shift_m"] == 5
    assert moved.loc[2015, "azimuth_deg"] == pytest.approx(np.degrees(np.arctan2(3, 4)))
    assert moved.loc[2020, "shift_m"] == 0
    assert np.isnan(moved.loc[2020, "azimuth_deg"])
    assert centre_shift(points, centre="median").years == (2010, 2015, 2020)


def test_rows_without_position_or_weight_are_counted():
    points = spots([(0, 0), (1, 1), (2, 2)], weight=[1, None, 1])
    points.loc[2, "geometry"] = None
    one = mean_centre(points)
    assert one.n == 1
    assert one.n_dropped == {"no position": 1, "no weight": 1}


def test_what_cannot_be_measured_is_refused():
    with pytest.raises(CRSError, match="metres"):
        mean_centre(spots([(0, 0)]).set_crs(4326, allow_override=True))
    with pytest.raises(InputError, match="negative"):
        mean_centre(spots([(0, 0)], weight=[-1]))
    with pytest.raises(InputError, match="sum to zero"):
        mean_centre(spots([(0, 0)], weight=[0]))
    with pytest.raises(InputError, match="must be points"):
        mean_centre(gpd.GeoDataFrame(geometry=spots([(0, 0)]).buffer(1), crs=ANALYSIS_CRS))
    with pytest.raises(InputError, match="no row"):
        mean_centre(spots([(0, 0)], weight=[None]))
    with pytest.raises(InputError, match="year"):
        centre_shift(spots([(0, 0)]))
    with pytest.raises(UnknownIdError, match="scaling"):
        standard_deviational_ellipse(spots([(0, 0)]), scaling="turf")
    with pytest.raises(UnknownIdError, match="centre"):
        centre_shift(spots([(0, 0)], year=[2010]), centre="mode")


@settings(max_examples=20, deadline=None)
@given(clouds, st.integers(-99_999, 99_999))
def test_the_ellipse_moves_with_the_points_and_its_scalings_keep_their_ratio(cloud, shift):
    xy = np.asarray(cloud, dtype=float)
    raw = standard_deviational_ellipse(spots(xy)).values.iloc[0]
    wide = standard_deviational_ellipse(spots(xy + shift), scaling="arcgis").values.iloc[0]
    assert wide.major_m == pytest.approx(np.sqrt(2) * raw.major_m, rel=1e-6)
    assert wide.minor_m == pytest.approx(np.sqrt(2) * raw.minor_m, rel=1e-3, abs=1e-2)
    assert raw.minor_m <= raw.major_m
    # the axes and the standard distance are one decomposition of the spread
    spread = mean_centre(spots(xy)).values.standard_distance_m.iloc[0]
    assert np.hypot(raw.major_m, raw.minor_m) == pytest.approx(spread, rel=1e-6)


@settings(max_examples=20, deadline=None)
@given(clouds, st.integers(-9_999, 9_999), st.integers(1, 9_999))
def test_a_shift_is_the_way_that_all_points_went(cloud, east, north):
    xy = np.asarray(cloud, dtype=float)
    both = np.concatenate([xy, xy + np.array([east, north])])
    found = centre_shift(spots(both, year=[2010] * len(xy) + [2020] * len(xy))).values.loc[2020]
    assert found.shift_m == pytest.approx(np.hypot(east, north), rel=1e-6)
    turned = (found.azimuth_deg - np.degrees(np.arctan2(east, north)) + 180) % 360 - 180
    assert turned == pytest.approx(0, abs=1e-4)
