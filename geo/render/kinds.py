"""How a column becomes colours in all layers that have it, and the chart that counts its kinds."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from geo.layers import Text3
from geo.render.charts import Axis, Chart, Link, chart
from geo.render.choice import is_code_of_kind, kind_of
from geo.render.classes import numbers_of
from geo.render.colouring import MOST_CATEGORIES, Categories, Classes, words_of
from geo.render.layer import MapLayer
from geo.render.palette import CATEGORY_COLOURS
from geo.render.sheets import Sheet
from geo.render.table import named
from geo.render.words import OTHER_WORD

__all__ = ["colouring", "kinds_chart"]

_MOST_BARS: Final = 12
_COUNT: Final = Text3("要素数", "Features", "件数")
_REST: Final = ""  # no kind: a blank cell has none


def colouring(sheets: Sequence[Sheet]) -> list[Categories | Classes | None]:
    """Decide how the column of each sheet becomes colours: one way for all that share it.

    Parameters
    ----------
    sheets
        With the columns that colour them.

    Returns
    -------
    list of Categories, Classes or None
        As many. A kind has one colour in all sheets, the commonest the first of the palette, and
        beyond nine none; classes of numbers have the same bounds in all.

    Examples
    --------
    >>> from geo.render.given import given
    >>> from geo.render.sheets import chosen, sheets_of
    >>> sheets = [sheet for one in given("counties") for sheet in sheets_of(one)]
    >>> colouring(chosen(sheets, "area_km2"))[0].column
    'area_km2'
    """
    columns = dict.fromkeys(one.by for one in sheets if one.by is not None)
    ways = {column: _way(column, [one for one in sheets if one.by == column]) for column in columns}
    return [None if one.by is None else ways[one.by] for one in sheets]


def _way(column: str, sheets: Sequence[Sheet]) -> Categories | Classes:
    cells = [one.rows[column] for one in sheets]
    kinds = pd.concat([one.map(kind_of) for one in cells]).dropna()
    if _measure(column, cells, kinds, areas=any(one.kind == "Polygon" for one in sheets)):
        if len(sheets) == 1:
            return Classes(column)
        numbers = numbers_of(pd.concat([one.astype(object) for one in cells]), column)
        return Classes(column, among=tuple(numbers[~np.isnan(numbers)].tolist()))
    if len(sheets) == 1:
        return Categories(column)
    counts = kinds.value_counts()
    ranked = sorted(counts.index, key=lambda one: (-counts[one], one))
    return Categories(column, colours=dict(zip(ranked, CATEGORY_COLOURS, strict=False)))


def _measure(
    column: str, cells: Sequence["pd.Series[Any]"], kinds: "pd.Series[Any]", *, areas: bool
) -> bool:
    """Tell whether the cells of all layers together are numbers that measure."""
    typed = [pd.api.types.is_numeric_dtype(one) for one in cells]
    if not any(typed) or any(pd.api.types.is_bool_dtype(one) for one in cells):
        return False
    numbers = pd.to_numeric(kinds, errors="coerce")
    if numbers.isna().any() or is_code_of_kind(column, numbers):
        return False
    return areas or numbers.nunique() > MOST_CATEGORIES


def kinds_chart(sheet: Sheet, layer: MapLayer, colour_by: str | None) -> Iterator[Chart]:
    """Count the features of each kind, when the colours are kinds and the rows have ids.

    Parameters
    ----------
    sheet
        Coloured.
    layer
        As it is drawn.
    colour_by
        Column that was asked for.

    Yields
    ------
    Chart
        None or one: a bar for each of the twelve commonest kinds and one for the rest, each linked
        to its features.
    """
    rows = sheet.rows
    if colour_by is None or sheet.by != colour_by or rows.index.name is None:
        return
    if layer.payload["legend"]["kind"] != "categories":
        return
    keys = pd.DataFrame(
        {"kind": rows[colour_by].map(kind_of).to_numpy(), "key": rows.index.astype(str)}
    ).dropna()
    if keys.empty:
        return
    label: Any = named(colour_by).label
    yield chart(
        "bar",
        _counted(keys),
        title=label,
        x=Axis(label, "kind", words=words_of(colour_by, rows[colour_by]) | {_REST: OTHER_WORD}),
        y=Axis(_COUNT),
        series={"size": _COUNT},
        link=Link(layer.layer_id, "list"),
        colours={"size": CATEGORY_COLOURS[0]},
    )


def _counted(keys: pd.DataFrame) -> pd.DataFrame:
    """Count kinds, the commonest first, and what is beyond the bars as the last."""
    counts = keys["kind"].value_counts()
    ranked = sorted(counts.index, key=lambda one: (-counts[one], one))
    order = [*ranked[:_MOST_BARS], _REST]
    kinds = keys["kind"].where(keys["kind"].isin(order), _REST)
    counted = keys.groupby(kinds)["key"].agg([list, "size"])
    return counted.reindex([one for one in order if one in counted.index]).reset_index()
