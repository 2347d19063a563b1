"""What a stranger hands over: tables, files of several layers, nested cells, far places."""

import json
import logging

import geopandas as gpd
import pandas as pd
import pytest
from shapely import LineString, Point, box

from geo.errors import InputError, UnknownIdError
from geo.render.any_file.inputs import Reading, read_layers
from geo.render.any_file.quick import quick_map
from geo.render.ground import graticule

LON_LAT = (
    "名称,类别,经度,纬度,产值\n甲,厂,116.40,39.90,5\n乙,店,117.20,39.10,\n丙,厂,115.50,38.90,7\n"
)


def write(tmp_path, name, text, encoding="utf-8"):
    (tmp_path / name).write_text(text, encoding=encoding)
    return str(tmp_path / name)


def own(made):
    return [one for one in made.map_layers if one.about.group is None]


def test_a_table_with_coordinates_is_a_map_and_its_datum_is_said(tmp_path, caplog):
    (layer,) = own(quick_map([write(tmp_path, "企业.csv", LON_LAT, "gbk")]))
    assert (layer.kind, layer.payload["n"]) == ("point", 3)
    headers = [one["header"] for one in layer.payload["fields"]]
    assert headers == ["类别", "产值"]  # no column of ours, no coordinates
    assert "read as gb18030" in caplog.text
    assert "taken as WGS 84, since nothing says otherwise (--datum)" in caplog.text


def test_a_datum_that_is_named_moves_the_points(tmp_path):
    path = write(tmp_path, "a.csv", LON_LAT)
    plain, moved = (quick_map([path], reading=Reading(datum=one)) for one in ("wgs84", "gcj02"))
    west = [own(one)[0].bounds[0] for one in (plain, moved)]
    assert 0.004 < west[0] - west[1] < 0.008


def test_rows_without_a_place_are_counted_and_none_at_all_is_an_error(tmp_path, caplog):
    path = write(tmp_path, "a.csv", LON_LAT + "丁,店,999,999,1\n")
    (layer,) = own(quick_map([path]))
    assert (layer.payload["n"], layer.payload["dropped"]) == (3, 1)
    assert (
        "1 of 4 rows could not be placed (line 5: beyond any longitude or latitude); jjj locate"
        in (caplog.text)
    )
    with pytest.raises(InputError, match=r"b.csv: none of its 1 rows can be placed"):
        quick_map([write(tmp_path, "b.csv", "lon,lat\n999,999\n")])


@pytest.mark.parametrize(
    ("rows", "kinds"),
    [
        (
            ["浦东厂,121.5447,31.2222", "徐汇厂,121.4365,31.1885", "苏州厂,120.6196,31.2990"],
            ["line", "label", "point", "label"],
        ),
        (["浦东,121.5447,31.2222", "北京,116.40,39.90", "深圳,114.06,22.54"], None),
        (["Reykjavík,-21.9,64.1", "Quito,-78.5,-0.2", "Suva,178.4,-18.1"], None),
    ],
)
def test_a_table_is_drawn_wherever_on_earth_its_rows_lie(tmp_path, caplog, rows, kinds):
    made = quick_map([write(tmp_path, "s.csv", "\n".join(["名称,经度,纬度", *rows]))])
    (layer,) = [one for one in made.map_layers if one.kind == "point" and one.about.title == "s"]
    assert (layer.payload["n"], layer.payload["dropped"]) == (3, 0)
    assert kinds is None or [one.kind for one in made.map_layers] == kinds
    assert "taken as WGS 84, since nothing says otherwise (--datum)" in caplog.text


def test_what_was_put_right_is_said_with_its_rows(tmp_path, caplog):
    rows = ["a,116.4,39.9", "b,116.5,39.8", "c,无,３９.７", "d,１１６.７,39.6", "e,39.5,116.8"]
    quick_map([write(tmp_path, "s.csv", "\n".join(["name,lat,lon", *rows]))])
    assert "s.csv: longitude and latitude were swapped (3 rows); full-width digits (1 row)" in (
        caplog.text
    )
    caplog.clear()
    plain = write(tmp_path, "p.csv", "name,lon,lat\na,116.4,39.9\n")
    quick_map([plain])
    assert caplog.messages == [f"{plain}: taken as WGS 84, since nothing says otherwise (--datum)"]


def test_a_table_that_says_no_place_is_one_line_that_leads_on(tmp_path):
    path = write(tmp_path, "t.csv", "a,b\n1,2\n")
    with pytest.raises(InputError, match=r"t.csv: no column says where.* --code to jjj locate, wh"):
        quick_map([path])


def test_a_table_of_county_codes_is_a_map_of_counties(tmp_path):
    path = write(tmp_path, "p.csv", "adcode,pop\n110101,708829\n110102,1106214\n110105,3452460\n")
    (layer,) = own(quick_map([path]))
    assert layer.kind == "area"
    assert layer.payload["legend"]["title"] == "pop"
    assert sum(one["n"] for one in layer.payload["legend"]["items"]) == 3
    # two rows of one county are no map of counties
    twice = write(tmp_path, "q.csv", "adcode,pop\n110101,1\n110101,2\n110102,3\n")
    assert [one.kind for one in own(quick_map([twice]))] == ["point"]


def test_every_layer_of_a_file_is_drawn_areas_below(tmp_path):
    path = tmp_path / "two.gpkg"
    sites = gpd.GeoDataFrame({"name": ["a"]}, geometry=[Point(116.4, 39.9)], crs="EPSG:4326")
    sites.to_file(path, layer="sites")
    sites.set_geometry([box(116, 39, 117, 40)]).to_file(path, layer="zones")
    made = quick_map([str(path)])
    drawn = [one for one in made.map_layers if one.about.group == "two"]
    assert [(one.about.title, one.kind) for one in drawn] == [("zones", "area"), ("sites", "point")]
    assert made.title.en == "two"
    (only,) = own(quick_map([str(path)], reading=Reading(sheet="sites")))
    assert only.kind == "point"
    with pytest.raises(UnknownIdError, match="unknown layer 'site'"):
        quick_map([str(path)], reading=Reading(sheet="site"))


def test_an_empty_layer_beside_full_ones_is_left_out_and_named(tmp_path, caplog):
    path = tmp_path / "some.gpkg"
    sites = gpd.GeoDataFrame({"name": ["a"]}, geometry=[Point(116.4, 39.9)], crs="EPSG:4326")
    sites.to_file(path, layer="sites")
    sites.iloc[:0].to_file(path, layer="drafts")
    (one,) = read_layers(str(path))
    assert one.frame["name"].tolist() == ["a"]
    assert f"{path}: left out, since they hold no features: 'drafts'" in caplog.text
    sites.to_file(path, layer="more")
    assert [one.about.title for one in read_layers(str(path))] == ["sites", "more"]
    with pytest.raises(InputError, match=r"some.gpkg: layer 'drafts' holds no features"):
        list(read_layers(str(path), Reading(sheet="drafts")))
    bare = tmp_path / "bare.gpkg"
    for layer in ("x", "y"):
        sites.iloc[:0].to_file(bare, layer=layer)
    with pytest.raises(InputError, match=r"bare.gpkg: holds no features \(layers: 'x', 'y'\)"):
        list(read_layers(str(bare)))


def test_an_empty_folder_of_kml_is_left_out(tmp_path, caplog):
    mark = (
        "<Placemark><name>站</name><Point><coordinates>116.4,39.9</coordinates></Point></Placemark>"
    )
    folders = f"<Folder><name>空</name></Folder><Folder><name>站点</name>{mark}</Folder>"
    text = f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{folders}</Document></kml>'
    (one,) = read_layers(write(tmp_path, "a.kml", text))
    assert one.frame["Name"].tolist() == ["站"]
    assert "left out, since they hold no features: '空'" in caplog.text


def test_figures_as_people_write_them_are_numbers_and_said(tmp_path, caplog):
    rows = [
        '110101,"708,829",38%,5A,17.2万人,"1,001"',
        '110102,"1,106,214",41%,4A,3万人,"1,002"',
        '110105,"3,452,460",,3A,9亿人,7',
        "110106,—,,3A,9亿人,8",
    ]
    header = "adcode,pop,share,grade,mixed,电话"
    path = write(tmp_path, "t.csv", "\n".join([header, *rows]))
    (one,) = read_layers(path)
    assert one.frame["pop"].fillna(0).tolist() == [708829, 1106214, 3452460, 0]
    assert one.frame["share"].dropna().tolist() == [38, 41]
    assert one.frame["grade"].tolist() == ["5A", "4A", "3A", "3A"]
    assert one.frame["mixed"].tolist() == ["17.2万人", "3万人", "9亿人", "9亿人"]
    assert one.frame["电话"].tolist() == ["1,001", "1,002", "7", "8"]
    told = [one for one in caplog.messages if "read as numbers" in one]
    assert told == [
        f"{path}: 'pop' read as numbers; 1 cell holds none",
        f"{path}: 'share' read as numbers, in %",
    ]
    (layer,) = own(quick_map([path]))
    assert layer.payload["legend"]["title"] == "pop"


def test_nested_cells_become_columns_and_lists_stay_json(tmp_path):
    cells = {"tags": {"kind": "a", "deep": {"x": 1}}, "list": [1, {"b": "乙"}], "empty": ""}
    shape = {"type": "Point", "coordinates": [116, 39]}
    feature = {"type": "Feature", "properties": cells, "geometry": shape}
    path = write(tmp_path, "n.geojson", json.dumps(feature))
    (one,) = read_layers(path)
    row = one.frame.drop(columns="geometry").iloc[0].to_dict()
    assert row == {
        "tags.kind": "a", "tags.deep": '{"x": 1}', "list": '[1, {"b": "乙"}]', "empty": None,
    }  # fmt: skip


def test_the_named_index_of_geoparquet_is_a_column(tmp_path):
    path = tmp_path / "s.parquet"
    places = [Point(116 + at, 39) for at in range(3)]
    frame = gpd.GeoDataFrame({"site": list("abc")}, geometry=places, crs="EPSG:4326")
    frame.set_axis(pd.Index(["S1", "S2", "S3"], name="site_id")).to_parquet(path)
    (one,) = read_layers(str(path))
    assert one.frame["site_id"].tolist() == ["S1", "S2", "S3"]
    assert one.frame.index.tolist() == ["S1", "S2", "S3"]  # the key of its features
    (layer,) = [one for one in own(quick_map([str(path)])) if one.kind == "point"]
    assert "site_id" in [one["header"] for one in layer.payload["fields"]]
    (layer,) = [
        one for one in own(quick_map([str(path)], colour_by="site_id")) if one.kind == "point"
    ]
    assert layer.payload["legend"]["title"] == "site_id"


def test_levels_and_repeats_of_an_index_are_columns(tmp_path):
    path = tmp_path / "s.parquet"
    places = [Point(116 + at, 39) for at in range(3)]
    frame = gpd.GeoDataFrame({"use": list("aab")}, geometry=places, crs="EPSG:4326")
    frame.set_axis(pd.Index([1, 1, 2], name="line")).to_parquet(path)
    (one,) = read_layers(str(path))
    assert one.frame["line"].tolist() == [1, 1, 2]
    assert one.frame.index.tolist() == [0, 1, 2]
    levels = pd.MultiIndex.from_tuples([("A", 1), ("A", 2), ("B", 1)], names=["line", "use"])
    frame.set_axis(levels).to_parquet(path)
    (one,) = read_layers(str(path))
    assert list(one.frame.columns) == ["use", "line", "use_2", "geometry"]
    assert one.frame["use_2"].tolist() == [1, 2, 1]


def test_yes_and_no_stay_so_beside_unknown(tmp_path):
    features = [
        {
            "type": "Feature",
            "properties": {"name": f"n{at}", "open": one, "geometry": "seen by eye"},
            "geometry": {"type": "Point", "coordinates": [116 + at, 39]},
        }
        for at, one in enumerate([True, False, None])
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features})
    path = write(tmp_path, "b.geojson", text)
    (layer,) = [one for one in own(quick_map([path])) if one.kind == "point"]
    fields = {one["header"]: one for one in layer.payload["fields"]}
    assert set(fields) == {"open", "geometry_in"}
    assert layer.payload["columns"][fields["open"]["column"]]["kind"] == "flag"
    (coloured,) = [one for one in own(quick_map([path], colour_by="open")) if one.kind == "point"]
    shown = [(one["label"]["en"], one["n"]) for one in coloured.payload["legend"]["items"]]
    assert shown == [("No", 1), ("Yes", 1)]
    assert coloured.payload["legend"]["missing"] == 1


def test_what_was_chosen_is_said_once_and_not_when_asked_for(tmp_path, caplog):
    caplog.set_level(logging.INFO, "geo")
    path = tmp_path / "a.parquet"
    gpd.GeoDataFrame(
        {"kind": list("aaabb"), "use": list("ccddd"), "year": [1999, 2000, 2001, 2001, 2002]},
        geometry=[Point(116 + at, 39) for at in range(5)],
        crs="EPSG:4326",
    ).to_parquet(path)
    quick_map([str(path)])
    assert caplog.messages == [
        f"{path}: coloured by 'kind' (--colour-by), in steps of 'year' (--time)"
    ]
    caplog.clear()
    quick_map([str(path)], colour_by="use", time="year")
    assert caplog.messages == []
    with pytest.raises(InputError, match="column 'use' holds no years or dates"):
        quick_map([str(path)], time="use")


def test_outside_the_region_degrees_are_the_ground(tmp_path):
    path = tmp_path / "t.geojson"
    stations = {"駅名": ["東京", "品川"]}
    places = [Point(139.767, 35.681), Point(139.740, 35.628)]
    gpd.GeoDataFrame(stations, geometry=places, crs="EPSG:4326").to_file(path)
    made = quick_map([str(path)])
    assert [one.kind for one in made.map_layers] == ["line", "label", "point", "label"]
    assert made.payload()["box"] == (139.740, 35.628, 139.767, 35.681)
    assert not made.payload()["turned"]


@pytest.mark.parametrize(
    "around",
    [
        (139.7, 35.6, 139.8, 35.7),
        (174.0, -37.0, 189.0, -13.0),
        (-1.0, -1.0, 1.0, 1.0),
        (10.0, 50.0, 10.0, 50.0),
        (-180.0, -80.0, 180.0, 84.0),
        (-62.0, 78.0, 16.0, 82.5),
    ],
)
def test_a_graticule_of_any_box_stays_on_the_map(around):
    net, degrees = graticule(around)
    west, south, east, north = net.bounds
    assert west >= -180
    assert east <= 180
    assert south >= -85
    assert north <= 85
    assert net.payload["style"]["base"]
    assert 4 < degrees.payload["n"] < 60


def test_a_page_across_180_degrees_is_turned_not_empty(tmp_path):
    path = tmp_path / "fiji.geojson"
    places = [Point(178.44, -18.14), Point(-171.77, -13.83)]
    gpd.GeoDataFrame({"name": ["Suva", "Apia"]}, geometry=places, crs="EPSG:4326").to_file(path)
    payload = quick_map([str(path)]).payload()
    assert payload["turned"]
    assert payload["box"] == pytest.approx((178.44, -18.14, 188.23, -13.83))


def test_what_spans_the_world_is_not_turned(tmp_path):
    path = tmp_path / "w.geojson"
    shapes = [LineString([(-170, 0), (170, 0)]), box(-10, -10, 10, 10)]
    gpd.GeoDataFrame({"name": ["a", "b"]}, geometry=shapes, crs="EPSG:4326").to_file(path)
    assert not quick_map([str(path)]).payload()["turned"]


def test_a_hundred_columns_are_all_there_and_the_colour_comes_first(tmp_path, caplog):
    path = tmp_path / "wide.parquet"
    columns = {f"c{at:03d}": [1.0, 5.0, 2.0] for at in range(120)}
    places = [box(116 + at, 39, 117 + at, 40) for at in range(3)]
    frame = gpd.GeoDataFrame({"name": list("abc"), **columns}, geometry=places, crs="EPSG:4326")
    frame.to_parquet(path)
    (layer,) = own(quick_map([str(path)], colour_by="c115"))
    headers = [one["header"] for one in layer.payload["fields"]]
    assert (headers[0], len(headers), len(set(headers))) == ("c115", 100, 100)
    assert "20 columns are left out of the page" in caplog.text


def test_the_areas_of_several_years_open_with_the_latest(tmp_path):
    path = tmp_path / "panel.parquet"
    squares = [box(116, 39, 117, 40), box(117, 39, 118, 40)] * 2
    frame = pd.DataFrame(
        {"name": list("abab"), "year": [2019, 2019, 2020, 2020], "v": [1, 4, 2, 9]}
    )
    gpd.GeoDataFrame(frame, geometry=squares, crs="EPSG:4326").to_parquet(path)
    (layer,) = own(quick_map([str(path)]))
    assert layer.payload["time"] == {
        "steps": ["2019", "2020"], "until": False, "missing": 0, "alone": True,
    }  # fmt: skip
