"""Words that are known stand in three languages, whoever wrote the file."""

import geopandas as gpd
import pandas as pd
from shapely import Point

from geo.layers import Localized, load
from geo.render import Field
from geo.render.colours.colouring import assign_colours
from geo.render.drawing.table import data_block, fields_of, named
from geo.render.words import known_label, known_words


def test_places_are_known_whatever_the_header_says_and_codes_under_ours_only():
    assert known_words("x", pd.Series(["石家庄市", "海淀区"]))["海淀区"].en == "Haidian District"
    assert known_words("category", pd.Series(["university", "seaport"]))["seaport"].zh == "海港"
    # a stranger's hospital is not one of our leading hospitals
    assert known_words("amenity", pd.Series(["university", "hospital"])) == {}
    assert known_words("category", pd.Series(["hospital"]))["hospital"].en == "Hospital"
    assert known_words("x", pd.Series([True, False]))["true"].ja == "はい"
    assert known_words("x", pd.Series(["海淀区", "a", "b"])) == {}  # most are not
    assert known_words("x", pd.Series([1, 2])) == known_words("x", pd.Series([[1], {}])) == {}


def test_industries_lists_of_codes_and_only_what_is_there():
    firms = load("firms").frame
    sections = known_words("industry", firms.industry)
    assert set(sections) == set(firms.industry)
    assert sections["C Manufacturing"].ja == "製造業"
    assert known_words("industry_detail", pd.Series(["steel", "spaceships"])) == {
        "steel": Localized.of("钢铁", "steel", "鉄鋼")
    }
    both = known_words("axis_sets", pd.Series(["outline-2015 plan-2026", "plan-2026 x", None, 7]))
    assert both == {"outline-2015 plan-2026": Localized.of(
        "2015 年纲要、2026 年规划", "Outline of 2015, Plan of 2026", "2015年綱要、2026年計画"
    )}  # fmt: skip
    frame = gpd.GeoDataFrame({"k": ["a", "b a", "c"]}, geometry=[Point(118, 39)] * 3, crs=4326)
    shown = [
        Field("k", "Kind", words={"a": "Plain", "b": Localized.of("乙", "B", "乙"), "z": "Unused"})
    ]
    (field,) = data_block(frame, shown)["fields"]
    assert field["words"] == {
        "a": "Plain",
        "b a": {"zh": "乙、Plain", "en": "B, Plain", "ja": "乙、Plain"},
    }


def test_a_header_is_known_in_any_of_the_three_languages_and_without_a_unit():
    assert known_label("類別") is None
    assert known_label("面積").en == "Area"
    assert named("面积").unit == ""
    assert named("area_km2").unit == "km²"


def test_legend_and_table_say_the_same_word():
    frame = gpd.GeoDataFrame(
        {"name": ["a", "b"], "所在市": ["唐山市", "唐山市"]},
        geometry=[Point(118, 39)] * 2,
        crs="EPSG:4326",
    )
    item = assign_colours(frame, "所在市", plain="#000000").legend["items"][0]
    (field,) = data_block(frame, fields_of(frame))["fields"]
    assert item["label"] == field["words"]["唐山市"] == {
        "zh": "唐山市", "en": "Tangshan", "ja": "唐山市",
    }  # fmt: skip


def test_codes_and_telephones_are_written_without_separators():
    frame = gpd.GeoDataFrame(
        {"name": ["a"], "phone": [13800000000], "population": [1_300_000]},
        geometry=[Point(118, 39)],
        crs="EPSG:4326",
    )
    grouped = {
        one["header"]: one.get("grouped", True)
        for one in data_block(frame, fields_of(frame))["fields"]
    }
    assert grouped == {"phone": False, "population": True}


def test_names_stand_for_ids_of_lines_and_axes_and_a_text_in_three_columns_is_one_row():
    stations = load("stations").frame
    lines = known_words("line_ids", stations.line_ids)
    assert set(lines) == set(stations.line_ids) - {""}  # three have none listed
    assert (
        lines["jinghu-hsr jingjin-intercity"].ja
        == "北京・上海高速鉄道（京津冀区間）、北京・天津都市間鉄道（延伸線を含む）"
    )
    assert set(known_words("axis_ids", load("plan_nodes").frame.axis_ids)) == set(
        load("plan_nodes").frame.axis_ids
    )
    rails = fields_of(load("rail_lines").frame)
    assert {one.column: one.lang for one in rails if one.lang} == {
        "note": "en", "note_zh": "zh", "note_ja": "ja",
    }  # fmt: skip
    frame = gpd.GeoDataFrame(
        {
            "name": ["n"],
            "a_zh": ["x"],
            "a_ja": ["x"],
            "b_zh": ["x"],
            "b_en": ["x"],
            "b_ja": ["x"],
            "c": ["x"],
        },
        geometry=[Point(118, 39)],
        crs=4326,
    )
    assert {one.column: one.lang for one in fields_of(frame)} == {
        "a_zh": None, "a_ja": None, "b_zh": "zh", "b_en": "en", "b_ja": "ja", "c": None,
    }  # fmt: skip
    assert known_words("source", pd.Series(["唐山市"]))["唐山市"].en == "Tangshan"
    assert known_words("city", load("firms").frame.city)["雄安新区"].en == "Xiong'an New Area"
