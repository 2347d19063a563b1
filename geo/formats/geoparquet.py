"""GeoParquet 1.1: geometry as WKB, provenance under a key of its own."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.crs import STORAGE_CRS
from geo.formats.columns import arrow_column
from geo.formats.format import Format, Provenance, check_rows, json_value
from geo.formats.shapes import without_measures

__all__ = ["GEOPARQUET", "geoparquet_metadata", "geoparquet_table", "parquet_rows"]


def geoparquet_table(frame: pd.DataFrame, provenance: Provenance | None = None) -> Any:
    """Turn a frame into a pyarrow table with GeoParquet 1.1 metadata.

    Parameters
    ----------
    frame
        With geometry in ``STORAGE_CRS``, or a plain table.
    provenance
        Provenance of the data, kept under the metadata key ``provenance``.

    Returns
    -------
    pyarrow.Table
        The geometry as WKB; columns with mixed types as text.

    Examples
    --------
    >>> from shapely import Point
    >>> spot = gpd.GeoDataFrame({"a": [1]}, geometry=[Point(116, 40)], crs="EPSG:4326")
    >>> geoparquet_table(spot).schema.names
    ['a', 'geometry']
    """
    import pyarrow as pa  # noqa: PLC0415 - only this format needs it

    if isinstance(frame, gpd.GeoDataFrame):
        name = frame.geometry.name
        shapes = frame.geometry.to_numpy()
        plain = pd.DataFrame(frame.drop(columns=name))
    else:
        name, shapes, plain = None, None, frame
    columns = {str(key): arrow_column(plain.iloc[:, at]) for at, key in enumerate(plain.columns)}
    metadata: dict[str, str] = {}
    if shapes is not None and name is not None:
        shapes = without_measures(shapes)
        wkb = shapely.to_wkb(shapes, flavor="iso")
        wkb[shapely.is_missing(shapes)] = None
        columns[name] = pa.array(wkb, type=pa.binary())
        present = shapes[~shapely.is_missing(shapes)]
        metadata = geoparquet_metadata(name, _kinds(present), _box(present))
    return pa.table(columns).replace_schema_metadata(metadata | _with_provenance(provenance))


def geoparquet_metadata(
    name: str, kinds: Iterable[str], box: list[float], provenance: Provenance | None = None
) -> dict[str, str]:
    """Return the metadata of a GeoParquet file (version 1.1) with one geometry column.

    Parameters
    ----------
    name
        Of the geometry column, whose shapes are WKB in the storage CRS.
    kinds
        Geometry types that occur, such as ``Point`` and ``Polygon Z``.
    box
        Lowest and then highest of each dimension; empty when there is no place.
    provenance
        Written beside it as JSON, if given.

    Returns
    -------
    dict
        Keys ``geo`` and, with provenance, ``provenance``; values are JSON.

    Examples
    --------
    >>> json.loads(geoparquet_metadata("geometry", ["Point"], [])["geo"])["primary_column"]
    'geometry'
    """
    described: dict[str, Any] = {
        "encoding": "WKB",
        "geometry_types": sorted(kinds),
        "crs": STORAGE_CRS.to_json_dict(),
    }
    if box:
        described["bbox"] = box
    geo = {"version": "1.1.0", "primary_column": name, "columns": {name: described}}
    return {"geo": json.dumps(geo)} | _with_provenance(provenance)


def _with_provenance(provenance: Provenance | None) -> dict[str, str]:
    if not provenance:
        return {}
    text = json.dumps(json_value(provenance), ensure_ascii=False, sort_keys=True)
    return {"provenance": text}


def _kinds(present: NDArray[np.object_]) -> list[str]:
    codes = shapely.get_type_id(present) * 2 + shapely.has_z(present)
    _, first = np.unique(codes, return_index=True)
    return sorted(f"{one.geom_type}{' Z' if one.has_z else ''}" for one in present[first])


def _box(shapes: NDArray[np.object_]) -> list[float]:
    """Return the lowest and then the highest of each dimension; nothing when there is no place."""
    high = bool(shapely.has_z(shapes).any())
    places = shapely.get_coordinates(shapes, include_z=high)
    if high and np.isnan(places[:, 2]).all():
        places = places[:, :2]
    if np.isnan(places).all(axis=0).any():
        return []
    box = np.concatenate([np.nanmin(places, axis=0), np.nanmax(places, axis=0)])
    return [float(one) for one in box] if np.isfinite(box).all() else []


def parquet_rows(path: Path) -> int:
    """Count the rows that a Parquet file states.

    Parameters
    ----------
    path
        Path of a Parquet file.

    Returns
    -------
    int
        From its foot, without reading the rows.
    """
    import pyarrow.parquet as pq  # noqa: PLC0415

    return int(pq.read_metadata(path).num_rows)


def _fill_parquet(frame: pd.DataFrame, provenance: Provenance, path: Path) -> None:
    import pyarrow.parquet as pq  # noqa: PLC0415

    pq.write_table(geoparquet_table(frame, provenance), path, compression="zstd")


def _check_parquet(expected: int, path: Path) -> None:
    check_rows(path, expected, parquet_rows(path))


GEOPARQUET: Final = Format(_fill_parquet, _check_parquet)
