"""Labels on Arrow tables: the same answers as locate, any kind of column, every column kept."""

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
from geo.door.parts import part_tables, plan_parts
from geo.errors import InputError
from geo.join import locate
from geo.join.labels import labelled, labeller, part_schema
from geo.region import open_region
from geo.tables.units import Units

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
    done = labelled(
        table,
        labeller(
            Units(counties, "counties", open_region(), open_region().smallest),
            table.schema,
            boundary_accuracy_m=300.0,
        ),
    )
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
        labeller(
            Units(counties, "counties", open_region(), open_region().smallest),
            pa.schema([("lon", pa.float64()), ("lat", pa.float64())]),
        ),
    )
    assert at.column("county").to_pylist() == ["雄县"]
    assert at.column("in_xiongan").to_pylist() == [True]


def test_points_without_place_are_null_not_lost(counties):
    table = pa.table({"lon": LON, "lat": LAT})
    done = labelled(
        table,
        labeller(Units(counties, "counties", open_region(), open_region().smallest), table.schema),
    )
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
    how = labeller(Units(counties, "counties", open_region(), open_region().smallest), schema)
    (table,) = part_tables(parts[0])
    assert answers(labelled(table, how))[:3] == ["110101", None, "120103"]


def test_text_coordinates_and_gcj(counties):
    lon, lat = wgs84_to_gcj02([116.4], [39.9])
    table = pa.table(
        {"经度": [f" {lon[0]:.9f} ", "", "x1", None], "纬度": [f"+{lat[0]:.9f}", "39", "40", "41"]}
    )
    done = labelled(
        table,
        labeller(
            Units(counties, "counties", open_region(), open_region().smallest),
            table.schema,
            datum="gcj02",
        ),
    )
    assert answers(done) == ["110101", None, None, None]
    spot = shapely.from_wkb(done.column("geometry")[0].as_py())
    assert (spot.x, spot.y) == pytest.approx((116.4, 39.9), abs=1e-8)
    assert done.column("datum_in").to_pylist() == ["gcj02"] * 4


def test_accuracy_of_the_points_decides_doubt(counties):
    table = pa.table({"lon": [116.4] * 2, "lat": [39.9] * 2, "position_accuracy_m": [0.0, 9e4]})
    done = labelled(
        table,
        labeller(Units(counties, "counties", open_region(), open_region().smallest), table.schema),
    )
    assert done.column("ambiguous").to_pylist() == [False, True]


def test_output_schema_is_geoparquet(counties, tmp_path):
    schema = pa.schema([("lon", pa.float64()), ("lat", pa.float64())])
    how = labeller(Units(counties, "counties", open_region(), open_region().smallest), schema)
    out = part_schema(schema, how, "abc")
    assert json.loads(out.metadata[b"geo"])["columns"]["geometry"]["geometry_types"] == ["Point"]
    pq.write_table(labelled(schema.empty_table(), how).cast(out), tmp_path / "o.parquet")
    assert gpd.read_parquet(tmp_path / "o.parquet").crs.to_epsg() == 4326


@pytest.mark.parametrize(
    "kind",
    [
        pa.float32(),
        pa.decimal128(9, 6),
        pa.string(),
        pa.large_string(),
        pa.string_view(),
        pa.dictionary(pa.int32(), pa.string()),
    ],
    ids=str,
)
def test_any_kind_of_number(counties, kind):
    through = pa.string() if "string" in str(kind) else kind
    values = pa.array(["116.400000", "117.200000", None]).cast(through).cast(kind)
    table = pa.table({"lon": values, "lat": [39.9, 39.1, 39.0]})
    done = labelled(
        table,
        labeller(Units(counties, "counties", open_region(), open_region().smallest), table.schema),
    )
    assert answers(done) == ["110101", "120103", None]
    assert done.column("lon").equals(table.column("lon"))


def test_what_is_no_coordinate_is_refused(counties):
    table = pa.table({"lon": pa.array([1], pa.timestamp("s")), "lat": [39.9]})
    with pytest.raises(InputError, match="column 'lon' holds timestamp.* not degrees"):
        labeller(Units(counties, "counties", open_region(), open_region().smallest), table.schema)
    geo = {"primary_column": "geometry", "columns": {"geometry": {"encoding": "WKB"}}}
    for values, said in (
        ([b"nonsense"], "cannot be read as WKB"),
        ([shapely.box(0, 0, 1, 1).wkb], "holds a Polygon among the points"),
        (pa.array([[1.0, 2.0]], pa.list_(pa.float64(), 2)), "stored as fixed_size_list"),
    ):
        odd = pa.table({"geometry": values}).replace_schema_metadata({"geo": json.dumps(geo)})
        with pytest.raises(InputError, match=said):
            labelled(
                odd,
                labeller(
                    Units(counties, "counties", open_region(), open_region().smallest), odd.schema
                ),
            )


class Spot(pa.ExtensionType):
    """A geometry type of one's own, stored as WKB."""

    def __init__(self) -> None:
        super().__init__(pa.binary(), "test.spot")

    def __arrow_ext_serialize__(self) -> bytes:
        return b""

    @classmethod
    def __arrow_ext_deserialize__(cls, storage_type, serialized):
        return cls()


def test_a_registered_geometry_type_is_read_by_its_storage(counties):
    """With geoarrow's own package loaded, Arrow hands over extension arrays."""
    storage = pa.array([Point(116.4, 39.9).wkb, None], pa.binary())
    geo = {"primary_column": "geometry", "columns": {"geometry": {"encoding": "WKB"}}}
    table = pa.table({"geometry": pa.ExtensionArray.from_storage(Spot(), storage)})
    table = table.replace_schema_metadata({"geo": json.dumps(geo)})
    assert answers(
        labelled(
            table,
            labeller(
                Units(counties, "counties", open_region(), open_region().smallest), table.schema
            ),
        )
    ) == ["110101", None]
