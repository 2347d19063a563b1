"""What the constructors put into the page, and what they refuse."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from blocks import places, unpack
from shapely import GeometryCollection, LineString, MultiPoint, Point, Polygon, box

from geo.errors import CRSError, InputError, UnknownIdError
from geo.layers import load
from geo.render import (
    About,
    Categories,
    Field,
    Time,
    choropleth,
    fields_of,
    labels,
    lines,
    points,
    polygons,
)
from geo.render.layer import MAX_TEXT


def test_points_keep_their_place_to_half_a_metre(sites, about):
    shapes = places(points(sites, about).payload["shapes"])
    assert (shapes["x"] / 1e5).tolist() == [116.4, 117.2, 115.9]
    assert (shapes["y"] / 1e5).tolist() == [39.9, 39.1, 39.0]


def test_cells_come_back_with_their_gaps(sites, about):
    payload = points(sites, about, fields=[Field("kind", "Kind"), Field("staff", "Staff")]).payload
    data = unpack(payload["data"])
    kind, staff = (one["column"] for one in payload["fields"])
    assert data[f"c{kind}"] == ["plant", "institute", None]
    how = payload["columns"][staff]
    assert (data[f"c{staff}"] / 10 ** how["scale"]).tolist() == [100.0, 25.5, 0.0]
    assert data[f"c{staff}-"].tolist() == [2]
    assert data[f"c{payload['key_column']}"] == ["s1", "s2", "s3"]
    assert set(payload["names"]) == {"zh", "en", "ja"}


def test_a_column_that_says_no_more_than_the_colours_is_one_cell_a_class(sites, about):
    frame = sites.iloc[[0, 1, 2, 0, 1, 2]].assign(other=["a", "b", "c", "a", "b", "a"])
    fields = [Field("kind", "Kind"), Field("other", "Other")]
    payload = points(frame, about, colour_by="kind", fields=fields).payload
    kind, other = (payload["columns"][one["column"]] for one in payload["fields"])
    data, classes = unpack(payload["data"]), unpack(payload["shapes"])["class"]
    at = payload["fields"][0]["column"]
    words = [None, *data[f"c{at}"]]
    told = [words[kind["by_class"][one]] for one in classes]
    assert told == ["plant", "institute", None, "plant", "institute", None]
    assert f"c{at}#" not in data
    assert "by_class" not in other  # the last row differs from the third


def test_repeated_words_are_kept_once(about):
    frame = gpd.GeoDataFrame(
        {"name": list("abcdefgh"), "city": ["北京市", "天津市"] * 4},
        geometry=[Point(116, 39)] * 8,
        crs="EPSG:4326",
    )
    payload = points(frame, about, fields=[Field("city", "City")]).payload
    data = unpack(payload["data"])
    assert data["c1"] == ["北京市", "天津市"]
    assert data["c1#"].tolist() == [1, 2] * 4


def test_many_points_are_sorted_with_their_cells(about):
    random = np.random.default_rng(1)
    lon, lat = random.uniform(114, 119, 3000), random.uniform(37, 42, 3000)
    frame = gpd.GeoDataFrame(
        {"lon": lon.round(5)}, geometry=gpd.points_from_xy(lon, lat), crs="EPSG:4326"
    )
    payload = points(frame, about, fields=[Field("lon", "lon")]).payload
    x, cells = places(payload["shapes"])["x"], unpack(payload["data"])["c0"]
    assert np.abs(x - cells).max() <= 1
    assert not np.array_equal(cells, np.rint(frame.lon * 1e5))


def test_rings_lose_their_closing_vertex_and_keep_their_holes(about):
    donut = Polygon(box(0, 0, 9, 9).exterior, [box(3, 3, 6, 6).exterior])
    frame = gpd.GeoDataFrame({"name": ["o"]}, geometry=[donut], crs="EPSG:4326")
    shapes = unpack(polygons(frame, about).payload["shapes"])
    assert shapes["alen"].tolist() == [5, 5]
    assert shapes["own"].tolist() == [2]


@pytest.mark.parametrize("shape", [None, Point(), Point(np.nan, 1), Point(1, 91), Point(181, 0)])
def test_rows_that_cannot_be_drawn_are_counted(shape, about):
    frame = gpd.GeoDataFrame(
        {"name": ["a", "b"]}, geometry=[Point(116, 39), shape], crs="EPSG:4326"
    )
    payload = points(frame, about).payload
    assert (payload["n"], payload["dropped"]) == (1, 1)


def test_collections_are_taken_apart(about):
    mixed = GeometryCollection([MultiPoint([(1, 1), (2, 2)]), LineString([(0, 0), (1, 1)])])
    frame = gpd.GeoDataFrame({"name": ["a"]}, geometry=[mixed], crs="EPSG:4326")
    assert points(frame, about).payload["n"] == 2
    assert lines(frame, about).payload["n"] == 1


@pytest.mark.parametrize("maker", [points, lines, polygons])
def test_empty_frames_make_empty_layers(maker, about):
    frame = gpd.GeoDataFrame({"name": []}, geometry=[], crs="EPSG:4326")
    layer = maker(frame, about)
    assert layer.payload["n"] == 0
    assert layer.bounds is None


def test_the_wrong_kind_of_geometry_is_named(squares, about):
    with pytest.raises(InputError, match=r"points\(\) draws Point; the frame holds Polygon only"):
        points(squares, about)


def test_metres_are_refused(sites, about):
    with pytest.raises(CRSError, match="to_storage"):
        points(sites.to_crs("EPSG:4509"), about)
    with pytest.raises(CRSError, match="no reference system"):
        points(sites.set_crs(None, allow_override=True), about)


def test_a_missing_column_is_named(sites, about):
    for options in ({"fields": [Field("naem", "x")]}, {"colour_by": Categories("naem")}):
        with pytest.raises(UnknownIdError, match="unknown column 'naem'"):
            points(sites, about, **options)
    with pytest.raises(UnknownIdError):
        choropleth(load("counties").frame, "naem", about)


def test_the_argument_is_not_changed(sites, about):
    before = sites.copy(deep=True)
    points(sites, about, colour_by="kind", size_by="staff", fields=fields_of(sites))
    pd.testing.assert_frame_equal(pd.DataFrame(sites), pd.DataFrame(before))


def test_a_cell_of_a_million_signs_is_cut(about):
    frame = gpd.GeoDataFrame({"name": ["名" * 10**6]}, geometry=[Point(1, 1)], crs="EPSG:4326")
    name = unpack(points(frame, about).payload["data"])["c0"][0]
    assert len(name) == MAX_TEXT
    assert name.endswith("…")


def test_odd_cells_become_text(about):
    frame = gpd.GeoDataFrame(
        {
            "name": ["a"],
            "when": [pd.Timestamp("2026-02-12")],
            "list": [[1, 2]],
            "flag": [True],
            "big": [2**60],
            "inf": [np.inf],
        },
        geometry=[Point(1, 1)],
        crs="EPSG:4326",
    )
    payload = points(frame, about, fields=[Field(one, one) for one in frame.columns[1:-1]]).payload
    data = unpack(payload["data"])
    assert data["c1"] == ["2026-02-12"]
    assert data["c2"] == ["[1, 2]"]
    assert data["c3"] == ["true"]
    assert data["c4"] == [str(2**60)]
    assert np.isnan(data["c5"][0])


def test_time_is_years_in_order(sites, about):
    payload = points(sites, about, time=Time("year", mode="until")).payload
    assert payload["time"] == {"steps": ["2015", "2020", "2024"], "until": True, "missing": 0}
    assert unpack(payload["shapes"])["time"].tolist() == [1, 2, 3]


def test_labels_are_ordered_by_weight(sites, about):
    payload = labels(sites, about, weight="staff").payload
    names = unpack(payload["data"])[f"c{payload['names']['en']}"]
    assert names == ["Plant A", "Institute B", "Park C"]
    with pytest.raises(InputError, match="no column of names"):
        labels(sites[["staff", "geometry"]], about)


def test_about_takes_what_the_layer_says():
    layer = load("xiongan")
    found = About.of(layer, shown=False)
    assert found.title == layer.title
    assert found.provenance == layer.provenance()
    assert not found.shown
