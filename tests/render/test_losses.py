"""Rows that have no place on the map are said, and a file without any is an error."""

import geopandas as gpd
import pytest
from shapely import MultiPoint, Point, box

from geo.errors import InputError
from geo.render.any_file.quick import quick_map


def write(folder, shapes, name="x"):
    file = folder / f"{name}.geojson"
    gpd.GeoDataFrame({"n": range(len(shapes))}, geometry=shapes, crs="EPSG:4326").to_file(
        file, driver="GeoJSON"
    )
    return str(file)


@pytest.mark.parametrize(
    ("shapes", "lost", "why"),
    [
        ([None, Point()], 2, "2 rows: no geometry (lines 3, 4)"),
        ([Point(500_000, 4_400_000), None], 2, "line 3: beyond any longitude or latitude"),
        ([Point(0, 0)], 1, "line 3: the point is (0, 0)"),
        ([box(39, 116, 40, 117)], 1, "line 3: off the earth (longitude and latitude exchanged"),
    ],
)
def test_rows_without_a_place_are_counted_with_the_reason(tmp_path, caplog, shapes, lost, why):
    there = [Point(116, 39), Point(117, 39)]
    file = write(tmp_path, [*there, *shapes])
    quick_map([file])
    (told,) = caplog.messages
    assert told.startswith(f"{file}: 2 of {lost + 2} rows used; left out: ")
    assert why in told
    none = write(tmp_path, shapes, "none")
    with pytest.raises(InputError, match="none.geojson: (none of its rows has a place|its coord)"):
        quick_map([file, none])


def test_exchanged_points_are_put_right_and_said(tmp_path, caplog):
    made = quick_map([write(tmp_path, [Point(116, 39), Point(39, 116)])])
    assert [one.bounds for one in made.map_layers if one.given] == [(116.0, 39.0, 116.0, 39.0)]
    assert any("longitude and latitude were swapped (1 row)" in one for one in caplog.messages)


def test_what_no_map_shows_is_said_beside_what_is_left_out(tmp_path, caplog):
    quick_map([write(tmp_path, [Point(116, 39), Point(116, 87)])])
    assert any("1 of 2 rows have no place on the map" in one for one in caplog.messages)


def test_what_is_all_there_is_not_spoken_of(tmp_path, caplog):
    quick_map([write(tmp_path, [Point(116, 39), box(116, 39, 117, 40)]), "stations"])
    assert not caplog.messages


def test_of_a_file_of_several_layers_each_is_checked(tmp_path, caplog):
    file = tmp_path / "x.gpkg"
    for layer, shape in (("here", Point(116, 39)), ("gone", Point(39, 116))):
        gpd.GeoDataFrame({"n": [1]}, geometry=[shape], crs="EPSG:4326").to_file(file, layer=layer)
    quick_map([str(file)])
    assert caplog.messages == [f"{file}: longitude and latitude were swapped (1 row)"]


def test_rows_of_a_table_are_told_once_by_its_reader(tmp_path, caplog):
    file = tmp_path / "t.csv"
    file.write_text("名称,经度,纬度\n甲,116.41,39.92\n乙,,39.11\n", encoding="utf-8")
    quick_map([str(file)])
    assert not any("no place" in one for one in caplog.messages)
    assert any("1 of 2 rows could not be placed" in one for one in caplog.messages)


def test_rows_of_several_points_are_said_to_be_more_marks(tmp_path, caplog):
    four = MultiPoint([(116, 39), (116, 40), (117, 39), (117, 40)])
    file = write(tmp_path, [four] * 10)
    quick_map([file])
    one = write(tmp_path, [four, Point(116, 39)], "one")
    quick_map([one])
    assert caplog.messages == [
        f"{file}: 10 rows of several points are drawn as 40 points",
        f"{one}: 1 row of several points is drawn as 4 points",
    ]
