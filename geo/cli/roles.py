"""``jjj roles``: who does what in the region, and how it is linked."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Annotated, Final

import typer

from geo.cli.options import (
    TABLE,
    Explain,
    Output,
    OutputEncoding,
    Overwrite,
    Summary,
    Year,
    explains,
)
from geo.cli.regions import city_column

if TYPE_CHECKING:
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

Table = Annotated[str, typer.Argument(metavar="TABLE", help=TABLE)]
Sites = Annotated[
    str,
    typer.Argument(metavar="TABLE", help=f"A layer's id (facilities). {TABLE}"),
]
Weight = Annotated[str | None, typer.Option(metavar="C", help="The column with weights.")]
City = Annotated[str | None, typer.Option("--city", metavar="C", help="The column with cities.")]
Level = Annotated[
    str,
    typer.Option(
        metavar="provinces|as-given",
        help="What a link crosses: provinces, into which counties and cities are put, or the "
        "places as they are given.",
    ),
]


TableOption = Annotated[str | None, typer.Argument(metavar="TABLE", help=TABLE)]
Index = Annotated[str, typer.Option(metavar="|".join(_INDICES), help="Which index.")]
Industry = Annotated[str | None, typer.Option(metavar="C", help="Industries.")]
Value = Annotated[str | None, typer.Option(metavar="C", help="Employment, output or firms.")]
Benchmark = Annotated[str, typer.Option(metavar="rest|region", help="What krugman compares with.")]


@app.command()
def specialisation(
    table: TableOption = None,
    *,
    index: Index = "lq",
    city: City = None,
    industry: Industry = None,
    value: Value = None,
    year: Year = None,
    benchmark: Benchmark = "rest",
    explain: Explain = False,
    output: Output = "-",
    output_encoding: OutputEncoding = "UTF-8",
    summary: Summary = None,
    overwrite: Overwrite = False,
) -> None:
    """Compare the industries of regions: columns region, industry, value, maybe year."""
    from geo.analysis.roles import specialisation as s
    from geo.cli.results import explained, given, measure_table
    from geo.errors import UnknownIdError

    if index not in _INDICES:
        kind = "index"
        raise UnknownIdError(kind, index, _INDICES)
    if explain:
        explained([_INDICES[index]])
        return
    measures: dict[str, Callable[..., Result]] = {
        "lq": s.location_quotient,
        "krugman": partial(s.krugman, benchmark=benchmark),  # type: ignore[arg-type]  # it refuses
        "herfindahl": s.herfindahl,
        "similarity": s.unido_similarity,
    }
    measure_table(
        given(table, "TABLE"),
        index,
        {"region": city_column(city), "industry": industry, "value": value, "year": year},
        measures[index],
        output=output,
        unit="region",
        ends=("region", "other"),
        settings={"benchmark": benchmark} if index == "krugman" else {},
        summary=summary,
        output_encoding=output_encoding,
        overwrite=overwrite,
    )


@app.command()
def functions(
    table: Table,
    *,
    city: City = None,
    management: Annotated[
        str | None, typer.Option(metavar="C", help="Research, headquarters, business services.")
    ] = None,
    production: Annotated[str | None, typer.Option(metavar="C", help="Production.")] = None,
    year: Year = None,
    _explain: Annotated[bool, explains("functional-specialisation")] = False,
    output: Output = "-",
    output_encoding: OutputEncoding = "UTF-8",
    summary: Summary = None,
    overwrite: Overwrite = False,
) -> None:
    """Compare management with production: columns region, management, production, maybe year."""
    from geo.analysis.roles.firms import functional_specialisation
    from geo.cli.results import measure_table

    measure_table(
        table,
        "functions",
        {
            "region": city_column(city),
            "management": management,
            "production": production,
            "year": year,
        },
        functional_specialisation,
        output=output,
        unit="region",
        summary=summary,
        output_encoding=output_encoding,
        overwrite=overwrite,
    )


@app.command()
def triangle(
    table: Sites,
    *,
    city: City = None,
    role: Annotated[str | None, typer.Option(metavar="C", help="Roles of sites.")] = None,
    weight: Weight = None,
    year: Year = None,
    _explain: Annotated[bool, explains("role-triangle")] = False,
    output: Output = "-",
    output_encoding: OutputEncoding = "UTF-8",
    summary: Summary = None,
    overwrite: Overwrite = False,
) -> None:
    """Place cities between brain, hand and ground: columns region, role, maybe weight and year.

    Firms without a role take that of their industry (C manufacturing, M research).
    """
    from geo.analysis.roles.firms import role_triangle
    from geo.cli.results import measure_table
    from geo.cli.sites import sites_named

    measure_table(
        table,
        "triangle",
        {"region": city_column(city), "role": role, "weight": weight, "year": year},
        role_triangle,
        output=output,
        read=sites_named,
        unit="region",
        summary=summary,
        output_encoding=output_encoding,
        overwrite=overwrite,
    )


@app.command()
def concentration(
    table: Sites,
    *,
    totals: Annotated[
        str,
        typer.Option(
            metavar="TABLE",
            help="Columns category, province_adcode, published_total, total_year; the shipped "
            f"table coverage without. {TABLE}",
        ),
    ] = "coverage",
    year: Year = None,
    _explain: Annotated[bool, explains("concentration")] = False,
    output: Output = "-",
    output_encoding: OutputEncoding = "UTF-8",
    summary: Summary = None,
    overwrite: Overwrite = False,
) -> None:
    """Print each province's share of a list beside how much of its total the list covers.

    Columns category and province_adcode, or adcode, from which the province is taken.
    """
    from geo.analysis.roles import firms as r
    from geo.cli.inputs import table_named
    from geo.cli.results import measure_table
    from geo.cli.sites import sites_named

    known = table_named(totals)
    measure_table(
        table,
        "concentration",
        {"year": year},
        lambda sites: r.concentration(sites, known),
        output=output,
        read=sites_named,
        unit="province_adcode",
        inputs={"totals": totals},
        summary=summary,
        output_encoding=output_encoding,
        overwrite=overwrite,
    )


Origin = Annotated[str | None, typer.Option(metavar="C", help="Where a link starts.")]
Destination = Annotated[str | None, typer.Option(metavar="C", help="Where it ends.")]
Stage = Annotated[str | None, typer.Option(metavar="C", help="Stages.")]
ExplainOption = Annotated[bool, explains("chain-cross-share")]


@app.command()
def chains(
    table: Table,
    *,
    origin: Origin = None,
    destination: Destination = None,
    stage: Stage = None,
    weight: Weight = None,
    year: Year = None,
    level: Level = "provinces",
    _explain: ExplainOption = False,
    output: Output = "-",
    output_encoding: OutputEncoding = "UTF-8",
    summary: Summary = None,
    overwrite: Overwrite = False,
) -> None:
    """Compare chain links across provinces with chance: origin, destination, stage, weight.

    The table has a row a stage; a layer has a line a pair of places, with the weight that chance
    would give it.
    """
    from geo.analysis.roles.chains import chain_cross_share, chain_pairs
    from geo.cli.results import measure_table
    from geo.cli.sites import links_at_level

    columns = {
        "origin": origin,
        "destination": destination,
        "stage": stage,
        "weight": weight,
        "year": year,
    }
    measure_table(
        table,
        "chains",
        columns,
        chain_cross_share,
        output=output,
        prepare=partial(links_at_level, level=level),
        ends=("origin", "destination"),
        drawn=chain_pairs,
        settings={"level": level},
        summary=summary,
        output_encoding=output_encoding,
        overwrite=overwrite,
    )


@app.command()
def branches(
    table: Table,
    *,
    headquarters: Annotated[str | None, typer.Option(metavar="C", help="Headquarters.")] = None,
    branch: Annotated[str | None, typer.Option(metavar="C", help="Branches.")] = None,
    firm: Annotated[
        str | None,
        typer.Option(metavar="C", help="Firms: offices of one firm are tied to each other."),
    ] = None,
    city: City = None,
    weight: Weight = None,
    year: Year = None,
    _explain: Annotated[bool, explains("headquarters-branch", "interlocking-network")] = False,
    output: Output = "-",
    output_encoding: OutputEncoding = "UTF-8",
    summary: Summary = None,
    overwrite: Overwrite = False,
) -> None:
    """Tie cities by headquarters and branches, or with --firm by offices of the same firm."""
    from geo.analysis.roles.chains import (
        headquarters_branches,
        interlocking_network,
    )
    from geo.cli.results import measure_table

    columns = {"weight": weight, "year": year}
    if firm is None:
        columns |= {"headquarters": headquarters, "branch": branch}
    else:
        columns |= {"firm": firm, "region": city_column(city)}
    measure_table(
        table,
        "branches" if firm is None else "interlocking",
        columns,
        headquarters_branches if firm is None else interlocking_network,
        output=output,
        ends=("headquarters", "branch") if firm is None else ("origin", "destination"),
        summary=summary,
        output_encoding=output_encoding,
        overwrite=overwrite,
    )


@app.command()
def inequality(
    table: Table,
    *,
    value: Annotated[str | None, typer.Option(metavar="C", help="Figure a head.")] = None,
    weight: Weight = None,
    group: Annotated[
        str | None, typer.Option(metavar="C", help="Provinces, to split between and within.")
    ] = None,
    city: Annotated[
        str | None, typer.Option(metavar="C", help="Units, for a layer of what each adds.")
    ] = None,
    year: Year = None,
    _explain: Annotated[bool, explains("theil-decomposition", "gini")] = False,
    output: Output = "-",
    output_encoding: OutputEncoding = "UTF-8",
    summary: Summary = None,
    overwrite: Overwrite = False,
) -> None:
    """Measure inequality and split it: columns value, maybe weight (people), group and year.

    The table has a row a year; a layer has the units of --city with what each adds to Theil's T.
    """
    from geo.analysis.structure import inequality as i
    from geo.cli.results import measure_table

    measure_table(
        table,
        "inequality",
        {
            "value": value,
            "weight": weight,
            "group": group,
            "region": city_column(city),
            "year": year,
        },
        lambda units: [i.theil(units), i.gini(units)],
        output=output,
        unit="region",
        drawn=i.theil_contributions,
        summary=summary,
        output_encoding=output_encoding,
        overwrite=overwrite,
    )


@app.command()
def agglomeration(
    table: Table,
    *,
    regions: Annotated[
        str,
        typer.Option(
            metavar="TABLE",
            help=f"Columns region, value (all employment of each), maybe year. {TABLE}",
        ),
    ],
    year: Year = None,
    _explain: Annotated[bool, explains("ellison-glaeser")] = False,
    output: Output = "-",
    output_encoding: OutputEncoding = "UTF-8",
    summary: Summary = None,
    overwrite: Overwrite = False,
) -> None:
    """Measure whether plants of an industry cluster: columns region, industry, value (jobs).

    The table has a row an industry; a layer has the regions with what each has beyond its share.
    """
    from geo.analysis.roles.specialisation import ellison_glaeser, employment_excess
    from geo.cli.inputs import table_named
    from geo.cli.results import measure_table

    whole = table_named(regions)
    measure_table(
        table,
        "agglomeration",
        {"year": year},
        lambda plants: ellison_glaeser(plants, whole),
        output=output,
        unit="region",
        drawn=lambda plants: employment_excess(plants, whole),
        inputs={"regions": regions},
        summary=summary,
        output_encoding=output_encoding,
        overwrite=overwrite,
    )
