"""Conversion of geometries to what a format supports: types, Z values, M values."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.errors import InputError
from geo.formats.columns import Losses

__all__ = [
    "Shapes",
    "as_multi",
    "heights_for_all",
    "layer_type",
    "one_kind",
    "without_empty",
    "without_measures",
]

Shapes = NDArray[np.object_]

_SEVERAL_KINDS: Final = ".gpkg, .fgb, .geojson, .parquet or .kml, which hold several"
_KINDS: Final[Mapping[int, str]] = {
    0: "points", 1: "lines", 2: "lines", 3: "polygons",
    4: "points", 5: "lines", 6: "polygons", 7: "collections",
}  # fmt: skip
_SINGLE: Final[Mapping[str, str]] = {
    "points": "Point", "lines": "LineString", "polygons": "Polygon",
    "collections": "GeometryCollection",
}  # fmt: skip
_MULTI: Final[Mapping[str, Any]] = {
    "points": shapely.multipoints, "lines": shapely.multilinestrings,
    "polygons": shapely.multipolygons,
}  # fmt: skip


def _present(shapes: Shapes) -> Shapes:
    present: Shapes = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    return present


def _kinds(shapes: Shapes) -> dict[str, int]:
    ids, numbers = np.unique(shapely.get_type_id(_present(shapes)), return_counts=True)
    kinds: dict[str, int] = {}
    for one, number in zip(ids.tolist(), numbers.tolist(), strict=True):
        kinds[_KINDS[one]] = kinds.get(_KINDS[one], 0) + number
    return kinds


def one_kind(shapes: Shapes, losses: Losses) -> Shapes:
    """Convert geometries to one type, all with Z values or none, for formats that need it.

    Parameters
    ----------
    shapes
        Points, lines or polygons.
    losses
        Counts each kind of change, for the message to the user.

    Returns
    -------
    ndarray
        A copy; empty shapes are missing ones.

    Raises
    ------
    InputError
        When there are two kinds, or collections.

    Examples
    --------
    >>> one_kind(shapely.from_wkt(["POINT (0 0)", "LINESTRING (0 0, 1 1)"]), Losses("shp"))
    Traceback (most recent call last):
    geo.errors.InputError: holds one kind of geometry, these are 1 lines, 1 points; write ...
    """
    kinds = _kinds(shapes)
    if len(kinds) > 1 or "collections" in kinds:
        counts = ", ".join(f"{number:,} {kind}" for kind, number in sorted(kinds.items()))
        msg = f"holds one kind of geometry, these are {counts}; write {_SEVERAL_KINDS}"
        raise InputError(msg)
    return heights_for_all(
        as_multi(without_empty(without_measures(shapes, losses), losses)), losses
    )


def without_empty(shapes: Shapes, losses: Losses) -> Shapes:
    """Replace empty geometries by missing ones, for formats without empty geometries.

    Parameters
    ----------
    shapes
        Array of geometries of any type; missing ones are None.
    losses
        Counts the empty geometries, for the message to the user.

    Returns
    -------
    ndarray
        A copy.

    Examples
    --------
    >>> without_empty(shapely.from_wkt(["POINT EMPTY"]), Losses("kml")).tolist()
    [None]
    """
    empty = shapely.is_empty(shapes)
    losses.count(int(empty.sum()), "empty geometries now missing")
    done = shapes.copy()
    done[empty] = None
    return done


def as_multi(shapes: Shapes) -> Shapes:
    """Convert single geometries to multi geometries where a layer has both.

    Parameters
    ----------
    shapes
        Of one kind; others are returned as they are.

    Returns
    -------
    ndarray
        A copy.

    Examples
    --------
    >>> both = shapely.from_wkt(["POINT (0 0)", "MULTIPOINT (1 1, 2 2)"])
    >>> as_multi(both)[0].geom_type
    'MultiPoint'
    """
    kinds = _kinds(shapes)
    done = shapes.copy()
    if len(kinds) != 1 or "collections" in kinds:
        return done
    ids = shapely.get_type_id(shapes)
    single = np.isin(ids, (0, 1, 2, 3))
    if (ids > 3).any() and single.any():
        make = _MULTI[next(iter(kinds))]
        for at in np.flatnonzero(single):
            done[at] = make([shapes[at]])
    return done


def layer_type(shapes: Shapes) -> str:
    """Return the geometry type of a layer, as GDAL names it.

    Parameters
    ----------
    shapes
        Array of the geometries that will be written.

    Returns
    -------
    str
        ``Unknown`` when there are several or none.

    Examples
    --------
    >>> layer_type(shapely.from_wkt(["POINT Z (0 0 1)", None]))
    'Point Z'
    """
    present = _present(shapes)
    ids = set(shapely.get_type_id(present).tolist()) - {2}
    if 2 in shapely.get_type_id(present):
        ids.add(1)
    if len(ids) != 1:
        return "Unknown"
    (one,) = ids
    single = _SINGLE[_KINDS[one]]
    name = f"Multi{single}" if one in (4, 5, 6) else single
    return f"{name} Z" if shapely.has_z(present).any() else name


def heights_for_all(shapes: Shapes, losses: Losses) -> Shapes:
    """Set Z to 0 for geometries without Z where others have it.

    Parameters
    ----------
    shapes
        Array of geometries of any type; missing ones are None.
    losses
        Counts the geometries that get height 0, for the message to the user.

    Returns
    -------
    ndarray
        A copy when some have heights.

    Examples
    --------
    >>> mixed = shapely.from_wkt(["POINT (0 0)", "POINT Z (0 0 1)"])
    >>> heights_for_all(mixed, Losses("shp"))[0].z
    0.0
    """
    flat = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes) | shapely.has_z(shapes))
    if not shapely.has_z(_present(shapes)).any():
        return shapes
    losses.count(int(flat.sum()), "geometries without height, now at height 0")
    done = shapes.copy()
    done[flat] = shapely.force_3d(shapes[flat])
    return done


def without_measures(shapes: Shapes, losses: Losses | None = None) -> Shapes:
    """Remove M values from geometries.

    Parameters
    ----------
    shapes
        Array of geometries of any type; missing ones are None.
    losses
        Counts the geometries that lose M values; None counts nothing.

    Returns
    -------
    ndarray
        The same array when there are no M values.

    Examples
    --------
    >>> without_measures(shapely.from_wkt(["POINT ZM (0 0 1 2)"]))[0].wkt
    'POINT Z (0 0 1)'
    """
    measured = shapely.has_m(shapes)
    if not measured.any():
        return shapes
    if losses is not None:
        losses.count(int(measured.sum()), "geometries whose M values are left out")
    done = shapes.copy()
    done[measured] = shapely.force_2d(shapes[measured])
    high = measured & shapely.has_z(shapes)
    heights = shapely.get_coordinates(shapes[high], include_z=True)
    done[high] = shapely.set_coordinates(shapely.force_3d(done[high]), heights)
    return done
