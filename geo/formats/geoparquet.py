"""GeoParquet 1.1: geometry as WKB, provenance under a key of its own."""

import json
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.crs import STORAGE_CRS
from geo.formats.format import Format, Provenance, check_rows
from geo.formats.values import json_value

__all__ = ["GEOPARQUET", "geoparquet_table"]


def geoparquet_table(frame: pd.DataFrame, provenance: Provenance | None = None) -> Any:
    """Turn a frame into a pyarrow table with GeoParquet 1.1 metadata.

    Parameters
    ----------
    frame
        With geometry in ``STORAGE_CRS``, or a plain table.
    provenance
        Kept under the metadata key ``provenance``.

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
    columns = {str(key): _arrow_column(plain.iloc[:, at]) for at, key in enumerate(plain.columns)}
    metadata = {}
    if shapes is not None and name is not None:
        wkb = shapely.to_wkb(shapes, flavor="iso")
        wkb[shapely.is_missing(shapes)] = None
        columns[name] = pa.array(wkb, type=pa.binary())
        metadata["geo"] = json.dumps(_geo_metadata(name, shapes))
    if provenance:
        metadata["provenance"] = json.dumps(
            json_value(provenance), ensure_ascii=False, sort_keys=True
        )
    return pa.table(columns).replace_schema_metadata(metadata)


def _arrow_column(column: "pd.Series[Any]") -> Any:
    import pyarrow as pa  # noqa: PLC0415

    try:
        return pa.array(column, from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        values = [json_value(value) for value in column]
        text = [
            value if value is None or isinstance(value, str) else json.dumps(value)
            for value in values
        ]
        return pa.array(text, type=pa.string())


def _geo_metadata(name: str, shapes: NDArray[np.object_]) -> dict[str, Any]:
    present = shapes[~shapely.is_missing(shapes)]
    _, first = np.unique(shapely.get_type_id(present), return_index=True)
    kinds = sorted(str(present[at].geom_type) for at in first)
    described: dict[str, Any] = {
        "encoding": "WKB",
        "geometry_types": kinds,
        "crs": STORAGE_CRS.to_json_dict(),
    }
    box = shapely.total_bounds(present) if len(present) else np.full(4, np.nan)
    if np.isfinite(box).all():
        described["bbox"] = box.tolist()
    return {"version": "1.1.0", "primary_column": name, "columns": {name: described}}


def _fill_parquet(frame: pd.DataFrame, provenance: Provenance, path: Path) -> None:
    import pyarrow.parquet as pq  # noqa: PLC0415

    pq.write_table(geoparquet_table(frame, provenance), path, compression="zstd")


def _check_parquet(expected: int, path: Path) -> None:
    import pyarrow.parquet as pq  # noqa: PLC0415

    check_rows(path, expected, pq.read_metadata(path).num_rows)


GEOPARQUET: Final = Format(_fill_parquet, _check_parquet)
