"""What a layer's file says of its cells is kept."""

import json

import pandas as pd
import pytest
from shapely import Point

from geo.tables import open_layer


def collection(tmp_path, rows):
    features = [
        {
            "type": "Feature",
            "properties": row,
            "geometry": {"type": "Point", "coordinates": [at, 2]},
        }
        for at, row in enumerate(rows)
    ]
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return path


def test_truth_values_beside_missing_ones_are_no_numbers(tmp_path):
    rows = [{"ok": True, "n": 1}, {"ok": False, "n": 0}, {"ok": None, "n": None}]
    frame = open_layer(collection(tmp_path, rows))
    assert pd.api.types.is_bool_dtype(frame["ok"])
    assert [None if one is pd.NA else one for one in frame["ok"]] == [True, False, None]
    assert frame["n"].dropna().tolist() == [1, 0]
    assert not pd.api.types.is_bool_dtype(frame["n"])


@pytest.mark.parametrize("suffix", ["gpkg", "fgb", "geojson"])
def test_truth_values_of_other_files_too(tmp_path, suffix):
    frame = open_layer(collection(tmp_path, [{"ok": True}, {"ok": None}]))
    frame.to_file(tmp_path / f"b.{suffix}")
    again = open_layer(tmp_path / f"b.{suffix}")
    assert sorted(again["ok"].isna()) == [False, True]
    assert again["ok"].dropna().tolist() == [True]
    assert pd.api.types.is_bool_dtype(again["ok"])


def test_a_property_called_geometry_is_kept_beside_the_shape(tmp_path):
    rows = [
        {"name": "a", "geometry": "note", "z": 1},
        {"name": "b", "geometry": None, "z": 2},
    ]
    frame = open_layer(collection(tmp_path, rows))
    assert list(frame.columns) == ["name", "geometry_in", "z", "geometry"]
    assert frame["geometry_in"].dropna().to_dict() == {0: "note"}
    assert frame.geometry.tolist() == [Point(0, 2), Point(1, 2)]
    both = [{"geometry": "x", "geometry_in": "y"}]
    frame = open_layer(collection(tmp_path, both))
    assert frame["geometry_in_"].tolist() == ["x"]
    assert frame["geometry_in"].tolist() == ["y"]
