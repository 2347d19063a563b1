"""The core and the periphery of a flow network, under an ideal that is named."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from geo.analysis.flows.table import Flows
from geo.errors import InputError

__all__ = ["Core", "Ideal", "best_core", "core_periphery"]

Ideal = Literal["core-core", "max"]
_EXHAUSTIVE_UNITS: Final = 14


@dataclass(frozen=True)
class Core:
    """The core of a network under a named ideal.

    Attributes
    ----------
    ideal
        ``core-core``: flows between core units, and no others. ``max``: flows of core units with
        all units, and no others.
    units
        Ids of the core units, strongest first.
    correlation
        Between the weights and the ideal pattern.
    exhaustive
        Whether every possible core was tried.
    """

    ideal: Ideal
    units: tuple[str, ...]
    correlation: float
    exhaustive: bool


def core_periphery(flows: Flows, *, ideal: Ideal = "core-core", year: int | None = None) -> Core:
    """Find the core whose ideal pattern agrees best with the flows.

    The correlation between the weights of all pairs and the pattern is the measure. Up to 14
    units every subset is tried; above, the strongest k units for each k, improved by exchanging
    single units.

    Parameters
    ----------
    flows
        Origin-destination flows as ``check_flows`` returns them; the two directions are summed.
    ideal
        ``core-core`` or ``max``: they answer different questions, so the result names it.
    year
        The year that is used; None sums all years.

    Returns
    -------
    Core
        Units, correlation, and the ideal.

    Raises
    ------
    InputError
        When the ideal is not one of the two, there are no flows in that year, or fewer than three
        units.

    References
    ----------
    Borgatti, S. P. and Everett, M. G. (2000). Models of core/periphery structures. Social
    Networks 21, 375-395. doi:10.1016/S0378-8733(99)00019-2.

    Examples
    --------
    >>> import pandas as pd
    >>> from geo.analysis.flows.table import check_flows
    >>> units = pd.DataFrame({"name_zh": list("甲乙丙"), "name_en": list("abc"),
    ...     "name_ja": list("甲乙丙")}, index=["1", "2", "3"])
    >>> table = pd.DataFrame({"origin": ["1", "1"], "destination": ["2", "3"], "weight": [4, 4]})
    >>> core_periphery(check_flows(table, units), ideal="max").units
    ('1',)
    """
    if ideal not in ("core-core", "max"):
        msg = f"ideal is {ideal!r}; give core-core or max"
        raise InputError(msg)
    weights = flows.matrix(year)
    if len(weights) < 3:
        msg = f"a core and a periphery need three units; there are {len(weights)}"
        raise InputError(msg)
    both = weights if not flows.directed else weights + weights.T
    exhaustive = len(both) <= _EXHAUSTIVE_UNITS
    found, correlation = best_core(both, ideal=ideal)
    strengths = both.sum(axis=1)
    members = sorted(np.flatnonzero(found).tolist(), key=lambda at: (-strengths[at], at))
    units = tuple(str(flows.units.index[at]) for at in members)
    return Core(ideal=ideal, units=units, correlation=correlation, exhaustive=exhaustive)


def best_core(
    weights: NDArray[np.float64], *, ideal: Ideal = "core-core"
) -> tuple[NDArray[np.bool_], float]:
    """Return the subset of units that fits an ideal best, and its correlation.

    Parameters
    ----------
    weights
        Symmetric, 0 on the diagonal, shape (n, n).
    ideal
        Ideal pattern that the core is fitted to: ``core-core`` or ``max``.

    Returns
    -------
    members : ndarray of bool
        Which units are in the core; none when no pattern can be compared.
    correlation : float
        Between -1 and 1; NaN when all weights are equal.

    Examples
    --------
    >>> members, fit = best_core(np.array([[0.0, 4, 4], [4, 0, 0], [4, 0, 0]]), ideal="max")
    >>> members.tolist(), round(fit, 3)
    ([True, False, False], 1.0)
    """
    n = len(weights)
    if n <= _EXHAUSTIVE_UNITS:
        subsets = _all_subsets(n)
        sums = _all_sums(weights)[1:-1]
        # the subset at the other end is the complement: together they are all units
        fit = _correlation(weights, subsets, sums, sums[::-1], ideal)
    else:
        subsets, inside, outside = _prefixes(weights)
        fit = _correlation(weights, subsets, inside, outside, ideal)
    if np.isnan(fit).all():
        return np.zeros(n, dtype=bool), float("nan")
    best = _strongest(fit, subsets, weights)
    chosen, value = subsets[best], float(fit[best])
    if n > _EXHAUSTIVE_UNITS:
        chosen, value = _improved(weights, chosen, value, ideal)
    return chosen.astype(bool), value


def _prefixes(
    weights: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the strongest 1, 2, … units, and the sums within these and within the others."""
    order = np.argsort(-weights.sum(axis=1), kind="stable")
    subsets = np.zeros((len(order) - 1, len(order)))
    for size in range(1, len(order)):
        subsets[size - 1, order[:size]] = 1.0
    sorted_weights = weights[np.ix_(order, order)]
    inside = np.tril(sorted_weights).sum(axis=1).cumsum()[:-1]
    outside = np.triu(sorted_weights).sum(axis=1)[::-1].cumsum()[:-1][::-1]
    return subsets, inside, outside


def _improved(
    weights: NDArray[np.float64], chosen: NDArray[np.float64], value: float, ideal: Ideal
) -> tuple[NDArray[np.float64], float]:
    """Move single units in or out as long as that fits better."""
    while True:
        ties, other_ties = weights @ chosen, weights @ (1.0 - chosen)
        enters = 1.0 - 2.0 * chosen  # 1 for a unit that would enter, -1 for one that would leave
        inside = chosen @ ties / 2 + enters * ties
        outside = (1.0 - chosen) @ other_ties / 2 - enters * other_ties
        changed = np.abs(chosen[None, :] - np.eye(len(chosen)))
        fit = _correlation(weights, changed, inside, outside, ideal)
        if not np.nanmax(fit) > value + 1e-12:
            return chosen, value
        best = int(np.nanargmax(fit))
        chosen, value = changed[best], float(fit[best])


def _strongest(
    fit: NDArray[np.float64], subsets: NDArray[np.float64], weights: NDArray[np.float64]
) -> int:
    """Among equal fits, take the core whose units are strongest on average."""
    equal = np.flatnonzero(fit >= np.nanmax(fit) - 1e-12)
    mean = subsets[equal] @ weights.sum(axis=1) / subsets[equal].sum(axis=1)
    return int(equal[np.argmax(mean)])


@lru_cache(maxsize=4)
def _all_subsets(n: int) -> NDArray[np.float64]:
    return ((np.arange(1, 2**n - 1)[:, None] >> np.arange(n)) & 1).astype(float)


def _all_sums(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the sum of weights within each of the 2ⁿ subsets, by doubling.

    The subsets with unit k are those without it, each with the weights between k and its units.
    """
    sums = np.zeros(1)
    for unit in range(len(weights)):
        ties = np.zeros(1)
        for other in range(unit):
            ties = np.concatenate([ties, ties + weights[unit, other]])
        sums = np.concatenate([sums, sums + ties])
    return sums


def _correlation(
    weights: NDArray[np.float64],
    subsets: NDArray[np.float64],
    inside: NDArray[np.float64],
    outside: NDArray[np.float64],
    ideal: Ideal,
) -> NDArray[np.float64]:
    """Correlate each subset's pattern of ones and zeros with the weights of all pairs.

    ``inside`` and ``outside`` are the sums of weights within each subset and its complement.
    """
    n = len(weights)
    pairs = weights[np.triu_indices(n, 1)]
    spread = float(np.std(pairs))
    if spread <= 1e-12 * float(np.max(np.abs(pairs))):
        return np.full(len(subsets), np.nan)
    size = subsets.sum(axis=1)
    if ideal == "core-core":
        high, ones = inside, size * (size - 1) / 2
    else:
        rest = n - size
        high, ones = pairs.sum() - outside, len(pairs) - rest * (rest - 1) / 2
    share = ones / len(pairs)
    covariance = high / len(pairs) - share * pairs.mean()
    with np.errstate(divide="ignore", invalid="ignore"):
        fit = covariance / (spread * np.sqrt(share * (1 - share)))
    return np.asarray(np.where((share > 0) & (share < 1), fit, np.nan))
