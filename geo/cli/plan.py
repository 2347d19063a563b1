"""``jjj plan``: where sites stand in a spatial plan, and how the plan is doing."""

from functools import partial
from typing import TYPE_CHECKING, Annotated, Final

import typer

from geo.cli.options import (
    PLAN,
    POINTS,
    Datum,
    Encoding,
    Output,
    OutputEncoding,
    Overwrite,
    Sheet,
    Summary,
    untaken,
)
from geo.cli.plan_axes import axes
from geo.cli.scorecard import scorecard

if TYPE_CHECKING:
    from geo.layers import Plan

_DECIMALS: Final = 6

app = typer.Typer(
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    no_args_is_help=True,
    help="Read sites against a spatial plan: circles, corridors, zones, roles, scorecard.",
)
app.command()(axes)
app.command()(scorecard)

Points = Annotated[str, typer.Argument(metavar="POINTS", help=POINTS)]
PlanName = Annotated[str | None, typer.Option("--plan", metavar="ID|FILE.yaml", help=PLAN)]
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
    *,
    plan: PlanName = None,
    output: Output = "-",
    output_encoding: OutputEncoding = "UTF-8",
    overwrite: Overwrite = False,
) -> None:
    """Write the plan's core, wings, cities, nodes, corridors and zones, each with its standing."""
    from geo.cli.plan_sites import plan_provenance
    from geo.cli.study import plan_of_region
    from geo.cli.summary import outputs_for
    from geo.formats import add_frame
    from geo.layers import plan_elements, read_plan

    plan = plan or plan_of_region()
    chosen = read_plan(plan)
    frame = plan_elements(chosen).reset_index().round(_DECIMALS)
    with outputs_for(output, encoding=output_encoding, overwrite=overwrite) as outputs:
        add_frame(outputs, output, frame, provenance=plan_provenance(chosen, {}))


PointsOption = Annotated[
    str | None,
    typer.Argument(
        metavar="[POINTS]",
        help=f"Sites to place; without, the circles themselves. {POINTS}",
    ),
]
Shares = Annotated[
    str | None,
    typer.Option(metavar="S.csv", callback=untaken, help="Write nested and exclusive shares."),
]
ByYear = Annotated[
    str | None,
    typer.Option(metavar="Y.csv", callback=untaken, help="Write shares by year and kind of date."),
]
Confusion = Annotated[
    str | None,
    typer.Option(metavar="C.csv", callback=untaken, help="Write how the definitions disagree."),
]
Page = Annotated[
    str | None,
    typer.Option(
        "--map", metavar="M.html", callback=untaken, help="Write the map with its charts."
    ),
]


@app.command()
def circles(
    points: PointsOption = None,
    *,
    plan: PlanName = None,
    minutes: Minutes = None,
    by_travel: ByTravel = False,
    datum: Datum = "auto",
    sheet: Sheet = None,
    encoding: Encoding = None,
    accuracy_m: Accuracy = None,
    output: Output = "-",
    output_encoding: OutputEncoding = "UTF-8",
    shares: Shares = None,
    by_year: ByYear = None,
    confusion: Confusion = None,
    page: Page = None,
    summary: Summary = None,
    overwrite: Overwrite = False,
) -> None:
    """Place sites in the plan's circles by list, radius and minutes: three columns, never mixed.

    Without POINTS the circles are written as polygons, their measured area beside the published.
    """
    from geo.analysis.plan.fit import (
        confusion_table,
        present,
        shares_table,
        years_table,
    )
    from geo.cli.inputs import read_input, without_collisions
    from geo.cli.minutes import minutes_to_centre
    from geo.cli.plan_sites import (
        circle_headline,
        circle_summary,
        place_sites,
        plan_page,
        plan_provenance,
    )
    from geo.cli.results import naming
    from geo.cli.study import box_around, plan_of_region
    from geo.cli.summary import (
        add_summary,
        outputs_for,
    )
    from geo.formats import add_frame
    from geo.layers import read_plan

    plan = plan or plan_of_region()
    chosen = read_plan(plan)
    beside = {
        "--shares": shares,
        "--by-year": by_year,
        "--confusion": confusion,
        "--map": page,
        "--summary": summary,
    }
    if points is None:
        unused = [option for option, file in beside.items() if file is not None]
        if unused:
            msg = f"{unused[0]} says where sites lie: name POINTS"
            raise typer.BadParameter(msg)
        _write_areas(chosen, output, output_encoding, overwrite=overwrite)
        return
    opened = read_input(
        points, datum=datum, sheet=sheet, encoding=encoding, reach=box_around(chosen.units)
    )
    sites = opened.frame
    times, told = minutes_to_centre(sites, chosen, minutes, points, by_travel=by_travel)
    with naming(points):
        placed = place_sites(sites, chosen, times, accuracy_m, types=None)
    kept = [*placed.columns[:8], "corridor", "axis_id", "chainage_km", "offset_km", "side"]
    given = {"points": opened, "datum": datum, **told}
    frame = without_collisions(sites, kept).join(placed[kept].round(_DECIMALS))
    there = present(sites)
    moved, counted = sites[there], placed[there]
    tables = (
        (shares, partial(shares_table, counted, chosen)),
        (confusion, partial(confusion_table, counted, chosen)),
        (by_year, partial(years_table, moved, counted, chosen)),
    )
    with outputs_for(output, encoding=output_encoding, overwrite=overwrite) as outputs:
        add_frame(outputs, output, frame, provenance=plan_provenance(chosen, given))
        if page is not None:
            outputs.text(page, plan_page(moved, counted, chosen, points))
        for target, make in tables:
            if target is not None:
                add_frame(outputs, target, make().round(_DECIMALS))
        add_summary(outputs, summary, circle_headline(counted, chosen, opened.account))
    if not there.all():
        typer.echo(f"{(~there).sum()} sites have not moved yet: placed, not counted", err=True)
    typer.echo(circle_summary(counted, chosen), err=True)


def _write_areas(chosen: "Plan", output: str, encoding: str, *, overwrite: bool) -> None:
    """Write the circles themselves, their measured area beside the published."""
    from geo.analysis.plan.circles import circle_areas
    from geo.cli.plan_sites import area_summary, plan_provenance
    from geo.cli.summary import outputs_for
    from geo.formats import add_frame

    areas = circle_areas(chosen).reset_index()
    with outputs_for(output, encoding=encoding, overwrite=overwrite) as outputs:
        add_frame(outputs, output, areas.round(_DECIMALS), provenance=plan_provenance(chosen, {}))
    typer.echo(area_summary(areas), err=True)


TypeColumn = Annotated[
    str | None,
    typer.Option(
        "--type",
        metavar="COLUMN",
        help="What each site is; by default the column type, category or industry.",
    ),
]


@app.command()
def fit(
    points: Points,
    *,
    plan: PlanName = None,
    type_column: TypeColumn = None,
    minutes: Minutes = None,
    by_travel: ByTravel = False,
    datum: Datum = "auto",
    sheet: Sheet = None,
    encoding: Encoding = None,
    accuracy_m: Accuracy = None,
    output: Output = "-",
    output_encoding: OutputEncoding = "UTF-8",
    summary: Summary = None,
    overwrite: Overwrite = False,
) -> None:
    """Say where each site stands: circles, corridor and km mark, zone, role, fit and its clause."""
    from geo.cli.inputs import column_named, read_input, without_collisions
    from geo.cli.minutes import minutes_to_centre
    from geo.cli.plan_sites import (
        fit_headline,
        fit_summary,
        place_sites,
        plan_provenance,
    )
    from geo.cli.results import naming
    from geo.cli.study import box_around, plan_of_region
    from geo.cli.summary import (
        add_summary,
        outputs_for,
    )
    from geo.formats import add_frame
    from geo.layers import read_plan

    plan = plan or plan_of_region()
    chosen = read_plan(plan)
    opened = read_input(
        points, datum=datum, sheet=sheet, encoding=encoding, reach=box_around(chosen.units)
    )
    sites = opened.frame
    named = type_column or next(
        (one for one in ("type", "category", "industry") if one in sites.columns), None
    )
    types = None if named is None else column_named(sites, named, points)
    times, told = minutes_to_centre(sites, chosen, minutes, points, by_travel=by_travel)
    with naming(points):
        placed = place_sites(sites, chosen, times, accuracy_m, types=types)
    frame = without_collisions(sites, list(placed.columns)).join(placed.round(_DECIMALS))
    with outputs_for(output, encoding=output_encoding, overwrite=overwrite) as outputs:
        given = {"points": opened, "type": named, "datum": datum, **told}
        add_frame(outputs, output, frame, provenance=plan_provenance(chosen, given))
        add_summary(outputs, summary, fit_headline(placed, opened.account))
    typer.echo(fit_summary(placed), err=True)


@app.command()
def alternatives(
    *,
    plan: PlanName = None,
    circle: Annotated[
        str, typer.Option(metavar="CIRCLE", help="Whose unconfirmed units are asked about.")
    ] = "commuting",
    within_km: Annotated[
        list[float] | None,
        typer.Option(metavar="KM", help="Candidates within this distance; may be repeated."),
    ] = None,
    output: Output = "-",
    output_encoding: OutputEncoding = "UTF-8",
    summary: Summary = None,
    overwrite: Overwrite = False,
) -> None:
    """Count how many other sets of units would fit the area published for a circle."""
    from geo.analysis.plan.candidates import alternative_sets
    from geo.cli.plan_sites import alternatives_headline, plan_provenance
    from geo.cli.study import plan_of_region
    from geo.cli.summary import (
        add_summary,
        outputs_for,
    )
    from geo.formats import add_frame
    from geo.layers import read_plan

    plan = plan or plan_of_region()
    chosen = read_plan(plan)
    distances = within_km or [1.0, 10.0, 20.0, 30.0]
    table = alternative_sets(chosen, circle, within_km=distances)
    told = plan_provenance(chosen, {"circle": circle, "within_km": distances})
    with outputs_for(output, encoding=output_encoding, overwrite=overwrite) as outputs:
        add_frame(outputs, output, table.round(_DECIMALS), provenance=told)
        add_summary(outputs, summary, alternatives_headline(table), provenance=told)
