"""docs/contributing/region.md: every block is saved and run as it is printed, from an empty folder."""

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[1] / "docs" / "contributing" / "region.md"
BLOCK = re.compile(
    r"(?:Save as\s+`(?P<file>[^`]+)`:\s+)?```(?P<kind>\w+)\n(?P<text>.*?)```", re.DOTALL
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Do what the page says, block by block."""
    place = tmp_path_factory.mktemp("howto")
    (place / "mine").mkdir()
    program = Path(sys.executable).parent
    env = os.environ | {"PATH": f"{program}{os.pathsep}{os.environ['PATH']}"}
    env.pop("JJJ_REGION", None)
    blocks = list(BLOCK.finditer(PAGE.read_text(encoding="utf-8")))
    assert {one["kind"] for one in blocks} == {"json", "yaml", "csv", "sh"}
    for block in blocks:
        if block["kind"] == "sh":
            done = subprocess.run(
                ["sh", "-e", "-c", block["text"]],
                cwd=place,
                env=env,
                capture_output=True,
                text=True,
            )
            assert done.returncode == 0, (block["text"], done.stderr)
        else:
            assert block["file"], block["text"][:60]
            (place / block["file"]).write_text(block["text"], encoding="utf-8")
    return place


@pytest.mark.slow
def test_rows_are_placed_in_the_two_polygons(folder):
    with (folder / "placed.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert [one["adcode"] for one in rows] == ["N", "S", "S", "S"]
    assert rows[0]["county"] == "North bank"
    assert not {"city", "province", "in_xiongan"} & set(rows[0])


@pytest.mark.slow
def test_the_corridor_is_as_long_as_the_geodesic(folder):
    told = json.loads((folder / "along.json").read_text(encoding="utf-8"))
    assert told["length_km"] == pytest.approx(33.872, rel=1e-4)
    assert told["inside"] == 2  # wharf and foundry; the clinic is 6.8 km away
    assert not {"rail_km", "road_km"} & set(told)


@pytest.mark.slow
def test_map_and_pages_are_the_regions_own(folder):
    for page in (folder / "map.html", folder / "pages" / "overview.html"):
        text = page.read_text(encoding="utf-8")
        assert "drawn by hand for this page" in text
        assert "天地图" not in text
    assert sorted(one.name for one in (folder / "pages").iterdir()) == [
        "corridors-axes.csv", "corridors.html", "index.html", "overview-facilities.csv",
        "overview.html",
    ]  # fmt: skip
    assert "Two Banks" in (folder / "pages" / "index.html").read_text(encoding="utf-8")
