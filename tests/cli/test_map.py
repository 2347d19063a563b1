"""`jjj map` as a user runs it."""

import json

from geo.render.bundle import BUILT


def test_a_map_of_shipped_layers(jjj, tmp_path):
    done = jjj("map", "stations", "axes", "-o", "m.html", "--title", "站", "--lang", "ja")
    assert (done.code, done.err) == (0, "")
    html = (tmp_path / "m.html").read_text(encoding="utf-8")
    assert '<html lang="ja">' in html
    assert "<title>站</title>" in html
    again = jjj("map", "stations", "axes", "-o", "m.html")
    assert again.code == 1
    assert "exists already; --overwrite replaces it" in again.line
    assert jjj("map", "stations", "-o", "m.html", "--overwrite").code == 0


def test_the_page_goes_to_a_pipe(jjj):
    done = jjj("map", "axes", "-o", "-")
    assert done.code == 0
    assert done.out.startswith("<!DOCTYPE html>")


def test_a_table_and_a_layer_come_through_a_pipe(jjj, tmp_path):
    table = "名称,经度,纬度,行业\n甲厂,116.4,39.9,制造\n乙所,117.2,39.1,研发\n丙园,115.9,39,制造\n"
    done = jjj("map", "-", "-o", "t.html", "--lang", "en", stdin=table.encode("gb18030"))
    assert done.code == 0
    assert "-: coloured by '行业'" in done.err
    html = (tmp_path / "t.html").read_text(encoding="utf-8")
    assert "<title>Standard input</title>" in html
    told = jjj("layers", "export", "xiongan", "-o", "-").out  # a file of ours keeps what it says
    assert jjj("map", "-", "-o", "x.html", stdin=told.encode()).code == 0
    html = (tmp_path / "x.html").read_text(encoding="utf-8")
    assert "<title>雄安新区</title>" in html
    assert "GS(2024)0650" in html
    point = '{"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [1, 2]}}'
    assert jjj("map", "-", "-o", "l.html", stdin=point.encode()).code == 0
    assert jjj("map", "-", "-o", "n.html").line == "jjj: -: nothing came on standard input"


def test_mistakes_are_one_line_and_write_nothing(jjj, tmp_path):
    for words in (("frims",), ("firms", "--colour-by", "indsutry"), ("terrain.png",)):
        done = jjj("map", *words, "-o", "m.html")
        assert done.code == 1
        assert done.line.startswith("jjj: ")
    assert list(tmp_path.iterdir()) == []
    assert jjj("map", "firms").code == 2


def test_a_page_never_takes_the_place_of_data(jjj, tmp_path):
    file = tmp_path / "a.geojson"
    file.write_text('{"type": "Point", "coordinates": [116, 39]}', encoding="utf-8")
    done = jjj("map", "a.geojson", "-o", "a.geojson", "--overwrite")
    assert (done.code, done.line) == (
        1,
        "jjj: a.geojson: a map is a page; let its name end in .html",
    )
    assert file.read_text(encoding="utf-8").startswith("{")


def test_an_overview_is_drawn_when_asked_for_and_its_absence_is_said(jjj, tmp_path):
    assert jjj("map", "stations", "-o", "plain.html").code == 0
    asked = jjj("map", "stations", "--overview", "-o", "asked.html")
    assert (asked.code, asked.err) == (0, "")
    pages = [(tmp_path / one).read_text("utf-8") for one in ("plain.html", "asked.html")]
    built = json.loads((BUILT / "modules.json").read_text(encoding="utf-8"))
    overview = built["modules"][built["features"]["overview"]]["script"]
    assert overview
    assert [overview in one for one in pages] == [False, True]
    far = tmp_path / "far.geojson"
    far.write_text(
        '{"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [10, 50]}}'
    )
    done = jjj("map", "far.geojson", "--overview", "-o", "far.html")
    assert done.code == 0
    assert "--overview: nothing here lies in the region" in done.err
    assert overview not in (tmp_path / "far.html").read_text("utf-8")


def test_a_file_whose_every_place_is_off_the_earth_is_no_map(jjj, tmp_path):
    (tmp_path / "swapped.geojson").write_text(
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, '
        '"geometry": {"type": "Polygon", '
        '"coordinates": [[[39, 116], [40, 116], [40, 117], [39, 116]]]}}]}'
    )
    done = jjj("map", "swapped.geojson", "-o", "m.html")
    assert done.code == 1
    assert "swapped.geojson: none of its rows has a place" in done.line
    assert "longitude and latitude exchanged" in done.line
    assert not (tmp_path / "m.html").exists()
