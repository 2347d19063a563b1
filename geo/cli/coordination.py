"""``jjj coordination``: the coupling coordination degree, without its known mistakes."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from geo.cli.options import Explain, Output, Overwrite, Year

if TYPE_CHECKING:
    import pandas as pd

    from geo.analysis.result import Result

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)


@app.command()
def coordination(
    table: Annotated[
        str | None, typer.Argument(metavar="TABLE", help="CSV, XLSX, Parquet, or - for stdin.")
    ] = None,
    *,
    unit: Annotated[
        str | None, typer.Option(metavar="C", help="The column with units (cities).")
    ] = None,
    year: Year = None,
    subsystem: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=COL,COL", help="A subsystem and its indicators; repeat it."),
    ] = None,
    weights: Annotated[
        Path | None,
        typer.Option(
            metavar="W.yaml",
            help="subsystem: {indicator: weight}, and `level: {subsystem: weight}`; entropy "
            "weights for subsystems that are not named.",
        ),
    ] = None,
    lower_is_better: Annotated[
        str, typer.Option(metavar="COL,COL", help="Indicators to turn round.")
    ] = "",
    variant: Annotated[
        str, typer.Option(metavar="standard|modified", help="Known wrong ones are refused.")
    ] = "standard",
    explain: Explain = False,
    output: Output = "-",
    overwrite: Overwrite = False,
) -> None:
    """Couple subsystems of indicators: C, T and D by unit and year, with the class.

    Indicators are scaled with bounds pooled over all years, so that years compare. The output
    has the scores of the subsystems, coupling, level, degree and the class in three languages.
    """
    from geo.cli.results import explained, given, write_results  # noqa: PLC0415

    if explain:
        coupling = "coupling-coordination" if variant != "modified" else "modified-coupling"
        explained([coupling, "entropy-weights"])
        return
    source, parts = given(table, "TABLE"), _subsystems(subsystem or [])
    frame, results, used = _coupled(
        source,
        {"unit": given(unit, "--unit"), "year": year},
        parts,
        _weights_in(weights),
        [one.strip() for one in lower_is_better.split(",") if one.strip()],
        variant,
    )
    parameters = {"unit": unit, "year": year, "subsystems": parts, "variant": variant, **used}
    write_results(
        results,
        output,
        inputs={"table": source},
        parameters=parameters,
        frame=frame,
        unit="unit",
        overwrite=overwrite,
    )


def _subsystems(words: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for word in words:
        name, sign, columns = word.partition("=")
        parts = [one.strip() for one in columns.split(",") if one.strip()]
        if not sign or not name.strip() or not parts or name.strip() in found:
            msg = f"--subsystem takes NAME=COL,COL with a name of its own, not {word!r}"
            raise typer.BadParameter(msg)
        found[name.strip()] = parts
    if len(found) < 2:
        msg = "--subsystem: coupling needs two subsystems or more"
        raise typer.BadParameter(msg)
    return found


def _weights_in(path: Path | None) -> dict[str, dict[str, float]]:
    import yaml  # noqa: PLC0415

    from geo.errors import InputError, MissingFileError  # noqa: PLC0415

    if path is None:
        return {}
    if not path.is_file():
        msg = f"{path}: no such file"
        raise MissingFileError(msg)
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
        return {
            str(name): {str(key): float(value) for key, value in part.items()}
            for name, part in found.items()
        }
    except (yaml.YAMLError, UnicodeDecodeError, AttributeError, TypeError, ValueError) as error:
        msg = f"{path}: must hold subsystem: {{indicator: weight}} ({type(error).__name__})"
        raise InputError(msg) from error


def _coupled(
    source: str,
    columns: "dict[str, str | None]",
    parts: dict[str, list[str]],
    weights: dict[str, dict[str, float]],
    lower: list[str],
    variant: str,
) -> "tuple[pd.DataFrame, list[Result], dict[str, Any]]":
    from geo.analysis.coordination import coupling_coordination  # noqa: PLC0415
    from geo.analysis.indicators import subsystem_scores  # noqa: PLC0415
    from geo.cli.inputs import column_named, table_named  # noqa: PLC0415
    from geo.cli.results import canonical  # noqa: PLC0415
    from geo.errors import UnknownIdError  # noqa: PLC0415

    table = table_named(source)
    for indicator in [one for part in parts.values() for one in part] + lower:
        column_named(table, indicator)
    for name in weights:
        if name not in (*parts, "level"):
            kind = "subsystem of the weights"
            raise UnknownIdError(kind, name, [*parts, "level"])
    inside = {name: part for name, part in weights.items() if name != "level"}
    scores = subsystem_scores(
        canonical(table, columns), parts, weights=inside, lower_is_better=lower
    )
    found = coupling_coordination(
        scores.table(),
        weights=weights.get("level"),
        variant=variant,  # type: ignore[arg-type]  # refused by the library with the reason
    )
    used = {"weights": weights or "entropy", "lower_is_better": lower}
    return scores.table().join(found.table()), [found, scores], used
