"""A GeoTIFF on a quick map: classes that suit it, sources that it carries."""

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

from geo.errors import InputError
from geo.render.any_file.quick import quick_map
from geo.render.drawing.rasters import is_raster, picture


def write(path, values, **tags):
    with rasterio.open(
        path, "w", driver="GTiff", width=values.shape[1], height=values.shape[0], count=1,
        dtype="float64", crs="EPSG:4326", transform=from_origin(116, 40, 0.01, 0.01),
        nodata=np.nan,
    ) as made:  # fmt: skip
        made.write(values, 1)
        made.update_tags(**tags)
    return str(path)


def test_a_surface_is_clear_where_it_is_next_to_nothing(tmp_path):
    values = np.zeros((50, 50))
    values[20:22, 20:25] = [[0.5, 1, 2, 5, 100], [0.9, 8, 20, 40, 70]]
    _, layer = picture(write(tmp_path / "d.tif", values))
    assert layer.payload["n"] == 8  # 1 % of the peak and more
    assert len(layer.about.caveats) == 1
    assert "1 %" in layer.about.caveats[0].en


def test_other_rasters_keep_every_cell(tmp_path):
    values = np.random.default_rng(0).uniform(-5, 9, (40, 40))
    ground, layer = picture(write(tmp_path / "t.tif", values))
    assert layer.payload["n"] == 1_600
    assert not layer.about.caveats
    assert ground.total_bounds == pytest.approx((116, 39.6, 116.4, 40))


def test_terrain_has_its_name_unit_and_sources():
    _, layer = picture("terrain")
    assert (layer.about.title.zh, layer.about.title.ja) == ("地形", "地形")
    assert layer.about.provenance["sources"][0]["licence"] == "BSD-3-Clause"


def test_rasters_stand_in_the_order_they_were_named(tmp_path):
    name = write(tmp_path / "t.tif", np.arange(100.0).reshape(10, 10))
    drawn = quick_map([name, "stations"]).map_layers
    kinds, ids = [one.kind for one in drawn], [one.layer_id for one in drawn]
    assert kinds.index("image") < ids.index("stations")


def test_a_large_raster_is_drawn_in_fewer_cells_which_is_said(tmp_path):
    values = np.random.default_rng(0).uniform(-5, 9, (1_200, 1_500))
    _, layer = picture(write(tmp_path / "t.tif", values))
    assert layer.payload["n"] <= 1_000_000
    assert [one.en for one in layer.about.caveats] == [
        "The file's 1,500 × 1,200 cells are drawn as 1,118 × 894, from which the classes are made"
    ]


def test_cells_taken_as_no_data_are_told_to_the_reader_of_the_map(tmp_path):
    values = np.random.default_rng(0).uniform(5, 9, (20, 20))
    values[:4] = -9999
    _, layer = picture(write(tmp_path / "t.tif", values))
    assert layer.payload["n"] == 320
    assert "80 cells hold -9999" in layer.about.caveats[0].en


def test_nothing_to_draw(tmp_path):
    with pytest.raises(InputError, match="holds no value"):
        picture(write(tmp_path / "n.tif", np.full((3, 3), np.nan)))
    assert not is_raster("counties")
