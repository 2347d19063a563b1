"""``jjj raster``: zonal statistics, hillshade and clipping of any GeoTIFF."""

from typing import TYPE_CHECKING, Annotated, Final

import typer

from geo.cli.options import Output, Overwrite

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

_HELD_CELLS: Final = 50_000_000  # 400 MB

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
    from geo.cli.inputs import provenance_of, without_collisions  # noqa: PLC0415
    from geo.formats import add_frame  # noqa: PLC0415
    from geo.tables import open_layer  # noqa: PLC0415
    from geo.write import Outputs  # noqa: PLC0415

    units = open_layer(to, want="areas")
    found = _zonal(_file(raster), units, band)
    frame = without_collisions(units, list(found.columns)).join(found)
    frame = frame.reset_index() if frame.index.name else frame
    with Outputs(overwrite=overwrite) as outputs:
        told = provenance_of({"raster": raster, "units": to}, {"band": band})
        add_frame(outputs, output, frame, provenance=told)


def _zonal(file: str, units: "gpd.GeoDataFrame", band: int) -> "pd.DataFrame":
    """Read what the units cover at once or, when that is too much to hold, unit by unit."""
    import pandas as pd  # noqa: PLC0415

    from geo.analysis.raster import zonal  # noqa: PLC0415
    from geo.raster import cells_within, read_raster  # noqa: PLC0415

    if cells_within(file, units) <= _HELD_CELLS:
        return zonal(read_raster(file, band=band, within=units), units)
    ones = [units.iloc[[at]] for at in range(len(units))]
    parts = [
        zonal(read_raster(file, band=band, within=one), one, must_meet=False)
        for one in ones
        if cells_within(file, one)
    ]
    found = pd.concat(parts).reindex(units.index)
    drawn = ~units.geometry.is_empty & units.geometry.notna()
    found["cells"] = found["cells"].fillna(0.0)
    found["share_missing"] = found["share_missing"].fillna(drawn.map({True: 1.0, False: None}))
    return found


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

    area = open_layer(to, want="areas")
    done = clip_raster(read_raster(_file(raster), band=band, within=area), area)
    with Outputs(overwrite=overwrite) as outputs:
        told = provenance_of({"raster": raster, "area": to}, {"band": band})
        add_raster(outputs, output, done, provenance=told)
