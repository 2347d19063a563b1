"""Pages of Folium's elements in the browser: ours whole and safe, and the plain map that goes on."""

from html import unescape

import folium
import geopandas as gpd
import pytest
from folium.features import GeoJsonTooltip
from shapely import box
from test_folium_elements import HOSTILE, hostile_map
from waiting import until

from geo.render import About, Map, labels, points, polygons
from geo.render.sanitize import sanitized

pytestmark = pytest.mark.browser


def of_folium(text):
    """Draw a map from Folium's elements alone."""
    made = Map("t", lang="en")
    zones = gpd.GeoDataFrame(
        {"kind": ["a", "b"]}, geometry=[box(115, 38, 116, 39), box(116, 38, 117, 39)], crs=4326
    )
    folium.GeoJson(
        zones,
        name="Zones",
        style_function=lambda one: {
            "fillColor": "tan" if one["properties"]["kind"] == "a" else "teal"
        },
        tooltip=GeoJsonTooltip(["kind"], aliases=["Kind:"]),
    ).add_to(made)
    group = folium.FeatureGroup("Towns").add_to(made)
    folium.CircleMarker(
        [39.5, 116],
        radius=9,
        color="red",
        fill=True,
        tooltip=text,
        popup=f"<p>first</p><p>{text}</p>",
    ).add_to(group)
    folium.Marker([39.6, 116.9], popup="plain").add_to(group)
    folium.PolyLine([[39.4, 116], [39.3, 116.9]], color="purple", dash_array="4").add_to(made)
    folium.Circle([39.2, 116.5], radius=9000, color="navy", fill=True).add_to(made)
    folium.LayerControl().add_to(made)
    made.fit_bounds([[37.8, 114.8], [40, 117.2]])
    return made


def spot(page, layer, at):
    return page.evaluate(
        f"""() => {{
          const p = jjj.map.latLngToContainerPoint(jjj.LAYERS[{layer}].anchor({at}));
          const at = jjj.map.getContainer().getBoundingClientRect();
          return [p.x + at.left, p.y + at.top];
        }}"""
    )


def test_markers_are_drawn_and_answer_with_words(open_page):
    text = "<b>Bold</b> &amp; {{7*7}} <img src=x onerror=window.__pwn=1>"
    page, seen = open_page(of_folium(text))
    kinds = page.evaluate("jjj.LAYERS.map((one) => one.kind)")
    assert kinds == ["area", "point", "area", "line"]
    page.mouse.move(*spot(page, 1, 0))
    page.wait_for_selector("#tip:not([hidden])")
    assert page.inner_text("#tip b") == "Bold & {{7*7}}"
    page.mouse.click(*spot(page, 1, 0))
    page.wait_for_selector("#card:not([hidden])")
    assert page.inner_text("#card-name") == "Bold & {{7*7}}"
    assert page.inner_text("#card td") == "first"
    page.mouse.click(*spot(page, 0, 1))
    until(page, "document.querySelector('#card-name').textContent", "b")
    assert "Kind" in page.inner_text("[data-layer=layer-1] .legend")
    page.click("#theme")
    page.fill("#search", "plai")
    page.wait_for_selector("#found b")
    assert page.inner_text("#found b") == "plain"
    assert page.evaluate("window.__pwn") is None
    assert page.evaluate("document.querySelectorAll('img,iframe').length") == 0
    assert seen.problems == []


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_of_folium_s_elements_runs(text, open_page):
    page, seen = open_page(hostile_map(text))
    assert page.evaluate("jjj.PAGE.title") == text
    for at in range(len(page.evaluate("jjj.LAYERS.map((one) => one.kind)"))):
        page.evaluate(f"jjj.LAYERS[{at}].table()")
    page.mouse.click(*spot(page, 0, 0))
    page.wait_for_selector("#card:not([hidden])")
    assert page.evaluate("window.__pwn") is None
    assert page.evaluate("document.querySelectorAll('img,iframe,object,embed,link').length") == 0
    assert seen.problems == []


@pytest.fixture
def open_plain(chromium, tmp_path, node):
    """Open a page of Folium's own with Leaflet from here, and nothing for its other addresses."""
    contexts = []
    leaflet = node / "leaflet" / "dist"

    def answer(route):
        if not route.request.url.startswith("http"):
            route.continue_()
        elif route.request.url.endswith("/leaflet.js"):
            route.fulfill(path=leaflet / "leaflet.js", content_type="text/javascript")
        elif route.request.url.endswith("/leaflet.css"):
            route.fulfill(path=leaflet / "leaflet.css", content_type="text/css")
        elif route.request.url.endswith((".js", ".css")):
            route.fulfill(body="", content_type="text/javascript")
        else:
            route.abort()

    def opened(made):
        file = tmp_path / f"plain-{len(contexts)}.html"
        file.write_text(made.get_root().render(), encoding="utf-8")
        context = chromium.new_context(viewport={"width": 1440, "height": 900})
        contexts.append(context)
        page, errors = context.new_page(), []
        page.route("**/*", answer)
        page.on("pageerror", lambda one: errors.append(str(one)))
        page.on("dialog", lambda one: (errors.append(one.message), one.dismiss()))
        page.goto(file.as_uri())
        page.wait_for_selector(".leaflet-control-layers-overlays label")
        return page, errors

    yield opened
    for one in contexts:
        one.close()


OVER = """() => {
  const map = Object.entries(window).find(([name]) => name.startsWith("map_"))[1];
  const found = [];
  map.eachLayer((one) => {
    if (!one.getTooltip || !one.getTooltip()) return;
    one.openTooltip();
    one.eachLayer((each) => {
      const said = document.body.appendChild(one.getTooltip()._content(each)); // as a pointer does
      found.push(...[...said.querySelectorAll("td, th")].map((cell) => cell.innerText));
    });
  });
  return found;
}"""


@pytest.mark.parametrize("text", HOSTILE)
def test_texts_on_the_plain_map_are_read_and_do_not_run(text, open_plain):
    page, errors = open_plain(hostile_map(text).to_folium())
    said = [" ".join(one.split()) for one in page.evaluate(OVER)]
    assert " ".join(sanitized(text).split()) in said
    if not text.startswith("&"):
        layers = page.locator(".leaflet-control-layers-overlays label").all_inner_texts()
        assert (
            any(
                " ".join(sanitized(unescape(text)).split())[:9] in " ".join(one.split())
                for one in layers
            )
            or "<" in text
        )
    page.wait_for_timeout(100)
    assert page.evaluate("window.__pwn") is None
    assert page.evaluate("({}).polluted") is None
    assert page.evaluate("document.querySelectorAll('.folium-map img').length") == 0
    assert errors == []


def test_the_plain_map_shows_what_the_page_shows(open_plain, sites, squares, about):
    made = Map("t", lang="en").add(
        polygons(squares, About("Zones"), colour_by="value"),
        points(sites, about, colour_by="kind"),
        labels(sites, About("Names")),
    )
    page, errors = open_plain(made.to_folium())
    assert page.locator(".leaflet-control-layers-overlays label").all_inner_texts() == [
        " Zones", " Firms", " Names",
    ]  # fmt: skip
    assert set(page.locator(".leaflet-marker-pane span").all_inner_texts()) == {
        "Plant A", "Institute B", "Park C",
    }  # fmt: skip
    assert "Park C" in page.evaluate(OVER)
    assert errors == []
