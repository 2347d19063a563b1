"""GCJ-02 and BD-09 against the golden values, and the properties a shift must have."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from geo import datum
from geo.errors import InputError

GOLDEN = json.loads((Path(__file__).parent / "golden" / "l_gcj_bd.json").read_text())
POINTS = sorted(GOLDEN["points"])
GEOD = Geod(ellps="WGS84")

lons = st.floats(113.4, 119.9)
lats = st.floats(36.0, 42.7)
pairs = st.lists(st.tuples(lons, lats), min_size=1, max_size=30).map(lambda rows: np.array(rows).T)


def metres(one, two):
    return GEOD.inv(one[0], one[1], two[0], two[1])[2]


@pytest.mark.parametrize("name", POINTS)
def test_forward_shifts_equal_golden_l_gcj_bd(name):
    point = GOLDEN["points"][name]
    lon, lat = ([point["wgs84"][0]], [point["wgs84"][1]])
    np.testing.assert_allclose(np.ravel(datum.wgs84_to_gcj02(lon, lat)), point["gcj02"], atol=2e-12)
    np.testing.assert_allclose(np.ravel(datum.wgs84_to_bd09(lon, lat)), point["bd09"], atol=2e-12)


@pytest.mark.parametrize("name", POINTS)
def test_shift_in_metres_equals_golden_l_gcj_bd(name):
    point = GOLDEN["points"][name]
    shifted = np.ravel(datum.wgs84_to_gcj02([point["wgs84"][0]], [point["wgs84"][1]]))
    assert metres(point["wgs84"], shifted) == pytest.approx(point["gcj_shift_m"], abs=0.01)


def test_shift_over_the_region_has_the_golden_range():
    west, south, east, north = GOLDEN["region_bbox"]
    lon, lat = (
        one.ravel()
        for one in np.meshgrid(np.linspace(west, east, 200), np.linspace(south, north, 200))
    )
    shifts = metres((lon, lat), datum.wgs84_to_gcj02(lon, lat))
    assert shifts.min() == pytest.approx(GOLDEN["gcj_shift_m"]["min"], abs=1.0)
    assert shifts.max() == pytest.approx(GOLDEN["gcj_shift_m"]["max"], abs=1.0)


@given(pairs)
@pytest.mark.parametrize(
    "there,back",
    [
        (datum.wgs84_to_gcj02, datum.gcj02_to_wgs84),
        (datum.gcj02_to_bd09, datum.bd09_to_gcj02),
        (datum.wgs84_to_bd09, datum.bd09_to_wgs84),
    ],
)
def test_round_trip_is_below_a_micrometre(there, back, pair):
    again = back(*there(*pair))
    assert np.max(metres(pair, again)) < 1e-6


@given(pairs)
def test_one_step_inverse_would_not_do(pair):
    """The usual inverse p − (shift(p) − p) misses by up to 3.5 m; ours is not that one."""
    shifted = np.array(datum.wgs84_to_gcj02(*pair))
    naive = 2 * shifted - np.array(datum.wgs84_to_gcj02(*shifted))
    assert np.max(metres(pair, naive)) < 3.6
    assert np.max(metres(pair, datum.gcj02_to_wgs84(*shifted))) < 1e-6


@given(st.floats(-180, 72.0), st.floats(-89, 89))
def test_outside_china_nothing_moves(lon, lat):
    for shift in (
        datum.wgs84_to_gcj02,
        datum.gcj02_to_wgs84,
        datum.wgs84_to_bd09,
        datum.bd09_to_wgs84,
    ):
        out = shift([lon], [lat])
        assert (out[0][0], out[1][0]) == (lon, lat)


def test_at_the_edge_of_the_box_the_inverse_still_ends():
    lon, lat = np.array([72.0041, 137.8346, 100.0]), np.array([30.0, 40.0, 0.8294])
    out = datum.gcj02_to_wgs84(lon, lat)
    assert np.isfinite(out).all()


def test_what_is_not_finite_stays_so_and_inputs_are_not_changed():
    lon, lat = np.array([np.nan, np.inf, 116.4]), np.array([39.9, 39.9, 39.9])
    kept = lon.copy()
    out = datum.bd09_to_wgs84(lon, lat)
    assert np.isnan(out[0][0])
    assert np.isinf(out[0][1])
    np.testing.assert_array_equal(lon, kept)


def test_empty_arrays_pass():
    for name in datum.DATUMS:
        assert datum.to_wgs84([], [], name)[0].shape == (0,)


def test_shapes_are_kept_and_must_agree():
    assert datum.gcj02_to_wgs84(np.full((2, 3), 116.4), np.full((2, 3), 39.9))[0].shape == (2, 3)
    with pytest.raises(InputError, match="differ in shape"):
        datum.wgs84_to_gcj02([1.0], [1.0, 2.0])


def test_unknown_datum_is_refused():
    with pytest.raises(InputError, match="unknown datum 'xian80'; one of wgs84"):
        datum.to_wgs84([116.0], [39.0], "xian80")


def test_cgcs2000_is_taken_as_wgs84():
    assert datum.to_wgs84([116.4], [39.9], "cgcs2000")[0][0] == 116.4
