"""DXF for CAD: outlines, lines and points in metres of EPSG:4509, without attributes."""

from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from geo.crs import HANDOVER_CRS, STORAGE_CRS, to_handover
from geo.errors import InputError
from geo.formats.format import Format, Provenance, check_empty
from geo.formats.gdal import check_layer, plainly_named, said_by_gdal, settings
from geo.formats.losses import Losses
from geo.formats.shapes import Shapes, without_measures

__all__ = ["DXF"]

_MERIDIAN: Final = 117
_FALSE_EASTING_M: Final = 500_000
_FARTHEST_M: Final = 1_000_000
_LAYERS: Final = np.array(["points", "lines", "lines", "outlines"])


def _fill_dxf(frame: gpd.GeoDataFrame, provenance: Provenance, path: Path) -> None:  # noqa: ARG001
    import pyogrio  # noqa: PLC0415

    losses = Losses("dxf")
    losses.add(f"metres of {HANDOVER_CRS.to_string()} ({HANDOVER_CRS.name})")
    columns = [str(name) for name in frame.columns.drop(frame.geometry.name)]
    if columns:
        losses.add(f"columns left out: {', '.join(columns)}")
    shapes = without_measures(frame.geometry.to_numpy(), losses)
    nowhere = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    losses.count(int(nowhere.sum()), "rows without a place left out")
    single = _parts(_metres(shapes[~nowhere]))
    drawn = gpd.GeoDataFrame(
        {"Layer": _LAYERS[shapely.get_type_id(single)]}, geometry=single, crs=HANDOVER_CRS
    )
    # outlines, not hatches, are what a drawing can go on from
    with (
        settings(DXF_WRITE_HATCH=False),
        said_by_gdal(path, losses),
        plainly_named(path) as place,
    ):
        pyogrio.write_dataframe(drawn, place, driver="DXF")
    check_layer(_entities(single), path)
    losses.tell()


def _metres(shapes: Shapes) -> Shapes:
    done: Shapes = to_handover(gpd.GeoSeries(shapes, crs=STORAGE_CRS)).to_numpy()
    aside = np.abs(shapely.get_coordinates(done)[:, 0] - _FALSE_EASTING_M)
    turned = np.abs((shapely.get_coordinates(shapes)[:, 0] - _MERIDIAN + 180) % 360 - 180)
    # what cannot be projected is infinite; the far side of the earth falls on the near one
    far = int((~(aside <= _FARTHEST_M) | (turned > 90)).sum())
    if far:
        msg = (
            f"{far:,} vertices are more than {_FARTHEST_M // 1000:,} km from {_MERIDIAN}° E, "
            f"where lengths in {HANDOVER_CRS.to_string()} are wrong by more than 1 %; write .gpkg"
        )
        raise InputError(msg)
    return done


def _parts(shapes: Shapes) -> Shapes:
    """Take multiple shapes and collections apart, whatever they hold."""
    while (shapely.get_type_id(shapes) > 3).any():
        shapes = shapely.get_parts(shapes)
    return shapes


def _entities(single: Shapes) -> int:
    """Count what a reader finds: every ring of a polygon is an outline of its own."""
    polygons = single[shapely.get_type_id(single) == 3]
    return len(single) + int(shapely.get_num_interior_rings(polygons).sum())


DXF: Final = Format(_fill_dxf, check_empty)
