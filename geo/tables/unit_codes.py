"""Codes of units above the county, cities and provinces, in the forms that tables have."""

import re
import unicodedata
from typing import Any, Final

from geo.region import Region, current_region
from geo.tables.codes import normalise_code

__all__ = ["wide_code"]

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
        Says which provinces are one city; the current one by default.

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
