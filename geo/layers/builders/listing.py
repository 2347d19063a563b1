"""Listing of the layers: entries of the catalogue, README.

What the catalogue says of a built layer.

The page ``layers/README.md``, written from the catalogue so that it cannot drift from it.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, Final

from geo.layers.layer import Layer
from geo.layers.specs import Spec
from geo.sources.registry import source

__all__ = [
    "entry",
    "listing",
]


def entry(layer: Layer, content: bytes) -> dict[str, Any]:
    """Describe a layer for the catalogue.

    Parameters
    ----------
    layer
        A layer that passed its schema.
    content
        All bytes of the layer's file.

    Returns
    -------
    dict
        Provenance, file, hash, counts and columns.
    """
    columns = [
        {
            "name": column.name,
            "kind": column.kind,
            "meaning": column.meaning,
            "unit": column.unit,
            "nullable": column.nullable,
        }
        for column in layer.schema.columns
    ]
    return layer.provenance() | {
        "file": f"{layer.layer_id}.geojson",
        "sha256": hashlib.sha256(content).hexdigest(),
        "features": len(layer.frame),
        "bbox": [round(float(one), 6) for one in layer.frame.total_bounds],
        "geometry": list(layer.schema.geometry),
        "id": layer.schema.index,
        "columns": columns,
    }


_HEAD: Final = """# The shipped layers

Written by `jjj layers build` from `catalog.json`; do not edit. `jjj layers list` shows the same,
`jjj layers info ID` all of one layer, `jjj layers check` proves hashes, schemas, the partition,
areas and places. All files are in WGS 84 longitude and latitude (CGCS2000 is taken as equal);
*datum* is what the source publishes. *Accuracy* is how far a position may be from the truth;
"each row" means that every row states its own. What is known to be doubtful stands in
`docs/data.md`, the licence texts in `LICENSES/`, the terms of the boundaries in `NOTICE`.

"""
_COLUMNS: Final = ("layer", "what", "rows", "source", "licence", "datum", "accuracy", "caveat")
_TABLES: Final = """
## Tables

Facts compiled by hand, one source or basis a row: see `tables/README.md`.

"""
_OPTIONAL: Final = """
## Optional layers

Built on your own machine into your cache, never shipped.

"""
_TERRAIN_ACCURACY: Final = "cells of 5′ (about 9 km), steps of 28 m"


def listing(catalogue: Mapping[str, Any], optional: Iterable[Spec] = ()) -> str:
    """Write the page of the layers.

    Parameters
    ----------
    catalogue
        ``layers`` and ``tables``, each by id.
    optional
        Specifications of the layers that are built on demand.

    Returns
    -------
    str
        Markdown.

    Examples
    --------
    >>> listing({"layers": {}, "tables": {}}).splitlines()[0]
    '# The shipped layers'
    """
    layers = [_shipped(one) for _, one in sorted(catalogue["layers"].items())]
    tables = [(f"`{one}`", entry["rows"]) for one, entry in sorted(catalogue["tables"].items())]
    on_demand = [_optional(one) for one in optional]
    return "".join(
        [
            _HEAD,
            _table(_COLUMNS, layers),
            _TABLES,
            _table(("table", "rows"), tables),
            _OPTIONAL,
            _table(("layer", "what", "licence", "caveat"), on_demand),
        ]
    )


def _shipped(entry: Mapping[str, Any]) -> tuple[object, ...]:
    origins = entry["sources"]
    packages = (
        f"{one['title']}, {one['package']} {one['version']}" if "package" in one else one["title"]
        for one in origins
    )
    datums = (one["datum"] for one in origins if "package" in one or len(origins) == 1)
    return (
        f"`{entry['layer']}`",
        " / ".join(entry["title"][one] for one in ("en", "zh", "ja")),
        entry.get("features", "raster"),
        "; ".join(packages),
        "; ".join(dict.fromkeys(one["licence"] for one in origins)),
        ", ".join(dict.fromkeys(datums)) or "wgs84",
        _accuracy(entry),
        entry.get("caveat", {}).get("en", ""),
    )


def _optional(fixed: Spec) -> tuple[object, ...]:
    caveat = fixed.caveat.en if fixed.caveat is not None else ""
    return f"`{fixed.layer_id}`", fixed.title.en, _licences(fixed), caveat


def _accuracy(entry: Mapping[str, Any]) -> str:
    if "accuracy_m" in entry:
        return f"{entry['accuracy_m']:,.0f} m"
    return _TERRAIN_ACCURACY if "unit" in entry else "each row"


def _licences(fixed: Spec) -> str:
    named = (source(one) if isinstance(one, str) else one for one in fixed.sources)
    return "; ".join(dict.fromkeys(one.licence for one in named))


def _table(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    head = tuple(columns)
    lines = [head, ("---",) * len(head), *rows]
    cells = ([str(cell).replace("|", "\\|").replace("\n", " ") for cell in line] for line in lines)
    return "".join(f"| {' | '.join(line)} |\n" for line in cells)
