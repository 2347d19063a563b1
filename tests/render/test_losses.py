"""Rows that have no place on the map are said, and a file without any is an error."""

import geopandas as gpd
import pytest
from shapely import GeometryCollection, MultiPoint, Point, box

from geo.errors import InputError
from geo.render.quick import quick_map


def write(folder, shapes, name="x"):
    file = folder / f"{name}.geojson"
    gpd.GeoDataFrame({"n": range(len(shapes))}, geometry=shapes, crs="EPSG:4326").to_file(
        file, driver="GeoJSON"
    )
    return str(file)


SWAPPED = "; longitude and latitude look swapped"
METRES = "; coordinates look like metres where the file says degrees"


@pytest.mark.parametrize(
    ("shapes", "lost", "why"),
    [
        ([None, Point()], 2, ""),
        ([Point(39, 116)], 1, SWAPPED),
        ([Point(500_000, 4_400_000), None], 2, METRES),
        ([Point(116, 87)], 1, ""),
        ([GeometryCollection([Point(39, 116), box(39, 116, 40, 117)])], 1, SWAPPED),
    ],
)
def test_rows_without_a_place_are_counted_and_the_likely_reason_is_said(
    tmp_path, caplog, shapes, lost, why
):
    there = [Point(116, 39), Point(117, 39)]
    file = write(tmp_path, [*there, *shapes])
    quick_map([file])
    assert caplog.messages == [
        f"{file}: {lost} of {len(shapes) + 2} rows have no place on the map{why}"
    ]
    none = write(tmp_path, shapes, "none")
    with pytest.raises(
        InputError, match="none.geojson: holds no geometry that can be drawn"
    ) as all_lost:
        quick_map([file, none])
    assert str(all_lost.value).endswith(f"drawn{why}")


def test_what_is_all_there_is_not_spoken_of(tmp_path, caplog):
    quick_map([write(tmp_path, [Point(116, 39), box(116, 39, 117, 40)]), "stations"])
    assert not caplog.messages


def test_of_a_file_of_several_layers_one_may_be_lost(tmp_path, caplog):
    file = tmp_path / "x.gpkg"
    for layer, shape in (("here", Point(116, 39)), ("gone", Point(39, 116))):
        gpd.GeoDataFrame({"n": [1]}, geometry=[shape], crs="EPSG:4326").to_file(file, layer=layer)
    quick_map([str(file)])
    assert caplog.messages == [f"{file} (gone): 1 of 1 rows have no place on the map{SWAPPED}"]


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
