"""Any GeoTIFF: alone, damaged, of any type and layout, turned, in windows, with fewer cells."""

import contextlib
import ctypes
import logging
import os
import re
import socket
import struct
import subprocess
import sys
import threading
import warnings

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from affine import Affine
from shapely import box
from tiffs import mutants, write_tiff

from geo.analysis.surfaces.zonal import clip_raster, zonal
from geo.door import rasters
from geo.door.raster_tags import external_references
from geo.door.rasters import cells_within, raster_facts, raster_tags, read_raster
from geo.errors import CRSError, InputError, MissingFileError
from geo.raster import Raster

NORTH_UP = Affine(500, 0, 440_000, 0, -500, 4_420_000)


@pytest.fixture
def written(tmp_path):
    def write(values, transform, **options):
        path = tmp_path / "r.tif"
        height, width = values.shape
        with rasterio.open(
            path, "w", driver="GTiff", width=width, height=height, count=1, dtype=values.dtype,
            crs="EPSG:4509", transform=transform, **options,
        ) as made:  # fmt: skip
            made.write(values, 1)
        return path

    return write


def values(n_rows=40, n_columns=60) -> np.ndarray:
    return np.random.default_rng(0).uniform(1, 9, (n_rows, n_columns))


def test_rows_from_the_south_and_columns_from_the_east(written):
    cells = values()
    plain = read_raster(written(cells, NORTH_UP))
    south = Affine(500, 0, 440_000, 0, 500, 4_420_000 - 40 * 500)
    east = Affine(-500, 0, 440_000 + 60 * 500, 0, -500, 4_420_000)
    for turned, transform in ((cells[::-1], south), (cells[:, ::-1], east)):
        found = read_raster(written(np.ascontiguousarray(turned), transform))
        np.testing.assert_array_equal(found.values, plain.values)
        assert found.transform == plain.transform


def test_a_rotated_grid_keeps_values_in_their_place(written, caplog):
    """A field that is a function of the place: each cell must hold its own."""
    turn = NORTH_UP * Affine.rotation(-30)
    columns, rows = np.meshgrid(np.arange(200) + 0.5, np.arange(160) + 0.5)
    x, y = turn * (columns, rows)
    with caplog.at_level(logging.WARNING):
        found = read_raster(written((x - 400_000) / 500 + (y - 4_400_000) / 100, turn))
    assert "r.tif: is rotated" in caplog.text
    assert found.transform.b == found.transform.d == 0
    columns, rows = np.meshgrid(*(np.arange(n) + 0.5 for n in found.values.shape[::-1]))
    x, y = found.transform * (columns, rows)
    off = found.values - ((x - 400_000) / 500 + (y - 4_400_000) / 100)
    held = np.isfinite(off)
    # the middle of the nearest cell is at most half a diagonal away
    assert np.abs(off[held]).max() <= (1 / 500 + 1 / 100) * 500 * np.sqrt(0.5) + 1e-6
    assert held.sum() == pytest.approx(200 * 160, rel=0.01)


@pytest.mark.parametrize("transform", [NORTH_UP, Affine(500, 0, 440_000, 0, 500, 4_400_000)])
def test_a_window_is_the_same_as_the_whole(written, transform):
    path = written(values(), transform, nodata=3.0)
    area = gpd.GeoDataFrame(geometry=[box(446_300, 4_405_200, 452_700, 4_411_900)], crs=4509)
    area = area.to_crs(4326)
    part, whole = read_raster(path, within=area), read_raster(path)
    assert cells_within(path, area) == part.values.size < whole.values.size / 4
    for function in (clip_raster, zonal):
        one, other = function(part, area), function(whole, area)
        if isinstance(one, Raster):
            np.testing.assert_array_equal(one.values, other.values)
            assert one.transform == other.transform
        else:
            np.testing.assert_allclose(one, other, rtol=1e-12)
    elsewhere = area.set_crs(4326).translate(50, 0).set_crs(4326, allow_override=True)
    assert cells_within(path, elsewhere) == 0
    with pytest.raises(InputError, match="no unit meets the raster"):
        read_raster(path, within=elsewhere)


def test_fewer_cells_keep_mean_and_ground(written):
    path = written(values(400, 600), NORTH_UP)
    few, whole = read_raster(path, at_most=2_400), read_raster(path)
    assert few.values.size <= 2_400
    assert few.values.mean() == pytest.approx(whole.values.mean(), rel=1e-3)
    (n_rows, n_columns), t = few.values.shape, few.transform
    assert (t.a * n_columns, t.e * n_rows) == pytest.approx((600 * 500, -400 * 500))


def test_scale_offset_and_mask(written):
    path = written(np.array([[0, 10], [20, 30]], dtype=np.int16), NORTH_UP, nodata=0)
    with rasterio.open(path, "r+") as made:
        made.scales, made.offsets = (0.5,), (100.0,)
        made.set_band_unit(1, "m")
    found = read_raster(path)
    np.testing.assert_array_equal(found.values, [[np.nan, 105.0], [110.0, 115.0]])
    assert found.unit == "m"


# -- alone


class Watch:
    """Names of the files of a folder that are opened, by whom ever, as the kernel tells them."""

    def __init__(self, folder):
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._fd = self._libc.inotify_init1(os.O_NONBLOCK)
        assert self._libc.inotify_add_watch(self._fd, os.fsencode(folder), 0x20) > 0  # IN_OPEN

    def opened(self):
        found = set()
        try:
            while told := os.read(self._fd, 65_536):
                at = 0
                while at < len(told):
                    (length,) = struct.unpack_from("I", told, at + 12)
                    found.add(told[at + 16 : at + 16 + length].rstrip(b"\0").decode())
                    at += 16 + length
        except BlockingIOError:
            return found


@pytest.fixture
def host():
    """Listen on loopback; the list says who asked."""
    asked, ended = [], threading.Event()
    door = socket.create_server(("127.0.0.1", 0))
    door.settimeout(0.1)

    def listen():
        while not ended.is_set():
            with contextlib.suppress(OSError):
                connection, _ = door.accept()
                asked.append(connection.recv(200))
                connection.close()

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{door.getsockname()[1]}", asked
    ended.set()
    thread.join()
    door.close()


def ones(n=300):
    return np.ones((n, n), dtype=np.uint8)


def vrt(source):
    return (
        "<VRTDataset rasterXSize='1500' rasterYSize='1500'><VRTRasterBand dataType='Byte' band='1'>"
        f"<SimpleSource><SourceFilename>{source}</SourceFilename><SourceBand>1</SourceBand>"
        "</SimpleSource></VRTRasterBand></VRTDataset>"
    )


def overviews_elsewhere(name):
    def make(folder, url):
        write_tiff(folder / "canary.tif", ones(1500) * 9)
        item = {
            "OVERVIEW_FILE": name.format(folder=folder, url=url, vrt=vrt(folder / "canary.tif"))
        }
        write_tiff(folder / "r.tif", ones(3000), compress="deflate", tags={"OVERVIEWS": item})

    return make


def beside(name, make_it):
    def make(folder, url):
        write_tiff(folder / "r.tif", ones(3000), compress="deflate")
        make_it(folder / name, url)

    return make


def another(value):
    def make(path, url):
        write_tiff(path.with_name("other.tif"), ones(1500) * value).rename(path)

    return make


PAM = (
    "<PAMDataset><SRS>EPSG:32650</SRS><GeoTransform>0,1,0,0,0,-1</GeoTransform>"
    "<Metadata domain='OVERVIEWS'><MDI key='OVERVIEW_FILE'>/vsicurl/{url}/p.tif</MDI></Metadata>"
    "<PAMRasterBand band='1'><NoDataValue>1</NoDataValue><Scale>5</Scale></PAMRasterBand>"
    "</PAMDataset>"
)
HOSTILE = {
    "an address": overviews_elsewhere("/vsicurl/{url}/o.tif"),
    "an address without vsicurl": overviews_elsewhere("{url}/o.tif"),
    "a service": overviews_elsewhere("<GDAL_WMS><Service name='TMS'><ServerUrl>{url}/${{z}}</ServerUrl></Service><DataWindow><SizeX>1500</SizeX><SizeY>1500</SizeY></DataWindow></GDAL_WMS>"),
    "a file": overviews_elsewhere("{folder}/canary.tif"),
    "a file beside it": overviews_elsewhere(":::BASE:::canary.tif"),
    "a virtual raster": overviews_elsewhere("{vrt}"),
    "aux.xml": beside("r.tif.aux.xml", lambda path, url: path.write_text(PAM.format(url=url))),
    "ovr": beside("r.tif.ovr", another(9)),
    "msk": beside("r.tif.msk", another(0)),
    "tfw": beside("r.tfw", lambda path, url: path.write_text("1\n0\n0\n-1\n0\n0\n")),
    "aux": beside("r.aux", lambda path, url: path.write_bytes(b"x" * 400)),
    "rpc": beside("r_rpc.txt", lambda path, url: path.write_text("x")),
    "imd": beside("r.IMD", lambda path, url: path.write_text("x")),
}  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux", reason="inotify is of Linux")
@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_a_raster_is_read_alone(make, tmp_path, host):
    url, asked = host
    make(tmp_path, url)
    asked.clear()
    watch, path = Watch(tmp_path), tmp_path / "r.tif"
    area = gpd.GeoSeries([box(116.05, 39.75, 116.2, 39.9)], crs=4326)
    for found in (
        read_raster(path, at_most=1_000_000), read_raster(path, at_most=40_000),
        read_raster(path, within=area), read_raster(path),
    ):  # fmt: skip
        assert (found.values == 1).all()
        assert found.bounds[0] >= 116 - 1e-9
    assert raster_facts(path).crs.to_epsg() == 4326
    assert "provenance" not in raster_tags(path)
    assert watch.opened() == {"r.tif"}
    assert not asked


def test_the_files_own_overviews_are_used_where_they_cannot_mislead(tmp_path, monkeypatch, host):
    url, asked = host
    monkeypatch.setattr(rasters, "_FROM_OVERVIEWS", 1_000)
    random = np.random.default_rng(0).integers(0, 200, (512, 512))
    for dtype, told, elsewhere, used in (
        ("uint8", {}, False, True), ("int16", {"nodata": -1}, False, True),
        ("int16", {}, False, False), ("uint8", {}, True, False),
    ):  # fmt: skip
        item = {"OVERVIEWS": {"OVERVIEW_FILE": f"/vsicurl/{url}/o.tif"}} if elsewhere else {}
        path = write_tiff(tmp_path / "o.tif", random.astype(dtype), tags=item, **told)
        with rasterio.open(path, "r+") as made:
            made.build_overviews([2, 4, 8], rasterio.enums.Resampling.nearest)
        asked.clear()
        exact = random.reshape(64, 8, 64, 8).mean(axis=(1, 3))
        found = read_raster(path, at_most=64 * 64).values
        assert np.allclose(found, exact) is not used
        assert (found == random[::8, ::8]).all() == used
        assert not asked


@pytest.mark.parametrize(
    "text",
    [
        '<Item name="OVERVIEW_FILE" domain="OVERVIEWS">x</Item>',
        "<Item name='overview_file' domain='overviews'>x</Item>",
        '<Item name="&#79;VERVIEW&#x5f;FILE" domain="OVERVIEWS">x</Item>',
        "<Item><name><![CDATA[OVERVIEW_FILE]]></name></Item>",
    ],
)
@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("big", [False, True])
def test_the_item_is_found_however_it_is_spelt(tmp_path, text, order, big):
    count, word, one = ("Q", "Q", 20) if big else ("H", "I", 12)
    magic = (b"II" if order == "<" else b"MM") + struct.pack(order + "H", 43 if big else 42)
    start = 16 if big else 8
    opening = magic + (struct.pack(order + "HH", 8, 0) if big else b"")
    opening += struct.pack(order + word, start)
    after = start + struct.calcsize(order + count) + one + struct.calcsize(order + word)
    entry = struct.pack(order + "HH" + word + word, 42112, 2, len(text), after)
    directory = struct.pack(order + count, 1) + entry + struct.pack(order + word, start)  # a loop
    path = tmp_path / "t.tif"
    path.write_bytes(opening + directory + text.encode())
    assert external_references(path) == {"overviews"}
    path.write_bytes(
        opening + directory + re.sub("view", "vein", text, flags=re.IGNORECASE).encode()
    )
    assert not external_references(path)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("/vsicurl/http://127.0.0.1:9/r.tif", "only regular files are read; download it"),
        ("/vsimem/r.tif", "only regular files are read"),
        ("http://127.0.0.1:9/r.tif", "only regular files are read"),
        ("/dev/zero", "only regular files are read"),
        ("GTIFF_DIR:1:r.tif", "is one image of a file"),
        ("gtiff_raw:r.tif", "is one image of a file"),
        ("lost.tif", "does not exist"),
        ("a\0b.tif", "null"),
        (".", "is a folder"),
        ("pipe.tif", "not a device, a pipe or a socket"),
    ],
)
def test_names_that_are_no_regular_file(tmp_path, monkeypatch, name, said):
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe.tif")
    write_tiff("r.tif", ones(10))
    for read in (read_raster, raster_facts, raster_tags):
        with pytest.raises(MissingFileError, match=said) as caught:
            read(name)
        assert str(caught.value).startswith(name)


def test_a_virtual_raster_is_no_geotiff(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_tiff("other.tif", ones(10) * 5)
    (tmp_path / "x.tif").write_text(vrt("other.tif"))
    with pytest.raises(InputError, match="x.tif: not a GeoTIFF"):
        read_raster("x.tif")


@pytest.mark.skipif(sys.platform != "linux", reason="inotify is of Linux")
def test_a_reference_system_that_names_a_file_of_shifts_is_refused(tmp_path):
    (tmp_path / "canary.gsb").write_bytes(b"x" * 500)
    grids = f"+proj=longlat +ellps=krass +nadgrids={tmp_path}/canary.gsb +no_defs"
    path = write_tiff(
        tmp_path / "r.tif", ones(10), crs=rasterio.crs.CRS.from_string(grids),
        GEOTIFF_KEYS_FLAVOR="ESRI_PE",
    )  # fmt: skip
    watch = Watch(tmp_path)
    for read in (read_raster, raster_facts, lambda one: cells_within(one, gpd.GeoSeries(crs=4326))):
        with pytest.raises(CRSError, match=r"r\.tif: its reference system names a file of shifts"):
            read(path)
    assert watch.opened() == {"r.tif"}


def test_without_a_place_it_is_refused(tmp_path):
    path = tmp_path / "r.tif"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        write_tiff(path, ones(10), crs=None)
    (tmp_path / "r.prj").write_text("EPSG:4326")
    with pytest.raises(CRSError, match="states no reference system .what lies beside it is not"):
        read_raster(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        write_tiff(path, ones(10), transform=Affine.identity())
    (tmp_path / "r.tfw").write_text("0.01\n0\n0\n-0.01\n116\n40\n")
    with pytest.raises(CRSError, match="cells are placed nowhere"):
        read_raster(path)


# -- damaged


def batch(files, cap_mb):
    """Read files in a process of its own, with a cap on memory; one line each."""
    code = (
        "import resource, sys, numpy as np\n"
        "from geo.door.rasters import read_raster, raster_tags\n"
        "from geo.errors import GeoError\n"
        f"resource.setrlimit(resource.RLIMIT_DATA, ({cap_mb} << 20,) * 2)\n"
        "for name in sys.argv[1:]:\n"
        "    for read in (read_raster, lambda one: read_raster(one, at_most=50), raster_tags):\n"
        "        try: read(name); print('read', name)\n"
        "        except GeoError as error: print('said', str(error).replace('\\n', ' '))\n"
    )
    env = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, *files],
        capture_output=True, text=True, check=False, env=env, timeout=300,
    )  # fmt: skip


@pytest.mark.slow
def test_a_damaged_file_is_data_or_one_line_and_never_a_crash(tmp_path):
    random = np.random.default_rng(1)
    kinds = (
        {}, {"compress": "deflate"}, {"compress": "lzw", "tiled": True, "blockxsize": 16, "blockysize": 16},
        {"BIGTIFF": "YES", "compress": "deflate"}, {"ENDIANNESS": "BIG"}, {"compress": "jpeg"},
        {"tags": {"": {"provenance": "{}"}}, "nodata": 3},
    )  # fmt: skip
    whole = [
        write_tiff(tmp_path / "w.tif", random.integers(0, 200, (40, 30)).astype("uint8"), **kind).read_bytes()
        for kind in kinds
    ]  # fmt: skip
    files = []
    for at, content in enumerate(mutants(whole, 210)):
        files.append(str(tmp_path / f"m{at}.tif"))
        (tmp_path / f"m{at}.tif").write_bytes(content)
    ran = batch(files, 1500)
    assert ran.returncode == 0, ran.stderr[-2000:]
    lines = ran.stdout.splitlines()
    assert len(lines) == 3 * len(files)
    said = [one for one in lines if one.startswith("said")]
    assert len(said) > 100  # most damage is seen
    assert all(re.match(r"said \S*m\d+\.tif: ", one) for one in said)
    assert len(lines) - len(said) > 50  # and what does no harm is read


@pytest.mark.slow
def test_a_size_that_the_file_cannot_hold_is_refused_before_it_is_made(tmp_path):
    huge, large = 2**31 - 1, 14_000
    files = []
    for compress in ("none", "deflate"):
        content = write_tiff(tmp_path / "w.tif", ones(8), compress=compress).read_bytes()
        (start,) = struct.unpack_from("<I", content, 4)
        (n,) = struct.unpack_from("<H", content, start)
        for stated in (
            {256: huge, 257: huge}, {256: huge, 257: huge, 278: huge},
            {256: large, 257: large, 278: large},
        ):  # fmt: skip
            made = bytearray(content)
            for at in range(start + 2, start + 2 + 12 * n, 12):
                (tag,) = struct.unpack_from("<H", content, at)
                if tag in stated:
                    struct.pack_into("<HII", made, at + 2, 4, 1, stated[tag])
            files.append(str(tmp_path / f"h{len(files)}.tif"))
            (tmp_path / f"h{len(files) - 1}.tif").write_bytes(made)
    ran = batch(files, 700)
    assert ran.returncode == 0, ran.stderr[-2000:]
    lines = ran.stdout.splitlines()
    assert len(lines) == 18
    cells = [one for at, one in enumerate(lines) if at % 3 < 2]
    assert all(re.match(r"said \S*h\d\.tif: ", one) for one in cells)


# -- what a cell is worth

TYPES = (
    "uint8",
    "int8",
    "uint16",
    "int16",
    "uint32",
    "int32",
    "uint64",
    "int64",
    "float32",
    "float64",
)
LAID = {
    "strips": {},
    "tiles": {"tiled": True, "blockxsize": 16, "blockysize": 16},
    "swapped": {"ENDIANNESS": "BIG"},
    "big": {"BIGTIFF": "YES", "ENDIANNESS": "BIG", "tiled": True, "blockxsize": 32, "blockysize": 16},
    "lzw": {"compress": "lzw", "predictor": 1},
    "deflate": {"compress": "deflate", "zlevel": 9},
    "zstd": {"compress": "zstd"},
    "lerc": {"compress": "lerc"},
}  # fmt: skip


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("laid", LAID.values(), ids=LAID)
def test_every_type_and_layout_reads_as_written(tmp_path, dtype, laid):
    stored = np.arange(40 * 50).reshape(40, 50) % 101
    if laid.get("compress") == "lerc" and dtype in ("int64", "uint64", "int8"):
        pytest.skip("LERC has no such cells")
    path = write_tiff(tmp_path / "r.tif", stored.astype(dtype), nodata=7, **laid)
    expected = np.where(stored == 7, np.nan, stored)
    np.testing.assert_array_equal(read_raster(path).values, expected)
    few = read_raster(path, at_most=500).values
    assert few.shape == (20, 25)
    np.testing.assert_allclose(few, np.nanmean(expected.reshape(20, 2, 25, 2), axis=(1, 3)))


def test_jpeg_reads_about_what_was_written(tmp_path):
    stored = np.tile(np.linspace(0, 200, 64).astype("uint8"), (64, 1))
    path = write_tiff(tmp_path / "r.tif", stored, compress="jpeg", jpeg_quality=95)
    assert np.abs(read_raster(path).values - stored).max() < 6


def test_complex_cells_are_refused(tmp_path):
    path = write_tiff(tmp_path / "r.tif", np.ones((3, 3), dtype="complex64"))
    with pytest.raises(InputError, match=r"r\.tif: its cells are complex numbers"):
        read_raster(path)
    assert raster_facts(path).shape == (3, 3)


def test_cells_that_are_not_finite_and_a_negative_zero(tmp_path):
    stored = np.array([[np.nan, np.inf], [-np.inf, -0.0]])
    found = read_raster(write_tiff(tmp_path / "r.tif", stored)).values
    assert np.isnan(found).tolist() == [[True, True], [True, False]]
    assert not np.signbit(found[1, 1])


def test_one_cell_and_all_equal_cells(tmp_path):
    assert read_raster(write_tiff(tmp_path / "r.tif", np.array([[4.5]]))).values.tolist() == [[4.5]]
    equal = read_raster(write_tiff(tmp_path / "r.tif", ones(60)), at_most=10)
    assert equal.values.size <= 10
    assert (equal.values == 1).all()


def test_bands_have_their_own_scale_and_the_files_mask(tmp_path):
    stored = np.arange(18, dtype="int16").reshape(2, 3, 3)
    path = write_tiff(tmp_path / "r.tif", stored, nodata=4)
    with rasterio.open(path, "r+") as made:
        made.scales, made.offsets = (1.0, 0.1), (0.0, 100.0)
    assert np.isnan(read_raster(path).values[1, 1])
    np.testing.assert_allclose(read_raster(path, band=2).values, stored[1] * 0.1 + 100)


def test_a_palette_keeps_its_codes_when_cells_become_fewer(tmp_path):
    stored = np.random.default_rng(0).choice([10, 60, 200], (90, 90)).astype("uint8")
    path = write_tiff(tmp_path / "r.tif", stored)
    with rasterio.open(path, "r+") as made:
        made.write_colormap(1, {10: (0, 0, 0, 255), 60: (9, 9, 9, 255), 200: (99, 99, 9, 255)})
    found = read_raster(path, at_most=900).values
    np.testing.assert_array_equal(found, stored[1::3, 1::3])


def test_fewer_cells_are_the_means_of_the_ground_they_cover(tmp_path, monkeypatch):
    """By pieces of any size; a cell that two larger ones share counts in each by its share."""
    stored = np.random.default_rng(0).uniform(0, 9, (70, 110))
    stored[stored < 1] = -1
    path = write_tiff(
        tmp_path / "r.tif", stored, nodata=-1, tiled=True, blockxsize=16, blockysize=32
    )
    whole = read_raster(path, at_most=333)
    monkeypatch.setattr(rasters, "_CELLS_AT_ONCE", 700)
    pieces = read_raster(path, at_most=333)
    np.testing.assert_allclose(pieces.values, whole.values, rtol=1e-12)
    tall, wide = whole.values.shape
    fine = np.repeat(np.repeat(np.where(stored < 0, np.nan, stored), tall, axis=0), wide, axis=1)
    exact = np.nanmean(fine.reshape(tall, 70, wide, 110), axis=(1, 3))
    np.testing.assert_allclose(whole.values, exact, rtol=1e-12)
    np.testing.assert_array_equal(read_raster(path).values, np.where(stored < 0, np.nan, stored))


# -- no data that is not declared


@pytest.mark.parametrize(
    ("dtype", "value"),
    [
        ("int16", -9999), ("int32", -99999), ("int16", -32768), ("float32", -9999),
        ("float32", np.finfo("float32").min), ("float64", -3.4e38), ("float64", 1e20),
        ("float64", np.finfo("float64").min), ("uint16", 65535),
    ],
)  # fmt: skip
@pytest.mark.parametrize("at_most", [None, 100])
def test_what_stands_for_no_data_by_habit_is_none_and_said(tmp_path, caplog, dtype, value, at_most):
    stored = np.full((20, 30), 40).astype(dtype)
    stored[5:, 10:] = value
    path = write_tiff(tmp_path / "r.tif", stored)
    with caplog.at_level(logging.WARNING):
        found = read_raster(path, at_most=at_most)
    assert np.nanmin(found.values) == np.nanmax(found.values) == 40
    assert found.undeclared == ((float(value), 300),)
    assert "r.tif: 300 cells hold" in caplog.text
    caplog.clear()
    as_values = read_raster(path, at_most=at_most, nodata="none")
    assert np.isfinite(as_values.values).all() or abs(value) > 1e300  # sums of which overflow
    assert not as_values.undeclared
    assert not caplog.text
    own = read_raster(path, at_most=at_most, nodata=float(value))
    np.testing.assert_array_equal(own.values, found.values)


@pytest.mark.parametrize(
    ("dtype", "cells"),
    [
        ("int16", [-9999, -6000, 10]),  # soundings: no gap
        ("int16", [-9999, -12000, 10]),  # not the outermost
        ("uint8", [255, 1, 2]),
        ("uint16", [65535, 50000, 1]),
        ("float64", [-9998.0, 1.0, 2.0]),
    ],
)
@pytest.mark.parametrize("at_most", [None, 3])
def test_values_are_kept_where_they_may_be_meant(tmp_path, caplog, dtype, cells, at_most):
    stored = np.repeat(np.array([cells] * 2).astype(dtype), 2, axis=1)
    found = read_raster(write_tiff(tmp_path / "r.tif", stored), at_most=at_most)
    assert found.values.min() == min(cells)
    assert found.values.max() == max(cells)
    assert not caplog.text
