"""GeoPackage: one layer with its spatial index, equal bytes for equal frames."""

from pathlib import Path
from typing import Final
from urllib.parse import quote

import geopandas as gpd

from geo.errors import OutputError
from geo.formats.columns import plain_columns
from geo.formats.format import Format, Provenance, check_rows
from geo.formats.gdal import LAYER, provenance_text, settings, write_layer
from geo.formats.losses import Losses
from geo.formats.names import fitted_names
from geo.formats.shapes import layer_type, promoted, without_measures

__all__ = ["GEOPACKAGE"]

# a column named fid would be taken for the row's number
_RESERVED: Final = ("fid", "ogc_fid", "geom")
_FIXED_TIME: Final = "1980-01-01T00:00:00.000Z"


def _fill_gpkg(frame: gpd.GeoDataFrame, provenance: Provenance, path: Path) -> None:
    losses = Losses("gpkg")
    given, columns = plain_columns(frame, losses)
    names = fitted_names(given, reserved=_RESERVED)
    losses.names(given, names)
    losses.utc(names, columns)
    shapes = promoted(without_measures(frame.geometry.to_numpy(), losses))
    with settings(OGR_CURRENT_DATE=_FIXED_TIME):
        write_layer(
            path, "GPKG", dict(zip(names, columns, strict=True)), shapes, losses,
            geometry_type=layer_type(shapes),
            dataset_metadata={"provenance": provenance_text(provenance)} if provenance else None,
        )  # fmt: skip
    losses.tell()


def _check_gpkg(expected: int, path: Path) -> None:
    import sqlite3  # noqa: PLC0415

    base = sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True)
    try:
        intact = base.execute("pragma integrity_check").fetchone()[0]
        indexed = base.execute("select count(*) from sqlite_master where name like 'rtree_%'")
        if intact != "ok" or indexed.fetchone()[0] == 0:
            msg = f"the GeoPackage is not whole ({intact})"
            raise OutputError(msg)
        found = base.execute(f'select count(*) from "{LAYER}"').fetchone()[0]  # noqa: S608 - ours
        check_rows(path, expected, found)
    finally:
        base.close()


GEOPACKAGE: Final = Format(_fill_gpkg, _check_gpkg)
