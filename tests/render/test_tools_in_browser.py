"""Search, links, downloads, measuring, swiping, pictures: each in a real Chromium."""

import csv
import io
import json
import re
import struct

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from rasterio import Affine
from shapely import Point, Polygon, box
from waiting import until

from geo.formats import defuse
from geo.layers import Localized, load
from geo.render import About, Field, Map, Time, flows, image, points, polygons

pytestmark = pytest.mark.browser


@pytest.fixture
def made(sites, squares):
    return Map("t").add(
        polygons(squares, About("Squares", layer_id="squares")),
        points(
            sites,
            About("Sites", layer_id="sites"),
            colour_by="kind",
            fields=[Field("staff", "staff"), Field("kind", "kind")],
            time=Time("year"),
        ),
    )


@pytest.mark.parametrize("wanted", ["乙所", "institute b", "ＩＮＳＴＩＴＵＴＥ", "乙研究"])
def test_names_are_found_in_all_languages(made, open_page, wanted):
    page, seen = open_page(made)
    page.fill("#search", wanted)
    page.wait_for_selector("#found button")
    assert page.locator("#found button").count() == 1
    page.click("#found button")
    page.wait_for_selector("#card:not([hidden])")
    assert page.inner_text("#card-name") == "乙所"
    page.fill("#search", "nowhere")
    page.wait_for_selector("#found .hint")
    assert seen.problems == []


SPELT = [
    ("xiongan", ["Xiong'an New Area", "The Xiong'an start-up area"]),
    ("new xiong’an", ["Xiong'an New Area"]),
    ("lab key", ["Clé Lab-Key", "State Key Lab"]),
    ("cle", ["Clé Lab-Key"]),
    ("lab", ["Lab", "Lab of all", "State Key Lab", "Clé Lab-Key", "Collabs"]),
    ("京·津", ["京・津"]),
    ("'", []),
    ("?!", ["?!"]),
    ("b_c", ["a_b_c"]),
    ("_", ["a_b_c"]),
]


@pytest.mark.parametrize(("wanted", "names"), SPELT)
def test_names_are_found_as_people_spell_them_the_best_first(open_page, wanted, names):
    named = ["Collabs", "State Key Lab", "Lab of all", "Lab", "Clé Lab-Key", "Xiong'an New Area"]
    named += ["The Xiong'an start-up area", "京・津", "a_b_c", "?!"]
    places = [Point(116 + k / 10, 39) for k in range(len(named))]
    frame = gpd.GeoDataFrame({"name_en": named}, geometry=places, crs=4326)
    page, seen = open_page(Map("t", lang="en").add(points(frame, About("Sites"))))
    page.fill("#search", wanted)
    page.wait_for_selector("#found li")
    assert page.locator("#found b").all_inner_texts() == names
    if names:
        page.focus("#search")
        page.keyboard.press("Enter")
        page.wait_for_selector("#card:not([hidden])")
        assert page.inner_text("#card-name") == names[0]
    assert seen.problems == []


def test_enter_in_the_field_of_an_empty_search_opens_nothing(made, open_page):
    page, seen = open_page(made)
    page.fill("#search", "乙")
    page.wait_for_selector("#found button")
    page.focus("#search")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    page.wait_for_timeout(100)
    assert page.evaluate("jjj.STATE.card") is None
    assert not page.locator("#found").is_visible()
    assert seen.problems == []


def test_the_address_brings_the_view_back(made, open_page):
    page, _ = open_page(made)
    page.evaluate("jjj.map.setView([39.5, 116.5], 9.25, {animate: false})")
    page.click("[data-language=en]")
    page.uncheck("[data-layer=squares] input")
    page.click("#theme")
    address = page.evaluate("jjj.addressOfView()")
    other, seen = open_page(made, fragment=f"#{address}&open=sites~s2&time=2020")
    assert other.evaluate("jjj.map.getZoom()") == 9.25
    assert other.evaluate("document.documentElement.lang") == "en"
    assert other.evaluate("document.documentElement.dataset.theme") == "dark"
    assert other.evaluate("jjj.LAYERS.map((one) => one.on)") == [False, True]
    assert other.inner_text("#card-name") == "Institute B"
    assert other.inner_text("#time output") == "2020"
    assert seen.problems == []


@pytest.mark.parametrize(
    "fragment", ["#at=x/y/z&on=&lang=fr&open=a~b&time=9", "#%E0%A4%A&at=99/999/999", "#<script>"]
)
def test_a_broken_address_is_harmless(made, open_page, fragment):
    _, seen = open_page(made, fragment=fragment)
    assert seen.errors == []


FORMULAS = [
    "=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "＝1+1", "\n=1", "\u3000=1", "\u200b@A",
    "﹦1", "-inf", "-0x1", "- 5", "a\r=1", 'a"b,c', "-5", "+1e3", " -.5", "北京",
]  # fmt: skip


def test_downloads_defuse_formulas_and_keep_the_rest(open_page):
    frame = gpd.GeoDataFrame(
        {"name": FORMULAS, "n": range(len(FORMULAS)), "flag": [True] * len(FORMULAS)},
        geometry=[Point(116.12345, 39.54321)] * len(FORMULAS),
        crs="EPSG:4326",
    )
    layer = points(frame, About("a", layer_id="a"), fields=[Field("n", "n"), Field("flag", "flag")])
    page, _ = open_page(Map("t").add(layer))
    text = page.evaluate("jjj.toCsv(jjj.LAYERS[0])")
    assert text[0] == "\ufeff"
    rows = list(csv.DictReader(io.StringIO(text[1:], newline="")))
    assert [row["name"] for row in rows] == [defuse(one) for one in FORMULAS]
    assert [row["name"][0] == "'" for row in rows] == [True] * 13 + [False] * 6
    assert {(row["lon"], row["lat"]) for row in rows} == {("116.12345", "39.54321")}
    found = json.loads(page.evaluate("jjj.toGeojson(jjj.LAYERS[0])"))
    properties = [feature["properties"] for feature in found["features"]]
    assert [one["name"] for one in properties] == FORMULAS
    assert properties[3] == {"name": "@SUM(A1)", "n": 3, "flag": True}


def test_areas_come_back_as_valid_polygons_with_holes(open_page):
    donut = Polygon(box(114, 38, 117, 41).exterior, [box(115, 39, 116, 40).exterior])
    two = donut.union(box(118, 38, 119, 39))
    frame = gpd.GeoDataFrame({"name": ["o"]}, geometry=[two], crs="EPSG:4326")
    page, _ = open_page(Map("t").add(polygons(frame, About("a"))))
    found = gpd.GeoDataFrame.from_features(
        json.loads(page.evaluate("jjj.toGeojson(jjj.LAYERS[0])"))["features"]
    )
    assert found.geometry.is_valid.all()
    assert found.geometry.iloc[0].symmetric_difference(two).area < 1e-4


def test_the_download_button_hands_out_a_file(made, open_page):
    page, seen = open_page(made)
    page.click("#tools button >> nth=-2")
    with page.expect_download() as waited:
        page.click("dialog li:has-text('Sites') button:has-text('CSV')")
    assert waited.value.suggested_filename == "sites.csv"
    assert seen.problems == []


def test_the_picture_is_a_png_of_the_page(made, open_page):
    page, seen = open_page(made)
    with page.expect_download() as waited:
        page.evaluate("jjj.savePicture()")
    content = waited.value.path().read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", content[16:24])
    assert width == 2 * (1440 - 384)
    assert height > 2 * 900
    assert seen.problems == []


def test_printing_takes_the_whole_view_in_light_colours(made, open_page):
    page, seen = open_page(made, fragment="#theme=dark")
    page.evaluate(
        """() => { window.addEventListener('beforeprint', () => {
          const canvas = document.getElementById('printed');
          window.printed = [canvas.width, canvas.height, document.documentElement.dataset.theme];
          window.inks = jjj.LAYERS.map((one) => one.colours).join();
        }); }"""
    )
    colours = "jjj.LAYERS.map((one) => one.colours).join()"
    dark = page.evaluate(colours)
    page.pdf(format="A4")
    assert page.evaluate(colours) == dark != page.evaluate("window.inks")
    other, _ = open_page(made)
    assert other.evaluate(colours) == page.evaluate("window.inks")
    assert page.evaluate("window.printed") == [2 * (1440 - 384), 2 * 900, "light"]
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.locator("#printed").count() == 0
    assert seen.problems == []


def test_measuring_agrees_with_the_ellipsoid(made, open_page):
    from pyproj import Geod

    page, seen = open_page(made)
    page.click("#measure")
    box_ = page.locator("#map").bounding_box()
    places = [(box_["x"] + 300, box_["y"] + 300), (box_["x"] + 700, box_["y"] + 600)]
    for x, y in places:
        page.mouse.click(x, y)
        page.wait_for_timeout(350)  # two clicks, not a double one
    shown = page.inner_text("#measured")
    ends = page.evaluate("jjj.measured.map((one) => [one.lng, one.lat])")
    metres = Geod(ellps="GRS80").inv(*ends[0], *ends[1])[2]
    assert shown == f"{metres / 1000:.1f} km"
    page.click("#measure")
    assert page.locator("#measured").count() == 0
    assert seen.problems == []


def test_flows_thin_out_by_weight(open_page):
    cities = load("prefectures").frame
    table = pd.DataFrame(
        {
            "origin": ["110000", "120000", "110000", "130100"],
            "destination": ["120000", "110000", "130100", "130100"],
            "weight": [9.0, 4.0, 1.0, 7.0],
        }
    )
    layer = flows(table, cities, About("Trains", layer_id="trains"))
    assert (layer.payload["n"], layer.payload["dropped"]) == (3, 1)
    page, seen = open_page(Map("t").add(layer))
    slide = "(at) => { const r = document.querySelector('.threshold input'); r.value = at; r.dispatchEvent(new Event('input')); }"
    seen_now = "[0, 1, 2].map((i) => jjj.LAYERS[0].seen(i))"
    assert page.evaluate(seen_now) == [True, True, True]
    page.evaluate(slide, 1)
    assert page.evaluate(seen_now) == [False, True, True]
    page.evaluate(slide, 2)
    assert page.evaluate(seen_now) == [False, False, True]
    assert seen.problems == []


def test_a_raster_stands_where_its_cells_are(open_page):
    cells = np.array([[1.0, 2.0], [np.nan, 4.0]])
    layer = image(
        cells, About("r"), transform=Affine(1, 0, 115, 0, -1, 41), crs="EPSG:4326", opacity=1.0
    )
    page, seen = open_page(Map("t", box=(115, 39, 117, 41)).add(layer))
    colour = """([lng, lat]) => {
      const sheet = jjj.LAYERS[0].sheet;
      const p = jjj.map.latLngToLayerPoint([lat, lng]).subtract(sheet._bounds.min).multiplyBy(sheet._ratio);
      return [...sheet._ctx.getImageData(p.x, p.y, 1, 1).data];
    }"""
    found = [
        page.evaluate(colour, place) for place in ([115.5, 40.5], [116.5, 40.5], [116.5, 39.5])
    ]
    wanted = [
        [*(int(one[at : at + 2], 16) for at in (1, 3, 5)), 255]
        for one in layer.payload["colours"][:3]
    ]
    assert found == wanted
    assert page.evaluate(colour, [115.5, 39.5])[3] == 0
    assert seen.errors == []


def test_many_points_are_drawn_as_density_and_single_when_near(open_page):
    random = np.random.default_rng(3)
    lon, lat = random.normal(116.4, 0.4, 60_000), random.normal(39.9, 0.3, 60_000)
    frame = gpd.GeoDataFrame(geometry=gpd.points_from_xy(lon, lat), crs="EPSG:4326")
    page, seen = open_page(Map("t").add(points(frame, About(Localized.of("点", "Points", "点")))))
    assert page.locator(".density").count() == 1
    for wanted, legends in ((False, 0), (True, 1)):
        page.evaluate(f"jjj.switchLayer(jjj.LAYERS.at(-1), {str(wanted).lower()})")
        assert page.locator(".density").count() == legends
    page.evaluate("jjj.map.setView([39.9, 116.4], 13, {animate: false})")
    until(page, page.locator(".density").count, 0)
    assert seen.problems == []


def test_the_page_works_inside_a_notebooks_frame(made, chromium, tmp_path):
    context = chromium.new_context(offline=True)
    page = context.new_page()
    problems = []
    page.on("console", lambda one: problems.append(one.text))
    page.on("pageerror", lambda one: problems.append(str(one)))
    file = tmp_path / "notebook.html"
    file.write_text(f"<!DOCTYPE html><meta charset=utf-8>{made._repr_html_()}", encoding="utf-8")
    page.goto(file.as_uri())
    frame = page.frame_locator("iframe")
    frame.locator("html[data-ready=true]").wait_for(state="attached")
    assert frame.locator("h1").inner_text() == "t"
    assert problems == []
    context.close()


def test_the_tools_are_one_stop_of_the_tab_key_and_arrows_walk_them(made, open_page):
    page, seen = open_page(made)
    page.focus("#map")
    page.keyboard.press("Tab")
    label = "document.activeElement.getAttribute('aria-label')"
    assert page.evaluate(label) == "放大"
    for key, name in (("ArrowDown", "缩小"), ("ArrowRight", "全图"), ("End", "深色或浅色")):
        page.keyboard.press(key)
        assert page.evaluate(label) == name
        # what the icon means stands beside it
        assert page.locator("#tools .word:visible").all_inner_texts() == [name]
    page.keyboard.press("Tab")
    assert page.evaluate("!document.activeElement.closest('#tools')")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate(label) == "深色或浅色"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Home")
    assert page.evaluate(label) == "放大"
    assert seen.problems == []


def test_a_map_reached_by_keys_shows_where_enter_reads(made, open_page):
    page, _ = open_page(made)
    mark = "getComputedStyle(document.getElementById('map'), '::after').content"
    page.mouse.click(900, 200)
    assert page.evaluate(mark) == "none"
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.id") == "map"
    assert page.evaluate(mark) == '""'
    size = page.evaluate("['width', 'left'].map((one) => parseFloat(getComputedStyle(document.getElementById('map'), '::after')[one]))")  # fmt: skip
    assert size[1] + size[0] / 2 == page.evaluate("jjj.map.getSize().x") / 2


def test_only_controls_have_a_tip_of_the_browser(made, open_page):
    page, _ = open_page(made)
    titled = "[...document.querySelectorAll('[title]')].map((one) => one.tagName)"
    assert set(page.evaluate(titled)) <= {"BUTTON", "INPUT", "UL"}


def pressed(page):
    rows = page.locator("[data-layer=sites] .legend li button")
    return [rows.nth(at).get_attribute("aria-pressed") == "true" for at in range(rows.count())]


def test_a_class_is_hidden_shown_alone_and_kept_in_the_address(made, open_page):
    page, seen = open_page(made)
    rows = page.locator("[data-layer=sites] .legend li button")
    assert pressed(page) == [True] * 3  # plant, institute, no data
    rows.nth(0).click()
    assert pressed(page) == [False, True, True]
    rows.nth(2).dblclick()
    assert pressed(page) == [False, False, True]
    assert page.evaluate("jjj.LAYERS[1].seen(0) || jjj.LAYERS[1].seen(1)") is False
    address = page.evaluate("jjj.addressOfView()")
    other, _ = open_page(made, fragment=f"#{address}")
    assert pressed(other) == [False, False, True]
    rows.nth(2).dblclick()
    assert pressed(page) == [True] * 3
    assert "off=" not in page.evaluate("jjj.addressOfView()")
    rows.nth(1).focus()
    page.keyboard.press("Shift+Enter")
    assert pressed(page) == [False, True, False]
    for broken in ("off=sites~9.x", "off=sites", "off=~0", "off=__proto__~0", "off=,,~"):
        third, seen = open_page(made, fragment=f"#{broken}")
        assert pressed(third) == [True] * 3
        assert seen.problems == []


def test_both_sides_of_a_comparison_follow_the_legend_and_the_theme(made, open_page):
    page, _ = open_page(made, fragment="#swipe=step:2015~step:2020~50")
    inked = """(() => { const c = jjj.LAYERS[1].twin._container; return c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some((one) => one > 0); })()"""
    assert page.evaluate(inked)
    page.click("[data-layer=sites] .legend li button:has-text('institute')")
    assert not page.evaluate(inked)


def test_measuring_by_keys_gives_length_and_area(made, open_page):
    from pyproj import Geod

    page, seen = open_page(made, fragment="#lang=en")
    page.click("#measure")
    page.focus("#map")
    corners = [(39.0, 115.5), (39.0, 117.5), (40.5, 117.0)]
    for lat, lng in corners:
        page.evaluate(f"jjj.map.setView([{lat}, {lng}], 8, {{animate: false}})")
        page.keyboard.press("Enter")
    assert page.evaluate("jjj.STATE.card") is None
    geod = Geod(ellps="GRS80")
    area, _ = geod.polygon_area_perimeter([one[1] for one in corners], [one[0] for one in corners])
    length = geod.line_length([one[1] for one in corners], [one[0] for one in corners])
    said = page.inner_text("#measured")
    found = [float(one.replace(",", "")) for one in re.findall(r"[\d,.]+(?= km)", said)]
    assert " · area " in said
    assert found == pytest.approx([length / 1000, area / 1e6], rel=1e-3)
    page.keyboard.press("Backspace")
    assert "km²" not in page.inner_text("#measured")
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    assert page.evaluate("jjj.measured") == []
    page.keyboard.press("Escape")
    assert page.evaluate("jjj.measured") is None
    assert page.get_attribute("#measure", "aria-pressed") == "false"
    assert seen.problems == []


def test_paper_has_the_legends_of_what_is_on(made, open_page):
    page, _ = open_page(made)
    page.uncheck("[data-layer=squares] input")
    page.click("[data-layer=sites] .legend li button >> nth=0")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 700, "height": 1000})  # about that of A4
    assert not page.is_visible("[data-layer=squares]")
    rows = page.locator("[data-layer=sites] .legend li:visible")
    assert rows.count() == 2
    assert rows.nth(0).bounding_box()["height"] < 36  # no room for fingers on paper
    assert page.locator("input:visible").count() == 0
