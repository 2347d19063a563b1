"""docs/from-0.1-to-0.2.md: its code runs, and the older words are understood as it says."""

import json
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[1] / "docs" / "from-0.1-to-0.2.md").read_text(encoding="utf-8")
JOBS = "place,industry,value\n北京,x,30\n北京,y,10\n天津,x,10\n天津,y,30\n"
UNITS = {"zone": "Z1", "title": "one"}


def jjj(folder, *words):
    return subprocess.run(
        [sys.executable, "-m", "geo.cli", *words], cwd=folder, capture_output=True, text=True
    )


def test_the_code_after_the_change_runs():
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    exec(compile(code, "from-0.1-to-0.2.md", "exec"), {})  # noqa: S102 - our own page


def test_a_former_module_says_what_the_page_says():
    said = " ".join(re.search(r'such as "`(.*?)`"', PAGE, re.DOTALL)[1].split())
    former = said.split()[0]
    sys.modules.pop(former, None)
    with pytest.warns(DeprecationWarning, match=f"^{re.escape(said)}$"):
        import_module(former)


def test_what_has_no_former_name_is_gone_as_the_page_says():
    for module, name in (
        ("geo.crs", "ANALYSIS_CRS"),
        ("geo.crs", "HANDOVER_CRS"),
        ("geo.raster", "read_raster"),
        ("geo.raster", "cells_within"),
    ):
        assert name in PAGE
        assert not hasattr(import_module(module), name)


def test_the_former_region_is_the_column_of_cities_after_the_command_only(tmp_path):
    (tmp_path / "jobs.csv").write_text(JOBS, encoding="utf-8")
    done = jjj(tmp_path, "roles", "specialisation", "jobs.csv", "--region", "place")
    assert done.returncode == 0
    assert "--region place was read as the column of cities; write --city place" in done.stderr
    assert "--region C was read as the column of cities; write --city C" in PAGE
    now = jjj(tmp_path, "roles", "specialisation", "jobs.csv", "--city", "place")
    assert now.stdout == done.stdout
    before = jjj(tmp_path, "--region", "place", "roles", "specialisation", "jobs.csv")
    assert (before.returncode, before.stdout) == (1, "")


def test_units_of_a_file_and_codes_are_written_as_the_page_says(tmp_path):
    ring = [[116, 39.5], [117, 39.5], [117, 40.5], [116, 40.5], [116, 39.5]]
    unit = {
        "type": "Feature",
        "properties": UNITS,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    units = {"type": "FeatureCollection", "features": [unit]}
    (tmp_path / "units.geojson").write_text(json.dumps(units), encoding="utf-8")
    (tmp_path / "sites.csv").write_text("name,lon,lat,adcode\na,116.4,39.9,110101\n")
    refused = jjj(tmp_path, "locate", "sites.csv", "--to", "units.geojson")
    assert refused.returncode == 1
    assert "name the id with --id" in refused.stderr
    words = ("locate", "sites.csv", "--to", "units.geojson", "--id", "zone", "-o", "out.csv")
    assert jjj(tmp_path, *words).returncode == 0
    head, row = (tmp_path / "out.csv").read_text(encoding="utf-8-sig").splitlines()
    found = dict(zip(head.split(","), row.split(","), strict=True))
    assert found["adcode"] == "Z1"
    assert not {"city", "province"} & set(found)
    done = jjj(
        tmp_path,
        "codes",
        "upgrade",
        "sites.csv",
        "--code",
        "adcode",
        "--from",
        "2012",
        "--to",
        "2024",
    )
    assert "adcode_in,adcode," in done.stdout


def test_a_file_without_a_place_in_the_region_is_an_error(tmp_path):
    (tmp_path / "tokyo.csv").write_text("name,lon,lat\na,139.7,35.6\n", encoding="utf-8")
    done = jjj(tmp_path, "corridor", "tokyo.csv", "--axis", "plan-jingjin")
    assert (done.returncode, done.stdout) == (1, "")
    assert "--region names another" in done.stderr
