"""The codebook: what the codes in the project's own columns stand for, in three languages."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

import pandas as pd

from geo.layers import Text3, is_layer, load, vocabulary
from geo.region import Region, current_region
from geo.render.layer import Text
from geo.render.words import VALUES

__all__ = ["names_in", "own_words", "since", "spoken", "texts_in"]


def own_words(column: str, values: "pd.Series[Any]") -> Mapping[str, Text]:
    """Find what stands for the values of a column that the project's layers and commands write.

    Parameters
    ----------
    column
        Its name.
    values
        Its cells.

    Returns
    -------
    mapping
        Value to words, for those values that have any; empty for a column of others.

    Examples
    --------
    >>> own_words("industry", pd.Series(["C Manufacturing"]))["C Manufacturing"].ja
    '製造業'
    >>> own_words("line_ids", pd.Series(["jinghu-hsr"]))["jinghu-hsr"].zh
    '京沪高速铁路（京津冀段）'
    """
    if column == "founded_or_listed":
        return {one: since(one) for one in sorted(texts_in(values)) if _DATED.fullmatch(one)}
    if column in VALUES:
        return spoken(VALUES[column], values)
    return spoken(_listed(column, current_region()), values) if column in _LISTS else {}


def spoken(words: Mapping[str, Text], values: "pd.Series[Any]") -> Mapping[str, Text]:
    """Keep the words of the codes that a column holds, and join those of a cell with several.

    Parameters
    ----------
    words
        Code to words.
    values
        Cells: codes, or codes with a space between; of numbers all words are kept.

    Returns
    -------
    mapping
        Cell to words, sorted by cell; a list with a code that has no words is left out.

    Examples
    --------
    >>> sides = {"left": Text3("左", "Left", "左"), "right": Text3("右", "Right", "右")}
    >>> spoken(sides, pd.Series(["left right", "right", "right up", None]))["left right"].en
    'Left, Right'
    >>> spoken(sides, pd.Series([], dtype=object))
    {}
    """
    if not words or pd.api.types.is_numeric_dtype(values):
        return words
    found: dict[str, Text] = {}
    for cell in sorted(texts_in(values)):
        if cell in words:
            found[cell] = words[cell]
        elif " " in cell and all(code in words for code in cell.split(" ")):
            found[cell] = _joined([words[code] for code in cell.split(" ")])
    return found


def _joined(texts: list[Text]) -> Text3:
    said = [one if isinstance(one, Text3) else Text3(one, one, one) for one in texts]
    return Text3(
        "、".join(one.zh for one in said),
        ", ".join(one.en for one in said),
        "、".join(one.ja for one in said),
    )


def texts_in(values: Iterable[Any]) -> set[str]:
    """Return the texts among cells, each once.

    Parameters
    ----------
    values
        Any cells.

    Returns
    -------
    set of str
        Without what is no text.

    Examples
    --------
    >>> texts_in(["a", None, 7, "a"])
    {'a'}
    """
    return {one for one in values if isinstance(one, str)}


def names_in(layer: str, region: Region | None = None) -> Mapping[str, Text3]:
    """Return the names of the features of a region's layer by id.

    Parameters
    ----------
    layer
        Its id.
    region
        The current one by default.

    Returns
    -------
    mapping
        Do not change it.

    Examples
    --------
    >>> names_in("prefectures")["130200"].en
    'Tangshan'
    """
    return _names_in(layer, region or current_region())


@lru_cache(maxsize=32)
def _names_in(layer: str, region: Region) -> Mapping[str, Text3]:
    if not is_layer(layer, region):
        return {}
    frame = load(layer, region).frame
    if not {"name_zh", "name_en", "name_ja"} <= set(frame.columns):
        return {}
    names = zip(frame["name_zh"], frame["name_en"], frame["name_ja"], strict=True)
    return {str(key): Text3(*one) for key, one in zip(frame.index, names, strict=True)}


def _sections(region: Region) -> dict[str, Text3]:
    listed = vocabulary("industry", region)
    return {f"{letter} {name.en}": name for letter, name in listed.items()}


_LISTS: Final[dict[str, Callable[[Region], Mapping[str, Text3]]]] = {
    "industry": _sections,  # as firms.csv writes them
    "industry_detail": lambda region: vocabulary("business", region),
    "source": lambda region: vocabulary("source", region),
    "circle": lambda region: vocabulary("circle", region),
    "line_ids": lambda region: names_in("rail_lines", region),
    "axis_ids": lambda region: names_in("axes", region),
}


@lru_cache(maxsize=32)
def _listed(column: str, region: Region) -> Mapping[str, Text3]:
    return _LISTS[column](region)


_DATED: Final = re.compile(r"(\w+) (\d{4})")
_SINCE: Final = {
    "listed": Text3("{} 年上市", "listed {}", "{}年上場"),
    "founded": Text3("{} 年成立", "founded {}", "{}年設立"),
    "established": Text3("{} 年成立", "founded {}", "{}年設立"),
}


def since(text: str) -> Text3:
    """Say in three languages since when a firm exists or is listed.

    Parameters
    ----------
    text
        A word of ``firms.csv`` and a year.

    Returns
    -------
    Text3
        The text itself in each language where it has another form.

    Examples
    --------
    >>> since("listed 2000").zh, since("about 1990").ja
    ('2000 年上市', 'about 1990')
    """
    found = _DATED.fullmatch(text)
    if found is None or found[1] not in _SINCE:
        return Text3(text, text, text)
    said = _SINCE[found[1]]
    return Text3(*(one.format(found[2]) for one in (said.zh, said.en, said.ja)))
