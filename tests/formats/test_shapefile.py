"""Shapefiles: names of 10 bytes, texts of 254, UTF-8 or GBK, all files together."""

import struct

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from geo.errors import InputError, OutputError
from geo.formats import add_frame, require_encoding
from geo.formats.shapefile import shapefile
from geo.write import Outputs


def written(tmp_path, columns, encoding="UTF-8", name="out.shp"):
    rows = len(next(iter(columns.values())))
    frame = gpd.GeoDataFrame(columns, geometry=[shapely.Point(116, 40)] * rows, crs=4326)
    with Outputs(overwrite=True) as outputs:
        add_frame(outputs, tmp_path / name, frame, encoding=encoding)
    return tmp_path / name


def raw_names(target):
    """Take the names out of the table's head, as bytes."""
    table = target.with_suffix(".dbf").read_bytes()
    head = struct.unpack("<H", table[8:10])[0]
    return [table[at : at + 11].split(b"\0")[0] for at in range(32, head - 1, 32)]


def test_all_files_are_there_and_the_encoding_is_stated(tmp_path):
    written(tmp_path, {"a": [1]})
    assert sorted(one.name for one in tmp_path.iterdir()) == [
        "out.cpg", "out.dbf", "out.prj", "out.shp", "out.shx",
    ]  # fmt: skip
    assert (tmp_path / "out.cpg").read_text() == "UTF-8"
    assert (tmp_path / "out.prj").read_text().startswith('GEOGCS["GCS_WGS_1984"')


@pytest.mark.parametrize("encoding", ["UTF-8", "GBK"])
def test_names_are_ten_bytes_of_whole_signs_without_collisions(tmp_path, caplog, encoding):
    long = ["行政区划代码二〇一〇", "行政区划代码二〇二〇", "population_2010", "population_2020"]
    target = written(tmp_path, {name: [at] for at, name in enumerate(long)}, encoding)
    names = [one.decode(encoding) for one in raw_names(target)]
    assert all(len(one.encode(encoding)) <= 10 for one in names)
    assert names[2:] == ["population", "populati_1"]
    assert names[:2] == (
        ["行政区", "行政_1"] if encoding == "UTF-8" else ["行政区划代", "行政区划_1"]
    )
    for old, new in zip(long, names, strict=True):
        assert f"{old} → {new}" in caplog.text
    assert pyogrio.read_dataframe(target).iloc[0, :4].tolist() == [0, 1, 2, 3]


def test_a_name_that_fits_is_kept_though_a_longer_one_comes_first(tmp_path):
    target = written(tmp_path, {"abcdefghijk": [1], "ABCDEFGHIJ": [2], "abcdefghij_1": [3]})
    assert raw_names(target) == [b"abcdefgh_1", b"ABCDEFGHIJ", b"abcdefgh_2"]


def test_every_sign_of_gbk_survives(tmp_path, caplog):
    codes = [bytes((a, b)) for a in range(0x81, 0xFE) for b in range(0x40, 0xFF) if b != 0x7F]
    signs = "".join(one.decode("gbk", "ignore") for one in codes)
    assert len(signs) > 21_000
    cells = [signs[at : at + 100].strip() for at in range(0, len(signs), 100)]
    back = pyogrio.read_dataframe(written(tmp_path, {"text": cells}, "GBK"))
    assert back["text"].tolist() == cells
    assert (tmp_path / "out.cpg").read_text() == "GBK"
    assert "text" not in caplog.text


def test_signs_that_gbk_lacks_are_counted_and_replaced(tmp_path, caplog):
    back = pyogrio.read_dataframe(written(tmp_path, {"a": ["京😀", "서울", "津"]}, "GBK"))
    assert back["a"].tolist() == ["京?", "??", "津"]
    assert "texts with signs that GBK lacks, now ?: 2" in caplog.text


@pytest.mark.parametrize("encoding,signs", [("UTF-8", 84), ("GBK", 127)])
def test_texts_are_cut_between_signs_and_counted(tmp_path, caplog, encoding, signs):
    target = written(tmp_path, {"a": ["长" * 200, "短"], "b": ["x" * 254, None]}, encoding)
    back = pyogrio.read_dataframe(target)
    assert back["a"].tolist() == ["长" * signs, "短"]
    assert back["b"].tolist()[0] == "x" * 254
    assert "texts cut to 254 bytes: 1" in caplog.text


def test_empty_texts_and_ends_of_spaces_are_said(tmp_path, caplog):
    back = pyogrio.read_dataframe(written(tmp_path, {"a": ["", "x ", None]}))
    assert [one if isinstance(one, str) else None for one in back["a"]] == [None, "x", None]
    assert "empty texts now missing: 1" in caplog.text
    assert "texts without the spaces at their ends: 1" in caplog.text


def test_integers_are_exact_to_seventeen_digits_and_text_beyond(tmp_path, caplog):
    most = 10**17 - 1
    target = written(
        tmp_path,
        {
            "fits": pd.array([most, -most, None], dtype="Int64"),
            "long": [2**63 - 1, -(2**63), 0],
            "unsigned": np.array([2**64 - 1, 0, 1], dtype="uint64"),
        },
    )
    with pyogrio.raw.open_arrow(target, use_pyarrow=True) as (_, reader):
        table = reader.read_all()
    assert table.column("fits").to_pylist() == [most, -most, None]
    assert table.column("long").to_pylist() == [str(2**63 - 1), str(-(2**63)), "0"]
    assert table.column("unsigned").to_pylist() == [str(2**64 - 1), "0", "1"]
    assert "long: integers of more than 17 digits are text" in caplog.text


def test_numbers_beyond_the_width_are_text_and_tiny_ones_are_said(tmp_path, caplog):
    target = written(tmp_path, {"huge": [1.5e300, -1.0], "tiny": [1e-20, 123456789012.25]})
    back = pyogrio.read_dataframe(target)
    assert [float(one) for one in back["huge"]] == [1.5e300, -1.0]
    assert back["tiny"].tolist() == [0.0, 123456789012.25]
    assert "huge: numbers of more than 22 digits are text" in caplog.text
    assert "numbers rounded to 15 decimals: 1" in caplog.text


def test_the_former_set_is_replaced_whole(tmp_path):
    for stale in ("out.sbn", "out.QIX", "out.shp.xml", "out.cpg"):
        (tmp_path / stale).write_text("of another layer")
    (tmp_path / "out.csv").write_text("mine")
    (tmp_path / "outer.sbn").write_text("mine")
    with Outputs() as outputs, pytest.raises(OutputError, match=r"out\.cpg: exists already"):
        frame = gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.Point(1, 2)], crs=4326)
        add_frame(outputs, tmp_path / "out.shp", frame)
    written(tmp_path, {"a": [1]})
    assert sorted(one.name for one in tmp_path.iterdir()) == [
        "out.cpg", "out.csv", "out.dbf", "out.prj", "out.shp", "out.shx", "outer.sbn",
    ]  # fmt: skip
    assert (tmp_path / "out.cpg").read_text() == "UTF-8"


@pytest.mark.parametrize("name", ["OUT.SHP", "京津冀.shp", "a.b.shp"])
def test_names_of_files_are_as_asked(tmp_path, name):
    target = written(tmp_path, {"a": ["京"]}, name=name)
    assert pyogrio.read_dataframe(target)["a"].tolist() == ["京"]


@pytest.mark.parametrize("suffix", [".dbf", ".shp", ".shx"])
@pytest.mark.parametrize("left", [0.5, 0.95])
def test_a_cut_file_is_found(tmp_path, suffix, left):
    target = written(tmp_path, {"a": ["长" * 80] * 9})
    part = target.with_suffix(suffix)
    part.write_bytes(part.read_bytes()[: int(part.stat().st_size * left)])
    with pytest.raises(OutputError):
        shapefile("UTF-8").check(9, target)


def test_a_missing_table_is_found(tmp_path):
    target = written(tmp_path, {"a": [1]})
    target.with_suffix(".dbf").unlink()
    with pytest.raises(OSError):
        shapefile("UTF-8").check(1, target)


def test_other_encodings_and_other_formats_are_refused():
    assert require_encoding("a.shp", "utf8") == "UTF-8"
    with pytest.raises(InputError, match=r"'big5'; one of UTF-8, GBK"):
        require_encoding("a.shp", "big5")
    with pytest.raises(InputError, match=r"only \.csv and \.shp are written in GBK"):
        require_encoding("-", "GBK")
