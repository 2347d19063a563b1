import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyproj import CRS
from shapely import Point

from geo.door.input import open_input
from geo.door.table import CHUNK_ROWS
from geo.errors import CRSError, GeoError
from geo.tables import iter_points, read_cells, read_points


@pytest.fixture
def frame(truth):
    return gpd.GeoDataFrame(
        {"id": list(truth), "n": pd.array([1, None, *range(6)], dtype="Int64")},
        geometry=[Point(lon, lat) for _, lon, lat, _ in truth.values()],
        crs="EPSG:4326",
    )


def test_geoparquet_in_any_system(frame, tmp_path, near):
    path = tmp_path / "示例.parquet"
    for epsg in (4326, 4490, 4509):
        frame.to_crs(epsg).to_parquet(path)
        table = read_points(path)
        assert near(table, key="id") == 8
        assert table.frame["n"].tolist()[1] is None or pd.isna(table.frame["n"].tolist()[1])
        assert table.frame["n"].tolist()[0] == 1


def test_plain_parquet_with_columns(truth, tmp_path, near):
    path = tmp_path / "示例.parquet"
    pd.DataFrame(
        [(key, lon, lat) for key, (_, lon, lat, _) in truth.items()], columns=["id", "lng", "lat"]
    ).to_parquet(path)
    assert near(read_points(path), key="id") == 8


def test_a_plane_that_lies_nowhere_is_no_system_of_a_geoparquet(frame, tmp_path):
    site = CRS('LOCAL_CS["site",UNIT["metre",1]]').to_json_dict()

    def change(geo):
        geo["columns"]["geometry"]["crs"] = site
        return geo

    path = tmp_path / "a.parquet"
    _with_geo(frame, path, change)
    assert len(open_input(path, "features").frame) == len(frame)
    with pytest.raises(CRSError, match=r"a\.parquet: .* lies nowhere"):
        open_input(path, "features", datum='LOCAL_CS["site",UNIT["metre",1]]')


def test_bytes_are_the_text_that_they_are_or_hexadecimal_digits(tmp_path):
    path = tmp_path / "a.parquet"
    cells = {"name": ["甲".encode(), None], "hash": [b"\xff\x00", b"a"]}
    table = pa.table({name: pa.array(held, pa.binary()) for name, held in cells.items()})
    pq.write_table(table, path)
    read = read_cells(path).frame
    assert read["name"].tolist() == ["甲", None]
    assert read["hash"].tolist() == ["ff00", "61"]


def _with_geo(frame, path, change):
    frame.to_parquet(path)
    table = pq.read_table(path)
    geo = json.loads(table.schema.metadata[b"geo"])
    raw = change(geo)
    pq.write_table(
        table.replace_schema_metadata(
            {b"geo": raw if isinstance(raw, bytes) else json.dumps(raw).encode()}
        ),
        path,
    )


def _column(key, value):
    def change(geo):
        geo["columns"]["geometry"][key] = value
        return geo

    return change


@pytest.mark.parametrize(
    "change",
    [
        lambda _: b"not json",
        lambda _: [],
        lambda geo: geo.pop("columns") and geo,
        lambda geo: geo.pop("primary_column") and geo,
        lambda geo: {**geo, "primary_column": "shape"},
        lambda geo: {**geo, "primary_column": 5},
        _column("encoding", "WKT"),
        _column("edges", "round"),
        _column("crs", "EPSG:4326"),
        _column("crs", {"type": "nonsense"}),
    ],
)
def test_broken_geoparquet_metadata_are_refused(frame, tmp_path, change):
    path = tmp_path / "坏.parquet"
    _with_geo(frame, path, change)
    with pytest.raises(GeoError, match=r"坏.parquet: its GeoParquet metadata are wrong"):
        read_points(path)


@pytest.mark.parametrize("key", ["version", "geometry_types"])
def test_a_doubt_about_metadata_is_said(frame, tmp_path, near, key):
    path = tmp_path / "示例.parquet"

    def change(geo):
        geo.pop(key, None)
        geo["columns"]["geometry"].pop(key, None)
        return geo

    _with_geo(frame, path, change)
    table = read_points(path)
    assert near(table, key="id") == 8
    assert any(f"no {key}" in note for note in table.notes)


def test_a_garbage_blob_refuses_its_row(frame, tmp_path, near):
    path = tmp_path / "示例.parquet"
    frame.to_parquet(path)
    table = pq.read_table(path)
    blobs = table.column("geometry").to_pylist()
    blobs[4] = b"\x01\x00garbage"
    spoiled = table.set_column(
        table.schema.get_field_index("geometry"), "geometry", pa.array(blobs, pa.binary())
    )
    pq.write_table(spoiled.replace_schema_metadata(table.schema.metadata), path)
    found = read_points(path)
    assert near(found, key="id") == 7
    assert "broken_geometry" in found.report.loc[4, "reason"]


@pytest.mark.parametrize("keep", [0.2, 0.7, 0.99])
def test_a_cut_file_is_refused(frame, tmp_path, keep):
    path = tmp_path / "断.parquet"
    frame.to_parquet(path)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * keep)])
    with pytest.raises(GeoError, match=r"断.parquet"):
        read_points(path)


def test_rows_come_in_pieces_that_add_up(tmp_path):
    rows = 2 * CHUNK_ROWS + 17
    path = tmp_path / "大.parquet"
    rng = np.random.default_rng(3)
    pd.DataFrame(
        {"n": np.arange(rows), "lon": rng.uniform(114, 119, rows), "lat": rng.uniform(37, 42, rows)}
    ).to_parquet(path)
    pieces = list(iter_points(path).tables())
    assert [len(piece.frame) for piece in pieces] == [CHUNK_ROWS, CHUNK_ROWS, 17]
    assert np.concatenate([piece.frame["n"] for piece in pieces]).tolist() == list(range(rows))
    assert sum(piece.counts["placed"] for piece in pieces) == rows
