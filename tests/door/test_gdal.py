"""GDAL knows one driver while a file is open, and all of them in their old order afterwards."""

import threading
from concurrent.futures import ThreadPoolExecutor

import geopandas as gpd
import pyogrio
import pytest
import shapely

from geo.door.features import read_features
from geo.door.gdal import batches, one_driver
from geo.errors import MissingExtraError


@pytest.fixture
def known():
    """Assert afterwards that GDAL knows its drivers as before, in their order."""
    before = list(pyogrio.list_drivers().items())
    yield before
    assert list(pyogrio.list_drivers().items()) == before


@pytest.fixture
def files(tmp_path):
    """Write the same three points in several formats."""
    frame = gpd.GeoDataFrame(
        {"name": ["a", "b", "c"]},
        geometry=shapely.points([116.1, 116.2, 116.3], [39.1, 39.2, 39.3]),
        crs=4326,
    )
    made = {}
    for suffix, driver in (("gpkg", "GPKG"), ("fgb", "FlatGeobuf"), ("shp", "ESRI Shapefile")):
        made[suffix] = tmp_path / f"a.{suffix}"
        frame.to_file(made[suffix], driver=driver)
    return made


def test_one_driver_is_known_inside_and_none_is_lost_when_it_fails(known):
    def fail():
        with one_driver("GPKG"):
            assert list(pyogrio.list_drivers()) == ["GPKG"]
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert list(pyogrio.list_drivers().items()) == known


def test_a_driver_that_is_not_there_is_said_and_none_is_lost(known):
    with pytest.raises(MissingExtraError, match="NoSuch"):
        one_driver("NoSuch").__enter__()


def test_one_driver_within_another(known):
    with one_driver("GPKG"):
        with pytest.raises(MissingExtraError, match="FlatGeobuf"), one_driver("FlatGeobuf"):
            pass
        assert list(pyogrio.list_drivers()) == ["GPKG"]


def test_threads_take_turns(known, files):
    """Formats are read at once by threads, each of which finds its driver."""
    barrier = threading.Barrier(4)
    names = [files[suffix] for suffix in ("gpkg", "fgb", "shp", "gpkg")]

    def read(name):
        barrier.wait(timeout=60)
        return [sorted(read_features(name).frame["name"]) for _ in range(10)]

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(read, names))
    assert answers == [[["a", "b", "c"]] * 10] * 4


def test_a_reading_that_is_not_finished_keeps_nothing(known, files):
    rows = batches(files["gpkg"], "GPKG")
    next(rows)
    assert list(pyogrio.list_drivers().items()) == known
    other = batches(files["fgb"], "FlatGeobuf")
    next(other)
    rows.close()
    del other


def test_a_reading_that_fails_in_its_middle_keeps_nothing(known, files):
    def broken():
        for _ in batches(files["shp"], "ESRI Shapefile"):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()


def test_other_users_of_gdal_in_the_process_lose_nothing(known, files, tmp_path):
    read_features(files["gpkg"])
    assert pyogrio.get_gdal_config_option("GDAL_PAM_ENABLED") is None
    gml = tmp_path / "a.gml"
    gml.write_text(
        '<FeatureCollection xmlns="http://www.opengis.net/wfs/2.0" '
        'xmlns:gml="http://www.opengis.net/gml/3.2"><member><site gml:id="s">'
        '<place><gml:Point gml:id="p" srsName="EPSG:4326"><gml:pos>39 116</gml:pos></gml:Point>'
        "</place></site></member></FeatureCollection>",
        encoding="utf-8",
    )
    assert len(pyogrio.read_dataframe(gml)) == 1
    assert len(pyogrio.read_dataframe(files["fgb"])) == 3
