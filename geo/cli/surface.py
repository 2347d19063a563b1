"""``jjj surface``: the density of points as a raster."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from geo.cli.options import (
    LAYER,
    POINTS,
    Datum,
    Encoding,
    Overwrite,
    Sheet,
    Summary,
    explains,
    untaken,
)

if TYPE_CHECKING:
    import geopandas as gpd

    from geo.analysis.surfaces.density import Surface
    from geo.door.account import Account

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)


Points = Annotated[str, typer.Argument(metavar="POINTS", help=POINTS)]
Output = Annotated[
    str,
    typer.Option(
        "-o",
        "--output",
        metavar="FILE.tif",
        callback=untaken,
        help="Where to write; - is stdout.",
    ),
]
BandwidthKm = Annotated[
    float, typer.Option(metavar="KM", help="Standard deviation of the Gaussian kernel.")
]
CellM = Annotated[float, typer.Option(metavar="METRES", help="Side of a cell.")]
Weight = Annotated[
    str | None, typer.Option(metavar="COLUMN", help="Weigh points by a column of numbers.")
]
Year = Annotated[
    str | None,
    typer.Option(metavar="COLUMN", help="Add a band for each year, on the same grid."),
]
Land = Annotated[
    str,
    typer.Option(
        metavar="auto|none|LAYER|FILE",
        help="What holds the density: the region and its neighbours, everything, or polygons. "
        f"{LAYER}",
    ),
]
Explain = Annotated[bool, explains("kernel-density")]


@app.command()
def surface(
    points: Points,
    *,
    output: Output,
    bandwidth_km: BandwidthKm = 5.0,
    cell_m: CellM = 500.0,
    weight: Weight = None,
    year: Year = None,
    land: Land = "auto",
    datum: Datum = "auto",
    sheet: Sheet = None,
    encoding: Encoding = None,
    _explain: Explain = False,
    summary: Summary = None,
    overwrite: Overwrite = False,
) -> None:
    """Estimate the density of points per km² and write it as a cloud-optimised GeoTIFF.

    A Gaussian kernel by linear binning and FFT. The weight of every point is kept on land: the
    sea neither takes from the density beside it nor shows any. What the surface holds of the
    total, and how far it is from the exact kernel at 32 cells (as a share of the peak, before the
    coast is heeded), is told on stderr and kept in the file.
    """
    from dataclasses import replace

    from geo.analysis.surfaces.density import (
        densities_by_year,
        kernel_error,
        point_density,
    )
    from geo.cli.inputs import column_named, provenance_of, read_input
    from geo.cli.results import naming
    from geo.cli.study import box_around, crs_of, require_inside
    from geo.cli.summary import add_summary
    from geo.crs import to_analysis
    from geo.formats.cog import add_raster
    from geo.join import point_xy
    from geo.write import Outputs

    own_land = _own_land(land)
    reach = None if own_land is None else box_around(own_land)
    given = read_input(points, datum=datum, sheet=sheet, encoding=encoding, reach=reach)
    frame = given.frame
    if own_land is None:
        if land == "auto":
            require_inside(frame, name=points, uses="land")
        crs = crs_of(frame, name=points)
    else:
        crs = crs_of(own_land, name=land)
    spots = to_analysis(frame.geometry, crs)
    weights = None if weight is None else _numbers(frame, weight, points)
    wide, ground = bandwidth_km * 1_000, _land(land, own_land, crs)
    yearly: dict[int, Surface] = {}
    with naming(points):
        done = point_density(spots, bandwidth_m=wide, cell_m=cell_m, weights=weights, land=ground)
        if year is not None:
            yearly = densities_by_year(
                spots, column_named(frame, year, points), bandwidth_m=wide, cell_m=cell_m,
                weights=weights, land=ground, box=done.raster.bounds,
            )  # fmt: skip
    x, y = point_xy(spots, crs)
    error = kernel_error(x, y, bandwidth_m=wide, cell_m=cell_m, weights=weights)
    account = _account(done, error)
    by_year = {str(one): made.n for one, made in yearly.items()}
    parameters = {
        "bandwidth_km": bandwidth_km, "cell_m": cell_m, "weight": weight, "land": land,
        "kernel": "Gaussian", **account, "left_out": dict(done.left_out),
        **({"points_by_year": by_year} if by_year else {}),
    }  # fmt: skip
    with Outputs(overwrite=overwrite) as outputs:
        told = provenance_of({"points": given}, parameters, formulas=("kernel-density",))
        more = {name: replace(yearly[int(name)].raster, unit="1/km2") for name in by_year}
        add_raster(outputs, output, done.raster, provenance=told, unit="1/km2", more=more)
        lost = {why: n for why, n in done.left_out.items() if why != "no position"}
        add_summary(outputs, summary, _headline(given.account, done.n, lost), **account)
    _tell(account, by_year, lost)


def _account(done: "Surface", error: float) -> dict[str, float]:
    return {
        "points": done.n, "points_dropped": done.n_dropped, "total": done.total,
        "mass": round(done.mass, 6), "off_land": round(done.off_land, 6),
        "error_of_peak": float(f"{error:.1e}"),
    }  # fmt: skip


def _headline(rows: "Account", used: int, weightless: dict[str, int]) -> dict[str, Any]:
    """Say how many of the file's rows are in the density."""
    from geo.cli.summary import headline

    lost = {reason: one.rows for reason, one in rows.left_out.items()} | weightless
    sentence = {
        "zh": f"共 {rows.rows:,} 行，计入密度 {used:,} 行",
        "en": f"{used:,} of {rows.rows:,} rows are in the density",
        "ja": f"{rows.rows:,} 行のうち {used:,} 行を密度に算入",
    }
    return headline(used, rows.rows, sentence, lost)


def _tell(account: dict[str, float], by_year: dict[str, int], weightless: dict[str, int]) -> None:
    said = ", ".join(f"{name} {value:g}" for name, value in account.items())
    typer.echo(f"jjj: {said}", err=True)
    if weightless:
        why = ", ".join(f"{n:,} with {reason}" for reason, n in weightless.items())
        typer.echo(f"jjj: left out of the density: {why}", err=True)
    if by_year:
        undated = int(account["points"]) - sum(by_year.values())
        told_years = ", ".join(f"{name} {n}" for name, n in by_year.items())
        typer.echo(
            f"points by year, a band each after the first: {told_years}; undated {undated}",
            err=True,
        )


def _numbers(frame: "gpd.GeoDataFrame", name: str, source: str) -> Any:
    import pandas as pd

    from geo.cli.inputs import column_named

    return pd.to_numeric(column_named(frame, name, source), errors="coerce").to_numpy(dtype=float)


def _own_land(name: str) -> "gpd.GeoSeries | None":
    """Open the land that the user names; None for the region's, or for none."""
    from geo.tables import open_layer

    return None if name in ("auto", "none") else open_layer(name, want="areas").geometry


def _land(name: str, own: "gpd.GeoSeries | None", crs: Any) -> "gpd.GeoSeries | None":
    """Return what holds the density: the user's land, or the region's with its neighbours."""
    import geopandas as gpd
    import pandas as pd

    from geo.crs import to_analysis
    from geo.layers import read
    from geo.region import current_region

    if name == "none":
        return None
    if own is not None:
        return to_analysis(own, crs)
    region = current_region()
    parts = [read(region.land).geometry]
    if region.neighbours is not None:
        parts.append(read(region.neighbours).geometry)
    both = gpd.GeoSeries(pd.concat(parts), crs="EPSG:4326")
    return both.to_crs(crs)  # what holds the weight is drawn, not measured: it may reach far
