"""QAP regression: a matrix between units explained by other matrices, with permutation tests.

Pairs of units are not independent of each other, so that the usual errors of a regression are far
too small. Here the units of a matrix are permuted together, which keeps what ties their pairs.
"""

import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import InputError

__all__ = ["QapFit", "qap_regression"]

Floats = NDArray[np.float64]
_EXHAUSTIVE_UNITS: Final = 6


@dataclass(frozen=True)
class QapFit:
    """A regression between matrices with its permutation tests.

    Attributes
    ----------
    coefficients
        Indexed by term, ``intercept`` first: ``coefficient``, ``t`` (the usual statistic, for the
        test only), ``p`` (two-sided, from permutations; null for the intercept).
    r_squared
        Share of the variance explained.
    n_units, n_pairs
        Units, and pairs of them in the regression.
    n_permutations
        Number of permutations behind each p value.
    exhaustive
        Whether these were all permutations there are.
    """

    coefficients: pd.DataFrame
    r_squared: float
    n_units: int
    n_pairs: int
    n_permutations: int
    exhaustive: bool


def qap_regression(
    response: pd.DataFrame,
    predictors: Mapping[str, pd.DataFrame],
    *,
    directed: bool = False,
    n: int = 1999,
    seed: int = 1,
) -> QapFit:
    """Regress one matrix between units on others, and test each by permuting units.

    Least squares over all pairs, without the diagonal. A predictor is tested by double
    semi-partialling: its residual on the other predictors is permuted by units, and p is the
    share of permutations whose absolute t is at least that of the data, the data among them. Up
    to six units every permutation is taken.

    Parameters
    ----------
    response
        Square, indexed by unit in rows and columns alike; logarithms of flows are usual.
    predictors
        By name, with the same units in the same order; at least one.
    directed
        Whether both triangles count; otherwise matrices must be symmetric and pairs count once.
    n
        Permutations, at least 99.
    seed
        Seed of the random numbers.

    Returns
    -------
    QapFit
        Coefficients, p by permutation, R².

    Raises
    ------
    InputError
        When the matrices do not fit each other, a pair is missing, there are too few units, or a
        predictor follows from the others or is constant.

    References
    ----------
    Krackhardt, D. (1988). Predicting with networks: nonparametric multiple regression analysis of
    dyadic data. Social Networks 10, 359-381. doi:10.1016/0378-8733(88)90004-4.

    Dekker, D., Krackhardt, D. and Snijders, T. A. B. (2007). Sensitivity of MRQAP tests to
    collinearity and autocorrelation conditions. Psychometrika 72, 563-581.
    doi:10.1007/s11336-007-9016-1.

    Examples
    --------
    >>> units = ["a", "b", "c"]
    >>> y = pd.DataFrame([[0, 1, 2], [1, 0, 4], [2, 4, 0]], units, units)
    >>> x = pd.DataFrame([[0, 1, 2], [1, 0, 3], [2, 3, 0]], units, units)
    >>> found = qap_regression(y, {"x": x})
    >>> found.coefficients.coefficient.round(3).tolist(), float(found.coefficients.p["x"].round(3))
    ([-0.667, 1.5], 0.333)
    """
    matrices = {name: _square(one, response, name, directed) for name, one in predictors.items()}
    outcome = _square(response, response, "response", directed)
    size = len(outcome)
    if n < 99 or not matrices or size < 3:
        msg = (
            f"{size} units, {len(matrices)} predictors, {n} permutations: give 3, 1 and 99 at least"
        )
        raise InputError(msg)
    cells = np.nonzero(~np.eye(size, dtype=bool) if directed else np.triu(np.ones((size, size)), 1))
    y = outcome[cells]
    design = np.column_stack([np.ones(len(y)), *(one[cells] for one in matrices.values())])
    free = len(y) - design.shape[1]
    if free < 1 or np.linalg.matrix_rank(design) < design.shape[1] or np.ptp(y) == 0:
        msg = (
            f"{', '.join(matrices)}: the {len(y)} pairs do not tell the predictors apart (one is "
            "constant or follows from the others), or the response is constant"
        )
        raise InputError(msg)
    exhaustive = size <= _EXHAUSTIVE_UNITS
    rows = [("intercept", *_fit(y, design, 0)[:2], float("nan"))]
    for at, name in enumerate(matrices, start=1):
        coefficient, t, left = _fit(y, design, at)
        orders = _orders(size, n, seed, exhaustive=exhaustive)
        rows.append((name, coefficient, t, _p_value(left, cells, orders)))
    rest = y - design @ np.linalg.lstsq(design, y)[0]
    table = pd.DataFrame(rows, columns=["term", "coefficient", "t", "p"]).set_index("term")
    return QapFit(
        coefficients=table,
        r_squared=float(1 - rest @ rest / np.sum((y - y.mean()) ** 2)),
        n_units=size,
        n_pairs=len(y),
        n_permutations=math.factorial(size) if exhaustive else n,
        exhaustive=exhaustive,
    )


def _square(matrix: pd.DataFrame, like: pd.DataFrame, name: str, directed: bool) -> Floats:
    if not (matrix.index.equals(like.index) and matrix.columns.equals(like.index)):
        msg = f"{name}: its rows and columns are not the units of the response, in the same order"
        raise InputError(msg)
    values = matrix.to_numpy(dtype=np.float64).copy()
    np.fill_diagonal(values, 0.0)
    gaps = int((~np.isfinite(values)).sum())
    if gaps:
        msg = f"{name}: {gaps} pairs have no value; leave out their units"
        raise InputError(msg)
    if not directed and not np.allclose(values, values.T):
        msg = f"{name} is not symmetric; say directed=True, or give the sum of both ways"
        raise InputError(msg)
    return values


@dataclass(frozen=True)
class _Partial:
    """What one predictor is tested on: the rest of the response, and the rest of the predictor."""

    response: Floats
    predictor: Floats
    others: Floats


def _fit(y: Floats, design: Floats, at: int) -> tuple[float, float, _Partial]:
    """Return a coefficient, its t, and what is left of y and x without the other columns."""
    others = np.linalg.qr(np.delete(design, at, axis=1))[0]
    left = _Partial(
        y - others @ (others.T @ y), design[:, at] - others @ (others.T @ design[:, at]), others
    )
    slope = float(left.predictor @ left.response) / float(left.predictor @ left.predictor)
    r = _correlation(left, left.predictor)
    free = len(y) - design.shape[1]
    t = r * math.sqrt(free / (1 - r**2)) if r**2 < 1 else math.copysign(math.inf, r)
    return slope, t, left


def _correlation(left: _Partial, predictor: Floats) -> float:
    """Return the partial correlation: it orders permutations as t does, and a perfect fit too."""
    spread = float(predictor @ predictor) * float(left.response @ left.response)
    return float(predictor @ left.response) / math.sqrt(spread) if spread > 0 else 0.0


def _p_value(
    left: _Partial, cells: tuple[NDArray[np.intp], ...], orders: Iterator[NDArray[np.int64]]
) -> float:
    size = int(max(cells[0].max(), cells[1].max())) + 1
    whole = np.zeros((size, size))
    whole[cells] = left.predictor
    if len(left.predictor) < size * (size - 1):
        whole = whole + whole.T
    observed = abs(_correlation(left, left.predictor)) - 1e-9
    as_far = []
    for order in orders:
        moved = whole[np.ix_(order, order)][cells]
        moved = moved - left.others @ (left.others.T @ moved)
        as_far.append(abs(_correlation(left, moved)) >= observed)
    return float(np.mean(as_far))


def _orders(size: int, n: int, seed: int, *, exhaustive: bool) -> Iterator[NDArray[np.int64]]:
    """Return every order of the units, or the order of the data and n random ones."""
    if exhaustive:
        yield from map(np.array, itertools.permutations(range(size)))
        return
    random = np.random.default_rng(seed)
    yield np.arange(size)
    for _ in range(n):
        yield random.permutation(size)
