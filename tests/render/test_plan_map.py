"""The map of sites in a plan: layers apart by definition, charts that stack, credits, hostile names."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geo.layers.layer import Localized
from geo.render.plan import plan_map, year_charts

HOSTILE = "</script><img src=x onerror=alert(1)>{{ 7*7 }}"
NAMES = {"name_zh": HOSTILE, "name_en": HOSTILE, "name_ja": HOSTILE}


@pytest.fixture
def frames():
    disk = shapely.Point(116.4, 39.9).buffer(0.5)
    circles = pd.DataFrame([NAMES | {"radius_km": 50.0}], index=pd.Index(["inner"], name="circle"))
    areas = gpd.GeoDataFrame(
        [NAMES | {"definition": name, "circle": "inner", "n_unconfirmed": n}
         for name, n in (("list", 12), ("radius", None))],
        index=pd.Index(["inner-list", "inner-radius"], name="circle_id"),
        geometry=[disk, disk], crs="EPSG:4326",
    )  # fmt: skip
    line = shapely.LineString([(116, 39), (117, 40)])
    corridors = gpd.GeoDataFrame([NAMES], index=pd.Index(["line"], name="axis_id"),
                                 geometry=[line], crs="EPSG:4326")  # fmt: skip
    sites = gpd.GeoDataFrame(
        {"name": [HOSTILE, "b"], "circle_list": ["inner", "outside"],
         "circle_radius": ["inner", None]},
        geometry=gpd.points_from_xy([116.4, 118.0], [39.9, 39.0]), crs="EPSG:4326",
    )  # fmt: skip
    return areas, corridors, sites, circles


@pytest.fixture
def years():
    rows = [
        ("founded", year, definition, part, stock)
        for year, inside in ((2000, 1.0), (2001, 3.0))
        for definition, part, stock in (
            ("list", "inner", inside), ("list", "outside", 1.0), ("minutes", "inner", 0.0),
        )
    ]  # fmt: skip
    rows.append(("undated", None, "list", "inner", 4.0))
    columns = ["date_kind", "year", "definition", "part", "n_stock"]
    return pd.DataFrame(rows, columns=columns).astype({"year": "Int64"})


def test_definitions_are_layers_apart_and_only_lists_are_shown(frames, years):
    areas, corridors, sites, circles = frames
    made = plan_map(areas, corridors, sites, title=Localized.of("t", "t", "t"), circles=circles,
                    years=years)  # fmt: skip
    shown = {one.layer_id: one.about.shown for one in made.map_layers}
    assert shown["inner-list"]
    assert not shown["inner-radius"]
    assert shown["sites-circle_list"]
    assert not shown["sites-circle_radius"]
    titles = {one.layer_id: one.about.title for one in made.map_layers}
    assert "12 县未确认" in titles["inner-list"].zh
    assert "unconfirmed" not in titles["inner-radius"].en


def test_units_that_no_source_confirms_are_a_layer_of_their_own(frames):
    areas, corridors, sites, circles = frames
    unsure = areas.iloc[[0]].assign(circle="inner")
    made = plan_map(areas, corridors, sites, title=Localized.of("t", "t", "t"), circles=circles,
                    unconfirmed=unsure, finding=Localized.of("甲", HOSTILE, "あ"))  # fmt: skip
    assert "unconfirmed" in {one.layer_id for one in made.map_layers}
    assert "<img" not in made.html()
    none = plan_map(areas, corridors, sites, title=Localized.of("t", "t", "t"), circles=circles,
                    unconfirmed=unsure.iloc[:0])  # fmt: skip
    assert "unconfirmed" not in {one.layer_id for one in none.map_layers}


def test_charts_stack_what_is_known_and_tell_what_is_undated(frames, years):
    _, corridors, _, circles = frames
    charts = list(year_charts(years, circles, corridors))
    assert len(charts) == 1  # nothing is known by minutes
    text = str(charts[0].payload)
    assert "4 more have no date" in text
    assert "2001" in text


def test_hostile_names_stay_text_and_sources_are_named(frames, years):
    areas, corridors, sites, circles = frames
    page = plan_map(
        areas, corridors, sites, title=Localized.of(HOSTILE, HOSTILE, HOSTILE), circles=circles,
        years=years, provenances={"sites": {"sources": [{"attribution": "own list"}]}},
    ).html()  # fmt: skip
    assert "<img" not in page
    assert "own list" in page
    assert page.count("49") == page.replace("{{ 7*7 }}", "").count("49")
