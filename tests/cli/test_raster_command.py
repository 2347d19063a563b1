"""jjj raster: zonal, hillshade and clip on shipped and foreign GeoTIFFs."""

import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pandas as pd
import pytest
import rasterio
from rasterio.transform import from_origin

import geo


@pytest.fixture
def gauss(tmp_path):
    """Write a user's raster: Gauss–Krüger metres, two bands, integers with nodata 0."""
    values = np.arange(1, 201, dtype=np.int16).reshape(10, 20)
    values[0, 0] = 0
    with rasterio.open(
        tmp_path / "mine.tif",
        "w",
        driver="GTiff",
        width=20,
        height=10,
        count=2,
        dtype="int16",
        crs="EPSG:4509",
        nodata=0,
        transform=from_origin(430_000, 4_420_000, 5_000, 5_000),
    ) as made:
        made.write(values, 1)
        made.write(values * 2, 2)
    return tmp_path / "mine.tif"


def test_zonal_of_the_shipped_terrain(jjj, tmp_path):
    ran = jjj("raster", "zonal", "terrain", "--to", "prefectures", "-o", "z.csv")
    assert ran.code == 0, ran.err
    found = pd.read_csv(tmp_path / "z.csv", dtype={"adcode": str}).set_index("adcode")
    assert len(found) == 13
    assert found.loc["130800", "mean"] > 500
    assert found.loc["130900", "mean"] < 100


def test_zonal_of_a_users_raster_in_another_system(jjj, gauss):
    ran = jjj("raster", "zonal", "mine.tif", "--to", "counties", "--band", "2")
    assert ran.code == 0, ran.err
    rows = [one["properties"] for one in json.loads(ran.out)["features"]]
    assert len(rows) == 199
    by_code = {row["adcode"]: row for row in rows}
    assert by_code["130632"]["mean"] is None
    with_values = [row for row in rows if row["cells"] > 0]
    assert with_values
    assert all(2 <= row["min"] <= row["mean"] <= row["max"] <= 400 for row in with_values)


def test_hillshade_and_clip(jjj, tmp_path):
    assert jjj("raster", "clip", "terrain", "--to", "provinces", "-o", "c.tif").code == 0
    assert jjj("raster", "hillshade", "c.tif", "-o", "h.tif").code == 0
    with rasterio.open(tmp_path / "h.tif") as source:
        shade = source.read(1)
        assert source.crs.is_projected
        assert source.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
    assert 0 <= np.nanmin(shade) < 180 < np.nanmax(shade) <= 255
    with rasterio.open(tmp_path / "c.tif") as source:
        assert source.crs.to_epsg() == 4326
        assert np.isnan(source.read(1)[0, 0])


def test_units_one_by_one_are_the_units_at_once(gauss, monkeypatch):
    """A raster that is too large to hold is read unit by unit."""
    from geo.cli import raster

    counties = geo.layers.read("counties")
    whole = raster._zonal(str(gauss), counties, 1, "look")[0]
    monkeypatch.setattr(raster, "_HELD_CELLS", 10)
    pd.testing.assert_frame_equal(raster._zonal(str(gauss), counties, 1, "look")[0], whole)
    assert 0 < whole["cells"].gt(0).sum() < 199


@pytest.mark.slow
def test_a_raster_on_a_map(jjj, tmp_path):
    assert jjj("surface", "facilities", "--cell-m", "2000", "-o", "density.tif").code == 0
    ran = jjj("map", "density.tif", "terrain", "-o", "m.html")
    assert ran.code == 0, ran.err
    page = (tmp_path / "m.html").read_text(encoding="utf-8")
    assert page.count("data:image/png;base64,") >= 2
    assert "Cells below 1 % of the peak are left clear" in page
    assert "Sites: compiled by the project" in page  # what the points of the surface rest on


@pytest.mark.slow
def test_refusals_are_one_line_and_write_nothing(jjj, tmp_path, gauss):
    (tmp_path / "text.tif").write_text("hello")
    os.mkfifo(tmp_path / "pipe")
    cut = gauss.read_bytes()[:-300]
    (tmp_path / "cut.tif").write_bytes(cut)
    before = sorted(tmp_path.iterdir())
    for words, said in (
        (("zonal", "nope.tif"), "nope.tif: does not exist"),
        (("zonal", "pipe"), "pipe: only regular files are read, not a device"),
        (("zonal", "http://127.0.0.1:9/x.tif"), "x.tif: only regular files are read; download it"),
        (("zonal", "text.tif"), "text.tif: not a GeoTIFF"),
        (("zonal", "cut.tif"), "cut.tif: cannot be read"),
        (("zonal", "mine.tif", "--band", "3"), "has bands 1 to 2, not 3"),
        (("clip", "mine.tif", "--to", "axes", "-o", "x.tif"), "not a polygon"),
        (("hillshade", "mine.tif", "--altitude", "120", "-o", "x.tif"), "0 to 90"),
        (("hillshade", "mine.tif", "-o", "mine.tif"), "exists already"),
    ):
        ran = jjj("raster", *words)
        assert ran.code == 1, words
        assert said in ran.err
        assert len(ran.err.strip().splitlines()) == 1
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.slow
def test_rasters_without_place_are_refused(jjj, tmp_path):
    for name, options, said in (
        ("bare.tif", {"transform": from_origin(0, 1, 1, 1)}, "states no reference system"),
        ("old.tif", {"crs": "EPSG:4610", "transform": from_origin(116, 40, 1, 1)}, "rests on"),
    ):
        with rasterio.open(
            tmp_path / name,
            "w",
            driver="GTiff",
            width=2,
            height=2,
            count=1,
            dtype="uint8",
            **options,
        ) as made:
            made.write(np.ones((2, 2), dtype=np.uint8), 1)
        ran = jjj("raster", "zonal", name)
        assert ran.code == 1
        assert said in ran.err


@pytest.fixture
def undeclared(tmp_path):
    """Write heights of 10 and 20 with a corner of -9999 that the file does not declare."""
    values = np.full((20, 20), 10, dtype=np.int16)
    values[:, 10:] = 20
    values[:5, :5] = -9999
    with rasterio.open(
        tmp_path / "u.tif", "w", driver="GTiff", width=20, height=20, count=1, dtype="int16",
        crs="EPSG:4326", transform=from_origin(116, 40, 0.01, 0.01),
    ) as made:  # fmt: skip
        made.write(values, 1)
    area = {"type": "Polygon", "coordinates": [[[116, 39.8], [116.2, 39.8], [116.2, 40], [116, 40], [116, 39.8]]]}  # fmt: skip
    unit = {"type": "Feature", "properties": {"id": "a"}, "geometry": area}
    (tmp_path / "a.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": [unit]})
    )
    return ("u.tif", "--to", "a.geojson")


def test_undeclared_no_data_is_left_out_and_said(jjj, tmp_path, undeclared):
    ran = jjj("raster", "zonal", *undeclared, "-o", "z.geojson")
    assert ran.code == 0
    assert "u.tif: 25 cells hold -9999, which the file does not declare" in ran.err
    told = json.loads((tmp_path / "z.geojson").read_text())
    assert told["features"][0]["properties"]["min"] == 10
    assert told["provenance"]["parameters"]["taken_as_no_data"] == [{"value": -9999.0, "cells": 25}]
    ran = jjj("raster", "zonal", *undeclared, "--nodata", "none", "-o", "n.geojson")
    assert (ran.code, ran.err) == (0, "")
    told = json.loads((tmp_path / "n.geojson").read_text())
    assert told["features"][0]["properties"]["min"] == -9999
    assert told["provenance"]["parameters"]["nodata"] == "none"
    ran = jjj("raster", "zonal", *undeclared, "--nodata", "20", "-o", "v.geojson")
    assert ran.err == ""
    told = json.loads((tmp_path / "v.geojson").read_text())["features"][0]["properties"]
    assert (told["min"], told["max"]) == (-9999, 10)


def test_undeclared_no_data_in_the_other_commands(jjj, tmp_path, undeclared):
    name = undeclared[0]
    for words in (
        ("raster", "clip", *undeclared, "-o", "c.tif"),
        ("raster", "hillshade", name, "-o", "h.tif"),
        ("map", name, "-o", "m.html"),
    ):
        ran = jjj(*words)
        assert ran.code == 0, ran.err
        assert "25 cells hold -9999" in ran.err
    with rasterio.open(tmp_path / "c.tif") as made:
        assert np.nanmin(made.read(1)) == 10
    page = (tmp_path / "m.html").read_text(encoding="utf-8")
    assert "25 cells hold -9999, which the file does not declare as no data" in page
    ran = jjj("raster", "clip", *undeclared, "--nodata", "-", "-o", "x.tif")
    assert (ran.code, ran.err.strip()) == (1, "jjj: --nodata is '-'; give a number, or none")


@pytest.mark.slow
def test_every_command_reads_a_raster_alone(jjj, tmp_path, undeclared):
    """A neighbour that would move, mask and rescale it is left where it is."""
    alone = {}
    for around in ("before", "after"):
        for words, output in (
            (("raster", "zonal", *undeclared), "z.csv"), (("raster", "clip", *undeclared), "c.tif"),
            (("raster", "hillshade", "u.tif"), "h.tif"), (("map", "u.tif"), "m.html"),
            (("leastcost", "--from", "116.06,39.9", "--to", "116.15,39.85", "--friction", "u.tif"), "l.tif"),
        ):  # fmt: skip
            ran = jjj(*words, "-o", output, "--overwrite")
            assert ran.code == 0, ran.err
            content = (tmp_path / output).read_bytes()
            assert alone.setdefault(output, content) == content, (around, output)
        pam = "<PAMDataset><SRS>EPSG:32650</SRS><GeoTransform>0,1,0,0,0,-1</GeoTransform><PAMRasterBand band='1'><NoDataValue>10</NoDataValue><Scale>5</Scale></PAMRasterBand></PAMDataset>"
        (tmp_path / "u.tif.aux.xml").write_text(pam)
        (tmp_path / "u.tif.msk").write_bytes((tmp_path / "u.tif").read_bytes())
        (tmp_path / "u.tif.ovr").write_bytes((tmp_path / "u.tif").read_bytes())


@pytest.mark.slow
def test_a_signal_is_heard_while_a_large_raster_is_averaged(tmp_path):
    """40,000 × 40,000 cells of which next to nothing is stored."""
    with rasterio.open(
        tmp_path / "s.tif", "w", driver="GTiff", width=40_000, height=40_000, count=1, dtype="uint8",
        crs="EPSG:4326", transform=from_origin(116, 40, 1e-4, 1e-4), tiled=True, blockxsize=512,
        blockysize=512, SPARSE_OK=True,
    ) as made:  # fmt: skip
        made.write(np.ones((1, 9, 9), dtype=np.uint8), window=((0, 9), (0, 9)))
    code = (
        "import sys, threading, geo.cli.main as m, geo.door.averaging as a\n"
        "add = a.Averager.add\n"
        "def told(*args): print('in', flush=True); a.Averager.add = add; add(*args)\n"
        "a.Averager.add = told\n"
        "m.run(['map', 's.tif', '-o', 'm.html'])\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True,
    ) as run:  # fmt: skip
        assert run.stdout.readline() == "in\n"
        started = time.monotonic()
        run.send_signal(signal.SIGTERM)
        _, said = run.communicate(timeout=60)
    assert time.monotonic() - started < 10  # 2 s where nothing else runs
    assert run.returncode == 143
    assert said == "jjj: terminated; nothing was written\n"
    assert not (tmp_path / "m.html").exists()
