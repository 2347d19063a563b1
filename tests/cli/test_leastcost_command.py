"""jjj leastcost: places by name, a friction raster of one's own, and refusals."""

import json

import numpy as np
import pytest
import rasterio
from metres import ANALYSIS_CRS
from rasterio.transform import from_origin


@pytest.fixture
def friction(tmp_path):
    values = np.ones((60, 60), dtype="float32")
    values[:40, 30] = -1  # a wall with a gap in the south
    with rasterio.open(
        tmp_path / "f.tif", "w", driver="GTiff", width=60, height=60, count=1, dtype="float32",
        crs=rasterio.crs.CRS.from_wkt(ANALYSIS_CRS.to_wkt()),
        transform=from_origin(-30e3, 30e3, 1000, 1000),
    ) as made:  # fmt: skip
        made.write(values, 1)
    return "f.tif"


def test_a_friction_raster_of_ones_own(jjj, tmp_path, friction):
    words = ("--from", "116.35,39.4", "--to", "116.65,39.4", "--friction", friction)
    ran = jjj("leastcost", *words, "-o", "c.tif", "--path", "p.geojson", "--bands", "b.geojson")
    assert ran.code == 0, ran.err
    with rasterio.open(tmp_path / "c.tif") as made:
        slack, percent = made.read()
        assert made.descriptions == (None, "slack in per cent of the least cost")
        told = json.loads(made.tags()["provenance"])
    assert np.isnan(slack[0, 30])
    assert slack[np.isfinite(slack)].min() == 0.0
    assert told["inputs"]["friction"] == {"file": "f.tif"}
    path = json.loads((tmp_path / "p.geojson").read_text())["features"][0]
    assert path["properties"]["cost"] == pytest.approx(told["parameters"]["cost"])
    south = min(lat for _, lat in path["geometry"]["coordinates"])
    assert south < 39.22  # round the end of the wall
    assert percent == pytest.approx(slack / told["parameters"]["cost"] * 100, nan_ok=True)
    bands = json.loads((tmp_path / "b.geojson").read_text())["features"]
    within = [(percent <= one["properties"]["within_percent"]).sum() for one in bands]
    assert [one["properties"]["area_km2"] for one in bands] == within  # cells of 1 km²
    assert "corridor: within 1 % of that cost" in ran.err
    assert "terrain:" not in ran.err  # the raster is the user's own
    assert [one["properties"]["within_percent"] for one in bands] == [1.0, 5.0]


@pytest.mark.slow
def test_the_shipped_ground_between_two_names(jjj, tmp_path):
    words = ("--from", "北京", "--to", "雄安", "--cell-m", "4000", "--axis", "plan-jingxiong")
    ran = jjj("leastcost", *words, "-o", "c.tif", "--path", "p.geojson")
    assert ran.code == 0, ran.err
    assert "北京市 to 雄安新区启动区" in ran.err
    assert "shows no valley, pass or gradient; give --dem for that" in ran.err
    assert "assumed weights (land 1, road 0.7, rail 0.5, sea impassable" in ran.err
    made = json.loads((tmp_path / "p.geojson").read_text())
    found = made["features"][0]["properties"]
    assert 0.0 < found["jaccard"] < 1.0
    assert 100 < found["length_km"] < 180
    assert made["provenance"]["parameters"]["ground"]["sea"] is None
    assert "OpenStreetMap" in json.dumps(made["provenance"])


@pytest.mark.slow
def test_a_terrain_of_ones_own_replaces_the_shipped_one(jjj, tmp_path):
    heights = np.zeros((150, 150), dtype="float32")
    heights[50:80] = 3000.0  # made up: a ridge 100 km wide across the way
    with rasterio.open(
        tmp_path / "dem.tif", "w", driver="GTiff", width=150, height=150, count=1, dtype="float32",
        crs="EPSG:4326", transform=from_origin(113, 41.4, 0.04, 0.04),
    ) as made:  # fmt: skip
        made.write(heights, 1)
    words = ("--from", "北京", "--to", "雄安", "--cell-m", "8000", "--path", "p.geojson")
    flat = jjj("leastcost", *words, "-o", "c.tif")
    steep = jjj("leastcost", *words, "-o", "d.tif", "--dem", "dem.tif", "--overwrite")
    assert "terrain:" in flat.err
    assert "terrain:" not in steep.err
    told = json.loads((tmp_path / "p.geojson").read_text())["provenance"]
    assert told["inputs"]["elevation"] == {"file": "dem.tif"}
    with rasterio.open(tmp_path / "c.tif") as made:
        before = json.loads(made.tags()["provenance"])["parameters"]["cost"]
    assert told["parameters"]["cost"] > before


def test_free_ground_is_refused(jjj, tmp_path, friction):
    with rasterio.open(tmp_path / friction, "r+") as made:
        values = made.read(1)
        values[5, 5:8] = 0
        made.write(values, 1)
    words = ("--from", "116.35,39.4", "--to", "116.65,39.4", "--friction", friction)
    ran = jjj("leastcost", *words, "-o", "c.tif")
    assert ran.code == 1
    assert ran.err.strip() == (
        "jjj: f.tif: friction is 0 in 3 of 3,600 cells; it must be > 0, and negative or no data "
        "where nothing passes"
    )
    ran = jjj("leastcost", *words, "--nodata", "0", "-o", "c.tif")
    assert ran.code == 0, ran.err
    assert (
        json.loads(rasterio.open(tmp_path / "c.tif").tags()["provenance"])["parameters"]["nodata"]
        == "0"
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--from", "北京", "--to", "巴黎"), "unknown place '巴黎'"),
        (("--from", "北京", "--to", "国家"), "'国家' may be "),
        (("--from", "196,39", "--to", "北京"), "'196,39' is no place"),
        (("--from", "116.4,39.4", "--to", "126,39.4"), "to: the place lies off the friction surface"),
        (("--from", "116.35,39.4", "--to", "116.65,39.4", "--friction", "lost.tif"), "lost.tif: does not exist"),
    ],
)  # fmt: skip
def test_refusals_are_one_line_and_write_nothing(jjj, tmp_path, friction, words, message):
    own = () if "--friction" in words else ("--friction", friction)
    ran = jjj("leastcost", *words, *own, "-o", "c.tif")
    assert ran.code == 1
    assert message in ran.line
    assert {one.name for one in tmp_path.iterdir()} == {"f.tif"}


def test_weights_of_ones_own_are_checked(jjj, tmp_path):
    (tmp_path / "w.yaml").write_text("land: 1\n")
    words = ("--from", "北京", "--to", "天津", "--weights", "w.yaml", "-o", "c.tif")
    assert (
        "w.yaml: friction weights: road, rail, sea, slope_weight missing"
        in jjj("leastcost", *words).line
    )
    (tmp_path / "w.yaml").write_text("- 1\n")
    assert "w.yaml: the document is not a mapping" in jjj("leastcost", *words).line
    for text in ("[" * 100_000, "a: !!python/object/apply:os.mkdir [ran]\n", "a: &b [1]\nc: *b\n"):
        (tmp_path / "w.yaml").write_text(text)
        ran = jjj("leastcost", *words)
        assert ran.code == 1
        assert ran.line.startswith("jjj: w.yaml: ")
    assert not (tmp_path / "ran").exists()
