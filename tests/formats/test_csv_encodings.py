"""CSV in GBK: what it holds is exact, what it lacks is said; every row ends where it ended."""

import logging

import geopandas as gpd
import pandas as pd
import pytest

from geo.door.input import open_input
from geo.errors import InputError
from geo.formats import add_frame, outputs_for
from geo.streams import add_frames

NAMES = ["示例甲", 'a "b",c', "=1+1", "行\n尾", "廊坊"]


def written(tmp_path, frame, name="a.csv", **more):
    with outputs_for(tmp_path / name, encoding="gbk", overwrite=True, **more) as outputs:
        add_frame(outputs, tmp_path / name, frame)
    return tmp_path / name


def test_gbk_reads_back_as_it_was(tmp_path):
    path = written(tmp_path, pd.DataFrame({"名称": NAMES, "n": range(5)}))
    assert path.read_bytes().decode("gbk").startswith("名称,n\n示例甲,0\n")
    back = open_input(path, "table").frame
    assert back["名称"].tolist() == ["示例甲", 'a "b",c', "'=1+1", "行\n尾", "廊坊"]


def test_signs_that_gbk_lacks_are_counted(tmp_path, caplog):
    with caplog.at_level(logging.WARNING):
        path = written(tmp_path, pd.DataFrame({"n": ["𬭊ü👍", "甲"]}))
    assert path.read_bytes().decode("gbk") == "n\n?ü?\n甲\n"
    assert "csv: signs that GBK lacks, now ?: 2" in caplog.text


def test_tables_beside_follow_where_they_can(tmp_path):
    frame = pd.DataFrame({"名称": NAMES})
    with outputs_for(tmp_path / "a.csv", encoding="GBK", overwrite=False) as outputs:
        for name in ("a.csv", "b.csv", "c.xlsx", "d.parquet"):
            add_frame(outputs, tmp_path / name, frame)
    assert (tmp_path / "b.csv").read_bytes() == (tmp_path / "a.csv").read_bytes()
    assert pd.read_parquet(tmp_path / "d.parquet")["名称"].tolist() == NAMES


def test_a_main_result_that_has_no_choice_is_refused(tmp_path):
    for name in ("a.xlsx", "a.geojson", "-"):
        with pytest.raises(InputError, match=r"only \.csv and \.shp are written in GBK"):
            outputs_for(name, encoding="GBK", overwrite=False)
    assert list(tmp_path.iterdir()) == []


def test_pieces_are_written_alike(tmp_path):
    frame = gpd.GeoDataFrame(
        {"名称": NAMES}, geometry=gpd.points_from_xy(range(5), range(5)), crs=4326
    )
    whole = written(tmp_path, frame)
    with outputs_for(tmp_path / "b.csv", encoding="GBK", overwrite=False) as outputs:
        add_frames(outputs, tmp_path / "b.csv", [frame[:2], frame[2:]])
    assert (tmp_path / "b.csv").read_bytes() == whole.read_bytes()
