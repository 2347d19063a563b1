"""Parsing of cells that should be degrees or metres, and the notation they are written in.

A plain decimal passes as it is. Full-width digits, degree signs, degrees-minutes-seconds, E/N and
东经/北纬, and a decimal comma are understood and reported. Whatever else is refused: Python's own
``float`` would read ``1_16.4`` as 116.4 and digits of any script.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

__all__ = ["Axis", "Parsed", "parse_cell", "parse_cells", "rounding_m", "split_pairs"]

Axis = Literal["lon", "lat"]

MISSING_WORDS: Final = frozenset(
    {"", "-", "--", "—", "——", "/", "\\", "?", "？", "na", "n/a", "#n/a", "nan", "null", "none",
     "nil", "无", "無", "空", "暂无", "未知", "不详", "不詳", "未填", "なし", "不明", "#value!",
     "#ref!", "#name?", "#div/0!", "#null!", "#num!", "<na>", "nat"}
)  # fmt: skip
_PLAIN: Final = r"^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?$"
_BEYOND: Final = 1e9  # degrees or metres
_NUMBER: Final = re.compile(_PLAIN.strip("^$"), re.ASCII)
_SIDES: Final[dict[str, tuple[Axis, int]]] = {
    "e": ("lon", 1), "w": ("lon", -1), "n": ("lat", 1), "s": ("lat", -1),
    "东经": ("lon", 1), "東経": ("lon", 1), "東經": ("lon", 1), "西经": ("lon", -1),
    "北纬": ("lat", 1), "北緯": ("lat", 1), "南纬": ("lat", -1),
    "经度": ("lon", 1), "纬度": ("lat", 1), "経度": ("lon", 1), "緯度": ("lat", 1),
    "东": ("lon", 1), "北": ("lat", 1),
    "lon": ("lon", 1), "lng": ("lon", 1), "lat": ("lat", 1),
}  # fmt: skip
_SIDE: Final = "|".join(sorted(_SIDES, key=len, reverse=True))
_SIDED: Final = re.compile(
    rf"^(?:(?P<head>{_SIDE})[:=]?)?\s*(?P<body>[^a-z=]*?)\s*(?P<tail>{_SIDE})?$"
)
_D: Final = r"[0-9]+(?:[.,][0-9]+)?"
_DMS: Final = re.compile(
    rf"^(?P<sign>[+-]?)(?P<d>{_D})\s*(?:°|度|d|:|\s)\s*"
    rf"(?:(?P<m>{_D})\s*(?:'|′|’|‘|分|:|\s|$)\s*)?"
    rf"(?:(?P<s>{_D})\s*(?:\"|″|”|“|''|′′|’’|秒)?)?$"
)
_LOOKALIKES: Final = str.maketrans(
    {"º": "°", "˚": "°", "∘": "°", "－": "-", "−": "-", "–": "-", "。": ".", "．": ".",
     "′": "'", "’": "'", "‘": "'", "″": '"', "”": '"', "“": '"', "，": ",", "：": ":"}
)  # fmt: skip


@dataclass(frozen=True)
class Parsed:
    """Numbers read from cells.

    Attributes
    ----------
    values
        NaN where a cell is missing or not a number.
    forms
        Per cell: ``""`` plain, ``"missing"``, ``"not_a_number"``, or the form that was understood
        (``fullwidth``, ``dms``, ``degree_sign``, ``hemisphere``, ``decimal_comma``, ``spaces``).
    axes
        Per cell: ``"lon"`` or ``"lat"`` when the cell itself names its axis, else ``""``.
    """

    values: NDArray[np.float64]
    forms: NDArray[np.object_]
    axes: NDArray[np.object_]


def parse_cell(text: str) -> tuple[float, str, str]:
    """Parse one cell that is not a plain decimal.

    Parameters
    ----------
    text
        Content of the cell, as in the file.

    Returns
    -------
    value, form, axis : tuple
        As the fields of ``Parsed``.

    Examples
    --------
    >>> parse_cell("东经116°23′50″")
    (116.3972, 'dms', 'lon')
    >>> parse_cell("１１６.４"), parse_cell("116,397"), parse_cell("39.9N")
    ((116.4, 'fullwidth', ''), (116.397, 'decimal_comma', ''), (39.9, 'hemisphere', 'lat'))
    >>> parse_cell("1_16.4")[1], parse_cell("无")[1]
    ('not_a_number', 'missing')
    """
    # marks first: NFKC would turn º into the letter o and ″ into two primes
    wide = unicodedata.normalize("NFKC", text.translate(_LOOKALIKES)).translate(_LOOKALIKES)
    signed = wide.strip(" \t\r\n\u200b\ufeff").lower()
    clean = signed.strip("'\"` ")
    if clean in MISSING_WORDS:
        return np.nan, "missing", ""
    if _NUMBER.fullmatch(clean):
        return float(clean), "spaces" if clean in text else "fullwidth", ""
    sided = _SIDED.fullmatch(signed)
    if sided is None:
        return np.nan, "not_a_number", ""
    side = sided["head"] or sided["tail"] or ""
    if sided["head"] and sided["tail"] and sided["head"][0] != sided["tail"][0]:
        return np.nan, "not_a_number", ""
    axis, sign = _SIDES.get(side, ("", 1))
    value, form = _body(sided["body"].strip())
    if np.isnan(value) or (side and sign < 0 and value < 0):
        return np.nan, "not_a_number", ""
    return sign * value, form or ("hemisphere" if side else "spaces"), axis


def _body(body: str) -> tuple[float, str]:
    """Read what is left when the hemisphere is taken off: a decimal, or degrees-minutes-seconds."""
    if _NUMBER.fullmatch(body):
        return float(body), ""
    bare = body.removesuffix("°").removesuffix("度").strip()
    if bare != body and _NUMBER.fullmatch(bare):
        return float(bare), "degree_sign"
    if re.fullmatch(r"[+-]?[0-9]{1,3},[0-9]+", bare):
        return float(bare.replace(",", ".")), "decimal_comma"
    found = _DMS.fullmatch(body)
    if found is None or (found["m"] is None and found["s"] is None):
        return np.nan, ""
    parts = [float((found[key] or "0").replace(",", ".")) for key in ("d", "m", "s")]
    fractional = "." in found["d"] or (found["s"] and "." in (found["m"] or ""))
    if fractional or parts[1] >= 60 or parts[2] >= 60:
        return np.nan, ""
    value = parts[0] + parts[1] / 60 + parts[2] / 3600
    return round(-value if found["sign"] == "-" else value, 9), "dms"


def parse_cells(cells: Any) -> Parsed:
    """Read a column of cells of any type.

    Parameters
    ----------
    cells
        Texts, numbers, or both; None and NaN are missing.

    Returns
    -------
    Parsed
        One entry a cell.

    Examples
    --------
    >>> parse_cells(["116.4", None, "１１６.５", "abc"]).forms.tolist()
    ['', 'missing', 'fullwidth', 'not_a_number']
    """
    raw = np.asarray(cells)
    if raw.dtype.kind in "iuf":
        values = raw.astype(np.float64)
        forms = np.full(len(values), "", dtype=object)
        forms[np.isnan(values)] = "missing"
        forms[np.isinf(values)] = "not_a_number"
        values[np.isinf(values)] = np.nan
        return Parsed(values, forms, np.full(len(values), "", dtype=object))
    try:
        column = pa.array(list(cells), type=pa.string(), from_pandas=True)
    except (pa.ArrowException, UnicodeEncodeError):
        texts = [_as_text(cell) for cell in cells]
        safe = [None if one is None else one.encode("utf-8", "replace").decode() for one in texts]
        column = pa.array(safe, type=pa.string())
    return _from_texts(column)


def _as_text(cell: Any) -> str | None:
    if isinstance(cell, str):
        return cell
    if cell is None or isinstance(cell, bool | np.bool_):
        return None if cell is None else str(cell)
    if isinstance(cell, int | float | np.integer | np.floating):
        return None if cell != cell else repr(float(cell))  # noqa: PLR0124 - NaN
    return str(cell)


def _from_texts(column: Any) -> Parsed:
    plain = pc.fill_null(pc.match_substring_regex(column, _PLAIN), fill_value=False)
    decimals = pc.if_else(plain, column, pa.scalar(None, pa.string()))
    values = np.array(
        pc.cast(decimals, pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64
    )
    forms = np.full(len(column), "", dtype=object)
    axes = np.full(len(column), "", dtype=object)
    known: dict[str | None, tuple[float, str, str]] = {None: (np.nan, "missing", "")}
    for at in np.flatnonzero(~plain.to_numpy(zero_copy_only=False)):
        text = column[at].as_py()
        if text not in known:
            known[text] = parse_cell(text or "")
        values[at], forms[at], axes[at] = known[text]
    infinite = ~np.isfinite(values) & (forms == "")
    values[infinite], forms[infinite] = np.nan, "not_a_number"
    return Parsed(values, forms, axes)


_PAIR: Final = re.compile(r"^[\s\[(（【{<]*(?P<a>.+?)\s*[,，;；|、/\s]\s*(?P<b>.+?)[\s\])）】}>]*$")
_POINT: Final = re.compile(
    rf"^(?:srid=(?P<srid>[0-9]+);)?\s*point\s*(?:z|m|zm)?\s*\(\s*(?P<a>{_NUMBER.pattern})\s+"
    rf"(?P<b>{_NUMBER.pattern})(?:\s+{_NUMBER.pattern}){{0,2}}\s*\)$",
    re.IGNORECASE,
)


def split_pairs(cells: Any) -> tuple[list[str | None], list[str | None]]:
    """Cut cells such as ``"116.4,39.9"`` or ``"POINT (116.4 39.9)"`` in two.

    Parameters
    ----------
    cells
        Texts; what cannot be cut goes to the first part whole, with None for the second.

    Returns
    -------
    first, second : list
        Texts for ``parse_cells``.

    Examples
    --------
    >>> split_pairs(["116.4,39.9", "[116.4 39.9]", "POINT (116.4 39.9)", None, "x"])
    (['116.4', '116.4', '116.4', None, 'x'], ['39.9', '39.9', '39.9', None, None])
    """
    first: list[str | None] = []
    second: list[str | None] = []
    for cell in cells:
        text = _as_text(cell)
        if text is None:
            first.append(None)
            second.append(None)
            continue
        found = _POINT.match(text.strip()) or _cut(text)
        first.append(found["a"] if found else text)
        second.append(found["b"] if found else None)
    return first, second


def _cut(text: str) -> "re.Match[str] | None":
    """Cut at a comma where there is one, else at the only gap; keeps spaced DMS together."""
    for sign in (",", "，", ";", "；", "|", "、"):
        if text.count(sign) == 1:
            return re.match(
                rf"^[\s\[(（【{{<]*(?P<a>.+?)\s*{re.escape(sign)}\s*(?P<b>.+?)[\s\])）】}}>]*$",
                text,
            )
    return _PAIR.match(text) if len(text.split()) == 2 else None


def rounding_m(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the positional error that rounding of coordinates alone may cause, in metres.

    The half unit of the last decimal that either coordinate uses, along the diagonal:
    ½·10⁻ᵈ·111 320·√(1 + cos²φ).

    Parameters
    ----------
    lon, lat
        Degrees as they were written.

    Returns
    -------
    ndarray
        Metres; NaN where a coordinate is NaN, or far beyond any on earth.

    Examples
    --------
    >>> rounding_m(np.array([116.4, 116.397128]), np.array([39.9, 39.916527])).round(2).tolist()
    [7015.24, 0.07]
    """
    lon, lat = (np.where(np.abs(one) < _BEYOND, one, np.nan) for one in (lon, lat))
    decimals = np.full(lon.shape, 7.0)
    for digits in range(6, -1, -1):
        exact = (np.abs(np.round(lon, digits) - lon) < 1e-9) & (
            np.abs(np.round(lat, digits) - lat) < 1e-9
        )
        decimals[exact] = digits
    metres = 0.5 * 10.0**-decimals * 111_320.0 * np.sqrt(1 + np.cos(np.radians(lat)) ** 2)
    return np.asarray(np.where(np.isfinite(lon + lat), metres, np.nan))
