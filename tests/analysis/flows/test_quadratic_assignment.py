"""QAP regression: a hand case with all permutations, what chance gives, and refusals."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.analysis.flows.quadratic_assignment import qap_regression
from geo.errors import InputError


def square(pairs, n, *, names=None):
    """Return a symmetric frame from its upper triangle, row by row."""
    values = np.zeros((n, n))
    values[np.triu_indices(n, 1)] = pairs
    units = list(names or "abcdefghijklm"[:n])
    return pd.DataFrame(values + values.T, units, units)


def test_three_units_by_hand():
    """The six orders of (-1, 0, 1) give Σxy of 3, 1, 2, -2, -1, -3: two of six are as far as 3."""
    found = qap_regression(square([1, 2, 4], 3), {"x": square([1, 2, 3], 3)})
    assert found.coefficients.coefficient.tolist() == pytest.approx([-2 / 3, 1.5])
    assert found.coefficients.p["x"] == pytest.approx(2 / 6)
    assert found.r_squared == pytest.approx(27 / 28)  # (3/√(2·14/3))²
    assert (found.n_units, found.n_pairs, found.n_permutations) == (3, 3, 6)
    assert found.exhaustive


def test_two_predictors_are_told_apart():
    random = np.random.default_rng(3)
    near, same, noise = (random.normal(size=78) for _ in range(3))
    y = square(5 - 2 * near + 0.1 * noise, 13)
    found = qap_regression(y, {"near": square(near, 13), "same": square(same, 13)}, n=499)
    assert found.coefficients.coefficient.tolist() == pytest.approx([5, -2, 0], abs=0.05)
    assert found.coefficients.p["near"] == pytest.approx(1 / 500)
    assert found.coefficients.p["same"] > 0.05
    assert np.isnan(found.coefficients.p["intercept"])
    assert not found.exhaustive


def test_directed_pairs_count_twice_and_need_no_symmetry():
    units = list("abcd")
    x = pd.DataFrame(np.arange(16.0).reshape(4, 4), units, units)
    found = qap_regression(3 * x + 1, {"x": x}, directed=True)
    assert found.n_pairs == 12
    assert found.coefficients.coefficient["x"] == pytest.approx(3)
    assert found.coefficients.p["x"] == pytest.approx(2 / 24)  # the data, and all units reversed


def test_unrelated_matrices_are_rarely_significant():
    random = np.random.default_rng(7)
    ps = []
    for _ in range(60):
        y, x, z = (square(random.normal(size=28), 8) for _ in range(3))
        ps.append(qap_regression(y, {"x": x, "z": z}, n=99).coefficients.p["x"])
    assert 0.02 <= np.mean(np.array(ps) <= 0.1) <= 0.2
    assert np.mean(ps) == pytest.approx(0.5, abs=0.12)


@given(st.permutations(range(5)), st.floats(0.1, 50), st.integers(0, 99))
def test_names_units_and_scale_do_not_matter(order, scale, seed):
    random = np.random.default_rng(seed)
    y, x = square(random.normal(size=10), 5), square(random.normal(size=10), 5)
    plain = qap_regression(y, {"x": x}).coefficients.loc["x"]
    moved = qap_regression(y.iloc[order, order], {"x": scale * x.iloc[order, order]})
    assert moved.coefficients.p["x"] == pytest.approx(plain.p)
    assert moved.coefficients.coefficient["x"] == pytest.approx(plain.coefficient / scale)


def test_what_cannot_be_regressed_is_named():
    y, x = square([1, 2, 4], 3), square([1, 2, 3], 3)
    with pytest.raises(InputError, match="x: its rows and columns are not the units"):
        qap_regression(y, {"x": square([1, 2, 3], 3, names="xyz")})
    with pytest.raises(InputError, match="x: 2 pairs have no value"):
        qap_regression(y, {"x": square([1, np.nan, 3], 3)})
    with pytest.raises(InputError, match="x is not symmetric"):
        qap_regression(y, {"x": x + pd.DataFrame(np.triu(np.ones((3, 3))), x.index, x.index)})
    with pytest.raises(InputError, match="do not tell the predictors apart"):
        qap_regression(
            square(range(10), 5), {"x": square(range(10), 5), "again": square(range(10), 5)}
        )
    with pytest.raises(InputError, match="0 predictors"):
        qap_regression(y, {})
    with pytest.raises(InputError, match="50 permutations"):
        qap_regression(y, {"x": x}, n=50)
