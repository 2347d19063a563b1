"""How far the axis rule's answer depends on its levels, on sampling, and on chance."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.analysis.axes import BEARING_WIDTH_DEG, Rule, apply_rule, directions, find_axes
from geo.analysis.flows import Flows
from geo.errors import InputError

__all__ = ["Confidence", "confidence", "sensitivity"]

ALPHAS: Final = (0.01, 0.05, 0.1, 0.2)
WIDTHS_DEG: Final = (10.0, 15.0, 20.0)


def sensitivity(flows: Flows, places: gpd.GeoDataFrame, *, year: int | None = None) -> pd.DataFrame:
    """Apply the axis rule at several levels and widths.

    Parameters
    ----------
    flows
        Checked flows.
    places
        One point a unit in equal-area metres, with the index of ``flows.units``.
    year
        One year, or all years together.

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
    >>> from geo.analysis.flows import check_flows
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
    """How often the answer comes back when flows are drawn anew, or shuffled.

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
    """Judge the axis rule's answer by drawing the flows anew and by shuffling them.

    When weights are counts, the total is drawn anew over the pairs in proportion to the weights
    (multinomial bootstrap): what another sample of the same size would have shown. In any case
    the weights are shuffled over all pairs: what the rule finds where there is nothing to find.

    Parameters
    ----------
    flows
        Checked flows.
    places
        One point a unit in equal-area metres, with the index of ``flows.units``.
    alpha, width_deg, year
        As in ``find_axes``.
    n
        Draws and shuffles, at least 20.
    seed
        Of the random numbers.

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
    >>> from geo.analysis.flows import check_flows
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
