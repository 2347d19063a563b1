"""Every page of the publication in a real browser with the network cut."""

import re

import pytest
from waiting import until

from geo.atlas.jjj import PAGES

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SIZES = {"desktop": (1440, 900), "phone": (390, 844)}
WITHOUT_SCRIPT = {"claims"}  # a page of text: its languages are switched by the style sheet
SCRIPTED = ["index", *(page.page_id for page in PAGES if page.page_id not in WITHOUT_SCRIPT)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", SCRIPTED)
def test_a_page_opens_without_a_request_or_a_complaint(open_page, folder, name, size):
    width, height = SIZES[size]
    text = (folder / f"{name}.html").read_text(encoding="utf-8")
    page, seen = open_page(text, width=width, height=height)
    assert seen.problems == []
    overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert overflow <= 0


@pytest.mark.parametrize("name", SCRIPTED)
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


# what the tables of all clicks on a page would say, each text once
CELLS = """async () => {
  const said = new Set(), lang = jjj.STATE.lang;
  for (const layer of jjj.LAYERS.filter((one) => one.n && one.fields)) {
    await layer.table();
    for (const { column, words, label } of layer.fields.filter((one) => (one.lang ?? lang) === lang)) {
      said.add(label[lang] ?? label);
      for (let i = 0; i < layer.n; i += 1) {
        const value = layer.cell(column, i);
        const word = typeof value === 'string' && Object.hasOwn(words, value) ? words[value] : value;
        if (typeof word !== 'number' && word !== null) said.add(word[lang] ?? word);
      }
    }
  }
  return [...said];
}"""
ADDRESS = re.compile(r"https?://\S+")
ENGLISH = re.compile(r"\b[a-z]{2,} [a-z]{2,}\b")  # two words that are no names
CHINESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


@pytest.mark.parametrize("name", [one for one in SCRIPTED if one != "index"])
def test_what_a_click_says_is_in_the_reader_s_language(open_page, folder, name):
    text = (folder / f"{name}.html").read_text(encoding="utf-8")
    page, _ = open_page(text)
    for lang, foreign in (("zh", ENGLISH), ("ja", ENGLISH), ("en", CHINESE)):
        page.evaluate("(lang) => jjj.setLanguage(lang)", lang)
        said = page.evaluate(CELLS)
        assert said
        assert [one for one in said if foreign.search(ADDRESS.sub("", one))] == []


def test_years_that_are_chosen_show_the_lines_that_opened_in_them(open_page, folder):
    page, seen = open_page((folder / "flows.html").read_text(encoding="utf-8"))
    plot = page.locator(".chart:has-text('历年已开通') .plot")
    plot.focus()
    page.keyboard.press("ArrowRight")  # 2008
    page.keyboard.press("Enter")
    found = """() => { const { layer, set } = jjj.STATE.marked ?? {};
      return layer ? [layer.id, layer.on, [...set].map((i) => layer.key(i)).sort().join()] : null; }"""
    until(page, found, ["rail_lines", True, "jingjin-intercity"])
    assert seen.problems == []


def test_links_of_the_front_page_lead_to_maps_that_are_there(open_page, folder):
    page, _ = open_page((folder / "index.html").read_text(encoding="utf-8"))
    links = page.eval_on_selector_all("article h2 a", "all => all.map(a => a.getAttribute('href'))")
    assert len(links) == len(PAGES)
    names = [link.split("#")[0].rsplit("/", 1)[-1] for link in links]
    assert all((folder / name).is_file() for name in names)
    tables = page.eval_on_selector_all(".data a", "all => all.map(a => a.getAttribute('href'))")
    assert sorted(tables) == sorted(path.name for path in folder.glob("*.csv"))


def test_the_front_page_keeps_the_language_in_its_address_and_hands_it_on(open_page, folder):
    page, seen = open_page((folder / "index.html").read_text(encoding="utf-8"))
    page.get_by_role("button", name="日本語").click()
    assert page.evaluate("location.hash") == "#lang=ja"
    assert page.title() == "京津冀 空間協同アトラス"
    assert page.evaluate("document.documentElement.lang") == "ja"
    hashes = page.eval_on_selector_all("a.map", "all => all.map(a => a.hash)")
    assert set(hashes) == {"#lang=ja"}
    assert seen.problems == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", sorted(WITHOUT_SCRIPT))
def test_a_page_of_text_opens_and_changes_its_language(chromium, folder, name, size):
    width, height = SIZES[size]
    viewport = {"width": width, "height": height}
    context = chromium.new_context(viewport=viewport, offline=True, java_script_enabled=False)
    page, seen = context.new_page(), []
    page.on("console", lambda one: seen.append(one.text))
    page.on("request", lambda one: seen.append(one.url))
    file = (folder / f"{name}.html").as_uri()
    page.goto(file)
    said = set()
    for language in ("中文", "English", "日本語"):
        page.get_by_text(language, exact=True).first.click()
        said.add(page.locator("h1").first.inner_text())
    assert len(said) == 3
    assert seen == [file]
    context.close()
