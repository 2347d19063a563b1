"""Base layers of a map: shipped land, sea and borders, or a graticule outside the region."""

from collections.abc import Sequence
from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from geo import layers as shipped
from geo.crs import STORAGE_CRS
from geo.region import Level, Region, current_region
from geo.render.drawing.labels import labels
from geo.render.drawing.lines import lines
from geo.render.drawing.polygons import Role, polygons
from geo.render.layer import About, MapLayer
from geo.texts import Localized, tr

__all__ = ["GROUND", "city_names", "graticule", "ground", "named_level", "nearby"]

GROUND: Final = tr("Ground")
_DEGREES: Final = tr("Graticule")
_CLOSE: Final = 1.0  # degrees: below it a map shows no border of a province
_QUIET: Final = "#9aa3ab"
_STEPS: Final = (30.0, 15.0, 10.0, 5.0, 2.0, 1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01)
_LEAST: Final = 0.04  # degrees
_SPANS: Final = 1.5  # how far the lines go on beyond the box
_TOP: Final = 85.0  # where Web Mercator ends

Box = tuple[float, float, float, float]


def ground(names: Sequence[str] = (), region: Region | None = None) -> list[MapLayer]:
    """Return the layers under all others, which need no network: sea, neighbours, land.

    Parameters
    ----------
    names
        Layers that the map has anyway; they are left out.
    region
        The region whose layers are used, those it has; None is the current region.

    Returns
    -------
    list of MapLayer
        Lowest first.

    Examples
    --------
    >>> [layer.layer_id for layer in ground(["provinces"])]
    ['sea', 'neighbours']
    """
    region = region or current_region()
    land = None if region.profile.land is None else region.land
    roles: list[tuple[str | None, Role]] = [
        (region.sea, "sea"), (region.neighbours, "neighbour"), (land, "land")
    ]  # fmt: skip
    return [
        polygons(
            (layer := shipped.load(one, region)).frame, About.of(layer, group=GROUND), role=role
        )
        for one, role in roles
        if one is not None and one not in names
    ]


def nearby(box: Box, region: Region | None = None) -> list[MapLayer]:
    """Return borders and names of the smallest units around a box, when it is small.

    Parameters
    ----------
    box
        West, south, east, north of what the map shows.
    region
        The region whose layers and codes are used; None is the current region.

    Returns
    -------
    list of MapLayer
        Borders, then names; empty for a box wider than a degree.

    Examples
    --------
    >>> [layer.kind for layer in nearby((116.3, 39.8, 116.4, 39.9))], nearby((113, 36, 120, 43))
    (['area', 'label'], [])
    """
    west, south, east, north = box
    if max(east - west, north - south) > _CLOSE:
        return []
    around = shapely.box(west - _CLOSE, south - _CLOSE, east + _CLOSE, north + _CLOSE)
    region = region or current_region()
    layer = shipped.load(region.smallest.layer_id, region)
    frame = layer.frame[layer.frame.intersects(around)]
    inside = frame.set_geometry(frame.representative_point())
    return [
        polygons(frame, About.of(layer, group=GROUND), role="land"),
        labels(
            inside,
            About.of(layer, title=_names(region.smallest), group=GROUND),
            size=11,
            from_zoom=9,
        ),
    ]


def named_level(region: Region | None = None) -> Level:
    """Return the level whose names stand on every map: the one above the smallest, if any.

    Parameters
    ----------
    region
        The region whose layers and codes are used; None is the current region.

    Returns
    -------
    Level
        Of cities in the default region.

    Examples
    --------
    >>> named_level().layer_id
    'prefectures'
    """
    levels = (region or current_region()).levels
    return levels[1] if len(levels) > 1 else levels[0]


def _names(level: Level) -> Localized:
    """Say that these are the names of a level's units, as the heading of labels."""
    one = level.title
    return tr("{value} names", value=one)


def city_names(region: Region | None = None) -> MapLayer:
    """Return the names of the region's cities.

    Parameters
    ----------
    region
        The region whose layers and codes are used; None is the current region.

    Returns
    -------
    MapLayer
        The wider city first where two would collide.
    """
    region = region or current_region()
    level = named_level(region)
    layer = shipped.load(level.layer_id, region)
    about = About.of(layer, title=_names(level), group=GROUND)
    area = "area_km2" if "area_km2" in layer.frame else None
    return labels(layer.frame, about, weight=area, strong=True)


def graticule(box: Box) -> list[MapLayer]:
    """Return lines of whole degrees or parts of them, the ground of a map outside the region.

    Parameters
    ----------
    box
        West, south, east, north of what the map shows; east above 180 for what crosses it.

    Returns
    -------
    list of MapLayer
        Lines, then their degrees along the south and the west of the box.

    Examples
    --------
    >>> made = graticule((139.7, 35.6, 139.8, 35.7))
    >>> [layer.kind for layer in made]
    ['line', 'label']
    """
    west, south, east, north = box
    step = next((one for one in _STEPS if max(east - west, north - south, _LEAST) >= 3 * one), 0.01)
    ends = (-180.0, 180.0) if east <= 180 else (0.0, 360.0 - step)
    lons = _rungs(west, east, step, ends)
    lats = _rungs(south, north, step, (-_TOP, _TOP))
    meridians = [[(_turned(one), lats[0]), (_turned(one), lats[-1])] for one in lons]
    parallels = [[(_turned(lons[0]), one), (_turned(lons[-1]), one)] for one in lats]
    about = About(_DEGREES, {}, group=GROUND, layer_id="graticule")
    net = gpd.GeoDataFrame(geometry=shapely.linestrings([*meridians, *parallels]), crs=STORAGE_CRS)
    drawn = lines(net, about, colour=_QUIET, width=0.5)
    drawn.payload["style"]["base"] = True
    places = {(_turned(one), max(south, lats[0])): _degrees(_turned(one), "EW") for one in lons}
    places |= {(_turned(max(west, lons[0])), one): _degrees(one, "NS") for one in lats}
    named = gpd.GeoDataFrame(
        {"name": list(places.values())}, geometry=shapely.points(list(places)), crs=STORAGE_CRS
    )
    about = About(_DEGREES, {}, group=GROUND, layer_id="degrees")
    return [drawn, labels(named, about, size=11)]


def _rungs(low: float, high: float, step: float, limits: tuple[float, float]) -> list[float]:
    """Return multiples of a step around a stretch, within limits."""
    more = _SPANS * max(high - low, 3 * step)
    first, last = max(low - more, limits[0]), min(high + more, limits[1])
    rungs = np.arange(np.ceil(first / step), np.floor(last / step) + 1) * step
    return [float(one) for one in np.round(rungs, 2)]


def _turned(lon: float) -> float:
    return lon if lon <= 180 else lon - 360


def _degrees(value: float, sides: str) -> str:
    side = "" if abs(value) in (0.0, 180.0) else sides[value < 0]
    return f"{abs(value):g}°{side}"
