"""Put the builders in order, and write what they make together with the catalogue."""

import hashlib
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import geopandas as gpd

from geo import formats, write
from geo.errors import UnknownIdError
from geo.layers.build import boundaries, lines, plan, sites
from geo.layers.build.detailed import build_detailed
from geo.layers.build.entries import entry
from geo.layers.build.listing import listing
from geo.layers.build.terrain import terrain
from geo.layers.specs import OPTIONAL, RASTERS, SPECS, spec
from geo.layers.store import CATALOGUE, catalogue, read
from geo.sources import facts
from geo.sources.registry import source

__all__ = ["build", "frames"]


def frames(report: Callable[[str], None] = lambda _: None) -> dict[str, gpd.GeoDataFrame]:
    """Build the frames of all vector layers.

    Parameters
    ----------
    report
        Told the id of each layer that is done.

    Returns
    -------
    dict of str to GeoDataFrame
        By layer id, in the order of ``SPECS``.
    """
    made: dict[str, gpd.GeoDataFrame] = {}

    def keep(layer_id: str, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        made[layer_id] = frame
        report(layer_id)
        return frame

    counties = keep("counties", boundaries.counties())
    keep("provinces", boundaries.provinces(counties))
    keep("prefectures", boundaries.prefectures(counties))
    keep("xiongan", boundaries.xiongan(counties))
    keep("neighbours", boundaries.neighbours())
    keep("sea", boundaries.sea(counties))
    keep("circles", plan.circles(counties))
    facilities = keep("facilities", sites.facilities(counties))
    keep("firms", sites.firms(counties))
    keep("stations", sites.stations(facilities))
    keep("towns", sites.towns(counties))
    keep("axes", lines.axes())
    keep("plan_nodes", lines.plan_nodes(facilities))
    keep("rail_lines", lines.rail_lines(facilities))
    keep("rail_network", lines.network("osm-railways", "r"))
    keep("road_network", lines.network("osm-highways", "h"))
    return {layer_id: made[layer_id] for layer_id in SPECS}


def build(only: Iterable[str] = (), report: Callable[[str], None] = lambda _: None) -> list[Path]:
    """Re-make shipped layers and their catalogue in place, or optional ones in the cache.

    Parameters
    ----------
    only
        Ids to write; all shipped ones when empty. The catalogue is written along with them.
    report
        Told the id of each layer that is done.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    UnknownIdError
        When an id is not a layer's.
    MissingExtraError
        When a data package is not installed.
    LayerError
        When a built frame breaks its schema.
    OutputError
        When a file cannot be written.
    """
    wanted = tuple(dict.fromkeys(only)) or (*SPECS, *RASTERS)
    known = (*SPECS, *RASTERS, *OPTIONAL)
    for one in wanted:
        if one not in known:
            raise UnknownIdError("layer", one, known)
    shipped = tuple(one for one in wanted if one not in OPTIONAL)
    written = _build_shipped(shipped, report) if shipped else []
    if "counties_detailed" in wanted:
        written += build_detailed(read("counties"))
        report("counties_detailed")
    return written


def _build_shipped(wanted: tuple[str, ...], report: Callable[[str], None]) -> list[Path]:
    folder = facts.shipped_folder()
    whole = len(wanted) == len((*SPECS, *RASTERS))
    entries: dict[str, Any] = {} if whole else dict(catalogue()["layers"])
    with write.Outputs(overwrite=True) as outputs:
        for layer_id, frame in frames(report).items() if set(wanted) & set(SPECS) else ():
            if layer_id in wanted:
                layer = spec(layer_id).layer(frame)
                text = formats.geojson_text(layer.frame.reset_index(), layer.provenance())
                entries[layer_id] = entry(layer, text.encode("utf-8"))
                outputs.text(folder / f"{layer_id}.geojson", text)
        if "terrain" in wanted:
            content = terrain()
            entries["terrain"] = _terrain_entry(content)
            outputs.data(folder / "terrain.tif", content)
            report("terrain")
        listed = {"layers": entries, "tables": _tables()}
        text = json.dumps(listed, ensure_ascii=False, indent=1, sort_keys=True)
        outputs.text(folder / CATALOGUE, f"{text}\n")
        outputs.text(folder / "README.md", listing(listed))
        written = outputs.targets
    catalogue.cache_clear()
    return written


def _terrain_entry(content: bytes) -> dict[str, Any]:
    return {
        "layer": "terrain",
        "title": {"zh": "地形", "en": "Terrain", "ja": "地形"},
        "file": "terrain.tif",
        "sha256": hashlib.sha256(content).hexdigest(),
        "sources": [source("altitude-5min").described()],
        "method": "Cut to the region; metres = 28 × value − 450, sea is nodata.",
        "unit": "m",
    }


def _tables() -> dict[str, Any]:
    return {
        table: {
            "file": f"tables/{table}.csv",
            "sha256": hashlib.sha256(facts.table_path(table).read_bytes()).hexdigest(),
            "rows": len(facts.read(table)),
        }
        for table in facts.TABLES
    }
