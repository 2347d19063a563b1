"""What a map costs: bytes, time to build, time to draw, memory, as ratios to folium in one run.

The browser has no network: the addresses that folium's pages ask for are answered from npm
packages (leaflet and leaflet.markercluster by ``npm pack``), icons and fonts with nothing. Seconds
depend on the machine; quote the ratios. Folium's Marker, MarkerCluster and CircleMarker are built
for fewer rows, since a hundred thousand take minutes: build times are scaled, and the whole page is
put together from folium's own block of one marker, repeated with the ids, places and texts of the
others (``grown`` checks that it gives folium's page back).

Run with ``python -m benchmarks maps``.
"""

import json
import re
import subprocess
import tarfile
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import folium
import folium.plugins
import geopandas as gpd
import numpy as np
import psutil
from playwright.sync_api import TimeoutError as NotOpen
from playwright.sync_api import sync_playwright

from geo.layers import Localized, load
from geo.render import About, Field, Map, points, polygons
from geo.render.bundle import versions
from geo.render.drawing.shapes import area_parts, simplified
from geo.render.encode import block

N = 100_000
N_MARKERS = 5_000
OPENINGS = 5  # of a page that opens within LONG_S; the median counts
LONG_S = 20.0
LIMIT_S = 180.0  # a page that is not open by then counts as this long, which is too little
CLUSTER = "leaflet.markercluster"
CLUSTER_VERSION = "1.5.3"
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
# what folium's popups need of jQuery
SHIM = (
    "window.$ = window.jQuery = (html) => "
    "[document.createRange().createContextualFragment(html).firstElementChild];"
)


# two frames after all that a page starts with is done, measured in the page: the driver's own round
# trips would count against pages that say themselves when they are ready
DRAWN = """window.drawn = new Promise((done) => {
  const frames = () => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now())));
  addEventListener("load", () => {
    const root = document.documentElement;
    if (!document.getElementById("jjj-data") || root.dataset.ready) return frames();
    new MutationObserver((_, seen) => { if (root.dataset.ready) { seen.disconnect(); frames(); } })
      .observe(root, { attributes: true });
  });
});"""


@dataclass
class Cost:
    bytes: float
    build_s: float
    draw_s: float = float("nan")
    memory_mb: float = float("nan")


def firms(n):
    """Points around the region's county seats, with five cells each."""
    random = np.random.default_rng(7)
    towns = load("towns").frame
    at = random.integers(0, len(towns), n)
    lon = towns.geometry.x.to_numpy()[at] + random.normal(0, 0.05, n)
    lat = towns.geometry.y.to_numpy()[at] + random.normal(0, 0.04, n)
    parts = ("华", "中", "京", "津", "冀", "科", "智", "信", "电", "机", "航", "材")
    picks = random.integers(0, len(parts), (n, 3))
    return gpd.GeoDataFrame(
        {
            "name": [
                "".join(parts[k] for k in row) + f"{at % 997}厂" for at, row in enumerate(picks)
            ],
            "industry": np.array(["制造", "软件", "医药", "能源", "物流"])[
                random.integers(0, 5, n)
            ],
            "adcode": towns.adcode.to_numpy()[at],
            "staff": random.integers(5, 900, n),
            "founded": random.integers(1985, 2026, n),
        },
        geometry=gpd.points_from_xy(lon.round(5), lat.round(5)),
        crs="EPSG:4326",
    )


def ours(frame, counties):
    fields = [Field(one, one) for one in ("industry", "adcode", "staff", "founded")]
    made = Map(Localized.of("企业", "Firms", "企業"))
    made.add(
        polygons(counties, About("counties"), role="land"),
        points(frame, About("firms"), colour_by="industry", fields=fields),
    )
    return made.html()


def base(counties):
    made = folium.Map([39.3, 116.5], zoom_start=7, tiles=None, maxZoom=18, prefer_canvas=True)
    folium.GeoJson(counties[["geometry"]]).add_to(made)
    return made


def geojson(frame, counties):
    columns = ["name", "industry", "adcode", "staff", "founded"]
    made = base(counties)
    folium.GeoJson(
        frame,
        marker=folium.CircleMarker(radius=3),
        tooltip=folium.GeoJsonTooltip(["name"]),
        popup=folium.GeoJsonPopup(columns),
    ).add_to(made)
    return made.get_root().render()


def _popup(row):
    return "<br>".join(
        f"{name}: {row[name]}" for name in ("name", "industry", "adcode", "staff", "founded")
    )


def fast_cluster(frame, counties):
    made = base(counties)
    rows = [
        [point.y, point.x, *row]
        for point, row in zip(
            frame.geometry, frame.drop(columns="geometry").itertuples(index=False), strict=True
        )
    ]
    callback = (
        "(row) => L.circleMarker([row[0], row[1]]).bindPopup("
        "['name','industry','adcode','staff','founded']"
        ".map((k, i) => k + ': ' + row[i + 2]).join('<br>'))"
    )
    data = json.loads(json.dumps(rows, default=str))
    folium.plugins.FastMarkerCluster(data, callback=callback).add_to(made)
    return made.get_root().render()


def cluster(frame, counties):
    made = base(counties)
    group = folium.plugins.MarkerCluster().add_to(made)
    for point, (_, row) in zip(frame.geometry, frame.iterrows(), strict=True):
        folium.Marker([point.y, point.x], popup=_popup(row), tooltip=row["name"]).add_to(group)
    return made.get_root().render()


def tables(frame):
    """Return the popup of each row: a table of five rows."""
    made = ""
    for name in ("name", "industry", "adcode", "staff", "founded"):
        made = made + f"<tr><th>{name}</th><td>" + frame[name].astype(str) + "</td></tr>"
    return "<table>" + made + "</table>"


def fast_cluster_tables(frame, counties):
    """Draw points whose popups stand in the data ready made, which is the usual way."""
    made = base(counties)
    rows = list(zip(frame.geometry.y, frame.geometry.x, tables(frame), strict=True))
    callback = "(row) => L.circleMarker([row[0], row[1]]).bindPopup(row[2])"
    folium.plugins.FastMarkerCluster(rows, callback=callback).add_to(made)
    return made.get_root().render()


def _singles(kind):
    def maker(frame, counties):
        made = base(counties)
        for point, (_, row) in zip(frame.geometry, frame.iterrows(), strict=True):
            kind([point.y, point.x], popup=_popup(row), tooltip=row["name"]).add_to(made)
        return made.get_root().render()

    return maker


_ID = re.compile(r"((?:marker|popup|html|tooltip)_)([0-9a-f]{4})([0-9a-f]{28})")


def grown(few, n):
    """Repeat the markers of a page of folium's until it has n of them, each with its own ids."""
    start = re.search(r"var (?:circle_)?marker_[0-9a-f]{32}", few).start()
    end = few.rindex("</script>")
    block = few[start:end]
    assert few[:start] + block + few[end:] == few
    again = [
        _ID.sub(lambda found, turn=turn: f"{found[1]}{turn:04x}{found[3]}", block)
        for turn in range(1, round(n / N_MARKERS))
    ]
    return few[:start] + block + "".join(again) + few[end:]


def built(maker, frame, counties):
    start = time.perf_counter()
    html = maker(frame, counties)
    return html, Cost(len(html.encode("utf-8")), time.perf_counter() - start)


def scaled(cost, plain, factor):
    """Scale what grows with the rows, and keep what does not."""
    return Cost(
        plain.bytes + (cost.bytes - plain.bytes) * factor,
        plain.build_s + (cost.build_s - plain.build_s) * factor,
    )


def packed(folder, name, version):
    """Return the script of a package from npm, or nothing when npm is not to be had."""
    try:
        done = subprocess.run(
            ["npm", "pack", f"{name}@{version}", "--pack-destination", folder, "--silent"],
            check=True,
            capture_output=True,
            text=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    with tarfile.open(Path(folder) / done.stdout.split()[-1]) as tar:
        return tar.extractfile(f"package/dist/{name}.js").read().decode("utf-8")


def renderer_memory():
    """Return the largest resident size among the renderers that this run started, in MB."""
    sizes = []
    for one in psutil.Process().children(recursive=True):
        try:
            if "--type=renderer" in one.cmdline():
                sizes.append(one.memory_info().rss)
        except psutil.Error:
            continue
    return max(sizes, default=float("nan")) / 1e6


def drawn(html, folder, scripts):
    """Open a page some times and return the medians of time to draw and of memory."""
    found = [opened(html, folder, scripts)]
    while found[0][0] < LONG_S and len(found) < OPENINGS:
        found.append(opened(html, folder, scripts))
    seconds, memory = zip(*found, strict=True)
    return float(np.median(seconds)), float(np.median(memory))


def opened(html, folder, scripts):
    """Open a page and return seconds until a frame stands, and the renderer's memory."""
    file = Path(folder) / "page.html"
    file.write_text(html, encoding="utf-8")
    answers = {
        "leaflet.js": scripts["leaflet"],
        "jquery": SHIM,
        CLUSTER + ".js": scripts[CLUSTER] or "",
    }

    def answer(route):
        url = route.request.url
        if url.startswith("file:"):
            return route.continue_()
        body = next(
            (text for name, text in answers.items() if name in url and url.endswith(".js")), ""
        )
        kind = "text/css" if url.endswith(".css") else "text/javascript"
        return route.fulfill(status=200, body=body, content_type=kind)

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.route("**/*", answer)
        page.add_init_script(DRAWN)
        try:
            page.goto(file.as_uri(), wait_until="load", timeout=LIMIT_S * 1000)
        except NotOpen:
            memory = renderer_memory()
            browser.close()
            return LIMIT_S, memory
        milliseconds = page.evaluate("window.drawn")
        memory = renderer_memory()
        browser.close()
    return milliseconds / 1000, memory


GOALS = {  # how many times ours a page of folium should cost: bytes, build, draw, memory
    "GeoJson": (15, 2, 5, 2),
    "FastMarkerCluster, tables in the data": (40, None, None, None),
    "Marker": (60, 50, None, None),
    "MarkerCluster": (60, None, 20, None),
    "CircleMarker": (None, None, 20, None),
}
MEASURES = ("bytes", "build", "draw", "memory")


def _row(name, one, mine, report):
    values = (one.bytes, one.build_s, one.draw_s, one.memory_mb)
    ours = (mine.bytes, mine.build_s, mine.draw_s, mine.memory_mb)
    ratios = []
    goals = GOALS.get(name, (None,) * 4)
    for measure, value, own, goal in zip(MEASURES, values, ours, goals, strict=True):
        ratio = value / own
        shown = "–" if np.isnan(ratio) else f"{ratio:.1f}"
        if goal is not None and not np.isnan(ratio):
            shown += f" (goal {goal}: {'reached' if ratio >= goal else 'MISSED'})"
            if ratio < goal:
                report.missed.append(f"Maps: {name}, {measure}: {ratio:.1f} of {goal}")
        ratios.append(shown)
    report.say(
        f"| {name} | {one.bytes / 1e6:.2f} | {one.build_s:.2f} | {one.draw_s:.2f} "
        f"| {one.memory_mb:.0f} | {' | '.join(ratios)} |"
    )


def run(report):
    """Measure points with counties, then the counties alone."""
    n = report.size(N)
    counties, frame = load("counties").frame, firms(n)
    pages, costs = {}, {}
    whole = {
        "ours": ours,
        "GeoJson": geojson,
        "FastMarkerCluster, tables in the data": fast_cluster_tables,
        "FastMarkerCluster, cells in the data": fast_cluster,
    }
    for name, maker in whole.items():
        pages[name], costs[name] = built(maker, frame, counties)
    plain = Cost(len(base(counties).get_root().render().encode("utf-8")), 0.0)
    parts = {
        "Marker": _singles(folium.Marker),
        "MarkerCluster": cluster,
        "CircleMarker": _singles(folium.CircleMarker),
    }
    for name, maker in parts.items():
        few_page, few = built(maker, frame.iloc[:N_MARKERS], counties)
        costs[name] = scaled(few, plain, n / N_MARKERS)
        pages[name] = grown(few_page, n)
    with tempfile.TemporaryDirectory() as folder:
        wanted = {"leaflet": versions()["leaflet"], CLUSTER: CLUSTER_VERSION}
        scripts = {name: packed(folder, name, version) for name, version in wanted.items()}
        for name, html in pages.items():
            # a hundred thousand markers of the DOM do not open in minutes: not tried
            asked = (
                [] if name == "ours" else [CLUSTER, "leaflet"] if "Cluster" in name else ["leaflet"]
            )
            if name != "Marker" and all(scripts[one] is not None for one in asked):
                costs[name].draw_s, costs[name].memory_mb = drawn(html, folder, scripts)
    report.say(f"\n## Maps: {n:,} points of five cells and {len(counties)} counties\n")
    report.say(
        f"Marker, MarkerCluster and CircleMarker: bytes and build scaled from {N_MARKERS:,}; their "
        "pages hold the same places again and again; a page not open after 180 s counts as 180; draw and memory are medians of five openings where "
        "one takes less than 20 s. Requests of ours: 0, or the save fails.\n"
    )
    report.say("| page | MB | build s | draw s | MB RAM | × bytes | × build | × draw | × memory |")
    report.say("|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    for name, one in costs.items():
        _row(name, one, costs["ours"], report)
    _polygons(report, counties)


def _polygons(report, counties):
    """Compare the bytes of the counties alone, at equal tolerance."""
    shapes = simplified(counties.geometry.to_numpy(), 100.0)
    outlines = gpd.GeoSeries(shapes, index=counties.index, crs=4326)
    made = folium.Map(tiles=None)
    empty = len(made.get_root().render().encode("utf-8"))
    folium.GeoJson(counties[["geometry"]].set_geometry(outlines)).add_to(made)
    theirs = len(made.get_root().render().encode("utf-8")) - empty
    mine = len(json.dumps(block(area_parts(shapes, 4))))
    ratio = theirs / mine
    report.say(
        f"\nThe counties alone, thinned to 100 m: ours {mine / 1e3:.0f} kB, folium "
        f"{theirs / 1e3:.0f} kB, × {ratio:.1f} (goal 15: {'reached' if ratio >= 15 else 'MISSED'})"
    )
    if ratio < 15:
        report.missed.append(f"Maps: counties alone, bytes: {ratio:.1f} of 15")
