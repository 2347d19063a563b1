"""Flows as lines whose width is their value, by year where they have one.

Flows between places: curved lines as wide as their weight, bent so that two ways part.

The page draws the curves itself (``web/src/layers/flows.js``): zoomed out it merges places that
fall together on the screen and sums the flows between them (``web/src/layers/flow-groups.js``).

Flows that a file holds as lines, as ``jjj flows`` writes them: places from the lines' ends.
"""

from collections.abc import Sequence
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.crs import STORAGE_CRS, require_crs
from geo.errors import InputError, UnknownIdError
from geo.render.colours.colouring import Categories, Classes, assign_colours
from geo.render.drawing.shapes import bounds_of
from geo.render.drawing.steps import Time, assign_steps
from geo.render.drawing.table import data_block, name_columns, named
from geo.render.encode import Part, block, fixed_point, text_part
from geo.render.layer import About, Field, MapLayer, Text, by_language, truncate
from geo.texts import LANGUAGES, tr

__all__ = [
    "KIND_COLOURS",
    "KIND_NAMES",
    "are_flows",
    "flows",
    "flows_of_lines",
]

_COLOUR: Final = "#a83a24"
KIND_NAMES: Final[dict[str, Text]] = {
    "main": tr("main axis"),
    "secondary": tr("secondary axis"),
    "backbone": tr("backbone"),
    "other": tr("other"),
}
"""What a flow is in the answer of the axis rule."""
KIND_COLOURS: Final = {
    "main": "#2a6fbf",
    "secondary": "#d98a00",
    "backbone": "#86b6de",
    "other": "#b3aca1",
}
"""Found is blue and amber, as drawn axes are red on every page."""


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
        (not negative). Flows of a place to itself and of no weight are left out and counted. A
        named index is the key of a row, for links from charts.
    nodes
        Places in ``STORAGE_CRS``, indexed by id, with names; an area is stood for by its centre.
    about
        Title, provenance and caveats, as the layer list shows them.
    directed
        Whether the line tells its direction: by a head, and by bending to the right of its way,
        so that a flow and its return do not cover each other. Otherwise both ways are one pair.
    colour_by
        A column of kinds, ``Categories`` or ``Classes``; None draws all in one colour.
    fields
        Rows of the popup table that a click opens, in order; by default the weight is among them.
    time
        When each flow is visible: a ``Time`` with a column of years or dates; None for always.

    Returns
    -------
    MapLayer
        For ``geo.render.Map.add``; the legend has a slider for the least weight shown. Rows of one
        pair that are seen together, such as all years of it, are drawn as one line with their sum.

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
    frame = _frame(table, nodes, directed=directed)
    kept = frame[(frame["weight"] > 0) & (frame["origin"] != frame["destination"])]
    drawn = kept.sort_values("weight", kind="stable")
    places, (start, end) = _places(nodes, drawn)
    found = assign_colours(drawn, colour_by, plain=_COLOUR)
    weight = Field("weight", *_weight_words(fields))
    weights = drawn["weight"].to_numpy(dtype=np.float64)
    parts: list[Part] = [
        *_place_parts(places),
        ("from", "u32", start),
        ("to", "u32", end),
        ("class", "u32", found.codes),
        ("weight", "f64", weights),
    ]
    payload: dict[str, Any] = {
        "n": len(drawn),
        "dropped": len(frame) - len(drawn),
        "style": {"line": "class", "width": 2, "directed": directed},
        "sizes": {
            "title": by_language(weight.label),
            "unit": by_language(weight.unit),
            "items": [],
        },
        "weights": sorted(set(weights.tolist())),
    }
    if time is not None:
        codes, payload["time"] = assign_steps(drawn, time)
        parts.append(("time", "u32", codes))
    payload |= {"shapes": block(parts), "colours": found.colours, "legend": found.legend}
    payload |= data_block(drawn, fields or [weight])
    return MapLayer(about, "flow", payload, bounds=bounds_of(places.geometry.to_numpy()))


def _weight_words(fields: Sequence[Field]) -> tuple[Any, Any]:
    known = next((one for one in fields if one.column == "weight"), named("weight"))
    return known.label, known.unit


def _frame(table: pd.DataFrame, nodes: gpd.GeoDataFrame, *, directed: bool) -> gpd.GeoDataFrame:
    """Return the flows with names of both ends."""
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
    names = {
        f"name_{code}" if code != "any" else "name": _pairs(nodes[column], ends, directed)
        for code, column in name_columns(nodes).items()
    }
    plain = table.assign(weight=weights, **names)
    if table.index.name is None:
        plain = plain.reset_index(drop=True)
    return gpd.GeoDataFrame(plain, geometry=[None] * len(plain), crs=STORAGE_CRS)


def _pairs(names: "pd.Series[Any]", ends: dict[str, NDArray[np.intp]], directed: bool) -> list[str]:
    values = names.astype(str).to_numpy()
    pairs = zip(values[ends["origin"]], values[ends["destination"]], strict=True)
    sign = "→" if directed else "–"
    return [f"{origin} {sign} {destination}" for origin, destination in pairs]


def _places(
    nodes: gpd.GeoDataFrame, drawn: pd.DataFrame
) -> tuple[gpd.GeoDataFrame, NDArray[np.int64]]:
    """Return the nodes that flows meet, as points, and at which each flow starts and ends."""
    ends = np.stack([nodes.index.get_indexer(drawn[side]) for side in ("origin", "destination")])
    met, at = np.unique(ends, return_inverse=True)
    points = shapely.centroid(nodes.geometry.to_numpy()[met])
    return nodes.iloc[met].set_geometry(points), at.reshape(ends.shape)


def _place_parts(places: gpd.GeoDataFrame) -> list[Part]:
    grid = fixed_point(shapely.get_coordinates(places.geometry.to_numpy()))
    names = {
        code: [truncate(one) for one in places[column].astype(str)]
        for code, column in name_columns(places).items()
    }
    return [("px", "d32", grid[:, 0]), ("py", "d32", grid[:, 1]), text_part("pnames", names)]


_NEEDED: Final = {"origin", "destination", "weight"}


def are_flows(rows: gpd.GeoDataFrame) -> bool:
    """Return whether lines are flows: with origin, destination, weight, one place for each name.

    Parameters
    ----------
    rows
        LineStrings in ``STORAGE_CRS`` with their attributes.

    Returns
    -------
    bool
        False where a place has two positions, or a weight is no number of zero or more.

    Examples
    --------
    >>> line = shapely.LineString([(116, 39), (117, 40)])
    >>> table = {"origin": ["a"], "destination": ["b"], "weight": [3]}
    >>> are_flows(gpd.GeoDataFrame(table, geometry=[line], crs="EPSG:4326"))
    True
    >>> are_flows(gpd.GeoDataFrame({"name": ["a"]}, geometry=[line], crs="EPSG:4326"))
    False
    """
    if not set(rows.columns) >= _NEEDED or (rows.geom_type != "LineString").any():
        return False
    weights = pd.to_numeric(rows["weight"], errors="coerce")
    return bool((weights >= 0).all()) and _ends(rows).index.is_unique


def _ends(rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the places at the ends of the lines, indexed by id, with their names."""
    sides = []
    for side, at in (("origin", 0), ("destination", -1)):
        columns = {
            f"name_{language}": rows[f"{side}_{language}"]
            if f"{side}_{language}" in rows.columns
            else rows[side].astype(str)
            for language in LANGUAGES
        }
        points = shapely.get_point(rows.geometry.to_numpy(), at)
        frame = gpd.GeoDataFrame(columns, geometry=points, crs=rows.crs)
        sides.append(frame.set_index(rows[side].astype(str).rename("place")))
    both = pd.concat(sides)
    return both[~both.reset_index().duplicated().to_numpy()]


def flows_of_lines(
    rows: gpd.GeoDataFrame,
    about: About,
    *,
    colour_by: str | Categories | Classes | None = None,
    time: Time | None = None,
) -> MapLayer:
    """Draw flow lines curved, with width by weight, merged at small scales.

    Parameters
    ----------
    rows
        LineStrings in ``STORAGE_CRS`` for which ``are_flows`` is true.
    about
        Title, provenance and caveats, as the layer list shows them.
    colour_by
        A column, or how it becomes colours; by default what the axis rule made of each flow, where
        the file says so.
    time
        When each flow is visible: a ``Time`` with a column of years or dates; None for always.

    Returns
    -------
    MapLayer
        For ``geo.render.Map.add``.
    """
    table = pd.DataFrame(rows.drop(columns=rows.geometry.name)).reset_index(drop=True)
    table = table.assign(
        origin=table["origin"].astype(str), destination=table["destination"].astype(str)
    )
    shown = [named("weight")]
    by = colour_by
    if {"axis", "backbone"} <= set(table.columns):
        kind = table["backbone"].astype(str).str.lower().map({"true": "backbone"}).fillna("other")
        axis = table["axis"].str.replace(r"-\d+$", "", regex=True)
        table = table.assign(kind=axis.where(axis.isin(KIND_NAMES), kind))
        title = tr("Read as")
        shown.append(Field("kind", title, words=KIND_NAMES))
        by = by or Categories("kind", KIND_NAMES, KIND_COLOURS, title)
    shown += [named(one) for one in ("year", "share") if one in table.columns]
    directed = "directed" in table.columns and bool(table["directed"].astype(bool).any())
    return flows(
        table, _ends(rows), about, directed=directed, colour_by=by, fields=shown, time=time
    )
