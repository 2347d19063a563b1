"""``jjj structure``: centres, spread, clusters and rank-size."""

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from geo.cli.options import (
    LAYER,
    POINTS,
    Datum,
    Encoding,
    Explain,
    Output,
    OutputEncoding,
    Overwrite,
    Sheet,
    Summary,
    Year,
)

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from geo.analysis.result import Result
    from geo.cli.inputs import Input
    from geo.cli.results import Places

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)

_FORMULAS: Final = {
    "centres": (
        "mean-centre",
        "median-centre",
        "centre-shift",
        "standard-deviational-ellipse",
    ),
    "moran": ("moran", "unit-density"),
    "local-moran": ("local-moran", "unit-density"),
    "hotspots": ("getis-ord-gi-star", "unit-density"),
    "neighbours": ("nearest-neighbour-ratio",),
    "ripley": ("ripley-k", "local-k"),
    "rank-size": ("rank-size", "primacy", "polycentricity"),
}

_LAYERS: Final = {
    "centres": (),
    "moran": ("to",),
    "local-moran": ("to",),
    "hotspots": ("to",),
    "neighbours": ("window",),
    "ripley": ("window",),
    "rank-size": (),
}
"""The layers that each measure reads beside the points."""
_USED: Final = {
    "centres": ("measure", "weight", "year", "scaling"),
    "moran": ("measure", "weight", "code", "year", "permutations"),
    "local-moran": ("measure", "weight", "code", "year", "permutations", "alternative"),
    "hotspots": ("measure", "weight", "code", "year"),
    "neighbours": ("measure", "year"),
    "ripley": ("measure", "year", "radii_km"),
    "rank-size": ("measure", "weight", "city", "year"),
}
"""The options that decide each measure, for the provenance."""


Points = Annotated[
    str | None,
    typer.Argument(
        metavar="POINTS",
        help=f"{POINTS} Units with --weight, or a table with --code and "
        "--weight, for moran, local-moran, hotspots; a table of cities with --weight for "
        "rank-size.",
    ),
]
Measure = Annotated[str, typer.Option(metavar="WHICH", help=f"One of {', '.join(_FORMULAS)}.")]
Weight = Annotated[str | None, typer.Option(metavar="C", help="The column with weights or values.")]
Code = Annotated[
    str | None,
    typer.Option(metavar="C", help="The column with codes that joins a table to --to."),
]
City = Annotated[str | None, typer.Option(metavar="C", help="The column with cities, for a layer.")]
Scaling = Annotated[
    str, typer.Option(metavar="raw|arcgis|crimestat", help="Of the ellipse's axes.")
]
To = Annotated[
    str | None,
    typer.Option(
        metavar="LAYER|FILE",
        help=f"Units that points are counted in, per km²; the region's smallest. {LAYER}",
    ),
]
Window = Annotated[
    str | None,
    typer.Option(
        metavar="LAYER|FILE",
        help=f"Study polygon of neighbours and ripley; the region's land. {LAYER}",
    ),
]
RadiiKm = Annotated[str, typer.Option(metavar="KM,KM", help="Distances of ripley.")]
Alternative = Annotated[str, typer.Option(metavar="two-sided|greater|less", help="Of local-moran.")]
Permutations = Annotated[int, typer.Option(metavar="N", help="Of the moran tests.")]


@app.command()
def structure(
    points: Points = None,
    *,
    measure: Measure = "centres",
    weight: Weight = None,
    year: Year = None,
    code: Code = None,
    city: City = None,
    scaling: Scaling = "raw",
    to: To = None,
    window: Window = None,
    radii_km: RadiiKm = "5,10,20,40",
    alternative: Alternative = "two-sided",
    permutations: Permutations = 999,
    datum: Datum = "auto",
    sheet: Sheet = None,
    encoding: Encoding = None,
    explain: Explain = False,
    output: Output = "-",
    output_encoding: OutputEncoding = "UTF-8",
    summary: Summary = None,
    overwrite: Overwrite = False,
) -> None:
    """Measure the spatial structure of points, units or city sizes, for each year.

    By default: mean centre, median centre and standard deviational ellipse, with the shift from
    year to year. The scaling of the ellipse, the alternative of the test and the study window are
    printed with the result, because each changes it. Where a measure is one row (moran,
    neighbours, ripley, rank-size) a layer shows what each unit, point or city has in it.
    """
    from geo.cli.inputs import read_input, refuse_given
    from geo.cli.regions import city_column
    from geo.cli.results import explained, given, naming, write_results
    from geo.cli.study import land_units, smallest_units
    from geo.errors import UnknownIdError

    if measure not in _FORMULAS:
        kind = "measure"
        raise UnknownIdError(kind, measure, _FORMULAS)
    if explain:
        explained(_FORMULAS[measure])
        return
    name = given(points, "POINTS")
    options: dict[str, Any] = {
        "measure": measure,
        "weight": weight,
        "code": code,
        "city": city_column(city),
        "year": year,
        "scaling": scaling,
        "to": to or smallest_units(),
        "window": window or (land_units() if "window" in _LAYERS[measure] else None),
        "radii_km": radii_km,
        "alternative": alternative,
        "permutations": permutations,
    }
    coded = measure == "rank-size" or code is not None
    with naming(name, **{one: options[one] for one in _LAYERS[measure]}):
        reach = None if coded else _reach(measure, options)
        opened = (
            None
            if coded
            else read_input(name, datum=datum, sheet=sheet, encoding=encoding, reach=reach)
        )
        if coded:
            refuse_given(name, {"--datum": None if datum == "auto" else datum})
        options |= {"sheet": sheet, "encoding": encoding}
        frame, results, places = _measured(name, opened, options)
        write_results(
            results,
            output,
            inputs={"points": opened or name} | {one: options[one] for one in _LAYERS[measure]},
            parameters={one: options[one] for one in _USED[measure] if options[one] is not None},
            frame=frame,
            places=places,
            summary=summary,
            output_encoding=output_encoding,
            overwrite=overwrite,
        )


def _measured(
    name: str, opened: "Input | None", options: dict[str, Any]
) -> "tuple[pd.DataFrame, list[Result], Places]":
    from geo.analysis.structure.centres import centre_layer
    from geo.cli.results import Places, canonical
    from geo.cli.structure_by_units import correlated
    from geo.crs import to_analysis

    measure = options["measure"]
    if measure == "rank-size":
        return _sizes(name, options)
    if opened is None or measure in ("moran", "local-moran", "hotspots"):
        return correlated(name, opened, options)
    columns = {"weight": options["weight"], "year": options["year"]}
    own = canonical(opened.frame, columns, name)
    frame = to_analysis(own, _study(measure, options, own, name))
    if measure == "centres":
        layer, results = centre_layer(frame, scaling=options["scaling"])
        return layer, results, Places()
    return _pattern(frame, options)


def _reach(measure: str, options: dict[str, Any]) -> Any:
    """Return where points are places when a file of the user's defines the study area."""
    from geo.cli.study import box_around
    from geo.layers import is_layer
    from geo.tables import open_layer

    files = [one for layer in _LAYERS[measure] if not is_layer(one := options[layer])]
    return box_around(*(open_layer(one, want="areas") for one in files)) if files else None


def _study(measure: str, options: dict[str, Any], own: Any, name: str) -> Any:
    """Return the projection: of the study window, else of the points."""
    from geo.cli.study import crs_of
    from geo.tables import open_layer

    if measure in ("neighbours", "ripley"):
        window = options["window"]
        return crs_of(open_layer(window, want="areas"), name=window)
    return crs_of(own, name=name)


def _pattern(
    frame: "gpd.GeoDataFrame", options: dict[str, Any]
) -> "tuple[pd.DataFrame, list[Result], Places]":
    from functools import partial

    from geo.analysis.points import patterns as local_patterns
    from geo.analysis.points import patterns as point_patterns
    from geo.cli.results import Places
    from geo.crs import to_analysis
    from geo.tables import open_layer

    study = to_analysis(open_layer(options["window"], want="areas"), frame.crs)
    if options["measure"] == "neighbours":
        found = point_patterns.nearest_neighbour_ratio(frame, study)
        each = partial(local_patterns.nearest_neighbours, frame, study)
    else:
        radii = _metres(options["radii_km"])
        found = point_patterns.ripley_k(frame, study, radii_m=radii)
        each = partial(local_patterns.local_k, frame, study, radii_m=radii)
    return found.table(), [found], Places(drawn=lambda: _named_points(each(), frame))


def _named_points(found: "Result", frame: "gpd.GeoDataFrame") -> "Result":
    """Give a result by point the ids and names that the points came with."""
    from dataclasses import replace

    values = found.table()
    rows = values.index.get_level_values(-1)
    names = [one for one in frame.columns if one.endswith("_id") or one.startswith("name")]
    own = frame.loc[rows, names].set_index(values.index)
    if "nearest" in values.columns and names:
        values = values.assign(nearest=frame[names[0]].reindex(values["nearest"]).to_numpy())
    return replace(found, values=values.join(own))


def _metres(text: str) -> list[float]:
    from geo.errors import InputError

    try:
        return [1000 * float(one) for one in text.split(",")]
    except ValueError:
        msg = f"--radii-km takes numbers between commas, not {text!r}"
        raise InputError(msg) from None


def _sizes(name: str, options: dict[str, Any]) -> "tuple[pd.DataFrame, list[Result], Places]":
    from functools import partial

    from geo.analysis.structure import rank_size as r
    from geo.cli.inputs import table_named
    from geo.cli.results import Places, canonical, joined

    columns = {"value": options["weight"], "region": options["city"], "year": options["year"]}
    table = canonical(
        table_named(name, sheet=options["sheet"], encoding=options["encoding"]), columns, name
    )
    results = [r.rank_size(table), r.primacy(table), r.polycentricity(table)]
    return joined(results), results, Places("region", drawn=partial(r.city_ranks, table))
