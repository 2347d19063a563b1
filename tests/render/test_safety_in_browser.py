"""Nothing that comes from data or from a caller runs: every place on the page, every payload.

The places are those where folium's pages executed text (popups, tooltips, layer names, legends,
captions, headings, titles, attribution, search results, slider, column names) and all others that
this page has. The marker ``window.__pwn`` is what each payload would set.
"""

import json
import os
import re

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from blocks import unpack
from rasterio import Affine
from shapely import LineString, Point, box
from waiting import until

from geo.render import (
    About,
    Axis,
    Categories,
    Classes,
    Discs,
    Field,
    Link,
    Map,
    Reference,
    Size,
    Time,
    chart,
    choropleth,
    flows,
    image,
    labels,
    lines,
    note,
    points,
    ternary,
)
from geo.render.any_file.quick import quick_map
from geo.render.sanitize import sanitized

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
    "own": "constructor",
    "comment": "<!--<script>--><script>window.__pwn=1</script>",
    "backtick": "`;window.__pwn=1;//`${window.__pwn=1}\\",
    "style": "red;background:url(https://evil.example/p.png)}*{background:url(https://evil.example/q)",
    "frame": "<iframe src=javascript:parent.__pwn=1></iframe><object data=javascript:1><base href=//e>",
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
            x=Axis(text, "n", marks=[(1.0, text)]),
            y=Axis(text),
            series={"n": text},
        ),
        ternary(
            pd.DataFrame({"x": [text], "a": [0.2], "b": [0.3], "c": [0.5], "who": [[text]]}),
            title=text,
            rows=Axis(text, "x"),
            corners={"a": text, "b": text, "c": text},
            shares=Axis(text, unit=text),
            discs=Discs("x"),
            reference=Reference(text, (0.3, 0.3, 0.4)),
            link=Link("sites", "who"),
            note=text,
        ),
        image(
            np.ones((2, 2)),
            about("raster"),
            transform=Affine(1, 0, 116, 0, -1, 40),
            crs="EPSG:4326",
            classes=Classes("v", text, text),
        ),
    )


CARD_NAME, CARD_KEY, CARD_CELL = "#card-name", "#card th", "#card td"
TIP_NAME, TIP_CLASS = "#tip b", "#tip span"
POLICY = "Content Security Policy"
SINKS = {
    "Popup(str)": CARD_NAME,
    "Marker(popup=)": CARD_CELL,
    "MarkerCluster(popups=)": "jjj.LAYERS.find((one) => one.id === 'sites').name(2)",
    "Popup(lazy=True)": ".card-layer",
    "Popup(parse_html=True)": CARD_KEY,
    "Popup(html.escape())": CARD_CELL,
    "Tooltip(str)": TIP_NAME,
    "Tooltip(html.escape())": TIP_CLASS,
    "GeoJsonPopup value": CARD_CELL,
    "GeoJsonPopup alias": CARD_KEY,
    "GeoJsonTooltip value": TIP_NAME,
    "GeoJsonTooltip alias": TIP_CLASS,
    "GeoJson property that is not shown": "jjj.toGeojson(jjj.LAYERS[0]).then((one) => JSON.parse(one).features[0].properties.name_ja)",
    "FeatureGroup name in LayerControl": "[data-layer=sites] label",
    "GroupedLayerControl": ".group h3",
    "TreeLayerControl": "#swipe-choice option",
    "Choropleth legend_name": "[data-layer=areas] .legend-title",
    "colormap caption": "[data-layer=sites] .legend-title ~ .legend-title",
    "Element": ".finding",
    "Figure(title=)": "document.title",
    "TileLayer(attr=)": "#credits",
    "DivIcon(html=)": "#key-notes li span",
    "FastMarkerCluster data": "jjj.LAYERS.find((one) => one.id === 'sites').name(0)",
    "Search results": "#found b",
    "TimestampedGeoJson popup": "#charts figcaption h3",
    "explore popup": CARD_CELL,
    "explore tooltip": TIP_NAME,
    "explore column names": CARD_KEY,
    "explore categorical legend": "[data-layer=sites] .legend li button span",
}
"""The 29 places where text runs on folium's pages, and what stands for each of them here."""


def read(page, place):
    """Return the text of a place: that of an element, or what code gives."""
    code = f"document.querySelector({place!r}).textContent"
    found = page.evaluate(place if "jjj" in place or place == "document.title" else code)
    return plain(found)


def plain(text):
    """Leave out how white space is set, and put what a reader sees for signs that nobody can."""
    return re.sub(r"\s+", " ", sanitized(text)).strip()


def test_there_are_29_places():
    assert len(SINKS) == 29


def touch_everything(page):
    """Use the whole page; returns what stands in each place of SINKS while it is there."""
    said = {}
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
    said |= {name: read(page, at) for name, at in SINKS.items() if at.startswith("#tip")}
    page.mouse.click(*place)
    page.wait_for_selector("#card:not([hidden])")
    said |= {name: read(page, at) for name, at in SINKS.items() if "card" in at}
    for code in ("en", "ja", "zh"):
        page.click(f"[data-language={code}]")
    page.fill("#search", "a")
    page.fill("#search", page.evaluate("jjj.PAGE.title.slice(2, 6)"))
    page.wait_for_selector("#found b")
    page.click("#swipe")
    said |= {name: read(page, at) for name, at in SINKS.items() if name not in said}
    page.click("#theme")
    page.evaluate("document.querySelectorAll('.legend button').forEach((one) => one.click())")
    page.evaluate("document.querySelector('#time input').dispatchEvent(new Event('input'))")
    for plot in page.locator("svg.plot").all():
        plot.focus()
        for key in ("ArrowRight", "Shift+ArrowRight", "Escape", "ArrowLeft", "Enter"):
            page.keyboard.press(key)
    page.click("#tools button >> nth=-2")
    page.evaluate(
        "Promise.all(jjj.LAYERS.filter((one) => one.data).flatMap((one) => [jjj.toCsv(one), jjj.toGeojson(one)]))"
    )
    page.evaluate("jjj.savePicture()")
    page.evaluate("['beforeprint', 'afterprint'].forEach((one) => dispatchEvent(new Event(one)))")
    page.wait_for_timeout(200)
    return said


def shows(said, text):
    """Whether a place shows a text, or as much of its beginning as there is room for."""
    wanted = plain(text)
    return wanted in said or (
        said.endswith("…") and wanted.startswith(said[:-1]) and len(said) > 20
    )


@pytest.mark.parametrize("name", PAYLOADS)
def test_no_text_runs_in_any_place(name, open_page):
    text = PAYLOADS[name]
    page, seen = open_page(everywhere(text))
    assert page.evaluate("jjj.PAGE.title") == text
    assert page.evaluate("document.querySelector('h1').textContent") == sanitized(text)
    said = touch_everything(page)
    assert [(place, said[place]) for place in SINKS if not shows(said[place], text)] == []
    assert page.evaluate("window.__pwn") is None
    assert page.evaluate("document.querySelectorAll('img,iframe,object,embed,link').length") == 0
    assert page.evaluate("document.querySelectorAll('script').length") == 2
    handlers = "[...document.querySelectorAll('*')].flatMap((one) => [...one.attributes]).filter((one) => one.name.startsWith('on')).length"
    assert page.evaluate(handlers) == 0
    assert page.evaluate("({}).polluted") is None
    assert seen.problems == []


def layer_of(page, layer_id):
    return next(one for one in page["layers"] if one["id"] == layer_id)


def cells_of(page):
    """Return all words that the points' columns hold."""
    found = unpack(layer_of(page, "sites")["data"])
    return {
        one for name, cells in found.items() if name[0] == "c" and name[-1] != "@" for one in cells
    }


TEMPLATE_SINKS = {
    "Marker(popup=)": cells_of,
    "Marker(tooltip=)": cells_of,
    "MarkerCluster(popups=)": cells_of,
    "Popup(parse_html=True)": cells_of,
    "Popup(IFrame)": cells_of,
    "GeoJsonTooltip value": cells_of,
    "GeoJsonPopup value": cells_of,
    "GeoJson property that is not shown": lambda page: {layer_of(page, "sites")["group"]},
    "GeoJsonTooltip alias": lambda page: {layer_of(page, "sites")["fields"][0]["label"]},
    "column name as field": lambda page: {layer_of(page, "sites")["fields"][0]["header"]},
    "layer name in LayerControl": lambda page: {layer_of(page, "sites")["title"]},
    "Choropleth legend_name": lambda page: {layer_of(page, "areas")["legend"]["title"]},
    "colormap caption": lambda page: {layer_of(page, "sites")["sizes"]["title"]},
    "DivIcon(html=)": lambda page: {page["notes"][0]["text"]},
    "TileLayer(attr=)": lambda page: {page["sources"][0]["attribution"]},
    "<title>": lambda page: {page["title"]},
    "Element of a legend": lambda page: {layer_of(page, "sites")["legend"]["items"][0]["label"]},
    "Element of a heading": lambda page: {page["finding"], page["kicker"]},
}
"""The 18 places where text is a template on folium's pages, and what stands for each here."""


def test_no_text_is_a_template_when_the_map_is_built(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = "{{ cycler.__init__.__globals__.os.mkdir('ran') }}"
    made = everywhere(text)
    html = made.html()
    made._repr_html_()
    made.get_root().render()
    made.save(tmp_path / "map.html")
    assert not (tmp_path / "ran").exists()
    data = re.search(r'id="jjj-data">(.*?)</script>', html, re.DOTALL).group(1)
    assert len(TEMPLATE_SINKS) == 18
    for place in TEMPLATE_SINKS.values():
        assert text in place(json.loads(data))


def test_names_of_files_are_text_too(tmp_path, open_page):
    file = tmp_path / "<img src=x onerror=window.pwned=1>{{7*7}}.geojson"
    frame = gpd.GeoDataFrame({"name": ["a"]}, geometry=[Point(1, 1)], crs="EPSG:4326")
    frame.to_file(file, driver="GeoJSON")
    page, seen = open_page(quick_map([str(file)]))
    assert page.inner_text("h1") == "<img src=x onerror=window.pwned=1>{{7*7}}"
    assert page.evaluate("window.pwned") is None
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
    for what in ("x.png", "'connect-src' was not explicitly set"):
        until(page, lambda what=what: any(POLICY in one and what in one for one in seen.console))


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
