"""docs/architecture.md: the picture shows every layer of the contract, in its order, and its links lead."""

import re
import tomllib
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

ROOT = Path(__file__).parents[1]
SVG = "{http://www.w3.org/2000/svg}"


def contract():
    """Return the layers of the import contract from the top, those side by side together."""
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    layers = next(one for one in tool["importlinter"]["contracts"] if one["type"] == "layers")
    return [{name.strip() for name in row.split("|")} for row in layers["layers"]]


def test_every_layer_of_the_contract_stands_in_the_picture_in_its_order():
    picture = ET.parse(ROOT / "docs" / "rooms.svg")  # noqa: S314 - our own
    drawn = {}
    for one in picture.iter(f"{SVG}text"):
        if one.get("class") == "name":
            drawn.setdefault(float(one.get("y")), set()).add(one.text)
    assert [drawn[height] for height in sorted(drawn)] == contract()


PAGES = [
    "CONTRIBUTING.md",
    "README.md",
    *(f"docs/{one.name}" for one in (ROOT / "docs").glob("*.md")),
    *(f"docs/contributing/{one.name}" for one in (ROOT / "docs" / "contributing").glob("*.md")),
]


@pytest.mark.parametrize("page", PAGES)
def test_links_between_pages_lead_somewhere(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#\s]+)", text)
    missing = [
        one
        for one in links
        if not one.startswith("http") and not ((ROOT / page).parent / one).exists()
    ]
    assert missing == []


def test_every_path_that_the_page_names_is_there():
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:geo|layers|tests)/[^`<]*)`", text)
    assert named
    assert [one for one in named if not (ROOT / one).exists()] == []
