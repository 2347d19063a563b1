"""`jjj map` on shipped layers and on a stranger's file."""

import geopandas as gpd
import pytest
from shapely import LineString, Point

from geo.errors import InputError, MissingFileError, UnknownIdError
from geo.render.quick import quick_map


@pytest.fixture
def stranger(tmp_path, sites):
    file = tmp_path / "企业.geojson"
    many = gpd.GeoDataFrame(
        {"名称": [f"厂{at}" for at in range(6)], "行业": ["a", "b"] * 3, "年份": [2019, 2020] * 3},
        geometry=[Point(116 + at / 10, 39) for at in range(6)],
        crs="EPSG:4326",
    )
    many.to_file(file, driver="GeoJSON")
    return file


def test_a_strangers_points_get_kinds_names_and_a_slider(stranger):
    made = quick_map([str(stranger)])
    layer = next(one.payload for one in made.map_layers if one.kind == "point")
    assert made.title.zh == "企业"
    assert layer["legend"]["kind"] == "categories"
    assert layer["legend"]["title"] == "行业"
    assert list(layer["names"]) == ["any"]
    assert layer["time"]["steps"] == ["2019", "2020"]


def test_numbers_colour_areas_by_class():
    made = quick_map(["counties"], colour_by="area_km2")
    legend = next(one for one in made.map_layers if one.layer_id == "counties").payload["legend"]
    assert legend["kind"] == "classes"
    assert legend["unit"] == "km²"
    assert sum(item["n"] for item in legend["items"]) == 199


def test_mixed_geometry_becomes_a_layer_a_kind(tmp_path):
    file = tmp_path / "mixed.geojson"
    shapes = [Point(100, 30), LineString([(100, 30), (101, 31)]), Point(100, 31).buffer(0.1), None]
    gpd.GeoDataFrame({"name": list("abcd")}, geometry=shapes, crs="EPSG:4326").to_file(file)
    made = quick_map([str(file)])
    assert [layer.kind for layer in made.map_layers] == ["area", "line", "point"]


def test_what_cannot_be_drawn_is_said(tmp_path):
    file = tmp_path / "none.geojson"
    gpd.GeoDataFrame({"name": ["a"]}, geometry=[None], crs="EPSG:4326").to_file(file)
    with pytest.raises(InputError, match="no geometry that can be drawn"):
        quick_map([str(file)])
    with pytest.raises(UnknownIdError, match="unknown column 'indsutry'.*nearest: industry"):
        quick_map(["firms"], colour_by="indsutry")
    with pytest.raises(MissingFileError):
        quick_map(["frims"])
