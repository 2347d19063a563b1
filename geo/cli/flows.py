"""``jjj flows``: the core and the axes in a table of flows between units."""

from typing import TYPE_CHECKING, Annotated, Final

import typer

from geo.cli.options import (
    FLOWS,
    LAYER,
    NODES,
    Encoding,
    Output,
    OutputEncoding,
    Overwrite,
    Sheet,
    Summary,
    explains,
    untaken,
)
from geo.cli.terminal import say

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from geo.analysis.flows.axes import Found
    from geo.analysis.flows.table import Flows

_FORMULAS: Final = ("axis-rule", "core-periphery", "disparity-filter", "flow-density")
_VERDICT_FORMULAS: Final = ("dominant-flow", "flow-communities", "growth-rates")

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)


Table = Annotated[
    str,
    typer.Argument(
        metavar="OD",
        help=FLOWS,
    ),
]
Year = Annotated[
    str | None, typer.Option(metavar="COLUMN", help="The column with years, if not `year`.")
]
Only = Annotated[
    int | None, typer.Option(metavar="YEAR", help="Read the structure from one year only.")
]
Directed = Annotated[bool, typer.Option("--directed", help="Keep A to B and B to A apart.")]
Nodes = Annotated[str | None, typer.Option(metavar="LAYER|FILE", help=f"{NODES} {LAYER}")]
Alpha = Annotated[float, typer.Option(metavar="LEVEL", help="Of the backbone.")]
Verdict = Annotated[
    str | None,
    typer.Option(metavar="V.json", callback=untaken, help="Write core, axes and their support."),
]
Explain = Annotated[bool, explains(*_FORMULAS, *_VERDICT_FORMULAS)]


@app.command()
def flows(
    table: Table,
    *,
    year: Year = None,
    only: Only = None,
    directed: Directed = False,
    nodes: Nodes = None,
    alpha: Alpha = 0.05,
    output: Output = "-",
    output_encoding: OutputEncoding = "UTF-8",
    verdict: Verdict = None,
    _explain: Explain = False,
    sheet: Sheet = None,
    encoding: Encoding = None,
    summary: Summary = None,
    overwrite: Overwrite = False,
) -> None:
    """Find the core, the main axis and the secondary axes in flows between units.

    Units are codes or names (北京 is 北京市). The output has one line a pair and year, with its
    weight, its share, whether it belongs to the backbone, and its axis. The sentence with the
    answer goes to stderr; that there is no axis is an answer too.
    """
    import json

    from geo.analysis.flows.axes import find_axes
    from geo.analysis.flows.lines import flow_lines
    from geo.analysis.flows.report import report
    from geo.analysis.flows.verdicts import verdict as in_words
    from geo.cli.inputs import provenance_of
    from geo.cli.results import naming
    from geo.cli.summary import (
        add_summary,
        headline,
        outputs_for,
    )
    from geo.crs import to_storage
    from geo.formats import add_frame, json_value

    places = places_named(nodes)
    with naming(table, nodes=nodes):
        checked = flows_named(
            table, places, year=year, directed=directed, sheet=sheet, encoding=encoding
        )
    found = find_axes(checked, places, alpha=alpha, year=only)
    parameters = {"alpha": alpha, "bearing_width_deg": found.width_deg, "directed": directed}
    inputs = {"flows": table} | ({} if nodes is None else {"nodes": nodes})
    formulas = (*_FORMULAS, *(() if verdict is None else _VERDICT_FORMULAS))
    provenance = provenance_of(inputs, parameters, formulas=formulas)
    lines = to_storage(flow_lines(checked, places, alpha=alpha, found=found))
    with outputs_for(output, encoding=output_encoding, overwrite=overwrite) as outputs:
        add_frame(outputs, output, lines, provenance=provenance)
        if verdict is not None:
            full = report(checked, places, found, year=only) | {"provenance": provenance}
            outputs.text(verdict, json.dumps(json_value(full), ensure_ascii=False, indent=1) + "\n")
        told = headline(
            *_kept(checked, found),
            in_words(found, checked.units).described(),
            rows_left_out(checked),
        )
        add_summary(outputs, summary, told, provenance=provenance)
    say(checked.summary())
    say(in_words(found, checked.units).en)


def _kept(checked: "Flows", found: "Found") -> tuple[float, float]:
    """Return the weight of the backbone and of all flows."""
    whole = float(checked.pairs["weight"].sum())
    return found.backbone_weight_share * whole, whole


def rows_left_out(checked: "Flows") -> dict[str, int]:
    """Return how many rows are no flow between two known units, and why."""
    lost = {
        "from a unit to itself": len(checked.loops),
        "of a unit that is not known": len(checked.unknown),
        "of weight 0": checked.zeros,
    }
    return {reason: rows for reason, rows in lost.items() if rows}


def flows_named(
    table: str,
    places: "gpd.GeoDataFrame",
    *,
    year: str | None = None,
    directed: bool = False,
    sheet: str | None = None,
    encoding: str | None = None,
) -> "Flows":
    """Open a table of flows by its path, or ``-``, and hold it against the places."""
    from geo.analysis.flows.table import check_flows
    from geo.cli.inputs import called, table_named

    long = _long(table_named(table, sheet=sheet, encoding=encoding), year, table)
    inside = _stations(long, places, called(table))
    return check_flows(long, places, directed=directed, name=called(table), inside=inside)


def _stations(long: "pd.DataFrame", places: "gpd.GeoDataFrame", source: str) -> dict[str, str]:
    """Return the city of each end that is a railway station and bears no unit's name."""
    import pandas as pd

    from geo.errors import RegionError
    from geo.layers.places import cities_of_stations

    if not {"origin", "destination"} <= set(long.columns):
        return {}
    known = {*map(str, places.index), *places[["name_zh", "name_en", "name_ja"]].to_numpy().ravel()}
    ends = pd.unique(long[["origin", "destination"]].astype(str).to_numpy().ravel())
    strange = [one for one in ends if one not in known and f"{one}市" not in known]
    try:
        city_of = cities_of_stations() if strange else {}
    except RegionError:
        return {}
    found = {one: city_of[one] for one in strange if city_of.get(one) in places.index}
    if found:
        names = places["name_zh"]
        first = ", ".join(f"{one} = {names[city]}" for one, city in list(found.items())[:5])
        more = " …" if len(found) > 5 else ""
        say(f"{source}: {len(found)} ends are stations, counted for their city: {first}{more}")
    return found


def _long(table: "pd.DataFrame", year: str | None, source: str) -> "pd.DataFrame":
    """Return a long table with canonical columns, whatever its shape and capitals."""
    from geo.analysis.flows.table import from_matrix, named_columns
    from geo.cli.inputs import called, column_named

    if year is not None:
        table = table.assign(year=column_named(table, year, source))
    plain = named_columns(table, name=called(source))
    if {"origin", "destination", "weight"} & set(plain.columns):
        return plain
    return from_matrix(table, name=called(source))


def places_named(nodes: str | None) -> "gpd.GeoDataFrame":
    """Return one point a unit, with the three names."""
    from geo.cli.study import crs_of
    from geo.crs import to_analysis
    from geo.errors import InputError
    from geo.layers.places import city_seats
    from geo.region import current_region
    from geo.tables import open_layer

    if nodes is None:
        return to_analysis(city_seats(), current_region().crs)
    layer = open_layer(nodes)
    layer = to_analysis(layer, crs_of(layer, name=nodes))
    for identity in ("adcode", "id", "name_zh", "name"):
        if layer.index.name is None and identity in layer.columns:
            layer = layer.set_index(layer[identity].astype(str), drop=False)
    if layer.index.name is None or not layer.index.is_unique:
        msg = f"{nodes}: units need an id that is unique: a column adcode, id, name_zh or name"
        raise InputError(msg)
    own = [name for name in ("name_zh", "name", "name_en") if name in layer.columns]
    fallback = layer[own[0]] if own else layer.index.to_series()
    names = {
        name: (layer[name].fillna(fallback) if name in layer.columns else fallback).astype(str)
        for name in ("name_zh", "name_en", "name_ja")
    }
    points = layer.geometry.representative_point()
    return layer[[]].assign(**names).set_geometry(points)
