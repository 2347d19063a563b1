"""``jjj interaction``: linkage computed from sizes and distances, not measured."""

from typing import TYPE_CHECKING, Annotated, Final

import typer

from geo.cli.options import TABLE, Output, OutputEncoding, Overwrite, Summary, Year, explains

if TYPE_CHECKING:
    import pandas as pd

app = typer.Typer(
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    no_args_is_help=True,
    help="Compute linkage from sizes and distances: gravity, doubly constrained flows.",
)

_PAIRS: Final = typer.Option(
    metavar="PAIRS", help=f"Columns origin, destination, cost (km or minutes). {TABLE}"
)


@app.command()
def gravity(
    table: Annotated[
        str, typer.Argument(metavar="CITIES", help=f"Columns region, population, gdp. {TABLE}")
    ],
    *,
    city: Annotated[str | None, typer.Option(metavar="C", help="Cities.")] = None,
    population: Annotated[str | None, typer.Option(metavar="C", help="People.")] = None,
    gdp: Annotated[str | None, typer.Option(metavar="C", help="Product.")] = None,
    year: Year = None,
    pairs: Annotated[str | None, _PAIRS] = None,
    _explain: Annotated[bool, explains("gravity")] = False,
    output: Output = "-",
    output_encoding: OutputEncoding = "UTF-8",
    summary: Summary = None,
    overwrite: Overwrite = False,
) -> None:
    """Compute the potential linkage of pairs of cities, with shares and ranks.

    Without --pairs the cost is the straight distance in km between the seats of cities.
    """
    from geo.analysis.flows.interaction import gravity as measure
    from geo.cli.regions import city_column
    from geo.cli.results import measure_table

    measure_table(
        table,
        "gravity",
        {"region": city_column(city), "population": population, "gdp": gdp, "year": year},
        lambda cities: measure(_pairs(pairs, cities), cities),
        output=output,
        ends=("origin", "destination"),
        inputs={} if pairs is None else {"pairs": pairs},
        settings={"cost": "straight km" if pairs is None else "given"},
        summary=summary,
        output_encoding=output_encoding,
        overwrite=overwrite,
    )


Table = Annotated[
    str,
    typer.Argument(metavar="TOTALS", help=f"Columns region, origins, destinations. {TABLE}"),
]
Pairs = Annotated[str, _PAIRS]
Beta = Annotated[float, typer.Option(metavar="B", help="Decay a unit of cost.")]
Decay = Annotated[str, typer.Option(metavar="exponential|power", help="Its form.")]
Explain = Annotated[bool, explains("doubly-constrained")]


@app.command()
def wilson(
    table: Table,
    *,
    pairs: Pairs,
    beta: Beta,
    decay: Decay = ("exponential"),
    year: Year = None,
    _explain: Explain = False,
    output: Output = "-",
    output_encoding: OutputEncoding = "UTF-8",
    summary: Summary = None,
    overwrite: Overwrite = False,
) -> None:
    """Spread given totals over pairs so that both margins are met (Wilson's model).

    With years each year's totals are spread over the pairs of that year, or over the same pairs
    when these have no years.
    """
    from geo.analysis.flows.interaction import doubly_constrained_by_year
    from geo.cli.inputs import table_named
    from geo.cli.results import measure_table

    costs = table_named(pairs)
    measure_table(
        table,
        "wilson",
        {"year": year},
        lambda totals: doubly_constrained_by_year(
            totals,
            costs,
            beta=beta,
            decay=decay,  # type: ignore[arg-type]  # refused by the library
        ),
        output=output,
        ends=("origin", "destination"),
        inputs={"pairs": pairs},
        settings={"beta": beta, "decay": decay},
        summary=summary,
        output_encoding=output_encoding,
        overwrite=overwrite,
    )


def _pairs(name: str | None, cities: "pd.DataFrame") -> "pd.DataFrame":
    """Read the pairs, or measure between the seats of the cities that the table names."""
    import itertools

    import pandas as pd

    from geo.analysis.years import require_columns
    from geo.cli.inputs import table_named
    from geo.crs import to_analysis
    from geo.layers.places import link_lines
    from geo.region import current_region

    if name is not None:
        return table_named(name)
    require_columns(cities, "region", name="cities")
    regions = sorted(set(cities["region"].astype(str)))
    found = pd.DataFrame(itertools.combinations(regions, 2), columns=["origin", "destination"])
    lines = to_analysis(link_lines(found, "origin", "destination"), current_region().crs)
    return found.assign(cost=lines.length.to_numpy() / 1000)
