"""The front page: what a reader needs first, and texts that are shown, never run."""

import base64
import hashlib
import html
import re

import pytest
from typer.testing import CliRunner

from geo.atlas.context import Context
from geo.atlas.gallery import LANGUAGES, Card, gallery, preview_path
from geo.atlas.jjj import FRONT, PAGES
from geo.atlas.jjj.front import brief
from geo.cli.atlas import app as atlas_app
from geo.layers import Localized

PLAIN = Localized.of("一", "one", "一つ")


@pytest.fixture(scope="module")
def context():
    return Context()


def test_hostile_texts_in_the_gallery_are_shown_not_run():
    bad = Localized.of(
        "<img src=x onerror=alert(1)>", "{{ 7*7 }}", "</script><script>alert(1)</script>"
    )
    page = gallery([Card("a", bad, bad, bad)], FRONT)
    assert "<img src=x" not in page
    assert "49" not in re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    assert page.count("<script>") == 1


def test_only_the_page_s_own_script_and_style_may_run():
    page = gallery([Card("a", PLAIN, PLAIN, PLAIN)], FRONT)
    policy = html.unescape(re.search(r'Security-Policy" content="([^"]*)"', page).group(1))
    for tag in ("script", "style"):
        text = re.search(rf"<{tag}>(.*?)</{tag}>", page, flags=re.DOTALL).group(1)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy


def test_a_card_says_its_date_and_offers_its_tables():
    page = gallery(
        [Card("a", PLAIN, PLAIN, PLAIN, Localized.of("甲年", "in 1999", "乙年"), ("x", "y"))], FRONT
    )
    assert "in 1999" in page
    assert 'href="a-x.csv"' in page
    assert 'href="a-y.csv"' in page


def test_hostile_credits_are_shown_not_run():
    page = gallery(
        [Card("a", PLAIN, PLAIN, PLAIN)], FRONT, credited=[("<b onclick=x>{{7*7}}", "2024")]
    )
    assert "<b onclick" not in page
    assert "{{7*7}}" in page
    assert "(2024)" in page


def test_the_numbers_at_the_head_are_those_of_the_layers(context):
    texts = {one.head.en: one.text for one in brief(context)}
    counties, firms = context.frame("counties"), context.present_firms()
    assert f"{len(counties)} counties" in texts["The region"].en
    assert f"{round(counties.area_km2.sum(), -3):,.0f} km²" in texts["The region"].en
    assert "110 million" in texts["The region"].en  # 21.89 + 13.87 + 74.61 million, census of 2020
    for radius in (50, 100, 150):
        assert str(radius) in texts["The plan"].en
    claims = context.table("claims")
    open_ = sum(not one.startswith("confirmed") for one in claims.verdict)
    said = [int(one) for one in re.findall(r"\d+", texts["What is not known"].en)]
    assert said == [12, open_, len(claims), len(firms), int((~firms.has_site).sum())]
    assert "两条走廊" in texts["What is new"].zh
    assert "三条发展轴" in texts["What is new"].zh


def test_the_head_says_the_same_numbers_in_every_language(context):
    for point in brief(context)[1::2]:
        found = [sorted(re.findall(r"\d+", text)) for text in point.text.described().values()]
        assert found[0] == found[2]
        assert set(found[1]) <= set(found[0])


def test_every_page_has_a_picture_in_every_language():
    missing = [
        preview_path(page.page_id, language).name
        for page in PAGES
        for language in LANGUAGES
        if not preview_path(page.page_id, language).is_file()
    ]
    assert missing == []  # make previews


def test_the_command_names_the_pages_whose_cards_have_no_picture(tmp_path, monkeypatch):
    monkeypatch.setattr("geo.atlas.gallery.LANGUAGES", (*LANGUAGES, "xx"))
    done = CliRunner().invoke(atlas_app, ["--only", "circles", "-o", str(tmp_path / "maps")])
    assert done.exit_code == 0
    assert "cards without a picture: circles (make previews draws them)" in done.stderr


def test_a_picture_is_shown_in_its_own_language_only():
    page = gallery([Card(PAGES[0].page_id, PLAIN, PLAIN, PLAIN)], FRONT)
    shown = re.findall(r'<img class="(\w+)" src="data:image/webp;base64,(\w+)', page)
    assert [language for language, _ in shown] == list(LANGUAGES)
