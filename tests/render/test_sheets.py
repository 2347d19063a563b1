"""Layers of a map by kinds of geometry, and which column colours each of them."""

import geopandas as gpd
import pytest
import shapely
from shapely import GeometryCollection, LineString, MultiPoint, MultiPolygon, Point, box

from geo.render.any_file.inputs import InputLayer
from geo.render.any_file.sheets import sheets_of, with_colour_columns
from geo.render.layer import About


def layer(name, shapes, *, shipped=False, **columns):
    frame = gpd.GeoDataFrame(columns, geometry=list(shapes), crs="EPSG:4326")
    return InputLayer(name, frame, About(name, {} if shipped else None))


def sheets(*layers):
    return [sheet for one in layers for sheet in sheets_of(one)]


def points(n=4):
    return [Point(116 + at, 39) for at in range(n)]


def areas(n=4):
    return [box(116 + at, 39, 117 + at, 40) for at in range(n)]


TWO = MultiPolygon([box(100, 30, 101, 31), box(102, 30, 103, 31)])


def test_a_row_stays_one_row_and_stands_once_in_each_kind_of_which_it_has_parts():
    nested = GeometryCollection([GeometryCollection([TWO, Point(1, 2)]), Point(3, 4), Point()])
    line = LineString([(0, 0), (1, 1)])
    given = layer("x", [nested, TWO, MultiPoint([(5, 6), (7, 8)]), line, None, Point()], n=range(6))
    found = {one.kind: one.rows for one in sheets_of(given)}
    assert list(found) == ["Polygon", "LineString", "Point"]
    assert {kind: rows["n"].tolist() for kind, rows in found.items()} == {
        "Polygon": [0, 1],
        "LineString": [3],
        "Point": [0, 2],
    }
    assert found["Polygon"].geometry.tolist() == [TWO, TWO]
    assert found["Point"].geometry.iloc[0].equals(MultiPoint([(1, 2), (3, 4)]))
    assert shapely.get_num_geometries(found["Point"].geometry.to_numpy()).tolist() == [2, 2]


def test_without_a_place_there_is_no_sheet():
    assert sheets_of(layer("x", [None, Point(), GeometryCollection()], n=range(3))) == []


def test_what_lacks_the_column_that_was_asked_for_is_left_in_one_colour():
    kinds, others = layer("a", points(), kind=list("xxyy")), layer("b", points(), role=list("xxyy"))
    assert [one.by for one in with_colour_columns(sheets(kinds, others), "kind")] == ["kind", None]
    assert all(one.instead is None for one in with_colour_columns(sheets(kinds, others), "kind"))


@pytest.mark.parametrize(
    ("shipped", "coloured"),
    [([False, False], 1), ([True, True], 1), ([False, True], 0), ([True, False], 1)],
)
def test_of_two_layers_of_points_the_strangers_then_the_last_is_coloured(shipped, coloured):
    two = [
        layer(name, points(), shipped=one, kind=list("xxyy"))
        for name, one in zip("ab", shipped, strict=True)
    ]
    found = with_colour_columns(sheets(*two))
    assert found[coloured].by == "kind"
    assert found[coloured].instead is None
    assert found[1 - coloured].by is None
    assert found[1 - coloured].instead == ("kind", "ab"[coloured])


def test_areas_and_points_are_coloured_each_by_their_own():
    found = with_colour_columns(
        sheets(layer("a", areas(), gdp=[3.5, 1, 9, 2]), layer("b", points(), kind=list("xxyy")))
    )
    assert [one.by for one in found] == ["gdp", "kind"]


def test_a_collection_is_lost_once_and_only_if_all_of_it_is():
    off, there = box(39, 116, 40, 117), Point(116, 39)
    both = layer("x", [GeometryCollection([off, there]), GeometryCollection([off, Point(39, 116)])])
    found = {one.kind: len(one.rows) for one in sheets_of(both)}
    assert found == {"Polygon": 1, "Point": 1}
