"""Charts in a real Chromium: where marks stand, and how pointing and keys reach the map."""

import pandas as pd
import pytest
from waiting import until

from geo.render import About, Axis, Discs, Link, Map, Reference, chart, points, ternary

pytestmark = pytest.mark.browser

CORNERS = {"a": "A", "b": "B", "c": "C"}


@pytest.fixture
def triangle(sites):
    table = pd.DataFrame(
        {
            "place": ["P", "Q", "R", "S"],
            "who": [["s1"], ["s2"], ["s3"], []],
            "a": [100.0, 0.0, 20.0, None],
            "b": [0.0, 100.0, 30.0, 10.0],
            "c": [0.0, 0.0, 50.0, 90.0],
            "n": [4, 1, 1, 9],
        }
    )
    made = ternary(
        table,
        title="Roles",
        rows=Axis("Place", "place"),
        corners=CORNERS,
        shares=Axis("Share", unit="%", decimals=0),
        discs=Discs(size=Axis("Sites", "n", decimals=0)),
        reference=Reference("All", (1, 1, 1)),
        link=Link("sites", "who"),
    )
    return Map("t").add(points(sites, About("Sites", layer_id="sites")), made)


DISCS = """() => [...document.querySelectorAll('.disc')].map((one) =>
  ['cx', 'cy', 'r'].map((name) => Number(one.getAttribute(name))))"""
MARKED = "jjj.STATE.marked && [...jjj.STATE.marked.set].sort()"


def on_screen(page, x, y):
    box = page.locator(".plot").bounding_box()
    scale = box["width"] / 340
    return box["x"] + x * scale, box["y"] + y * scale


def test_three_shares_stand_where_the_triangle_says(triangle, open_page):
    page, seen = open_page(triangle)
    # side 244 around the middle 170, top at 40: A = (170, 40), B = (48, 251.31), C = (292, 251.31)
    height = 244 * 3**0.5 / 2
    wanted = {
        "P": (170, 40),
        "Q": (48, 40 + height),
        "R": (0.2 * 170 + 0.3 * 48 + 0.5 * 292, 40 + 0.8 * height),
    }
    found = page.evaluate(DISCS)
    assert len(found) == 3  # S has no share of A: in the table only
    for x, y in wanted.values():
        assert any(abs(x - one[0]) < 1e-6 and abs(y - one[1]) < 1e-6 for one in found)
    # areas in proportion to the sizes: 9 stands for 11 pixels though it is not drawn itself
    assert sorted(one[2] for one in found) == pytest.approx([11 / 3, 11 / 3, 22 / 3])
    cross = page.get_attribute(".reference", "d")
    assert cross.startswith("M163 ")
    rows = page.locator(".chart .for-reader tbody tr").all_inner_texts()
    assert [row.split("\t") for row in rows] == [
        ["P", "100", "0", "0"],
        ["Q", "0", "100", "0"],
        ["R", "20", "30", "50"],
        ["S", "—", "10", "90"],
    ]
    assert seen.problems == []


def test_a_disc_is_pointed_at_clicked_and_boxed(triangle, open_page):
    page, seen = open_page(triangle)
    page.locator(".plot").scroll_into_view_if_needed()
    page.mouse.move(*on_screen(page, 170, 42))
    until(page, MARKED, [0])
    assert page.inner_text(".chart-say") == "P: A 100 % · B 0 % · C 0 % · Sites 4"
    page.mouse.move(*on_screen(page, 20, 30))
    until(page, MARKED, None)
    page.mouse.click(*on_screen(page, 48, 251))
    until(page, MARKED, [1])
    page.mouse.click(*on_screen(page, 48, 251))
    until(page, MARKED, None)
    page.mouse.move(*on_screen(page, 30, 190))
    page.mouse.down()
    page.mouse.move(*on_screen(page, 150, 230))
    page.mouse.move(*on_screen(page, 300, 270))
    page.mouse.up()
    until(page, MARKED, [1, 2])
    assert page.inner_text(".chart-say").startswith("Q、R")
    page.click(".chart .clear")
    until(page, MARKED, None)
    assert seen.problems == []


def test_a_feature_on_the_map_makes_its_disc_stand_out(triangle, open_page):
    page, _ = open_page(triangle)
    place = page.evaluate(
        "(() => { const p = jjj.map.latLngToContainerPoint(jjj.LAYERS[0].anchor(2)); return [p.x, p.y]; })()"
    )
    page.mouse.move(384 + place[0], place[1])
    until(page, "document.querySelectorAll('.disc.back').length", 2)


def test_arrow_keys_walk_through_any_chart(sites, triangle, open_page):
    bars = pd.DataFrame({"km": [1, 2, 3], "n": [4, 5, 6], "who": [["s1"], ["s2"], ["s3"]]})
    upright = chart(
        "bar",
        bars,
        title="Profile",
        x=Axis("km", "km"),
        y=Axis("n"),
        series={"n": "n"},
        link=Link("sites", "who"),
    )
    page, seen = open_page(triangle.add(upright))
    for at in (0, 1):
        page.locator(".plot").nth(at).focus()
        page.keyboard.press("ArrowRight")
        until(page, MARKED, [0])
        page.keyboard.press("ArrowRight")
        until(page, MARKED, [1])
        page.keyboard.press("Shift+ArrowRight")
        until(page, MARKED, [1, 2])
        page.keyboard.press("Escape")
        until(page, MARKED, None)
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("Enter")
        until(page, "jjj.STATE.marked !== null", True)
        page.keyboard.press("Escape")
        until(page, MARKED, None)
    assert seen.problems == []
