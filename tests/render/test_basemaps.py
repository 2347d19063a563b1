"""Online basemaps are offered, off, and asked for nothing until switched on."""

import numpy as np
import pytest
from waiting import until

from geo.datum import wgs84_to_gcj02
from geo.errors import UnknownIdError
from geo.render import About, Map, points, polygons
from geo.render.basemaps import BASEMAPS


def test_only_the_hosts_of_offered_basemaps_are_allowed():
    plain, offered = Map("t").html(), Map("t", basemaps=["osm", "gaode"]).html()
    assert "img-src data: blob:;" in plain
    assert "https://tile.openstreetmap.org" in offered.split("<style>")[0]
    assert "https://webrd01.is.autonavi.com" in offered.split("<style>")[0]
    assert "tianditu" not in offered.split("<style>")[0]


def test_every_basemap_states_its_datum_and_credit():
    assert {one.datum for one in BASEMAPS.values()} <= {"wgs84", "cgcs2000", "gcj02"}
    assert all(one.attribution and one.hosts() for one in BASEMAPS.values())
    with pytest.raises(UnknownIdError, match="nearest: gaode"):
        Map("t", basemaps=["gaodei"])


@pytest.mark.browser
def test_a_basemap_is_asked_for_when_it_is_switched_on(open_page, sites, about):
    made = Map("t", basemaps=["gaode", "tianditu"]).add(points(sites, about))
    page, seen = open_page(made)
    page.mouse.wheel(0, -200)
    page.wait_for_timeout(200)
    assert seen.problems == []
    page.select_option(".basemaps select", "0")
    until(page, lambda: seen.requests)
    assert all(".is.autonavi.com/appmaptile?" in one for one in seen.requests)
    assert "高德" in page.inner_text("#credits")
    seen.requests.clear()
    page.select_option(".basemaps select", "1")
    page.wait_for_timeout(200)
    assert seen.requests == []  # without a key nothing is asked for
    page.fill(".key-box input", "my key&x=1")
    page.press(".key-box input", "Enter")
    until(page, lambda: seen.requests)
    assert all("tk=my%20key%26x%3D1" in one for one in seen.requests)


@pytest.mark.browser
def test_a_link_brings_the_ground_back_since_it_brings_no_basemap(open_page, sites, squares):
    ground = polygons(squares, About("Land", layer_id="land"), role="land")
    ground.payload["style"]["base"] = True
    made = Map("t", basemaps=["osm"]).add(ground, points(sites, About("Sites", layer_id="sites")))
    page, _ = open_page(made)
    page.select_option(".basemaps select", "0")
    assert page.evaluate("jjj.LAYERS.map((one) => one.on)") == [False, True]
    assert "on=land%2Csites" in page.evaluate("jjj.addressOfView()")
    page.select_option(".basemaps select", "")
    assert page.evaluate("jjj.LAYERS.map((one) => one.on)") == [True, True]


@pytest.mark.browser
def test_the_shift_of_tiles_is_that_of_the_datum_module(open_page):
    page, _ = open_page(Map("t", basemaps=["gaode"]))
    for lon, lat in ((116.4, 39.9), (117.2, 39.1), (114.5, 36.6), (117.9, 40.9)):
        lat_found, lon_found = page.evaluate("([lat, lon]) => jjj.gcj02(lat, lon)", [lat, lon])
        wanted = wgs84_to_gcj02(np.array([lon]), np.array([lat]))
        assert lon_found == pytest.approx(float(wanted[0][0]), abs=1e-9)
        assert lat_found == pytest.approx(float(wanted[1][0]), abs=1e-9)
