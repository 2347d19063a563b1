"""The map of a user's points on an axis: its figures are those of the command."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from metres import ANALYSIS_CRS

from geo.analysis.corridors import membership as corridors
from geo.atlas.corridor_map import corridor_map, node_marks
from geo.crs import to_storage
from geo.errors import InputError
from geo.layers import read
from geo.render import About

AXIS = gpd.GeoDataFrame(
    index=pd.Index(["mine"], name="axis_id"),
    geometry=[shapely.LineString([(0, 0), (30e3, 0)])],
    crs=ANALYSIS_CRS,
)
# on the axis, 1, 3, 8 and 30 km off it; the fourth is known to 5 km only
POINTS = to_storage(
    gpd.GeoDataFrame(
        {"name": list("abcde"), "position_accuracy_m": [10, 10, 10, 5000, 10]},
        geometry=shapely.points([[1e3, 0], [12e3, 1e3], [13e3, -3e3], [29e3, 8e3], [5e3, 30e3]]),
        crs=ANALYSIS_CRS,
    )
)


def layer(made, layer_id):
    return next(one for one in made.map_layers if one.layer_id == layer_id)


def test_bands_and_chart_count_what_measure_finds():
    made = corridor_map(POINTS, AXIS, about=About("Mine"))
    items = layer(made, "points").payload["legend"]["items"]
    said = {one["label"]["en"]: one["n"] for one in items}
    assert said == {
        "within 2 km": 2,
        "2 to 5 km": 1,
        "cannot be told": 1,
        "outside": 1,
    }
    (chart,) = [one.payload for one in made.charts]
    assert [one["values"] for one in chart["series"]] == [[1, 2, 0], [0, 0, 1]]
    assert chart["link"]["keys"] == [["0"], ["1", "2"], []]
    assert (
        made.finding.en
        == "3 of 5 points (60%–80%) lie within 10 km of mine; for 1 more it cannot be told."
    )


def test_signs_are_the_nodes_of_a_shipped_axis_without_their_ends():
    axis = read("axes", crs="analysis").loc[["plan-jingxiong"]]
    found = node_marks(axis, read("plan_nodes", crs="analysis"))
    assert [text.en for _, text in found][:3] == [
        "Huairou Science City",
        "Tiananmen",
        "Daxing Airport",
    ]
    places = [at for at, _ in found]
    assert places == sorted(places)
    assert places[-1] == pytest.approx(corridors.require_one_axis(axis).length / 1000, abs=0.2)


def test_no_point_on_the_map_is_refused():
    with pytest.raises(InputError, match="not points"):
        corridor_map(read("counties").head(2), AXIS, about=About("Counties"))
    nowhere = POINTS.set_geometry(gpd.GeoSeries([None] * 5, crs=POINTS.crs))
    with pytest.raises(InputError, match="no point has a position"):
        corridor_map(nowhere, AXIS, about=About("Mine"))
