"""Circles of a plan: sites and shares in each, by list, radius and travel time.

The plan's circles in three definitions that are never mixed: list, radius, minutes.

A list says which units belong to a circle, a radius how far from the centre it reaches, minutes
how long a trip takes. Each gives its own column. Circles are nested solid disks (press conference
of 2026-02-12): a site in the commuting circle is in the functional circle too. ``circle_*``
columns name the innermost circle, ``outside`` when the site is known to lie in none, and are null
where that is not known: no position, no travel time, or a position off every unit by less than its
own error and that of the borders, as of a port on land that the generalised coast leaves out.

Shares of circles and corridors by year: what is dated counts, what is not is counted apart.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import STORAGE_CRS, beyond_reach, require_crs, to_analysis
from geo.errors import InputError
from geo.join import locate
from geo.layers.plans.plan import OUTSIDE, Plan

__all__ = [
    "DATE_KINDS",
    "DEFINITIONS",
    "circle_areas",
    "circle_shares",
    "confusion",
    "has_dates",
    "place_in_circles",
    "shares_by_year",
    "site_dates",
]

DEFINITIONS: Final = ("list", "radius", "minutes")
"""The definitions of a circle, by the column ``circle_<definition>`` that each fills."""


def place_in_circles(
    points: gpd.GeoDataFrame,
    plan: Plan,
    *,
    minutes: "pd.Series[float] | None" = None,
    accuracy_m: "pd.Series[float] | float" = 0.0,
    boundary_accuracy_m: float = 0.0,
) -> pd.DataFrame:
    """Find the innermost circle of each site under each definition.

    By list: that of the unit the site lies in. By radius: the smallest with
    ``distance to the centre <= radius``. By minutes: the smallest with ``minutes <= limit``, over
    those circles that have a published limit. A site is ambiguous where its own error, and for
    lists that of the borders, could put it on the other side of a circle's limit.

    Parameters
    ----------
    points
        Sites in ``STORAGE_CRS``; rows without geometry are kept and stay unknown.
    plan
        A plan as ``geo.layers.plans.plan.read_plan`` returns it, checked.
    minutes
        Travel time from each site to the centre, aligned to ``points``; none means unknown.
    accuracy_m
        Positional error of the sites in metres, one number or one a site.
    boundary_accuracy_m
        Positional error of the units' borders in metres.

    Returns
    -------
    DataFrame
        Aligned to ``points``: ``unit``, ``circle_list``, ``circle_list_standing`` (of the unit's
        membership in that circle), ``circle_list_ambiguous``, ``centre_km`` (null farther than the
        plan's projection measures), ``circle_radius``,
        ``circle_radius_ambiguous``, ``circle_minutes``.

    Raises
    ------
    CRSError
        When the points are not in ``STORAGE_CRS``.
    InputError
        When a travel time is negative, or ``minutes`` is not aligned to the points.

    Examples
    --------
    >>> from geo.layers.plans.plan import read_plan
    >>> plan = read_plan()
    >>> sites = gpd.GeoDataFrame(geometry=gpd.points_from_xy(
    ...     [116.40, 116.68, 117.20, 0.0], [39.91, 39.52, 39.12, 0.0]), crs="EPSG:4326")
    >>> place_in_circles(sites, plan)[["circle_list", "circle_radius"]].to_numpy().tolist()
    [['commuting', 'commuting'], ['commuting', 'commuting'], ['functional', 'industry'],
     ['outside', 'outside']]
    """
    require_crs(points, STORAGE_CRS, name="points")
    minutes = _checked_minutes(points, minutes)
    far = beyond_reach(points, plan.crs)  # in no circle, and no length is measured to there
    spots = to_analysis(points.geometry.mask(far), plan.crs)
    known = ~(points.geometry.isna() | points.geometry.is_empty)
    error_m = pd.Series(np.broadcast_to(np.asarray(accuracy_m, float), len(points)), points.index)
    unit = locate(points, plan.units)["unit"]
    innermost = _innermost_by_unit(plan)
    near_list = _near_limits(spots, known, plan, error_m, boundary_accuracy_m)
    away = unit.isna() & known & ~near_list.fillna(value=False)
    circle_list = unit.map(innermost["circle"]).mask(away, OUTSIDE)
    centre = to_analysis(plan.centre, plan.crs).geometry.iloc[0]
    centre_m = spots.distance(centre)
    limits_m = plan.circles.radius_km.dropna() * 1000.0
    near = pd.Series(False, index=points.index)
    for limit in limits_m:
        near |= (centre_m - limit).abs() < error_m
    return pd.DataFrame(
        {
            "unit": unit,
            "circle_list": circle_list.where(known),
            "circle_list_standing": unit.map(innermost["standing"]),
            "circle_list_ambiguous": near_list,
            "centre_km": centre_m / 1000.0,
            "circle_radius": _innermost(centre_m, limits_m).mask(far, OUTSIDE),
            "circle_radius_ambiguous": near.astype("boolean").where(known),
            "circle_minutes": _innermost(minutes, plan.circles.minutes.dropna()),
        },
        index=points.index,
    )


def _checked_minutes(
    points: gpd.GeoDataFrame, minutes: "pd.Series[float] | None"
) -> "pd.Series[float]":
    if minutes is None:
        return pd.Series(np.nan, index=points.index)
    if not minutes.index.equals(points.index):
        msg = "minutes are not aligned to the points: give a Series with the same index"
        raise InputError(msg)
    if (minutes < 0).any():
        msg = f"a travel time is negative ({minutes.min()} minutes)"
        raise InputError(msg)
    return minutes


def _innermost_by_unit(plan: Plan) -> pd.DataFrame:
    order = {circle: rank for rank, circle in enumerate(plan.circles.index)}
    members = plan.members.assign(rank=plan.members.circle.map(order)).sort_values("rank")
    first = members.drop_duplicates("unit").set_index("unit")[["circle", "standing"]]
    return first.reindex(plan.units.index).fillna({"circle": OUTSIDE})


def _innermost(values: "pd.Series[float]", limits: "pd.Series[float]") -> "pd.Series[str]":
    """Return the smallest limit that is not below each value."""
    names = np.array([*limits.index, OUTSIDE], dtype=object)
    at = np.searchsorted(limits.to_numpy(), values.to_numpy(dtype=float), side="left")
    found = pd.Series(names[at], index=values.index, dtype=object)
    return found.where(values.notna() & (len(limits) > 0))


def _near_limits(
    spots: gpd.GeoSeries,
    known: "pd.Series[bool]",
    plan: Plan,
    error_m: "pd.Series[float]",
    boundary_accuracy_m: float,
) -> "pd.Series[bool]":
    reach_m = (error_m + boundary_accuracy_m).to_numpy()
    near = np.zeros(len(spots), dtype=bool)
    for area in _list_areas(plan):
        border = shapely.boundary(area)
        shapely.prepare(border)
        near |= shapely.dwithin(spots.to_numpy(), border, reach_m) & (reach_m > 0)
    return pd.Series(near, index=spots.index, dtype="boolean").where(known)


def _list_areas(plan: Plan) -> gpd.GeoSeries:
    """Return the union of each circle's units in equal-area metres, circles without a list out."""
    units = to_analysis(plan.units, plan.crs).geometry
    lists = {
        circle: shapely.coverage_union_all(units.loc[own.unit].to_numpy())
        for circle, own in plan.members.groupby("circle", sort=False)
    }
    return gpd.GeoSeries(lists, crs=plan.crs).reindex(
        [circle for circle in plan.circles.index if circle in lists]
    )


def circle_areas(plan: Plan) -> gpd.GeoDataFrame:
    """Measure each circle under its list and its radius, beside the area that was published.

    Parameters
    ----------
    plan
        A plan as ``geo.layers.plans.plan.read_plan`` returns it, checked.

    Returns
    -------
    GeoDataFrame
        In ``STORAGE_CRS``, one row a circle and definition, indexed by ``circle_id``: names,
        ``circle``, ``definition``, ``standing`` (the weakest of its members), ``n_units``,
        ``n_unconfirmed``, ``area_km2``, ``published_area_km2``, ``difference_km2``,
        ``within_tolerance`` (null where no area is published, or it is not a list), ``source``.
        A disk is drawn with 360 corners.

    Examples
    --------
    >>> from geo.layers.plans.plan import read_plan
    >>> areas = circle_areas(read_plan())
    >>> areas.area_km2.round(-1)[["commuting-list", "commuting-radius"]].tolist()
    [27440.0, 7850.0]
    """
    lists = _list_areas(plan)
    centre = to_analysis(plan.centre, plan.crs).geometry.iloc[0]
    rows: list[tuple[Any, ...]] = []
    for name, one in plan.circles.iterrows():
        own = plan.members[plan.members.circle == name]
        if len(own):
            unsure = int((own.standing == "unconfirmed").sum())
            weakest = "unconfirmed" if unsure else min(own.standing)
            rows.append((name, "list", weakest, len(own), unsure, one["source"], lists[name]))
        if pd.notna(one["radius_km"]):
            disk = centre.buffer(one["radius_km"] * 1000.0, quad_segs=90)
            source, standing = one["radius_km_source"], one["radius_km_standing"]
            rows.append((name, "radius", standing, None, None, source, disk))
    columns = ["circle", "definition", "standing", "n_units", "n_unconfirmed", "source", "geometry"]
    frame = gpd.GeoDataFrame(rows, columns=columns, geometry="geometry", crs=plan.crs)
    figures = plan.circles.loc[frame.circle].reset_index(drop=True)
    gap = frame.area / 1e6 - figures.published_area_km2
    fits = (gap.abs() <= figures.area_tolerance_km2).astype("boolean")
    frame = frame.assign(
        **{name: figures[name] for name in ("name_zh", "name_en", "name_ja")},
        circle_id=frame.circle + "-" + frame.definition,
        area_km2=frame.area / 1e6,
        published_area_km2=figures.published_area_km2,
        difference_km2=gap,
        within_tolerance=fits.where(gap.notna() & (frame.definition == "list")),
        n_units=frame.n_units.astype("Int64"),
        n_unconfirmed=frame.n_unconfirmed.astype("Int64"),
    )
    return frame.set_index("circle_id").to_crs(STORAGE_CRS)


def circle_shares(
    circles: "pd.Series[str]", order: "pd.Index[str]", *, weight: "pd.Series[float] | None" = None
) -> pd.DataFrame:
    """Count sites by circle, each once (exclusive) and with all it contains (nested).

    Exclusive shares are of the sites whose innermost circle this is, and sum to 1 with
    ``outside``; nested shares are of the sites in this circle or one inside it, and grow from the
    inside out.

    Parameters
    ----------
    circles
        Innermost circle of each site, one of the ``circle_*`` columns; null is unknown.
    order
        Circles from the inside out, ``plan.circles.index``.
    weight
        What to sum instead of counting, aligned to ``circles``.

    Returns
    -------
    DataFrame
        Indexed by ``circle`` with ``outside`` last: ``n_exclusive``, ``share_exclusive``,
        ``n_nested``, ``share_nested`` (null for outside), ``n_total`` known, ``n_unknown``.
        Shares are null when nothing is known.

    Raises
    ------
    InputError
        When a site names a circle that is not in the order.

    Examples
    --------
    >>> order = pd.Index(["a", "b"])
    >>> circle_shares(pd.Series(["a", "a", "b", "outside", None]), order)[
    ...     ["n_exclusive", "n_nested", "n_unknown"]].values.tolist()
    [[2.0, 2.0, 1.0], [1.0, 3.0, 1.0], [1.0, nan, 1.0]]
    >>> circle_shares(pd.Series([], dtype=object), order).share_exclusive.tolist()
    [nan, nan, nan]
    """
    amounts = pd.Series(1.0, index=circles.index) if weight is None else weight.astype(float)
    parts = pd.Index([*order, OUTSIDE], name="circle")
    strange = sorted(set(circles.dropna()) - set(parts))
    if strange:
        msg = f"circle {strange[0]!r} is not one of {', '.join(parts)}"
        raise InputError(msg)
    exclusive = amounts.groupby(circles).sum().reindex(parts, fill_value=0.0)
    nested = exclusive.cumsum()
    nested[OUTSIDE] = np.nan
    total = float(exclusive.sum())
    return pd.DataFrame(
        {
            "n_exclusive": exclusive,
            "share_exclusive": exclusive / total if total else np.nan,
            "n_nested": nested,
            "share_nested": nested / total if total else np.nan,
            "n_total": total,
            "n_unknown": float(amounts[circles.isna()].sum()),
        }
    )


def confusion(
    left: "pd.Series[str]", right: "pd.Series[str]", order: "pd.Index[str]"
) -> pd.DataFrame:
    """Cross two definitions: how many sites each puts into which circle.

    Parameters
    ----------
    left, right
        Innermost circle of each site under the two definitions, aligned.
    order
        Circles from the inside out.

    Returns
    -------
    DataFrame
        Counts, rows by ``left`` and columns by ``right``, both in order with ``outside`` and then
        ``unknown``; everything off the diagonal is where the definitions disagree.

    Examples
    --------
    >>> confusion(pd.Series(["a", "a", None]), pd.Series(["a", "outside", "a"]),
    ...           pd.Index(["a"])).to_numpy().tolist()
    [[1, 1, 0], [0, 0, 0], [1, 0, 0]]
    """
    parts = [*order, OUTSIDE, "unknown"]
    table = pd.crosstab(left.fillna("unknown"), right.fillna("unknown"), dropna=False)
    table = table.reindex(index=parts, columns=parts, fill_value=0)
    return table.rename_axis(index="left", columns="right")


DATE_KINDS: Final = ("founded", "listed", "opened", "unstated")
"""Kinds of date, never mixed in one series; ``unstated`` is a year that does not say of what."""

_WORDED: Final = re.compile(r"(founded|listed|established|opened)\s+(\d{4})")
_YEARS: Final = (1000, 2100)
_COLUMNS: Final = {
    "founded": "founded",
    "listed": "listed",
    "opened": "opened",
    "status_year": "unstated",
    "year": "unstated",
}


def has_dates(sites: pd.DataFrame) -> bool:
    """Tell whether any column of a table says when its sites began.

    Parameters
    ----------
    sites
        Table of sites, one row a site.

    Returns
    -------
    bool
        Whether ``site_dates`` would find a column.

    Examples
    --------
    >>> has_dates(pd.DataFrame({"founded": [2000]})), has_dates(pd.DataFrame({"name": ["a"]}))
    (True, False)
    """
    return bool({"founded_or_listed", *_COLUMNS} & set(sites.columns))


def site_dates(sites: pd.DataFrame) -> pd.DataFrame:
    """Read when each site began, and what kind of date that is.

    Columns are tried in this order: ``founded_or_listed`` (text such as ``listed 2010``; the kind
    is its word, ``established`` being founded), ``founded``, ``listed``, ``opened``,
    ``status_year`` (of the shipped facilities), ``year``. The first that says something for a site
    counts. The last two say no kind: it is what the column ``date_kind`` holds, where there is
    one, and else ``unstated``. ``until_year``, where given, is the year a site closed or moved
    away: it is in the stock up to the year before; the new address is a row of its own.

    Parameters
    ----------
    sites
        Table of sites with a column of dates, one row a site.

    Returns
    -------
    DataFrame
        Aligned to ``sites``: ``year`` (null when undated), ``date_kind``, ``until_year``.

    Raises
    ------
    InputError
        When no column of dates is there, a year is not one from 1000 to 2100, or ``date_kind``
        holds another word than ``DATE_KINDS``.

    Examples
    --------
    >>> sites = pd.DataFrame({"founded_or_listed": ["listed 2010", None], "year": [None, 1999]})
    >>> site_dates(sites)[["year", "date_kind"]].to_numpy().tolist()
    [[2010, 'listed'], [1999, 'unstated']]
    >>> site_dates(sites.assign(date_kind="opened")).date_kind.tolist()
    ['listed', 'opened']
    """
    year = pd.Series(pd.NA, index=sites.index, dtype="Int64")
    kind = pd.Series(None, index=sites.index, dtype=object)
    if "founded_or_listed" in sites.columns:
        parts = sites.founded_or_listed.astype("string").str.extract(_WORDED)
        year = _years(parts[1], "founded_or_listed")
        kind = parts[0].replace({"established": "founded"}).astype(object)
    elif not has_dates(sites):
        wanted = ", ".join(["founded_or_listed", *_COLUMNS])
        msg = f"no column says when a site began; one of {wanted} is needed"
        raise InputError(msg)
    kinds = _stated_kinds(sites)
    for column, named in _COLUMNS.items():
        if column in sites.columns:
            found = _years(sites[column], column)
            empty = year.isna() & found.notna()
            own = kinds if named == "unstated" else named
            year, kind = year.where(~empty, found), kind.where(~empty, own)
    until = (
        _years(sites.until_year, "until_year")
        if "until_year" in sites.columns
        else pd.Series(pd.NA, index=sites.index, dtype="Int64")
    )
    return pd.DataFrame({"year": year, "date_kind": kind.where(year.notna()), "until_year": until})


def _stated_kinds(sites: pd.DataFrame) -> "pd.Series[str]":
    """Return what the column ``date_kind`` says of years that say no kind themselves."""
    if "date_kind" not in sites.columns:
        return pd.Series("unstated", index=sites.index, dtype=object)
    words = sites.date_kind.astype("string").str.strip().fillna("")
    words = words.mask(words == "", "unstated")
    strange = words[~words.isin(DATE_KINDS)]
    if len(strange):
        msg = (
            f"date_kind: {len(strange)} are not kinds of date, such as {strange.iloc[0]!r}; "
            f"known are {', '.join(DATE_KINDS)}"
        )
        raise InputError(msg)
    return pd.Series(words, dtype=object)


def _years(values: "pd.Series[Any]", name: str) -> "pd.Series[int]":
    text = values.astype("string").str.strip()
    text = text.mask(text == "")
    number = pd.to_numeric(text, errors="coerce").astype(object).where(text.notna())
    number = number.where(number.notna()).astype("float64")
    wrong = text.notna() & ~(number.between(*_YEARS) & (number % 1 == 0))
    if wrong.any():
        msg = f"{name}: {wrong.sum()} are not years, such as {text[wrong].iloc[0]!r}"
        raise InputError(msg)
    return number.astype("Int64")


def shares_by_year(
    parts: "Mapping[str, pd.Series[str]]",
    dates: pd.DataFrame,
    orders: "Mapping[str, pd.Index[str]]",
) -> pd.DataFrame:
    """Count sites by year, kind of date, definition and part.

    Parameters
    ----------
    parts
        By definition (``list``, ``radius``, ``minutes``, ``corridor``) the part each site lies
        in: a circle, an axis or ``outside``; null is unknown.
    dates
        Year and kind of date of each site, as ``site_dates`` returns them, aligned.
    orders
        By definition the parts from the inside out. A definition whose parts are not nested
        (corridors) has its nested columns null.

    Returns
    -------
    DataFrame
        One row a ``date_kind``, ``year``, ``definition``, ``part``: ``n_new`` that began in the
        year, ``n_stock`` there at its end, ``share_exclusive`` of the stock that is placed,
        ``n_nested`` and ``share_nested``, ``n_unknown`` of the stock that could not be placed.
        Every year from a kind's first to its last is there. Undated sites come last with
        ``date_kind`` ``undated`` and no year: counted once, in no series.

    Examples
    --------
    >>> parts = {"list": pd.Series(["in", "outside", "in"])}
    >>> dates = site_dates(pd.DataFrame({"founded": [2000, 2001, None]}))
    >>> table = shares_by_year(parts, dates, {"list": pd.Index(["in"])})
    >>> table.query("part == 'in'")[["year", "n_stock", "share_exclusive"]].to_numpy().tolist()
    [[2000, 1.0, 1.0], [2001, 1.0, 0.5], [<NA>, 1.0, 1.0]]
    """
    tables = []
    for kind in DATE_KINDS:
        own = dates[dates.date_kind == kind]
        if own.empty:
            continue
        for year in range(int(own.year.min()), int(own.year.max()) + 1):
            begun = own.year <= year
            there = own.index[begun & ~(own.until_year <= year).fillna(value=False)]
            new = own.index[own.year == year]
            tables += [_counted(parts, orders, name, there, new, kind, year) for name in parts]
    undated = dates.index[dates.year.isna()]
    if len(undated):
        tables += [
            _counted(parts, orders, name, undated, undated, "undated", None) for name in parts
        ]
    if not tables:
        return pd.DataFrame(columns=_RESULT)
    return pd.concat(tables, ignore_index=True)[_RESULT].astype({"year": "Int64"})


_RESULT: Final = [
    *("date_kind", "year", "definition", "part", "n_new", "n_stock", "share_exclusive"),
    *("n_nested", "share_nested", "n_unknown"),
]


def _counted(
    parts: "Mapping[str, pd.Series[str]]",
    orders: "Mapping[str, pd.Index[str]]",
    name: str,
    there: pd.Index,
    new: pd.Index,
    kind: str,
    year: int | None,
) -> pd.DataFrame:
    stock = circle_shares(parts[name].loc[there], orders[name])
    fresh = circle_shares(parts[name].loc[new], orders[name])
    table = stock.assign(
        date_kind=kind,
        year=pd.array([year] * len(stock), dtype="Int64"),
        definition=name,
        part=stock.index,
        n_new=fresh.n_exclusive,
        n_stock=stock.n_exclusive,
    )
    if name == "corridor":
        table = table.assign(n_nested=float("nan"), share_nested=float("nan"))
    return table
