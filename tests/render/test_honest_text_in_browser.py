"""No name turns round or hides what stands beside it, and no number is changed in silence."""

import csv
import io
import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from rasterio import Affine
from shapely import Point, box

from geo.render import (
    About,
    Axis,
    Categories,
    Field,
    Link,
    Localized,
    Map,
    chart,
    flows,
    image,
    labels,
    points,
    polygons,
)

pytestmark = pytest.mark.browser

HEBREW = "שלום"  # letters that run from the right
TURNED = "ACME \u202egnp.exe"
LEFT_OF = """([place, first, second]) => {
  const node = document.querySelector(place);
  const text = node.textContent, range = document.createRange();
  const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT), boxes = {};
  let before = 0;
  for (let one = walker.nextNode(); one; before += one.length, one = walker.nextNode()) {
    for (const wanted of [first, second]) {
      const at = text.indexOf(wanted) - before;
      if (at < 0 || at + wanted.length > one.length) continue;
      range.setStart(one, at);
      range.setEnd(one, at + wanted.length);
      boxes[wanted] = range.getBoundingClientRect();
    }
  }
  return boxes[first].right <= boxes[second].left + 0.5;
}"""


def sites_of(names, **columns):
    return gpd.GeoDataFrame(
        {"name": names, **columns},
        geometry=[Point(116 + k, 39.5) for k in range(len(names))],
        crs="EPSG:4326",
        index=pd.Index([f"s{k}" for k in range(len(names))], name="id"),
    )


def click(page, layer, i):
    code = """([id, i]) => {
      const layer = jjj.LAYERS.find((one) => one.id === id), box = jjj.map.getContainer().getBoundingClientRect();
      const p = jjj.map.latLngToContainerPoint(layer.anchor(i));
      return [p.x + box.left, p.y + box.top];
    }"""
    page.keyboard.press("Escape")
    page.mouse.click(*page.evaluate(code, [layer, i]))
    page.wait_for_selector("#card:not([hidden])")


def test_a_chart_reads_from_the_left_whatever_its_names(open_page):
    sites = sites_of([HEBREW, HEBREW])
    table = pd.DataFrame({"who": [HEBREW, f"{HEBREW}2"], "n": [41, 73], "keys": [["s0"], ["s1"]]})
    bars = chart(
        "bar", table, title="t", x=Axis("x", "who"), y=Axis("n"), series={"n": "n"},
        link=Link("s", "keys"),
    )  # fmt: skip
    page, seen = open_page(Map("t").add(points(sites, About("s", layer_id="s")), bars))
    page.focus("svg.plot")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector(".chart-say:has-text('41')")
    assert page.evaluate(LEFT_OF, [".chart-say", HEBREW, "41"])
    assert seen.problems == []


@pytest.mark.parametrize("directed", [True, False])
def test_no_name_turns_a_flow_round(open_page, directed):
    nodes = sites_of([f"{HEBREW}א", f"{HEBREW}ב"])
    table = pd.DataFrame({"origin": ["s0"], "destination": ["s1"], "weight": [5.0]})
    page, seen = open_page(Map("t").add(flows(table, nodes, About("f"), directed=directed)))
    page.evaluate("jjj.switchLayer(jjj.LAYERS[0], true)")
    page.fill("#search", HEBREW)
    page.wait_for_selector("#found button")
    assert page.evaluate(LEFT_OF, ["#found b", f"{HEBREW}א", f"{HEBREW}ב"])
    page.click("#found button")
    page.wait_for_selector("#card:not([hidden])")
    assert page.evaluate(LEFT_OF, ["#card-name", f"{HEBREW}א", f"{HEBREW}ב"])
    assert seen.problems == []


def test_the_line_of_credits_keeps_its_order(open_page):
    source = {"sources": [{"title": HEBREW, "attribution": HEBREW}]}
    made = Map("t", lang="en", review_number=f"{HEBREW}ב")
    page, _ = open_page(made.add(points(sites_of(["a"]), About("s", source))))
    assert page.evaluate(LEFT_OF, ["#credits", HEBREW, "Map review number"])
    assert page.evaluate(LEFT_OF, ["#credits", "Map review number", f"{HEBREW}ב"])


def everywhere_turned():
    source = {"sources": [{"title": TURNED, "attribution": TURNED, "licence": TURNED}]}
    about = About(TURNED, source, caveats=(TURNED,), group=TURNED, layer_id="s")
    sites = sites_of([TURNED, "b"], kind=[TURNED, "x"], cell=[TURNED, "\x1b[31m\x85"])
    fields = [Field("cell", TURNED, TURNED), Field("kind", "kind")]
    return Map(
        TURNED, finding=TURNED, kicker=TURNED, caveats=[TURNED, f"{TURNED}2"], review_number=TURNED
    ).add(
        points(sites, about, colour_by=Categories("kind", title=TURNED), fields=fields),
        labels(sites, About("l")),
    )


def test_orders_to_turn_the_line_are_seen_not_obeyed(open_page):
    page, seen = open_page(everywhere_turned())
    click(page, "s", 0)
    page.fill("#search", "acme")
    page.wait_for_selector("#found b")
    hidden = "[...document.querySelectorAll('body *')].filter((one) => !['SCRIPT', 'STYLE'].includes(one.tagName)).flatMap((one) => [...one.childNodes].filter((part) => part.nodeType === 3).map((part) => part.data).concat([...one.attributes].map((part) => part.value))).concat(document.title).filter((text) => /[\\u202a-\\u202e\\x1b\\x85]/.test(text))"
    assert page.evaluate(hidden) == []
    shown = TURNED.replace("\u202e", "\ufffd")
    for place in ("h1", ".finding", ".kicker", "#card-name", "#card td", "#card th", "#found b"):
        assert shown in page.inner_text(place), place
    for place in ("#credits", ".legend-title", ".legend li button", ".sources", ".caveat", "h3"):
        assert shown in page.inner_text(place), place
    assert page.title() == shown
    assert seen.problems == []


def test_what_is_handed_on_is_what_came_in(open_page):
    page, _ = open_page(everywhere_turned())
    found = json.loads(page.evaluate("jjj.toGeojson(jjj.LAYERS[0])"))
    assert found["features"][0]["properties"]["name"] == TURNED
    assert found["features"][0]["properties"]["cell"] == TURNED
    assert found["provenance"]["sources"][0]["title"] == TURNED
    rows = list(csv.reader(io.StringIO(page.evaluate("jjj.toCsv(jjj.LAYERS[0])"), newline="")))
    assert rows[1][1] == TURNED


def test_invisible_signs_hide_no_name_from_the_search(open_page):
    page, _ = open_page(Map("t").add(points(sites_of(["B\u200bY\u2060D", "x"]), About("s"))))
    page.fill("#search", "by\u00add")
    page.wait_for_selector("#found b")
    assert page.locator("#found b").count() == 1


OWN_NAMES = ["constructor", "__proto__", "toString", "hasOwnProperty", "valueOf", "true", "false"]


def test_words_of_the_language_are_words(open_page):
    sites = sites_of(
        OWN_NAMES, kind=OWN_NAMES, constructor=OWN_NAMES, flag=[True, None] * 3 + [False]
    )
    fields = [Field("kind", "kind", words={"airport": Localized.of("机场", "Airport", "空港")})]
    fields += [Field("constructor", "c"), Field("flag", "flag")]
    about = About("s", layer_id="constructor")
    page, seen = open_page(
        Map("t", lang="en").add(points(sites, about, colour_by="kind", fields=fields))
    )
    for at, name in enumerate(OWN_NAMES):
        click(page, "constructor", at)
        page.wait_for_selector(f"#card-name:text-is('{name}')")
        cells = page.locator("#card td").all_inner_texts()
        assert cells == [name, name, "—" if at % 2 else "no" if at == 6 else "yes"]
    legend = page.locator(".legend li button span").all_inner_texts()
    assert sorted(legend) == sorted(OWN_NAMES)
    rows = json.loads(page.evaluate("jjj.toGeojson(jjj.LAYERS[0])"))["features"]
    assert [one["properties"]["constructor"] for one in rows] == OWN_NAMES
    assert [one["properties"]["flag"] for one in rows] == [True, None] * 3 + [False]
    assert seen.problems == []


def test_numbers_that_a_page_cannot_keep_are_not_rounded_in_silence(open_page):
    long, small = [110101199003078881, 2, -(2**63)], [1e-7, 2.5e-7, 3.0]
    sites = sites_of(["a", "b", "c"], long=long, small=small)
    fields = [Field("long", "long"), Field("small", "small")]
    page, _ = open_page(
        Map("t", lang="en").add(points(sites, About("s", layer_id="s"), fields=fields))
    )
    click(page, "s", 0)
    assert page.locator("#card td").all_inner_texts() == ["110101199003078881", "0.0000001"]
    rows = list(csv.DictReader(io.StringIO(page.evaluate("jjj.toCsv(jjj.LAYERS[0])")[1:])))
    assert [row["long"] for row in rows] == [str(one) for one in long]
    assert [float(row["small"]) for row in rows] == small


HASHES = [
    "open=l~s0", "open=i~0", "open=s~s0~x", "open=a~z~0", "open=s~__proto__", "open=constructor~x", "open=~",
    "on=__proto__,constructor", "lang=__proto__", "theme=constructor", "time=__proto__",
    "swipe=layer:s~layer:a~1e999", "swipe=layer:l~layer:s~NaN", "at=1e308/1e308/1e308",
    "at=-5/-91/-1e9", "at=//", "at=7/39/116&at=javascript:1", "%00%ff&=&&==",
    "x=" + "a%3Cimg%20src%3Dx%20onerror%3Dwindow.__pwn%3D1%3E" * 20_000,
]  # fmt: skip


@pytest.mark.parametrize("fragment", HASHES, ids=lambda one: one[:30])
def test_no_address_breaks_the_page(open_page, fragment):
    sites = sites_of(["a", "b"])
    areas = sites.set_geometry([box(k, 39, k + 0.5, 40) for k in (116, 117)]).set_crs(
        "EPSG:4326", allow_override=True
    )
    page, seen = open_page(
        Map("t").add(
            polygons(areas, About("a", layer_id="a")),
            polygons(areas, About("z", layer_id="a~z")),
            points(sites, About("s", layer_id="s")),
            labels(sites, About("l", layer_id="l")),
            image(
                np.ones((2, 2)),
                About("i", layer_id="i"),
                transform=Affine(1, 0, 116, 0, -1, 40),
                crs="EPSG:4326",
            ),
        ),
        fragment=f"#{fragment}",
    )
    assert page.evaluate("window.__pwn") is None
    page.evaluate("jjj.map.setView([39.5, 116.5], 8, {animate: false})")
    page.wait_for_url("**#at=8%2F*")
    assert seen.problems == []
