"""``jjj raster``: zonal statistics, hillshade and clipping of any GeoTIFF."""

from typing import Annotated

import typer

from geo.cli.options import Output, Overwrite

app = typer.Typer(
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    no_args_is_help=True,
    help="Summarise, shade and clip any GeoTIFF.",
)

RasterFile = Annotated[
    str, typer.Argument(metavar="RASTER", help="A GeoTIFF, or the id of a shipped raster.")
]
Units = Annotated[str, typer.Option("--to", metavar="LAYER|FILE", help="The units or the area.")]
Band = Annotated[int, typer.Option(metavar="N", help="Band of the raster, from 1.")]
TifOutput = Annotated[
    str, typer.Option("-o", "--output", metavar="FILE.tif", help="Where to write; - is stdout.")
]


def _file(raster: str) -> str:
    from geo.layers import path  # noqa: PLC0415
    from geo.layers.specs import RASTERS  # noqa: PLC0415

    return str(path(raster)) if raster in RASTERS else raster


@app.command("zonal")
def zonal_statistics(
    raster: RasterFile,
    *,
    output: Output = "-",
    to: Units = "counties",
    band: Band = 1,
    overwrite: Overwrite = False,
) -> None:
    """Summarise a raster in each unit, cells weighted by the exact share that lies inside.

    Adds mean, sum, min, max, stdev, cells and share_missing. A unit without values has none.
    """
    from geo.analysis.raster import zonal  # noqa: PLC0415
    from geo.cli.inputs import provenance_of, without_collisions  # noqa: PLC0415
    from geo.formats import add_frame  # noqa: PLC0415
    from geo.raster import read_raster  # noqa: PLC0415
    from geo.tables import open_layer  # noqa: PLC0415
    from geo.write import Outputs  # noqa: PLC0415

    units = open_layer(to)
    found = zonal(read_raster(_file(raster), band=band), units)
    frame = without_collisions(units, list(found.columns)).join(found)
    frame = frame.reset_index() if frame.index.name else frame
    with Outputs(overwrite=overwrite) as outputs:
        told = provenance_of({"raster": raster, "units": to}, {"band": band})
        add_frame(outputs, output, frame, provenance=told)


@app.command("hillshade")
def shade(
    raster: RasterFile,
    *,
    output: TifOutput,
    azimuth: Annotated[
        float, typer.Option(metavar="DEGREES", help="Where the light comes from.")
    ] = 315.0,
    altitude: Annotated[
        float, typer.Option(metavar="DEGREES", help="How high the light stands.")
    ] = 45.0,
    z_factor: Annotated[float, typer.Option(metavar="FACTOR", help="Exaggerate heights.")] = 1.0,
    band: Band = 1,
    overwrite: Overwrite = False,
) -> None:
    """Shade a terrain (Horn); a raster in degrees is brought to metres first."""
    from geo.analysis.raster import hillshade  # noqa: PLC0415
    from geo.cli.inputs import provenance_of  # noqa: PLC0415
    from geo.cog import add_raster  # noqa: PLC0415
    from geo.raster import read_raster, warp_to_analysis  # noqa: PLC0415
    from geo.write import Outputs  # noqa: PLC0415

    heights = read_raster(_file(raster), band=band)
    if heights.crs.is_geographic:
        heights = warp_to_analysis(heights)
    done = hillshade(heights, azimuth_deg=azimuth, altitude_deg=altitude, z_factor=z_factor)
    parameters = {"azimuth": azimuth, "altitude": altitude, "z_factor": z_factor, "band": band}
    with Outputs(overwrite=overwrite) as outputs:
        add_raster(outputs, output, done, provenance=provenance_of({"raster": raster}, parameters))


@app.command("clip")
def clip(
    raster: RasterFile,
    *,
    output: TifOutput,
    to: Units = "provinces",
    band: Band = 1,
    overwrite: Overwrite = False,
) -> None:
    """Cut a raster to an area; cells whose middle is outside become empty."""
    from geo.analysis.raster import clip_raster  # noqa: PLC0415
    from geo.cli.inputs import provenance_of  # noqa: PLC0415
    from geo.cog import add_raster  # noqa: PLC0415
    from geo.raster import read_raster  # noqa: PLC0415
    from geo.tables import open_layer  # noqa: PLC0415
    from geo.write import Outputs  # noqa: PLC0415

    done = clip_raster(read_raster(_file(raster), band=band), open_layer(to))
    with Outputs(overwrite=overwrite) as outputs:
        told = provenance_of({"raster": raster, "area": to}, {"band": band})
        add_raster(outputs, output, done, provenance=told)
