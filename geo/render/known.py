"""Words that are known for what a column holds: the project's own codes, places, yes and no."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

import pandas as pd

from geo.layers import Text3, load, vocabulary
from geo.render.layer import Text
from geo.render.words import COLUMNS, VALUES

__all__ = ["known_label", "known_words", "spoken"]

_YES_NO: Final = {"true": Text3("是", "Yes", "はい"), "false": Text3("否", "No", "いいえ")}
_MOST: Final = 250


def known_words(column: str, values: "pd.Series[Any]") -> Mapping[str, Text]:
    """Find what stands for the values of a column in three languages.

    Parameters
    ----------
    column
        Its name; the project's own columns have words of their own. Codes in others are left as
        they are: whoever wrote them may have meant something else.
    values
        Its cells.

    Returns
    -------
    mapping
        Value to words, for those values that have any; empty where fewer than half have.

    Examples
    --------
    >>> known_words("所在市", pd.Series(["唐山市", "北京"]))["唐山市"].en
    'Tangshan'
    >>> known_words("amenity", pd.Series(["hospital", "airport"]))  # in our lists a leading one
    {}
    """
    if column in VALUES or column in _BUSINESS:
        return spoken(VALUES.get(column) or _business(column), values)
    if pd.api.types.is_bool_dtype(values):
        return _YES_NO
    if pd.api.types.is_numeric_dtype(values) or not len(values):
        return {}
    texts = values if values.dtype == object else values.dropna().unique()  # objects may be lists
    distinct = _texts(texts)
    if len(distinct) > _MOST:
        return {}
    places = _places()
    found = {one: places[one] for one in sorted(distinct) if one in places}
    return found if len(found) >= len(distinct) / 2 else {}


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
    for cell in sorted(_texts(values)):
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


def _texts(values: Iterable[Any]) -> set[str]:
    return {one for one in values if isinstance(one, str)}


def known_label(column: str) -> Text3 | None:
    """Find a header in three languages where it is one of the project's words in any of them.

    Parameters
    ----------
    column
        Header.

    Returns
    -------
    Text3 or None
        Without a unit: whoever wrote 面积 may have meant another.

    Examples
    --------
    >>> known_label("行业").en, known_label(" Industry").zh, known_label("产值")
    ('Industry', '行业', None)
    """
    return _labels().get(column.strip().lower())


_BUSINESS: Final = ("industry", "industry_detail")


@lru_cache(maxsize=2)
def _business(column: str) -> dict[str, Text3]:
    """Return the sections of industry as firms.csv writes them, or what its firms do."""
    if column == "industry_detail":
        return vocabulary("business")
    return {f"{letter} {name.en}": name for letter, name in vocabulary("industry").items()}


@lru_cache(maxsize=1)
def _labels() -> dict[str, Text3]:
    found: dict[str, Text3] = {}
    for label, _ in COLUMNS.values():
        for word in (label.zh, label.en, label.ja):
            found.setdefault(word.lower(), label)
    return found


@lru_cache(maxsize=1)
def _places() -> dict[str, Text3]:
    """Return the names of the region's units, and of its cities and provinces cut short."""
    found: dict[str, Text3] = {}
    for layer in ("provinces", "prefectures", "counties"):
        units = load(layer).frame
        names = zip(units["name_zh"], units["name_en"], units["name_ja"], strict=True)
        for zh, en, ja in names:
            found.setdefault(zh, Text3(zh, en, ja))
            if layer != "counties":
                short = zh.removesuffix("市").removesuffix("省")
                cut = ja.removesuffix("市").removesuffix("省")
                found.setdefault(short, Text3(short, en, cut))
    return found
