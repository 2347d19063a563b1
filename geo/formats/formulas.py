"""Escaping of texts that a spreadsheet would run as formulas."""

import re
import unicodedata
from typing import Any, Final

__all__ = ["defuse"]

_FORMULA_STARTS: Final = frozenset("=+-@＝＋－＠﹦﹢﹣﹫")
_NUMBER: Final = re.compile(r"\s*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\s*")


def defuse(value: Any) -> Any:
    """Put an apostrophe before a text that a spreadsheet would run as a formula.

    That is a text whose first visible character is one of ``= + - @``, narrow or wide, and one that
    begins with a tab or a line end.

    Parameters
    ----------
    value
        A cell; only texts are changed, and signed numbers written as text are not.

    Returns
    -------
    object
        The cell, or the defused text.

    Examples
    --------
    >>> defuse("=HYPERLINK(1)"), defuse("-12.5"), defuse("北京"), defuse(-3), defuse("")
    ("'=HYPERLINK(1)", '-12.5', '北京', -3, '')
    """
    if not isinstance(value, str) or value[:1].isalnum() or not value:
        return value
    first = next((sign for sign in value if unicodedata.category(sign)[0] not in "ZC"), "")
    if first not in _FORMULA_STARTS and value[0] not in "\t\r\n":
        return value
    return value if _NUMBER.fullmatch(value) else f"'{value}"
