"""How a set of sites conforms with a plan, in a few numbers that say what they leave out."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from geo.errors import InputError
from geo.layers.plan import OUTSIDE

__all__ = ["Conformance", "conformance", "development_intensity", "population_coverage"]


@dataclass(frozen=True)
class Conformance:
    """The summary of a table of sites placed in a plan.

    Attributes
    ----------
    n
        Sites.
    n_zoned
        In a zone of the plan.
    n_rated
        In a zone whose role the matrix rates for their type; ``mean_fit`` is over these.
    n_conflict
        Rated -1.
    conflicts
        Their ids.
    n_outside, n_unplaced, n_unknown_type
        Why others are not rated: in no zone, without position, of a type the plan does not know.
    mean_fit
        Arithmetic mean, null when nothing is rated.
    """

    n: int
    n_zoned: int
    n_rated: int
    n_conflict: int
    conflicts: tuple[Any, ...]
    n_outside: int
    n_unplaced: int
    n_unknown_type: int
    mean_fit: float | None


def conformance(placed: pd.DataFrame) -> Conformance:
    """Summarise how sites fit the roles of their zones.

    Parameters
    ----------
    placed
        With ``zone``, ``type`` and ``fit``, as ``geo.analysis.fit.place_in_plan`` returns.

    Returns
    -------
    Conformance
        Counts and the mean fit of the rated.

    Examples
    --------
    >>> conformance(pd.DataFrame({"zone": ["a", "a", "outside"], "type": ["lab", "lab", "lab"],
    ...                           "fit": [1.0, -1.0, None]})).mean_fit
    0.0
    >>> conformance(pd.DataFrame({"zone": [], "type": [], "fit": []})).mean_fit is None
    True
    """
    rated = placed.fit.dropna().astype(float)
    clash = rated.index[rated == -1.0]
    zoned = placed.zone.notna() & (placed.zone != OUTSIDE)
    return Conformance(
        n=len(placed),
        n_zoned=int(zoned.sum()),
        n_rated=len(rated),
        n_conflict=len(clash),
        conflicts=tuple(clash),
        n_outside=int((placed.zone == OUTSIDE).sum()),
        n_unplaced=int(placed.zone.isna().sum()),
        n_unknown_type=int((zoned & placed.type.isna()).sum()),
        mean_fit=float(rated.mean()) if len(rated) else None,
    )


def development_intensity(
    built_km2: "pd.Series[float]", land_km2: "pd.Series[float]"
) -> "pd.Series[float]":
    """Divide built-up area by land area, zone by zone.

    Parameters
    ----------
    built_km2
        Built-up area of each zone.
    land_km2
        Land area of each zone, aligned; the sea is not land.

    Returns
    -------
    Series
        Named ``development_intensity``, from 0 to 1; null where there is no land.

    Raises
    ------
    InputError
        When a built-up area is negative or larger than the land.

    Examples
    --------
    >>> development_intensity(pd.Series([25.0, 0.0]), pd.Series([100.0, 0.0])).tolist()
    [0.25, nan]
    """
    wrong = (built_km2 < 0) | (built_km2 > land_km2)
    if wrong.any():
        msg = f"built-up area of {built_km2.index[wrong][0]} is negative or exceeds its land"
        raise InputError(msg)
    return (built_km2 / land_km2.where(land_km2 > 0)).rename("development_intensity")


def population_coverage(
    population: "pd.Series[float]", minutes: "pd.Series[float]", *, max_minutes: float
) -> float | None:
    """Return the share of people within a travel time.

    Parameters
    ----------
    population
        Persons by unit.
    minutes
        Travel time of each unit, aligned; null is unreachable or unknown, and not covered.
    max_minutes
        The limit, inclusive.

    Returns
    -------
    float or None
        ``sum of the population with minutes <= limit / sum``; None without people.

    Raises
    ------
    InputError
        When a population is negative.

    Examples
    --------
    >>> population_coverage(pd.Series([30, 30, 40]), pd.Series([10, 60, 61]), max_minutes=60)
    0.6
    >>> population_coverage(pd.Series([0]), pd.Series([10]), max_minutes=60) is None
    True
    """
    if (population < 0).any():
        msg = f"population of {population.index[population < 0][0]} is negative"
        raise InputError(msg)
    total = float(population.sum())
    return float(population[minutes <= max_minutes].sum()) / total if total else None
