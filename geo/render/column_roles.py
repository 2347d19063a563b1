"""Detection of the columns with time, category and measured value in a file without description."""

import re
from collections.abc import Sequence
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.formats import json_value
from geo.render.drawing.steps import Time, moments

__all__ = [
    "is_called_kind",
    "is_called_total",
    "is_code_of_kind",
    "is_number_of_row",
    "kind_column",
    "kind_of",
    "measured_column",
    "time_of",
]

_KINDS: Final = (
    "category", "industry", "kind", "type", "class", "fclass", "amenity", "landuse", "highway",
    "severity", "role", "status", "类别", "类型", "行业", "产业", "分类", "性质", "等级", "种类",
    "用地类型", "所属行业", "業種", "種別", "分類", "路線",
)  # fmt: skip
_TIMES: Final = (
    "year", "年份", "年度", "年", "date", "日期", "日付", "opened", "founded_or_listed",
    "status_year", "time", "datetime", "timestamp", "month", "月份", "成立日期", "成立时间",
)  # fmt: skip
_LASTING: Final = (
    "opened", "founded", "founded_or_listed", "status_year", "成立日期", "成立时间", "成立年份",
)  # fmt: skip
_TIMELY: Final = re.compile(r"year|date|time|founded|opened|built|年|日期|时间|時間", re.IGNORECASE)
_YEARLY: Final = re.compile(r"year|founded|opened|built|established|年份?$", re.IGNORECASE)
_YEARS: Final = (1800, 2100)
_NUMBERING: Final = re.compile(
    r"(?:^|[_ .@])(?:id|fid|objectid|code|adcode|geoid|no|index|gid|zip|zipcode|postcode|phone|tel"
    r"|mobile|fax)_?\d*$|编号|编码|代码|序号|电话|手机|邮编|番号|コード"
)
_SHAPE: Final = re.compile(r"shape_|perimeter|area|^aland|^awater|length|面积|面積|周长|长度")
_PLACES: Final = (
    "lon", "lat", "lng", "longitude", "latitude", "x", "y", "经度", "纬度", "経度", "緯度",
)  # fmt: skip
_NOTES: Final = re.compile(
    r"source|note|remark|descr|comment|url|link|web|来源|备注|说明|网址|備考|出典"
)
_TOTAL: Final = re.compile(
    r"(?:^|[_ .])(?:n|num|number|count|total|sum|pop|population|households?|jobs|employees|gdp)"
    r"(?:[_ .\d]|$)|人口|人数|户数|戸数|数量|总量|总数|総数|总额|総額|合计|合計|[业社店家件]数"
)
_RELATIVE: Final = re.compile(
    r"rate|ratio|share|density|(?:^|[_ .])(?:per|pct|percent|pc|km2)(?:[_ .]|$)|%|率|比|密度|均|占"
)
_MOST_KINDS: Final = 20
_LONGEST_KIND: Final = 80  # signs: what is longer is a sentence
_BLANKS: Final = " \t\r\n\u00a0\u3000"  # what a typist leaves around a word and does not see
_ISO_DAY: Final = re.compile(r"[12]\d{3}-\d{2}-\d{2}(?:$|[T ]\d{2}:)")
_PEEKED: Final = 1_000
_DATED: Final = 0.6  # of the cells with anything in them


def is_number_of_row(column: str) -> bool:
    """Return whether a header names a code, a row number or a telephone number.

    Parameters
    ----------
    column
        Header of the column, as in the file.

    Returns
    -------
    bool
        Such numbers measure nothing and are written without separators.

    Examples
    --------
    >>> is_number_of_row("OBJECTID_1"), is_number_of_row("电话"), is_number_of_row("population")
    (True, True, False)
    """
    return _NUMBERING.search(column.strip().lower()) is not None


def is_called_kind(column: str) -> bool:
    """Return whether a header names categories.

    Parameters
    ----------
    column
        Header of the column, as in the file.

    Returns
    -------
    bool
        True for ``landuse``, ``类型`` and the like.

    Examples
    --------
    >>> is_called_kind("Landuse"), is_called_kind("city")
    (True, False)
    """
    return column.strip().lower() in _KINDS


def is_code_of_kind(column: str, values: "pd.Series[Any]") -> bool:
    """Return whether numbers are category codes, such as land use: whole, few, and named so.

    Parameters
    ----------
    column
        Header of the column, as in the file.
    values
        Cells of the column, of any type.

    Returns
    -------
    bool
        True where the numbers name and do not measure.

    Examples
    --------
    >>> is_code_of_kind("landuse", pd.Series([11, 12, 31])), is_code_of_kind("gdp", pd.Series([1]))
    (True, False)
    """
    if not is_called_kind(column) or not _is_number(values):
        return False
    known = values.dropna()
    whole = len(known) > 0 and bool((np.mod(known.to_numpy(dtype=np.float64), 1) == 0).all())
    return whole and known.nunique() <= _MOST_KINDS


def _is_number(values: "pd.Series[Any]") -> bool:
    return pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)


def kind_of(cell: Any) -> str | None:
    """Return the category that a cell names, normalised across file formats.

    Parameters
    ----------
    cell
        Content of a cell, of any type; may be missing.

    Returns
    -------
    str or None
        Without white space around it, a whole number without a point; None where there is nothing.

    Examples
    --------
    >>> kind_of(" steel "), kind_of(3.0), kind_of("3"), kind_of(True), kind_of(" ")
    ('steel', '3', '3', 'true', None)
    """
    plain = json_value(cell)
    if plain is None:
        return None
    if isinstance(plain, bool):
        return str(plain).lower()
    if isinstance(plain, float) and plain.is_integer():
        plain = int(plain)
    return str(plain).strip(_BLANKS) or None


def is_called_total(column: str) -> bool:
    """Return whether a header names totals (counts, sums) rather than rates or densities.

    Parameters
    ----------
    column
        Header of the column, as in the file.

    Returns
    -------
    bool
        True for counts and sums, False for shares, rates, densities and what says neither.

    Examples
    --------
    >>> [is_called_total(one) for one in ("pop_2020", "n_sites", "常住人口", "企业数", "GDP")]
    [True, True, True, True, True]
    >>> [is_called_total(one) for one in ("pop_per_km2", "人口密度", "人均GDP", "value", "name")]
    [False, False, False, False, False]
    """
    text = column.strip().lower()
    return _TOTAL.search(text) is not None and _RELATIVE.search(text) is None


def time_of(frame: gpd.GeoDataFrame, wanted: str | None) -> Time | None:
    """Choose the column of years or dates, and whether features stay visible afterwards.

    Parameters
    ----------
    frame
        Features of the layer, in the order that is drawn.
    wanted
        A column that was asked for; by default one called year, date or the like, else one of
        dates.

    Returns
    -------
    Time or None
        None where no row of the column has a year, or no column was found.

    Examples
    --------
    >>> time_of(gpd.GeoDataFrame({"year": [2020.0, 2021.0]}, geometry=[None] * 2), None).column
    'year'
    >>> time_of(gpd.GeoDataFrame({"travel time": [20, 35]}, geometry=[None] * 2), None) is None
    True
    """
    columns = [wanted] if wanted is not None else _maybe_times(frame)
    for column in columns:
        steps = moments(frame[column])
        known = int(steps.notna().sum())
        asked = wanted is not None
        if known and (asked or (known >= _DATED * _filled(frame[column]) and steps.nunique() > 1)):
            return Time(column, mode="until" if column in _LASTING else "at")
    return None


def _maybe_times(frame: gpd.GeoDataFrame) -> list[str]:
    """Return columns that may be times, the likeliest first; numbers only where called so."""
    lower = {str(one).strip().lower(): str(one) for one in frame.columns}
    named = [lower[one] for one in _TIMES if one in lower]
    others = [
        str(one)
        for one in frame.columns
        if one != frame.geometry.name and _may_be_time(str(one), frame[one])
    ]
    return [*named, *(one for one in others if one not in named)]


def _may_be_time(column: str, values: "pd.Series[Any]") -> bool:
    if pd.api.types.is_datetime64_any_dtype(values):
        return True
    if pd.api.types.is_numeric_dtype(values):
        return bool(_YEARLY.search(column) and values.dropna().between(*_YEARS).all())
    return _TIMELY.search(column) is not None or _holds_dates(values)


def _holds_dates(values: "pd.Series[Any]") -> bool:
    """Tell whether all cells with anything in them are days as ISO 8601 writes them."""
    texts = values.dropna().head(_PEEKED).astype(str).str.strip()
    texts = texts[texts != ""]
    return len(texts) > 0 and bool(texts.str.match(_ISO_DAY).all())


def _filled(values: "pd.Series[Any]") -> int:
    return int((values.notna() & (values.astype(str).str.strip() != "")).sum())


def measured_column(frame: gpd.GeoDataFrame, apart: Sequence[str] = ()) -> str | None:
    """Choose the first column of numbers that measure something.

    Parameters
    ----------
    frame
        Features of the layer, in the order that is drawn.
    apart
        Columns that are something else.

    Returns
    -------
    str or None
        No code, no number of a row; an area or a length only where nothing else is measured.

    Examples
    --------
    >>> frame = gpd.GeoDataFrame({"Shape_Area": [3.5, 1, 2], "gdp": [9, 4, 5]}, geometry=[None] * 3)
    >>> measured_column(frame)
    'gdp'
    """
    found = [str(one) for one in frame.columns if one not in apart and _measures(frame, one)]
    found.sort(key=lambda one: _SHAPE.search(one.lower()) is not None)
    return found[0] if found else None


def _measures(frame: gpd.GeoDataFrame, column: Any) -> bool:
    name = str(column).strip().lower()
    if column == frame.geometry.name or name in (*_PLACES, *_TIMES) or is_number_of_row(name):
        return False
    if not _is_number(frame[column]) or is_code_of_kind(str(column), frame[column]):
        return False
    values = frame[column].to_numpy(dtype=float, na_value=np.nan)
    values = values[np.isfinite(values)]
    counted = len(values) > 1 and bool((np.diff(values) == 1).all())
    return len(np.unique(values)) >= 3 and not counted


def kind_column(frame: gpd.GeoDataFrame, apart: Sequence[str] = ()) -> str | None:
    """Choose a column of 2 to 20 categories: one named so, else the first of short texts.

    Whole numbers are codes of kinds where the header says so.

    Parameters
    ----------
    frame
        Features of the layer, in the order that is drawn.
    apart
        Columns that are something else.

    Returns
    -------
    str or None
        None where every text is a name, a sentence or an address.

    Examples
    --------
    >>> texts = {"note": list("aaabb"), "用途": list("cccdd")}
    >>> frame = gpd.GeoDataFrame(texts, geometry=[None] * 5)
    >>> kind_column(frame), kind_column(frame, ["用途"])
    ('用途', None)
    """
    columns = [
        str(one)
        for one in frame.columns
        if one != frame.geometry.name
        and one not in apart
        and str(one).lower() not in _PLACES
        and not is_number_of_row(str(one))
    ]
    texts = [one for one in columns if pd.api.types.is_string_dtype(frame[one])]
    codes = [one for one in columns if is_code_of_kind(one, frame[one])]
    called_so = [one for one in columns if is_called_kind(one) and one in (*texts, *codes)]
    for column in [*called_so, *(one for one in texts if not _NOTES.search(one.lower()))]:
        kinds = {kind_of(one) for one in frame[column].dropna().unique()} - {None}
        # every text its own kind is a name, but a code never is
        most = len(frame) + (column in codes) if is_called_kind(column) else len(frame) / 2
        few = 2 <= len(kinds) <= _MOST_KINDS and len(kinds) < most
        if few and max(len(str(one)) for one in kinds) <= _LONGEST_KIND:
            return column
    return None
