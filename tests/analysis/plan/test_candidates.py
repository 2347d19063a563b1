"""Counting sets of units by area: against brute force, and on the real question."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from metres import to_analysis

from geo.analysis.plan.candidates import count_fitting_sets, units_around
from geo.errors import InputError

areas = st.lists(st.integers(1, 50), min_size=1, max_size=9)


@settings(max_examples=60, deadline=None)
@given(areas, st.data())
def test_the_count_is_that_of_brute_force(values, data):
    size = data.draw(st.integers(1, len(values)))
    low = data.draw(st.integers(0, 200))
    high = low + data.draw(st.integers(0, 60))
    named = pd.Series(values, index=[f"u{at}" for at in range(len(values))], dtype=float)
    found = count_fitting_sets(named, size=size, low_km2=low, high_km2=high)
    fitting = [
        one for one in combinations(named.index, size) if low <= named[list(one)].sum() <= high
    ]
    assert found.n_fit == len(fitting)
    assert found.n_sets == sum(1 for _ in combinations(values, size))
    if fitting:
        shares = {unit: np.mean([unit in one for one in fitting]) for unit in named.index}
        assert found.share_by_unit.to_dict() == pytest.approx(shares)


def test_wrong_requests_are_named():
    with pytest.raises(InputError, match="sets of 3 out of 2"):
        count_fitting_sets(pd.Series([1.0, 2.0]), size=3, low_km2=0, high_km2=9)
    with pytest.raises(InputError, match="not positive"):
        count_fitting_sets(pd.Series({"a": 0.0, "b": 1.0}), size=1, low_km2=0, high_km2=9)
    with pytest.raises(InputError, match="out of 40"):
        count_fitting_sets(pd.Series(range(1, 41), dtype=float), size=2, low_km2=0, high_km2=9)


@pytest.mark.parametrize(("km", "n_units", "n_fit"), [(1, 17, 0), (10, 19, 1), (20, 24, 4518)])
def test_how_many_sets_of_twelve_fit_27000_km2(jjj_plan, km, n_units, n_fit):
    units = to_analysis(jjj_plan.units)
    core = units[units.index.str.startswith("11")]
    near = units_around(units, core, max_distance_m=km * 1000)
    base = float(core.area.sum()) / 1e6
    found = count_fitting_sets(
        near.area / 1e6, size=12, low_km2=26_500 - base, high_km2=27_500 - base
    )
    assert (found.n_candidates, found.n_fit) == (n_units, n_fit)
    if n_fit == 1:
        ring = jjj_plan.members.query("circle == 'commuting' and standing == 'unconfirmed'").unit
        assert set(found.share_by_unit.index[found.share_by_unit == 1.0]) == set(ring)
