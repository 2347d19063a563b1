"""nearest, within_distance and distance_to_lines against brute force."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from metres import ANALYSIS_CRS
from shapely import LineString, MultiLineString, Point

import geo
from geo.errors import CRSError, InputError
from geo.join import distance_to_lines, nearest, within_distance
from geo.join._distance import build_segment_index
from geo.join._grid import Edges

loops = pytest.mark.parametrize("compile_from", [0, 10**9], ids=["compiled", "numpy"])


def spots(xy, index=None) -> gpd.GeoSeries:
    return gpd.GeoSeries(
        [None if one is None else Point(one) for one in xy], index=index, crs=ANALYSIS_CRS
    )


@loops
@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    n_segments=st.integers(1, 300),
    n_points=st.sampled_from([1, 100, 100_000]),
    length=st.sampled_from([0.0, 10.0, 5_000.0, 300_000.0]),
    lattice=st.booleans(),
)
def test_segment_index_equals_brute_force(
    compile_from, seed, n_segments, n_points, length, lattice
):
    random = np.random.default_rng(seed)
    a = random.normal(0, 50_000, (n_segments, 2))
    b = a + random.uniform(-length, length, (n_segments, 2))
    xy = random.normal(0, 90_000, (200, 2))
    if lattice:  # many exact ties
        a, b, xy = np.round(a, -4), np.round(b, -4), np.round(xy, -4)
    index = build_segment_index(Edges(np.arange(n_segments), *a.T, *b.T), n_points=n_points)
    away, segment = index.nearest(*np.ascontiguousarray(xy.T), compile_from=compile_from)
    lines = shapely.linestrings(np.stack([a, b], axis=1))
    every = shapely.distance(shapely.points(xy)[:, None], lines[None, :])
    np.testing.assert_allclose(away, every.min(axis=1), rtol=1e-9, atol=1e-6)
    np.testing.assert_allclose(every[np.arange(200), segment], away, rtol=1e-9, atol=1e-6)
    if length == 0.0:  # points: distances are exact, and so is the tie-break
        assert segment.tolist() == every.argmin(axis=1).tolist()


@loops
def test_points_that_are_not_finite_find_nothing(compile_from):
    zero = np.zeros(1)
    index = build_segment_index(Edges(np.zeros(1, dtype=int), zero, zero, zero, zero), n_points=4)
    x = np.array([np.nan, np.inf, 3.0, -1e9])
    away, at = index.nearest(x, np.array([0.0, 0.0, 4.0, 0.0]), compile_from=compile_from)
    assert at.tolist() == [-1, -1, 0, 0]
    assert away[2:].tolist() == [5.0, 1e9]
    assert np.isnan(away[:2]).all()


def test_nearest_by_hand():
    targets = gpd.GeoDataFrame(
        index=pd.Index(["T2", "T1", "T0"], name="facility_id"),
        geometry=[Point(0, 0), Point(10, 0), None],
        crs=ANALYSIS_CRS,
    )
    found = nearest(spots([(1, 0), (5, 0), (9, 3), None], index=list("abcd")), targets)
    assert found.index.tolist() == list("abcd")
    # (5, 0) is as far from both: the first in the targets' order
    assert found.facility_id.tolist()[:3] == ["T2", "T2", "T1"]
    assert found.loc["d"].isna().all()
    assert found.distance_m.tolist()[:3] == [1.0, 5.0, pytest.approx(np.sqrt(10))]


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 60), st.floats(0, 5e4))
def test_within_distance_equals_dwithin(seed, n, distance_m):
    random = np.random.default_rng(seed)
    points, targets = spots(random.normal(0, 3e4, (50, 2))), spots(random.normal(0, 3e4, (n, 2)))
    found = within_distance(points, targets, distance_m=distance_m)
    every = shapely.distance(points.to_numpy()[:, None], targets.to_numpy()[None, :].reshape(1, -1))
    assert found.tolist() == (every <= distance_m).sum(axis=1).tolist()


def test_within_distance_includes_the_limit_and_refuses_nonsense():
    points, targets = spots([(0, 0), None]), spots([(3, 4), (3, 4.001), None])
    assert within_distance(points, targets, distance_m=5).tolist() == [1, 0]
    for bad in (-1, np.nan, np.inf):
        with pytest.raises(InputError, match="zero or more metres"):
            within_distance(points, targets, distance_m=bad)


def test_distance_to_lines_equals_geoseries_distance():
    axes = geo.layers.read("axes", crs="analysis")
    random = np.random.default_rng(3)
    points = spots(random.uniform(-4e5, 4e5, (500, 2)))
    found = distance_to_lines(points, axes)
    every = np.column_stack([points.distance(line) for line in axes.geometry])
    np.testing.assert_allclose(found.distance_m, every.min(axis=1), rtol=0, atol=1e-6)
    # several axes share ground: the id is one of the nearest, and the first of equal ones
    at = axes.index.get_indexer(found.axis_id)
    np.testing.assert_allclose(every[np.arange(500), at], every.min(axis=1), atol=1e-6)


def test_parts_empty_lines_and_no_lines():
    lines = gpd.GeoSeries(
        [LineString(), None, MultiLineString([[(0, 0), (1, 0)], [(9, 0), (9, 9)]])],
        index=["e", "n", "m"],
        crs=ANALYSIS_CRS,
    )
    found = distance_to_lines(spots([(8, 5), (0, 2)]), lines)
    assert found.line.tolist() == ["m", "m"]
    assert found.distance_m.tolist() == [1.0, 2.0]
    assert distance_to_lines(spots([(8, 5)]), lines[:2]).isna().all(axis=None)


def test_bad_input_raises():
    line = gpd.GeoSeries([LineString([(0, 0), (1, 1)])], index=["L"], crs=ANALYSIS_CRS)
    with pytest.raises(InputError, match="targets: L is a LineString, not a point"):
        nearest(spots([(0, 0)]), line)
    with pytest.raises(InputError, match="0 is a Point, not a line"):
        distance_to_lines(spots([(0, 0)]), spots([(0, 0)]))
    with pytest.raises(CRSError, match="metres are needed"):
        nearest(spots([(0, 0)]).set_crs(4326, allow_override=True), spots([(0, 0)]))
