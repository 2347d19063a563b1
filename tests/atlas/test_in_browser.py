"""Every page of the publication in a real browser with the network cut."""

import pytest

from geo.atlas import PAGES, build

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SIZES = {"desktop": (1440, 900), "phone": (390, 844)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("atlas")
    build(place)
    return place


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["index", *(page.page_id for page in PAGES)])
def test_a_page_opens_without_a_request_or_a_complaint(open_page, folder, name, size):
    width, height = SIZES[size]
    text = (folder / f"{name}.html").read_text(encoding="utf-8")
    page, seen = open_page(text, width=width, height=height)
    assert seen.problems == []
    overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert overflow <= 0


@pytest.mark.parametrize("name", ["index", *(page.page_id for page in PAGES)])
def test_the_language_switch_changes_title_and_finding(open_page, folder, name):
    text = (folder / f"{name}.html").read_text(encoding="utf-8")
    page, seen = open_page(text)
    said = {}
    for language in ("中文", "English", "日本語"):
        page.get_by_role("button", name=language).click()
        said[language] = page.inner_text("h1")
        body = page.inner_text("body")
        assert "天地图" in body or "Tianditu" in body or "天地図" in body
    assert len(set(said.values())) == 3
    assert seen.problems == []


def test_links_of_the_front_page_lead_to_maps_that_are_there(open_page, folder):
    page, _ = open_page((folder / "index.html").read_text(encoding="utf-8"))
    links = page.eval_on_selector_all("article a", "all => all.map(a => a.getAttribute('href'))")
    assert len(links) == len(PAGES)
    assert all((folder / link.split("#")[0]).is_file() for link in links)
