"""Every command says what became of the rows, prints it and keeps it in what it writes."""

import importlib
import json
from pathlib import Path

import pytest
import typer
from inprocess import jjj

from geo.cli.main import COMMANDS

WITHOUT = {
    "atlas": "makes pages of shipped layers",
    "check growth": "prints one number of two",
    "explain": "prints what a file says of itself",
    "layers info": "describes a shipped layer",
    "layers list": "lists",
    "layers export": "copies a shipped layer",
    "layers check": "says whether the installation is whole",
    "layers build": "makes the shipped layers",
    "layers explain": "prints",
    "leastcost": "finds one path, which is no part of a whole",
    "plan elements": "copies the elements of a plan",
    "raster hillshade": "shades all cells",
    "raster clip": "copies cells",
}
"""Commands without a headline, and why."""


def leaves(name, command):
    inside = getattr(command, "commands", None)
    if inside is None:
        return {name: command}
    found = {}
    for own, one in inside.items():
        found |= leaves(f"{name} {own}", one)
    return found


@pytest.fixture(scope="module")
def commands():
    found = {}
    for name in COMMANDS:
        app = importlib.import_module(f"geo.cli.{name}").app
        found |= leaves(name, typer.main.get_command(app))
    return found


def test_every_command_with_a_headline_has_a_summary(commands):
    having = {
        name
        for name, one in commands.items()
        if any("--summary" in option.opts for option in one.params)
    }
    assert {*commands} - having <= {*WITHOUT}
    assert not having & {*WITHOUT}


READ = (
    "POINTS", "TABLE", "OD", "LAYER", "CITIES", "TOTALS", "PAIRS", "VALUES", "AXIS_ID|FILE",
    "FILE|FORMULA",
)  # fmt: skip
"""How the help calls what is read as a table or a layer."""
ELSEWHERE = ("layers", "leastcost", "raster")
"""Commands that take only shipped layers, or rasters, whose kinds are one."""


def test_every_input_of_a_file_says_which_files_are_read(commands):
    silent = []
    for name, one in commands.items():
        for option in one.params:
            shown = str(getattr(option, "metavar", "") or "")
            reads = any(word in shown for word in READ) and name.split()[0] not in ELSEWHERE
            if reads and "Parquet" not in (getattr(option, "help", "") or ""):
                silent.append((name, option.opts, shown))
    assert silent == []


TABLE = """name,lon,lat,code,weight,people,region
a,116.41,39.91,110101,3,5,北京
b,117.21,39.12,120101,,5,天津
c,114.51,38.05,130102,-2,4,石家庄
d,0,0,130202,1,3,唐山
e,118.18,39.63,130202,4,2,唐山
f,115.47,38.87,130606,2,2,保定
"""
OD = "origin,destination,weight\n北京,天津,9\n北京,保定,4\n北京,北京,3\n天津,火星,2\n保定,石家庄,0\n石家庄,邯郸,3\n"
EACH = {
    "locate": ("locate", "t.csv", "-o", "o.geojson"),
    "map": ("map", "t.csv", "-o", "o.html"),
    "corridor": ("corridor", "t.csv", "--axis", "plan-2026", "-o", "o.geojson"),
    "surface": ("surface", "t.csv", "--weight", "weight", "--cell-m", "2000", "-o", "o.tif"),
    "structure": ("structure", "t.csv", "--weight", "people", "-o", "o.geojson"),
    "flows": ("flows", "od.csv", "-o", "o.geojson"),
    "codes upgrade": ("codes", "upgrade", "t.csv", "--from", "2020", "-o", "o.csv"),
    "claims": ("claims", "-o", "o.csv"),
    "plan axes": ("plan", "axes", "od.csv", "-o", "o.csv"),
    "plan alternatives": ("plan", "alternatives", "-o", "o.csv"),
    "roles concentration": ("roles", "concentration", "facilities", "-o", "o.csv"),
}  # fmt: skip
ROWS = {
    "locate": (6, {"null_island": 1}), "surface": (6, {"no weight": 1, "negative weight": 1}),
    "codes upgrade": (6, {}), "map": (6, {}),
}  # fmt: skip


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "t.csv").write_text(TABLE, encoding="utf-8")
    (tmp_path / "od.csv").write_text(OD, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("command", EACH)
def test_a_headline_adds_up_and_says_its_numbers_in_three_languages(folder, command):
    done = jjj(*EACH[command], "--summary", "s.json")
    assert done.code == 0, done.err
    told = json.loads(Path("s.json").read_text(encoding="utf-8"))["headline"]
    assert set(told) == {"numerator", "denominator", "left_out", "sentence"}
    assert 0 <= told["numerator"] <= told["denominator"]
    assert all(rows > 0 for rows in told["left_out"].values())
    assert set(told["sentence"]) == {"zh", "en", "ja"}
    if command != "flows":  # whose sentence names the core and the axes
        for text in told["sentence"].values():
            assert f"{told['numerator']:,}" in text
            assert f"{told['denominator']:,}" in text
    if command in ROWS:
        rows, lost = ROWS[command]
        assert told["denominator"] == rows
        assert {key: n for key, n in told["left_out"].items() if key in lost} == {
            key: n for key, n in lost.items() if n
        }
        assert told["numerator"] + sum(told["left_out"].values()) == rows


@pytest.mark.parametrize("command", ["corridor", "structure"])
def test_the_account_of_rows_is_kept_in_what_is_written(folder, command):
    table = TABLE.replace("d,0,0,130202", "d,0,0,")
    (folder / "t.csv").write_text(table, encoding="utf-8")
    done = jjj(*EACH[command])
    assert done.code == 0, done.err
    assert "5 of 6 rows used" in done.err
    kept = json.loads(Path("o.geojson").read_text(encoding="utf-8"))["provenance"]
    rows = kept["inputs"]["points"]["rows"]
    assert (rows["rows"], rows["used"]) == (6, 5)
    assert rows["left_out"]["null_island"]["first_lines"] == [5]
    assert rows["left_out"]["null_island"]["ja"]


def test_rows_of_a_weighted_density_are_told_apart(folder):
    done = jjj(*EACH["surface"])
    assert "1 with no weight, 1 with negative weight" in done.err
    bad = TABLE.replace(",3,5", ",,5").replace(",1,3", ",,3").replace(",4,2", ",-4,2")
    (folder / "t.csv").write_text(bad.replace(",2,2", ",-2,2"), encoding="utf-8")
    done = jjj(*EACH["surface"], "--overwrite")
    assert done.code == 1
    assert "none of the 5 points has a weight" in done.err


def test_a_negative_weight_of_a_centre_is_refused_by_its_column(folder):
    done = jjj("structure", "t.csv", "--weight", "weight", "-o", "o.csv")
    assert done.code == 1
    assert "column weight: 1 values are negative" in done.err
    assert not Path("o.csv").exists()


def test_rows_beyond_the_ends_of_an_axis_are_counted(folder):
    done = jjj(*EACH["corridor"], "--summary", "s.json")
    told = json.loads(Path("s.json").read_text(encoding="utf-8"))
    assert told["beyond_ends"] > 0
    assert f"{told['beyond_ends']} beyond the ends of the axis" in done.err


NOWHERE = "name,lon,lat\na,,\nb,0,0\n"


@pytest.mark.parametrize("command", ["locate", "map", "corridor", "surface", "structure"])
def test_no_row_with_a_place_is_an_error_and_nothing_is_written(folder, command):
    (folder / "t.csv").write_text(NOWHERE, encoding="utf-8")
    words = [word for word in EACH[command] if word not in ("--weight", "people", "weight")]
    done = jjj(*words)
    assert done.code == 1
    assert "t.csv" in done.err
    assert sorted(one.name for one in folder.iterdir()) == ["od.csv", "t.csv"]


@pytest.mark.parametrize("command", ["plan fit", "plan circles", "access"])
def test_no_row_with_a_place_is_an_error_of_plans_and_access_too(folder, command):
    (folder / "t.csv").write_text(NOWHERE, encoding="utf-8")
    words = ("access", "--to", "t.csv") if command == "access" else (*command.split(), "t.csv")
    done = jjj(*words, "-o", "o.csv")
    assert done.code == 1
    assert "none of its 2 rows can be placed" in done.err
    assert not Path("o.csv").exists()


@pytest.mark.parametrize(
    ("command", "option"),
    [("corridor", "--sheet"), ("structure", "--sheet"), ("locate", "--sheet"), ("map", "--sheet")],
)
def test_an_option_that_says_nothing_of_the_file_is_refused_by_name(folder, command, option):
    words = [word for word in EACH[command] if word not in ("--weight", "people")]
    done = jjj(*words, option, "x")
    assert done.code == 1
    assert option in done.err


@pytest.mark.parametrize("kind", ["csv", "geojson"])
@pytest.mark.parametrize(
    "command", ["locate", "map", "corridor", "surface", "structure", "plan fit", "plan circles"]
)
def test_what_was_put_right_is_said(folder, command, kind):
    if kind == "csv":
        text = "name,lon,lat\na,116.41234,39.91234\nb,39.93234,116.43234\n"
    else:
        pairs = [[116.41234, 39.91234], [39.93234, 116.43234]]
        text = json.dumps({"type": "FeatureCollection", "features": [
            {"type": "Feature", "properties": {"name": "x"},
             "geometry": {"type": "Point", "coordinates": pair}} for pair in pairs
        ]})  # fmt: skip
    (folder / f"swapped.{kind}").write_text(text, encoding="utf-8")
    words = EACH.get(command, (*command.split(), "t.csv", "-o", "o.csv"))
    words = [word for word in words if word not in ("--weight", "people", "weight")]
    done = jjj(*(f"swapped.{kind}" if word == "t.csv" else word for word in words))
    assert done.code == 0, done.err
    said = " ".join(done.err.split())
    assert "longitude and latitude were swapped" in said
