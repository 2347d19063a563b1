"""Odd layers still make a page that works."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import LineString, MultiPolygon, Point, Polygon, box

from geo.render import About, Map, Time, choropleth, fields_of, labels, lines, points, polygons

pytestmark = pytest.mark.browser


def frame_of(shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs="EPSG:4326")


def circle(n):
    angle = np.linspace(0, 2 * np.pi, n, endpoint=False)
    return Polygon(np.column_stack([116 + np.cos(angle), 39 + np.sin(angle)]))


LAYERS = {
    "nothing": lambda: points(frame_of([]), About("a")),
    "nothing at all": lambda: polygons(frame_of([None, None]), About("a")),
    "one point": lambda: points(frame_of([Point(116.4, 39.9)], name=["a"]), About("a")),
    "all in one place": lambda: points(
        frame_of([Point(116.4, 39.9)] * 500, name=["a"] * 500), About("a")
    ),
    "heavy polygon": lambda: polygons(frame_of([circle(10_000)], name=["a"]), About("a")),
    "very heavy polygon": lambda: polygons(frame_of([circle(100_000)], name=["a"]), About("a")),
    "long name": lambda: labels(frame_of([Point(1, 1)], name=["名" * 10**6]), About("a")),
    "times": lambda: points(
        frame_of(
            [Point(1, 1), Point(2, 2), Point(3, 3)],
            name=["a", "b", "c"],
            when=[pd.Timestamp("2024-01-05"), pd.NaT, pd.Timestamp("2025-06-07 08:09:10")],
            span=pd.to_timedelta(["1 day", None, "2 days"]),
        ),
        About("a"),
        time=Time("when"),
        fields=fields_of(frame_of([None], name=["a"], when=pd.to_datetime(["2024"]), span=[None])),
    ),
    "gaps": lambda: choropleth(
        frame_of([box(0, 0, 1, 1), box(1, 0, 2, 1)], name=["a", None], v=[np.nan, np.inf]),
        "v",
        About("a"),
    ),
    "slivers": lambda: polygons(
        frame_of(
            [MultiPolygon([box(0, 0, 1e-9, 1e-9), box(1, 1, 2, 2)]), box(5, 5, 5, 6)],
            name=["a", "b"],
        ),
        About("a"),
    ),
    "bow tie": lambda: polygons(
        frame_of([Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])], name=["a"]), About("a")
    ),
    "line of one place": lambda: lines(
        frame_of([LineString([(1, 1), (1, 1)])], name=["a"]), About("a")
    ),
    "edges of the world": lambda: lines(
        frame_of([LineString([(-180, -85), (180, 85)])], name=["a"]), About("a")
    ),
    "high and low": lambda: points(frame_of([Point(1, 2, 3), Point(4, 5)]), About("a")),
}


@pytest.mark.parametrize("name", LAYERS)
def test_an_odd_layer_makes_a_page_that_works(name, open_page):
    page, seen = open_page(Map("t").add(LAYERS[name]()))
    page.mouse.move(900, 400)
    page.mouse.click(900, 400)
    page.mouse.wheel(0, -240)
    page.wait_for_timeout(150)
    page.evaluate("jjj.LAYERS.filter((one) => one.data && one.n).map((one) => jjj.toGeojson(one))")
    assert seen.problems == []
    assert page.evaluate("Number.isFinite(jjj.map.getZoom())")


@pytest.mark.slow
def test_a_million_points_stay_usable(open_page):
    random = np.random.default_rng(5)
    n = 1_000_000
    frame = frame_of(
        gpd.points_from_xy(random.normal(116.5, 0.9, n), random.normal(39.3, 0.8, n)),
        kind=np.array(list("abcde"))[random.integers(0, 5, n)],
    )
    page, seen = open_page(Map("t").add(points(frame, About("p"), colour_by="kind")))
    redraw = "() => { const t = performance.now(); jjj.LAYERS[0].sheet.redraw(); return performance.now() - t; }"
    assert page.locator(".density").count() == 1
    assert min(page.evaluate(redraw) for _ in range(3)) < 1000
    hit = "() => { const t = performance.now(); jjj.hitsAt({ x: 400, y: 400 }); return performance.now() - t; }"
    assert min(page.evaluate(hit) for _ in range(3)) < 200
    assert seen.problems == []
