"""What holds of every command, walked from the program itself, so that a new one cannot miss it."""

import re
from importlib import import_module

import pytest
import smoke
import typer

from geo.cli.main import COMMANDS
from geo.door.encodings import detect

FORMATS = ("CSV", "GeoJSON", "GeoTIFF", "YAML")
READS_NO_FILE = {
    "atlas", "check growth", "claims", "layers build", "layers check", "layers export",
    "layers info", "layers list",
}  # fmt: skip
NO_FILE = {"ID", "[ID]...", "X0", "X1", "YEAR0", "YEAR1"}
OF_A_FILE = re.compile(r"FILE|^\w\.(yaml|tif|csv|json|geojson)$|^(TABLE|PAIRS)$")


def leaves():
    """Return the commands by their words."""
    found = {}
    for name in COMMANDS:
        command = typer.main.get_command(import_module(f"geo.cli.{name}").app)
        below = getattr(command, "commands", None)
        found |= {f"{name} {one}": below[one] for one in below} if below else {name: command}
    return found


LEAVES = leaves()


def is_written(option):
    told = option.help or ""
    return "--output" in option.opts or "Write" in told


def read_options(command):
    """Return the arguments and options that name a file to read."""
    return [
        one
        for one in command.params
        if one.metavar not in NO_FILE
        and (
            one.param_type_name == "argument"
            or (OF_A_FILE.search(one.metavar or "") and not is_written(one))
        )
    ]


def test_the_walk_sees_every_command():
    assert set(LEAVES) == smoke.commands()


@pytest.mark.parametrize("name", sorted(LEAVES))
def test_help_says_which_files_are_read(name):
    named = read_options(LEAVES[name])
    assert bool(named) == (name not in READS_NO_FILE)
    silent = [one.name for one in named if not any(word in (one.help or "") for word in FORMATS)]
    assert silent == []


def writes_csv(command):
    return any(
        ".csv" in f"{getattr(one, 'help', '')} {one.metavar}"
        for one in command.params
        if is_written(one)
    )


def has_encoding(command):
    return any("--output-encoding" in one.opts for one in command.params)


@pytest.mark.parametrize("name", sorted(LEAVES))
def test_who_writes_csv_writes_it_in_gbk_if_asked(name):
    command = LEAVES[name]
    assert has_encoding(command) == writes_csv(command)


def in_gbk(line):
    """Return the words of a run with its main result as a CSV file in GBK."""
    words = line.argv
    words[words.index("-o") + 1] = "gbk.csv"
    return [*words, "--output-encoding", "GBK"]


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(one for one in LEAVES if has_encoding(LEAVES[one])))
def test_the_option_reaches_the_file(name, jjj, tmp_path):
    for file, text in smoke.INPUTS.items():
        (tmp_path / file).write_text(text, encoding="utf-8")
    line = next(one for one in smoke.SMOKE[name] if "-o" in one.argv and "--parts" not in one.argv)
    ran = jjj(*in_gbk(line))
    assert ran.code == 0, ran.err
    content = (tmp_path / "gbk.csv").read_bytes()
    text = content.decode("gbk")
    assert not content.startswith(b"\xef\xbb\xbf")
    if not text.isascii():
        with (tmp_path / "gbk.csv").open("rb") as file:
            assert detect(file, "gbk.csv").name == "gb18030"
    ran = jjj(*[*line.argv, "--overwrite", "--output-encoding", "big5"])
    assert ran.code == 1
    assert "one of UTF-8, GBK" in ran.err
