"""Number of sets of units that fit a published area, which shows what an area can confirm."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.crs import metres_of, require_crs, to_analysis
from geo.errors import InputError, UnknownIdError
from geo.layers.plans.plan import Plan

__all__ = ["FittingSets", "alternative_sets", "count_fitting_sets", "units_around"]

_MAX_CANDIDATES: Final = 34
"""Half of them are enumerated twice; more would not fit in memory."""


@dataclass(frozen=True)
class FittingSets:
    """How many sets of a given size have the wanted area.

    Attributes
    ----------
    n_candidates, size
        From how many units sets of how many were drawn.
    n_sets
        All sets of that size.
    n_fit
        Those whose area lies within the tolerance.
    share_by_unit
        In what share of the fitting sets each unit occurs; 1 would be forced, 0 excluded.
    """

    n_candidates: int
    size: int
    n_sets: int
    n_fit: int
    share_by_unit: "pd.Series[float]"


def units_around(
    units: gpd.GeoDataFrame, core: gpd.GeoDataFrame, *, max_distance_m: float = 0.0
) -> gpd.GeoDataFrame:
    """Return the units that touch a core, or come within a distance of it.

    Parameters
    ----------
    units
        Polygons in equal-area metres.
    core
        The units of the core, a part of ``units``.
    max_distance_m
        0 keeps those that share a border or a corner.

    Returns
    -------
    GeoDataFrame
        Rows of ``units`` outside the core.

    Raises
    ------
    CRSError
        When a frame is not in equal-area metres, or two are not in the same.

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> from shapely import box
    >>> units = gpd.GeoDataFrame(
    ...     index=list("abc"), geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1), box(5, 0, 6, 1)],
    ...     crs=metres)
    >>> units_around(units, units.loc[["a"]]).index.tolist()
    ['b']
    >>> units_around(units, units.loc[["a"]], max_distance_m=10).index.tolist()
    ['b', 'c']
    """
    require_crs(core, metres_of(units, name="units"), name="core")
    others = units.drop(core.index)
    # a metre of grace: shared borders may differ in the last decimal after projection
    return others[others.distance(core.union_all()) <= max(max_distance_m, 1.0)]


def count_fitting_sets(
    areas_km2: "pd.Series[float]", *, size: int, low_km2: float, high_km2: float
) -> FittingSets:
    """Count, exactly, the sets of units whose areas sum to within two bounds.

    The candidates are split in two halves; all subsets of each are listed with size and area, and
    matched by sorted search (meet in the middle; Horowitz and Sahni 1974), so that C(30, 12) = 86
    million sets take 65,000 sums.

    Parameters
    ----------
    areas_km2
        Area of each candidate, at most 34 of them.
    size
        Number of units in a set.
    low_km2, high_km2
        Bounds of the sum, inclusive.

    Returns
    -------
    FittingSets
        Counts, and how often each unit occurs.

    Raises
    ------
    InputError
        When there are too many candidates or fewer than ``size``, or an area is not positive.

    References
    ----------
    Horowitz, E. and Sahni, S. (1974), Computing partitions with applications to the knapsack
    problem, Journal of the ACM 21(2), 277-292, doi:10.1145/321812.321823.

    Examples
    --------
    >>> areas = pd.Series({"a": 1.0, "b": 2.0, "c": 3.0, "d": 4.0})
    >>> found = count_fitting_sets(areas, size=2, low_km2=5, high_km2=5)
    >>> found.n_fit, found.n_sets, found.share_by_unit.tolist()
    (2, 6, [0.5, 0.5, 0.5, 0.5])
    >>> bool(count_fitting_sets(areas, size=2, low_km2=90, high_km2=91).share_by_unit.isna().all())
    True
    """
    n = len(areas_km2)
    if n > _MAX_CANDIDATES or n < size or size < 1:
        msg = f"sets of {size} out of {n} units cannot be counted (1 to {_MAX_CANDIDATES} units)"
        raise InputError(msg)
    if not (areas_km2 > 0).all():
        msg = f"area of {areas_km2.index[~(areas_km2 > 0)][0]} is not positive"
        raise InputError(msg)
    areas = areas_km2.to_numpy(dtype=np.float64)
    half = n // 2
    left, right = _subsets(areas[:half]), _subsets(areas[half:])
    n_sets = n_fit = 0
    hits = np.zeros(n)
    for taken in range(max(0, size - (n - half)), min(half, size) + 1):
        ours, theirs = left[left.size == taken], right[right.size == size - taken]
        n_sets += len(ours) * len(theirs)
        from_left = _matches(ours.area, theirs.area, low_km2, high_km2)
        from_right = _matches(theirs.area, ours.area, low_km2, high_km2)
        hits[:half] += _by_unit(ours.mask, from_left, half)
        hits[half:] += _by_unit(theirs.mask, from_right, n - half)
        n_fit += int(from_left.sum())
    share = pd.Series(hits / n_fit if n_fit else np.nan, index=areas_km2.index)
    return FittingSets(n, size, n_sets, n_fit, share)


class _Subsets:
    """All subsets of a few units: bit mask, number of units, area."""

    def __init__(
        self, mask: NDArray[np.int64], size: NDArray[np.int64], area: NDArray[np.float64]
    ) -> None:
        self.mask, self.size, self.area = mask, size, area

    def __getitem__(self, keep: NDArray[np.bool_]) -> "_Subsets":
        return _Subsets(self.mask[keep], self.size[keep], self.area[keep])

    def __len__(self) -> int:
        return len(self.mask)


def _subsets(areas: NDArray[np.floating]) -> _Subsets:
    mask = np.arange(1 << len(areas), dtype=np.int64)
    size = np.zeros(len(mask), dtype=np.int64)
    area = np.zeros(len(mask))
    for bit, one in enumerate(areas):
        taken = (mask >> bit) & 1
        size += taken
        area += taken * one
    return _Subsets(mask, size, area)


def _matches(
    mine: NDArray[np.float64], other: NDArray[np.float64], low: float, high: float
) -> NDArray[np.int64]:
    """Count, for each of mine, the others that bring the sum between the bounds."""
    ordered = np.sort(other)
    grace = 1e-9  # sums in another order differ in the last bits
    below = np.searchsorted(ordered, low - mine - grace, side="left")
    above = np.searchsorted(ordered, high - mine + grace, side="right")
    return np.asarray(above - below, dtype=np.int64)


def _by_unit(mask: NDArray[np.int64], counts: NDArray[np.int64], n: int) -> NDArray[np.float64]:
    return np.array([float((((mask >> bit) & 1) * counts).sum()) for bit in range(n)])


def alternative_sets(plan: Plan, circle: str, *, within_km: Sequence[float]) -> pd.DataFrame:
    """Count the sets of units that fit a circle's published area as well as the listed ones.

    The circle's confirmed units are kept; as many others as it lists unconfirmed are drawn from
    the units that come within a distance of them.

    Parameters
    ----------
    plan
        A plan as ``geo.layers.plans.plan.read_plan`` returns it, checked.
    circle
        A circle with a published area and unconfirmed units.
    within_km
        Distances from the confirmed part, one count each.

    Returns
    -------
    DataFrame
        One row a distance and candidate unit: ``within_km``, ``n_candidates``, ``size``,
        ``n_sets``, ``n_fit``, ``unit``, ``name_zh``, ``listed`` (in the plan file's own
        candidate set), ``share_of_fitting_sets`` (null when none fits).

    Raises
    ------
    UnknownIdError
        When the plan has no such circle.
    InputError
        When the circle has no published area or no unconfirmed unit, or there are too many
        candidates to count.

    Examples
    --------
    >>> from geo.layers.plans.plan import read_plan
    >>> found = alternative_sets(read_plan(), "commuting", within_km=[10])
    >>> int(found.n_fit.iloc[0]), int(found.query("listed").share_of_fitting_sets.min())
    (1, 1)
    """
    if circle not in plan.circles.index:
        kind = "circle"
        raise UnknownIdError(kind, circle, plan.circles.index)
    own = plan.members[plan.members.circle == circle]
    unsure = own.unit[own.standing == "unconfirmed"]
    target_km2 = float(plan.circles.published_area_km2[circle])
    slack_km2 = float(plan.circles.area_tolerance_km2[circle])
    if unsure.empty or not np.isfinite(target_km2):
        msg = f"circle {circle} has no unconfirmed unit or no published area to fit"
        raise InputError(msg)
    units = to_analysis(plan.units, plan.crs)
    core = units.loc[own.unit[own.standing != "unconfirmed"]]
    rest_km2 = target_km2 - float(core.area.sum()) / 1e6
    tables = []
    for distance in within_km:
        near = units_around(units, core, max_distance_m=distance * 1000.0)
        found = count_fitting_sets(
            near.area / 1e6,
            size=len(unsure),
            low_km2=rest_km2 - slack_km2,
            high_km2=rest_km2 + slack_km2,
        )
        tables.append(
            pd.DataFrame(
                {
                    "within_km": distance,
                    "n_candidates": found.n_candidates,
                    "size": found.size,
                    "n_sets": found.n_sets,
                    "n_fit": found.n_fit,
                    "unit": near.index,
                    "name_zh": near.name_zh.to_numpy(),
                    "listed": near.index.isin(unsure),
                    "share_of_fitting_sets": found.share_by_unit.to_numpy(),
                }
            )
        )
    return pd.concat(tables, ignore_index=True)
