"""The small map of the region in a real Chromium: when it stands, what it shows, what moves it."""

import pytest
from shapely import box
from waiting import at_rest, until

from geo.layers import load
from geo.render import About, Map, Time, note, points, polygons

pytestmark = pytest.mark.browser

FRAME = "jjj.overview.frame"
# the land of `squares`: two degrees of longitude, one of latitude
MIDDLE = (39.5, 116.0)
CENTRE = "(({lat, lng}) => [lat, lng])(jjj.map.getCenter())"


@pytest.fixture
def made(squares, sites, about):
    land = polygons(squares, About("land"), role="land")
    return Map("t", overview=True).add(land, points(sites, about))


def look(page, zoom, place=MIDDLE):
    page.evaluate(f"jjj.map.setView({list(place)}, {zoom}, {{animate: false}})")
    return page.evaluate(FRAME)


def corner(page):
    return page.locator("#overview").bounding_box()


def test_there_is_none_by_default_nor_without_land(squares, sites, about, open_page):
    land = polygons(squares, About("land"), role="land")
    around = polygons(squares, About("around"), role="neighbour")
    for made in (Map("t").add(land), Map("t", overview=True).add(around, points(sites, about))):
        page, seen = open_page(made)
        assert page.locator("#overview").count() == 0
        assert seen.problems == []


def test_it_stands_above_the_credits_and_clear_of_the_tools(made, open_page):
    page, seen = open_page(made)
    spot, size = corner(page), page.viewport_size
    assert spot["width"] == 120
    assert 40 < spot["height"] <= 140
    assert spot["x"] + spot["width"] <= size["width"]
    assert spot["y"] + spot["height"] <= page.locator("#credits").bounding_box()["y"]
    tools = page.locator("#tools").bounding_box()
    assert tools["y"] + tools["height"] < spot["y"]
    assert seen.problems == []


def test_it_stands_above_a_slider_on_a_narrower_map_and_the_land_beside_it(
    sites, squares, open_page
):
    land = polygons(squares, About("land"), role="land")
    timed = points(sites, About("sites"), time=Time("year"))
    for width, above in ((1440, False), (1100, True), (720, True)):
        page, _ = open_page(Map("t", overview=True).add(land, timed), width=width)
        inset, slider = corner(page), page.locator("#time").bounding_box()
        assert (inset["y"] + inset["height"] <= slider["y"]) == above
        assert above or slider["x"] + slider["width"] <= inset["x"]
        tools = page.locator("#tools").bounding_box()
        assert tools["y"] + tools["height"] < inset["y"]
        # the whole map is seen beside the inset
        page.click("#tools button >> nth=2")
        west, _, east, _ = page.evaluate("jjj.PAGE.box")
        ends = at_rest(page, f"[{west}, {east}].map((lon) => jjj.map.latLngToContainerPoint([39.5, lon]).x)")  # fmt: skip
        frame = page.locator("#map").bounding_box()["x"]
        assert ends[0] + 0.5 >= 0
        assert frame + ends[1] <= inset["x"]


def test_the_frame_follows_the_view(made, open_page):
    page, _ = open_page(made)
    spot = corner(page)
    left, top, right, bottom = look(page, 10)
    assert (left + right) / 2 == pytest.approx(spot["width"] / 2, abs=0.6)
    assert (top + bottom) / 2 == pytest.approx(spot["height"] / 2, abs=0.6)
    # two degrees are 120 − 2 · 7 pixels, the view has 256 · 2^10 / 360 pixels a degree
    across = page.evaluate("jjj.map.getSize().x") / (256 * 2**10 / 360)
    assert right - left == pytest.approx(across * (120 - 14) / 2, abs=0.5)
    # a zoom closer halves it, a step east by a quarter of a degree moves it by an eighth of the land
    closer = look(page, 11)
    assert closer[2] - closer[0] == pytest.approx((right - left) / 2, abs=0.5)
    moved = look(page, 11, (39.5, 116.25))
    assert moved[0] - closer[0] == pytest.approx((120 - 14) / 8, abs=0.5)
    assert moved[1:4:2] == pytest.approx(closer[1:4:2], abs=0.5)


def test_a_view_wider_than_the_land_or_far_from_it_keeps_its_frame_inside(made, open_page):
    page, _ = open_page(made)
    spot = corner(page)
    inside = box(0, 0, spot["width"], spot["height"])
    wide = look(page, 4)
    assert wide == pytest.approx([1.5, 1.5, spot["width"] - 1.5, spot["height"] - 1.5])
    for place in ((39.5, 80), (39.5, 150), (70, 116), (-20, 116), MIDDLE):
        frame = box(*look(page, 18, place))
        assert frame.within(inside)
        assert frame.area >= 35.9  # six pixels a side, to be seen at all


def test_click_drag_and_keys_move_the_map(made, open_page):
    page, seen = open_page(made)
    look(page, 10)
    spot = corner(page)
    # a quarter of the land's width east of its west edge: 115.5 degrees
    x, y = spot["x"] + 7 + (120 - 14) / 4, spot["y"] + spot["height"] / 2
    page.mouse.click(x, y)
    assert page.evaluate(CENTRE) == pytest.approx([39.5, 115.5], abs=0.02)
    page.mouse.down()
    page.mouse.move(x + (120 - 14) / 2, y, steps=4)
    page.mouse.up()
    assert page.evaluate(CENTRE) == pytest.approx([39.5, 116.5], abs=0.02)
    page.mouse.move(x, y)  # no button is down any more
    assert page.evaluate(CENTRE) == pytest.approx([39.5, 116.5], abs=0.02)
    assert page.evaluate("document.activeElement.id") == "overview"
    for key, axis, sign in (("ArrowRight", 1, 1), ("ArrowUp", 0, 1), ("ArrowLeft", 1, -1)):
        before = page.evaluate(CENTRE)
        page.keyboard.press(key)
        until(page, f"({CENTRE}[{axis}] - {before[axis]}) * {sign} > 0.05")
        at_rest(page, CENTRE)
    assert page.evaluate("jjj.STATE.card") is None
    assert seen.problems == []


def test_its_name_and_colours_follow_the_reader(made, open_page):
    page, _ = open_page(made)
    names = {"zh": "总览", "en": "Overview", "ja": "全体図"}
    for code, name in names.items():
        page.click(f"[data-language={code}]")
        assert page.get_attribute("#overview", "aria-label") == name
    pixel = (
        "[...document.querySelector('#overview').getContext('2d').getImageData(2, 2, 1, 1).data]"
    )
    look(page, 11)
    light = page.evaluate(pixel)
    page.click("#theme")
    dark = page.evaluate(pixel)
    assert (light, dark) == ([255, 255, 255, 255], [0x1A, 0x22, 0x28, 255])  # --paper of each


def test_land_within_other_land_is_left_out(squares, about, open_page):
    whole = polygons(squares, About("land"), role="land")
    part = polygons(squares.iloc[:1], About("part"), role="land")
    beside = polygons(squares.translate(xoff=2).to_frame("geometry"), About("beside"), role="land")
    drawn = []
    for lands in ((whole,), (whole, part), (part, whole), (whole, whole), (whole, beside)):
        page, seen = open_page(Map("t", overview=True).add(*lands))
        drawn.append(page.evaluate("jjj.overview.land.length"))
        # the middle of the western square is land whatever lies upon it
        x = 7 + (120 - 14) / (8 if beside in lands else 4)
        pixel = f"""(() => {{ const c = document.querySelector('#overview'), r = c.width / c.clientWidth;
          return [...c.getContext('2d').getImageData({x} * r, c.height / 2, 1, 1).data]; }})()"""
        assert page.evaluate(pixel) == [0xE3, 0xDD, 0xD2, 255]  # --rule
        assert seen.problems == []
    assert drawn == [2, 2, 2, 2, 4]


def test_phones_low_windows_and_paper_have_none(made, open_page):
    for size in (
        {"width": 390, "height": 844},
        {"width": 600, "height": 900},
        {"width": 844, "height": 390},
    ):
        page, _ = open_page(made, **size)
        assert not page.locator("#overview").is_visible()
    page, _ = open_page(made)
    assert page.locator("#overview").is_visible()
    page.emulate_media(media="print")
    assert not page.locator("#overview").is_visible()


def test_no_callout_stands_under_it(squares, open_page):
    land = polygons(load("provinces").frame, About("land"), role="land")
    made = Map("t", overview=True).add(land)
    made.add(*(note("A sentence that needs room", 118.6 + at / 5, 37.2) for at in range(3)))
    page, _ = open_page(made)
    for place in ((39.5, 116.5), (38.2, 116.5), (38.2, 117.5)):
        look(page, 7.5, place)
        frame = page.locator("#map").bounding_box()
        spot = corner(page)
        left, top = spot["x"] - frame["x"], spot["y"] - frame["y"]
        inset = box(left, top, left + spot["width"], top + spot["height"])
        placed = page.evaluate("jjj.NOTES.map((one) => one.placed?.box).filter(Boolean)")
        assert placed
        assert not any(box(*one).intersects(inset) for one in placed)
