"""`jjj map` on shipped layers and on a stranger's file."""

import logging
import subprocess
import sys

import geopandas as gpd
import pytest
from shapely import LineString, MultiPolygon, Point, box

from geo.errors import InputError, MissingFileError, UnknownIdError
from geo.render.any_file.quick import quick_map


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
    assert layer["legend"]["title"] == {"zh": "行业", "en": "Industry", "ja": "産業"}
    assert list(layer["names"]) == ["any"]
    assert layer["time"]["steps"] == ["2019", "2020"]


def test_numbers_colour_areas_by_class():
    made = quick_map(["counties"], colour_by="area_km2")
    legend = next(one for one in made.map_layers if one.layer_id == "counties").payload["legend"]
    assert legend["kind"] == "classes"
    assert legend["unit"] == "km²"
    assert sum(item["n"] for item in legend["items"]) == 199


@pytest.mark.parametrize(
    ("column", "warned"),
    [("pop_2020", True), ("企业数", True), ("pop_density", False), ("v", False)],
)
def test_areas_coloured_by_totals_say_what_that_does(tmp_path, column, warned):
    file = tmp_path / "units.geojson"
    squares = [box(116 + at, 39, 117 + at, 40) for at in range(3)]
    frame = gpd.GeoDataFrame({"name": list("abc"), column: [4, 90, 7]}, geometry=squares, crs=4326)
    frame.to_file(file, driver="GeoJSON")
    caveats = quick_map([str(file)], colour_by=column).payload()["caveats"]
    assert any("totals" in one["en"] for one in caveats) == warned


def test_mixed_geometry_becomes_a_layer_a_kind(tmp_path):
    file = tmp_path / "mixed.geojson"
    shapes = [Point(100, 30), LineString([(100, 30), (101, 31)]), Point(100, 31).buffer(0.1), None]
    gpd.GeoDataFrame({"name": list("abcd")}, geometry=shapes, crs="EPSG:4326").to_file(file)
    made = quick_map([str(file)])
    of_file = [one for one in made.map_layers if one.about.group is None]
    assert [layer.kind for layer in of_file] == ["area", "line", "point"]
    assert of_file[0].about.title.en == "mixed (areas)"


def test_what_cannot_be_drawn_is_said(tmp_path):
    file = tmp_path / "none.geojson"
    gpd.GeoDataFrame({"name": ["a"]}, geometry=[None], crs="EPSG:4326").to_file(file)
    with pytest.raises(
        InputError, match="none.geojson: none of its rows has a place: .*no geometry"
    ):
        quick_map([str(file)])
    with pytest.raises(UnknownIdError, match="unknown column 'indsutry'.*nearest: industry"):
        quick_map(["firms"], colour_by="indsutry")
    with pytest.raises(MissingFileError):
        quick_map(["frims"])


def test_a_kind_has_one_colour_in_all_layers(tmp_path):
    many = [("a", ["x", "x", "y"]), ("b", ["y", "y", "y", "x"])]
    for name, kinds in many:
        places = [Point(116 + at / 10, 39) for at in range(len(kinds))]
        gpd.GeoDataFrame({"kind": kinds}, geometry=places, crs="EPSG:4326").to_file(
            tmp_path / f"{name}.geojson", driver="GeoJSON"
        )
    made = quick_map([str(tmp_path / f"{name}.geojson") for name, _ in many], colour_by="kind")
    legends = [one.payload["legend"]["items"] for one in made.map_layers if one.kind == "point"]
    colours = [{item["label"]: item["colour"] for item in items} for items in legends]
    assert colours[0] == colours[1] == {"x": "#d55e00", "y": "#0072b2"}


def test_a_strangers_areas_are_coloured_by_what_they_measure(tmp_path):
    squares = [box(116 + at, 39, 117 + at, 40) for at in range(4)]
    frame = gpd.GeoDataFrame(
        {
            "name": list("abcd"),
            "fid_code": [3, 9, 1, 4],
            "row": [1, 2, 3, 4],
            "gdp": [5.5, 1, 9, 2],
        },
        geometry=squares,
        crs="EPSG:4326",
    )
    frame.to_file(tmp_path / "s.geojson", driver="GeoJSON")
    (layer,) = [
        one
        for one in quick_map([str(tmp_path / "s.geojson")]).map_layers
        if one.kind == "area" and not one.payload["style"].get("base")
    ]
    assert (layer.payload["legend"]["kind"], layer.payload["legend"]["title"]) == ("classes", "gdp")
    frame.drop(columns="gdp").to_file(tmp_path / "t.geojson", driver="GeoJSON")
    (layer,) = [
        one
        for one in quick_map([str(tmp_path / "t.geojson")]).map_layers
        if one.kind == "area" and not one.payload["style"].get("base")
    ]
    assert layer.payload["legend"]["kind"] == "plain"


def test_the_map_opens_on_a_small_layer_not_on_the_whole_region(tmp_path):
    file = tmp_path / "one.geojson"
    gpd.GeoDataFrame({"name": ["a"]}, geometry=[Point(116.4, 39.9)], crs="EPSG:4326").to_file(file)
    made = quick_map([str(file)])
    assert made.payload()["box"] == (116.4, 39.9, 116.4, 39.9)
    # with the counties around it, since no other border is in sight
    nearby = [one for one in made.map_layers if one.layer_id == "counties"]
    assert [one.kind for one in nearby] == ["area", "label"]
    assert 10 < nearby[0].payload["n"] < 100


def test_areas_never_lie_upon_points_and_units_without_a_colour_are_outlines():
    made = quick_map(["stations", "counties", "axes"])
    kinds = [
        one.kind for one in made.map_layers if one.layer_id in ("stations", "counties", "axes")
    ]
    assert kinds == ["area", "line", "point"]
    counties = next(one for one in made.map_layers if one.layer_id == "counties")
    assert counties.payload["style"]["fill"] is None
    assert not counties.payload["style"]["base"]


def test_the_library_of_classes_is_not_loaded_for_the_usual_classes():
    code = (
        "import sys; from geo.render.any_file.quick import quick_map; quick_map(['stations']);"
        "before = 'mapclassify' in sys.modules; quick_map(['counties'], colour_by='area_km2');"
        "print(before, 'mapclassify' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False", "False"]  # it takes two seconds to load


def write(folder, name, shapes, **columns):
    file = folder / f"{name}.geojson"
    gpd.GeoDataFrame(columns, geometry=list(shapes), crs="EPSG:4326").to_file(
        file, driver="GeoJSON"
    )
    return str(file)


def spots(n):
    return [Point(116 + at / 100, 39) for at in range(n)]


def squares(n):
    return [box(116 + at / 10, 39, 116.1 + at / 10, 39.1) for at in range(n)]


def payloads(made, kind="point"):
    """Return what is drawn of the layers that were asked for."""
    ours = (one for one in made.map_layers if one.kind == kind and one.about.group is None)
    return [one.payload for one in ours if not one.payload["style"].get("base")]


def colours(payload):
    return {str(one.get("label")): one["colour"] for one in payload["legend"]["items"]}


@pytest.mark.parametrize(
    ("names", "colour_by"),
    [
        (["counties", "stations", "firms"], "industry"),
        (["counties", "stations", "firms"], None),
        (["counties", "facilities", "firms"], "industry"),
        (["facilities", "stations", "plan_nodes", "firms"], None),
    ],
)
def test_of_two_layers_of_points_one_has_kinds_and_the_others_a_colour_of_their_own(
    names, colour_by
):
    legends = [one["legend"] for one in payloads(quick_map(names, colour_by=colour_by))]
    assert [one["kind"] for one in legends] == ["plain"] * (len(legends) - 1) + ["categories"]
    shown = [item["colour"] for one in legends for item in one["items"]]
    assert len(shown) == len(set(shown))


def test_what_is_left_in_one_colour_is_said(tmp_path, caplog):
    a = write(tmp_path, "a", spots(4), kind=list("xxyy"))
    with caplog.at_level(logging.INFO):
        quick_map([a, "firms"])
    assert f"{a}: coloured by 'kind' (--colour-by)" in caplog.messages
    assert f"firms: in one colour beside {a} (--colour-by industry colours it)" in caplog.messages


def test_a_row_without_a_place_is_counted_once(tmp_path):
    file = tmp_path / "a.parquet"  # GeoJSON has no empty point
    shapes = [*spots(2), None, Point()]
    gpd.GeoDataFrame({"n": range(4)}, geometry=shapes, crs="EPSG:4326").to_parquet(file)
    (layer,) = payloads(quick_map([str(file)]))
    assert (layer["n"], layer["dropped"]) == (2, 2)


def test_an_area_of_two_parts_is_one_row_also_beside_points(tmp_path):
    two = MultiPolygon([box(116, 39, 116.1, 39.1), box(117, 39, 117.1, 39.1)])
    made = quick_map([write(tmp_path, "a", [two, Point(116, 39)], n=range(2))])
    assert [one["n"] for one in payloads(made, "area")] == [1]
