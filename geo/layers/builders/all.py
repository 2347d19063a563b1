"""Run the builders in order, and write the layers together with the catalogue."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import geopandas as gpd

from geo import formats, write
from geo.errors import GeoError, InputError, UnknownIdError
from geo.layers.builders import boundaries, lines, plan, sites
from geo.layers.builders.boundaries import build_detailed
from geo.layers.builders.listing import entry, listing
from geo.layers.builders.recipe import recipe
from geo.layers.builders.terrain import terrain
from geo.layers.specs import LAYERS, Raster, spec, specs
from geo.layers.store import CATALOGUE, catalogue, forget_catalogue, read
from geo.region import Region, current_region
from geo.sources.registry import source

__all__ = ["build", "frames"]

Frames = Mapping[str, gpd.GeoDataFrame]


class _Step(NamedTuple):
    """How one layer is made, and of which others."""

    make: Callable[[Frames, Region], gpd.GeoDataFrame]
    needs: tuple[str, ...] = ()


_STEPS: Final = {
    "counties": _Step(lambda _, region: boundaries.counties(region)),
    "provinces": _Step(
        lambda made, region: boundaries.provinces(made["counties"], region), ("counties",)
    ),
    "prefectures": _Step(
        lambda made, region: boundaries.prefectures(made["counties"], region), ("counties",)
    ),
    "neighbours": _Step(lambda _, region: boundaries.neighbours(region)),
    "sea": _Step(lambda made, region: boundaries.sea(made["counties"], region), ("counties",)),
    "circles": _Step(lambda made, region: plan.circles(made["counties"], region), ("counties",)),
    "facilities": _Step(
        lambda made, region: sites.facilities(made["counties"], region), ("counties",)
    ),
    "firms": _Step(lambda made, region: sites.firms(made["counties"], region), ("counties",)),
    "stations": _Step(
        lambda made, region: sites.stations(made["facilities"], region), ("facilities",)
    ),
    "towns": _Step(lambda made, region: sites.towns(made["counties"], region), ("counties",)),
    "axes": _Step(lambda _, region: lines.axes(region)),
    "plan_nodes": _Step(
        lambda made, region: lines.plan_nodes(made["facilities"], region), ("facilities",)
    ),
    "rail_lines": _Step(
        lambda made, region: lines.rail_lines(made["facilities"], region), ("facilities",)
    ),
    "rail_network": _Step(lambda _, region: lines.network("rail", "r", region)),
    "road_network": _Step(lambda _, region: lines.network("road", "h", region)),
}


def _step(layer_id: str, region: Region) -> _Step:
    if layer_id in {one.layer_id for one in region.special_areas}:
        return _Step(
            lambda made, of: boundaries.special_area(layer_id, made["counties"], of), ("counties",)
        )
    if layer_id in _STEPS:
        return _STEPS[layer_id]
    if layer_id in region.tables and set(spec(layer_id, region).schema.geometry) == {"Point"}:
        return _Step(lambda made, of: sites.tabled(layer_id, made["counties"], of), ("counties",))
    msg = (
        f"{LAYERS} has the layer {layer_id}, which nothing makes: put its points into "
        f"tables/{layer_id}.csv, or write a builder in geo/layers/builders"
    )
    raise InputError(msg)


def frames(
    report: Callable[[str], None] = lambda _: None,
    *,
    only: Iterable[str] = (),
    region: Region | None = None,
) -> dict[str, gpd.GeoDataFrame]:
    """Build the frames of vector layers, and nothing that they do not need.

    A layer that another is made of is read as it ships, and built where it is missing or was
    asked for too.

    Parameters
    ----------
    report
        Called with the id of each layer that is done.
    only
        Ids; all by default.
    region
        The region whose layers and codes are used; None is the current region.

    Returns
    -------
    dict of str to GeoDataFrame
        By layer id, in the order of the region's layers.
    """
    region = region or current_region()
    order = list(specs(region).vector)
    wanted = set(only) or set(order)
    made: dict[str, gpd.GeoDataFrame] = {}

    def make(layer_id: str) -> None:
        if layer_id in made:
            return
        step = _step(layer_id, region)
        for need in step.needs:
            if need not in wanted and need not in made:
                try:
                    made[need] = read(need, region=region)
                    continue
                except GeoError:  # missing or changed: it is made anew
                    pass
            make(need)
        made[layer_id] = step.make(made, region)
        report(layer_id)

    for layer_id in order:
        if layer_id in wanted:
            make(layer_id)
    return {layer_id: made[layer_id] for layer_id in order if layer_id in wanted}


def build(
    only: Iterable[str] = (),
    report: Callable[[str], None] = lambda _: None,
    region: Region | None = None,
) -> list[Path]:
    """Re-make a region's layers and their catalogue in place, or optional ones in the cache.

    Parameters
    ----------
    only
        Ids to write; all that the region holds when empty. The catalogue is written along.
    report
        Called with the id of each layer that is done.
    region
        The region whose layers and codes are used; None is the current region.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    RegionError
        When the region has no recipe: its layers are its owner's files.
    UnknownIdError
        When an id is not a layer's.
    InputError
        When a layer has neither a builder nor a table of points.
    MissingExtraError
        When a data package is not installed.
    LayerError
        When a built frame breaks its schema.
    OutputError
        When a file cannot be written.
    """
    region = region or current_region()
    recipe(region)
    listed = specs(region)
    wanted = tuple(dict.fromkeys(only)) or (*listed.vector, *listed.rasters)
    known = (*listed.vector, *listed.rasters, *listed.optional)
    for one in wanted:
        if one not in known:
            raise UnknownIdError("layer", one, known)
    shipped = tuple(one for one in wanted if one not in listed.optional)
    written = _build_shipped(shipped, report, region) if shipped else []
    for one in (each for each in wanted if each in listed.optional):
        written += build_detailed(read("counties", region=region), region)
        report(one)
    return written


def _build_shipped(
    wanted: tuple[str, ...], report: Callable[[str], None], region: Region
) -> list[Path]:
    listed = specs(region)
    whole = len(wanted) == len((*listed.vector, *listed.rasters))
    entries: dict[str, Any] = {} if whole else dict(catalogue(region)["layers"])
    vector = [one for one in wanted if one in listed.vector]
    with write.Outputs(overwrite=True) as outputs:
        made = frames(report, only=vector, region=region) if vector else {}
        for layer_id, frame in made.items():
            layer = spec(layer_id, region).layer(frame)
            text = formats.geojson_text(layer.frame.reset_index(), layer.provenance())
            entries[layer_id] = entry(layer, text.encode("utf-8"))
            outputs.text(region.folder / f"{layer_id}.geojson", text)
        for layer_id in (one for one in wanted if one in listed.rasters):
            content = terrain(region)
            entries[layer_id] = _raster_entry(listed.rasters[layer_id], content)
            outputs.data(region.folder / f"{layer_id}.tif", content)
            report(layer_id)
        contents = {"layers": entries, "tables": _tables(region)}
        text = json.dumps(contents, ensure_ascii=False, indent=1, sort_keys=True)
        outputs.text(region.folder / CATALOGUE, f"{text}\n")
        outputs.text(region.folder / "README.md", listing(contents, listed.optional.values()))
        written = outputs.targets
    forget_catalogue()
    return written


def _raster_entry(raster: Raster, content: bytes) -> dict[str, Any]:
    return {
        "layer": raster.layer_id,
        "title": raster.title.described(),
        "file": f"{raster.layer_id}.tif",
        "sha256": hashlib.sha256(content).hexdigest(),
        "sources": [source(one).described() for one in raster.sources],
        "method": raster.method,
        "unit": raster.unit,
    }


def _tables(region: Region) -> dict[str, Any]:
    return {
        table: {
            "file": f"tables/{table}.csv",
            "sha256": _hash(region.folder / "tables" / f"{table}.csv"),
            "rows": len(region.table(table)),
        }
        for table in region.tables
    }


def _hash(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
