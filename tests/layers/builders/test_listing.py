"""layers/README.md is what the catalogue says, and licences and notice cover every source."""

import re
from pathlib import Path

from geo.layers import catalogue, ids, optional
from geo.layers.builders.listing import listing
from geo.layers.specs import specs
from geo.region import open_region
from geo.sources.registry import SOURCES

ROOT = Path(__file__).resolve().parents[3]


def test_the_page_is_the_one_of_the_catalogue():
    page = (open_region().folder / "README.md").read_text(encoding="utf-8")
    assert page == listing(catalogue(), specs().optional.values())


def test_every_layer_table_and_optional_layer_has_a_line():
    page = listing(catalogue(), specs().optional.values())
    listed = re.findall(r"^\| `(\w+)`", page, re.MULTILINE)
    assert listed == [
        *sorted(ids()),
        *sorted(catalogue()["tables"]),
        *(one.layer_id for one in optional()),
    ]


def test_every_line_has_as_many_cells_as_its_head():
    for block in re.split(r"\n\n", listing(catalogue(), specs().optional.values())):
        rows = [line for line in block.splitlines() if line.startswith("|")]
        assert len({re.sub(r"\\\|", "", line).count("|") for line in rows}) <= 1


def test_a_new_caveat_shows_and_a_pipe_breaks_nothing():
    entry = dict(catalogue()["layers"]["towns"], caveat={"en": "one | two\nthree"})
    page = listing({"layers": {"towns": entry}, "tables": {}})
    assert "| one \\| two three |" in page


def test_licence_texts_are_there_for_what_is_shipped():
    texts = {one.stem: one.read_text(encoding="utf-8") for one in (ROOT / "LICENSES").glob("*.txt")}
    used = {
        source_id["licence"]
        for entry in catalogue()["layers"].values()
        for source_id in entry["sources"]
    }
    for licence in ("ODbL-1.0", "CC-BY-4.0", "BSD-3-Clause", "MIT"):
        assert any(licence in one for one in used)
        assert any(name.startswith(licence) for name in texts)
    assert "Open Database License" in texts["ODbL-1.0"]
    assert "Attribution 4.0 International" in texts["CC-BY-4.0"]
    assert all(len(text) > 900 for text in texts.values())
    assert not any("Amap" in one for one in used)
    readme = (ROOT / "LICENSES" / "README.md").read_text(encoding="utf-8")
    assert all(f"{name}.txt" in readme for name in texts)


def test_the_notice_credits_boundaries_and_says_what_the_number_covers():
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    assert SOURCES["tianditu-counties"].review_number in notice
    for said in (
        "天地图",
        "does not cover",
        "© OpenStreetMap contributors",
        "GeoNames",
        "地图管理条例",
    ):
        assert said in notice
