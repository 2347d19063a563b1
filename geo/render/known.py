"""Words that are known for what a column holds: the project's own codes, places, yes and no."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

import pandas as pd

from geo.region import Region, current_region
from geo.render.codebook import names_in, own_words, texts_in
from geo.render.layer import Text
from geo.render.words import COLUMNS
from geo.texts import Text3

__all__ = ["known_label", "known_words"]

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
    if own := own_words(column, values):
        return own
    if pd.api.types.is_bool_dtype(values):
        return _YES_NO
    if pd.api.types.is_numeric_dtype(values) or not len(values):
        return {}
    texts = values if values.dtype == object else values.dropna().unique()  # objects may be lists
    distinct = texts_in(texts)
    if len(distinct) > _MOST:
        return {}
    places = _places(current_region())
    found = {one: places[one] for one in sorted(distinct) if one in places}
    return found if len(found) >= len(distinct) / 2 else {}


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
    for area in current_region().special_areas:
        if column == area.flag:
            return area.label
    return _labels().get(column.strip().lower())


@lru_cache(maxsize=1)
def _labels() -> dict[str, Text3]:
    found: dict[str, Text3] = {}
    for label, _ in COLUMNS.values():
        for word in (label.zh, label.en, label.ja):
            found.setdefault(word.lower(), label)
    return found


@lru_cache(maxsize=8)
def _places(region: Region) -> dict[str, Text3]:
    """Return the names of the region's units, and of its cities and provinces cut short."""
    found: dict[str, Text3] = {}
    special = [area.layer_id for area in region.special_areas]
    above = [level.layer_id for level in reversed(region.levels[1:])]
    for layer in (*above, *special, region.smallest.layer_id):
        for name in names_in(layer, region).values():
            found.setdefault(name.zh, name)
            if layer in above:
                short = name.zh.removesuffix("市").removesuffix("省")
                cut = name.ja.removesuffix("市").removesuffix("省")
                found.setdefault(short, Text3(short, name.en, cut))
    return found
