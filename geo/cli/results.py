"""A result on the command line: explained, or written with what it rests on."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely
import typer

from geo.analysis.formulas import explain
from geo.analysis.result import Result
from geo.cli.inputs import STDIN, column_named, provenance_of
from geo.crs import to_storage
from geo.errors import InputError
from geo.formats import add_frame
from geo.layers import catalogue, read
from geo.layers.seats import city_seats
from geo.write import Outputs

__all__ = ["canonical", "explained", "given", "with_lines", "with_shapes", "write_results"]

_LAYER_SUFFIXES: Final = (".geojson", ".geojsonl", ".gpkg")
_DIGITS: Final = 10  # significant; the rest is rounding that differs between machines


def explained(formula_ids: Iterable[str]) -> None:
    """Print formula, reference and caveat of measures.

    Parameters
    ----------
    formula_ids
        As registered.
    """
    typer.echo("\n".join(explain(one) for one in formula_ids))


def given(name: str | None, what: str) -> str:
    """Return an argument that only ``--explain`` may do without.

    Parameters
    ----------
    name
        As given.
    what
        Its metavar.

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


def canonical(frame: pd.DataFrame, columns: dict[str, str | None]) -> pd.DataFrame:
    """Copy the columns that a command line names to the names that the library reads.

    Parameters
    ----------
    frame
        The input.
    columns
        Canonical name to the input's column; None keeps a column of the canonical name, if any.

    Returns
    -------
    DataFrame
        A copy.

    Raises
    ------
    UnknownIdError
        When a named column does not exist; names the nearest.
    """
    copied = {name: column_named(frame, own) for name, own in columns.items() if own is not None}
    return frame.assign(**copied)


def with_shapes(frame: pd.DataFrame, column: str) -> gpd.GeoDataFrame:
    """Give rows the shape of the county, city or province that a column names.

    Parameters
    ----------
    frame
        A table with codes or Chinese names in ``column``; 北京 is 北京市.
    column
        Its name.

    Returns
    -------
    GeoDataFrame
        In ``STORAGE_CRS``.

    Raises
    ------
    InputError
        When no shipped layer has all of them.
    """
    wanted = frame[column].astype(str)
    for layer_id in ("prefectures", "provinces", "counties"):
        units = read(layer_id)
        known = {key: key for key in units.index}
        if not units["name_zh"].duplicated().any():
            for suffix in ("", "市", "省"):
                known |= {
                    name.removesuffix(suffix) if suffix else name: adcode
                    for adcode, name in units["name_zh"].items()
                }
        if wanted.isin(list(known)).all():
            shapes = units.geometry.reindex(wanted.map(known)).to_numpy()
            return gpd.GeoDataFrame(frame, geometry=shapes, crs=units.crs)
    msg = (
        f"column {column}: not all rows name a county, a city or a province "
        f"({wanted.iloc[0]}, …); write a table (.csv, .xlsx) instead"
    )
    raise InputError(msg)


def with_lines(frame: pd.DataFrame, start: str, end: str) -> gpd.GeoDataFrame:
    """Give links the straight line between the seats of the cities that two columns name.

    Parameters
    ----------
    frame
        A table with codes or Chinese names of the 13 cities or of Xiong'an.
    start, end
        Columns. A link inside one city gets a line of no length.

    Returns
    -------
    GeoDataFrame
        In ``STORAGE_CRS``.

    Raises
    ------
    InputError
        When a place is none of them.
    """
    seats = city_seats()
    spots = dict(zip(seats.index, seats.geometry, strict=True))
    for name, spot in zip(seats["name_zh"], seats.geometry, strict=True):
        spots |= {name: spot, name.removesuffix("市"): spot}
    xiongan = read("xiongan").geometry.iloc[0].representative_point()
    spots |= {"雄安新区": xiongan, "雄安": xiongan}
    names = pd.concat([frame[start], frame[end]]).astype(str)
    unknown = names[~names.isin(list(spots))]
    if len(unknown):
        msg = f"{unknown.iloc[0]} is none of the 13 cities; write a table (.csv, .xlsx) instead"
        raise InputError(msg)
    pairs = zip(frame[start].astype(str), frame[end].astype(str), strict=True)
    lines = [shapely.LineString([spots[one], spots[other]]) for one, other in pairs]
    return gpd.GeoDataFrame(frame, geometry=lines, crs=seats.crs)


def write_results(
    results: Sequence[Result],
    output: str,
    *,
    inputs: dict[str, str],
    parameters: dict[str, Any],
    frame: pd.DataFrame | None = None,
    unit: str | None = None,
    ends: tuple[str, str] | None = None,
    extra: dict[str, gpd.GeoDataFrame] | None = None,
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
        For the provenance.
    frame
        What to write instead.
    unit
        The column with units, from which a layer gets its shapes.
    ends
        The columns with the two ends of links, from which a layer gets its lines.
    extra
        Further layers by file, published together with the first.
    overwrite
        Whether files may be replaced.
    """
    table = results[0].table() if frame is None else frame
    names = [name for name in table.index.names if name is not None]
    table = table.reset_index(drop=not names)
    if isinstance(table, gpd.GeoDataFrame):
        table = to_storage(table)
    elif unit is not None and Path(output).suffix.lower() in _LAYER_SUFFIXES:
        table = with_shapes(table, unit)
    elif ends is not None and Path(output).suffix.lower() in _LAYER_SUFFIXES:
        table = with_lines(table, *ends)
    numbers = [name for name in table.columns if pd.api.types.is_float_dtype(table[name].dtype)]
    table = table.assign(**{name: _shortened(table[name]) for name in numbers})
    provenance = provenance_of(inputs, parameters)
    sources = _source_ids(inputs)
    described = [replace(one, source_ids=sources).described() for one in results]
    if len(described) > 1:
        shared = described[0]["sources"]
        described = [{**one, "sources": list(sources)} for one in described]
        provenance |= {"sources": shared, "results": described}
    else:
        provenance |= described[0]
    with Outputs(overwrite=overwrite) as outputs:
        add_frame(outputs, output, table, provenance=provenance)
        for file, layer in (extra or {}).items():
            add_frame(outputs, file, to_storage(layer), provenance=provenance)
    typer.echo(_summary(results[0]), err=True)
    for text in dict.fromkeys(one.caveat.en for one in results):
        typer.echo(f"caveat: {text}", err=True)


def _source_ids(inputs: dict[str, str]) -> tuple[str, ...]:
    """Return the ids of the sources of shipped layers, and the names of files."""
    shipped = catalogue()["layers"]
    found: list[str] = []
    for name in inputs.values():
        if name in shipped:
            found += [one["source_id"] for one in shipped[name]["sources"]]
        else:
            found.append("standard input" if name == STDIN else Path(name).name)
    return tuple(dict.fromkeys(found))


def _shortened(values: "pd.Series[float]") -> "pd.Series[float]":
    return values.map(lambda one: float(f"{one:.{_DIGITS}g}"), na_action="ignore")


def _summary(result: Result) -> str:
    dropped = ", ".join(f"{count} {reason}" for reason, count in result.n_dropped.items())
    years = f", years {result.years[0]} to {result.years[-1]}" if result.years else ""
    return f"{result.n} observations{years}; left out: {dropped or 'none'}"
