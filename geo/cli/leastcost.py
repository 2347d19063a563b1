"""``jjj leastcost``: the least-cost corridor between two places."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from geo.cli.options import LAYER, RASTER, NoDataCells, Overwrite, explains, nodata_of, untaken

if TYPE_CHECKING:
    import geopandas as gpd

    from geo.door.rasters import NoData
    from geo.raster import Raster

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)

_GRID: Final = "altitude-5min"
_TERRAIN: Final = (
    "the shipped 5′ grid, about 9 km: tells the mountains from the plain; shows no valley, pass or "
    "gradient; give --dem for that"
)
_PLACE: Final = "A city, a plan node, a facility, or LON,LAT."


Origin = Annotated[str, typer.Option("--from", metavar="PLACE", help=_PLACE)]
Destination = Annotated[str, typer.Option("--to", metavar="PLACE", help=_PLACE)]
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
Friction = Annotated[
    str | None,
    typer.Option(
        metavar="F.tif",
        help=f"Cost of a metre, above 0; negative and no data are impassable. {RASTER}",
    ),
]
Dem = Annotated[
    str | None,
    typer.Option(metavar="D.tif", help=f"Elevation in metres, instead of the 5′ terrain. {RASTER}"),
]
Weights = Annotated[
    Path | None,
    typer.Option(metavar="W.yaml", help="Weights of the ground, instead of ours. YAML."),
]
CellM = Annotated[float, typer.Option(metavar="METRES", help="Side of a cell.")]
PathOption = Annotated[
    str | None,
    typer.Option(metavar="P.geojson", callback=untaken, help="Write a cheapest path."),
]
Bands = Annotated[
    str | None,
    typer.Option(metavar="B.geojson", callback=untaken, help="Write the 1 % and 5 % bands."),
]
Axis = Annotated[
    str | None,
    typer.Option(metavar="AXIS_ID|FILE", help=f"Compare the path with an axis. {LAYER}"),
]
WidthKm = Annotated[float, typer.Option(metavar="KM", help="Of that comparison.")]
Explain = Annotated[bool, explains("least-cost-corridor", "ribbon-jaccard")]


@app.command()
def leastcost(
    *,
    origin: Origin,
    destination: Destination,
    output: Output,
    friction: Friction = None,
    dem: Dem = None,
    weights: Weights = None,
    cell_m: CellM = 1000.0,
    path: PathOption = None,
    bands: Bands = None,
    axis: Axis = None,
    width_km: WidthKm = 10.0,
    nodata: NoDataCells = None,
    _explain: Explain = False,
    overwrite: Overwrite = False,
) -> None:
    """Find the least-cost corridor between two places, as a GeoTIFF.

    A cell says what a way over it costs more than the cheapest, in cost units (friction times
    metres) and, in the second band, in per cent of the cheapest: 0 on a cheapest way, no data
    where none leads. Without a friction raster the ground costs what
    geo/analysis/corridors/friction.yaml says, on the shipped land, rail, road and terrain.
    """
    import geopandas as gpd

    from geo.analysis.corridors.least_cost import (
        band_polygons,
        jaccard,
        least_cost_corridor,
    )
    from geo.cli.inputs import axes_named, place_named, provenance_of
    from geo.cli.study import require_inside
    from geo.crs import to_analysis, to_storage
    from geo.formats import add_frame
    from geo.formats.cog import add_raster
    from geo.write import Outputs

    places = [place_named(name) for name in (origin, destination)]
    if friction is None:
        for place, name in zip(places, (origin, destination), strict=True):
            require_inside(place, name=name, uses="land, roads and railways")
    surface, read_from, told = _surface(friction, dem, weights, cell_m, nodata_of(nodata))
    crs = surface.crs
    ends = [place.to_crs(crs) for place in places]  # one off the surface is refused as such
    found = least_cost_corridor(surface, *(end.iloc[0] for end in ends))
    measures = {"cost": found.cost, "length_km": round(found.length_km, 3)}
    drawn = gpd.GeoDataFrame(
        {"from": [ends[0].index[0]], "to": [ends[1].index[0]], **measures},
        geometry=[found.path],
        crs=crs,
    )
    if axis is not None:
        one = to_analysis(axes_named(axis), crs)
        measures["width_km"] = width_km
        measures["jaccard"] = round(jaccard(drawn.geometry, one, width_km=width_km), 6)
        drawn = drawn.assign(axis_id=one.index[0], jaccard=measures["jaccard"])
    provenance = provenance_of(
        read_from,
        told | {"from": origin, "to": destination} | _said(nodata) | measures,
        formulas=("least-cost-corridor", *(() if axis is None else ("ribbon-jaccard",))),
    )
    with Outputs(overwrite=overwrite) as outputs:
        percent = {"slack in per cent of the least cost": found.slack_percent}
        add_raster(outputs, output, found.slack, provenance=provenance, unit="cost", more=percent)
        if path is not None:
            add_frame(outputs, path, to_storage(drawn), provenance=provenance)
        polygons = band_polygons(found)
        if bands is not None:
            add_frame(outputs, bands, to_storage(polygons), provenance=provenance)
    for line in _told(f"{ends[0].index[0]} to {ends[1].index[0]}", measures, polygons, told, axis):
        typer.echo(line, err=True)


def _said(nodata: str | None) -> dict[str, str]:
    return {} if nodata is None else {"nodata": nodata}


def _told(
    way: str,
    measures: dict[str, Any],
    bands: "gpd.GeoDataFrame",
    parameters: dict[str, Any],
    axis: str | None,
) -> Iterator[str]:
    """Say length, cost, bands, overlap, and what the ground rests on."""
    yield f"{way}: {measures['length_km']:g} km, cost {measures['cost']:,.0f} (friction × metres)"
    areas = "; ".join(
        f"within {one.within_percent:g} % of that cost {one.area_km2:,.0f} km², "
        f"{one.mean_width_km:.1f} km wide on average"
        for one in bands.itertuples()
    )
    yield f"corridor: {areas}"
    if axis is not None:
        yield (
            f"overlap with {axis} within {measures['width_km']:g} km: Jaccard index "
            f"{measures['jaccard']:.2f} (1 is the same line)"
        )
    if "ground" in parameters:
        weights = ", ".join(
            f"{name} {'impassable' if value is None else format(value, 'g')}"
            for name, value in parameters["ground"].items()
        )
        yield (
            f"ground: assumed weights ({weights}), cells of {parameters['cell_m']:g} m; other "
            "weights or cells give other ways"
        )
    if "terrain" in parameters:
        yield f"terrain: {parameters['terrain']}"


def _surface(
    friction: str | None,
    dem: str | None,
    weights: Path | None,
    cell_m: float,
    nodata: "NoData",
) -> tuple["Raster", dict[str, str], dict[str, Any]]:
    """Return the friction surface, the layers or files behind it, and its parameters."""
    import geopandas as gpd
    import pandas as pd

    from geo.analysis.corridors.friction import friction_surface, friction_weights
    from geo.door.rasters import read_raster
    from geo.layers import path, read
    from geo.layers.specs import specs
    from geo.region import current_region

    if friction is not None:
        return _given(friction, nodata), {"friction": friction}, {}
    costs = friction_weights() if weights is None else _weights(weights)
    region = current_region()
    rail, road = region.network("rail"), region.network("road")
    heights = dem or path(region.layer("terrain", supply="give --dem FILE"))
    land = read(region.land, crs="analysis").geometry
    shapes, layers = land, [region.land]
    if region.neighbours is not None:
        hull = land.union_all().convex_hull
        around = read(region.neighbours).geometry.to_crs(region.crs).intersection(hull)
        shapes = pd.concat([land, around[around.area > 0]])
        layers.append(region.neighbours)
    surface = friction_surface(
        gpd.GeoDataFrame(geometry=shapes),
        rail=read(rail, crs="analysis"),
        road=read(road, crs="analysis"),
        elevation=read_raster(heights, nodata=nodata),
        cell_m=cell_m,
        weights=costs,
    )
    read_from = {name: name for name in (*layers, rail, road)} | {"elevation": dem or "terrain"}
    coarse = dem is None and _GRID in specs(region).rasters["terrain"].sources
    caveat = {"terrain": _TERRAIN} if coarse else {}
    return surface, read_from, {"ground": dict(costs), "cell_m": cell_m} | caveat


def _given(friction: str, nodata: "NoData") -> "Raster":
    """Read the user's friction by nearest cells: classes and walls must not be averaged away."""
    import geopandas as gpd
    import shapely

    from geo.analysis.corridors.least_cost import require_friction
    from geo.cli.results import naming
    from geo.cli.study import crs_of
    from geo.crs import is_equal_area
    from geo.door.rasters import read_raster
    from geo.raster import warp_to_analysis

    read = read_raster(friction, nodata=nodata)
    with naming(friction):
        require_friction(read)
        if is_equal_area(read.crs):
            return read
        box = gpd.GeoSeries([shapely.box(*read.bounds)], crs=read.crs)
        return warp_to_analysis(read, crs_of(box, name=friction), nearest=True)


def _weights(file: Path) -> dict[str, float | None]:
    from pydantic import FiniteFloat, RootModel, Strict

    from geo.analysis.corridors.friction import check_weights
    from geo.cli.results import naming
    from geo.door.document import read_document

    weights = RootModel[dict[str, Annotated[FiniteFloat, Strict()] | None]]
    found = read_document(file, weights).root
    with naming(str(file)):
        return dict(check_weights(found))
