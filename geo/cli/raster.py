"""``jjj raster``: zonal statistics, hillshade and clipping of any GeoTIFF."""

from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from geo.cli.options import (
    LAYER,
    NoDataCells,
    Output,
    OutputEncoding,
    Overwrite,
    Summary,
    UnitId,
    nodata_of,
    untaken,
)

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from pyproj import CRS

    from geo.door.rasters import NoData
    from geo.raster import Raster

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
Units = Annotated[
    str | None, typer.Option("--to", metavar="LAYER|FILE", help=f"The units or the area. {LAYER}")
]
Band = Annotated[int, typer.Option(metavar="N", help="Band of the raster, from 1.")]
TifOutput = Annotated[
    str,
    typer.Option(
        "-o", "--output", metavar="FILE.tif", callback=untaken, help="Where to write; - is stdout."
    ),
]


def _told(
    band: int, nodata: str | None, undeclared: tuple[tuple[float, int], ...]
) -> dict[str, Any]:
    """Return the parameters of a reading, for the provenance."""
    told: dict[str, Any] = {"band": band}
    if nodata is not None:
        told["nodata"] = nodata
    if undeclared:
        told["taken_as_no_data"] = [{"value": value, "cells": n} for value, n in undeclared]
    return told


def _file(raster: str) -> str:
    from geo.layers import path
    from geo.layers.specs import specs

    return str(path(raster)) if raster in specs().rasters else raster


@app.command("zonal")
def zonal_statistics(
    raster: RasterFile,
    *,
    output: Output = "-",
    output_encoding: OutputEncoding = "UTF-8",
    to: Units = None,
    key: UnitId = None,
    band: Band = 1,
    nodata: NoDataCells = None,
    summary: Summary = None,
    overwrite: Overwrite = False,
) -> None:
    """Summarise a raster in each unit, cells weighted by the exact share that lies inside.

    Adds mean, sum, min, max, stdev, cells and share_missing. A unit without values has none.
    """
    from geo.cli.inputs import provenance_of, without_collisions
    from geo.cli.results import naming
    from geo.cli.summary import (
        add_summary,
        outputs_for,
    )
    from geo.formats import add_frame
    from geo.tables.units import units_named

    chosen = units_named(to, key=key)
    to, units = chosen.name, chosen.frame
    empty = nodata_of(nodata)
    with naming(raster, to=to):
        found, undeclared = _zonal(_file(raster), units, band, empty)
    frame = without_collisions(units, list(found.columns)).join(found)
    frame = frame.reset_index() if frame.index.name else frame
    with outputs_for(output, encoding=output_encoding, overwrite=overwrite) as outputs:
        told = provenance_of({"raster": raster, "units": to}, _told(band, nodata, undeclared))
        add_frame(outputs, output, frame, provenance=told)
        add_summary(outputs, summary, _headline(found), provenance=told)


def _headline(found: "pd.DataFrame") -> dict[str, Any]:
    """Say how many of the units have values."""
    from geo.cli.summary import headline

    whole, filled = len(found), int(found["mean"].notna().sum())
    sentence = {
        "zh": f"共 {whole:,} 个单元，{filled:,} 个有值",
        "en": f"{filled:,} of {whole:,} units have values",
        "ja": f"{whole:,} 単位のうち {filled:,} 単位に値がある",
    }
    return headline(filled, whole, sentence)


def _zonal(
    file: str, units: "gpd.GeoDataFrame", band: int, nodata: "NoData"
) -> tuple["pd.DataFrame", tuple[tuple[float, int], ...]]:
    """Read what the units cover at once or, when that is too much to hold, unit by unit."""
    import pandas as pd

    from geo.analysis.surfaces.zonal import zonal
    from geo.door.rasters import cells_within, read_raster, say_undeclared

    if cells_within(file, units) <= _HELD_CELLS:
        read = read_raster(file, band=band, within=units, nodata=nodata)
        return zonal(read, units), read.undeclared
    parts, undeclared = [], Counter[float]()
    for one in (units.iloc[[at]] for at in range(len(units))):
        if cells_within(file, one):
            read = read_raster(file, band=band, within=one, nodata=nodata, say=False)
            undeclared.update(dict(read.undeclared))
            parts.append(zonal(read, one, must_meet=False))
    say_undeclared(file, undeclared.items())
    found = pd.concat(parts).reindex(units.index)
    drawn = ~units.geometry.is_empty & units.geometry.notna()
    found["cells"] = found["cells"].fillna(0.0)
    found["share_missing"] = found["share_missing"].fillna(drawn.map({True: 1.0, False: None}))
    return found, tuple(undeclared.items())


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
    nodata: NoDataCells = None,
    overwrite: Overwrite = False,
) -> None:
    """Shade a terrain (Horn); a raster in degrees is brought to metres first."""
    from geo.analysis.surfaces.zonal import hillshade
    from geo.cli.inputs import provenance_of
    from geo.cli.results import naming
    from geo.door.rasters import read_raster
    from geo.formats.cog import add_raster
    from geo.raster import warp_to_analysis
    from geo.write import Outputs

    heights = read_raster(_file(raster), band=band, nodata=nodata_of(nodata))
    if heights.crs.is_geographic:
        with naming(raster):
            heights = warp_to_analysis(heights, _middle(heights))
    done = hillshade(heights, azimuth_deg=azimuth, altitude_deg=altitude, z_factor=z_factor)
    parameters = {"azimuth": azimuth, "altitude": altitude, "z_factor": z_factor}
    parameters |= _told(band, nodata, heights.undeclared)
    with Outputs(overwrite=overwrite) as outputs:
        add_raster(outputs, output, done, provenance=provenance_of({"raster": raster}, parameters))


def _middle(raster: "Raster") -> "CRS":
    """Return the equal-area projection of the region, or around the middle of a raster."""
    import geopandas as gpd
    import shapely

    from geo.region import current_region, study_crs

    if not raster.crs.is_geographic:
        return current_region().crs
    return study_crs(gpd.GeoSeries([shapely.box(*raster.bounds)], crs=raster.crs))


@app.command("clip")
def clip(
    raster: RasterFile,
    *,
    output: TifOutput,
    to: Units = None,
    band: Band = 1,
    nodata: NoDataCells = None,
    overwrite: Overwrite = False,
) -> None:
    """Cut a raster to an area; cells whose middle is outside become empty."""
    from geo.analysis.surfaces.zonal import clip_raster
    from geo.cli.inputs import provenance_of
    from geo.cli.results import naming
    from geo.cli.study import land_units
    from geo.door.rasters import read_raster
    from geo.formats.cog import add_raster
    from geo.tables import open_layer
    from geo.write import Outputs

    to = to or land_units()
    area = open_layer(to, want="areas")
    empty = nodata_of(nodata)
    with naming(raster, to=to):
        read = read_raster(_file(raster), band=band, within=area, nodata=empty)
        done = clip_raster(read, area)
    with Outputs(overwrite=overwrite) as outputs:
        told = provenance_of({"raster": raster, "area": to}, _told(band, nodata, done.undeclared))
        add_raster(outputs, output, done, provenance=told)
