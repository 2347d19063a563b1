"""Coupling and coordination of several systems, and their development over the years.

Coupling coordination with the one right formula; the known wrong ones are refused by name.

Liu Chunlin (2017) counted 379 papers and found about half with a wrong formula; Wang et al.
(2021) name the classes of error. None of them can be computed here.

Whether subsystems rise together, and the bureau of statistics' index rebuilt from its parts.
"""

from collections.abc import Mapping
from typing import Any, Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.analysis.result import Result
from geo.analysis.years import require_columns, years_of
from geo.errors import InputError, UnknownIdError
from geo.texts import Localized, tr

__all__ = [
    "CLASSES",
    "REFUSED_VARIANTS",
    "coordination_class",
    "coupling_coordination",
    "development_index",
    "require_variant",
    "synergy_by_unit",
    "synergy_degree",
]

Floats = NDArray[np.float64]
Variant = Literal["standard", "modified"]

CLASSES: Final = (
    (0.1, tr("extreme imbalance")),
    (0.2, tr("severe imbalance")),
    (0.3, tr("moderate imbalance")),
    (0.4, tr("slight imbalance")),
    (0.5, tr("near imbalance")),
    (0.6, tr("bare coordination")),
    (0.7, tr("primary coordination")),
    (0.8, tr("intermediate coordination")),
    (0.9, tr("good coordination")),
    (1.0, tr("high-quality coordination")),
)
"""Upper bounds, right-closed, after Tian et al. (2021), Acta Geographica Sinica 76(4), Table 1."""

REFUSED_VARIANTS: Final = {
    "lost-coefficient": (
        "C = (ΠU)^(1/n)/ΣU has lost its coefficient n: at best it reaches 1/n (0.5 for two "
        "subsystems), so D is too low and the ten classes do not apply"
    ),
    "pairwise-product": (
        "C = √(U1·U2/(U1+U2)) is not a coupling degree: at U = (0.8, 0.8) it gives 0.63 where "
        "full coupling is 1"
    ),
    "pairwise-sum": (
        "a denominator of pairwise sums Π(U_i+U_j) exceeds C = 1 for three subsystems and more "
        "(1.5 at U = 0.5, 0.5, 0.5)"
    ),
    "power-k": (
        "raising the quotient to a power k (often 2, unsaid) squeezes C towards 0 and cannot be "
        "compared with published classes"
    ),
    "weights-inside": (
        "weights inside C measure level where C is to measure balance; they belong in T only"
    ),
    "per-year-minmax": (
        "scaling each year by its own bounds makes the years incomparable; bounds are pooled here"
    ),
}
"""Each known wrong variant, and what is wrong with it."""


def coordination_class(degree: float) -> Localized:
    """Return the class of a coordination degree in three languages.

    Parameters
    ----------
    degree
        D between 0 and 1; the classes are closed at their upper bound.

    Returns
    -------
    Localized
        The class.

    Raises
    ------
    InputError
        When the degree lies outside 0…1.

    References
    ----------
    Tian, Y. et al. (2021). Acta Geographica Sinica 76(4), Table 1.

    Examples
    --------
    >>> coordination_class(0.5).zh, coordination_class(0.5001).zh
    ('濒临失调', '勉强协调')
    """
    return CLASSES[_class_at(np.array([degree]))[0]][1]


def _class_at(degree: Floats) -> NDArray[np.int64]:
    if not ((degree >= 0) & (degree <= 1 + 1e-12)).all():
        msg = f"a coordination degree lies between 0 and 1, not {degree[0]:g}"
        raise InputError(msg)
    bounds = np.array([upper for upper, _ in CLASSES])
    # a degree that is a bound up to rounding belongs to the class it closes
    return np.minimum(np.searchsorted(bounds, degree - 1e-12, side="left"), len(CLASSES) - 1)


def require_variant(variant: str) -> None:
    """Raise unless the variant of the coupling degree is a correct one.

    Parameters
    ----------
    variant
        ``standard``, ``modified``, or the name of one that is not computed.

    Raises
    ------
    InputError
        When it is one of ``REFUSED_VARIANTS``; says what is wrong with it.
    UnknownIdError
        When it is not known at all.

    Examples
    --------
    >>> require_variant("power-k")
    Traceback (most recent call last):
    geo.errors.InputError: refused: raising the quotient to a power k (often 2, unsaid) ...
    """
    if variant in REFUSED_VARIANTS:
        msg = f"refused: {REFUSED_VARIANTS[variant]}"
        raise InputError(msg)
    if variant not in ("standard", "modified"):
        raise UnknownIdError("variant", variant, ("standard", "modified", *REFUSED_VARIANTS))


def score_values(scores: pd.DataFrame) -> Floats:
    subsystems = scores.drop(columns="year", errors="ignore")
    values = subsystems.to_numpy(dtype=float)
    if values.shape[1] < 2:
        msg = f"coupling needs two subsystems or more, not {values.shape[1]}"
        raise InputError(msg)
    wrong = ~((values >= 0) & (values <= 1 + 1e-12))
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        msg = (
            f"subsystem {subsystems.columns[column]}: {values[row, column]:g} lies outside 0…1; "
            "scale the indicators with bounds pooled over all years (pooled_minmax)"
        )
        raise InputError(msg)
    return values


def _coupling(u: Floats, variant: str) -> Floats:
    n = u.shape[1]
    total, top = u.sum(axis=1), u.max(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        if variant == "standard":
            # relative to the greatest, so that products of small scores do not underflow
            found = n * np.prod(u / top[:, None], axis=1) ** (1 / n) / (total / top)
        else:
            gaps = np.abs(u[:, :, None] - u[:, None, :]).sum(axis=(1, 2)) / (n * (n - 1))
            balance = np.prod(u / top[:, None], axis=1) ** (1 / (n - 1))
            found = np.sqrt((1 - gaps) * balance)
    return np.asarray(np.where(total > 0, np.minimum(found, 1.0), np.nan))


def _alphas(columns: pd.Index, weights: Mapping[str, float] | None) -> Floats:
    if weights is None:
        return np.full(len(columns), 1 / len(columns))
    if set(weights) != set(columns):
        msg = f"weights name {sorted(weights)}, the subsystems are {sorted(map(str, columns))}"
        raise InputError(msg)
    alphas = np.array([float(weights[str(one)]) for one in columns])
    if (alphas < 0).any() or not np.isclose(alphas.sum(), 1, atol=1e-9):
        msg = f"the weights of the subsystems must sum to 1, they sum to {alphas.sum():g}"
        raise InputError(msg)
    return alphas


def coupling_coordination(
    scores: pd.DataFrame,
    *,
    weights: Mapping[str, float] | None = None,
    variant: Variant = "standard",
) -> Result:
    """Compute the coupling coordination degree of several subsystems.

    ``C = n (ΠU)^(1/n)/ΣU``, ``T = Σ α U``, ``D = √(C T)``. ``modified`` takes Wang et al.'s C,
    recalled and not re-read. The wrong variants of ``REFUSED_VARIANTS`` are refused by name.

    Parameters
    ----------
    scores
        One row a unit (and year, in the index or a column), one column a subsystem, each in 0…1
        on bounds pooled over the years, as from ``subsystem_scores``.
    weights
        Subsystem to its weight in T, summing to 1; equal without. They never enter C.
    variant
        Formula of C: ``standard``, or ``modified`` for that of Wang et al.

    Returns
    -------
    Result
        Aligned to ``scores``: ``coupling, level, degree, class_zh, class_en, class_ja``. Where
        all scores are zero C is undefined and the row missing (counted as dropped).

    Raises
    ------
    InputError
        When there are fewer than two subsystems, a score lies outside 0…1, the weights do not
        fit, or a wrong variant is asked for.
    UnknownIdError
        When the variant is not known at all.

    References
    ----------
    Wang, S. et al. (2021). J. Natural Resources 36(3): 793-810.
    Liu, C. (2017), on wrong formulas in 379 papers.

    Examples
    --------
    >>> one = coupling_coordination(pd.DataFrame({"innovation": [0.8, 0], "industry": [0.2, 0]}))
    >>> one.values.degree.round(6).tolist(), one.values.class_en[0]
    ([0.632456, nan], 'primary coordination')
    >>> coupling_coordination(pd.DataFrame({"a": [1], "b": [1]}), variant="lost-coefficient")
    Traceback (most recent call last):
    geo.errors.InputError: refused: C = (ΠU)^(1/n)/ΣU has lost its coefficient n: ...
    """
    require_variant(variant)
    gap = scores.drop(columns="year", errors="ignore").isna().any(axis=1)
    kept = scores.loc[~gap]
    u = score_values(kept)
    columns = kept.columns.drop("year", errors="ignore")
    coupling = _coupling(u, variant)
    level = u @ _alphas(columns, weights)
    found: dict[str, Any] = {"coupling": coupling, "level": level}
    found["degree"] = np.sqrt(coupling * level)
    defined = ~np.isnan(coupling)
    classes = np.full(len(u), -1)
    classes[defined] = _class_at(found["degree"][defined])
    for lang in ("zh", "en", "ja"):
        names = [text.described()[lang] for _, text in CLASSES] + [None]
        found[f"class_{lang}"] = [names[at] for at in classes]
    if "year" in kept.columns:
        found = {"year": kept["year"].to_numpy(), **found}
    return Result(
        pd.DataFrame(found, index=kept.index),
        "coupling-coordination" if variant == "standard" else "modified-coupling",
        n=int(defined.sum()),
        n_dropped={
            "a subsystem is missing": int(gap.sum()),
            "all subsystems are zero (C undefined)": int((~defined).sum()),
        },
        years=years_of(kept.reset_index()),
    )


def synergy_degree(order: pd.DataFrame) -> Result:
    """Compute the degree of synergy of subsystems from each date to the next.

    ``S = sign(min Δu)·|Π Δu|^(1/n)`` of the order degrees ``u``: negative as soon as one falls.

    Parameters
    ----------
    order
        Indexed by ``year``, one column a subsystem, each in 0…1 on pooled bounds.

    Returns
    -------
    Result
        One row a year but the first: ``synergy, year_before``.

    Raises
    ------
    InputError
        When there are fewer than two years or subsystems, or a degree lies outside 0…1.

    References
    ----------
    Meng, Q. & Han, W. (2000), cited after the Chinese literature.

    Examples
    --------
    >>> order = pd.DataFrame({"bj": [0.1, 0.5], "tj": [0.2, 0.3]},
    ...                      index=pd.Index([2010, 2020], name="year"))
    >>> synergy_degree(order).values.synergy.round(6).to_dict()
    {2020: 0.2}
    """
    whole = order.dropna().sort_index()
    if len(whole) < 2:
        msg = f"{len(whole)} years have every subsystem; a change needs two"
        raise InputError(msg)
    if not whole.index.is_unique:
        msg = "a year occurs twice"
        raise InputError(msg)
    step = np.diff(score_values(whole), axis=0)
    size = np.abs(step.prod(axis=1)) ** (1 / step.shape[1])
    sign = np.where(step.min(axis=1) >= 0, 1.0, -1.0)
    found = pd.DataFrame(
        {"synergy": sign * size, "year_before": whole.index[:-1]}, index=whole.index[1:]
    )
    return Result(
        found,
        "synergy",
        n=len(whole),
        n_dropped={"a subsystem is missing": len(order) - len(whole)},
        years=tuple(int(year) for year in whole.index),
    )


def synergy_by_unit(scores: pd.DataFrame) -> Result:
    """Compute the degree of synergy of each unit's subsystems from each date to the next.

    ``synergy_degree`` of each unit's own subsystems, from the year before in which it has all.

    Parameters
    ----------
    scores
        Indexed by ``year, unit``, one column a subsystem, each in 0…1 on pooled bounds, as from
        ``subsystem_scores``.

    Returns
    -------
    Result
        Indexed by ``year, unit``: ``synergy, year_before``; units with one year are counted as
        dropped.

    Raises
    ------
    InputError
        When the scores have no years, a unit occurs twice in a year, no unit has two years, there
        are fewer than two subsystems, or a degree lies outside 0…1.

    References
    ----------
    Meng, Q. & Han, W. (2000), cited after the Chinese literature.

    Examples
    --------
    >>> index = pd.MultiIndex.from_tuples([(2010, "a"), (2020, "a")], names=["year", "unit"])
    >>> scores = pd.DataFrame({"input": [0.1, 0.5], "output": [0.2, 0.3]}, index=index)
    >>> synergy_by_unit(scores).values.synergy.round(6).tolist()
    [0.2]
    """
    if list(scores.index.names) != ["year", "unit"]:
        msg = "synergy compares years: scores need a column year"
        raise InputError(msg)
    whole = scores.dropna()
    parts, alone = {}, 0
    for unit, rows in whole.groupby(level="unit"):
        if len(rows) < 2:
            alone += len(rows)
            continue
        parts[unit] = synergy_degree(rows.droplevel("unit")).table()
    if not parts:
        msg = "no unit has every subsystem in two years; a change needs two"
        raise InputError(msg)
    found = pd.concat(parts, names=["unit", "year"]).swaplevel().sort_index()
    return Result(
        found,
        "synergy",
        n=len(whole) - alone,
        n_dropped={
            "a subsystem is missing": len(scores) - len(whole),
            "the unit has one year only": alone,
        },
        years=tuple(int(year) for year in sorted(set(whole.index.get_level_values("year")))),
    )


def development_index(components: pd.DataFrame) -> Result:
    """Compute the statistics bureau's regional index from its five sub-indices.

    The published totals of 2018, 2019 and 2024 equal the arithmetic mean of the five. Bases
    differ between releases (2010 = 100, later 2014 = 100), so each base is its own series.

    Parameters
    ----------
    components
        One row a year, base and component: ``year, base, component, value``; a component
        ``total`` is taken as the published total.

    Returns
    -------
    Result
        Indexed by ``base, year``: ``mean_of_five`` (missing with fewer than five), ``n``
        (components), ``published, difference``; years of which only the total is published are
        there too.

    Raises
    ------
    InputError
        When columns are missing or a component occurs twice.

    References
    ----------
    National Bureau of Statistics, releases of 2019-11-05, 2020-10-09, 2025-12-25 (rule inferred).

    Examples
    --------
    >>> five = pd.DataFrame({"year": 2024, "base": "2014=100", "component": list("abcde"),
    ...                      "value": [194.9, 171.2, 152.7, 145.2, 106.7]})
    >>> development_index(five).values.mean_of_five.tolist()
    [154.14]
    """
    require_columns(components, "year", "base", "component", "value")
    keys = ["base", "year"]
    if components.duplicated([*keys, "component"]).any():
        msg = "a component occurs twice in a year of one base"
        raise InputError(msg)
    rows = components.assign(value=pd.to_numeric(components["value"], errors="coerce"))
    total = rows.loc[rows["component"] == "total"].set_index(keys)["value"]
    parts = rows.loc[rows["component"] != "total"].dropna(subset=["value"]).groupby(keys)["value"]
    found = pd.DataFrame({"mean_of_five": parts.mean(), "n": parts.size()})
    found = found.reindex(found.index.union(total.index).set_names(keys))
    found["n"] = found["n"].fillna(0).astype(int)
    found["mean_of_five"] = found["mean_of_five"].where(found["n"] == 5)
    found["published"] = total.reindex(found.index)
    found["difference"] = found["mean_of_five"] - found["published"]
    return Result(
        found,
        "mean-of-subindices",
        n=int(found["n"].sum()),
        n_dropped={"no value": int(rows["value"].isna().sum())},
        years=years_of(rows),
    )
