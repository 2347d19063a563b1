"""What a text file must prove before GDAL may see it."""

import io

import pytest

from geo.door.archives import is_dxf, require_kml, require_native_table
from geo.errors import InputError

KML = b'<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document/></kml>'


@pytest.mark.parametrize(
    "text",
    [
        KML,
        b"\xef\xbb\xbf" + KML,
        b"<!-- " + b"x" * 200_000 + b" -->" + KML[21:],
        b"<k:kml xmlns:k='u'/>",
    ],
)
def test_the_first_element_is_kml(text):
    require_kml(io.BytesIO(text), "a.kml")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"<!-- <kml --><OGRVRTDataSource/>", "names other files"),
        (b"<!-- <kml> --><VRTDataset/>", "names other files"),
        (b'<!DOCTYPE kml [<!ENTITY a "b">]><kml/>', "web page or XML"),
        (b"<html><kml/></html>", "web page or XML"),
        (b"<?xml version='1.0'?>", "web page or XML"),
        (b"<kml", "web page or XML"),
        (b"<a" * 100_000, "web page or XML"),
    ],
)
def test_anything_else_is_refused(text, said):
    with pytest.raises(InputError, match=f"a.kml: .*{said}"):
        require_kml(io.BytesIO(text), "a.kml")


def test_comments_may_stand_before_the_first_section_of_a_dxf():
    assert is_dxf(b"999\r\nmade by x\r\n  0\r\nSECTION\r\n")
    assert not is_dxf(b"0,SECTION\n1,2\n")
    assert not is_dxf(b"<!-- 0\nSECTION\n -->")


NATIVE = (
    '!table\n!version 300\n!charset WindowsLatin1\n\nDefinition Table\n  Type NATIVE Charset "x"\n'
)


@pytest.mark.parametrize(
    "text",
    [
        '!table\n!version 100\nOpen Table "other" Hide\ncreate view x as select * from other\n',
        '!table\n!version 300\nDefinition Table\n  File "picture.jpg"\n  Type "RASTER"\n',
        "!table\n!version 300\nDefinition Table\n  Type LINKED\n",
        "!table\n!version 300\nDefinition Table\n  Type XLS\n",
        "!table\n!version 300\n",
    ],
)
def test_a_mapinfo_table_of_other_files_is_refused(tmp_path, text):
    path = tmp_path / "a.tab"
    path.write_text(text)
    (tmp_path / "a.dat").write_bytes(b"x")
    with pytest.raises(InputError, match="names other files"):
        require_native_table(path, "a.tab")


def test_a_native_table_needs_its_rows(tmp_path):
    path = tmp_path / "a.tab"
    path.write_text(NATIVE)
    with pytest.raises(InputError, match=r"its \.dat .* is missing"):
        require_native_table(path, "a.tab")
    (tmp_path / "a.DAT").write_bytes(b"x")
    require_native_table(path, "a.tab")
