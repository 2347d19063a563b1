"""Sites placed in a plan: what ``jjj plan`` draws, credits, records and says of them."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from geo.analysis.plan.circles import circle_areas, circle_shares, has_dates
from geo.analysis.plan.fit import conformance, definitions, place_in_plan, years_table
from geo.analysis.result import formula
from geo.cli.inputs import provenance_of, without_collisions
from geo.cli.summary import headline, part_of
from geo.door.account import Account
from geo.layers import Plan, catalogue, plan_ids
from geo.region import current_region
from geo.render.plan import plan_map
from geo.texts import Localized, tr

__all__ = [
    "alternatives_headline",
    "area_summary",
    "circle_headline",
    "circle_summary",
    "fit_headline",
    "fit_summary",
    "place_sites",
    "plan_page",
    "plan_provenance",
]


def place_sites(
    sites: gpd.GeoDataFrame,
    plan: Plan,
    minutes: "pd.Series[float] | None",
    accuracy_m: float | None,
    *,
    types: "pd.Series[Any] | None",
) -> pd.DataFrame:
    """Place sites in a plan, with the error that the command or a column of theirs gives them.

    Parameters
    ----------
    sites
        Points of the sites in ``STORAGE_CRS``.
    plan
        The plan that sites are held against.
    minutes
        Travel time to the centre, aligned, or none.
    accuracy_m
        Error of every site; none takes ``position_accuracy_m`` or ``location_accuracy_m``.
    types
        What each site is, aligned, or none.

    Returns
    -------
    DataFrame
        As ``geo.analysis.plan.fit.place_in_plan``.
    """
    known = ("position_accuracy_m", "location_accuracy_m")
    column = next((one for one in known if one in sites.columns), None)
    error = pd.Series(accuracy_m or 0.0, index=sites.index)
    if accuracy_m is None and column is not None:
        error = pd.to_numeric(sites[column], errors="coerce").fillna(0.0)
    return place_in_plan(
        sites,
        plan,
        types=types,
        minutes=minutes,
        accuracy_m=error,
        boundary_accuracy_m=_border_error_m(plan),
    )


def _border_error_m(plan: Plan) -> float:
    """Return the error of the region's borders; nothing is known of those of another place."""
    region = current_region()
    known = region.profile.boundary_accuracy_m
    return known if known is not None and plan.crs == region.crs else 0.0


def plan_page(sites: gpd.GeoDataFrame, placed: pd.DataFrame, plan: Plan, points: str) -> str:
    """Write the map of placed sites with its charts.

    Parameters
    ----------
    sites, placed
        The sites that are counted, and where they stand, aligned.
    plan
        The plan that sites are held against.
    points
        What the command line named, for the credits.

    Returns
    -------
    str
        A whole page.
    """
    columns = ["circle_list", "circle_radius", "circle_minutes", "corridor"]
    return plan_map(
        circle_areas(plan),
        plan.corridors,
        without_collisions(sites, columns).join(placed[columns]),
        title=plan.title,
        circles=plan.circles,
        unconfirmed=_unconfirmed(plan),
        finding=_finding(placed, plan),
        provenances=_credits(plan, points),
        years=years_table(sites, placed, plan) if has_dates(sites) else None,
        caveats=_told(plan),
    ).html()


def _told(plan: Plan) -> tuple[Localized, ...]:
    """Return what a reader must know of the plan, and of shares of circles."""
    own = () if plan.caveat is None else (plan.caveat,)
    return (*own, formula("circles-nested-exclusive").caveat)


def _unconfirmed(plan: Plan) -> gpd.GeoDataFrame:
    """Return the units that no source confirms, each with the innermost circle it is listed in."""
    unsure = plan.members[plan.members.standing == "unconfirmed"].drop_duplicates("unit")
    return plan.units.loc[unsure.unit].assign(circle=unsure.circle.to_numpy())


def _finding(placed: pd.DataFrame, plan: Plan) -> Localized:
    """Say the share of the innermost circle under each definition that is known."""
    words = {
        "list": tr("by list"),
        "radius": tr("by radius"),
        "minutes": tr("by travel time"),
    }
    first = plan.circles.iloc[0]
    shares = {
        name: circle_shares(values, plan.circles.index).share_exclusive.iloc[0]
        for name, values in definitions(placed).items()
        if values.notna().any()
    }
    parts = [
        [f"{words[name].described()[lang]} {share:.0%}" for name, share in shares.items()]
        for lang in ("zh", "en", "ja")
    ]
    n = len(placed)
    return tr(
        "Of {n} sites in the {circle}: {parts}.",
        n=n,
        circle=Localized(zh=first.name_zh, en=first.name_en.lower(), ja=first.name_ja),
        parts=Localized(zh="，".join(parts[0]), en=", ".join(parts[1]), ja="、".join(parts[2])),
    )


def _credits(plan: Plan, points: str) -> dict[str, Any]:
    """Name the sources of what is drawn: of shipped layers theirs, of a file its name."""
    layers = catalogue()["layers"]
    own = {"sources": [{"attribution": f"{Path(points).name}"}]}
    drawn = {"sources": [{"attribution": title} for title in plan.references.title]}
    shipped = plan.plan_id in plan_ids() and "circles" in layers
    return {
        "plan": {"sources": layers["circles"]["sources"]} if shipped else drawn,
        "sites": layers.get(points, own),
    }


def plan_provenance(plan: Plan, given: dict[str, Any]) -> dict[str, Any]:
    """Describe a run: the plan with its sources, the points, the parameters, the formula.

    Parameters
    ----------
    plan
        The plan that sites are held against.
    given
        ``points``, if any, and the parameters.

    Returns
    -------
    dict
        For the file written.
    """
    points = {"points": given["points"]} if "points" in given else {}
    described = provenance_of(points, {key: given[key] for key in given if key != "points"})
    unsure = plan.members[plan.members.standing == "unconfirmed"].groupby("circle").size()
    return described | {
        "title": plan.title.described(),
        "plan": {
            "id": plan.plan_id,
            "file": plan.path.name,
            **({} if plan.caveat is None else {"caveat": plan.caveat.described()}),
            "sources": plan.references.reset_index().to_dict("records"),
            "unconfirmed_units": unsure.to_dict(),
        },
        "formula": formula(
            "plan-fit" if "type" in given else "circles-nested-exclusive"
        ).described(),
    }


def area_summary(areas: pd.DataFrame) -> str:
    """Say how each listed circle compares with its published area."""
    listed = areas[areas.published_area_km2.notna() & (areas.definition == "list")]
    return "\n".join(
        f"{row.circle}: {row.area_km2:,.0f} km² by list, {row.published_area_km2:,.0f} "
        f"published, {row.n_unconfirmed} of {row.n_units} units unconfirmed"
        for row in listed.itertuples()
    )


def circle_summary(placed: pd.DataFrame, plan: Plan) -> str:
    """Say how many sites each definition puts in each circle."""
    lines = []
    for name, values in definitions(placed).items():
        if values.isna().all() and len(values):
            lines.append(f"{name}: nothing known")
            continue
        shares = circle_shares(values, plan.circles.index)
        counts = ", ".join(f"{part} {one:.0f}" for part, one in shares.n_exclusive.items())
        lines.append(f"{name} (each site once): {counts}, unknown {shares.n_unknown.iloc[0]:.0f}")
    unsure = (placed.circle_list_standing == "unconfirmed").sum()
    lines.append(
        f"{unsure} sites lie in units whose circle is unconfirmed, "
        f"{int(placed.circle_list_ambiguous.sum())} within their own error of a circle's limit"
    )
    return "\n".join(lines)


def circle_headline(placed: pd.DataFrame, plan: Plan, rows: Account) -> dict[str, Any]:
    """Say how many sites lie in the innermost circle, by list where there is one."""
    first = plan.circles.iloc[0]
    known = {name: values for name, values in definitions(placed).items() if values.notna().any()}
    name, values = next(iter(known.items()), ("list", pd.Series(dtype=object)))
    within = int((values == plan.circles.index[0]).sum())
    whole = int(values.notna().sum())
    lost = {reason: one.rows for reason, one in rows.left_out.items()}
    sentence = {
        "zh": f"{whole:,} 处中 {within:,} 处位于{first.name_zh}",
        "en": f"{within:,} of {whole:,} sites lie in the {first.name_en.lower()} (by {name})",
        "ja": f"{whole:,} 件のうち {within:,} 件が{first.name_ja}内",
    }
    return headline(within, whole, sentence, lost)


def fit_headline(placed: pd.DataFrame, rows: Account) -> dict[str, Any]:
    """Say how many sites could be rated, of those that have a place."""
    found = conformance(placed)
    whole = found.n - found.n_unplaced
    lost = {reason: one.rows for reason, one in rows.left_out.items()}
    sentence = {
        "zh": f"有位置的 {whole:,} 处中，{found.n_rated:,} 处可评定",
        "en": f"{found.n_rated:,} of {whole:,} sites with a place could be rated",
        "ja": f"位置のある {whole:,} 件のうち {found.n_rated:,} 件を評定",
    }
    return headline(found.n_rated, whole, sentence, lost)


def alternatives_headline(table: pd.DataFrame) -> dict[str, Any]:
    """Say how many of the sets within the greatest distance fit the published area."""
    widest = table.sort_values("within_km").iloc[-1]
    words = (
        "{whole} 种组合中，{n} 种符合公布面积",
        "{n} of {whole} sets of units fit the published area",
        "{whole} 通りのうち {n} 通りが公表面積に合う",
    )
    return part_of(int(widest["n_fit"]), int(widest["n_sets"]), words)


def fit_summary(placed: pd.DataFrame) -> str:
    """Say how many sites could be rated, how they fit, and why others were not."""
    found = conformance(placed)
    mean = "none" if found.mean_fit is None else f"{found.mean_fit:.3f}"
    return (
        f"{found.n} sites: {found.n_zoned} in a zone, {found.n_rated} rated, mean fit {mean}, "
        f"{found.n_conflict} in conflict; {found.n_outside} in no zone, {found.n_unplaced} without "
        f"position, {found.n_unknown_type} of a type the plan does not know"
    )
