"""The two reference systems of the project, and the only place that changes between them.

``STORAGE_CRS`` is WGS 84 longitude and latitude in degrees; CGCS2000 (EPSG:4490) is taken as
equal to it, which holds to well under a metre. ``ANALYSIS_CRS`` is a Lambert azimuthal equal-area
projection of the region in metres: areas are exact, distances between its cities are right within
0.006 %, and within 0.08 % anywhere in the region. Lengths, areas and buffers are computed there
and nowhere else.
"""

import re
from typing import Final, TypeVar

import geopandas as gpd
import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError as ProjCRSError
from pyproj.exceptions import ProjError

from geo.errors import CRSError

__all__ = [
    "ANALYSIS_CRS",
    "HANDOVER_CRS",
    "STORAGE_CRS",
    "names_files",
    "parse_crs",
    "project",
    "require_crs",
    "stated_crs",
    "to_analysis",
    "to_handover",
    "to_storage",
    "unproject",
]

Frame = TypeVar("Frame", gpd.GeoDataFrame, gpd.GeoSeries)

STORAGE_CRS: Final = CRS.from_epsg(4326)
ANALYSIS_CRS: Final = CRS.from_proj4(
    "+proj=laea +lat_0=39.3 +lon_0=116.5 +x_0=0 +y_0=0 +ellps=GRS80 +units=m +no_defs +type=crs"
)
HANDOVER_CRS: Final = CRS.from_epsg(4509)
"""CGCS2000 / Gauss–Krüger CM 117E, which Chinese planning offices expect on hand-over."""

_EQUAL_TO_STORAGE: Final = (4326, 4490, 4479, 4480)
_OLD_DATUMS: Final = ("Xian 1980", "Beijing 1954", "New Beijing", "Xi'an 1980")
_FORWARD: Final = Transformer.from_crs(
    "+proj=longlat +ellps=GRS80 +no_defs", ANALYSIS_CRS, always_xy=True
)
# grids named by a path are opened by PROJ, and "@null" is how plain Web Mercator was written
_FILES: Final = re.compile(
    r"(?:parameterfile\s*[\[(]\s*\"[^\"]*\"|proj4_grids(?:\"|&quot;))\s*,\s*(?:\"|&quot;)(?!@?null\b)"
    r"|grids\s*=\s*(?!@?null(?![\w.,/@-]))|\+init\s*=|proj-based\s+operation|\+(?:file|model)\s*="
    r"|proj\s*=\s*pipeline",
    re.IGNORECASE,
)


def names_files(text: str) -> bool:
    """Tell whether a reference system names files, which PROJ opens wherever they are.

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
    """Read a reference system and refuse those that cannot be brought to WGS 84 silently.

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
    """Read the reference system that a file states, which may be a plane that lies nowhere.

    Parameters
    ----------
    text
        As ``parse_crs`` takes it.

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


def _same(left: CRS, right: CRS) -> bool:
    return bool(left == right) or left.to_epsg() == right.to_epsg() is not None


def require_crs(frame: gpd.GeoDataFrame | gpd.GeoSeries, crs: CRS, *, name: str = "frame") -> None:
    """Raise unless a frame is in the reference system that a function needs.

    Parameters
    ----------
    frame
        The frame to check.
    crs
        ``STORAGE_CRS`` (degrees) or ``ANALYSIS_CRS`` (metres); EPSG:4490 passes for EPSG:4326.
    name
        What the caller calls the frame, for the message.

    Raises
    ------
    CRSError
        When the frame has no reference system or another one.

    Examples
    --------
    >>> from shapely import Point
    >>> spot = gpd.GeoSeries([Point(116.4, 39.9)], crs="EPSG:4326")
    >>> require_crs(spot, STORAGE_CRS, name="spot")
    >>> require_crs(spot, ANALYSIS_CRS, name="spot")
    Traceback (most recent call last):
    geo.errors.CRSError: spot is in WGS 84 (degrees) where metres are needed; use ...
    """
    if frame.crs is None:
        msg = f"{name} has no reference system; set it, for instance {name}.set_crs('EPSG:4326')"
        raise CRSError(msg)
    if _same(frame.crs, crs) or (crs == STORAGE_CRS and frame.crs.to_epsg() in _EQUAL_TO_STORAGE):
        return
    if crs == ANALYSIS_CRS:
        unit = "degrees" if frame.crs.is_geographic else "another projection"
        msg = (
            f"{name} is in {frame.crs.name} ({unit}) where metres are needed; "
            f"use geo.crs.to_analysis({name})"
        )
    else:
        msg = f"{name} is in {frame.crs.name}, not in {crs.name}; use geo.crs.to_storage({name})"
    raise CRSError(msg)


def to_storage(frame: Frame) -> Frame:
    """Bring a frame to longitude and latitude in WGS 84 degrees.

    Parameters
    ----------
    frame
        Any frame with a reference system.

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
    if crs.to_epsg() in _EQUAL_TO_STORAGE:
        return frame.set_crs(STORAGE_CRS, allow_override=True)
    return frame.to_crs(STORAGE_CRS)


def to_analysis(frame: Frame) -> Frame:
    """Bring a frame to the equal-area metres in which lengths and areas are computed.

    Parameters
    ----------
    frame
        Any frame with a reference system.

    Returns
    -------
    GeoDataFrame or GeoSeries
        A copy in ``ANALYSIS_CRS``.

    Raises
    ------
    CRSError
        When the frame has no reference system, or one on an old datum.

    Examples
    --------
    >>> from shapely import Point
    >>> to_analysis(gpd.GeoSeries([Point(116.5, 39.3)], crs="EPSG:4326")).iloc[0].x
    0.0
    """
    if frame.crs is not None and _same(frame.crs, ANALYSIS_CRS):
        return frame.copy()
    return to_storage(frame).to_crs(ANALYSIS_CRS)


def to_handover(frame: Frame) -> Frame:
    """Bring a frame to the metres that planning offices expect on hand-over.

    Nothing is measured there: lengths are right within 0.04 % up to 180 km from 117° E only.

    Parameters
    ----------
    frame
        Any frame with a reference system.

    Returns
    -------
    GeoDataFrame or GeoSeries
        A copy in ``HANDOVER_CRS``, easting first.

    Raises
    ------
    CRSError
        When the frame has no reference system, or one on an old datum.

    Examples
    --------
    >>> from shapely import Point
    >>> to_handover(gpd.GeoSeries([Point(117, 40)], crs="EPSG:4326")).iloc[0].x
    500000.0
    """
    return to_storage(frame).to_crs(HANDOVER_CRS)


def project(lon: ArrayLike, lat: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Turn longitude and latitude into easting and northing of ``ANALYSIS_CRS``.

    Parameters
    ----------
    lon, lat
        Degrees (WGS 84 or CGCS2000), equal shapes.

    Returns
    -------
    easting, northing : ndarray
        Metres; infinite where the input is not finite.

    Examples
    --------
    >>> easting, northing = project([116.5], [39.3])
    >>> easting.tolist(), northing.tolist()
    ([0.0], [0.0])
    """
    easting, northing = _FORWARD.transform(
        np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    )
    return np.asarray(easting), np.asarray(northing)


def unproject(
    easting: ArrayLike, northing: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Turn easting and northing of ``ANALYSIS_CRS`` back into longitude and latitude.

    Parameters
    ----------
    easting, northing
        Metres, equal shapes.

    Returns
    -------
    lon, lat : ndarray
        Degrees.

    Examples
    --------
    >>> lon, lat = unproject([0.0], [0.0])
    >>> lon.round(9).tolist(), lat.round(9).tolist()
    ([116.5], [39.3])
    """
    lon, lat = _FORWARD.transform(
        np.asarray(easting, dtype=np.float64),
        np.asarray(northing, dtype=np.float64),
        direction="INVERSE",
    )
    return np.asarray(lon), np.asarray(lat)
