"""Colours and sizes of features by value, with their legend."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.render.colours.classes import Classes, class_bounds, numbers_of
from geo.render.colours.palette import CATEGORY_COLOURS, HOLLOW, NO_DATA, OTHER, hex_colour
from geo.render.column_roles import is_code_of_kind, kind_of
from geo.render.drawing.table import named
from geo.render.layer import Text, by_language, column_of
from geo.render.words import OTHER_WORD, known_words

__all__ = [
    "MOST_CATEGORIES",
    "Categories",
    "Classes",
    "Coloured",
    "Painted",
    "Size",
    "assign_colours",
    "assign_radii",
    "words_of",
]

_Given = TypeVar("_Given")
MOST_CATEGORIES: Final = 9
_LONGEST: Final = 80  # signs of a value in a legend
_RADII: Final = (2.5, 18.0)


@dataclass(frozen=True)
class Categories:
    """Colour by kind; cells that differ only in white space around are of one.

    Attributes
    ----------
    column
        Name of a column of the frame, with any values.
    labels
        What a reader sees for a value; where there is none the project's own words, or the value
        itself. Its order is the legend's; values not in it follow by frequency.
    colours
        Hex colour of a value. Where there is none, one of the palette that no other value has; when
        all are taken, the value is among the others.
    title
        Title of the legend; by default that of the column.
    ordered
        Whether the colours are a ramp from little to much, which the dark theme turns round.
    """

    column: str
    labels: Mapping[str, Text] = field(default_factory=dict)
    colours: Mapping[str, str] = field(default_factory=dict)
    title: Text | None = None
    ordered: bool = False


@dataclass(frozen=True)
class Painted:
    """Classes decided beforehand: a column holds the class of each row.

    Attributes
    ----------
    column
        Of whole numbers from 0; beyond the classes there is no data.
    colours
        Colour of each class, as ``#rrggbb``.
    legend
        As the page has it, with an item a class, to which colour and count are added.
    missing
        Colour of rows without data; that of all maps by default.
    """

    column: str
    colours: tuple[str, ...]
    legend: Mapping[str, Any]
    missing: str = ""


@dataclass(frozen=True)
class Size:
    """Radius or width by value; the area of a circle is in proportion to it.

    Attributes
    ----------
    column
        Of numbers, not negative; missing and negative ones get the smallest mark.
    title
        Title of the legend; by default that of the column.
    unit
        Unit of measurement as the page prints it; empty for none.
    pixels
        Whether the numbers are the radii or widths themselves, which no legend explains.
    """

    column: str
    title: Text | None = None
    unit: Text = ""
    pixels: bool = False


@dataclass(frozen=True)
class Coloured:
    """Colour classes of the rows.

    Attributes
    ----------
    codes
        Class of each row; the number of classes stands for *no data*.
    colours
        Colours of the classes as ``#rrggbb``, then of *no data*.
    legend
        Legend as the page takes it, in plain JSON values.
    """

    codes: NDArray[np.uint32]
    colours: list[str]
    legend: dict[str, Any]


def assign_colours(
    frame: gpd.GeoDataFrame, by: str | Categories | Classes | Painted | None, *, plain: str
) -> Coloured:
    """Assign a colour class to each row.

    Parameters
    ----------
    frame
        Features of the layer, in the order that is drawn.
    by
        How; the name of a column means classes for numbers of more than nine values that are no
        codes of kinds, else kinds; None gives all rows one colour.
    plain
        Colour of all rows when ``by`` is None, as ``#rrggbb``.

    Returns
    -------
    Coloured
        Codes, colours and legend.

    Raises
    ------
    UnknownIdError
        When there is no such column.
    InputError
        When classes are asked of a column that holds no numbers, bins do not ascend, or a colour
        is not written as #rrggbb.

    Examples
    --------
    >>> frame = gpd.GeoDataFrame({"kind": ["a", "b", "a", None]}, geometry=[None] * 4)
    >>> assign_colours(frame, "kind", plain="#000000").codes.tolist()
    [0, 1, 0, 2]
    """
    if by is None:
        legend = {"kind": "plain", "items": [{"colour": hex_colour(plain), "n": len(frame)}]}
        return Coloured(np.zeros(len(frame), dtype=np.uint32), [plain, NO_DATA], legend)
    if isinstance(by, str):
        by = _guessed(column_of(frame, by), by)
    if isinstance(by, Painted):
        return _as_painted(frame, by)
    if isinstance(by, Classes):
        return _by_class(frame, by)
    return _by_kind(frame, by)


def _as_painted(frame: gpd.GeoDataFrame, by: Painted) -> Coloured:
    classes = len(by.colours)
    codes = column_of(frame, by.column).to_numpy(dtype=np.uint32).clip(max=classes)
    counts = np.bincount(codes, minlength=classes + 1).tolist()
    items = [
        {**item, "colour": hex_colour(colour), "n": n}
        for item, colour, n in zip(by.legend["items"], by.colours, counts[:-1], strict=True)
    ]
    legend = {**by.legend, "items": items, "missing": counts[-1]}
    return Coloured(codes, [*by.colours, hex_colour(by.missing or NO_DATA)], legend)


def _guessed(values: "pd.Series[Any]", name: str) -> Categories | Classes:
    numeric = pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
    if numeric and values.nunique() > MOST_CATEGORIES and not is_code_of_kind(name, values):
        return Classes(name)
    return Categories(name)


def _label(key: str) -> str:
    return key if len(key) <= _LONGEST else f"{key[: _LONGEST - 1]}…"


def words_of(column: str, values: "pd.Series[Any]") -> dict[str, Text]:
    """Return the labels of the categories of a column.

    Parameters
    ----------
    column
        Name of the column in the table.
    values
        Cells of the column, of any type.

    Returns
    -------
    dict
        Kind to words, for those that are known.

    Examples
    --------
    >>> words_of("category", pd.Series([" seaport "]))["seaport"].en
    'Seaport'
    """
    if pd.api.types.is_string_dtype(values):
        values = values.map(kind_of)
    return dict(known_words(column, values))


def _of_kinds(given: Mapping[str, _Given], values: "pd.Series[Any]") -> dict[str, _Given]:
    """Let what was given for 3.0 be given for 3, where the cells are numbers."""
    if not pd.api.types.is_numeric_dtype(values):
        return dict(given)
    read = pd.to_numeric(pd.Series(list(given), dtype="object"), errors="coerce")
    keys = (kind_of(number) or key for number, key in zip(read, given, strict=True))
    return dict(zip(keys, given.values(), strict=True))


def _painted(order: Sequence[str], colours: Mapping[str, str]) -> dict[str, str]:
    """Give kinds their colours, no two the same unless so given; the rest have none."""
    free = [one for one in CATEGORY_COLOURS if one not in colours.values()]
    others = [one for one in order if one not in colours]
    made = dict(zip(others, free, strict=False)) | dict(colours)
    return {one: hex_colour(made[one]) for one in order if one in made}


def _by_kind(frame: gpd.GeoDataFrame, by: Categories) -> Coloured:
    values = column_of(frame, by.column)
    keys = values.map(kind_of)
    labels, colours = _of_kinds(by.labels, values), _of_kinds(by.colours, values)
    words = words_of(by.column, values) | labels
    counts = keys.value_counts()
    ranked = sorted(counts.index, key=lambda one: (-counts[one], one))
    order = [one for one in labels if one in counts.index]
    order += [one for one in ranked if one not in labels]
    painted = _painted(order, colours)
    shown = list(painted)[:MOST_CATEGORIES]
    codes = {one: at for at, one in enumerate(shown)}
    items: list[dict[str, Any]] = [
        {
            "colour": painted[one],
            "label": by_language(words.get(one, _label(one))),
            "n": int(counts[one]),
        }
        for one in shown
    ]
    rest = [one for one in order if one not in codes]
    if rest:
        codes |= dict.fromkeys(rest, len(shown))
        n = int(sum(counts[one] for one in rest))
        items.append({"colour": OTHER, "label": by_language(OTHER_WORD), "n": n})
    missing = len(items)
    found = np.array([codes.get(one, missing) for one in keys], dtype=np.uint32)
    legend = {
        "kind": "categories",
        "ordered": by.ordered,
        "title": by_language(by.title if by.title is not None else named(by.column).label),
        "items": items,
        "missing": int(keys.isna().sum()),
    }
    return Coloured(found, [*(str(one["colour"]) for one in items), NO_DATA], legend)


def _by_class(frame: gpd.GeoDataFrame, by: Classes) -> Coloured:
    values = numbers_of(column_of(frame, by.column), by.column)
    none = (values == 0) & (by.zero is not None)
    bins, legend = class_bounds(values[~np.isnan(values) & ~none], by)
    codes = np.searchsorted(bins, values, side="left").astype(np.uint32)
    codes[np.isnan(values)] = len(bins)
    if by.zero is not None:
        codes = np.where(none, 0, codes + 1).astype(np.uint32)
        hollow = {"colour": HOLLOW, "label": by_language(by.zero), "n": int(none.sum())}
        legend["items"] = [hollow, *legend["items"]]
    colours = [str(item["colour"]) for item in legend["items"]]
    missing = {"missing": int(np.isnan(values).sum())}
    return Coloured(codes, [*colours, NO_DATA], legend | missing)


def assign_radii(
    frame: gpd.GeoDataFrame, by: Size, *, radii: tuple[float, float] = _RADII
) -> tuple[NDArray[np.uint32], dict[str, Any]]:
    """Assign a radius to each row.

    Parameters
    ----------
    frame
        Features of the layer, in the order that is drawn.
    by
        Column that sets the radius, with its title and unit.
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
    >>> assign_radii(frame, Size("staff"), radii=(2, 10))[0].tolist()
    [8, 24, 40]
    """
    values = np.nan_to_num(numbers_of(column_of(frame, by.column), by.column), nan=0.0).clip(min=0)
    if by.pixels:
        return np.rint(values * 4).astype(np.uint32), {"title": "", "unit": "", "items": []}
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
        "title": by_language(by.title if by.title is not None else known.label),
        "unit": by_language(by.unit or known.unit),
        "items": items,
    }


def _round(value: float) -> float:
    """Round down to one significant digit."""
    if value <= 0:
        return 0.0
    magnitude = 10.0 ** np.floor(np.log10(value))
    return float(np.floor(value / magnitude) * magnitude)
