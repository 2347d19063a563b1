"""The page on a phone of 390 pixels: folded tools, a sheet of three heights, room for fingers."""

import pytest

from geo.layers import Text3, load
from geo.render import About, Field, Map, Time, note, points, polygons

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844, "is_mobile": True, "has_touch": True}


@pytest.fixture
def made(sites):
    region = load("prefectures")
    return Map(Text3("题", "Title", "題"), finding="A finding of one sentence.").add(
        polygons(region.frame, About.of(region, layer_id="region"), colour_by="name_en"),
        points(
            sites,
            About("Sites", layer_id="sites"),
            colour_by="kind",
            fields=[Field("staff", "staff")],
            time=Time("year"),
        ),
        note("A note", 116.4, 39.9),
    )


def until(page, condition):
    for _ in range(100):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(30)
    pytest.fail(f"never came true: {condition}")


def sheet(page):
    page.wait_for_timeout(350)
    return page.evaluate("document.getElementById('app').dataset.sheet")


def test_nothing_is_wider_than_the_phone(made, open_page):
    page, seen = open_page(made, **PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert seen.problems == []


def test_the_map_is_seen_whole_above_the_sheet_and_beside_the_tools(made, open_page):
    page, _ = open_page(made, **PHONE)
    box = page.evaluate(
        """() => {
          const [west, south, east, north] = jjj.PAGE.box;
          const a = jjj.map.latLngToContainerPoint([north, west]), b = jjj.map.latLngToContainerPoint([south, east]);
          return [a.x, a.y, b.x, b.y];
        }"""
    )
    sheet_top = page.locator("#panel").bounding_box()["y"]
    slider_top = page.locator("#time").bounding_box()["y"]
    assert 0 <= box[0] < box[2] <= 390
    assert 0 <= box[1] < box[3] <= slider_top < sheet_top
    # about in the middle of what is free
    above, below = box[1], slider_top - box[3]
    assert abs(above - below) < 40
    # Qinhuangdao, the eastern end, is not under a button
    tools = page.locator("#tools").bounding_box()
    east = page.evaluate(
        "(() => { const p = jjj.map.latLngToContainerPoint([40.0, 119.8]); return [p.x, p.y]; })()"
    )
    assert east[1] > tools["y"] + tools["height"]


def test_the_sheet_is_tapped_dragged_and_reached_by_keys(made, open_page):
    page, seen = open_page(made, **PHONE)
    heights = [page.locator("#panel").bounding_box()["height"]]
    for wanted in ("half", "full", "peek"):
        page.tap("#grip", force=True) if wanted == "half" else page.click("#grip")
        assert sheet(page) == wanted
        heights.append(page.locator("#panel").bounding_box()["height"])
    assert heights == [160, pytest.approx(0.46 * 844, abs=1), pytest.approx(0.9 * 844, abs=1), 160]
    for target, wanted in ((420, "half"), (60, "full"), (500, "half"), (830, "peek")):
        grip = page.locator("#grip").bounding_box()
        page.mouse.move(195, grip["y"] + 12)
        page.mouse.down()
        page.mouse.move(195, (grip["y"] + target) / 2)
        page.mouse.move(195, target)
        page.mouse.up()
        assert sheet(page) == wanted
    page.focus("#grip")
    page.keyboard.press("ArrowUp")
    assert sheet(page) == "half"
    page.keyboard.press("Enter")
    assert sheet(page) == "full"
    assert page.get_attribute("#grip", "aria-expanded") == "true"
    assert seen.problems == []


def test_the_map_fits_again_when_the_sheet_takes_half(made, open_page):
    page, _ = open_page(made, **PHONE)
    before = page.evaluate("jjj.map.getZoom()")
    page.click("#grip")
    assert sheet(page) == "half"
    until(page, f"jjj.map.getZoom() < {before}")
    page.evaluate("jjj.map.setView([39.9, 116.4], 10, {animate: false})")
    page.click("#grip")
    page.click("#grip")
    assert sheet(page) == "peek"
    assert page.evaluate("jjj.map.getZoom()") == 10


def test_tools_fold_behind_one_button(made, open_page):
    page, seen = open_page(made, **PHONE)
    shown = "[...document.querySelectorAll('#tools button')].filter((one) => one.checkVisibility()).length"
    assert page.evaluate(shown) == 4
    page.click("#more")
    assert page.get_attribute("#more", "aria-expanded") == "true"
    assert page.evaluate(shown) >= 11
    assert page.inner_text("#measure") == "测距"
    page.keyboard.press("Escape")
    assert page.evaluate(shown) == 4
    assert page.evaluate("document.activeElement.id") == "more"
    page.keyboard.press("Enter")
    page.click("#theme")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate(shown) == 4
    assert seen.problems == []


SMALL = """() => [...document.querySelectorAll('button, input, select, summary, a')].flatMap((one) => {
  const target = one.type === 'checkbox' ? one.closest('.entry-head') : one;
  const box = target.getBoundingClientRect();
  // the grip reaches above its box; the bar of the swipe has a knob of 44 pixels
  const more = one.id === 'grip' ? 14 : 0;
  if (one.id === 'swipe-bar') return getComputedStyle(one, '::after').width === '44px' ? [] : ['swipe-bar'];
  if (!one.checkVisibility() || one.closest('.skip') || one.matches('.skip')) return [];
  return Math.min(box.width, box.height + more) < 40 ? [`${one.id || one.className || one.tagName} ${box.width}x${box.height}`] : [];
})"""


def test_every_target_is_large_enough_for_a_finger(made, open_page):
    page, _ = open_page(made, **PHONE)
    page.click("#grip")
    page.fill("#search", "o")
    page.wait_for_selector("#found button")
    assert page.evaluate(SMALL) == []
    page.click("#found button >> nth=0")
    page.wait_for_selector("#card:not([hidden])")
    page.click("#more")
    assert page.evaluate(SMALL) == []
    page.click("#more-tools button >> nth=-2")
    assert page.evaluate(SMALL) == []
    page.click("dialog .card-close")
    page.click("#more")
    page.click("#swipe")
    assert page.evaluate(SMALL) == []
