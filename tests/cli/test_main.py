"""The program's manners: quick help, one-line errors, exit codes, closed pipes."""

import os
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
    from geo.cli.main import _judge, ran_out

    error = RuntimeError("no driver")
    error.__cause__ = ImportError("libgdal.so: failed to map segment from shared object")
    assert ran_out(error)
    assert _judge(error) == (1, "not enough memory, nothing was written")
    assert not ran_out(ImportError("No module named 'x'"))


C_LOCALES = [
    {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0"},
    {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    {"LANG": "", "LC_ALL": "", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
]


def spoken(tmp_path, settings, *words):
    env = {
        key: value for key, value in os.environ.items() if not key.startswith(("LC_", "PYTHONI"))
    }
    return subprocess.run(
        [sys.executable, "-m", "geo.cli.main", *words],
        capture_output=True, cwd=tmp_path, env={**env, **settings},
    )  # fmt: skip


@pytest.mark.parametrize("settings", C_LOCALES)
def test_chinese_is_written_as_it_is_whatever_the_locale(tmp_path, settings):
    (tmp_path / "企业.csv").write_text("名称,经度,纬度\n甲,116.41,39.91\n", encoding="utf-8")
    done = spoken(tmp_path, settings, "locate", "企业.csv", "-o", "出.csv")
    assert done.returncode == 0
    said = done.stderr.decode("utf-8")
    assert said.splitlines()[0] == "企业.csv"
    assert "共 1 行：直接定位 1" in said  # rich's console follows
    assert "\\u" not in said
    assert (tmp_path / "出.csv").read_text(encoding="utf-8-sig").splitlines()[1].startswith("甲,")
    spoken(tmp_path, settings, "locate", "企业.csv", "-o", "o.geojson")
    assert '"file":"企业.csv"' in (tmp_path / "o.geojson").read_text(encoding="utf-8")
    lost = spoken(tmp_path, settings, "locate", "没有.csv", "-o", "o.csv")
    assert lost.stderr.decode("utf-8") == "jjj: 没有.csv: does not exist\n"
    listed = spoken(tmp_path, settings, "layers", "list").stdout.decode("utf-8")
    assert "天地图" in listed


def test_an_encoding_that_is_asked_for_wins(tmp_path):
    settings = {"PYTHONIOENCODING": "gbk"}
    done = spoken(tmp_path, settings, "locate", "没有.csv", "-o", "o.csv")
    assert done.stderr.decode("gbk") == "jjj: 没有.csv: does not exist\n"


def test_a_name_that_is_no_utf8_is_written_with_its_bytes_named(tmp_path):
    done = spoken(tmp_path, C_LOCALES[1], "locate", b"\xff\xe4\xbc\x81.csv", "-o", "o.csv")
    assert done.stderr.decode("utf-8") == "jjj: \\udcff企.csv: does not exist\n"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
@pytest.mark.parametrize(
    "words",
    [
        ("locate", "-o", "o.geojson"),
        ("structure", "-o", "o.csv"),
        ("surface", "-o", "o.tif"),
        ("codes", "upgrade", "--code", "code", "--from", "2015", "--to", "2020", "-o", "c.csv"),
    ],
)
def test_no_name_of_a_file_moves_the_terminal(jjj, tmp_path, words):
    path = tmp_path / "a\x1b[31m\u202e.csv"
    path.write_text("name,lon,lat,code\na,116.4,39.9,110105\nb,0,0,110101\n", encoding="utf-8")
    ran = jjj(*words, path.name)
    assert ran.code == 0, ran.err
    assert not {"\x1b", "\u202e"} & set(ran.err)
    if words[0] != "locate":  # whose account names no file
        assert "a\\x1b[31m\\u202e.csv" in ran.err
