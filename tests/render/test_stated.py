"""What a file says of itself reaches the map; what is no text does not."""

import json

import pytest

from geo.formats import geojson_text
from geo.layers import load, read
from geo.render.any_file.provenance_labels import about_named
from geo.render.any_file.quick import quick_map

MADE = {
    "inputs": {
        "points": {"file": "名单.xlsx"},
        "axes": {
            "sources": [{"source_id": "a", "title": "Axes", "note": "left out", "vintage": "2026"}],
            "caveat": {"zh": "示意", "en": "schematic", "ja": "模式図"},
        },
    },
    "parameters": {"width_km": 10},
}


def written(tmp_path, provenance):
    path = tmp_path / "stations.geojson"
    path.write_text(geojson_text(read("stations").reset_index(), provenance), encoding="utf-8")
    return str(path)


def test_an_exported_layer_keeps_its_title_sources_and_caveat(tmp_path):
    layer = load("xiongan")
    told = about_named(written(tmp_path, layer.provenance()))
    assert told.title == layer.title
    assert [one["source_id"] for one in told.provenance["sources"]] == list(layer.sources)
    assert told.caveats == (layer.caveat,)


def test_a_result_names_the_files_and_layers_it_was_made_from(tmp_path):
    payload = quick_map([written(tmp_path, MADE)]).payload()
    layer = next(one for one in payload["layers"] if one["id"] == "layer-4")
    said = [payload["sources"][at] for at in layer["sources"]]
    assert said == [
        {"title": {"zh": "文件 名单.xlsx", "en": "file 名单.xlsx", "ja": "ファイル 名单.xlsx"}},
        {"source_id": "a", "title": "Axes", "vintage": "2026"},
    ]
    assert {"zh": "示意", "en": "schematic", "ja": "模式図"} in payload["caveats"]


@pytest.mark.parametrize(
    "provenance",
    [
        {"sources": "all"},
        {"sources": [1, None, {"title": 3, "licence": ["x"]}], "title": ["t"], "caveat": 5},
        {"inputs": [1, 2]},
        {"inputs": {"a": "b", "c": {"sources": {"title": "x"}, "file": 7}}},
        {"title": {"zh": "只有中文"}, "caveat": {"zh": 1, "en": 2, "ja": 3}},
        [1, 2, 3],
    ],
)
def test_what_is_no_text_is_left_out(tmp_path, provenance):
    path = tmp_path / "odd.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "provenance": provenance}), "utf-8")
    told = about_named(str(path))
    assert (told.title, told.caveats) == ("odd", ())
    assert (told.provenance or {}).get("sources", []) == []


def test_a_file_of_others_is_known_by_its_name_only(tmp_path):
    told = about_named(written(tmp_path, None))
    assert (told.title, told.provenance, told.caveats) == ("stations", None, ())
