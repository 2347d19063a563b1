"""Flows between places: curved lines as wide as their weight, bent so that two ways part."""

from collections.abc import Sequence
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.crs import STORAGE_CRS, require_crs
from geo.errors import InputError, UnknownIdError
from geo.render.colouring import Categories, Classes, Size, coloured, sized
from geo.render.encode import Part, block
from geo.render.layer import About, Field, MapLayer
from geo.render.shapes import bounds_of, path_parts
from geo.render.steps import Time, stepped
from geo.render.table import data_block, name_columns, named

__all__ = ["flows"]

_BEND: Final = 0.18
_STEPS: Final = 24
_WIDTHS: Final = (0.6, 9.0)
_COLOUR: Final = "#a83a24"


def flows(
    table: pd.DataFrame,
    nodes: gpd.GeoDataFrame,
    about: About,
    *,
    directed: bool = True,
    colour_by: str | Categories | Classes | None = None,
    fields: Sequence[Field] = (),
    time: Time | None = None,
) -> MapLayer:
    """Draw flows between places.

    Parameters
    ----------
    table
        One row a flow: ``origin`` and ``destination`` (index values of the nodes), ``weight``
        (not negative). Flows of a place to itself and of no weight are left out and counted.
    nodes
        Places in ``STORAGE_CRS``, indexed by id, with names; an area is stood for by its centre.
    about
        Title, provenance, caveats.
    directed
        Whether the line tells its direction: by a head, and by bending to the right of its way,
        so that a flow and its return do not cover each other.
    colour_by
        Kinds, or classes of a value.
    fields
        Rows of the table that a click opens; the weight is among them by default.
    time
        When each flow is to be seen.

    Returns
    -------
    MapLayer
        For ``geo.render.Map.add``; the legend has a slider for the least weight shown.

    Raises
    ------
    UnknownIdError
        When a column is missing, or an origin or destination is not among the nodes.
    InputError
        When a weight is negative or not a number.

    Examples
    --------
    >>> from geo.layers import load
    >>> cities = load("prefectures")
    >>> table = pd.DataFrame({"origin": ["110000"], "destination": ["120000"], "weight": [5.0]})
    >>> flows(table, cities.frame, About("Trains")).payload["n"]
    1
    """
    require_crs(nodes, STORAGE_CRS, name="nodes")
    frame = _frame(table, nodes)
    kept = frame[(frame["weight"] > 0) & (frame["origin"] != frame["destination"])]
    drawn = kept.sort_values("weight", kind="stable")
    shapes = drawn.geometry.to_numpy()
    found = coloured(drawn, colour_by, plain=_COLOUR)
    weight = Field("weight", *_weight_words(fields))
    widths, sizes = sized(drawn, Size("weight", weight.label, weight.unit), radii=_WIDTHS)
    weights = drawn["weight"].to_numpy(dtype=np.float64)
    parts: list[Part] = [
        *path_parts(shapes),
        ("class", "u32", found.codes),
        ("radius", "u32", widths),
        ("weight", "f64", weights),
    ]
    payload: dict[str, Any] = {
        "n": len(drawn),
        "dropped": len(frame) - len(drawn),
        "style": {"line": "class", "width": 2, "directed": directed},
        "sizes": sizes,
        "weights": sorted(set(weights.tolist())),
    }
    if time is not None:
        codes, payload["time"] = stepped(drawn, time)
        parts.append(("time", "u32", codes))
    payload |= {"shapes": block(parts), "colours": found.colours, "legend": found.legend}
    payload |= data_block(drawn, fields or [weight])
    return MapLayer(about, "flow", payload, bounds=bounds_of(shapes))


def _weight_words(fields: Sequence[Field]) -> tuple[Any, Any]:
    known = next((one for one in fields if one.column == "weight"), named("weight"))
    return known.label, known.unit


def _frame(table: pd.DataFrame, nodes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the flows with names of both ends and their curves."""
    for column in ("origin", "destination", "weight"):
        if column not in table.columns:
            raise UnknownIdError("column", column, [str(one) for one in table.columns])
    ends = {side: nodes.index.get_indexer(table[side]) for side in ("origin", "destination")}
    for side, at in ends.items():
        if (at < 0).any():
            missing = str(table[side][at < 0].iloc[0])
            raise UnknownIdError(side, missing, [str(one) for one in nodes.index])
    weights = pd.to_numeric(table["weight"], errors="coerce")
    if weights.isna().any() or (weights < 0).any():
        worst = table["weight"][weights.isna() | (weights < 0)].iloc[0]
        msg = f"flows need weights that are numbers of zero or more; got {worst!r}"
        raise InputError(msg)
    centres = shapely.get_coordinates(shapely.centroid(nodes.geometry.to_numpy()))
    curves = _curves(centres[ends["origin"]], centres[ends["destination"]])
    names = {
        f"name_{code}" if code != "any" else "name": _pairs(nodes[column], ends)
        for code, column in name_columns(nodes).items()
    }
    plain = table.assign(weight=weights, **names).reset_index(drop=True)
    return gpd.GeoDataFrame(plain, geometry=curves, crs=STORAGE_CRS)


def _pairs(names: "pd.Series[Any]", ends: dict[str, NDArray[np.intp]]) -> list[str]:
    values = names.astype(str).to_numpy()
    pairs = zip(values[ends["origin"]], values[ends["destination"]], strict=True)
    return [f"{origin} → {destination}" for origin, destination in pairs]


def _curves(start: NDArray[np.float64], end: NDArray[np.float64]) -> NDArray[Any]:
    """Return arcs from starts to ends that bend to the right of their way.

    A quadratic Bézier curve whose control point stands beside the middle, at a share of the
    length; degrees of longitude are shortened by the cosine of the latitude.
    """
    squeeze = np.cos(np.radians((start[:, 1] + end[:, 1]) / 2))[:, None]
    way = (end - start) * np.hstack([squeeze, np.ones_like(squeeze)])
    aside = np.column_stack([way[:, 1], -way[:, 0]]) * 2 * _BEND
    aside[:, 0] /= squeeze[:, 0]
    control = (start + end) / 2 + aside
    t = np.linspace(0, 1, _STEPS + 1)[None, :, None]
    points = (
        (1 - t) ** 2 * start[:, None] + 2 * t * (1 - t) * control[:, None] + t**2 * end[:, None]
    )
    return np.asarray(shapely.linestrings(points))
