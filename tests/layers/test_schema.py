"""A layer that breaks its contract cannot exist, and says everything that is wrong at once."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point, Polygon, box

from geo.errors import LayerError
from geo.layers import Column, Layer, Localized, Schema

SCHEMA = Schema(
    "adcode",
    (
        Column("name", "text", "name", pattern="[a-z]+"),
        Column("area", "number", "area", "km²", nullable=True),
        Column("people", "integer", "inhabitants"),
        Column("open", "flag", "whether open"),
    ),
    ("Polygon",),
    r"\d{6}",
    partition=True,
)


def frame(**changes):
    columns = {
        "name": ["one", "two"],
        "area": [1.0, np.nan],
        "people": [1, 2],
        "open": [True, False],
        **changes,
    }
    shapes = columns.pop("geometry", [box(0, 0, 1, 1), box(1, 0, 2, 1)])
    ids = columns.pop("index", pd.Index(["110101", "110102"], name="adcode"))
    crs = columns.pop("crs", 4326)
    return gpd.GeoDataFrame(columns, geometry=shapes, index=ids, crs=crs)


def layer(data):
    return Layer(
        "towns", data, SCHEMA, Localized.of("镇", "Towns", "町"), ("geonames",), "Made by hand."
    )


def test_a_good_frame_makes_a_layer_with_its_provenance():
    said = layer(frame()).provenance()
    assert said["title"] == {"zh": "镇", "en": "Towns", "ja": "町"}
    assert said["sources"][0]["licence"] == "CC-BY-4.0"
    assert "accuracy_m" not in said
    assert "caveat" not in said


BOW_TIE = Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
IDS = pd.Index(["110101", "110102"])
DEFECTS = {
    "index name": ({"index": IDS.rename("code")}, "the index is 'code', not 'adcode'"),
    "ids twice": (
        {"index": pd.Index(["110101", "110101"], name="adcode")},
        "1 ids occur twice, for instance '110101'",
    ),
    "id pattern": (
        {"index": pd.Index(["110101", "11"], name="adcode")},
        r"1 ids break \d{6}, for instance '11'",
    ),
    "ids as numbers": (
        {"index": pd.Index([110101, 110102], name="adcode")},
        "2 ids are not text, for instance 110101",
    ),
    "missing cell": ({"name": ["one", None]}, "name: 1 missing, first at 110102"),
    "pattern": ({"name": ["one", "Two"]}, "name: 1 are not text [a-z]+, such as 'Two'"),
    "number as text": ({"area": ["1.0", None]}, "area: 1 are not number, such as '1.0'"),
    "infinite": ({"area": [np.inf, 1.0]}, "area: 1 are not number, such as np.float64(inf)"),
    "not whole": ({"people": [1.5, 2.0]}, "people: 1 are not integer, such as np.float64(1.5)"),
    "flag as integer": ({"open": [1, 0]}, "open: 2 are not flag, such as np.int64(1)"),
    "number as flag": ({"people": [True, False]}, "people: 2 are not integer"),
    "extra column": ({"more": [1, 2]}, "column more is not in the schema"),
    "no system": ({"crs": None}, "the reference system is None, not EPSG:4326"),
    "other system": ({"crs": 4509}, "the reference system is EPSG:4509, not EPSG:4326"),
    "missing shape": (
        {"geometry": [box(0, 0, 1, 1), None]},
        "1 geometries are empty, first 110102",
    ),
    "empty shape": (
        {"geometry": [Polygon(), box(0, 0, 1, 1)]},
        "1 geometries are empty, first 110101",
    ),
    "geometry type": (
        {"geometry": [box(0, 0, 1, 1), Point(3, 3)]},
        "geometry types Point are not among Polygon",
    ),
    "invalid": (
        {"geometry": [box(2, 0, 3, 1), BOW_TIE]},
        "1 geometries are invalid, first 110102: Self-intersection",
    ),
    "latitude first": (
        {"geometry": [box(39, 116, 40, 117), box(40, 116, 41, 117)]},
        "2 geometries leave ±180 degrees of longitude or ±90 of latitude, first 110101",
    ),
    "overlap": (
        {"geometry": [box(0, 0, 1.1, 1), box(1, 0, 2, 1)]},
        "the polygons overlap or leave gaps along shared borders",
    ),
    "vertex on one side only": (
        {"geometry": [box(0, 0, 1, 1), Polygon([(1, 0), (2, 0), (2, 1), (1, 1), (1, 0.5)])]},
        "the polygons overlap or leave gaps along shared borders",
    ),
}


@pytest.mark.parametrize("name", DEFECTS)
def test_each_defect_alone_refuses_the_layer(name):
    change, said = DEFECTS[name]
    with pytest.raises(LayerError) as caught:
        layer(frame(**change))
    assert [said in one for one in caught.value.defects] == [True]


def test_a_missing_column_is_named():
    with pytest.raises(LayerError, match="column people is missing"):
        layer(frame().drop(columns="people"))


def test_a_frame_without_shapes_is_refused():
    bare = gpd.GeoDataFrame(frame().drop(columns="geometry"))
    with pytest.raises(LayerError, match="no geometry column"):
        layer(bare)


def test_all_defects_are_reported_at_once():
    bad = frame(
        name=["one", None],
        people=[1.5, 2.0],
        more=[0, 0],
        index=pd.Index(["110101", "110101"], name="code"),
        geometry=[Point(0, 0), None],
    ).drop(columns="open")
    with pytest.raises(LayerError) as caught:
        layer(bad)
    said = str(caught.value)
    for part in (
        "the index is",
        "twice",
        "name: 1 missing",
        "people: 1",
        "column open is missing",
        "column more is not",
        "empty",
        "geometry types Point",
    ):
        assert part in said
    assert len(caught.value.defects) == 8


def three(shift):
    """Two squares below a bar; the right square is moved by ``shift`` degrees to the right."""
    bar = Polygon([(0, 1), (1, 1), (2, 1), (2, 2), (0, 2)])
    ids = pd.Index(["a", "b", "c"], name="unit")
    right = Polygon([(1 + shift, 0), (2, 0), (2, 1), (1 + shift, 1)])
    return gpd.GeoDataFrame(geometry=[box(0, 0, 1, 1), right, bar], index=ids, crs=4326)


TILING = Schema("unit", (), ("Polygon",), partition=True)
BROKEN = ["the polygons overlap or leave gaps along shared borders"]


def test_squares_that_share_their_borders_tile():
    assert TILING.defects(three(0.0)) == []


@settings(max_examples=30)
@given(st.floats(1e-9, 0.9))
def test_an_overlap_of_any_size_breaks_the_partition(overlap):
    assert TILING.defects(three(-overlap)) == BROKEN


@settings(max_examples=30)
@given(st.floats(1e-7, 9e-5))
def test_a_sliver_breaks_the_partition(gap):
    assert TILING.defects(three(gap)) == BROKEN


def test_checking_changes_nothing():
    data = frame()
    before = data.copy(deep=True)
    SCHEMA.defects(data)
    pd.testing.assert_frame_equal(pd.DataFrame(data), pd.DataFrame(before))
