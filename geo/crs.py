"""Reference systems, and the only place that changes between them.

``STORAGE_CRS`` is WGS 84 longitude and latitude in degrees; CGCS2000 (EPSG:4490) is taken as
equal to it, which holds to well under a metre. Lengths, areas and buffers are computed in metres
of a Lambert azimuthal equal-area projection and nowhere else: a region's own, or a local one
around the middle of what is measured. Areas are exact there. At a distance d from its centre
lengths are wrong by up to 1 / cos(d / 2R) - 1: 0.02 % at 250 km, 0.1 % at 570 km, 0.2 % at 800 km,
where its area of use ends. What lies beyond is refused, never measured.
"""

import re
import warnings
from functools import lru_cache
from typing import Final, NamedTuple, TypeVar

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError as ProjCRSError
from pyproj.exceptions import ProjError

from geo.errors import CRSError

__all__ = [
    "REACH_M",
    "STORAGE_CRS",
    "beyond_reach",
    "crs_text",
    "equal_area",
    "is_equal_area",
    "local_crs",
    "metres_of",
    "named_crs",
    "names_files",
    "parse_crs",
    "project",
    "require_crs",
    "require_reach",
    "stated_crs",
    "to_analysis",
    "to_handover",
    "to_storage",
    "unproject",
    "within_reach",
]

Frame = TypeVar("Frame", gpd.GeoDataFrame, gpd.GeoSeries)

STORAGE_CRS: Final = CRS.from_epsg(4326)
REACH_M: Final = 800_000.0
"""How far from its centre an equal-area projection measures lengths within 0.2 %."""

_EQUAL_TO_STORAGE: Final = (4326, 4490, 4479, 4480)
_OLD_DATUMS: Final = ("Xian 1980", "Beijing 1954", "New Beijing", "Xi'an 1980")
_EQUAL_AREA: Final = "9820"
"""EPSG's code of the method Lambert azimuthal equal-area."""
# grids named by a path are opened by PROJ, and "@null" is how plain Web Mercator was written
_FILES: Final = re.compile(
    r"(?:parameterfile\s*[\[(]\s*\"[^\"]*\"|proj4_grids(?:\"|&quot;))\s*,\s*(?:\"|&quot;)(?!@?null\b)"
    r"|grids\s*=\s*(?!@?null(?![\w.,/@-]))|\+init\s*=|proj-based\s+operation|\+(?:file|model)\s*="
    r"|proj\s*=\s*pipeline",
    re.IGNORECASE,
)


def names_files(text: str) -> bool:
    """Return whether a reference system refers to files, which PROJ would open.

    Parameters
    ----------
    text
        WKT, or a string of PROJ.

    Returns
    -------
    bool
        True for a file of grid shifts, a pipeline, or ``+init``.

    Examples
    --------
    >>> names_files("+proj=longlat +ellps=krass +nadgrids=/etc/passwd")
    True
    >>> names_files("+proj=merc +a=6378137 +b=6378137 +nadgrids=@null")
    False
    """
    return _FILES.search(text) is not None


def parse_crs(text: str) -> CRS:
    """Parse a reference system (CRS); refuse one that has no certain transformation to WGS 84.

    Parameters
    ----------
    text
        ``"EPSG:4509"``, a WKT string, or anything that pyproj reads.

    Returns
    -------
    CRS
        The reference system.

    Raises
    ------
    CRSError
        When it is not a reference system, names files, cannot be brought to WGS 84 at all, or
        rests on Beijing 1954 or Xi'an 1980: without the surveyors' parameters a change from these
        is wrong by up to a hundred metres.

    Examples
    --------
    >>> parse_crs("EPSG:4509").name
    'CGCS2000 / Gauss-Kruger CM 117E'
    >>> parse_crs("EPSG:4610")
    Traceback (most recent call last):
    geo.errors.CRSError: EPSG:4610 rests on Xian 1980: bring it to CGCS2000 with ...
    """
    crs = stated_crs(text)
    if crs is None:
        msg = f"{str(text)[:60]!r} is a plane that lies nowhere; write it as EPSG:4326 or EPSG:4509"
        raise CRSError(msg)
    return crs


def stated_crs(text: str) -> CRS | None:
    """Parse the reference system that a file states; an engineering CRS is allowed.

    Parameters
    ----------
    text
        EPSG code, WKT or PROJ string, as ``parse_crs`` takes it.

    Returns
    -------
    CRS or None
        None for an engineering system, such as MapInfo's NonEarth: it is as if none were stated.

    Raises
    ------
    CRSError
        As ``parse_crs``.

    Examples
    --------
    >>> stated_crs('LOCAL_CS["site",UNIT["metre",1]]')
    """
    try:
        crs = None if names_files(str(text)) else CRS.from_user_input(text)
    except ProjCRSError:
        msg = f"{text!r} is not a reference system; write it as EPSG:4326 or EPSG:4509"
        raise CRSError(msg) from None
    if crs is None or names_files(crs.to_wkt()):
        msg = (
            f"the reference system {str(text)[:60]!r} names files (grid shifts, +init), which are "
            "not opened; write it as EPSG:4326 or EPSG:4509"
        )
        raise CRSError(msg)
    crs = _refuse_old_datum(crs, str(text))
    if crs.is_engineering:
        return None
    _require_way(crs)
    return crs


def _require_way(crs: CRS) -> None:
    """Refuse heights alone, other planets, and projections that PROJ does not know."""
    try:
        known = crs.geodetic_crs is not None and Transformer.from_crs(crs, STORAGE_CRS) is not None
    except ProjError:
        known = False
    if not known:
        msg = (
            f"the reference system {crs.name[:60]!r} cannot be brought to WGS 84; write it as "
            "EPSG:4326 or EPSG:4509"
        )
        raise CRSError(msg)


def _refuse_old_datum(crs: CRS, shown: str) -> CRS:
    geodetic = crs.geodetic_crs
    name = geodetic.name if geodetic is not None else ""
    if any(old.lower() in name.lower() for old in _OLD_DATUMS):
        msg = (
            f"{shown} rests on {name}: bring it to CGCS2000 with the surveyors' parameters first, "
            "a change without them is wrong by up to 100 m"
        )
        raise CRSError(msg)
    return crs


def equal_area(lon: float, lat: float, *, of: str = "") -> CRS:
    """Return the equal-area projection in metres centred on a point.

    Lambert azimuthal equal-area on GRS 80: areas are exact, lengths right within 0.2 % up to
    ``REACH_M`` from the centre (Snyder 1987, Map Projections: A Working Manual, p. 182–190).

    Parameters
    ----------
    lon, lat
        Longitude and latitude of the centre, in WGS 84 degrees.
    of
        What it is the projection of, for its name.

    Returns
    -------
    CRS
        With a name that says its centre.

    Examples
    --------
    >>> equal_area(-122.2, 37.9).name
    'equal-area at 37.9° N 122.2° W'
    """
    text = (
        f"+proj=laea +lat_0={lat:.10g} +lon_0={lon:.10g} +x_0=0 +y_0=0 +ellps=GRS80 +units=m "
        "+no_defs +type=crs"
    )
    return named_crs(text, of=of)


@lru_cache(maxsize=64)
def named_crs(text: str, *, of: str = "") -> CRS:
    """Read an equal-area projection in metres and give it a name.

    Parameters
    ----------
    text
        Such as ``"+proj=laea +lat_0=39.3 +lon_0=116.5 +ellps=GRS80 +units=m"``.
    of
        What it is the projection of; the name also says its centre.

    Returns
    -------
    CRS
        The same projection.

    Raises
    ------
    CRSError
        When it is no Lambert azimuthal equal-area projection in metres.

    Examples
    --------
    >>> named_crs("+proj=laea +lat_0=39.3 +lon_0=116.5 +ellps=GRS80", of="Jing-Jin-Ji").name
    'Jing-Jin-Ji, equal-area at 39.3° N 116.5° E'
    """
    crs = parse_crs(text)
    plane = _plane(crs)
    if plane is None:
        msg = (
            f"{text!r} is no Lambert azimuthal equal-area projection in metres; write it as "
            "+proj=laea +lat_0=… +lon_0=… +ellps=GRS80 +units=m"
        )
        raise CRSError(msg)
    side, height = "EW"[plane.lon < 0], "NS"[plane.lat < 0]
    centre = f"equal-area at {abs(plane.lat):.6g}° {height} {abs(plane.lon):.6g}° {side}"
    described = crs.to_json_dict()
    if described.get("name") in (None, "", "unknown"):
        described["name"] = f"{of}, {centre}" if of else centre
    return CRS.from_json_dict(described)


def local_crs(*frames: gpd.GeoDataFrame | gpd.GeoSeries, name: str = "the data") -> CRS:
    """Return the equal-area projection centred on the middle of some features.

    The middle is that of the box around all coordinates as points of the sphere, so that it holds
    across 180° and at the poles.

    Parameters
    ----------
    *frames
        With a reference system and at least one coordinate.
    name
        Name of the parameter at the caller, for the message.

    Returns
    -------
    CRS
        Its centre is rounded to a hundredth of a degree.

    Raises
    ------
    CRSError
        When a coordinate is farther than ``REACH_M`` from the middle, or there is none.

    Examples
    --------
    >>> from shapely import Point
    >>> local_crs(gpd.GeoSeries([Point(179.5, -17), Point(-179.5, -18)], crs="EPSG:4326")).name
    'equal-area at 17.5° S 180° E'
    """
    spots = np.concatenate(
        [shapely.get_coordinates(to_storage(one).geometry.to_numpy()) for one in frames]
    )
    spots = spots[np.isfinite(spots).all(axis=1)]
    if not len(spots):
        msg = f"{name}: holds no coordinate to measure around"
        raise CRSError(msg)
    lon, lat = np.radians(spots[:, 0]), np.radians(spots[:, 1])
    ball = np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    middle = ball.min(axis=1) + ball.max(axis=1)
    centre_lon = round(float(np.degrees(np.arctan2(middle[1], middle[0]))), 2)
    centre_lon = 180.0 if centre_lon == -180.0 else centre_lon
    centre_lat = round(float(np.degrees(np.arctan2(middle[2], np.hypot(*middle[:2])))), 2)
    crs = equal_area(centre_lon, centre_lat)
    easting, northing = _forward(crs).transform(spots[:, 0], spots[:, 1])
    _require_near(easting, northing, crs, name)
    return crs


def beyond_reach(points: gpd.GeoDataFrame | gpd.GeoSeries, crs: CRS) -> NDArray[np.bool_]:
    """Return which points lie outside the area of use of a projection.

    Parameters
    ----------
    points
        Points with any reference system (CRS).
    crs
        Equal-area projection in metres, as ``equal_area`` makes it.

    Returns
    -------
    ndarray of bool
        False for missing and empty points.

    Examples
    --------
    >>> from shapely import Point
    >>> spots = gpd.GeoSeries([Point(116, 39), Point(0, 0), None], crs="EPSG:4326")
    >>> beyond_reach(spots, equal_area(116.5, 39.3)).tolist()
    [False, True, False]
    """
    shapes = to_storage(points).geometry.to_numpy().copy()
    shapes[shapely.is_empty(shapes)] = None
    easting, northing = project(shapely.get_x(shapes), shapely.get_y(shapes), crs)
    return np.asarray(~within_reach(easting, northing, crs) & ~shapely.is_missing(shapes))


def within_reach(easting: ArrayLike, northing: ArrayLike, crs: CRS) -> NDArray[np.bool_]:
    """Return which coordinates lie in the area of use of a projection.

    Parameters
    ----------
    easting, northing
        Easting and northing in metres in ``crs``, arrays of equal shape.
    crs
        Equal-area projection in metres, as ``equal_area`` makes it.

    Returns
    -------
    ndarray of bool
        False where a coordinate is not finite.

    Examples
    --------
    >>> within_reach([0.0, 9e5], [0.0, 0.0], equal_area(116.5, 39.3)).tolist()
    [True, False]
    """
    plane = _plane(crs) or _Plane(0.0, 0.0, 0.0, 0.0)
    east = np.asarray(easting, dtype=np.float64) - plane.easting
    north = np.asarray(northing, dtype=np.float64) - plane.northing
    return np.asarray(np.hypot(east, north) <= REACH_M)


class _Plane(NamedTuple):
    """The parameters of an equal-area projection: centre in degrees, its place in metres."""

    lon: float
    lat: float
    easting: float
    northing: float


@lru_cache(maxsize=64)
def _plane(crs: CRS) -> _Plane | None:
    """Return the parameters of a Lambert azimuthal equal-area projection in metres."""
    made = crs.coordinate_operation if crs.is_projected else None
    if made is None or made.method_code != _EQUAL_AREA:
        return None
    if any(axis.unit_conversion_factor != 1.0 for axis in crs.axis_info):
        return None
    held = {one.code: one.value for one in made.params}
    return _Plane(*(float(held.get(code, 0.0)) for code in ("8802", "8801", "8806", "8807")))


def is_equal_area(crs: CRS) -> bool:
    """Return whether lengths and areas may be computed in a reference system.

    Parameters
    ----------
    crs
        Any reference system, geographic or projected.

    Returns
    -------
    bool
        True for a Lambert azimuthal equal-area projection in metres.

    Examples
    --------
    >>> is_equal_area(equal_area(139.6, 35.7)), is_equal_area(CRS.from_epsg(3857))
    (True, False)
    """
    return _plane(crs) is not None


@lru_cache(maxsize=64)
def crs_text(crs: CRS) -> str:
    """Return a projection as the short text that results and files print.

    Parameters
    ----------
    crs
        Equal-area projection in metres, as ``equal_area`` makes it.

    Returns
    -------
    str
        Of PROJ.

    Examples
    --------
    >>> crs_text(equal_area(116.5, 39.3))
    '+proj=laea +lat_0=39.3 +lon_0=116.5 +x_0=0 +y_0=0 +ellps=GRS80 +units=m +no_defs +type=crs'
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # that a text of PROJ says less than WKT
        return str(crs.to_proj4())


def metres_of(frame: gpd.GeoDataFrame | gpd.GeoSeries, *, name: str = "frame") -> CRS:
    """Return the equal-area projection of a frame, or raise; every measure calls it first.

    Parameters
    ----------
    frame
        GeoDataFrame or GeoSeries to be measured.
    name
        Name of the parameter or table at the caller, for the message.

    Returns
    -------
    CRS
        That of the frame; what is measured together has to be in the same.

    Raises
    ------
    CRSError
        When the frame has no reference system or one that is not equal-area in metres, or reaches
        farther than ``REACH_M`` from its centre.

    Examples
    --------
    >>> from shapely import Point
    >>> spot = gpd.GeoSeries([Point(0, 9)], crs="+proj=laea +lat_0=39.3 +lon_0=116.5")
    >>> metres_of(spot).axis_info[0].unit_name
    'metre'
    >>> metres_of(gpd.GeoSeries([Point(116.4, 39.9)], crs="EPSG:4326"), name="spot")
    Traceback (most recent call last):
    geo.errors.CRSError: spot is in WGS 84 (degrees) where metres are needed; use ...
    """
    crs = _stated(frame, name)
    if _plane(crs) is None:
        unit = "degrees" if crs.is_geographic else "another projection"
        msg = (
            f"{name} is in {crs.name} ({unit}) where metres are needed; "
            f"use geo.crs.to_analysis({name}, crs) with an equal-area projection"
        )
        raise CRSError(msg)
    if len(frame):
        west, south, east, north = frame.total_bounds
        _require_near(np.array([west, east]), np.array([south, north]), crs, name, frame)
    return crs


def require_reach(x: ArrayLike, y: ArrayLike, crs: CRS, *, name: str = "points") -> None:
    """Raise when coordinates lie outside the area of use of their projection.

    Parameters
    ----------
    x, y
        Easting and northing, metres; what is not finite is passed over.
    crs
        Equal-area projection in metres, as ``equal_area`` makes it.
    name
        Name of the parameter at the caller, for the message.

    Raises
    ------
    CRSError
        When one is farther than ``REACH_M`` from the centre.

    Examples
    --------
    >>> require_reach([0.0], [9e5], equal_area(116.5, 39.3))
    Traceback (most recent call last):
    geo.errors.CRSError: points reach 900 km from the centre of equal-area at 39.3° N 116.5° E, ...
    """
    _require_near(np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64), crs, name)


def _require_near(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    crs: CRS,
    name: str,
    frame: gpd.GeoDataFrame | gpd.GeoSeries | None = None,
) -> None:
    """Raise when the farthest place lies beyond the reach; a frame is asked in full if need be."""
    plane = _plane(crs)
    if plane is None or not len(x):
        return
    x, y = np.abs(x - plane.easting), np.abs(y - plane.northing)
    wide, high = (float(np.max(one, initial=0.0, where=np.isfinite(one))) for one in (x, y))
    if np.hypot(wide, high) <= REACH_M:
        return
    if frame is not None:
        spots = shapely.get_coordinates(frame.geometry.to_numpy())
        x, y = spots[:, 0] - plane.easting, spots[:, 1] - plane.northing
    far = np.hypot(x, y)
    most = float(np.max(far, initial=0.0, where=np.isfinite(far)))
    if most > REACH_M:
        msg = (
            f"{name} reach {most / 1000:,.0f} km from the centre of {crs.name}, which measures "
            f"within {REACH_M / 1000:.0f} km of it; use the region they lie in (--region), or a "
            "part of them"
        )
        raise CRSError(msg)


def _stated(frame: gpd.GeoDataFrame | gpd.GeoSeries, name: str) -> CRS:
    if frame.crs is None:
        msg = f"{name} has no reference system; set it, for instance {name}.set_crs('EPSG:4326')"
        raise CRSError(msg)
    crs: CRS = frame.crs
    return crs


def _same(left: CRS, right: CRS) -> bool:
    return bool(left == right) or _epsg(left) == _epsg(right) is not None


@lru_cache(maxsize=256)
def _epsg(crs: CRS) -> int | None:
    """Return the EPSG code; a projection of ours has none, which PROJ would look for in vain."""
    if _plane(crs) is not None and "id" not in crs.to_json_dict():
        return None
    return crs.to_epsg()


def require_crs(frame: gpd.GeoDataFrame | gpd.GeoSeries, crs: CRS, *, name: str = "frame") -> None:
    """Raise unless a frame is in the reference system that a function needs.

    Parameters
    ----------
    frame
        GeoDataFrame or GeoSeries to be checked.
    crs
        ``STORAGE_CRS`` (degrees), or the projection of what it is measured with; EPSG:4490 passes
        for EPSG:4326.
    name
        Name of the frame at the caller, for the message.

    Raises
    ------
    CRSError
        When the frame has no reference system or another one.

    Examples
    --------
    >>> from shapely import Point
    >>> spot = gpd.GeoSeries([Point(116.4, 39.9)], crs="EPSG:4326")
    >>> require_crs(spot, STORAGE_CRS, name="spot")
    >>> require_crs(spot, equal_area(116.5, 39.3), name="spot")
    Traceback (most recent call last):
    geo.errors.CRSError: spot is in WGS 84 (degrees) where metres are needed; use ...
    """
    own = _stated(frame, name)
    if _same(own, crs) or (crs == STORAGE_CRS and _epsg(own) in _EQUAL_TO_STORAGE):
        return
    if crs == STORAGE_CRS:
        msg = f"{name} is in {own.name}, not in {crs.name}; use geo.crs.to_storage({name})"
        raise CRSError(msg)
    metres_of(frame, name=name)
    msg = (
        f"{name} is in {own.name}, what it is measured with in {crs.name}; "
        f"use geo.crs.to_analysis({name}, crs) with one projection for both"
    )
    raise CRSError(msg)


def to_storage(frame: Frame) -> Frame:
    """Reproject a frame to WGS 84 longitude and latitude in degrees.

    Parameters
    ----------
    frame
        GeoDataFrame or GeoSeries with a reference system (CRS).

    Returns
    -------
    GeoDataFrame or GeoSeries
        A copy in ``STORAGE_CRS``; coordinates in CGCS2000 degrees are kept as they are.

    Raises
    ------
    CRSError
        When the frame has no reference system, or one on an old datum.

    Examples
    --------
    >>> from shapely import Point
    >>> to_storage(gpd.GeoSeries([Point(116.4, 39.9)], crs="EPSG:4490")).crs.to_epsg()
    4326
    """
    if frame.crs is None:
        msg = "the frame has no reference system; set one before changing it"
        raise CRSError(msg)
    crs = _refuse_old_datum(frame.crs, frame.crs.name)
    if _epsg(crs) in _EQUAL_TO_STORAGE:
        return frame.set_crs(STORAGE_CRS, allow_override=True)
    return frame.to_crs(STORAGE_CRS)


def to_analysis(frame: Frame, crs: CRS) -> Frame:
    """Reproject a frame to the equal-area projection in which lengths and areas are computed.

    Parameters
    ----------
    frame
        GeoDataFrame or GeoSeries with a reference system (CRS).
    crs
        An equal-area projection: a region's (``geo.region.Region.crs``), that of another frame, or
        ``local_crs(frame)``.

    Returns
    -------
    GeoDataFrame or GeoSeries
        A copy in ``crs``.

    Raises
    ------
    CRSError
        When the frame has no reference system, or one on an old datum, or lies outside the area
        of use of ``crs``.

    Examples
    --------
    >>> from shapely import Point
    >>> spot = gpd.GeoSeries([Point(116.5, 39.3)], crs="EPSG:4326")
    >>> to_analysis(spot, equal_area(116.5, 39.3)).iloc[0].x
    0.0
    """
    if frame.crs is not None and _same(frame.crs, crs):
        return frame.copy()
    moved = to_storage(frame).to_crs(crs)
    metres_of(moved, name="its shapes")
    return moved


def to_handover(frame: Frame, crs: CRS) -> Frame:
    """Reproject a frame to the projection that a region's planning offices expect.

    Nothing is measured there: of a Gauss–Krüger zone of 3° lengths are right within 0.04 % up to
    180 km from its meridian only.

    Parameters
    ----------
    frame
        GeoDataFrame or GeoSeries with a reference system (CRS).
    crs
        Reference system of the result, such as ``geo.region.Region.handover_crs``.

    Returns
    -------
    GeoDataFrame or GeoSeries
        A copy, easting first.

    Raises
    ------
    CRSError
        When the frame has no reference system, or one on an old datum.

    Examples
    --------
    >>> from shapely import Point
    >>> spot = gpd.GeoSeries([Point(117, 40)], crs="EPSG:4326")
    >>> to_handover(spot, CRS.from_epsg(4509)).iloc[0].x
    500000.0
    """
    return to_storage(frame).to_crs(crs)


@lru_cache(maxsize=16)
def _forward(crs: CRS) -> Transformer:
    """Return the way from degrees to a projection, on its own ellipsoid: no datum is changed."""
    return Transformer.from_crs(crs.geodetic_crs, crs, always_xy=True)


def project(
    lon: ArrayLike, lat: ArrayLike, crs: CRS
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Project longitude and latitude to easting and northing.

    Parameters
    ----------
    lon, lat
        Degrees (WGS 84 or CGCS2000), equal shapes.
    crs
        Equal-area projection in metres, as ``equal_area`` makes it.

    Returns
    -------
    easting, northing : ndarray
        Metres; infinite where the input is not finite. The area of use is not checked here:
        ``require_reach`` does.

    Examples
    --------
    >>> easting, northing = project([116.5], [39.3], equal_area(116.5, 39.3))
    >>> easting.tolist(), northing.tolist()
    ([0.0], [0.0])
    """
    easting, northing = _forward(crs).transform(
        np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    )
    return np.asarray(easting), np.asarray(northing)


def unproject(
    easting: ArrayLike, northing: ArrayLike, crs: CRS
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Convert easting and northing back to longitude and latitude.

    Parameters
    ----------
    easting, northing
        Easting and northing in metres in ``crs``, arrays of equal shape.
    crs
        Equal-area projection in metres, as ``equal_area`` makes it.

    Returns
    -------
    lon, lat : ndarray
        Degrees.

    Examples
    --------
    >>> lon, lat = unproject([0.0], [0.0], equal_area(116.5, 39.3))
    >>> lon.round(9).tolist(), lat.round(9).tolist()
    ([116.5], [39.3])
    """
    lon, lat = _forward(crs).transform(
        np.asarray(easting, dtype=np.float64),
        np.asarray(northing, dtype=np.float64),
        direction="INVERSE",
    )
    return np.asarray(lon), np.asarray(lat)
