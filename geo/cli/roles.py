"""``jjj roles``: who does what in the region, and how it is linked."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from geo.cli.options import Explain, Output, Overwrite, Year

if TYPE_CHECKING:
    import pandas as pd

    from geo.analysis.result import Result

app = typer.Typer(
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    no_args_is_help=True,
    help="Measure the division of labour: specialisation, functions, chains, branches.",
)

_INDICES: Final = {
    "lq": "location-quotient",
    "krugman": "krugman",
    "herfindahl": "herfindahl",
    "similarity": "unido-similarity",
}

Table = Annotated[
    str | None, typer.Argument(metavar="TABLE", help="CSV, XLSX, Parquet, or - for stdin.")
]
Weight = Annotated[str | None, typer.Option(metavar="C", help="The column with weights.")]
Region = Annotated[str | None, typer.Option(metavar="C", help="The column with cities.")]


def _run(
    name: str | None,
    what: str,
    columns: "dict[str, str | None]",
    settings: dict[str, Any],
    *,
    output: str,
    overwrite: bool,
    unit: str | None = "region",
    ends: "tuple[str, str] | None" = None,
) -> None:
    """Read a table, give its columns the names the library reads, measure, write."""
    from geo.cli.inputs import table_named  # noqa: PLC0415
    from geo.cli.results import canonical, given, write_results  # noqa: PLC0415

    source = given(name, "TABLE")
    frame = canonical(table_named(source), columns)
    found = _measure(what, frame, settings)
    parameters = {"measure": what, **settings}
    parameters |= {key: own for key, own in columns.items() if own is not None}
    write_results(
        [found],
        output,
        inputs={"table": source},
        parameters=parameters,
        unit=unit,
        ends=ends,
        overwrite=overwrite,
    )


def _measure(what: str, frame: "pd.DataFrame", settings: dict[str, Any]) -> "Result":
    from geo.analysis import branches as b  # noqa: PLC0415
    from geo.analysis import chains as c  # noqa: PLC0415
    from geo.analysis import roles as r  # noqa: PLC0415
    from geo.analysis import specialisation as s  # noqa: PLC0415

    measures: dict[str, Callable[..., Result]] = {
        "lq": s.location_quotient,
        "krugman": s.krugman,
        "herfindahl": s.herfindahl,
        "similarity": s.unido_similarity,
        "functions": r.functional_specialisation,
        "triangle": r.role_triangle,
        "chains": c.chain_cross_share,
        "branches": b.headquarters_branches,
        "interlocking": b.interlocking_network,
    }
    return measures[what](frame, **settings)


@app.command()
def specialisation(
    table: Table = None,
    *,
    index: Annotated[str, typer.Option(metavar="|".join(_INDICES), help="Which index.")] = "lq",
    region: Region = None,
    industry: Annotated[str | None, typer.Option(metavar="C", help="Industries.")] = None,
    value: Annotated[
        str | None, typer.Option(metavar="C", help="Employment, output or firms.")
    ] = None,
    year: Year = None,
    benchmark: Annotated[
        str, typer.Option(metavar="rest|region", help="What krugman compares with.")
    ] = "rest",
    explain: Explain = False,
    output: Output = "-",
    overwrite: Overwrite = False,
) -> None:
    """Compare the industries of regions: columns region, industry, value, maybe year."""
    from geo.cli.results import explained  # noqa: PLC0415
    from geo.errors import UnknownIdError  # noqa: PLC0415

    if index not in _INDICES:
        kind = "index"
        raise UnknownIdError(kind, index, _INDICES)
    if explain:
        explained([_INDICES[index]])
        return
    columns = {"region": region, "industry": industry, "value": value, "year": year}
    settings = {"benchmark": benchmark} if index == "krugman" else {}
    _run(table, index, columns, settings, output=output, overwrite=overwrite)


@app.command()
def functions(
    table: Table = None,
    *,
    region: Region = None,
    management: Annotated[
        str | None, typer.Option(metavar="C", help="Research, headquarters, business services.")
    ] = None,
    production: Annotated[str | None, typer.Option(metavar="C", help="Production.")] = None,
    year: Year = None,
    explain: Explain = False,
    output: Output = "-",
    overwrite: Overwrite = False,
) -> None:
    """Compare management with production: columns region, management, production, maybe year."""
    from geo.cli.results import explained  # noqa: PLC0415

    if explain:
        explained(["functional-specialisation"])
        return
    columns = {"region": region, "management": management, "production": production, "year": year}
    _run(table, "functions", columns, {}, output=output, overwrite=overwrite)


@app.command()
def triangle(
    table: Annotated[
        str | None,
        typer.Argument(metavar="TABLE", help="A layer's id (facilities), a file, or - ."),
    ] = None,
    *,
    region: Region = None,
    role: Annotated[str | None, typer.Option(metavar="C", help="Roles of sites.")] = None,
    weight: Weight = None,
    year: Year = None,
    explain: Explain = False,
    output: Output = "-",
    overwrite: Overwrite = False,
) -> None:
    """Place cities between brain, hand and ground: columns region, role, maybe weight and year.

    Firms without a role take that of their industry (C manufacturing, M research).
    """
    from geo.analysis.roles import firm_roles, role_triangle  # noqa: PLC0415
    from geo.cli.inputs import points_named, table_named  # noqa: PLC0415
    from geo.cli.results import canonical, explained, given, write_results  # noqa: PLC0415
    from geo.layers import ids  # noqa: PLC0415

    if explain:
        explained(["role-triangle"])
        return
    source = given(table, "TABLE")
    shipped = source in ids() or source.endswith((".geojson", ".gpkg"))
    frame = points_named(source).drop(columns="geometry") if shipped else table_named(source)
    if region is None and "region" not in frame.columns and "city" in frame.columns:
        region = "city"
    if role is None and "role" not in frame.columns and "industry" in frame.columns:
        frame = frame.assign(role=firm_roles(frame))
    columns = {"region": region, "role": role, "weight": weight, "year": year}
    found = role_triangle(canonical(frame, columns))
    parameters = {"measure": "triangle"} | {k: v for k, v in columns.items() if v is not None}
    write_results(
        [found],
        output,
        inputs={"sites": source},
        parameters=parameters,
        unit="region",
        overwrite=overwrite,
    )


@app.command()
def chains(
    table: Table = None,
    *,
    origin: Annotated[str | None, typer.Option(metavar="C", help="Where a link starts.")] = None,
    destination: Annotated[str | None, typer.Option(metavar="C", help="Where it ends.")] = None,
    stage: Annotated[str | None, typer.Option(metavar="C", help="Stages.")] = None,
    weight: Weight = None,
    year: Year = None,
    explain: Explain = False,
    output: Output = "-",
    overwrite: Overwrite = False,
) -> None:
    """Compare chain links across provinces with chance: origin, destination, stage, weight."""
    from geo.cli.results import explained  # noqa: PLC0415

    if explain:
        explained(["chain-cross-share"])
        return
    columns = {
        "origin": origin,
        "destination": destination,
        "stage": stage,
        "weight": weight,
        "year": year,
    }
    _run(table, "chains", columns, {}, output=output, overwrite=overwrite, unit=None)


@app.command()
def branches(
    table: Table = None,
    *,
    headquarters: Annotated[str | None, typer.Option(metavar="C", help="Headquarters.")] = None,
    branch: Annotated[str | None, typer.Option(metavar="C", help="Branches.")] = None,
    firm: Annotated[
        str | None,
        typer.Option(metavar="C", help="Firms: offices of one firm are tied to each other."),
    ] = None,
    region: Region = None,
    weight: Weight = None,
    year: Year = None,
    explain: Explain = False,
    output: Output = "-",
    overwrite: Overwrite = False,
) -> None:
    """Tie cities by headquarters and branches, or with --firm by offices of the same firm."""
    from geo.cli.results import explained  # noqa: PLC0415

    if explain:
        explained(["headquarters-branch", "interlocking-network"])
        return
    columns = {"weight": weight, "year": year}
    if firm is None:
        columns |= {"headquarters": headquarters, "branch": branch}
    else:
        columns |= {"firm": firm, "region": region}
    what = "branches" if firm is None else "interlocking"
    ends = ("headquarters", "branch") if firm is None else ("origin", "destination")
    _run(table, what, columns, {}, output=output, overwrite=overwrite, unit=None, ends=ends)


@app.command()
def inequality(
    table: Table = None,
    *,
    value: Annotated[str | None, typer.Option(metavar="C", help="Figure a head.")] = None,
    weight: Weight = None,
    group: Annotated[
        str | None, typer.Option(metavar="C", help="Provinces, to split between and within.")
    ] = None,
    year: Year = None,
    explain: Explain = False,
    output: Output = "-",
    overwrite: Overwrite = False,
) -> None:
    """Measure inequality and split it: columns value, maybe weight (people), group and year."""
    from geo.analysis.inequality import gini, theil  # noqa: PLC0415
    from geo.cli.inputs import table_named  # noqa: PLC0415
    from geo.cli.results import canonical, explained, given, write_results  # noqa: PLC0415

    if explain:
        explained(["theil-decomposition", "gini"])
        return
    source = given(table, "TABLE")
    columns = {"value": value, "weight": weight, "group": group, "year": year}
    frame = canonical(table_named(source), columns)
    results = [theil(frame), gini(frame)]
    write_results(
        results,
        output,
        inputs={"table": source},
        parameters={"measure": "inequality"} | {k: v for k, v in columns.items() if v is not None},
        frame=results[0].table().join(results[1].table().drop(columns="n")),
        overwrite=overwrite,
    )


@app.command()
def agglomeration(
    table: Table = None,
    *,
    regions: Annotated[
        str | None,
        typer.Option(metavar="R.csv", help="Columns region, value: all employment of each."),
    ] = None,
    explain: Explain = False,
    output: Output = "-",
    overwrite: Overwrite = False,
) -> None:
    """Measure whether plants of an industry cluster: columns region, industry, value (jobs)."""
    from geo.analysis.agglomeration import ellison_glaeser  # noqa: PLC0415
    from geo.cli.inputs import table_named  # noqa: PLC0415
    from geo.cli.results import explained, given, write_results  # noqa: PLC0415

    if explain:
        explained(["ellison-glaeser"])
        return
    source, known = given(table, "TABLE"), given(regions, "--regions")
    found = ellison_glaeser(table_named(source), table_named(known))
    write_results(
        [found],
        output,
        inputs={"plants": source, "regions": known},
        parameters={"measure": "agglomeration"},
        overwrite=overwrite,
    )
