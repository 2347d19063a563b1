"""Each point's part in the nearest-neighbour ratio and in Ripley's K."""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from metres import ANALYSIS_CRS

from geo.analysis.points.patterns import (
    local_k,
    nearest_neighbour_ratio,
    nearest_neighbours,
    ripley_k,
)
from geo.errors import InputError

GOLDEN = Path(__file__).parents[2] / "golden"
TWELVE = json.loads((GOLDEN / "e_sde_centres.json").read_text(encoding="utf-8"))["points"]
SQUARE = gpd.GeoSeries([shapely.box(0, 0, 100, 100)], crs=ANALYSIS_CRS)


def spots(xy, **columns):
    return gpd.GeoDataFrame(
        columns, geometry=gpd.points_from_xy(*np.asarray(xy, dtype=float).T), crs=ANALYSIS_CRS
    )


def test_the_parts_of_the_twelve_points_make_the_golden_wholes():
    # METHODS §2e: R = 1.497, K(30) = 2328.0 of the points of e_sde_centres.json
    near = nearest_neighbours(spots(TWELVE), SQUARE).values
    assert near.nearest_m.mean() / (0.5 * np.sqrt(10_000 / 12)) == pytest.approx(1.497, abs=5e-4)
    found = local_k(spots(TWELVE), SQUARE, radii_m=[10, 30]).values
    assert found.k_10_m2.mean() == pytest.approx(168.4, abs=0.05)
    assert found.k_30_m2.mean() == pytest.approx(2328.0, abs=0.05)


clouds = st.lists(st.tuples(st.integers(1, 99), st.integers(1, 99)), min_size=2, max_size=20)


@settings(max_examples=40, deadline=None)
@given(clouds)
def test_means_over_the_points_are_the_ratio_and_k(cloud):
    points = spots(cloud)
    near = nearest_neighbours(points, SQUARE).values
    ratio = nearest_neighbour_ratio(points, SQUARE).values.iloc[0]
    assert near.nearest_m.mean() == pytest.approx(ratio.mean_m)
    gap = points.geometry.distance(points.geometry.loc[near.nearest], align=False)
    assert gap.to_numpy() == pytest.approx(near.nearest_m.to_numpy())
    assert (near.nearest != near.index).all()
    parts = local_k(points, SQUARE, radii_m=[10, 40]).values
    whole = ripley_k(points, SQUARE, radii_m=[10, 40], simulations=0).values.k_m2
    assert [parts.k_10_m2.mean(), parts.k_40_m2.mean()] == pytest.approx(whole.tolist())


def test_years_points_outside_and_single_points():
    points = spots([*TWELVE, *TWELVE, (500, 5)], year=[2010] * 12 + [2020] * 13)
    found = nearest_neighbours(points, SQUARE)
    assert found.values.index.names[0] == "year"
    assert (found.n, found.n_dropped) == (24, {"outside the study window": 1})
    assert found.values.geometry.iloc[0].equals(points.geometry.iloc[0])
    with pytest.raises(InputError, match="needs two"):
        local_k(spots([(5, 5)]), SQUARE, radii_m=[1])
