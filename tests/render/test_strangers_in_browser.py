"""A stranger's file in the browser: across 180°, moments and codes, one value a class, the latest year."""

import geopandas as gpd
import pytest
from shapely import Point, box

from geo.render.any_file.quick import quick_map

pytestmark = pytest.mark.browser


def saved(tmp_path, frame):
    frame.to_parquet(tmp_path / "a.parquet")
    return quick_map([str(tmp_path / "a.parquet")], lang="en")


def frame_of(shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs="EPSG:4326")


def test_points_on_both_sides_of_180_degrees_are_in_view_and_handed_out_as_they_are(
    tmp_path, open_page
):
    places = [Point(178.44, -18.14), Point(-171.77, -13.83)]
    page, seen = open_page(saved(tmp_path, frame_of(places, name=["Suva", "Apia"])))
    layer = "jjj.LAYERS.find((one) => one.kind === 'point')"
    inside = page.evaluate(f"[0, 1].map((i) => jjj.map.getBounds().contains({layer}.anchor(i)))")
    assert inside == [True, True]
    text = page.evaluate(f"jjj.toGeojson({layer})")
    assert '"coordinates":[178.44,-18.14]' in text
    assert '"coordinates":[-171.77,-13.83]' in text
    assert "Source not stated: a" in page.inner_text(".sources")
    assert seen.problems == []


def test_moments_are_written_for_readers_and_codes_without_separators(tmp_path, open_page):
    frame = frame_of(
        [Point(116.4, 39.9)],
        name=["a"],
        seen=["2024-01-05T00:00:00.000Z"],
        changed=["2024-01-05T05:14:55.492+08:00"],
        phone=[13800000000],
        staff=[1234567],
    )
    page, seen = open_page(saved(tmp_path, frame))
    spot = page.evaluate(
        """() => {
          const p = jjj.map.latLngToContainerPoint([39.9, 116.4]);
          const at = jjj.map.getContainer().getBoundingClientRect();
          return [p.x + at.left, p.y + at.top];
        }"""
    )
    page.mouse.click(*spot)
    page.wait_for_selector("#card:not([hidden])")
    cells = page.evaluate("[...document.querySelectorAll('#card td')].map((one) => one.innerText)")
    # the mark of the layer's colour needs no chart on the page
    assert page.evaluate("document.querySelector('#card .dot').offsetWidth") == 10
    assert cells == ["2024-01-05", "2024-01-05 05:14:55+08:00", "13800000000", "1,234,567"]
    assert seen.problems == []


def test_a_class_of_one_value_is_that_value_and_the_latest_year_is_shown_first(tmp_path, open_page):
    squares = [box(116, 39, 117, 40), box(117, 39, 118, 40), box(118, 39, 119, 40)] * 2
    frame = frame_of(
        squares, name=list("abcabc"), year=[2019] * 3 + [2020] * 3, level=[1, 2, 3, 3, 1, 2]
    )
    page, seen = open_page(saved(tmp_path, frame))
    rows = page.locator(".legend li button span").all_inner_texts()
    assert rows[:3] == ["1", "2", "3"]
    assert page.inner_text("#time output") == "2020"
    shown = "jjj.LAYERS.find((one) => one.time).seen"
    layer = "jjj.LAYERS.find((one) => one.time)"
    assert page.evaluate(f"[0, 3].map((i) => {shown}.call({layer}, i))") == [False, True]
    assert seen.problems == []
