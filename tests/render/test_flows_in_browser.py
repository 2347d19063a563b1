"""Flows zoomed out in a real browser: places merge, sums are exact, nothing is lost."""

import itertools

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from waiting import until

from geo.render import About, Axis, Link, Map, Time, chart, flows

pytestmark = pytest.mark.browser

# made up for these tests: A and B lie 10 km apart, C far from both
NODES = gpd.GeoDataFrame(
    {"name_zh": list("甲乙丙"), "name_en": list("ABC"), "name_ja": list("甲乙丙")},
    geometry=shapely.points([[116.0, 39.0], [116.0, 39.09], [118.0, 39.0]]),
    index=pd.Index(list("abc"), name="id"),
    crs="EPSG:4326",
)
ROWS = [
    ("a", "c", 30, 2013),
    ("b", "c", 4, 2013),
    ("c", "a", 5, 2013),
    ("a", "b", 7, 2013),
    ("a", "c", 11, 2014),
    ("b", "a", 2, 2014),
]
SHOWN = """(zoom) => {
  const layer = jjj.LAYERS[0], v = jjj.bundlesOf(layer, zoom);
  const ends = (at) => layer.places.names.en[at];
  return {
    lines: v.rows.map((rows, b) => [ends(v.from[b]), ends(v.to[b]), v.weight[b], rows.length]),
    inside: [...v.inside.values()].map((one) => [one.sum, one.rows.length]),
    groups: [...v.groups.of].map(ends),
    top: v.top,
  };
}"""
WEIGHTS = [row[2] for row in ROWS]
FAR_OUT, CLOSE = 5, 11


def layer_of(rows=ROWS, *, nodes=NODES, directed=True, yearly=True):
    table = pd.DataFrame(rows, columns=["origin", "destination", "weight", "year"])
    time = Time("year") if yearly else None
    return flows(table, nodes, About("Trips", layer_id="trips"), directed=directed, time=time)


def test_places_merge_far_out_and_part_close_up(open_page):
    page, seen = open_page(Map("t", lang="en").add(layer_of()))
    far = page.evaluate(SHOWN, FAR_OUT)
    assert far["groups"] == ["A", "A", "C"]  # A is the heavier
    assert far["lines"] == [["C", "A", 5, 1], ["A", "C", 45, 3]]
    assert far["inside"] == [[9, 2]]
    close = page.evaluate(SHOWN, CLOSE)
    assert close["groups"] == ["A", "B", "C"]
    assert close["lines"] == [
        ["B", "A", 2, 1],
        ["B", "C", 4, 1],
        ["C", "A", 5, 1],
        ["A", "B", 7, 1],
        ["A", "C", 41, 2],  # both years of one pair
    ]
    assert close["inside"] == []
    assert seen.problems == []


def test_undirected_ways_are_one_line(open_page):
    page, _ = open_page(Map("t").add(layer_of(directed=False)))
    assert page.evaluate(SHOWN, FAR_OUT)["lines"] == [["A", "C", 50, 4]]


def test_years_kinds_and_threshold_work_on_what_is_drawn(open_page):
    page, seen = open_page(Map("t", lang="en").add(layer_of()))
    page.evaluate("jjj.STATE.step = 0")
    assert page.evaluate(SHOWN, FAR_OUT)["lines"] == [["C", "A", 5, 1], ["A", "C", 34, 2]]
    assert page.evaluate(SHOWN, FAR_OUT)["top"] == 34
    page.evaluate("jjj.STATE.step = 1")
    assert page.evaluate(SHOWN, FAR_OUT)["lines"] == [["A", "C", 11, 1]]
    assert page.evaluate(SHOWN, FAR_OUT)["top"] == 34  # widths of years can be compared
    page.evaluate("jjj.STATE.step = null; jjj.LAYERS[0].least = 31")
    # 30 and 4 and 11 are 45 together: the sum is what is seen, so the sum is what is filtered
    assert page.evaluate(SHOWN, FAR_OUT)["lines"] == [["A", "C", 45, 3]]
    assert page.evaluate(SHOWN, FAR_OUT)["inside"] == [[9, 2]]
    assert seen.problems == []


def test_the_least_flow_to_be_seen_is_in_the_address(open_page):
    made = Map("t", lang="en").add(layer_of())
    page, _ = open_page(made)
    assert "least=" not in page.evaluate("jjj.addressOfView()")
    page.locator(".threshold input").fill("3")
    state = "[jjj.LAYERS[0].least, document.querySelector('.threshold input').value]"
    chosen, own = page.evaluate(state), page.evaluate("jjj.LAYERS[0].id")
    assert chosen == [sorted(WEIGHTS)[3], "3"]
    wanted = {
        page.evaluate("jjj.addressOfView()"): chosen,
        f"least={own}~1e9": [max(WEIGHTS), str(len(WEIGHTS) - 1)],  # no more than the largest
        f"least={own}~x,": [None, "0"],
    }
    for address, there in wanted.items():
        other, seen = open_page(made, fragment=f"#{address}")
        assert other.evaluate(state) == there
        assert seen.problems == []


def test_two_years_side_by_side_keep_their_sums_and_the_legend_follows(open_page):
    page, seen = open_page(Map("t", lang="en").add(layer_of()))
    page.evaluate(f"jjj.map.setView([39.05, 117], {FAR_OUT}, {{ animate: false }})")
    same = """(zoom) => { const layer = jjj.LAYERS[0], at = (step) => { jjj.STATE.step = step; return jjj.bundlesOf(layer, zoom); };
      const [left, right] = [at(0), at(1)];
      return [at(0) === left, at(1) === right, left.weight.join(), right.weight.join()]; }"""
    assert page.evaluate(same, FAR_OUT) == [True, True, "5,34", "11"]
    assert "Flows within merged places: 1 (2 in all)" in page.inner_text(".flow-legend")
    page.evaluate(f"jjj.STATE.step = 0; jjj.bundlesOf(jjj.LAYERS[0], {FAR_OUT})")
    assert "Flows within merged places: 1 (7 in all)" in page.inner_text(".flow-legend")
    assert seen.problems == []


def test_the_legend_and_the_pointer_say_what_was_merged(open_page):
    page, seen = open_page(Map("t", lang="en").add(layer_of()), width=1200, height=800)
    page.evaluate(f"jjj.map.setView([39.05, 117], {FAR_OUT}, {{ animate: false }})")
    legend = page.inner_text(".flow-legend")
    assert (
        "2 places that lie close together at this scale are drawn as 1, their flows summed"
        in legend
    )
    assert "Flows within merged places: 2 (9 in all), counted and not drawn" in legend
    at = page.evaluate("""() => { const p = jjj.map.latLngToContainerPoint([39.0, 116.0]);
        const f = document.querySelector('#map').getBoundingClientRect(); return [p.x + f.x, p.y + f.y]; }""")
    page.mouse.move(*at)
    page.wait_for_selector("#tip:not([hidden])")
    assert page.inner_text("#tip").split("\n") == ["A and 1 more", "2 places"]
    page.mouse.click(*at)
    page.wait_for_selector("#card:not([hidden])")
    assert "A, B" in page.inner_text("#card")
    hit = """() => { const v = jjj.bundlesOf(jjj.LAYERS[0], jjj.map.getZoom());
        const at = v.runs[1] + 10, s = 2 ** jjj.map.getZoom(), o = jjj.map.getPixelOrigin();
        const p = jjj.map.layerPointToContainerPoint([v.x[at] * s - o.x, v.y[at] * s - o.y]);
        return jjj.hitsAt(p).map(({ layer, i }) => [layer.name(i), layer.cell('sum', i), layer.cell('largest', i)]); }"""
    assert page.evaluate(hit) == [["A and 1 more → C", 45, "A → C (30), A → C (11), B → C (4)"]]
    page.evaluate(f"jjj.map.setView([39.05, 117], {CLOSE}, {{ animate: false }})")
    assert "together" not in page.inner_text(".flow-legend")
    assert seen.problems == []


@pytest.fixture(scope="module")
def many():
    """Make up 200 places and 3,000 flows of whole weights, loops left out."""
    random = np.random.default_rng(11)
    places = shapely.points(random.uniform([113.5, 36], [119.8, 42.6], (200, 2)))
    ids = [f"p{at}" for at in range(200)]
    nodes = gpd.GeoDataFrame({"name": ids}, geometry=places, index=ids, crs="EPSG:4326")
    ends = random.integers(0, 200, (3000, 2))
    ends = ends[ends[:, 0] != ends[:, 1]]
    weight = random.integers(1, 999, len(ends))
    year = random.integers(2013, 2016, len(ends))
    rows = [
        (ids[a], ids[b], int(w), int(y)) for (a, b), w, y in zip(ends, weight, year, strict=True)
    ]
    return nodes, rows


def test_sums_of_two_hundred_places_are_exact_at_every_zoom(open_page, many):
    nodes, rows = many
    page, seen = open_page(Map("t").add(layer_of(rows, nodes=nodes)))
    table = pd.DataFrame(rows, columns=["origin", "destination", "weight", "year"])
    kept = """([zoom, step]) => { jjj.STATE.step = step;
      const v = jjj.bundlesOf(jjj.LAYERS[0], zoom), add = (a, b) => a + b;
      return [v.weight.reduce(add, 0) + [...v.inside.values()].map((one) => one.sum).reduce(add, 0), v.n,
        v.rows.flat().length + [...v.inside.values()].flatMap((one) => one.rows).length]; }"""
    lines = []
    for zoom in (3, 4.25, 5, 6, 7.5, 9, 14, 18):
        for step, wanted in [(None, table), (1, table[table.year == 2014])]:
            total, n, counted = page.evaluate(kept, [zoom, step])
            assert (total, counted) == (wanted.weight.sum(), len(wanted)), (zoom, step)
            lines += [n] if step is None else []
    assert lines == sorted(lines)  # the farther out, the fewer
    assert lines[0] < lines[-1] / 10
    assert seen.problems == []


def test_groups_only_grow_far_out_and_do_not_depend_on_the_order(open_page, many):
    nodes, rows = many
    groups = """(zooms) => zooms.map((zoom) => {
      const layer = jjj.LAYERS[0], { of } = jjj.bundlesOf(layer, zoom).groups, names = layer.places.names.any;
      return Object.fromEntries([...of].map((leader, p) => [names[p], names[leader]])); })"""
    zooms = [9, 7.25, 6, 5, 4]
    page, _ = open_page(Map("t").add(layer_of(rows, nodes=nodes)))
    first = page.evaluate(groups, zooms)
    for finer, coarser in itertools.pairwise(first):
        assert all(coarser[place] == coarser[leader] for place, leader in finer.items())
    assert page.evaluate(groups, zooms[::-1]) == first[::-1]
    mixed = [rows[at] for at in np.random.default_rng(1).permutation(len(rows))]
    page, _ = open_page(Map("t").add(layer_of(mixed, nodes=nodes)))
    assert page.evaluate(groups, zooms) == first
    # leaders stand at least the merging distance apart on the screen
    spread = """(zoom) => { const layer = jjj.LAYERS[0], { places } = layer, { size } = jjj.bundlesOf(layer, zoom).groups;
      const led = [...size.keys()].filter((p) => size[p]); let least = Infinity;
      for (const p of led) for (const q of led) if (p < q) least = Math.min(least, Math.hypot(places.x[p] - places.x[q], places.y[p] - places.y[q]));
      return least * 2 ** zoom; }"""
    assert all(page.evaluate(spread, zoom) >= 20 for zoom in zooms)


def test_a_chart_singles_out_flows_and_a_link_opens_one(open_page):
    table = pd.DataFrame(ROWS[:2], columns=["origin", "destination", "weight", "year"])
    table.index = pd.Index(["ac", "bc"], name="pair")
    trips = flows(table, NODES, About("Trips", layer_id="trips"), directed=True)
    bars = chart(
        "bar",
        pd.DataFrame({"pair": ["ac", "bc"], "name": ["A-C", "B-C"], "one": [30.0, np.nan]}).assign(
            two=[np.nan, 4.0]
        ),
        title="Pairs",
        x=Axis("pair", "name"),
        y=Axis("trips", decimals=0),
        series={"one": "main", "two": "other"},
        link=Link("trips", "pair"),
    )
    page, seen = open_page(Map("t", lang="en").add(trips, bars), fragment="#open=trips~bc")
    assert page.inner_text("#card-name") == "B → C"
    page.focus(".plot")
    for key in ("ArrowDown", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    marked = "jjj.STATE.marked && [...jjj.STATE.marked.set].map((i) => jjj.LAYERS[0].key(i))"
    until(page, marked, ["bc"])
    # of kinds that exclude each other only the one that is there is said
    assert page.inner_text(".chart-say") == "B-C: other 4 · 1 feature Clear selection"
    assert seen.problems == []
