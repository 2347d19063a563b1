"""The county that a row states: by code, credit code, names or address."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.door.headers import Roles
from geo.door.opened import Chunk
from geo.region import Region, current_region
from geo.tables.addresses import find_county, parse_address
from geo.tables.codes import (
    FIRST_YEAR,
    LAST_YEAR,
    code_of_credit_code,
    normalise_code,
    successors,
)
from geo.tables.coordinates import Flags
from geo.tables.gazetteer import units

__all__ = ["stated_counties"]


def stated_counties(
    chunk: Chunk,
    roles: Roles,
    flags: Flags | None,
    *,
    only: NDArray[np.bool_] | None = None,
    region: Region | None = None,
) -> NDArray[np.object_]:
    """Find the county that each row states: by code, credit code, names, address, in this order.

    Parameters
    ----------
    chunk
        Rows as they came.
    roles
        Which columns say it.
    flags
        Takes the reasons of rows without; None to keep silent.
    only
        Rows for which addresses are read too, and reasons kept; all by default.
    region
        The current one by default.

    Returns
    -------
    ndarray of object
        ``(code, basis, reason)`` for rows where something was found, else None.
    """
    region = region or current_region()
    found = np.full(len(chunk.frame), None, dtype=object)
    wanted = np.ones(len(found), dtype=bool) if only is None else only
    last: dict[int, tuple[str, str]] = {}
    columns = {
        role: chunk.frame[name] for role, name in roles.columns.items() if name in chunk.frame
    }
    if "code" in columns:
        _by_cells(columns["code"], lambda cell: _from_code(cell, region), found, last)
    if "county" in columns:
        rows = zip(
            columns["county"],
            columns.get("city", [None] * len(found)),
            columns.get("province", [None] * len(found)),
            strict=True,
        )
        _by_cells(
            rows, lambda row: _from_words(find_county(row[0], row[1], row[2], region)), found, last
        )
    if "address" in columns:
        _by_cells(
            columns["address"],
            lambda cell: _from_words(parse_address(cell, region)),
            found,
            last,
            wanted,
        )
    if "credit_code" in columns:
        _by_cells(
            columns["credit_code"], lambda cell: _from_credit(cell, region), found, last, wanted
        )
    if flags is not None:
        for at, (reason, detail) in last.items():
            if wanted[at] and (found[at] is None or found[at][0] is None):
                flags.one(at, reason, detail)
    return found


def _by_cells(cells: Any, read: Any, found: Any, last: Any, wanted: Any = None) -> None:
    """Read the cells of rows that have no county yet; each distinct cell once."""
    known: dict[Any, Any] = {}
    for at, cell in enumerate(cells):
        if found[at] is not None or (wanted is not None and not wanted[at]):
            continue
        key = cell if isinstance(cell, str | tuple | int | float | None.__class__) else str(cell)
        if key not in known:
            known[key] = read(cell)
        code, basis, reason, detail = known[key]
        if code is not None:
            found[at] = (code, basis, reason)
        elif reason and (at not in last or last[at][0] in ("no_address", "no_coordinates")):
            last[at] = (reason, detail)


def _from_code(cell: Any, region: Region) -> tuple[str | None, str, str, str]:
    if region.gazetteer("names") is None:
        return _from_id(cell, region)
    code, form = normalise_code(cell)
    if code is None:
        return None, "", "no_address" if form == "missing" else form, str(cell)[:40]
    after = successors(code, FIRST_YEAR, LAST_YEAR, region).codes
    if code in units(region):
        return code, "code", form, ""
    if len(after) == 1 and after[0] in units(region):
        return after[0], "code", "former_unit", f"{code} → {after[0]}"
    if len(after) > 1:
        return None, "", "split_code", f"{code}: {', '.join(after)}"
    return None, "", "unknown_code", code


def _from_id(cell: Any, region: Region) -> tuple[str | None, str, str, str]:
    """Read a unit's id as the region writes it; 12.0 of a spreadsheet is 12."""
    text = "" if cell is None or cell != cell else str(cell).strip()  # noqa: PLR0124 - NaN
    if not text:
        return None, "", "no_address", ""
    for one in (text, text.removesuffix(".0")):
        if one in units(region):
            return one, "code", "" if one == text else "float_code", ""
    return None, "", "unknown_code", text[:40]


def _from_credit(cell: Any, region: Region) -> tuple[str | None, str, str, str]:
    code = code_of_credit_code(cell)
    return _from_code(code, region) if code is not None else (None, "", "", "")


def _from_words(parsed: Any) -> tuple[str | None, str, str, str]:
    if parsed.adcode is None:
        return None, "", parsed.reason, parsed.detail
    return parsed.adcode, "address", "former_unit" if parsed.basis == "former_county" else "", ""
