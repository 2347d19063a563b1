"""A file of flows drawn by `jjj map`: as flows when it is one, as lines when it is not."""

import geopandas as gpd
import pytest
from shapely import LineString

from geo.render.any_file.quick import quick_map
from geo.render.drawing.flows import are_flows


def od(*rows, **more):
    table = [
        dict(zip(("origin", "destination", "weight", "geometry"), row, strict=True)) for row in rows
    ]
    return gpd.GeoDataFrame(table, geometry="geometry", crs="EPSG:4326").assign(**more)


AB, BC = LineString([(116, 39), (117, 40)]), LineString([(117, 40), (118, 39)])


def test_a_file_of_flows_becomes_flows_with_kinds_and_years(tmp_path):
    frame = od(
        ("a", "b", 5, AB), ("b", "c", 3, BC), ("a", "b", 7, AB),
        origin_zh=["甲", "乙", "甲"], destination_zh=["乙", "丙", "乙"],
        year=[2013, 2013, 2014], backbone=[True, False, True], axis=["main", None, "secondary-1"],
        directed=True,
    )  # fmt: skip
    frame.to_file(tmp_path / "od.geojson", driver="GeoJSON")
    made = quick_map([str(tmp_path / "od.geojson")])
    layer = next(one for one in made.map_layers if one.kind == "flow").payload
    assert layer["n"] == 3
    assert layer["style"]["directed"] is True
    assert layer["time"]["steps"] == ["2013", "2014"]
    counted = {one["label"]["en"]: one["n"] for one in layer["legend"]["items"]}
    assert counted == {"main axis": 1, "secondary axis": 1, "other": 1}


@pytest.mark.parametrize(
    "frame",
    [
        od(("a", "b", 5, AB), ("b", "c", 3, AB)),  # b has two places
        od(("a", "b", -5, AB)),
        od(("a", "b", "many", AB)),
        od(("a", "b", 5, AB.buffer(0.1).exterior.union(AB))),
        od(("a", "b", 5, AB)).drop(columns="weight"),
    ],
)
def test_other_lines_stay_lines(frame):
    assert not are_flows(frame)
