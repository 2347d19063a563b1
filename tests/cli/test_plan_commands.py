"""``jjj plan``: columns, counts, files and pipes, refusals in one line."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from geo.datum import wgs84_to_gcj02

TARGETS = """
format: 1
title: {zh: 甲, en: <script>, ja: あ}
thresholds: {on_pace: 0.9, behind: 0.5}
sources: {s: {title: somewhere}}
targets:
  - id: a
    name: {zh: 甲, en: A, ja: あ}
    unit: {zh: 个, en: pieces, ja: 個}
    sense: up
    base: {value: 100, date: 2020}
    target: {value: 200, date: 2030}
    standing: stated
    source: s
"""
TINY = Path(__file__).parents[1] / "data" / "plan_tiny"


def _sites(path, rows):
    features = [
        {
            "type": "Feature",
            "properties": dict(zip(("site", "type", "founded", "side"), row[2:], strict=False)),
            "geometry": None if row[0] is None else {"type": "Point", "coordinates": row[:2]},
        }
        for row in rows
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


@pytest.fixture
def sites(tmp_path):
    rows = [
        (116.55, 39.35, "x", "plant", 2000, "north"),
        (116.62, 39.35, "y", "lab", None, "north"),
        (None, None, "z", "lab", 2001, "south"),
    ]
    return _sites(tmp_path / "sites.geojson", rows)


def test_files_about_sites_need_sites(jjj, tmp_path):
    ran = jjj("plan", "circles", "--map", "m.html", "-o", "c.geojson")
    assert (ran.code, "--map says where sites lie: name POINTS" in ran.line) == (2, True)
    same = jjj("plan", "circles", "facilities", "--shares", "x.csv", "--confusion", "x.csv")
    assert (same.code, "two outputs of this run" in same.line) == (1, True)
    assert list(tmp_path.iterdir()) == []


def test_circles_without_points_are_checked_against_published_areas(jjj, tmp_path):
    out = tmp_path / "circles.geojson"
    done = jjj("plan", "circles", "-o", out)
    assert done.code == 0, done.err
    found = json.loads(out.read_text())
    rows = {one["properties"]["circle_id"]: one["properties"] for one in found["features"]}
    assert rows["commuting-list"]["n_unconfirmed"] == 12
    assert rows["commuting-list"]["standing"] == "unconfirmed"
    assert rows["commuting-list"]["published_area_km2"] == 27000
    assert "12 of 28 units unconfirmed" in done.err
    assert found["provenance"]["plan"]["unconfirmed_units"] == {"commuting": 12, "functional": 15}
    assert found["provenance"]["formula"]["id"] == "circles-nested-exclusive"


def test_three_columns_and_tables_beside(jjj, tmp_path, sites):
    names = {one: tmp_path / f"{one}.csv" for one in ("shares", "by-year", "confusion")}
    options = [word for key, path in names.items() for word in (f"--{key}", path)]
    out = tmp_path / "placed.geojson"
    plan = TINY / "tiny.yaml"
    done = jjj("plan", "circles", sites, "--plan", plan, "-o", out, *options)
    assert done.code == 0, done.err
    rows = [one["properties"] for one in json.loads(out.read_text())["features"]]
    assert [one["circle_list"] for one in rows] == ["inner", "middle", None]
    assert [one["circle_radius"] for one in rows] == ["inner", "middle", None]
    assert [one["circle_minutes"] for one in rows] == [None] * 3
    assert rows[0]["side_in"] == "north"
    shares = pd.read_csv(names["shares"]).query("definition == 'list'").set_index("circle")
    assert shares.n_nested.tolist()[:3] == [1, 2, 2]
    assert shares.n_unknown.iloc[0] == 1
    years = pd.read_csv(names["by-year"])
    assert set(years.date_kind) == {"founded", "undated"}
    confusion = pd.read_csv(names["confusion"])
    assert confusion.groupby(["left_definition", "right_definition"]).n.sum().unique() == [3]
    assert "unknown 1" in done.err


def test_minutes_come_from_a_column(jjj, tmp_path):
    rows = [(116.55, 39.35, "x", "lab", 31, "a"), (116.55, 39.35, "y", "lab", 30, "b")]
    path = _sites(tmp_path / "timed.geojson", rows)
    plan = ("--plan", TINY / "tiny.yaml", "-o", "-")
    done = jjj("plan", "circles", path, "--minutes", "founded", *plan)
    found = [one["properties"]["circle_minutes"] for one in json.loads(done.out)["features"]]
    assert found == ["middle", "inner"]
    wrong = jjj("plan", "circles", path, "--minutes", "side", *plan)
    assert wrong.code == 1
    assert "2 cells of side are no minutes" in wrong.err


def test_fit_says_zone_role_and_clause(jjj, tmp_path, sites):
    out = tmp_path / "fit.csv"
    done = jjj("plan", "fit", sites, "--plan", TINY / "tiny.yaml", "-o", out)
    assert done.code == 0, done.err
    frame = pd.read_csv(out)
    assert frame.fit.tolist()[:2] == [-1, 0.5]
    assert frame.zone.tolist()[:2] == ["west", "all"]
    assert frame.clause_zh.tolist()[:2] == ["一", "一"]
    assert frame.corridor.tolist()[:2] == ["line", "line"]
    assert "2 rated, mean fit -0.250, 1 in conflict" in done.err


def test_a_pipe_goes_through(jjj, sites):
    done = jjj("plan", "fit", "-", "--plan", TINY / "tiny.yaml", stdin=sites.read_bytes())
    assert done.code == 0, done.err
    assert len(json.loads(done.out)["features"]) == 3


def test_a_workbook_in_the_shifted_datum_stands_where_it_is(jjj, tmp_path):
    # the first is 300 m east of the border between a and b: the shift of half a kilometre decides
    true = [(116.60349, 39.35), (116.52, 39.35)]
    shifted = [wgs84_to_gcj02(*one) for one in true]
    rows = {"名称": ["甲", "乙"], "类别": ["lab", "plant"],
            "经度": [one[0] for one in shifted], "纬度": [one[1] for one in shifted]}  # fmt: skip
    pd.DataFrame(rows).to_excel(tmp_path / "表.xlsx", index=False)
    words = ("--plan", TINY / "tiny.yaml", "--type", "类别", "-o")
    right = jjj("plan", "fit", "表.xlsx", "--datum", "gcj02", *words, "right.geojson")
    assert right.code == 0, right.err
    rows = json.loads((tmp_path / "right.geojson").read_text(encoding="utf-8"))["features"]
    for row, (lon, lat) in zip(rows, true, strict=True):
        assert row["geometry"]["coordinates"] == pytest.approx([lon, lat], abs=1e-5)
    assert [one["properties"]["circle_list"] for one in rows] == ["middle", "inner"]
    assert [one["properties"]["fit"] for one in rows] == [0.5, -1]
    assert [one["properties"]["名称"] for one in rows] == ["甲", "乙"]


def test_found_axes_are_held_against_each_document(jjj, tmp_path):
    rows = ["origin,destination,weight", "北京,天津,90", "北京,保定,60", "北京,石家庄,50"]
    rows += ["天津,唐山,4", "保定,石家庄,3", "唐山,秦皇岛,2"]
    (tmp_path / "od.csv").write_text("\n".join(rows), encoding="utf-8")
    done = jjj("plan", "axes", "od.csv", "--alpha", "0.6", "-o", "p.csv", "--ranks", "r.csv")
    assert done.code == 0, done.err
    pairs = pd.read_csv(tmp_path / "p.csv")
    assert set(pairs.axis_set) == {"plan-2026", "outline-2015", "study-coauthorship"}
    assert pairs.groupby(["found", "axis_set"]).best.sum().eq(1).all()
    ranks = pd.read_csv(tmp_path / "r.csv").set_index("axis_set")
    assert ranks.reason["plan-2026"] == "one axis in common has no order"
    assert pd.isna(ranks.tau["plan-2026"])
    assert ranks.tau["outline-2015"] == 1
    assert "plan-2026: 1 of 2 axes matched, no rank agreement (one axis" in done.err


def test_flows_without_an_axis_are_an_answer(jjj, tmp_path):
    (tmp_path / "od.csv").write_text("origin,destination,weight\n北京,天津,1\n", encoding="utf-8")
    done = jjj("plan", "axes", "od.csv", "--ranks", "r.csv", "-o", "p.csv")
    assert done.code == 0, done.err
    assert "found: no axis" in done.err
    assert (pd.read_csv(tmp_path / "r.csv").reason == "no axis in common").all()


def test_firms_that_have_not_moved_are_not_counted(jjj, tmp_path):
    shares = tmp_path / "s.csv"
    done = jjj("plan", "circles", "firms", "-o", tmp_path / "f.geojson", "--shares", shares)
    assert "4 sites have not moved yet" in done.err
    table = pd.read_csv(shares).query("definition == 'list'")
    assert table.n_exclusive.sum() == 252


def test_alternatives_count_other_sets(jjj, tmp_path):
    out = tmp_path / "sets.csv"
    done = jjj("plan", "alternatives", "--within-km", "10", "--within-km", "20", "-o", out)
    assert done.code == 0, done.err
    table = pd.read_csv(out)
    assert table.groupby("within_km").n_fit.first().to_dict() == {10: 1, 20: 4518}


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("plan", "circles", "--plan", "nowhere"), "unknown plan 'nowhere'"),
        (("plan", "circles", "--plan", "none.yaml"), "none.yaml: there is no such plan file"),
        (("plan", "fit", "facilities", "--type", "kind"), "unknown column 'kind'"),
        (("plan", "alternatives", "--circle", "industry"), "no unconfirmed unit"),
        (("plan", "alternatives", "--within-km", "60"), "cannot be counted"),
    ],
)
def test_refusals_are_one_line(jjj, tmp_path, words, part):
    done = jjj(*words, "-o", tmp_path / "out.geojson")
    assert done.code == 1
    assert part in done.err
    assert done.line
    assert list(tmp_path.iterdir()) == []


def test_a_broken_plan_names_its_file_and_writes_nothing(jjj, tmp_path, sites):
    folder = tmp_path / "plan"
    shutil.copytree(TINY, folder)
    (folder / "tiny.yaml").write_text("format: 1\n")
    done = jjj("plan", "fit", sites, "--plan", folder / "tiny.yaml", "-o", tmp_path / "o.csv")
    assert done.code == 1
    assert "tiny.yaml: 5 defects: line 1: plan: Field required" in done.err
    assert not (tmp_path / "o.csv").exists()


def test_scorecard_writes_table_and_page_with_the_same_numbers(jjj, tmp_path):
    (tmp_path / "t.yaml").write_text(TARGETS, encoding="utf-8")
    (tmp_path / "v.csv").write_text("target,date,value,source\na,2025,133.3333333333,<b>me\n")
    done = jjj(
        "plan", "scorecard", "t.yaml", "v.csv", "--asof", "2026", "-o", "c.csv", "--html", "c.html"
    )
    assert done.code == 0, done.err
    row = pd.read_csv(tmp_path / "c.csv", dtype=str).iloc[0]
    page = (tmp_path / "c.html").read_text(encoding="utf-8")
    assert row.status_zh == "滞后"
    assert row.value == "133.333333"
    for name in ("value", "expected", "progress", "expected_progress", "pace"):
        assert f"<bdi>{row[name]}</bdi>" in page
    assert "<script>," not in page
    assert "&lt;b&gt;me" in page
    assert "behind 1" in done.err


def test_the_shipped_targets_say_that_values_are_missing(jjj, tmp_path):
    from geo.sources.facts import shipped_folder

    folder = shipped_folder() / "jjj" / "targets"
    done = jjj("plan", "scorecard", folder / "jjj-2021-2035.yaml",
               folder / "jjj-2021-2035.values.csv", "--asof", "2026")  # fmt: skip
    assert done.code == 0, done.err
    assert done.out.count("无监测值") == 8
    wrong = jjj("plan", "scorecard", folder / "jjj-2021-2035.yaml",
                folder / "jjj-2021-2035.values.csv", "--asof", "soon")  # fmt: skip
    assert wrong.code == 1
    assert "'soon' is neither a year" in wrong.line


def test_a_map_comes_with_the_table_or_not_at_all(jjj, tmp_path, sites):
    plan = TINY / "tiny.yaml"
    done = jjj("plan", "circles", sites, "--plan", plan, "-o", "p.geojson", "--map", "m.html")
    assert done.code == 0, done.err
    page = (tmp_path / "m.html").read_text(encoding="utf-8")
    assert "小规划" in page
    assert "http://" not in page.split("<script>")[0]
    again = jjj("plan", "circles", sites, "--plan", plan, "-o", "q.geojson", "--map", "m.html")
    assert again.code == 1
    assert not (tmp_path / "q.geojson").exists()


@pytest.mark.slow
def test_minutes_by_travel_fill_the_third_column(jjj, tmp_path):
    shares = tmp_path / "s.csv"
    done = jjj("plan", "circles", "stations", "--by-travel", "-o", "p.geojson", "--shares", shares)
    assert done.code == 0, done.err
    found = json.loads((tmp_path / "p.geojson").read_text(encoding="utf-8"))
    near = {one["properties"]["facility_id"]: one["properties"] for one in found["features"]}
    assert near["hsr-beijing-south"]["circle_minutes"] == "commuting"
    assert near["hsr-shijiazhuang"]["circle_minutes"] == "outside"
    assert "60 km/h" in found["provenance"]["parameters"]["minutes"]["en"]
    both = jjj("plan", "circles", "stations", "--by-travel", "--minutes", "lon")
    assert both.code == 2
    assert "choose one" in both.line


def test_elements_carry_their_standing(jjj, tmp_path):
    done = jjj("plan", "elements", "-o", "e.csv")
    assert done.code == 0, done.err
    table = pd.read_csv(tmp_path / "e.csv").set_index("element_id")
    assert table.standing["zone-hebei-south"] == "inferred"
    assert table.published_area_km2["wing-subcentre"] == 155
