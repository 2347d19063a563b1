"""The saved picture in a real Chromium: what it says, where its legends stand, what it shows of the view."""

import pytest

from geo.layers import Localized
from geo.render import About, Categories, Map, Time, points, polygons

pytestmark = pytest.mark.browser

SPY = """(() => {
  window.drawn = [];
  const write = CanvasRenderingContext2D.prototype.fillText, keep = HTMLCanvasElement.prototype.toBlob;
  CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
    const at = this.getTransform().transformPoint({ x, y });
    drawn.push([text, at.x / 2, at.y / 2]);
    return write.apply(this, arguments);
  };
  HTMLCanvasElement.prototype.toBlob = function () { window.kept = this; return keep.apply(this, arguments); };
})()"""


def picture(page):
    """Save the picture; return its texts with their places, in pixels of the page."""
    page.evaluate("window.drawn = []")
    with page.expect_download():
        page.evaluate("jjj.savePicture()")
    return {text: (x, y) for text, x, y in page.evaluate("drawn")}


def colours_from(page, top):
    """Return the colours of the picture below a line."""
    code = """(top) => { const c = kept, d = c.getContext('2d').getImageData(0, 2 * top, c.width, c.height - 2 * top).data, all = new Set();
      for (let k = 0; k < d.length; k += 4) all.add('#' + [0, 1, 2].map((one) => d[k + one].toString(16).padStart(2, '0')).join(''));
      return [...all]; }"""
    return set(page.evaluate(code, top))


@pytest.fixture
def made(sites, squares):
    kinds = Categories("kind", title=Localized.of("类", "Sort", "種"))
    return Map(
        Localized.of("题", "Title", "題"),
        finding="A finding.",
        caveats=["First caveat", "Second caveat"],
        kicker=Localized.of("名录", "A list", "一覧"),
        lang="en",
        overview=True,
    ).add(
        polygons(squares, About("Land", layer_id="land"), role="land"),
        points(
            sites,
            About("Sites", layer_id="sites"),
            colour_by=kinds,
            size_by="staff",
            time=Time("year", mode="until"),
        ),
    )


def test_legends_stand_below_the_map_with_what_is_on(made, open_page):
    page, seen = open_page(made, init=SPY)
    foot = page.evaluate("jjj.map.getSize().y")
    texts = picture(page)
    assert {"A list", "Title", "Sites", "Sort", "plant", "institute", "No data"} <= set(texts)
    for text in ("Sites", "Sort", "plant", "institute", "No data"):
        assert texts[text][1] > foot + texts["Title"][1]
    assert texts["A list"][1] < texts["Title"][1] < 80
    # as on the page the first caveat stands beside the finding, the others at the end
    assert texts["Title"][1] < texts["A finding."][1] < texts["First caveat"][1] < 130
    assert texts["! Second caveat"][1] > texts["Sites"][1]
    found = page.evaluate("jjj.LAYERS.find((one) => one.id === 'sites').legend.items")
    shades = {str(one["label"]): one["colour"] for one in found}
    below = foot + texts["First caveat"][1] + 10
    assert set(shades.values()) <= colours_from(page, below)
    # a class that is off is not in the legend, nor a layer
    page.click(".legend li button:has-text('plant')")
    assert "plant" not in picture(page)
    assert shades["plant"] not in colours_from(page, below)
    page.uncheck("[data-layer=sites] .entry-head input")
    assert not {"Sites", "institute", "No data"} & set(picture(page))
    assert seen.problems == []


def test_the_year_of_the_slider_and_the_inset_are_in_it(made, open_page):
    page, _ = open_page(made, init=SPY)
    assert "up to 2015" not in picture(page)
    page.evaluate("document.querySelector('#time input').value = 0")
    page.dispatch_event("#time input", "input")
    assert "up to 2015" in picture(page)
    # the frame of the view on the small map, in the accent of the theme
    code = """() => {
      const c = kept.getContext('2d');
      const d = c.getImageData(kept.width - 280, 0, 280, kept.height).data, accent = [0xa8, 0x3a, 0x24];
      for (let k = 0; k < d.length; k += 4) if (accent.every((one, at) => Math.abs(one - d[k + at]) < 20)) return true;
      return false; }"""
    assert page.evaluate(code)
    page.evaluate("document.getElementById('overview').style.display = 'none'")
    picture(page)
    assert not page.evaluate(code)


def test_long_legends_use_the_width_of_the_picture(sites, open_page):
    layers = [points(sites, About(f"Layer {at}", layer_id=f"l{at}"), colour_by="kind") for at in range(6)]  # fmt: skip
    page, _ = open_page(Map("t", lang="en").add(*layers), init=SPY)
    texts = picture(page)
    columns = {round(texts[f"Layer {at}"][0]) for at in range(6)}
    assert len(columns) >= 3
    assert max(columns) + 240 <= page.evaluate("jjj.map.getSize().x")
    phone, _ = open_page(Map("t", lang="en").add(*layers), init=SPY, width=390, height=844)
    texts = picture(phone)
    assert {round(texts[f"Layer {at}"][0]) for at in range(6)} == {24}


def test_a_hatched_area_is_hatched_in_the_legend(squares, open_page):
    page, _ = open_page(Map("t").add(polygons(squares, About("a"), role="unconfirmed")))
    strokes = page.eval_on_selector_all(".swatch path", "all => all.map((one) => one.getAttribute('d').split('M').length - 1)")  # fmt: skip
    assert strokes == [5]
    assert page.locator(".swatch rect").evaluate("(one) => one.style.fill") == "none"
