"""``jjj check``: a number from a text, worked out again."""

from typing import Annotated

import typer

app = typer.Typer(
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    no_args_is_help=True,
    help="Work a published number out again.",
)


@app.callback()
def check() -> None:
    """Work a published number out again."""


@app.command(context_settings={"ignore_unknown_options": True})
def growth(
    x0: Annotated[float, typer.Argument(metavar="X0", help="First value.")],
    x1: Annotated[float, typer.Argument(metavar="X1", help="Last value.")],
    year0: Annotated[int, typer.Argument(metavar="YEAR0", help="Year of the first value.")],
    year1: Annotated[int, typer.Argument(metavar="YEAR1", help="Year of the last value.")],
) -> None:
    """Compute the growth a year between two values, over periods and not years."""
    import pandas as pd

    from geo.analysis.flows.growth import compound_growth
    from geo.analysis.flows.growth import growth as measure
    from geo.analysis.result import formula

    compound_growth(x0, x1, year0, year1)  # refuses what has no growth
    found = measure(pd.Series({year0: x0, year1: x1}))
    typer.echo(f"{found.cagr:.1%} a year over {found.periods} periods, x{found.multiple:.3g}")
    typer.echo(
        f"  {year0} to {year1} are {found.periods} periods; counting {found.periods + 1} years "
        f"would give {found.cagr_if_years_counted:.1%}, a common slip"
    )
    typer.echo(f"  caveat: {formula('compound-growth').caveat.en}")
    typer.echo(
        "  an index: make sure that both years have the same base (2014=100) and the same vintage"
    )
