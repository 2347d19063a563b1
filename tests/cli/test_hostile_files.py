"""Every way into every command on broken files: one line that names the file, and nothing made.

What a file lacks decides what becomes of it, never which command it is given to.
"""

import json
import shutil
import warnings

import geopandas as gpd
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
import smoke
from inprocess import jjj

HERE = (116.4, 39.9)


def collection(*geometries, **properties):
    features = [
        {"type": "Feature", "properties": {"adcode": str(at), **properties}, "geometry": one}
        for at, one in enumerate(geometries)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


def shape(kind, places):
    return {"type": kind, "coordinates": places}


SQUARE = [[[116, 39], [117, 39], [117, 40], [116, 40], [116, 39]]]
BOW = [[[116, 39], [117, 40], [117, 39], [116, 40], [116, 39]]]
FLAT = [[[116, 39], [117, 40], [116, 39], [116, 39]]]
NESTED = {
    "type": "GeometryCollection",
    "geometries": [shape("LineString", [[116, 39], [117, 40]]), shape("Point", [116, 39])],
}

TEXTS = {
    "empty.csv": "",
    "newline.csv": "\n",
    "header.csv": "a,b\n",
    "zero.csv": "a,b\nx\0,1\n",
    "ragged.csv": "a,b\n1\n1,2,3\n",
    "nowhere.csv": "a,b\n1,2\n",
    "far.csv": "name,lon,lat\na,-97.7,30.2\n",
    "cut.geojson": '{"type":"FeatureCollection","features":[{"type":"Fea',
    "nan.geojson": '{"type":"Point","coordinates":[NaN,1]}',
    "deep.geojson": "[" * 100_000,
    "text.geojson": '"hello"',
    "null.json": "null",
    "twice.geojson": '{"type":"FeatureCollection","features":[],"features":[]}',
    "bare.geojson": collection(None, None),
    "point.geojson": collection(shape("Point", list(HERE)), None),
    "words.geojson": collection(shape("Point", ["a", "b"])),
    "nested.geojson": collection(NESTED),
    "line.geojson": collection(shape("LineString", [[116, 39], [117, 40]]), None),
    "short.geojson": collection(shape("LineString", [[116, 39]])),
    "flat.geojson": collection(shape("Polygon", FLAT)),
    "bow.geojson": collection(shape("Polygon", BOW), shape("Polygon", FLAT), None),
    "square.geojson": collection(shape("Polygon", SQUARE), NESTED, shape("Point", [1, 1])),
    "tags.yaml": "a: !!python/object/apply:os.system [ls]\n",
    "alias.yaml": "a: &a [1]\nb: *a\n",
    "page.kml": "<html><body>no map</body></html>",
    "signs\x1b[31m.csv": "a,b\n1,2\n",
}
BYTES = {
    "latin.csv": "a,b\nü,é\n".encode("latin-1"),
    "utf16.csv": "a,b\n北,1\n".encode("utf-16"),
    "broken.geojson": b'{"type":"Point","coordinates":[\xff\xfe]}',
    "cut.xlsx": b"PK\x03\x04" + bytes(60),
    "cut.gpkg": b"SQLite format 3\0" + bytes(84),
    "cut.parquet": b"PAR1" + bytes(20) + b"PAR1",
    "cut.tif": b"II*\0\x08\0\0\0\xff\xff",
    "cut.shp": b"\0\0\x27\x0a" + bytes(96),
    "cut.fgb": b"fgb\x03fgb\0" + bytes(40),
    "cut.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512),
    "program.csv": b"\x7fELF" + bytes(60),
}


def _workbook(path):
    openpyxl.Workbook().save(path)


def _grouped(path):
    """Write GeoParquet whose description is of another kind than the standard's."""
    table = pa.table({"geometry": [shapely.to_wkb(shapely.Point(*HERE))], "name": ["a"]})
    pq.write_table(table.replace_schema_metadata({"geo": '["geometry"]'}), path)


def _undeclared(path):
    frame = gpd.GeoDataFrame({"n": [1]}, geometry=[shapely.Point(5e5, 4e6)])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it states no reference system is what is wanted
        frame.to_file(path, driver="GPKG")


MADE = {"blank.xlsx": _workbook, "grouped.parquet": _grouped, "nocrs.gpkg": _undeclared}

WAYS = {
    "access": "access --to {} -o o.csv",
    "access from": "access --to firms.csv --from {} -o o.csv",
    "codes upgrade": "codes upgrade {} --code code --from 2015 --to 2020 -o o.csv",
    "coordination": "coordination {} --unit a --subsystem a=a --subsystem b=b -o o.csv",
    "coordination weights": "coordination panel.csv --unit city --year year --subsystem a=papers "
    "--subsystem b=patents --weights {} -o o.csv",
    "corridor": "corridor {} --axis plan-jingjin -o o.geojson --profile p.csv --decay d.json "
    "--map m.html --summary s.json",
    "corridor axis": "corridor firms.csv --axis {} -o o.geojson",
    "explain": "explain {}",
    "flows": "flows {} -o o.geojson --verdict v.json",
    "flows nodes": "flows flows.csv --nodes {} -o o.geojson",
    "interaction gravity": "interaction gravity {} -o o.csv",
    "interaction pairs": "interaction gravity cities.csv --pairs {} -o o.csv",
    "interaction wilson": "interaction wilson {} --pairs pairs.csv --beta 1 -o o.csv",
    "leastcost": "leastcost --from 北京 --to 天津 --friction {} -o o.tif",
    "leastcost dem": "leastcost --from 北京 --to 天津 --cell-m 5000 --dem {} -o o.tif",
    "leastcost weights": "leastcost --from 北京 --to 天津 --cell-m 5000 --weights {} -o o.tif",
    "locate": "locate {} -o o.geojson --report r.csv --summary s.json",
    "locate parts": "locate {} --parts -o parts",
    "locate to": "locate firms.csv --to {} -o o.geojson",
    "map": "map {} -o o.html --summary s.json",
    "plan axes": "plan axes {} -o o.csv --ranks r.csv",
    "plan circles": "plan circles {} --plan @tiny -o o.csv --shares s.csv --map m.html",
    "plan fit": "plan fit {} --plan @tiny -o o.csv",
    "plan fit plan": "plan fit sites.geojson --plan {} -o o.csv",
    "plan scorecard": "plan scorecard @targets {} --asof 2026 -o o.csv --html m.html",
    "plan scorecard targets": "plan scorecard {} @values --asof 2026 -o o.csv",
    "raster clip": "raster clip {} --to xiongan -o o.tif",
    "raster clip to": "raster clip terrain --to {} -o o.tif",
    "raster hillshade": "raster hillshade {} -o o.tif",
    "raster zonal": "raster zonal {} -o o.csv",
    "raster zonal to": "raster zonal terrain --to {} -o o.csv",
    "roles agglomeration": "roles agglomeration {} --regions regions.csv -o o.csv",
    "roles agglomeration regions": "roles agglomeration plants.csv --regions {} -o o.csv",
    "roles branches": "roles branches {} -o o.csv",
    "roles chains": "roles chains {} -o o.csv",
    "roles concentration": "roles concentration {} -o o.csv",
    "roles functions": "roles functions {} -o o.csv",
    "roles inequality": "roles inequality {} --value value -o o.csv",
    "roles specialisation": "roles specialisation {} -o o.csv",
    "roles triangle": "roles triangle {} -o o.csv",
    "structure": "structure {} -o o.csv --summary s.json",
    "structure moran": "structure {} --measure moran --weight adcode -o o.csv",
    "structure to": "structure firms.csv --measure moran --permutations 9 --to {} -o o.csv",
    "structure window": "structure firms.csv --measure ripley --window {} -o o.csv",
    "surface": "surface {} -o o.tif --cell-m 2500 --summary s.json",
    "surface land": "surface firms.csv --land {} --cell-m 2500 -o o.tif",
}
"""The words for each file that a command reads, which stands at {}."""


def test_every_command_that_reads_is_here():
    told = {"plan alternatives", "plan elements"}  # a plan, which "plan fit plan" tries
    ours = {" ".join(way.split()[:2]) for way in WAYS.values()}
    ours |= {way.split()[0] for way in WAYS.values()}
    reads_no_file = {"atlas", "check growth", "claims"}
    left = {one for one in smoke.commands() if not one.startswith("layers ")}
    assert left - ours == told | reads_no_file


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    for name, text in TEXTS.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    for name, content in BYTES.items():
        (folder / name).write_bytes(content)
    for name, make in MADE.items():
        make(folder / name)
    return sorted(folder.iterdir())


def wrong(ran, path, made):
    """Return what a run did that no run may do."""
    lines = ran.err.strip().splitlines()
    shown = path.name.replace("\x1b", "\\x1b")
    found = ["it echoes an escape"] if "\x1b" in ran.err else []
    if ran.code == 0:
        empty = [one.name for one in made if one.is_file() and not one.stat().st_size]
        return found + [f"{one} is empty" for one in empty]
    found += [] if ran.code == 1 else [f"exit code {ran.code}"]
    found += [f"left {one.name}" for one in made]
    if not lines:
        return [*found, "it says nothing"]
    return found if shown in lines[-1] else [*found, f"{shown} is not named"]


def run(way, path, folder):
    """Run a way in a folder, and clear away what it made; return what was wrong."""
    before = set(folder.iterdir())
    words = [str(smoke.FILES.get(one, one)) for one in WAYS[way].split()]
    try:
        ran = jjj(*(str(path) if one == "{}" else one for one in words))
    except Exception as error:  # noqa: BLE001 - what escapes is a defect of the program
        return [f"{path.name}: {type(error).__name__}: {error}"]
    made = sorted(set(folder.iterdir()) - before)
    found = [f"{path.name}: {one}: {ran.err[-300:]}" for one in wrong(ran, path, made)]
    for one in made:
        shutil.rmtree(one) if one.is_dir() else one.unlink()
    return found


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_a_broken_file_is_one_line_and_nothing_made(way, hostile, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, text in smoke.INPUTS.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert [one for path in hostile for one in run(way, path, tmp_path)] == []
