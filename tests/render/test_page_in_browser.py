"""The page in a real Chromium, from a file, with the network cut."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from waiting import until

from geo.layers import Localized, load
from geo.render import (
    About,
    Axis,
    Categories,
    Field,
    Link,
    Map,
    Size,
    Time,
    chart,
    fields_of,
    labels,
    note,
    points,
    polygons,
)

pytestmark = pytest.mark.browser


def three(at):
    """Write a text whose languages share no sign, so that a word left behind is seen."""
    return Localized.of(f"中文{at}号", f"english {at}", f"にほんご{at}")


@pytest.fixture
def full(sites, squares):
    source = {"sources": [{"attribution": "A", "title": "T", "licence": "L", "vintage": "2026"}]}
    table = pd.DataFrame({"km": [1, 2, 3], "n": [4, 5, 6], "who": [["s1"], ["s2"], ["s3"]]})
    return Map(three(1), finding=three(2), kicker=three(3), caveats=[three(4)]).add(
        polygons(squares, About(three(5), source, group=three(6)), role="land"),
        points(
            sites,
            About(three(7), source, layer_id="sites"),
            colour_by=Categories("kind", {"plant": three(8), "institute": three(9)}, {}, three(10)),
            size_by=Size("staff", three(19)),
            fields=[Field("staff", three(11)), Field("kind", three(12), words={"plant": three(8)})],
            time=Time("year"),
        ),
        labels(sites, About(three(13), source)),
        note(three(20), 116.4, 39.5),
        chart(
            "bar",
            table,
            title=three(14),
            x=Axis(three(15), "km"),
            y=Axis(three(16)),
            series={"n": three(17)},
            link=Link("sites", "who"),
            note=three(18),
        ),
    )


def screen_point(page, layer, at):
    """Where a feature stands on the screen."""
    return page.evaluate(
        """([id, i]) => {
          const layer = jjj.LAYERS.find((one) => one.id === id);
          const box = jjj.map.getContainer().getBoundingClientRect();
          const p = jjj.map.latLngToContainerPoint(layer.anchor(i));
          return [p.x + box.left, p.y + box.top];
        }""",
        [layer, at],
    )


def visible_words(page):
    return page.evaluate(
        """() => {
          const found = [];
          const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          for (let node; (node = walk.nextNode());) {
            const parent = node.parentElement;
            if (parent.closest("script,noscript,[lang]:not(html)") || !parent.checkVisibility()) continue;
            if (node.textContent.trim()) found.push(node.textContent.trim());
          }
          for (const node of document.querySelectorAll("[aria-label],[title]")) {
            found.push(node.getAttribute("aria-label") ?? node.title);
          }
          return [...found, document.title];
        }"""
    )


def test_a_page_asks_for_nothing_and_complains_of_nothing(full, open_page):
    page, seen = open_page(full)
    page.mouse.wheel(0, -300)
    page.wait_for_timeout(300)
    assert seen.problems == []
    assert page.evaluate("performance.getEntriesByType('resource').length") == 0


def test_the_switch_changes_every_visible_word(full, open_page):
    page, seen = open_page(full)
    page.mouse.click(*screen_point(page, "sites", 0))
    page.wait_for_selector("#card:not([hidden])")
    said = {}
    for code in ("zh", "en", "ja"):
        page.click(f"[data-language={code}]")
        page.mouse.move(5, 5)
        said[code] = visible_words(page)
        assert page.evaluate("document.documentElement.lang[0]") == code[0]
    assert any("english 1" in one for one in said["en"])
    assert any("にほんご11" in one for one in said["ja"])
    # names of the card in other languages are meant to stay
    names = {"甲厂", "Plant A", "甲工場"}
    english = [one for one in said["en"] if not any(name in one for name in names)]
    assert [one for one in english if any("\u3040" <= s <= "\u9fff" for s in one)] == []
    japanese = [one for one in said["ja"] if not any(name in one for name in names)]
    assert [one for one in japanese if "english" in one or "中文" in one] == []
    plain = {"A", "T", "L", "N"}
    left = {
        one
        for one in set(said["zh"]) & set(said["en"]) & set(said["ja"])
        if any(sign.isalpha() for sign in one)
    }
    assert {one for one in left if one not in plain and "km" not in one} == set()
    assert seen.problems == []


def test_the_first_caveat_stands_below_the_finding_and_the_others_at_the_end(sites, open_page):
    told = Map(three(1), finding=three(2), caveats=[three(3), three(4)], lang="en")
    page, _ = open_page(told.add(points(sites, About(three(5), caveats=(three(6),)))))
    assert page.inner_text(".finding + .caveat") == "english 3"
    assert page.locator(".notes li").all_inner_texts() == ["english 4", "english 6"]
    page, _ = open_page(
        Map(three(1), lang="en").add(points(sites, About(three(5), caveats=(three(6),))))
    )
    assert page.locator(".caveat").count() == 0
    assert page.locator(".notes li").all_inner_texts() == ["english 6"]


def test_the_table_shows_text_not_markup(open_page, sites):
    bad = "<img src=x onerror=window.__pwn=1><b>&amp;</b>"
    layer = points(
        sites.assign(name_zh=bad, kind=bad),
        About(bad, layer_id="sites"),
        fields=[Field("kind", bad, unit=bad)],
    )
    page, seen = open_page(Map(bad).add(layer))
    page.mouse.move(*screen_point(page, "sites", 0))
    page.wait_for_selector("#tip:not([hidden])")
    page.mouse.click(*screen_point(page, "sites", 0))
    page.wait_for_selector("#card:not([hidden])")
    assert page.inner_text("#card-name") == bad
    assert page.inner_text("#card td") == bad
    assert page.locator("img").count() == 0
    assert page.evaluate("window.__pwn") is None
    assert seen.problems == []


def test_canvases_stand_on_whole_pixels(full, open_page):
    page, _ = open_page(full)
    places = """[...document.querySelectorAll('#map canvas')].flatMap((one) => {
      const box = one.getBoundingClientRect();
      return [box.x, box.y];
    })"""
    for zoom in (8, 8.75, 9.25):
        page.evaluate(f"jjj.map.setView([39.4321, 116.1234], {zoom}, {{animate: false}})")
        assert all(float(one).is_integer() for one in page.evaluate(places))


def test_a_frame_of_another_size_shows_the_whole_again_unless_the_reader_went_elsewhere(
    full, open_page
):
    page, _ = open_page(full)
    seen = """() => { const [w, s, e, n] = jjj.PAGE.box;
      return [jjj.map.getZoom(), jjj.map.getBounds().contains([[s, w], [n, e]])]; }"""
    wide, whole = page.evaluate(seen)
    assert whole
    page.set_viewport_size({"width": 760, "height": 420})
    until(page, f"jjj.map.getZoom() < {wide}")
    assert page.evaluate(seen)[1]
    page.evaluate("jjj.map.setView([39, 116], 10, { animate: false })")
    page.set_viewport_size({"width": 1440, "height": 900})
    until(page, "jjj.map.getSize().x > 700")
    assert page.evaluate("jjj.map.getZoom()") == 10


def test_strings_cannot_become_markup_at_all(full, open_page):
    page, _ = open_page(full)
    thrown = page.evaluate(
        "() => { try { document.body.innerHTML = '<i>x</i>'; return null } catch (e) { return e.name } }"
    )
    assert thrown == "TypeError"


def test_the_legend_hides_a_kind(full, open_page):
    page, _ = open_page(full)
    assert page.evaluate("jjj.LAYERS[1].seen(0)") is True
    page.click("[data-layer=sites] .legend button >> nth=0")
    assert page.evaluate("jjj.LAYERS[1].seen(0)") is False
    assert page.evaluate("jjj.LAYERS[1].seen(1)") is True


def test_the_layer_list_switches_layers_and_their_legends(full, open_page):
    page, _ = open_page(full)
    page.uncheck("[data-layer=sites] input")
    assert page.is_hidden("[data-layer=sites] .legend")
    assert (
        page.evaluate("jjj.hitsAt(jjj.map.latLngToContainerPoint(jjj.LAYERS[1].anchor(0))).length")
        == 0
    )
    page.check("[data-layer=sites] input")
    assert (
        page.evaluate("jjj.hitsAt(jjj.map.latLngToContainerPoint(jjj.LAYERS[1].anchor(0))).length")
        == 1
    )


def test_the_slider_shows_one_year(full, open_page):
    page, _ = open_page(full)
    page.evaluate(
        """() => { const r = document.querySelector('#time input'); r.value = 1; r.dispatchEvent(new Event('input')); }"""
    )
    assert page.inner_text("#time output") == "2020"
    assert page.evaluate("[0, 1, 2].map((i) => jjj.LAYERS[1].seen(i))") == [False, True, False]


def test_a_chart_singles_out_features_and_back(full, open_page):
    page, _ = open_page(full)
    plot = page.locator(".plot")
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + 60)
    until(page, "jjj.STATE.marked !== null")
    assert page.evaluate("[...jjj.STATE.marked.set]") == [0]
    page.mouse.move(*screen_point(page, "sites", 1))
    until(page, "document.querySelectorAll('.mark.back').length === 2")


def test_named_places_stand_above_their_part_of_the_axis(open_page):
    signs = [(0.0, "Start"), (9.0, "Middle"), (9.2, "Too near"), (20.0, "End")]
    table = pd.DataFrame({"km": [5.0, 15.0], "n": [3, 1]})
    made = chart("bar", table, title="t", x=Axis("Chainage", "km", marks=signs), y=Axis("Sites"), series={"n": "n"})  # fmt: skip
    page, seen = open_page(Map("t").add(made))
    assert page.locator(".plot .sign").count() == 4
    names = page.locator(".plot .sign-name")
    assert sorted(names.all_text_contents()) == ["End", "Middle", "Start"]
    x = {one.text_content(): one.bounding_box()["x"] for one in names.all()}
    assert x["Start"] < x["Middle"] < x["End"]
    share = (x["Middle"] - x["Start"]) / (x["End"] - x["Start"])
    assert share == pytest.approx(9 / 20, abs=0.01)
    assert seen.problems == []


def test_keys_reach_the_map_and_the_table(full, open_page):
    page, _ = open_page(full)
    page.evaluate("jjj.map.setView(jjj.LAYERS[1].anchor(0), 9, {animate: false})")
    page.focus("#map")
    page.keyboard.press("Enter")
    page.wait_for_selector("#card:not([hidden])")
    assert page.evaluate("document.activeElement.id") == "card"
    page.keyboard.press("Escape")
    assert page.is_hidden("#card")
    assert page.evaluate("document.activeElement.id") == "map"


def test_every_control_has_a_name(full, open_page):
    page, _ = open_page(full)
    nameless = page.evaluate(
        """() => [...document.querySelectorAll('button,input,select,a')].filter((one) =>
          !(one.getAttribute('aria-label') || one.textContent.trim() || one.labels?.length)).map((one) => one.outerHTML)"""
    )
    assert nameless == []


def test_browsers_without_the_decompressor_draw_the_same(full, open_page):
    old, seen = open_page(full, init="delete window.DecompressionStream")
    new, _ = open_page(full)
    code = "jjj.LAYERS.filter((one) => one.x).map((one) => [[...one.x], [...one.class]])"
    assert old.evaluate(code) == new.evaluate(code)
    assert seen.problems == []


@pytest.mark.parametrize("init", [None, "delete window.DecompressionStream"])
def test_many_rows_come_back_in_the_browser(open_page, about, init):
    random = np.random.default_rng(5)
    n = 12_000
    frame = gpd.GeoDataFrame(
        {
            "name": [f"厂{at * 7919 % n}" for at in range(n)],
            "kind": random.choice(["a", "b", "c", None], n),
            "staff": random.integers(0, 900, n),
        },
        geometry=gpd.points_from_xy(116 + random.random(n), 39 + random.random(n)),
        crs="EPSG:4326",
    ).rename_axis("id")
    fields = [Field("kind", "kind"), Field("staff", "staff")]
    page, seen = open_page(
        Map("x").add(points(frame, about, colour_by="kind", fields=fields)), init=init
    )
    rows = page.evaluate(
        """async () => { const one = jjj.LAYERS[0]; await one.table();
        return Array.from({ length: one.n }, (_, i) =>
          [Number(one.key(i)), one.name(i), ...one.fields.map((field) => one.cell(field.column, i))]); }"""
    )
    expected = frame.reset_index()[["id", "name", "kind", "staff"]].astype(object)
    assert sorted(rows) == expected.where(expected.notna(), None).to_numpy().tolist()
    assert seen.problems == []


def test_every_shipped_layer_draws(open_page):
    made = Map("all")
    for name, maker in (("counties", polygons), ("circles", polygons), ("firms", points)):
        layer = load(name)
        made.add(maker(layer.frame, About.of(layer), fields=fields_of(layer.frame)))
    page, seen = open_page(made)
    assert page.evaluate("jjj.LAYERS.map((one) => one.x.length > 0)") == [True] * 3
    assert seen.problems == []
