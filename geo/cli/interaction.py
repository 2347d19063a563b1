"""``jjj interaction``: linkage computed from sizes and distances, not measured."""

from typing import TYPE_CHECKING, Annotated

import typer

from geo.cli.options import Explain, Output, Overwrite, Year

if TYPE_CHECKING:
    import pandas as pd

app = typer.Typer(
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    no_args_is_help=True,
    help="Compute linkage from sizes and distances: gravity, doubly constrained flows.",
)

Pairs = Annotated[
    str | None,
    typer.Option(metavar="P.csv", help="Columns origin, destination, cost (km or minutes)."),
]


@app.command()
def gravity(
    table: Annotated[
        str | None, typer.Argument(metavar="CITIES", help="Columns region, population, gdp.")
    ] = None,
    *,
    region: Annotated[str | None, typer.Option(metavar="C", help="Cities.")] = None,
    population: Annotated[str | None, typer.Option(metavar="C", help="People.")] = None,
    gdp: Annotated[str | None, typer.Option(metavar="C", help="Product.")] = None,
    year: Year = None,
    pairs: Pairs = None,
    explain: Explain = False,
    output: Output = "-",
    overwrite: Overwrite = False,
) -> None:
    """Compute the potential linkage of pairs of cities, with shares and ranks.

    Without --pairs the cost is the straight distance in km between the seats of the 13 cities.
    """
    from geo.analysis.interaction import gravity as measure  # noqa: PLC0415
    from geo.cli.inputs import table_named  # noqa: PLC0415
    from geo.cli.results import canonical, explained, given, write_results  # noqa: PLC0415

    if explain:
        explained(["gravity"])
        return
    source = given(table, "CITIES")
    columns = {"region": region, "population": population, "gdp": gdp, "year": year}
    cities = canonical(table_named(source), columns)
    for name in ("population", "gdp"):
        if name in cities.columns:
            cities[name] = _numbers(cities[name])
    found = measure(_pairs(pairs, cities), cities)
    inputs = {"cities": source} | ({} if pairs is None else {"pairs": pairs})
    write_results(
        [found],
        output,
        inputs=inputs,
        parameters={"measure": "gravity", "cost": "straight km" if pairs is None else "given"},
        frame=found.table().reset_index(drop=True),
        ends=("origin", "destination"),
        overwrite=overwrite,
    )


@app.command()
def wilson(
    table: Annotated[
        str | None,
        typer.Argument(metavar="TOTALS", help="Columns region, origins, destinations."),
    ] = None,
    *,
    pairs: Pairs = None,
    beta: Annotated[float | None, typer.Option(metavar="B", help="Decay a unit of cost.")] = None,
    decay: Annotated[str, typer.Option(metavar="exponential|power", help="Its form.")] = (
        "exponential"
    ),
    explain: Explain = False,
    output: Output = "-",
    overwrite: Overwrite = False,
) -> None:
    """Spread given totals over pairs so that both margins are met (Wilson's model)."""
    from geo.analysis.interaction import doubly_constrained  # noqa: PLC0415
    from geo.analysis.years import require_columns  # noqa: PLC0415
    from geo.cli.inputs import table_named  # noqa: PLC0415
    from geo.cli.results import explained, given, write_results  # noqa: PLC0415
    from geo.errors import InputError  # noqa: PLC0415

    if explain:
        explained(["doubly-constrained"])
        return
    source, known = given(table, "TOTALS"), given(pairs, "--pairs")
    if beta is None:
        given(None, "--beta")
        return
    totals, costs = table_named(source), table_named(known)
    require_columns(totals, "region", "origins", "destinations", name=source)
    require_columns(costs, "origin", "destination", "cost", name=known)
    if costs.duplicated(["origin", "destination"]).any():
        msg = f"{known}: a pair occurs twice; give both directions, each once"
        raise InputError(msg)
    totals = totals.set_index("region")
    wide = costs.assign(cost=_numbers(costs["cost"])).pivot(
        index="origin", columns="destination", values="cost"
    )
    found = doubly_constrained(
        _numbers(totals["origins"]),
        _numbers(totals["destinations"]),
        wide,
        beta=beta,
        decay=decay,  # type: ignore[arg-type]  # refused by the library
    )
    write_results(
        [found],
        output,
        inputs={"totals": source, "pairs": known},
        parameters={"measure": "wilson", "beta": beta, "decay": decay},
        ends=("origin", "destination"),
        overwrite=overwrite,
    )


def _numbers(cells: "pd.Series[str]") -> "pd.Series[float]":
    import pandas as pd  # noqa: PLC0415

    return pd.Series(pd.to_numeric(cells, errors="coerce"), index=cells.index, dtype=float)


def _pairs(name: str | None, cities: "pd.DataFrame") -> "pd.DataFrame":
    """Read the pairs, or measure between the seats of the cities that the table names."""
    import itertools  # noqa: PLC0415

    import pandas as pd  # noqa: PLC0415

    from geo.analysis.years import require_columns  # noqa: PLC0415
    from geo.cli.inputs import table_named  # noqa: PLC0415
    from geo.cli.results import with_lines  # noqa: PLC0415
    from geo.crs import to_analysis  # noqa: PLC0415

    if name is not None:
        return table_named(name)
    require_columns(cities, "region", name="cities")
    regions = sorted(set(cities["region"].astype(str)))
    found = pd.DataFrame(itertools.combinations(regions, 2), columns=["origin", "destination"])
    lines = to_analysis(with_lines(found, "origin", "destination"))
    found = found.assign(cost=lines.length.to_numpy() / 1000)
    if "year" not in cities.columns:
        return found
    years = pd.DataFrame({"year": sorted(set(cities["year"]))})
    return found.merge(years, how="cross")
