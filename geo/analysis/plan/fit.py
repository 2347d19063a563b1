"""Sites in the corridors and zones of a plan, and how they fit their roles.

The tables that go with a layer of sites placed in a plan: shares, disagreement, years.

How a set of sites conforms with a plan, in a few numbers that say what they leave out.

Where a site stands in a plan: circles, corridor with kilometre mark, zone, role, and fit.
"""

from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.analysis.corridors.membership import measure
from geo.analysis.plan.circles import (
    DEFINITIONS,
    circle_shares,
    confusion,
    place_in_circles,
    shares_by_year,
    site_dates,
)
from geo.crs import STORAGE_CRS, beyond_reach, metres_of, require_crs, to_analysis
from geo.errors import InputError
from geo.layers.plans.plan import OUTSIDE, Plan

__all__ = [
    "Conformance",
    "conformance",
    "confusion_table",
    "corridor_position",
    "definitions",
    "development_intensity",
    "place_in_plan",
    "population_coverage",
    "present",
    "rate_fit",
    "recognise_types",
    "shares_table",
    "years_table",
    "zone_of",
]


def present(sites: pd.DataFrame) -> "pd.Series[bool]":
    """Return which sites exist: all but those that a table marks as not moved yet.

    Parameters
    ----------
    sites
        With or without the column ``status`` of the shipped firms.

    Returns
    -------
    Series
        Aligned to ``sites``.

    Examples
    --------
    >>> present(pd.DataFrame({"status": ["present", "not_moved_yet"]})).tolist()
    [True, False]
    """
    if "status" not in sites.columns:
        return pd.Series(data=True, index=sites.index)
    return sites.status != "not_moved_yet"


def definitions(placed: pd.DataFrame) -> "dict[str, pd.Series[str]]":
    """Return the innermost circle of each site, by definition.

    Parameters
    ----------
    placed
        Sites with their circles, as ``geo.analysis.plan.circles.place_in_circles`` returns them.

    Returns
    -------
    dict
        Keys ``list``, ``radius``, ``minutes``.
    """
    return {one: placed[f"circle_{one}"] for one in DEFINITIONS}


def shares_table(placed: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """Count sites by circle under each definition, nested and exclusive.

    Parameters
    ----------
    placed
        Sites with their circles, as ``geo.analysis.plan.circles.place_in_circles`` returns them.
    plan
        A plan as ``geo.layers.plans.plan.read_plan`` returns it, checked.

    Returns
    -------
    DataFrame
        ``definition``, ``circle`` and the columns of ``circle_shares``.
    """
    tables = [
        circle_shares(values, plan.circles.index).reset_index().assign(definition=name)
        for name, values in definitions(placed).items()
    ]
    frame = pd.concat(tables, ignore_index=True)
    return frame[["definition", *frame.columns.drop("definition")]]


def confusion_table(placed: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """Cross each pair of definitions.

    Parameters
    ----------
    placed
        Sites with their circles, as ``geo.analysis.plan.circles.place_in_circles`` returns them.
    plan
        A plan as ``geo.layers.plans.plan.read_plan`` returns it, checked.

    Returns
    -------
    DataFrame
        ``left_definition``, ``left_circle``, ``right_definition``, ``right_circle``, ``n``;
        every pair of definitions sums to all sites.
    """
    tables = []
    for (left, one), (right, other) in combinations(definitions(placed).items(), 2):
        table = confusion(one, other, plan.circles.index)
        long = table.reset_index().melt("left", var_name="right_circle", value_name="n")
        named = long.rename(columns={"left": "left_circle"})
        tables.append(named.assign(left_definition=left, right_definition=right))
    frame = pd.concat(tables, ignore_index=True)
    return frame[["left_definition", "left_circle", "right_definition", "right_circle", "n"]]


def years_table(sites: pd.DataFrame, placed: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """Count sites by year, kind of date, circle under each definition, and corridor.

    Parameters
    ----------
    sites
        Table of sites with a column of dates, see ``geo.analysis.plan.circles.site_dates``.
    placed
        Sites in the plan, as ``geo.analysis.plan.fit.place_in_plan`` returns them, aligned.
    plan
        A plan as ``geo.layers.plans.plan.read_plan`` returns it, checked.

    Returns
    -------
    DataFrame
        As ``geo.analysis.plan.circles.shares_by_year``.

    Raises
    ------
    InputError
        When no column says when a site began.
    """
    parts = definitions(placed) | {"corridor": placed.corridor}
    orders = dict.fromkeys(parts, plan.circles.index) | {"corridor": plan.corridors.index}
    return shares_by_year(parts, site_dates(sites), orders)


@dataclass(frozen=True)
class Conformance:
    """The summary of a table of sites placed in a plan.

    Attributes
    ----------
    n
        Number of sites in the table.
    n_zoned
        Number of sites in a zone of the plan.
    n_rated
        In a zone whose role the matrix rates for their type; ``mean_fit`` is over these.
    n_conflict
        Number of sites that are rated -1.
    conflicts
        Ids of the sites that are rated -1.
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
        With ``zone``, ``type`` and ``fit``, as ``geo.analysis.plan.fit.place_in_plan`` returns.

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
        Persons in each unit, indexed by unit id.
    minutes
        Travel time of each unit, aligned; null is unreachable or unknown, and not covered.
    max_minutes
        Longest travel time that counts, in minutes, inclusive.

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


_LANGUAGES: Final = ("zh", "en", "ja")


def corridor_position(
    points: gpd.GeoDataFrame, plan: Plan, *, accuracy_m: "pd.Series[float] | float" = 0.0
) -> pd.DataFrame:
    """Measure each site along and across its nearest corridor of the plan.

    A site belongs to the corridor when its offset is at most the half width that the plan file
    gives it. Axes of other documents are never used.

    Parameters
    ----------
    points
        Sites in equal-area metres.
    plan
        A plan as ``geo.layers.plans.plan.read_plan`` returns it, checked.
    accuracy_m
        Positional error of the sites in metres, one number or one a site.

    Returns
    -------
    DataFrame
        Aligned to ``points``: ``corridor`` (the axis, ``outside``, or null when the error reaches
        the corridor's edge or there is no position), and of the nearest axis ``axis_id``,
        ``chainage_km``, ``offset_km``, ``side`` as in
        ``geo.analysis.corridors.membership.measure``.

    Raises
    ------
    CRSError
        When the points are not in equal-area metres.

    Examples
    --------
    >>> from geo.layers.plans.plan import read_plan
    >>> plan = read_plan()
    >>> sites = gpd.GeoDataFrame(geometry=gpd.points_from_xy([117.01], [39.3715]), crs="EPSG:4326")
    >>> corridor_position(to_analysis(sites, plan.crs), plan).corridor.tolist()  # Wuqing station
    ['plan-jingjin']
    """
    crs = metres_of(points, name="points")
    columns = ["corridor", "axis_id", "chainage_km", "offset_km", "side"]
    if plan.corridors.empty:
        return pd.DataFrame(None, index=points.index, columns=columns)
    axes = to_analysis(plan.corridors, crs)
    found = measure(points, axes, accuracy_m=accuracy_m)
    inside = pd.Series(pd.NA, index=points.index, dtype="boolean")
    for width_km, own in axes.groupby("half_width_km"):
        here = measure(points, axes, width_km=float(width_km), accuracy_m=accuracy_m).inside
        inside = inside.where(~found.axis_id.isin(own.index), here)
    corridor = found.axis_id.where(inside.fillna(value=False), OUTSIDE)
    return found.assign(corridor=corridor.where(inside.notna(), None))[columns]


def zone_of(points: gpd.GeoDataFrame, plan: Plan) -> pd.DataFrame:
    """Find the zone that covers each site, and its role.

    Parameters
    ----------
    points
        Sites as points in ``STORAGE_CRS``; rows without geometry are kept.
    plan
        A plan as ``geo.layers.plans.plan.read_plan`` returns it, checked.

    Returns
    -------
    DataFrame
        Aligned to ``points``: ``zone`` (the first of the plan file that covers the site, borders
        included; ``outside`` when none does; null without position), ``zone_standing``, ``role``.

    Raises
    ------
    CRSError
        When the points are not in ``STORAGE_CRS``.

    Examples
    --------
    >>> from geo.layers.plans.plan import read_plan
    >>> sites = gpd.GeoDataFrame(geometry=gpd.points_from_xy([116.0, 0.0], [39.0, 0.0]),
    ...                          crs="EPSG:4326")
    >>> zone_of(sites, read_plan()).zone.tolist()
    ['xiongan', 'outside']
    """
    require_crs(points, STORAGE_CRS, name="points")
    spots = points.geometry.to_numpy()
    missing = shapely.is_missing(spots) | shapely.is_empty(spots)
    first = np.full(len(spots), len(plan.zones))
    which, zone = plan.zones.sindex.query(spots, predicate="intersects")
    np.minimum.at(first, which, zone)
    names = np.array([*plan.zones.index, OUTSIDE], dtype=object)[first]
    names = pd.Series(np.where(missing, None, names), index=points.index, dtype=object)
    return pd.DataFrame(
        {
            "zone": names,
            "zone_standing": names.map(plan.zones.get("standing", pd.Series(dtype=object))),
            "role": names.map(plan.zones.get("role", pd.Series(dtype=object))),
        }
    )


def recognise_types(types: "pd.Series[str]", plan: Plan) -> "pd.Series[str]":
    """Translate a table's own words for the kind of a site into the plan's types.

    Parameters
    ----------
    types
        Words such as ``university``, ``高校`` or ``C Manufacturing``.
    plan
        A plan that was read; its table of types says which words match, upper and lower case
        alike.

    Returns
    -------
    Series
        Named ``type``, aligned; null where no type has the word.

    Examples
    --------
    >>> from geo.layers.plans.plan import read_plan
    >>> recognise_types(pd.Series(["高校", "hospital", "circus"]), read_plan()).tolist()
    ['university', 'hospital', nan]
    """
    words: dict[str, str] = {}
    for name, row in plan.site_types.iterrows():
        listed = [str(name), row["name_zh"], row["name_en"], row["name_ja"]]
        for word in [*listed, *str(row["matches"]).split("|")]:
            if word.strip():
                words.setdefault(word.strip().casefold(), str(name))
    return (
        types.astype("string").str.strip().str.casefold().map(words).rename("type").astype(object)
    )


def rate_fit(types: "pd.Series[str]", roles: "pd.Series[str]", plan: Plan) -> pd.DataFrame:
    """Look up the rating of each site's type in the role of its zone, with its source.

    Parameters
    ----------
    types
        Types of the plan.
    roles
        Roles of the zones, aligned.
    plan
        A plan as ``geo.layers.plans.plan.read_plan`` returns it, checked.

    Returns
    -------
    DataFrame
        Aligned: ``fit`` from -1 (conflict) to 1, null when the matrix has no such pair;
        ``fit_standing``, ``clause``, ``clause_zh``, ``clause_en``, ``clause_ja``,
        ``clause_standing``, ``clause_source`` with address.

    Examples
    --------
    >>> from geo.layers.plans.plan import read_plan
    >>> rated = rate_fit(pd.Series(["university", "university", "station"]),
    ...                  pd.Series(["decongestion", "capital-core", "capital"]), read_plan())
    >>> rated.fit.tolist()
    [1.0, -0.5, nan]
    """
    pairs = pd.DataFrame({"type": types, "role": roles}).reset_index(drop=True)
    found = pairs.merge(plan.fit, on=["type", "role"], how="left", validate="many_to_one")
    clauses = plan.clauses.reindex(found.clause)
    cited = plan.references.reindex(clauses.get("source", pd.Series(dtype=object)))
    address = cited.address.where(cited.address.notna(), cited.title)
    return pd.DataFrame(
        {
            "fit": found.fit.to_numpy(dtype=float),
            "fit_standing": found.standing.to_numpy(),
            "clause": found.clause.to_numpy(),
            **{
                f"clause_{one}": clauses.get(f"text_{one}", found.clause).to_numpy()
                for one in _LANGUAGES
            },
            "clause_standing": clauses.get("standing", found.clause).to_numpy(),
            "clause_source": address.to_numpy() if len(address) == len(found) else None,
        },
        index=types.index,
    )


def place_in_plan(
    points: gpd.GeoDataFrame,
    plan: Plan,
    *,
    types: "pd.Series[str] | None" = None,
    minutes: "pd.Series[float] | None" = None,
    accuracy_m: "pd.Series[float] | float" = 0.0,
    boundary_accuracy_m: float = 0.0,
) -> pd.DataFrame:
    """Assess each site against the plan: circles, corridor, zone, role and fit.

    Parameters
    ----------
    points
        Sites as points in ``STORAGE_CRS``; rows without geometry are kept.
    plan
        A plan as ``geo.layers.plans.plan.read_plan`` returns it, checked.
    types
        What each site is, in its table's own words, aligned; none leaves the fit null.
    minutes
        Travel time from each site to the centre, aligned; none leaves ``circle_minutes`` null.
    accuracy_m
        Positional error of the sites in metres, one number or one a site.
    boundary_accuracy_m
        Positional error of the units' borders in metres.

    Returns
    -------
    DataFrame
        Aligned to ``points``: the columns of ``place_in_circles``, ``corridor_position``,
        ``zone_of``, ``type``, the names of zone, role and type in three languages (``zone_zh`` …),
        and those of ``rate_fit``.

    Raises
    ------
    CRSError
        When the points are not in ``STORAGE_CRS``.
    InputError
        When the minutes are negative or not aligned.

    Examples
    --------
    >>> from geo.layers.plans.plan import read_plan
    >>> site = gpd.GeoDataFrame(geometry=gpd.points_from_xy([116.0], [39.0]), crs="EPSG:4326")
    >>> row = place_in_plan(site, read_plan(), types=pd.Series(["医院"])).iloc[0]
    >>> row.circle_list, row.corridor, row.zone, float(row.fit)
    ('functional', 'plan-jingxiong', 'xiongan', 1.0)
    """
    circles = place_in_circles(
        points,
        plan,
        minutes=minutes,
        accuracy_m=accuracy_m,
        boundary_accuracy_m=boundary_accuracy_m,
    )
    far = beyond_reach(points, plan.crs)
    near = to_analysis(points.set_geometry(points.geometry.mask(far)), plan.crs)
    corridor = corridor_position(near, plan, accuracy_m=accuracy_m)
    corridor["corridor"] = corridor["corridor"].mask(far, OUTSIDE)
    zones = zone_of(points, plan)
    words = pd.Series(None, index=points.index, dtype=object) if types is None else types
    known = recognise_types(words, plan)
    named = [
        _named(zones.zone, plan.zones),
        _named(zones.role, plan.roles),
        known,
        _named(known, plan.site_types),
    ]
    rated = rate_fit(known, zones.role, plan)
    return pd.concat([circles, corridor, zones, *named, rated], axis=1)


def _named(ids: "pd.Series[str]", parts: pd.DataFrame) -> pd.DataFrame:
    """Return the names of parts of the plan in three languages, null where there is none."""
    columns = {f"{ids.name}_{one}": parts.get(f"name_{one}") for one in _LANGUAGES}
    return pd.DataFrame(
        {
            name: ids.map({} if names is None else names.to_dict())
            for name, names in columns.items()
        },
        index=ids.index,
    )
