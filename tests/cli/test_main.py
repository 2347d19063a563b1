"""The program's manners: quick help, one-line errors, exit codes, closed pipes."""

import subprocess
import sys

import pytest

from geo.cli.main import COMMANDS, one_line

HEAVY = ("numpy", "pandas", "geopandas", "folium", "rasterio", "shapely", "pyproj", "rich")


def test_help_imports_nothing_heavy():
    code = (
        "import sys\n"
        "from geo.cli import main\n"
        "import typer\n"
        "try: typer.main.get_command(main._app).main(['--help'], standalone_mode=False)\n"
        "except SystemExit: pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    assert all(name in done.stdout for name in COMMANDS)


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_has_help(jjj, command):
    ran = jjj(command, "--help")
    assert ran.code == 0
    assert ran.out.startswith("Usage: jjj")


def test_an_unknown_command_names_the_nearest(jjj):
    ran = jjj("lyers")
    assert ran.code == 2
    assert "nearest: layers" in ran.line


def test_version_names_the_c_libraries(jjj):
    out = jjj("--version").out
    assert out.startswith("jingjinji ")
    assert "GEOS" in out
    assert out.count("GDAL") == 2


def test_a_message_is_one_printable_line():
    assert one_line("a\nb\x1b[31m\u202e") == "a b\\x1b[31m\\u202e"
    assert len(one_line("x" * 10_000)) == 600


def test_a_reader_that_leaves_early_is_no_error():
    done = subprocess.run(
        f"{sys.executable} -m geo.cli.main layers export towns | head -c 10",
        shell=True,
        capture_output=True,
        check=True,
    )
    assert done.stdout == b'{"type":"F'
    assert done.stderr == b""


def test_a_closed_stdout_is_one_line_or_nothing():
    done = subprocess.run(
        f"{sys.executable} -m geo.cli.main layers export xiongan >&-",
        shell=True,
        capture_output=True,
    )
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1
