"""The catalogue of words: whole, without leftovers, compiled; a language is one folder."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import catalogue_of_words as words
import pytest
from babel.messages.mofile import write_mo

import geo
from geo.texts import LANGUAGES, Localized, Text3, listed, tr, tr_in, tr_n, translated

CODES = pytest.mark.parametrize("code", words.languages())


def forms(string):
    return [string] if isinstance(string, str) else list(string)


@CODES
def test_every_text_is_translated_and_every_translation_is_said(code):
    kept = {(one.id, one.context) for one in words.kept(code) if one.id}
    said = {(one.id, one.context) for one in words.template() if one.id}
    assert said - kept == set(), "not in the catalogue; run make words"
    assert kept - said == set(), "said nowhere any more; run make words"
    empty = [one.id for one in words.kept(code) if one.id and not all(forms(one.string))]
    assert empty == []
    assert not any(one.fuzzy for one in words.kept(code) if one.id)


@CODES
def test_a_translation_has_places_of_its_text_only(code):
    for one in words.kept(code):
        if one.id:
            assert words.odd_places(one) == [], one.id


@CODES
def test_files_are_as_babel_writes_them_and_the_compiled_one_is_of_the_other(code):
    folder = words.FOLDER / code
    assert (folder / "messages.po").read_bytes() == words.as_po(words.updated(code))
    assert (folder / "messages.mo").read_bytes() == words.as_mo(words.kept(code))


def test_values_go_in_by_language_and_braces_of_a_text_without_values_stay():
    name = Localized(zh="北京", en="Beijing", ja="北京")
    made = tr("Atlas of {name}", name=name)
    assert (made.zh, made.en, made.ja) == ("北京空间图集", "Atlas of Beijing", "北京 空間アトラス")
    assert tr("Matches: {n}").en == "Matches: {n}"
    assert tr("No such text {n}", n=1).ja == "No such text 1"
    hostile = tr("Atlas of {name}", name="{name.__class__} {0} <b>")
    assert hostile.en == "Atlas of {name.__class__} {0} <b>"


def test_forms_by_number_and_texts_by_context():
    one, many = ", {n} unit unconfirmed", ", {n} units unconfirmed"
    assert tr_n(1, one, many).en == ", 1 unit unconfirmed"
    assert tr_n(2, one, many).en == ", 2 units unconfirmed"
    assert tr_n(1, one, many).zh == "，1 县未确认"
    assert tr_in("control", "none").zh != tr("none").zh
    assert translated("Network density").ja == "ネットワーク密度"
    assert listed([Localized(en="a"), Localized(en="b")]).en == "a and b"


def test_a_text_is_a_value_that_does_not_change():
    import copy
    import pickle

    text = Localized(zh="甲", en="a", ja="あ")
    assert pickle.loads(pickle.dumps(text)) == text == copy.deepcopy(text)  # noqa: S301
    assert hash(text) == hash(Localized.of("甲", "a", "あ"))
    assert text != Localized(en="a")
    with pytest.raises(AttributeError, match="does not change"):
        text.en = "b"
    with pytest.raises(AttributeError, match="xx"):
        text.xx  # noqa: B018
    with pytest.warns(DeprecationWarning, match=r"Localized\.of"):
        former = Text3("甲", "a", "あ")
    assert former == text


def test_a_translation_that_is_added_below_an_empty_one_is_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(words, "FOLDER", tmp_path)
    (tmp_path / "ja").mkdir()
    text = words.as_po(words.template()).decode() + '\nmsgid "Search"\nmsgstr "検索"\n'
    (tmp_path / "ja" / "messages.po").write_text(text, "utf-8")
    assert words.kept("ja").get("Search").string == "検索"


@pytest.mark.slow
def test_a_fourth_language_is_one_folder(tmp_path):
    """German, of which one text is translated: the rest is read in English, numbers in its marks."""
    package = tmp_path / "geo"
    shutil.copytree(
        Path(geo.__file__).parent, package, ignore=shutil.ignore_patterns("node_modules")
    )
    (tmp_path / "layers").symlink_to(Path(geo.__file__).parents[1] / "layers")
    folder = package / "languages" / "de"
    folder.mkdir()
    card = {"name": "Deutsch", "html": "de", "order": 4, "decimal": ",", "group": ".", "list": ", ", "list_last": " und "}  # fmt: skip
    (folder / "language.json").write_text(json.dumps(card), encoding="utf-8")
    catalogue = words.template()
    catalogue.locale = "de"
    catalogue.get(
        "{drawn:,} of {rows:,} rows drawn"
    ).string = "{drawn:,} von {rows:,} Zeilen gezeichnet"
    with (folder / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)
    (tmp_path / "sites.csv").write_text("name,lng,lat\na,116.4,39.9\nb,117.2,39.1\n", "utf-8")
    code = (
        "from geo.texts import *; from geo.render import quick_map\n"
        "print(LANGUAGES, tr('{drawn:,} of {rows:,} rows drawn', drawn=5, rows=1234).de, tr('Search').de)\n"
        "quick_map(['sites.csv'], lang='de').save('m.html')"
    )
    env = os.environ | {"PYTHONPATH": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=env, capture_output=True, text=True)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "('zh', 'en', 'ja', 'de') 5 von 1.234 Zeilen gezeichnet Search" in done.stdout
    page = (tmp_path / "m.html").read_text("utf-8")
    assert '<html lang="de">' in page
    assert "Deutsch" in page
    assert LANGUAGES == ("zh", "en", "ja")
