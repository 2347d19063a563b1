"""GeoJSON (RFC 7946) and GeoJSON lines: WGS 84, right-hand rings, six decimals, no ``crs``."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.crs import STORAGE_CRS, require_crs
from geo.formats.format import Format, Provenance, check_rows, json_value
from geo.formats.shapes import without_measures

__all__ = [
    "GEOJSON",
    "GEOJSONL",
    "HEIGHT_DECIMALS",
    "STORED_DECIMALS",
    "geojson_features",
    "geojson_head",
    "geojson_text",
]

STORED_DECIMALS: Final = 6
"""Of a degree: about 0.1 m."""
HEIGHT_DECIMALS: Final = 2
"""Of a metre."""


def geojson_features(frame: gpd.GeoDataFrame) -> Iterator[str]:
    """Write each row as the text of a GeoJSON feature.

    Parameters
    ----------
    frame
        Features in ``STORAGE_CRS``; geometries may be missing.

    Yields
    ------
    str
        Without a line end.

    Examples
    --------
    >>> list(geojson_features(gpd.GeoDataFrame({"a": [1]}, geometry=[None], crs="EPSG:4326")))
    ['{"type":"Feature","properties":{"a":1},"geometry":null}']
    """
    plain = frame.drop(columns=frame.geometry.name)
    names = [str(name) for name in plain.columns]
    columns = [_column_values(plain.iloc[:, at]) for at in range(len(names))]
    rows: Any = zip(*columns, strict=True) if columns else (() for _ in range(len(frame)))
    for shape, row in zip(_geometry_json(frame), rows, strict=True):
        properties = json.dumps(
            dict(zip(names, row, strict=True)), ensure_ascii=False, separators=(",", ":")
        )
        yield f'{{"type":"Feature","properties":{properties},"geometry":{shape}}}'


def _column_values(column: "pd.Series[Any]") -> list[Any]:
    kind = column.dtype.kind if isinstance(column.dtype, np.dtype) else ""
    if kind in ("i", "u", "b"):
        return list(column.tolist())
    return [json_value(value) for value in column.tolist()]


def _geometry_json(frame: gpd.GeoDataFrame) -> NDArray[np.object_]:
    shapes = shapely.orient_polygons(_rounded(without_measures(frame.geometry.to_numpy())))
    text = shapely.to_geojson(shapes)
    text[shapely.is_missing(shapes) | shapely.is_empty(shapes)] = "null"
    return np.asarray(text, dtype=object)


def _rounded(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Round places to six decimals of a degree and heights to centimetres."""
    high = shapely.has_z(shapes)
    if high.any():
        high = high & ~_without_some_height(shapes)
    done = shapely.transform(
        shapely.force_2d(shapes), lambda xy: np.round(xy, STORED_DECIMALS) + 0.0
    )
    if high.any():
        done[high] = shapely.transform(shapes[high], _round_high, include_z=True)
    return np.asarray(done, dtype=object)


def _without_some_height(shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Tell which shapes have places without a finite height, which JSON cannot write."""
    places, at = shapely.get_coordinates(shapes, include_z=True, return_index=True)
    found = np.zeros(len(shapes), dtype=bool)
    found[at[~np.isfinite(places[:, 2])]] = True
    return found


def _round_high(places: NDArray[np.float64]) -> NDArray[np.float64]:
    flat = np.round(places[:, :2], STORED_DECIMALS)
    return np.column_stack([flat, np.round(places[:, 2], HEIGHT_DECIMALS)]) + 0.0


def geojson_text(frame: gpd.GeoDataFrame, provenance: Provenance | None = None) -> str:
    r"""Write a frame as an RFC 7946 FeatureCollection, one feature a line.

    Parameters
    ----------
    frame
        Features in ``STORAGE_CRS``; geometries may be missing.
    provenance
        Provenance of the data, kept as the foreign member ``provenance``; left out when empty.

    Returns
    -------
    str
        Ends with a newline.

    Raises
    ------
    CRSError
        When the frame is not in ``STORAGE_CRS``.

    Examples
    --------
    >>> empty = gpd.GeoDataFrame({"a": []}, geometry=[], crs="EPSG:4326")
    >>> geojson_text(empty)
    '{"type":"FeatureCollection","features":[\n]}\n'
    """
    require_crs(frame, STORAGE_CRS, name="frame")
    features = ",\n".join(geojson_features(frame))
    return f"{geojson_head(provenance)}{features}{chr(10) if features else ''}]}}\n"


def geojson_head(provenance: Provenance | None = None) -> str:
    r"""Write a FeatureCollection up to its first feature.

    Parameters
    ----------
    provenance
        Provenance of the data, kept as the foreign member ``provenance``; left out when empty.

    Returns
    -------
    str
        Ends with a line end.

    Examples
    --------
    >>> geojson_head()
    '{"type":"FeatureCollection","features":[\n'
    """
    head = '{"type":"FeatureCollection",'
    if provenance:
        body = json.dumps(json_value(provenance), ensure_ascii=False, separators=(",", ":"))
        head += f'"provenance":{body},'
    return f'{head}"features":[\n'


def _fill_geojson(frame: gpd.GeoDataFrame, provenance: Provenance, path: Path) -> None:
    path.write_text(geojson_text(frame, provenance), encoding="utf-8", newline="\n")


def _check_geojson(expected: int, path: Path) -> None:
    found, last = 0, b""
    with path.open("rb") as file:
        for line in file:
            found += line.startswith(b'{"type":"Feature",')
            last = line
    check_rows(path, expected, found if last.endswith(b"]}\n") else -1)


def _fill_geojsonl(frame: gpd.GeoDataFrame, provenance: Provenance, path: Path) -> None:  # noqa: ARG001
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{feature}\n" for feature in geojson_features(frame))


def _check_geojsonl(expected: int, path: Path) -> None:
    with path.open("rb") as file:
        check_rows(path, expected, sum(1 for _ in file))


GEOJSON: Final = Format(_fill_geojson, _check_geojson)
GEOJSONL: Final = Format(_fill_geojsonl, _check_geojsonl)
