"""Point → county, against everything that does it, on coarse and on detailed polygons."""

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from benchmarks.data import layer_a, layer_b, points
from benchmarks.report import Report
from geo.join import unit_index
from geo.join.compiler import MANY
from geo.join.index import _build

NUMPY, COMPILED = 10**12, 0


def run(report: Report) -> None:
    for name, layer in (
        ("a, 天地图, 20k vertices", layer_a()),
        ("b, Amap, 216k vertices", layer_b()),
    ):
        if layer is None:
            report.say(f"\nlayer {name}: not installed")
            continue
        _one_million(report, name, layer)
        if name.startswith("b"):
            _ten_million(report, name, layer)


def _one_million(report: Report, name: str, layer: gpd.GeoDataFrame) -> None:
    lon, lat = points(report.size(1_000_000))
    truth = unit_index(layer).codes(lon, lat, compile_from=NUMPY)
    _prove(layer, lon, lat, truth)

    def ours(compile_from: int) -> np.ndarray:
        _build.cache_clear()
        asked = len(lon) if len(lon) >= compile_from else 0
        return unit_index(layer, n_points=asked).codes(lon, lat, compile_from=compile_from)

    at_hand = unit_index(layer)
    goal = {"b": 100.0, "a": 50.0}[name[0]]
    report.compare(
        f"Point in polygon, {len(lon):,} points, layer {name}, index build included",
        {
            "jingjinji": lambda: ours(MANY),
            "jingjinji without numba": lambda: ours(NUMPY),
            "jingjinji, index at hand": lambda: at_hand.codes(lon, lat, compile_from=COMPILED),
        },
        {
            "geopandas.sjoin intersects": _sjoin(layer, lon, lat, "intersects"),
            "geopandas.sjoin within": _sjoin(layer, lon, lat, "within"),
            "shapely STRtree of units": _tree(layer, lon, lat),
            "DuckDB spatial": _duckdb(layer, lon, lat),
            "SedonaDB": _sedona(layer, lon, lat),
            "polars-st": _polars(layer, lon, lat),
            "dask-geopandas": _dask(layer, lon, lat),
        },
        check=_checker(layer, truth),
        goals={"geopandas.sjoin intersects": goal},
    )


def _ten_million(report: Report, name: str, layer: gpd.GeoDataFrame) -> None:
    lon, lat = points(report.size(10_000_000))
    index = unit_index(layer)
    truth = index.codes(lon, lat, compile_from=NUMPY)
    report.compare(
        f"Point in polygon, {len(lon):,} points, layer {name}",
        {
            "jingjinji": lambda: index.codes(lon, lat, compile_from=COMPILED),
            "jingjinji without numba": lambda: index.codes(lon, lat, compile_from=NUMPY),
        },
        {
            "SedonaDB": _sedona(layer, lon, lat),
            "geopandas.sjoin within": _sjoin(layer, lon, lat, "within"),
            "shapely STRtree of units": _tree(layer, lon, lat),
            "dask-geopandas": _dask(layer, lon, lat),
        },
        check=_checker(layer, truth),
        goals={"SedonaDB": 40.0, "geopandas.sjoin within": 90.0},
        most_mb={"jingjinji": 150.0},
        note=(
            "The index is at hand, in memory. DuckDB, polars-st and sjoin intersects would take a "
            "minute or two each here: their million stands above."
        ),
    )


def _prove(layer: gpd.GeoDataFrame, lon: Any, lat: Any, codes: Any) -> None:
    """Hold a sample, and every vertex, against GEOS without any index."""
    xy = shapely.get_coordinates(layer.geometry.to_numpy())[::97]
    x, y = np.concatenate([lon[::499], xy[:, 0]]), np.concatenate([lat[::499], xy[:, 1]])
    shapes = layer.sort_index().geometry.to_numpy()
    wanted = np.full(len(x), -1)
    which, unit = shapely.STRtree(shapes).query(shapely.points(x, y), predicate="intersects")
    wanted[which[::-1]] = unit[::-1]
    for at in np.unique(which):
        wanted[at] = unit[which == at].min()
    for compile_from in (NUMPY, COMPILED):
        found = unit_index(layer).codes(x, y, compile_from=compile_from)
        assert (found == wanted).all(), "the index and GEOS differ"
    assert (codes[::499] == wanted[: len(lon[::499])]).all(), "the index and GEOS differ"


def _checker(layer: gpd.GeoDataFrame, truth: Any) -> Callable[[str, Any], str]:
    ids = layer.sort_index().index

    def check(name: str, answer: Any) -> str:
        if name.startswith("jingjinji"):
            assert (answer == truth).all(), f"{int((answer != truth).sum())} points differ"
            return "exact"
        at, unit = answer
        code = ids.get_indexer(pd.Index(np.asarray(unit, dtype=object)))
        found = np.full(len(truth), 10**6)
        np.minimum.at(found, np.asarray(at, dtype=np.int64), code)
        found[found == 10**6] = -1
        wrong = int((found != truth).sum())
        assert wrong <= 3, f"{wrong} points differ"
        twice = len(at) - len(np.unique(at))
        return f"{wrong} differ, {twice} twice" if wrong or twice else "same"

    return check


def _points(lon: Any, lat: Any) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"n": np.arange(len(lon))}, geometry=gpd.points_from_xy(lon, lat), crs=4326
    )


def _sjoin(layer: Any, lon: Any, lat: Any, predicate: str) -> Callable[[], Any]:
    frame, units = _points(lon, lat), layer[["geometry"]].reset_index()

    def work() -> Any:
        done = gpd.sjoin(frame, units, predicate=predicate)
        return done["n"].to_numpy(), done["adcode"].to_numpy()

    return work


def _tree(layer: Any, lon: Any, lat: Any) -> Callable[[], Any]:
    shapes, ids = layer.geometry.to_numpy(), layer.index.to_numpy()

    def work() -> Any:
        spots = shapely.points(lon, lat)
        unit, at = shapely.STRtree(spots).query(shapes, predicate="intersects")
        return at, ids[unit]

    return work


def _wkb(layer: Any) -> pd.DataFrame:
    return pd.DataFrame({"adcode": list(layer.index), "wkb": layer.geometry.to_wkb().to_numpy()})


def _duckdb(layer: Any, lon: Any, lat: Any) -> Callable[[], Any] | None:
    if not (find_spec("duckdb") and find_spec("duckdb_extension_spatial")):
        return None
    import importlib.resources

    import duckdb

    base = importlib.resources.files("duckdb_extension_spatial")
    (file,) = base.glob("extensions/*/spatial.duckdb_extension")  # type: ignore[attr-defined]
    connection = duckdb.connect(config={"allow_unsigned_extensions": "true"})
    connection.execute(f"LOAD '{file}'")
    connection.register("p", pd.DataFrame({"n": np.arange(len(lon)), "lon": lon, "lat": lat}))
    connection.register("w", _wkb(layer))
    connection.execute("CREATE TABLE u AS SELECT adcode, ST_GeomFromWKB(wkb) AS g FROM w")

    def work() -> Any:
        found = connection.execute(
            "SELECT p.n, u.adcode FROM p JOIN u ON ST_Intersects(u.g, ST_Point(p.lon, p.lat))"
        ).fetchnumpy()
        return found["n"], found["adcode"]

    return work


def _sedona(layer: Any, lon: Any, lat: Any) -> Callable[[], Any] | None:
    if not find_spec("sedonadb"):
        return None
    import sedonadb

    connection = sedonadb.connect()
    table = pd.DataFrame({"n": np.arange(len(lon)), "lon": lon, "lat": lat})
    connection.create_data_frame(table).to_view("p")
    connection.create_data_frame(layer[["geometry"]].reset_index()).to_view("u")

    def work() -> Any:
        found = connection.sql(
            "SELECT p.n, u.adcode FROM p JOIN u ON "
            "ST_Intersects(u.geometry, ST_SetSRID(ST_Point(p.lon, p.lat), 4326))"
        ).to_arrow_table()
        return found["n"].to_numpy(), found["adcode"].to_pandas().to_numpy()

    return work


def _polars(layer: Any, lon: Any, lat: Any) -> Callable[[], Any] | None:
    if not find_spec("polars_st"):
        return None
    import polars as pl
    import polars_st as st

    units = pl.DataFrame({"adcode": list(layer.index), "geometry": list(layer.geometry.to_wkb())})
    units = units.with_columns(st.from_wkb("geometry"))
    table = pl.DataFrame({"n": np.arange(len(lon)), "x": lon, "y": lat})

    def work() -> Any:
        spots = table.with_columns(geometry=st.point(pl.concat_list("x", "y")))
        done = spots.st.sjoin(units, on="geometry", predicate="intersects")
        return done["n"].to_numpy(), done["adcode"].to_numpy()

    return work


def _dask(layer: Any, lon: Any, lat: Any) -> Callable[[], Any] | None:
    if not find_spec("dask_geopandas"):
        return None
    import dask_geopandas

    frame, units = _points(lon, lat), layer[["geometry"]].reset_index()

    def work() -> Any:
        split = dask_geopandas.from_geopandas(frame, npartitions=4)
        done = split.sjoin(units, predicate="within").compute()
        return done["n"].to_numpy(), done["adcode"].to_numpy()

    return work
