"""The commands themselves on files that name other files and hosts: one line, and nothing made."""

import warnings

import pytest
from canaries import CASES, canary

COMMANDS = {
    "map": ("-o", "o.html"),
    "locate": ("-o", "o.csv"),
    "corridor": ("--axis", "plan-jingjin", "-o", "o.geojson"),
    "surface": ("-o", "o.tif"),
    "structure": ("-o", "o.csv"),
    "plan fit": ("-o", "o.csv"),
    "plan circles": ("-o", "o.csv"),
    "explain": (),
    "flows": ("-o", "o.geojson"),
    "codes upgrade": ("--code", "code", "--from", "2015", "--to", "2020", "-o", "o.csv"),
}
REFUSED = ("vrt-in-kml-kml", "vrt-in-geojsonl-json", "vrt-address-geojsonl", "gpkg-crs-grids")


@pytest.fixture(scope="module")
def bird(tmp_path_factory):
    with canary(tmp_path_factory.mktemp("canaries")) as made:
        yield made


def built(name, folder, bird):
    folder.mkdir()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # GDAL's remarks on what is written here
        path = CASES[name](folder, bird)
    bird.seen()
    return path


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_refuses_in_one_line(command, jjj, tmp_path, tmp_path_factory, bird):
    for name in REFUSED:
        path = built(name, tmp_path_factory.mktemp("given") / name, bird)
        ran = jjj(*command.split(), path, *COMMANDS[command])
        assert ran.code == 1, (name, ran)
        assert "defect of this program" not in ran.line
        assert bird.word not in ran.out + ran.err
        assert not list(tmp_path.iterdir()), name
        assert not bird.seen(), name


@pytest.mark.slow
@pytest.mark.parametrize("name", ["name-with-an-exclamation-mark", "kml-network-link-address"])
def test_a_map_of_a_files_own_rows(name, jjj, tmp_path, tmp_path_factory, bird):
    path = built(name, tmp_path_factory.mktemp("given") / "f", bird)
    ran = jjj("map", path, "-o", "o.html")
    assert ran.code == 0, ran
    assert bird.word not in (tmp_path / "o.html").read_text("utf-8") + ran.err
    assert not bird.seen()


RASTERED = {
    "map": ("map", "{}", "-o", "o.html"),
    "zonal": ("raster", "zonal", "{}", "-o", "o.csv"),
    "leastcost": ("leastcost", "--from", "北京", "--to", "天津", "--friction", "{}", "-o", "o.tif"),
}


@pytest.mark.slow
@pytest.mark.parametrize("command", RASTERED)
def test_a_virtual_raster_is_refused_in_one_line(command, jjj, tmp_path, tmp_path_factory, bird):
    for name in ("raster-vrt-tif", "raster-vrt-address"):
        path = built(name, tmp_path_factory.mktemp("given") / "f", bird)
        ran = jjj(*(one.format(path) for one in RASTERED[command]))
        assert ran.code == 1, (name, ran)
        assert "defect of this program" not in ran.line
        assert not list(tmp_path.iterdir()), name
        assert not bird.seen(), name
