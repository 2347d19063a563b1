"""Parts: any input schema, every column kept, the same answers as locate."""

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from shapely import Point

import geo
from geo.datum import wgs84_to_gcj02
from geo.errors import CRSError, InputError, MissingFileError
from geo.join import locate
from geo.join.parts import csv_parts, labelled, labeller, part_schema, part_tables, plan_parts

LON = np.array([116.4, 117.2, np.nan, 116.4, 121.5, 150.0, np.inf, 500.0])
LAT = np.array([39.9, 39.1, 39.0, np.nan, 39.0, 10.0, 1.0, 1.0])


@pytest.fixture(scope="module")
def counties():
    return geo.layers.read("counties")


def answers(table: pa.Table) -> list:
    return table.column("adcode").to_pylist()


def test_same_answers_as_locate_and_every_column_kept(counties):
    random = np.random.default_rng(0)
    lon, lat = random.uniform(113.4, 119.9, 5_000), random.uniform(36, 42.7, 5_000)
    table = pa.table({"lat": lat, "n": np.arange(5_000), "city": ["x"] * 5_000, "lon": lon})
    done = labelled(table, labeller(counties, table.schema, boundary_accuracy_m=300.0))
    assert done.column_names == [
        "lat", "n", "city_in", "lon", "adcode", "county", "city", "province", "in_xiongan",
        "location_basis", "location_accuracy_m", "boundary_distance_m", "ambiguous", "datum_in",
        "geometry",
    ]  # fmt: skip
    for name in ("lat", "n", "lon"):
        assert done.column(name).equals(table.column(name))
    points = gpd.GeoSeries(shapely.points(lon, lat), crs=4326)
    wanted = locate(points, counties, boundary_accuracy_m=300.0)
    assert answers(done) == wanted.adcode.where(wanted.adcode.notna(), None).tolist()
    np.testing.assert_allclose(
        done.column("boundary_distance_m").to_pandas(), wanted.boundary_distance_m, atol=0.051
    )
    got = [None if pd.isna(one) else one for one in wanted.ambiguous]
    assert done.column("ambiguous").to_pylist() == got
    at = labelled(
        pa.table({"lon": [116.1], "lat": [38.95]}),
        labeller(counties, pa.schema([("lon", pa.float64()), ("lat", pa.float64())])),
    )
    assert at.column("county").to_pylist() == ["雄县"]
    assert at.column("in_xiongan").to_pylist() == [True]


def test_points_without_place_are_null_not_lost(counties):
    table = pa.table({"lon": LON, "lat": LAT})
    done = labelled(table, labeller(counties, table.schema))
    assert answers(done)[0] == "110101"
    assert answers(done)[2:] == [None] * 6
    basis = done.column("location_basis").to_pylist()
    assert basis == [
        "coordinates",
        "coordinates",
        "none",
        "none",
        "coordinates",
        "coordinates",
        "none",
        "none",
    ]
    shapes = shapely.from_wkb(done.column("geometry").to_numpy())
    assert [shape is None for shape in shapes] == [False, False, True, True, True, True, True, True]
    assert done.column("geometry").null_count == 6


@pytest.mark.parametrize("kind", ["wkb", "wkb-mixed", "geoarrow"])
def test_geoparquet_geometries(counties, tmp_path, kind):
    first = Point(116.4, 39.9, 50.0) if kind == "wkb-mixed" else Point(116.4, 39.9)
    last = [Point()] if kind == "wkb-mixed" else []
    points = gpd.GeoDataFrame(geometry=[first, None, Point(117.2, 39.1), *last], crs=4326)
    path = tmp_path / "in.parquet"
    points.to_parquet(path, geometry_encoding="geoarrow" if kind == "geoarrow" else "WKB")
    parts, schema = plan_parts(path)
    how = labeller(counties, schema)
    (table,) = part_tables(parts[0])
    assert answers(labelled(table, how))[:3] == ["110101", None, "120103"]


def test_text_coordinates_and_gcj(counties):
    lon, lat = wgs84_to_gcj02([116.4], [39.9])
    table = pa.table(
        {"经度": [f" {lon[0]:.9f} ", "", "x1", None], "纬度": [f"+{lat[0]:.9f}", "39", "40", "41"]}
    )
    done = labelled(table, labeller(counties, table.schema, datum="gcj02"))
    assert answers(done) == ["110101", None, None, None]
    spot = shapely.from_wkb(done.column("geometry")[0].as_py())
    assert (spot.x, spot.y) == pytest.approx((116.4, 39.9), abs=1e-8)
    assert done.column("datum_in").to_pylist() == ["gcj02"] * 4


def test_accuracy_of_the_points_decides_doubt(counties):
    table = pa.table({"lon": [116.4] * 2, "lat": [39.9] * 2, "position_accuracy_m": [0.0, 9e4]})
    done = labelled(table, labeller(counties, table.schema))
    assert done.column("ambiguous").to_pylist() == [False, True]


def test_parts_keep_the_order_and_whole_row_groups(tmp_path):
    for name, n in (("b.parquet", 25), ("a.parquet", 10), ("empty.parquet", 0)):
        table = pa.table({"lon": np.zeros(n), "lat": np.zeros(n)})
        pq.write_table(table, tmp_path / name, row_group_size=10)
    parts, _ = plan_parts(tmp_path, rows=20)
    assert [(part.file.name, part.groups, part.rows) for part in parts] == [
        ("a.parquet", (0,), 10), ("b.parquet", (0, 1), 20), ("b.parquet", (2,), 5),
        ("empty.parquet", (0,), 0),
    ]  # fmt: skip
    assert [len(table) for part in parts for table in part_tables(part)] == [10, 20, 5, 0]
    assert parts[3].name == "part-00003.parquet"


def test_files_of_several_schemas_are_refused(tmp_path):
    pq.write_table(pa.table({"lon": [1.0], "lat": [1.0]}), tmp_path / "a.parquet")
    pq.write_table(pa.table({"lon": [1.0], "lat": [1.0], "x": [1]}), tmp_path / "b.parquet")
    with pytest.raises(
        InputError, match=r"b\.parquet: not the columns of a\.parquet .*'x' is in one"
    ):
        plan_parts(tmp_path)
    pq.write_table(pa.table({"lon": [1.0], "lat": ["1"]}), tmp_path / "b.parquet")
    with pytest.raises(InputError, match=r"column 'lat' is string, in a\.parquet it is double"):
        plan_parts(tmp_path)


def test_csv_is_cut_into_pieces_of_text(counties, tmp_path):
    rows = [f'{at},116.4,39.9,"a\n{at}"' for at in range(25)]
    (tmp_path / "in.csv").write_text("\ufeffn,lon,lat,t\n" + "\n".join(rows), encoding="utf-8")
    (part,), schema = plan_parts(tmp_path / "in.csv", rows=10)
    pieces = list(csv_parts(part, schema))
    assert [(one.number, one.rows, len(table)) for one, table in pieces] == [
        (0, 10, 10),
        (1, 10, 10),
        (2, 5, 5),
    ]
    done = labelled(pieces[2][1], labeller(counties, schema))
    assert done.column("n").to_pylist() == ["20", "21", "22", "23", "24"]
    assert done.column("t")[0].as_py() == "a\n20"
    assert set(answers(done)) == {"110101"}


def test_bad_input_raises(counties, tmp_path):
    with pytest.raises(MissingFileError, match="no .parquet or .csv file"):
        plan_parts(tmp_path / "none")
    (tmp_path / "x.parquet").write_text("hello")
    with pytest.raises(InputError, match="cannot be read as Parquet"):
        plan_parts(tmp_path / "x.parquet")
    (tmp_path / "g.csv").write_bytes("经度,纬度\n".encode("gb18030"))
    with pytest.raises(InputError, match="not UTF-8"):
        plan_parts(tmp_path / "g.csv")
    (tmp_path / "d.csv").write_text("a,a\n1,2\n")
    with pytest.raises(InputError, match="each once"):
        plan_parts(tmp_path / "d.csv")
    schema = pa.schema([("a", pa.int64())])
    with pytest.raises(InputError, match="no longitude and latitude among the columns a"):
        labeller(counties, schema)
    with pytest.raises(InputError, match="no column 'b'"):
        labeller(counties, schema, lon="a", lat="b")
    with pytest.raises(InputError, match="datum 'tokyo' is none of"):
        labeller(counties, schema, datum="tokyo")
    metres = gpd.GeoDataFrame(geometry=[Point(4e5, 4.4e6)], crs=4509)
    metres.to_parquet(tmp_path / "m.parquet")
    with pytest.raises(CRSError, match="not in longitude and latitude"):
        labeller(counties, plan_parts(tmp_path / "m.parquet")[1])


def test_output_schema_is_geoparquet(counties, tmp_path):
    schema = pa.schema([("lon", pa.float64()), ("lat", pa.float64())])
    how = labeller(counties, schema)
    out = part_schema(schema, how, "abc")
    assert json.loads(out.metadata[b"geo"])["columns"]["geometry"]["geometry_types"] == ["Point"]
    pq.write_table(labelled(schema.empty_table(), how).cast(out), tmp_path / "o.parquet")
    assert gpd.read_parquet(tmp_path / "o.parquet").crs.to_epsg() == 4326
