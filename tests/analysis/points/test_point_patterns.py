"""Nearest neighbours and Ripley's K inside the study polygon; figures of METHODS §2e."""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from metres import ANALYSIS_CRS

from geo.analysis.points.patterns import nearest_neighbour_ratio, ripley_k, study_window
from geo.errors import CRSError, InputError
from geo.layers import read

GOLDEN = Path(__file__).parents[2] / "golden"
TWELVE = json.loads((GOLDEN / "e_sde_centres.json").read_text(encoding="utf-8"))["points"]
SQUARE = gpd.GeoSeries([shapely.box(0, 0, 100, 100)], crs=ANALYSIS_CRS)


def spots(xy, **columns):
    return gpd.GeoDataFrame(
        columns, geometry=gpd.points_from_xy(*np.asarray(xy, dtype=float).T), crs=ANALYSIS_CRS
    )


def test_ratio_of_the_twelve_points_depends_on_the_window():
    # METHODS §2e: 1.497 in the square of 100, 2.058 in the hull, of the points of e_sde_centres
    one = nearest_neighbour_ratio(spots(TWELVE), SQUARE).values.iloc[0]
    assert one.ratio == pytest.approx(1.497, abs=5e-4)
    hull = gpd.GeoSeries([shapely.MultiPoint(TWELVE).convex_hull], crs=ANALYSIS_CRS)
    assert nearest_neighbour_ratio(spots(TWELVE), hull).values.ratio.iloc[0] == pytest.approx(
        2.058, abs=5e-4
    )


def test_k_of_the_twelve_points_with_and_without_correction():
    # METHODS §2e: K(10/20/30) = 168.4/359.1/2328.0 corrected, 151.5/303.0/1666.7 not
    found = ripley_k(spots(TWELVE), SQUARE, radii_m=[10, 20, 30], simulations=0).values
    assert found.k_m2.tolist() == pytest.approx([168.4, 359.1, 2328.0], abs=0.05)
    assert found.k_uncorrected_m2.tolist() == pytest.approx([151.5, 303.0, 1666.7], abs=0.05)
    assert found.low_m2.isna().all()
    assert set(found.outside) == {""}


def test_pointpats_k_is_what_z_library_quirks_says():
    text = (GOLDEN / "z_library_quirks.json").read_text(encoding="utf-8")
    assert "pointpats.k: no edge correction" in text


def test_overlap_of_a_polygon_with_its_shifted_self_is_near_exact():
    hebei = read("provinces", crs="analysis").loc[["130000"]]
    window = study_window(hebei, reach=60_000)
    shape = window.shape
    for shift in ([0, 0], [50_000, 0], [-20_000, 35_000], [13, -59_000]):
        moved = shapely.transform(shape, lambda xy, s=shift: xy + s)
        exact = shape.intersection(moved).area
        assert window.overlap(np.array([shift], float))[0] == pytest.approx(exact, rel=2e-3)
    assert window.overlap(np.zeros((1, 2)))[0] == pytest.approx(shape.area, rel=1e-12)


@settings(max_examples=30, deadline=None)
@given(st.floats(-90, 90), st.floats(-90, 90))
def test_overlap_of_a_rectangle_is_exact_and_even(dx, dy):
    window = study_window(SQUARE, reach=99)
    wanted = (100 - abs(dx)) * (100 - abs(dy))
    assert window.overlap(np.array([[dx, dy]]))[0] == pytest.approx(wanted)
    assert window.overlap(np.array([[-dx, -dy]]))[0] == pytest.approx(wanted)


def test_random_points_lie_inside_the_envelope_and_clusters_above():
    hebei = read("provinces", crs="analysis").loc[["130000"]]
    rng = np.random.default_rng(5)
    west, south, east, north = hebei.total_bounds
    cloud = spots(rng.uniform((west, south), (east, north), (400, 2)))
    inside = cloud[cloud.within(hebei.geometry.iloc[0])]
    radii = [10_000, 20_000, 40_000]
    found = ripley_k(inside, hebei, radii_m=radii, simulations=39, seed=1).values
    assert (found.outside == "").all()
    # without the correction a random pattern seems to be spaced out
    assert (found.k_uncorrected_m2 < found.k_m2).all()
    assert found.k_m2.to_numpy() == pytest.approx(np.pi * np.square(radii), rel=0.2)
    heap = spots(rng.normal((0, -100_000), 8_000, (100, 2)))
    assert (ripley_k(heap, hebei, radii_m=radii, simulations=19).values.outside == "above").all()


def test_years_give_a_series():
    points = spots([*TWELVE, *TWELVE], year=[2010] * 12 + [2020] * 12)
    assert nearest_neighbour_ratio(points, SQUARE).values.index.tolist() == [2010, 2020]
    found = ripley_k(points, SQUARE, radii_m=[10, 30], simulations=0)
    assert found.values.index.names == ["year", "radius_m"]
    assert found.years == (2010, 2020)


def test_coinciding_points_are_counted():
    one = nearest_neighbour_ratio(spots([(5, 5), (5, 5), (50, 50)]), SQUARE).values.iloc[0]
    assert one.n_coincident == 2


def test_points_outside_the_window_are_counted():
    found = nearest_neighbour_ratio(spots([*TWELVE, (500, 5)]), SQUARE)
    assert found.n == 12
    assert found.n_dropped == {"outside the study window": 1}
    assert found.values.ratio.iloc[0] == pytest.approx(1.497, abs=5e-4)


def test_order_of_rows_does_not_matter():
    one = ripley_k(spots(TWELVE), SQUARE, radii_m=[30], simulations=0).values.k_m2.iloc[0]
    other = ripley_k(spots(TWELVE[::-1]), SQUARE, radii_m=[30], simulations=0).values.k_m2.iloc[0]
    assert one == pytest.approx(other, rel=1e-12)


def test_what_cannot_be_measured_is_refused():
    with pytest.raises(InputError, match="no point lies inside"):
        nearest_neighbour_ratio(spots([(500, 5), (900, 5)]), SQUARE)
    with pytest.raises(InputError, match="needs two"):
        nearest_neighbour_ratio(spots([(5, 5)]), SQUARE)
    with pytest.raises(InputError, match="needs two"):
        ripley_k(spots([(5, 5)]), SQUARE, radii_m=[1])
    with pytest.raises(InputError, match="positive"):
        ripley_k(spots(TWELVE), SQUARE, radii_m=[0])
    with pytest.raises(CRSError):
        ripley_k(spots(TWELVE), SQUARE.set_crs(4326, allow_override=True), radii_m=[1])
    circle = gpd.GeoSeries([shapely.Point(50, 50).buffer(200)], crs=ANALYSIS_CRS)
    with pytest.raises(InputError, match="spans the window"):
        ripley_k(spots(TWELVE), circle, radii_m=[400])
    line = gpd.GeoSeries([shapely.LineString([(0, 0), (1, 1)])], crs=ANALYSIS_CRS)
    with pytest.raises(InputError, match="no area"):
        nearest_neighbour_ratio(spots(TWELVE), line)


clouds = st.lists(
    st.tuples(st.integers(1, 99), st.integers(1, 99)), min_size=3, max_size=20, unique=True
)


@settings(max_examples=30, deadline=None)
@given(clouds, st.integers(2, 9))
def test_the_ratio_does_not_mind_the_unit_of_length(cloud, factor):
    one = nearest_neighbour_ratio(spots(cloud), SQUARE).values.iloc[0]
    wide = gpd.GeoSeries([shapely.box(0, 0, 100 * factor, 100 * factor)], crs=ANALYSIS_CRS)
    other = nearest_neighbour_ratio(spots(np.array(cloud) * factor), wide).values.iloc[0]
    assert [other.ratio, other.z] == pytest.approx([one.ratio, one.z], rel=1e-9)


@settings(max_examples=30, deadline=None)
@given(clouds)
def test_k_never_falls_and_correction_never_lowers_it(cloud):
    found = ripley_k(spots(cloud), SQUARE, radii_m=[5, 10, 20, 40], simulations=0).values
    assert (np.diff(found.k_m2) >= 0).all()
    assert (found.k_m2 >= found.k_uncorrected_m2 - 1e-9).all()
