import json

import pytest

from geo.errors import CRSError, GeoError, InputError
from geo.tables import open_layer, read_points


@pytest.fixture
def collection(truth):
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"编号": key, "企业名称": name},
                "geometry": {"type": "Point", "coordinates": [lon, lat]},
            }
            for key, (name, lon, lat, _) in truth.items()
        ],
    }


@pytest.fixture
def save(tmp_path):
    def make(content, name="示例.geojson", encoding="utf-8"):
        path = tmp_path / name
        text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
        path.write_bytes(text.encode(encoding))
        return path

    return make


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_collection(save, collection, near, encoding):
    assert near(read_points(save(collection, encoding=encoding))) == 8


@pytest.mark.parametrize("lead", ["", "\x1e"])
def test_one_feature_a_line(save, collection, near, lead):
    text = "".join(
        f"{lead}{json.dumps(one, ensure_ascii=False)}\n" for one in collection["features"]
    )
    for name in ("示例.geojsonl", "示例.geojson"):
        assert near(read_points(save(text, name))) == 8


def test_a_broken_line_is_one_refused_row(save, collection, near):
    lines = [json.dumps(one, ensure_ascii=False) for one in collection["features"]]
    lines[3] = lines[3][:40]
    table = read_points(save("\n".join(lines), "示例.geojsonl"))
    assert near(table) == 7
    assert table.report.loc[3, ["line", "status"]].tolist() == [4, "refused"]


def test_latitude_first_is_swapped_and_said(save, collection, near):
    for feature in collection["features"]:
        feature["geometry"]["coordinates"].reverse()
    table = read_points(save(collection))
    assert near(table) == 8
    assert set(table.report["reason"]) == {"swapped"}
    assert table.counts["repaired"] == 8


@pytest.mark.parametrize(
    ("geometry", "reason"),
    [
        (None, "no_coordinates"),
        ({"type": "Point", "coordinates": []}, "no_coordinates"),
        ({"type": "Point", "coordinates": [116.4]}, "bad_geometry"),
        ({"type": "Point", "coordinates": "116.4,39.9"}, "bad_geometry"),
        ({"type": "Point", "coordinates": [True, False]}, "bad_geometry"),
        ({"type": "point", "coordinates": [116.4, 39.9]}, "bad_geometry"),
        ({"type": "LineString", "coordinates": [[116, 39], [117, 40]]}, "not_a_point"),
        ({"type": "GeometryCollection", "geometries": []}, "no_coordinates"),
        ({"type": "Point", "coordinates": [0, 0]}, "null_island"),
        ({"type": "Point", "coordinates": [12960000, 4850000]}, "out_of_range"),
        ({"type": "Point", "coordinates": [121.47, 31.23]}, "far_outside"),
        (7, "bad_geometry"),
    ],
)
def test_a_bad_geometry_refuses_its_row_only(save, collection, near, geometry, reason):
    collection["features"][2]["geometry"] = geometry
    table = read_points(save(collection))
    assert near(table) == 7
    assert reason in table.report.loc[2, "reason"].split(";")


@pytest.mark.parametrize("feature", [None, 3, [], {"type": "feature"}, "x"])
def test_what_is_no_feature_refuses_its_row_only(save, collection, near, feature):
    collection["features"][5] = feature
    table = read_points(save(collection))
    assert near(table) == 7
    assert (
        table.report.loc[5, "reason"].startswith("not_a_feature")
        or table.report.loc[5, "status"] == "refused"
    )


def test_coordinates_as_text_are_read_and_said(save, collection, near):
    point = collection["features"][0]["geometry"]
    point["coordinates"] = [str(one) for one in point["coordinates"]]
    table = read_points(save(collection))
    assert near(table) == 8
    assert table.report.loc[0, "reason"] == "text_number"


def test_a_crs_member_is_believed_only_where_it_can_be(save, collection, near):
    def named(name):
        return {**collection, "crs": {"type": "name", "properties": {"name": name}}}

    assert near(read_points(save(named("urn:ogc:def:crs:OGC:1.3:CRS84")))) == 8
    assert near(read_points(save(named("urn:ogc:def:crs:EPSG::4490")))) == 8
    with pytest.raises(InputError, match="in metres, but its coordinates are degrees"):
        read_points(save(named("urn:ogc:def:crs:EPSG::4548")))
    with pytest.raises(CRSError, match="Xian 1980"):
        read_points(save(named("EPSG:4610")))
    assert read_points(save(named("GCJ-02"))).datum.datum == "gcj02"
    moved = open_layer(save(named("GCJ-02"))).geometry
    assert 0.003 < abs(moved.x.iloc[0] - open_layer(save(collection)).geometry.x.iloc[0]) < 0.01


@pytest.mark.parametrize(
    "text",
    [
        "", "null", "[]", "3", '"x"', "{}", "[1,", "{'a': 1}", '{"type":"Topology"}',
        '{"type":"FeatureCollection"}', '{"type":"FeatureCollection","features":{}}',
        '{"type":"FeatureCollection","features":[]}', '{"type":"featurecollection","features":[]}',
        '{"type":"FeatureCollection","features":[],"features":[{}]}', "[" * 100_000,
    ],
)  # fmt: skip
def test_what_is_not_geojson_is_refused_by_name(save, text):
    for door in (read_points, open_layer):
        with pytest.raises(GeoError, match="示例.geojson"):
            door(save(text))


def test_nan_is_no_number_and_infinity_no_place(save, collection, near):
    text = json.dumps(collection).replace('"geometry"', '"x": NaN, "geometry"', 1)
    lon = collection["features"][1]["geometry"]["coordinates"][0]
    table = read_points(save(text.replace(repr(lon), "1e999", 1)))
    assert near(table) == 7
    assert any("NaN" in note for note in table.notes)
    assert table.report.loc[1, "reason"] == "not_a_number"


def test_attributes_come_back_whole(save, collection):
    collection["features"][0]["properties"] = {
        "编号": "S0",
        "深": {"a": [1, None]},
        "大": 10**30,
        "id": "p",
    }
    collection["features"][0]["id"] = 7
    frame = read_points(save(collection)).frame
    assert frame.loc[0, "深"] == {"a": [1, None]}
    assert frame.loc[0, "大"] == 10**30
    assert frame.loc[0, "id"] == "p"


def test_half_a_sign_is_read_as_a_whole_one_and_said(save, collection, near):
    text = json.dumps(collection, ensure_ascii=True)
    text = text.replace(
        '"properties": {', '"properties": {"k\\ud800": "\\udfffa", "l": ["\\ud83d"], ', 1
    )
    table = read_points(save(text))
    assert near(table) == len(collection["features"])
    assert table.frame.loc[0, "k\ufffd"] == "\ufffda"
    assert table.frame.loc[0, "l"] == ["\ufffd"]
    assert any("unpaired surrogates" in note for note in table.notes)
    whole = (
        text.replace("\\ud800", "\\ud83d\\ude00").replace("\\udfff", "").replace('\\ud83d"]', '"]')
    )
    assert not any("surrogates" in note for note in read_points(save(whole)).notes)


@pytest.mark.parametrize("join", ["one", "lines"])
def test_a_hundred_thousand_properties_are_refused_before_anything_is_made_of_them(
    save, collection, join
):
    for at, feature in enumerate(collection["features"]):
        feature["properties"] = {f"c{at}-{k}": k for k in range(100_000 // 7)}
    text = json.dumps(collection)
    if join == "lines":
        text = "\n".join(map(json.dumps, collection["features"]))
    file = save(text)
    with pytest.raises(InputError, match=r"columns; at most 2000 are read"):
        read_points(file)
    with pytest.raises(InputError, match=r"columns; at most 2000 are read"):
        open_layer(file)
