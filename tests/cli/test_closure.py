"""Whatever a command writes, every command that takes such a thing reads; nothing grows in it."""

import re

import pandas as pd
import pytest
from inprocess import jjj

from geo.formats import SUFFIXES, defuse
from geo.tables import read_points

FLAT = (".csv", ".xlsx")
"""Written without geometry: points come back by their columns."""
SHORT = (".shp", ".dxf")
"""Names of 10 bytes, or none: columns of ours cannot be known again."""
SPATIAL_OUT = [one for one in SUFFIXES if one != ".dxf"]


@pytest.fixture
def table(tmp_path, monkeypatch, truth):
    lines = ["编号,name,lon,lat,code,weight,note"]
    for at, (key, (name, lon, lat, code)) in enumerate(truth.items()):
        lines.append(f"{key},{name},{lon:.6f},{lat:.6f},{code},{at + 1},=1+{at}")
    (tmp_path / "t.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "t.csv"


def good(*words):
    done = jjj(*words)
    assert done.code == 0, done.err
    return done


def datum(suffix):
    """Return what has to be said of a drawing, which states no reference system."""
    return ("--datum", "EPSG:4509") if suffix == ".dxf" else ()


def points_in(suffix, name):
    return read_points(name, datum="EPSG:4509" if suffix == ".dxf" else "auto").frame


def twice(name):
    return name.count("_in") > 1 or name.endswith("_in2")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_locate_of_its_own_output_changes_nothing(table, suffix):
    good("locate", "t.csv", "-o", f"one{suffix}")
    first = points_in(suffix, f"one{suffix}")
    good("locate", f"one{suffix}", *datum(suffix), "-o", f"two{suffix}")
    second = points_in(suffix, f"two{suffix}")
    assert len(second) == len(first)
    if suffix in SHORT:
        return
    # a KML has a name, an id and a balloon of its own, which come beside columns so called
    fields = re.compile("(id|name|description)[0-9]*", re.IGNORECASE)
    left, right = (
        {one for one in frame.columns if suffix != ".kml" or not fields.fullmatch(one)}
        for frame in (first, second)
    )
    assert left == right
    assert [one for one in second.columns if twice(one)] == []
    for name in ("adcode", "location_basis", "location_accuracy_m"):
        order = "编号"
        left, right = (one.sort_values(order)[name].astype(str).tolist() for one in (first, second))
        assert right == left, name


def test_a_table_with_its_own_columns_of_another_datum_is_placed_once(table):
    good("locate", "t.csv", "--datum", "gcj02", "-o", "one.csv")
    frame = pd.read_csv("one.csv", dtype="str")
    assert {"lon", "lat", "lon_wgs84", "lat_wgs84"} <= set(frame.columns)
    good("locate", "one.csv", "-o", "two.csv")
    again = pd.read_csv("two.csv", dtype="str")
    assert set(again.columns) == set(frame.columns)
    for name in ("lon", "lat", "lon_wgs84", "lat_wgs84", "adcode", "location_basis"):
        assert again[name].tolist() == frame[name].tolist(), name
    assert set(again["datum_in"]) <= {"wgs84", "gcj02"}


READERS = {
    "map": ("map", "FILE", "-o", "o.html"),
    "corridor": ("corridor", "FILE", "--axis", "plan-2026", "-o", "o.csv"),
    "structure": ("structure", "FILE", "-o", "o.csv"),
    "surface": ("surface", "FILE", "--cell-m", "4000", "--bandwidth-km", "8", "-o", "o.tif"),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_locate_writes_is_read_by_every_command_for_points(table, suffix):
    good("locate", "t.csv", "-o", f"one{suffix}")
    for words in READERS.values():
        name = [f"one{suffix}" if one == "FILE" else one for one in words]
        good(*name, *datum(suffix), "--overwrite")


@pytest.mark.parametrize("suffix", SPATIAL_OUT)
def test_corridor_of_a_corridor_measures_the_same(table, suffix):
    good("corridor", "t.csv", "--axis", "plan-2026", "-o", f"one{suffix}")
    good("corridor", f"one{suffix}", "--axis", "plan-2026", "-o", "two.csv")
    two = pd.read_csv("two.csv", dtype="str")
    assert len(two) == len(read_points(f"one{suffix}").frame)
    if suffix in SHORT:
        return
    assert [one for one in two.columns if twice(one)] == []
    good("corridor", "two.csv", "--axis", "plan-2026", "-o", "three.csv")
    three = pd.read_csv("three.csv", dtype="str")
    assert [one for one in three.columns if twice(one)] == []
    assert three["chainage_km"].tolist() == two["chainage_km"].tolist()


def test_codes_are_brought_over_twice(table):
    good("codes", "upgrade", "t.csv", "--from", "2020", "-o", "one.csv")
    good("codes", "upgrade", "one.csv", "--from", "2026", "-o", "two.csv")
    two = pd.read_csv("two.csv", dtype="str")
    assert [one for one in two.columns if twice(one)] == []
    assert two.columns.is_unique


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".parquet"])
def test_what_is_written_explains_itself(table, suffix):
    good("locate", "t.csv", "-o", f"one{suffix}")
    good("explain", f"one{suffix}", "--json")


@pytest.mark.parametrize("suffix", FLAT)
def test_text_that_was_defused_for_spreadsheets_comes_back_as_it_was(table, suffix):
    good("locate", "t.csv", "-o", f"one{suffix}")
    frame = read_points(f"one{suffix}").frame
    assert frame["note"].tolist() == [f"=1+{at}" for at in range(len(frame))]
    assert defuse(frame["note"][0]) == "'=1+0"


def test_an_apostrophe_of_a_strangers_file_is_kept(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("lon,lat,note\n116.41,39.91,'=1\n", encoding="utf-8")
    assert read_points(path).frame["note"].tolist() == ["'=1"]
