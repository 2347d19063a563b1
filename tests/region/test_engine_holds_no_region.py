"""No fact of a region stands in the engine: no code and no place's name outside docstrings."""

import ast
import re
from pathlib import Path

import pytest

import geo
from geo.layers import read
from geo.region import open_region

ENGINE = Path(geo.__file__).parent
OWN_PAGES = ENGINE / "atlas" / "jjj"
DATUMS = re.compile(
    r"Beijing.{0,3}1954|beijing-\?_\?\(\?:19\)\?54|北京.{0,12}54|New Beijing", re.IGNORECASE
)
"""The old national datum is called after a city; no place is meant."""
TEXTS = sorted(
    one
    for kind in ("yaml", "json", "j2")
    for one in ENGINE.rglob(f"*.{kind}")
    if OWN_PAGES not in one.parents and "shipped" not in one.parts
)
FILES = sorted(one for one in ENGINE.rglob("*.py") if OWN_PAGES not in one.parents)


def place_names():
    """Return the names of the region's units, long and short, and of its special areas."""
    region = open_region()
    found = {"Tiananmen", "天安门", "Jing-Jin-Ji", "京津冀"}
    for level in region.levels:
        frame = read(level.layer_id)
        wide = level is not region.smallest
        for zh, en in zip(frame.name_zh, frame.name_en, strict=True):
            found |= {zh} | ({en, zh.rstrip("市省")} if wide else set())
    for area in region.special_areas:
        found |= {*area.called, area.name.en, "Xiong'an"}
    return found


NAMES = place_names()
LATIN = re.compile(
    r"\b(?:" + "|".join(sorted(one for one in NAMES if one.isascii())) + r")\b", re.IGNORECASE
)
HAN = re.compile("|".join(sorted((one for one in NAMES if not one.isascii()), key=len)))
CODE = re.compile(r"(?<![\d.])1[123]\d{4}(?![\d.])")


def docstrings(tree):
    owners = (ast.Module, ast.ClassDef, ast.FunctionDef)
    for node in ast.walk(tree):
        if isinstance(node, owners) and node.body and isinstance(node.body[0], ast.Expr):
            yield node.body[0].value
        for child in getattr(node, "body", []) if isinstance(node, owners) else []:
            if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
                yield child.value  # what is said of the name above


def facts_in(file):
    tree = ast.parse(file.read_text(encoding="utf-8"))
    told = {id(one) for one in docstrings(tree)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or id(node) in told:
            continue
        if isinstance(node.value, str):
            text = DATUMS.sub("", node.value)
            for pattern in (CODE, LATIN, HAN):
                if hit := pattern.search(text):
                    yield f"{file.relative_to(ENGINE)}:{node.lineno}: {hit[0]}"
        elif type(node.value) is int and CODE.fullmatch(str(node.value)):
            yield f"{file.relative_to(ENGINE)}:{node.lineno}: {node.value}"


@pytest.mark.parametrize("file", FILES, ids=lambda one: str(one.relative_to(ENGINE)))
def test_no_code_and_no_name_of_a_place(file):
    assert list(facts_in(file)) == []


@pytest.mark.parametrize("file", TEXTS, ids=lambda one: str(one.relative_to(ENGINE)))
def test_no_text_beside_the_code_names_a_place(file):
    lines = file.read_text(encoding="utf-8").splitlines()
    said = [one for one in lines if not one.lstrip().startswith("#")]
    found = [hit[0] for one in said for pattern in (LATIN, HAN) if (hit := pattern.search(one))]
    assert found == []


def test_the_scan_sees_what_it_looks_for(tmp_path):
    bad = ENGINE / "bad.py"
    text = 'def f():\n    """Of Beijing."""\n    return {"110000": "Beijing", "x": "雄安", 1: 130000}\n'
    file = tmp_path / "bad.py"
    file.write_text(text, encoding="utf-8")
    tree = ast.parse(text)
    told = {id(one) for one in docstrings(tree)}
    seen = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and id(n) not in told]
    assert {"110000", "Beijing", "雄安", 130000} <= set(seen)
    assert "Of Beijing." not in seen
    assert not bad.exists()
    assert (CODE.search("110000"), LATIN.search("in Baoding"), HAN.search("去雄县")) != (None,) * 3
