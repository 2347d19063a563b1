import geopandas as gpd
import pytest
from shapely import Point

from geo.errors import InputError
from geo.formats import add_frame
from geo.streams import add_frames, can_stream
from geo.write import Outputs


@pytest.fixture
def frame():
    table = {
        "名": ["a", "b", None, "=d", "e"],
        "n": [1, 2, 3, 4, 5],
        "空": [None, None, "x", None, None],
    }
    shapes = [Point(116.1, 39.1), None, Point(116.3, 39.3), Point(116.2, 39.9), Point(117, 38)]
    return gpd.GeoDataFrame(table, geometry=shapes, crs="EPSG:4326")


def _pieces(frame, size=2):
    return (frame.iloc[at : at + size] for at in range(0, len(frame), size))


@pytest.mark.parametrize("suffix", [".geojson", ".geojsonl", ".csv"])
def test_pieces_give_the_bytes_of_the_whole(tmp_path, frame, suffix):
    whole, parts = tmp_path / f"w{suffix}", tmp_path / f"p{suffix}"
    with Outputs() as outputs:
        add_frame(outputs, whole, frame, provenance={"v": 1})
        add_frames(outputs, parts, _pieces(frame), provenance={"v": 1})
    assert whole.read_bytes() == parts.read_bytes()


def test_parquet_reads_back_the_same(tmp_path, frame):
    path = tmp_path / "p.parquet"
    with Outputs() as outputs:
        add_frames(outputs, path, _pieces(frame), provenance={"v": 1})
    back = gpd.read_parquet(path)
    assert back.crs.to_epsg() == 4326
    assert back["n"].tolist() == [1, 2, 3, 4, 5]
    assert back["空"].isna().tolist() == [True, True, False, True, True]
    assert [shape is None for shape in back.geometry] == [False, True, False, False, False]
    assert back.geometry.iloc[4] == Point(117, 38)
    import json

    import pyarrow.parquet as pq

    metadata = pq.read_metadata(path).metadata
    geo = json.loads(metadata[b"geo"])["columns"]["geometry"]
    assert geo["bbox"] == [116.1, 38.0, 117.0, 39.9]
    assert geo["geometry_types"] == ["Point"]
    assert json.loads(metadata[b"provenance"]) == {"v": 1}


def test_no_piece_is_an_empty_collection(tmp_path):
    path = tmp_path / "e.geojson"
    with Outputs() as outputs:
        add_frames(outputs, path, iter(()))
    assert path.read_text() == '{"type":"FeatureCollection","features":[\n]}\n'


def test_a_column_that_changes_its_type_is_refused_and_nothing_written(tmp_path):
    spot = [Point(116, 39)]
    first = gpd.GeoDataFrame({"a": [1]}, geometry=spot, crs=4326)
    second = gpd.GeoDataFrame({"a": ["x"]}, geometry=spot, crs=4326)
    path = tmp_path / "p.parquet"
    with pytest.raises(InputError, match="column 'a'"), Outputs() as outputs:
        add_frames(outputs, path, iter([first, second]))
    assert list(tmp_path.iterdir()) == []


def test_an_error_in_a_late_piece_leaves_nothing(tmp_path, frame):
    def pieces():
        yield frame
        msg = "stop"
        raise InputError(msg)

    with pytest.raises(InputError, match="stop"), Outputs() as outputs:
        add_frames(outputs, tmp_path / "p.geojson", pieces())
    assert list(tmp_path.iterdir()) == []


def test_formats_that_cannot_be_streamed():
    assert [can_stream(name) for name in ("-", "a.json", "a.gpkg", "a.xlsx", "a")] == [
        True,
        True,
        False,
        False,
        False,
    ]
