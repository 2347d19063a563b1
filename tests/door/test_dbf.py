"""The encoding of a shapefile's table, with cells that the width of their field cut."""

import struct

import pytest

from geo.door.dbf import decode_cell, table_encoding
from geo.errors import InputError

NAMES = [
    "北京市海淀区中关村科技园区",
    "天津市滨海新区",
    "河北省保定市容城县",
    "石家庄高新技术产业开发区",
]


def table(folder, cells, width=20):
    """Write a DBF of one text field, each cell cut to its width in bytes."""
    path = folder / "t.dbf"
    head = struct.pack("<B3BIHH20x", 3, 126, 1, 1, len(cells), 32 + 32 + 1, 1 + width)
    field = b"NAME".ljust(11, b"\0") + b"C" + bytes(4) + bytes([width, 0]) + bytes(14)
    rows = b"".join(b" " + cell[:width].ljust(width) for cell in cells)
    path.write_bytes(head + field + b"\r" + rows + b"\x1a")
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5"])
@pytest.mark.parametrize("width", [40, 20, 11, 7])
def test_names_cut_anywhere_are_still_told(tmp_path, encoding, width):
    names = (
        NAMES
        if encoding != "big5"
        else ["臺北市信義區市府路", "新北市板橋區中山路", "桃園市中壢區"]
    )
    found, _ = table_encoding(table(tmp_path, [n.encode(encoding) for n in names], width), None, "")
    assert found == encoding


def test_a_cpg_that_lies_is_said_and_one_that_fits_is_believed(tmp_path):
    path = table(tmp_path, [name.encode("gbk") for name in NAMES])
    found, notes = table_encoding(path, None, "UTF-8")
    assert found == "gb18030"
    assert "its .cpg says UTF-8, which does not fit" in notes[0]
    assert table_encoding(path, None, "936") == ("gb18030", [])
    assert table_encoding(path, None, "GBK\0\0") == ("gb18030", [])


def test_what_the_user_names_is_obeyed(tmp_path):
    path = table(tmp_path, [name.encode("gbk") for name in NAMES])
    assert table_encoding(path, "big5", "")[0] == "big5"
    with pytest.raises(InputError, match="'klingon' is not an encoding"):
        table_encoding(path, "klingon", "")


@pytest.mark.parametrize("cut", range(1, 4))
def test_half_a_character_is_left_out_and_noted(cut):
    whole = "容城".encode("gb18030") + "𬭊".encode("gb18030")
    read = decode_cell(whole[:-cut], "gb18030")
    assert (read.text, read.cut) == ("容城", True)


def test_bytes_that_are_no_text_are_shown_as_such():
    read = decode_cell(b"\xff\xff\xff\xffabc\xff", "utf-8")
    assert read.damaged
    assert read.text.endswith("abc�")
