"""Colours on a dark ground: ramps run the other way, kinds keep theirs, none stays unfilled."""

import pandas as pd
import pytest

from geo.layers import Text3
from geo.render import About, Categories, Classes, Map, choropleth, polygons
from geo.render.palette import HOLLOW, NO_DATA

pytestmark = pytest.mark.browser
NONE = Text3("没有", "none", "なし")


@pytest.fixture
def themed(squares, open_page):
    counted = pd.concat([squares, squares], ignore_index=True).assign(n=[0.0, 1.0, 2.0, 3.0])
    made = Map(NONE).add(
        choropleth(counted, Classes("n", k=2, zero=NONE), About("counts", layer_id="counts")),
        choropleth(counted, Classes("n", k=3, ramp="balance"), About("either", layer_id="either")),
        polygons(counted, About("kinds", layer_id="kinds"), colour_by=Categories("n")),
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
    assert dark["either"][:-1] == light["either"][:-1]
    assert dark["kinds"][:-1] == light["kinds"][:-1]
    assert second == [first[0], *first[1:][::-1]]
    assert light["counts"][-1] == NO_DATA != dark["counts"][-1]
    themed.click("#theme")
    assert colours(themed) == light
