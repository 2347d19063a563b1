"""A layer's rows in WGS 84 degrees: datum, reference system, places off the earth, kinds of cells."""

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely import LineString, Point, Polygon, box

from geo.datum import wgs84_to_gcj02
from geo.door.features import read_features, with_common_type
from geo.door.input import open_input
from geo.errors import CRSError, InputError


def layer(folder, shapes, crs="EPSG:4326", name="a.gpkg", **columns):
    path = folder / name
    columns = columns or {"n": range(len(shapes))}
    gpd.GeoDataFrame(columns, geometry=shapes, crs=crs).to_file(path)
    return path


@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson", "a.shp", "a.fgb"])
def test_a_named_datum_wins_over_what_the_file_states(tmp_path, name):
    lon, lat = wgs84_to_gcj02([116.3975], [39.9087])
    area = Polygon([(lon[0], lat[0]), (lon[0] + 1, lat[0]), (lon[0] + 1, lat[0] + 1)])
    path = layer(tmp_path, [area], name=name)

    def nearest(datum):
        places = shapely.get_coordinates(read_features(path, datum=datum).frame.geometry)
        return np.abs(places - (116.3975, 39.9087)).max(axis=1).min()

    assert nearest("gcj02") < 1e-6
    assert nearest("auto") > 0.001


def test_heights_are_kept_through_a_datum_and_a_projection(tmp_path):
    shapes = [LineString([(500_000, 4_400_000, 7), (500_100, 4_400_000, 9)])]
    for name, crs, datum in (("p.gpkg", "EPSG:4509", "auto"), ("g.gpkg", "EPSG:4326", "gcj02")):
        there = shapes if crs == "EPSG:4509" else [LineString([(116, 39, 7), (117, 39, 9)])]
        (line,) = read_features(layer(tmp_path, there, crs, name), datum=datum).frame.geometry
        assert [place[2] for place in line.coords] == [7, 9]


def test_a_system_that_cannot_be_that_of_the_coordinates_is_refused(tmp_path):
    degrees_said_metres = layer(tmp_path, [Point(116, 39), Point(117, 40)], "EPSG:4509", "a.gpkg")
    with pytest.raises(InputError, match="a.gpkg: says .*metres, but its coordinates are degrees"):
        read_features(degrees_said_metres)
    assert read_features(degrees_said_metres, datum="wgs84").account.used == 2
    metres_said_degrees = layer(tmp_path, [box(5e5, 4.4e6, 5.1e5, 4.5e6)], name="b.gpkg")
    with pytest.raises(InputError, match="metres where degrees are stated"):
        read_features(metres_said_degrees)
    west = read_features(metres_said_degrees, datum="EPSG:4509").frame.total_bounds[0]
    assert 116 < west < 118


@pytest.mark.filterwarnings("ignore:.crs. was not provided")
def test_without_a_reference_system_degrees_are_wgs84_and_metres_need_a_word(tmp_path):
    path = layer(tmp_path, [Point(116, 39)], None)
    read = read_features(path)
    assert read.account.used == 1
    assert any("reference system" in note for note in read.notes)
    metres = layer(tmp_path, [box(5e5, 4.4e6, 5.1e5, 4.5e6)], None, "m.gpkg")
    with pytest.raises((CRSError, InputError), match="m.gpkg: .*--datum"):
        read_features(metres)
    assert read_features(metres, datum="EPSG:4509").account.used == 1
    with pytest.raises(CRSError, match="'nonsense' is not a reference system"):
        read_features(path, datum="nonsense")


def test_rows_of_another_kind_are_left_out_and_counted(tmp_path):
    shapes = [box(116, 39, 117, 40), Point(116, 39), LineString([(116, 39), (117, 40)])]
    path = tmp_path / "mixed.geojson"
    gpd.GeoDataFrame({"n": [1, 2, 3]}, geometry=shapes, crs="EPSG:4326").to_file(path)
    areas = open_input(path, "areas")
    assert areas.frame["n"].tolist() == [1]
    assert areas.account.left_out["not_an_area"].lines == (2, 3)
    assert open_input(path, "lines").frame["n"].tolist() == [3]
    only = layer(tmp_path, [Point(116, 39)], name="points.gpkg")
    with pytest.raises(InputError, match="points.gpkg: holds no areas"):
        open_input(only, "areas")


def test_crossing_areas_are_repaired_and_said(tmp_path):
    bow = Polygon([(116, 39), (117, 40), (117, 39), (116, 40)])
    read = read_features(layer(tmp_path, [bow]))
    assert read.frame.geometry.is_valid.all()
    assert any("crossed themselves" in note for note in read.notes)


def test_a_broken_feature_is_left_out_by_name_and_others_stay(tmp_path):
    good = {"type": "Point", "coordinates": [116.4, 39.9]}
    bad = {"type": "Polygon", "coordinates": [[[116, 39], [117, 39], [117, 40], [116, 39.5]]]}
    features = [{"type": "Feature", "properties": {"n": n}, "geometry": one}
                for n, one in enumerate((good, bad, good))]  # fmt: skip
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    read = read_features(path)
    assert (read.account.rows, read.account.used) == (3, 2)
    assert (
        "line 2: the geometry is malformed (a ring that does not close)"
        in (read.account.sentence()["en"])
    )
    assert read.frame["n"].tolist() == [0, 1, 2]
    assert read.frame.geometry.isna().tolist() == [False, True, False]


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ([1, 2], "int64"), ([1, None], "Int64"), ([True, False], "bool"), ([True, None], "boolean"),
        ([1, 2.5], "float64"), ([2**53 + 1, 0.5], "object"), ([2**70, 1], "object"),
        (["a", None], "str"), (["a", 1], "object"), ([None, None], "object"),
    ],
)  # fmt: skip
def test_cells_get_the_kind_that_all_of_them_have(cells, kind):
    column = pd.Series(cells, dtype=object)
    assert with_common_type(column).dtype.name == kind
    assert [None if pd.isna(one) else one for one in with_common_type(column)] == cells


def test_an_outline_that_encloses_nothing_is_left_out_and_counted(tmp_path):
    rows = ["POLYGON ((0 0, 1 1, 0 0, 0 0))", "POLYGON ((0 0, 1 1, 1 0, 0 1, 0 0))"]
    shapes = shapely.from_wkt(rows)
    gpd.GeoDataFrame({"n": [1, 2]}, geometry=shapes, crs=4326).to_parquet(tmp_path / "a.parquet")
    read = read_features(tmp_path / "a.parquet")
    assert (read.account.rows, read.account.used) == (2, 1)
    assert "encloses nothing" in read.account.sentence()["en"]
    assert "1 polygon(s) crossed themselves and were repaired" in read.notes
    assert read.frame.geometry.isna().tolist() == [True, False]


@pytest.mark.parametrize("want", ["areas", "lines"])
def test_what_is_wanted_by_kind_has_a_place_in_every_row(tmp_path, want):
    rows = {
        "areas": ["POLYGON ((0 0, 1 1, 1 0, 0 0))", None, "LINESTRING (0 0, 1 1)"],
        "lines": ["LINESTRING (0 0, 1 1)", None, "POLYGON ((0 0, 1 1, 1 0, 0 0))"],
    }
    frame = gpd.GeoDataFrame({"n": [1, 2, 3]}, geometry=shapely.from_wkt(rows[want]), crs=4326)
    frame.to_parquet(tmp_path / "a.parquet")
    read = open_input(tmp_path / "a.parquet", want)
    assert read.frame["n"].tolist() == [1]
    assert (read.account.rows, read.account.used) == (3, 1)
