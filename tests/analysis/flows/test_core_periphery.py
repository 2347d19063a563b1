"""Core and periphery: the golden network, and every subset tried."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from thirteen import FIXTURE, GOLDEN, UNITS, short

from geo.analysis.flows import core_periphery
from geo.errors import InputError


def test_golden_core_periphery_names_its_ideal():
    """golden/b_network_jjj13_fixture.json: two ideals, two answers."""
    expected = GOLDEN["core_periphery_borgatti_everett"]
    for ideal, key in (("core-core", "cc"), ("max", "max")):
        found = core_periphery.core_periphery(FIXTURE, ideal=ideal)
        assert found.correlation == pytest.approx(expected[key]["corr"], abs=1e-9)
        assert short(UNITS.loc[list(found.units)]).index.tolist() == expected[key]["core"]
        assert (found.ideal, found.exhaustive) == (ideal, True)
    with pytest.raises(InputError, match="give core-core or max"):
        core_periphery.core_periphery(FIXTURE, ideal="min")


def test_a_large_network_finds_its_core_without_trying_all_subsets():
    random = np.random.default_rng(3)
    weights = random.uniform(0, 1, (30, 30))
    weights[:4, :4] = 50
    weights = np.triu(weights, 1) + np.triu(weights, 1).T
    members, fit = core_periphery.best_core(weights)
    assert np.flatnonzero(members).tolist() == [0, 1, 2, 3]
    assert fit > 0.99
    pattern = np.zeros((30, 30))
    pattern[:4, :4] = 1
    above = np.triu_indices(30, 1)
    assert fit == pytest.approx(np.corrcoef(weights[above], pattern[above])[0, 1])
    covered, loose = core_periphery.best_core(weights, ideal="max")
    whole = np.maximum.outer(covered, covered)[above].astype(float)
    assert loose == pytest.approx(np.corrcoef(weights[above], whole)[0, 1])


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 999), n=st.integers(3, 7), ideal=st.sampled_from(["core-core", "max"]))
def test_no_subset_fits_better_than_the_one_found(seed, n, ideal):
    random = np.random.default_rng(seed)
    weights = np.triu(random.integers(0, 50, (n, n)), 1).astype(float)
    weights += weights.T
    members, fit = core_periphery.best_core(weights, ideal=ideal)
    above = np.triu_indices(n, 1)
    if np.ptp(weights[above]) == 0:
        assert not members.any()
        return
    fits = []
    for bits in range(1, 2**n - 1):
        inside = (bits >> np.arange(n)) & 1
        meet = np.minimum if ideal == "core-core" else np.maximum
        pattern = meet.outer(inside, inside)[above]
        if 0 < pattern.mean() < 1:
            fits.append(np.corrcoef(weights[above], pattern)[0, 1])
    assert fit == pytest.approx(max(fits))
