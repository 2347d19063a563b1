import numpy as np
import pytest
import shapely
from metres import to_analysis

from geo.datum import wgs84_to_bd09, wgs84_to_gcj02
from geo.errors import CRSError, InputError
from geo.layers import read
from geo.tables.datum import HYPOTHESES, judge_datum, vote_datum

SHIFT = {
    "wgs84": lambda x, y: (np.asarray(x), np.asarray(y)),
    "gcj02": wgs84_to_gcj02,
    "bd09": wgs84_to_bd09,
}


@pytest.fixture(scope="module")
def counties():
    return read("counties")


@pytest.fixture(scope="module")
def firms(counties):
    """Points in the small counties of the region's cities, where a kilometre matters."""
    rng = np.random.default_rng(5)
    lon, lat, code = [], [], []
    small = counties[counties["area_km2"] < 300].index
    for adcode in small:
        west, south, east, north = counties.geometry[adcode].bounds
        x, y = rng.uniform(west, east, 40), rng.uniform(south, north, 40)
        inside = shapely.contains_xy(counties.geometry[adcode], x, y)
        lon += list(x[inside])
        lat += list(y[inside])
        code += [adcode] * int(inside.sum())
    return np.array(lon), np.array(lat), np.array(code, dtype=object)


@pytest.mark.parametrize("datum", HYPOTHESES)
def test_a_full_table_is_told(firms, counties, datum):
    lon, lat, code = firms
    verdict = judge_datum(*SHIFT[datum](lon, lat), code, counties)
    assert verdict.datum == datum
    assert verdict.posterior[datum] > 0.999
    assert verdict.inside[datum] == pytest.approx(1.0, abs=0.001)
    assert verdict.log_odds > 5


@pytest.mark.parametrize("datum", HYPOTHESES)
def test_deep_inside_nothing_can_be_told(counties, datum):
    lon, lat = SHIFT[datum](np.full(50, 114.9), np.full(50, 41.4))  # the middle of Zhangbei
    verdict = judge_datum(lon, lat, ["130722"] * 50, counties)
    assert verdict.datum is None
    assert verdict.posterior[datum] == pytest.approx(1 / 3, abs=0.02)
    assert verdict.n == 50


def test_rows_in_one_place_do_not_add_up_to_certainty(counties):
    metric = to_analysis(counties.loc[["110101"]])
    spot = shapely.line_interpolate_point(shapely.boundary(metric.geometry.iloc[0]), 2000)
    from metres import unproject

    lon, lat = unproject([spot.x - 60], [spot.y - 60])
    once = judge_datum(lon, lat, ["110101"], counties)
    often = judge_datum(np.repeat(lon, 400), np.repeat(lat, 400), ["110101"] * 400, counties)
    assert often.datum is None
    assert often.n_places == 1
    assert often.log_odds < 2 * once.log_odds + 1e-9


def test_counties_that_do_not_fit_at_all_are_no_evidence(firms, counties):
    lon, lat, code = firms
    rng = np.random.default_rng(1)
    assert judge_datum(lon, lat, rng.permutation(code), counties).datum is None


def test_order_and_unknown_codes_do_not_matter(firms, counties):
    lon, lat, code = (one[::7] for one in firms)
    x, y = wgs84_to_gcj02(lon, lat)
    turned = judge_datum(x[::-1], y[::-1], code[::-1], counties)
    plain = judge_datum(
        np.r_[x, 1.0, np.nan], np.r_[y, 1.0, 39], np.r_[code, ["310101", "110105"]], counties
    )
    assert plain.posterior == pytest.approx(turned.posterior, abs=1e-6)
    assert plain.n == turned.n


def test_the_vote_names_the_most_rows(firms, counties):
    lon, lat, code = firms
    assert vote_datum(*wgs84_to_gcj02(lon, lat), code, counties) == "gcj02"
    assert vote_datum([114.9], [41.4], ["130722"], counties) is None


def test_what_cannot_be_asked_is_refused(counties):
    with pytest.raises(InputError, match="confidence"):
        judge_datum([], [], [], counties, confidence=1.0)
    with pytest.raises(InputError, match="differ in length"):
        judge_datum([1.0], [1.0], [], counties)
    with pytest.raises(CRSError):
        judge_datum([], [], [], to_analysis(counties))
