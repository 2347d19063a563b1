"""``jjj coordination``: the coupling coordination degree, without its known mistakes."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from geo.cli.options import TABLE, Explain, Output, OutputEncoding, Overwrite, Summary, Year

if TYPE_CHECKING:
    import pandas as pd

    from geo.analysis.result import Result

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)


_FORMULAS: Final = {
    "degree": ("coupling-coordination", "entropy-weights"),
    "weights": ("entropy-weights",),
    "synergy": ("synergy", "entropy-weights"),
    "index": ("mean-of-subindices",),
}


Table = Annotated[str | None, typer.Argument(metavar="TABLE", help=TABLE)]
Measure = Annotated[
    str,
    typer.Option(
        metavar="|".join(_FORMULAS),
        help="degree: C, T and D; weights: the entropy weight of each indicator; synergy: "
        "whether a unit's subsystems rise together; index: the mean of five published "
        "sub-indices (columns year, base, component, value; table development_index).",
    ),
]
Unit = Annotated[str | None, typer.Option(metavar="C", help="The column with units (cities).")]
Subsystem = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME=COL,COL", help="A subsystem and its indicators; repeat it."),
]
Weights = Annotated[
    Path | None,
    typer.Option(
        metavar="W.yaml",
        help="subsystem: {indicator: weight}, and `level: {subsystem: weight}`; entropy "
        "weights for subsystems that are not named. YAML.",
    ),
]
LowerIsBetter = Annotated[str, typer.Option(metavar="COL,COL", help="Indicators to turn round.")]
Variant = Annotated[
    str, typer.Option(metavar="standard|modified", help="Known wrong ones are refused.")
]


@app.command()
def coordination(
    table: Table = None,
    *,
    measure: Measure = "degree",
    unit: Unit = None,
    year: Year = None,
    subsystem: Subsystem = None,
    weights: Weights = None,
    lower_is_better: LowerIsBetter = "",
    variant: Variant = "standard",
    explain: Explain = False,
    output: Output = "-",
    output_encoding: OutputEncoding = "UTF-8",
    summary: Summary = None,
    overwrite: Overwrite = False,
) -> None:
    """Couple subsystems of indicators: C, T and D by unit and year, with the class.

    Indicators are scaled with bounds pooled over all years, so that years compare. The output
    has the scores of the subsystems, coupling, level, degree and the class in three languages.
    """
    from geo.cli.results import explained, given
    from geo.errors import UnknownIdError

    if measure not in _FORMULAS:
        kind = "measure"
        raise UnknownIdError(kind, measure, _FORMULAS)
    if explain:
        modified = measure == "degree" and variant == "modified"
        explained(("modified-coupling", "entropy-weights") if modified else _FORMULAS[measure])
        return
    source = given(table, "TABLE")
    target: dict[str, Any] = {
        "output": output,
        "output_encoding": output_encoding,
        "summary": summary,
        "overwrite": overwrite,
    }
    if measure == "index":
        _write_index(source, {"year": year}, **target)
        return
    request = _Request(
        source,
        measure,
        {"unit": given(unit, "--unit"), "year": year},
        _subsystems(subsystem or [], least=1 if measure == "weights" else 2),
        _weights_in(weights),
        [one.strip() for one in lower_is_better.split(",") if one.strip()],
        variant,
    )
    _write_scores(request, **target)


@dataclass(frozen=True)
class _Request:
    source: str
    measure: str
    columns: dict[str, str | None]
    parts: dict[str, list[str]]
    weights: dict[str, dict[str, float]]
    lower: list[str]
    variant: str

    def told(self) -> dict[str, Any]:
        """Return the choices that decide the result, for the provenance."""
        used = {"subsystems": self.parts, "weights": self.weights or "entropy"}
        told = {"measure": self.measure, **self.columns, **used, "lower_is_better": self.lower}
        return told | ({"variant": self.variant} if self.measure == "degree" else {})


def _write_index(
    source: str,
    columns: dict[str, str | None],
    *,
    output: str,
    **target: Any,
) -> None:
    from geo.analysis.coordination.coupling import development_index
    from geo.cli.results import measure_table

    measure_table(
        source,
        "index",
        columns,
        development_index,
        output=output,
        whole=True,
        **target,
    )


def _write_scores(request: _Request, *, output: str, **target: Any) -> None:
    from geo.analysis.coordination.coupling import require_variant
    from geo.cli.inputs import table_named
    from geo.cli.results import Places, canonical, naming, write_results

    require_variant(request.variant)
    table = table_named(request.source)
    _check_columns(table, request)
    with naming(request.source):
        frame, results = _measured(canonical(table, request.columns, request.source), request)
    write_results(
        results,
        output,
        inputs={"table": request.source},
        parameters=request.told(),
        frame=frame,
        places=None if request.measure == "weights" else Places(unit="unit"),
        **target,
    )


def _subsystems(words: list[str], *, least: int) -> dict[str, list[str]]:
    """Read subsystems; one is enough to weigh its indicators, coupling needs two."""
    found: dict[str, list[str]] = {}
    for word in words:
        name, sign, columns = word.partition("=")
        parts = [one.strip() for one in columns.split(",") if one.strip()]
        if not sign or not name.strip() or not parts or name.strip() in found:
            msg = f"--subsystem takes NAME=COL,COL with a name of its own, not {word!r}"
            raise typer.BadParameter(msg)
        found[name.strip()] = parts
    if len(found) < least:
        need = "weights need one subsystem" if least == 1 else "two subsystems are needed"
        msg = f"--subsystem NAME=COL,COL: {need} or more, {len(found)} given"
        raise typer.BadParameter(msg)
    return found


def _weights_in(path: Path | None) -> dict[str, dict[str, float]]:
    from pydantic import FiniteFloat, RootModel, Strict

    from geo.door.document import read_document

    if path is None:
        return {}
    weights = RootModel[dict[str, dict[str, Annotated[FiniteFloat, Strict()]]]]
    return read_document(path, weights).root


def _check_columns(table: "pd.DataFrame", request: _Request) -> None:
    from geo.cli.inputs import column_named
    from geo.errors import UnknownIdError

    for indicator in [one for part in request.parts.values() for one in part] + request.lower:
        column_named(table, indicator, request.source)
    for name in request.weights:
        if name not in (*request.parts, "level"):
            kind = "subsystem of the weights"
            raise UnknownIdError(kind, name, [*request.parts, "level"])


def _measured(table: "pd.DataFrame", request: _Request) -> "tuple[pd.DataFrame, list[Result]]":
    from geo.analysis.coordination.coupling import (
        coupling_coordination,
        synergy_by_unit,
    )
    from geo.analysis.coordination.indicators import subsystem_scores, subsystem_weights
    from geo.cli.results import joined

    inside = {name: part for name, part in request.weights.items() if name != "level"}
    if request.measure == "weights":
        found = subsystem_weights(table, request.parts, lower_is_better=request.lower)
        return found.table(), [found]
    scores = subsystem_scores(table, request.parts, weights=inside, lower_is_better=request.lower)
    if request.measure == "synergy":
        together = synergy_by_unit(scores.table())
        return together.table().join(scores.table()), [together, scores]
    coupled = coupling_coordination(
        scores.table(),
        weights=request.weights.get("level"),
        variant=request.variant,  # type: ignore[arg-type]  # refused above with the reason
    )
    return joined([scores, coupled]), [coupled, scores]
