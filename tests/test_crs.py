"""The two reference systems: refusals, and the distortions measured beforehand."""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from metres import ANALYSIS_CRS, project, to_analysis, unproject
from pyproj import Geod
from shapely import LineString, Point, Polygon, box

from geo import crs
from geo.errors import CRSError

ELLIPSOID = Geod(ellps="WGS84")
GOLDEN = json.loads((Path(__file__).parent / "golden" / "a_crs_distortion.json").read_text())


def spot(epsg=4326):
    return gpd.GeoDataFrame(geometry=[Point(116.4, 39.9)], crs=epsg)


def test_analysis_crs_refuses_degrees_and_names_the_way_out():
    with pytest.raises(CRSError, match=r"degrees.*geo\.crs\.to_analysis\(points, crs\)"):
        crs.require_crs(spot(), ANALYSIS_CRS, name="points")


def test_no_reference_system_is_refused():
    bare = gpd.GeoDataFrame(geometry=[Point(116.4, 39.9)])
    for wanted in (crs.STORAGE_CRS, ANALYSIS_CRS):
        with pytest.raises(CRSError, match="has no reference system"):
            crs.require_crs(bare, wanted)
    with pytest.raises(CRSError, match="no reference system"):
        crs.to_storage(bare)


@pytest.mark.parametrize("epsg", [3857, 32650, 4509, 4548])
def test_other_projections_are_refused(epsg):
    with pytest.raises(CRSError, match="another projection"):
        crs.require_crs(spot().to_crs(epsg), ANALYSIS_CRS)
    with pytest.raises(CRSError, match="to_storage"):
        crs.require_crs(spot().to_crs(epsg), crs.STORAGE_CRS)


def test_cgcs2000_degrees_pass_as_wgs84_unchanged():
    frame = spot(4490)
    crs.require_crs(frame, crs.STORAGE_CRS)
    assert crs.to_storage(frame).geometry.iloc[0].coords[0] == (116.4, 39.9)
    assert frame.crs.to_epsg() == 4490


@pytest.mark.parametrize("code", ["EPSG:4610", "EPSG:4214", "EPSG:2327", "EPSG:21420"])
def test_old_chinese_datums_are_refused(code):
    with pytest.raises(CRSError, match="surveyors"):
        crs.parse_crs(code)


@pytest.mark.parametrize("text", ["EPSG:999999", "nonsense", ""])
def test_what_is_no_reference_system_is_refused(text):
    with pytest.raises(CRSError, match="not a reference system"):
        crs.parse_crs(text)


NO_SUCH = (
    'PROJCS["x",GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],'
    'PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],PROJECTION["No_Such"],UNIT["metre",1]]'
)


@pytest.mark.parametrize("text", ["EPSG:5773", "ESRI:104903", NO_SUCH])
def test_what_cannot_be_brought_to_wgs84_is_refused(text):
    for read in (crs.parse_crs, crs.stated_crs):
        with pytest.raises(CRSError, match="cannot be brought to WGS 84"):
            read(text)


def test_a_plane_that_lies_nowhere_is_no_reference_system():
    site = 'LOCAL_CS["site",UNIT["metre",1]]'
    assert crs.stated_crs(site) is None
    with pytest.raises(CRSError, match="lies nowhere"):
        crs.parse_crs(site)


def test_distances_between_cities_match_golden_a_crs_distortion():
    place = GOLDEN["city_lonlat_approx"]
    for pair, row in GOLDEN["distance"].items():
        here, there = pair.split("-")
        x, y = project(*np.array([place[here], place[there]]).T)
        length = np.hypot(*np.diff([x, y], axis=1))[0]
        error_percent = (length / row["geodesic_m"] - 1) * 100
        assert error_percent == pytest.approx(row["JJJ LAEA 39.3/116.5 err_%"], abs=1e-6)
        assert round(abs(error_percent), 3) <= 0.006


@given(st.floats(113.4, 119.6), st.floats(36.0, 42.4))
def test_areas_are_exact(west, south):
    """A cell of 0.25°, its edges densified, has its geodesic area within one part in 10⁶."""
    cell = box(west, south, west + 0.25, south + 0.25).segmentize(0.01)
    flat = to_analysis(gpd.GeoSeries([cell], crs=4326)).area.iloc[0]
    true = abs(
        Geod(ellps="GRS80").geometry_area_perimeter(
            box(west, south, west + 0.25, south + 0.25).segmentize(0.001)
        )[0]
    )
    assert flat == pytest.approx(true, rel=1e-5)


@given(st.floats(113.4, 119.9), st.floats(36.0, 42.7))
def test_project_and_unproject_are_inverse(lon, lat):
    back = unproject(*project([lon], [lat]))
    np.testing.assert_allclose(np.ravel(back), [lon, lat], atol=1e-10)


def test_to_analysis_twice_is_once():
    once = to_analysis(spot())
    assert to_analysis(once).geom_equals_exact(once, 0).all()


CENTRES = st.tuples(st.floats(-180, 180), st.floats(-90, 90))
BEARINGS = st.floats(0, 360)


def around(centre, bearings, metres):
    """Return the places at bearings and distances from a centre, on the ellipsoid."""
    lon, lat = centre
    n = len(bearings)
    ends = ELLIPSOID.fwd([lon] * n, [lat] * n, bearings, metres)
    return list(zip(ends[0], ends[1], strict=True))


@pytest.mark.parametrize(("across_km", "wrong"), [(500, 0.001), (1000, 0.002)])
@settings(max_examples=40, deadline=None)
@given(CENTRES, BEARINGS, BEARINGS, st.floats(0.001, 1), st.floats(0.001, 1))
def test_lengths_are_right_anywhere_on_earth(across_km, wrong, centre, one, other, near, far):
    half_m = across_km * 500.0
    ends = around(centre, [one, other], [near * half_m, far * half_m])
    true = ELLIPSOID.inv(*ends[0], *ends[1])[2]
    line = gpd.GeoSeries([LineString(ends)], crs=4326)
    flat = crs.to_analysis(line, crs.local_crs(line)).length.iloc[0]
    assert flat == pytest.approx(true, rel=wrong, abs=0.01)


@pytest.mark.parametrize(("across_km", "wrong"), [(500, 0.001), (1000, 0.002)])
@settings(max_examples=40, deadline=None)
@given(CENTRES, st.lists(st.floats(0.3, 1), min_size=8, max_size=8))
def test_areas_are_right_anywhere_on_earth(across_km, wrong, centre, radii):
    ring = around(centre, np.arange(0, 360, 45), [one * across_km * 500.0 for one in radii])
    shape = gpd.GeoSeries([Polygon(ring)], crs=4326)
    flat = crs.to_analysis(shape, crs.local_crs(shape)).area.iloc[0]
    true = abs(ELLIPSOID.polygon_area_perimeter(*zip(*ring, strict=True))[0])
    assert flat == pytest.approx(true, rel=wrong)


def test_a_measure_stops_where_its_projection_ends():
    with pytest.raises(
        CRSError, match=r"its shapes reach 8,692 km from the centre of Beijing.*within 800 km"
    ):
        to_analysis(gpd.GeoSeries([Point(-122.4, 37.8)], crs=4326))
    with pytest.raises(CRSError, match="the data reach"):
        crs.local_crs(gpd.GeoSeries([Point(116, 40), Point(139.7, 35.7)], crs=4326))
    far = gpd.GeoSeries([Point(0, 0), Point(0, 9e5)], crs=ANALYSIS_CRS)
    with pytest.raises(CRSError, match="points reach 900 km"):
        crs.metres_of(far, name="points")
    corner = gpd.GeoSeries([Point(7e5, 0), Point(0, 7e5)], crs=ANALYSIS_CRS)  # the box's is farther
    assert crs.metres_of(corner) == ANALYSIS_CRS


def test_two_projections_are_not_measured_together():
    there = crs.equal_area(-122.2, 37.9)
    with pytest.raises(CRSError, match="one projection for both"):
        crs.require_crs(gpd.GeoSeries([Point(0, 0)], crs=there), ANALYSIS_CRS, name="axes")


def test_other_equal_area_projections_are_taken_with_their_own_centre():
    berlin = gpd.GeoSeries([Point(13.4, 52.5)], crs=4326).to_crs(3035)
    assert crs.metres_of(berlin).to_epsg() == 3035
    with pytest.raises(CRSError, match="800 km"):
        crs.metres_of(gpd.GeoSeries([Point(0, 0)], crs=3035))


def test_a_projection_in_feet_or_that_keeps_no_areas_is_none():
    for text in ("+proj=laea +lat_0=39 +lon_0=116 +units=us-ft", "EPSG:4509", "EPSG:4326"):
        with pytest.raises(CRSError, match="no Lambert azimuthal equal-area projection in metres"):
            crs.named_crs(text)


def test_the_analysis_projection_has_a_name():
    assert ANALYSIS_CRS.name == "Beijing–Tianjin–Hebei, equal-area at 39.3° N 116.5° E"
    assert crs.crs_text(ANALYSIS_CRS).startswith("+proj=laea +lat_0=39.3 +lon_0=116.5 ")
