"""Classes of many values: the same bounds as of all values, in little time."""

import time
import warnings

import mapclassify
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.render.colours.classes import Classes, class_bounds


@settings(max_examples=60, deadline=None)
@given(
    values=st.lists(
        st.floats(-100, 1_000).map(lambda one: round(one, 1)), min_size=12, max_size=90
    ),
    k=st.integers(2, 8),
)
def test_quantiles_are_those_of_mapclassify(values, k):
    numbers = np.array(values)
    bins, legend = class_bounds(numbers, Classes("v", scheme="Quantiles", k=k))
    if len(np.unique(numbers)) > k:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = mapclassify.Quantiles(numbers, k=k).bins
        wanted = np.unique(
            np.append(theirs[:-1], numbers.max()).round(9)
        )  # theirs may be a hair off
        assert np.unique(bins.round(9)).tolist() == wanted.tolist()
    assert sum(item["n"] for item in legend["items"]) == len(numbers)


def test_a_quantile_that_is_a_value_is_that_very_value():
    """A bound a hair below a value would put it in the class above."""
    for k in range(2, 10):
        for step in range(1, 60):
            values = np.arange(step * k + 1) * 0.1
            bins, _ = class_bounds(values, Classes("v", scheme="Quantiles", k=k))
            assert bins.tolist() == values[step::step].tolist()


@pytest.mark.parametrize("kinds", [250, 160_000])
def test_many_cells_are_classed_at_once(kinds):
    values = np.random.default_rng(0).integers(0, kinds, 400 * 400).astype(float)
    started = time.process_time()
    bins, legend = class_bounds(values, Classes("v", k=6))
    assert time.process_time() - started < 2
    assert len(bins) == 6
    assert sum(item["n"] for item in legend["items"]) == len(values)


def test_a_negative_zero_is_zero():
    bins, legend = class_bounds(np.array([-0.0, 0.0, 1.0, 1.0]), Classes("v"))
    assert bins.tolist() == [0.0, 1.0]
    assert [item["n"] for item in legend["items"]] == [2, 2]
