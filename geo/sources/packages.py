"""Readers of the data packages on PyPI: files are found and hashed, never imported."""

import hashlib
import json
import re
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from typing import Any, NoReturn

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from shapely.geometry import shape

from geo.crs import STORAGE_CRS
from geo.errors import InputError, MissingExtraError
from geo.sources.registry import Source, source

__all__ = [
    "read_altitude",
    "read_divisions",
    "read_graph",
    "read_towns",
    "read_unit_files",
    "source_path",
]


def source_path(origin: Source) -> Path:
    """Find a source's file in its installed package and check its hash.

    Parameters
    ----------
    origin
        A source that lives in a package.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    MissingExtraError
        When the package is not installed.
    InputError
        When the file is missing, or is not the one whose hash is registered.
    """
    path = _installed(origin)
    if not path.is_file():
        _refuse_missing(origin, origin.path)
    _require_hash(origin, hashlib.sha256(path.read_bytes()).hexdigest())
    return path


def _installed(origin: Source) -> Path:
    try:
        return Path(str(metadata.distribution(origin.package).locate_file(origin.path)))
    except metadata.PackageNotFoundError:
        raise _missing(origin.package, origin) from None


def _missing(package: str, origin: Source) -> MissingExtraError:
    return MissingExtraError(
        f"{package} is needed to build this layer; "
        f"pip install 'jingjinji[{origin.extra}]', the shipped layers need no package"
    )


def _refuse_missing(origin: Source, path: str) -> NoReturn:
    msg = f"{origin.package}: {path} is missing from the installed package; reinstall it"
    raise InputError(msg)


def _require_hash(origin: Source, found: str) -> None:
    if found != origin.sha256:
        msg = f"{origin.package}: {origin.path} is not version {origin.version} ({found[:12]}…)"
        raise InputError(msg)


def read_unit_files(source_id: str, adcodes: Iterable[str]) -> gpd.GeoSeries:
    """Read a source that keeps one GeoJSON geometry a unit, named by its adcode.

    Parameters
    ----------
    source_id
        Id of the source: ``"amap-counties"`` is the only one.
    adcodes
        Units to read, in the order in which their files were hashed for the registry.

    Returns
    -------
    GeoSeries
        Indexed by adcode, coordinates as published: the datum is the source's, so the series
        carries no reference system.

    Raises
    ------
    MissingExtraError
        When the package is not installed.
    InputError
        When a file is missing, or the files are not those whose hash is registered.
    """
    origin = source(source_id)
    folder = _installed(origin)
    digest = hashlib.sha256()
    shapes = {}
    for adcode in adcodes:
        file = folder / f"{adcode}.geojson"
        if not file.is_file():
            _refuse_missing(origin, f"{origin.path}/{file.name}")
        content = file.read_bytes()
        digest.update(content)
        shapes[adcode] = content
    _require_hash(origin, digest.hexdigest())
    polygons = {adcode: shape(json.loads(content)) for adcode, content in shapes.items()}
    return gpd.GeoSeries(polygons).rename_axis("adcode")


def read_divisions(source_id: str) -> gpd.GeoDataFrame:
    """Read Tianditu's divisions of China.

    Parameters
    ----------
    source_id
        Id of the source: ``"tianditu-counties"`` or ``"tianditu-provinces"``.

    Returns
    -------
    GeoDataFrame
        Columns ``adcode`` (six digits) and ``name_zh``, polygons in ``STORAGE_CRS`` (CGCS2000
        degrees taken as WGS 84), coordinates as published.
    """
    features = json.loads(source_path(source(source_id)).read_text(encoding="utf-8"))["features"]
    return gpd.GeoDataFrame(
        {
            "adcode": [str(one["properties"]["gb"]).removeprefix("156") for one in features],
            "name_zh": [one["properties"]["name"] for one in features],
        },
        geometry=[shape(one["geometry"]) for one in features],
        crs=STORAGE_CRS,
    )


def read_graph(
    source_id: str, box: tuple[float, float, float, float]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read the part of a world transport graph that touches a box.

    Parameters
    ----------
    source_id
        Id of the source: ``"osm-railways"`` or ``"osm-highways"``.
    box
        West, south, east, north in degrees; an edge is kept when both its ends are inside.

    Returns
    -------
    nodes : DataFrame
        Index: the graph's node number; columns ``lon``, ``lat``.
    edges : DataFrame
        Columns ``from_node``, ``to_node`` (from < to) and ``length_km``, one row a pair; loops of
        the source (length 0) are left out, of parallel edges the shorter is kept.
    """
    lines = source_path(source(source_id)).read_text(encoding="utf-8").splitlines()
    parts = dict(line.split("=", 1) for line in lines if line.startswith(("graph=", "nodes=")))
    place = np.asarray(json.loads(parts["nodes"]), dtype=np.float64)
    # the graph is a list of {node: km}; with its keys quoted it is JSON, read 20 times faster
    links: list[dict[str, float]] = json.loads(re.sub(r"(\d+):", r'"\1":', parts["graph"]))
    west, south, east, north = box
    lat, lon = place[:, 0], place[:, 1]
    inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    rows = [
        (min(start, int(end)), max(start, int(end)), km)
        for start in np.flatnonzero(inside).tolist()
        for end, km in links[start].items()
        if int(end) != start and inside[int(end)]
    ]
    edges = (
        pd.DataFrame(rows, columns=["from_node", "to_node", "length_km"])
        .groupby(["from_node", "to_node"], as_index=False)
        .min()
    )
    kept = np.unique(edges[["from_node", "to_node"]].to_numpy(dtype=np.int64))
    nodes = pd.DataFrame({"lon": lon[kept], "lat": lat[kept]}, index=pd.Index(kept, name="node"))
    return nodes, edges


def read_towns(box: tuple[float, float, float, float]) -> pd.DataFrame:
    """Read GeoNames' populated places of China in a box.

    Parameters
    ----------
    box
        West, south, east, north in degrees.

    Returns
    -------
    DataFrame
        Columns ``geonameid``, ``name``, ``alternatenames`` (list), ``lon``, ``lat``,
        ``population``; sorted by id.
    """
    text = source_path(source("geonames")).read_text(encoding="utf-8")
    places: dict[str, dict[str, Any]] = json.loads(text)
    frame = pd.DataFrame(
        {
            "geonameid": [int(one["geonameid"]) for one in places.values()],
            "name": [one["name"] for one in places.values()],
            "alternatenames": [one["alternatenames"] for one in places.values()],
            "country": [one["countrycode"] for one in places.values()],
            "lon": [float(one["longitude"]) for one in places.values()],
            "lat": [float(one["latitude"]) for one in places.values()],
            "population": [int(one["population"]) for one in places.values()],
        }
    )
    west, south, east, north = box
    inside = frame.lon.between(west, east) & frame.lat.between(south, north)
    chosen = frame[inside & (frame.country == "CN")]
    return chosen.drop(columns="country").sort_values("geonameid").reset_index(drop=True)


def read_altitude() -> NDArray[np.uint8]:
    """Read the world's altitude grid.

    Returns
    -------
    ndarray of uint8, shape (2160, 4320)
        Rows from north to south, columns from 180° W; metres = 28 × value − 450, 255 is sea.

    Raises
    ------
    MissingExtraError
        When the package or h5py is not installed.
    """
    origin = source("altitude-5min")
    place = source_path(origin)
    try:
        import h5py  # noqa: PLC0415 - only needed to build the terrain layer
    except ImportError:
        raise _missing("h5py", origin) from None
    with h5py.File(place, "r") as file:
        return np.asarray(file["Altitude"], dtype=np.uint8)
