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
    ran = jjj(command, "--help", fresh=True)
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


@pytest.mark.parametrize("mebibytes", [300, 600])
def test_too_little_memory_is_one_line_and_leaves_what_was_there(tmp_path, mebibytes):
    resource = pytest.importorskip("resource")
    (tmp_path / "t.csv").write_text("经度,纬度\n116.41,39.91\n", encoding="utf-8")
    (tmp_path / "o.geojson").write_text("old")
    limit = mebibytes << 20
    done = subprocess.run(
        [sys.executable, "-m", "geo.cli.main", "locate", "t.csv", "-o", "o.geojson", "--overwrite"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
    )
    assert done.returncode == 1
    assert done.stderr == (
        f"jjj: not enough memory, nothing was written: the limit is {mebibytes} MiB (ulimit -v), "
        "1024 MiB are needed\n"
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["o.geojson", "t.csv"]
    assert (tmp_path / "o.geojson").read_text() == "old"


def test_a_library_that_could_not_be_loaded_for_want_of_memory_is_no_defect():
    from geo.cli.main import _judge
    from geo.cli.memory import ran_out

    error = RuntimeError("no driver")
    error.__cause__ = ImportError("libgdal.so: failed to map segment from shared object")
    assert ran_out(error)
    assert _judge(error) == (1, "not enough memory, nothing was written")
    assert not ran_out(ImportError("No module named 'x'"))
