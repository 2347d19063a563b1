"""Nothing that comes from data or from a caller runs: every place on the page, every payload.

The places are those where folium's pages executed text (popups, tooltips, layer names, legends,
captions, headings, titles, attribution, search results, slider, column names) and all others that
this page has. The marker ``window.__pwn`` is what each payload would set.
"""

import os

import geopandas as gpd
import pandas as pd
import pytest
from shapely import LineString, Point, box

from geo.render import (
    About,
    Axis,
    Categories,
    Classes,
    Field,
    Link,
    Map,
    Size,
    Time,
    chart,
    choropleth,
    flows,
    labels,
    lines,
    note,
    points,
)
from geo.render.quick import quick_map

pytestmark = pytest.mark.browser

PAYLOADS = {
    "img": "<img src=x onerror=window.__pwn=1>",
    "svg": "<svg/onload=window.__pwn=1>",
    "script": "<script>window.__pwn=1</script>",
    "break-out": "</script><script>window.__pwn=1</script><!--",
    "title": "</title></style><script>window.__pwn=1</script>",
    "template": "${window.__pwn=1}`${window.__pwn=1}`",
    "quotes": "\"'onmouseover=window.__pwn=1 x='\\\\",
    "entity": "&lt;img src=x onerror=window.__pwn=1&gt;&#60;script&#62;",
    "jinja": "{{ 7*7 }}{% for x in y %}{# #}<iframe srcdoc='<script>parent.__pwn=1</script>'>",
    "address": "javascript:window.__pwn=1//https://evil.example/x.js",
    "lines": "a\u2028window.__pwn=1\u2029\r\n\x00\x1b]0;\u202ebc",
    "keys": "__proto__",
}


def everywhere(text):
    """Build a map that carries a text in every place it has."""
    source = {
        "sources": [
            dict.fromkeys(
                ("title", "attribution", "publisher", "licence", "vintage", "review_number"), text
            )
        ],
        "caveat": dict.fromkeys(("zh", "en", "ja"), text),
        "layer": text,
    }

    def about(layer_id):
        return About(text, source, caveats=(text,), group=text, layer_id=layer_id)

    names = {"name_zh": text, "name_en": text, "name_ja": text}
    frame = gpd.GeoDataFrame(
        [{**names, text: text, "kind": text, "n": k, "when": f"{text} 201{k}"} for k in range(3)],
        geometry=[Point(116 + k, 39) for k in range(3)],
        crs="EPSG:4326",
        index=pd.Index([f"{text}{k}" for k in range(3)], name=text),
    )
    areas = frame.set_geometry([box(k, 0, k + 1, 1) for k in (115, 116, 117)])
    areas = areas.set_crs("EPSG:4326", allow_override=True)
    routes = frame.set_geometry([LineString([(115, 38 + k), (118, 38)]) for k in range(3)])
    table = pd.DataFrame({"x": [text, f"{text}1"], "n": [1, 2], "who": [[f"{text}0"], [text]]})
    trips = pd.DataFrame(
        {"origin": [f"{text}0"], "destination": [f"{text}1"], "weight": [3.0], text: [text]}
    )
    fields = [Field(text, text, text, words={text: text}), Field("n", text, text)]
    return Map(text, finding=text, kicker=text, caveats=[text], review_number=text).add(
        choropleth(areas, Classes("n", text, text), about("areas"), fields=fields),
        lines(routes, about("routes"), colour_by=Categories("kind", {text: text}, {}, text)),
        flows(trips, frame, about("flows"), fields=[Field(text, text)]),
        points(
            frame.set_geometry([Point(116 + k, 39) for k in range(3)]),
            about("sites"),
            colour_by="kind",
            size_by=Size("n", text, text),
            fields=fields,
            time=Time("when"),
        ),
        labels(frame, about("names"), beside=True),
        note(text, 116, 39, side="se"),
        chart(
            "bar",
            table,
            title=text,
            x=Axis(text, "x", text),
            y=Axis(text, unit=text),
            series={"n": text},
            link=Link("sites", "who"),
            note=text,
        ),
        chart(
            "area",
            table,
            title=text,
            x=Axis(text, "n"),
            y=Axis(text),
            series={"n": text},
        ),
    )


def touch_everything(page):
    place = page.evaluate(
        """() => {
          const layer = jjj.LAYERS.find((one) => one.id === 'sites');
          const box = jjj.map.getContainer().getBoundingClientRect();
          const p = jjj.map.latLngToContainerPoint(layer.anchor(1));
          return [p.x + box.left, p.y + box.top];
        }"""
    )
    page.mouse.move(*place)
    page.wait_for_selector("#tip:not([hidden])")
    page.mouse.click(*place)
    page.wait_for_selector("#card:not([hidden])")
    for code in ("en", "ja", "zh"):
        page.click(f"[data-language={code}]")
    page.fill("#search", "a")
    page.fill("#search", "w")
    page.wait_for_timeout(300)
    page.click("#swipe")
    page.click("#theme")
    page.evaluate("document.querySelectorAll('.legend button').forEach((one) => one.click())")
    page.evaluate("document.querySelector('#time input').dispatchEvent(new Event('input'))")
    page.evaluate(
        "document.querySelectorAll('.plot .row').forEach((one) => one.dispatchEvent(new PointerEvent('pointerenter')))"
    )
    page.click("#tools button >> nth=-2")
    page.evaluate(
        "Promise.all(jjj.LAYERS.filter((one) => one.data).flatMap((one) => [jjj.toCsv(one), jjj.toGeojson(one)]))"
    )
    page.evaluate("jjj.savePicture()")
    page.wait_for_timeout(200)


@pytest.mark.parametrize("name", PAYLOADS)
def test_no_text_runs_in_any_place(name, open_page):
    text = PAYLOADS[name]
    page, seen = open_page(everywhere(text))
    assert page.evaluate("jjj.PAGE.title") == text
    assert page.evaluate("document.querySelector('h1').textContent") == text
    touch_everything(page)
    assert page.evaluate("window.__pwn") is None
    assert page.evaluate("document.querySelectorAll('img,iframe,object,embed,link').length") == 0
    assert page.evaluate("document.querySelectorAll('script').length") == 2
    handlers = "[...document.querySelectorAll('*')].flatMap((one) => [...one.attributes]).filter((one) => one.name.startsWith('on')).length"
    assert page.evaluate(handlers) == 0
    assert page.evaluate("({}).polluted") is None
    assert seen.problems == []


def test_no_text_is_a_template_when_the_map_is_built(tmp_path):
    marker = tmp_path / "ran"
    text = "{{ cycler.__init__.__globals__.os.mkdir('" + str(marker) + "') }}"
    made = everywhere(text)
    html = made.html()
    made._repr_html_()
    made.get_root().render()
    made.save(tmp_path / "map.html")
    assert not marker.exists()
    # each place still says what it was given
    assert html.count("cycler.__init__") > 20


def test_names_of_files_are_text_too(tmp_path, open_page):
    file = tmp_path / "<img src=x onerror=window.__pwn=1>{{7*7}}.geojson"
    frame = gpd.GeoDataFrame({"name": ["a"]}, geometry=[Point(1, 1)], crs="EPSG:4326")
    frame.to_file(file, driver="GeoJSON")
    page, seen = open_page(quick_map([str(file)]))
    assert page.inner_text("h1") == "<img src=x onerror=window.__pwn=1>{{7*7}}"
    assert page.evaluate("window.__pwn") is None
    assert seen.problems == []


def test_the_policy_stops_what_would_still_slip_through(open_page, sites, about):
    page, seen = open_page(Map("t").add(points(sites, about)))
    page.evaluate(
        """() => {
          const script = document.createElement('script');
          try { script.textContent = 'window.__pwn = 1'; } catch (e) { window.__threw = e.name; }
          document.body.append(script);
        }"""
    )
    assert page.evaluate("window.__threw") == "TypeError"
    assert page.evaluate("window.__pwn") is None
    page.evaluate("new Image().src = 'https://evil.example/x.png'")
    page.evaluate("fetch('https://evil.example/').catch(() => {})")
    page.wait_for_timeout(200)
    refused = [one for one in seen.console if "Content Security Policy" in one]
    assert any("x.png" in one for one in refused)
    assert any("'connect-src' was not explicitly set" in one for one in refused)


@pytest.mark.skipif("JJJ_BAD_NAMES" not in os.environ, reason="names of others: set JJJ_BAD_NAMES")
def test_a_collection_of_bad_names(open_page):
    frame = pd.read_csv(os.environ["JJJ_BAD_NAMES"], dtype=str, keep_default_na=False)
    texts = [text for column in frame for text in frame[column] if text][:2000]
    sites = gpd.GeoDataFrame(
        {"name": texts, "kind": texts},
        geometry=[Point(115 + k % 40 / 10, 38 + k // 40 / 10) for k in range(len(texts))],
        crs="EPSG:4326",
    )
    page, seen = open_page(
        Map("t").add(
            points(sites, About("s"), colour_by="kind", fields=[Field("kind", "k")]),
            labels(sites, About("l")),
        )
    )
    page.evaluate("jjj.search(jjj.LAYERS, 'script')")
    back = page.evaluate("Array.from({length: jjj.LAYERS[0].n}, (_, i) => jjj.LAYERS[0].name(i))")
    assert len(back) == len(texts)
    assert page.evaluate("window.__pwn") is None
    assert seen.problems == []
