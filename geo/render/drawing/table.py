"""Attribute tables of map layers: encoding of columns, popup rows."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.formats import json_value
from geo.render.column_roles import is_called_kind, is_number_of_row
from geo.render.encode import Part, block, deltas, json_cells, texts
from geo.render.layer import Field, Language, by_language, column_of, truncate
from geo.render.words import COLUMNS, known_label, known_words, words_of_values

__all__ = ["data_block", "fields_of", "name_columns", "named"]

_EXACT: Final = 2**53 - 1  # the largest whole number that a page tells from its neighbours
_CLOSE: Final = 1e-9  # of a number: what a decimal fraction is off by in binary, and no more
_TRANSLATED: Final = {  # name:en as OpenStreetMap has it
    "zh": ("name_zh", "name:zh", "中文名称", "中文名"),
    "en": ("name_en", "name:en", "英文名称", "英文名"),
    "ja": ("name_ja", "name:ja", "日文名称", "日文名"),
}
_NAMES: Final = (
    "name",
    "名称",
    "名字",
    "企业名称",
    "单位名称",
    "公司名称",
    "设施名称",
    "title",
    "label",
)
_HIDDEN: Final = ("lon", "lat")
_DATED: Final = re.compile(r"(?:^|[_ ])(?:date|year|month|yyyymm(?:dd)?)$|日期|年月|月份|年份|日付")


def name_columns(frame: gpd.GeoDataFrame) -> dict[str, str]:
    """Find which columns hold a feature's name, by language.

    Parameters
    ----------
    frame
        With ``name_zh``, ``name_en``, ``name_ja``, or ``name`` and ``name:en``, or a like header.

    Returns
    -------
    dict
        ``zh``, ``en``, ``ja`` to column; ``any`` for a column of no stated language.

    Examples
    --------
    >>> name_columns(gpd.GeoDataFrame({"Name": ["a"]}, geometry=[None]))
    {'any': 'Name'}
    """
    lower: dict[str, str] = {}
    for one in sorted(map(str, frame.columns), key=lambda one: one != one.lower()):
        lower.setdefault(one.strip().lower(), one)  # of name and NAME the first is meant
    found = {
        code: next(lower[one] for one in spellings if one in lower)
        for code, spellings in _TRANSLATED.items()
        if any(one in lower for one in spellings)
    }
    if len(found) == len(_TRANSLATED):
        return found
    for wanted in _NAMES:
        if wanted in lower:
            return found | {"any": lower[wanted]}
    if found:
        return found
    for column in frame.columns:
        if column == frame.geometry.name or is_called_kind(str(column)):
            continue
        if pd.api.types.is_string_dtype(frame[column]):
            return {"any": str(column)}
    return {}


def fields_of(
    frame: gpd.GeoDataFrame, *, limit: int = 16, first: Sequence[str] = ()
) -> list[Field]:
    """Choose popup rows by default: all columns but names and coordinates.

    Parameters
    ----------
    frame
        Features or rows, with any columns.
    limit
        Largest number of popup rows.
    first
        Columns that stand before the others.

    Returns
    -------
    list of Field
        Labelled in three languages where the header is one of the project's own. Of a text in
        three columns, such as ``note``, ``note_zh`` and ``note_ja``, each reader sees one.
    """
    skip = {*name_columns(frame).values(), *_HIDDEN, frame.geometry.name}
    names = [
        *dict.fromkeys(first),
        *(str(one) for one in frame.columns if one not in (*skip, *first)),
    ]
    shown = [name for name in names[:limit] if name in frame.columns]
    spoken_in = _languages_of(shown)
    return [replace(named(name), lang=spoken_in.get(name)) for name in shown]


def _languages_of(columns: Sequence[str]) -> dict[str, Language]:
    """Find the columns that hold one text in Chinese, English and Japanese."""
    found: dict[str, Language] = {}
    for name in columns:
        stem = name.removesuffix("_zh")
        english = next((one for one in (f"{stem}_en", stem) if one in columns), None)
        if stem != name and english is not None and f"{stem}_ja" in columns:
            found |= {name: "zh", english: "en", f"{stem}_ja": "ja"}
    return found


def named(column: str) -> Field:
    """Describe a column by the project's own words, or by its header.

    Parameters
    ----------
    column
        Header of the column, as in the file.

    Returns
    -------
    Field
        Label and unit.

    Examples
    --------
    >>> named("area_km2").unit, named("产值").label, named("行业").label.en
    ('km²', '产值', 'Industry')
    """
    label, unit = COLUMNS.get(column, (known_label(column) or column, ""))
    counted = not is_number_of_row(column) and _DATED.search(column.lower()) is None
    return Field(column, label, unit, grouped=counted)


def data_block(
    frame: gpd.GeoDataFrame, fields: Sequence[Field], *, classes: NDArray[np.uint32] | None = None
) -> dict[str, Any]:
    """Encode the names, keys and cells of a layer.

    Parameters
    ----------
    frame
        Features in the order of the encoded geometries.
    fields
        Rows of the popup table, in order.
    classes
        Colour class of each row, which the page has: a column that says no more than the class is
        kept as one cell of each class.

    Returns
    -------
    dict
        ``data`` (block), ``columns`` (how each is kept); ``names``, ``key_column`` and ``fields``
        by column position.
    """
    parts: list[Part] = []
    columns: list[dict[str, Any]] = []

    def add(values: "pd.Series[Any]") -> int:
        made, how = _column(values, f"c{len(columns)}")
        if how.get("coded") and (decided := _codes_by_class(classes, made[-1][2])):
            made, how = made[:-1], how | {"by_class": decided}
        parts.extend(made)
        columns.append(how)
        return len(columns) - 1

    names = {code: add(_words(frame[name])) for code, name in name_columns(frame).items()}
    key = None
    if not isinstance(frame.index, pd.RangeIndex) and frame.index.name is not None:
        key = add(pd.Series(frame.index.astype(str), index=frame.index))
    shown = [_field(_worded(one, frame), add(column_of(frame, one.column))) for one in fields]
    return {
        "data": block(parts),
        "columns": columns,
        "names": names,
        "name_headers": name_columns(frame),
        "key_column": key,
        "fields": shown,
    }


def _worded(one: Field, frame: gpd.GeoDataFrame) -> Field:
    """Give a field the words that are known for its cells, when nobody named others."""
    cells = column_of(frame, one.column)
    if pd.api.types.is_bool_dtype(cells):  # the page has words for yes and no
        return one
    words = words_of_values(one.words, cells) if one.words else known_words(one.column, cells)
    return replace(one, words=words)


def _field(one: Field, at: int) -> dict[str, Any]:
    return {
        "column": at,
        "header": one.column,
        "label": by_language(one.label),
        "unit": by_language(one.unit),
        "decimals": one.decimals,
        "words": {key: by_language(text) for key, text in one.words.items()},
        **({} if one.grouped else {"grouped": False}),
        **({} if one.lang is None else {"lang": one.lang}),
    }


def _words(values: "pd.Series[Any]") -> "pd.Series[Any]":
    return values.map(lambda value: None if json_value(value) is None else str(value))


def _column(values: "pd.Series[Any]", name: str) -> tuple[list[Part], dict[str, Any]]:
    if pd.api.types.infer_dtype(values, skipna=True) == "boolean":
        return _text_column(values.map({True: "true", False: "false"}), name, kind="flag")
    if not pd.api.types.is_numeric_dtype(values) or pd.api.types.is_complex_dtype(values):
        return _text_column(values, name, kind="text")
    if pd.api.types.is_integer_dtype(values) and not values.between(-_EXACT, _EXACT).dropna().all():
        return _text_column(values, name, kind="text")  # an identifier, whose last digits count
    return _number_column(values, name)


def _number_column(values: "pd.Series[Any]", name: str) -> tuple[list[Part], dict[str, Any]]:
    numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
    finite = np.isfinite(numbers)
    known = numbers[finite]
    for scale in range(7):
        scaled = known * 10**scale
        if not len(known) or np.abs(scaled).max() >= 2**30:
            break
        off = np.abs(scaled - np.rint(scaled))
        if (off < 1e-6).all() and (off <= _CLOSE * np.abs(scaled)).all():
            filled = np.zeros(len(numbers), dtype=np.int64)
            filled[finite] = np.rint(scaled)
            part, how = _whole_numbers(name, filled)
            parts: list[Part] = [part]
            missing = np.flatnonzero(~finite)
            if len(missing):
                parts.append((f"{name}-", "d32", missing))
            return parts, how | {"scale": scale, "missing": bool(len(missing))}
    numbers = np.where(finite, numbers, np.nan)
    return [(name, "f64", numbers)], {"kind": "number"}


def _whole_numbers(name: str, values: NDArray[np.int64]) -> tuple[Part, dict[str, Any]]:
    """Keep values as differences where neighbours are alike, else above the least of them."""
    least = int(values.min()) if len(values) else 0
    above = (values - least).astype(np.uint32)
    if _bits(above) < _bits(deltas(values)):
        return (name, "u32", above), {"kind": "number", "base": least}
    return (name, "d32", values), {"kind": "number"}


def _bits(values: NDArray[np.uint32]) -> float:
    """Return the entropy of the bytes of values, each of the four by itself."""
    total = 0.0
    for at in range(4):
        counts = np.bincount((values >> (8 * at)) & 255)
        share = counts[counts > 0] / max(len(values), 1)
        total -= float((share * np.log2(share)).sum())
    return total


def _text_column(
    values: "pd.Series[Any]", name: str, *, kind: str
) -> tuple[list[Part], dict[str, Any]]:
    cells = [_short(one) for one in json_cells(values.tolist())]
    seen: dict[str, int] = {}
    codes = [0 if one is None else seen.setdefault(one, len(seen) + 1) for one in cells]
    if len(seen) <= len(cells) / 2:
        words = texts(name, list(seen))
        return [*words, (f"{name}#", "u32", np.array(codes, dtype=np.uint32))], {
            "kind": kind,
            "coded": True,
        }
    return texts(name, cells), {"kind": kind}


def _codes_by_class(classes: NDArray[np.uint32] | None, codes: Any) -> list[int]:
    """Return the one code of each class, or nothing where rows of a class differ."""
    if classes is None or not len(classes):
        return []
    one = np.zeros(int(classes.max()) + 1, dtype=np.uint32)
    one[classes] = codes
    codes_by_class: list[int] = one.tolist()
    return codes_by_class if np.array_equal(one[classes], codes) else []


def _short(value: Any) -> str | None:
    if value is None:
        return None
    return truncate(value if isinstance(value, str) else str(value))
