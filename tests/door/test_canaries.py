"""Nothing that a file names is opened, whoever reads it: its own data, or one clear line."""

import shutil
import warnings
from pathlib import Path

import pytest
from canaries import CASES, NAMES, canary, raster_vrt, vrt

from geo.door.document import Document, read_document
from geo.door.files import open_source
from geo.door.input import open_input
from geo.door.provenance import read_provenance
from geo.door.rasters import read_raster
from geo.errors import GeoError
from geo.layers import read_plan
from geo.tables.points import collect, points_of


def points(name):
    return collect(points_of(*open_input(name, "points"))).frame


READERS = {
    "features": lambda name: open_input(name, "features").frame,
    "table": lambda name: open_input(name, "table").frame,
    "points": points,
    "provenance": read_provenance,
}
RASTERS = tuple(name for name in CASES if name.startswith(("tif-", "raster-", "tile-")))


@pytest.fixture(scope="module")
def bird(tmp_path_factory):
    with canary(tmp_path_factory.mktemp("canaries")) as made:
        yield made


def built(name, folder, bird):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # GDAL's remarks on what is written here
        path = CASES[name](folder, bird)
    bird.seen()
    return path


def judged(read, path, bird):
    """Read a file; return what was seen of the canary, and assert that the answer is fit to show."""
    try:
        answer = read(path)
    except GeoError as error:
        shown = str(error)
        assert "\n" not in shown
        assert "jjj-" not in shown, "a folder of ours means nothing to a reader"
    else:
        shown = answer.to_csv() if hasattr(answer, "to_csv") else str(answer)
    assert bird.word not in shown
    return bird.seen()


@pytest.mark.parametrize("name", [name for name in CASES if name not in RASTERS])
def test_nothing_that_a_file_names_is_opened(name, tmp_path, bird):
    path = built(name, tmp_path, bird)
    before = {one: one.lstat().st_size for one in tmp_path.rglob("*")}
    seen = {reader: judged(read, path, bird) for reader, read in READERS.items()}
    assert not any(seen.values()), seen
    assert {one: one.lstat().st_size for one in tmp_path.rglob("*")} == before


@pytest.mark.parametrize("name", RASTERS)
def test_a_raster_is_no_table(name, tmp_path, bird):
    path = built(name, tmp_path, bird)
    for reader in ("features", "table", "points"):
        with pytest.raises(GeoError, match=path.name):
            READERS[reader](path)
    assert not bird.seen()


@pytest.mark.parametrize("name", RASTERS)
def test_a_raster_is_read_alone(name, tmp_path, bird):
    path = built(name, tmp_path, bird)
    readers = (lambda given: read_raster(given, at_most=100_000), read_provenance)
    seen = [judged(read, path, bird) for read in readers]
    assert not any(seen), seen


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_the_name_of_a_file(name, bird):
    word = NAMES[name](bird)
    for read in READERS.values():
        with pytest.raises(GeoError):
            read(word)
    assert not bird.seen()


@pytest.mark.parametrize("name", ["kml-network-link-address", "csv-formulas", "xlsx-links",
                                  "ods-links-file", "dxf-references", "paged-geojson",
                                  "kmz-links", "gpkg-trigger", "shapefile-part.qix",
                                  "name-with-an-exclamation-mark", "name-with-a-semicolon",
                                  "name-of-an-archive", "csv-beside.vrt"])  # fmt: skip
def test_a_files_own_rows_are_read_all_the_same(name, tmp_path, bird):
    frame = READERS["table"](built(name, tmp_path, bird))
    assert len(frame) >= 1
    assert bird.word not in frame.to_csv()


@pytest.mark.parametrize("name", ["kmz-member-is-virtual", "zip-with-a-virtual-file"])
def test_an_archive_is_called_by_its_own_name(name, tmp_path, bird):
    path = built(name, tmp_path, bird)
    with pytest.raises(GeoError, match=path.name):
        open_source(path)


@pytest.mark.parametrize("name", ["h#1.gpkg", "q?mode=rwc&x=.gpkg", "a%23b.gpkg", "x!y.gpkg"])
def test_a_name_makes_no_file(name, tmp_path, bird):
    path = built("gpkg-trigger", tmp_path, bird).rename(tmp_path / name)
    assert len(READERS["features"](path)) == 3
    with pytest.raises(GeoError, match="provenance"):
        read_provenance(path)
    assert [one.name for one in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("suffix", ["-wal", "-journal"])
def test_changes_that_wait_beside_a_database_are_not_passed_over(suffix, tmp_path, bird):
    path = built("gpkg-trigger", tmp_path, bird)
    path.with_name(f"a.gpkg{suffix}").write_bytes(b"")
    assert len(READERS["table"](path)) == 3
    path.with_name(f"a.gpkg{suffix}").write_bytes(b"waiting")
    with pytest.raises(GeoError, match="close it in the program"):
        open_source(path)


TINY = Path(__file__).parents[1] / "data" / "plan_tiny"
TARGETS = {
    "virtual": lambda bird: vrt(bird.file()),
    "virtual-behind-kml": lambda bird: vrt(bird.file(), "<?xml version='1.0'?><!-- <kml -->"),
    "virtual-address": lambda bird: vrt(f"/vsicurl/{bird.url}"),
    "virtual-raster": lambda bird: raster_vrt(bird.file("secret.tif")),
}


@pytest.fixture
def plan(tmp_path):
    """Copy the plan of the tests, to be changed."""
    return Path(shutil.copytree(TINY, tmp_path / "plan")) / "tiny.yaml"


@pytest.mark.parametrize("name", TARGETS)
@pytest.mark.parametrize("file", ["zones.geojson", "units.geojson"])
def test_a_plans_zones_are_geojson(file, name, plan, bird):
    plan.with_name(file).write_text(TARGETS[name](bird), encoding="utf-8")
    assert file in refusal(plan, "tiny.yaml", bird)


@pytest.mark.parametrize("named", ["../elsewhere/secret.geojson", "{file}", "/vsicurl/{url}",
                                   "link.geojson", "http:zones.geojson"])  # fmt: skip
def test_a_plan_names_files_beside_it_only(named, plan, bird):
    plan.with_name("link.geojson").symlink_to(bird.file())
    wanted = named.format(file=bird.file(), url=bird.url)
    plan.write_text(plan.read_text("utf-8").replace("zones.geojson", f"'{wanted}'"), "utf-8")
    assert "file beside the plan file can be named" in refusal(plan, "tiny.yaml", bird)


def refusal(plan, named, bird):
    """Return the one line in which a plan is refused; the canary lives."""
    bird.seen()
    with pytest.raises(GeoError, match=named) as caught:
        read_plan(plan)
    line = str(caught.value)
    assert bird.word not in line
    assert "\n" not in line
    assert not bird.seen()
    return line


class Spot(Document):
    name: str


@pytest.mark.parametrize("text", [
    "name: !!python/object/apply:os.system ['cat {file}']",
    "name: !!python/object/apply:builtins.open ['{file}']",
    "name: !!python/name:os.system",
    "!!python/object/new:os.system ['cat {file}']",
    "name: !include {file}",
    "name: &a x\nother: *a",
    "<<: {{name: {file}}}\n<<: *x",
    "%TAG ! tag:{url},2000:\n---\nname: !x y",
])  # fmt: skip
def test_a_document_builds_and_includes_nothing(text, tmp_path, bird):
    file = tmp_path / "a.yaml"
    file.write_text(text.format(file=bird.file("secret.txt"), url=bird.url))
    with pytest.raises(GeoError, match="a.yaml") as caught:
        read_document(file, Spot)
    assert bird.word not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not bird.seen()
