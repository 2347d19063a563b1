"""Checks beyond the schema: hashes, partition, published areas, sites in their counties."""

import hashlib
from collections.abc import Iterator
from typing import NamedTuple

import geopandas as gpd
import shapely

from geo.crs import to_analysis
from geo.door.rasters import raster_facts
from geo.errors import GeoError, MissingFileError
from geo.layers.specs import OPTIONAL, RASTERS, SPECS
from geo.layers.store import catalogue, load, path
from geo.region import PROVINCES, XIONGAN
from geo.sources import facts

__all__ = ["Finding", "check"]

_TILE_TOLERANCE_M2 = 1.0


class Finding(NamedTuple):
    """One check: what was looked at, whether it holds, and the figures."""

    subject: str
    good: bool
    said: str


def check() -> list[Finding]:
    """Check every shipped layer and table.

    Returns
    -------
    list of Finding
        In the order of the catalogue; nothing is raised for a layer that fails.

    Examples
    --------
    >>> [finding for finding in check() if not finding.good]
    []
    """
    frames: dict[str, gpd.GeoDataFrame] = {}
    findings = []
    for layer_id in SPECS:
        try:
            frames[layer_id] = load(layer_id).frame
            said = f"{len(frames[layer_id])} features, hash and schema hold"
            findings.append(Finding(layer_id, good=True, said=said))
        except GeoError as error:
            findings.append(Finding(layer_id, good=False, said=str(error)))
    findings += [*_raster_hashes(), *_table_hashes(), *_optional()]
    if {"counties", "provinces", "prefectures"} <= set(frames):
        findings += [*_counts(frames), *_parents(frames), *_areas(frames)]
    if "xiongan" in frames:
        findings += _xiongan(frames["xiongan"])
    for layer_id in ("facilities", "firms", "stations"):
        if layer_id in frames:
            findings += _places(layer_id, frames[layer_id])
    return findings


def _optional() -> Iterator[Finding]:
    """Check the optional layers that are there; one that is not built is no finding."""
    for layer_id in OPTIONAL:
        try:
            found = load(layer_id).frame
        except MissingFileError:
            continue
        except GeoError as error:
            yield Finding(layer_id, good=False, said=str(error))
        else:
            said = f"{len(found)} features in the cache, hash and schema hold"
            yield Finding(layer_id, good=True, said=said)


def _raster_hashes() -> Iterator[Finding]:
    for layer_id in RASTERS:
        entry = catalogue()["layers"][layer_id]
        good = hashlib.sha256(path(layer_id).read_bytes()).hexdigest() == entry["sha256"]
        raster = raster_facts(path(layer_id))
        said = f"{raster.shape[1]} × {raster.shape[0]} cells, {raster.crs.to_string()}"
        yield Finding(layer_id, good, said if good else "is not the file of the catalogue")


def _table_hashes() -> Iterator[Finding]:
    for table, entry in catalogue()["tables"].items():
        found = hashlib.sha256(facts.table_path(table).read_bytes()).hexdigest()
        good = found == entry["sha256"]
        said = f"{entry['rows']} rows" if good else "is not the file of the catalogue"
        yield Finding(f"table {table}", good=good, said=said)


def _counts(frames: dict[str, gpd.GeoDataFrame]) -> Iterator[Finding]:
    found = frames["counties"].province_adcode.value_counts()
    wanted = {province.adcode: province.n_counties for province in PROVINCES}
    said = " + ".join(str(found.get(code, 0)) for code in wanted)
    yield Finding("counties per province", good=found.to_dict() == wanted, said=said)


def _parents(frames: dict[str, gpd.GeoDataFrame]) -> Iterator[Finding]:
    counties = to_analysis(frames["counties"])
    for parent, column in (("provinces", "province_adcode"), ("prefectures", "city_adcode")):
        whole = to_analysis(frames[parent])
        united = counties.groupby(column).geometry.apply(
            lambda shapes: shapely.coverage_union_all(shapes.to_numpy())
        )
        gap = shapely.area(
            shapely.symmetric_difference(united.to_numpy(), whole.loc[united.index].geometry)
        )
        good = set(united.index) == set(whole.index) and bool(gap.max() < _TILE_TOLERANCE_M2)
        said = f"counties tile each of {len(whole)}, largest gap {gap.max():.3f} m²"
        yield Finding(f"{parent} as unions", good=good, said=said)


def _areas(frames: dict[str, gpd.GeoDataFrame]) -> Iterator[Finding]:
    measured = frames["provinces"].area_km2
    for province in PROVINCES:
        shown = float(measured[province.adcode])
        off = shown / province.published_area_km2 - 1
        yield Finding(
            f"area of {province.name_en}",
            good=abs(off) <= province.area_tolerance,
            said=f"{shown:,.0f} km² against {province.published_area_km2:,.0f} published "
            f"({off:+.2%}, ±{province.area_tolerance:.1%} accepted)",
        )


def _xiongan(frame: gpd.GeoDataFrame) -> Iterator[Finding]:
    shown = float(frame.area_km2.iloc[0])
    lacking = XIONGAN.published_area_km2 - shown
    yield Finding(
        "area of Xiong'an",
        good=150 < lacking < 280,
        said=f"{shown:,.0f} km² of {XIONGAN.published_area_km2:,.0f} published: {lacking:,.0f} km² "
        f"are missing, {XIONGAN.missing_en}",
    )


def _places(layer_id: str, frame: gpd.GeoDataFrame) -> Iterator[Finding]:
    counts = frame.county_check.value_counts()
    said = ", ".join(f"{count} {verdict}" for verdict, count in counts.items())
    yield Finding(f"{layer_id} in their counties", good="outside" not in counts, said=said)
