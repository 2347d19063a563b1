"""A report runs nothing, asks nobody, and shows every text as text."""

import json
import re
from html.parser import HTMLParser

import pandas as pd
import pytest

from geo.errors import UnknownIdError
from geo.layers.layer import Localized
from geo.render.reports import Column, Section, report_page
from geo.render.sanitize import sanitized

HOSTILE = [
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    "{{ cycler.__init__.__globals__.os.system('touch pwned') }}",
    "{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
    "javascript:alert(1)",
    '"><svg onload=alert(1)>',
    "${alert(1)}`\\",
    "</style><style>*{display:none}",
    "a\u2028b\u202eevil",
    "]]>&amp;<!--",
]


class _Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.texts, self.script = [], [], [], False

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        self.script = tag == "script"

    def handle_endtag(self, _tag):
        self.script = False

    def handle_data(self, data):
        if not self.script:
            self.texts.append(data)


def _parsed(page):
    parser = _Page()
    parser.feed(page)
    parser.close()
    return parser


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text_everywhere(text):
    three = Localized.of(text, text, text)
    columns = [Column(three, "x", tone="x"), Column(three, "t", translated=True)]
    frame = pd.DataFrame({"x": [text], "t_zh": [text], "t_en": [text], "t_ja": [text]})
    page = report_page(three, [Section(three, [three], columns, frame)], notes=[three],
                       provenance={"file": text})  # fmt: skip
    parsed = _parsed(page)
    assert parsed.tags.count("script") == 1
    assert not {"img", "svg", "iframe", "object", "embed", "link", "base"} & set(parsed.tags)
    assert not [name for name, _ in parsed.attributes if name.startswith("on") or name == "src"]
    assert "".join(parsed.texts).count(sanitized(text)) >= 3
    found = re.search(r'id="jjj-provenance">(.*?)</script>', page, re.DOTALL)
    assert json.loads(found.group(1)) == {"file": text}


def test_nothing_is_loaded_and_the_policy_forbids_it():
    page = report_page(Localized.of("甲", "A", "あ"), [])
    assert "default-src" in page
    assert "http://" not in page
    assert "https://" not in page
    assert page == report_page(Localized.of("甲", "A", "あ"), [])


def test_numbers_stand_as_in_the_table_and_missing_is_empty():
    frame = pd.DataFrame({"x": [0.1, 12.0, None, float("inf")]})
    page = report_page(
        Localized.of("a", "a", "a"),
        [
            Section(
                Localized.of("b", "b", "b"), [], [Column(Localized.of("c", "c", "c"), "x")], frame
            )
        ],
    )
    assert re.findall(r"<bdi>(.*?)</bdi>", page) == ["0.1", "12.0"]
    assert page.count('class="number empty"') == 2


def _cells(frame, column):
    a = Localized.of("a", "a", "a")
    return report_page(a, [Section(a, [], [column], frame)])


def test_addresses_are_short_links_and_nothing_else_is_one():
    head = Localized.of("c", "c", "c")
    text = "https://www.example.org/a?b=<i>&c (bureau); http://b.cn javascript:alert(1) https://"
    page = _cells(pd.DataFrame({"x": [text]}), Column(head, "x"))
    links = [value for name, value in _parsed(page).attributes if name == "href"]
    assert links[3:] == ["https://www.example.org/a?b=", "http://b.cn"]
    assert ">example.org</a>" in page
    page = _cells(
        pd.DataFrame({"x": ["见 https://a.cn/b-c.html（统计局，2026）、http://d.cn/e。"]}),
        Column(head, "x"),
    )
    assert re.findall(r'<a href="(http.*?)"', page) == ["https://a.cn/b-c.html", "http://d.cn/e"]
    frame = pd.DataFrame(
        {"x": ["Title", "Title", None], "y": ["https://a.cn/b", "javascript:1", "https://c.cn"]}
    )
    page = _cells(frame, Column(head, "x", address="y"))
    assert (
        '<a href="https://a.cn/b" title="https://a.cn/b" rel="noopener noreferrer">Title</a>'
        in page
    )
    assert "javascript:1" not in page
    assert "c.cn" not in page


def test_what_stands_under_a_value_is_left_out_where_it_is_missing():
    below = Column(Localized.of("来源：", "Source:", "出典："), "y")
    page = _cells(
        pd.DataFrame({"x": [1, 2], "y": ["z", None]}),
        Column(Localized.of("c", "c", "c"), "x", under=(below,)),
    )
    assert page.count("Source:") == 1


def test_bars_stop_at_their_ends_and_need_both_shares():
    column = Column(Localized.of("c", "c", "c"), "x", bar=("x", "y"))
    page = _cells(pd.DataFrame({"x": [-0.2, 3.0, None], "y": [0.5, 0.25, 0.5]}), column)
    assert re.findall(r'class="fill" width="(.*?)"', page) == ["0.0", "100.0"]
    assert re.findall(r'class="due" .*? x="(.*?)"', page) == ["49.2", "24.2"]


@pytest.mark.parametrize("lang", ["zh", "en", "ja"])
def test_each_language_has_an_address(lang):
    page = report_page(Localized.of("甲", "A", "あ"), [], lang=lang)
    assert f'class="first-{lang}"' in page
    assert page.count(f'href="#lang={lang}"') == 1 + page.split("</style>")[0].count(
        f'href="#lang={lang}"'
    )
    assert f'id="lang={lang}"' in page


def test_an_unknown_language_is_named():
    with pytest.raises(UnknownIdError, match="'fr'"):
        report_page(Localized.of("a", "b", "c"), [], lang="fr")


@pytest.mark.parametrize(
    ("address", "linked"),
    [
        ("circles.html", True),
        ("javascript:alert(1)", False),
        ("../circles.html", False),
        ("//host/circles.html", False),
        ("circles.html#lang=en", False),
        ("", False),
    ],
)
def test_a_translated_text_links_to_a_page_beside_it_and_nowhere_else(address, linked):
    column = Column(Localized.of("图", "Map", "地図"), "map", translated=True, address="page")
    frame = pd.DataFrame(
        {"map_zh": ["圈"], "map_en": ["circles"], "map_ja": ["圏"], "page": [address]}
    )
    page = report_page(column.header, [Section(column.header, columns=[column], frame=frame)])
    assert ('<a href="circles.html#lang=en">circles</a>' in page) is linked
    assert page.count("<a href") == (6 if linked else 3)  # three of them switch the language
