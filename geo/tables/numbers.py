"""Columns of numbers: kinds, figures as people write them.

Which text columns hold nothing but numbers, and which only look so: codes, ids, telephones.

Columns of figures as people write them: thousands commas, percent, units, signs for none.

A comma is a thousands separator only where it stands between groups of three digits; ``1.234`` is
a decimal. What is not understood of nearly all cells stays text.
"""

import re
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geo.door.headers import Roles, normalise
from geo.door.numbers import MISSING_WORDS
from geo.door.table import Opened

__all__ = [
    "Figures",
    "NumberColumns",
    "number_columns",
    "read_figures",
]

_ID_NAMES: Final = re.compile(
    r"编号|代码|编码|序号|邮编|电话|手机|(?:^|_)(?:id|code|zip|tel|phone|no)$|id$", re.IGNORECASE
)
_INTEGER: Final = "^-?(?:0|[1-9][0-9]{0,14})$"
_DECIMAL: Final = r"^-?(?:0|[1-9][0-9]{0,8})(?:\.[0-9]{0,6}[1-9])?$"
_LOOSE: Final = r"^-?[0-9]{1,3}(?:\.[0-9]{1,12})?$"
_PLACE_ROLES: Final = ("lon", "lat", "x", "y")
_TEXT_ROLES: Final = (
    "name",
    "address",
    "code",
    "credit_code",
    "county",
    "city",
    "province",
    "datum",
    "point",
    "wkt",
)


def number_columns(opened: Opened, roles: Roles) -> dict[str, str]:
    """Find the text columns of a table that hold nothing but plain numbers.

    Parameters
    ----------
    opened
        The table, whose cells are text or typed.
    roles
        Columns that stay text whatever they hold: names, codes, addresses.

    Returns
    -------
    dict
        ``Int64`` or ``float64`` by column; empty for tables whose cells have types.
    """
    if not opened.as_text:
        return {}
    kinds = NumberColumns(opened, roles)
    for chunk in opened.chunks():
        kinds.see(chunk.frame)
    return kinds.found()


class NumberColumns:
    """Detects text columns that convert to numbers without loss, chunk by chunk.

    Parameters
    ----------
    opened
        The table, whose cells are text or typed.
    roles
        Columns that stay text whatever they hold.
    """

    def __init__(self, opened: Opened, roles: Roles) -> None:
        by_column = {name: role for role, name in roles.columns.items()}
        self.integer: dict[str, bool] = {}
        self.pattern: dict[str, str] = {}
        self.seen: set[str] = set()
        for name in opened.columns:
            role = by_column.get(name)
            if role in _TEXT_ROLES or (role is None and _ID_NAMES.search(normalise(name))):
                continue
            self.pattern[name] = _LOOSE if role in _PLACE_ROLES else _DECIMAL
            self.integer[name] = True

    def see(self, frame: pd.DataFrame) -> None:
        """Update the detection with some more rows.

        Parameters
        ----------
        frame
            Some more rows, with cells as text.
        """
        for name in list(self.pattern):
            cells = pa.array(frame[name].tolist(), type=pa.string(), from_pandas=True)
            filled = cells.filter(pc.not_equal(cells, ""))
            if not len(filled):
                continue
            self.seen.add(name)
            if not pc.all(pc.match_substring_regex(filled, self.pattern[name])).as_py():
                del self.pattern[name]
            elif self.integer[name]:
                self.integer[name] = bool(
                    pc.all(pc.match_substring_regex(filled, _INTEGER)).as_py()
                )

    def found(self) -> dict[str, str]:
        """Return the dtype of each column that all rows so far allow.

        Returns
        -------
        dict
            ``Int64`` or ``float64`` by column.
        """
        return {
            name: "Int64" if self.integer[name] else "float64"
            for name in self.pattern
            if name in self.seen
        }


_MOSTLY: Final = 0.9  # of the cells that are neither empty nor a sign for none
_NONE: Final = MISSING_WORDS | {"...", "......", "…", "……", "–", "―", "~", "n.a.", "#"}
_SAMPLE: Final = 1_000
_SCALE: Final = "(?:十|百|千|万|萬|百万|千万|亿|億)"
_BASE: Final = (
    "人次|人|户|戸|名|家|社|所|校|个|個|件|台|辆|座|张|床|套|米|公里|千米|平方公里|平方千米|平方米|"
    "立方米|公顷|亩|元|美元|円|吨|公斤|千克|千瓦时|千瓦|度|小时|分钟|天|"
    "km²|km2|m²|m2|m³|m3|㎡|㎢|km|m|mm|cm|ha|t|kg|kWh|MWh|GWh|TWh|kW|MW|GW|℃|°C|%|‰"
)
_FIGURE: Final = re.compile(
    r"(?P<number>[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?)\s*"
    rf"(?P<unit>{_SCALE}?(?:{_BASE})(?:/{_SCALE}?(?:{_BASE}))?|{_SCALE}|)"
)
_CODE: Final = re.compile(r"[+-]?0[0-9].*")
_LONGEST: Final = 16  # signs: longer ones are identifiers, and float64 would change them
_HALF_WIDTH: Final = str.maketrans(
    {0xFF01 + at: chr(0x21 + at) for at in range(94)} | {0x2212: "-", 0x3000: " "}
)  # not NFKC, which makes 2 of ²


@dataclass(frozen=True)
class Figures:
    """A column read as numbers.

    Attributes
    ----------
    values
        ``Int64`` where all are whole, else ``float64``; missing where a cell holds no number.
    unit
        Unit that stood behind every number, or empty text.
    without
        How many cells that hold something hold no number.
    """

    values: "pd.Series[Any]"
    unit: str
    without: int


def read_figures(cells: "pd.Series[Any]") -> Figures | None:
    """Read a column as numbers where nearly all of its cells are numbers of one unit.

    Parameters
    ----------
    cells
        Texts and numbers; missing where empty.

    Returns
    -------
    Figures or None
        None where the column is text: more than one cell in ten is no number, units differ, or
        a number begins with 0 or is as long as codes and identifiers are.

    Examples
    --------
    >>> read_figures(pd.Series(["1,100,000", "—", "2,300"])).values.tolist()
    [1100000, <NA>, 2300]
    >>> read_figures(pd.Series(["17.2万人", "3万人"])).unit
    '万人'
    >>> read_figures(pd.Series(["17.2万人", "3"])), read_figures(pd.Series(["1,23", "5"]))
    (None, None)
    """
    if not _may_be_numbers(cells):
        return None
    texts = cells.map(_plain, na_action="ignore")
    distinct = {one: _FIGURE.fullmatch(one) for one in texts.dropna().unique()}
    filled = texts.notna() & (texts != "")
    stated = filled & ~texts.isin([one for one in distinct if one.lower() in _NONE])
    read = {one: found for one, found in distinct.items() if found is not None}
    numbers = stated & texts.isin(list(read))
    units = {found["unit"] for found in read.values()}
    if len(units) != 1 or numbers.sum() < _MOSTLY * stated.sum():
        return None
    plain = {one: found["number"].replace(",", "") for one, found in read.items()}
    if any(_CODE.fullmatch(one) or len(one) > _LONGEST for one in plain.values()):
        return None
    values = texts.map({one: float(number) for one, number in plain.items()}).astype("float64")
    whole = all("." not in number for number in plain.values())
    without = int((filled & ~numbers).sum())
    return Figures(values.astype("Int64") if whole else values, units.pop(), without)


def _may_be_numbers(cells: "pd.Series[Any]") -> bool:
    """Look at cells spread over a long column, since most columns of texts are seen at once."""
    filled = cells.dropna()
    some = filled.iloc[:: max(1, len(filled) // _SAMPLE)].map(_plain)
    some = some[(some != "") & ~some.str.lower().isin(_NONE)]
    return not len(some) or bool(some.str.fullmatch(_FIGURE.pattern).mean() > _MOSTLY / 2)


def _plain(cell: Any) -> str:
    """Write a cell with half-width characters and nothing around it."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return str(int(cell))
    return str(cell).translate(_HALF_WIDTH).strip(" \t\r\n\xa0\u200b\ufeff")
