"""jjj surface: a density raster from a layer, a file or a pipe, whole or not at all."""

import json

import numpy as np
import pytest
import rasterio


def collection(*rows):
    features = [
        {
            "type": "Feature",
            "properties": {"staff": staff},
            "geometry": {"type": "Point", "coordinates": [lon, lat]},
        }
        for lon, lat, staff in rows
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def test_facilities_keep_their_mass_on_land(jjj, tmp_path):
    ran = jjj("surface", "facilities", "--cell-m", "1000", "-o", "d.tif")
    assert ran.code == 0, ran.err
    assert "points 315" in ran.err
    with rasterio.open(tmp_path / "d.tif") as source:
        values = source.read(1)
        assert source.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert source.units == ("1/km2",)
        assert source.res == (1_000, 1_000)
        told = json.loads(source.tags()["provenance"])
    assert abs(np.nansum(values, dtype=float) - 315) < 0.315
    assert np.isnan(values).any()  # the Bohai
    assert told["parameters"]["mass"] > 314.6
    assert 0 < told["parameters"]["error_of_peak"] < 0.002
    assert "error_of_peak" in ran.err
    assert "licence" in told["inputs"]["points"]["sources"][0]


def test_a_pipe_with_weights_is_reproducible(jjj, tmp_path):
    text = collection((116.4, 39.9, 5), (116.5, 39.8, "x"), (116.6, 39.7, 7))
    for name in ("a.tif", "b.tif"):
        ran = jjj("surface", "-", "--weight", "staff", "--land", "none", "-o", name, stdin=text)
        assert ran.code == 0, ran.err
    assert "points 2, points_dropped 1, total 12" in ran.err
    assert (tmp_path / "a.tif").read_bytes() == (tmp_path / "b.tif").read_bytes()


def test_years_are_bands_of_one_grid(jjj, tmp_path):
    text = collection(
        (116.4, 39.9, 2020), (116.5, 39.8, 2021), (116.6, 39.7, 2021), (116, 39, None)
    )
    words = ("--year", "staff", "--land", "none", "--cell-m", "1000", "-o", "y.tif")
    ran = jjj("surface", "-", *words, stdin=text)
    assert ran.code == 0, ran.err
    assert "2020 1, 2021 2; undated 1" in ran.err
    with rasterio.open(tmp_path / "y.tif") as source:
        assert source.descriptions == (None, "2020", "2021")
        assert source.units == ("1/km2",) * 3
        whole, *years = source.read().sum(axis=(1, 2), dtype=float)
        told = json.loads(source.tags()["provenance"])
    assert np.allclose([whole, *years], [4, 1, 2], rtol=1e-3)
    assert told["parameters"]["points_by_year"] == {"2020": 1, "2021": 2}


@pytest.mark.slow
def test_refusals_are_one_line_and_write_nothing(jjj, tmp_path):
    for words, said in (
        (("facilities", "--cell-m", "4000", "-o", "d.tif"), "too coarse"),
        (("facilities", "--weight", "categry", "-o", "d.tif"), "nearest: category"),
        (("facilities", "--year", "city", "-o", "d.tif"), "no point with a place has a year"),
        (("facilities", "-o", "d.png"), "written as .tif"),
        (
            ("nothing", "-o", "d.tif"),
            "neither a file nor a layer of the region jjj (known: provinces",
        ),
    ):
        ran = jjj("surface", *words)
        assert ran.code == 1
        assert said in ran.err
        assert len(ran.err.strip().splitlines()) == 1
    assert not list(tmp_path.iterdir())
