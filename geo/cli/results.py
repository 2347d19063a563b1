"""What a command hands over: tables, layers, their texts and formats.

A small table on the terminal: full on a wide screen, tab-separated in a pipe.

A result on the command line: explained, or written with what it rests on.
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, cast

import geopandas as gpd
import pandas as pd
import typer

from geo.analysis.result import Result, explain
from geo.cli.inputs import Input, called, column_named, provenance_of, table_named
from geo.cli.regions import say_former
from geo.cli.summary import add_summary, headline, outputs_for
from geo.cli.terminal import say
from geo.crs import to_storage
from geo.errors import CRSError, InputError
from geo.formats import SUFFIXES, add_frame
from geo.layers import catalogue, read
from geo.layers.places import link_lines, unit_shapes
from geo.region import current_region

__all__ = [
    "Places",
    "canonical",
    "explained",
    "given",
    "joined",
    "measure_table",
    "naming",
    "print_table",
    "write_results",
]


def print_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows aligned in columns, or separated by tabs when stdout is no terminal.

    Parameters
    ----------
    header
        Names of the columns; not printed in a pipe.
    rows
        Texts, one a column. They are printed as they are, never read as markup.
    """
    rows = list(rows)
    if not sys.stdout.isatty():
        for row in rows:
            typer.echo("\t".join(row))
        return
    from rich.console import Console  # only for a terminal
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in header:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)


_TABLES: Final = (".csv", ".parquet", ".xlsx")
_LAYER_SUFFIXES: Final = tuple(one for one in SUFFIXES if one not in _TABLES)
_DIGITS: Final = 10  # significant; the rest is rounding that differs between machines


@dataclass(frozen=True)
class Places:
    """Where the rows of a result lie when they are written as a layer.

    Attributes
    ----------
    unit
        The column with counties, cities or provinces, whose shapes are drawn.
    ends
        The columns with the two ends of links, drawn as lines where a result has both.
    drawn
        Measures the rows of the layer from the input where those of the table have no place (one
        row a year, an industry): with geometry, or with the columns of ``unit`` or ``ends``.
    whole
        Whether each row is of the whole region, whose outline is drawn.
    """

    unit: str | None = None
    ends: tuple[str, str] | None = None
    drawn: Callable[[], Result] | None = None
    whole: bool = False


def explained(formula_ids: Iterable[str]) -> None:
    """Print formula, reference and caveat of measures.

    Parameters
    ----------
    formula_ids
        Ids of formulas as the register has them.
    """
    typer.echo("\n".join(explain(one) for one in formula_ids))


def given(name: str | None, what: str) -> str:
    """Return an argument that only ``--explain`` may do without.

    Parameters
    ----------
    name
        Value of the option as the user wrote it, or None.
    what
        Metavar of the option, for the message.

    Returns
    -------
    str
        The argument.

    Raises
    ------
    typer.BadParameter
        When it is missing.
    """
    if name is None:
        msg = f"Missing argument '{what}'."
        raise typer.BadParameter(msg)
    return name


def canonical(frame: pd.DataFrame, columns: dict[str, str | None], source: str) -> pd.DataFrame:
    """Copy the columns that a command line names to the names that the library reads.

    Parameters
    ----------
    frame
        Table as it was read from the input.
    columns
        Canonical name to the input's column; None keeps a column of the canonical name, if any.
    source
        The input, as named on the command line.

    Returns
    -------
    DataFrame
        A copy.

    Raises
    ------
    UnknownIdError
        When a named column does not exist; names the input and the nearest columns.
    """
    copied = {
        name: column_named(frame, own, source) for name, own in columns.items() if own is not None
    }
    return frame.assign(**copied)


def measure_table(
    source: str,
    measure: str,
    columns: dict[str, str | None],
    library: Callable[[pd.DataFrame], Result | Sequence[Result]],
    *,
    output: str,
    read: Callable[[str], pd.DataFrame] = table_named,
    prepare: Callable[[pd.DataFrame], pd.DataFrame] | None = None,
    unit: str | None = None,
    ends: tuple[str, str] | None = None,
    drawn: Callable[[pd.DataFrame], Result] | None = None,
    whole: bool = False,
    inputs: dict[str, str] | None = None,
    settings: dict[str, Any] | None = None,
    summary: str | None = None,
    output_encoding: str = "UTF-8",
    overwrite: bool = False,
) -> None:
    """Read a table, give its columns the names that the library reads, measure, write.

    Parameters
    ----------
    source
        A table, as named on the command line.
    measure
        Its name, for the provenance.
    columns
        Headers by name, as in ``canonical``.
    library
        Measures; the tables of several results are joined.
    output
        A file, or ``-``.
    read
        Function that opens the source as a table.
    prepare
        Changes the table after its columns are named.
    unit, ends, drawn, whole
        As in ``Places``; ``drawn`` is given the table.
    inputs
        Further files, by the option that names each.
    settings
        Further choices that decide the result, for the provenance.
    summary
        File for the headline, or None.
    output_encoding
        Of the texts of CSV files and shapefiles.
    overwrite
        Whether files may be replaced.
    """
    frame = canonical(read(source), columns, source)
    with naming(source, **(inputs or {})):
        if prepare is not None:
            frame = prepare(frame)
        found = library(frame)
    results = [found] if isinstance(found, Result) else list(found)

    def each() -> Result:
        with naming(source, **(inputs or {})):
            return cast("Callable[[pd.DataFrame], Result]", drawn)(frame)

    given_names = {name: own for name, own in columns.items() if own is not None}
    write_results(
        results,
        output,
        inputs={"table": source, **(inputs or {})},
        parameters={"measure": measure, **(settings or {}), **given_names},
        frame=joined(results),
        places=Places(unit, ends, None if drawn is None else each, whole),
        summary=summary,
        output_encoding=output_encoding,
        overwrite=overwrite,
    )


@contextmanager
def naming(source: str, **beside: str | None) -> Iterator[None]:
    """Put the name of the input before what is wrong with it, and the files read beside it after.

    Parameters
    ----------
    source
        As named on the command line.
    **beside
        What other options name, by the option; a shipped layer is not told.

    Raises
    ------
    InputError
        When the block raises one that does not name the input yet.
    """
    name = called(source)
    try:
        yield
    except (CRSError, InputError) as error:
        said = str(error)
        files = {option: one for option, one in beside.items() if one and Path(one).exists()}
        others = [f"--{option} {called(one)}" for option, one in files.items()]
        if any(called(one) in said for one in files.values()) or (name in said and not others):
            raise
        start = "" if name in said else f"{name}: "
        end = f" ({', '.join(others)})" if others else ""
        msg = f"{start}{said}{end}"
        raise type(error)(msg) from error


def joined(results: Sequence[Result]) -> pd.DataFrame:
    """Lay the tables of measures of the same things beside each other.

    Parameters
    ----------
    results
        Results whose values share one index.

    Returns
    -------
    DataFrame
        Columns that an earlier one has (n) are not repeated.
    """
    whole = results[0].table()
    for one in results[1:]:
        table = one.table()
        whole = whole.join(table.drop(columns=[name for name in table if name in whole]))
    return whole


def write_results(
    results: Sequence[Result],
    output: str,
    *,
    inputs: Mapping[str, str | Input],
    parameters: dict[str, Any],
    frame: pd.DataFrame | None = None,
    places: Places | None = None,
    extra: dict[str, gpd.GeoDataFrame] | None = None,
    summary: str | None = None,
    output_encoding: str = "UTF-8",
    overwrite: bool = False,
) -> None:
    """Write values with their formula, n, what was dropped, years and caveat; say them on stderr.

    Parameters
    ----------
    results
        The first is written unless ``frame`` is given.
    output
        A file, or ``-``.
    inputs, parameters
        Files and settings that the provenance names.
    frame
        What to write instead.
    places
        Where the rows lie, for a layer.
    extra
        Further layers by file, published together with the first.
    summary
        File for the headline, or None.
    output_encoding
        Of the texts of CSV files and shapefiles.
    overwrite
        Whether files may be replaced.
    """
    table = results[0].table() if frame is None else frame
    if places is not None and _is_layer(output):
        table, results = _placed(table, results, places)
    table = _flat(table)
    if isinstance(table, gpd.GeoDataFrame):
        table = to_storage(table)
    numbers = [name for name in table.columns if pd.api.types.is_float_dtype(table[name].dtype)]
    table = table.assign(**{name: _shortened(table[name]) for name in numbers})
    sources = _source_ids(inputs)
    provenance = provenance_of(inputs, parameters) | _described(results, sources)
    with outputs_for(output, encoding=output_encoding, overwrite=overwrite) as outputs:
        add_frame(outputs, output, table, provenance=provenance)
        for file, layer in (extra or {}).items():
            add_frame(outputs, file, to_storage(layer), provenance=provenance)
        add_summary(outputs, summary, _headline(results[0]), provenance=provenance)
    say_former()
    told = {_summary(one): one.formula_id for one in reversed(results)}
    for text, formula_id in reversed(told.items()):
        say(text if len(told) == 1 else f"{formula_id}: {text}")
    ids = ", ".join(dict.fromkeys(one.formula_id for one in results))
    say(f"formula: {ids}; source: {', '.join(sources)}")
    for text in dict.fromkeys(one.caveat.en for one in results):
        say(f"caveat: {text}")


def _is_layer(output: str) -> bool:
    return Path(output).suffix.lower() in _LAYER_SUFFIXES


def _flat(table: pd.DataFrame) -> pd.DataFrame:
    return table.reset_index(drop=not any(name is not None for name in table.index.names))


def _placed(
    table: pd.DataFrame, results: Sequence[Result], places: Places
) -> tuple[pd.DataFrame, Sequence[Result]]:
    """Return the rows of a layer with their geometry, and the measures behind it."""
    if places.drawn is not None:
        drawn = places.drawn()
        table, results = drawn.table(), [*results, drawn]
    table = _flat(table)
    if isinstance(table, gpd.GeoDataFrame):
        return table, results
    if places.whole:
        land = read(current_region().land).geometry
        outline = [land.union_all()] * len(table)
        return gpd.GeoDataFrame(table, geometry=outline, crs=land.crs), results
    linked = places.ends is not None and set(places.ends) <= set(table.columns)
    if places.unit is not None and not linked:
        return gpd.GeoDataFrame(table, geometry=_shapes(table, places.unit)), results
    if places.ends is not None:
        try:
            lines = link_lines(table, *places.ends)
        except InputError as error:
            msg = f"{error}; write a table (.csv, .xlsx) instead"
            raise InputError(msg) from error
        return gpd.GeoDataFrame(table, geometry=lines), results
    return table, results


def _shapes(table: pd.DataFrame, column: str) -> gpd.GeoSeries:
    shapes = unit_shapes(table[column])
    if shapes is None:
        msg = (
            f"column {column}: not all rows name a {_any_unit()} "
            f"({table[column].iloc[0]}, …); write a table (.csv, .xlsx) instead, or bring codes of "
            "another year over with jjj codes upgrade"
        )
        raise InputError(msg)
    return shapes


def _any_unit() -> str:
    words = [level.title.en.lower() for level in current_region().levels]
    return " or a ".join([", a ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]


def _described(results: Sequence[Result], sources: tuple[str, ...]) -> dict[str, Any]:
    described = [replace(one, source_ids=sources).described() for one in results]
    if len(described) == 1:
        return described[0]
    shared = described[0]["sources"]
    return {
        "sources": shared,
        "results": [{**one, "sources": list(sources)} for one in described],
    }


def _headline(result: Result) -> dict[str, Any]:
    """Say how many observations stand behind a result, of how many."""
    lost = {reason: int(count) for reason, count in result.n_dropped.items()}
    whole = result.n + sum(lost.values())
    sentence = {
        "zh": f"共 {whole:,} 个观测，使用 {result.n:,} 个",
        "en": f"{result.n:,} of {whole:,} observations used",
        "ja": f"{whole:,} 観測のうち {result.n:,} を使用",
    }
    return headline(result.n, whole, sentence, lost)


def _source_ids(inputs: Mapping[str, str | Input]) -> tuple[str, ...]:
    """Return the ids of the sources of shipped layers, and the names of files."""
    layers, tables = catalogue()["layers"], catalogue()["tables"]
    found: list[str] = []
    for given_input in inputs.values():
        name = given_input.name if isinstance(given_input, Input) else given_input
        if name in layers:
            found += [one["source_id"] for one in layers[name]["sources"]]
        elif name in tables:
            found.append("facts")
        else:
            found.append(called(name))
    return tuple(dict.fromkeys(found))


def _shortened(values: "pd.Series[float]") -> "pd.Series[float]":
    return values.map(lambda one: float(f"{one:.{_DIGITS}g}"), na_action="ignore")


def _summary(result: Result) -> str:
    dropped = ", ".join(f"{count} {reason}" for reason, count in result.n_dropped.items())
    years = f", years {result.years[0]} to {result.years[-1]}" if result.years else ""
    return f"{result.n} observations{years}; left out: {dropped or 'none'}"
