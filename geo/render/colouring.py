"""How values become colours and sizes, and the legend that says so."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import geopandas as gpd
import mapclassify
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import InputError
from geo.formats import json_value
from geo.render.layer import Text, column_of, said
from geo.render.palette import HOLLOW, NO_DATA, OTHER, Ramp, categories, ramp
from geo.render.table import named
from geo.render.words import OTHER_WORD, VALUES

__all__ = [
    "Categories",
    "Classes",
    "Coloured",
    "Scheme",
    "Size",
    "class_bounds",
    "coloured",
    "sized",
]

Scheme = Literal["FisherJenks", "Quantiles", "EqualInterval", "HeadTailBreaks", "StdMean"]

_EXACT_LIMIT: Final = 600  # the exact optimum costs the square of the number of values
_MOST_CATEGORIES: Final = 9
_RADII: Final = (2.5, 18.0)


@dataclass(frozen=True)
class Categories:
    """Colour by kind.

    Attributes
    ----------
    column
        Of the frame; any values.
    labels
        What a reader sees for a value; where there is none the project's own words, or the value
        itself. Its order is the legend's; values not in it follow by frequency.
    colours
        Hex colour of a value; from the palette where there is none.
    title
        Of the legend; the column's own by default.
    ordered
        Whether the colours are a ramp from little to much, which the dark theme turns round.
    """

    column: str
    labels: Mapping[str, Text] = field(default_factory=dict)
    colours: Mapping[str, str] = field(default_factory=dict)
    title: Text | None = None
    ordered: bool = False


@dataclass(frozen=True)
class Classes:
    """Colour by value, in classes.

    Attributes
    ----------
    column
        Of numbers.
    title
        Of the legend; the column's own by default.
    unit
        As printed.
    scheme
        Of mapclassify. ``FisherJenks`` falls back on quantiles above 600 values.
    k
        Number of classes, 2 to 9; fewer when there are fewer distinct values.
    bins
        Upper bounds of the classes, ascending; they replace scheme and k.
    ramp
        Of ``geo.render.palette.RAMPS``.
    decimals
        In the legend.
    missing
        What a reader sees for features without a value; *no data* by default.
    zero
        Of areas: what a reader sees for the value 0 where none is not merely the least. It becomes
        a class of its own without a fill, before the others, which are made from the rest.
    """

    column: str
    title: Text | None = None
    unit: Text = ""
    scheme: Scheme = "FisherJenks"
    k: int = 5
    bins: tuple[float, ...] = ()
    ramp: Ramp = "blue"
    decimals: int | None = None
    missing: Text | None = None
    zero: Text | None = None


@dataclass(frozen=True)
class Size:
    """Radius or width by value; the area of a circle is in proportion to it.

    Attributes
    ----------
    column
        Of numbers, not negative; missing and negative ones get the smallest mark.
    title
        Of the legend; the column's own by default.
    unit
        As printed.
    """

    column: str
    title: Text | None = None
    unit: Text = ""


@dataclass(frozen=True)
class Coloured:
    """Colour classes of the rows.

    Attributes
    ----------
    codes
        Class of each row; the number of classes stands for *no data*.
    colours
        Of the classes, then of *no data*.
    legend
        For the page.
    """

    codes: NDArray[np.uint32]
    colours: list[str]
    legend: dict[str, Any]


def coloured(
    frame: gpd.GeoDataFrame, by: str | Categories | Classes | None, *, plain: str
) -> Coloured:
    """Give each row a colour class.

    Parameters
    ----------
    frame
        Rows of the layer.
    by
        How; the name of a column means classes for numbers of more than nine values, else kinds;
        None gives all rows one colour.
    plain
        That one colour.

    Returns
    -------
    Coloured
        Codes, colours and legend.

    Raises
    ------
    UnknownIdError
        When there is no such column.
    InputError
        When classes are asked of a column that holds no numbers, or bins do not ascend.

    Examples
    --------
    >>> frame = gpd.GeoDataFrame({"kind": ["a", "b", "a", None]}, geometry=[None] * 4)
    >>> coloured(frame, "kind", plain="#000000").codes.tolist()
    [0, 1, 0, 2]
    """
    if by is None:
        legend = {"kind": "plain", "items": [{"colour": plain, "n": len(frame)}]}
        return Coloured(np.zeros(len(frame), dtype=np.uint32), [plain, NO_DATA], legend)
    if isinstance(by, str):
        by = _guessed(column_of(frame, by), by)
    if isinstance(by, Classes):
        return _by_class(frame, by)
    return _by_kind(frame, by)


def _guessed(values: "pd.Series[Any]", name: str) -> Categories | Classes:
    numeric = pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
    if numeric and values.nunique() > _MOST_CATEGORIES:
        return Classes(name)
    return Categories(name)


def _key(value: Any) -> str | None:
    plain = json_value(value)
    if plain is None:
        return None
    return str(plain).lower() if isinstance(plain, bool) else str(plain)


def _by_kind(frame: gpd.GeoDataFrame, by: Categories) -> Coloured:
    keys = column_of(frame, by.column).map(_key)
    words = VALUES.get(by.column, {}) | dict(by.labels)
    counts = keys.value_counts()
    ranked = sorted(counts.index, key=lambda one: (-counts[one], one))
    order = [one for one in by.labels if one in counts.index]
    order += [one for one in ranked if one not in by.labels]
    shown = order if len(order) <= _MOST_CATEGORIES else order[:_MOST_CATEGORIES]
    codes = {one: min(at, len(shown)) for at, one in enumerate(order)}
    palette = categories(len(shown))
    items = [
        {
            "colour": by.colours.get(one, palette[at]),
            "label": said(words.get(one, one[:80])),
            "n": int(counts[one]),
        }
        for at, one in enumerate(shown)
    ]
    if len(order) > len(shown):
        rest = int(sum(counts[one] for one in order[len(shown) :]))
        items.append({"colour": OTHER, "label": said(OTHER_WORD), "n": rest})
    missing = len(items)
    found = np.array([codes.get(one, missing) for one in keys], dtype=np.uint32)
    legend = {
        "kind": "categories",
        "ordered": by.ordered,
        "title": said(by.title if by.title is not None else named(by.column).label),
        "items": items,
        "missing": int(keys.isna().sum()),
    }
    return Coloured(found, [*(str(one["colour"]) for one in items), NO_DATA], legend)


def _numbers(values: "pd.Series[Any]", name: str) -> NDArray[np.float64]:
    numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    if len(values) and values.notna().any() and np.isnan(numbers).all():
        msg = f"column {name!r} holds no numbers, such as {values.dropna().iloc[0]!r}"
        raise InputError(msg)
    return np.where(np.isfinite(numbers), numbers, np.nan)


def _by_class(frame: gpd.GeoDataFrame, by: Classes) -> Coloured:
    values = _numbers(column_of(frame, by.column), by.column)
    none = (values == 0) & (by.zero is not None)
    bins, legend = class_bounds(values[~np.isnan(values) & ~none], by)
    codes = np.searchsorted(bins, values, side="left").astype(np.uint32)
    codes[np.isnan(values)] = len(bins)
    if by.zero is not None:
        codes = np.where(none, 0, codes + 1).astype(np.uint32)
        hollow = {"colour": HOLLOW, "label": said(by.zero), "n": int(none.sum())}
        legend["items"] = [hollow, *legend["items"]]
    colours = [str(item["colour"]) for item in legend["items"]]
    missing = {"missing": int(np.isnan(values).sum())}
    return Coloured(codes, [*colours, NO_DATA], legend | missing)


def class_bounds(
    known: NDArray[np.float64], by: Classes
) -> tuple[NDArray[np.float64], dict[str, Any]]:
    """Class numbers, and describe the classes.

    Parameters
    ----------
    known
        Finite values.
    by
        How.

    Returns
    -------
    bins : ndarray
        Upper bounds, ascending; empty when there are no values and no bounds were given.
    legend : dict
        For the page; nothing is missing.

    Raises
    ------
    InputError
        When given bounds do not ascend, or there is no such scheme.
    """
    bins = _bins(known, by)
    pale = by.zero is not None  # beside areas without a fill the palest shade would be lost
    colours = ramp(by.ramp, min(len(bins) + pale, 9))[-len(bins) :] if len(bins) else []
    low = float(known.min()) if len(known) else 0.0
    lows = [min(low, float(bins[0])), *bins[:-1].tolist()] if len(bins) else []
    counts = np.bincount(np.searchsorted(bins, known, side="left"), minlength=len(bins)).tolist()
    items = [
        {"colour": colour, "from": low, "to": high, "n": n}
        for colour, low, high, n in zip(colours, lows, bins.tolist(), counts, strict=True)
    ]
    legend = {
        "kind": "classes",
        "ordered": by.ramp != "balance",
        "title": said(by.title if by.title is not None else named(by.column).label),
        "unit": said(by.unit or named(by.column).unit),
        "decimals": _decimals(bins) if by.decimals is None else by.decimals,
        "items": items,
        "missing": 0,
        "missing_label": said(by.missing),
    }
    return bins, legend


def _decimals(bins: NDArray[np.float64]) -> int:
    """Return how many decimals tell the bounds apart."""
    if len(bins) < 2:
        return 2
    gap = float(np.diff(bins).min())
    whole = bool((bins == np.rint(bins)).all())
    return 0 if whole or gap >= 10 else 1 if gap >= 1 else 2 if gap >= 0.05 else 4


def _bins(known: NDArray[np.float64], by: Classes) -> NDArray[np.float64]:
    if by.bins:
        bins = np.asarray(by.bins, dtype=np.float64)
        if not (np.diff(bins) > 0).all():
            msg = f"bins must ascend; {list(by.bins)} do not"
            raise InputError(msg)
        top = known.max() if len(known) else bins[-1]
        return bins if top <= bins[-1] else np.append(bins, top)
    distinct = np.unique(known)
    k = min(by.k, 9, len(distinct))
    if k < 2:
        return distinct
    scheme = by.scheme
    if scheme == "FisherJenks" and len(distinct) > _EXACT_LIMIT:
        scheme = "Quantiles"
    makers = {
        "FisherJenks": lambda: mapclassify.FisherJenks(known, k=k),
        "Quantiles": lambda: mapclassify.Quantiles(known, k=k),
        "EqualInterval": lambda: mapclassify.EqualInterval(known, k=k),
        "HeadTailBreaks": lambda: mapclassify.HeadTailBreaks(known),
        "StdMean": lambda: mapclassify.StdMean(known),
    }
    if scheme not in makers:
        msg = f"unknown scheme {scheme!r}; one of {', '.join(makers)}"
        raise InputError(msg)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it recommends a compiler that we do not need
        bins = np.unique(np.asarray(makers[scheme]().bins, dtype=np.float64))
    bins = bins[bins >= distinct[0]][-9:]
    return np.asarray(np.unique(np.append(bins[:-1], distinct[-1])))


def sized(
    frame: gpd.GeoDataFrame, by: Size, *, radii: tuple[float, float] = _RADII
) -> tuple[NDArray[np.uint32], dict[str, Any]]:
    """Give each row a radius.

    Parameters
    ----------
    frame
        Rows of the layer.
    by
        Which column.
    radii
        Smallest and largest, in pixels.

    Returns
    -------
    quarters : ndarray of uint32
        Radii in quarters of a pixel.
    legend : dict
        Three values with their radii.

    Raises
    ------
    UnknownIdError
        When there is no such column.
    InputError
        When it holds no numbers.

    Examples
    --------
    >>> frame = gpd.GeoDataFrame({"staff": [0, 25, 100]}, geometry=[None] * 3)
    >>> sized(frame, Size("staff"), radii=(2, 10))[0].tolist()
    [8, 24, 40]
    """
    values = np.nan_to_num(_numbers(column_of(frame, by.column), by.column), nan=0.0).clip(min=0)
    top = float(values.max()) if len(values) else 0.0
    low, high = radii
    shares = np.sqrt(values / top) if top else np.zeros(len(values))
    quarters = np.rint((low + shares * (high - low)) * 4).astype(np.uint32)
    steps = sorted({_round(top * share) for share in (0.1, 0.4, 1.0)}) if top else []
    items = [
        {"value": one, "radius": round(low + float(np.sqrt(min(one / top, 1.0))) * (high - low), 2)}
        for one in steps
    ]
    known = named(by.column)
    return quarters, {
        "title": said(by.title if by.title is not None else known.label),
        "unit": said(by.unit or known.unit),
        "items": items,
    }


def _round(value: float) -> float:
    """Round down to one significant digit."""
    if value <= 0:
        return 0.0
    magnitude = 10.0 ** np.floor(np.log10(value))
    return float(np.floor(value / magnitude) * magnitude)
