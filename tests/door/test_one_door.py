"""There is no second way to a file: in the text of the program, and while its commands run."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from canaries import raster
from openpyxl import Workbook

import geo

ROOT = Path(geo.__file__).parent
READERS = {
    "fiona.open", "geopandas.read_feather", "geopandas.read_file", "geopandas.read_parquet",
    "numpy.fromfile", "numpy.genfromtxt", "numpy.load", "numpy.loadtxt", "numpy.memmap",
    "openpyxl.load_workbook", "pandas.read_csv", "pandas.read_excel", "pandas.read_feather",
    "pandas.read_json", "pandas.read_parquet", "pandas.read_pickle", "pandas.read_table",
    "pickle.load", "pickle.loads", "joblib.load", "pyarrow.parquet.ParquetFile",
    "pyarrow.parquet.read_metadata", "pyarrow.parquet.read_schema", "pyarrow.parquet.read_table",
    "rasterio.open", "sqlite3.connect", "yaml.load", "yaml.unsafe_load", "yaml.full_load",
    "urllib.request.urlopen", "socket.socket", "socket.create_connection",
}  # fmt: skip
ALLOWED = ("door/", "formats/", "sources/facts.py")
ALIASES = {"gpd": "geopandas", "np": "numpy", "pd": "pandas", "pq": "pyarrow.parquet"}


def calls(path):
    """Yield the full names of the functions that a module calls or imports."""
    names = dict(ALIASES)
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for one in node.names:
                names[one.asname or one.name.split(".")[0]] = (
                    one.name if one.asname else one.name.split(".")[0]
                )
        elif isinstance(node, ast.ImportFrom) and node.module:
            for one in node.names:
                names[one.asname or one.name] = f"{node.module}.{one.name}"
                yield f"{node.module}.{one.name}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name):
            head, _, rest = ast.unparse(node).partition(".")
            yield f"{names.get(head, head)}.{rest}".rstrip(".")


def found():
    for path in sorted(ROOT.rglob("*.py")):
        where = path.relative_to(ROOT).as_posix()
        if where.startswith(ALLOWED):
            continue
        for name in sorted(set(calls(path)) & READERS):
            yield where, name


def test_no_module_beyond_the_door_calls_a_reader():
    assert list(found()) == []


def test_a_reader_is_seen_under_any_name(tmp_path):
    file = tmp_path / "a.py"
    file.write_text("import rasterio as r\nfrom pandas import read_csv as c\nr.open('a')\nc('b')\n")
    assert set(calls(file)) & READERS == {"rasterio.open", "pandas.read_csv"}


def test_gdal_is_imported_at_the_door_and_by_writers():
    holders = {
        path.relative_to(ROOT).as_posix()
        for path in ROOT.rglob("*.py")
        if any(name.split(".")[0] in ("fiona", "pyogrio") for name in calls(path))
    }
    assert {one for one in holders if not one.startswith(("door/", "formats/"))} == set()


WATCHED = '''
"""Run commands and write down who, in this package, opened the files of the user."""
import json, os, sys
spec = json.load(open(sys.argv[1]))
folder, seen = spec["folder"], []

def nearest():
    frame = sys._getframe(2)
    while frame is not None:
        name = frame.f_globals.get("__name__", "")
        if name == "geo" or name.startswith("geo."):
            return name
        frame = frame.f_back
    return "nobody"

def note(how, target):
    path = os.path.realpath(os.fspath(target)) if isinstance(target, (str, os.PathLike)) else ""
    if path.startswith(folder):
        seen.append((how, os.path.basename(path), nearest()))

def watch(event, values):
    if event in ("open", "sqlite3.connect") and isinstance(values[0], (str, bytes)):
        name = os.fsdecode(values[0]).removeprefix("file:").split("?")[0]
        if event == "open" and (values[2] or 0) & os.O_ACCMODE != os.O_RDONLY:
            return
        note(event, name)

def wrapped(module, name):
    inner = getattr(module, name)
    def outer(target, *others, **more):
        note(name, target)
        return inner(target, *others, **more)
    setattr(module, name, outer)

import geopandas, openpyxl, pandas, pyarrow.parquet, pyogrio, pyogrio.raw, rasterio
for module, names in (
    (geopandas, ("read_file", "read_parquet", "read_feather")), (openpyxl, ("load_workbook",)),
    (pandas, ("read_csv", "read_excel", "read_parquet", "read_json")),
    (pyarrow.parquet, ("read_table", "read_schema", "read_metadata")),
    (pyogrio, ("read_dataframe", "read_info", "list_layers", "open_arrow")),
    (pyogrio.raw, ("open_arrow", "read", "read_arrow")), (rasterio, ("open",)),
):
    for name in names:
        wrapped(module, name)
sys.addaudithook(watch)
from geo.cli.main import run

leave = os._exit

def alone(words, answer):
    """Run one command in this process, which it ends, and write what it opened."""
    def told(code):
        with open(answer, "w") as file:
            json.dump({"words": words, "code": code, "seen": seen}, file)
        leave(0)
    os._exit = told
    try:
        run(words)
    except SystemExit as end:
        told(end.code or 0)

answers = []
os.chdir(spec["out"])
for at, words in enumerate(spec["commands"]):
    answer = f"{spec['answers']}.{at}"
    child = os.fork()  # a command ends its process, and what it leaves behind with it
    if not child:
        alone(words, answer)
    os.waitpid(child, 0)
    answers.append(json.load(open(answer)))
json.dump(answers, open(spec["answers"], "w"))
'''


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """Run the commands on files of a user; return what was opened by whom."""
    folder = tmp_path_factory.mktemp("given")
    beside = tmp_path_factory.mktemp("watch")
    spots = shapely.points([116.4, 116.5, 117.2, 115.5], [39.9, 39.95, 39.1, 38.9])
    frame = gpd.GeoDataFrame(
        {"name": list("abcd"), "value": [1, 2, 3, 4]}, geometry=spots, crs=4326
    )
    frame.to_file(folder / "a.gpkg", driver="GPKG")
    frame.to_file(folder / "a.geojson", driver="GeoJSON")
    frame.to_file(folder / "a.shp")
    frame.to_parquet(folder / "a.parquet")
    raster(folder / "a.tif", size=64)
    (folder / "a.csv").write_text("name,lon,lat,code\na,116.4,39.9,110105\nb,117.2,39.1,120101\n")
    book = Workbook()
    for row in (("name", "lon", "lat"), ("a", 116.4, 39.9), ("b", 117.2, 39.1)):
        book.active.append(row)
    book.save(folder / "a.xlsx")
    (folder / "od.csv").write_text("origin,destination,weight\n北京,天津,5\n天津,唐山,3\n", "utf-8")
    commands = [
        *(["locate", name, "-o", f"l{at}.csv"] for at, name in enumerate(
            ("a.gpkg", "a.geojson", "a.shp", "a.parquet", "a.csv", "a.xlsx"))),
        *(["map", name, "-o", f"m{at}.html"] for at, name in enumerate(
            ("a.gpkg", "a.csv", "a.tif"))),
        ["corridor", "a.shp", "--axis", "plan-jingjin", "-o", "c.geojson"],
        ["surface", "a.geojson", "-o", "s.tif"],
        ["structure", "a.parquet", "-o", "s.csv"],
        ["plan", "fit", "a.gpkg", "-o", "f.csv"],
        ["plan", "circles", "a.gpkg", "-o", "p.csv"],
        ["raster", "zonal", "a.tif", "-o", "z.csv"],
        ["flows", "od.csv", "-o", "f.geojson"],
        ["codes", "upgrade", "a.csv", "--code", "code", "--from", "2015", "--to", "2020",
         "-o", "u.csv"],
        ["explain", "a.gpkg"], ["explain", "a.tif"], ["explain", "a.parquet"],
    ]  # fmt: skip
    words = [
        [str(folder / one) if (folder / one).exists() else one for one in line] for line in commands
    ]
    out = beside / "out"
    out.mkdir()
    spec = {"folder": str(folder.resolve()), "commands": words, "out": str(out),
            "answers": str(beside / "answers.json")}  # fmt: skip
    (beside / "spec.json").write_text(json.dumps(spec))
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, str(beside / "spec.json")],
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads((beside / "answers.json").read_text())


@pytest.mark.slow
def test_every_command_opens_the_users_file(answers):
    for one in answers:
        assert one["seen"], one["words"]
        assert one["code"] == (1 if "explain" in one["words"] else 0), one["words"]


@pytest.mark.slow
def test_every_opening_of_a_users_file_is_at_the_door(answers):
    elsewhere = {
        (one["words"][0], *each)
        for one in answers
        for each in one["seen"]
        if not each[2].startswith("geo.door.")
    }
    assert not elsewhere
