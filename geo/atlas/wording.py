"""How numbers, dates and lists are written in a sentence, as an editor of each language would."""

from collections.abc import Sequence
from typing import Final

__all__ = ["MONTHS", "counted", "listed", "ten_thousands"]

MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
"""Never in the words of the machine's own language."""
_COUNTS: Final = {
    "zh": ("零", "一", "两", "三", "四", "五", "六", "七", "八", "九"),
    "en": ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
}


def counted(n: int, language: str) -> str:
    """Write a small number out.

    Parameters
    ----------
    n
        0 or more.
    language
        ``zh`` or ``en``.

    Returns
    -------
    str
        A word below ten, digits from there.

    Examples
    --------
    >>> counted(2, "zh"), counted(3, "en"), counted(12, "en")
    ('两', 'three', '12')
    """
    return _COUNTS[language][n] if n < len(_COUNTS[language]) else str(n)


def listed(names: Sequence[str]) -> str:
    """Join names in English.

    Parameters
    ----------
    names
        May be empty.

    Returns
    -------
    str
        ``a, b and c``.

    Examples
    --------
    >>> listed(["a", "b", "c"]), listed(["a"]), listed([])
    ('a, b and c', 'a', '')
    """
    return " and ".join(one for one in (", ".join(names[:-1]), *names[-1:]) if one)


def ten_thousands(value: float, gap: str = "") -> str:
    """Write a large number as Chinese and Japanese texts do, in units of ten thousand (万).

    Parameters
    ----------
    value
        Such as an area in square kilometres.
    gap
        What parts the digits from the sign after them.

    Returns
    -------
    str
        To two decimals at most; below ten thousand a whole number.

    Examples
    --------
    >>> ten_thousands(27_440.3), ten_thousands(42_000, " "), ten_thousands(7_854.2, " ")
    ('2.74万', '4.2 万', '7854 ')
    """
    if value < 1e4:
        return f"{value:.0f}{gap}"
    return f"{round(value / 1e4, 2):g}{gap}万"
