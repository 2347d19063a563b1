"""The page on a phone of 390 pixels: folded tools, a sheet of three heights, room for fingers."""

import pytest
from waiting import at_rest, until

from geo.layers import Localized, load
from geo.render import About, Field, Map, Time, labels, note, points, polygons

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844, "is_mobile": True, "has_touch": True}


@pytest.fixture
def made(sites):
    region = load("prefectures")
    return Map(Localized.of("题", "Title", "題"), finding="A finding of one sentence.").add(
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


def sheet(page, wanted):
    """Wait for a height of the sheet, and until the sheet stands still; return its height."""
    until(page, "document.getElementById('app').dataset.sheet", wanted)
    return at_rest(page, lambda: page.locator("#panel").bounding_box())["height"]


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
        heights.append(sheet(page, wanted))
    assert heights == [160, pytest.approx(0.46 * 844, abs=1), pytest.approx(0.9 * 844, abs=1), 160]
    for target, wanted in ((420, "half"), (60, "full"), (500, "half"), (830, "peek")):
        grip = page.locator("#grip").bounding_box()
        page.mouse.move(195, grip["y"] + 12)
        page.mouse.down()
        page.mouse.move(195, (grip["y"] + target) / 2)
        page.mouse.move(195, target)
        page.mouse.up()
        sheet(page, wanted)
    page.focus("#grip")
    page.keyboard.press("ArrowUp")
    sheet(page, "half")
    page.keyboard.press("Enter")
    sheet(page, "full")
    assert page.get_attribute("#grip", "aria-expanded") == "true"
    assert seen.problems == []


def test_the_map_fits_again_when_the_sheet_takes_half(made, open_page):
    page, _ = open_page(made, **PHONE)
    before = page.evaluate("jjj.map.getZoom()")
    page.click("#grip")
    sheet(page, "half")
    until(page, f"jjj.map.getZoom() < {before}")
    page.evaluate("jjj.map.setView([39.9, 116.4], 10, {animate: false})")
    page.click("#grip")
    page.click("#grip")
    sheet(page, "peek")
    assert page.evaluate("jjj.map.getZoom()") == 10


def test_tools_fold_behind_one_button(made, open_page):
    page, seen = open_page(made, **PHONE)
    shown = "[...document.querySelectorAll('#tools button')].filter((one) => one.checkVisibility()).length"
    assert page.evaluate(shown) == 4
    page.click("#more")
    assert page.get_attribute("#more", "aria-expanded") == "true"
    assert page.evaluate(shown) >= 11
    assert page.inner_text("#measure") == "测量距离与面积"
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
  const more = one.id === 'grip' ? 18 : 0;
  if (one.id === 'swipe-bar') return getComputedStyle(one, '::after').width === '44px' ? [] : ['swipe-bar'];
  if (!one.checkVisibility() || one.closest('.skip') || one.matches('.skip')) return [];
  return Math.min(box.width, box.height + more) < 44 ? [`${one.id || one.className || one.tagName} ${box.width}x${box.height}`] : [];
})"""


TABLET = {**PHONE, "width": 1024, "height": 768}


@pytest.mark.parametrize("screen", [PHONE, TABLET], ids=["phone", "tablet"])
def test_every_target_is_large_enough_for_a_finger(made, open_page, screen):
    page, _ = open_page(made, **screen)
    phone = screen is PHONE
    if phone:
        page.click("#grip")
    page.fill("#search", "o")
    page.wait_for_selector("#found button")
    assert page.evaluate(SMALL) == []
    page.click("#found button >> nth=0")
    page.wait_for_selector("#card:not([hidden])")
    if phone:
        page.click("#more")
    assert page.evaluate(SMALL) == []
    page.click("#more-tools button >> nth=-2")
    assert page.evaluate(SMALL) == []
    page.click("dialog .card-close")
    if phone:
        page.click("#more")
    page.click("#swipe")
    assert page.evaluate(SMALL) == []


def test_the_date_and_the_review_number_are_read_on_a_phone(sites, about, open_page):
    credit = {"publisher": "A publisher of a very long name " * 4, "title": "t"}
    told = About("Sites", provenance={"sources": [credit]})
    made = Map(
        "t", kicker=Localized.of("名录", "List compiled in November of 2026", "一覧"), lang="en"
    )
    page, _ = open_page(made.add(points(sites, told)), **PHONE)
    kicker, languages = (page.locator(one).bounding_box() for one in (".kicker", ".languages"))
    assert kicker["x"] + kicker["width"] <= 390 - languages["width"] or kicker["y"] > languages["y"]
    assert kicker["y"] + kicker["height"] <= page.locator("h1").bounding_box()["y"] + 1
    first, last = (page.locator(f"#credits span >> nth={at}") for at in (0, 1))
    assert "review number: none" in last.inner_text()
    box = last.bounding_box()
    assert box["x"] + box["width"] <= 390
    assert first.evaluate("(one) => one.scrollWidth > one.clientWidth")  # cut, with dots


LYING = {**PHONE, "width": 844, "height": 390}


def test_a_phone_that_lies_folds_its_tools_and_keeps_clear_of_the_notch(made, open_page):
    page, seen = open_page(made, **LYING)
    page.context.new_cdp_session(page).send(
        "Emulation.setSafeAreaInsetsOverride",
        {"insets": {"top": 0, "bottom": 21, "left": 47, "right": 47}},
    )
    tools = at_rest(page, lambda: page.locator("#tools").bounding_box())
    assert tools["y"] + tools["height"] < 390
    assert tools["x"] + tools["width"] <= 844 - 47
    assert page.locator("h1").bounding_box()["x"] >= 47
    slider, scale = (page.locator(one).bounding_box() for one in ("#time", "#scale"))
    assert slider["y"] + slider["height"] <= 390 - 21
    assert scale["x"] + scale["width"] < slider["x"]
    page.click("#more")
    menu = page.locator("#more-tools").bounding_box()
    assert menu["y"] + menu["height"] <= 390
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.locator("#panel").bounding_box()["height"] == 160 + 21
    assert seen.problems == []


def test_no_name_stands_under_a_control(open_page):
    region = load("prefectures")
    made = Map("t").add(
        polygons(region.frame, About.of(region)), labels(region.frame, About("names"))
    )
    page, _ = open_page(made, **PHONE)
    page.evaluate("jjj.map.setView([36.6, 114.5], 8, {animate: false})")
    # Handan would stand upon the scale bar
    spot = "jjj.map.latLngToContainerPoint([36.6, 114.5])"
    page.evaluate(f"(() => {{ const s = document.getElementById('scale').getBoundingClientRect(), p = {spot}; jjj.map.panBy([p.x - s.x - 20, p.y - s.y - 10], {{animate: false}}); }})()")  # fmt: skip
    dark = """(() => { const c = document.querySelector('.leaflet-labels-pane canvas'), r = c.getBoundingClientRect();
      const k = c.width / r.width, s = document.getElementById('scale').getBoundingClientRect();
      const d = c.getContext('2d').getImageData((s.x - r.x) * k, (s.y - r.y) * k, s.width * k, s.height * k).data;
      return d.filter((one, at) => at % 4 === 3 && one > 0).length; })()"""
    assert page.evaluate(dark) == 0
    page.evaluate("document.getElementById('scale').style.display = 'none'")
    page.evaluate("jjj.setLanguage('zh')")
    page.evaluate("document.getElementById('scale').style.display = ''")
    assert page.evaluate(dark) > 0


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_what_is_tapped_stays_in_sight_of_its_table(sites, about, open_page, motion):
    region = load("prefectures")
    made = Map("t").add(polygons(region.frame, About.of(region)), points(sites, about))
    page, _ = open_page(made, **PHONE, reduced_motion=motion)
    # Park C near the lower edge of the map
    page.evaluate("jjj.map.setView([39.0, 115.9], 9, {animate: false})")
    page.evaluate("jjj.map.panBy([0, -jjj.map.getSize().y / 2 + 70], {animate: false})")
    spot = (
        "(() => { const p = jjj.map.latLngToContainerPoint([39.0, 115.9]); return [p.x, p.y]; })()"
    )
    x, y = page.evaluate(spot)
    page.evaluate("window.moves = 0; jjj.map.on('move', () => { window.moves += 1; })")
    page.touchscreen.tap(x, y)
    page.wait_for_selector("#card:not([hidden])")
    top = at_rest(page, lambda: page.locator("#card").bounding_box())["y"]
    assert 40 < at_rest(page, spot)[1] < top - 20 < y
    assert (page.evaluate("moves") == 1) == (motion == "reduce")  # a jump, or a glide
