"""Axes of a flow network, their sensitivity to settings and their confidence.

The axis rule: core, main axis and secondary axes named from flows, or not named at all.

This rule is this project's own. Every step is a published measure or stated here:

1. The core city is the strongest unit of Borgatti and Everett's core (ideal ``core-core``).
2. The backbone is the disparity filter's at level α.
3. The main axis is the heaviest backbone flow of the core city.
4. A secondary axis is two or more further backbone flows of the core city whose bearings agree
   within a width (15°), ordered by distance, ranked by the smallest share among them.

Where a step finds nothing, the answer is nothing.

How far the axis rule's answer depends on its levels, on sampling, and on chance.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import Geod

from geo.analysis.flows.backbone import disparity_filter, significance
from geo.analysis.flows.core_periphery import best_core
from geo.analysis.flows.measures import density
from geo.analysis.flows.table import Flows
from geo.crs import metres_of, unproject
from geo.errors import InputError

__all__ = [
    "BEARING_WIDTH_DEG",
    "Axis",
    "Confidence",
    "Found",
    "apply_rule",
    "confidence",
    "directions",
    "find_axes",
    "sensitivity",
]

BEARING_WIDTH_DEG: Final = 15.0
_ELLIPSOID: Final = Geod(ellps="GRS80")


@dataclass(frozen=True)
class Axis:
    """An axis from the core city outwards.

    Attributes
    ----------
    units
        Ids: the core city, then its partners by distance.
    shares
        Share of each partner's flow with the core in the total of all flows.
    bearings_deg, distances_km
        From the core to each partner, clockwise from north, on the ellipsoid.
    """

    units: tuple[str, ...]
    shares: tuple[float, ...]
    bearings_deg: tuple[float, ...]
    distances_km: tuple[float, ...]


@dataclass(frozen=True)
class Found:
    """What the axis rule finds.

    Attributes
    ----------
    core
        Id of the core city; None when no unit stands out.
    core_units, core_fit
        Borgatti and Everett's core (ideal ``core-core``), strongest first, and its correlation.
    main
        The main axis; None when the core has no backbone flow.
    secondary
        Secondary axes, the one with the largest smallest share first; often empty.
    density
        Share of possible pairs with a flow, on all units.
    backbone_weight_share
        Share of the total weight that the backbone keeps.
    alpha, width_deg
        Level and width that the rule was applied with.
    years
        Years behind the answer; empty for a table without years.
    """

    core: str | None
    core_units: tuple[str, ...]
    core_fit: float
    main: Axis | None
    secondary: tuple[Axis, ...]
    density: float
    backbone_weight_share: float
    alpha: float
    width_deg: float
    years: tuple[int, ...]


def find_axes(
    flows: Flows,
    places: gpd.GeoDataFrame,
    *,
    alpha: float = 0.05,
    width_deg: float = BEARING_WIDTH_DEG,
    year: int | None = None,
) -> Found:
    """Find the core city, the main axis and the secondary axes of a flow network.

    The rule is that of this module's first lines.

    Parameters
    ----------
    flows
        Origin-destination flows as ``check_flows`` returns them; for directed ones a pair is in the
        backbone when either direction is, and weighs the sum of both.
    places
        One point a unit in equal-area metres, with the index of ``flows.units``.
    alpha
        Level of the disparity filter, above 0 and at most 1.
    width_deg
        Largest difference of the bearings of a secondary axis, above 0 and below 180.
    year
        The year that is used; None sums all years.

    Returns
    -------
    Found
        The answer with the shares that decide; ``None`` and empty where there is none.

    Raises
    ------
    CRSError
        When the places are not in equal-area metres.
    InputError
        When a unit has no place, a level or width is out of range, or the year has no flows.

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> import pandas as pd
    >>> from geo.analysis.flows.table import check_flows
    >>> units = pd.DataFrame({"name_zh": list("甲乙丙丁"), "name_en": list("abcd"),
    ...     "name_ja": list("甲乙丙丁")}, index=list("1234"))
    >>> points = shapely.points([[0, 0], [9e4, 0], [0, 9e4], [0, -9e4]])
    >>> places = gpd.GeoDataFrame(units, geometry=points, crs=metres)
    >>> table = pd.DataFrame({"origin": list("111"), "destination": list("234"),
    ...     "weight": [90, 10, 5]})
    >>> found = find_axes(check_flows(table, units), places)
    >>> found.core, found.main.units, found.secondary
    ('1', ('1', '2'), ())
    """
    if not 0 < width_deg < 180:
        msg = f"the bearing width is {width_deg}; give degrees above 0 and below 180"
        raise InputError(msg)
    edges = disparity_filter(flows, alpha=alpha, year=year)
    weights = flows.matrix(year)
    both = weights + weights.T if flows.directed else weights
    bearing, distance = directions(flows, places)
    members, fit = _core(both)
    strengths = both.sum(axis=1)
    ranked = sorted(np.flatnonzero(members).tolist(), key=lambda at: (-strengths[at], at))
    rule = apply_rule(weights, bearing, alpha=alpha, width_deg=width_deg, directed=flows.directed)
    ids = [str(one) for one in flows.units.index]
    total = float(both.sum() / 2)

    def axis(partners: tuple[int, ...]) -> Axis:
        near = sorted(partners, key=lambda to: distance[ranked[0], to])
        return Axis(
            units=(ids[ranked[0]], *(ids[to] for to in near)),
            shares=tuple(float(both[ranked[0], to] / total) for to in near),
            bearings_deg=tuple(float(bearing[ranked[0], to]) for to in near),
            distances_km=tuple(float(distance[ranked[0], to]) for to in near),
        )

    return Found(
        core=None if rule.core is None else ids[rule.core],
        core_units=tuple(ids[at] for at in ranked),
        core_fit=fit,
        main=None if rule.main is None else axis((rule.main,)),
        secondary=tuple(axis(partners) for partners in rule.secondary),
        density=density(flows, year),
        backbone_weight_share=float(edges.loc[edges["backbone"], "share"].sum()),
        alpha=alpha,
        width_deg=width_deg,
        years=tuple(flows.years if year is None else [year]),
    )


@dataclass(frozen=True)
class Rule:
    """The rule's answer by position of the units; see ``Found``.

    Attributes
    ----------
    core, main, secondary
        Positions; None and empty where there is none.
    weakest
        The smallest weight of each secondary axis.
    """

    core: int | None
    main: int | None
    secondary: tuple[tuple[int, ...], ...]
    weakest: tuple[float, ...]


def apply_rule(
    weights: NDArray[np.float64],
    bearing: NDArray[np.float64],
    *,
    alpha: float,
    width_deg: float,
    directed: bool = False,
) -> Rule:
    """Apply the axis rule to a matrix; the kernel that sensitivity and confidence repeat.

    Parameters
    ----------
    weights
        Shape (n, n), 0 on the diagonal; symmetric unless directed.
    bearing
        Degrees from each unit to each other, shape (n, n).
    alpha, width_deg
        Level of the disparity filter, in (0, 1], and largest difference of bearings on a secondary
        axis in degrees, in (0, 180).
    directed
        Whether the two directions are kept apart in ``weights``.

    Returns
    -------
    Rule
        Positions; None and empty where there is none.

    Examples
    --------
    >>> weights = np.zeros((4, 4))
    >>> weights[0, 1:] = weights[1:, 0] = [90, 10, 5]
    >>> apply_rule(weights, np.zeros((4, 4)), alpha=0.05, width_deg=15.0)
    Rule(core=0, main=1, secondary=(), weakest=())
    """
    both = weights + weights.T if directed else weights
    members, _ = _core(both)
    if not members.any():
        return Rule(None, None, (), ())
    strengths = np.where(members, both.sum(axis=1), -1.0)
    core = int(np.argmax(strengths))
    out, into = significance(weights)
    kept = np.minimum(out, into) < alpha
    partners = np.flatnonzero((kept | kept.T)[core] & (both[core] > 0))
    if len(partners) == 0:
        return Rule(core, None, (), ())
    main = int(partners[np.argmax(both[core, partners])])
    further = [int(one) for one in partners if one != main]
    groups = _windows({at: float(bearing[core, at]) for at in further}, width_deg)
    ranked = sorted(groups, key=lambda group: (-min(both[core, at] for at in group), group))
    chosen: list[tuple[int, ...]] = []
    for group in ranked:
        if not any(set(group) & set(other) for other in chosen):
            chosen.append(group)
    weakest = tuple(float(min(both[core, at] for at in group)) for group in chosen)
    return Rule(core, main, tuple(chosen), weakest)


def _core(both: NDArray[np.float64]) -> tuple[NDArray[np.bool_], float]:
    if np.count_nonzero(both.any(axis=1)) < 3:  # two units alone have no core and no periphery
        return np.zeros(len(both), dtype=bool), float("nan")
    return best_core(both, ideal="core-core")


def _windows(bearing: dict[int, float], width_deg: float) -> list[tuple[int, ...]]:
    """Return the largest groups of two or more whose bearings lie within a width, circularly."""
    found: list[frozenset[int]] = []
    for start in bearing.values():
        # a hair of slack, so that a difference of exactly the width is within it
        group = frozenset(
            at for at, one in bearing.items() if (one - start) % 360 <= width_deg + 1e-9
        )
        if len(group) > 1 and group not in found:
            found.append(group)
    whole = [group for group in found if not any(group < other for other in found)]
    return [tuple(sorted(group)) for group in whole]


def directions(
    flows: Flows, places: gpd.GeoDataFrame
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the bearing and distance between all units, on the ellipsoid.

    Parameters
    ----------
    flows
        Origin-destination flows as ``check_flows`` returns them, without loops and zeros.
    places
        One point a unit in equal-area metres, with the index of ``flows.units``.

    Returns
    -------
    bearing : ndarray
        Degrees clockwise from north, from row to column.
    distance : ndarray
        Kilometres.

    Raises
    ------
    CRSError
        When the places are not in equal-area metres.
    InputError
        When a unit has no place.
    """
    points = unit_points(flows, places)
    lon, lat = unproject(shapely.get_x(points), shapely.get_y(points), places.crs)
    n = len(points)
    starts, ends = np.repeat(np.arange(n), n), np.tile(np.arange(n), n)
    azimuth, _, metres = _ELLIPSOID.inv(lon[starts], lat[starts], lon[ends], lat[ends])
    bearing = np.asarray(azimuth).reshape(n, n) % 360
    return bearing, np.asarray(metres).reshape(n, n) / 1000.0


def unit_points(flows: Flows, places: gpd.GeoDataFrame) -> NDArray[np.object_]:
    """Return the point of each unit, in the order of the units.

    Parameters
    ----------
    flows
        Origin-destination flows as ``check_flows`` returns them, without loops and zeros.
    places
        One point a unit in equal-area metres, with the index of ``flows.units``.

    Returns
    -------
    ndarray of Point
        In metres.

    Raises
    ------
    CRSError
        When the places are not in equal-area metres.
    InputError
        When a unit has no place, or its place is no point.
    """
    metres_of(places, name="places")
    lost = [str(one) for one in flows.units.index if one not in places.index]
    if lost:
        msg = f"places: no point for {', '.join(lost[:10])}; give one point a unit"
        raise InputError(msg)
    points: NDArray[np.object_] = places.geometry.loc[flows.units.index].to_numpy()
    bad = shapely.is_missing(points) | shapely.is_empty(points) | (shapely.get_type_id(points) != 0)
    if bad.any():
        msg = f"places: {flows.units.index[bad][0]} has no point; give one point a unit"
        raise InputError(msg)
    return points


ALPHAS: Final = (0.01, 0.05, 0.1, 0.2)
WIDTHS_DEG: Final = (10.0, 15.0, 20.0)


def sensitivity(flows: Flows, places: gpd.GeoDataFrame, *, year: int | None = None) -> pd.DataFrame:
    """Apply the axis rule at several levels and widths.

    Parameters
    ----------
    flows
        Origin-destination flows as ``check_flows`` returns them, without loops and zeros.
    places
        One point a unit in equal-area metres, with the index of ``flows.units``.
    year
        The year that is used; None sums all years.

    Returns
    -------
    DataFrame
        One row a level (0.01, 0.05, 0.1, 0.2) and width (10, 15, 20 degrees): ``alpha``,
        ``width_deg``, ``core``, ``main`` (ids joined by a space, null when none), ``secondary``
        (axes separated by a semicolon, null when none), ``backbone_weight_share``.

    Raises
    ------
    CRSError
        When the places are not in equal-area metres.
    InputError
        When a unit has no place, or the year has no flows.

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> import shapely
    >>> from geo.analysis.flows.table import check_flows
    >>> units = pd.DataFrame({"name_zh": list("甲乙丙丁"), "name_en": list("abcd"),
    ...     "name_ja": list("甲乙丙丁")}, index=list("1234"))
    >>> points = shapely.points([[0, 0], [9e4, 0], [0, 9e4], [0, -9e4]])
    >>> places = gpd.GeoDataFrame(units, geometry=points, crs=metres)
    >>> table = pd.DataFrame({"origin": list("111"), "destination": list("234"),
    ...     "weight": [90, 10, 5]})
    >>> found = sensitivity(check_flows(table, units), places)
    >>> int(found.main.isna().sum()), int(found.main.eq("1 2").sum())
    (3, 9)
    """
    rows = []
    for alpha in ALPHAS:
        for width in WIDTHS_DEG:
            found = find_axes(flows, places, alpha=alpha, width_deg=width, year=year)
            secondary = [" ".join(one.units) for one in found.secondary]
            rows.append(
                {
                    "alpha": alpha,
                    "width_deg": width,
                    "core": found.core,
                    "main": None if found.main is None else " ".join(found.main.units),
                    "secondary": "; ".join(secondary) or None,
                    "backbone_weight_share": found.backbone_weight_share,
                }
            )
    return pd.DataFrame(rows)


@dataclass(frozen=True)
class Confidence:
    """How often the same result comes from bootstrapped and from shuffled flows.

    Attributes
    ----------
    core, main
        Share of the draws with the same core, and with the same main axis; NaN without draws.
    secondary
        For each secondary axis found, the share of draws in which all its partners are together
        on a secondary axis.
    none
        Share of draws without any secondary axis.
    by_chance
        Share of shuffled networks in which the rule finds a secondary axis at least as strong
        as the strongest found (smallest share of it); NaN when none was found.
    n_draws, n_shuffles
        Runs behind these shares.
    note
        Why there are no draws; empty when there are.
    """

    core: float
    main: float
    secondary: tuple[float, ...]
    none: float
    by_chance: float
    n_draws: int
    n_shuffles: int
    note: str


def confidence(
    flows: Flows,
    places: gpd.GeoDataFrame,
    *,
    alpha: float = 0.05,
    width_deg: float = BEARING_WIDTH_DEG,
    year: int | None = None,
    n: int = 200,
    seed: int = 1,
) -> Confidence:
    """Test the result of the axis rule by bootstrap and by random shuffles of the flows.

    When weights are counts, the total is drawn anew over the pairs in proportion to the weights
    (multinomial bootstrap): what another sample of the same size would have shown. In any case
    the weights are shuffled over all pairs: what the rule finds where there is nothing to find.

    Parameters
    ----------
    flows
        Origin-destination flows as ``check_flows`` returns them, without loops and zeros.
    places
        One point a unit in equal-area metres, with the index of ``flows.units``.
    alpha, width_deg, year
        Level of the disparity filter in (0, 1], largest difference of bearings in degrees in (0,
        180), and one year (None: all years together).
    n
        Draws and shuffles, at least 20.
    seed
        Seed of the random numbers.

    Returns
    -------
    Confidence
        Shares of the draws and shuffles.

    Raises
    ------
    CRSError
        When the places are not in equal-area metres.
    InputError
        When a unit has no place, the year has no flows, or n is too small.

    References
    ----------
    Efron, B. and Tibshirani, R. J. (1993). An Introduction to the Bootstrap. Chapman and Hall.

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> import shapely
    >>> from geo.analysis.flows.table import check_flows
    >>> units = pd.DataFrame({"name_zh": list("甲乙丙丁"), "name_en": list("abcd"),
    ...     "name_ja": list("甲乙丙丁")}, index=list("1234"))
    >>> points = shapely.points([[0, 0], [9e4, 0], [0, 9e4], [0, -9e4]])
    >>> places = gpd.GeoDataFrame(units, geometry=points, crs=metres)
    >>> table = pd.DataFrame({"origin": list("111"), "destination": list("234"),
    ...     "weight": [90, 10, 5]})
    >>> confidence(check_flows(table, units), places, n=20).main
    1.0
    """
    if n < 20:
        msg = f"{n} draws are too few; take at least 20"
        raise InputError(msg)
    weights = flows.matrix(year)
    bearing, _ = directions(flows, places)
    cells = (
        ~np.eye(len(weights), dtype=bool)
        if flows.directed
        else np.triu(np.ones_like(weights), 1) > 0
    )
    values = weights[cells]

    def answer(heavy: NDArray[np.float64]) -> Rule:
        drawn = np.zeros_like(weights)
        drawn[cells] = heavy
        whole = drawn if flows.directed else drawn + drawn.T
        return apply_rule(whole, bearing, alpha=alpha, width_deg=width_deg, directed=flows.directed)

    random = np.random.default_rng(seed)
    observed = answer(values)
    counts = bool(np.all(values == np.round(values)))
    draws: list[Rule] = []
    if counts:
        chance = values / values.sum()
        drawn = random.multinomial(int(values.sum()), chance, size=n).astype(float)
        draws = [answer(one) for one in drawn]
    shuffled = [answer(random.permutation(values)) for _ in range(n)]
    note = "" if counts else "weights are not counts: no draws, only shuffles"
    return _summed_up(observed, draws, shuffled, note)


def _summed_up(observed: Rule, draws: list[Rule], shuffled: list[Rule], note: str) -> Confidence:
    by_chance = float("nan")
    if observed.weakest:
        as_strong = [max(one.weakest, default=0.0) >= observed.weakest[0] for one in shuffled]
        by_chance = sum(as_strong) / len(shuffled)
    size = len(draws) or float("nan")
    seen = Counter((one.core, one.main) for one in draws)
    return Confidence(
        core=sum(one.core == observed.core for one in draws) / size,
        main=seen[observed.core, observed.main] / size,
        secondary=tuple(
            sum(any(set(axis) <= set(other) for other in one.secondary) for one in draws) / size
            for axis in observed.secondary
        ),
        none=sum(not one.secondary for one in draws) / size,
        by_chance=by_chance,
        n_draws=len(draws),
        n_shuffles=len(shuffled),
        note=note,
    )
