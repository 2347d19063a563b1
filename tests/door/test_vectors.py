import shutil
import sqlite3
import struct

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely import LineString, Point, box

from geo.errors import CRSError, InputError
from geo.tables import open_layer, read_points


@pytest.fixture
def frame(truth):
    return gpd.GeoDataFrame(
        {"id": list(truth), "name": [one[0] for one in truth.values()]},
        geometry=[Point(lon, lat) for _, lon, lat, _ in truth.values()],
        crs="EPSG:4326",
    )


@pytest.fixture
def shapefile(frame, tmp_path):
    def make(encoding="UTF-8", crs="EPSG:4326"):
        path = tmp_path / "示例.shp"
        frame.to_crs(crs).to_file(path, encoding=encoding)
        return path

    return make


def test_a_geopackage(frame, tmp_path, near):
    path = tmp_path / "示例.gpkg"
    frame.to_file(path)
    assert near(read_points(path), key="id") == 8
    frame.to_file(path, layer="second")
    with pytest.raises(InputError, match="'示例', 'second'"):
        read_points(path)
    assert near(read_points(path, sheet="second"), key="id") == 8


@pytest.mark.parametrize("epsg", [4490, 4548, 4509, 32650, 3857, 4526])
def test_projected_layers_come_home(frame, tmp_path, near, epsg):
    path = tmp_path / "示例.gpkg"
    frame.to_crs(epsg).to_file(path)
    table = read_points(path)
    assert near(table, key="id") == 8
    assert (
        set(table.frame["datum_in"]) == {"cgcs2000" if epsg == 4490 else f"EPSG:{epsg}"}
        or epsg == 4490
    )


def test_xian_1980_is_refused(frame, tmp_path):
    path = tmp_path / "示例.gpkg"
    frame.set_crs(4610, allow_override=True).to_file(path)
    with pytest.raises(CRSError, match=r"示例.gpkg: .*Xian 1980"):
        read_points(path)


def test_a_garbage_geometry_is_refused(frame, tmp_path):
    path = tmp_path / "示例.gpkg"
    frame.to_file(path)
    base = sqlite3.connect(path)
    for (name,) in base.execute("select name from sqlite_master where type = 'trigger'").fetchall():
        base.execute(f'drop trigger "{name}"')
    base.execute("update 示例 set geom = x'47500001E6100000FFFFFFFFFF' where fid = 3")
    base.commit()
    base.close()
    table = read_points(path)
    assert table.report["reason"].tolist()[2] == "broken_geometry"
    assert table.counts["placed"] == len(table.frame) - 1


def test_lines_are_not_points(tmp_path):
    path = tmp_path / "线.gpkg"
    gpd.GeoDataFrame({"a": [1]}, geometry=[LineString([(116, 39), (117, 40)])], crs=4326).to_file(
        path
    )
    assert read_points(path).report["reason"].tolist() == ["not_a_point"]


@pytest.mark.parametrize("encoding", ["UTF-8", "GBK"])
@pytest.mark.parametrize("cpg", ["right", "missing", "wrong"])
def test_names_survive_whatever_the_cpg_says(shapefile, near, encoding, cpg):
    path = shapefile(encoding)
    side = path.with_suffix(".cpg")
    if cpg == "missing":
        side.unlink()
    elif cpg == "wrong":
        side.write_text("UTF-8" if encoding == "GBK" else "GBK")
    table = read_points(path)
    assert near(table, key="id") == 8
    assert table.frame["name"][0] == "示例企业0"
    assert bool(table.notes) == (cpg != "right")
    assert open_layer(path)["name"][0] == "示例企业0"


def test_without_a_prj_degrees_are_degrees_and_that_is_said(shapefile, near):
    path = shapefile()
    path.with_suffix(".prj").unlink()
    table = read_points(path)
    assert near(table, key="id") == 8
    assert any("no reference system" in note for note in table.notes)
    assert near_points(open_layer(path)) == near_points(table.frame)


def near_points(frame):
    return [(round(one.x, 6), round(one.y, 6)) for one in frame.geometry]


def test_without_a_prj_metres_need_a_name(shapefile, near):
    path = shapefile(crs="EPSG:4509")
    path.with_suffix(".prj").unlink()
    with pytest.raises(InputError, match="metres; name their projection with --datum"):
        read_points(path)
    assert near(read_points(path, datum="EPSG:4509"), key="id") == 8


@pytest.mark.parametrize("part", [".dbf", ".shx"])
def test_a_missing_part_is_refused(shapefile, part):
    path = shapefile()
    path.with_suffix(part).unlink()
    for door in (read_points, open_layer):
        with pytest.raises(InputError, match=rf"示例.shp: its {part}"):
            door(path)


def test_a_cut_part_is_refused(shapefile, tmp_path):
    path = shapefile()
    whole = path.read_bytes()
    path.write_bytes(whole[:150])
    with pytest.raises(InputError, match="cut or damaged"):
        read_points(path)
    path.write_bytes(whole)
    table = path.with_suffix(".dbf")
    table.write_bytes(table.read_bytes()[:-200])
    with pytest.raises(InputError, match="dbf is cut"):
        read_points(path)
    shutil.copy(tmp_path / "示例.shx", tmp_path / "s")
    table.write_bytes(b"")
    with pytest.raises(InputError, match="dbf is cut"):
        read_points(path)
    with pytest.raises(InputError, match="one part of a shapefile"):
        read_points(tmp_path / "示例.prj")


def test_a_shapefile_with_fewer_rows_than_shapes(shapefile):
    path = shapefile()
    table = path.with_suffix(".dbf")
    content = bytearray(table.read_bytes())
    content[4:8] = struct.pack("<I", 5)
    table.write_bytes(content)
    with pytest.raises(InputError, match=r"5 rows and its \.shx 8"):
        read_points(path)


def test_open_layer_repairs_crossing_polygons(tmp_path, caplog):
    from shapely import Polygon

    path = tmp_path / "面.gpkg"
    bow = Polygon([(116, 39), (117, 40), (117, 39), (116, 40)])
    gpd.GeoDataFrame({"a": [1, 2]}, geometry=[bow, box(118, 39, 119, 40)], crs=4326).to_file(path)
    frame = open_layer(path)
    assert frame.geometry.is_valid.all()
    assert np.allclose(shapely.area(frame.geometry.to_numpy()), [0.5, 1.0])
    assert "1 polygon(s) crossed themselves" in caplog.text


def test_open_layer_refuses_tables_by_name(tmp_path):
    path = tmp_path / "表.csv"
    path.write_text("lon,lat\n116,39\n")
    with pytest.raises(InputError, match=r"表.csv: is a table, not a layer"):
        open_layer(path)
