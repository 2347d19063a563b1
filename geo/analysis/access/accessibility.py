"""Accessibility measures from a table of travel times; no network is needed.

PySAL's ``access`` agrees with these to the last digit and is kept as the oracle of the tests; its
functions take the names of eighteen columns where three short formulas take three frames.
"""

from collections.abc import Sequence
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.analysis.result import Result
from geo.errors import InputError, UnknownIdError

__all__ = [
    "E2SFCA_WEIGHTS",
    "cumulative_opportunities",
    "enhanced_two_step_catchment",
    "gravity_potential",
    "joseph_bantock",
    "two_step_catchment",
]

Floats = NDArray[np.float64]
Decay = Literal["power", "exponential"]
E2SFCA_WEIGHTS: Final = (1.0, 0.68, 0.22)
"""Luo and Qi's weights for three bands of equal width."""


def _aligned(
    minutes: pd.DataFrame,
    supply: "pd.Series[float]",
    demand: "pd.Series[float] | None" = None,
) -> tuple[Floats, Floats, Floats]:
    for sizes, axis, name in (
        (supply, minutes.columns, "supply"),
        (demand, minutes.index, "demand"),
    ):
        if sizes is None:
            continue
        if not sizes.index.is_unique or set(sizes.index) != set(axis):
            side = "columns" if name == "supply" else "rows"
            msg = f"{name} must have one value for each of the {side} of minutes"
            raise InputError(msg)
        if not (pd.to_numeric(sizes, errors="coerce") >= 0).all():
            msg = f"{name} has missing or negative values"
            raise InputError(msg)
    times = minutes.to_numpy(dtype=float)
    if (times < 0).any():
        msg = f"a travel time is negative ({times[times < 0][0]:g} min)"
        raise InputError(msg)
    people = np.ones(len(minutes)) if demand is None else demand.reindex(minutes.index)
    # what cannot be reached has no time: infinitely far
    times = np.asarray(np.where(np.isnan(times), np.inf, times), dtype=float)
    size = np.asarray(supply.reindex(minutes.columns), dtype=float)
    return times, size, np.asarray(people, dtype=float)


def _result(
    values: Floats, minutes: pd.DataFrame, formula_id: str, name: str, lost: int = 0
) -> Result:
    found = pd.Series(values, index=minutes.index, name=name)
    return Result(
        found,
        formula_id,
        n=len(found),
        n_dropped={"supply that no demand reaches": lost},
    )


def _check_limit(max_minutes: float) -> None:
    if not 0 < max_minutes < np.inf:
        msg = f"a limit of travel time must be above zero, not {max_minutes}"
        raise InputError(msg)


def cumulative_opportunities(
    minutes: pd.DataFrame, supply: "pd.Series[float]", *, max_minutes: float
) -> Result:
    """Sum the opportunities within a travel time of each place, the limit included.

    Parameters
    ----------
    minutes
        Places (rows) × opportunities (columns); missing where there is no way.
    supply
        Size of each opportunity, ≥ 0.
    max_minutes
        Longest travel time that counts, in minutes, inclusive.

    Returns
    -------
    Result
        Series ``cumulative_opportunities`` by place.

    Raises
    ------
    InputError
        When the frames do not match, or a time or size is negative.

    References
    ----------
    Wachs, M. & Kumagai, T. G. (1973). Socio-Economic Planning Sciences 7(5): 437-456.

    Examples
    --------
    >>> minutes = pd.DataFrame({"x": [30.0, None], "y": [31.0, 5.0]}, index=list("ab"))
    >>> reached = cumulative_opportunities(minutes, pd.Series({"x": 7, "y": 2}), max_minutes=30)
    >>> reached.values.to_dict()
    {'a': 7.0, 'b': 2.0}
    """
    _check_limit(max_minutes)
    times, size, _ = _aligned(minutes, supply)
    return _result(
        (times <= max_minutes) @ size,
        minutes,
        "cumulative-opportunities",
        "cumulative_opportunities",
    )


def _catchment(
    minutes: pd.DataFrame,
    supply: "pd.Series[float]",
    demand: "pd.Series[float]",
    limits: Sequence[float],
    weights: Sequence[float],
    names: tuple[str, str],
) -> Result:
    times, size, people = _aligned(minutes, supply, demand)
    bands = np.append(np.asarray(weights, dtype=float), 0.0)
    weight = bands[np.searchsorted(np.asarray(limits, dtype=float), times, side="left")]
    crowd = weight.T @ people
    ratio = np.divide(size, crowd, out=np.zeros_like(size), where=crowd > 0)
    lost = int(((crowd == 0) & (size > 0)).sum())
    return _result(weight @ ratio, minutes, names[0], names[1], lost)


def two_step_catchment(
    minutes: pd.DataFrame,
    supply: "pd.Series[float]",
    demand: "pd.Series[float]",
    *,
    max_minutes: float,
) -> Result:
    """Compute two-step floating catchment accessibility (2SFCA): supply a head within a limit.

    ``R_j = S_j/Σ_{t ≤ T} P_i``; ``A_i = Σ_{t ≤ T} R_j``. ``Σ P A`` equals the supply that anyone
    reaches; supply that nobody reaches is counted as dropped.

    Parameters
    ----------
    minutes
        Places (rows) × supply (columns); missing where there is no way.
    supply
        Capacity of each supply, ≥ 0.
    demand
        People of each place, ≥ 0.
    max_minutes
        Longest travel time that counts, in minutes, inclusive.

    Returns
    -------
    Result
        Series ``two_step_catchment`` by place: capacity a head.

    Raises
    ------
    InputError
        When the frames do not match, or a time or size is negative.

    References
    ----------
    Luo, W. & Wang, F. (2003). Environment and Planning B 30(6): 865-884, doi:10.1068/b29120.

    Examples
    --------
    >>> minutes = pd.DataFrame({"x": [10.0, 20.0]}, index=list("ab"))
    >>> shared = two_step_catchment(
    ...     minutes, pd.Series({"x": 6}), pd.Series({"a": 1, "b": 2}), max_minutes=20)
    >>> shared.values.to_dict()
    {'a': 2.0, 'b': 2.0}
    """
    _check_limit(max_minutes)
    names = ("2sfca", "two_step_catchment")
    return _catchment(minutes, supply, demand, [max_minutes], [1.0], names)


def enhanced_two_step_catchment(
    minutes: pd.DataFrame,
    supply: "pd.Series[float]",
    demand: "pd.Series[float]",
    *,
    max_minutes: float,
    weights: Sequence[float] = E2SFCA_WEIGHTS,
) -> Result:
    """Compute enhanced 2SFCA: both steps are weighted by bands of travel time.

    Parameters
    ----------
    minutes, supply, demand
        Travel times in minutes (places × supply; missing where unreachable), capacity of each
        supply (≥ 0) and people of each place (≥ 0).
    max_minutes
        Outer limit of the last band; the bands have equal widths and include their limits.
    weights
        Weight of each band, from the nearest outwards, falling.

    Returns
    -------
    Result
        Series ``enhanced_two_step_catchment`` by place.

    Raises
    ------
    InputError
        When the frames do not match, or weights are negative or rise.

    References
    ----------
    Luo, W. & Qi, Y. (2009). Health & Place 15(4): 1100-1107,
    doi:10.1016/j.healthplace.2009.06.002.

    Examples
    --------
    >>> minutes = pd.DataFrame({"x": [10.0, 30.0]}, index=list("ab"))
    >>> shared = enhanced_two_step_catchment(
    ...     minutes, pd.Series({"x": 1.22}), pd.Series({"a": 1, "b": 1}), max_minutes=30)
    >>> shared.values.round(2).to_dict()
    {'a': 1.0, 'b': 0.22}
    """
    _check_limit(max_minutes)
    falling = np.asarray(weights, dtype=float)
    if not falling.size or (falling < 0).any() or (np.diff(falling) > 0).any():
        msg = f"band weights must be ≥ 0 and not rise: {list(weights)}"
        raise InputError(msg)
    limits = max_minutes * np.arange(1, falling.size + 1) / falling.size
    names = ("e2sfca", "enhanced_two_step_catchment")
    return _catchment(minutes, supply, demand, limits.tolist(), falling.tolist(), names)


def _decayed(times: Floats, beta: float, decay: str) -> Floats:
    if decay not in ("power", "exponential"):
        raise UnknownIdError("decay", decay, ("power", "exponential"))
    if not beta > 0:
        msg = f"beta must be above zero, not {beta}"
        raise InputError(msg)
    if decay == "exponential":
        return np.asarray(np.exp(-beta * times))
    if (times == 0).any():
        msg = "a travel time is 0, where a power is undefined; give an intrazonal time"
        raise InputError(msg)
    return np.asarray(times**-beta)


def gravity_potential(
    minutes: pd.DataFrame,
    supply: "pd.Series[float]",
    *,
    beta: float,
    decay: Decay = "power",
) -> Result:
    """Compute the gravity potential: supply weighted by a decay with travel time.

    ``A_i = Σ_j S_j t_ij^(−β)`` or ``Σ_j S_j e^(−β t_ij)``. Ranks follow β: show three values.

    Parameters
    ----------
    minutes
        Places × supply, > 0 for ``power``; missing where there is no way.
    supply
        Size of each, ≥ 0.
    beta
        Exponent (``power``) or rate per minute (``exponential``) of the decay, above 0.
    decay
        Form of the distance decay: ``power`` or ``exponential``.

    Returns
    -------
    Result
        Series ``gravity_potential`` by place.

    Raises
    ------
    InputError
        When the frames do not match, beta is not positive, or a time is 0 under ``power``.
    UnknownIdError
        When the decay is not known.

    References
    ----------
    Hansen, W. G. (1959). J. American Institute of Planners 25(2): 73-76,
    doi:10.1080/01944365908978307.

    Examples
    --------
    >>> minutes = pd.DataFrame({"x": [10.0, None]}, index=list("ab"))
    >>> gravity_potential(minutes, pd.Series({"x": 100}), beta=2).values.to_dict()
    {'a': 1.0, 'b': 0.0}
    """
    times, size, _ = _aligned(minutes, supply)
    values = _decayed(times, beta, decay) @ size
    return _result(values, minutes, "gravity-potential", "gravity_potential")


def joseph_bantock(
    minutes: pd.DataFrame,
    supply: "pd.Series[float]",
    demand: "pd.Series[float]",
    *,
    beta: float,
    decay: Decay = "power",
) -> Result:
    """Compute Joseph and Bantock's index: the gravity potential with supply divided by demand.

    ``A_i = Σ_j S_j f(t_ij)/V_j``, ``V_j = Σ_k P_k f(t_kj)``.

    Parameters
    ----------
    minutes, supply, demand
        Travel times in minutes (places × supply; missing where unreachable), capacity of each
        supply (≥ 0) and people of each place (≥ 0).
    beta, decay
        Parameter of the distance decay, above 0, and its form: ``power`` or ``exponential``.

    Returns
    -------
    Result
        Series ``joseph_bantock`` by place.

    Raises
    ------
    InputError
        When the frames do not match, beta is not positive, or a time is 0 under ``power``.
    UnknownIdError
        When the decay is not known.

    References
    ----------
    Joseph, A. E. & Bantock, P. R. (1982). Social Science & Medicine 16(1): 85-90,
    doi:10.1016/0277-9536(82)90428-2.

    Examples
    --------
    >>> minutes = pd.DataFrame({"x": [10.0, 10.0]}, index=list("ab"))
    >>> shared = joseph_bantock(
    ...     minutes, pd.Series({"x": 6}), pd.Series({"a": 1, "b": 2}), beta=1.5)
    >>> shared.values.round(9).to_dict()
    {'a': 2.0, 'b': 2.0}
    """
    times, size, people = _aligned(minutes, supply, demand)
    near = _decayed(times, beta, decay)
    crowd = near.T @ people
    ratio = np.divide(size, crowd, out=np.zeros_like(size), where=crowd > 0)
    lost = int(((crowd == 0) & (size > 0)).sum())
    return _result(near @ ratio, minutes, "joseph-bantock", "joseph_bantock", lost)
