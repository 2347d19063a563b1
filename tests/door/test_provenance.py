"""Provenance is read back from every format that carries it; others say so."""

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely

from geo.door.provenance import read_provenance
from geo.errors import InputError, MissingFileError
from geo.formats import add_frame
from geo.layers.layer import Localized
from geo.render.reports import report_page
from geo.write import Outputs

SAID = {"title": {"zh": "甲", "en": "<A>", "ja": "あ"}, "n": 3}


@pytest.mark.parametrize("suffix", [".geojson", ".parquet", ".gpkg"])
def test_layers_carry_it(tmp_path, suffix):
    frame = gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.Point(116, 40)], crs="EPSG:4326")
    with Outputs() as outputs:
        add_frame(outputs, tmp_path / f"x{suffix}", frame, provenance=SAID)
        add_frame(outputs, tmp_path / f"none{suffix}", frame)
    found = read_provenance(tmp_path / f"x{suffix}")
    assert found.items() >= SAID.items()


def test_pages_and_rasters_carry_it(tmp_path):
    page = tmp_path / "x.html"
    page.write_text(report_page(Localized.of("a", "b", "c"), [], provenance=SAID), encoding="utf-8")
    assert read_provenance(page) == SAID
    raster = tmp_path / "x.tif"
    with rasterio.open(
        raster, "w", driver="GTiff", width=1, height=1, count=1, dtype="uint8",
        crs="EPSG:4326", transform=rasterio.transform.from_origin(116, 40, 1, 1),
    ) as file:  # fmt: skip
        file.write(np.zeros((1, 1, 1), dtype="uint8"))
        file.update_tags(provenance='{"n": 3}')
    assert read_provenance(raster) == {"n": 3}


@pytest.mark.parametrize(
    ("name", "content", "part"),
    [
        ("a.csv", b"x\n1\n", "no place for provenance"),
        ("a.geojson", b'{"features": []}', "carries no provenance"),
        ("a.geojson", b"[1]", "carries no provenance"),
        ("a.geojson", b"{", "cannot be read"),
        ("a.json", b"\xff\xfe\x00", "cannot be read"),
        ("a.json", b"[" * 100_000, "cannot be read"),
        ("a.html", b"<html><script>1</script>", "carries no provenance"),
        ("a.gpkg", b"not a database", "cannot be read"),
        ("a.parquet", b"PAR1", "cannot be read"),
        ("a.tif", b"II*", "not a GeoTIFF"),
        ("a.tif", b"II*\0\x08", "cannot be read"),
        ("noname", b"", "nameless"),
    ],
)
def test_files_without_it_are_named(tmp_path, name, content, part):
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(InputError, match=name) as caught:
        read_provenance(file)
    assert part in str(caught.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(MissingFileError):
        read_provenance(tmp_path / "none.geojson")
