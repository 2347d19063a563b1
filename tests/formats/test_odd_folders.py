"""What is written into a folder of any name arrives there, and nowhere else."""

import geopandas as gpd
import pytest
from shapely import Point

from geo.door.input import open_input
from geo.formats import SUFFIXES, add_frame
from geo.write import Outputs


@pytest.mark.parametrize("folder", ["w!x", "a;b", "a#b", "q?mode=rwc&x=", "p%41", "空 格"])
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_folder_may_have_any_name(tmp_path, folder, suffix):
    home = tmp_path / folder
    home.mkdir()
    (tmp_path / "x").mkdir()  # where GDAL would look for what stands behind the "!"
    frame = gpd.GeoDataFrame({"name": ["a"]}, geometry=[Point(116.4, 39.9)], crs="EPSG:4326")
    with Outputs() as outputs:
        add_frame(outputs, home / f"o{suffix}", frame)
    assert {one.name for one in tmp_path.iterdir()} == {folder, "x"}
    assert not list((tmp_path / "x").iterdir())
    written = home / f"o{suffix}"
    if suffix in (".csv", ".xlsx"):
        assert open_input(written, "table").frame["lon"].astype(float).tolist() == [116.4]
    elif suffix != ".dxf":  # which says no reference system
        place = open_input(written, "features").frame.geometry.iloc[0]
        assert (place.x, place.y) == pytest.approx((116.4, 39.9), abs=1e-6)
