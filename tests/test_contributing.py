"""docs/contributing: the how-tos for this repository, every block done as it is printed, in a copy.

"Save as `path`:" makes a file, "Add to `path`:" goes to its end (code after two empty lines), "Change
in `path`:" is a difference whose kept and removed lines stand in the file once; sh is run.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = ROOT / "docs" / "contributing"
BLOCK = re.compile(
    r"(?:(?P<act>Save as|Add to|Change in)\s+`(?P<file>[^`]+)`:\s+)?"
    r"```(?P<kind>\w+)\n(?P<text>.*?)```",
    re.DOTALL,
)
PARTS = ("geo", "layers", "tests", "maps/previews", "pyproject.toml")


def change(text, difference):
    """Apply the hunks of a difference without line numbers; ``@@`` parts them."""
    for hunk in re.split(r"^@@\n", difference, flags=re.MULTILINE):
        lines = hunk.splitlines(keepends=True)
        assert {one[0] for one in lines} <= set(" +-"), hunk
        old = "".join(one[1:] for one in lines if one[0] != "+")
        assert text.count(old) == 1, f"{text.count(old)} times in the file:\n{old}"
        text = text.replace(old, "".join(one[1:] for one in lines if one[0] != "-"))
    return text


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """Copy what a contributor changes, with programs that run this copy."""
    place = tmp_path_factory.mktemp("checkout")
    ignored = shutil.ignore_patterns("__pycache__", "data", "node_modules")
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, place / part, ignore=ignored)
        else:
            shutil.copy(ROOT / part, place / part)
    programs = place / "bin"
    programs.mkdir()
    modules = {"jjj": "-m geo.cli", "pytest": "-m pytest -p no:cacheprovider", "python": ""}
    for name, module in modules.items():
        program = programs / name
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" {module} "$@"\n')
        program.chmod(0o755)
    return place


@pytest.fixture(scope="module")
def follow(checkout):
    """Do what a page says, block by block, and return what its commands said."""
    path = os.pathsep.join([str(checkout / "bin"), str(Path(sys.executable).parent)])
    env = {key: word for key, word in os.environ.items() if not key.startswith(("PYTEST", "JJJ"))}
    env |= {"PATH": f"{path}{os.pathsep}{env['PATH']}", "PYTHONPATH": str(checkout)}

    def run(text):
        done = subprocess.run(
            ["sh", "-e", "-c", text], cwd=checkout, env=env, capture_output=True, text=True
        )
        assert done.returncode == 0, (text, done.stdout[-3000:], done.stderr[-3000:])
        return done.stdout + done.stderr

    def do(name, *, browser=False):
        said = []
        for block in BLOCK.finditer((PAGES / name).read_text(encoding="utf-8")):
            act, file, text = block["act"], checkout / (block["file"] or ""), block["text"]
            if ("previews.py" in text) != browser:
                continue
            if block["kind"] == "sh":
                said.append(run(text))
            elif act == "Save as":
                assert not file.exists(), f"{file} is there already"
                file.write_text(text, encoding="utf-8")
            elif act == "Add to":
                with file.open("a", encoding="utf-8") as end:
                    end.write({"python": "\n\n", "po": "\n"}.get(block["kind"], "") + text)
            else:
                assert act == "Change in", f"nothing says what to do with {text[:60]!r}"
                assert block["kind"] == "diff"
                old = file.read_text(encoding="utf-8")
                file.write_text(change(old, text), encoding="utf-8")
        return "".join(said)

    return do


@pytest.mark.slow
def test_a_layer_from_a_table(follow, checkout):
    said = follow("layer.md")
    assert "libraries.geojson" in said
    assert re.search(r"\b[3-9] passed", said)
    assert "3 features, hash and schema hold" in said
    assert "3 inside" in said
    assert (checkout / "map.html").is_file()
    assert len((checkout / "along.csv").read_text(encoding="utf-8").splitlines()) == 4


@pytest.mark.slow
def test_a_measure(follow, checkout):
    said = follow("measure.md")
    assert re.search(r"\b[1-9]\d* passed", said)
    head, row, *_ = (checkout / "inequality.csv").read_text(encoding="utf-8-sig").splitlines()
    assert float(dict(zip(head.split(","), row.split(","), strict=True))["hoover"]) == 0.25


@pytest.fixture(scope="module")
def page(follow):
    """Follow the how-to of a page up to its picture."""
    return follow("page.md")


@pytest.mark.slow
def test_a_page_whose_card_has_no_picture_yet(page, checkout):
    said = page
    assert "cards without a picture: universities (make previews draws them)" in said
    assert " passed" in said
    assert "universities listed" in (checkout / "maps" / "universities.html").read_text("utf-8")
    assert 'href="universities.html"' in (checkout / "maps" / "index.html").read_text("utf-8")


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.usefixtures("page", "chromium")
def test_the_card_gets_its_picture(follow, checkout):
    said = follow("page.md", browser=True)
    assert "cards without a picture" not in said
    assert "data:image/webp" in (checkout / "seen" / "index.html").read_text("utf-8")
    for language in ("zh", "en", "ja"):
        assert (checkout / "maps" / "previews" / f"universities-{language}.webp").is_file()


@pytest.mark.slow
def test_what_was_printed_is_formatted_and_clean(checkout):
    made = [
        "geo/analysis/structure/inequality.py",
        "geo/atlas/jjj",
        "geo/cli/roles.py",
        "tests/analysis/structure",
    ]
    for words in (["check"], ["format", "--check"]):
        subprocess.run([sys.executable, "-m", "ruff", *words, *made], cwd=checkout, check=True)
