"""One slider over layers of different years, and two layers or two times side by side."""

import geopandas as gpd
import pytest
from shapely import Point, box

from geo.render import About, Map, Time, points, polygons

pytestmark = pytest.mark.browser


def years(*values, at=0.0):
    return gpd.GeoDataFrame(
        {"name": [str(one) for one in values], "year": list(values)},
        geometry=[Point(115 + k + at, 39 + at) for k in range(len(values))],
        crs="EPSG:4326",
    )


@pytest.fixture
def made():
    """Two layers of other years and other modes, over a square that has no time."""
    ground = gpd.GeoDataFrame({"name": ["g"]}, geometry=[box(114, 38, 119, 41)], crs="EPSG:4326")
    return Map("t").add(
        polygons(ground, About("Ground", layer_id="ground")),
        points(years(2015, 2020), About("Counted", layer_id="at"), time=Time("year")),
        points(
            years(2018, 2022, at=0.5),
            About("Opened", layer_id="until"),
            time=Time("year", mode="until"),
        ),
    )


SEEN = "jjj.LAYERS.filter((one) => one.time).map((one) => [0, 1].map((i) => one.seen(i)))"


def test_one_slider_serves_layers_of_different_years(made, open_page):
    page, seen = open_page(made)
    slide = "(at) => { const r = document.querySelector('#time input'); r.value = at; r.dispatchEvent(new Event('input')); }"
    wanted = {
        "截至 2015": [[True, False], [False, False]],
        "截至 2018": [[False, False], [True, False]],
        "截至 2020": [[False, True], [True, False]],
        "截至 2022": [[False, False], [True, True]],
        "全部时间": [[True, True], [True, True]],
    }
    for at, (words, expected) in enumerate(wanted.items()):
        page.evaluate(slide, at)
        assert page.inner_text("#time output") == words
        assert page.evaluate(SEEN) == expected
    assert seen.problems == []


def hits(page, layer, i):
    return page.evaluate(
        """([id, i]) => {
          const layer = jjj.LAYERS.find((one) => one.id === id);
          return jjj.hitsAt(jjj.map.latLngToContainerPoint(layer.anchor(i))).map((hit) => hit.layer.id);
        }""",
        [layer, i],
    )


def test_two_layers_are_cut_at_the_handle(made, open_page):
    page, seen = open_page(made)
    page.click("#swipe")
    cuts = "jjj.LAYERS.map((one) => jjj.map.getPane(`layer-${one.at}`).style.clipPath !== '')"
    assert page.evaluate(cuts) == [False, True, True]
    before = page.get_attribute("#swipe-bar", "aria-valuenow")
    page.focus("#swipe-bar")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.get_attribute("#swipe-bar", "aria-valuenow") > before
    page.select_option("#swipe-choice select >> nth=0", "layer:ground")
    assert page.evaluate(cuts) == [True, True, False]
    # the same on both sides would compare nothing: they change places
    page.select_option("#swipe-choice select >> nth=1", "layer:ground")
    assert page.input_value("#swipe-choice select >> nth=0") == "layer:at"
    page.click("#swipe")
    assert page.evaluate(cuts) == [False, False, False]
    assert seen.problems == []


def test_two_times_are_cut_at_the_handle(made, open_page):
    page, seen = open_page(made)
    canvases = page.locator("#map canvas").count()
    page.click("#swipe")
    page.select_option("#swipe-choice select >> nth=0", "step:2015")
    assert page.input_value("#swipe-choice select >> nth=1") == "step:2022"
    assert page.is_hidden("#time")
    drag(page, 0.99)  # all is left: 2015
    assert hits(page, "at", 0) == ["at", "ground"]
    assert hits(page, "until", 1) == ["ground"]
    drag(page, 0.01)  # all is right: 2022
    assert hits(page, "at", 0) == ["ground"]
    assert hits(page, "until", 1) == ["until", "ground"]
    # what has no time stands on both sides
    assert page.evaluate("jjj.map.getPane('layer-0').style.clipPath") == ""
    drag(page, 0.5)
    assert inked(page, "layer-1") == [1, 0]
    assert inked(page, "layer-2-right") == [1, 1]
    page.click("#swipe")
    assert page.is_visible("#time")
    assert page.locator("#map canvas").count() == canvases
    # the test itself reads canvases, which Chromium finds slow
    assert [one for one in seen.problems if "willReadFrequently" not in one] == []


def drag(page, share):
    box_ = page.locator("#map").bounding_box()
    bar = page.locator("#swipe-bar").bounding_box()
    page.mouse.move(bar["x"] + 1, box_["y"] + 450)
    page.mouse.down()
    page.mouse.move(box_["x"] + box_["width"] * share, box_["y"] + 450)
    page.mouse.up()


def inked(page, pane):
    """Whether each of the layer's two points is drawn on the canvas of a pane."""
    return page.evaluate(
        """(name) => {
          const canvas = jjj.map.getPane(name).querySelector('canvas'), ctx = canvas.getContext('2d');
          const layer = jjj.LAYERS[Number(name.split('-')[1])], frame = canvas.getBoundingClientRect();
          const map = jjj.map.getContainer().getBoundingClientRect();
          return [0, 1].map((i) => {
            const p = jjj.map.latLngToContainerPoint(layer.anchor(i));
            const cell = ctx.getImageData(p.x + map.left - frame.left, p.y + map.top - frame.top, 1, 1);
            return cell.data[3] > 0 ? 1 : 0;
          });
        }""",
        pane,
    )


def test_the_comparison_is_in_the_address_and_in_the_picture(made, open_page):
    page, _ = open_page(made, fragment="#swipe=step:2015~step:2022~30")
    assert page.get_attribute("#swipe-bar", "aria-valuenow") == "30"
    assert 7 < page.evaluate("jjj.map.getZoom()") < 9  # the whole is still in view
    assert "swipe=step%3A2015%7Estep%3A2022%7E30" in page.evaluate("jjj.addressOfView()")
    with page.expect_download() as waited:
        page.evaluate("jjj.savePicture()")
    assert waited.value.path().stat().st_size > 10_000
    for broken in ("#swipe=x~y", "#swipe=step:2015~layer:at~9", "#swipe=step:2015~step:2015~z"):
        other, seen = open_page(made, fragment=broken)
        assert other.locator("#swipe-bar").count() == 0
        assert seen.problems == []


def test_one_layer_alone_compares_its_times(open_page):
    page, seen = open_page(Map("t").add(points(years(2015, 2020), About("a"), time=Time("year"))))
    page.click("#swipe")
    sides = "[...document.querySelectorAll('#swipe-choice select')].map((one) => one.value)"
    assert page.evaluate(sides) == ["step:2015", "step:2020"]
    assert page.locator("#swipe-choice optgroup").count() == 2
    page.click("[data-language=ja]")
    assert page.get_attribute("#swipe-choice optgroup >> nth=0", "label") == "時間"
    assert seen.problems == []
