"""The publication: every page is whole, and its numbers are those of the library and the CLI."""

import csv
import json
import re

import pandas as pd
import pytest
from markupsafe import escape

from geo.atlas import build
from geo.atlas.context import Context
from geo.atlas.jjj import PAGES, circles, claims, corridors, counties, overview
from geo.errors import OutputError, UnknownIdError


@pytest.fixture(scope="module")
def context():
    return Context()


def read(path):
    return pd.read_csv(path, dtype={"adcode": str, "city_adcode": str, "site_id": str})


def test_the_front_page_comes_first_and_lists_every_map(folder, tmp_path):
    written = build(tmp_path / "again")
    assert written[0].name == "index.html"
    front = (folder / "index.html").read_text(encoding="utf-8")
    for page in PAGES:
        assert f'href="{page.page_id}.html"' in front
        assert (folder / f"{page.page_id}.html").is_file()


def test_two_builds_are_equal_byte_for_byte(folder, tmp_path):
    build(tmp_path / "again")
    for path in sorted(folder.iterdir()):
        assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes()


def test_a_build_replaces_only_its_own_files(tmp_path):
    place = tmp_path / "maps"
    place.mkdir()
    (place / "mine.txt").write_text("mine")
    build(place, only=["circles"])
    build(place, only=["circles"])
    assert sorted(path.name for path in place.iterdir()) == [
        "circles-shares.csv",
        "circles.html",
        "index.html",
        "mine.txt",
    ]


def test_unknown_pages_and_bad_folders_are_refused(tmp_path):
    with pytest.raises(UnknownIdError, match="nearest: corridors"):
        build(tmp_path, only=["corridor"])
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError):
        build(tmp_path / "file", only=["circles"])


def test_the_claims_page_leads_to_the_map_on_which_a_claim_can_be_read(folder, context):
    assert set(claims.READ_ON) == set(context.table("claims").figure_id)
    text = (folder / "claims.html").read_text(encoding="utf-8")
    for file, title in claims.links().values():
        for lang, words in title.described().items():
            assert f'<a href="{file}#lang={lang}">{escape(words)}</a>' in text
        assert (folder / file).is_file()


MAPS = [page for page in PAGES if page.page_id != "claims"]


@pytest.mark.parametrize("page", MAPS, ids=lambda page: page.page_id)
def test_every_page_says_its_finding_caveat_and_sources_in_three_languages(page, context):
    built = page.compose(context)
    payload = built.content.payload()
    for text in (payload["title"], payload["finding"], built.caveat.described()):
        assert set(text) == {"zh", "en", "ja"}
        assert len(set(text.values())) == 3
        assert not re.search(r"nan|None|\{|\}", " ".join(text.values()))
    credits_zh = [source["attribution"]["zh"] for source in payload["sources"]]
    assert any("天地图" in one for one in credits_zh)
    for source in payload["sources"]:
        for field in ("title", "attribution", "licence"):
            assert (
                re.fullmatch(r"[A-Za-z0-9.,; -]*", json.dumps(source[field]))
                or len(source[field]) == 3
            )
    assert any("GS(2024)0650" in source.get("review_number", "") for source in payload["sources"])
    assert "雄安" in json.dumps(payload["caveats"], ensure_ascii=False)
    assert "四个乡镇" in json.dumps(payload["caveats"], ensure_ascii=False)


def test_overview_counts_every_facility_and_every_present_firm(context):
    table = overview.counts(context).set_index("category")
    assert table.drop(index="firms").to_numpy().sum() == len(context.frame("facilities"))
    assert table.loc["firms"].sum() == len(context.present_firms())


def test_county_counts_are_those_of_a_plain_group_by(context):
    table = counties.per_county(context)
    facilities = context.frame("facilities")
    facilities = facilities[~facilities.category.isin(["hsr_station", "government_or_plan_node"])]
    plain = facilities.groupby("adcode").size()
    assert len(table) == 199
    assert table.facilities[table.facilities > 0].to_dict() == plain.to_dict()
    density = table.facilities / table.area_km2 * 1000
    pd.testing.assert_series_equal(
        table.facilities_per_1000_km2, density.round(3), check_names=False
    )


def test_corridor_table_equals_what_jjj_corridor_writes(folder, jjj_run, tmp_path):
    table = read(folder / "corridors-sites.csv")
    for axis_id in corridors.AXES:
        target = tmp_path / f"{axis_id}.csv"
        jjj_run("corridor", "facilities", "--axis", axis_id, "-o", target)
        theirs = read(target).set_index("facility_id")
        ours = table[(table.axis_id == axis_id) & (table.kind == "facility")].set_index("site_id")
        theirs = theirs.loc[ours.index]
        for column in ("chainage_km", "offset_km"):
            assert ours[column].tolist() == theirs[column].tolist()
        assert ours.inside.astype(str).tolist() == theirs.inside.astype(str).tolist()


def test_profile_counts_are_the_members_known_to_be_inside(folder):
    sites = read(folder / "corridors-sites.csv")
    profile = pd.read_csv(folder / "corridors-profile.csv")
    inside = sites[sites.inside.astype(str) == "True"]
    for axis_id in corridors.AXES:
        own = inside[inside.axis_id == axis_id].kind.value_counts()
        stretch = profile[profile.axis_id == axis_id]
        assert stretch.facilities.sum() == own["facility"]
        assert stretch.firms.sum() == own.get("firm", 0)


def test_firms_without_a_site_are_unknown_where_their_district_straddles_the_edge(context):
    table = corridors.measured(context)
    own = table[(table.axis_id == "plan-jingjin") & (table.kind == "firm")]
    near = (own.offset_km - 10).abs() * 1000 < own.position_accuracy_m
    assert own.inside.isna().equals(near)
    assert near.sum() > 50


def test_circle_shares_are_nested_and_exclusive_ones_add_up(context):
    table = circles.shares(context)
    for _, own in table.groupby("kind"):
        assert own.list.is_monotonic_increasing
        assert own.radius.is_monotonic_increasing
        assert own.list_exclusive.sum() == own.list.iloc[-1]
    industry = table[table.circle == "industry"]
    assert (industry.list == industry.total).all()


def test_firms_that_have_not_moved_are_counted_nowhere(context):
    waiting = context.frame("firms").query("status == 'not_moved_yet'").index
    assert len(waiting) == 4
    assert not set(waiting) & set(corridors.measured(context).site_id)
    assert circles.shares(context).query("kind == 'firm'").total.eq(252).all()


def test_csv_tables_can_be_read_by_a_spreadsheet(folder):
    for path in folder.glob("*.csv"):
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
        with path.open(encoding="utf-8-sig", newline="") as file:
            assert len({len(row) for row in csv.reader(file)}) == 1
