"""KML, DXF and file geodatabases: what is particular to each."""

import geopandas as gpd
import pyogrio
import pytest
import shapely
from defusedxml import ElementTree
from metres import HANDOVER_CRS

from geo.errors import InputError, OutputError
from geo.formats import add_frame
from geo.write import Outputs

KML = "{http://www.opengis.net/kml/2.2}"
HOSTILE = "</name><script>alert(1)</script>]]>&amp;{{7*7}}${x}"


def written(target, columns, shapes, metres=None):
    frame = gpd.GeoDataFrame(columns, geometry=shapes, crs=4326)
    with Outputs(overwrite=True, metres=metres) as outputs:
        add_frame(outputs, target, frame, provenance={"title": "t"})
    return target


def placemarks(target):
    return ElementTree.parse(target).getroot().iter(f"{KML}Placemark")


def test_kml_takes_the_name_of_a_column_and_keeps_all_columns(tmp_path):
    columns = {"name_en": ["Beijing"], "name_zh": ["北京"], "n": [7]}
    target = written(tmp_path / "a.kml", columns, [shapely.Point(116, 40)])
    (place,) = placemarks(target)
    assert place.find(f"{KML}name").text == "北京"
    found = {one.get("name"): one.text for one in place.iter(f"{KML}SimpleData")}
    assert found == {"name_en": "Beijing", "name_zh": "北京", "n": "7"}


def test_kml_text_is_text_whatever_it_says(tmp_path, caplog):
    columns = {
        "name": [HOSTILE, "a\x01\x0cb"],
        "description": [HOSTILE, None],
        "x<\"&'>y": [HOSTILE, "z"],
    }
    target = written(tmp_path / "a.kml", columns, [shapely.Point(1, 2), None])
    one, two = placemarks(target)
    assert one.find(f"{KML}name").text == HOSTILE
    assert two.find(f"{KML}name").text == "a\ufffd\ufffdb"
    assert one.find(f"{KML}description") is None
    cells = {cell.get("name").lower(): cell.text for cell in one.iter(f"{KML}SimpleData")}
    assert cells == {"name": HOSTILE, "description": HOSTILE, "x_____y": HOSTILE}
    assert "texts with control signs, now U+FFFD: 1" in caplog.text
    assert "x<\"&'>y → x_____y" in caplog.text


def test_kml_heights_are_above_the_sea(tmp_path):
    target = written(tmp_path / "a.kml", {"a": [1]}, [shapely.Point(1, 2, 50)])
    (place,) = placemarks(target)
    assert next(place.iter(f"{KML}altitudeMode")).text == "absolute"
    assert next(place.iter(f"{KML}coordinates")).text == "1,2,50"


def test_dxf_is_in_metres_by_kind_and_says_what_is_left_out(tmp_path, caplog):
    ring = shapely.box(116, 39, 117, 40)
    hole = shapely.Polygon(ring.exterior, [shapely.box(116.2, 39.2, 116.4, 39.4).exterior])
    shapes = [
        shapely.Point(117, 40),
        shapely.LineString([(116, 39, 10), (117, 40, 20)]),
        shapely.MultiPolygon([hole]),
        shapely.GeometryCollection([shapely.Point(117, 39), shapely.MultiPoint([(117, 38)])]),
        None,
        shapely.Point(),
    ]
    columns = {"name": list("abcdef"), "n": range(6)}
    target = written(tmp_path / "a.dxf", columns, shapes, metres=HANDOVER_CRS)
    back = pyogrio.read_dataframe(target)
    assert back["Layer"].tolist() == ["points", "lines", "outlines", "outlines", "points", "points"]
    wanted = gpd.GeoSeries(shapes[:2], crs=4326).to_crs(HANDOVER_CRS)
    assert shapely.equals_exact(back.geometry[0], wanted[0], 1e-3)
    assert back.geometry[0].x == pytest.approx(500_000)
    assert shapely.get_coordinates(back.geometry[1], include_z=True)[:, 2].tolist() == [10, 20]
    assert back.geometry[2].is_ring
    for said in (
        "metres of EPSG:4509", "columns left out: name, n", "rows without a place left out: 2",
    ):  # fmt: skip
        assert said in caplog.text


@pytest.mark.parametrize("place", [(-63, 0), (100, 30), (-63, 40), (27, 10)])
def test_dxf_refuses_places_that_its_projection_cannot_show(tmp_path, place):
    with pytest.raises(
        InputError, match=r"a\.dxf: \d vertices are more than 1,000 km .* write \.gpkg"
    ):
        spread = [shapely.Point(place), shapely.Point(117, 39)]
        written(tmp_path / "a.dxf", {"a": [1, 2]}, spread)
    assert list(tmp_path.iterdir()) == []


def test_dxf_of_another_place_is_in_the_zone_of_that_place(tmp_path, caplog):
    written(tmp_path / "a.dxf", {"a": [1]}, [shapely.Point(-122.4, 37.8)], metres=HANDOVER_CRS)
    assert "metres of EPSG:32610 (WGS 84 / UTM zone 10N)" in caplog.text


def test_geodatabase_names_are_legal_and_told(tmp_path, caplog):
    given = ["1 x-y", "order", "OBJECTID", "名称（旧）", "Shape"]
    target = written(tmp_path / "a.gdb", {name: ["v"] for name in given}, [shapely.Point(1, 2)])
    assert pyogrio.read_info(target)["fields"].tolist() == [
        "F1_x_y", "order_1", "OBJECTID_1", "名称_旧_", "Shape_1",
    ]  # fmt: skip
    assert "order → order_1" in caplog.text


def test_geodatabase_of_plain_types_needs_no_new_program(tmp_path, caplog):
    written(tmp_path / "a.gdb", {"n": [2**31 - 1], "t": ["x"]}, [shapely.Point(1, 2)])
    assert caplog.text == ""
    written(tmp_path / "b.gdb", {"n": [2**31]}, [shapely.Point(1, 2)])
    assert "opens in ArcGIS Pro 3.2 or later, for the sake of n" in caplog.text


def test_geodatabase_replaces_its_like_only(tmp_path):
    target = tmp_path / "a.gdb"
    shapes = [shapely.Point(1, 2)]
    written(target, {"n": [1]}, shapes)
    with pytest.raises(OutputError, match=r"a\.gdb: exists already"), Outputs() as outputs:
        add_frame(outputs, target, gpd.GeoDataFrame(geometry=shapes, crs=4326))
    written(target, {"m": [2]}, shapes)
    assert pyogrio.read_info(target)["fields"].tolist() == ["m"]
    (target / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match=r"a\.gdb: is a folder that holds something else"):
        written(target, {"m": [3]}, shapes)
    assert (target / "notes.txt").read_text() == "mine"
    assert [one.name for one in tmp_path.iterdir()] == ["a.gdb"]
