"""Docstrings say of every parameter and attribute what it is; the glossary names those that recur."""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "geo"
GLOSSARY = ROOT / "docs" / "glossary.md"
SECTIONS = ("Parameters", "Other Parameters", "Attributes")
FEWEST_WORDS = 4
Documented = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


class Entry(NamedTuple):
    """One described name of a docstring: where it stands, the names, the description."""

    where: str
    names: tuple[str, ...]
    text: str


def entries_of(docstring: str) -> Iterator[tuple[str, str]]:
    """Yield heading and description of each entry under Parameters and Attributes."""
    lines = [*docstring.splitlines(), "", ""]
    inside, heading, words = False, "", []
    for line, following in pairwise(lines):
        if re.fullmatch("-{3,}", following):
            if heading:
                yield heading, " ".join(words)
            inside, heading, words = line in SECTIONS, "", []
        elif inside and re.match(r"\S", line) and not re.fullmatch("-{3,}", line):
            if heading:
                yield heading, " ".join(words)
            heading, words = line, []
        elif inside and heading:
            words += line.split()
    if heading:
        yield heading, " ".join(words)


def documented(node: ast.AST, name: str) -> Iterator[tuple[str, Documented]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Documented):
            yield f"{name}.{child.name}", child
            yield from documented(child, f"{name}.{child.name}")


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Yield the modules of the package but the command line's, whose docstrings are help texts."""
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if "node_modules" not in parts:
            yield ".".join(parts), ast.parse(path.read_text(encoding="utf-8"))


def entries() -> Iterator[Entry]:
    for module, tree in modules():
        for name, node in documented(tree, module):
            for heading, text in entries_of(ast.get_docstring(node) or ""):
                names = heading.split(" : ")[0].split(", ")
                yield Entry(name, tuple(one.lstrip("*") for one in names), text)


ENTRIES = tuple(entries())


def test_entries_are_found_whatever_follows_them():
    text = (
        "Do.\n\nParameters\n----------\na, b\n    One two\n    three.\n*c\n    Four.\n\n"
        "Returns\n-------\nint\n    Five.\n\nAttributes\n----------\nd : int\n"
    )
    assert list(entries_of(text)) == [("a, b", "One two three."), ("*c", "Four."), ("d : int", "")]
    assert len(ENTRIES) > 2000


def test_every_parameter_and_attribute_is_described():
    short = [
        f"{one.where}: {', '.join(one.names)}: {one.text!r}"
        for one in ENTRIES
        if len(one.text.split()) < FEWEST_WORDS
    ]
    assert short == []


def recurring() -> dict[str, str]:
    """Return the parameters of the glossary's table, each with its type."""
    text = GLOSSARY.read_text(encoding="utf-8")
    table = text.partition("## Parameters that recur")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`[^|]+) \| ([^|]+) \|", table, re.MULTILINE)
    return {name: kind for names, kind in rows for name in re.findall(r"`(\w+)`", names)}


@pytest.fixture(scope="module")
def parameters() -> dict[str, int]:
    """How many functions of the package have a parameter of each name."""
    found: dict[str, int] = {}
    for module, tree in modules():
        for _, node in documented(tree, module):
            if not isinstance(node, ast.ClassDef):
                every = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
                for one in every:
                    found[one.arg] = found.get(one.arg, 0) + 1
    return found


def test_parameters_of_the_glossary_recur_in_the_code(parameters):
    assert len(recurring()) >= 30
    assert [name for name in recurring() if parameters.get(name, 0) < 3] == []


def test_the_commonest_parameters_are_in_the_glossary(parameters):
    common = {name for name, times in parameters.items() if times >= 25} - {"self", "cls"}
    assert common - set(recurring()) == set()


@pytest.mark.parametrize("name", ["chunk", "context", "lang", "places"])
def test_a_parameter_of_one_meaning_has_one_sentence(name):
    texts = [one.text for one in ENTRIES if one.names == (name,)]
    common = max(set(texts), key=texts.count)
    assert texts.count(common) >= len(texts) / 2
