"""A report in a real browser: languages by address and link, cards on a phone, contrast."""

import re

import pandas as pd
import pytest

from geo.layers.layer import Localized
from geo.render.reports import Column, Section, report_page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CODES = ["achieved", "on_pace", "behind", "far_behind", "reversed", "unconfirmed"]


def _page():
    frame = pd.DataFrame({"name": CODES, "code": CODES, "value": range(len(CODES)),
                          "source": "https://example.org/" + "long/" * 40})  # fmt: skip
    columns = [
        Column(Localized.of("名", "Name", "名前"), "name"),
        Column(Localized.of("值", "Value", "値"), "value"),
        Column(Localized.of("评估", "Assessment", "評価"), "code", tone="code"),
        Column(Localized.of("来源", "Source", "出典"), "source"),
    ]
    return report_page(
        Localized.of("甲", "Title", "題"),
        [Section(Localized.of("a", "b", "c"), [], columns, frame)],
    )


@pytest.fixture
def report(chromium, tmp_path):
    (tmp_path / "report.html").write_text(_page(), encoding="utf-8")
    contexts = []

    def opened(fragment="", width=1440, scheme="light"):
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True,
            java_script_enabled=True,
        )  # fmt: skip
        contexts.append(context)
        page = context.new_page()
        page.goto((tmp_path / "report.html").as_uri() + fragment)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize(
    ("fragment", "title"),
    [("", "甲"), ("#lang=zh", "甲"), ("#lang=en", "Title"), ("#lang=ja", "題"), ("#lang=fr", "甲")],
)
def test_the_address_chooses_the_language(report, fragment, title):
    assert report(fragment).inner_text("h1").strip() == title


def test_a_link_changes_language_and_address_and_the_way_back_is_open(report):
    page = report("#lang=en")
    page.get_by_role("link", name="日本語").click()
    assert page.inner_text("h1").strip() == "題"
    assert page.evaluate("location.hash") == "#lang=ja"
    page.go_back()
    assert page.inner_text("h1").strip() == "Title"


@pytest.mark.parametrize("width", [390, 1024, 1440])
def test_nothing_is_cut_off_and_a_phone_has_cards(report, width):
    page = report("#lang=en", width=width)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert page.evaluate("document.querySelector('.wide').scrollWidth") <= width
    assert page.locator("thead").is_visible() == (width > 760)
    assert page.locator("td .label").nth(2).is_visible() == (width <= 760)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_mark_can_be_read(report, scheme):
    pairs = report("#lang=en", scheme=scheme).eval_on_selector_all(
        ".mark",
        "all => all.map(a => [getComputedStyle(a).color, getComputedStyle(a).backgroundColor])",
    )
    assert len(pairs) == len(CODES)
    for pair in pairs:
        light, dark = sorted((_luminance(one) for one in pair), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5  # WCAG 2.1, 1.4.3


def _luminance(colour):
    shares = [int(one) / 255 for one in re.findall(r"\d+", colour)[:3]]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
