"""DXF for CAD: outlines, lines and points in metres on a map, without attributes.

The metres are those that the planning offices of a region expect, or of the UTM zone in the middle
of what is drawn.
"""

from functools import partial
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS

from geo.crs import STORAGE_CRS, to_handover
from geo.errors import InputError
from geo.formats.columns import Losses
from geo.formats.format import Format, Provenance, check_empty
from geo.formats.gdal import check_layer, gdal_failures, plain_path, settings
from geo.formats.shapes import Shapes, without_measures

__all__ = ["dxf_format"]

_FARTHEST_M: Final = 1_000_000
_LAYERS: Final = np.array(["points", "lines", "lines", "outlines"])


def _fill_dxf(
    metres: CRS | None,
    frame: gpd.GeoDataFrame,
    provenance: Provenance,  # noqa: ARG001 - DXF has no place for it
    path: Path,
) -> None:
    import pyogrio  # noqa: PLC0415

    losses = Losses("dxf")
    crs = _utm_zone(frame.geometry) if metres is None else metres
    if metres is not None and _vertices_beyond(frame.geometry, metres):
        crs = _utm_zone(frame.geometry)  # it lies elsewhere
    losses.add(f"metres of {crs.to_string()} ({crs.name})")
    columns = [str(name) for name in frame.columns.drop(frame.geometry.name)]
    if columns:
        losses.add(f"columns left out: {', '.join(columns)}")
    shapes = without_measures(frame.geometry.to_numpy(), losses)
    nowhere = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    losses.count(int(nowhere.sum()), "rows without a place left out")
    single = _parts(_metres(shapes[~nowhere], crs))
    drawn = gpd.GeoDataFrame(
        {"Layer": _LAYERS[shapely.get_type_id(single)]}, geometry=single, crs=crs
    )
    # outlines, not hatches, are what a drawing can go on from
    with (
        settings(DXF_WRITE_HATCH=False),
        gdal_failures(path, losses),
        plain_path(path) as place,
    ):
        pyogrio.write_dataframe(drawn, place, driver="DXF")
    check_layer(_entities(single), path)
    losses.log()


def _utm_zone(shapes: gpd.GeoSeries) -> CRS:
    """Return the zone in the middle of the shapes; the first of the table for none."""
    there = shapes[~(shapes.isna() | shapes.is_empty)]
    return there.estimate_utm_crs() if len(there) else CRS.from_epsg(32601)


def _metres(shapes: Shapes, crs: CRS) -> Shapes:
    series = gpd.GeoSeries(shapes, crs=STORAGE_CRS)
    if far := _vertices_beyond(series, crs):
        meridian = _meridian(crs)[0]
        msg = (
            f"{far:,} vertices are more than {_FARTHEST_M // 1000:,} km from {meridian:g}° E, "
            f"where lengths in {crs.to_string()} are wrong by more than 1 %; write .gpkg"
        )
        raise InputError(msg)
    done: Shapes = to_handover(series, crs).to_numpy()
    return done


def _meridian(crs: CRS) -> tuple[float, float]:
    """Return the central meridian in degrees and its easting in metres."""
    made = crs.coordinate_operation
    held = {} if made is None else {one.code: one.value for one in made.params}
    return float(held["8802"]), float(held["8806"])


def _vertices_beyond(series: gpd.GeoSeries, crs: CRS) -> int:
    """Count the vertices that a zone cannot show.

    What cannot be projected is infinite; the far side of the earth falls on the near one.
    """
    shapes = series.to_numpy()
    meridian, easting_m = _meridian(crs)
    aside = np.abs(shapely.get_coordinates(to_handover(series, crs).to_numpy())[:, 0] - easting_m)
    turned = np.abs((shapely.get_coordinates(shapes)[:, 0] - meridian + 180) % 360 - 180)
    return int((~(aside <= _FARTHEST_M) | (turned > 90)).sum())


def _parts(shapes: Shapes) -> Shapes:
    """Take multiple shapes and collections apart, whatever they hold."""
    while (shapely.get_type_id(shapes) > 3).any():
        shapes = shapely.get_parts(shapes)
    return shapes


def _entities(single: Shapes) -> int:
    """Count what a reader finds: every ring of a polygon is an outline of its own."""
    polygons = single[shapely.get_type_id(single) == 3]
    return len(single) + int(shapely.get_num_interior_rings(polygons).sum())


def dxf_format(metres: CRS | None = None) -> Format:
    """Return the format in the metres of a projection.

    Parameters
    ----------
    metres
        A projection with a central meridian (Gauss-Krüger, UTM); the UTM zone in the middle of
        what is drawn by default.

    Returns
    -------
    Format
        How it is filled and checked.
    """
    return Format(partial(_fill_dxf, metres), check_empty)
