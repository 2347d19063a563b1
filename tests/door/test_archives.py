"""A zipped shapefile, FlatGeobuf, KML and a file of several layers are read; what hides more is not."""

import json
import zipfile

import geopandas as gpd
import pytest
from shapely import Point, box

from geo.door.files import open_source
from geo.errors import GeoError, InputError, UnknownIdError
from geo.tables import full_layers, is_table, open_layer, read_points


@pytest.fixture
def sites():
    return gpd.GeoDataFrame(
        {"名称": ["保定站", "沧州站"], "年份": [2012, 2011]},
        geometry=[Point(115.47, 38.87), Point(116.84, 38.31)],
        crs="EPSG:4326",
    )


def zipped(tmp_path, frame, *, names=("数据/车站",)):
    folder = tmp_path / "parts"
    folder.mkdir()
    frame.to_file(folder / "a.shp", encoding="GBK", engine="pyogrio")
    (folder / "a.cpg").unlink()
    path = tmp_path / "sites.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            for part in folder.iterdir():
                archive.write(part, f"{name}{part.suffix}")
        archive.writestr("__MACOSX/._x.shp", "x")
        archive.writestr("readme.txt", "x")
    return path


def test_a_zipped_shapefile_in_gbk_is_read(tmp_path, sites, caplog):
    frame = open_layer(zipped(tmp_path, sites))
    assert frame["名称"].tolist() == ["保定站", "沧州站"]
    assert "sites.zip: its table is read as gb18030" in caplog.text
    assert read_points(tmp_path / "sites.zip").counts["placed"] == 2


def test_several_shapefiles_in_one_zip_are_named(tmp_path, sites):
    path = zipped(tmp_path, sites, names=("a", "b"))
    with pytest.raises(InputError, match=r"sites.zip: holds 2 shapefiles \(a.shp, b.shp\)"):
        open_layer(path)


def test_a_zipped_shapefile_that_unfolds_too_far_is_refused(tmp_path):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.shp", b"\x00" * (64 << 20))
    with pytest.raises(InputError, match="possible zip bomb"):
        open_source(path)


def test_flatgeobuf_and_kml_are_read_as_layers_and_as_tables(tmp_path, sites):
    for name, driver in (("a.fgb", "FlatGeobuf"), ("a.kml", "KML")):
        path = tmp_path / name
        sites.rename(columns={"名称": "Name"}).to_file(path, driver=driver)
        assert sorted(open_layer(path)["Name"]) == ["保定站", "沧州站"]
        assert read_points(path).counts["placed"] == 2
        assert not is_table(path)


def test_kml_that_declares_entities_is_refused(tmp_path):
    path = tmp_path / "a.kml"
    path.write_text('<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a "aa">]><kml>&a;</kml>')
    with pytest.raises(GeoError, match="web page or XML"):
        open_layer(path)


def test_a_layer_of_several_is_chosen_by_its_name(tmp_path, sites):
    path = tmp_path / "two.gpkg"
    sites.to_file(path, layer="points")
    sites.set_geometry([box(115, 38, 116, 39)] * 2).to_file(path, layer="areas")
    assert full_layers(path) == ["points", "areas"]
    assert open_layer(path, layer="areas").geom_type.unique().tolist() == ["Polygon"]
    with pytest.raises(UnknownIdError, match="unknown layer 'area'.*nearest: areas"):
        open_layer(path, layer="area")
    with pytest.raises(InputError, match="'points', 'areas'"):
        open_layer(path)


@pytest.mark.parametrize(
    ("kind", "coordinates"),
    [
        ("LineString", [[116, 39]]),
        ("MultiLineString", [[[116, 39]]]),
        ("Polygon", [[[116, 39], [117, 39], [117, 40], [116, 39.5]]]),
    ],
)
def test_lines_of_one_point_and_open_rings_are_one_clear_line(tmp_path, kind, coordinates):
    path = tmp_path / "a.geojson"
    shape = {"type": kind, "coordinates": coordinates}
    path.write_text(json.dumps({"type": "Feature", "properties": {}, "geometry": shape}))
    with pytest.raises(
        InputError,
        match=r"a.geojson: .*line 1: .*(a ring that does not close|1 position.*2 are needed)",
    ):
        open_layer(path)


def test_parquet_without_geometry_is_a_table(tmp_path, sites):
    sites.drop(columns="geometry").to_parquet(tmp_path / "plain.parquet")
    sites.set_geometry([box(0, 0, 1, 1)] * 2).to_parquet(tmp_path / "geo.parquet")
    (tmp_path / "cut.parquet").write_bytes(b"PAR1")
    assert [is_table(tmp_path / f"{one}.parquet") for one in ("plain", "geo")] == [True, False]
    with pytest.raises(InputError, match="cut.parquet: cannot be read as Parquet"):
        is_table(tmp_path / "cut.parquet")
