"""The plan's circles in three definitions that are never mixed: list, radius, minutes.

A list says which units belong to a circle, a radius how far from the centre it reaches, minutes
how long a trip takes. Each gives its own column. Circles are nested solid disks (press conference
of 2026-02-12): a site in the commuting circle is in the functional circle too. ``circle_*``
columns name the innermost circle, ``outside`` when the site is known to lie in none, and are null
where that is not known: no position, no travel time, or a position off every unit by less than its
own error and that of the borders, as of a port on land that the generalised coast leaves out.
"""

from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import STORAGE_CRS, beyond_reach, require_crs, to_analysis
from geo.errors import InputError
from geo.join import locate
from geo.layers.plan import OUTSIDE, Plan

__all__ = ["DEFINITIONS", "circle_areas", "circle_shares", "confusion", "place_in_circles"]

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
        A plan that was read.
    minutes
        Travel time from each site to the centre, aligned to ``points``; none means unknown.
    accuracy_m
        Error of the sites in metres, one number or one a site.
    boundary_accuracy_m
        Error of the units' borders in metres.

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
    >>> from geo.layers.plan import read_plan
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
    """Name the smallest limit that holds each value; limits are inclusive."""
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
        A plan that was read.

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
    >>> from geo.layers.plan import read_plan
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
