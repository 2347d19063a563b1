"""Colours on a dark ground: ramps run the other way, kinds keep theirs, none stays unfilled."""

import pandas as pd
import pytest

from geo.layers import Localized
from geo.render import About, Axis, Categories, Classes, Map, chart, choropleth, lines, polygons
from geo.render.colours.palette import HOLLOW, NO_DATA

pytestmark = pytest.mark.browser
NONE = Localized.of("没有", "none", "なし")
RANKS = {"0.0": "#e8e4ee", "1.0": "#c2b5d6", "2.0": "#8f7ab8", "3.0": "#5a2d9a"}


@pytest.fixture
def themed(squares, open_page):
    counted = pd.concat([squares, squares], ignore_index=True).assign(n=[0.0, 1.0, 2.0, 3.0])
    made = Map(NONE).add(
        choropleth(counted, Classes("n", k=2, zero=NONE), About("counts", layer_id="counts")),
        choropleth(counted, Classes("n", k=3, ramp="balance"), About("either", layer_id="either")),
        polygons(counted, About("kinds", layer_id="kinds"), colour_by=Categories("n")),
        polygons(
            counted,
            About("ranks", layer_id="ranks"),
            colour_by=Categories("n", {}, RANKS, ordered=True),
        ),
    )
    page, seen = open_page(made.html())
    assert seen.problems == []
    return page


def colours(page):
    return page.evaluate("Object.fromEntries(jjj.LAYERS.map((one) => [one.id, one.colours]))")


def swatches(page):
    return page.eval_on_selector_all(
        '[data-layer="counts"] .swatch rect', "all => all.map((one) => one.style.fill)"
    )


def test_more_is_lighter_in_the_dark_and_darker_on_paper(themed):
    light, first = colours(themed), swatches(themed)
    themed.click("#theme")
    dark, second = colours(themed), swatches(themed)
    assert dark["counts"][0] == light["counts"][0] == HOLLOW
    assert dark["counts"][1:-1] == light["counts"][1:-1][::-1]
    assert dark["ranks"][:-1] == light["ranks"][:-1][::-1] == list(RANKS.values())[::-1]
    brown, middle, blue = dark["either"][:-1]  # two sides of a middle are not turned round
    assert (brown[1:3] > brown[5:7], blue[1:3] < blue[5:7]) == (True, True)
    assert middle == light["either"][1]
    assert second == [first[0], *first[1:][::-1]]
    assert light["counts"][-1] == NO_DATA != dark["counts"][-1]
    themed.click("#theme")
    assert colours(themed) == light


def test_what_is_too_dark_to_be_seen_is_lifted_and_keeps_its_hue(squares, open_page):
    shades = {"0.0": "#111111", "1.0": "#123f6d", "2.0": "#d98a00", "3.0": "#b3aca1"}
    four = pd.concat([squares, squares], ignore_index=True).assign(n=[0.0, 1.0, 2.0, 3.0])
    table = pd.DataFrame({"km": [1, 2], "n": [3, 4]})
    made = Map(NONE).add(
        polygons(four, About("kinds", layer_id="kinds"), colour_by=Categories("n", {}, shades)),
        lines(four.set_geometry(four.boundary), About("line", layer_id="line"), colour="#111111"),
        chart(
            "bar",
            table,
            title="t",
            x=Axis("km", "km"),
            y=Axis("n"),
            series={"n": "n"},
            colours={"n": "#111111"},
        ),
    )
    page, seen = open_page(made.html())
    assert colours(page)["kinds"][:4] == list(shades.values())
    page.click("#theme")
    black, navy, amber, grey = colours(page)["kinds"][:4]
    assert (black, amber, grey) == ("#e3e7ea", "#d98a00", "#b3aca1")
    red, green, blue = (int(navy[at : at + 2], 16) for at in (1, 3, 5))
    assert red < green < blue
    assert blue > 0x6D
    assert colours(page)["line"][0] == "#e3e7ea"
    fills = page.eval_on_selector_all(".plot rect.mark", "all => all.map((one) => one.style.fill)")
    assert set(fills) == {"rgb(227, 231, 234)"}
    assert seen.problems == []


def test_a_pale_grey_stands_back_in_the_dark_too(squares, open_page):
    shades = {"0.0": "#ece9e3", "1.0": "#cfc8bb", "2.0": "#c3d9ea", "3.0": "#9a9a9a"}
    four = pd.concat([squares, squares], ignore_index=True).assign(n=[0.0, 1.0, 2.0, 3.0])
    made = Map(NONE).add(polygons(four, About("k"), colour_by=Categories("n", {}, shades)))
    page, _ = open_page(made, fragment="#theme=dark")
    quiet, grey, pale_blue, other, _ = page.evaluate("jjj.LAYERS[0].colours")
    light = [int(one[1:3], 16) for one in (quiet, grey)]
    assert 0x22 < light[0] < light[1] < 0x80  # more than the land, less than a mark
    assert (pale_blue, other) == ("#c3d9ea", "#9a9a9a")


def test_kinds_in_order_run_the_other_way_too(squares, open_page):
    four = pd.concat([squares, squares], ignore_index=True).assign(n=["a", "b", "c", "d"])
    shades = dict(zip("abcd", ["#f3eef6", "#b69bcd", "#8e6bb0", "#3a1b5e"], strict=True))
    by = Categories("n", dict(zip("abcd", "abcd", strict=True)), shades, ordered=True)
    page, _ = open_page(Map(NONE).add(polygons(four, About("k"), colour_by=by)))
    light = page.evaluate("jjj.LAYERS[0].colours")
    page.click("#theme")
    assert page.evaluate("jjj.LAYERS[0].colours")[:-1] == light[:-1][::-1]
