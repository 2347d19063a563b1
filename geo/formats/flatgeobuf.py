"""FlatGeobuf: one layer in the order of its spatial index, equal bytes for equal frames."""

from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pyarrow as pa
import shapely

from geo.formats.columns import plain_columns
from geo.formats.format import Format, Provenance
from geo.formats.gdal import check_layer, provenance_text, write_layer
from geo.formats.losses import Losses
from geo.formats.names import fitted_names
from geo.formats.shapes import (
    Shapes,
    heights_for_all,
    layer_type,
    promoted,
    without_empty,
    without_measures,
)

__all__ = ["FLATGEOBUF"]


def _fill_fgb(frame: gpd.GeoDataFrame, provenance: Provenance, path: Path) -> None:
    losses = Losses("fgb")
    given, columns = plain_columns(frame, losses)
    names = fitted_names(given)
    losses.names(given, names)
    for name, column in zip(names, columns, strict=True):
        if pa.types.is_date(column.type):
            losses.add(f"{name}: dates are times at midnight")
    shapes = without_empty(without_measures(frame.geometry.to_numpy(), losses), losses)
    shapes = _one_dimension(shapes, losses)
    write_layer(
        path, "FlatGeobuf", dict(zip(names, columns, strict=True)), shapes, losses,
        geometry_type=layer_type(shapes),
        layer_metadata={"provenance": provenance_text(provenance)} if provenance else None,
        layer_options=_index(shapes, losses),
    )  # fmt: skip
    losses.tell()


def _one_dimension(shapes: Shapes, losses: Losses) -> Shapes:
    high = shapely.has_z(shapes)
    if not high.any():
        return shapes
    done = heights_for_all(promoted(shapes), Losses("fgb"))
    if layer_type(done) == "Unknown":
        # GDAL declares heights by the type of the layer, and these have several types
        losses.count(int(high.sum()), "geometries of several kinds whose heights are left out")
        return shapely.force_2d(shapes)  # type: ignore[no-any-return]
    return heights_for_all(promoted(shapes), losses)


def _index(shapes: Shapes, losses: Losses) -> dict[str, Any]:
    nowhere = int(shapely.is_missing(shapes).sum())
    if not nowhere:
        return {"SPATIAL_INDEX": "YES"}
    losses.add(f"no spatial index, for want of a place in rows: {nowhere:,}")
    return {"SPATIAL_INDEX": "NO"}


FLATGEOBUF: Final = Format(_fill_fgb, check_layer)
