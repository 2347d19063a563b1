"""``jjj structure``: centres, spread, clusters and rank-size."""

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from geo.cli.options import Explain, Output, Overwrite, Year

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from geo.analysis.result import Result

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)

_FORMULAS: Final = {
    "centres": (
        "mean-centre",
        "median-centre",
        "centre-shift",
        "standard-deviational-ellipse",
    ),
    "moran": ("moran",),
    "local-moran": ("local-moran",),
    "hotspots": ("getis-ord-gi-star",),
    "neighbours": ("nearest-neighbour-ratio",),
    "ripley": ("ripley-k",),
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
    "moran": ("measure", "weight", "year", "permutations"),
    "local-moran": ("measure", "weight", "year", "permutations", "alternative"),
    "hotspots": ("measure", "weight", "year"),
    "neighbours": ("measure", "year"),
    "ripley": ("measure", "year", "radii_km"),
    "rank-size": ("measure", "weight", "year"),
}
"""The options that decide each measure, for the provenance."""


@app.command()
def structure(
    points: Annotated[
        str | None,
        typer.Argument(
            metavar="POINTS",
            help="A layer's id, a file or -; units with --weight for moran, local-moran, hotspots; "
            "a table of cities with --weight for rank-size.",
        ),
    ] = None,
    *,
    measure: Annotated[
        str, typer.Option(metavar="WHICH", help=f"One of {', '.join(_FORMULAS)}.")
    ] = "centres",
    weight: Annotated[
        str | None, typer.Option(metavar="C", help="The column with weights or values.")
    ] = None,
    year: Year = None,
    scaling: Annotated[
        str, typer.Option(metavar="raw|arcgis|crimestat", help="Of the ellipse's axes.")
    ] = "raw",
    to: Annotated[
        str, typer.Option(metavar="LAYER", help="Units that points are counted in, per km².")
    ] = "counties",
    window: Annotated[
        str, typer.Option(metavar="LAYER", help="Study polygon of neighbours and ripley.")
    ] = "provinces",
    radii_km: Annotated[
        str, typer.Option(metavar="KM,KM", help="Distances of ripley.")
    ] = "5,10,20,40",
    alternative: Annotated[
        str, typer.Option(metavar="two-sided|greater|less", help="Of local-moran.")
    ] = "two-sided",
    permutations: Annotated[int, typer.Option(metavar="N", help="Of the moran tests.")] = 999,
    explain: Explain = False,
    output: Output = "-",
    overwrite: Overwrite = False,
) -> None:
    """Measure the spatial structure of points, units or city sizes, for each year.

    By default: mean centre, median centre and standard deviational ellipse, with the shift from
    year to year. The scaling of the ellipse, the alternative of the test and the study window are
    printed with the result, because each changes it.
    """
    from geo.cli.results import explained, given, write_results  # noqa: PLC0415
    from geo.errors import UnknownIdError  # noqa: PLC0415

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
        "year": year,
        "scaling": scaling,
        "to": to,
        "window": window,
        "radii_km": radii_km,
        "alternative": alternative,
        "permutations": permutations,
    }
    frame, results = _measured(name, options)
    write_results(
        results,
        output,
        inputs={"points": name} | {one: options[one] for one in _LAYERS[measure]},
        parameters={one: options[one] for one in _USED[measure] if options[one] is not None},
        frame=frame,
        overwrite=overwrite,
    )


def _measured(name: str, options: dict[str, Any]) -> "tuple[pd.DataFrame, list[Result]]":
    from geo.analysis.point_patterns import nearest_neighbour_ratio, ripley_k  # noqa: PLC0415
    from geo.analysis.structure import centre_layer  # noqa: PLC0415
    from geo.cli.inputs import points_named  # noqa: PLC0415
    from geo.cli.results import canonical  # noqa: PLC0415
    from geo.crs import to_analysis  # noqa: PLC0415
    from geo.tables import open_layer  # noqa: PLC0415

    columns = {"weight": options["weight"], "year": options["year"]}
    measure = options["measure"]
    if measure == "rank-size":
        return _sizes(name, options)
    frame = to_analysis(canonical(points_named(name), columns))
    if measure in ("moran", "local-moran", "hotspots"):
        return _correlated(frame, options)
    if measure == "centres":
        layer, results = centre_layer(frame, scaling=options["scaling"])
        return layer, results
    study = to_analysis(open_layer(options["window"]))
    if measure == "neighbours":
        found = nearest_neighbour_ratio(frame, study)
    else:
        found = ripley_k(frame, study, radii_m=_metres(options["radii_km"]))
    return found.table(), [found]


def _metres(text: str) -> list[float]:
    from geo.errors import InputError  # noqa: PLC0415

    try:
        return [1000 * float(one) for one in text.split(",")]
    except ValueError:
        msg = f"--radii-km takes numbers between commas, not {text!r}"
        raise InputError(msg) from None


def _sizes(name: str, options: dict[str, Any]) -> "tuple[pd.DataFrame, list[Result]]":
    from geo.analysis.rank_size import polycentricity, primacy, rank_size  # noqa: PLC0415
    from geo.cli.inputs import table_named  # noqa: PLC0415
    from geo.cli.results import canonical  # noqa: PLC0415

    columns = {"value": options["weight"], "year": options["year"]}
    table = canonical(table_named(name), columns)
    results = [rank_size(table), primacy(table), polycentricity(table)]
    frame = results[0].table()
    for one in results[1:]:
        frame = frame.join(one.table().drop(columns="n"))
    return frame, results


def _correlated(
    frame: "gpd.GeoDataFrame", options: dict[str, Any]
) -> "tuple[pd.DataFrame, list[Result]]":
    """Count points in units, or take the values of units that are given; then correlate."""
    from geo.analysis.autocorrelation import getis_ord, moran  # noqa: PLC0415
    from geo.analysis.local_moran import local_moran  # noqa: PLC0415
    from geo.analysis.structure import unit_densities  # noqa: PLC0415
    from geo.analysis.weights import contiguity  # noqa: PLC0415
    from geo.crs import to_analysis  # noqa: PLC0415
    from geo.tables import open_layer  # noqa: PLC0415

    units, table, counted = frame, frame, []
    if (frame.geom_type == "Point").any():
        units = to_analysis(open_layer(options["to"]))
        counted = [unit_densities(frame, units)]
        table = counted[0].table()
    else:
        units, table = _units_and_values(frame, options)
    graph = contiguity(units)
    if options["measure"] == "moran":
        found = moran(table, graph, permutations=options["permutations"])
    elif options["measure"] == "hotspots":
        found = getis_ord(table, graph)
    else:
        found = local_moran(
            table,
            graph,
            alternative=options["alternative"],
            permutations=options["permutations"],
        )
    if options["measure"] == "moran":
        return found.table(), [found, *counted]
    values = found.table().reset_index().rename(columns={"unit": "adcode"})
    names = [one for one in ("name_zh", "name_en", "name_ja") if one in units.columns]
    shaped = units[[*names, "geometry"]].loc[values["adcode"]].reset_index(drop=True)
    return shaped.join(values)[[*values.columns, *names, "geometry"]], [found, *counted]


def _units_and_values(
    frame: "gpd.GeoDataFrame", options: dict[str, Any]
) -> "tuple[gpd.GeoDataFrame, pd.DataFrame]":
    from geo.errors import InputError  # noqa: PLC0415

    if options["weight"] is None:
        msg = "units need --weight, the column whose values are correlated"
        raise InputError(msg)
    identity = next((one for one in ("adcode", "id") if one in frame.columns), None)
    ids = frame.index.astype(str) if identity is None else frame[identity].astype(str)
    named = frame.assign(adcode=ids, value=frame["weight"])
    units = named.drop_duplicates("adcode").set_index("adcode")
    keys = ["adcode", "value", *(["year"] if "year" in named.columns else [])]
    return units, named[keys]
