"""Three shares of one whole as places in a triangle, linked to the map."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from geo.errors import InputError
from geo.formats import json_value
from geo.render.charts import (
    Axis,
    Chart,
    Link,
    described_axis,
    keys_of,
    places_of,
    require_columns,
)
from geo.render.layer import Text, said
from geo.render.palette import OTHER, categories, hex_colour

__all__ = ["Discs", "Reference", "ternary"]

_MOST_ROWS: Final = 500
_TOTALS: Final = (1.0, 100.0)
_SLACK: Final = 0.005  # of the total: what rounding of three shares can leave


@dataclass(frozen=True)
class Discs:
    """How the mark of a row looks.

    Attributes
    ----------
    colour_by
        A column of kinds; grey without one.
    colours
        Hex colour of a kind.
    size
        A column of numbers that the area of a mark is in proportion to.
    """

    colour_by: str = ""
    colours: Mapping[str, str] | None = None
    size: Axis | None = None


@dataclass(frozen=True)
class Reference:
    """The whole that the rows are compared with, drawn as a cross.

    Attributes
    ----------
    label
        What it is called.
    shares
        Its three shares, in the order of the corners.
    """

    label: Text
    shares: tuple[float, float, float]


def ternary(  # noqa: PLR0913 - a chart has as many independent parts
    table: pd.DataFrame,
    *,
    title: Text,
    rows: Axis,
    corners: Mapping[str, Text],
    shares: Axis,
    colours: Mapping[str, str] | None = None,
    discs: Discs | None = None,
    reference: Reference | None = None,
    link: Link | None = None,
    note: Text | None = None,
) -> Chart:
    """Describe a triangle in which each row stands the nearer a corner the larger that share.

    Row i with shares a, b, c of its whole stands at a·A + b·B + c·C, where A (above), B (left) and
    C (right) are the corners of an equilateral triangle.

    Parameters
    ----------
    table
        One row a place, 1 to 500 of them.
    title
        Above the triangle.
    rows
        With the column that names the rows.
    corners
        Three columns of shares, for the upper, the left and the right corner, and what they are
        called. A row adds up to 1 or to 100, all rows alike; one with a missing share stands in
        the table only.
    shares
        What the shares are, with unit and decimals; its column is not used.
    colours
        Of the corners; from the palette by default.
    discs
        Colours and sizes of the marks.
    reference
        A whole to compare with.
    link
        Features that pointing at a mark, or choosing marks, makes stand out on the map.
    note
        Below the triangle.

    Returns
    -------
    Chart
        For ``geo.render.Map.add``.

    Raises
    ------
    UnknownIdError
        When a column does not exist.
    InputError
        When there are not three corners, no row is whole, or shares are negative or do not add up.

    References
    ----------
    Howarth, R. J. (1996). Sources for a history of the ternary diagram. British Journal for the
    History of Science 29(3), 337-356. https://doi.org/10.1017/S000708740003449X

    Examples
    --------
    >>> table = pd.DataFrame({"city": ["A", "B"], "r": [0.5, None], "m": [0.5, 0.2], "s": [0, 0.8]})
    >>> made = ternary(table, title="Roles", rows=Axis("City", "city"), shares=Axis("Share"),
    ...                corners={"r": "Research", "m": "Making", "s": "Service"})
    >>> made.payload["total"], made.payload["series"][0]["values"]
    (1, [0.5, None])
    """
    discs = discs or Discs()
    wanted = [rows.column, *corners, *([link.keys] if link else [])]
    wanted += [one for one in (discs.colour_by, discs.size.column if discs.size else "") if one]
    require_columns(table, wanted)
    total = _total(table, rows.column, list(corners))
    palette = dict(zip(corners, categories(3), strict=True)) | dict(colours or {})
    payload = {
        "kind": "ternary",
        "title": said(title),
        "note": said(note),
        "x": described_axis(rows) | {"values": places_of(table[rows.column], rows)},
        "numeric": False,
        "y": described_axis(shares),
        "series": [
            {
                "label": said(label),
                "colour": hex_colour(palette[name]),
                "values": _numbers(table[name]),
            }
            for name, label in corners.items()
        ],
        "total": int(total),
        "tones": _tones(table, discs),
        "size": _sizes(table, discs.size),
        "reference": _reference(reference),
        "link": None
        if link is None
        else {"layer": link.layer_id, "keys": keys_of(table[link.keys])},
    }
    return Chart(payload)


def _total(table: pd.DataFrame, rows: str, corners: list[str]) -> float:
    """Return what the shares of each row add up to, 1 or 100."""
    if len(corners) != 3 or not 1 <= len(table) <= _MOST_ROWS:
        msg = (
            f"a triangle has three corners and 1 to {_MOST_ROWS} rows; "
            f"got {len(corners)} and {len(table)}"
        )
        raise InputError(msg)
    for name in corners:
        if not pd.api.types.is_numeric_dtype(table[name]):
            msg = f"column {name!r} holds no numbers to draw"
            raise InputError(msg)
    values = table[corners].to_numpy(dtype=np.float64, na_value=np.nan)
    there = ~np.isnan(values).any(axis=1)
    if not there.any() or np.isinf(values[there]).any():
        msg = f"no row has all three of {', '.join(corners)}, or one is infinite"
        raise InputError(msg)
    sums = np.where(there, values.sum(axis=1), np.nan)
    total = min(_TOTALS, key=lambda one: abs(one - float(sums[there][0])))
    wrong = there & ((values < 0).any(axis=1) | ~(np.abs(sums - total) <= _SLACK * total))
    if wrong.any():
        at = int(np.argmax(wrong))
        msg = (
            f"row {table[rows].tolist()[at]!r}: shares {values[at].tolist()} add up to "
            f"{sums[at]:g}; three shares of one whole are not negative and add up to {total:g}"
        )
        raise InputError(msg)
    return total


def _numbers(values: "pd.Series[Any]") -> list[Any]:
    return [json_value(one) for one in values.tolist()]


def _tones(table: pd.DataFrame, discs: Discs) -> list[str] | None:
    if not discs.colour_by:
        return None
    colours = discs.colours or {}
    return [hex_colour(colours.get(str(one), OTHER)) for one in table[discs.colour_by].tolist()]


def _sizes(table: pd.DataFrame, size: Axis | None) -> dict[str, Any] | None:
    if size is None:
        return None
    values = table[size.column]
    if not pd.api.types.is_numeric_dtype(values) or not float(values.max()) > 0:
        msg = f"column {size.column!r} holds no sizes: numbers, the largest above 0"
        raise InputError(msg)
    return described_axis(size) | {"values": _numbers(values), "most": json_value(values.max())}


def _reference(reference: Reference | None) -> dict[str, Any] | None:
    if reference is None:
        return None
    values = np.asarray(reference.shares, dtype=float)
    if values.shape != (3,) or not np.isfinite(values).all() or (values < 0).any():
        msg = f"a reference has three shares, none negative; got {reference.shares}"
        raise InputError(msg)
    if not values.sum() > 0:
        msg = "a reference whose shares are all 0 has no place in the triangle"
        raise InputError(msg)
    return {"label": said(reference.label), "values": values.tolist()}
