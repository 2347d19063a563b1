"""``jjj plan``: where sites stand in a spatial plan, and how the plan is doing."""

from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from geo.cli.options import Html, Lang, Output, Overwrite

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from geo.layers.plan import Plan

_DECIMALS: Final = 6

app = typer.Typer(
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    no_args_is_help=True,
    help="Read sites against a spatial plan: circles, corridors, zones, roles, scorecard.",
)

Points = Annotated[
    str, typer.Argument(metavar="POINTS", help="A layer's id, a file, or - for stdin.")
]
PlanName = Annotated[
    str, typer.Option("--plan", metavar="ID|FILE.yaml", help="A shipped plan or a plan file.")
]
Minutes = Annotated[
    str | None,
    typer.Option(metavar="COLUMN", help="Column with the minutes to the centre, if there is one."),
]
ByTravel = Annotated[
    bool,
    typer.Option(
        "--by-travel",
        help="Compute the minutes by main road and high-speed rail, from stated rules.",
    ),
]
Accuracy = Annotated[
    float | None,
    typer.Option(metavar="METRES", help="Error of the points, where no column says it."),
]


@app.command()
def elements(
    *, plan: PlanName = "jjj-2023-2035", output: Output = "-", overwrite: Overwrite = False
) -> None:
    """Write the plan's core, wings, cities, nodes, corridors and zones, each with its standing."""
    from geo.formats import add_frame  # noqa: PLC0415
    from geo.layers import plan_elements, read_plan  # noqa: PLC0415
    from geo.write import Outputs  # noqa: PLC0415

    chosen = read_plan(plan)
    frame = plan_elements(chosen).reset_index().round(_DECIMALS)
    with Outputs(overwrite=overwrite) as outputs:
        add_frame(outputs, output, frame, provenance=_provenance(chosen, {}))


@app.command()
def circles(
    points: Annotated[
        str | None,
        typer.Argument(metavar="[POINTS]", help="Sites to place; without, the circles themselves."),
    ] = None,
    *,
    plan: PlanName = "jjj-2023-2035",
    minutes: Minutes = None,
    by_travel: ByTravel = False,
    accuracy_m: Accuracy = None,
    output: Output = "-",
    shares: Annotated[
        str | None, typer.Option(metavar="S.csv", help="Write nested and exclusive shares.")
    ] = None,
    by_year: Annotated[
        str | None, typer.Option(metavar="Y.csv", help="Write shares by year and kind of date.")
    ] = None,
    confusion: Annotated[
        str | None, typer.Option(metavar="C.csv", help="Write how the definitions disagree.")
    ] = None,
    page: Annotated[
        str | None, typer.Option("--map", metavar="M.html", help="Write the map with its charts.")
    ] = None,
    overwrite: Overwrite = False,
) -> None:
    """Place sites in the plan's circles by list, radius and minutes: three columns, never mixed.

    Without POINTS the circles are written as polygons, their measured area beside the published.
    """
    from geo.analysis.plan_tables import (  # noqa: PLC0415
        confusion_table,
        present,
        shares_table,
        years_table,
    )
    from geo.cli.inputs import points_named, without_collisions  # noqa: PLC0415
    from geo.cli.minutes import minutes_to_centre  # noqa: PLC0415
    from geo.formats import add_frame  # noqa: PLC0415
    from geo.layers import read_plan  # noqa: PLC0415
    from geo.write import Outputs  # noqa: PLC0415

    chosen = read_plan(plan)
    with Outputs(overwrite=overwrite) as outputs:
        if points is None:
            from geo.analysis.circles import circle_areas  # noqa: PLC0415

            areas = circle_areas(chosen).reset_index()
            add_frame(outputs, output, areas.round(_DECIMALS), provenance=_provenance(chosen, {}))
            typer.echo(_area_summary(areas), err=True)
            return
        sites = points_named(points)
        times, told = minutes_to_centre(sites, chosen, minutes, by_travel=by_travel)
        placed = _placed(sites, chosen, times, accuracy_m, types=None)
        kept = [*placed.columns[:8], "corridor", "axis_id", "chainage_km", "offset_km", "side"]
        given = {"points": points, **told}
        frame = without_collisions(sites, kept).join(placed[kept].round(_DECIMALS))
        add_frame(outputs, output, frame, provenance=_provenance(chosen, given))
        there = present(sites)
        if page is not None:
            outputs.text(page, _map(sites[there], placed[there], chosen, points))
        counted = placed[there]
        tables = {
            shares: partial(shares_table, counted, chosen),
            confusion: partial(confusion_table, counted, chosen),
            by_year: partial(years_table, sites[there], counted, chosen),
        }
        for target, make in tables.items():
            if target is not None:
                add_frame(outputs, target, make().round(_DECIMALS))
    if not there.all():
        typer.echo(f"{(~there).sum()} sites have not moved yet: placed, not counted", err=True)
    typer.echo(_circle_summary(placed[there], chosen), err=True)


@app.command()
def fit(
    points: Points,
    *,
    plan: PlanName = "jjj-2023-2035",
    type_column: Annotated[
        str | None,
        typer.Option(
            "--type",
            metavar="COLUMN",
            help="What each site is; by default the column type, category or industry.",
        ),
    ] = None,
    minutes: Minutes = None,
    by_travel: ByTravel = False,
    accuracy_m: Accuracy = None,
    output: Output = "-",
    overwrite: Overwrite = False,
) -> None:
    """Say where each site stands: circles, corridor and km mark, zone, role, fit and its clause."""
    from geo.cli.inputs import column_named, points_named, without_collisions  # noqa: PLC0415
    from geo.cli.minutes import minutes_to_centre  # noqa: PLC0415
    from geo.formats import add_frame  # noqa: PLC0415
    from geo.layers import read_plan  # noqa: PLC0415
    from geo.write import Outputs  # noqa: PLC0415

    chosen = read_plan(plan)
    sites = points_named(points)
    named = type_column or next(
        (one for one in ("type", "category", "industry") if one in sites.columns), None
    )
    types = None if named is None else column_named(sites, named)
    times, told = minutes_to_centre(sites, chosen, minutes, by_travel=by_travel)
    placed = _placed(sites, chosen, times, accuracy_m, types=types)
    frame = without_collisions(sites, list(placed.columns)).join(placed.round(_DECIMALS))
    with Outputs(overwrite=overwrite) as outputs:
        given = {"points": points, "type": named, **told}
        add_frame(outputs, output, frame, provenance=_provenance(chosen, given))
    typer.echo(_fit_summary(placed), err=True)


@app.command()
def alternatives(
    *,
    plan: PlanName = "jjj-2023-2035",
    circle: Annotated[
        str, typer.Option(metavar="CIRCLE", help="Whose unconfirmed units are asked about.")
    ] = "commuting",
    within_km: Annotated[
        list[float] | None,
        typer.Option(metavar="KM", help="Candidates within this distance; may be repeated."),
    ] = None,
    output: Output = "-",
    overwrite: Overwrite = False,
) -> None:
    """Count how many other sets of units would fit the area published for a circle."""
    from geo.analysis.candidates import alternative_sets  # noqa: PLC0415
    from geo.formats import add_frame  # noqa: PLC0415
    from geo.layers import read_plan  # noqa: PLC0415
    from geo.write import Outputs  # noqa: PLC0415

    chosen = read_plan(plan)
    table = alternative_sets(chosen, circle, within_km=within_km or [1.0, 10.0, 20.0, 30.0])
    with Outputs(overwrite=overwrite) as outputs:
        add_frame(outputs, output, table.round(_DECIMALS))


def _placed(
    sites: "gpd.GeoDataFrame",
    plan: "Plan",
    minutes: "pd.Series[float] | None",
    accuracy_m: float | None,
    *,
    types: "pd.Series[Any] | None",
) -> "pd.DataFrame":
    import pandas as pd  # noqa: PLC0415

    from geo.analysis.fit import place_in_plan  # noqa: PLC0415
    from geo.layers.specs import BOUNDARY_ACCURACY_M  # noqa: PLC0415

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
        boundary_accuracy_m=BOUNDARY_ACCURACY_M,
    )


def _map(sites: "gpd.GeoDataFrame", placed: "pd.DataFrame", plan: "Plan", points: str) -> str:
    from geo.analysis.circles import circle_areas  # noqa: PLC0415
    from geo.analysis.formulas import formula  # noqa: PLC0415
    from geo.analysis.plan_tables import years_table  # noqa: PLC0415
    from geo.analysis.shares import has_dates  # noqa: PLC0415
    from geo.cli.inputs import without_collisions  # noqa: PLC0415
    from geo.render.plan import plan_map  # noqa: PLC0415

    columns = ["circle_list", "circle_radius", "circle_minutes", "corridor"]
    return plan_map(
        circle_areas(plan),
        plan.corridors,
        without_collisions(sites, columns).join(placed[columns]),
        title=plan.title,
        circles=plan.circles,
        provenances=_credits(plan, points),
        years=years_table(sites, placed, plan) if has_dates(sites) else None,
        caveats=(formula("circles-nested-exclusive").caveat,),
    ).html()


def _credits(plan: "Plan", points: str) -> dict[str, Any]:
    """Name the sources of what is drawn: of shipped layers theirs, of a file its name."""
    from pathlib import Path  # noqa: PLC0415

    from geo.layers import catalogue, plan_ids  # noqa: PLC0415

    layers = catalogue()["layers"]
    own = {"sources": [{"attribution": f"{Path(points).name}"}]}
    drawn = {"sources": [{"attribution": title} for title in plan.references.title]}
    return {
        "plan": {"sources": layers["circles"]["sources"]} if plan.plan_id in plan_ids() else drawn,
        "sites": layers.get(points, own),
    }


def _provenance(plan: "Plan", given: dict[str, Any]) -> dict[str, Any]:
    from geo.analysis.formulas import formula  # noqa: PLC0415
    from geo.cli.inputs import provenance_of  # noqa: PLC0415

    points = {"points": given["points"]} if "points" in given else {}
    described = provenance_of(points, {key: given[key] for key in given if key != "points"})
    unsure = plan.members[plan.members.standing == "unconfirmed"].groupby("circle").size()
    return described | {
        "title": plan.title.described(),
        "plan": {
            "id": plan.plan_id,
            "file": plan.path.name,
            "sources": plan.references.reset_index().to_dict("records"),
            "unconfirmed_units": unsure.to_dict(),
        },
        "formula": formula(
            "plan-fit" if "type" in given else "circles-nested-exclusive"
        ).described(),
    }


def _area_summary(areas: "pd.DataFrame") -> str:
    listed = areas[areas.published_area_km2.notna() & (areas.definition == "list")]
    return "\n".join(
        f"{row.circle}: {row.area_km2:,.0f} km² by list, {row.published_area_km2:,.0f} "
        f"published, {row.n_unconfirmed} of {row.n_units} units unconfirmed"
        for row in listed.itertuples()
    )


def _circle_summary(placed: "pd.DataFrame", plan: "Plan") -> str:
    from geo.analysis.circles import circle_shares  # noqa: PLC0415
    from geo.analysis.plan_tables import definitions  # noqa: PLC0415

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


def _fit_summary(placed: "pd.DataFrame") -> str:
    from geo.analysis.conformance import conformance  # noqa: PLC0415

    found = conformance(placed)
    mean = "none" if found.mean_fit is None else f"{found.mean_fit:.3f}"
    return (
        f"{found.n} sites: {found.n_zoned} in a zone, {found.n_rated} rated, mean fit {mean}, "
        f"{found.n_conflict} in conflict; {found.n_outside} in no zone, {found.n_unplaced} without "
        f"position, {found.n_unknown_type} of a type the plan does not know"
    )


@app.command()
def scorecard(
    targets: Annotated[
        str, typer.Argument(metavar="TARGETS.yaml", help="Targets, as docs/plan-file.md says.")
    ],
    values: Annotated[
        str, typer.Argument(metavar="VALUES.csv", help="Columns target, date, value, source.")
    ],
    *,
    asof: Annotated[
        str, typer.Option(metavar="DATE", help="A year (its end) or a day such as 2026-06-30.")
    ],
    html: Html = None,
    lang: Lang = "zh",
    output: Output = "-",
    overwrite: Overwrite = False,
) -> None:
    """Assess targets by their values: expected pace, status, warning (监测、评估、预警)."""
    from geo.analysis.formulas import formula  # noqa: PLC0415
    from geo.analysis.scorecard import Thresholds  # noqa: PLC0415
    from geo.analysis.scorecard import scorecard as assess  # noqa: PLC0415
    from geo.cli.inputs import provenance_of  # noqa: PLC0415
    from geo.formats import add_frame  # noqa: PLC0415
    from geo.render.scorecard import scorecard_page  # noqa: PLC0415
    from geo.tables.targets import decimal_year, read_targets, read_values  # noqa: PLC0415
    from geo.write import Outputs  # noqa: PLC0415

    asked = read_targets(targets)
    limits = Thresholds(
        asked.thresholds.on_pace, asked.thresholds.behind, max_age_years=asked.max_age_years
    )
    card = assess(asked.frame(), read_values(values), limits, asof=decimal_year(asof))
    table = card.reset_index().round(_DECIMALS)
    described = formula("scorecard")
    parameters = {"asof": asof, "on_pace": limits.on_pace, "behind": limits.behind}
    provenance = provenance_of({"targets": targets, "values": values}, parameters)
    provenance |= {"title": asked.title3().described(), "formula": described.described()}
    with Outputs(overwrite=overwrite) as outputs:
        add_frame(outputs, output, table, provenance=provenance)
        if html is not None:
            page = scorecard_page(
                table,
                asked.title3(),
                asof=asof,
                thresholds=(limits.on_pace, limits.behind),
                caveat=described.caveat,
                provenance=provenance,
                lang=lang,
            )
            outputs.text(html, page)
    counts = card.status_code.fillna("not assessed").value_counts()
    typer.echo(", ".join(f"{name} {count}" for name, count in counts.items()), err=True)
