"""Callouts in a real Chromium: what they cover, what they say on a phone, that they are printed."""

import geopandas as gpd
import pytest
from shapely import Point, box

from geo.layers import Localized, load
from geo.render import About, Map, labels, note, points, polygons

pytestmark = pytest.mark.browser

SENTENCE = Localized.of(
    "全区列出的设施有近一半在这一个市里",
    "Nearly half of all listed sites stand in this one city",
    "掲載された施設の半数近くがこの市にある",
)
SHORT = Localized.of("近半在此", "Nearly half", "半数近く")


@pytest.fixture
def cities():
    layer = load("prefectures")
    inside = layer.frame.set_geometry(layer.frame.representative_point())
    names = labels(inside, About.of(layer, layer_id="names"), strong=True)
    return Map("t").add(polygons(layer.frame, About.of(layer)), names)


PLACED = "jjj.NOTES.map((one) => one.placed && {box: one.placed.box, lines: one.placed.form.lines, number: one.number})"
ANCHORS = """jjj.LAYERS.filter((one) => one.kind === 'label').flatMap((layer) =>
  Array.from({length: layer.n}, (_, i) => { const p = jjj.map.latLngToContainerPoint(layer.anchor(i)); return [p.x, p.y]; }))"""
CONTROLS = """['#tools', '#scale', '#credits'].map((one) => {
  const box = document.querySelector(one).getBoundingClientRect();
  const frame = jjj.map.getContainer().getBoundingClientRect();
  return [box.left - frame.left, box.top - frame.top, box.right - frame.left, box.bottom - frame.top];
})"""


def test_a_callout_covers_no_name_and_no_control(cities, open_page):
    places = [(116.39, 39.92), (117.2, 39.13), (115.95, 39.03)]
    cities.add(*(note(SENTENCE, *place) for place in places))
    page, seen = open_page(cities)
    for zoom in (None, 8, 9.5):
        if zoom:
            page.evaluate(f"jjj.map.setView([39.5, 116.4], {zoom}, {{animate: false}})")
        found = [one for one in page.evaluate(PLACED) if one]
        assert len(found) == 3
        boxes = [one["box"] for one in found]
        width, height = page.evaluate("[jjj.map.getSize().x, jjj.map.getSize().y]")
        for left, top, right, bottom in boxes:
            assert 0 < left < right < width
            assert 0 < top < bottom < height
            names = page.evaluate(ANCHORS)
            assert [one for one in names if left < one[0] < right and top < one[1] < bottom] == []
        shapes = [box(*one) for one in [*boxes, *page.evaluate(CONTROLS)]]
        assert not any(a.intersects(b) for at, a in enumerate(shapes[:3]) for b in shapes[at + 1 :])
    assert seen.problems == []


def test_a_callout_hides_the_place_of_no_other(open_page):
    places = [(115.69, 39.11), (116.01, 39.09), (115.71, 39.1)]
    land = polygons(load("xiongan").frame, About("x"))
    page, _ = open_page(Map("t").add(land, *(note(SENTENCE, *place) for place in places)))
    spots = [
        page.evaluate(f"(({{x, y}}) => [x, y])(jjj.map.latLngToContainerPoint([{lat}, {lon}]))")
        for lon, lat in places
    ]
    for one in page.evaluate(PLACED):
        assert not any(box(*one["box"]).contains(Point(spot)) for spot in spots)


def test_the_text_is_whole_and_follows_the_language(cities, open_page):
    page, _ = open_page(cities.add(note(SENTENCE, 116.39, 39.92, short=SHORT)))
    for code in ("zh", "en", "ja"):
        page.click(f"[data-language={code}]")
        lines = page.evaluate(PLACED)[0]["lines"]
        joiner = " " if code == "en" else ""
        assert joiner.join(lines) == getattr(SENTENCE, code)
        # of about equal length: no word alone on the last line
        assert len(lines[-1]) * 2 > len(lines[0])
        assert page.locator("#key-notes li span").inner_text() == getattr(SENTENCE, code)


def test_a_place_out_of_sight_has_no_callout(cities, open_page):
    page, seen = open_page(cities.add(note("far", 10, 50)))
    assert page.evaluate(PLACED) == [None]
    assert seen.problems == []


def test_a_phone_shows_the_short_form_or_a_number_with_its_key(cities, open_page):
    cities.add(note(SENTENCE, 116.39, 39.92, short=SHORT), note(SENTENCE, 117.2, 39.13))
    page, _ = open_page(cities, width=390, height=844, is_mobile=True, has_touch=True)
    first, second = page.evaluate(PLACED)
    assert "".join(first["lines"]) == SHORT.zh
    assert (second["lines"], second["number"]) == (None, "1")
    shown = page.locator("#key-notes li:not(.for-reader)")
    assert shown.all_inner_texts() == [f"1\n{SENTENCE.zh}"]


def test_where_all_is_full_a_number_stands(open_page):
    crowd = gpd.GeoDataFrame(
        {"name": ["名称名称名称名称"] * 4000},
        geometry=[Point(110 + k % 80 / 8, 30 + k // 80 / 8) for k in range(4000)],
        crs="EPSG:4326",
    )
    made = Map("t", box=(110, 30, 120, 36)).add(labels(crowd, About("a"), strong=True))
    page, seen = open_page(made.add(note(SENTENCE, 115, 33)))
    assert page.evaluate(PLACED)[0]["lines"] is None
    assert page.is_visible("#key-notes b")
    assert seen.problems == []


def test_the_picture_carries_the_callout(sites, open_page):
    sizes = []
    for notes in ([], [note(SENTENCE, 116.4, 39.5)]):
        made = Map("t").add(points(sites, About("Sites")), *notes)
        page, _ = open_page(made)
        with page.expect_download() as waited:
            page.evaluate("jjj.savePicture()")
        sizes.append(len(waited.value.path().read_bytes()))
    assert sizes[1] > sizes[0] + 1000


def test_a_name_steps_aside_for_a_mark(open_page):
    place = gpd.GeoDataFrame({"name": ["名称"]}, geometry=[Point(116.4, 39.9)], crs="EPSG:4326")
    made = Map("t").add(points(place, About("p")), labels(place, About("l"), size=13))
    page, seen = open_page(made)
    inked = """() => {
      const canvas = jjj.map.getPane('labels').querySelector('canvas'), box = canvas.getBoundingClientRect();
      const frame = jjj.map.getContainer().getBoundingClientRect(), p = jjj.map.latLngToContainerPoint([39.9, 116.4]);
      const cells = canvas.getContext('2d').getImageData(p.x + frame.left - box.left - 4, p.y + frame.top - box.top - 40, 8, 80).data;
      const rows = [];
      for (let row = 0; row < 80; row++) if (cells.subarray(row * 32, row * 32 + 32).some((one) => one > 0)) rows.push(row - 40);
      return rows;
    }"""
    rows = page.evaluate(inked)
    assert rows
    assert max(rows) < -2  # all of the name is above the mark
    assert seen.errors == []
