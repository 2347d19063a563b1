"""The shifted Chinese datums: GCJ-02 (Amap, Tencent) and BD-09 (Baidu) to and from WGS 84.

Neither has an EPSG code, so a table in GCJ-02 looks like WGS 84 and is half a kilometre off.
The forward shift is the public formula; the inverse is found by fixed-point iteration, to less
than a micrometre. (This inverts the public formula; the services' own shift is not published.)
Outside the rectangle in which the services shift, coordinates pass unchanged.
"""

from collections.abc import Callable
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.errors import InputError

__all__ = [
    "DATUMS",
    "Datum",
    "bd09_to_gcj02",
    "bd09_to_wgs84",
    "gcj02_to_bd09",
    "gcj02_to_wgs84",
    "to_wgs84",
    "wgs84_to_bd09",
    "wgs84_to_gcj02",
]

Datum = Literal["wgs84", "cgcs2000", "gcj02", "bd09"]
DATUMS: Final[tuple[Datum, ...]] = get_args(Datum)

Degrees = NDArray[np.float64]
Pair = tuple[Degrees, Degrees]

_SEMI_MAJOR_M: Final = 6_378_245.0  # Krasovsky 1940, as the public formula has it
_ECCENTRICITY_SQUARED: Final = 0.00669342162296594323
_SHIFTED_BOX: Final = (72.004, 0.8293, 137.8347, 55.8271)
_BD_ANGLE: Final = np.pi * 3000.0 / 180.0
_MAX_STEPS: Final = 20
_CLOSE_DEG: Final = 1e-13  # about 0.01 micrometre


def _arrays(lon: ArrayLike, lat: ArrayLike) -> Pair:
    x = np.asarray(lon, dtype=np.float64)
    y = np.asarray(lat, dtype=np.float64)
    if x.shape != y.shape:
        msg = f"longitude and latitude differ in shape: {x.shape} and {y.shape}"
        raise InputError(msg)
    return x, y


def _is_shifted(lon: Degrees, lat: Degrees) -> NDArray[np.bool_]:
    west, south, east, north = _SHIFTED_BOX
    return (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)


def _waves(along: Degrees, periods: tuple[tuple[float, float], ...]) -> Degrees:
    return sum(
        (amplitude * np.sin(along * np.pi * factor) for amplitude, factor in periods),
        np.zeros_like(along),
    )


def _gcj_shifted(lon: Degrees, lat: Degrees) -> Pair:
    x, y = lon - 105.0, lat - 35.0
    ripple = _waves(x, ((20.0, 6.0), (20.0, 2.0)))
    east_m = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x))
    east_m += (
        ripple + _waves(x, ((20.0, 1.0), (40.0, 1 / 3), (150.0, 1 / 12), (300.0, 1 / 30)))
    ) * (2.0 / 3.0)
    north_m = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x))
    north_m += (
        ripple + _waves(y, ((20.0, 1.0), (40.0, 1 / 3), (160.0, 1 / 12), (320.0, 1 / 30)))
    ) * (2.0 / 3.0)
    latitude = np.radians(lat)
    magic = 1.0 - _ECCENTRICITY_SQUARED * np.sin(latitude) ** 2
    prime_vertical_m = _SEMI_MAJOR_M / np.sqrt(magic)
    meridian_m = _SEMI_MAJOR_M * (1.0 - _ECCENTRICITY_SQUARED) / (magic * np.sqrt(magic))
    return (
        lon + np.degrees(east_m / (prime_vertical_m * np.cos(latitude))),
        lat + np.degrees(north_m / meridian_m),
    )


def _bd_shifted(lon: Degrees, lat: Degrees) -> Pair:
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BD_ANGLE)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD_ANGLE)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def _inside_china(step: Callable[[Degrees, Degrees], Pair], lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Apply a shift to the points in the box, and leave the others (and NaN) untouched."""
    x, y = _arrays(lon, lat)
    shifted = _is_shifted(x, y)
    out_x, out_y = x.copy(), y.copy()
    out_x[shifted], out_y[shifted] = step(x[shifted], y[shifted])
    return out_x, out_y


def _inverse(shift: Callable[[Degrees, Degrees], Pair]) -> Callable[[Degrees, Degrees], Pair]:
    """Solve ``shift(p) = target`` by p ← p + (target − shift(p)); the shift is nearly constant."""

    def solve(target_x: Degrees, target_y: Degrees) -> Pair:
        x, y = target_x.copy(), target_y.copy()
        for _ in range(_MAX_STEPS):
            got_x, got_y = shift(x, y)
            miss_x, miss_y = target_x - got_x, target_y - got_y
            x += miss_x
            y += miss_y
            largest = max(np.abs(miss_x).max(initial=0.0), np.abs(miss_y).max(initial=0.0))
            if largest < _CLOSE_DEG:
                break
        return x, y

    return solve


def wgs84_to_gcj02(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Shift WGS 84 coordinates to GCJ-02, as Amap and Tencent show them.

    Parameters
    ----------
    lon, lat
        Degrees, equal shapes; not finite stays not finite.

    Returns
    -------
    lon, lat : ndarray
        GCJ-02 degrees; 459 to 640 m away from the input within Beijing–Tianjin–Hebei, and equal
        to it outside China.

    Raises
    ------
    InputError
        When the shapes differ.

    Examples
    --------
    >>> lon, lat = wgs84_to_gcj02([116.3975, 2.35], [39.9087, 48.85])
    >>> lon.round(6).tolist(), lat.round(6).tolist()
    ([116.403744, 2.35], [39.910103, 48.85])
    """
    return _inside_china(_gcj_shifted, lon, lat)


def gcj02_to_bd09(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Shift GCJ-02 coordinates to BD-09, as Baidu shows them.

    Parameters
    ----------
    lon, lat
        GCJ-02 degrees, equal shapes.

    Returns
    -------
    lon, lat : ndarray
        BD-09 degrees; equal to the input outside China.

    Raises
    ------
    InputError
        When the shapes differ.

    Examples
    --------
    >>> lon, lat = gcj02_to_bd09([116.403743572652], [39.910103499345])
    >>> lon.round(6).tolist(), lat.round(6).tolist()
    ([116.410117], [39.916443])
    """
    return _inside_china(_bd_shifted, lon, lat)


def wgs84_to_bd09(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Shift WGS 84 coordinates to BD-09 (WGS 84 → GCJ-02 → BD-09).

    Parameters
    ----------
    lon, lat
        Longitude and latitude in degrees, arrays of equal shape.

    Returns
    -------
    lon, lat : ndarray
        BD-09 degrees, 1.2 to 1.5 km away within Beijing–Tianjin–Hebei.

    Raises
    ------
    InputError
        When the shapes differ.

    Examples
    --------
    >>> lon, lat = wgs84_to_bd09([116.3975], [39.9087])
    >>> lon.round(6).tolist(), lat.round(6).tolist()
    ([116.410117], [39.916443])
    """
    return gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))


def gcj02_to_wgs84(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Undo the GCJ-02 shift to less than a micrometre.

    Parameters
    ----------
    lon, lat
        GCJ-02 degrees, equal shapes.

    Returns
    -------
    lon, lat : ndarray
        WGS 84 degrees; equal to the input outside China. The usual one-step inverse errs by up to
        3.5 m in the region.

    Raises
    ------
    InputError
        When the shapes differ.

    Examples
    --------
    >>> lon, lat = gcj02_to_wgs84([116.403743572652], [39.910103499345])
    >>> lon.round(9).tolist(), lat.round(9).tolist()
    ([116.3975], [39.9087])
    """
    return _inside_china(_inverse(_gcj_shifted), lon, lat)


def bd09_to_gcj02(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Undo Baidu's shift upon GCJ-02 to less than a micrometre.

    Parameters
    ----------
    lon, lat
        BD-09 degrees, equal shapes.

    Returns
    -------
    lon, lat : ndarray
        GCJ-02 degrees; the usual closed inverse errs by up to 0.17 m.

    Raises
    ------
    InputError
        When the shapes differ.

    Examples
    --------
    >>> lon, lat = bd09_to_gcj02([116.410116586473], [39.916442749631])
    >>> lon.round(9).tolist(), lat.round(9).tolist()
    ([116.403743573], [39.910103499])
    """
    return _inside_china(_inverse(_bd_shifted), lon, lat)


def bd09_to_wgs84(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Undo both shifts of BD-09 to less than a micrometre.

    Parameters
    ----------
    lon, lat
        BD-09 degrees, equal shapes.

    Returns
    -------
    lon, lat : ndarray
        WGS 84 degrees.

    Raises
    ------
    InputError
        When the shapes differ.

    Examples
    --------
    >>> lon, lat = bd09_to_wgs84([116.410116586473], [39.916442749631])
    >>> lon.round(9).tolist(), lat.round(9).tolist()
    ([116.3975], [39.9087])
    """
    return gcj02_to_wgs84(*bd09_to_gcj02(lon, lat))


def to_wgs84(lon: ArrayLike, lat: ArrayLike, datum: Datum) -> Pair:
    """Convert coordinates of a named datum to WGS 84.

    Parameters
    ----------
    lon, lat
        Longitude and latitude in degrees, arrays of equal shape.
    datum
        Datum of the coordinates, one of ``DATUMS``. CGCS2000 is taken as WGS 84 (they differ by
        centimetres).

    Returns
    -------
    lon, lat : ndarray
        WGS 84 degrees.

    Raises
    ------
    InputError
        When the datum is none of these, or the shapes differ.

    Examples
    --------
    >>> lon, lat = to_wgs84([116.4], [39.9], "cgcs2000")
    >>> lon.tolist(), lat.tolist()
    ([116.4], [39.9])
    """
    if datum == "gcj02":
        return gcj02_to_wgs84(lon, lat)
    if datum == "bd09":
        return bd09_to_wgs84(lon, lat)
    if datum in ("wgs84", "cgcs2000"):
        x, y = _arrays(lon, lat)
        return x.copy(), y.copy()
    msg = f"unknown datum {datum!r}; one of {', '.join(DATUMS)}"
    raise InputError(msg)
