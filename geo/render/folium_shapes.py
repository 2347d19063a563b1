"""Where Folium's elements lie: latitude first, as Folium has it, becomes geometry in degrees."""

from collections.abc import Iterator
from typing import Any, Final

import folium
import numpy as np
import shapely
from pyproj import Geod
from shapely.errors import ShapelyError
from shapely.geometry import shape

from geo.errors import InputError

__all__ = ["circle", "features_of", "require_degrees", "shape_of", "simple_parts"]

_ELLIPSOID: Final = Geod(ellps="WGS84")
_CORNERS: Final = 96


def shape_of(element: Any, who: str) -> shapely.Geometry:
    """Make the geometry of an element that is one feature.

    Parameters
    ----------
    element
        A marker or a path.
    who
        Names it in messages.

    Returns
    -------
    Geometry
        Longitude and latitude. Rings of one polygon that lie in each other are holes, as browsers
        draw them.

    Raises
    ------
    InputError
        When it has no place, too few corners, or lies beyond the earth.
    """
    if isinstance(element, folium.Marker):
        if element.location is None:
            msg = f"{who} has no location"
            raise InputError(msg)
        found = shapely.Point(element.location[1], element.location[0])
        require_degrees(found, who)
        if not isinstance(element, folium.Circle):
            return found
        return circle(found, element.options.get("radius"), who)
    if isinstance(element, folium.Rectangle):
        (south, west), (north, east) = element.locations
        found = shapely.box(min(west, east), min(south, north), max(west, east), max(south, north))
    else:
        is_line = isinstance(element, folium.PolyLine)
        runs = [np.array(one)[:, ::-1] for one in _runs(element.locations)]
        least = 2 if is_line else 3
        if not runs or min(map(len, runs)) < least:
            msg = f"{who} has a part of fewer than {least} places"
            raise InputError(msg)
        for run in runs:
            require_degrees(shapely.MultiPoint(run), who)
        found = _lines(runs) if is_line else _area(runs)
    require_degrees(found, who)
    return found


def _runs(locations: Any) -> Iterator[Any]:
    """Take apart runs of places, however deep they are nested."""
    if locations and not isinstance(locations[0][0], (list, tuple)):
        yield locations
        return
    for one in locations:
        yield from _runs(one)


def _lines(runs: list[Any]) -> shapely.Geometry:
    return shapely.LineString(runs[0]) if len(runs) == 1 else shapely.MultiLineString(runs)


def _area(runs: list[Any]) -> shapely.Geometry:
    """Fill what lies inside an odd number of rings."""
    found, *others = [shapely.Polygon(one) for one in runs]
    for one in others:
        found = shapely.symmetric_difference(shapely.make_valid(found), shapely.make_valid(one))
    return found


def circle(centre: shapely.Point, radius_m: Any, who: str) -> shapely.Geometry:
    """Draw what lies within a distance of a place on the ellipsoid.

    Parameters
    ----------
    centre
        In degrees.
    radius_m
        In metres.
    who
        Names it in messages.

    Returns
    -------
    Geometry
        A polygon of 96 corners; two where it crosses 180°.

    Raises
    ------
    InputError
        When the radius is not above zero, or the circle holds a pole.
    """
    if not isinstance(radius_m, (int, float)) or not 0 < radius_m < 20_000_000:
        msg = f"{who} has no radius in metres"
        raise InputError(msg)
    lon, lat = centre.x, centre.y
    _, _, to_pole = _ELLIPSOID.inv(lon, lat, lon, 90.0 if lat >= 0 else -90.0)
    if radius_m >= to_pole:
        msg = f"{who} holds a pole, which a flat map cannot draw"
        raise InputError(msg)
    turns = np.arange(_CORNERS) * (360 / _CORNERS)
    same = np.full(_CORNERS, 1.0)
    lons, lats, _ = _ELLIPSOID.fwd(same * lon, same * lat, turns, same * float(radius_m))
    near = lon + (np.asarray(lons) - lon + 180) % 360 - 180  # no jump from 180 to -180
    ring = shapely.Polygon(np.column_stack([near, lats]))
    if near.min() >= -180 and near.max() <= 180:
        return ring
    pieces = [
        shapely.transform(shapely.intersection(ring, shapely.box(at - 180, -90, at + 180, 90)),
                          lambda xy, at=at: xy - (at, 0))
        for at in (-360, 0, 360)
    ]  # fmt: skip
    return shapely.union_all([one for one in pieces if not one.is_empty])


def require_degrees(found: shapely.Geometry, who: str) -> None:
    """Refuse coordinates that are no degrees.

    Parameters
    ----------
    found
        Longitude and latitude.
    who
        Names the element.

    Raises
    ------
    InputError
        When a coordinate is no number or lies beyond 180° or 90°; it names the value.
    """
    for lon, lat in shapely.get_coordinates(found):
        if not np.isfinite([lon, lat]).all():
            msg = f"{who} has a coordinate that is no number"
            raise InputError(msg)
        if abs(lat) > 90 and abs(lon) <= 90:
            msg = (
                f"{who} has the latitude {lat:g}, beyond 90°; latitude and longitude may be "
                "exchanged: Folium takes latitude first, GeoJSON longitude"
            )
            raise InputError(msg)
        if abs(lat) > 90 or abs(lon) > 180:
            msg = f"{who} has the place {lat:g}, {lon:g} (latitude, longitude), not on the earth"
            raise InputError(msg)


def features_of(data: Any, who: str) -> list[tuple[dict[str, Any], shapely.Geometry | None, str]]:
    """Take GeoJSON apart.

    Parameters
    ----------
    data
        A collection of features, a feature or a geometry.
    who
        Names the element in messages.

    Returns
    -------
    list of tuple
        Feature, its geometry or None, and the words that name it.

    Raises
    ------
    InputError
        When it is no GeoJSON, or a place is not on the earth.
    """
    kind = data.get("type") if isinstance(data, dict) else None
    if kind == "FeatureCollection":
        features = data.get("features", [])
    else:
        features = [data if kind == "Feature" else {"type": "Feature", "geometry": data}]
    found = []
    for at, one in enumerate(features, start=1):
        named = f"{who}, feature {at}"
        geometry = _geometry(one, named)
        if geometry is not None:
            require_degrees(geometry, named)
        found.append((one, geometry, named))
    return found


def _geometry(feature: Any, who: str) -> shapely.Geometry | None:
    try:
        given = feature["geometry"]
        return None if given is None else shapely.force_2d(shape(given))
    except (ShapelyError, ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
        msg = f"{who} is no GeoJSON: {type(error).__name__} {str(error)[:80]}"
        raise InputError(msg) from None


def simple_parts(given: shapely.Geometry) -> list[shapely.Geometry]:
    """Take collections apart into geometries of one dimension.

    Parameters
    ----------
    given
        Any.

    Returns
    -------
    list of Geometry
        Points, lines and areas, single and multiple ones; none is empty.
    """
    if given.is_empty:
        return []
    if given.geom_type != "GeometryCollection":
        return [given]
    return [part for one in given.geoms for part in simple_parts(one)]
