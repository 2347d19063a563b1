"""A target that exists is refused before any work, by every option that names a file to write."""

import pytest
import typer

from geo.cli.main import _app
from geo.errors import OutputError


def _commands(command, words=()):
    if hasattr(command, "list_commands"):
        for name in command.list_commands(None):
            yield from _commands(command.get_command(None, name), (*words, name))
    else:
        yield " ".join(words), command


def _writes(option):
    told = (getattr(option, "help", "") or "").startswith(("Write ", "Where to write", "The page;"))
    return told and option.metavar not in ("PAGE", "YEAR")


OPTIONS = {
    f"{words} {one.opts[-1]}": (command, one)
    for words, command in _commands(typer.main.get_command(_app))
    for one in command.params
    if _writes(one)
}


def test_options_that_write_are_found():
    assert len(OPTIONS) > 50


@pytest.mark.parametrize("name", OPTIONS)
def test_option_refuses_a_file_that_exists_unless_told(name, tmp_path):
    command, option = OPTIONS[name]
    there = tmp_path / "there"
    there.write_text("mine")
    context = typer.Context(command)
    context.params = {"overwrite": False}
    with pytest.raises(OutputError, match="exists already; --overwrite replaces it"):
        option.process_value(context, str(there))
    assert str(option.process_value(context, str(tmp_path / "new"))).endswith("new")
    assert str(option.process_value(context, str(tmp_path))) == str(tmp_path)  # one to resume
    context.params = {"overwrite": True}
    assert str(option.process_value(context, str(there))) == str(there)


def test_whatever_order_the_options_have(jjj, tmp_path):
    (tmp_path / "o.csv").write_text("mine")
    (tmp_path / "in.csv").write_text("name,lon,lat\na,116.4,39.9\n")
    refused = jjj("locate", "absent.csv", "-o", "o.csv")
    assert refused.code == 1
    assert "o.csv: exists already" in refused.err  # before the table is even looked for
    assert jjj("locate", "in.csv", "-o", "o.csv", "--overwrite").code == 0
