"""GeoPackage: one layer with its spatial index, equal bytes for equal frames."""

import json
import os
from pathlib import Path
from typing import Final

import geopandas as gpd

from geo.errors import OutputError
from geo.formats.format import Format, Provenance, check_rows
from geo.formats.values import json_value

__all__ = ["GEOPACKAGE"]


def _fill_gpkg(frame: gpd.GeoDataFrame, provenance: Provenance, path: Path) -> None:
    import pyogrio  # noqa: PLC0415

    # a text column named fid would be taken for the row id
    renamed = {
        name: f"{name}_in" for name in frame.columns if str(name).lower() in ("fid", "ogc_fid")
    }
    before = os.environ.get("OGR_CURRENT_DATE")
    os.environ["OGR_CURRENT_DATE"] = "1980-01-01T00:00:00.000Z"
    try:
        pyogrio.write_dataframe(
            _plain_cells(frame.rename(columns=renamed)),
            path,
            driver="GPKG",
            layer="layer",
            dataset_metadata={"provenance": json.dumps(json_value(provenance), ensure_ascii=False)}
            if provenance
            else None,
        )
    finally:
        if before is None:
            del os.environ["OGR_CURRENT_DATE"]
        else:
            os.environ["OGR_CURRENT_DATE"] = before


def _plain_cells(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a copy in which object columns hold only text, numbers or nothing."""
    texts = {}
    for name in frame.columns.drop(frame.geometry.name):
        if frame[name].dtype == object:
            texts[name] = [
                value
                if value is None or isinstance(value, str | int | float)
                else json.dumps(value)
                for value in map(json_value, frame[name])
            ]
    return frame.assign(**texts)


def _check_gpkg(expected: int, path: Path) -> None:
    import sqlite3  # noqa: PLC0415

    base = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        intact = base.execute("pragma integrity_check").fetchone()[0]
        indexed = base.execute("select count(*) from sqlite_master where name like 'rtree_%'")
        if intact != "ok" or indexed.fetchone()[0] == 0:
            msg = f"the GeoPackage is not whole ({intact})"
            raise OutputError(msg)
        check_rows(path, expected, base.execute('select count(*) from "layer"').fetchone()[0])
    finally:
        base.close()


GEOPACKAGE: Final = Format(_fill_gpkg, _check_gpkg)
