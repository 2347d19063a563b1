"""What the catalogue says of a built layer."""

import hashlib
from typing import Any

from geo.layers.layer import Layer

__all__ = ["entry"]


def entry(layer: Layer, content: bytes) -> dict[str, Any]:
    """Describe a layer for the catalogue.

    Parameters
    ----------
    layer
        The layer.
    content
        Its whole file.

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
