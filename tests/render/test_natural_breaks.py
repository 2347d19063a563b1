"""Natural breaks are the optimum: against every other cut, and against mapclassify."""

import itertools
import time
import warnings

import mapclassify
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.render.colours.classes import natural_breaks

VALUES = st.lists(st.integers(-50, 200), min_size=3, max_size=60)


def within(values, bounds):
    """Return the sum of squares within classes, computed class by class."""
    classes = np.searchsorted(bounds, values, side="left")
    return sum(
        float(((values[classes == one] - values[classes == one].mean()) ** 2).sum())
        for one in np.unique(classes)
    )


@settings(max_examples=60, deadline=None)
@given(values=st.lists(st.integers(-9, 40), min_size=3, max_size=11), k=st.integers(2, 5))
def test_no_other_cut_is_better(values, k):
    numbers = np.array(values, dtype=float)
    distinct, counts = np.unique(numbers, return_counts=True)
    k = min(k, len(distinct))
    found = natural_breaks(distinct, counts, k)
    assert len(found) == k
    assert found[-1] == distinct[-1]
    cuts = itertools.combinations(range(len(distinct) - 1), k - 1)
    least = min(within(numbers, distinct[[*cut, len(distinct) - 1]]) for cut in cuts)
    assert within(numbers, found) == pytest.approx(least, rel=1e-9, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(values=VALUES, k=st.integers(2, 7))
def test_the_same_or_better_than_mapclassify(values, k):
    """Its sums have 32 bits; where its cut is another one, it is no better."""
    numbers = np.array(values, dtype=float)
    distinct, counts = np.unique(numbers, return_counts=True)
    k = min(k, len(distinct))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = np.unique(mapclassify.FisherJenks(numbers, k=k).bins)
    ours = natural_breaks(distinct, counts, k)
    if not np.array_equal(ours, theirs):
        assert within(numbers, ours) <= within(numbers, theirs) * (1 + 1e-9) + 1e-9


def test_the_same_as_mapclassify_where_gaps_are_plain():
    numbers = np.repeat([1.0, 2, 3, 40, 41, 90, 91, 92, 400], [3, 9, 1, 5, 2, 1, 1, 4, 1])
    distinct, counts = np.unique(numbers, return_counts=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = mapclassify.FisherJenks(numbers, k=4).bins
    assert natural_breaks(distinct, counts, 4).tolist() == theirs.tolist() == [3, 41, 92, 400]


@pytest.mark.parametrize("by", [1e-300, 1.0, 1e15, 1e300])
@pytest.mark.parametrize("plus", [0.0, 1e6])
def test_size_and_zero_of_the_scale_do_not_matter(by, plus):
    values = (np.array([1.0, 2, 8, 9, 50]) + plus) * by
    found = natural_breaks(values, np.ones(5, dtype=int), 3)
    assert found.tolist() == values[[1, 3, 4]].tolist()


def test_many_values_cost_little():
    values = np.unique(np.random.default_rng(0).gamma(2, 20, 20_000))
    started = time.process_time()
    found = natural_breaks(values, np.ones(len(values), dtype=int), 7)
    assert len(found) == 7
    assert time.process_time() - started < 5
