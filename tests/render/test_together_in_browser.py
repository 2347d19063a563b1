"""Tools used together: what one of them hides or chooses, the others know of."""

import geopandas as gpd
import pandas as pd
import pytest
from shapely import Point, box
from waiting import at_rest, until

from geo.layers import Localized
from geo.render import About, Axis, Link, Map, Time, chart, points, polygons

pytestmark = pytest.mark.browser

MARKED = "jjj.STATE.marked && [...jjj.STATE.marked.set].sort()"
SAY = "[...document.querySelectorAll('.chart-say')].map((one) => one.textContent)"
SLIDE = "(at) => { const r = document.querySelector('#time input'); r.value = at; r.dispatchEvent(new Event('input')); }"


@pytest.fixture
def made():
    """Four sites of two kinds and three years, a layer that is off, and two charts of stretches."""
    places = [Point(116 + at / 10, 39.5) for at in range(4)]
    frame = gpd.GeoDataFrame(
        {
            "name_zh": list("甲乙丙丁"),
            "name_en": ["Alpha", "Beta", "Gamma", "Delta"],
            "name_ja": list("甲乙丙丁"),
            "kind": ["x", "x", "y", "y"],
            "year": [2013, 2014, 2014, 2015],
        },
        geometry=places,
        crs=4326,
        index=pd.Index(list("abcd"), name="id"),
    )
    table = pd.DataFrame(
        {"from": [0, 10, 20], "to": [10, 20, 25], "km": [5.0, 15.0, 22.5], "n": [2, 1, 1]}
    )
    table["who"] = [["a", "b"], ["c"], ["d"]]
    stretch = Axis("Along", "km", "km", 0, ends=("from", "to"))
    charts = [
        chart("bar", table, title=f"Chart {at}", x=stretch, y=Axis("n"), series={"n": "n"}, link=link)
        for at, link in enumerate([Link("sites", "who"), Link("sites", "who"), Link("more", "who")])
    ]  # fmt: skip
    kinds = table.assign(kind=["k", "l", "m"])
    charts.append(
        chart("bar", kinds, title="Kinds", x=Axis("Kind", "kind"), y=Axis("n"), series={"n": "n"},
              link=Link("sites", "who"))
    )  # fmt: skip
    return Map("t", lang="en").add(
        points(frame, About("More", layer_id="more", shown=False)),
        points(frame, About("Sites", layer_id="sites"), colour_by="kind", time=Time("year")),
        *charts,
    )


def choose(page, at, *keys):
    page.locator(".plot").nth(at).focus()
    for key in keys:
        page.keyboard.press(key)


def test_a_stretch_is_said_from_its_beginning_to_its_end(made, open_page):
    page, seen = open_page(made)
    choose(page, 0, "ArrowRight")
    assert page.evaluate(SAY)[0] == "0 – 10 km: 2"
    choose(page, 0, "Shift+ArrowRight", "Shift+ArrowRight")
    until(page, MARKED, [0, 1, 2, 3])
    assert page.evaluate(SAY)[0].startswith("0 – 25 km · 4 features")
    assert page.evaluate(SAY)[3] == "Click a bar; the map highlights it"
    assert seen.problems == []


def test_the_map_shows_one_choice_and_no_chart_says_another(made, open_page):
    page, seen = open_page(made)
    choose(page, 0, "ArrowRight", "Enter")
    until(page, MARKED, [0, 1])
    page.locator(".plot").nth(1).hover(position={"x": 150, "y": 60})
    page.mouse.move(700, 400)
    assert at_rest(page, MARKED) == [0, 1]  # pointing at another chart takes nothing away
    choose(page, 1, "ArrowLeft", "Enter")
    until(page, MARKED, [3])
    assert "Clear" not in page.evaluate(SAY)[0]
    page.click(".clear")
    until(page, MARKED, None)
    assert page.evaluate("document.activeElement.classList.contains('plot')")
    assert seen.problems == []


def test_what_is_chosen_is_switched_on_and_what_stays_hidden_is_said(made, open_page):
    page, seen = open_page(made)
    choose(page, 2, "ArrowRight", "Enter")
    until(page, MARKED, [0, 1])
    assert page.evaluate("jjj.LAYERS[0].on")
    choose(page, 0, "ArrowRight", "Enter")
    until(page, f"{SAY}[0].includes('2 features ') && jjj.STATE.marked.layer.id === 'sites'")
    page.evaluate(SLIDE, 0)
    assert "2 features, 1 of them shown" in page.evaluate(SAY)[0]
    assert seen.problems == []


def test_a_link_keeps_the_chosen_rows(made, open_page):
    page, _ = open_page(made)
    choose(page, 1, "ArrowRight", "ArrowRight", "Enter")
    until(page, MARKED, [2])
    address = page.evaluate("jjj.addressOfView()")
    assert "rows=1%7E1" in address
    for wanted, marked in ((address, [2]), ("rows=9~1", None), ("rows=1~7.x", None)):
        other, seen = open_page(made, fragment=f"#{wanted}")
        until(other, f"JSON.stringify({MARKED}) === '{str(marked).replace('None', 'null')}'")
        assert seen.problems == []


def test_a_finger_that_scrolls_over_a_chart_chooses_nothing(made, open_page):
    page, _ = open_page(made)
    page.evaluate(
        """() => {
          const plot = document.querySelector('.plot'), box = plot.getBoundingClientRect();
          plot.setPointerCapture = () => {};
          const send = (kind, x, y) => plot.dispatchEvent(new PointerEvent(kind, { clientX: box.x + x, clientY: box.y + y, pointerId: 1 }));
          send('pointerdown', 150, 80); send('pointermove', 152, 60); send('pointermove', 230, 20); send('pointercancel', 230, 0);
        }"""
    )
    assert at_rest(page, MARKED) is None
    assert "Clear" not in page.evaluate(SAY)[0]


def test_matches_change_their_language_and_are_shown_whatever_hid_them(made, open_page):
    page, seen = open_page(made)
    page.fill("#search", "delta")
    page.wait_for_selector("#found button")
    page.click("[data-language=zh]")
    assert page.locator("#found b").all_inner_texts() == ["丁", "丁"]
    page.click("[data-layer=sites] .legend button >> nth=1")
    page.evaluate(SLIDE, 0)
    assert not page.evaluate("jjj.LAYERS[1].seen(3)")
    page.click("#found li:has-text('Sites') button")
    page.wait_for_selector("#card:not([hidden])")
    assert page.evaluate("jjj.LAYERS[1].seen(3)")
    assert page.inner_text("#time output") == "2015"
    assert seen.problems == []


def test_counts_follow_the_slider_and_a_download_says_what_it_leaves_out(made, open_page):
    page, seen = open_page(made)
    counts = (
        "[...document.querySelectorAll('[data-layer=sites] .count')].map((one) => one.textContent)"
    )
    assert page.evaluate(counts) == ["4", "2", "2"]
    page.evaluate(SLIDE, 1)
    assert page.evaluate(counts) == ["2", "1", "1"]
    page.click("#tools button[aria-label='Download data']")
    assert "2 of 4 shown" in page.inner_text("dialog")
    rows = "async (all) => (await jjj.toCsv(jjj.LAYERS[1], all)).trim().split('\\r\\n').length - 1"
    assert [page.evaluate(rows, one) for one in (False, True)] == [2, 4]
    row = page.locator("dialog li:has-text('Sites')")
    page.check("#all-rows")
    with page.expect_download() as waited:
        row.get_by_role("button", name="CSV").click()
    assert len(waited.value.path().read_text("utf-8-sig").splitlines()) == 5
    assert seen.problems == []


def test_a_table_of_what_is_gone_closes_and_its_buttons_keep_the_focus(open_page):
    same = gpd.GeoDataFrame(
        {"name": list("abc"), "year": [2013, 2014, 2014]}, geometry=[Point(116, 39.5)] * 3, crs=4326
    )
    made = Map("t", lang="en").add(
        points(same, About("Sites", layer_id="sites"), time=Time("year"))
    )
    page, seen = open_page(made)
    page.focus("#map")
    page.evaluate("jjj.map.setView([39.5, 116], 9, { animate: false })")
    page.keyboard.press("Enter")
    page.wait_for_selector("#card:not([hidden])")
    names = page.locator(".card-turn button").evaluate_all("all => all.map((one) => one.ariaLabel)")
    assert names[:2] == ["Previous", "Next"]
    first = page.inner_text("#card-name")
    page.get_by_role("button", name="Next").focus()
    page.keyboard.press("Enter")
    assert page.inner_text("#card-name") != first
    assert page.evaluate("document.activeElement.ariaLabel") == "Next"
    page.uncheck("[data-layer=sites] input")
    assert not page.locator("#card").is_visible()
    assert page.evaluate("document.activeElement.type") == "checkbox"
    assert seen.problems == []


def test_the_whole_period_is_in_the_link_of_a_page_that_opens_with_one_year(open_page):
    cells = [box(116, 39, 117, 40)] * 2
    frame = gpd.GeoDataFrame({"year": [2013, 2014], "v": [1.0, 2.0]}, geometry=cells, crs=4326)
    layer = polygons(frame, About("Cells"), time=Time("year"))
    layer.payload["time"]["alone"] = True
    made = Map("t").add(layer)
    page, _ = open_page(made)
    assert page.inner_text("#time output") == "2014"
    page.evaluate(SLIDE, 2)
    other, _ = open_page(made, fragment="#" + page.evaluate("jjj.addressOfView()"))
    assert other.inner_text("#time output") == "全部时间"


def test_another_link_opens_in_a_page_that_is_there_already(made, open_page):
    page, _ = open_page(made)
    page.evaluate("() => { location.hash = '#lang=ja&at=9/39.5/116&on=sites'; }")
    page.wait_for_selector("html[lang=ja][data-ready=true]")
    assert page.evaluate("jjj.map.getZoom()") == 9
    for far in ("at=99/200/500", "at=5/39/1000"):
        other, seen = open_page(made, fragment=f"#{far}")
        assert other.evaluate("jjj.map.getBounds().contains([39.5, 116.1])")
        assert seen.problems == []


def test_the_handle_stays_on_a_map_that_grows_narrow_and_nothing_plays_behind(made, open_page):
    page, seen = open_page(made)
    page.click("#time button")
    page.click("#swipe")
    page.select_option("#swipe-choice select >> nth=0", "step:2013")
    step = page.evaluate("jjj.STATE.step")
    page.set_viewport_size({"width": 390, "height": 844})
    until(page, "document.getElementById('swipe-bar').getBoundingClientRect().right < 390")
    assert page.get_attribute("#swipe-bar", "aria-valuenow") == "50"
    page.wait_for_timeout(900)  # longer than a step of playing
    assert page.evaluate("jjj.STATE.step") == step
    page.focus("#swipe-bar")
    page.keyboard.press("End")
    assert page.get_attribute("#swipe-bar", "aria-valuenow") == "100"
    assert seen.problems == []


def test_a_layer_that_is_switched_off_ends_its_comparison(made, open_page):
    page, seen = open_page(made)
    page.click("#swipe")
    assert page.locator("#swipe-bar").count() == 1
    page.uncheck("[data-layer=sites] input")
    assert page.locator("#swipe-bar").count() == 0
    assert page.get_attribute("#swipe", "aria-pressed") == "false"
    assert seen.problems == []


def test_years_and_months_meet_on_one_slider(open_page):
    def at(places, when, name):
        frame = gpd.GeoDataFrame(
            {"year": when}, geometry=[Point(116, one) for one in places], crs=4326
        )
        return points(frame, About(name, layer_id=name), time=Time("year"))

    made = Map("t").add(
        at([39, 39.1], ["2020", "2021"], "years"),
        at([39.2, 39.3], ["2020-01", "2020-02"], "months"),
    )
    page, _ = open_page(made)
    assert page.evaluate("jjj.LAYERS[0].time.steps.concat(jjj.LAYERS[1].time.steps)") == [
        "2020", "2021", "2020-01", "2020-02",
    ]  # fmt: skip
    seen = "jjj.LAYERS.map((one) => [0, 1].map((i) => one.seen(i)))"
    wanted = [
        [[True, False], [True, True]],  # 2020
        [[True, False], [True, False]],  # 2020-01
        [[True, False], [False, True]],  # 2020-02
        [[False, True], [False, False]],  # 2021
    ]
    for step, expected in enumerate(wanted):
        page.evaluate(SLIDE, step)
        assert page.evaluate(seen) == expected


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)])
def test_the_whole_earth_is_seen_whole(open_page, size):
    places = [
        Point(-157.9, 21.3),
        Point(-74, 40.7),
        Point(0, 51.5),
        Point(116.4, 39.9),
        Point(174.8, -36.8),
    ]
    frame = gpd.GeoDataFrame({"name": list("abcde")}, geometry=places, crs=4326)
    page, _ = open_page(Map("t").add(points(frame, About("World"))), width=size[0], height=size[1])
    inside = """() => { const box = jjj.map.getContainer().getBoundingClientRect(), own = jjj.LAYERS[0];
      return Array.from({ length: own.n }, (_, i) => jjj.map.latLngToContainerPoint(own.anchor(i)))
        .every((one) => one.x >= 0 && one.y >= 0 && one.x <= box.width && one.y <= box.height); }"""
    assert page.evaluate(inside)


def test_areas_that_reach_a_pole_are_cut_and_names_off_the_earth_move_nothing():
    shapes = [box(-180, -90, 180, -60), box(0, 80, 10, 89).union(box(20, 50, 21, 51))]
    frame = gpd.GeoDataFrame({"name": ["South", "North"]}, geometry=shapes, crs=4326)
    layer = polygons(frame, About("Poles"))
    assert (layer.payload["n"], layer.payload["dropped"]) == (2, 0)
    assert layer.bounds == pytest.approx((-180, -85.06, 180, 85.06))


def test_a_name_of_one_language_and_a_plain_one_are_both_names(open_page):
    frame = gpd.GeoDataFrame(
        {"NAME": ["other"], "name": ["清华大学"], "name_en": ["Tsinghua University"], "v": [1]},
        geometry=[Point(116.3, 40)],
        crs=4326,
    )
    page, seen = open_page(
        Map("t", lang="zh").add(points(frame, About(Localized.of("校", "S", "校"))))
    )
    for wanted in ("清华", "tsinghua"):
        page.fill("#search", wanted)
        page.wait_for_selector("#found button")
        assert page.inner_text("#found b") == "清华大学"
        page.fill("#search", "")
        until(page, "document.getElementById('found').hidden")
    head = page.evaluate("jjj.toCsv(jjj.LAYERS[0])").lstrip("\ufeff").split("\r\n")[0]
    assert head.split(",") == ["name_en", "name", "lon", "lat"]
    assert seen.problems == []
