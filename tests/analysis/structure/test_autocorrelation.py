"""Moran, local Moran, Gi*: golden values, islands, false discovery rate, years."""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from esda import Moran_Local
from hypothesis import given, settings
from hypothesis import strategies as st
from libpysal.graph import Graph
from metres import ANALYSIS_CRS
from scipy.stats import false_discovery_control
from shapely import box, from_wkt

from geo.analysis.structure.autocorrelation import (
    benjamini_hochberg,
    getis_ord,
    local_moran,
    moran,
    moran_scatter,
)
from geo.analysis.structure.weights import contiguity
from geo.errors import CRSError, InputError, UnknownIdError
from geo.layers import read


def golden(name):
    return json.loads((Path(__file__).parents[2] / "golden" / name).read_text(encoding="utf-8"))


GOLDEN = golden("e_autocorrelation.json")
IDS = [f"u{k:02d}" for k in range(16)]


def grid(size=4):
    cells = [box(x, -y - 1, x + 1, -y) for y in range(size) for x in range(size)]
    return gpd.GeoDataFrame(index=IDS[: size * size], geometry=cells, crs=ANALYSIS_CRS)


def rook():
    return Graph.build_contiguity(grid(), rook=True)


def table(values=None):
    return pd.DataFrame({"value": GOLDEN["y"] if values is None else values}, index=IDS)


def test_golden_global_moran_of_e_autocorrelation():
    one = moran(table(), rook()).values.iloc[0]
    assert one.i == pytest.approx(GOLDEN["moran_I"], abs=1e-9)
    assert one.expected == pytest.approx(GOLDEN["EI"], abs=1e-9)
    assert one.z_norm == pytest.approx(GOLDEN["z_norm"], abs=1e-9)
    assert one.z_rand == pytest.approx(GOLDEN["z_rand"], abs=1e-9)
    assert one.p_norm == pytest.approx(GOLDEN["p_norm"], abs=1e-9)
    assert one.p_sim == 1 / 1000


def test_golden_local_moran_of_e_autocorrelation():
    found = local_moran(table(), rook()).values.loc[IDS]
    assert found.local_i.tolist() == pytest.approx(GOLDEN["local_I"], abs=1e-9)
    assert found.quadrant.tolist() == GOLDEN["quadrant"]


def test_golden_gi_star_of_e_autocorrelation():
    part = GOLDEN["gstar"]
    xy = np.asarray(part["points"], dtype=float)
    points = gpd.GeoSeries(gpd.points_from_xy(*xy.T), index=IDS[:6])
    graph = Graph.build_distance_band(points, part["threshold"])
    found = getis_ord(pd.DataFrame({"value": part["y"]}, index=IDS[:6]), graph).values.loc[IDS[:6]]
    assert found.z.tolist() == pytest.approx(part["Gstar_Zs_hand"], abs=1e-9)


@pytest.mark.filterwarnings("ignore:The alternative hypothesis:DeprecationWarning")
def test_local_p_agrees_with_esda_within_the_error_of_permutation():
    # without ties: where lags are equal ours counts them in both tails, whatever the rounding
    many, values = 1999, np.random.default_rng(4).normal(size=16)
    ours = local_moran(table(values), rook(), alternative="greater", permutations=many).values
    theirs = Moran_Local(values, rook().transform("R"), permutations=many, seed=7, n_jobs=1)
    ours = ours.loc[IDS]
    directed = np.minimum(ours.p, 1 - ours.p + 1 / (many + 1))
    # two estimates of one p from 9,999 draws each differ by four standard errors at most
    error = 4 * np.sqrt(2 * np.maximum(directed * (1 - directed), 1e-4) / many)
    assert (np.abs(directed - theirs.p_sim) <= error + 2 / many).all()


def with_island():
    units = grid()
    units.loc[IDS[15], "geometry"] = box(90, 90, 91, 91)
    return contiguity(units)


def test_an_island_is_never_significant():
    quirks = " ".join(golden("z_library_quirks.json")["findings"])
    assert "drawn as SIGNIFICANT" in quirks
    values = [*GOLDEN["y"][:15], 99.0]
    for found in (
        local_moran(table(values), with_island()),
        getis_ord(table(values), with_island()),
    ):
        island = found.values.loc[IDS[15]]
        assert island.label == "no neighbours"
        assert island.significant is pd.NA
        assert np.isnan(island.p)
    assert moran(table(values), with_island()).values.n_islands.iloc[0] == 1


def test_alternatives_are_what_they_say():
    two = local_moran(table(), rook()).values
    greater = local_moran(table(), rook(), alternative="greater").values
    less = local_moran(table(), rook(), alternative="less").values
    assert (greater.p + less.p >= 1).all()
    assert np.allclose(two.p, np.minimum(2 * np.minimum(greater.p, less.p), 1))
    assert two.p.min() >= 2 / 1000
    with pytest.raises(UnknownIdError, match="alternative"):
        local_moran(table(), rook(), alternative="both")


def test_noise_has_hardly_a_cluster_and_a_gradient_has():
    counties = read("counties", crs="analysis")
    graph = contiguity(counties)
    rng = np.random.default_rng(1)
    noise = pd.DataFrame({"value": rng.normal(size=199)}, index=counties.index)
    assert local_moran(noise, graph).values.significant.sum() <= 5
    gradient = pd.DataFrame({"value": counties.geometry.centroid.y}, index=counties.index)
    found = local_moran(gradient, graph).values
    assert found.significant.sum() > 50
    assert set(found.label) <= {"high-high", "low-low", "not significant"}


def test_years_share_units_and_arrangements():
    rng = np.random.default_rng(3)
    values = rng.normal(size=(3, 16))
    long = pd.DataFrame(
        {"adcode": IDS * 3, "year": np.repeat([2010, 2015, 2020], 16), "value": values.ravel()}
    )
    panel = local_moran(long, rook())
    assert panel.years == (2010, 2015, 2020)
    assert panel.n == 48
    for year in panel.years:
        alone = local_moran(long.loc[long.year == year].drop(columns="year"), rook()).values
        pd.testing.assert_frame_equal(panel.values.loc[year], alone)
    assert moran(long, rook()).values.index.tolist() == [2010, 2015, 2020]
    assert getis_ord(long, rook()).values.loc[2015].shape[0] == 16


def test_units_without_values_are_counted_and_left_out_of_every_year():
    long = pd.DataFrame(
        {
            "adcode": [*IDS, *IDS[:15], "far"],
            "year": [2010] * 16 + [2020] * 16,
            "value": np.arange(32.0),
        }
    )
    found = local_moran(long, rook())
    assert found.n == 30
    assert found.n_dropped == {
        "unit not in the weights": 1,
        "unit without a value in every year (values)": 1,
        "units of the weights without a value": 1,
    }


def test_order_of_rows_does_not_matter():
    one = local_moran(table(), rook()).values
    other = local_moran(table().iloc[::-1], rook()).values
    pd.testing.assert_frame_equal(one, other)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.integers(-9, 9), min_size=16, max_size=16), st.integers(1, 5), st.integers(-9, 9)
)
def test_moran_does_not_mind_the_unit_of_measurement(values, scale, shift):
    if len(set(values)) < 2:
        return
    one = moran(table(np.array(values, float)), rook(), permutations=9).values.i.iloc[0]
    other = moran(table(np.array(values, float) * scale + shift), rook(), permutations=9)
    assert other.values.i.iloc[0] == pytest.approx(one, abs=1e-9)
    local = local_moran(table(np.array(values, float)), rook(), permutations=9).values.local_i
    assert local.mean() * 16 / 15 == pytest.approx(one, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_false_discovery_rate_agrees_with_scipy(p):
    p = np.array(p)
    wanted = false_discovery_control(p) <= 0.05 + 1e-12
    close = np.abs(false_discovery_control(p) - 0.05) < 1e-9
    assert (benjamini_hochberg(p) == wanted)[~close].all()


def test_no_test_at_all_passes_nothing():
    assert not benjamini_hochberg(np.array([np.nan, np.nan])).any()


def test_what_cannot_be_measured_is_refused():
    with pytest.raises(InputError, match="same value"):
        moran(table([1.0] * 16), rook())
    with pytest.raises(InputError, match="same value"):
        local_moran(table([1.0] * 16), rook())
    with pytest.raises(InputError, match="at least 4"):
        moran(table().iloc[:3], rook())
    with pytest.raises(InputError, match="more than one value"):
        moran(pd.concat([table(), table()]), rook())
    with pytest.raises(InputError, match="no column value"):
        moran(pd.DataFrame({"x": [1]}), rook())
    with pytest.raises(InputError, match="permutations"):
        moran(table(), rook(), permutations=0)
    with pytest.raises(CRSError):
        contiguity(grid().set_crs(4326, allow_override=True))
    with pytest.raises(InputError, match="not unique"):
        contiguity(pd.concat([grid(), grid()]))


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.integers(-9, 9), min_size=16, max_size=16), st.integers(1, 5), st.integers(-9, 9)
)
def test_hot_spots_do_not_mind_the_unit_of_measurement(values, scale, shift):
    if len(set(values)) < 2:
        return
    one = getis_ord(table(np.array(values, float)), rook()).values.z
    other = getis_ord(table(np.array(values, float) * scale + shift), rook()).values.z
    assert other.tolist() == pytest.approx(one.tolist(), abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(-9, 9), min_size=16, max_size=16))
def test_the_slope_of_the_scatter_is_moran(values):
    if len(set(values)) < 2:
        return
    found = moran_scatter(table(np.array(values, float)), rook()).values
    i = moran(table(np.array(values, float)), rook(), permutations=9).values.i.iloc[0]
    assert (found.z * found.lag).mean() == pytest.approx(i, abs=1e-9)
    assert found.z.mean() == pytest.approx(0, abs=1e-9)


def test_the_scatter_of_the_golden_grid_has_its_quadrants_and_an_island_none():
    found = moran_scatter(table(), rook()).values.loc[IDS]
    words = {1: "high-high", 2: "low-high", 3: "low-low", 4: "high-low"}
    assert found.quadrant.tolist() == [words[one] for one in GOLDEN["quadrant"]]
    alone = Graph.from_arrays([*"abbccd", "e"], [*"bacbdc", "e"], [1] * 6 + [0])
    lone = moran_scatter(pd.DataFrame({"value": [1.0, 2, 3, 4, 9]}, index=list("abcde")), alone)
    assert lone.values.quadrant["e"] == "no neighbours"
    assert np.isnan(lone.values.lag["e"])


@pytest.mark.parametrize("other", ["POINT (0 0)", "LINESTRING (0 0, 1 1)", None])
def test_units_without_an_area_are_refused(other):
    units = grid().copy()
    units.loc[units.index[0], "geometry"] = other and from_wkt(other)
    with pytest.raises(InputError, match="units need areas"):
        contiguity(units)
