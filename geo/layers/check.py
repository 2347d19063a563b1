"""Checks beyond the schema: hashes, partition, published areas, sites in their counties."""

import hashlib
from collections.abc import Iterator
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import Geod

from geo.door.rasters import raster_facts
from geo.errors import GeoError, MissingFileError
from geo.layers.specs import specs
from geo.layers.store import catalogue, ids, load, path
from geo.region import Level, Region, SpecialArea, current_region

__all__ = ["Finding", "check"]

_TILE_TOLERANCE_M2 = 1.0
_ELLIPSOID = Geod(ellps="GRS80")


class Finding(NamedTuple):
    """The result of one check: its subject, whether it holds, and the figures."""

    subject: str
    good: bool
    text: str


def check(region: Region | None = None) -> list[Finding]:
    """Check every layer and table of a region.

    Parameters
    ----------
    region
        The region whose layers and codes are used; None is the current region.

    Returns
    -------
    list of Finding
        In the order of the catalogue; nothing is raised for a layer that fails.

    Examples
    --------
    >>> [finding for finding in check() if not finding.good]
    []
    """
    region = region or current_region()
    frames: dict[str, gpd.GeoDataFrame] = {}
    findings = []
    rasters = specs(region).rasters
    for layer_id in (one for one in ids(region) if one not in rasters):
        try:
            frames[layer_id] = load(layer_id, region).frame
            held = "hash and schema hold" if region.shipped else "schema holds"
            text = f"{len(frames[layer_id])} features, {held}"
            findings.append(Finding(layer_id, good=True, text=text))
        except GeoError as error:
            findings.append(Finding(layer_id, good=False, text=str(error)))
    findings += [*_rasters(region), *_table_hashes(region), *_optional(region)]
    if {level.layer_id for level in region.levels} <= set(frames):
        findings += [*_counts(frames, region), *_parents(frames, region), *_areas(frames, region)]
    for area in region.special_areas:
        if area.layer_id in frames:
            findings += _special(frames[area.layer_id], area)
    for layer_id, frame in frames.items():
        if "county_check" in frame:
            findings += _places(layer_id, frame)
    return findings


def _optional(region: Region) -> Iterator[Finding]:
    """Check the optional layers that are there; one that is not built is no finding."""
    for layer_id in specs(region).optional:
        try:
            found = load(layer_id, region).frame
        except MissingFileError:
            continue
        except GeoError as error:
            yield Finding(layer_id, good=False, text=str(error))
        else:
            text = f"{len(found)} features in the cache, hash and schema hold"
            yield Finding(layer_id, good=True, text=text)


def _rasters(region: Region) -> Iterator[Finding]:
    for layer_id in specs(region).rasters:
        try:
            file = path(layer_id, region)
            raster = raster_facts(file)
        except GeoError as error:
            yield Finding(layer_id, good=False, text=str(error))
            continue
        entry = catalogue(region)["layers"].get(layer_id, {})
        found = hashlib.sha256(file.read_bytes()).hexdigest()
        good = not region.shipped or found == entry.get("sha256")
        text = f"{raster.shape[1]} × {raster.shape[0]} cells, {raster.crs.to_string()}"
        yield Finding(layer_id, good, text if good else "is not the file of the catalogue")


def _table_hashes(region: Region) -> Iterator[Finding]:
    for table, entry in catalogue(region)["tables"].items():
        file = region.folder / "tables" / f"{table}.csv"
        found = hashlib.sha256(file.read_bytes()).hexdigest()
        good = found == entry["sha256"]
        text = f"{entry['rows']} rows" if good else "is not the file of the catalogue"
        yield Finding(f"table {table}", good=good, text=text)


def _tops(frames: dict[str, gpd.GeoDataFrame], region: Region) -> "pd.Series[str] | None":
    """Return the top unit of each smallest unit."""
    level = region.smallest
    found = pd.Series(frames[level.layer_id].index, index=frames[level.layer_id].index)
    while (above := region.above(level)) is not None:
        parents = frames[level.layer_id].get(level.parent)
        if parents is None:
            return None
        found, level = found.map(parents), above
    return found if level is region.levels[-1] else None


def _counts(frames: dict[str, gpd.GeoDataFrame], region: Region) -> Iterator[Finding]:
    top = region.levels[-1]
    wanted = {one.unit: one.n_smallest for one in top.published if one.n_smallest is not None}
    tops = _tops(frames, region)
    if not wanted or tops is None:
        return
    found = tops.value_counts()
    text = " + ".join(str(found.get(code, 0)) for code in wanted)
    name = f"{region.smallest.layer_id} per {top.level}"
    yield Finding(name, good=found.to_dict() == wanted, text=text)


def _parents(frames: dict[str, gpd.GeoDataFrame], region: Region) -> Iterator[Finding]:
    level = region.smallest
    children = frames[level.layer_id]
    found = []
    key = pd.Series(children.index, index=children.index)
    while (above := region.above(level)) is not None:
        parents = frames[level.layer_id].get(level.parent)
        if parents is None:
            break
        key, level = key.map(parents), above
        whole = frames[above.layer_id]
        united = children.groupby(key).geometry.apply(
            lambda shapes: shapely.coverage_union_all(shapes.to_numpy())
        )
        known = united.index.intersection(whole.index)
        gap = _geodesic_m2(
            shapely.symmetric_difference(
                united.loc[known].to_numpy(), whole.geometry.loc[known].to_numpy()
            )
        )
        good = set(united.index) == set(whole.index) and bool(gap.max() < _TILE_TOLERANCE_M2)
        lowest = region.smallest.layer_id
        text = f"{lowest} tile each of {len(whole)}, largest gap {gap.max():.3f} m²"
        found.append(Finding(f"{above.layer_id} as unions", good=good, text=text))
    yield from reversed(found)


def _areas(frames: dict[str, gpd.GeoDataFrame], region: Region) -> Iterator[Finding]:
    for level in reversed(region.levels):
        yield from _areas_of(frames[level.layer_id], level)


def _geodesic_m2(shapes: Any) -> "NDArray[np.float64]":
    """Measure on the ellipsoid: a region may have islands that no plane of it reaches."""
    return np.array([abs(_ELLIPSOID.geometry_area_perimeter(one)[0]) for one in shapes])


def _areas_of(frame: gpd.GeoDataFrame, level: Level) -> Iterator[Finding]:
    measured = frame.get("area_km2")
    if measured is None:
        measured = pd.Series(_geodesic_m2(frame.geometry.to_numpy()) / 1e6, index=frame.index)
    for unit, published, tolerance, _ in level.published:
        if unit not in frame.index:
            text = f"there is no unit {unit} in {level.layer_id}"
            yield Finding(f"area of {unit}", good=False, text=text)
            continue
        shown = float(measured[unit])
        off = shown / published - 1
        yield Finding(
            f"area of {frame.name_en[unit]}",
            good=abs(off) <= tolerance,
            text=f"{shown:,.0f} km² against {published:,.0f} published "
            f"({off:+.2%}, ±{tolerance:.1%} accepted)",
        )


def _special(frame: gpd.GeoDataFrame, area: SpecialArea) -> Iterator[Finding]:
    if area.published_area_km2 is None or area.shortfall_km2 is None:
        return
    shown = float(frame.area_km2.iloc[0])
    lacking = area.published_area_km2 - shown
    least, most = area.shortfall_km2
    missing = "" if area.missing is None else f", {area.missing.en}"
    yield Finding(
        f"area of {area.name.en}",
        good=least < lacking < most,
        text=f"{shown:,.0f} km² of {area.published_area_km2:,.0f} published: {lacking:,.0f} km² "
        f"are missing{missing}",
    )


def _places(layer_id: str, frame: gpd.GeoDataFrame) -> Iterator[Finding]:
    counts = frame.county_check.value_counts()
    text = ", ".join(f"{count} {verdict}" for verdict, count in counts.items())
    yield Finding(f"{layer_id} in their counties", good="outside" not in counts, text=text)
