import io
import os
import socket
import sys

import pytest

from geo.door.files import open_source
from geo.errors import GeoError, MissingFileError


@pytest.mark.parametrize(
    "name",
    [
        "/vsicurl/http://example.org/a.csv", "/vsizip/a.zip", "http://example.org/a.csv", "file:///a.csv",
        "s3://bucket/a", "/dev/zero", "/dev/stdin", "/proc/self/environ", "nothing.csv", "a" * 5000,
        "a\x00b", '{"type":"Point"}', "", ".",
    ],
)  # fmt: skip
def test_what_is_no_regular_file_is_refused(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(MissingFileError):
        open_source(name)


def test_a_pipe_a_socket_and_a_link_to_a_device_do_not_hang(tmp_path):
    pipe, sock, link = tmp_path / "p.csv", tmp_path / "s.csv", tmp_path / "l.csv"
    os.mkfifo(pipe)
    link.symlink_to("/dev/zero")
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(sock))
        for path in (pipe, sock, link):
            with pytest.raises(MissingFileError, match="only regular files"):
                open_source(path)


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"\x1f\x8b\x08", "gzip"),
        (b"%PDF-1.7", "PDF"), (b"\x89PNG\r\n", "picture"), (b"<html><body>", "web page"),
        (b"PK\x03\x04", "workbook"), (b"", "empty"),
    ],
)  # fmt: skip
def test_other_kinds_are_named(tmp_path, head, words):
    path = tmp_path / "a.xls"
    path.write_bytes(head)
    with pytest.raises(GeoError, match=words):
        open_source(path)


@pytest.mark.parametrize("suffix", [".xlsx", ".parquet", ".gpkg", ".shp"])
def test_a_suffix_that_promises_more_than_the_bytes(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    path.write_text("lon,lat\n116,39\n")
    with pytest.raises(GeoError, match="not what its suffix"):
        open_source(path)


def test_the_bytes_decide_and_that_is_said(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('{"type":"FeatureCollection","features":[]}')
    source = open_source(path)
    assert source.kind == "geojson"
    assert "although its suffix is .csv" in source.notes[0]


def test_standard_input(monkeypatch):
    def given(content):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))

    given(b"lon,lat\n116,39\n")
    source = open_source("-")
    assert (source.kind, source.open().read()[:3]) == ("delimited", b"lon")
    given(b"")
    with pytest.raises(GeoError, match="nothing came"):
        open_source("-")
    given(b"\x00\x00\x27\x0a")
    with pytest.raises(GeoError, match="several files"):
        open_source("-")
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(GeoError, match="closed"):
        open_source("-")
